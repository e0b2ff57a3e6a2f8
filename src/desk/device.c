#include "desk/device.h"

#include <string.h>

#include "desk/desk_private.h"
#include "desk/token.h"

enum { DEVICE_HASH, DEVICE_USER, DEVICE_SEEN, DEVICE_FAILURES, DEVICE_LOCKED_UNTIL, DEVICE_FIELDS };
enum { DEVICES_MAX = 10 };

static const record_field FIELDS[DEVICE_FIELDS] = {
    [DEVICE_HASH] = {"hash", FIELD_TEXT, SECRECY_SECRET, FIELD_REQUIRED, .en = "token hash (SHA-256)",
                     .zh = "令牌哈希"},
    [DEVICE_USER] = {"user", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "user", .zh = "用户"},
    [DEVICE_SEEN] = {"seen", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "last sign-in", .zh = "最近登录"},
    [DEVICE_FAILURES] = {"failures", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "failed sign-ins",
                         .zh = "连续失败次数"},
    [DEVICE_LOCKED_UNTIL] = {"locked_until", FIELD_TIME, .en = "locked until", .zh = "锁定至"},
};
const record_table DEVICE_TABLE = {"device",
                                   FIELDS,
                                   DEVICE_FIELDS,
                                   (const record_index[]){{true, {DEVICE_HASH, RECORD_END, RECORD_END, RECORD_END}},
                                                          {false, {DEVICE_USER, DEVICE_SEEN, RECORD_END, RECORD_END}}},
                                   2,
                                   false,
                                   "browsers that users have signed in with",
                                   "登录过的浏览器"};

sluice_result device_find(desk_command *c, int64_t user, sluice_text token, record *device_out) {
    char hash[65];
    sluice_result result = token_hash(token, hash, c->error);
    query_term by[] = {{DEVICE_HASH, QUERY_EQUAL, value_text((sluice_text){hash, 64}), NULL, 0},
                       {DEVICE_USER, QUERY_EQUAL, value_integer(user), NULL, 0}};
    return result == SLUICE_OK ? desk_find(c, &DEVICE_TABLE, by, 2, device_out) : result;
}

int64_t device_locked_until(const record *device) {
    const record_value *until = &device->values[DEVICE_LOCKED_UNTIL];
    return until->is_null ? 0 : until->integer;
}

sluice_result device_count_failure(desk_command *c, record *device, int64_t cap, int64_t lock_ms) {
    int64_t failures = device->values[DEVICE_FAILURES].integer + 1;
    bool is_full = failures >= cap;
    device->values[DEVICE_FAILURES] = value_integer(is_full ? 0 : failures);
    device->values[DEVICE_LOCKED_UNTIL] = is_full ? value_integer(c->now_ms + lock_ms) : value_null();
    return desk_update(c, device);
}

/* The oldest go, until there is room for one more. */
static sluice_result forget_old(desk_command *c, int64_t user, size_t room) {
    query_term of = {DEVICE_USER, QUERY_EQUAL, value_integer(user), NULL, 0};
    record_query query = {
        .table = &DEVICE_TABLE, .terms = &of, .term_count = 1, .order = DEVICE_SEEN, .limit = DEVICES_MAX + 1};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count && count - i > room; i++) {
        result = store_delete(c->desk->store, &DEVICE_TABLE, rows[i].id, c->error);
    }
    return result;
}

sluice_result device_forget_all(desk_command *c, int64_t user) {
    return forget_old(c, user, 0);
}

sluice_result device_keep(desk_command *c, int64_t user, record *device, sluice_text token,
                          char token_out[TOKEN_BYTES]) {
    char hash[65];
    if (device != NULL && token.length < TOKEN_BYTES) {
        memcpy(token_out, token.data, token.length);
        token_out[token.length] = '\0';
        device->values[DEVICE_SEEN] = value_integer(c->now_ms);
        device->values[DEVICE_FAILURES] = value_integer(0);
        device->values[DEVICE_LOCKED_UNTIL] = value_null();
        return desk_update(c, device);
    }
    sluice_result result = forget_old(c, user, DEVICES_MAX - 1);
    result = result == SLUICE_OK ? token_new(token_out, hash, c->error) : result;
    record_value values[DEVICE_FIELDS] = {
        [DEVICE_HASH] = value_text((sluice_text){hash, 64}),
        [DEVICE_USER] = value_integer(user),
        [DEVICE_SEEN] = value_integer(c->now_ms),
        [DEVICE_FAILURES] = value_integer(0),
        [DEVICE_LOCKED_UNTIL] = value_null(),
    };
    record row = {.table = &DEVICE_TABLE, .values = values};
    return result == SLUICE_OK ? desk_insert(c, &row) : result;
}
