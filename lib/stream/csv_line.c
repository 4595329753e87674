#include "stream/csv_line.h"

void
csv_bytes_init(struct csv_bytes *k, unsigned char delimiter, bool quotes)
{
    *k = (struct csv_bytes){ { 0 } };
    k->is[delimiter] = BYTE_DELIMITER;
    k->is['\n'] = k->is['\r'] = BYTE_LINE_END;
    if (quotes)
        k->is['"'] = BYTE_QUOTE;
}

size_t
csv_line_split(const struct csv_bytes *k, const unsigned char *p, size_t from,
               size_t len, size_t *begin, size_t room)
{
    size_t fields = 0, i = from;
    enum csv_byte is;

    if (room == 0)
        return 0;
    begin[0] = from;
    do {
        while (k->is[p[i]] == BYTE_ORDINARY)
            i++;
        is = k->is[p[i]];
        if (is == BYTE_QUOTE || fields + 2 > room)
            return 0;
        begin[++fields] = ++i;
    } while (is != BYTE_LINE_END);
    return i == from + 1 || i > len ? 0 : fields;
}
