/* Every kind's table of acts, walked: from each state each act that is not possible there is refused with STATE; for
 * each act the wrong role, level, district, version and second person are refused; and nothing has changed. Records are
 * put straight into the store in the state that is asked about. A new kind needs no line here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "desk/dated.h"
#include "desk/history.h"
#include "desk/unit.h"
#include "desk/user.h"
#include "support/desk_check.h"

static desk_world w;
static int64_t serial; /* makes values that must be unique */
static size_t checked;

#define EVERY_ROLE (ROLES_ALL & ~(unsigned)ROLE_PARTNER)

/* ---- values that fit a field ---- */

typedef struct first_code {
    sluice_text code;
} first_code;

static bool take_first(void *context, const dated_row *row) {
    ((first_code *)context)->code = row->code;
    return false;
}

static sluice_text code_of(const record_field *field) {
    sluice_text first, rest;
    if (field->codes != NULL) {
        (void)text_split(text_of(field->codes), '|', &first, &rest);
        return first;
    }
    first_code found = {0};
    dated_each(w.desk, field->target, w.now_ms, take_first, &found);
    if (found.code.length == 0) {
        fail_msg("the dated table %s is empty", field->target);
    }
    return found.code;
}

static sluice_text numbered(const char *before, size_t bytes_max) {
    char *text = arena_alloc(&w.memory, 64);
    assert_non_null(text);
    int length = snprintf(text, 64, "%s%lld", before, (long long)++serial);
    size_t bytes = (size_t)length;
    return (sluice_text){text, bytes_max != 0 && bytes > bytes_max ? bytes_max : bytes};
}

static int64_t put_record(const desk_kind *kind, sluice_text state, int64_t district);

static record_value value_for(const record_field *field, bool is_parent, const desk_kind *parent, int64_t district) {
    switch (field->type) {
    case FIELD_REFERENCE:
        return value_integer(is_parent ? put_record(parent, (sluice_text){0}, district) : 1);
    case FIELD_TEXT:
        return value_text(numbered("x", field->bytes_max));
    case FIELD_CODE:
        return value_text(code_of(field));
    case FIELD_KEY:
        return value_text(numbered("account:", 0));
    case FIELD_JSON:
        return value_text(TEXT("[]"));
    case FIELD_BLOB:
        return value_text(TEXT("abc"));
    default:
        return value_integer(1);
    }
}

static sluice_text first_state(const desk_kind *kind) {
    sluice_text first = {0}, rest;
    if (has_field(kind->state)) {
        (void)text_split(text_of(kind->table->fields[field_of(kind->state)].codes), '|', &first, &rest);
    }
    return first;
}

/* All fields that must not be null, the state, and of district A (0: the given one). */
static int64_t put_record(const desk_kind *kind, sluice_text state, int64_t district) {
    record r;
    assert_true(record_init(&r, kind->table, &w.memory));
    for (size_t i = 0; i < kind->table->field_count; i++) {
        const record_field *field = &kind->table->fields[i];
        bool is_parent = kind->parent != NULL && i == kind->parent_field;
        if ((field->flags & FIELD_REQUIRED) != 0 || is_parent) {
            r.values[i] = value_for(field, is_parent, kind->parent, district);
        }
    }
    if (has_field(kind->state)) {
        r.values[field_of(kind->state)] = value_text(state.length > 0 ? state : first_state(kind));
    }
    if (has_field(kind->district)) {
        r.values[field_of(kind->district)] = value_integer(district);
    }
    if (has_field(kind->institution)) {
        r.values[field_of(kind->institution)] = value_text(TEXT("102100000011"));
    }
    assert_int_equal(store_begin(w.store, &w.error), SLUICE_OK); /* its parent was put before */
    sluice_result result = store_insert(w.store, &r, w.now_ms, &w.error);
    if (result != SLUICE_OK) {
        fail_msg("%s: %s", kind->name, w.error.text);
    }
    assert_int_equal(store_commit(w.store, &w.error), SLUICE_OK);
    return r.id;
}

/* A body with every input of the act, each of which fits. */
static yyjson_mut_doc *body_of(const desk_act_row *act) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    for (size_t i = 0; i < act->input_count; i++) {
        const record_field *field = &act->inputs[i];
        sluice_text text;
        switch (field->type) {
        case FIELD_BOOLEAN:
            (void)yyjson_mut_obj_add_bool(doc, root, field->name, true);
            break;
        case FIELD_TIME:
            (void)yyjson_mut_obj_add_str(doc, root, field->name, "2026-11-01T00:00:00+08:00");
            break;
        case FIELD_DURATION:
            (void)yyjson_mut_obj_add_str(doc, root, field->name, "1h");
            break;
        case FIELD_JSON:
            (void)yyjson_mut_obj_add_val(doc, root, field->name, yyjson_mut_arr(doc));
            break;
        case FIELD_BLOB:
            (void)yyjson_mut_obj_add_str(doc, root, field->name, "YWJj");
            break;
        case FIELD_TEXT:
        case FIELD_CODE:
        case FIELD_KEY:
            text = value_for(field, false, NULL, 0).text;
            (void)yyjson_mut_obj_add_strncpy(doc, root, field->name, text.data, text.length);
            break;
        default:
            (void)yyjson_mut_obj_add_int(doc, root, field->name, 1);
            break;
        }
    }
    return doc;
}

/* ---- one try ---- */

typedef struct call {
    const desk_kind *kind;
    const desk_act_row *act;
    int64_t id, version;
    yyjson_val *body;
    bool is_inside;
} call;

static sluice_result run_call(desk_command *c, void *context) {
    call *k = context;
    record r;
    if (!k->is_inside) {
        return desk_act(c, k->kind, k->act->name, k->id, k->version, k->body, &r);
    }
    sluice_result result = store_get(desk_store(c->desk), k->kind->table, k->id, c->arena, &r, c->error);
    return result == SLUICE_OK ? desk_act_inside(c, k->kind, k->act->name, &r, NULL, 0) : result;
}

static uint64_t rows_of(const record_table *table) {
    record_query all = {.table = table};
    uint64_t count = 0;
    assert_int_equal(store_count(w.store, &all, 0, &count, &w.error), SLUICE_OK);
    return count;
}

static bool are_equal(const record *a, const record *b) {
    bool equal = a->version == b->version;
    for (size_t i = 0; equal && i < a->table->field_count; i++) {
        const record_value *x = &a->values[i], *y = &b->values[i];
        equal = x->is_null == y->is_null && x->integer == y->integer && text_equal(x->text, y->text);
    }
    return equal;
}

/* Tries it, expects `code`, and that neither the record nor its history nor the events have changed. */
static void expect_refused(const desk_actor *actor, call k, sluice_result code, const char *why) {
    yyjson_mut_doc *mutable = body_of(k.act);
    yyjson_doc *doc = yyjson_mut_doc_imut_copy(mutable, NULL);
    yyjson_mut_doc_free(mutable);
    k.body = yyjson_doc_get_root(doc);
    record before = desk_world_get(&w, k.kind, k.id);
    k.version = k.version == -1 ? before.version : k.version;
    uint64_t history = rows_of(&HISTORY_TABLE), events = rows_of(&EVENT_TABLE);
    desk_command c = {.desk = w.desk, .actor = actor, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    sluice_result result = desk_run_alone(&c, run_call, &k);
    yyjson_doc_free(doc);
    if (result != code) {
        fail_msg("%s.%s (%s): %s instead of %s: %s", k.kind->name, k.act->name, why, sluice_result_text(result),
                 sluice_result_text(code), result == SLUICE_OK ? "" : w.error.text);
    }
    record after = desk_world_get(&w, k.kind, k.id);
    assert_true(are_equal(&before, &after));
    assert_int_equal(rows_of(&HISTORY_TABLE), history);
    assert_int_equal(rows_of(&EVENT_TABLE), events);
    checked++;
}

/* Somebody of the city who may do everything. */
static desk_actor master(void) {
    desk_actor actor = w.actors[COMMANDER];
    actor.roles = ROLES_ALL;
    actor.institution = TEXT("102100000011");
    return actor;
}

static bool each_state(sluice_text *rest, sluice_text *state) {
    bool more = rest->length > 0;
    if (more) {
        (void)text_split(*rest, '|', state, rest);
    }
    return more;
}

/* A state that the act is possible in. */
static sluice_text state_for(const desk_kind *kind, const desk_act_row *act) {
    sluice_text rest = text_of(kind->table->fields[field_of(kind->state)].codes), state;
    while (each_state(&rest, &state)) {
        if (desk_is_among(act->from, state)) {
            return state;
        }
    }
    fail_msg("%s.%s: no state of its `from` is a state of the kind", kind->name, act->name);
    return (sluice_text){0};
}

/* ---- the walks ---- */

typedef void (*walk_function)(const desk_kind *kind, const desk_act_row *act);

static void walk(walk_function visit) {
    size_t count = 0;
    const desk_kind *const *kinds = desk_kinds(&count);
    checked = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < kinds[i]->act_count; k++) {
            if (has_field(kinds[i]->state) && kinds[i]->acts[k].from != NULL) {
                visit(kinds[i], &kinds[i]->acts[k]);
            }
        }
    }
    print_message("%zu tries\n", checked);
    assert_true(checked > 0);
}

/* The words of the tables are states, and a kind can be begun. */
static void check_words(const desk_kind *kind, const desk_act_row *act) {
    sluice_text rest = text_of(act->from), word;
    const char *states = kind->table->fields[field_of(kind->state)].codes;
    for (bool more = strcmp(act->from, "*") != 0; more;) {
        more = text_split(rest, '|', &word, &rest);
        if (!desk_is_among(states, word)) {
            fail_msg("%s.%s: %.*s is no state", kind->name, act->name, TEXT_ARGS(word));
        }
    }
    assert_true(act->to == NULL || desk_is_among(states, text_of(act->to)));
    assert_true((act->flags & ACT_BY_CLOCK) == 0 || act->roles == ROLE_SYSTEM);
    assert_true(act->en != NULL && act->zh != NULL);
    if ((act->flags & ACT_REASON) != 0) {
        bool has_note = false;
        for (size_t i = 0; i < act->input_count; i++) {
            has_note = has_note || strcmp(act->inputs[i].name, "note") == 0;
        }
        assert_true(has_note);
    }
    checked++;
}

static void refuse_wrong_states(const desk_kind *kind, const desk_act_row *act) {
    desk_actor actor = master();
    sluice_text rest = text_of(kind->table->fields[field_of(kind->state)].codes), state;
    while (each_state(&rest, &state)) {
        if (desk_is_among(act->from, state)) {
            continue;
        }
        int64_t id = put_record(kind, state, w.district_a);
        call k = {.kind = kind, .act = act, .id = id, .version = -1};
        if ((act->flags & ACT_BY_CLOCK) != 0) {
            expect_refused(&actor, k, SLUICE_E_FORBIDDEN, "by hand");
            k.is_inside = true;
            expect_refused(&DESK_SYSTEM, k, SLUICE_E_STATE, "by the clock in a wrong state");
        } else {
            expect_refused(&actor, k, SLUICE_E_STATE, "wrong state");
        }
    }
}

static void refuse_wrong_persons(const desk_kind *kind, const desk_act_row *act) {
    int64_t id = put_record(kind, state_for(kind, act), w.district_a);
    call k = {.kind = kind, .act = act, .id = id, .version = -1};
    desk_actor actor = master();
    actor.roles = EVERY_ROLE & ~act->roles;
    if (actor.roles != 0) {
        expect_refused(&actor, k, SLUICE_E_FORBIDDEN, "wrong role");
    }
    if ((act->flags & ACT_BY_CLOCK) != 0) {
        return;
    }
    if ((act->flags & (ACT_CITY | ACT_DISTRICT)) != 0) {
        actor = w.actors[A_STATION_COMMANDER];
        actor.roles = EVERY_ROLE;
        expect_refused(&actor, k, SLUICE_E_FORBIDDEN, "a station's");
    }
    if ((act->flags & ACT_CITY) != 0) {
        actor = w.actors[A_COMMANDER];
        actor.roles = EVERY_ROLE;
        expect_refused(&actor, k, SLUICE_E_FORBIDDEN, "a district's");
    }
    if ((act->flags & ACT_ASSIGNEE) != 0) {
        actor = master();
        actor.roles = ROLES_ALL & ~(unsigned)ROLE_COMMANDER;
        expect_refused(&actor, k, SLUICE_E_FORBIDDEN, "not assigned to him");
    }
}

static bool has_district(const desk_kind *kind) {
    return has_field(kind->district) || (kind->parent != NULL && has_district(kind->parent));
}

static void refuse_wrong_districts(const desk_kind *kind, const desk_act_row *act) {
    if (!has_district(kind) || (act->flags & (ACT_CITY | ACT_ANY_UNIT | ACT_BY_CLOCK)) != 0) {
        return;
    }
    call k = {.kind = kind, .act = act, .id = put_record(kind, state_for(kind, act), w.district_a), .version = -1};
    desk_actor actor = w.actors[B_COMMANDER];
    actor.roles = EVERY_ROLE | ROLE_PARTNER;
    actor.institution = TEXT("102100000011");
    expect_refused(&actor, k, SLUICE_E_NOT_FOUND, "another district");
}

static void refuse_wrong_versions(const desk_kind *kind, const desk_act_row *act) {
    if ((act->flags & ACT_BY_CLOCK) != 0) {
        return;
    }
    desk_actor actor = master();
    int64_t id = put_record(kind, state_for(kind, act), w.district_a);
    call k = {.kind = kind, .act = act, .id = id, .version = 2};
    expect_refused(&actor, k, SLUICE_E_STALE, "stale");
    if ((act->flags & ACT_NO_VERSION) == 0) {
        k.version = 0;
        expect_refused(&actor, k, SLUICE_E_INVALID, "no version");
    }
}

static void refuse_one_person_twice(const desk_kind *kind, const desk_act_row *act) {
    if (!has_field(act->other_than)) {
        return;
    }
    desk_actor actor = master();
    int64_t id = put_record(kind, state_for(kind, act), w.district_a);
    record r = desk_world_get(&w, kind, id);
    r.values[field_of(act->other_than)] = value_integer(actor.user);
    assert_int_equal(store_begin(w.store, &w.error), SLUICE_OK);
    assert_int_equal(store_update(w.store, &r, w.now_ms, &w.error), SLUICE_OK);
    assert_int_equal(store_commit(w.store, &w.error), SLUICE_OK);
    expect_refused(&actor, (call){.kind = kind, .act = act, .id = id, .version = -1}, SLUICE_E_FORBIDDEN, "four eyes");
    assert_non_null(strstr(w.error.text, "four eyes"));
}

/* What stands before a colon or semicolon is the name that people choose by. */
static sluice_text name_of(const char *text) {
    static const char *const MARKS[] = {":", "：", ";", "；"};
    size_t length = strlen(text);
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        const char *mark = strstr(text, MARKS[i]);
        length = mark != NULL && (size_t)(mark - text) < length ? (size_t)(mark - text) : length;
    }
    return (sluice_text){text, length};
}

static void names_tell_acts_apart(void **state) {
    size_t count = 0;
    const desk_kind *const *kinds = desk_kinds(&count);
    (void)state;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < kinds[k]->act_count; i++) {
            for (size_t j = 0; j < i; j++) {
                const desk_act_row *a = &kinds[k]->acts[i], *b = &kinds[k]->acts[j];
                bool is_alike =
                    text_equal(name_of(a->en), name_of(b->en)) || text_equal(name_of(a->zh), name_of(b->zh));
                if (is_alike && strcmp(a->name, b->name) != 0) {
                    fail_msg("%s: %s and %s have one name: %s, %s", kinds[k]->name, a->name, b->name, a->zh, b->zh);
                }
            }
        }
    }
}

static void tables_say_what_is_there(void **state) {
    (void)state;
    walk(check_words);
}
static void wrong_states_are_refused(void **state) {
    (void)state;
    walk(refuse_wrong_states);
}
static void wrong_persons_are_refused(void **state) {
    (void)state;
    walk(refuse_wrong_persons);
}
static void other_districts_do_not_learn_that_it_is_there(void **state) {
    (void)state;
    walk(refuse_wrong_districts);
}
static void stale_versions_are_refused(void **state) {
    (void)state;
    walk(refuse_wrong_versions);
}
static void four_eyes_are_two_persons(void **state) {
    (void)state;
    walk(refuse_one_person_twice);
}

static int open_world(void **state) {
    (void)state;
    desk_world_open(&w, desk_check_place());
    return 0;
}

static int close_world(void **state) {
    (void)state;
    desk_world_close(&w);
    return 0;
}

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_acts_apart),
        cmocka_unit_test(tables_say_what_is_there),
        cmocka_unit_test(wrong_states_are_refused),
        cmocka_unit_test(wrong_persons_are_refused),
        cmocka_unit_test(other_districts_do_not_learn_that_it_is_there),
        cmocka_unit_test(stale_versions_are_refused),
        cmocka_unit_test(four_eyes_are_two_persons),
    };
    return cmocka_run_group_tests_name(name, tests, open_world, close_world);
}

int main(void) {
    return desk_check_on_each_store(run);
}
