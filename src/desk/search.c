#include "desk/search.h"

#include "base/columns.h"
#include "desk/desk_private.h"

enum { TERMS_MAX = 24, TERM_BYTES_MAX = 64, CANDIDATES = 400 };

static const record_field SEARCH[SEARCH_FIELDS] = {
    [SEARCH_TERM] = {"term", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "word", .zh = "词"},
    [SEARCH_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "kind of record", .zh = "记录类别"},
    [SEARCH_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "its id", .zh = "记录编号"},
    [SEARCH_DISTRICT] = {"district", FIELD_INTEGER, .en = "whose", .zh = "县区"},
    [SEARCH_STATION] = {"station", FIELD_INTEGER, .en = "whose", .zh = "派出所"},
};
/* A word that half of the city's records have is rare in a station, and among the kinds that there are few of. */
static const record_index INDEXES[] = {{false, {SEARCH_KIND, SEARCH_RECORD, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_TERM, RECORD_END, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_KIND, SEARCH_TERM, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_DISTRICT, SEARCH_TERM, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_STATION, SEARCH_TERM, RECORD_END, RECORD_END}}};
const record_table SEARCH_TABLE = {
    "search", SEARCH, SEARCH_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES, false, "what records are found by",
    "检索词"};

/* ---- words of a text ---- */

typedef struct terms {
    sluice_text at[TERMS_MAX];
    size_t count;
    bool failed;
} terms;

static void add_term(terms *t, sluice_text word, arena *a) {
    if (word.length == 0 || t->count == TERMS_MAX) {
        return;
    }
    word.length = word.length > TERM_BYTES_MAX ? TERM_BYTES_MAX : word.length;
    char *copy = arena_copy(a, word.data, word.length);
    if (copy == NULL) {
        t->failed = true;
        return;
    }
    for (size_t i = 0; i < word.length; i++) {
        copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] - 'A' + 'a' : copy[i]);
    }
    sluice_text term = {copy, word.length};
    for (size_t i = 0; i < t->count; i++) {
        if (text_equal(t->at[i], term)) {
            return;
        }
    }
    t->at[t->count++] = term;
}

static bool is_word(uint32_t character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_' || character == '.' || character == '@';
}

/* Runs of letters and digits are words; of other scripts each pair of neighbours is one (and a single one alone). */
static void split_terms(terms *t, sluice_text text, arena *a) {
    const char *at = text.data, *end = columns_end(text);
    const char *word = NULL, *before = NULL;
    bool paired = false;
    while (at < end) {
        const char *start = at;
        uint32_t character = columns_next_character(&at, end);
        bool wide = character >= 0x2E80;
        if (is_word(character) && word == NULL) {
            word = start;
        }
        if (!is_word(character) && word != NULL) {
            add_term(t, (sluice_text){word, (size_t)(start - word)}, a);
            word = NULL;
        }
        if (before != NULL && (wide || !paired)) {
            add_term(t, (sluice_text){before, (size_t)((wide ? at : start) - before)}, a);
        }
        paired = before != NULL && wide;
        before = wide ? start : NULL;
    }
    if (word != NULL) {
        add_term(t, (sluice_text){word, (size_t)(end - word)}, a);
    }
    if (before != NULL && !paired) {
        add_term(t, (sluice_text){before, (size_t)(end - before)}, a);
    }
}

/* A key is found by its value, with and without its kind; a phone also without its country. */
static void key_terms(terms *t, sluice_text key, arena *a) {
    sluice_text kind, value;
    if (!text_split(key, ':', &kind, &value)) {
        split_terms(t, key, a);
        return;
    }
    if (value.length > 3 && memcmp(value.data, "+86", 3) == 0) {
        value = (sluice_text){value.data + 3, value.length - 3};
    }
    add_term(t, value, a);
}

/* ---- writing ---- */

static void record_terms(desk_command *c, const desk_kind *kind, const record *r, terms *t) {
    for (const uint8_t *field = kind->search; *field != NO_FIELD; field++) {
        const record_value *value = &r->values[*field];
        if (!value->is_null && kind->table->fields[*field].type == FIELD_KEY) {
            key_terms(t, value->text, c->arena);
        } else if (!value->is_null) {
            split_terms(t, value->text, c->arena);
        }
    }
}

static bool are_same(const record *rows, size_t count, const terms *t, const record_value *district,
                     const record_value *station) {
    bool same = count == t->count;
    for (size_t i = 0; same && i < count; i++) {
        const record_value *values = rows[i].values;
        same = text_equal(values[SEARCH_TERM].text, t->at[i]) && values[SEARCH_DISTRICT].is_null == district->is_null &&
               values[SEARCH_DISTRICT].integer == district->integer &&
               values[SEARCH_STATION].is_null == station->is_null && values[SEARCH_STATION].integer == station->integer;
    }
    return same;
}

static sluice_result put_terms(desk_command *c, const desk_kind *kind, const record *r, const terms *t,
                               record_value district, record_value station) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < t->count; i++) {
        record_value values[SEARCH_FIELDS] = {
            [SEARCH_TERM] = value_text(t->at[i]),
            [SEARCH_KIND] = value_text(text_of(kind->name)),
            [SEARCH_RECORD] = value_integer(r->id),
            [SEARCH_DISTRICT] = district,
            [SEARCH_STATION] = station,
        };
        record row = {.table = &SEARCH_TABLE, .values = values};
        result = desk_insert(c, &row);
    }
    return result;
}

sluice_result search_put(desk_command *c, const desk_kind *kind, const record *r) {
    if (kind->search == NULL) {
        return SLUICE_OK;
    }
    terms t = {.count = 0};
    record_value district = kind->district == NO_FIELD ? value_null() : r->values[kind->district];
    record_value station = kind->station == NO_FIELD ? value_null() : r->values[kind->station];
    record_terms(c, kind, r, &t);
    if (t.failed) {
        return error_no_memory(c->error, sizeof t);
    }
    query_term of[2] = {{SEARCH_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
                        {SEARCH_RECORD, QUERY_EQUAL, value_integer(r->id), NULL, 0}};
    record_query query = {.table = &SEARCH_TABLE, .terms = of, .term_count = 2, .order = QUERY_ID};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    if (result != SLUICE_OK || are_same(rows, count, &t, &district, &station)) {
        return result;
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = store_delete(c->desk->store, &SEARCH_TABLE, rows[i].id, c->error);
    }
    return result == SLUICE_OK ? put_terms(c, kind, r, &t, district, station) : result;
}

/* ---- searching ---- */

/* Every word must be among the record's own. */
static bool has_all(desk_command *c, const desk_kind *kind, const record *r, const terms *wanted) {
    terms t = {.count = 0};
    record_terms(c, kind, r, &t);
    for (size_t i = 0; i < wanted->count; i++) {
        bool found = false;
        for (size_t k = 0; k < t.count && !found; k++) {
            found = t.at[k].length >= wanted->at[i].length &&
                    memcmp(t.at[k].data, wanted->at[i].data, wanted->at[i].length) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* Rows of the longest word, which is mostly the rarest: as it stands, the newest first; or as what it begins. */
static sluice_result candidates(desk_command *c, const terms *t, const desk_kind *kind, bool begun, record **rows,
                                size_t *count) {
    query_term by[3];
    size_t by_count = 0, longest = 0;
    for (size_t i = 0; i < t->count; i++) {
        longest = t->at[i].length > t->at[longest].length ? i : longest;
    }
    by[by_count++] = (query_term){SEARCH_TERM, begun ? QUERY_PREFIX : QUERY_EQUAL, value_text(t->at[longest]), NULL, 0};
    if (kind != NULL) {
        by[by_count++] = (query_term){SEARCH_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0};
    }
    if (c->actor->level == LEVEL_STATION) {
        by[by_count++] = (query_term){SEARCH_STATION, QUERY_EQUAL, value_integer(c->actor->station), NULL, 0};
    } else if (c->actor->level == LEVEL_DISTRICT) {
        by[by_count++] = (query_term){SEARCH_DISTRICT, QUERY_EQUAL, value_integer(c->actor->district), NULL, 0};
    }
    record_query query = {.table = &SEARCH_TABLE,
                          .terms = by,
                          .term_count = by_count,
                          .order = begun ? SEARCH_TERM : QUERY_ID,
                          .descending = !begun,
                          .limit = CANDIDATES};
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

static sluice_result take_hit(desk_command *c, const record *row, const terms *t, search_hit *hits, size_t *count) {
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(row->values[SEARCH_KIND].text));
    const desk_kind *kind = desk_kind_find(name);
    int64_t id = row->values[SEARCH_RECORD].integer;
    for (size_t i = 0; i < *count; i++) {
        if (hits[i].kind == kind && hits[i].record.id == id) {
            return SLUICE_OK;
        }
    }
    record r;
    sluice_result result =
        kind == NULL ? SLUICE_E_NOT_FOUND : store_get(c->desk->store, kind->table, id, c->arena, &r, c->error);
    if (result == SLUICE_OK && desk_sees_in(c, kind, &r) && has_all(c, kind, &r, t)) {
        hits[(*count)++] = (search_hit){kind, r};
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

sluice_result desk_search(desk_command *c, sluice_text words, const desk_kind *kind, size_t limit,
                          search_hit **hits_out, size_t *count_out) {
    terms t = {.count = 0};
    record *rows = NULL;
    size_t count = 0;
    split_terms(&t, words, c->arena);
    *count_out = 0;
    *hits_out = arena_alloc(c->arena, (limit + 1) * sizeof **hits_out);
    if (*hits_out == NULL || t.failed) {
        return error_no_memory(c->error, limit * sizeof **hits_out);
    }
    if (t.count == 0) {
        return SLUICE_OK;
    }
    sluice_result result = SLUICE_OK;
    for (int begun = 0; result == SLUICE_OK && begun < 2 && *count_out < limit; begun++) {
        result = candidates(c, &t, kind, begun == 1, &rows, &count);
        for (size_t i = 0; result == SLUICE_OK && i < count && *count_out < limit; i++) {
            result = take_hit(c, &rows[i], &t, *hits_out, count_out);
        }
    }
    return result;
}
