/*
 * labels.h - which candidates of lists are relevant, for main() only
 *
 * What is relevant is in the rows of the lists, or in a stream of its own with
 * a row for each query and item, as for rec-ndcg.  Like everything in this
 * room, these functions do what they say or die.
 */
#ifndef FILTER_LABELS_H
#define FILTER_LABELS_H

#include "filter/input.h"
#include "rows/explode.h"
#include "rows/relevant.h"

/* What options say; nothing, and no labels are wanted. */
struct labels_of {
    const char *truth; /* column of ids, here or in FILE; NULL: what the lists'
                          meta key names in FILE */
    const char *file;
    const char *by; /* what tells queries apart; NULL: query.*.lookup */
};

struct labels {
    bool wanted;
    uint8_t *label; /* of a block's candidates, list after list */
    /* Private. */
    size_t room;
    const struct schema *schema;
    size_t candidates, truth, by; /* columns of the lists' stream */
    struct relevant_pairs *pairs; /* NULL: the truth is in the row */
};

/* Labels for the candidates in IN, which must be among the LISTS lists that are
 * gone through. */
struct labels labels_open(const struct labels_of *of, const struct input *in,
                          const struct explode_list *list, size_t lists);
void labels_close(struct labels *l);

/* Set l->label for B's candidates, if labels are wanted. */
void labels_find(struct labels *l, const struct block *b);

#endif
