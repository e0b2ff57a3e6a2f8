/* Who sees what: the city sees all, a district what is its own, a station what is its own, a partner what was asked of
 * its institution. A record without a district belongs to the city's own desk. */
#include "desk/desk_private.h"
#include "desk/kind.h"

static bool came_from_here(const desk_actor *actor, const desk_kind *kind, const record *r) {
    const record_value *from = has_field(kind->came_from) ? &r->values[field_of(kind->came_from)] : NULL;
    return from != NULL && !from->is_null && actor->district != 0 && from->integer == actor->district;
}

bool desk_sees(const desk_actor *actor, const desk_kind *kind, const record *r) {
    if ((actor->roles & ROLE_SYSTEM) != 0) {
        return true;
    }
    if ((actor->roles & kind->readers) == 0) {
        return false;
    }
    if ((actor->roles & kind->readers) == ROLE_PARTNER) {
        return has_field(kind->institution) && actor->institution.length != 0 &&
               !r->values[field_of(kind->institution)].is_null &&
               text_equal(r->values[field_of(kind->institution)].text, actor->institution);
    }
    if (actor->level == LEVEL_CITY || !has_field(kind->district) || came_from_here(actor, kind, r)) {
        return true;
    }
    const record_value *district = &r->values[field_of(kind->district)];
    if (district->is_null || district->integer != actor->district) {
        return false;
    }
    if (actor->level == LEVEL_DISTRICT || !has_field(kind->station)) {
        return true;
    }
    const record_value *station = &r->values[field_of(kind->station)];
    return !station->is_null && station->integer == actor->station;
}

/* A row that names the record and the actor's district (or station) lets him see it. */
static bool is_shared(desk_command *c, const desk_kind *kind, const record *r) {
    const desk_kind *by = kind->shared_by;
    if (by == NULL || c->actor->district == 0 || (c->actor->roles & kind->readers) == 0) {
        return false;
    }
    query_term terms[] = {{kind->share_of, QUERY_EQUAL, value_integer(r->id), NULL, 0},
                          {field_of(by->district), QUERY_EQUAL, value_integer(c->actor->district), NULL, 0},
                          {kind->share_live, QUERY_NOT_NULL, value_null(), NULL, 0}};
    record_query query = {.table = by->table, .terms = terms, .term_count = 3, .order = QUERY_ID, .limit = 1000};
    record *rows = NULL;
    size_t count = 0;
    sluice_error ignored;
    bool seen = store_select(c->desk->store, &query, c->arena, &rows, &count, &ignored) == SLUICE_OK && count > 0;
    if (!seen || c->actor->level != LEVEL_STATION) {
        return seen;
    }
    for (size_t i = 0; i < count; i++) {
        const record_value *station = &rows[i].values[field_of(by->station)];
        if (station->is_null || station->integer == c->actor->station) {
            return true;
        }
    }
    return false;
}

/* A child is seen by whoever sees its parent. */
bool desk_sees_in(desk_command *c, const desk_kind *kind, const record *r) {
    if (!desk_sees(c->actor, kind, r) && !is_shared(c, kind, r)) {
        return false;
    }
    if (kind->parent == NULL || r->values[kind->parent_field].is_null) {
        return true;
    }
    record parent;
    sluice_error ignored;
    return store_get(c->desk->store, kind->parent->table, r->values[kind->parent_field].integer, c->arena, &parent,
                     &ignored) == SLUICE_OK &&
           desk_sees_in(c, kind->parent, &parent);
}

size_t desk_scope_terms(const desk_actor *actor, const desk_kind *kind, query_term terms_out[3]) {
    size_t count = 0;
    if ((actor->roles & ROLE_SYSTEM) != 0) {
        return 0;
    }
    if ((actor->roles & kind->readers) == ROLE_PARTNER) {
        terms_out[count++] =
            !has_field(kind->institution) || actor->institution.length == 0
                ? (query_term){QUERY_ID, QUERY_EQUAL, value_integer(0), NULL, 0} /* nothing */
                : (query_term){field_of(kind->institution), QUERY_EQUAL, value_text(actor->institution), NULL, 0};
        return count;
    }
    if (actor->level == LEVEL_CITY || !has_field(kind->district) || kind->shared_by != NULL) {
        return 0;
    }
    if (actor->level == LEVEL_STATION && has_field(kind->station)) {
        terms_out[count++] = (query_term){field_of(kind->station), QUERY_EQUAL, value_integer(actor->station), NULL, 0};
        return count;
    }
    terms_out[count++] = (query_term){field_of(kind->district), QUERY_EQUAL, value_integer(actor->district), NULL, 0};
    return count;
}

sluice_result desk_get(desk_command *c, const desk_kind *kind, int64_t id, record *r) {
    sluice_result result = store_get(c->desk->store, kind->table, id, c->arena, r, c->error);
    if (result == SLUICE_E_NOT_FOUND || (result == SLUICE_OK && !desk_sees_in(c, kind, r))) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no %s %lld here", kind->name, (long long)id);
    }
    return result;
}
