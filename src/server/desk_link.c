/* What the desk gives to the daemon (server.h, server_desk): who somebody is, the writer's transactions, what consoles
 * hear, answers that are kept, and what waits for the writer. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "desk/decided.h"
#include "desk/history.h"
#include "desk/idempotency.h"
#include "desk/import.h"
#include "desk/principal.h"
#include "desk/rule_change.h"
#include "desk/token.h"
#include "desk/user.h"
#include "engine/desk_store.h"
#include "server/actor_memory.h"
#include "server/desk_link.h"
#include "server/server_private.h"
#include "sys/clock.h"
#include "sys/thread.h"

struct desk_link {
    server *server;
    desk *desk;
    arena routes;
    server_desk hooks;
    desk_saved saved;            /* of the command under way */
    const desk_command *failing; /* … which failed so */
    sluice_result failure;
    int64_t told; /* the last event that was published */
    actor_memory *actors;
};

/* ---- who is it ---- */

static desk_link *link_of(void *context) {
    return context;
}

static uint64_t hash_of_token(const desk_link *link, sluice_text token) {
    uint64_t seed;
    memcpy(&seed, store_secret(desk_store(link->desk)), sizeof seed);
    return hash_u64(hash64(token.data, token.length) ^ seed);
}

static sluice_result still(void *context, actor *who, int64_t began_ms, int64_t now_ms, arena *a, sluice_error *error) {
    desk_link *link = link_of(context);
    uint64_t epoch = principal_epoch(link->desk);
    if (who->desk == NULL || who->rights == epoch) {
        return SLUICE_OK; /* there is nobody who could lose any */
    }
    desk_actor *now = arena_copy(a, who->desk, sizeof *now);
    if (now == NULL) {
        return error_no_memory(error, sizeof *now);
    }
    desk_command c = {.desk = link->desk, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = a, .error = error};
    sluice_result result = user_still(&c, began_ms, now);
    if (result == SLUICE_OK) {
        who->desk = now;
        who->roles = now->roles;
        who->rights = epoch;
    }
    return result;
}

static const void *keep_actor(void *context, const void *actor, arena *a) {
    (void)context;
    desk_actor *copy = actor_copy(actor, a);
    if (copy != NULL && copy->address.length > 0) {
        copy->address.data = arena_copy(a, copy->address.data, copy->address.length);
        copy = copy->address.data == NULL ? NULL : copy;
    }
    return copy;
}

typedef struct touch_call {
    desk_link *link;
    int64_t session, now_ms;
} touch_call;

/* On the writer, within a round: the idle time of a session begins anew. */
static sluice_result touch_session(void *context, sluice_error *error) {
    touch_call *call = context;
    arena a = {0};
    desk_command c = {
        .desk = call->link->desk, .actor = &DESK_SYSTEM, .now_ms = call->now_ms, .arena = &a, .error = error};
    sluice_result result = user_touch(&c, call->session);
    arena_fini(&a);
    return result;
}

static sluice_result ask_desk(desk_link *link, sluice_text token, uint64_t token_hash, int64_t now_ms, arena *a,
                              desk_actor **actor_out, sluice_error *error) {
    desk_actor actor;
    user_idle idle;
    uint64_t epoch = principal_epoch(link->desk);
    desk_command c = {.desk = link->desk, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = a, .error = error};
    sluice_result result = user_authenticate(&c, token, &actor, &idle);
    if (result == SLUICE_OK && idle.touch) {
        touch_call call = {link, actor.session, now_ms};
        result = writer_run(link->server, touch_session, &call, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    actor_remember(link->actors, token_hash, epoch, now_ms, &actor, &idle);
    *actor_out = actor_copy(&actor, a);
    return SLUICE_OK;
}

static sluice_result authenticate(void *context, const credentials *given, bool may_block, int64_t now_ms, arena *a,
                                  actor *actor_out, sluice_error *error) {
    desk_link *link = link_of(context);
    sluice_text token = given->bearer.length > 0    ? given->bearer
                        : given->api_key.length > 0 ? given->api_key
                                                    : given->session;
    uint64_t token_hash = hash_of_token(link, token);
    desk_actor *found = NULL;
    uint64_t epoch = principal_epoch(link->desk); /* before the store is asked */
    if (!actor_recall(link->actors, token_hash, epoch, now_ms, a, &found)) {
        if (!may_block) {
            return SLUICE_E_BUSY;
        }
        sluice_result result = ask_desk(link, token, token_hash, now_ms, a, &found, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (found == NULL) {
        return error_no_memory(error, sizeof *found);
    }
    found->address = given->address;
    *actor_out =
        (actor){.user = (uint64_t)found->user,
                .roles = found->roles,
                .principal = found->user != 0 ? (uint64_t)found->user : PRINCIPAL_IS_KEY | (uint64_t)key_of(found),
                .by_cookie = given->bearer.length == 0 && given->api_key.length == 0,
                .ends_ms = found->ends_ms,
                .rights = epoch,
                .desk = found};
    return SLUICE_OK;
}

/* ---- the writer's rounds ---- */

static sluice_result begin(void *context, sluice_error *error) {
    return desk_begin(link_of(context)->desk, error);
}

static sluice_result commit(void *context, sluice_error *error) {
    return desk_commit(link_of(context)->desk, error);
}

static void rollback(void *context) {
    desk_rollback(link_of(context)->desk);
}

static sluice_result savepoint(void *context, sluice_error *error) {
    desk_link *link = link_of(context);
    link->failing = NULL;
    return desk_push(link->desk, &link->saved, error);
}

static sluice_result savepoint_keep(void *context, sluice_error *error) {
    return desk_keep(link_of(context)->desk, error);
}

/* What was refused is written down after everything else of the command is gone. */
static void savepoint_undo(void *context) {
    desk_link *link = link_of(context);
    desk_undo(link->desk, &link->saved);
    if (link->failing != NULL) {
        desk_command c = *link->failing;
        desk_refused(&c, link->failure);
        link->failing = NULL;
    }
}

static int64_t tick(void *context, int64_t now_ms) {
    desk_link *link = link_of(context);
    int64_t next = INT64_MAX;
    sluice_error error = {0};
    if (desk_tick(link->desk, now_ms, &next, &error) != SLUICE_OK) {
        log_line(&link->server->log, "error", "timers", "what is due could not be done: %s", error.text);
        return now_ms + 1000;
    }
    return next;
}

static bool take_decisions(void *context, int64_t now_ms, size_t most) {
    desk_link *link = link_of(context);
    size_t count = 0;
    sluice_error error = {0};
    if (desk_take_decisions(link->desk, now_ms, most, &count, &error) != SLUICE_OK) {
        log_line(&link->server->log, "error", "findings", "decisions wait to become warnings: %s", error.text);
        return false; /* with the next alert, or at the next start */
    }
    return count == most;
}

/* ---- events ---- */

void desk_tell(desk_link *link, const desk_kind *kind, const record *r, const char *act) {
    char data[160];
    int length = snprintf(data, sizeof data, "{\"kind\":\"%s\",\"id\":%lld,\"act\":\"%s\",\"state\":null}", kind->name,
                          (long long)r->id, act);
    const record_value none = value_null();
    const record_value *district = !has_field(kind->district) ? &none : &r->values[field_of(kind->district)];
    const record_value *station = !has_field(kind->station) ? &none : &r->values[field_of(kind->station)];
    event e = {.type = "presence",
               .data = {data, (size_t)length},
               .scope = {kind->readers, district->is_null ? 0 : (uint64_t)district->integer,
                         station->is_null ? 0 : (uint64_t)station->integer}};
    events_publish(link->server, &e);
}

static void publish(desk_link *link, const record *row) {
    char data[240];
    const record_value *v = row->values;
    bool has_state = !v[EVENT_STATE].is_null;
    int length =
        snprintf(data, sizeof data, "{\"kind\":\"%.*s\",\"id\":%lld,\"act\":\"%.*s\",\"state\":%s%.*s%s}",
                 TEXT_ARGS(v[EVENT_KIND].text), (long long)v[EVENT_RECORD].integer, TEXT_ARGS(v[EVENT_ACT].text),
                 has_state ? "\"" : "null", has_state ? (int)v[EVENT_STATE].text.length : 0,
                 has_state ? v[EVENT_STATE].text.data : "", has_state ? "\"" : "");
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(v[EVENT_KIND].text));
    const desk_kind *kind = desk_kind_find(name);
    event e = {.type = kind == NULL ? "record" : kind->name,
               .data = {data, (size_t)length},
               .scope = {kind == NULL ? ROLES_ALL : kind->readers,
                         v[EVENT_DISTRICT].is_null ? 0 : (uint64_t)v[EVENT_DISTRICT].integer,
                         v[EVENT_STATION].is_null ? 0 : (uint64_t)v[EVENT_STATION].integer}};
    events_publish(link->server, &e);
}

static void committed(void *context) {
    enum { PAGE = 500 };
    desk_link *link = link_of(context);
    arena a = {0};
    sluice_error error;
    uint64_t changed[PRINCIPAL_CHANGES_MAX];
    events_end(link->server, changed, principal_take_changed(link->desk, changed));
    gateway_link_committed(link->server);
    for (size_t count = PAGE; count == PAGE && link->told < desk_event_last(link->desk);) {
        record *rows = NULL;
        record_query query = {.table = &EVENT_TABLE, .order = QUERY_ID, .has_after = true, .limit = PAGE};
        query.after = value_integer(link->told);
        query.after_id = link->told;
        if (store_select(desk_store(link->desk), &query, &a, &rows, &count, &error) != SLUICE_OK) {
            break; /* told with the next commit */
        }
        for (size_t i = 0; i < count; i++) {
            publish(link, &rows[i]);
            link->told = rows[i].id;
        }
        arena_reset(&a);
    }
    arena_fini(&a);
}

/* Roles, then the unit: the city hears all, a district and a station what is theirs; partners nothing. */
static bool may_see(void *context, const actor *who, const event *e) {
    const desk_actor *actor = who->desk;
    (void)context;
    uint64_t roles = actor == NULL ? 0 : actor->roles & ~(uint64_t)ROLE_PARTNER;
    if (e->scope[0] == 0) { /* that something was decided, and how often; without sign-in nobody is a partner */
        return actor == NULL || roles != 0;
    }
    if (actor == NULL || (roles & e->scope[0]) == 0) {
        return false;
    }
    switch (actor->level) {
    case LEVEL_CITY:
        return true;
    case LEVEL_DISTRICT:
        return e->scope[1] == (uint64_t)actor->district;
    case LEVEL_STATION:
        return e->scope[2] == (uint64_t)actor->station;
    }
    return false;
}

/* ---- requests that come again ---- */

static desk_command system_command(desk_link *link, int64_t now_ms, arena *a, sluice_error *error) {
    return (desk_command){.desk = link->desk, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = a, .error = error};
}

static sluice_text principal_text(const idempotency_key *key, char buffer[24]) {
    int length = snprintf(buffer, 24, "%llu", (unsigned long long)key->principal);
    return (sluice_text){buffer, (size_t)length};
}

/* Kept as one text: content type and headers, each in a line, an empty line, the body. */
static sluice_result find_answer(void *context, const idempotency_key *key, int64_t now_ms, arena *a,
                                 idempotency_answer *answer_out, sluice_error *error) {
    char hex[65], principal[24];
    int64_t status = 0;
    sluice_text kept = {0};
    desk_command c = system_command(link_of(context), now_ms, a, error);
    hex_write(key->request_hash, sizeof key->request_hash, hex);
    sluice_result result = idempotency_find(&c, principal_text(key, principal), key->key, hex, &status, &kept);
    if (result != SLUICE_OK) {
        return result;
    }
    *answer_out = (idempotency_answer){.status = (int)status};
    (void)text_split(kept, '\n', &answer_out->content_type, &kept);
    answer_out->headers.data = kept.data;
    while (kept.length > 0 && kept.data[0] != '\n') {
        sluice_text line, rest;
        (void)text_split(kept, '\n', &line, &rest);
        answer_out->headers.length += line.length + 1;
        kept = rest;
    }
    answer_out->body = kept.length > 0 ? (sluice_text){kept.data + 1, kept.length - 1} : kept;
    return SLUICE_OK;
}

static sluice_result put_answer(void *context, const idempotency_key *key, int64_t now_ms,
                                const idempotency_answer *answer, sluice_error *error) {
    char hex[65], principal[24];
    arena a = {0};
    text_writer kept = {0};
    desk_command c = system_command(link_of(context), now_ms, &a, error);
    hex_write(key->request_hash, sizeof key->request_hash, hex);
    text_write(&kept, answer->content_type);
    text_write_char(&kept, '\n');
    text_write(&kept, answer->headers);
    text_write_char(&kept, '\n');
    text_write(&kept, answer->body);
    sluice_result result = kept.failed ? error_no_memory(error, answer->body.length)
                                       : idempotency_put(&c, principal_text(key, principal), key->key, hex,
                                                         answer->status, (sluice_text){kept.data, kept.length});
    text_writer_fini(&kept);
    arena_fini(&a);
    return result;
}

/* ---- imports that are withdrawn ---- */

static bool withdrawals_wait(void *context) {
    return import_withdrawals_wait(link_of(context)->desk);
}

static sluice_result withdraw(void *context, int64_t now_ms,
                              void (*progress)(void *context, uint64_t done, uint64_t total), void *progress_context,
                              sluice_error *error) {
    return import_withdraw_all(link_of(context)->desk, now_ms, progress, progress_context, error);
}

/* ---- changes of the rules ---- */

static bool rules_wait(void *context) {
    return rule_changes_wait(link_of(context)->desk);
}

static sluice_result rules_take(void *context, arena *a, const sluice_rule_file **files_out, size_t *count_out,
                                sluice_error *error) {
    return rule_changes_take(link_of(context)->desk, a, files_out, count_out, error);
}

/* ---- opening ---- */

const char *const DESK_ROLE_NAMES[] = {"duty",     "analyst", "investigator", "commander",     "approver",
                                       "outreach", "auditor", "partner",      "administrator", NULL};

static void set_hooks(desk_link *link) {
    link->hooks = (server_desk){
        .context = link,
        .authenticate = authenticate,
        .still = still,
        .keep_actor = keep_actor,
        .begin = begin,
        .commit = commit,
        .rollback = rollback,
        .savepoint = savepoint,
        .savepoint_keep = savepoint_keep,
        .savepoint_undo = savepoint_undo,
        .tick = tick,
        .take_decisions = take_decisions,
        .committed = committed,
        .withdrawals_wait = withdrawals_wait,
        .withdraw = withdraw,
        .rules_wait = rules_wait,
        .rules_take = rules_take,
        .idempotency_find = find_answer,
        .idempotency_put = put_answer,
        .may_see = may_see,
        .secret = store_secret(desk_store(link->desk)),
        .role_names = DESK_ROLE_NAMES,
    };
    server_set_desk(link->server, &link->hooks);
}

/* Without sign-in only where nobody could sign in: never on a centre's own database. */
static sluice_result check_open(const server *s, const desk_link *link, sluice_error *error) {
    uint64_t users = 0;
    record_query any = {.table = USER_KIND.table};
    sluice_result result = store_count(desk_store(link->desk), &any, 1, &users, error);
    if (result == SLUICE_OK && users > 0 && s->options.insecure_open) {
        return error_set(error, SLUICE_E_INVALID,
                         "%s has users: insecure-open is for development databases without any", s->options.database);
    }
    return result;
}

sluice_result desk_link_open(server *s, desk_link **link_out, sluice_error *error) {
    desk_link *link = memory_new_zero(1, sizeof *link);
    *link_out = link;
    if (link == NULL) {
        return error_no_memory(error, sizeof *link);
    }
    link->server = s;
    link->actors = actor_memory_new();
    if (link->actors == NULL) {
        return error_no_memory(error, ACTOR_MEMORY_BYTES);
    }
    desk_options options = {.engine = server_engine_of_writer(s), .audit_witness = s->options.audit_witness};
    sluice_result result = desk_open(&options, clock_now_ms(), &link->desk, error);
    if (result != SLUICE_OK) {
        return result;
    }
    rule_changes_use(link->desk, &s->options.with);
    result = check_open(s, link, error);
    result = result == SLUICE_OK ? import_recover(link->desk, clock_now_ms(), error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    link->told = desk_event_last(link->desk);
    set_hooks(link);
    return desk_routes_add(s->routes, &link->routes, error);
}

void desk_link_close(desk_link **link) {
    if (*link != NULL) {
        desk_close(&(*link)->desk);
        arena_fini(&(*link)->routes);
        actor_memory_free(&(*link)->actors);
        memory_free(*link);
        *link = NULL;
    }
}

desk *desk_link_desk(const desk_link *link) {
    return link->desk;
}

/* ---- for handlers ---- */

static desk_link *link_of_request(const request *rq) {
    return link_of(rq->server->desk->context);
}

desk *desk_of(const request *rq) {
    return link_of_request(rq)->desk;
}

void desk_failing(const request *rq, const desk_command *c, sluice_result failure) {
    desk_link *link = link_of_request(rq);
    link->failing = c;
    link->failure = failure;
}

/* ---- rules alone ---- */

typedef struct alone_call {
    server *s;
    char detail[65];
} alone_call;

static sluice_result run_alone_note(void *context, sluice_error *error) {
    alone_call *call = context;
    arena a = {0};
    desk_command c = {.desk = link_of(call->s->desk->context)->desk,
                      .actor = &DESK_SYSTEM,
                      .now_ms = clock_now_ms(),
                      .arena = &a,
                      .error = error};
    sluice_result result = audit_add(&c, "rules_folder_only", "rule_change", 0, text_of(call->detail));
    arena_fini(&a);
    return result;
}

sluice_result desk_link_note_alone(server *s, sluice_error *error) {
    alone_call call = {.s = s};
    if (!atomic_load(&s->rules.alone) || s->desk->rules_take == NULL) {
        return SLUICE_OK;
    }
    mutex_lock(&s->writer.lock);
    memcpy(call.detail, s->writer.rules_sha256, sizeof call.detail);
    mutex_unlock(&s->writer.lock);
    return writer_run(s, run_alone_note, &call, error);
}
