/*
 * Numbers read by hand are those that the C library reads; UTF-8 is what RFC
 * 3629 says, counted over all sequences.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "check.h"
#include "stream/text.h"

static double
as_f64(struct builder *b, const char *s)
{
    const struct column c = { .type = TYPE_F64, .width = 1 };
    struct error e;

    builder_clear(b);
    if (text_add(b, &c, '|', s, strlen(s), &e) != 0) {
        CHECK(false, "%s: %s", s, e.text);
        return 0;
    }
    return *(double *)(void *)b->values.data;
}

/* Random decimals of every length around the border of what is done by hand. */
static void
check_decimals(void)
{
    const struct column c = { .type = TYPE_F64, .width = 1 };
    struct rng rng = rng_for(1, 0, 0);
    struct builder b;
    struct error e;

    CHECK(builder_init(&b, &c, &e) == 0, "%s", e.text);
    for (int i = 0; i < 200000; i++) {
        char s[64];
        size_t n = 0;
        const size_t digits = 1 + rng_below(&rng, 18);
        const size_t point = rng_below(&rng, digits + 1);
        double want, got;

        if (rng_below(&rng, 2) == 1)
            s[n++] = '-';
        for (size_t d = 0; d < digits; d++) {
            if (d == point)
                s[n++] = '.';
            s[n++] = (char)('0' + rng_below(&rng, 10));
        }
        s[n] = '\0';
        want = strtod(s, NULL);
        got = as_f64(&b, s);
        CHECK(memcmp(&got, &want, sizeof want) == 0, "%s: %.17g, not %.17g", s,
              got, want);
    }
    builder_free(&b);
}

/* How many sequences of N bytes are one character, and no shorter ones joined:
 * their first byte is LEAD or above. */
static unsigned long
count_characters(size_t n, unsigned lead)
{
    /* Continuation bytes, and what is just no such. */
    unsigned char tail[67] = { 0x7f, 0xc0, 0xff };
    unsigned long valid = 0, combinations = 1;

    for (unsigned i = 0; i < 64; i++)
        tail[3 + i] = (unsigned char)(0x80 + i);
    for (size_t i = 1; i < n; i++)
        combinations *= sizeof tail;
    for (unsigned first = lead; first < 256; first++)
        for (unsigned long k = 0; k < combinations; k++) {
            char s[4] = { (char)first };
            unsigned long rest = k;

            for (size_t i = 1; i < n; i++, rest /= sizeof tail)
                s[i] = (char)tail[rest % sizeof tail];
            valid += utf8_valid(s, n);
        }
    return valid;
}

static void
check_utf8(void)
{
    char s[12] = "plain ascii";

    /* U+0080 to U+07FF; to U+FFFF without the surrogates; to U+10FFFF. */
    CHECK(count_characters(2, 0xc0) == 1920, "two bytes");
    CHECK(count_characters(3, 0xe0) == 61440, "three bytes");
    CHECK(count_characters(4, 0xf0) == 1048576, "four bytes");
    for (size_t i = 0; i < 11; i++) {
        CHECK(utf8_is_ascii(s, 11), "ascii");
        s[i] = (char)0xe9;
        CHECK(!utf8_is_ascii(s, 11) && !utf8_valid(s, 11), "byte %zu", i);
        s[i] = 'x';
    }
}

/* Every byte of Latin-1 becomes the character of its number. */
static void
check_latin1(void)
{
    struct buffer b = { 0 };
    struct error e;

    for (unsigned i = 0; i < 256; i++) {
        const char c = (char)i;
        unsigned code;

        b.len = 0;
        CHECK(utf8_from_latin1(&b, &c, 1, &e) == 0, "%s", e.text);
        CHECK(utf8_valid((char *)b.data, b.len), "byte %u", i);
        code = b.len == 1 ? b.data[0]
                          : (b.data[0] & 0x1fu) << 6 | (b.data[1] & 0x3fu);
        CHECK(code == i, "byte %u becomes %u", i, code);
    }
    buffer_free(&b);
}

int
main(void)
{
    check_decimals();
    check_utf8();
    check_latin1();
    return check_status();
}
