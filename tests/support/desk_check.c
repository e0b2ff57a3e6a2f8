#include "support/desk_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/stores.h"
#include "support/tool.h"

static const stores_kind *under_test = &STORES[0];

const char *desk_check_place(void) {
    enum { PLACES = 4, BYTES = 512 };
    static char places[PLACES][BYTES];
    static size_t next;
    char *place = places[next++ % PLACES];
    under_test->fresh(place, BYTES);
    return place;
}

int desk_check_on_each_store(int (*run)(const char *name)) {
    int failed = 0;
    tool_prefer_memory();
    for (size_t i = 0; i < STORES_COUNT; i++) {
        under_test = &STORES[i];
        if (under_test->is_available()) {
            failed += run(under_test->name);
        }
    }
    return failed;
}

const char *desk_check_json(const char *format, ...) {
    enum { BUFFERS = 16 };
    static char buffers[BUFFERS][8192];
    static size_t next;
    char *buffer = buffers[next++ % BUFFERS];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffers[0], format, args);
    va_end(args);
    assert_true(length >= 0 && (size_t)length < sizeof buffers[0]);
    return buffer;
}

void desk_check_refused(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json,
                        sluice_result code) {
    record before = {0}, out = {0};
    if (id != 0) {
        before = desk_world_get(w, kind, id);
    }
    sluice_result result = desk_world_act(w, who, kind, act, id, -1, json, &out);
    if (result != code) {
        fail_msg("%s.%s of %lld: result %d instead of %d: %s", kind->name, act, (long long)id, (int)result, (int)code,
                 result == SLUICE_OK ? "done" : w->error.text);
    }
    if (id != 0) {
        record after = desk_world_get(w, kind, id);
        assert_int_equal(after.version, before.version);
    }
}

void desk_check_fault(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json,
                      const char *field) {
    desk_check_refused(w, who, kind, act, id, json, SLUICE_E_INPUT);
    for (size_t i = 0; i < w->last.fault_count; i++) {
        if (text_equal(w->last.faults[i].field, text_of(field))) {
            return;
        }
    }
    fail_msg("%s.%s: no fault names %s: %s", kind->name, act, field, w->error.text);
}

void desk_check_state(desk_world *w, const desk_kind *kind, int64_t id, const char *state) {
    assert_string_equal(desk_world_state(w, kind, id), state);
}

void desk_check_text(desk_world *w, const desk_kind *kind, int64_t id, const char *field, const char *text) {
    const record_value *value = desk_world_value(w, kind, id, field);
    if (value->is_null || !text_equal(value->text, text_of(text))) {
        fail_msg("%s.%s is %.*s and not %s", kind->name, field, value->is_null ? 4 : (int)value->text.length,
                 value->is_null ? "null" : value->text.data, text);
    }
}

void desk_check_number(desk_world *w, const desk_kind *kind, int64_t id, const char *field, int64_t number) {
    const record_value *value = desk_world_value(w, kind, id, field);
    if (value->is_null || value->integer != number) {
        fail_msg("%s.%s is %lld%s and not %lld", kind->name, field, (long long)value->integer,
                 value->is_null ? " (null)" : "", (long long)number);
    }
}

void desk_check_null(desk_world *w, const desk_kind *kind, int64_t id, const char *field) {
    assert_true(desk_world_value(w, kind, id, field)->is_null);
}

void desk_check_at(desk_world *w, const desk_kind *kind, int64_t id, int64_t at_ms) {
    int64_t version = desk_world_get(w, kind, id).version;
    desk_world_until(w, at_ms - 1);
    assert_int_equal(desk_world_get(w, kind, id).version, version);
    desk_world_until(w, at_ms);
    assert_true(desk_world_get(w, kind, id).version > version);
}

size_t desk_check_children(desk_world *w, const desk_kind *child, uint8_t field, int64_t id) {
    query_term of = {field, QUERY_EQUAL, value_integer(id), NULL, 0};
    record_query query = {.table = child->table, .terms = &of, .term_count = 1, .order = QUERY_ID};
    uint64_t count = 0;
    assert_int_equal(store_count(w->store, &query, 0, &count, &w->error), SLUICE_OK);
    return (size_t)count;
}
