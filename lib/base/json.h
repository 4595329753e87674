/*
 * json.h - JSON texts, token by token, and strings as JSON
 *
 * The reader is strict (RFC 8259): UTF-8, no comments, no trailing commas,
 * no NaN.  A number stays the text that it is, so that 64-bit
 * integers and the shortest text of a float keep every bit; whoever asked for
 * it decides of which type it is.  How tokens may follow each other is the
 * caller's to check, who knows which grammar he wants: nothing nests here, so
 * nothing can nest too deeply.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>

#include "base/mem.h"

enum json_token {
    JSON_ERROR = -1,
    JSON_END = 0, /* nothing but white space is left */
    JSON_STRING = 's',
    JSON_NUMBER = '0',
    JSON_TRUE = 't',
    JSON_FALSE = 'f',
    JSON_NULL = 'n',
    /* And the characters { } [ ] : , as they are. */
};

/* Start from { .p = TEXT, .end = TEXT + LENGTH }. */
struct json {
    const char *p, *end;
    struct buffer text; /* of the last string, escapes undone, or number */
};

/* The next token, an enum json_token or one of the characters above. */
int json_next(struct json *j, struct error *e);
/* The next token has to be WANT. */
int json_expect(struct json *j, int want, struct error *e);
/*
 * For "while (json_more(j, '}', &first, &token, e) > 0)": 1 when a member
 * follows, of which the first token has been read into *TOKEN, 0 when CLOSE was
 * there, -1.  FIRST is true before the first member.  *TOKEN may be any token,
 * also JSON_END or, after a comma, CLOSE: the caller refuses what is no member.
 */
int json_more(struct json *j, char close, bool *first, int *token,
              struct error *e);
void json_free(struct json *j);

/* Append S, which has to be UTF-8, as a JSON string in its quotes. */
int json_append_string(struct buffer *out, const char *s, size_t len,
                       struct error *e);

#endif
