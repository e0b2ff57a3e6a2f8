#include "desk/search.h"

#include "base/columns.h"
#include "desk/desk_private.h"

enum { TERMS_MAX = 24, TERM_BYTES_MAX = 64, CANDIDATES = 400, READ_AT_ONCE = 64 };

static const record_field SEARCH[SEARCH_FIELDS] = {
    [SEARCH_TERM] = {"term", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "word", .zh = "词"},
    [SEARCH_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "record type", .zh = "记录类别"},
    [SEARCH_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录编号"},
    [SEARCH_DISTRICT] = {"district", FIELD_INTEGER, .en = "district", .zh = "县区"},
    [SEARCH_STATION] = {"station", FIELD_INTEGER, .en = "station", .zh = "派出所"},
};
/* A word that half of the city's records have is rare in a station, and among the kinds that there are few of. */
static const record_index INDEXES[] = {{false, {SEARCH_KIND, SEARCH_RECORD, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_TERM, RECORD_END, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_KIND, SEARCH_TERM, RECORD_END, RECORD_END}},
                                       {false, {SEARCH_KIND, SEARCH_DISTRICT, SEARCH_TERM, RECORD_END}},
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

static bool is_same(const record_value *a, const record_value *b) {
    return a->is_null == b->is_null && (a->is_null || a->integer == b->integer);
}

static bool are_same(const record *there, size_t there_count, const record *rows, size_t count) {
    bool same = there_count == count;
    for (size_t i = 0; same && i < count; i++) {
        const record_value *a = there[i].values, *b = rows[i].values;
        same = text_equal(a[SEARCH_TERM].text, b[SEARCH_TERM].text) &&
               is_same(&a[SEARCH_DISTRICT], &b[SEARCH_DISTRICT]) && is_same(&a[SEARCH_STATION], &b[SEARCH_STATION]);
    }
    return same;
}

sluice_result search_rows(desk_command *c, const desk_kind *kind, const record *r, record **rows_out,
                          size_t *count_out) {
    terms t = {.count = 0};
    if (kind->search != NULL) {
        record_terms(c, kind, r, &t);
    }
    *count_out = t.count;
    *rows_out = arena_alloc(c->arena, (t.count + 1) * sizeof **rows_out);
    for (size_t i = 0; *rows_out != NULL && i < t.count; i++) {
        record *row = *rows_out + i;
        t.failed = !record_init(row, &SEARCH_TABLE, c->arena) || t.failed;
        if (t.failed) {
            break;
        }
        row->values[SEARCH_TERM] = value_text(t.at[i]);
        row->values[SEARCH_KIND] = value_text(text_of(kind->name));
        row->values[SEARCH_RECORD] = value_integer(r->id);
        row->values[SEARCH_DISTRICT] = !has_field(kind->district) ? value_null() : r->values[field_of(kind->district)];
        row->values[SEARCH_STATION] = !has_field(kind->station) ? value_null() : r->values[field_of(kind->station)];
    }
    return *rows_out == NULL || t.failed ? error_no_memory(c->error, sizeof t) : SLUICE_OK;
}

sluice_result search_put(desk_command *c, const desk_kind *kind, const record *r) {
    record *there = NULL, *rows = NULL;
    size_t there_count = 0, count = 0;
    if (kind->search == NULL) {
        return SLUICE_OK;
    }
    query_term of[2] = {{SEARCH_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
                        {SEARCH_RECORD, QUERY_EQUAL, value_integer(r->id), NULL, 0}};
    record_query query = {.table = &SEARCH_TABLE, .terms = of, .term_count = 2, .order = QUERY_ID};
    sluice_result result = search_rows(c, kind, r, &rows, &count);
    if (result == SLUICE_OK && r->version > 1) { /* a new record has none */
        result = store_select(c->desk->store, &query, c->arena, &there, &there_count, c->error);
    }
    if (result != SLUICE_OK || are_same(there, there_count, rows, count)) {
        return result;
    }
    for (size_t i = 0; result == SLUICE_OK && i < there_count; i++) {
        result = store_delete(c->desk->store, &SEARCH_TABLE, there[i].id, c->error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = desk_insert(c, &rows[i]);
    }
    return result;
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

/* Whose rows an actor is shown of one kind; NULL: of all kinds at once. Returns how many terms there are. */
static size_t add_scope(const desk_actor *actor, const desk_kind *kind, query_term *out) {
    if (actor->level == LEVEL_CITY || (kind != NULL && (!has_field(kind->district) || kind->shared_by != NULL))) {
        return 0;
    }
    bool by_station = actor->level == LEVEL_STATION && (kind == NULL || has_field(kind->station));
    *out = by_station ? (query_term){SEARCH_STATION, QUERY_EQUAL, value_integer(actor->station), NULL, 0}
                      : (query_term){SEARCH_DISTRICT, QUERY_EQUAL, value_integer(actor->district), NULL, 0};
    return 1;
}

/* He sees more of this kind than what has his unit in it: what is shared, belongs to nobody, or has no station. */
static bool is_wider(const desk_actor *actor, const desk_kind *kind) {
    return kind->search != NULL && actor->level != LEVEL_CITY &&
           (!has_field(kind->district) || kind->shared_by != NULL ||
            (actor->level == LEVEL_STATION && !has_field(kind->station)));
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
    by_count += add_scope(c->actor, kind, &by[by_count]);
    record_query query = {.table = &SEARCH_TABLE,
                          .terms = by,
                          .term_count = by_count,
                          .order = begun ? SEARCH_TERM : QUERY_ID,
                          .descending = !begun,
                          .limit = CANDIDATES,
                          .is_uneven = true};
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

/* Hits in the making. */
typedef struct found {
    const terms *wanted;
    search_hit *hits;
    size_t count, limit;
} found;

static bool has_hit(const found *f, const desk_kind *kind, int64_t id) {
    for (size_t i = 0; i < f->count; i++) {
        if (f->hits[i].kind == kind && f->hits[i].record.id == id) {
            return true;
        }
    }
    return false;
}

static const desk_kind *kind_of(const record *row) {
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(row->values[SEARCH_KIND].text));
    return desk_kind_find(name);
}

/* The records of one kind that these rows name, by one statement; it always asks for as many, so that it is prepared
 * once. In no order. */
static sluice_result read_records(desk_command *c, const desk_kind *kind, const record *rows, size_t count,
                                  record **records_out, size_t *record_count_out) {
    record_value ids[READ_AT_ONCE];
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++) {
        if (kind_of(&rows[i]) == kind) {
            ids[wanted++] = rows[i].values[SEARCH_RECORD];
        }
    }
    for (size_t i = wanted; i < READ_AT_ONCE; i++) {
        ids[i] = ids[0];
    }
    query_term any = {QUERY_ID, QUERY_IN, value_null(), ids, READ_AT_ONCE};
    record_query query = {.table = kind->table, .terms = &any, .term_count = 1, .order = QUERY_ID};
    return store_select(c->desk->store, &query, c->arena, records_out, record_count_out, c->error);
}

static const record *with_id(const record *records, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++) {
        if (records[i].id == id) {
            return &records[i];
        }
    }
    return NULL;
}

/* Of at most READ_AT_ONCE rows, in their order. */
static sluice_result take_hits(desk_command *c, const record *rows, size_t count, found *f) {
    struct {
        const desk_kind *kind;
        record *records;
        size_t count;
    } read[READ_AT_ONCE];
    size_t kinds = 0;
    for (size_t i = 0; i < count && f->count < f->limit; i++) {
        const desk_kind *kind = kind_of(&rows[i]);
        int64_t id = rows[i].values[SEARCH_RECORD].integer;
        size_t k = 0;
        while (k < kinds && read[k].kind != kind) {
            k++;
        }
        if (k == kinds && kind != NULL) {
            read[kinds++].kind = kind;
            sluice_result result = read_records(c, kind, rows + i, count - i, &read[k].records, &read[k].count);
            if (result != SLUICE_OK) {
                return result;
            }
        }
        const record *r = kind == NULL ? NULL : with_id(read[k].records, read[k].count, id);
        if (r != NULL && !has_hit(f, kind, id) && desk_sees_in(c, kind, r) && has_all(c, kind, r, f->wanted)) {
            f->hits[f->count++] = (search_hit){kind, *r};
        }
    }
    return SLUICE_OK;
}

/* kind NULL: of all kinds. */
static sluice_result find(desk_command *c, const desk_kind *kind, bool begun, found *f) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = candidates(c, f->wanted, kind, begun, &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count && f->count < f->limit; i += READ_AT_ONCE) {
        result = take_hits(c, rows + i, count - i < READ_AT_ONCE ? count - i : READ_AT_ONCE, f);
    }
    return result;
}

static sluice_result find_wider(desk_command *c, bool begun, found *f) {
    size_t count;
    sluice_result result = SLUICE_OK;
    const desk_kind *const *kinds = desk_kinds(&count);
    for (size_t i = 0; result == SLUICE_OK && i < count && f->count < f->limit; i++) {
        if (is_wider(c->actor, kinds[i])) {
            result = find(c, kinds[i], begun, f);
        }
    }
    return result;
}

sluice_result desk_search(desk_command *c, sluice_text words, const desk_kind *kind, size_t limit,
                          search_hit **hits_out, size_t *count_out) {
    terms t = {.count = 0};
    split_terms(&t, words, c->arena);
    *count_out = 0;
    *hits_out = arena_alloc(c->arena, (limit + 1) * sizeof **hits_out);
    if (*hits_out == NULL || t.failed) {
        return error_no_memory(c->error, limit * sizeof **hits_out);
    }
    if (t.count == 0) {
        return SLUICE_OK;
    }
    found f = {.wanted = &t, .hits = *hits_out, .limit = limit};
    sluice_result result = SLUICE_OK;
    for (int begun = 0; result == SLUICE_OK && begun < 2 && f.count < limit; begun++) {
        result = find(c, kind, begun == 1, &f);
        result = result == SLUICE_OK && kind == NULL ? find_wider(c, begun == 1, &f) : result;
    }
    *count_out = f.count;
    return result;
}
