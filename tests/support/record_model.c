#include "support/record_model.h"

#include <string.h>

#include "base/text.h"

static const record_field THING_DESCRIBED[THING_FIELDS] = {
    [THING_NAME] = {.name = "name", .type = FIELD_TEXT, .flags = FIELD_FILTER, .en = "name", .zh = "名称"},
    [THING_STATE] = {.name = "state",
                     .type = FIELD_CODE,
                     .flags = FIELD_REQUIRED,
                     .codes = "new|open|closed",
                     .en = "state",
                     .zh = "状态"},
    [THING_AMOUNT] = {.name = "amount_fen", .type = FIELD_MONEY, .en = "amount", .zh = "金额"},
    [THING_DUE] = {.name = "due_ms", .type = FIELD_TIME, .en = "due", .zh = "期限"},
    [THING_OWNER] = {.name = "owner", .type = FIELD_REFERENCE, .target = "thing", .en = "owner", .zh = "负责"},
    [THING_KEY] = {.name = "key", .type = FIELD_KEY, .flags = FIELD_FIXED, .en = "key", .zh = "键"},
    [THING_FLAG] = {.name = "order", .type = FIELD_BOOLEAN, .en = "flag", .zh = "标记"}, /* a word of SQL */
    [THING_DOCUMENT] = {.name = "document", .type = FIELD_JSON, .bytes_max = 20000, .en = "document", .zh = "文档"},
    [THING_BYTES] = {.name = "bytes", .type = FIELD_BLOB, .bytes_max = 100000, .en = "bytes", .zh = "字节"},
    [THING_LASTS] = {.name = "lasts_ms", .type = FIELD_DURATION, .en = "lasts", .zh = "时长"},
};

static const record_index THING_INDEXES[] = {
    {.unique = true, .fields = {THING_KEY, RECORD_END}},
    {.unique = true, .fields = {THING_NAME, THING_OWNER, RECORD_END}},
    {.fields = {THING_STATE, THING_DUE, RECORD_END}},
    {.fields = {THING_STATE, THING_OWNER, THING_AMOUNT, RECORD_END}},
    {.fields = {THING_AMOUNT, RECORD_END}},
    {.fields = {QUERY_CREATED, RECORD_END}},
};

const record_table THING = {.name = "thing",
                            .fields = THING_DESCRIBED,
                            .field_count = THING_FIELDS,
                            .indexes = THING_INDEXES,
                            .index_count = sizeof THING_INDEXES / sizeof *THING_INDEXES,
                            .en = "thing",
                            .zh = "事物"};

static const record_field EVENT_DESCRIBED[EVENT_FIELDS] = {
    [EVENT_OF] = {.name = "thing", .type = FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "thing"},
    [EVENT_TEXT] = {.name = "text", .type = FIELD_TEXT},
};

static const record_index EVENT_INDEXES[] = {{.fields = {EVENT_OF, RECORD_END}}};

const record_table EVENT = {.name = "event",
                            .fields = EVENT_DESCRIBED,
                            .field_count = EVENT_FIELDS,
                            .indexes = EVENT_INDEXES,
                            .index_count = 1,
                            .append_only = true};

bool record_value_equal(const record_value *a, const record_value *b, field_type type) {
    if (a->is_null || b->is_null) {
        return a->is_null == b->is_null;
    }
    return field_is_text(type) ? text_equal(a->text, b->text) : a->integer == b->integer;
}

bool record_equal(const record *a, const record *b) {
    bool equal =
        a->id == b->id && a->version == b->version && a->created_ms == b->created_ms && a->updated_ms == b->updated_ms;
    for (size_t i = 0; i < a->table->field_count; i++) {
        equal = equal && record_value_equal(&a->values[i], &b->values[i], a->table->fields[i].type);
    }
    return equal;
}

static bool field_is_textual(uint8_t field) {
    return field < THING_FIELDS && field_is_text(THING.fields[field].type);
}

static record_value value_of(const record *row, uint8_t field) {
    switch (field) {
    case QUERY_ID:
    case RECORD_END:
        return value_integer(row->id);
    case QUERY_CREATED:
        return value_integer(row->created_ms);
    case QUERY_UPDATED:
        return value_integer(row->updated_ms);
    default:
        return row->values[field];
    }
}

/* Of two that are not null. */
static int compare(record_value a, record_value b, bool is_text) {
    return is_text ? text_compare(a.text, b.text) : (a.integer > b.integer) - (a.integer < b.integer);
}

static bool term_holds(const record *row, const query_term *term) {
    record_value value = value_of(row, term->field);
    bool is_text = field_is_textual(term->field);
    if (term->is == QUERY_NULL || value.is_null) {
        return term->is == QUERY_NULL && value.is_null;
    }
    switch (term->is) {
    case QUERY_EQUAL:
        return compare(value, term->value, is_text) == 0;
    case QUERY_NOT_EQUAL:
        return compare(value, term->value, is_text) != 0;
    case QUERY_LESS:
        return compare(value, term->value, is_text) < 0;
    case QUERY_LESS_EQUAL:
        return compare(value, term->value, is_text) <= 0;
    case QUERY_GREATER:
        return compare(value, term->value, is_text) > 0;
    case QUERY_GREATER_EQUAL:
        return compare(value, term->value, is_text) >= 0;
    case QUERY_PREFIX:
        return value.text.length >= term->value.text.length &&
               text_equal((sluice_text){value.text.data, term->value.text.length}, term->value.text);
    case QUERY_IN:
        for (size_t i = 0; i < term->value_count; i++) {
            if (compare(value, term->values[i], is_text) == 0) {
                return true;
            }
        }
        return false;
    case QUERY_NOT_NULL:
    case QUERY_NULL:
    default:
        return true;
    }
}

bool record_model_holds(const record *row, const record_query *query) {
    for (size_t i = 0; i < query->term_count; i++) {
        if (!term_holds(row, &query->terms[i])) {
            return false;
        }
    }
    return true;
}

/* Whether a place comes before another in the query's order. */
static bool is_before(const record_query *q, record_value a, int64_t a_id, record_value b, int64_t b_id) {
    int order = 0;
    if (a.is_null || b.is_null) {
        if (a.is_null != b.is_null) {
            return b.is_null; /* nulls last, whichever way */
        }
    } else {
        order = compare(a, b, field_is_textual(q->order));
    }
    order = order != 0 ? order : (a_id > b_id) - (a_id < b_id);
    return q->descending ? order > 0 : order < 0;
}

size_t record_model_select(const record_model *m, const record_query *q, const record *out[MODEL_ROWS_MAX]) {
    size_t count = 0, limit = q->limit == 0 ? 100 : q->limit;
    for (size_t i = 0; i < m->count; i++) {
        const record *row = &m->rows[i];
        record_value value = value_of(row, q->order);
        if (!record_model_holds(row, q) || (q->has_after && !is_before(q, q->after, q->after_id, value, row->id))) {
            continue;
        }
        size_t at = count++;
        for (; at > 0 && is_before(q, value, row->id, value_of(out[at - 1], q->order), out[at - 1]->id); at--) {
            out[at] = out[at - 1];
        }
        out[at] = row;
    }
    return count < limit ? count : limit;
}

bool record_model_conflicts(const record_model *m, const record *row) {
    const record_value *v = row->values;
    for (size_t i = 0; i < m->count; i++) {
        const record_value *o = m->rows[i].values;
        bool same_key = !v[THING_KEY].is_null && record_value_equal(&v[THING_KEY], &o[THING_KEY], FIELD_KEY);
        bool same_pair = !v[THING_NAME].is_null && !v[THING_OWNER].is_null &&
                         record_value_equal(&v[THING_NAME], &o[THING_NAME], FIELD_TEXT) &&
                         record_value_equal(&v[THING_OWNER], &o[THING_OWNER], FIELD_REFERENCE);
        if (m->rows[i].id != row->id && (same_key || same_pair)) {
            return true;
        }
    }
    return false;
}

record *record_model_find(record_model *m, int64_t id) {
    for (size_t i = 0; i < m->count; i++) {
        if (m->rows[i].id == id) {
            return &m->rows[i];
        }
    }
    return NULL;
}

void record_model_remove(record_model *m, int64_t id) {
    record *row = record_model_find(m, id);
    if (row != NULL) {
        size_t at = (size_t)(row - m->rows);
        memmove(row, row + 1, (m->count - at - 1) * sizeof *row);
        m->count--;
    }
}
