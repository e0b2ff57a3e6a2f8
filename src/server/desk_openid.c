/* Sign-in through the identity provider, as routes. openid_private.h draws the flow. */
#include <string.h>

#include "base/error.h"
#include "desk/user.h"
#include "server/desk_link.h"
#include "server/openid_private.h"
#include "server/server_private.h"

static const char PATH[] = "/v1/session/openid";

static sluice_result openid_of(const request *rq, openid **o_out, sluice_error *error) {
    *o_out = rq->server->openid;
    return *o_out != NULL ? SLUICE_OK
                          : error_set(error, SLUICE_E_NOT_FOUND,
                                      "this centre has no identity provider: sign in with name "
                                      "and password");
}

/* The browser came by TLS, to us or to a proxy in front. */
static const char *secure(const request *rq, const openid *o) {
    bool is_https = rq->secure || strncmp(openid_config_of(o)->redirect, "https:", 6) == 0;
    return is_https ? "; Secure" : "";
}

static sluice_result said_by(request *rq, sluice_result result, const sluice_error *said, sluice_error *error) {
    log_line(&rq->server->log, "warn", "openid", "request %s: %s", rq->id, said->text);
    return result == SLUICE_E_UNAUTHENTICATED
               ? error_set(error, result, "the identity provider's answer does not sign you in: begin again")
           : result == SLUICE_E_BUSY
               ? error_set(error, result, "the identity provider cannot be used now: try again, or sign in by password")
               : error_set(error, result, "%s", sluice_result_text(result));
}

static sluice_result begin(request *rq, response *rs, sluice_error *error) {
    openid *o = NULL;
    sluice_text address = {0};
    char binding[OPENID_BINDING_BYTES];
    sluice_error said = {0};
    sluice_result result = openid_of(rq, &o, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = openid_begin(o, rq->now_ms, &rq->arena, &address, binding, &said);
    if (result != SLUICE_OK) {
        return said_by(rq, result, &said, error);
    }
    /* Lax, not Strict: it must come back with the provider's redirect. */
    response_add_header(rq, rs, "Set-Cookie", "sluice_openid=%s; Path=%s; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                        binding, PATH, OPENID_LIFE_MS / 1000, secure(rq, o));
    response_add_header(rq, rs, "Location", "%s", address.data);
    return SLUICE_OK;
}

typedef struct subject_call {
    request *rq;
    openid_claims claims;
    char token[TOKEN_BYTES];
    int64_t expires_ms;
    sluice_result refusal;
} subject_call;

/* A command of the daemon's own: nobody is signed in yet, or any more. */
static desk_command command_of(request *rq, desk_actor *actor, sluice_error *error) {
    *actor = DESK_SYSTEM;
    actor->address = rq->address;
    actor->request = text_of(rq->id);
    return (desk_command){
        .desk = desk_of(rq), .actor = actor, .now_ms = rq->now_ms, .arena = &rq->arena, .error = error};
}

static sluice_result run_sign_in(void *context, sluice_error *error) {
    subject_call *call = context;
    desk_actor actor;
    desk_command c = command_of(call->rq, &actor, error);
    sluice_result result = user_sign_in_subject(&c, call->claims.subject, call->claims.session, call->rq->address,
                                                call->token, &call->expires_ms);
    call->refusal = c.refusal;
    return result;
}

static sluice_result finish(request *rq, response *rs, sluice_error *error) {
    openid *o = NULL;
    sluice_text state = {0}, code = {0}, issuer = {0};
    subject_call call = {.rq = rq};
    sluice_error said = {0};
    sluice_result result = openid_of(rq, &o, error);
    if (result != SLUICE_OK) {
        return result;
    }
    (void)request_query(rq, "state", &state);
    (void)request_query(rq, "code", &code);
    (void)request_query(rq, "iss", &issuer);
    response_add_header(rq, rs, "Set-Cookie", "sluice_openid=; Path=%s; HttpOnly; SameSite=Lax; Max-Age=0%s", PATH,
                        secure(rq, o));
    result = openid_finish(o, state, request_cookie(rq, "sluice_openid"), code, issuer, rq->now_ms, &rq->arena,
                           &call.claims, &said);
    if (result != SLUICE_OK) {
        return said_by(rq, result, &said, error);
    }
    result = writer_run(rq->server, run_sign_in, &call, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (call.refusal != SLUICE_OK) {
        return error_set(
            error, call.refusal,
            "the identity provider knows you, this centre does not, or not any more: ask the administrator");
    }
    response_add_header(rq, rs, "Set-Cookie", "sluice_session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                        call.token, (long long)((call.expires_ms - rq->now_ms) / 1000), secure(rq, o));
    response_add_header(rq, rs, "Location", "%s", openid_config_of(o)->after_sign_in);
    return SLUICE_OK;
}

static sluice_result run_end(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    const sluice_text *address = context;
    (void)rq;
    sluice_result result = user_sign_out(c, false);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_text_or_null(&d, root, "url", *address);
    return response_json(rs, &d, c->error);
}

static sluice_result end(request *rq, response *rs, sluice_error *error) {
    openid *o = NULL;
    const desk_actor *actor = rq->actor.desk;
    sluice_result result = openid_of(rq, &o, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (actor == NULL || actor->session == 0) {
        return error_set(error, SLUICE_E_STATE, "a key has no session to end");
    }
    sluice_text address = openid_end_session(o, &rq->arena);
    response_add_header(rq, rs, "Set-Cookie", "sluice_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s",
                        secure(rq, o));
    return desk_change(rq, rs, run_end, &address, error);
}

static sluice_result run_logout(void *context, sluice_error *error) {
    subject_call *call = context;
    desk_actor actor;
    desk_command c = command_of(call->rq, &actor, error);
    return user_sign_out_subject(&c, call->claims.subject, call->claims.session, call->claims.id,
                                 call->claims.forgotten_ms);
}

/* The value of a form's member; empty: it is not there, or not well encoded. */
static sluice_text form_value(request *rq, sluice_text name) {
    sluice_text rest = rq->body, pair, key, value, decoded = {0};
    bool no_memory = false, found = false;
    while (rest.length > 0 && !found) {
        (void)text_split(rest, '&', &pair, &rest);
        (void)text_split(pair, '=', &key, &value);
        found = text_equal(key, name);
    }
    return found && percent_decode(value, true, &rq->arena, &decoded, &no_memory) ? decoded : TEXT("");
}

/* OpenID Connect Back-Channel Logout 1.0 §2.5 to 2.8. Who it was about is not told: whoever can send a token that the
 * provider signed knows. */
static sluice_result logout(request *rq, response *rs, sluice_error *error) {
    openid *o = NULL;
    subject_call call = {.rq = rq};
    sluice_error said = {0};
    (void)rs;
    sluice_result result = openid_of(rq, &o, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = openid_logout(o, form_value(rq, TEXT("logout_token")), rq->now_ms, &rq->arena, &call.claims, &said);
    if (result == SLUICE_E_UNAUTHENTICATED) {
        log_line(&rq->server->log, "warn", "openid", "request %s: a logout: %s", rq->id, said.text);
        return error_set(error, SLUICE_E_INPUT, "logout_token: %s", said.text);
    }
    if (result != SLUICE_OK) {
        return said_by(rq, result, &said, error);
    }
    result = writer_run(rq->server, run_logout, &call, error);
    return result == SLUICE_E_CONFLICT ? error_set(error, SLUICE_E_INPUT, "logout_token: it was taken before (jti)")
                                       : result;
}

static sluice_result ways(request *rq, response *rs, sluice_error *error) {
    json_document d;
    openid *o = rq->server->openid;
    yyjson_mut_val *root = json_begin(&d);
    json_add_bool(&d, root, "has_cookie", request_cookie(rq, "sluice_session").length > 0);
    json_add_bool(&d, root, "password", true);
    if (o == NULL) {
        json_add_text_or_null(&d, root, "openid", (sluice_text){0});
    } else {
        yyjson_mut_val *object = json_add_object(&d, root, "openid");
        json_add_text(&d, object, "start", text_of(PATH));
        json_add_text(&d, object, "name_zh", text_of(openid_config_of(o)->name_zh));
        json_add_text(&d, object, "name_en", text_of(openid_config_of(o)->name_en));
    }
    return response_json(rs, &d, error);
}

static const api_field CALLBACK_QUERY[] = {
    {.name = "state", .type = API_TEXT, .max = 200, .en = "of the sign-in", .zh = "状态参数"},
    {.name = "code", .type = API_TEXT, .max = 2048, .en = "for the provider's tokens", .zh = "授权码"},
    {.name = "iss", .type = API_TEXT, .max = 1000, .en = "the provider (RFC 9207)", .zh = "身份提供方"},
    {.name = "error", .type = API_TEXT, .max = 1000, .en = "why the provider refused", .zh = "拒绝原因"},
};
static const api_field START_FIELDS[] = {
    {.name = "start", .type = API_TEXT, .flags = API_REQUIRED, .en = "where the browser goes", .zh = "起始地址"},
    {.name = "name_zh", .type = API_TEXT, .flags = API_REQUIRED, .en = "its name in Chinese", .zh = "中文名称"},
    {.name = "name_en", .type = API_TEXT, .flags = API_REQUIRED, .en = "its name in English", .zh = "英文名称"},
};
static const api_schema START = {
    .name = "sign_in_openid", .fields = START_FIELDS, .field_count = 3, .en = "an identity provider"};
static const api_field WAYS_FIELDS[] = {
    {.name = "has_cookie",
     .type = API_BOOLEAN,
     .flags = API_REQUIRED,
     .en = "the browser sent a session's cookie; whether it still holds, GET /v1/me says",
     .zh = "浏览器已带会话"},
    {.name = "password", .type = API_BOOLEAN, .flags = API_REQUIRED, .en = "by name and password", .zh = "口令登录"},
    {.name = "openid",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_NULLABLE,
     .object = &START,
     .en = "by the centre's identity provider",
     .zh = "统一身份认证"},
};
static const api_schema WAYS = {
    .name = "sign_in_ways", .fields = WAYS_FIELDS, .field_count = 3, .en = "how one can sign in"};
static const api_field END_FIELDS[] = {
    {.name = "url",
     .type = API_TEXT,
     .flags = API_REQUIRED | API_NULLABLE,
     .en = "where the provider's own session is ended; null: it has no such place",
     .zh = "身份提供方的退出地址"},
};
static const api_schema END = {
    .name = "openid_end", .fields = END_FIELDS, .field_count = 1, .en = "the end of a session"};

const route DESK_OPENID_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/session/ways",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .handle = ways,
     .tag = "session",
     .operation = "getSignInWays",
     .en = "how one can sign in here",
     .zh = "登录方式",
     .answer = &WAYS},
    {.method = METHOD_GET,
     .template = "/v1/session/openid",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_SIGN_IN,
     .handle = begin,
     .tag = "session",
     .operation = "beginOpenId",
     .en = "begin a sign-in through the centre's identity provider: sends the browser there",
     .zh = "统一身份认证登录",
     .status = 302,
     .problems = "404 503"},
    {.method = METHOD_GET,
     .template = "/v1/session/openid/callback",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_SIGN_IN | ROUTE_OPEN_QUERY,
     .handle = finish,
     .tag = "session",
     .operation = "finishOpenId",
     .en = "where the identity provider sends the browser back to; sets the session's cookie",
     .zh = "统一身份认证回调",
     .query = CALLBACK_QUERY,
     .query_count = sizeof CALLBACK_QUERY / sizeof *CALLBACK_QUERY,
     .status = 303,
     .problems = "401 404 503"},
    {.method = METHOD_POST,
     .template = "/v1/session/openid/logout",
     .lane = LANE_WORKER,
     .needs = NEEDS_NOTHING,
     .handle = logout,
     .tag = "session",
     .operation = "logoutOpenId",
     .en = "what the identity provider says of who signed out there (Back-Channel Logout 1.0): ends what began there",
     .zh = "统一身份认证后端退出通知",
     .consumes = "application/x-www-form-urlencoded",
     .body_bytes_max = 32768,
     .problems = "400 404 503"},
    {.method = METHOD_POST,
     .template = "/v1/session/openid/end",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = end,
     .tag = "session",
     .operation = "endOpenId",
     .en = "sign out here, and learn where to sign out at the identity provider",
     .zh = "退出统一身份认证",
     .answer = &END,
     .problems = "404 409"},
};
const size_t DESK_OPENID_ROUTE_COUNT = sizeof DESK_OPENID_ROUTES / sizeof *DESK_OPENID_ROUTES;
