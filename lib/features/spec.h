/*
 * spec.h - the feature file: all features of a model
 *
 * One feature a line; empty lines and comments between them.  The same lines,
 * with every option written out, are in the heads of streams as "meta feature.N
 * LINE", N from 1.
 */
#ifndef FEATURES_SPEC_H
#define FEATURES_SPEC_H

#include "features/feature.h"

#define SPEC_TEXT_MAX ((size_t)64 * 1024)

/* Start from = { 0 }. */
struct spec {
    struct feature *feature; /* [features] */
    size_t features, cap;
};

/*
 * A whole feature file.  Refused, with the line's number: words that are not
 * known, a feature that is there already, a second key.  Also refused: no
 * features at all, an of= that names no lookup of its own ids, and item
 * features of which none is the key; it is asked for even when there is only
 * one candidate, for everything downstream depends on it.  On failure S is
 * empty.
 */
int spec_parse(struct spec *s, const char *text, size_t len, struct error *e);
int spec_read(struct spec *s, const char *path, struct error *e);
void spec_free(struct spec *s);

/* The feature that names items, or NULL. */
const struct feature *spec_key(const struct spec *s);

/* The feature whose ids F, one of S, has: the lookup of the column that of=
 * names, F itself without such; NULL when there is none. */
const struct feature *spec_ids_of(const struct spec *s,
                                  const struct feature *f);

/* Features in heads.  The first appends "meta feature.N LINE" for F behind
 * those that are there, and "meta key NAME" if it is the key; the second reads
 * them all; of a head without any, S is empty. */
int spec_add_meta(struct schema *head, const struct feature *f,
                  struct error *e);
int spec_from_metas(struct spec *s, const struct schema *head, struct error *e);

/* What S, of a head, says of the feature with F's name, if it is there at all,
 * must be as F: made with the same vocabulary. */
int spec_check_feature(const struct spec *s, const struct feature *f,
                       struct error *e);

#endif
