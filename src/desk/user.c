/* Users and their passwords. Sessions and keys are in session.c. */
#include "desk/user.h"

#include <sodium.h>

#include "base/hash.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/device.h"
#include "desk/nonce.h"
#include "desk/token.h"
#include "desk/unit.h"

static const record_field FIELDS[USER_FIELDS] = {
    [USER_LOGIN] = {"login", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                    .en = "login name", .zh = "登录名"},
    [USER_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "name", .zh = "姓名"},
    [USER_UNIT] = {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FILTER, .target = "unit", .en = "unit",
                   .zh = "单位"},
    [USER_ROLES] = {"roles", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "roles; separated by commas",
                    .zh = "角色；多个用逗号分隔"},
    [USER_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "invited|active|disabled", .en = "state", .zh = "状态"},
    [USER_PASSWORD] = {"password", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .en = "password hash (argon2id)",
                       .zh = "口令哈希"},
    [USER_CODE] = {"code", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .en = "activation code hash (SHA-256)",
                   .zh = "激活码哈希"},
    [USER_CODE_UNTIL] = {"code_until", FIELD_TIME, .flags = FIELD_SERVER, .en = "activation code valid until",
                         .zh = "激活码有效期"},
    [USER_FAILURES] = {"failures", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "failed sign-ins", .zh = "连续失败次数"},
    [USER_LOCKED_UNTIL] = {"locked_until", FIELD_TIME, .flags = FIELD_SERVER, .en = "locked until", .zh = "锁定至"},
    [USER_SIGNED_IN_AT] = {"signed_in_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "last sign-in", .zh = "最近登录"},
    [USER_LANGUAGE] = {"language", FIELD_CODE, .codes = "zh|en", .en = "language", .zh = "语言"},
    [USER_SUBJECT] = {"subject", FIELD_TEXT, .bytes_max = 255, .en = "OpenID subject", .zh = "统一身份标识"},
    [USER_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_FILTER, .bytes_max = 64,
                          .en = "institution; of a partner", .zh = "所属机构代码；合作单位用户填写"},
    [USER_ENDED_AT] = {"ended_at", FIELD_TIME, SECRECY_SECRET, FIELD_SERVER, .en = "what was begun before it ends",
                       .zh = "此前发起的操作一律终止"},
};
static const record_table TABLE = {"user",
                                   FIELDS,
                                   USER_FIELDS,
                                   (const record_index[]){{true, {USER_LOGIN, RECORD_END, RECORD_END, RECORD_END}},
                                                          {true, {USER_SUBJECT, RECORD_END, RECORD_END, RECORD_END}},
                                                          {false, {USER_UNIT, RECORD_END, RECORD_END, RECORD_END}}},
                                   3,
                                   false,
                                   "users",
                                   "用户"};

static const record_field CREATE[] = {
    {"login", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "login name", .zh = "登录名"},
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "name", .zh = "姓名"},
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "unit", .zh = "单位"},
    {"roles", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "roles; separated by commas",
     .zh = "角色；多个用逗号分隔"},
    {"language", FIELD_CODE, .codes = "zh|en", .en = "language", .zh = "语言"},
    {"subject", FIELD_TEXT, .bytes_max = 255, .en = "OpenID subject", .zh = "统一身份标识"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "institution; of a partner",
     .zh = "所属机构代码；合作单位用户填写"},
};
static const record_field EDIT[] = {
    {"name", FIELD_TEXT, .bytes_max = 200, .en = "name", .zh = "姓名"},
    {"unit", FIELD_REFERENCE, .target = "unit", .en = "unit", .zh = "单位"},
    {"roles", FIELD_TEXT, .bytes_max = 200, .en = "roles; separated by commas", .zh = "角色；多个用逗号分隔"},
    {"language", FIELD_CODE, .codes = "zh|en", .en = "language", .zh = "语言"},
    {"subject", FIELD_TEXT, .bytes_max = 255, .en = "OpenID subject", .zh = "统一身份标识"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "institution; of a partner",
     .zh = "所属机构代码；合作单位用户填写"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

static bool is_login(sluice_text login) {
    for (size_t i = 0; i < login.length; i++) {
        char at = login.data[i];
        if (!((at >= 'a' && at <= 'z') || (at >= '0' && at <= '9') || at == '.' || at == '_' || at == '-')) {
            return false;
        }
    }
    return login.length >= 2;
}

/* Roles that must not be in one hand: who administers neither acts nor watches himself; who audits does nothing else;
 * who works for a partner is no officer, and sees by his institution alone. */
static sluice_result check_roles(desk_command *c, const record *r) {
    unsigned roles = 0;
    bool has_institution = !r->values[USER_INSTITUTION].is_null;
    if (!roles_parse(r->values[USER_ROLES].text, &roles)) {
        return desk_fault_add(c, "roles",
                              "some of duty, analyst, investigator, commander, approver, outreach, auditor, partner, "
                              "administrator are expected, with commas");
    }
    if ((roles & ROLE_PARTNER) != 0 && roles != (unsigned)ROLE_PARTNER) {
        return desk_fault_add(c, "roles", "a partner has no other role");
    }
    if ((roles & ROLE_PARTNER) != 0 && !has_institution) {
        return desk_fault_add(c, "institution", "the code of the partner's institution is expected");
    }
    if ((roles & ROLE_PARTNER) == 0 && has_institution) {
        return desk_fault_add(c, "institution", "only a partner belongs to an institution");
    }
    if ((roles & ROLE_ADMINISTRATOR) != 0 && roles != (unsigned)ROLE_ADMINISTRATOR) {
        return desk_fault_add(c, "roles", "an administrator has no other role");
    }
    if ((roles & ROLE_AUDITOR) != 0 && roles != (unsigned)ROLE_AUDITOR) {
        return desk_fault_add(c, "roles", "an auditor has no other role");
    }
    return SLUICE_OK;
}

/* Nobody changes himself, and an administrator of a district only his district's. */
static sluice_result check_user(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    unit_place place;
    if (!is_login(r->values[USER_LOGIN].text)) {
        return desk_fault_add(c, "login", "two or more of a-z, 0-9, dot, hyphen and underscore are expected");
    }
    sluice_result result = check_roles(c, r);
    if (result == SLUICE_OK) {
        result = unit_place_of(c->desk->store, r->values[USER_UNIT].integer, c->arena, &place, c->error);
    }
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "unit", "a unit that is there is expected");
    }
    if (result == SLUICE_OK && r->id != 0 && r->id == c->actor->user) {
        return error_set(c->error, SLUICE_E_FORBIDDEN, "nobody changes his own rights");
    }
    if (result == SLUICE_OK && c->actor->level != LEVEL_CITY && place.district != c->actor->district) {
        return error_set(c->error, SLUICE_E_FORBIDDEN, "this unit is not of your district");
    }
    return result;
}

/* A fresh activation code, which ends the password there was. */
static sluice_result give_code(desk_command *c, record *r) {
    char code[TOKEN_BYTES], hash[65];
    int64_t hold_ms = 0;
    sluice_result result = dated_number(c, "duration", "activation", &hold_ms);
    if (result == SLUICE_OK) {
        result = token_new(code, hash, c->error);
    }
    const char *kept = result == SLUICE_OK ? arena_copy(c->arena, hash, 65) : NULL;
    const char *shown = result == SLUICE_OK ? arena_copy(c->arena, code, sizeof code) : NULL;
    if (result == SLUICE_OK && (kept == NULL || shown == NULL)) {
        return error_no_memory(c->error, sizeof code);
    }
    if (result == SLUICE_OK) {
        r->values[USER_CODE] = value_text((sluice_text){kept, 64});
        r->values[USER_CODE_UNTIL] = value_integer(c->now_ms + hold_ms);
        r->values[USER_PASSWORD] = value_null();
        r->values[USER_FAILURES] = value_integer(0);
        c->secret = text_of(shown);
        principal_touch(c, (uint64_t)r->id);
    }
    return result;
}

static sluice_result create(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = check_user(c, r, in);
    return result == SLUICE_OK ? give_code(c, r) : result;
}

static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    principal_touch(c, (uint64_t)r->id);
    return check_user(c, r, in);
}

/* Whoever does this to somebody, or to oneself by a new password, ends what is under way too. */
static sluice_result end_rights(desk_command *c, record *r, const desk_input *in) {
    r->values[USER_ENDED_AT] = value_integer(c->now_ms);
    return check_user(c, r, in);
}

static sluice_result new_code(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = end_rights(c, r, in);
    return result == SLUICE_OK ? give_code(c, r) : result;
}

static sluice_result end_sessions(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return session_end_all(c, r->id);
}

static sluice_result end_access(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = end_sessions(c, r, in);
    return result == SLUICE_OK ? device_forget_all(c, r->id) : result;
}

static sluice_result unlock(desk_command *c, record *r, const desk_input *in) {
    r->values[USER_FAILURES] = value_integer(0);
    r->values[USER_LOCKED_UNTIL] = value_null();
    return check_user(c, r, in);
}

static const desk_act_row ACTS[] = {
    {"create", NULL, "invited", ROLE_ADMINISTRATOR, ACT_DISTRICT, INPUTS(CREATE), RUN(create),
     SAYS("make a user; the answer holds the activation code, once", "新建用户")},
    {"edit", "invited|active", NULL, ROLE_ADMINISTRATOR, ACT_DISTRICT, INPUTS(EDIT), RUN(edit),
     SAYS("change unit or roles", "修改")},
    {"new_code", "invited|active", "invited", ROLE_ADMINISTRATOR, ACT_DISTRICT, RUN(new_code), THEN(end_access),
     SAYS("give a new activation code; the password ends", "重置激活码")},
    {"unlock", "active", NULL, ROLE_ADMINISTRATOR, ACT_DISTRICT, INPUTS(NOTE), RUN(unlock),
     SAYS("end a lock-out before its time", "解锁")},
    {"end_sessions", "active", NULL, ROLE_ADMINISTRATOR, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE), RUN(end_rights),
     THEN(end_sessions), SAYS("end all sessions: a machine was lost", "结束全部会话")},
    {"disable", "invited|active", "disabled", ROLE_ADMINISTRATOR, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE),
     RUN(end_rights), THEN(end_access), SAYS("take all rights, end all sessions", "停用")},
    {"enable", "disabled", "invited", ROLE_ADMINISTRATOR, ACT_DISTRICT, INPUTS(NOTE), RUN(new_code),
     SAYS("give them back, with a new activation code", "启用")},
};

static const uint8_t SEARCHED[] = {USER_LOGIN, USER_NAME, NO_FIELD};
const desk_kind USER_KIND = {
    .table = &TABLE,
    .name = "user",
    .collection = "users",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR | ROLE_ADMINISTRATOR,
    .state = SOME(USER_STATE),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};

/* ---- passwords ---- */

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 128 };

sluice_result user_hash_password(sluice_text password, char hash_out[PASSWORD_HASH_BYTES], sluice_error *error) {
    if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
        return error_set(error, SLUICE_E_INPUT, "password: %d to %d bytes are expected", PASSWORD_MIN, PASSWORD_MAX);
    }
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash_out, password.data, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        return error_no_memory(error, crypto_pwhash_MEMLIMIT_INTERACTIVE);
    }
    return SLUICE_OK;
}

static sluice_result find_user(desk_command *c, sluice_text login, record *r) {
    query_term by = {USER_LOGIN, QUERY_EQUAL, value_text(login), NULL, 0};
    return desk_find(c, &TABLE, &by, 1, r);
}

/* Of no password at all: what an unknown name is compared with, so that it takes as long. */
static const char NOBODY[] = "$argon2id$v=19$m=65536,t=2,p=1$ISQVnBbBmSpJ9vZCHcYS0g$"
                             "6Zt3ZyYwYhXoHbO9VJ0yqXbmcdSfHXxGvB3Xc9nKtq0";

sluice_result user_check_password(desk_command *c, sluice_text login, sluice_text password, bool *right_out) {
    record r;
    sluice_result result = find_user(c, login, &r);
    char hash[PASSWORD_HASH_BYTES] = {0};
    bool is_there =
        result == SLUICE_OK && !r.values[USER_PASSWORD].is_null && r.values[USER_PASSWORD].text.length < sizeof hash;
    if (is_there) {
        memcpy(hash, r.values[USER_PASSWORD].text.data, r.values[USER_PASSWORD].text.length);
    } else {
        memcpy(hash, NOBODY, sizeof NOBODY);
    }
    bool short_enough = password.length <= PASSWORD_MAX;
    bool equal = sodium_init() >= 0 && crypto_pwhash_str_verify(hash, short_enough ? password.data : "",
                                                                short_enough ? password.length : 0) == 0;
    *right_out = equal && is_there && short_enough;
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static sluice_result not_you(desk_command *c) {
    return error_set(c->error, SLUICE_E_UNAUTHENTICATED,
                     "name or password is wrong, or the user is locked for a while after too many attempts");
}

static desk_actor actor_of(const record *user, sluice_text address) {
    return (desk_actor){.user = user->id,
                        .login = user->values[USER_LOGIN].text,
                        .address = address,
                        .unit = user->values[USER_UNIT].integer};
}

/* Counts a wrong password, of a browser that is known or of all others together; at the cap it is locked for a while.
 */
static sluice_result count_failure(desk_command *c, record *user, record *device) {
    int64_t cap = 0, lock_ms = 0;
    sluice_result result = dated_number(c, "cap", "sign_in_failures", &cap);
    result = result == SLUICE_OK ? dated_number(c, "duration", "sign_in_lock", &lock_ms) : result;
    if (result != SLUICE_OK || device != NULL) {
        return result == SLUICE_OK ? device_count_failure(c, device, cap, lock_ms) : result;
    }
    int64_t failures = user->values[USER_FAILURES].integer + 1;
    user->values[USER_FAILURES] = value_integer(failures);
    if (failures >= cap) {
        user->values[USER_LOCKED_UNTIL] = value_integer(c->now_ms + lock_ms);
        user->values[USER_FAILURES] = value_integer(0);
    }
    return desk_update(c, user);
}

static sluice_result fail_sign_in(desk_command *c, record *user, record *device, bool is_locked) {
    sluice_result result =
        audit_add(c, "sign_in_failed", "user", user->id, is_locked ? TEXT("locked") : (sluice_text){0});
    if (result == SLUICE_OK && !is_locked) {
        result = count_failure(c, user, device);
    }
    c->refusal = result == SLUICE_OK ? not_you(c) : SLUICE_OK;
    return result;
}

static sluice_result begin_session(desk_command *c, record *user, record *device, sign_in_attempt *attempt) {
    if (device == NULL) { /* what others tried goes on counting where he has his own count */
        user->values[USER_FAILURES] = value_integer(0);
        user->values[USER_LOCKED_UNTIL] = value_null();
    }
    user->values[USER_SIGNED_IN_AT] = value_integer(c->now_ms);
    sluice_result result = desk_update(c, user);
    result = result == SLUICE_OK ? device_keep(c, user->id, device, attempt->device, attempt->device_token) : result;
    result = result == SLUICE_OK ? session_open(c, user->id, attempt->address, (sluice_text){NULL, 0}, attempt->token,
                                                &attempt->expires_ms)
                                 : result;
    return result == SLUICE_OK ? audit_add(c, "sign_in", "user", user->id, (sluice_text){0}) : result;
}

sluice_result user_sign_in(desk_command *c, sign_in_attempt *attempt) {
    record user, found;
    sluice_result result = find_user(c, attempt->login, &user);
    if (result == SLUICE_E_NOT_FOUND) {
        /* Written down, and durable, like a wrong password: neither answer nor time tells names. Not the name: it may
         * be a password in the wrong field. */
        result = audit_add(c, "sign_in_failed", "user", 0, TEXT("unknown name"));
        c->refusal = result == SLUICE_OK ? not_you(c) : SLUICE_OK;
        return result;
    }
    record *device = NULL;
    if (result == SLUICE_OK && attempt->device.length > 0) {
        result = device_find(c, user.id, attempt->device, &found);
        device = result == SLUICE_OK ? &found : NULL;
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    if (result != SLUICE_OK) {
        return result;
    }
    desk_actor actor = actor_of(&user, attempt->address);
    actor.request = c->actor->request;
    const desk_actor *before = c->actor;
    c->actor = &actor;
    const record_value *until = &user.values[USER_LOCKED_UNTIL];
    bool is_locked = c->now_ms < (device != NULL ? device_locked_until(device) : until->is_null ? 0 : until->integer);
    bool is_active = text_equal(user.values[USER_STATE].text, TEXT("active"));
    result = !attempt->right || is_locked || !is_active ? fail_sign_in(c, &user, device, is_locked)
                                                        : begin_session(c, &user, device, attempt);
    c->actor = before;
    return result;
}

/* Nobody, or nobody any more: written down, and the same answer for both. */
static sluice_result refuse_subject(desk_command *c, int64_t user) {
    sluice_result result = audit_add(c, "sign_in_failed", "user", user, TEXT("openid"));
    c->refusal = result == SLUICE_OK ? error_set(c->error, SLUICE_E_UNAUTHENTICATED, "no user here has this subject")
                                     : SLUICE_OK;
    return result;
}

static sluice_result find_subject(desk_command *c, sluice_text subject, record *r) {
    query_term by = {USER_SUBJECT, QUERY_EQUAL, value_text(subject), NULL, 0};
    return desk_find(c, &TABLE, &by, 1, r);
}

sluice_result user_sign_out_subject(desk_command *c, sluice_text subject, sluice_text provider_session, sluice_text id,
                                    int64_t forgotten_ms) {
    record r = {0};
    char hash[65];
    int64_t user = 0;
    sluice_result result = token_hash(id, hash, c->error);
    result = result == SLUICE_OK ? nonce_use(c, TEXT("openid logout"), (sluice_text){hash, 64}, forgotten_ms) : result;
    if (result == SLUICE_OK && subject.length > 0) {
        result = find_subject(c, subject, &r);
        if (result == SLUICE_E_NOT_FOUND) {
            return SLUICE_OK;
        }
    }
    result = result == SLUICE_OK ? session_end_of_provider(c, r.id, provider_session, &user) : result;
    return result == SLUICE_OK && user != 0 ? audit_add(c, "sign_out", "user", user, TEXT("at the identity provider"))
                                            : result;
}

sluice_result user_sign_in_subject(desk_command *c, sluice_text subject, sluice_text provider_session,
                                   sluice_text address, char token_out[TOKEN_BYTES], int64_t *expires_ms_out) {
    record r;
    sluice_result result = find_subject(c, subject, &r);
    if (result == SLUICE_E_NOT_FOUND) {
        return refuse_subject(c, 0);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    desk_actor actor = actor_of(&r, address);
    actor.request = c->actor->request;
    const desk_actor *before = c->actor;
    c->actor = &actor;
    if (text_equal(r.values[USER_STATE].text, TEXT("disabled"))) {
        result = refuse_subject(c, r.id);
        c->actor = before;
        return result;
    }
    /* Who was invited and has a subject needs no password of ours. */
    r.values[USER_STATE] = value_text(TEXT("active"));
    r.values[USER_SIGNED_IN_AT] = value_integer(c->now_ms);
    result = desk_update(c, &r);
    result = result == SLUICE_OK
                 ? session_open(c, r.id, address, provider_session.length > 0 ? provider_session : TEXT(""), token_out,
                                expires_ms_out)
                 : result;
    result = result == SLUICE_OK ? audit_add(c, "sign_in", "user", r.id, TEXT("openid")) : result;
    c->actor = before;
    return result;
}

sluice_result user_set_password(desk_command *c, sluice_text login, sluice_text code, const char *hash) {
    record r;
    char code_hash[65];
    sluice_result result = find_user(c, login, &r);
    if (result == SLUICE_E_NOT_FOUND) {
        return not_you(c);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (code.length > 0) {
        result = token_hash(code, code_hash, c->error);
        bool fits = result == SLUICE_OK && !r.values[USER_CODE].is_null && r.values[USER_CODE].text.length == 64 &&
                    sodium_memcmp(r.values[USER_CODE].text.data, code_hash, 64) == 0 &&
                    c->now_ms < r.values[USER_CODE_UNTIL].integer;
        if (result == SLUICE_OK && !fits) {
            return not_you(c);
        }
    } else if (c->actor->user != r.id) {
        return not_you(c);
    }
    r.values[USER_PASSWORD] = value_text(text_of(hash));
    r.values[USER_CODE] = value_null();
    r.values[USER_CODE_UNTIL] = value_null();
    r.values[USER_STATE] = value_text(TEXT("active"));
    r.values[USER_FAILURES] = value_integer(0);
    r.values[USER_ENDED_AT] = value_integer(c->now_ms);
    result = result == SLUICE_OK ? desk_update(c, &r) : result;
    result = result == SLUICE_OK ? session_end_all(c, r.id) : result;
    desk_actor actor = actor_of(&r, c->actor->address);
    const desk_actor *before = c->actor;
    c->actor = &actor;
    result = result == SLUICE_OK ? audit_add(c, "password_set", "user", r.id, (sluice_text){0}) : result;
    c->actor = before;
    return result;
}

sluice_result user_add(desk_command *c, sluice_text login, sluice_text name, sluice_text roles, int64_t unit,
                       char code_out[TOKEN_BYTES]) {
    record r = {0};
    const desk_given given[] = {{"login", value_text(login)},
                                {"name", value_text(name)},
                                {"unit", value_integer(unit)},
                                {"roles", value_text(roles)}};
    sluice_result result = desk_act_inside(c, &USER_KIND, "create", &r, given, sizeof given / sizeof *given);
    if (result == SLUICE_OK) {
        memcpy(code_out, c->secret.data, c->secret.length + 1);
    }
    return result;
}
