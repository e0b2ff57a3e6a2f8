/* What comes in: one transfer to be decided on, or many signals at once.
 *
 * A batch is NDJSON. Each line is parsed in place; a bad one is reported with its line and member and the good rest is
 * taken. Parsing is the worker's, so that the writer only decides and commits. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/desk.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "server/signal_json_private.h"
#include "signal/json.h"
#include "text/chinese.h"

#define BATCH_BYTES_MAX (16u << 20)
#define BATCH_SIGNALS_MAX 65536u
#define ERRORS_MAX 100u
#define PADDING 4 /* zeros that yyjson wants behind a text that it parses in place */

static sluice_result decide(request *rq, response *rs, sluice_error *error) {
    (void)rq;
    (void)rs;
    return error_set(error, SLUICE_E_INVALID, "decisions have a lane of their own"); /* never called */
}

/* ---- batches ---- */

typedef struct line_error {
    uint64_t line;
    signal_fault fault;
} line_error;

typedef struct reading {
    request *rq;
    arena scratch; /* the line's document */
    sluice_signal *signals;
    uint64_t *lines; /* of each signal */
    size_t count, capacity;
    uint64_t rejected, rounded;
    line_error *errors; /* [ERRORS_MAX] */
    size_t error_count;
    bool no_memory;
} reading;

static void reject(reading *r, uint64_t line, const signal_fault *fault) {
    r->rejected++;
    if (r->error_count < ERRORS_MAX) {
        r->errors[r->error_count++] = (line_error){line, *fault};
    }
}

static void read_line(reading *r, char *text, size_t length, uint64_t line) {
    char behind[PADDING];
    yyjson_read_err problem = {0};
    signal_fault fault = {0};
    bool rounded = false;
    arena_reset(&r->scratch);
    yyjson_alc allocator = json_arena(&r->scratch);
    memcpy(behind, text + length, PADDING); /* the next line's, or the body's own padding */
    memset(text + length, 0, PADDING);
    yyjson_doc *doc =
        yyjson_read_opts(text, length, YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_INSITU, &allocator, &problem);
    memcpy(text + length, behind, PADDING);
    if (doc == NULL) {
        r->no_memory |= problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION;
        (void)snprintf(fault.text, sizeof fault.text, "is not JSON: %s, at byte %zu of the line", problem.msg,
                       problem.pos + 1);
        reject(r, line, &fault);
        return;
    }
    sluice_signal *signal = &r->signals[r->count];
    if (!signal_from_json(yyjson_doc_get_root(doc), SLUICE_SIGNAL_TRANSFER, &r->rq->arena, signal, &rounded, &fault)) {
        r->no_memory |= fault.no_memory;
        reject(r, line, &fault);
        return;
    }
    r->rounded += rounded;
    r->lines[r->count++] = line;
}

static size_t count_lines(sluice_text body) {
    size_t lines = 1;
    for (const char *at = body.data, *end = at + body.length;
         at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
        lines++;
    }
    return lines;
}

static sluice_result read_batch(reading *r, sluice_error *error) {
    request *rq = r->rq;
    r->capacity = count_lines(rq->body);
    if (r->capacity > BATCH_SIGNALS_MAX + 1) {
        return error_set(error, SLUICE_E_LIMIT, "at most %u lines are taken at a time", BATCH_SIGNALS_MAX);
    }
    r->signals = arena_alloc(&rq->arena, r->capacity * sizeof *r->signals);
    r->lines = arena_alloc(&rq->arena, r->capacity * sizeof *r->lines);
    r->errors = arena_alloc(&rq->arena, ERRORS_MAX * sizeof *r->errors);
    if (r->signals == NULL || r->lines == NULL || r->errors == NULL) {
        return error_no_memory(error, r->capacity * sizeof *r->signals);
    }
    union {
        const char *from;
        char *to;
    } body = {.from = rq->body.data}; /* the exchange's own, with padding behind */
    char *at = body.to, *end = at + rq->body.length;
    for (uint64_t line = 1; at < end && !r->no_memory; line++) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline == NULL ? end : newline) - at);
        if (text_trim((sluice_text){at, length}).length > 0) {
            read_line(r, at, length, line);
        }
        at = newline == NULL ? end : newline + 1;
    }
    return r->no_memory ? error_no_memory(error, rq->body.length) : SLUICE_OK;
}

static void write_error(json_document *d, yyjson_mut_val *list, uint64_t line, const char *field, const char *detail) {
    yyjson_mut_val *one = json_append_object(d, list);
    json_add_uint(d, one, "line", line);
    if (field[0] == '\0') {
        json_add_text_or_null(d, one, "field", TEXT(""));
    } else {
        json_add_text(d, one, "field", text_of(field));
    }
    json_add_text(d, one, "detail", text_of(detail));
    chinese_add(d, one, "detail_zh", text_of(detail));
}

static sluice_result write_summary(const reading *r, const ingest *taken, response *rs, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    uint64_t rejected = r->rejected + taken->refused;
    json_add_uint(&d, root, "accepted", taken->accepted);
    json_add_uint(&d, root, "duplicates", taken->duplicates);
    json_add_uint(&d, root, "rejected", rejected);
    json_add_uint(&d, root, "rounded", r->rounded);
    json_add_uint(&d, root, "alerts", taken->alerts);
    json_add_uint(&d, root, "sequence", taken->sequence);
    yyjson_mut_val *errors = json_add_array(&d, root, "errors");
    for (size_t i = 0; i < r->error_count; i++) {
        write_error(&d, errors, r->errors[i].line, r->errors[i].fault.field, r->errors[i].fault.text);
    }
    for (size_t i = 0; i < taken->refused && i < INGEST_REFUSALS_MAX; i++) {
        const ingest_refusal *refusal = &taken->refusals[i];
        write_error(&d, errors, r->lines[refusal->index], "", refusal->text);
    }
    rs->sequence = taken->sequence;
    return response_json(rs, &d, error);
}

static sluice_result take_signals(request *rq, response *rs, sluice_error *error) {
    reading r = {.rq = rq};
    ingest *batch = memory_new_zero(1, sizeof *batch);
    if (batch == NULL) {
        return error_no_memory(error, sizeof *batch);
    }
    thread_give_way(); /* who judges may have been here: it is what ingest waits for, and reading has the time (3 %) */
    sluice_result result = read_batch(&r, error);
    bool checks_only = false;
    (void)request_query_flag(rq, "check", &checks_only);
    if (result == SLUICE_OK && checks_only) {
        batch->accepted = r.count;
        batch->sequence = atomic_load(&rq->server->writer.sequence);
    } else if (result == SLUICE_OK) {
        batch->signals = r.signals;
        batch->count = r.count;
        result = writer_ingest(rq->server, batch, error);
    }
    if (result == SLUICE_OK) {
        result = write_summary(&r, batch, rs, error);
    }
    memory_free(batch);
    arena_fini(&r.scratch);
    return result;
}

/* ---- schemas ---- */

#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }

static const api_field SIGNAL_FIELDS[] = {
    {.name = "kind",
     .type = API_CODE,
     .codes = "transfer|withdrawal|account|holder|device|login",
     .en = "transfer if not given",
     .zh = "种类"},
    {.name = "id", .type = API_TEXT, .max = 200, .en = "the institution's id: it counts once", .zh = "流水号"},
    F("time", API_TIME, API_REQUIRED, "when it happened", "时间"),
    {.name = "from",
     .type = API_TEXT,
     .max = 200,
     .en = "the payer, kind:value or an account number",
     .zh = "付款账号"},
    {.name = "to",
     .type = API_TEXT,
     .max = 200,
     .en = "the payee; a withdrawal's place, may be left out",
     .zh = "收款账号"},
    {.name = "amount_fen",
     .type = API_MONEY,
     .min = 0,
     .max = INT64_MAX,
     .en = "what left the payer",
     .zh = "金额（分）"},
    F("amount", API_ANY, 0, "the same in yuan, a number or a text, instead", "金额（元）"),
    {.name = "currency", .type = API_TEXT, .max = 40, .en = "CNY if not given", .zh = "币种"},
    {.name = "received_fen",
     .type = API_MONEY,
     .min = 0,
     .max = INT64_MAX,
     .en = "what reached the payee",
     .zh = "到账金额（分）"},
    F("received", API_ANY, 0, "the same in yuan", "到账金额（元）"),
    {.name = "received_currency", .type = API_TEXT, .max = 40, .en = "of what was received", .zh = "到账币种"},
    F("from_balance_fen", API_MONEY, 0, "the payer's balance after", "付款方余额（分）"),
    F("from_balance", API_ANY, 0, "the same in yuan", "付款方余额（元）"),
    F("to_balance_fen", API_MONEY, 0, "the payee's balance after", "收款方余额（分）"),
    F("to_balance", API_ANY, 0, "the same in yuan", "收款方余额（元）"),
    {.name = "key", .type = API_TEXT, .max = 200, .en = "of an account, holder or device", .zh = "主体"},
    {.name = "account", .type = API_TEXT, .max = 200, .en = "of a login", .zh = "登录账号"},
    {.name = "type", .type = API_TEXT, .max = 200, .en = "such as debit card, company, PHONE", .zh = "类型"},
    {.name = "holder", .type = API_TEXT, .max = 200, .en = "an account's holder", .zh = "持有人"},
    {.name = "name", .type = API_TEXT, .max = 400, .en = "of an account or holder", .zh = "名称"},
    {.name = "event",
     .type = API_CODE,
     .codes = "seen|blocked|unblocked|closed",
     .en = "seen if not given",
     .zh = "事件"},
    {.name = "device", .type = API_TEXT, .max = 200, .en = "of a login", .zh = "设备"},
    {.name = "place", .type = API_TEXT, .max = 200, .en = "of a login", .zh = "地点"},
    {.name = "label", .type = API_TEXT, .max = 200, .en = "ground truth, kept apart", .zh = "标签"},
};
static const api_schema SIGNAL = {.name = "signal",
                                  .fields = SIGNAL_FIELDS,
                                  .field_count = sizeof SIGNAL_FIELDS / sizeof *SIGNAL_FIELDS,
                                  .en = "a signal; docs/api.md says which members each kind has"};

static const api_field REASON_FIELDS[] = {
    F("rule", API_TEXT, API_REQUIRED, "the rule's name", "规则"),
    F("version", API_INTEGER, API_REQUIRED, "its version", "版本"),
    F("weight", API_NUMBER, API_REQUIRED, "what it added to the score", "分值"),
    F("en", API_TEXT, API_REQUIRED, "in words", "英文理由"),
    F("zh", API_TEXT, API_REQUIRED, "in Chinese", "中文理由"),
};
static const api_schema REASON = {
    .name = "decision_reason", .fields = REASON_FIELDS, .field_count = 5, .en = "a rule that matched"};
static const api_field DECISION_FIELDS[] = {
    F("transfer", API_TEXT, API_REQUIRED, "its id", "流水号"),
    F("duplicate", API_BOOLEAN, API_REQUIRED, "it was there already: nothing changed, and the rest is left out",
      "重复"),
    {.name = "action",
     .type = API_CODE,
     .codes = "allow|verify|delay|stop",
     .en = "what is proposed",
     .zh = "处置建议"},
    {.name = "score", .type = API_NUMBER, .en = "0 to 100, the highest of all typologies", .zh = "评分"},
    F("probability", API_NUMBER, API_NULLABLE, "the model's; null: no model", "概率"),
    F("typology", API_TEXT, API_NULLABLE, "of the highest score", "类型"),
    F("subject", API_TEXT, API_NULLABLE, "whom it speaks of", "对象"),
    {.name = "reasons",
     .type = API_OBJECT,
     .flags = API_LIST,
     .object = &REASON,
     .max = 8,
     .en = "the heaviest first",
     .zh = "理由"},
};
static const api_schema DECISION = {
    .name = "decision", .fields = DECISION_FIELDS, .field_count = 8, .en = "a proposal; people decide"};

static const api_field LINE_FIELDS[] = {
    F("line", API_INTEGER, API_REQUIRED, "of the body, from 1", "行号"),
    F("field", API_TEXT, API_REQUIRED | API_NULLABLE, "the member; null: the whole line", "字段"),
    F("detail", API_TEXT, API_REQUIRED, "what was there and what was expected", "说明"),
    F("detail_zh", API_TEXT, 0, "the same in Chinese", "中文说明"),
};
static const api_schema LINE = {
    .name = "line_error", .fields = LINE_FIELDS, .field_count = 4, .en = "a line not taken"};
static const api_field SUMMARY_FIELDS[] = {
    F("accepted", API_INTEGER, API_REQUIRED, "new signals, now durable", "新增"),
    F("duplicates", API_INTEGER, API_REQUIRED, "transfers that were there already", "重复"),
    F("rejected", API_INTEGER, API_REQUIRED, "lines not taken", "拒绝"),
    F("rounded", API_INTEGER, API_REQUIRED, "signals with amounts rounded to fen", "舍入"),
    F("alerts", API_INTEGER, API_REQUIRED, "decided other than to allow", "预警"),
    F("sequence", API_INTEGER, API_REQUIRED, "the log's last durable one", "日志序号"),
    {.name = "errors",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &LINE,
     .max = ERRORS_MAX + INGEST_REFUSALS_MAX,
     .en = "the first of the lines not taken",
     .zh = "错误"},
};
static const api_schema SUMMARY = {
    .name = "ingest_summary", .fields = SUMMARY_FIELDS, .field_count = 7, .en = "what became of a batch"};

static const api_field INGEST_QUERY[] = {
    F("check", API_BOOLEAN, 0,
      "only read the lines and say what is wrong: nothing is taken in, accepted is how many would be; "
      "duplicates are found when they are taken in",
      "仅检查"),
};

const route SIGNAL_ROUTES[] = {
    {.method = METHOD_POST,
     .template = "/v1/decisions",
     .lane = LANE_DECISION,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER | ROLE_ANALYST,
     .flags = ROUTE_QUIET | ROUTE_UNLIMITED,
     .handle = decide,
     .tag = "signals",
     .operation = "decide",
     .en = "one transfer in, a decision out; both durable before the answer",
     .zh = "单笔交易实时研判",
     .consumes = "application/json",
     .body = &SIGNAL,
     .body_bytes_max = 16384,
     .answer = &DECISION,
     .problems = "409 422"},
    {.method = METHOD_POST,
     .template = "/v1/signals",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER | ROLE_ANALYST,
     .flags = ROUTE_QUIET | ROUTE_UNLIMITED,
     .handle = take_signals,
     .tag = "signals",
     .operation = "ingest",
     .en = "signals in, one a line; durable before the answer",
     .zh = "批量接入",
     .query = INGEST_QUERY,
     .query_count = 1,
     .consumes = "application/x-ndjson",
     .body_bytes_max = BATCH_BYTES_MAX,
     .answer = &SUMMARY,
     .problems = "422"},
};
const size_t SIGNAL_ROUTE_COUNT = sizeof SIGNAL_ROUTES / sizeof *SIGNAL_ROUTES;
