/* Sessions of people, keys of partners, and the answers kept for requests that come again. */
#include <sodium.h>

#include "base/hash.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/token.h"
#include "desk/unit.h"
#include "sys/random.h"

/* ---- tokens ---- */

sluice_result token_hash(sluice_text token, char hash_out[65], sluice_error *error) {
    return sha256_of(token.data, token.length, hash_out, error);
}

sluice_result token_new(char token_out[TOKEN_BYTES], char hash_out[65], sluice_error *error) {
    unsigned char bytes[32];
    if (!random_secret(bytes, sizeof bytes)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: try again");
    }
    (void)sodium_bin2base64(token_out, TOKEN_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return token_hash(text_of(token_out), hash_out, error);
}

/* ---- what changed ---- */

void user_touch_principal(desk_command *c, uint64_t principal) {
    principal_changes *changes = &c->desk->changed_users;
    if (changes->count < USER_CHANGES_MAX) {
        changes->at[changes->count] = principal;
    }
    changes->count++;
}

void user_publish_changes(desk *d) {
    principal_changes *from = &d->changed_users, *to = &d->changed_users_committed;
    for (size_t i = 0; i < from->count; i++) {
        if (i < USER_CHANGES_MAX && to->count < USER_CHANGES_MAX) {
            to->at[to->count] = from->at[i];
        }
        to->count++;
    }
    if (from->count > 0) {
        (void)atomic_fetch_add_explicit(&d->user_epoch, 1, memory_order_release);
    }
    from->count = 0;
}

size_t user_take_changed(desk *d, uint64_t principals_out[USER_CHANGES_MAX]) {
    size_t count = d->changed_users_committed.count;
    memcpy(principals_out, d->changed_users_committed.at, sizeof d->changed_users_committed.at);
    d->changed_users_committed.count = 0;
    return count;
}

uint64_t user_epoch(const desk *d) {
    return atomic_load_explicit(&d->user_epoch, memory_order_acquire);
}

/* ---- sessions ---- */

enum { SESSION_HASH, SESSION_USER, SESSION_EXPIRES, SESSION_SEEN, SESSION_ADDRESS, SESSION_ORIGIN, SESSION_FIELDS };
static const record_field SESSION[SESSION_FIELDS] = {
    [SESSION_HASH] = {"hash", FIELD_TEXT, SECRECY_SECRET, FIELD_REQUIRED, .en = "token hash (SHA-256)",
                      .zh = "令牌哈希"},
    [SESSION_USER] = {"user", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "user", .zh = "用户"},
    [SESSION_EXPIRES] = {"expires", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "expires", .zh = "到期"},
    [SESSION_SEEN] = {"seen", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "last used", .zh = "最近使用"},
    [SESSION_ADDRESS] = {"address", FIELD_TEXT, .en = "network address", .zh = "网络地址"},
    [SESSION_ORIGIN] = {"origin", FIELD_TEXT, SECRECY_SECRET, .en = "provider session hash (SHA-256)",
                        .zh = "统一认证会话哈希"},
};
const record_table SESSION_TABLE = {
    "session",
    SESSION,
    SESSION_FIELDS,
    (const record_index[]){{true, {SESSION_HASH, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {SESSION_USER, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {SESSION_EXPIRES, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {SESSION_ORIGIN, RECORD_END, RECORD_END, RECORD_END}}},
    4,
    false,
    "sessions",
    "会话"};

enum { TOUCH_AFTER_MS = 60000, EXPIRED_DROPPED = 20 };

/* Sessions that ended are dropped when others begin: a few each time, so that no sign-in pays for many. */
static sluice_result drop_expired(desk_command *c) {
    query_term over = {SESSION_EXPIRES, QUERY_LESS, value_integer(c->now_ms), NULL, 0};
    record_query query = {
        .table = &SESSION_TABLE, .terms = &over, .term_count = 1, .order = SESSION_EXPIRES, .limit = EXPIRED_DROPPED};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = store_delete(c->desk->store, &SESSION_TABLE, rows[i].id, c->error);
    }
    return result;
}

sluice_result session_open(desk_command *c, int64_t user, sluice_text address, sluice_text origin,
                           char token_out[TOKEN_BYTES], int64_t *expires_ms_out) {
    char hash[65], origin_hash[65] = "";
    int64_t length_ms = 0;
    sluice_result result = dated_number(c, "duration", "session", &length_ms);
    result = result == SLUICE_OK ? drop_expired(c) : result;
    result = result == SLUICE_OK ? token_new(token_out, hash, c->error) : result;
    result = result == SLUICE_OK && origin.data != NULL ? token_hash(origin, origin_hash, c->error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    *expires_ms_out = c->now_ms + length_ms;
    record_value values[SESSION_FIELDS] = {
        [SESSION_HASH] = value_text((sluice_text){hash, 64}),
        [SESSION_USER] = value_integer(user),
        [SESSION_EXPIRES] = value_integer(*expires_ms_out),
        [SESSION_SEEN] = value_integer(c->now_ms),
        [SESSION_ADDRESS] = address.length == 0 ? value_null() : value_text(address),
        [SESSION_ORIGIN] = origin.data == NULL ? value_null() : value_text(text_of(origin_hash)),
    };
    record row = {.table = &SESSION_TABLE, .values = values};
    return desk_insert(c, &row);
}

sluice_result session_end_all(desk_command *c, int64_t user) {
    query_term of = {SESSION_USER, QUERY_EQUAL, value_integer(user), NULL, 0};
    record_query query = {.table = &SESSION_TABLE, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = 10000};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = store_delete(c->desk->store, &SESSION_TABLE, rows[i].id, c->error);
    }
    user_touch_principal(c, (uint64_t)user);
    return result;
}

sluice_result session_end_of_provider(desk_command *c, int64_t user, sluice_text origin, int64_t *user_out) {
    char hash[65];
    record *rows = NULL;
    size_t count = 0;
    *user_out = 0;
    sluice_result result = token_hash(origin, hash, c->error);
    query_term of = user != 0 ? (query_term){SESSION_USER, QUERY_EQUAL, value_integer(user), NULL, 0}
                              : (query_term){SESSION_ORIGIN, QUERY_EQUAL, value_text((sluice_text){hash, 64}), NULL, 0};
    record_query query = {.table = &SESSION_TABLE, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = 10000};
    result = result == SLUICE_OK ? store_select(c->desk->store, &query, c->arena, &rows, &count, c->error) : result;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const record_value *its = &rows[i].values[SESSION_ORIGIN];
        if (its->is_null || (origin.length > 0 && !text_equal(its->text, (sluice_text){hash, 64}))) {
            continue; /* it began here, or in another of the provider's */
        }
        *user_out = rows[i].values[SESSION_USER].integer;
        user_touch_principal(c, (uint64_t)*user_out);
        result = store_delete(c->desk->store, &SESSION_TABLE, rows[i].id, c->error);
    }
    return result;
}

sluice_result user_sign_out(desk_command *c, bool everywhere) {
    sluice_result result;
    if (everywhere) {
        result = session_end_all(c, c->actor->user);
    } else {
        result = store_delete(c->desk->store, &SESSION_TABLE, c->actor->session, c->error);
        user_touch_principal(c, (uint64_t)c->actor->user);
    }
    return result == SLUICE_OK
               ? audit_add(c, "sign_out", "user", c->actor->user, everywhere ? TEXT("everywhere") : (sluice_text){0})
               : result;
}

sluice_result user_touch(desk_command *c, int64_t session) {
    record r;
    sluice_result result = store_get(c->desk->store, &SESSION_TABLE, session, c->arena, &r, c->error);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    r.values[SESSION_SEEN] = value_integer(c->now_ms);
    return desk_update(c, &r);
}

/* ---- keys of partners ---- */

enum { KEY_NAME, KEY_INSTITUTION, KEY_UNIT, KEY_ROLES, KEY_HASH, KEY_UNTIL, KEY_STATE, KEY_MADE_BY, KEY_FIELDS };
static const record_field KEY[KEY_FIELDS] = {
    [KEY_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 100, .en = "purpose",
                  .zh = "用途"},
    [KEY_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                         .en = "partner; a bank, carrier or platform, none: an own system",
                         .zh = "机构代码；银行、运营商或平台，不填为本单位系统"},
    [KEY_UNIT] = {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "unit", .en = "unit",
                  .zh = "单位"},
    [KEY_ROLES] = {"roles", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 100, .en = "roles",
                   .zh = "角色"},
    [KEY_HASH] = {"hash", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .en = "key hash (SHA-256)", .zh = "密钥哈希"},
    [KEY_UNTIL] = {"until", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "valid until", .zh = "有效期至"},
    [KEY_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                   .codes = "active|revoked", .en = "state", .zh = "状态"},
    [KEY_MADE_BY] = {"made_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "created by",
                     .zh = "创建人"},
};
static const record_table KEYS = {
    "key", KEY,   KEY_FIELDS, (const record_index[]){{true, {KEY_HASH, RECORD_END, RECORD_END, RECORD_END}}},
    1,     false, "API keys", "接口密钥"};
static const record_field KEY_CREATE[] = {
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100, .en = "purpose", .zh = "用途"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "partner", .zh = "机构代码"},
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "unit", .zh = "单位"},
    {"roles", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100,
     .en = "role; partner, or duty or analyst of an own system", .zh = "角色；合作单位，或本单位系统的值班、研判"},
    {"until", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "valid until", .zh = "有效期至"},
};

static sluice_result key_create(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    unsigned roles = 0;
    char key[TOKEN_BYTES], hash[65];
    unit_place place;
    bool is_partner = !r->values[KEY_INSTITUTION].is_null;
    unsigned allowed = is_partner ? ROLE_PARTNER : ROLE_DUTY | ROLE_ANALYST;
    if (!roles_parse(r->values[KEY_ROLES].text, &roles) || (roles & ~allowed) != 0) {
        return desk_fault_add(c, "roles",
                              is_partner ? "partner is expected of a key with an institution"
                                         : "duty or analyst is expected of a key without one");
    }
    if (r->values[KEY_UNTIL].integer <= c->now_ms) {
        return desk_fault_add(c, "until", "a time to come is expected");
    }
    sluice_result result = unit_place_of(c->desk->store, r->values[KEY_UNIT].integer, c->arena, &place, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "unit", "a unit that is there is expected");
    }
    result = result == SLUICE_OK ? token_new(key, hash, c->error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    const char *kept = arena_copy(c->arena, hash, 65), *shown = arena_copy(c->arena, key, sizeof key);
    if (kept == NULL || shown == NULL) {
        return error_no_memory(c->error, sizeof key);
    }
    r->values[KEY_HASH] = value_text((sluice_text){kept, 64});
    c->secret = text_of(shown);
    return SLUICE_OK;
}

static sluice_result key_revoke(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    user_touch_principal(c, PRINCIPAL_IS_KEY | (uint64_t)r->id);
    return SLUICE_OK;
}

static const record_field KEY_NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const desk_act_row KEY_ACTS[] = {
    {"create", NULL, "active", ROLE_ADMINISTRATOR, ACT_CITY, NO_FIELD, KEY_MADE_BY, NO_FIELD, FIELDS_OF(KEY_CREATE),
     key_create, NULL, NULL, "make a key; the answer holds it, once", "新建密钥"},
    {"revoke", "active", "revoked", ROLE_ADMINISTRATOR | ROLE_COMMANDER, ACT_CITY | ACT_REASON, NO_FIELD, NO_FIELD,
     NO_FIELD, FIELDS_OF(KEY_NOTE), key_revoke, NULL, NULL, "end a key at once", "吊销"},
};
const desk_kind KEY_KIND = {
    .table = &KEYS,
    .name = "key",
    .collection = "keys",
    .readers = ROLE_ADMINISTRATOR | ROLE_AUDITOR | ROLE_COMMANDER,
    .state = KEY_STATE,
    .due = NO_FIELD,
    .assignee = NO_FIELD,
    .district = NO_FIELD,
    .station = NO_FIELD,
    .institution = NO_FIELD,
    .acts = KEY_ACTS,
    .act_count = sizeof KEY_ACTS / sizeof *KEY_ACTS,
};

/* ---- who is it? ---- */

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

static sluice_result find_by_hash(desk_command *c, const record_table *table, uint8_t field, const char *hash,
                                  record *r) {
    query_term by = {field, QUERY_EQUAL, value_text((sluice_text){hash, 64}), NULL, 0};
    record_query query = {.table = table, .terms = &by, .term_count = 1, .order = QUERY_ID};
    return store_find(c->desk->store, &query, c->arena, r, c->error);
}

static sluice_result from_key(desk_command *c, const char *hash, desk_actor *actor) {
    record key;
    sluice_result result = find_by_hash(c, &KEYS, KEY_HASH, hash, &key);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK &&
         (c->now_ms >= key.values[KEY_UNTIL].integer || !text_equal(key.values[KEY_STATE].text, TEXT("active"))))) {
        return nobody(c);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    char *login = arena_alloc(c->arena, 32);
    if (login == NULL) {
        return error_no_memory(c->error, 32);
    }
    (void)snprintf(login, 32, "key:%lld", (long long)key.id);
    actor->login = text_of(login);
    actor->ends_ms = key.values[KEY_UNTIL].integer;
    actor->institution = value_text_or_empty(&key.values[KEY_INSTITUTION]);
    (void)roles_parse(key.values[KEY_ROLES].text, &actor->roles);
    return place_actor(c, key.values[KEY_UNIT].integer, actor);
}

sluice_result user_authenticate(desk_command *c, sluice_text token, desk_actor *actor, user_idle *idle_out) {
    char hash[65];
    record session, user;
    *actor = (desk_actor){.level = LEVEL_STATION};
    *idle_out = (user_idle){.ends_ms = INT64_MAX};
    sluice_result result = token_hash(token, hash, c->error);
    if (result == SLUICE_OK) {
        result = find_by_hash(c, &SESSION_TABLE, SESSION_HASH, hash, &session);
    }
    if (result == SLUICE_E_NOT_FOUND) {
        return from_key(c, hash, actor);
    }
    int64_t idle_ms = atomic_load_explicit(&c->desk->idle_ms, memory_order_relaxed);
    if (result != SLUICE_OK) {
        return result;
    }
    actor->ends_ms = session.values[SESSION_EXPIRES].integer;
    idle_out->ends_ms = session.values[SESSION_SEEN].integer + idle_ms;
    if (c->now_ms >= actor->ends_ms || c->now_ms >= idle_out->ends_ms) {
        return nobody(c);
    }
    result =
        store_get(c->desk->store, USER_KIND.table, session.values[SESSION_USER].integer, c->arena, &user, c->error);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK && !text_equal(user.values[USER_STATE].text, TEXT("active")))) {
        return nobody(c);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    actor->user = user.id;
    actor->session = session.id;
    actor->login = user.values[USER_LOGIN].text;
    actor->institution = value_text_or_empty(&user.values[USER_INSTITUTION]);
    (void)roles_parse(user.values[USER_ROLES].text, &actor->roles);
    idle_out->touch = c->now_ms >= session.values[SESSION_SEEN].integer + TOUCH_AFTER_MS;
    return place_actor(c, user.values[USER_UNIT].integer, actor);
}

/* ---- requests that come again ---- */

enum { ONCE_PRINCIPAL, ONCE_KEY, ONCE_REQUEST, ONCE_STATUS, ONCE_BODY, ONCE_FIELDS };
static const record_field ONCE[ONCE_FIELDS] = {
    [ONCE_PRINCIPAL] = {"principal", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "requester", .zh = "请求方"},
    [ONCE_KEY] = {"key", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 255, .en = "Idempotency-Key",
                  .zh = "幂等键"},
    [ONCE_REQUEST] = {"request", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "request hash (SHA-256)", .zh = "请求哈希"},
    [ONCE_STATUS] = {"status", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "status", .zh = "状态码"},
    [ONCE_BODY] = {"body", FIELD_TEXT, SECRECY_SECRET, .bytes_max = 1000000, .en = "answer", .zh = "应答"},
};
const record_table IDEMPOTENCY_TABLE = {
    "idempotency",
    ONCE,
    ONCE_FIELDS,
    (const record_index[]){{true, {ONCE_PRINCIPAL, ONCE_KEY, RECORD_END, RECORD_END}}},
    1,
    false,
    "answers kept for requests that are sent again",
    "幂等应答"};

sluice_result idempotency_find(desk_command *c, sluice_text principal, sluice_text key, const char *request_sha256,
                               int64_t *status_out, sluice_text *body_out) {
    query_term by[2] = {{ONCE_PRINCIPAL, QUERY_EQUAL, value_text(principal), NULL, 0},
                        {ONCE_KEY, QUERY_EQUAL, value_text(key), NULL, 0}};
    record_query query = {.table = &IDEMPOTENCY_TABLE, .terms = by, .term_count = 2, .order = QUERY_ID};
    record r;
    sluice_result result = store_find(c->desk->store, &query, c->arena, &r, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!text_equal(r.values[ONCE_REQUEST].text, text_of(request_sha256))) {
        return error_set(c->error, SLUICE_E_CONFLICT,
                         "this Idempotency-Key was used for another request: use a new key for a new request");
    }
    *status_out = r.values[ONCE_STATUS].integer;
    *body_out = value_text_or_empty(&r.values[ONCE_BODY]);
    return SLUICE_OK;
}

sluice_result idempotency_put(desk_command *c, sluice_text principal, sluice_text key, const char *request_sha256,
                              int64_t status, sluice_text body) {
    record_value values[ONCE_FIELDS] = {
        [ONCE_PRINCIPAL] = value_text(principal),
        [ONCE_KEY] = value_text(key),
        [ONCE_REQUEST] = value_text(text_of(request_sha256)),
        [ONCE_STATUS] = value_integer(status),
        [ONCE_BODY] = body.length == 0 ? value_null() : value_text(body),
    };
    record r = {.table = &IDEMPOTENCY_TABLE, .values = values};
    return desk_insert(c, &r);
}
