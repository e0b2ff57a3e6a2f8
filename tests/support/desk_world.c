#include "support/desk_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "desk/unit.h"
#include "desk/user.h"

static const struct {
    const char *login;
    unsigned roles;
    char unit; /* C, A, a (station), B */
    const char *institution;
} PEOPLE[PERSON_COUNT] = {
    [DUTY] = {"duty", ROLE_DUTY, 'C', NULL},
    [ANALYST] = {"analyst", ROLE_ANALYST, 'C', NULL},
    [INVESTIGATOR] = {"investigator", ROLE_INVESTIGATOR, 'C', NULL},
    [COMMANDER] = {"commander", ROLE_COMMANDER, 'C', NULL},
    [APPROVER] = {"approver", ROLE_APPROVER, 'C', NULL},
    [OUTREACH] = {"outreach", ROLE_OUTREACH, 'C', NULL},
    [AUDITOR] = {"auditor", ROLE_AUDITOR, 'C', NULL},
    [ADMINISTRATOR] = {"administrator", ROLE_ADMINISTRATOR, 'C', NULL},
    [A_DUTY] = {"a.duty", ROLE_DUTY, 'A', NULL},
    [A_INVESTIGATOR] = {"a.investigator", ROLE_INVESTIGATOR, 'A', NULL},
    [A_COMMANDER] = {"a.commander", ROLE_COMMANDER, 'A', NULL},
    [A_APPROVER] = {"a.approver", ROLE_APPROVER, 'A', NULL},
    [A_STATION_DUTY] = {"a.station.duty", ROLE_DUTY, 'a', NULL},
    [A_STATION_COMMANDER] = {"a.station.commander", ROLE_COMMANDER, 'a', NULL},
    [B_DUTY] = {"b.duty", ROLE_DUTY, 'B', NULL},
    [B_INVESTIGATOR] = {"b.investigator", ROLE_INVESTIGATOR, 'B', NULL},
    [B_COMMANDER] = {"b.commander", ROLE_COMMANDER, 'B', NULL},
    [BANK] = {"key:1", ROLE_PARTNER, 'C', "102100000011"},
    [OTHER_BANK] = {"key:2", ROLE_PARTNER, 'C', "103100000012"},
};

static void must(desk_world *w, sluice_result result) {
    if (result != SLUICE_OK) {
        fail_msg("%s", w->error.text);
    }
}

static desk_actor actor_at(const desk_world *w, char unit) {
    switch (unit) {
    case 'A':
        return (desk_actor){.unit = w->district_a, .district = w->district_a, .level = LEVEL_DISTRICT};
    case 'a':
        return (desk_actor){
            .unit = w->station_a, .district = w->district_a, .station = w->station_a, .level = LEVEL_STATION};
    case 'B':
        return (desk_actor){.unit = w->district_b, .district = w->district_b, .level = LEVEL_DISTRICT};
    default:
        return (desk_actor){.unit = w->city, .level = LEVEL_CITY};
    }
}

static void put_units(desk_world *w) {
    char json[400];
    w->city = 1;
    w->actors[ADMINISTRATOR] = (desk_actor){.login = TEXT("setup"), .roles = ROLE_ADMINISTRATOR, .unit = 1};
    w->district_a = desk_world_do(w, ADMINISTRATOR, &UNIT_KIND, "create", 0,
                                  "{\"name_zh\":\"青秀区\",\"name_en\":\"Qingxiu\",\"level\":\"district\",\"parent\":1,"
                                  "\"division\":\"450103\"}");
    w->district_b =
        desk_world_do(w, ADMINISTRATOR, &UNIT_KIND, "create", 0,
                      "{\"name_zh\":\"江南区\",\"name_en\":\"Jiangnan\",\"level\":\"district\",\"parent\":1,"
                      "\"division\":\"450105\"}");
    (void)snprintf(json, sizeof json,
                   "{\"name_zh\":\"南湖派出所\",\"name_en\":\"Nanhu station\",\"level\":\"station\",\"parent\":%lld}",
                   (long long)w->district_a);
    w->station_a = desk_world_do(w, ADMINISTRATOR, &UNIT_KIND, "create", 0, json);
    (void)snprintf(json, sizeof json,
                   "{\"name_zh\":\"福建园派出所\",\"name_en\":\"Fujianyuan station\",\"level\":\"station\","
                   "\"parent\":%lld}",
                   (long long)w->district_b);
    w->station_b = desk_world_do(w, ADMINISTRATOR, &UNIT_KIND, "create", 0, json);
    const struct {
        int64_t unit;
        const char *by, *begins;
    } areas[] = {{w->district_a, "division", "450103"},
                 {w->district_b, "division", "450105"},
                 {w->district_a, "phone", "1397711"},
                 {w->district_b, "phone", "1397722"},
                 {w->station_a, "address", "南湖派出所"}};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        (void)snprintf(json, sizeof json, "{\"unit\":%lld,\"by\":\"%s\",\"begins\":\"%s\"}", (long long)areas[i].unit,
                       areas[i].by, areas[i].begins);
        (void)desk_world_do(w, ADMINISTRATOR, &AREA_KIND, "create", 0, json);
    }
}

/* Real users, so that references to them hold; their roles are taken as given. */
static void put_people(desk_world *w) {
    for (size_t i = 0; i < PERSON_COUNT; i++) {
        desk_actor actor = actor_at(w, PEOPLE[i].unit);
        actor.login = text_of(PEOPLE[i].login);
        actor.roles = PEOPLE[i].roles;
        actor.institution = text_of(PEOPLE[i].institution);
        if (PEOPLE[i].institution == NULL) {
            char json[300];
            sluice_text roles = roles_format(PEOPLE[i].roles, &w->memory);
            (void)snprintf(json, sizeof json, "{\"login\":\"%s\",\"name\":\"%s\",\"unit\":%lld,\"roles\":\"%.*s\"}",
                           PEOPLE[i].login, PEOPLE[i].login, (long long)actor.unit, TEXT_ARGS(roles));
            actor.user = desk_world_do(w, ADMINISTRATOR, &USER_KIND, "create", 0, json);
        }
        if (i != ADMINISTRATOR) {
            w->actors[i] = actor;
        }
    }
}

static void open_at(desk_world *w, const char *location) {
    must(w, store_open(location, false, &w->store, &w->error));
    desk_options options = {.store = w->store};
    must(w, desk_open(&options, w->now_ms, &w->desk, &w->error));
}

void desk_world_open(desk_world *w, const char *location) {
    memset(w, 0, sizeof *w);
    w->now_ms = DESK_WORLD_BEGIN;
    open_at(w, location);
    put_units(w);
    put_people(w);
}

void desk_world_restart(desk_world *w, const char *location) {
    desk_close(&w->desk);
    store_close(&w->store);
    open_at(w, location);
}

void desk_world_close(desk_world *w) {
    desk_close(&w->desk);
    store_close(&w->store);
    arena_fini(&w->memory);
}

typedef struct call {
    const desk_kind *kind;
    const char *act;
    int64_t id, version;
    yyjson_doc *body;
    record record;
} call;

static sluice_result run_call(desk_command *c, void *context) {
    call *k = context;
    return desk_act(c, k->kind, k->act, k->id, k->version, yyjson_doc_get_root(k->body), &k->record);
}

sluice_result desk_world_act(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id,
                             int64_t version, const char *json, record *record_out) {
    call k = {.kind = kind, .act = act, .id = id, .version = version};
    if (json != NULL) {
        k.body = yyjson_read(json, strlen(json), 0);
        assert_non_null(k.body);
    }
    if (version == -1) {
        k.version = id == 0 ? 0 : desk_world_get(w, kind, id).version;
    }
    w->error = (sluice_error){0};
    w->last = (desk_command){
        .desk = w->desk, .actor = &w->actors[who], .now_ms = w->now_ms, .arena = &w->memory, .error = &w->error};
    sluice_result result = desk_run_alone(&w->last, run_call, &k);
    yyjson_doc_free(k.body);
    if (record_out != NULL) {
        *record_out = k.record;
    }
    return result;
}

int64_t desk_world_do(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json) {
    record r = {0};
    sluice_result result = desk_world_act(w, who, kind, act, id, -1, json, &r);
    if (result != SLUICE_OK) {
        fail_msg("%s.%s of %lld: %s", kind->name, act, (long long)id, w->error.text);
    }
    return r.id;
}

void desk_world_until(desk_world *w, int64_t now_ms) {
    int64_t next;
    assert_true(now_ms >= w->now_ms);
    w->now_ms = now_ms;
    must(w, desk_tick(w->desk, now_ms, &next, &w->error));
    assert_true(next > now_ms);
}

record desk_world_get(desk_world *w, const desk_kind *kind, int64_t id) {
    record r;
    must(w, store_get(w->store, kind->table, id, &w->memory, &r, &w->error));
    return r;
}

const char *desk_world_state(desk_world *w, const desk_kind *kind, int64_t id) {
    record r = desk_world_get(w, kind, id);
    sluice_text state = r.values[field_of(kind->state)].text;
    char *copy = arena_alloc(&w->memory, state.length + 1);
    assert_non_null(copy);
    memcpy(copy, state.data, state.length);
    copy[state.length] = '\0';
    return copy;
}

const record_value *desk_world_value(desk_world *w, const desk_kind *kind, int64_t id, const char *field) {
    record r = desk_world_get(w, kind, id);
    return desk_value(&r, field);
}
