#include "base/json.h"

#include <stdint.h>

#include "base/utf8.h"

/* Where C is in ANY, which no NUL is. */
static const char *
one_of(const char *any, char c)
{
    return c != '\0' ? strchr(any, c) : NULL;
}

static int
put_utf8(struct buffer *out, uint32_t c, struct error *e)
{
    unsigned char u[4];
    size_t n = 1;

    if (c < 0x80) {
        u[0] = (unsigned char)c;
    } else if (c < 0x800) {
        u[0] = (unsigned char)(0xc0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        u[0] = (unsigned char)(0xe0 | c >> 12);
        n = 3;
    } else {
        u[0] = (unsigned char)(0xf0 | c >> 18);
        n = 4;
    }
    for (size_t i = 1; i < n; i++)
        u[i] = (unsigned char)(0x80 | ((c >> (6 * (n - 1 - i))) & 0x3f));
    return buffer_append(out, u, n, e);
}

/* Four hexadecimal digits. */
static bool
hex4(struct json *j, uint32_t *out)
{
    *out = 0;
    if (j->end - j->p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        static const char hex[] = "0123456789abcdefABCDEF";
        const char *d = one_of(hex, *j->p++);

        if (d == NULL)
            return false;
        *out = *out << 4 | (uint32_t)(d - hex < 16 ? d - hex : d - hex - 6);
    }
    return true;
}

/* What stands behind a backslash. */
static int
escape(struct json *j, struct error *e)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *hit = j->p < j->end ? one_of(from, *j->p) : NULL;
    uint32_t c, low;

    if (hit != NULL) {
        j->p++;
        return buffer_append(&j->text, &to[hit - from], 1, e);
    }
    if (j->p == j->end || *j->p++ != 'u' || !hex4(j, &c))
        return error_set(e, "not JSON: a wrong escape in a string");
    if (c >= 0xd800 && c < 0xdc00) {
        if (j->end - j->p < 2 || j->p[0] != '\\' || j->p[1] != 'u')
            return error_set(e, "not JSON: half a surrogate pair");
        j->p += 2;
        if (!hex4(j, &low) || low < 0xdc00 || low > 0xdfff)
            return error_set(e, "not JSON: half a surrogate pair");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    } else if (c >= 0xdc00 && c < 0xe000) {
        return error_set(e, "not JSON: half a surrogate pair");
    }
    return put_utf8(&j->text, c, e);
}

static int
string(struct json *j, struct error *e)
{
    for (;;) {
        const char *from = j->p;
        int status;

        while (j->p < j->end && *j->p != '"' && *j->p != '\\' &&
               (unsigned char)*j->p >= ' ')
            j->p++;
        status = buffer_append(&j->text, from, (size_t)(j->p - from), e);
        if (status == 0 && (j->p == j->end || (unsigned char)*j->p < ' '))
            status = error_set(e, "not JSON: a string without an end");
        if (status == 0 && *j->p++ == '"') {
            if (utf8_valid((const char *)j->text.data, j->text.len))
                return JSON_STRING;
            status = error_set(e, "not JSON: a string that is not UTF-8");
        } else if (status == 0) {
            status = escape(j, e);
        }
        if (status != 0)
            return JSON_ERROR;
    }
}

/* One digit at least; false when there is none. */
static bool
digits(struct json *j)
{
    const char *from = j->p;

    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return j->p > from;
}

static bool
skip(struct json *j, const char *any)
{
    if (j->p == j->end || one_of(any, *j->p) == NULL)
        return false;
    j->p++;
    return true;
}

static int
number(struct json *j, struct error *e)
{
    const char *from = j->p;
    bool good;

    (void)skip(j, "-");
    good = skip(j, "0") || digits(j);
    if (good && skip(j, "."))
        good = digits(j);
    if (good && skip(j, "eE")) {
        (void)skip(j, "+-");
        good = digits(j);
    }
    if (!good)
        return error_set(e, "not JSON: neither a value nor punctuation");
    if (buffer_append(&j->text, from, (size_t)(j->p - from), e) != 0)
        return JSON_ERROR;
    return JSON_NUMBER;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int
json_next(struct json *j, struct error *e)
{
    static const char *const word[] = { "true", "false", "null" };

    while (j->p < j->end && is_blank(*j->p))
        j->p++;
    j->text.len = 0;
    if (j->p == j->end)
        return JSON_END;
    if (one_of("{}[]:,", *j->p) != NULL)
        return *j->p++;
    if (skip(j, "\""))
        return buffer_reserve(&j->text, 1, e) == 0 ? string(j, e) : JSON_ERROR;
    for (size_t i = 0; i < 3; i++) {
        const size_t len = strlen(word[i]);

        if ((size_t)(j->end - j->p) >= len && memcmp(j->p, word[i], len) == 0) {
            j->p += len;
            return *word[i];
        }
    }
    return number(j, e);
}

int
json_expect(struct json *j, int want, struct error *e)
{
    const int got = json_next(j, e);

    if (got == want)
        return 0;
    if (got == JSON_ERROR)
        return -1;
    if (want == JSON_STRING)
        return error_set(e, "a string is missing");
    if (want == JSON_NUMBER)
        return error_set(e, "a number is missing");
    if (want == JSON_END)
        return error_set(e, "more behind the end of the value");
    return error_set(e, "a '%c' is missing", want);
}

int
json_more(struct json *j, char close, bool *first, int *token, struct error *e)
{
    *token = json_next(j, e);
    if (*token == close)
        return 0;
    if (*token != JSON_ERROR && !*first) {
        if (*token != ',')
            return error_set(e, "a ',' or a '%c' is missing", close);
        *token = json_next(j, e);
    }
    *first = false;
    return *token == JSON_ERROR ? -1 : 1;
}

void
json_free(struct json *j)
{
    buffer_free(&j->text);
}

int
json_append_string(struct buffer *out, const char *s, size_t len,
                   struct error *e)
{
    int status = buffer_append(out, "\"", 1, e);

    if (!utf8_valid(s, len))
        return error_set(e, "not UTF-8, and so no JSON");
    for (size_t i = 0; i < len && status == 0; i++) {
        const unsigned char c = (unsigned char)s[i];

        if (c == '"' || c == '\\')
            status = buffer_printf(out, e, "\\%c", c);
        else if (c < ' ' || c == 127)
            status = buffer_printf(out, e, "\\u%04x", c);
        else
            status = buffer_append(out, &c, 1, e);
    }
    return status == 0 ? buffer_append(out, "\"", 1, e) : -1;
}
