/*
 * safetensors.h - what the head of a .safetensors file says
 *
 *     u64 length, {"NAME": {"dtype": "F32", "shape": [3, 4],
 *                           "data_offsets": [0, 48]}, ...}, the tensors' bytes
 *
 * The head is JSON, ends with any number of blanks, and may have
 * "__metadata__", an object of strings.  Tensors fill what follows it without
 * holes.
 */
#ifndef FORMATS_SAFETENSORS_H
#define FORMATS_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "formats/element.h"

/* Longer heads are refused; the format's own limit is 100 MB. */
#define SAFETENSORS_HEAD_MAX ((size_t)16 << 20)
#define SAFETENSORS_METADATA "__metadata__"

struct tensor {
    char *name;
    const struct element *element; /* NULL: a type that we do not know */
    size_t dimensions;
    uint64_t shape[2];   /* of which these are kept */
    uint64_t elements;   /* all dimensions multiplied */
    uint64_t begin, end; /* bytes behind the head */
};

struct tensors {
    struct tensor *tensor; /* [count], in the order of their bytes */
    size_t count, cap;
};

/*
 * Read the LEN bytes of the head at TEXT, behind which there are BYTES bytes.
 * Checked: names that occur twice, overflow, tensors whose bytes are not what
 * their shape needs, holes, overlaps, and that the last ends with the file.
 * Start from { 0 }; also after an error free them.
 */
int tensors_parse(struct tensors *t, const char *text, size_t len,
                  uint64_t bytes, struct error *e);
void tensors_free(struct tensors *t);

#endif
