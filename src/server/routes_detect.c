/* What takes longer than a request: findings, back-tests, patterns over the whole log. Jobs, all of them. */
#include <stdio.h>
#include <string.h>

#include <sluice/detect.h>
#include <sluice/trace.h>

#include "base/error.h"
#include "desk/desk.h"
#include "server/routes_private.h"
#include "server/server_private.h"

#define ANALYSTS (ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER | ROLE_ADMINISTRATOR)

/* ---- findings ---- */

static sluice_result detect(request *rq, sluice_detection **detection_out, sluice_error *error) {
    sluice_detect_run_options o = {.size = sizeof o, .order = SLUICE_ORDER_TIME};
    sluice_text order;
    int64_t evidence = 0, as_of = 0;
    *detection_out = NULL;
    sluice_result draft = rules_with_draft(rq, &o.with, error);
    if (draft != SLUICE_OK) {
        return draft;
    }
    if (o.with.rules == NULL && o.with.model == NULL) {
        return error_set(error, SLUICE_E_STATE, "this daemon runs without rules and without a model");
    }
    (void)body_time(rq->json, "from", &o.from_ms);
    (void)body_time(rq->json, "to", &o.to_ms);
    (void)body_integer(rq->json, "as_of", &as_of);
    (void)body_integer(rq->json, "evidence", &evidence);
    (void)body_duration(rq->json, "quiet", &o.quiet_ms);
    if (body_text(rq->json, "order", &order) && text_equal(order, TEXT("log"))) {
        o.order = SLUICE_ORDER_LOG;
    }
    o.as_of = (uint64_t)as_of;
    o.evidence_max = (uint32_t)evidence;
    o.progress = request_on_progress;
    o.progress_context = rq;
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    return sluice_detect_run(engine, &o, detection_out, error);
}

static sluice_result give(response *rs, const char *media_type, char **text, size_t length, sluice_error *error) {
    rs->content_type = media_type;
    text_write(&rs->body, (sluice_text){*text, length});
    sluice_text_free(text);
    return rs->body.failed ? error_no_memory(error, length) : SLUICE_OK;
}

static sluice_result find(request *rq, response *rs, sluice_error *error) {
    sluice_detection *detection = NULL;
    char *text = NULL;
    size_t length = 0;
    sluice_text format;
    bool csv = body_text(rq->json, "format", &format) && text_equal(format, TEXT("csv"));
    sluice_result result = detect(rq, &detection, error);
    if (result == SLUICE_OK) {
        result = sluice_detection_render(detection, csv ? SLUICE_DETECTION_CSV : SLUICE_DETECTION_NDJSON, &text,
                                         &length, error);
    }
    sluice_detection_free(&detection);
    return result == SLUICE_OK ? give(rs, csv ? "text/csv" : "application/x-ndjson", &text, length, error) : result;
}

static sluice_result back_test(request *rq, response *rs, sluice_error *error) {
    sluice_detection *detection = NULL;
    sluice_backtest *backtest = NULL;
    sluice_backtest_options options = {.size = sizeof options};
    char *text = NULL;
    size_t length = 0;
    sluice_result result = detect(rq, &detection, error);
    if (result == SLUICE_OK) {
        result = sluice_backtest_run(request_engine(rq, error), detection, &options, &backtest, error);
    }
    if (result == SLUICE_OK) {
        result = sluice_backtest_render(backtest, NULL, true, &text, &length, error);
    }
    sluice_backtest_free(&backtest);
    sluice_detection_free(&detection);
    return result == SLUICE_OK ? give(rs, NULL, &text, length, error) : result;
}

/* ---- patterns ---- */

static void write_counts(const sluice_pattern_count *counts, size_t count, text_writer *w) {
    text_write(w, TEXT("{\"patterns\":["));
    for (size_t i = 0; i < count; i++) {
        const sluice_pattern_count *c = &counts[i];
        text_printf(w, "%s{\"pattern\":\"%s\",\"transfers\":%llu,\"occurrences\":%llu,\"bounded\":%llu,\"histogram\":{",
                    i == 0 ? "" : ",", c->name, (unsigned long long)c->transfers, (unsigned long long)c->occurrences,
                    (unsigned long long)c->bounded);
        const char *comma = "";
        for (size_t k = 0; k < SLUICE_PATTERN_LENGTHS; k++) {
            if (c->histogram[k] > 0) {
                text_printf(w, "%s\"%zu\":%llu", comma, k, (unsigned long long)c->histogram[k]);
                comma = ",";
            }
        }
        text_write(w, TEXT("}}"));
    }
    text_write(w, TEXT("]}\n"));
}

static sluice_result count_patterns(request *rq, response *rs, sluice_error *error) {
    sluice_pattern_count *counts = NULL;
    size_t count = 0;
    int64_t as_of = 0;
    sluice_patterns_options o = {
        .size = sizeof o, .source = "patterns", .progress = request_on_progress, .progress_context = rq};
    if (!body_text(rq->json, "patterns", &o.text)) {
        return error_set(error, SLUICE_E_INVALID, "patterns is missing");
    }
    (void)body_integer(rq->json, "as_of", &as_of);
    o.as_of = (uint64_t)as_of;
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = sluice_patterns_run(engine, &o, &counts, &count, error);
    if (result == SLUICE_OK) {
        write_counts(counts, count, &rs->body);
    }
    sluice_patterns_free(&counts);
    return result;
}

/* ---- rules ---- */

static sluice_result get_rules(request *rq, response *rs, sluice_error *error) {
    writer *w = &rq->server->writer;
    json_document d;
    char rules[65], model[65];
    yyjson_mut_val *root = json_begin(&d);
    mutex_lock(&w->lock);
    memcpy(rules, w->rules_sha256, sizeof rules);
    memcpy(model, w->model_sha256, sizeof model);
    uint32_t counts[] = {w->rules, w->patterns, w->features};
    sluice_text problem = {arena_copy(&rq->arena, w->rules_problem, sizeof w->rules_problem), 0};
    mutex_unlock(&w->lock);
    problem.length = problem.data == NULL ? 0 : strlen(problem.data);
    json_add_bool(&d, root, "deciding", atomic_load(&w->deciding));
    json_add_uint(&d, root, "rules", counts[0]);
    json_add_uint(&d, root, "patterns", counts[1]);
    json_add_uint(&d, root, "features", counts[2]);
    json_add_text_or_null(&d, root, "rules_sha256", text_of(rules));
    json_add_text_or_null(&d, root, "model_sha256", text_of(model));
    json_add_text_or_null(&d, root, "problem", problem.length == 0 ? (sluice_text){0} : problem);
    return response_json(rs, &d, error);
}

/* ---- tables ---- */

#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define AS_OF                                                                                                          \
    {                                                                                                                  \
        .name = "as_of", .type = API_INTEGER, .max = INT64_MAX, .en = "as the data was at this sequence; 0: now",      \
        .zh = "数据截至序号"                                                                                     \
    }
#define RUN_OVER_LOG                                                                                                   \
    F("from", API_TIME, 0, "findings of transfers from here on", "起"), F("to", API_TIME, 0, "… up to here", "止"),    \
        AS_OF,                                                                                                         \
        {.name = "order",                                                                                              \
         .type = API_CODE,                                                                                             \
         .codes = "time|log",                                                                                          \
         .en = "as things happened, or as they arrived",                                                               \
         .zh = "顺序"},                                                                                                \
        F("quiet", API_DURATION, 0, "a finding ends when its subject was quiet for so long, 7d if not given",          \
          "静默期")

static const api_field FIND_FIELDS[] = {
    RUN_OVER_LOG,
    {.name = "evidence",
     .type = API_INTEGER,
     .min = 1,
     .max = 10000,
     .en = "transfers listed for a finding, 20 if not given",
     .zh = "证据条数"},
    {.name = "format",
     .type = API_CODE,
     .codes = "ndjson|csv",
     .en = "of the result, ndjson if not given",
     .zh = "结果格式"},
};
static const api_schema FIND = {
    .name = "findings_question", .fields = FIND_FIELDS, .field_count = COUNT(FIND_FIELDS), .en = "which findings"};
static const api_field TEST_FIELDS[] = {RUN_OVER_LOG, RULES_DRAFT_FIELDS};
static const api_schema TEST = {.name = "back_test_question",
                                .fields = TEST_FIELDS,
                                .field_count = COUNT(TEST_FIELDS),
                                .en = "over which transfers"};
static const api_field PATTERN_FIELDS[] = {
    {.name = "patterns",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .min = 1,
     .max = 60000,
     .en = "in the language of docs/patterns.md: pattern ring { kind cycle window 6h max-length 10 }",
     .zh = "模式定义"},
    AS_OF,
};
static const api_schema PATTERNS = {
    .name = "patterns_question", .fields = PATTERN_FIELDS, .field_count = COUNT(PATTERN_FIELDS), .en = "what to count"};
static const api_field COUNT_FIELDS[] = {
    F("pattern", API_TEXT, API_REQUIRED, "its name", "模式"),
    F("transfers", API_INTEGER, API_REQUIRED, "at which it was completed", "完成笔数"),
    F("occurrences", API_INTEGER, API_REQUIRED, "in all", "出现次数"),
    F("bounded", API_INTEGER, API_REQUIRED, "transfers at which the limit of work was met", "受限笔数"),
    F("histogram", API_ANY, API_REQUIRED, "by length or size", "分布"),
};
static const api_schema PATTERN_COUNT = {
    .name = "pattern_count", .fields = COUNT_FIELDS, .field_count = 5, .en = "a count"};
static const api_field COUNTS_FIELDS[] = {
    {.name = "patterns",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &PATTERN_COUNT,
     .max = 1000,
     .en = "each",
     .zh = "各模式"},
};
static const api_schema COUNTS = {.name = "pattern_counts", .fields = COUNTS_FIELDS, .field_count = 1, .en = "counts"};
static const api_field RULES_FIELDS[] = {
    F("deciding", API_BOOLEAN, API_REQUIRED, "inline decisions are possible", "可实时研判"),
    F("rules", API_INTEGER, API_REQUIRED, "how many", "规则数"),
    F("patterns", API_INTEGER, API_REQUIRED, "how many", "模式数"),
    F("features", API_INTEGER, API_REQUIRED, "how many are computed", "特征数"),
    F("rules_sha256", API_TEXT, API_REQUIRED | API_NULLABLE, "of all files of rules; null: none", "规则哈希"),
    F("model_sha256", API_TEXT, API_REQUIRED | API_NULLABLE, "of the model; null: none", "模型哈希"),
    F("problem", API_TEXT, API_REQUIRED | API_NULLABLE, "why the files' rules are not the ones in use; null: they are",
      "未启用原因"),
};
static const api_schema RULES = {
    .name = "rules", .fields = RULES_FIELDS, .field_count = COUNT(RULES_FIELDS), .en = "what decides"};

const route DETECT_ROUTES[] = {
    {.method = METHOD_POST,
     .template = "/v1/findings",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ANALYSTS,
     .flags = ROUTE_BODY_OPTIONAL,
     .handle = find,
     .tag = "engine",
     .operation = "findFindings",
     .en = "findings over the log, with reasons and evidence",
     .zh = "研判发现",
     .body = &FIND,
     .answer = &PUBLISHED_FINDING},
    {.method = METHOD_POST,
     .template = "/v1/back-tests",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ANALYSTS,
     .flags = ROUTE_BODY_OPTIONAL,
     .handle = back_test,
     .tag = "engine",
     .operation = "backTest",
     .en = "findings against the labels that were imported; of the rules in use, or with a draft among them",
     .zh = "规则回测",
     .body = &TEST,
     .body_bytes_max = 1u << 21},
    {.method = METHOD_POST,
     .template = "/v1/patterns",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ANALYSTS,
     .handle = count_patterns,
     .tag = "engine",
     .operation = "countPatterns",
     .en = "counts temporal patterns over the whole log",
     .zh = "资金模式统计",
     .body = &PATTERNS,
     .answer = &COUNTS},
    {.method = METHOD_GET,
     .template = "/v1/rules",
     .lane = LANE_HTTP,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_ADMINISTRATOR,
     .handle = get_rules,
     .tag = "engine",
     .operation = "getRules",
     .en = "the rules and the model in use",
     .zh = "在用规则与模型",
     .answer = &RULES},
};
const size_t DETECT_ROUTE_COUNT = COUNT(DETECT_ROUTES);
