#include "stream/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"

/* Values FROM to FROM + N - 1 of a column are what goes into a cell. */
struct span {
    size_t from, n;
};

struct format {
    const struct schema *schema;
    struct format_options opt;
    size_t *column; /* [opt.columns], in the order in which they are written */
    size_t scalars; /* the first so many are the same for all ranks */
    struct buffer cell;
};

static int
append_char(struct buffer *out, char c, struct error *e)
{
    return buffer_append(out, &c, 1, e);
}

static int
append_text(struct buffer *out, const char *s, struct error *e)
{
    return buffer_append(out, s, strlen(s), e);
}

int
format_number(struct buffer *out, enum type t, const struct array *a, size_t v,
              struct error *e)
{
    char text[NUMBER_TEXT_MAX];
    size_t len = 0;

    switch (t) {
    case TYPE_U8: len = number_from_u64(text, array_u8(a)[v]); break;
    case TYPE_I32:
        len = number_from_i64(text, ((const int32_t *)a->values)[v]);
        break;
    case TYPE_U32: len = number_from_u64(text, array_u32(a)[v]); break;
    case TYPE_I64: len = number_from_i64(text, array_i64(a)[v]); break;
    case TYPE_U64:
        len = number_from_u64(text, ((const uint64_t *)a->values)[v]);
        break;
    case TYPE_F32: len = number_from_f32(text, array_f32(a)[v]); break;
    case TYPE_F64:
        len = number_from_f64(text, ((const double *)a->values)[v]);
        break;
    case TYPE_STR: break;
    }
    return buffer_append(out, text, len, e);
}

/* The same for JSON, which has no number for what is not finite. */
static int
append_json_number(struct buffer *out, enum type t, const struct array *a,
                   size_t v, struct error *e)
{
    if ((t == TYPE_F32 || t == TYPE_F64) && !isfinite(array_number(a, t, v)))
        return append_text(out, "null", e);
    return format_number(out, t, a, v, e);
}

/* S with a backslash and a letter in place of each character of FROM, and the
 * letter is the one at the same place in TO. */
static int
append_escaped(struct buffer *out, const char *s, size_t len, const char *from,
               const char *to, struct error *e)
{
    for (size_t i = 0; i < len; i++) {
        const char *hit = s[i] != '\0' ? strchr(from, s[i]) : NULL;
        const char *c = hit != NULL ? &to[hit - from] : &s[i];

        if (hit != NULL && append_char(out, '\\', e) != 0)
            return -1;
        if (append_char(out, *c, e) != 0)
            return -1;
    }
    return 0;
}

static int
append_json(struct buffer *out, const struct column *c, const struct array *a,
            struct span at, bool array, struct error *e)
{
    int status = array ? append_char(out, '[', e) : 0;

    for (size_t v = at.from; v < at.from + at.n && status == 0; v++) {
        if (v > at.from)
            status = append_char(out, ',', e);
        if (status == 0 && c->type == TYPE_STR) {
            size_t len;
            const char *s = array_str(a, v, &len);

            status = json_append_string(out, s, len, e);
        } else if (status == 0) {
            status = append_json_number(out, c->type, a, v, e);
        }
    }
    return status == 0 && array ? append_char(out, ']', e) : status;
}

/* The text of a cell, before what CSV or TSV do to it. */
static int
append_plain(const struct format *f, struct buffer *out, const struct column *c,
             const struct array *a, struct span at, bool array, struct error *e)
{
    const char special[] = { '\\', f->opt.list_separator, '\0' };
    int status = 0;

    for (size_t v = at.from; v < at.from + at.n && status == 0; v++) {
        size_t len;
        const char *s;

        if (v > at.from)
            status = append_char(out, f->opt.list_separator, e);
        if (c->type != TYPE_STR) {
            status |= format_number(out, c->type, a, v, e);
            continue;
        }
        s = array_str(a, v, &len);
        if (array && at.n == 1 && len == 0)
            status |= append_text(out, "\\e", e);
        else if (array)
            status |= append_escaped(out, s, len, special, special, e);
        else
            status |= buffer_append(out, s, len, e);
    }
    return status;
}

/* TEXT as a field of CSV. */
static int
append_csv(const struct format *f, struct buffer *out, const char *text,
           size_t len, struct error *e)
{
    /* Else an empty line, or a byte order mark that a reader would drop. */
    bool quote = len == 0 ? f->opt.columns == 1 : (unsigned char)*text == 0xef;
    int status;

    for (size_t i = 0; i < len && !quote; i++)
        quote = text[i] == ',' || text[i] == '"' || text[i] == '\n' ||
                text[i] == '\r';
    if (!quote)
        return buffer_append(out, text, len, e);
    status = append_char(out, '"', e);
    for (size_t i = 0; i < len && status == 0; i++) {
        if (text[i] == '"')
            status = append_char(out, '"', e);
        status |= append_char(out, text[i], e);
    }
    return status == 0 ? append_char(out, '"', e) : -1;
}

static int
append_field(const struct format *f, struct buffer *out, const char *text,
             size_t len, struct error *e)
{
    if (f->opt.kind == FORMAT_CSV)
        return append_csv(f, out, text, len, e);
    return append_escaped(out, text, len, "\t\n\r\\", "tnr\\", e);
}

/* What stands before the cell of column NAME; the FIRST in its line? */
static int
append_lead(const struct format *f, struct buffer *out, const char *name,
            bool first, struct error *e)
{
    if (f->opt.kind == FORMAT_TSV)
        return first ? 0 : append_char(out, '\t', e);
    if (f->opt.kind == FORMAT_CSV)
        return first ? 0 : append_char(out, ',', e);
    if (append_char(out, first ? '{' : ',', e) != 0 ||
        json_append_string(out, name, strlen(name), e) != 0)
        return -1;
    return append_char(out, ':', e);
}

static int
append_cell(struct format *f, struct buffer *out, const struct column *c,
            const struct array *a, struct span at, bool array, struct error *e)
{
    if (f->opt.kind == FORMAT_JSONL)
        return append_json(out, c, a, at, array, e);
    /* Numbers need neither quotes nor escapes. */
    if (c->type != TYPE_STR && !array)
        return format_number(out, c->type, a, at.from, e);
    f->cell.len = 0;
    if (append_plain(f, &f->cell, c, a, at, array, e) != 0)
        return -1;
    return append_field(f, out, (char *)f->cell.data, f->cell.len, e);
}

static int
append_rank(const struct format *f, struct buffer *out, size_t rank, bool first,
            struct error *e)
{
    char text[NUMBER_TEXT_MAX];
    const size_t len = number_from_u64(text, rank);

    if (append_lead(f, out, "rank", first, e) != 0)
        return -1;
    return buffer_append(out, text, len, e);
}

/* One line.  RANK is 0 for a whole row, else which elements of lists. */
static int
append_line(struct format *f, const struct block *b, uint32_t row, size_t rank,
            struct buffer *out, struct error *e)
{
    bool first = true;

    for (size_t i = 0; i < f->opt.columns; i++, first = false) {
        const struct column *c = &f->schema->column[f->column[i]];
        const struct array *a = &b->column[f->column[i]];
        struct span at = { (size_t)row * c->width, c->width };
        bool array = c->shape != SHAPE_SCALAR;

        if (c->shape == SHAPE_LIST)
            at = (struct span){ a->list[row], a->list[row + 1] - a->list[row] };
        if (rank > 0 && i >= f->scalars) {
            at = (struct span){ at.from + rank - 1, 1 };
            array = false;
        }
        if (rank > 0 && i == f->scalars) {
            if (append_rank(f, out, rank, first, e) != 0)
                return -1;
            first = false;
        }
        if (append_lead(f, out, c->name, first, e) != 0 ||
            append_cell(f, out, c, a, at, array, e) != 0)
            return error_prefix(e, "column '%s'", c->name);
    }
    if (f->opt.kind == FORMAT_JSONL && append_char(out, '}', e) != 0)
        return -1;
    return append_char(out, '\n', e);
}

/* Elements in each list of the row; they must agree. */
static int
list_length(const struct format *f, const struct block *b, uint32_t row,
            size_t *n, struct error *e)
{
    for (size_t i = f->scalars; i < f->opt.columns; i++) {
        const struct array *a = &b->column[f->column[i]];
        const size_t here = a->list[row + 1] - a->list[row];

        if (i > f->scalars && here != *n)
            return error_set(e, "lists of %zu elements in '%s', of %zu in '%s'",
                             *n, f->schema->column[f->column[f->scalars]].name,
                             here, f->schema->column[f->column[i]].name);
        *n = here;
    }
    return 0;
}

int
format_row(struct format *f, const struct block *b, uint32_t row,
           struct buffer *out, struct error *e)
{
    size_t n = 0;

    if (!f->opt.explode)
        return append_line(f, b, row, 0, out, e);
    if (list_length(f, b, row, &n, e) != 0)
        return -1;
    for (size_t rank = 1; rank <= n; rank++)
        if (append_line(f, b, row, rank, out, e) != 0)
            return -1;
    return 0;
}

int
format_header(struct format *f, struct buffer *out, struct error *e)
{
    if (!f->opt.header || f->opt.kind == FORMAT_JSONL)
        return 0;
    for (size_t i = 0, names = 0; i < f->opt.columns; i++) {
        const char *name = f->schema->column[f->column[i]].name;

        if (f->opt.explode && i == f->scalars &&
            (append_lead(f, out, "rank", names++ == 0, e) != 0 ||
             append_text(out, "rank", e) != 0))
            return -1;
        if (append_lead(f, out, name, names++ == 0, e) != 0 ||
            append_field(f, out, name, strlen(name), e) != 0)
            return -1;
    }
    return append_char(out, '\n', e);
}

/* The columns in the order in which they are written. */
static int
arrange(struct format *f, struct error *e)
{
    size_t n = 0;

    for (int lists = 0; lists < 2; lists++) {
        for (size_t i = 0; i < f->opt.columns; i++) {
            const size_t c = f->opt.column[i];
            const bool is_list = f->schema->column[c].shape == SHAPE_LIST;

            if (!f->opt.explode ? lists == 0 : is_list == (lists == 1))
                f->column[n++] = c;
            if (f->opt.explode &&
                strcmp(f->schema->column[c].name, "rank") == 0)
                return error_set(e, "there is a column 'rank' already");
        }
        if (lists == 0)
            f->scalars = n;
    }
    if (f->opt.explode && f->scalars == n)
        return error_set(e, "no column is a list");
    return 0;
}

struct format *
format_new(const struct schema *s, const struct format_options *opt,
           struct error *e)
{
    struct format *f = mem_new(1, sizeof *f, e);

    if (f == NULL)
        return NULL;
    f->schema = s;
    f->opt = *opt;
    f->column = mem_new(opt->columns, sizeof *f->column, e);
    if (f->column == NULL || arrange(f, e) != 0) {
        format_free(f);
        return NULL;
    }
    return f;
}

void
format_free(struct format *f)
{
    if (f == NULL)
        return;
    buffer_free(&f->cell);
    free(f->column);
    free(f);
}
