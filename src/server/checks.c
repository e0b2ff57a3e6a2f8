/* The checks that every request goes through before a handler sees it, from the row of its route. In this order, so
 * that nobody learns more than they may: the address (404, 405), who asks (401, 403, 429), and only then what was sent.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "server/checks_private.h"
#include "server/cursor_private.h"
#include "server/server_private.h"
#include "signal/json.h"
#include "sys/clock.h"

#define ADDRESS_BURST_SHARE 2 /* bursts are so many seconds' worth */

/* ---- rates ---- */

static bool take_rate(exchange *x, uint64_t key, rate_limit limit) {
    server *s = x->request.server;
    mutex_lock(&s->rate_lock);
    rate_answer answer = rate_take(&s->rates, key, &limit, clock_machine_ns());
    s->metrics.refused_rate += !answer.allowed;
    mutex_unlock(&s->rate_lock);
    response_add_header(&x->request, &x->response, "RateLimit-Limit", "%u", answer.limit);
    response_add_header(&x->request, &x->response, "RateLimit-Remaining", "%u", answer.remaining);
    response_add_header(&x->request, &x->response, "RateLimit-Reset", "%u", answer.reset_s);
    if (!answer.allowed) {
        response_add_header(&x->request, &x->response, "Retry-After", "%u", answer.reset_s);
        request_fail(x, 429, SLUICE_E_TOO_MANY, "wait as Retry-After says");
    }
    return answer.allowed;
}

static bool take_rate_of_address(exchange *x, bool sign_in) {
    uint32_t per_second = x->request.server->options.requests_per_second;
    rate_limit limit = {per_second * 1000, per_second * ADDRESS_BURST_SHARE};
    if (sign_in) {
        uint32_t a_minute = x->request.server->options.sign_ins_per_minute;
        limit = (rate_limit){(a_minute * 1000 + 59) / 60, a_minute};
    }
    return take_rate(x, hash64(x->request.address.data, x->request.address.length) ^ (sign_in ? 0x5151 : 0), limit);
}

static bool take_rate_of_principal(exchange *x) {
    uint32_t per_second = x->request.server->options.requests_per_second;
    if ((x->request.route->flags & ROUTE_UNLIMITED) != 0) {
        return true;
    }
    return take_rate(x, hash_u64(x->request.actor.principal + UINT64_C(0x9E3779B97F4A7C15)),
                     (rate_limit){per_second * 1000, per_second * ADDRESS_BURST_SHARE});
}

/* ---- who ---- */

static bool begins_with(sluice_text text, const char *word, sluice_text *rest_out) {
    size_t length = strlen(word);
    if (text.length <= length || strncasecmp(text.data, word, length) != 0) {
        return false;
    }
    *rest_out = text_trim((sluice_text){text.data + length, text.length - length});
    return true;
}

/* The cookie sluice_session out of "a=b; c=d". */
sluice_text request_cookie(const request *rq, const char *name) {
    sluice_text one, rest = rq->cookie, found, value;
    while (rest.length > 0) {
        (void)text_split(rest, ';', &one, &rest);
        if (text_split(text_trim(one), '=', &found, &value) && text_equal(found, text_of(name))) {
            return value;
        }
    }
    return (sluice_text){NULL, 0};
}

static sluice_text session_of(const request *rq) {
    sluice_text value = request_cookie(rq, "__Host-sluice_session");
    return value.length > 0 ? value : request_cookie(rq, "sluice_session");
}

/* A browser sends a session's cookie by itself; that a page of ours asked is shown by a header that no foreign page can
 * add without being asked for (CORS), and by the origin. */
static bool is_forged(const request *rq) {
    sluice_text origin = rq->origin, host;
    if (!rq->actor.by_cookie || rq->route->method == METHOD_GET) {
        return false;
    }
    if (rq->csrf.length == 0) {
        return true;
    }
    if (origin.length == 0) {
        return false;
    }
    const char *slashes = memmem(origin.data, origin.length, "://", 3);
    if (slashes == NULL) {
        return true;
    }
    host = (sluice_text){slashes + 3, (size_t)(origin.data + origin.length - slashes - 3)};
    const char *allowed = rq->server->options.allow_origin;
    return !text_equal(host, rq->host) && !(allowed != NULL && text_equal(origin, text_of(allowed)));
}

static bool open_to_all(exchange *x) {
    request *rq = &x->request;
    if (rq->server->options.insecure_open) {
        rq->actor = (actor){.user = 1, .roles = UINT32_MAX, .principal = 1};
        return true;
    }
    return false;
}

sluice_result request_authorise(exchange *x, bool may_block) {
    request *rq = &x->request;
    const server_desk *desk = rq->server->desk;
    credentials given = {.address = rq->address};
    sluice_error error = {0};
    bool has = begins_with(rq->authorization, "Bearer ", &given.bearer) ||
               begins_with(rq->authorization, "ApiKey ", &given.api_key);
    given.session = has ? (sluice_text){NULL, 0} : session_of(rq);
    has = has || given.session.length > 0;
    if (has && desk->authenticate != NULL) {
        sluice_result result =
            desk->authenticate(desk->context, &given, may_block, rq->now_ms, &rq->arena, &rq->actor, &error);
        if (result == SLUICE_E_BUSY && !may_block) {
            return result;
        }
        if (result != SLUICE_OK && (result != SLUICE_E_UNAUTHENTICATED || rq->route->needs != NEEDS_NOTHING)) {
            if (take_rate_of_address(x, false)) {
                request_fail_with(x, result, &error);
            }
            return x->handled ? SLUICE_E_UNAUTHENTICATED : result;
        }
        has = result == SLUICE_OK;
    } else {
        has = open_to_all(x);
    }
    if (!has && rq->route->needs != NEEDS_NOTHING) {
        if (take_rate_of_address(x, false)) {
            request_fail(x, 401, SLUICE_E_UNAUTHENTICATED, "sign in, or send an API key");
        }
        return SLUICE_E_UNAUTHENTICATED;
    }
    if (!route_allows(rq->route, rq->actor.roles)) {
        request_fail(x, 403, SLUICE_E_FORBIDDEN, "your role does not include this");
        return SLUICE_E_FORBIDDEN;
    }
    if (is_forged(rq)) {
        request_fail(x, 403, SLUICE_E_FORBIDDEN,
                     "a session by cookie changes something only with the header Sluice-CSRF: 1, from this origin");
        return SLUICE_E_FORBIDDEN;
    }
    bool allowed = has ? take_rate_of_principal(x) : take_rate_of_address(x, (rq->route->flags & ROUTE_SIGN_IN) != 0);
    return allowed ? SLUICE_OK : SLUICE_E_TOO_MANY;
}

/* ---- what was sent ---- */

static sluice_text media_of(sluice_text content_type) {
    sluice_text media, rest;
    (void)text_split(content_type, ';', &media, &rest);
    return text_trim(media);
}

static bool text_equal_nocase(sluice_text a, sluice_text b) {
    return a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0;
}

/* Is it one of the words, separated by blanks? */
static bool is_word_of(const char *words, sluice_text word) {
    sluice_text rest = text_of(words), one;
    while (rest.length > 0) {
        (void)text_split(rest, ' ', &one, &rest);
        if (text_equal_nocase(one, word)) {
            return true;
        }
    }
    return false;
}

const char *route_consumes(const route *r) {
    return r->consumes != NULL ? r->consumes : r->body != NULL ? "application/json" : NULL;
}

static bool check_body_head(exchange *x, const request_head *head) {
    const route *r = x->request.route;
    const char *consumes = route_consumes(r);
    uint64_t most = consumes == NULL ? 0 : r->body_bytes_max != 0 ? r->body_bytes_max : SERVER_BODY_BYTES_DEFAULT;
    char text[160];
    if (head->chunked) {
        request_fail(x, 411, SLUICE_E_INPUT, "send Content-Length: bodies in chunks are not taken");
        return false;
    }
    if (head->content_length > most) {
        (void)snprintf(text, sizeof text,
                       consumes == NULL ? "no body is taken here" : "at most %llu bytes are taken here",
                       (unsigned long long)most);
        request_fail(x, 413, SLUICE_E_LIMIT, text);
        return false;
    }
    if (consumes == NULL || head->content_length == 0) {
        return true;
    }
    if (head->encoded) {
        request_fail(x, 415, SLUICE_E_INPUT, "send the body as it is, without Content-Encoding");
        return false;
    }
    if (!is_word_of(consumes, media_of(x->request.content_type))) {
        (void)snprintf(text, sizeof text, "expected Content-Type: %s", consumes);
        request_fail(x, 415, SLUICE_E_INPUT, text);
        return false;
    }
    return true;
}

static bool range_accepts(sluice_text range, sluice_text type) {
    sluice_text media = media_of(range), group, rest;
    if (text_equal(media, TEXT("*/*"))) {
        return true;
    }
    (void)text_split(type, '/', &group, &rest);
    if (media.length == group.length + 2 && media.data[media.length - 1] == '*') {
        return strncasecmp(media.data, type.data, group.length + 1) == 0;
    }
    return text_equal_nocase(media, type);
}

/* "q=0" refuses; other weights are not compared: the route's order rules. */
static bool is_refused(sluice_text range) {
    sluice_text media, rest, one;
    (void)text_split(range, ';', &media, &rest);
    while (rest.length > 0) {
        (void)text_split(rest, ';', &one, &rest);
        one = text_trim(one);
        if (one.length >= 3 && strncasecmp(one.data, "q=0", 3) == 0) {
            bool zero = true;
            for (size_t i = 3; i < one.length; i++) {
                zero = zero && (one.data[i] == '.' || one.data[i] == '0');
            }
            return zero;
        }
    }
    return false;
}

static bool accepts(sluice_text accept, sluice_text type) {
    sluice_text one, rest = accept;
    while (rest.length > 0) {
        (void)text_split(rest, ',', &one, &rest);
        if (range_accepts(text_trim(one), type) && !is_refused(one)) {
            return true;
        }
    }
    return accept.length == 0;
}

static bool choose_media_type(exchange *x) {
    request *rq = &x->request;
    const char *produces = rq->route->produces == NULL ? "application/json" : rq->route->produces;
    sluice_text rest = text_of(produces), one;
    while (rest.length > 0) {
        (void)text_split(rest, ' ', &one, &rest);
        if (accepts(rq->accept, one)) {
            char *copy = arena_alloc(&rq->arena, one.length + 1);
            if (copy != NULL) {
                memcpy(copy, one.data, one.length);
                copy[one.length] = '\0';
            }
            rq->media_type = copy;
            return copy != NULL;
        }
    }
    char text[200];
    (void)snprintf(text, sizeof text, "there is: %s", produces);
    request_fail(x, 406, SLUICE_E_INPUT, text);
    return false;
}

/* ---- query ---- */

static const api_field PAGE[] = {
    {.name = "limit",
     .type = API_INTEGER,
     .min = 1,
     .max = 1000,
     .en = "rows of a page, 50 if not given",
     .zh = "每页条数"},
    {.name = "cursor", .type = API_TEXT, .max = 800, .en = "the next page, from the one before", .zh = "下一页游标"},
};

const api_field *route_page_fields(size_t *count_out) {
    *count_out = sizeof PAGE / sizeof *PAGE;
    return PAGE;
}

static const api_field *parameter_of(const route *r, sluice_text name) {
    for (size_t i = 0; i < r->query_count; i++) {
        if (text_equal(text_of(r->query[i].name), name)) {
            return &r->query[i];
        }
    }
    for (size_t i = 0; (r->flags & ROUTE_PAGED) != 0 && i < sizeof PAGE / sizeof *PAGE; i++) {
        if (text_equal(text_of(PAGE[i].name), name)) {
            return &PAGE[i];
        }
    }
    return NULL;
}

static void check_parameter(request *rq, request_parameter *p, api_faults *faults) {
    const api_field *field = parameter_of(rq->route, p->name);
    sluice_text before;
    if (field == NULL && (rq->route->flags & ROUTE_OPEN_QUERY) != 0) {
        return;
    }
    if (field == NULL) {
        api_fault_add(faults, &rq->arena, p->name, "is no parameter of this: see /openapi.json");
        return;
    }
    if ((field->flags & API_LIST) == 0 && request_query(rq, field->name, &before)) {
        api_fault_add(faults, &rq->arena, p->name, "is given twice");
    }
    (void)api_check_text(field, p->value, &rq->arena, faults);
}

/* Splits and decodes the query; false: refused. */
static bool query_read(exchange *x, sluice_text query) {
    request *rq = &x->request;
    api_faults faults = {0};
    sluice_text one, rest = query;
    size_t most = 1;
    for (size_t i = 0; i < query.length; i++) {
        most += query.data[i] == '&';
    }
    most = most > REQUEST_PARAMETERS_MAX ? REQUEST_PARAMETERS_MAX : most;
    rq->parameters = query.length == 0 ? NULL : arena_alloc(&rq->arena, most * sizeof *rq->parameters);
    while (rest.length > 0) {
        (void)text_split(rest, '&', &one, &rest);
        sluice_text name, value;
        bool no_memory = false, no_memory_too = false;
        if (one.length == 0) {
            continue;
        }
        if (rq->parameters == NULL || rq->parameter_count == most) {
            api_fault_add(&faults, &rq->arena, TEXT("query"), "has more than %d parameters", REQUEST_PARAMETERS_MAX);
            break;
        }
        request_parameter *p = &rq->parameters[rq->parameter_count];
        (void)text_split(one, '=', &name, &value);
        p->raw = one;
        if (!percent_decode(name, true, &rq->arena, &p->name, &no_memory) ||
            !percent_decode(value, true, &rq->arena, &p->value, &no_memory_too)) {
            api_fault_add(&faults, &rq->arena, TEXT("query"), "is not well encoded");
            break;
        }
        check_parameter(rq, p, &faults);
        rq->parameter_count++;
    }
    for (size_t i = 0; i < rq->route->query_count; i++) {
        const api_field *field = &rq->route->query[i];
        sluice_text value;
        if ((field->flags & API_REQUIRED) != 0 && !request_query(rq, field->name, &value)) {
            api_fault_add(&faults, &rq->arena, text_of(field->name), "is missing");
        }
    }
    if (faults.count == 0 && request_query(rq, "cursor", &one) && (rq->route->flags & ROUTE_PAGED) != 0) {
        rq->has_cursor = cursor_open(rq->server->cursor_key, request_list(rq), one, &rq->arena, &rq->cursor);
        if (!rq->has_cursor) {
            api_fault_add(&faults, &rq->arena, TEXT("cursor"),
                          "is not one of this list with these filters: begin again without it");
        }
    }
    if (faults.count > 0) {
        x->result =
            response_problem(rq, &x->response, 400, SLUICE_E_INPUT, "the query has mistakes: see errors", &faults);
        x->handled = true;
    }
    return faults.count == 0;
}

/* ---- conditions ---- */

static bool check_conditions(exchange *x) {
    request *rq = &x->request;
    sluice_text text = rq->if_match_text;
    uint64_t version = 0;
    if ((rq->route->flags & ROUTE_IF_MATCH) != 0) {
        if (text.length == 0) {
            request_fail(x, 428, SLUICE_E_STALE, "send If-Match with the ETag of what you saw");
            return false;
        }
        rq->has_if_match = true;
        if (!text_equal(text, TEXT("*"))) {
            if (text.length < 3 || text.data[0] != '"' || text.data[text.length - 1] != '"' ||
                !text_to_u64((sluice_text){text.data + 1, text.length - 2}, &version) || text.data[1] == '0' ||
                version == 0 || version > INT64_MAX) { /* "07" is another ETag than "7" */
                request_fail(x, 412, SLUICE_E_STALE, "If-Match is none of our ETags, such as \"7\"");
                return false;
            }
            rq->if_match = (int64_t)version;
        }
    }
    sluice_text key = rq->idempotency_key;
    if ((rq->route->flags & ROUTE_IDEMPOTENT_REQUIRED) != 0 && key.length == 0) {
        request_fail(x, 400, SLUICE_E_INPUT,
                     "send an Idempotency-Key of your own making, the same when you try again: this must happen once");
        return false;
    }
    for (size_t i = 0; i < key.length; i++) {
        if (key.length > 200 || key.data[i] < 0x21 || key.data[i] > 0x7E) {
            request_fail(x, 400, SLUICE_E_INPUT, "Idempotency-Key is longer than 200 bytes, or not of printable ASCII");
            return false;
        }
    }
    return true;
}

bool request_check_size(exchange *x, const request_head *head) {
    return check_body_head(x, head);
}

bool request_check(exchange *x) {
    return choose_media_type(x) && query_read(x, x->query) && check_conditions(x);
}

/* ---- the body ---- */

/* Nesting of a JSON text, without parsing it. */
static bool is_too_deep(sluice_text body) {
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < body.length; i++) {
        char c = body.data[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > SERVER_JSON_DEPTH_MAX) {
                return true;
            }
        } else {
            depth -= c == '}' || c == ']';
        }
    }
    return false;
}

static bool read_json(exchange *x) {
    request *rq = &x->request;
    char text[160];
    yyjson_read_err problem = {0};
    yyjson_alc allocator = json_arena(&rq->arena);
    if (is_too_deep(rq->body)) {
        (void)snprintf(text, sizeof text, "the body nests deeper than %d", SERVER_JSON_DEPTH_MAX);
        request_fail(x, 400, SLUICE_E_INPUT, text);
        return false;
    }
    rq->document = yyjson_read_opts(x->body, x->body_length, YYJSON_READ_NOFLAG, &allocator, &problem);
    if (rq->document == NULL) {
        bool memory = problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION;
        (void)snprintf(text, sizeof text, "the body is not JSON: %s, at byte %zu", problem.msg, problem.pos + 1);
        request_fail(x, memory ? 503 : 400, SLUICE_E_INPUT, memory ? "out of memory" : text);
        return false;
    }
    rq->json = yyjson_doc_get_root(rq->document);
    return true;
}

bool request_body(exchange *x) {
    static char empty[] = "{}";
    request *rq = &x->request;
    x->body_checked = true;
    const route *r = rq->route;
    rq->body = (sluice_text){x->body == NULL ? "" : x->body, x->body_length};
    if (r->lane == LANE_DECISION) {
        return decision_parse(x);
    }
    if (r->body == NULL) {
        return true;
    }
    if (x->body_length == 0) {
        if ((r->flags & ROUTE_BODY_OPTIONAL) == 0) {
            request_fail(x, 400, SLUICE_E_INPUT, "a body is needed: a JSON object");
            return false;
        }
        x->body = empty;
        x->body_length = 2;
        rq->body = (sluice_text){x->body, 2};
    }
    if (!read_json(x)) {
        return false;
    }
    api_faults faults;
    if (!api_check(r->body, rq->json, &rq->arena, &faults)) {
        x->result = response_problem(rq, &x->response, 422, SLUICE_E_INVALID, "the body is not as expected: see errors",
                                     &faults);
        x->handled = true;
        return false;
    }
    return true;
}

void request_handle(exchange *x) {
    request *rq = &x->request;
    response *rs = &x->response;
    sluice_error error = {0};
    x->result = rq->route->handle(rq, rs, &error);
    request_leave_engine(rq);
    x->handled = true;
    if (x->result == SLUICE_OK && rs->body.failed) {
        x->result = SLUICE_E_NO_MEMORY;
    }
    if (x->result != SLUICE_OK) {
        request_fail_with(x, x->result, &error);
    }
}
