#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

bool
utf8_is_ascii(const char *s, size_t len)
{
    uint64_t word, all = 0;

    for (; len >= sizeof word; s += sizeof word, len -= sizeof word) {
        memcpy(&word, s, sizeof word);
        all |= word;
    }
    for (; len > 0; s++, len--)
        all |= (unsigned char)*s;
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

size_t
utf8_character(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;
    const unsigned char c = p[0];
    const size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    /* What the second byte may be: narrower after these four. */
    const unsigned char least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;

    if (n == 1)
        return 1;
    if (c < 0xc2 || c > 0xf4 || len < n || p[1] < least || p[1] > most)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool
utf8_printable(const char *s, size_t n)
{
    static const unsigned char first[5] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint32_t c = (unsigned char)*s & first[n];

    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s[i] & 0x3f);
    return c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x61c &&
           (c < 0x200e || c > 0x200f) && (c < 0x2028 || c > 0x202e) &&
           (c < 0x2066 || c > 0x2069) && (c & 0xfffe) != 0xfffe &&
           (c < 0xfdd0 || c > 0xfdef);
}

bool
utf8_valid(const char *s, size_t len)
{
    if (utf8_is_ascii(s, len))
        return true;
    while (len > 0) {
        const size_t n = utf8_character(s, len);

        if (n == 0)
            return false;
        s += n;
        len -= n;
    }
    return true;
}

int
utf8_from_latin1(struct buffer *out, const char *s, size_t len, struct error *e)
{
    if (buffer_reserve(out, 2 * len, e) != 0)
        return -1;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)s[i];

        if (c < 0x80) {
            out->data[out->len++] = c;
        } else {
            out->data[out->len++] = (unsigned char)(0xc0 | c >> 6);
            out->data[out->len++] = (unsigned char)(0x80 | (c & 0x3f));
        }
    }
    return 0;
}
