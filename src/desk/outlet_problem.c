/* Problem cards: read from the measures and cases that say so, then joined with the openings by the card's number. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/case.h"
#include "desk/order.h"
#include "desk/outlet_rank.h"

enum { PAGE = 10000, KEYS_AT_ONCE = 100 };

/* What a record says of a card. */
typedef struct claim {
    sluice_text number; /* behind the kind */
    const char *basis;
    int64_t at_ms;
    bool is_entered;
} claim;

typedef struct claims {
    claim *rows; /* memory_free */
    size_t count, capacity;
    arena *a;
    sluice_error *error;
} claims;

/* "account:622…" and "card:622…" are the same card; a phone is one, too. */
static sluice_text number_of(sluice_text key) {
    sluice_text kind, number;
    return text_split(key, ':', &kind, &number) ? number : key;
}

static sluice_result add_claim(claims *all, sluice_text key, const char *basis, int64_t at_ms) {
    if (!ARRAY_RESERVE(all->rows, all->capacity, all->count + 1)) {
        return error_no_memory(all->error, sizeof *all->rows);
    }
    all->rows[all->count++] = (claim){number_of(key), basis, at_ms, false};
    return SLUICE_OK;
}

typedef struct source {
    const record_table *table;
    query_term terms[2];
    uint8_t key, at; /* at RECORD_END: when the row was made */
    const char *basis;
} source;

/* A freeze that an appeal lifted: nobody approved its release. */
static bool is_lifted(const source *from, const record *r) {
    return from->table == FREEZE_KIND.table && text_equal(r->values[FREEZE_STATE].text, TEXT("released")) &&
           r->values[FREEZE_RELEASE_APPROVED_BY].is_null;
}

static sluice_result read_source(store *s, const source *from, claims *all) {
    record_query query = {
        .table = from->table, .terms = from->terms, .term_count = 2, .order = QUERY_ID, .limit = PAGE};
    for (size_t count = PAGE; count == PAGE; query.has_after = true) {
        record *rows = NULL;
        sluice_result result = store_select(s, &query, all->a, &rows, &count, all->error);
        for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
            int64_t at = from->at == RECORD_END ? rows[i].created_ms : rows[i].values[from->at].integer;
            result =
                is_lifted(from, &rows[i]) ? SLUICE_OK : add_claim(all, rows[i].values[from->key].text, from->basis, at);
            query.after_id = rows[i].id;
            query.after = value_integer(rows[i].id);
        }
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

/* Strength of a basis: what holds longest first. */
static int strength(const char *basis) {
    static const char *const ORDER[] = {"freeze", "case", "investigation", "partner", "stop"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(basis, ORDER[i]) == 0) {
            return i;
        }
    }
    return 5;
}

static int compare_claims(const void *left, const void *right) {
    const claim *a = left, *b = right;
    int order = text_compare(a->number, b->number);
    order = order != 0 ? order : strength(a->basis) - strength(b->basis);
    return order != 0 ? order : (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* One claim a card: the strongest basis, with the time at which any basis was there first. */
static void fold_claims(claims *all) {
    size_t kept = 0;
    if (all->count > 0) {
        qsort(all->rows, all->count, sizeof *all->rows, compare_claims);
    }
    for (size_t i = 0; i < all->count; i++) {
        claim *last = kept == 0 ? NULL : &all->rows[kept - 1];
        if (last != NULL && text_equal(last->number, all->rows[i].number)) {
            last->at_ms = all->rows[i].at_ms < last->at_ms ? all->rows[i].at_ms : last->at_ms;
        } else {
            all->rows[kept++] = all->rows[i];
        }
    }
    all->count = kept;
}

static sluice_result read_claims(store *s, claims *all) {
    static const record_value STOPPED[] = {
        {.text = {"stopped", 7}}, {.text = {"releasing", 9}}, {.text = {"lapsed", 6}}};
    static const record_value ROLES[] = {{.text = {"mule_first", 10}}, {.text = {"mule", 4}}, {.text = {"cash", 4}}};
    const query_term effective_stop = {STOP_EFFECTIVE_AT, QUERY_NOT_NULL, value_null(), NULL, 0};
    const query_term effective_freeze = {FREEZE_EFFECTIVE_AT, QUERY_NOT_NULL, value_null(), NULL, 0};
    const source sources[] = {
        {FREEZE_KIND.table,
         {effective_freeze, {FREEZE_UNRELATED_AT, QUERY_NULL, value_null(), NULL, 0}},
         FREEZE_ACCOUNT,
         FREEZE_EFFECTIVE_AT,
         "freeze"},
        {STOP_KIND.table,
         {effective_stop, {STOP_STATE, QUERY_IN, value_null(), STOPPED, 3}},
         STOP_ACCOUNT,
         STOP_EFFECTIVE_AT,
         "stop"},
        {ENTITY_KIND.table,
         {{ENTITY_LINKED_KEY, QUERY_NOT_NULL, value_null(), NULL, 0}, {ENTITY_ROLE, QUERY_IN, value_null(), ROLES, 3}},
         ENTITY_KEY,
         RECORD_END,
         "case"},
        {CARD_KIND.table,
         {{CARD_PROBLEM, QUERY_EQUAL, value_text(TEXT("partner")), NULL, 0},
          {CARD_PROBLEM_AT, QUERY_NOT_NULL, value_null(), NULL, 0}},
         CARD_KEY,
         CARD_PROBLEM_AT,
         "partner"},
        {CARD_KIND.table,
         {{CARD_PROBLEM, QUERY_EQUAL, value_text(TEXT("investigation")), NULL, 0},
          {CARD_PROBLEM_AT, QUERY_NOT_NULL, value_null(), NULL, 0}},
         CARD_KEY,
         CARD_PROBLEM_AT,
         "investigation"},
    };
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < sizeof sources / sizeof *sources; i++) {
        result = read_source(s, &sources[i], all);
    }
    fold_claims(all);
    return result;
}

/* ---- the openings of these cards ---- */

static bool put_keys(const claim *rows, size_t count, record_value *keys, arena *a) {
    static const char *const KINDS[] = {"card:", "account:", "phone:"};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 3; k++) {
            size_t before = strlen(KINDS[k]), length = before + rows[i].number.length;
            char *text = arena_alloc(a, length + 1);
            if (text == NULL) {
                return false;
            }
            memcpy(text, KINDS[k], before);
            memcpy(text + before, rows[i].number.data, rows[i].number.length);
            keys[i * 3 + k] = value_text((sluice_text){text, length});
        }
    }
    return true;
}

static claim *find_claim(claims *all, sluice_text key) {
    sluice_text number = number_of(key);
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(all->rows[middle].number, number);
        if (order == 0) {
            return &all->rows[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

static int compare_cards(const void *left, const void *right) {
    const problem_card *a = left, *b = right;
    return (a->card.id > b->card.id) - (a->card.id < b->card.id);
}

static sluice_result join_some(store *s, claims *all, size_t first, size_t count, problem_card *cards,
                               size_t *card_count) {
    record_value keys[KEYS_AT_ONCE * 3];
    record *rows = NULL;
    size_t found = 0;
    if (!put_keys(&all->rows[first], count, keys, all->a)) {
        return error_no_memory(all->error, sizeof keys);
    }
    query_term these = {CARD_KEY, QUERY_IN, value_null(), keys, count * 3};
    record_query query = {
        .table = CARD_KIND.table, .terms = &these, .term_count = 1, .order = QUERY_ID, .limit = KEYS_AT_ONCE * 3};
    sluice_result result = store_select(s, &query, all->a, &rows, &found, all->error);
    for (size_t i = 0; result == SLUICE_OK && i < found; i++) {
        claim *of = find_claim(all, rows[i].values[CARD_KEY].text);
        if (of != NULL && !of->is_entered) { /* the same number under two kinds is one card */
            of->is_entered = true;
            cards[(*card_count)++] = (problem_card){rows[i], of->basis, of->at_ms};
        }
    }
    return result;
}

sluice_result outlet_problem_cards(store *s, int64_t outlet, arena *a, problem_card **cards_out, size_t *count_out,
                                   uint64_t *unknown, sluice_error *error) {
    claims all = {.a = a, .error = error};
    size_t count = 0;
    problem_card *cards = NULL;
    sluice_result result = read_claims(s, &all);
    if (result == SLUICE_OK) {
        cards = arena_alloc(a, (all.count + 1) * sizeof *cards);
        result = cards == NULL ? error_no_memory(error, all.count * sizeof *cards) : SLUICE_OK;
    }
    for (size_t first = 0; result == SLUICE_OK && first < all.count; first += KEYS_AT_ONCE) {
        size_t some = all.count - first < KEYS_AT_ONCE ? all.count - first : KEYS_AT_ONCE;
        result = join_some(s, &all, first, some, cards, &count);
    }
    *unknown = all.count - count;
    memory_free(all.rows);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const record_value *of = &cards[i].card.values[CARD_OUTLET];
        if (outlet == 0 || (!of->is_null && of->integer == outlet)) {
            cards[kept++] = cards[i];
        }
    }
    if (kept > 0) {
        qsort(cards, kept, sizeof *cards, compare_cards);
    }
    *cards_out = cards;
    *count_out = kept;
    return SLUICE_OK;
}
