/* One table of statuses, one of results. A result that is our own trouble (disk, damage, memory) keeps its words for
 * the log: they name files. */
#include "server/problem_private.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "server/server_private.h"
#include "text/chinese.h"

static const struct {
    int status;
    const char *word, *en, *zh;
} STATUSES[] = {
    {400, "bad-request", "The request is not as expected", "请求有误"},
    {401, "sign-in", "Nobody is signed in", "未登录"},
    {403, "forbidden", "This user may not do this", "无权操作"},
    {404, "not-found", "Not found", "未找到"},
    {405, "method", "This cannot be done with it", "不支持该方法"},
    {406, "not-acceptable", "There is no such form of the answer", "无法提供所要求的格式"},
    {408, "too-slow", "The request took too long to send", "请求发送超时"},
    {409, "conflict", "The state does not allow this", "与当前状态冲突"},
    {410, "gone", "It is no longer there", "已失效"},
    {411, "length-required", "The body's length must be said first", "缺少内容长度"},
    {412, "stale", "It was changed by somebody else meanwhile", "已被他人修改"},
    {413, "too-large", "The body is too large", "内容过大"},
    {414, "url-too-long", "The address is too long", "地址过长"},
    {415, "media-type", "The body is not of a type that is taken here", "不支持的内容类型"},
    {422, "invalid", "The content is not as expected", "内容有误"},
    {428, "version-required", "Say which version is meant with If-Match", "须用 If-Match 指明版本"},
    {429, "too-many", "Too many requests", "请求过于频繁"},
    {431, "headers-too-large", "The headers are too large", "请求头过大"},
    {500, "internal", "Something went wrong here", "内部错误"},
    {503, "unavailable", "Not now", "暂不可用"},
    {505, "http-version", "This version of HTTP is not spoken here", "不支持该 HTTP 版本"},
    {507, "disk-full", "The disk is full", "磁盘已满"},
};

static size_t row_of(int status) {
    size_t count = sizeof STATUSES / sizeof *STATUSES;
    for (size_t i = 0; i < count; i++) {
        if (STATUSES[i].status == status) {
            return i;
        }
    }
    return status > 500 ? row_of(500) : 0;
}

int problem_status(sluice_result code) {
    static const int OF[SLUICE_RESULT_COUNT] = {
        [SLUICE_E_OK] = 200,
        [SLUICE_E_NO_MEMORY] = 503,
        [SLUICE_E_INVALID] = 422,
        [SLUICE_E_NOT_FOUND] = 404,
        [SLUICE_E_INPUT] = 400,
        [SLUICE_E_IO] = 500,
        [SLUICE_E_FULL] = 507,
        [SLUICE_E_DAMAGED] = 500,
        [SLUICE_E_BUSY] = 503,
        [SLUICE_E_NEWER] = 500,
        [SLUICE_E_NOT_SLUICE] = 500,
        [SLUICE_E_LIMIT] = 422,
        [SLUICE_E_CONFLICT] = 409,
        [SLUICE_E_INTERRUPTED] = 503,
        [SLUICE_E_UNBALANCED] = 500,
        [SLUICE_E_STALE] = 412,
        [SLUICE_E_FORBIDDEN] = 403,
        [SLUICE_E_STATE] = 409,
        [SLUICE_E_UNAUTHENTICATED] = 401,
        [SLUICE_E_TOO_MANY] = 429,
    };
    return (unsigned)code < SLUICE_RESULT_COUNT && OF[code] != 0 ? OF[code] : 500;
}

const char *problem_word(int status, sluice_result code) {
    if (status == 409) {
        return code == SLUICE_E_STATE ? "state" : "conflict";
    }
    return STATUSES[row_of(status)].word;
}

const char *problem_title_en(int status) {
    return STATUSES[row_of(status)].en;
}

const char *problem_title_zh(int status) {
    return STATUSES[row_of(status)].zh;
}

static void add_faults(json_document *d, yyjson_mut_val *root, const api_faults *faults) {
    yyjson_mut_val *list = json_add_array(d, root, "errors");
    for (size_t i = 0; i < faults->count; i++) {
        yyjson_mut_val *fault = json_append_object(d, list);
        bool pointer = faults->rows[i].pointer.length == 0 || faults->rows[i].pointer.data[0] == '/';
        json_add_text(d, fault, pointer ? "pointer" : "parameter", faults->rows[i].pointer);
        json_add_text(d, fault, "detail", faults->rows[i].detail);
        chinese_add(d, fault, "detail_zh", faults->rows[i].detail);
    }
}

sluice_result response_problem(request *rq, response *rs, int status, sluice_result code, const char *detail,
                               const api_faults *faults) {
    char type[64];
    json_document d;
    rs->body.length = 0;
    rs->body.failed = false;
    rs->status = status;
    rs->content_type = "application/problem+json";
    rs->sequence = 0;
    (void)snprintf(type, sizeof type, "urn:sluice:problem:%s", problem_word(status, code));
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "type", text_of(type));
    json_add_text(&d, root, "title", text_of(problem_title_en(status)));
    json_add_text(&d, root, "title_zh", text_of(problem_title_zh(status)));
    json_add_int(&d, root, "status", status);
    if (detail != NULL && detail[0] != '\0' && text_is_utf8(text_of(detail))) {
        json_add_text(&d, root, "detail", text_of(detail));
        chinese_add(&d, root, "detail_zh", text_of(detail));
    }
    json_add_text(&d, root, "request", text_of(rq->id));
    if (faults != NULL && faults->count > 0) {
        add_faults(&d, root, faults);
    }
    sluice_error error = {0};
    if (json_end_line(&d, &rs->body, &error) != SLUICE_OK) {
        rs->body.length = 0; /* no memory even for this: the status says it */
        rs->content_type = NULL;
    }
    if (status == 401) {
        response_add_header(rq, rs, "WWW-Authenticate", "Bearer realm=\"sluice\"");
    }
    return SLUICE_OK;
}

void request_fail(exchange *x, int status, sluice_result code, const char *detail) {
    x->result = response_problem(&x->request, &x->response, status, code, detail, NULL);
    if (status == 503) {
        response_add_header(&x->request, &x->response, "Retry-After", "1");
    }
    x->handled = true;
}

void request_fail_with(exchange *x, sluice_result result, const sluice_error *error) {
    int status = problem_status(result);
    const char *detail = error->text[0] != '\0' ? error->text : sluice_result_text(result);
    if (status == 500 || status == 507 || result == SLUICE_E_NO_MEMORY) {
        const route *r = x->request.route;
        log_line(&x->request.server->log, "error", "failed", "request %s, %s %s: %s", x->request.id,
                 r == NULL ? "" : route_method_name(r->method), r == NULL ? "none" : r->template, detail);
        detail = sluice_result_text(result);
    }
    request_fail(x, status, result, detail);
}
