#include "base/sum.h"

#include <math.h>
#include <string.h>

#define CHUNK_BITS 32
#define CHUNK_MASK INT64_C(0xffffffff)
#define UNIT (-1075) /* chunk 0 counts 2^UNIT */
/* A value adds less than 2^53 to a chunk, which holds 63 bits. */
#define CARRY_EVERY 1000

/* Bring all chunks but the last into 0 to CHUNK_MASK. */
static void
carry(struct sum *s)
{
    for (int i = 0; i + 1 < SUM_CHUNKS; i++) {
        s->chunk[i + 1] += s->chunk[i] >> CHUNK_BITS;
        s->chunk[i] &= CHUNK_MASK;
    }
    s->added = 0;
}

void
sum_add(struct sum *s, double v)
{
    uint64_t bits, mantissa;
    unsigned exponent, shift;
    int64_t low, high;

    memcpy(&bits, &v, sizeof bits);
    exponent = (unsigned)(bits >> 52) & 2047;
    mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 2047)
        s->not_finite = true;
    if (exponent > 0)
        mantissa |= UINT64_C(1) << 52;
    else
        exponent = 1;
    if (mantissa == 0 || s->not_finite)
        return;
    shift = exponent % CHUNK_BITS;
    low = (int64_t)(mantissa << shift) & CHUNK_MASK;
    high = (int64_t)(mantissa >> (CHUNK_BITS - shift));
    s->chunk[exponent / CHUNK_BITS] += bits >> 63 ? -low : low;
    s->chunk[exponent / CHUNK_BITS + 1] += bits >> 63 ? -high : high;
    if (++s->added == CARRY_EVERY)
        carry(s);
}

void
sum_add_product(struct sum *s, double x, double y)
{
    const double product = x * y;

    sum_add(s, product);
    sum_add(s, fma(x, y, -product));
}

void
sum_merge(struct sum *s, const struct sum *other)
{
    carry(s);
    for (int i = 0; i < SUM_CHUNKS; i++)
        s->chunk[i] += other->chunk[i];
    s->not_finite |= other->not_finite;
    carry(s);
}

static uint64_t
chunk_at(const struct sum *s, int i)
{
    return i >= 0 ? (uint64_t)s->chunk[i] : 0;
}

double
sum_value(const struct sum *s)
{
    struct sum t = *s;
    int top = SUM_CHUNKS - 1, exponent;
    uint64_t m, next;
    bool negative;

    if (s->not_finite)
        return (double)NAN;
    carry(&t);
    negative = t.chunk[top] < 0;
    if (negative) {
        for (int i = 0; i < SUM_CHUNKS; i++)
            t.chunk[i] = -t.chunk[i];
        carry(&t);
    }
    while (top > 0 && t.chunk[top] == 0)
        top--;
    if (t.chunk[top] == 0)
        return 0;
    /* The first 64 bits, of which the last one also stands for all behind it:
     * converting them rounds as if all were there. */
    m = chunk_at(&t, top) << CHUNK_BITS | chunk_at(&t, top - 1);
    next = chunk_at(&t, top - 2) << CHUNK_BITS;
    exponent = UNIT + CHUNK_BITS * (top - 1);
    for (; m >> 63 == 0; exponent--) {
        m = m << 1 | next >> 63;
        next <<= 1;
    }
    for (int i = top - 3; i >= 0; i--)
        next |= chunk_at(&t, i);
    m |= next != 0;
    return ldexp(negative ? -(double)m : (double)m, exponent);
}

unsigned
sum_parts(const struct sum *s, double part[SUM_PARTS])
{
    struct sum rest = *s;
    unsigned n = 0;

    for (double v; n < SUM_PARTS && (v = sum_value(&rest)) != 0; n++) {
        part[n] = v;
        sum_add(&rest, -v);
    }
    return n;
}

double
sum_spread(uint64_t n, const struct sum *sum, const struct sum *squares)
{
    double part[SUM_PARTS];
    struct sum spread = { 0 };
    unsigned parts = sum_parts(squares, part);

    for (unsigned i = 0; i < parts; i++)
        sum_add_product(&spread, part[i], (double)n);
    parts = sum_parts(sum, part);
    for (unsigned i = 0; i < parts; i++)
        for (unsigned j = 0; j < parts; j++)
            sum_add_product(&spread, -part[i], part[j]);
    return sum_value(&spread);
}
