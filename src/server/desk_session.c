/* Signing in and out, passwords, who am I. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/device.h"
#include "desk/history.h"
#include "desk/unit.h"
#include "desk/user.h"
#include "server/desk_link.h"
#include "server/server_private.h"

static sluice_text given(const request *rq, const char *name) {
    sluice_text text = {0};
    (void)body_text(rq->json, name, &text);
    return text;
}

/* A command of nobody yet. */
static desk_command anonymous(request *rq, desk_actor *actor, sluice_error *error) {
    *actor = DESK_SYSTEM;
    actor->address = rq->address;
    actor->request = text_of(rq->id);
    return (desk_command){
        .desk = desk_of(rq), .actor = actor, .now_ms = rq->now_ms, .arena = &rq->arena, .error = error};
}

/* ---- in and out ---- */

typedef struct sign_in_call {
    request *rq;
    sign_in_attempt attempt;
    sluice_result refusal;
} sign_in_call;

static sluice_result run_sign_in(void *context, sluice_error *error) {
    sign_in_call *call = context;
    desk_actor actor;
    desk_command c = anonymous(call->rq, &actor, error);
    sluice_result result = user_sign_in(&c, &call->attempt);
    call->refusal = c.refusal;
    return result;
}

static void set_cookies(request *rq, response *rs, const sign_in_attempt *attempt) {
    const char *secure = rq->secure ? "; Secure" : "";
    response_add_header(rq, rs, "Set-Cookie", "sluice_session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                        attempt->token, (long long)((attempt->expires_ms - rq->now_ms) / 1000), secure);
    response_add_header(rq, rs, "Set-Cookie",
                        "sluice_device=%s; Path=/v1/session; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                        attempt->device_token, (long long)DEVICE_KEPT_S, secure);
}

static sluice_result sign_in(request *rq, response *rs, sluice_error *error) {
    desk_actor actor;
    sluice_error said = {0};
    desk_command c = anonymous(rq, &actor, error);
    sign_in_call call = {.rq = rq,
                         .attempt = {.login = given(rq, "login"),
                                     .address = rq->address,
                                     .device = request_cookie(rq, "sluice_device")}};
    /* argon2 here, on a worker; the writer only counts. */
    sluice_result result = user_check_password(&c, call.attempt.login, given(rq, "password"), &call.attempt.right);
    result = result == SLUICE_OK ? writer_run(rq->server, run_sign_in, &call, &said) : result;
    if (result != SLUICE_OK) {
        return error_set(error, result, "%s", said.text);
    }
    if (call.refusal != SLUICE_OK) {
        return error_set(error, call.refusal,
                         "name or password is wrong, or the user is locked for a while after too many attempts");
    }
    set_cookies(rq, rs, &call.attempt);
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "token", text_of(call.attempt.token));
    json_add_time(&d, root, "expires_at", call.attempt.expires_ms);
    return response_json(rs, &d, error);
}

static sluice_result run_sign_out(desk_command *c, request *rq, response *rs, void *context) {
    const bool *everywhere = context;
    (void)rs;
    (void)rq;
    return user_sign_out(c, *everywhere);
}

static sluice_result end_sessions(request *rq, response *rs, bool everywhere, sluice_error *error) {
    const desk_actor *actor = rq->actor.desk;
    if (actor == NULL || actor->session == 0) {
        return error_set(error, SLUICE_E_STATE, "a key has no session to end");
    }
    response_add_header(rq, rs, "Set-Cookie", "sluice_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s",
                        rq->secure ? "; Secure" : "");
    return desk_change(rq, rs, run_sign_out, &everywhere, error);
}

static sluice_result sign_out(request *rq, response *rs, sluice_error *error) {
    return end_sessions(rq, rs, false, error);
}

static sluice_result sign_out_everywhere(request *rq, response *rs, sluice_error *error) {
    return end_sessions(rq, rs, true, error);
}

/* ---- passwords ---- */

typedef struct password_call {
    request *rq;
    sluice_text login, code;
    char hash[PASSWORD_HASH_BYTES];
} password_call;

static sluice_result run_password(void *context, sluice_error *error) {
    password_call *call = context;
    desk_actor actor;
    desk_command c = anonymous(call->rq, &actor, error);
    if (call->code.length == 0) {
        actor = *(const desk_actor *)call->rq->actor.desk;
    }
    return user_set_password(&c, call->login, call->code, call->hash);
}

static sluice_result set_with_code(request *rq, response *rs, sluice_error *error) {
    password_call call = {.rq = rq, .login = given(rq, "login"), .code = given(rq, "code")};
    rs->status = 204;
    sluice_result result = user_hash_password(given(rq, "password"), call.hash, error);
    return result == SLUICE_OK ? writer_run(rq->server, run_password, &call, error) : result;
}

static sluice_result change_password(request *rq, response *rs, sluice_error *error) {
    bool right = false;
    desk_command c;
    const desk_actor *actor = rq->actor.desk;
    if (actor == NULL || actor->user == 0) {
        return error_set(error, SLUICE_E_STATE, "a key has no password");
    }
    password_call call = {.rq = rq, .login = actor->login};
    rs->status = 204;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? user_check_password(&c, actor->login, given(rq, "old"), &right) : result;
    if (result == SLUICE_OK && !right) {
        return error_set(error, SLUICE_E_FORBIDDEN, "the old password is wrong");
    }
    result = result == SLUICE_OK ? user_hash_password(given(rq, "password"), call.hash, error) : result;
    return result == SLUICE_OK ? writer_run(rq->server, run_password, &call, error) : result;
}

/* ---- who am I ---- */

static void add_unit(desk_command *c, json_document *d, yyjson_mut_val *root, int64_t id) {
    record unit;
    sluice_error unheard;
    yyjson_mut_val *object = json_add_object(d, root, "unit");
    if (store_get(desk_store(c->desk), UNIT_KIND.table, id, c->arena, &unit, &unheard) == SLUICE_OK) {
        json_add_int(d, object, "id", id);
        json_add_text(d, object, "name_zh", unit.values[UNIT_NAME_ZH].text);
        json_add_text(d, object, "name_en", unit.values[UNIT_NAME_EN].text);
        json_add_text(d, object, "level", unit.values[UNIT_LEVEL].text);
    }
}

/* A key has neither name nor language. */
static void add_user(desk_command *c, json_document *d, yyjson_mut_val *root) {
    record user;
    sluice_error unheard;
    bool is_user = c->actor->user != 0 && store_get(desk_store(c->desk), USER_KIND.table, c->actor->user, c->arena,
                                                    &user, &unheard) == SLUICE_OK;
    json_add_text_or_null(d, root, "name", is_user ? value_text_or_empty(&user.values[USER_NAME]) : (sluice_text){0});
    json_add_text_or_null(d, root, "language",
                          is_user ? value_text_or_empty(&user.values[USER_LANGUAGE]) : (sluice_text){0});
}

static sluice_result me(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_int(&d, root, "user", c.actor->user);
    json_add_text(&d, root, "login", c.actor->login);
    add_user(&c, &d, root);
    json_add_text(&d, root, "roles", roles_format(c.actor->roles, c.arena));
    json_add_text_or_null(&d, root, "institution", c.actor->institution);
    add_unit(&c, &d, root, c.actor->unit);
    return response_json(rs, &d, error);
}

/* ---- the table ---- */

#define WORDS(name_, max_, en_, zh_)                                                                                   \
    { .name = (name_), .type = API_TEXT, .flags = API_REQUIRED, .min = 1, .max = (max_), .en = (en_), .zh = (zh_) }

static const api_field SIGN_IN_FIELDS[] = {
    WORDS("login", 64, "name to sign in", "登录名"),
    WORDS("password", 128, "password", "口令"),
};
static const api_schema SIGN_IN = {
    .name = "sign_in", .fields = SIGN_IN_FIELDS, .field_count = 2, .en = "name and password"};
static const api_field SESSION_FIELDS[] = {
    WORDS("token", 64, "for Authorization: Bearer; the cookie holds the same", "会话令牌"),
    {.name = "expires_at", .type = API_TIME, .flags = API_REQUIRED, .en = "it ends at", .zh = "到期时间"},
};
static const api_schema SESSION = {.name = "session", .fields = SESSION_FIELDS, .field_count = 2, .en = "a session"};
static const api_field CODE_FIELDS[] = {
    WORDS("login", 64, "name to sign in", "登录名"),
    WORDS("code", 64, "activation code", "激活码"),
    WORDS("password", 128, "the new password, 12 bytes or more", "新口令"),
};
static const api_schema CODE = {
    .name = "password_with_code", .fields = CODE_FIELDS, .field_count = 3, .en = "a password with an activation code"};
static const api_field CHANGE_FIELDS[] = {
    WORDS("old", 128, "the old password", "原口令"),
    WORDS("password", 128, "the new password, 12 bytes or more", "新口令"),
};
static const api_schema CHANGE = {
    .name = "password_change", .fields = CHANGE_FIELDS, .field_count = 2, .en = "old and new password"};

static const api_field ME_UNIT_FIELDS[] = {
    {.name = "id", .type = API_INTEGER, .en = "number", .zh = "编号"},
    {.name = "name_zh", .type = API_TEXT, .en = "Chinese name", .zh = "中文名称"},
    {.name = "name_en", .type = API_TEXT, .en = "English name", .zh = "英文名称"},
    {.name = "level", .type = API_CODE, .codes = "city|district|station", .en = "level", .zh = "级别"},
};
static const api_schema ME_UNIT = {.name = "me_unit", .fields = ME_UNIT_FIELDS, .field_count = 4, .en = "the unit"};
static const api_field ME_FIELDS[] = {
    {.name = "user", .type = API_INTEGER, .flags = API_REQUIRED, .en = "the user's number; 0: a key", .zh = "用户编号"},
    {.name = "login", .type = API_TEXT, .flags = API_REQUIRED, .en = "name to sign in", .zh = "登录名"},
    {.name = "name", .type = API_TEXT, .flags = API_REQUIRED | API_NULLABLE, .en = "name", .zh = "姓名"},
    {.name = "language", .type = API_TEXT, .flags = API_REQUIRED | API_NULLABLE, .en = "language", .zh = "语言"},
    {.name = "roles", .type = API_TEXT, .flags = API_REQUIRED, .en = "roles, with commas between", .zh = "角色"},
    {.name = "institution",
     .type = API_TEXT,
     .flags = API_REQUIRED | API_NULLABLE,
     .en = "a partner's code",
     .zh = "机构代码"},
    {.name = "unit", .type = API_OBJECT, .flags = API_REQUIRED, .object = &ME_UNIT, .en = "the unit", .zh = "单位"},
};
static const api_schema ME = {
    .name = "me", .fields = ME_FIELDS, .field_count = sizeof ME_FIELDS / sizeof *ME_FIELDS, .en = "who one is"};

const route DESK_SESSION_ROUTES[] = {
    {.method = METHOD_POST,
     .template = "/v1/session",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_SIGN_IN,
     .handle = sign_in,
     .tag = "session",
     .operation = "signIn",
     .en = "sign in; sets a cookie for browsers",
     .zh = "登录",
     .body = &SIGN_IN,
     .answer = &SESSION,
     .problems = "401"},
    {.method = METHOD_DELETE,
     .template = "/v1/session",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = sign_out,
     .tag = "session",
     .operation = "signOut",
     .en = "sign out",
     .zh = "退出登录",
     .status = 204,
     .problems = "409"},
    {.method = METHOD_DELETE,
     .template = "/v1/me/sessions",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = sign_out_everywhere,
     .tag = "session",
     .operation = "signOutEverywhere",
     .en = "sign out everywhere: ends all of one's sessions, this one too",
     .zh = "退出全部登录",
     .status = 204,
     .problems = "409"},
    {.method = METHOD_POST,
     .template = "/v1/session/password",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_SIGN_IN,
     .handle = set_with_code,
     .tag = "session",
     .operation = "setPasswordWithCode",
     .en = "set a password with an activation code",
     .zh = "使用激活码设置口令",
     .body = &CODE,
     .status = 204,
     .problems = "401 422"},
    {.method = METHOD_POST,
     .template = "/v1/me/password",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .flags = ROUTE_SIGN_IN,
     .handle = change_password,
     .tag = "session",
     .operation = "changePassword",
     .en = "change one's own password; ends all of one's sessions",
     .zh = "修改口令",
     .body = &CHANGE,
     .status = 204,
     .problems = "403 422"},
    {.method = METHOD_GET,
     .template = "/v1/me",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = me,
     .tag = "session",
     .operation = "getMe",
     .en = "who one is: roles and unit",
     .zh = "当前用户",
     .answer = &ME},
};
const size_t DESK_SESSION_ROUTE_COUNT = sizeof DESK_SESSION_ROUTES / sizeof *DESK_SESSION_ROUTES;
