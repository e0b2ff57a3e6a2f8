#include "desk/dated.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "desk/dated_defaults.h"
#include "desk/desk_private.h"

enum {
    D_NAME,
    D_CODE,
    D_VALUE,
    D_NUMBER,
    D_FROM,
    D_TO,
    D_LAW,
    D_EN,
    D_ZH,
    D_STATE,
    D_PROPOSED_BY,
    D_APPROVED_BY,
    D_APPROVED_AT,
    D_FIELDS
};

static const record_field FIELDS[D_FIELDS] = {
    [D_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                .en = "table", .zh = "表"},
    [D_CODE] = {"code", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64, .en = "code",
                .zh = "代码"},
    [D_VALUE] = {"value", FIELD_TEXT, .en = "value; a duration like 48h, a number, or words",
                 .zh = "取值；时长（如 48h）、数字或文字"},
    [D_NUMBER] = {"number", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "numeric value; ms, count or fen",
                  .zh = "数值；毫秒、次数或分"},
    [D_FROM] = {"valid_from", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "valid from", .zh = "生效时间"},
    [D_TO] = {"valid_to", FIELD_TIME, .en = "valid until", .zh = "失效时间"},
    [D_LAW] = {"law", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "legal basis", .zh = "依据"},
    [D_EN] = {"en", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "English", .zh = "英文"},
    [D_ZH] = {"zh", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "Chinese", .zh = "中文"},
    [D_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                 .codes = "proposed|holds|refused", .en = "state", .zh = "状态"},
    [D_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "proposed by",
                       .zh = "提出人"},
    [D_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                       .zh = "审批人"},
    [D_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审批时间"},
};

static const record_table TABLE = {"dated",
                                   FIELDS,
                                   D_FIELDS,
                                   (const record_index[]){{false, {D_NAME, D_CODE, D_FROM, RECORD_END}},
                                                          {false, {D_STATE, D_NAME, RECORD_END, RECORD_END}}},
                                   2,
                                   false,
                                   "dated tables",
                                   "时效表"};

static const record_field PROPOSE[] = {
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "table", .zh = "表"},
    {"code", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "code", .zh = "代码"},
    {"value", FIELD_TEXT, .en = "value", .zh = "取值"},
    {"valid_from", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "valid from", .zh = "生效时间"},
    {"valid_to", FIELD_TIME, .en = "valid until", .zh = "失效时间"},
    {"law", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "legal basis", .zh = "依据"},
    {"en", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "English", .zh = "英文"},
    {"zh", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "Chinese", .zh = "中文"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

static bool count_parse(sluice_text value, int64_t *count_out) {
    uint64_t count = 0;
    bool fits = text_to_u64(value, &count) && count <= INT64_MAX;
    *count_out = fits ? (int64_t)count : 0;
    return fits;
}

/* A duration, a number, or neither. */
static int64_t number_of(sluice_text value) {
    int64_t number = 0;
    return time_duration_parse(value, &number) || count_parse(value, &number) ? number : 0;
}

/* Tables whose values are numbers, and which numbers make sense: code reckons with them. */
static const struct {
    const char *table;
    bool (*parse)(sluice_text value, int64_t *number_out);
    int64_t least, most;
    const char *expected;
} NUMBERS[] = {
    {"duration", time_duration_parse, 1, 36500 * TIME_DAY_MS,
     "a duration like 48h or 30d, of at most 36500d, is expected"},
    {"months", count_parse, 1, 1200, "a number of months from 1 to 1200 is expected"},
    {"days", count_parse, 0, 3650, "a number of days from 0 to 3650 is expected"},
    {"cap", count_parse, 0, 1000000, "a number from 0 to 1,000,000 is expected"},
    {"percent", count_parse, 0, 100, "a number from 0 to 100 is expected"},
    {"tier_score", count_parse, 0, 100, "a number from 0 to 100 is expected"},
    {"threshold", count_parse, 1, INT64_C(100000000000000000), "a number above 0 is expected"},
};

static sluice_result check_number(desk_command *c, const record *r) {
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        int64_t number = 0;
        if (text_equal(r->values[D_NAME].text, text_of(NUMBERS[i].table)) &&
            (!NUMBERS[i].parse(value_text_or_empty(&r->values[D_VALUE]), &number) || number < NUMBERS[i].least ||
             number > NUMBERS[i].most)) {
            return desk_fault_add(c, "value", "%s", NUMBERS[i].expected);
        }
    }
    return SLUICE_OK;
}

static sluice_result check_row(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    const record_value *to = &r->values[D_TO];
    sluice_text value = value_text_or_empty(&r->values[D_VALUE]);
    r->values[D_NUMBER] = value_integer(number_of(value));
    if (!to->is_null && to->integer <= r->values[D_FROM].integer) {
        return desk_fault_add(c, "valid_to", "a time after valid_from is expected");
    }
    return check_number(c, r);
}

/* The row that held until now ends where this one begins. One that holds longer than this one stays: it rests
 * meanwhile, and holds again when this one has ended, so that a row for some days leaves no gap. */
static sluice_result end_before(desk_command *c, record *r) {
    query_term same[3] = {{D_NAME, QUERY_EQUAL, r->values[D_NAME], NULL, 0},
                          {D_CODE, QUERY_EQUAL, r->values[D_CODE], NULL, 0},
                          {D_STATE, QUERY_EQUAL, value_text(TEXT("holds")), NULL, 0}};
    record_query query = {.table = &TABLE, .terms = same, .term_count = 3, .order = D_FROM};
    record *rows = NULL;
    size_t count = 0;
    int64_t from = r->values[D_FROM].integer;
    const record_value *until = &r->values[D_TO];
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        record_value *to = &rows[i].values[D_TO];
        bool outlasts = !until->is_null && (to->is_null || to->integer > until->integer);
        if (rows[i].id != r->id && rows[i].values[D_FROM].integer < from && (to->is_null || to->integer > from) &&
            !outlasts) {
            *to = value_integer(from);
            result = desk_update(c, &rows[i]);
        }
    }
    return result;
}

static sluice_result approve_row(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[D_FROM].integer < c->now_ms) {
        r->values[D_FROM] = value_integer(c->now_ms); /* nothing holds before it was decided */
    }
    if (!r->values[D_TO].is_null && r->values[D_TO].integer <= r->values[D_FROM].integer) {
        return error_set(c->error, SLUICE_E_STATE, "its time is over already: refuse it and propose another");
    }
    c->desk->dated_changed = true;
    return end_before(c, r);
}

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", ROLE_ADMINISTRATOR | ROLE_COMMANDER, ACT_CITY, BY(D_PROPOSED_BY), INPUTS(PROPOSE),
     RUN(check_row), SAYS("propose a row", "提出")},
    {"approve", "proposed", "holds", ROLE_COMMANDER, ACT_CITY, OTHER_THAN(D_PROPOSED_BY), BY(D_APPROVED_BY),
     AT(D_APPROVED_AT), INPUTS(NOTE), RUN(approve_row), SAYS("let it hold", "批准")},
    {"refuse", "proposed", "refused", ROLE_COMMANDER, ACT_CITY | ACT_REASON, BY(D_APPROVED_BY), AT(D_APPROVED_AT),
     INPUTS(NOTE), SAYS("refuse it", "不批准")},
};

const desk_kind DATED_KIND = {
    .table = &TABLE,
    .name = "dated",
    .collection = "dated",
    .readers = ROLES_ALL,
    .state = SOME(D_STATE),
    ACTS_OF(ACTS),
};

/* ---- the cache ---- */

static int compare_rows(const void *left, const void *right) {
    const dated_row *a = left, *b = right;
    int order = text_compare(a->name, b->name);
    order = order != 0 ? order : text_compare(a->code, b->code);
    return order != 0 ? order : (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

static dated_row row_of(const record *r) {
    const record_value *values = r->values;
    return (dated_row){
        .name = values[D_NAME].text,
        .code = values[D_CODE].text,
        .value = value_text_or_empty(&values[D_VALUE]),
        .number = values[D_NUMBER].integer,
        .from_ms = values[D_FROM].integer,
        .to_ms = values[D_TO].is_null ? 0 : values[D_TO].integer,
        .law = values[D_LAW].text,
        .en = values[D_EN].text,
        .zh = values[D_ZH].text,
        .id = r->id,
    };
}

sluice_result dated_reload(desk *d, sluice_error *error) {
    enum { PAGE = 1000 };
    size_t capacity = 0, count = PAGE;
    memory_free(d->dated);
    d->dated = NULL;
    d->dated_count = 0;
    arena_reset(&d->dated_arena);
    query_term holds = {D_STATE, QUERY_EQUAL, value_text(TEXT("holds")), NULL, 0};
    record_query query = {.table = &TABLE, .terms = &holds, .term_count = 1, .order = QUERY_ID, .limit = PAGE};
    while (count == PAGE) {
        record *rows = NULL;
        sluice_result result = store_select(d->store, &query, &d->dated_arena, &rows, &count, error);
        if (result != SLUICE_OK) {
            return result;
        }
        if (count > 0 && !ARRAY_RESERVE(d->dated, capacity, d->dated_count + count)) {
            return error_no_memory(error, count * sizeof *d->dated);
        }
        for (size_t i = 0; i < count; i++) {
            d->dated[d->dated_count++] = row_of(&rows[i]);
            query.after_id = rows[i].id;
        }
        query.has_after = true;
        query.after = value_integer(query.after_id);
    }
    if (d->dated_count > 0) {
        qsort(d->dated, d->dated_count, sizeof *d->dated, compare_rows);
    }
    const dated_row *idle = dated_find(d, "duration", TEXT("session_idle"), INT64_MAX - 1);
    atomic_store_explicit(&d->idle_ms, idle == NULL ? TIME_DAY_MS : idle->number, memory_order_relaxed);
    return SLUICE_OK;
}

static bool holds_at(const dated_row *row, int64_t at_ms) {
    return row->from_ms <= at_ms && (row->to_ms == 0 || at_ms < row->to_ms);
}

const dated_row *dated_find(const desk *d, const char *name, sluice_text code, int64_t at_ms) {
    const dated_row *found = NULL;
    for (size_t i = 0; i < d->dated_count; i++) {
        const dated_row *row = &d->dated[i];
        if (text_equal(row->name, text_of(name)) && text_equal(row->code, code) && holds_at(row, at_ms)) {
            found = row; /* of two that hold the one that began last */
        }
    }
    return found;
}

sluice_result dated_number(desk_command *c, const char *name, const char *code, int64_t *number_out) {
    const dated_row *row = dated_find(c->desk, name, text_of(code), c->now_ms);
    *number_out = row == NULL ? 0 : row->number;
    return row != NULL ? SLUICE_OK
                       : error_set(c->error, SLUICE_E_DAMAGED,
                                   "the dated table %s has no row %s that holds now: propose one", name, code);
}

/* Is there one behind it, of the same name and code, that holds too? Rows are in the order of their beginnings. */
static bool rests_at(const desk *d, size_t i, int64_t at_ms) {
    for (size_t k = i + 1; k < d->dated_count && text_equal(d->dated[k].name, d->dated[i].name) &&
                           text_equal(d->dated[k].code, d->dated[i].code);
         k++) {
        if (holds_at(&d->dated[k], at_ms)) {
            return true;
        }
    }
    return false;
}

void dated_each(const desk *d, const char *name, int64_t at_ms, bool (*visit)(void *context, const dated_row *row),
                void *context) {
    for (size_t i = 0; i < d->dated_count; i++) {
        const dated_row *row = &d->dated[i];
        if (text_equal(row->name, text_of(name)) && holds_at(row, at_ms) && !rests_at(d, i, at_ms) &&
            !visit(context, row)) {
            return;
        }
    }
}

static sluice_result insert_default(desk_command *c, const dated_default *row) {
    int64_t from_ms = 0;
    SLUICE_ASSERT(time_parse(text_of(row->from), TIME_SHANGHAI_OFFSET_MS, &from_ms));
    sluice_text value = text_of(row->value);
    record_value values[D_FIELDS] = {
        [D_NAME] = value_text(text_of(row->name)),
        [D_CODE] = value_text(text_of(row->code)),
        [D_VALUE] = value.length == 0 ? value_null() : value_text(value),
        [D_NUMBER] = value_integer(number_of(value)),
        [D_FROM] = value_integer(from_ms),
        [D_TO] = value_null(),
        [D_LAW] = value_text(text_of(row->law)),
        [D_EN] = value_text(text_of(row->en)),
        [D_ZH] = value_text(text_of(row->zh)),
        [D_STATE] = value_text(TEXT("holds")),
        [D_PROPOSED_BY] = value_null(),
        [D_APPROVED_BY] = value_null(),
        [D_APPROVED_AT] = value_null(),
    };
    record r = {.table = &TABLE, .values = values};
    return desk_insert(c, &r);
}

/* The defaults that this database has never had a row of; what a centre has changed or ended is left alone. */
static sluice_result find_missing(desk *d, const dated_default **missing, size_t *count_out, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    *count_out = 0;
    for (size_t i = 0; result == SLUICE_OK && i < DATED_DEFAULT_COUNT + DATED_BANK_COUNT; i++) {
        const dated_default *row = i < DATED_DEFAULT_COUNT ? &DATED_DEFAULTS[i] : &DATED_BANK[i - DATED_DEFAULT_COUNT];
        uint64_t rows = 0;
        query_term terms[2] = {{D_NAME, QUERY_EQUAL, value_text(text_of(row->name)), NULL, 0},
                               {D_CODE, QUERY_EQUAL, value_text(text_of(row->code)), NULL, 0}};
        record_query any = {.table = &TABLE, .terms = terms, .term_count = 2};
        result = store_count(d->store, &any, 1, &rows, error);
        if (rows == 0) {
            missing[(*count_out)++] = row;
        }
    }
    return result;
}

typedef struct defaults {
    const dated_default **rows;
    size_t count;
} defaults;

static sluice_result insert_defaults(desk_command *c, void *context) {
    const defaults *all = context;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < all->count; i++) {
        result = insert_default(c, all->rows[i]);
    }
    c->desk->dated_changed = true;
    return result;
}

sluice_result dated_fill(desk *d, int64_t now_ms, sluice_error *error) {
    arena a = {0};
    defaults all = {.rows = arena_alloc(&a, (DATED_DEFAULT_COUNT + DATED_BANK_COUNT) * sizeof *all.rows)};
    sluice_result result = all.rows == NULL ? error_no_memory(error, DATED_DEFAULT_COUNT * sizeof *all.rows)
                                            : find_missing(d, all.rows, &all.count, error);
    if (result == SLUICE_OK && all.count > 0) {
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = &a, .error = error};
        result = desk_run_alone(&c, insert_defaults, &all);
    }
    arena_fini(&a);
    return result;
}
