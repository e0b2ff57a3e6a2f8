/* Who somebody is, by his token: a person by his session, a program by its key; and whether he still is. */
#include "desk/desk_private.h"
#include "desk/token.h"
#include "desk/unit.h"

enum { TOUCH_AFTER_MS = 60000 };

static sluice_result nobody(desk_command *c) {
    return error_set(c->error, SLUICE_E_UNAUTHENTICATED, "sign in: this session or key is not, or not any more, valid");
}

static sluice_result place_actor(desk_command *c, int64_t unit, desk_actor *actor) {
    unit_place place;
    sluice_result result = unit_place_of(c->desk->store, unit, c->arena, &place, c->error);
    actor->unit = unit;
    actor->district = place.district;
    actor->station = place.station;
    actor->level = place.level;
    return result == SLUICE_E_NOT_FOUND ? nobody(c) : result;
}

/* The session may have ended by itself, or by a sign-out: what was begun in it goes on. */
static sluice_result still_user(desk_command *c, int64_t began_ms, desk_actor *actor, int64_t *unit_out) {
    record user;
    sluice_result result = store_get(c->desk->store, USER_KIND.table, actor->user, c->arena, &user, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    const record_value *ended = &user.values[USER_ENDED_AT];
    if (!text_equal(user.values[USER_STATE].text, TEXT("active")) || (!ended->is_null && ended->integer > began_ms)) {
        return SLUICE_E_NOT_FOUND;
    }
    actor->roles = 0;
    actor->institution = value_text_or_empty(&user.values[USER_INSTITUTION]);
    (void)roles_parse(user.values[USER_ROLES].text, &actor->roles);
    *unit_out = user.values[USER_UNIT].integer;
    return SLUICE_OK;
}

sluice_result user_still(desk_command *c, int64_t began_ms, desk_actor *actor) {
    int64_t unit = 0;
    sluice_result result = actor->user != 0 ? still_user(c, began_ms, actor, &unit) : key_still(c, actor, &unit);
    return result == SLUICE_OK ? place_actor(c, unit, actor) : result == SLUICE_E_NOT_FOUND ? nobody(c) : result;
}

static sluice_result by_key(desk_command *c, const char *hash, desk_actor *actor) {
    int64_t unit = 0;
    sluice_result result = key_authenticate(c, hash, actor, &unit);
    return result == SLUICE_OK ? place_actor(c, unit, actor) : result == SLUICE_E_NOT_FOUND ? nobody(c) : result;
}

static sluice_result by_session(desk_command *c, const session_facts *session, desk_actor *actor, user_idle *idle_out) {
    record user;
    actor->ends_ms = session->expires_ms;
    idle_out->ends_ms = session->seen_ms + atomic_load_explicit(&c->desk->idle_ms, memory_order_relaxed);
    if (c->now_ms >= actor->ends_ms || c->now_ms >= idle_out->ends_ms) {
        return nobody(c);
    }
    sluice_result result = store_get(c->desk->store, USER_KIND.table, session->user, c->arena, &user, c->error);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK && !text_equal(user.values[USER_STATE].text, TEXT("active")))) {
        return nobody(c);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    actor->user = user.id;
    actor->session = session->id;
    actor->login = user.values[USER_LOGIN].text;
    actor->institution = value_text_or_empty(&user.values[USER_INSTITUTION]);
    (void)roles_parse(user.values[USER_ROLES].text, &actor->roles);
    idle_out->touch = c->now_ms >= session->seen_ms + TOUCH_AFTER_MS;
    return place_actor(c, user.values[USER_UNIT].integer, actor);
}

sluice_result user_authenticate(desk_command *c, sluice_text token, desk_actor *actor, user_idle *idle_out) {
    char hash[65];
    session_facts session;
    *actor = (desk_actor){.level = LEVEL_STATION};
    *idle_out = (user_idle){.ends_ms = INT64_MAX};
    sluice_result result = token_hash(token, hash, c->error);
    result = result == SLUICE_OK ? session_find(c, hash, &session) : result;
    return result == SLUICE_OK            ? by_session(c, &session, actor, idle_out)
           : result == SLUICE_E_NOT_FOUND ? by_key(c, hash, actor)
                                          : result;
}
