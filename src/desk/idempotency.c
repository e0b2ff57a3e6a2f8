#include "desk/idempotency.h"

#include "desk/dated.h"
#include "desk/desk_private.h"

enum { ONCE_PRINCIPAL, ONCE_KEY, ONCE_REQUEST, ONCE_STATUS, ONCE_BODY, ONCE_FIELDS };
static const record_field ONCE[ONCE_FIELDS] = {
    [ONCE_PRINCIPAL] = {"principal", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "whose request", .zh = "请求方"},
    [ONCE_KEY] = {"key", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 255, .en = "Idempotency-Key",
                  .zh = "幂等键"},
    [ONCE_REQUEST] = {"request", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "SHA-256 of the request", .zh = "请求哈希"},
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
    record r;
    const dated_row *keep = dated_find(c->desk, "duration", TEXT("keep_answers"), c->now_ms);
    sluice_result result = desk_find(c, &IDEMPOTENCY_TABLE, by, 2, &r);
    if (result != SLUICE_OK) {
        return result;
    }
    if (keep != NULL && r.created_ms <= c->now_ms - keep->number) {
        result = store_delete(c->desk->store, &IDEMPOTENCY_TABLE, r.id, c->error);
        return result == SLUICE_OK ? SLUICE_E_NOT_FOUND : result;
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
