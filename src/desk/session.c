/* Sessions of people. */
#include "base/hash.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/token.h"

enum { SESSION_HASH, SESSION_USER, SESSION_EXPIRES, SESSION_SEEN, SESSION_ADDRESS, SESSION_ORIGIN, SESSION_FIELDS };
static const record_field SESSION[SESSION_FIELDS] = {
    [SESSION_HASH] = {"hash", FIELD_TEXT, SECRECY_SECRET, FIELD_REQUIRED, .en = "SHA-256 of the token",
                      .zh = "令牌哈希"},
    [SESSION_USER] = {"user", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "whose", .zh = "用户"},
    [SESSION_EXPIRES] = {"expires", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "ends at", .zh = "到期"},
    [SESSION_SEEN] = {"seen", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "last used", .zh = "最近使用"},
    [SESSION_ADDRESS] = {"address", FIELD_TEXT, .en = "network address", .zh = "网络地址"},
    [SESSION_ORIGIN] = {"origin", FIELD_TEXT, SECRECY_SECRET, .en = "SHA-256 of the identity provider's session",
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

enum { EXPIRED_DROPPED = 20 };

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
    principal_touch(c, (uint64_t)user);
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
        principal_touch(c, (uint64_t)*user_out);
        result = store_delete(c->desk->store, &SESSION_TABLE, rows[i].id, c->error);
    }
    return result;
}

sluice_result user_sign_out(desk_command *c, bool everywhere) {
    sluice_result result;
    if (everywhere) {
        record user;
        result = store_get(c->desk->store, USER_KIND.table, c->actor->user, c->arena, &user, c->error);
        if (result == SLUICE_OK) {
            user.values[USER_ENDED_AT] = value_integer(c->now_ms);
            result = desk_update(c, &user);
        }
        result = result == SLUICE_OK ? session_end_all(c, c->actor->user) : result;
    } else {
        result = store_delete(c->desk->store, &SESSION_TABLE, c->actor->session, c->error);
        principal_touch(c, (uint64_t)c->actor->user);
    }
    return result == SLUICE_OK
               ? audit_add(c, "sign_out", "user", c->actor->user, everywhere ? TEXT("everywhere") : (sluice_text){0})
               : result;
}

sluice_result session_find(desk_command *c, const char *hash, session_facts *facts_out) {
    record session;
    query_term by = {SESSION_HASH, QUERY_EQUAL, value_text(text_of(hash)), NULL, 0};
    sluice_result result = desk_find(c, &SESSION_TABLE, &by, 1, &session);
    if (result == SLUICE_OK) {
        *facts_out = (session_facts){session.id, session.values[SESSION_USER].integer,
                                     session.values[SESSION_EXPIRES].integer, session.values[SESSION_SEEN].integer};
    }
    return result;
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
