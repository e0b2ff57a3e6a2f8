/* What handlers read, and how they change something. */
#include "server/request.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "server/jobs_private.h"
#include "server/server_private.h"
#include "sys/clock.h"

sluice_text request_variable(const request *rq, size_t place) {
    SLUICE_ASSERT(place < rq->variable_count);
    return rq->variables[place];
}

int64_t request_variable_id(const request *rq, size_t place) {
    uint64_t number = 0;
    bool good = text_to_u64(request_variable(rq, place), &number);
    SLUICE_ASSERT(good && number <= INT64_MAX); /* the route says {#…} */
    return (int64_t)number;
}

bool request_query(const request *rq, const char *name, sluice_text *value_out) {
    for (size_t i = 0; i < rq->parameter_count; i++) {
        if (text_equal(rq->parameters[i].name, text_of(name))) {
            *value_out = rq->parameters[i].value;
            return true;
        }
    }
    return false;
}

bool request_query_integer(const request *rq, const char *name, int64_t *value_out) {
    sluice_text text;
    uint64_t number = 0;
    if (!request_query(rq, name, &text)) {
        return false;
    }
    bool minus = text.length > 0 && text.data[0] == '-';
    if (!text_to_u64(minus ? (sluice_text){text.data + 1, text.length - 1} : text, &number) || number > INT64_MAX) {
        return false;
    }
    *value_out = minus ? -(int64_t)number : (int64_t)number;
    return true;
}

bool request_query_time(const request *rq, const char *name, int64_t *time_ms_out) {
    sluice_text text;
    return request_query(rq, name, &text) && time_parse(text, TIME_SHANGHAI_OFFSET_MS, time_ms_out);
}

bool request_query_duration(const request *rq, const char *name, int64_t *duration_ms_out) {
    sluice_text text;
    return request_query(rq, name, &text) && time_duration_parse(text, duration_ms_out);
}

bool request_query_flag(const request *rq, const char *name, bool *value_out) {
    sluice_text text;
    if (!request_query(rq, name, &text)) {
        return false;
    }
    *value_out = text_equal(text, TEXT("true"));
    return true;
}

const char *request_media_type(const request *rq) {
    return rq->media_type;
}

size_t request_limit(const request *rq, size_t most) {
    int64_t limit = 50;
    (void)request_query_integer(rq, "limit", &limit);
    return limit < 1 ? 1 : (size_t)limit > most ? most : (size_t)limit;
}

static int compare_parameters(const void *left, const void *right) {
    const request_parameter *const *a = left, *const *b = right;
    int names = text_compare((*a)->name, (*b)->name);
    return names != 0 ? names : text_compare((*a)->value, (*b)->value);
}

const char *request_list(request *rq) {
    const request_parameter *sorted[REQUEST_PARAMETERS_MAX];
    size_t count = 0;
    text_writer w = {0};
    for (size_t i = 0; i < rq->parameter_count; i++) {
        const request_parameter *p = &rq->parameters[i];
        if (!text_equal(p->name, TEXT("cursor")) && !text_equal(p->name, TEXT("limit"))) {
            sorted[count++] = p;
        }
    }
    if (count > 1) {
        qsort(sorted, count, sizeof *sorted, compare_parameters);
    }
    text_write(&w, text_of(rq->route->template));
    for (size_t i = 0; i < rq->variable_count; i++) {
        text_write_char(&w, '/');
        text_write(&w, rq->variables[i]);
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(&w, "&%.*s=%.*s", TEXT_ARGS(sorted[i]->name), TEXT_ARGS(sorted[i]->value));
    }
    text_write_char(&w, '\0');
    const char *list = w.failed ? NULL : arena_copy(&rq->arena, w.data, w.length);
    text_writer_fini(&w);
    return list == NULL ? rq->route->template : list;
}

bool request_cursor(const request *rq, sluice_text *place_out) {
    *place_out = rq->cursor;
    return rq->has_cursor;
}

sluice_result request_lost(sluice_error *error) {
    return error_set(error, SLUICE_E_FORBIDDEN,
                     "whoever asked for it may not go on: disabled, without the role, or all sessions ended");
}

sluice_result request_still(request *rq, sluice_error *error) {
    const server_desk *desk = rq->server->desk;
    if (rq->is_ending || desk->still == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = desk->still(desk->context, &rq->actor, rq->now_ms, clock_now_ms(), &rq->arena, error);
    if (result == SLUICE_OK && !route_allows(rq->route, rq->actor.roles)) {
        result = request_lost(error);
    }
    rq->is_lost = rq->is_lost || result == SLUICE_E_FORBIDDEN || result == SLUICE_E_UNAUTHENTICATED;
    return result;
}

/* Preferences are a list, each maybe with parameters: "respond-async, wait=10" (RFC 7240). */
bool request_is_job(const request *rq) {
    sluice_text rest = rq->prefer, each, name;
    bool is_preferred = false;
    while ((rq->route->flags & ROUTE_OR_JOB) != 0 && rest.length > 0 && !is_preferred) {
        (void)text_split(rest, ',', &each, &rest);
        (void)text_split(text_trim(each), ';', &name, &each);
        name = text_trim(name);
        is_preferred = name.length == 13 && strncasecmp(name.data, "respond-async", 13) == 0;
    }
    return rq->route->lane == LANE_JOB || is_preferred;
}

bool request_progress(request *rq, uint64_t done, uint64_t total) {
    sluice_error unheard;
    return rq->job == NULL || (job_progress(rq->job, done, total) && request_still(rq, &unheard) == SLUICE_OK);
}

bool request_on_progress(void *rq, uint64_t done, uint64_t total) {
    return request_progress(rq, done, total);
}

bool request_goes_on(const request *rq) {
    return rq->job == NULL || job_goes_on(rq->job);
}

/* ---- commands ---- */

typedef struct command {
    request *rq;
    response *rs;
    request_run run;
    void *context;
    idempotency_key key;
} command;

static void hash_request(const request *rq, unsigned char hash_out[32]) {
    crypto_generichash_state state;
    const char *method = route_method_name(rq->route->method);
    (void)crypto_generichash_init(&state, NULL, 0, 32);
    (void)crypto_generichash_update(&state, (const unsigned char *)method, strlen(method) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)rq->path.data, rq->path.length);
    for (size_t i = 0; i < rq->parameter_count; i++) {
        const request_parameter *p = &rq->parameters[i];
        (void)crypto_generichash_update(&state, (const unsigned char *)"&", 1);
        (void)crypto_generichash_update(&state, (const unsigned char *)p->raw.data, p->raw.length);
    }
    (void)crypto_generichash_update(&state, (const unsigned char *)"\n", 1);
    if (rq->body.length > 0) {
        (void)crypto_generichash_update(&state, (const unsigned char *)rq->body.data, rq->body.length);
    }
    (void)crypto_generichash_final(&state, hash_out, 32);
}

/* Puts a stored answer into the response. */
static sluice_result replay(request *rq, response *rs, const idempotency_answer *answer, sluice_error *error) {
    sluice_text line, rest = answer->headers, name, value;
    char *type = arena_alloc(&rq->arena, answer->content_type.length + 1);
    if (type == NULL) {
        return error_no_memory(error, answer->content_type.length + 1);
    }
    memcpy(type, answer->content_type.data, answer->content_type.length);
    type[answer->content_type.length] = '\0';
    rs->status = answer->status;
    rs->content_type = answer->content_type.length == 0 ? NULL : type;
    rs->body.length = 0;
    text_write(&rs->body, answer->body);
    while (rest.length > 0) {
        (void)text_split(rest, '\n', &line, &rest);
        if (text_split(line, ':', &name, &value)) {
            char *copy = arena_alloc(&rq->arena, name.length + 1);
            if (copy == NULL) {
                return error_no_memory(error, name.length + 1);
            }
            memcpy(copy, name.data, name.length);
            copy[name.length] = '\0';
            response_add_header(rq, rs, copy, "%.*s", TEXT_ARGS(text_trim(value)));
        }
    }
    response_add_header(rq, rs, "Idempotency-Replayed", "true");
    return rs->body.failed ? error_no_memory(error, answer->body.length) : SLUICE_OK;
}

static sluice_result store_answer(const command *c, sluice_error *error) {
    const server_desk *desk = c->rq->server->desk;
    text_writer headers = {0};
    for (size_t i = 0; i < c->rs->header_count; i++) {
        if (strncmp(c->rs->headers[i].name, "RateLimit-", 10) != 0) { /* the request's, not the answer's */
            text_printf(&headers, "%s: %s\n", c->rs->headers[i].name, c->rs->headers[i].value);
        }
    }
    int status = c->rs->status != 0 ? c->rs->status : c->rq->route->status != 0 ? c->rq->route->status : 200;
    idempotency_answer answer = {
        .status = status,
        .content_type = text_of(c->rs->content_type),
        .body = {c->rs->body.data == NULL ? "" : c->rs->body.data, c->rs->body.length},
        .headers = {headers.data == NULL ? "" : headers.data, headers.length},
    };
    sluice_result result = headers.failed || c->rs->body.failed
                               ? error_no_memory(error, c->rs->body.length)
                               : desk->idempotency_put(desk->context, &c->key, c->rq->now_ms, &answer, error);
    text_writer_fini(&headers);
    return result;
}

static sluice_result run_command(void *context, sluice_error *error) {
    command *c = context;
    const server_desk *desk = c->rq->server->desk;
    if (c->key.key.length == 0) {
        return c->run(c->rq, c->rs, c->context, error);
    }
    idempotency_answer answer;
    sluice_result result = desk->idempotency_find(desk->context, &c->key, c->rq->now_ms, &c->rq->arena, &answer, error);
    if (result == SLUICE_OK) {
        return replay(c->rq, c->rs, &answer, error);
    }
    if (result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    result = c->run(c->rq, c->rs, c->context, error);
    return result == SLUICE_OK ? store_answer(c, error) : result;
}

sluice_result request_command(request *rq, response *rs, request_run run, void *context, sluice_error *error) {
    command c = {.rq = rq, .rs = rs, .run = run, .context = context};
    if (rq->idempotency_key.length > 0 && (rq->route->flags & (ROUTE_IDEMPOTENT | ROUTE_IDEMPOTENT_REQUIRED)) != 0) {
        c.key.principal = rq->actor.principal;
        c.key.key = rq->idempotency_key;
        hash_request(rq, c.key.request_hash);
    }
    return writer_run(rq->server, run_command, &c, error);
}

const sluice_engine *request_engine(request *rq, sluice_error *error) {
    if (!rq->holds_engine && !gate_enter(&rq->server->gate)) {
        (void)error_set(error, SLUICE_E_BUSY,
                        "an import is being withdrawn and the state is built anew: try again in a few seconds");
        return NULL;
    }
    rq->holds_engine = true;
    return rq->server->engine;
}

void request_leave_engine(request *rq) {
    if (rq->holds_engine) {
        rq->holds_engine = false;
        gate_leave(&rq->server->gate);
    }
}
