/* Acts: the one way in which a record changes its state.
 *
 * desk_act is for people: who, where, which version, four eyes, inputs. Then it and desk_act_inside share `apply`: is
 * the act possible in this state, its own checks, the change, history, event. Everything is inside the savepoint of
 * desk_run, so an act that fails at its last step leaves nothing. */
#include <string.h>

#include "base/memory.h"
#include "desk/desk_private.h"
#include "desk/kind.h"
#include "desk/search.h"
#include "desk/timer.h"

uint8_t record_field_find(const record_table *table, sluice_text name) {
    for (size_t i = 0; i < table->field_count; i++) {
        if (text_equal(text_of(table->fields[i].name), name)) {
            return (uint8_t)i;
        }
    }
    return NO_FIELD;
}

const record_value *desk_value(const record *r, const char *field) {
    uint8_t place = record_field_find(r->table, text_of(field));
    SLUICE_ASSERT(place != NO_FIELD);
    return &r->values[place];
}

const record_value *desk_given_value(const desk_input *in, const char *name) {
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->fields[i].name, name) == 0) {
            return &in->values[i];
        }
    }
    const bool act_has_this_input = false;
    SLUICE_ASSERT(act_has_this_input);
    return NULL;
}

const desk_act_row *desk_act_find(const desk_kind *kind, const char *name) {
    for (size_t i = 0; i < kind->act_count; i++) {
        if (strcmp(kind->acts[i].name, name) == 0) {
            return &kind->acts[i];
        }
    }
    return NULL;
}

bool desk_is_among(const char *words, sluice_text word) {
    if (words != NULL && strcmp(words, "*") == 0) {
        return true;
    }
    sluice_text rest = text_of(words), first;
    bool more = words != NULL;
    while (more) {
        more = text_split(rest, '|', &first, &rest);
        if (text_equal(first, word)) {
            return true;
        }
    }
    return false;
}

static sluice_text state_of(const desk_kind *kind, const record *r) {
    return !has_field(kind->state) ? (sluice_text){0} : r->values[field_of(kind->state)].text;
}

bool desk_may(const desk_actor *actor, const desk_act_row *act) {
    if ((actor->roles & ROLE_SYSTEM) != 0) {
        return true;
    }
    return (actor->roles & act->roles) != 0 && (act->flags & ACT_BY_CLOCK) == 0 &&
           ((act->flags & ACT_CITY) == 0 || actor->level == LEVEL_CITY) &&
           ((act->flags & ACT_DISTRICT) == 0 || actor->level != LEVEL_STATION);
}

/* ---- who may ---- */

static sluice_result forbidden_act(desk_command *c, const desk_kind *kind, const desk_act_row *act) {
    sluice_text needed = roles_format(act->roles, c->arena);
    if ((act->flags & ACT_BY_CLOCK) != 0) {
        return error_set(c->error, SLUICE_E_FORBIDDEN, "%s.%s happens by the clock, nobody does it", kind->name,
                         act->name);
    }
    return error_set(c->error, SLUICE_E_FORBIDDEN,
                     (act->flags & ACT_CITY) != 0       ? "%s.%s is for %.*s at city level"
                     : (act->flags & ACT_DISTRICT) != 0 ? "%s.%s is for %.*s at district or city level"
                                                        : "%s.%s is for %.*s",
                     kind->name, act->name, TEXT_ARGS(needed));
}

static sluice_result check_person(desk_command *c, const desk_kind *kind, const desk_act_row *act, const record *r) {
    const desk_actor *actor = c->actor;
    if ((act->flags & ACT_PARTNER_OWN) != 0 && (actor->roles & ROLES_OFFICERS) == 0 &&
        (actor->roles & ROLE_PARTNER) != 0 && has_field(kind->institution) &&
        !text_equal(r->values[field_of(kind->institution)].text, actor->institution)) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no such %s", kind->name);
    }
    if ((act->flags & ACT_ASSIGNEE) != 0 && has_field(kind->assignee) && (actor->roles & ROLE_COMMANDER) == 0 &&
        (r->values[field_of(kind->assignee)].is_null || r->values[field_of(kind->assignee)].integer != actor->user)) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "%s.%s is for the one to whom it is assigned, or for a commander", kind->name, act->name);
    }
    if (has_field(act->other_than) && actor->user != 0) {
        const record_value *first = &r->values[field_of(act->other_than)];
        if (!first->is_null && first->integer == actor->user) {
            return error_set(c->error, SLUICE_E_FORBIDDEN, "four eyes: %s.%s needs another person than the one in %s",
                             kind->name, act->name, r->table->fields[field_of(act->other_than)].name);
        }
    }
    return SLUICE_OK;
}

static sluice_result check_version(desk_command *c, const desk_kind *kind, const desk_act_row *act, const record *r,
                                   int64_t version) {
    if ((act->flags & ACT_NO_VERSION) != 0 && version == 0) {
        return SLUICE_OK;
    }
    if (version == 0) {
        c->version_missing = true;
        return error_set(c->error, SLUICE_E_INVALID, "say which version you saw: send If-Match with the ETag of the %s",
                         kind->name);
    }
    if (version != r->version) {
        return error_set(c->error, SLUICE_E_STALE, "this %s is at version %lld by now, not %lld: read it again",
                         kind->name, (long long)r->version, (long long)version);
    }
    return SLUICE_OK;
}

/* ---- the change ---- */

static sluice_result wrong_state(desk_command *c, const desk_kind *kind, const desk_act_row *act, const record *r) {
    char possible[300] = "";
    size_t used = 0;
    sluice_text state = state_of(kind, r);
    for (size_t i = 0; i < kind->act_count; i++) {
        const desk_act_row *other = &kind->acts[i];
        bool fits = other->from != NULL && (other->flags & ACT_BY_CLOCK) == 0 && desk_is_among(other->from, state);
        size_t length = strlen(other->name);
        if (fits && used + length + 3 < sizeof possible) {
            memcpy(possible + used, used == 0 ? "" : ", ", used == 0 ? 0 : 2);
            used += used == 0 ? 0 : 2;
            memcpy(possible + used, other->name, length + 1);
            used += length;
        }
    }
    return error_set(c->error, SLUICE_E_STATE, "a %s that is %.*s cannot be put through %s; possible now: %s",
                     kind->name, TEXT_ARGS(state), act->name, used == 0 ? "nothing" : possible);
}

static void put_inputs(const desk_kind *kind, record *r, const desk_input *in) {
    for (size_t i = 0; i < in->count; i++) {
        uint8_t field = record_field_find(kind->table, text_of(in->fields[i].name));
        if (field != NO_FIELD && !in->values[i].is_null) {
            r->values[field] = in->values[i];
        }
    }
}

static sluice_text note_of(const desk_input *in) {
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->fields[i].name, "note") == 0 && !in->values[i].is_null) {
            return in->values[i].text;
        }
    }
    return (sluice_text){0};
}

static sluice_result written_down(desk_command *c, const desk_kind *kind, const desk_act_row *act, record *r,
                                  sluice_text before, const desk_input *in) {
    if ((act->flags & ACT_QUIET) != 0) {
        return SLUICE_OK;
    }
    sluice_result result = history_add(c, kind, r, act, before, state_of(kind, r), note_of(in));
    if (result == SLUICE_OK) {
        char name[96];
        (void)snprintf(name, sizeof name, "%s.%s", kind->name, act->name);
        result = audit_add(c, name, kind->name, r->id, (sluice_text){0});
    }
    if (result == SLUICE_OK) {
        result = search_put(c, kind, r);
    }
    return result == SLUICE_OK ? event_add(c, kind, r, act->name) : result;
}

static sluice_result apply(desk_command *c, const desk_kind *kind, const desk_act_row *act, record *r,
                           const desk_input *in) {
    bool makes = act->from == NULL;
    sluice_text before = makes ? (sluice_text){0} : state_of(kind, r), outer_before = c->before;
    void *outer_made = c->made;
    if (!makes && has_field(kind->state) && !desk_is_among(act->from, before)) {
        return wrong_state(c, kind, act, r);
    }
    put_inputs(kind, r, in);
    if (has_field(act->by) && c->actor->user != 0) {
        r->values[field_of(act->by)] = value_integer(c->actor->user);
    }
    if (has_field(act->at)) {
        r->values[field_of(act->at)] = value_integer(c->now_ms);
    }
    if (act->to != NULL && has_field(kind->state)) {
        r->values[field_of(kind->state)] = value_text(text_of(act->to));
    }
    c->before = before;
    c->made = NULL;
    sluice_result result = act->run == NULL ? SLUICE_OK : act->run(c, r, in);
    c->before = outer_before;
    if (result == SLUICE_OK && makes && r->id == 0) {
        result = store_insert(c->desk->store, r, c->now_ms, c->error);
    } else if (result == SLUICE_OK) {
        result = store_update(c->desk->store, r, c->now_ms, c->error);
    }
    if (result == SLUICE_OK && act->then != NULL) {
        int64_t version = r->version;
        result = act->then(c, r, in);
        SLUICE_ASSERT(result != SLUICE_OK || r->version >= version);
    }
    c->made = outer_made;
    return result == SLUICE_OK ? written_down(c, kind, act, r, before, in) : result;
}

/* ---- the two ways in ---- */

static sluice_result find_for(desk_command *c, const desk_kind *kind, const desk_act_row *act, int64_t id, record *r) {
    sluice_result result = store_get(c->desk->store, kind->table, id, c->arena, r, c->error);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK && (act->flags & ACT_ANY_UNIT) == 0 && !desk_sees_in(c, kind, r))) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no %s %lld here", kind->name, (long long)id);
    }
    bool changed = false;
    if (result == SLUICE_OK) {
        result = timer_settle(c, kind, id, &changed);
    }
    return result == SLUICE_OK && changed ? store_get(c->desk->store, kind->table, id, c->arena, r, c->error) : result;
}

/* Who, where, which version; of an act that makes a record: an empty one. */
static sluice_result check_act(desk_command *c, const desk_kind *kind, const char *name, int64_t id, int64_t version,
                               record *r, const desk_act_row **act_out) {
    const desk_act_row *act = *act_out = desk_act_find(kind, name);
    c->tried_kind = kind->name;
    c->tried_act = name;
    c->tried_id = id;
    if (act == NULL) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no act %s of a %s", name, kind->name);
    }
    if (!desk_may(c->actor, act)) {
        return forbidden_act(c, kind, act);
    }
    if (act->from == NULL) {
        return record_init(r, kind->table, c->arena) ? SLUICE_OK : error_no_memory(c->error, sizeof *r);
    }
    sluice_result result = find_for(c, kind, act, id, r);
    if (result == SLUICE_OK) {
        result = check_person(c, kind, act, r);
    }
    return result == SLUICE_OK ? check_version(c, kind, act, r, version) : result;
}

sluice_result desk_check_act(desk_command *c, const desk_kind *kind, const char *name, int64_t id, int64_t version,
                             record *r) {
    const desk_act_row *act = NULL;
    return check_act(c, kind, name, id, version, r, &act);
}

sluice_result desk_act(desk_command *c, const desk_kind *kind, const char *name, int64_t id, int64_t version,
                       yyjson_val *body, record *r) {
    const desk_act_row *act = NULL;
    desk_input in = {0};
    sluice_result result = check_act(c, kind, name, id, version, r, &act);
    if (result == SLUICE_OK) {
        result = input_parse(c, act, body, &in);
    }
    return result == SLUICE_OK ? apply(c, kind, act, r, &in) : result;
}

sluice_result desk_act_inside(desk_command *c, const desk_kind *kind, const char *name, record *r,
                              const desk_given *given, size_t given_count) {
    const desk_act_row *act = desk_act_find(kind, name);
    SLUICE_ASSERT(act != NULL);
    desk_input in = {act->inputs, NULL, act->input_count};
    if (act->from == NULL && r->values == NULL && !record_init(r, kind->table, c->arena)) {
        return error_no_memory(c->error, sizeof *r);
    }
    in.values = arena_alloc(c->arena, (act->input_count + 1) * sizeof *in.values);
    if (in.values == NULL) {
        return error_no_memory(c->error, sizeof *in.values);
    }
    for (size_t i = 0; i < act->input_count; i++) {
        in.values[i] = value_null();
        for (size_t k = 0; k < given_count; k++) {
            if (strcmp(given[k].name, act->inputs[i].name) == 0) {
                in.values[i] = given[k].value;
            }
        }
    }
    return apply(c, kind, act, r, &in);
}

sluice_result desk_moved(desk_command *c, const desk_kind *kind, const record *r) {
    static const desk_act_row MOVED = {.name = "moved"};
    sluice_result result = history_add(c, kind, r, &MOVED, state_of(kind, r), state_of(kind, r), (sluice_text){0});
    result = result == SLUICE_OK ? search_put(c, kind, r) : result;
    return result == SLUICE_OK ? event_add(c, kind, r, "moved") : result;
}

sluice_result desk_find(desk_command *c, const record_table *table, const query_term *terms, size_t term_count,
                        record *record_out) {
    record_query query = {.table = table, .terms = terms, .term_count = term_count, .order = QUERY_ID};
    return store_find(c->desk->store, &query, c->arena, record_out, c->error);
}

sluice_result desk_insert(desk_command *c, record *r) {
    return store_insert(c->desk->store, r, c->now_ms, c->error);
}

sluice_result desk_update(desk_command *c, record *r) {
    return store_update(c->desk->store, r, c->now_ms, c->error);
}
