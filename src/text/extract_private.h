/* Extraction's inside: the text as folded characters, and what the scanners share. */
#ifndef TEXT_EXTRACT_PRIVATE_H
#define TEXT_EXTRACT_PRIVATE_H

#include "text/extract.h"

/* Characters with their half-width form (`c`), as they stand (`raw`), and the byte at which each begins. Arrays have
 * one more element than there are characters: 0 and the text's length. `taken`: an item has it, or it must not become
 * one.
 */
typedef struct scan {
    sluice_text text;
    uint32_t *c, *raw, *at;
    unsigned char *taken;
    size_t count;
    int64_t reference_ms;
    arena *arena;
    extract_item *items;
    size_t item_count;
    bool is_cut, failed;
} scan;

static inline bool scan_is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}
static inline bool scan_is_letter(uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool scan_is_han(uint32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF);
}
/* Ends a sentence. */
static inline bool scan_is_stop(uint32_t c) {
    return c == 0x3002 || c == ';' || c == '!' || c == '?' || c == '\n';
}
/* Ends a part of one: 、 ， , */
static inline bool scan_is_comma(uint32_t c) {
    return c == 0x3001 || c == 0xFF0C || c == ',' || c == '\t';
}

/* How many characters one of the words "甲|乙|丙" has that begins at `i`, the longest; 0: none does. Letters match in
 * either case. */
size_t scan_word(const scan *s, size_t i, const char *words);
/* How far before `i` the nearest of the words ends, at most `distance` characters, not beyond a sentence's end;
 * EXTRACT_NONE: none does. */
size_t scan_before(const scan *s, size_t i, const char *words, size_t distance);
/* One of the words ends at `i`, but for blanks, colons and the like between. */
bool scan_after_label(const scan *s, size_t i, const char *words);

/* Adds an item over the characters [from, to), which are taken by it. NULL: no room or memory. `value` of one that is
 * to be filled in by the caller may be empty. */
extract_item *scan_add(scan *s, extract_kind kind, size_t from, size_t to, int confidence, sluice_text value);
void scan_take(scan *s, size_t from, size_t to);
bool scan_is_free(const scan *s, size_t from, size_t to);
/* The character that begins at this byte. */
size_t scan_character_at(const scan *s, size_t byte);
/* Characters [from, to) as UTF-8 in their half-width form, without blanks and hyphens if `bare`; in the arena. */
sluice_text scan_copy(scan *s, size_t from, size_t to, bool bare);

/* [from, end) is a cell of a pasted table: blanks or bars around it, in a line with an account, behind what is known
 * already or looks like a name. */
bool scan_is_in_row(const scan *s, size_t from, size_t end);
/* A surname begins at i. */
bool scan_is_surname(const scan *s, size_t i);

/* The scanners, in the order in which they run. */
void scan_networks(scan *s); /* URLs, mail, wallets */
void scan_times(scan *s);
void scan_numbers(scan *s); /* identity numbers, phones, cards, accounts, QQ, WeChat */
void scan_amounts(scan *s);
void scan_banks(scan *s);
void scan_names(scan *s);
/* Marks what was said not to be so: 没转, 失败, 不是6217…; after all items are there. */
void scan_denials(scan *s);

/* A sum of digits, thousands and Chinese numerals from `i` on, in fen; returns where it ends (i: there is none).
 * *is_plain: digits alone, without 万 and its like. */
size_t scan_sum(const scan *s, size_t i, int64_t *fen_out, bool *is_plain);
/* 0 … 99 (digits: up to 9999) as a number of time; returns where it ends. */
size_t scan_small(const scan *s, size_t i, int *value_out);

/* Pairs amounts with accounts, names, banks and times. */
sluice_result extract_pair(const scan *s, extract_result *result, sluice_error *error);

#endif
