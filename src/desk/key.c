/* Keys of partners' programs and of own systems. */
#include "desk/desk_private.h"
#include "desk/token.h"
#include "desk/unit.h"

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
    principal_touch(c, PRINCIPAL_IS_KEY | (uint64_t)r->id);
    return SLUICE_OK;
}

static const record_field KEY_NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const desk_act_row KEY_ACTS[] = {
    {"create", NULL, "active", ROLE_ADMINISTRATOR, ACT_CITY, BY(KEY_MADE_BY), INPUTS(KEY_CREATE), RUN(key_create),
     SAYS("make a key; the answer holds it, once", "新建密钥")},
    {"revoke", "active", "revoked", ROLE_ADMINISTRATOR | ROLE_COMMANDER, ACT_CITY | ACT_REASON, INPUTS(KEY_NOTE),
     RUN(key_revoke), SAYS("end a key at once", "吊销")},
};
const desk_kind KEY_KIND = {
    .table = &KEYS,
    .name = "key",
    .collection = "keys",
    .readers = ROLE_ADMINISTRATOR | ROLE_AUDITOR | ROLE_COMMANDER,
    .state = SOME(KEY_STATE),
    ACTS_OF(KEY_ACTS),
};

static sluice_result take_key(desk_command *c, const record *key, desk_actor *actor, int64_t *unit_out) {
    if (c->now_ms >= key->values[KEY_UNTIL].integer || !text_equal(key->values[KEY_STATE].text, TEXT("active"))) {
        return SLUICE_E_NOT_FOUND;
    }
    actor->ends_ms = key->values[KEY_UNTIL].integer;
    actor->roles = 0;
    actor->institution = value_text_or_empty(&key->values[KEY_INSTITUTION]);
    (void)roles_parse(key->values[KEY_ROLES].text, &actor->roles);
    *unit_out = key->values[KEY_UNIT].integer;
    return SLUICE_OK;
}

static const char LOGIN[] = "key:";

sluice_result key_authenticate(desk_command *c, const char *hash, desk_actor *actor, int64_t *unit_out) {
    record key;
    query_term by = {KEY_HASH, QUERY_EQUAL, value_text((sluice_text){hash, 64}), NULL, 0};
    sluice_result result = desk_find(c, &KEYS, &by, 1, &key);
    result = result == SLUICE_OK ? take_key(c, &key, actor, unit_out) : result;
    char *login = result == SLUICE_OK ? arena_alloc(c->arena, 32) : NULL;
    if (result == SLUICE_OK && login == NULL) {
        return error_no_memory(c->error, 32);
    }
    if (result == SLUICE_OK) {
        (void)snprintf(login, 32, "%s%lld", LOGIN, (long long)key.id);
        actor->login = text_of(login);
    }
    return result;
}

int64_t key_of(const desk_actor *actor) {
    uint64_t id = 0;
    size_t skip = sizeof LOGIN - 1;
    bool is_key = actor->login.length > skip && memcmp(actor->login.data, LOGIN, skip) == 0 &&
                  text_to_u64((sluice_text){actor->login.data + skip, actor->login.length - skip}, &id);
    return is_key ? (int64_t)id : 0;
}

sluice_result key_still(desk_command *c, desk_actor *actor, int64_t *unit_out) {
    record key;
    sluice_result result = store_get(c->desk->store, &KEYS, key_of(actor), c->arena, &key, c->error);
    return result == SLUICE_OK ? take_key(c, &key, actor, unit_out) : result;
}
