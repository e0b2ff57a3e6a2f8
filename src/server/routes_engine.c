/* What the engine knows: accounts and transfers. Readers on the workers, as of any sequence. */
#include <stdio.h>
#include <string.h>

#include <sluice/profile.h>
#include <sluice/trace.h> /* sluice_text_free */

#include "base/error.h"
#include "desk/desk.h"
#include "server/desk_link.h"
#include "server/routes_private.h"
#include "server/server_private.h"

#define READERS (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR)

/* Hands a text of the library over to the answer. */
static sluice_result answer_text(response *rs, const char *media_type, char **text, size_t length,
                                 sluice_error *error) {
    rs->content_type = media_type;
    rs->body.length = 0;
    text_write(&rs->body, (sluice_text){*text, length});
    sluice_text_free(text);
    return rs->body.failed ? error_no_memory(error, length) : SLUICE_OK;
}

/* ---- accounts and transfers ---- */

static sluice_result get_account(request *rq, response *rs, sluice_error *error) {
    sluice_profile_options options = {.size = sizeof options};
    sluice_profile *profile = NULL;
    char *text = NULL;
    size_t length = 0;
    int64_t top = 0, as_of = 0;
    (void)request_query_time(rq, "from", &options.from_ms);
    (void)request_query_time(rq, "to", &options.to_ms);
    (void)request_query_duration(rq, "recent", &options.recent_ms);
    (void)request_query_integer(rq, "top", &top);
    (void)request_query_integer(rq, "as_of", &as_of);
    options.top_count = (uint32_t)top;
    options.as_of = (uint64_t)as_of;
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = sluice_profile_run(engine, request_variable(rq, 0), &options, &profile, error);
    if (result == SLUICE_OK) {
        result = sluice_profile_render(profile, SLUICE_PROFILE_JSON, &text, &length, error);
    }
    sluice_profile_free(&profile);
    result = result == SLUICE_OK ? answer_text(rs, NULL, &text, length, error) : result;
    return result == SLUICE_OK ? desk_engine_seen(rq, "view", "account", request_variable(rq, 0), error) : result;
}

static sluice_result get_transfer(request *rq, response *rs, sluice_error *error) {
    sluice_transfer transfer;
    char currency[4], received[4];
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = sluice_transfer_find(engine, request_variable(rq, 0), &transfer, error);
    if (result != SLUICE_OK) {
        return result;
    }
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    sluice_currency_letters(transfer.currency, currency);
    sluice_currency_letters(transfer.received_currency, received);
    json_add_text(&d, root, "id", request_variable(rq, 0));
    json_add_uint(&d, root, "sequence", transfer.sequence);
    json_add_text(&d, root, "kind", text_of(transfer.kind == SLUICE_SIGNAL_WITHDRAWAL ? "withdrawal" : "transfer"));
    json_add_time(&d, root, "time", transfer.time_ms);
    json_add_text(&d, root, "from", transfer.from);
    json_add_text_or_null(&d, root, "to", transfer.to);
    json_add_int(&d, root, "amount_fen", transfer.amount_fen);
    json_add_text(&d, root, "currency", text_of(currency));
    json_add_int(&d, root, "received_fen", transfer.received_fen);
    json_add_text(&d, root, "received_currency", text_of(received));
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_engine_seen(rq, "view", "transfer", request_variable(rq, 0), error) : result;
}

/* ---- an account's ledger, page by page ---- */

/* A place in it is "sequence:entries before": every page is as of the sequence of the first. */
typedef struct ledger_page {
    json_document d;
    yyjson_mut_val *items;
    sluice_text account;
    uint64_t skip, at;
    size_t limit, count;
    bool more;
} ledger_page;

static bool on_entry(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    ledger_page *p = context;
    if (p->at++ < p->skip) {
        return true;
    }
    if (p->count == p->limit) {
        p->more = true;
        return false;
    }
    p->count++;
    yyjson_mut_val *one = json_append_object(&p->d, p->items);
    json_add_uint(&p->d, one, "sequence", transfer->sequence);
    json_add_text(&p->d, one, "kind", text_of(transfer->kind == SLUICE_SIGNAL_WITHDRAWAL ? "withdrawal" : "transfer"));
    json_add_time(&p->d, one, "time", transfer->time_ms);
    json_add_text(&p->d, one, "direction", text_of(is_debit ? "out" : "in"));
    json_add_text_or_null(&p->d, one, "counterparty", is_debit ? transfer->to : transfer->from);
    json_add_int(&p->d, one, "amount_fen", is_debit ? transfer->amount_fen : transfer->received_fen);
    json_add_int(&p->d, one, "balance_fen", balance_fen);
    return true;
}

static sluice_result get_ledger(request *rq, response *rs, sluice_error *error) {
    ledger_page p = {.account = request_variable(rq, 0), .limit = request_limit(rq, 1000)};
    int64_t wanted = 0;
    uint64_t as_of = atomic_load(&rq->server->writer.sequence);
    sluice_text place, sequence, skip;
    if (request_query_integer(rq, "as_of", &wanted) && wanted > 0) {
        as_of = (uint64_t)wanted;
    }
    if (request_cursor(rq, &place) &&
        (!text_split(place, ':', &sequence, &skip) || !text_to_u64(sequence, &as_of) || !text_to_u64(skip, &p.skip))) {
        return error_set(error, SLUICE_E_INPUT, "the cursor is of another version: begin again without it");
    }
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    yyjson_mut_val *root = json_begin(&p.d);
    json_add_uint(&p.d, root, "as_of", as_of);
    p.items = json_add_array(&p.d, root, "items");
    sluice_result result = sluice_ledger_read(engine, p.account, as_of, on_entry, &p, error);
    if (result != SLUICE_OK) {
        yyjson_mut_doc_free(p.d.doc);
        return result;
    }
    sluice_text cursor = {NULL, 0};
    if (p.more) {
        char next[48];
        int length =
            snprintf(next, sizeof next, "%llu:%llu", (unsigned long long)as_of, (unsigned long long)(p.skip + p.count));
        cursor = response_next(rq, rs, (sluice_text){next, (size_t)length});
    }
    json_add_text_or_null(&p.d, root, "next", cursor);
    result = response_json(rs, &p.d, error);
    return result == SLUICE_OK ? desk_engine_seen(rq, "list", "account", p.account, error) : result;
}

/* ---- tables ---- */

#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }
#define N(NAME, MIN, MAX, EN, ZH)                                                                                      \
    { .name = (NAME), .type = API_INTEGER, .min = (MIN), .max = (MAX), .en = (EN), .zh = (ZH) }
#define AS_OF N("as_of", 0, INT64_MAX, "as the data was at this sequence; 0: now", "数据截至序号")
static const api_field ACCOUNT_QUERY[] = {
    F("from", API_TIME, 0, "count from here", "起"),
    F("to", API_TIME, 0, "count until before this", "止"),
    F("recent", API_DURATION, 0, "what new and vanished look at, 30d if not given", "近期窗口"),
    N("top", 1, 1000, "counterparties and devices listed, 20 if not given", "列出数量"),
    AS_OF,
};
static const api_field TRANSFER_FIELDS[] = {
    F("id", API_TEXT, API_REQUIRED, "the institution's id", "流水号"),
    F("sequence", API_INTEGER, API_REQUIRED, "in the log", "日志序号"),
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "transfer|withdrawal",
     .en = "what it is",
     .zh = "种类"},
    F("time", API_TIME, API_REQUIRED, "when it happened", "时间"),
    F("from", API_TEXT, API_REQUIRED, "the payer", "付款账号"),
    F("to", API_TEXT, API_REQUIRED | API_NULLABLE, "the payee", "收款账号"),
    F("amount_fen", API_MONEY, API_REQUIRED, "what left the payer", "金额（分）"),
    F("currency", API_TEXT, API_REQUIRED, "of it", "币种"),
    F("received_fen", API_MONEY, API_REQUIRED, "what reached the payee", "到账金额（分）"),
    F("received_currency", API_TEXT, API_REQUIRED, "of it", "到账币种"),
};
static const api_schema TRANSFER = {
    .name = "transfer", .fields = TRANSFER_FIELDS, .field_count = 10, .en = "a transfer as the log has it"};

static const api_field ENTRY_FIELDS[] = {
    F("sequence", API_INTEGER, API_REQUIRED, "the transfer's, in the log", "日志序号"),
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "transfer|withdrawal",
     .en = "what it is",
     .zh = "种类"},
    F("time", API_TIME, API_REQUIRED, "when it happened", "时间"),
    {.name = "direction", .type = API_CODE, .flags = API_REQUIRED, .codes = "in|out", .en = "which way", .zh = "收支"},
    F("counterparty", API_TEXT, API_REQUIRED | API_NULLABLE, "the other side", "对方"),
    F("amount_fen", API_MONEY, API_REQUIRED, "on this account", "金额（分）"),
    F("balance_fen", API_MONEY, API_REQUIRED, "after it", "余额（分）"),
};
static const api_schema ENTRY = {
    .name = "ledger_entry", .fields = ENTRY_FIELDS, .field_count = 7, .en = "one movement"};
static const api_field PAGE_FIELDS[] = {
    F("as_of", API_INTEGER, API_REQUIRED, "the sequence that all pages are as of", "数据截至序号"),
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &ENTRY,
     .max = 1000,
     .en = "in order of time",
     .zh = "流水"},
    F("next", API_TEXT, API_REQUIRED | API_NULLABLE, "the next page's cursor", "下一页游标"),
};
static const api_schema LEDGER = {.name = "ledger_page", .fields = PAGE_FIELDS, .field_count = 3, .en = "a page"};
static const api_field LEDGER_QUERY[] = {AS_OF};

#define COUNT(array) (sizeof(array) / sizeof *(array))
const route ENGINE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/accounts/{key}",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = get_account,
     .tag = "engine",
     .operation = "getAccount",
     .en = "an account's profile, as of a sequence",
     .zh = "账户画像",
     .query = ACCOUNT_QUERY,
     .query_count = COUNT(ACCOUNT_QUERY),
     .answer = &PUBLISHED_ACCOUNT,
     .problems = "404 422"},
    {.method = METHOD_GET,
     .template = "/v1/accounts/{key}/transfers",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .flags = ROUTE_PAGED,
     .handle = get_ledger,
     .tag = "engine",
     .operation = "listTransfersOfAccount",
     .en = "an account's ledger with balances, in order of time",
     .zh = "账户流水",
     .query = LEDGER_QUERY,
     .query_count = COUNT(LEDGER_QUERY),
     .answer = &LEDGER,
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/transfers/{id}",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = get_transfer,
     .tag = "engine",
     .operation = "getTransfer",
     .en = "a transfer by its institution's id",
     .zh = "按流水号查交易",
     .answer = &TRANSFER,
     .problems = "404"},
};
const size_t ENGINE_ROUTE_COUNT = COUNT(ENGINE_ROUTES);
