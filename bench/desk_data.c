#include "desk_data.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/warning.h"

/* ---- values ---- */

typedef struct shares {
    const char *code;
    uint32_t of_1000;
} shares;

static const shares STATES[] = {{"closed", 900}, {"new", 20},       {"signed", 20},
                                {"working", 40}, {"not_found", 10}, {"closing", 10}};
static const shares TIERS[] = {{"low", 600}, {"medium", 300}, {"high", 90}, {"urgent", 10}};
static const shares TYPES[] = {{"brushing", 350}, {"logistics", 150}, {"investment", 150},
                               {"loan", 150},     {"credit", 100},    {"shopping", 100}};

static record_value code(random_stream *draw, const shares *codes, size_t count) {
    uint64_t pick = random_below(draw, 1000);
    size_t i = 0;
    for (; i + 1 < count && pick >= codes[i].of_1000; i++) {
        pick -= codes[i].of_1000;
    }
    return value_text(text_of(codes[i].code));
}

record_value data_tier(random_stream *draw) {
    return code(draw, TIERS, sizeof TIERS / sizeof *TIERS);
}

record_value data_fraud_type(random_stream *draw) {
    return code(draw, TYPES, sizeof TYPES / sizeof *TYPES);
}

int64_t data_skewed(random_stream *draw, uint64_t bound) {
    uint64_t one = random_below(draw, bound), two = random_below(draw, bound);
    return 1 + (int64_t)(one < two ? one : two);
}

int64_t data_district_of(int64_t station) {
    return 1 + (station - 1) % DATA_DISTRICTS;
}

static record_value a_name(random_stream *draw, arena *a) {
    static const char *const SURNAMES[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"};
    static const char *const GIVEN[] = {"伟", "芳", "娜", "敏", "静", "强", "磊",
                                        "洋", "艳", "勇", "军", "杰", "娟", "涛"};
    char text[32];
    int length = snprintf(text, sizeof text, "%s%s%s", SURNAMES[random_below(draw, 10)], GIVEN[random_below(draw, 14)],
                          GIVEN[random_below(draw, 14)]);
    const char *copy = arena_copy(a, text, (size_t)length);
    return copy == NULL ? value_null() : value_text((sluice_text){copy, (size_t)length});
}

/* What must be unique, is null. */
static void leave_unique(record *r) {
    for (size_t i = 0; i < r->table->index_count; i++) {
        if (r->table->indexes[i].unique) {
            r->values[r->table->indexes[i].fields[0]] = value_null();
        }
    }
}

/* ---- records ---- */

void data_warning(record *r, uint64_t row, random_stream *draw, arena *a) {
    const record_table *table = r->table;
    record_value *v = r->values, state = code(draw, STATES, sizeof STATES / sizeof *STATES);
    bool closed = text_equal(state.text, TEXT("closed"));
    int64_t station = data_skewed(draw, DATA_STATIONS);
    for (size_t i = 0; i < table->field_count; i++) {
        bool wanted = (table->fields[i].flags & FIELD_REQUIRED) != 0 || random_below(draw, 3) == 0;
        v[i] = wanted ? fill_value(&table->fields[i], row, a) : value_null();
    }
    leave_unique(r);
    v[WARNING_VICTIM] = fill_numbered(a, "phone:+86", random_below(draw, DATA_PERSONS));
    v[WARNING_PHONE] = fill_numbered(a, "1", random_below(draw, DATA_PERSONS));
    v[WARNING_STATE] = state;
    v[WARNING_TIER] = data_tier(draw);
    v[WARNING_FRAUD_TYPE] = data_fraud_type(draw);
    v[WARNING_STATION] = value_integer(station);
    v[WARNING_DISTRICT] = value_integer(data_district_of(station));
    v[WARNING_ASSIGNEE] =
        closed || random_below(draw, 2) == 0 ? value_integer(data_skewed(draw, DATA_OFFICERS)) : value_null();
    v[WARNING_DUE] = closed ? value_null() : value_integer(DATA_NOW_MS + random_between(draw, -86400000, 86400000));
    v[WARNING_REVIEW] = random_below(draw, 10000) == 0 ? value_text(TEXT("overdue")) : value_null();
    r->created_ms = r->updated_ms = DATA_WARNING_MS(row);
}

static record_value order_value(const record_field *f, random_stream *draw, arena *a) {
    if (f->type == FIELD_CODE && f->codes != NULL) {
        sluice_text word = {0}, rest = text_of(f->codes);
        for (uint64_t skip = random_below(draw, 4) + 1; skip > 0 && rest.length > 0; skip--) {
            (void)text_split(rest, '|', &word, &rest);
        }
        return value_text(word);
    }
    switch (f->type) {
    case FIELD_KEY:
        return fill_numbered(a, "card:622848", random_below(draw, 1000000000));
    case FIELD_TEXT: {
        record_value name = a_name(draw, a);
        return f->bytes_max != 0 && name.text.length > f->bytes_max ? fill_value(f, 1, a) : name;
    }
    case FIELD_TIME:
        return value_integer(DATA_NOW_MS + random_between(draw, -86400000, 86400000));
    default:
        return fill_value(f, random_below(draw, 1000), a);
    }
}

void data_order(record *r, const desk_kind *kind, random_stream *draw, arena *a) {
    const record_table *table = kind->table;
    int64_t station = 1 + (int64_t)random_below(draw, DATA_STATIONS);
    for (size_t i = 0; i < table->field_count; i++) {
        bool wanted = (table->fields[i].flags & FIELD_REQUIRED) != 0 || random_below(draw, 2) == 0;
        r->values[i] = wanted ? order_value(&table->fields[i], draw, a) : value_null();
    }
    leave_unique(r);
    r->values[field_of(kind->station)] = value_integer(station);
    r->values[field_of(kind->district)] = value_integer(data_district_of(station));
    r->created_ms = r->updated_ms = DATA_NOW_MS;
}
