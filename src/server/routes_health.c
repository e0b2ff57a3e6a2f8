/* What machines ask: is it alive, can it serve, how is it, what can it do. */
#include <stdio.h>

#include "base/error.h"
#include "server/routes_private.h"
#include "server/server_private.h"

static sluice_result healthz(request *rq, response *rs, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "status", TEXT("ok"));
    json_add_text(&d, root, "version", text_of(sluice_version()));
    json_add_time(&d, root, "now", rq->now_ms);
    json_add_text(&d, root, "clock", text_of(rq->server->options.clock != NULL ? "simulated" : "machine"));
    return response_json(rs, &d, error);
}

/* NULL: ready. */
static const char *why_not_ready(server *s, char text[160]) {
    bool wants = s->options.with.rules != NULL || s->options.with.model != NULL;
    if (s->draining) {
        return "stopping";
    }
    if (atomic_load(&s->gate.rebuilding)) {
        (void)snprintf(text, 160, "an import is being withdrawn: the state is built anew, %llu of %llu signals",
                       (unsigned long long)atomic_load(&s->gate.done), (unsigned long long)atomic_load(&s->gate.total));
        return text;
    }
    if (atomic_load(&s->reloading)) {
        return "rules and model are being loaded";
    }
    if (wants && !atomic_load(&s->writer.deciding)) {
        return "inline decisions are not possible: see the log";
    }
    return s->desk->ready == NULL || s->desk->ready(s->desk->context, text) ? NULL : text;
}

static sluice_result readyz(request *rq, response *rs, sluice_error *error) {
    char text[160] = "";
    json_document d;
    const char *why = why_not_ready(rq->server, text);
    if (why != NULL) {
        return error_set(error, SLUICE_E_BUSY, "%s", why);
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "status", TEXT("ready"));
    json_add_uint(&d, root, "sequence", atomic_load(&rq->server->writer.sequence));
    if (atomic_load(&rq->server->rules.alone)) {
        json_add_text(&d, root, "degraded", TEXT("rules_folder_only"));
    }
    return response_json(rs, &d, error);
}

static sluice_result metrics(request *rq, response *rs, sluice_error *error) {
    (void)error;
    rs->content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(rq->server, &rs->body);
    return SLUICE_OK;
}

static sluice_result openapi(request *rq, response *rs, sluice_error *error) {
    (void)error;
    text_write(&rs->body, rq->server->openapi);
    return SLUICE_OK;
}

static sluice_result open_events(request *rq, response *rs, sluice_error *error) {
    (void)rq;
    (void)rs;
    (void)error;
    return SLUICE_OK; /* the stream follows */
}

static const api_field HEALTH_FIELDS[] = {
    {.name = "status", .type = API_CODE, .flags = API_REQUIRED, .codes = "ok", .en = "alive", .zh = "状态"},
    {.name = "version", .type = API_TEXT, .flags = API_REQUIRED, .en = "of the program", .zh = "版本"},
    {.name = "now", .type = API_TIME, .flags = API_REQUIRED, .en = "the daemon's time", .zh = "当前时间"},
    {.name = "clock",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "machine|simulated",
     .en = "whose time",
     .zh = "时钟"},
};
static const api_schema HEALTH = {.name = "health", .fields = HEALTH_FIELDS, .field_count = 4, .en = "alive"};
static const api_field READY_FIELDS[] = {
    {.name = "status", .type = API_CODE, .flags = API_REQUIRED, .codes = "ready", .en = "it can serve", .zh = "状态"},
    {.name = "sequence",
     .type = API_INTEGER,
     .flags = API_REQUIRED,
     .en = "the log's last durable one",
     .zh = "日志序号"},
    {.name = "degraded",
     .type = API_CODE,
     .codes = "rules_folder_only",
     .en = "approved changes of the rules are not in use (docs/rules.md)",
     .zh = "降级：已批准的规则变更未生效"},
};
static const api_schema READY = {.name = "ready", .fields = READY_FIELDS, .field_count = 3, .en = "ready"};

const route HEALTH_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/healthz",
     .lane = LANE_HTTP,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_QUIET,
     .handle = healthz,
     .tag = "daemon",
     .operation = "getHealth",
     .en = "the daemon is alive",
     .zh = "存活检查",
     .answer = &HEALTH},
    {.method = METHOD_GET,
     .template = "/readyz",
     .lane = LANE_HTTP,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_QUIET,
     .handle = readyz,
     .tag = "daemon",
     .operation = "getReadiness",
     .en = "the daemon can serve",
     .zh = "就绪检查",
     .answer = &READY},
    {.method = METHOD_GET,
     .template = "/metrics",
     .lane = LANE_HTTP,
     .needs = NEEDS_NOTHING,
     .flags = ROUTE_QUIET,
     .handle = metrics,
     .tag = "daemon",
     .operation = "getMetrics",
     .en = "counters, as Prometheus reads them",
     .zh = "监控指标",
     .produces = "text/plain"},
    {.method = METHOD_GET,
     .template = "/openapi.json",
     .lane = LANE_HTTP,
     .needs = NEEDS_NOTHING,
     .handle = openapi,
     .tag = "daemon",
     .operation = "getOpenApi",
     .en = "this description",
     .zh = "接口说明"},
    {.method = METHOD_GET,
     .template = "/v1/events",
     .lane = LANE_EVENTS,
     .needs = NEEDS_SIGN_IN,
     .handle = open_events,
     .tag = "events",
     .operation = "streamEvents",
     .en = "what happens, as it happens (server-sent events); goes on after Last-Event-ID",
     .zh = "事件推送",
     .produces = "text/event-stream"},
};
const size_t HEALTH_ROUTE_COUNT = sizeof HEALTH_ROUTES / sizeof *HEALTH_ROUTES;
