/*
 * npy.h - read the arrays of tests/golden, for unit programs
 *
 *     float *query = npy_f32("tests/golden/softmax/query.npy", 24 * 8);
 *
 * Each reader gives N numbers in C order, converted to its own type, in memory
 * for free(3).  A file that is not there, is damaged, or holds another number
 * of them ends the program: a test without its numbers has failed.  Read are
 * <f4 <f8 <i4 <i8 <u4 of format versions 1 and 2.
 */
#ifndef NPY_H
#define NPY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

static inline void
npy_fail(const char *path, const char *why)
{
    printf("not ok - %s: %s\n", path, why);
    exit(EXIT_FAILURE);
}

/* The element count that "'shape': (12, 16), " in the header says. */
static inline size_t
npy_count(const char *header)
{
    const char *p = strstr(header, "'shape': (");
    size_t n = 1;

    if (p == NULL)
        return 0;
    for (p += strlen("'shape': ("); *p != ')' && *p != '\0';) {
        char *end;
        const unsigned long long d = strtoull(p, &end, 10);

        if (end == p)
            return 0;
        n *= (size_t)d;
        p = end + strspn(end, ", ");
    }
    return n;
}

static inline double
npy_number(const unsigned char *p, const char *type)
{
    const uint32_t low = get_u32(p);

    if (strcmp(type, "f4") == 0) {
        float v;

        memcpy(&v, &low, sizeof v);
        return (double)v;
    }
    if (strcmp(type, "f8") == 0) {
        const uint64_t bits = get_u64(p);
        double v;

        memcpy(&v, &bits, sizeof v);
        return v;
    }
    if (strcmp(type, "i8") == 0)
        return (double)(int64_t)get_u64(p);
    return type[0] == 'u' ? (double)low : (double)(int32_t)low;
}

static inline double *
npy_f64(const char *path, size_t n)
{
    FILE *f = fopen(path, "rb");
    unsigned char start[12], element[8];
    char header[4096], type[3] = "";
    const char *descr;
    size_t len, size;
    double *v;

    if (f == NULL)
        npy_fail(path, "cannot open");
    if (fread(start, 1, 10, f) != 10 || memcmp(start, "\x93NUMPY", 6) != 0)
        npy_fail(path, "is no .npy file");
    len = start[8] | (size_t)start[9] << 8;
    if (start[6] == 2 && fread(start + 10, 1, 2, f) != 2)
        npy_fail(path, "cut short");
    if (len >= sizeof header || fread(header, 1, len, f) != len)
        npy_fail(path, "cut short in its header");
    header[len] = '\0';
    descr = strstr(header, "'descr': '<");
    if (descr == NULL || strstr(header, "'fortran_order': False") == NULL)
        npy_fail(path, "is not little-endian in C order");
    memcpy(type, descr + strlen("'descr': '<"), 2);
    if (strstr("f4 f8 i4 i8 u4", type) == NULL)
        npy_fail(path, "has a type of element that is not read here");
    if (npy_count(header) != n)
        npy_fail(path, "has another number of elements");

    size = (size_t)(type[1] - '0');
    v = malloc((n > 0 ? n : 1) * sizeof *v);
    if (v == NULL)
        npy_fail(path, "out of memory");
    for (size_t i = 0; i < n; i++) {
        if (fread(element, 1, size, f) != size)
            npy_fail(path, "cut short");
        if (size == 4)
            memset(element + 4, 0, 4);
        v[i] = npy_number(element, type);
    }
    fclose(f);
    return v;
}

static inline float *
npy_f32(const char *path, size_t n)
{
    double *wide = npy_f64(path, n);
    float *v = malloc((n > 0 ? n : 1) * sizeof *v);

    if (v == NULL)
        npy_fail(path, "out of memory");
    for (size_t i = 0; i < n; i++)
        v[i] = (float)wide[i];
    free(wide);
    return v;
}

static inline uint32_t *
npy_u32(const char *path, size_t n)
{
    double *wide = npy_f64(path, n);
    uint32_t *v = malloc((n > 0 ? n : 1) * sizeof *v);

    if (v == NULL)
        npy_fail(path, "out of memory");
    for (size_t i = 0; i < n; i++) {
        if (!(wide[i] >= 0 && wide[i] <= (double)UINT32_MAX))
            npy_fail(path, "holds a number that is no u32");
        v[i] = (uint32_t)wide[i];
    }
    free(wide);
    return v;
}

#endif
