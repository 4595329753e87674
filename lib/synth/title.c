#include "synth/title.h"

#include <assert.h>
#include <stdio.h>

#define WORDS 16

/* In each row the first half goes before a noun and the rest are nouns. */
static const char *const words[TITLE_GENRES][WORDS] = {
    { "Haunted", "Cursed", "Bloody", "Howling", "Undead", "Creeping", "Evil",
      "Screaming", "Castle", "Vampire", "Grave", "Werewolf", "Nightmare",
      "Coffin", "Phantom", "Crypt" },
    { "Tender", "Secret", "Forbidden", "Lonely", "Faithful", "Sweet", "Beloved",
      "Fiancée", "Kiss", "Heart", "Bride", "Lover", "Wedding", "Waltz",
      "Valentine", "Embrace" },
    { "Galactic", "Robotic", "Lunar", "Cosmic", "Alien", "Atomic", "Orbital",
      "Frozen", "Planet", "Android", "Starship", "Comet", "Machine", "Signal",
      "Colony", "Future" },
    { "Dusty", "Outlawed", "Lawless", "Wild", "Hanging", "Dry", "Branded",
      "Vaquero", "Sheriff", "Canyon", "Saddle", "Gunfighter", "Prairie",
      "Stagecoach", "Señor", "Ranch" },
    { "Crooked", "Silent", "Guilty", "Hidden", "Stolen", "Dirty", "Double",
      "Wanted", "Detective", "Murder", "Alibi", "Witness", "Heist", "Gangster",
      "Verdict", "Prison" },
    { "Crazy", "Foolish", "Goofy", "Clumsy", "Absurd", "Drunken", "Lazy",
      "Nutty", "Clown", "Neighbor", "Vacation", "Prank", "Diner", "Cousin",
      "Café", "Roommate" },
    { "Royal", "Imperial", "Brave", "Fallen", "Noble", "Glorious", "Marching",
      "Besieged", "Soldier", "Battle", "Regiment", "Victory", "Empire",
      "Bunker", "Trench", "Captain" },
    { "Enchanted", "Magic", "Golden", "Furry", "Tiny", "Flying", "Sleepy",
      "Dancing", "Dragon", "Fairy", "Puppy", "Wizard", "Princess", "Unicorn",
      "Balloon", "Über-Duck" },
    { "Singing", "Swinging", "Electric", "Broken", "Loud", "Jazzy", "Gospel",
      "Velvet", "Piano", "Chorus", "Broadway", "Melody", "Guitar", "Ballad",
      "Trumpet", "Encore" },
    { "Deadly", "Explosive", "Burning", "Lethal", "Armored", "Rapid", "Iron",
      "Steel", "Chase", "Commando", "Bullet", "Mission", "Hijack", "Assassin",
      "Dynamite", "Revenge" },
    { "Real", "Untold", "Vanishing", "Northern", "Ancient", "Endangered",
      "Daily", "Public", "Portrait", "Island", "Glacier", "Market", "Harvest",
      "River", "Archive", "Elephant" },
    { "Bitter", "Quiet", "Distant", "Wounded", "Proud", "Restless", "Grieving",
      "Patient", "Daughter", "Father", "Winter", "Orphan", "Letter", "Promise",
      "Widow", "Rêve" },
};

/*
 * 1 and 2 are the words for the genre and for the one it is blended with, N is
 * the name.  The name can be told from the rest: it stands before the only
 * colon, or else it is the last word before ", The" or the end.  So titles of
 * items that differ differ.
 */
static const char *const patterns[16] = {
    "1 2 of N",
    "1 2 of N",
    "The 1 2 of N",
    "1 2 of N, The",
    "1 2 of N, The",
    "2 of N, The",
    "N: The 1 2",
    "N: 1 2",
    "1 2 and N",
    "The 2 of N",
    "The 1 N",
    "1 2 in N",
    "Return of the 1 2 to N",
    "\"2\" in N",
    "2, or the 1 N",
    "A 2 for N",
};

#define SYLLABLES 70 /* 14 consonants, 5 vowels */

/* The item's number, scattered by a bijection, as syllables: at least three of
 * them, and the same count for all ITEMS. */
static size_t
write_name(const struct title *t, char *out)
{
    uint64_t space = (uint64_t)SYLLABLES * SYLLABLES * SYLLABLES, code;
    size_t n = 0;

    assert(t->item < t->items && t->items <= TITLE_ITEMS_MAX);
    if (t->items > space)
        space *= SYLLABLES;
    /* 2^31 - 1 is a prime, and so has no factor in common with the space. */
    code = (t->item * UINT64_C(2147483647) + t->names % space) % space;
    for (uint64_t rest = space; rest > 1; rest /= SYLLABLES) {
        out[n++] = "bdfgklmnprstvz"[code % SYLLABLES / 5];
        out[n++] = "aeiou"[code % 5];
        code /= SYLLABLES;
    }
    out[0] = (char)(out[0] - 'a' + 'A');
    return n;
}

static size_t
write_word(const char *word, char *out)
{
    size_t n = 0;

    for (; word[n] != '\0'; n++)
        out[n] = word[n];
    return n;
}

size_t
title_write(const struct title *t, char out[TITLE_MAX])
{
    const uint64_t d = t->draw;
    const unsigned year_draw = (unsigned)(d >> 16 & 63);
    /* Recent years more often, as in any catalogue: 1936 to 1998. */
    const unsigned year = 1998 - year_draw * year_draw / 64;
    size_t n = 0;

    assert(t->genre < TITLE_GENRES && t->blended < TITLE_GENRES);
    for (const char *p = patterns[d & 15]; *p != '\0'; p++) {
        switch (*p) {
        case '1': n += write_word(words[t->genre][d >> 4 & 7], out + n); break;
        case '2':
            n += write_word(words[t->blended][8 + (d >> 8 & 7)], out + n);
            break;
        case 'N': n += write_name(t, out + n); break;
        default: out[n++] = *p;
        }
    }
    return n + (size_t)snprintf(out + n, TITLE_MAX - n, " (%u)", year);
}
