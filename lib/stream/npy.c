#include "stream/npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PREFIX 10

int
npy_header(const struct column *c, uint64_t rows, unsigned char *out,
           struct error *e)
{
    static const char *const descr[] = {
        [TYPE_U8] = "|u1",  [TYPE_I32] = "<i4", [TYPE_U32] = "<u4",
        [TYPE_I64] = "<i8", [TYPE_U64] = "<u8", [TYPE_F32] = "<f4",
        [TYPE_F64] = "<f8", [TYPE_STR] = NULL,
    };
    char width[16] = "";
    char dict[NPY_HEADER];
    int len;

    if (descr[c->type] == NULL || c->shape == SHAPE_LIST) {
        char is[TYPE_TEXT_MAX];

        column_type_text(c, is);
        return error_set(e,
                         "column '%s' is %s, and npy holds numbers of one "
                         "shape only",
                         c->name, is);
    }
    if (c->shape == SHAPE_VECTOR)
        snprintf(width, sizeof width, " %u", (unsigned)c->width);
    len = snprintf(dict, sizeof dict,
                   "{'descr': '%s', 'fortran_order': False, "
                   "'shape': (%" PRIu64 ",%s), }",
                   descr[c->type], rows, width);

    memset(out, ' ', NPY_HEADER);
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = NPY_HEADER - PREFIX;
    out[9] = 0;
    memcpy(out + PREFIX, dict, (size_t)len);
    out[NPY_HEADER - 1] = '\n';
    return 0;
}
