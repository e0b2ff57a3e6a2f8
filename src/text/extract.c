/* Folding, the shared tools of the scanners, and their order.
 *
 * Each scanner looks only at characters that none before it took, from the surest to the vaguest: what carries its own
 * check, then what a word announces, then amounts, then names. So a number is one thing only. */
#include "text/extract.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/error.h"
#include "text/extract_private.h"

/* ---- folding ---- */

static uint32_t fold(uint32_t c) {
    if (c == 0xFF0C) {
        return c; /* the full-width comma ends a part of a sentence; within a number see scan_sum */
    }
    if (c >= 0xFF01 && c <= 0xFF5E) {
        return c - 0xFEE0;
    }
    switch (c) {
    case 0x00A0: /* no-break space */
    case 0x3000: /* ideographic space */
    case '\r':
        return ' ';
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    case 0xFFE5:
        return 0xA5; /* ¥ */
    default:
        return c;
    }
}

static bool open_scan(scan *s, sluice_text text, int64_t reference_ms, arena *a) {
    size_t room = text.length + 1;
    *s = (scan){.text = text, .reference_ms = reference_ms, .arena = a};
    s->c = arena_alloc(a, room * sizeof *s->c);
    s->raw = arena_alloc(a, room * sizeof *s->raw);
    s->at = arena_alloc(a, room * sizeof *s->at);
    s->taken = arena_alloc(a, room);
    s->items = arena_alloc(a, EXTRACT_ITEMS_MAX * sizeof *s->items);
    if (s->c == NULL || s->raw == NULL || s->at == NULL || s->taken == NULL || s->items == NULL) {
        return false;
    }
    const char *end = columns_end(text);
    for (const char *at = text.data; at < end; s->count++) {
        s->at[s->count] = (uint32_t)(at - text.data);
        s->raw[s->count] = columns_next_character(&at, end);
        s->c[s->count] = fold(s->raw[s->count]);
    }
    s->c[s->count] = s->raw[s->count] = 0;
    s->at[s->count] = (uint32_t)text.length;
    memset(s->taken, 0, s->count + 1);
    return true;
}

/* ---- words ---- */

static uint32_t lower(uint32_t c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Of our own words, which are well-formed: no checks. */
static inline uint32_t next_of_literal(const char **at) {
    const unsigned char *c = (const unsigned char *)*at;
    if (c[0] < 0x80) {
        *at += 1;
        return c[0];
    }
    if (c[0] < 0xE0) {
        *at += 2;
        return (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu);
    }
    *at += 3; /* none lies beyond the basic plane */
    return (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
}

/* The one word that begins at *word and ends before '|' or the end; moves on behind it. 0: it is not at i. */
static size_t match_one(const scan *s, size_t i, const char **word) {
    const char *at = *word;
    size_t length = 0;
    bool matches = *at != '|';
    while (matches && *at != '\0' && *at != '|') {
        uint32_t wanted = next_of_literal(&at);
        matches = i + length < s->count && lower(s->c[i + length]) == lower(wanted);
        length++;
    }
    while (*at != '\0' && *at != '|') {
        at++;
    }
    *word = *at == '|' ? at + 1 : at;
    return matches ? length : 0;
}

size_t scan_word(const scan *s, size_t i, const char *words) {
    size_t longest = 0;
    while (*words != '\0') {
        size_t length = match_one(s, i, &words);
        longest = length > longest ? length : longest;
    }
    return longest;
}

size_t scan_before(const scan *s, size_t i, const char *words, size_t distance) {
    for (size_t back = 1; back <= distance + 8 && back <= i; back++) {
        size_t from = i - back;
        if (scan_is_stop(s->c[from])) {
            return EXTRACT_NONE;
        }
        size_t length = scan_word(s, from, words);
        if (length > 0 && from + length <= i && i - (from + length) <= distance) {
            return i - (from + length);
        }
    }
    return EXTRACT_NONE;
}

static bool is_filler(const scan *s, size_t i) {
    uint32_t c = s->c[i];
    return c == ' ' || c == ':' || c == '(' || c == ')' || c == '[' || c == ']' || c == '=' || c == '"' ||
           c == 0x201C || c == 0x3010 || c == 0x3011 || c == '\t' || scan_word(s, i, "是|为|叫|号|码|：") > 0;
}

bool scan_after_label(const scan *s, size_t i, const char *words) {
    enum { FILLERS = 6, WORD = 10 };
    size_t at = i;
    for (size_t back = 0; back <= FILLERS; back++) {
        for (size_t length = 1; length <= WORD && length <= at; length++) {
            if (scan_word(s, at - length, words) == length) {
                return true;
            }
        }
        if (at == 0 || !is_filler(s, at - 1)) {
            return false;
        }
        at--;
    }
    return false;
}

/* ---- items ---- */

size_t scan_character_at(const scan *s, size_t byte) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->at[middle] < byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void scan_take(scan *s, size_t from, size_t to) {
    memset(s->taken + from, 1, to - from);
}

bool scan_is_free(const scan *s, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        if (s->taken[i] != 0) {
            return false;
        }
    }
    return true;
}

extract_item *scan_add(scan *s, extract_kind kind, size_t from, size_t to, int confidence, sluice_text value) {
    scan_take(s, from, to);
    if (s->item_count == EXTRACT_ITEMS_MAX) {
        s->is_cut = true;
        return NULL;
    }
    extract_item *item = &s->items[s->item_count++];
    *item = (extract_item){
        .kind = kind, .from = s->at[from], .to = s->at[to], .confidence = confidence, .value = value, .times = 1};
    return item;
}

static size_t put_character(char *to, uint32_t c) {
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

sluice_text scan_copy(scan *s, size_t from, size_t to, bool bare) {
    char *text = arena_alloc(s->arena, (to - from) * 4 + 1);
    size_t length = 0;
    if (text == NULL) {
        s->failed = true;
        return (sluice_text){0};
    }
    for (size_t i = from; i < to; i++) {
        if (!bare || (s->c[i] != ' ' && s->c[i] != '-')) {
            length += put_character(text + length, s->c[i]);
        }
    }
    return (sluice_text){text, length};
}

static int compare_items(const void *left, const void *right) {
    const extract_item *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

sluice_result extract_text(sluice_text text, int64_t reference_ms, arena *a, extract_result *result,
                           sluice_error *error) {
    scan s;
    *result = (extract_result){0};
    if (text.length > EXTRACT_BYTES_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "a text of at most %u bytes can be read, this has %zu",
                         EXTRACT_BYTES_MAX, text.length);
    }
    if (!open_scan(&s, text, reference_ms, a)) {
        return error_no_memory(error, text.length * 13);
    }
    scan_networks(&s);
    scan_times(&s);
    scan_numbers(&s);
    scan_amounts(&s);
    scan_banks(&s);
    scan_names(&s);
    scan_denials(&s);
    if (s.failed) {
        return error_no_memory(error, text.length);
    }
    if (s.item_count > 0) {
        qsort(s.items, s.item_count, sizeof *s.items, compare_items);
    }
    result->items = s.items;
    result->item_count = s.item_count;
    result->is_cut = s.is_cut;
    return extract_pair(&s, result, error);
}

static const char *const KIND_NAMES[EXTRACT_KIND_COUNT] = {
    "card",     "account",  "tail", "wallet", "amount", "coins",  "time", "phone",
    "landline", "identity", "url",  "email",  "qq",     "wechat", "name", "bank",
};

const char *extract_kind_name(extract_kind kind) {
    return KIND_NAMES[kind];
}

const char *extract_role_name(extract_role role) {
    static const char *const NAMES[] = {"unknown", "paid", "own", "received", "balance", "total", "fee"};
    return NAMES[role];
}
