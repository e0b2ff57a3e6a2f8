/* What a centre tells people before they sign in: a notice, and where the daemon is a demonstration, with whom one may
 * sign in and what to try first. A file of the one who runs the daemon, read once, served as it is. */
#include "server/notice_private.h"

#include <string.h>

#include "base/error.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "sys/file.h"

#define NOTICE_BYTES_MAX 65536

static const api_field ACCOUNT_FIELDS[] = {
    {.name = "login", .type = API_TEXT, .flags = API_REQUIRED, .en = "name to sign in", .zh = "登录名"},
    {.name = "name", .type = API_TEXT, .flags = API_REQUIRED, .en = "whose", .zh = "姓名"},
    {.name = "roles", .type = API_TEXT, .flags = API_REQUIRED, .en = "what he may do", .zh = "角色"},
    {.name = "unit", .type = API_TEXT, .en = "where", .zh = "单位"},
    {.name = "unit_en", .type = API_TEXT, .en = "where, in English", .zh = "单位（英文）"},
};
static const api_schema ACCOUNT = {
    .name = "notice_account", .fields = ACCOUNT_FIELDS, .field_count = sizeof ACCOUNT_FIELDS / sizeof *ACCOUNT_FIELDS};
static const api_field NOTICE_FIELDS[] = {
    {.name = "zh", .type = API_TEXT, .en = "the notice in Chinese", .zh = "公告（中文）"},
    {.name = "en", .type = API_TEXT, .en = "the notice in English", .zh = "公告（英文）"},
    {.name = "is_demonstration", .type = API_BOOLEAN, .en = "everything here is invented", .zh = "演示环境"},
    {.name = "accounts",
     .type = API_OBJECT,
     .flags = API_LIST,
     .object = &ACCOUNT,
     .max = 64,
     .en = "with whom one may try it",
     .zh = "演示账号"},
    {.name = "password", .type = API_TEXT, .en = "of all of these", .zh = "演示账号口令"},
    {.name = "call", .type = API_TEXT, .en = "what a victim says on the phone: to be pasted", .zh = "演示报警内容"},
    {.name = "transfer", .type = API_TEXT, .en = "id of the transfer he speaks of", .zh = "演示交易流水号"},
};
static const api_schema NOTICE = {.name = "notice",
                                  .fields = NOTICE_FIELDS,
                                  .field_count = sizeof NOTICE_FIELDS / sizeof *NOTICE_FIELDS,
                                  .en = "what is told before sign-in"};

static sluice_result check(sluice_text text, const char *path, sluice_error *error) {
    yyjson_doc *document = yyjson_read(text.data, text.length, 0);
    if (document == NULL) {
        return error_set(error, SLUICE_E_INPUT, "%s is not JSON: docs/daemon.md shows a notice", path);
    }
    arena a = {0};
    api_faults faults = {0};
    sluice_result result = SLUICE_OK;
    if (!api_check(&NOTICE, yyjson_doc_get_root(document), &a, &faults)) {
        result = faults.count == 0 ? error_no_memory(error, text.length)
                                   : error_set(error, SLUICE_E_INPUT, "%s: %.*s: %.*s", path,
                                               (int)faults.rows[0].pointer.length, faults.rows[0].pointer.data,
                                               (int)faults.rows[0].detail.length, faults.rows[0].detail.data);
    }
    arena_fini(&a);
    yyjson_doc_free(document);
    return result;
}

sluice_result notice_read(server *s, sluice_error *error) {
    const char *path = s->options.notice;
    if (path == NULL) {
        s->notice = TEXT("{}");
        return SLUICE_OK;
    }
    file_view file = {0};
    sluice_result result = file_map(path, &file, error);
    if (result == SLUICE_OK && file.bytes > NOTICE_BYTES_MAX) {
        result = error_set(error, SLUICE_E_INPUT, "%s has more than %d bytes", path, NOTICE_BYTES_MAX);
    }
    sluice_text text = {file.data, file.bytes};
    if (result == SLUICE_OK) {
        result = check(text, path, error);
    }
    if (result == SLUICE_OK) {
        s->notice.data = arena_copy(&s->texts, text.data, text.length);
        s->notice.length = text.length;
        result = s->notice.data == NULL ? error_no_memory(error, text.length) : SLUICE_OK;
    }
    file_unmap(&file);
    return result;
}

static sluice_result notice(request *rq, response *rs, sluice_error *error) {
    (void)error;
    text_write(&rs->body, rq->server->notice);
    return SLUICE_OK;
}

const route NOTICE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/notice",
     .lane = LANE_HTTP,
     .needs = NEEDS_NOTHING,
     .handle = notice,
     .tag = "session",
     .operation = "getNotice",
     .en = "what the centre tells before sign-in (serve --notice)",
     .zh = "登录页公告",
     .answer = &NOTICE},
};
const size_t NOTICE_ROUTE_COUNT = sizeof NOTICE_ROUTES / sizeof *NOTICE_ROUTES;
