/*
 * title.h - made-up film titles, another one for each item
 *
 * A title is one or two words that tell the item's genres, a name that no
 * other item has, and a year: "Haunted Castle of Belora (1987)".  About one in
 * four has a comma, one in sixteen quotation marks, one in thirty a letter that
 * is not ASCII: the text is UTF-8, and who writes CSV has something to quote.
 */
#ifndef SYNTH_TITLE_H
#define SYNTH_TITLE_H

#include <stddef.h>
#include <stdint.h>

#define TITLE_GENRES 12
/* No title is as long as this. */
#define TITLE_MAX 96
/* Names for so many items: four syllables of seventy. */
#define TITLE_ITEMS_MAX UINT32_C(24010000)

struct title {
    uint32_t item, items;    /* item < items <= TITLE_ITEMS_MAX */
    unsigned genre, blended; /* both < TITLE_GENRES */
    uint64_t draw;           /* what else there is to choose, at random */
    uint64_t names;          /* the same for all items: which name is whose */
};

/* Write the title and a NUL to OUT; returns its length.  Titles with equal
 * ITEMS and NAMES are distinct when their ITEM is. */
size_t title_write(const struct title *t, char out[TITLE_MAX]);

#endif
