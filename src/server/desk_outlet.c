/* Routes of industry governance that no kind's table makes: the ranking of outlets, their problem cards, what partners
 * send of openings, and how many cards a person holds. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/history.h"
#include "desk/outlet_rank.h"
#include "desk/render.h"
#include "server/desk_link.h"
#include "text/chinese.h"

/* ---- ranking ---- */

static void add_interval(json_document *d, yyjson_mut_val *object, const char *name, rate_interval interval) {
    yyjson_mut_val *pair = json_add_object(d, object, name);
    json_add_double(d, pair, "low", interval.low);
    json_add_double(d, pair, "high", interval.high);
}

static void add_text(request *rq, json_document *d, yyjson_mut_val *object, const char *name, const char *text) {
    const char *copy = arena_copy(&rq->arena, text, strlen(text) + 1);
    d->failed = d->failed || copy == NULL;
    json_add_text(d, object, name, text_of(copy));
}

static void add_months(request *rq, json_document *d, yyjson_mut_val *item, const outlet_ranking *r,
                       const outlet_row *row) {
    yyjson_mut_val *months = json_add_array(d, item, "months");
    for (int64_t month = r->months.first; month <= r->months.last; month++) {
        char text[8];
        yyjson_mut_val *of = json_append_object(d, months);
        outlet_month_format(month, text);
        add_text(rq, d, of, "month", text);
        json_add_int(d, of, "opened", row->opened_by_month[month - r->months.first]);
        json_add_int(d, of, "problem", row->problem_by_month[month - r->months.first]);
    }
}

static void add_row(request *rq, json_document *d, yyjson_mut_val *item, const outlet_ranking *r,
                    const outlet_row *row) {
    const record_value *values = row->outlet.values;
    json_add_uint(d, item, "rank", row->rank);
    json_add_int(d, item, "outlet", row->outlet.id);
    json_add_text(d, item, "key", values[OUTLET_KEY].text);
    json_add_text(d, item, "name", values[OUTLET_NAME].text);
    json_add_text(d, item, "kind", values[OUTLET_CATEGORY].text);
    json_add_text(d, item, "institution", values[OUTLET_INSTITUTION].text);
    json_add(d, item, "district",
             d->doc == NULL                    ? NULL
             : values[OUTLET_DISTRICT].is_null ? yyjson_mut_null(d->doc)
                                               : yyjson_mut_sint(d->doc, values[OUTLET_DISTRICT].integer));
    json_add_int(d, item, "opened", row->opened);
    json_add_int(d, item, "problem", row->problem);
    json_add_double(d, item, "rate", row->rate);
    add_interval(d, item, "wilson_95", row->wilson);
    add_interval(d, item, "limits_95", row->limits_95);
    add_interval(d, item, "limits_998", row->limits_998);
    json_add_text(d, item, "band", text_of(row->band));
    json_add_double(d, item, "shrunken_rate", row->shrunken.mean);
    add_interval(d, item, "credible_95", row->shrunken.credible);
    json_add_double(d, item, "probability_above", row->shrunken.above);
    yyjson_mut_val *trend = json_add_object(d, item, "trend");
    json_add_double(d, trend, "z", row->trend_z);
    json_add_double(d, trend, "p", row->trend_p);
    add_months(rq, d, item, r, row);
}

/* The curve of the funnel, at numbers of cards that a plot needs. */
static void add_funnel(json_document *d, yyjson_mut_val *root, const outlet_ranking *r) {
    int64_t most = 10;
    yyjson_mut_val *curve = json_add_array(d, root, "funnel");
    for (size_t i = 0; i < r->count; i++) {
        most = r->rows[i].opened > most ? r->rows[i].opened : most;
    }
    for (int64_t n = 1; n < most + most / 5 && r->rate > 0; n += n / 7 + 1) {
        yyjson_mut_val *point = json_append_object(d, curve);
        json_add_int(d, point, "opened", n);
        add_interval(d, point, "limits_95", rates_funnel(n, r->rate, 0.95));
        add_interval(d, point, "limits_998", rates_funnel(n, r->rate, 0.998));
    }
}

static void add_method(json_document *d, yyjson_mut_val *root, const outlet_ranking *r) {
    yyjson_mut_val *method = json_add_object(d, root, "method");
    json_add_text(d, method, "rate",
                  TEXT("problem cards among the cards opened in these months, by the month of opening, as of now"));
    json_add_text(d, method, "limits",
                  TEXT("exact binomial, interpolated (Spiegelhalter 2005), around the overall rate"));
    json_add_text(d, method, "shrunken", TEXT("posterior mean of beta-binomial, prior by maximum marginal likelihood"));
    json_add_text(d, method, "order", TEXT("by shrunken_rate, highest first; ties by key"));
    json_add_text(d, method, "trend", TEXT("Cochran-Armitage over months of opening; two-sided p"));
    yyjson_mut_val *prior = json_add_object(d, method, "prior");
    json_add_bool(d, prior, "is_fitted", r->has_prior);
    if (r->has_prior) {
        json_add_double(d, prior, "a", r->prior.a);
        json_add_double(d, prior, "b", r->prior.b);
        json_add_double(d, prior, "mean", r->prior.mean);
        json_add_double(d, prior, "size", r->prior.size);
        json_add_bool(d, prior, "is_pooled", r->prior.is_pooled);
    }
    json_add_double(d, method, "dispersion", r->dispersion);
}

static sluice_result write_ranking(request *rq, response *rs, const outlet_ranking *r, sluice_error *error) {
    json_document d;
    char text[8];
    yyjson_mut_val *root = json_begin(&d);
    outlet_month_format(r->months.first, text);
    add_text(rq, &d, root, "from", text);
    outlet_month_format(r->months.last, text);
    add_text(rq, &d, root, "to", text);
    json_add_time(&d, root, "as_of", rq->now_ms);
    json_add_int(&d, root, "opened", r->opened);
    json_add_int(&d, root, "problem", r->problem);
    json_add_double(&d, root, "rate", r->rate);
    add_method(&d, root, r);
    yyjson_mut_val *unknown = json_add_object(&d, root, "not_attributed");
    json_add_uint(&d, unknown, "without_opening", r->unknown);
    json_add_uint(&d, unknown, "without_outlet_or_day", r->undated);
    json_add_uint(&d, unknown, "months_stated_below_entered", r->stated_below);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < r->count; i++) {
        add_row(rq, &d, json_append_object(&d, items), r, &r->rows[i]);
    }
    add_funnel(&d, root, r);
    return response_json(rs, &d, error);
}

static sluice_result take_months(request *rq, outlet_months *months, sluice_error *error) {
    sluice_text from = {0}, to = {0};
    months->last = outlet_month_of_ms(rq->now_ms);
    if (request_query(rq, "to", &to) && !outlet_month_parse(to, &months->last)) {
        return error_set(error, SLUICE_E_INPUT, "to: a month like 2026-11 is expected");
    }
    months->first = months->last - 11;
    if (request_query(rq, "from", &from) && !outlet_month_parse(from, &months->first)) {
        return error_set(error, SLUICE_E_INPUT, "from: a month like 2026-01 is expected");
    }
    if (months->first > months->last || months->last - months->first >= OUTLET_MONTHS_MAX) {
        return error_set(error, SLUICE_E_INPUT, "from: a month up to `to`, at most %d months, is expected",
                         OUTLET_MONTHS_MAX);
    }
    return SLUICE_OK;
}

static sluice_result ranking(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    query_term scope[3];
    outlet_ranking found;
    outlet_question question = {.scope = scope};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? take_months(rq, &question.months, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    (void)request_query(rq, "kind", &question.category);
    (void)request_query_integer(rq, "district", &question.district);
    question.scope_count = desk_scope_terms(c.actor, &OUTLET_KIND, scope);
    result = outlet_ranking_of(desk_store(c.desk), &question, &rq->arena, &found, error);
    result = result == SLUICE_OK ? desk_seen(&c, rq, "outlet_ranking", "outlet", 0, (sluice_text){0}) : result;
    return result == SLUICE_OK ? write_ranking(rq, rs, &found, error) : result;
}

/* ---- trace back (倒查) ---- */

static sluice_result problem_cards(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record outlet;
    problem_card *cards = NULL;
    size_t count = 0;
    uint64_t unknown = 0;
    bool shown = false;
    json_document d;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &OUTLET_KIND, request_variable_id(rq, 0), &outlet) : result;
    result = result == SLUICE_OK
                 ? outlet_problem_cards(desk_store(c.desk), outlet.id, &rq->arena, &cards, &count, &unknown, error)
                 : result;
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *items = json_add_array(&d, json_begin(&d), "items");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *item = json_append_object(&d, items);
        json_add_text(&d, item, "basis", text_of(cards[i].basis));
        json_add_time(&d, item, "known_since", cards[i].at_ms);
        render_record(&c, &d, json_add_object(&d, item, "card"), &CARD_KIND, &cards[i].card, &shown);
    }
    result = desk_seen(&c, rq, shown ? "trace_back_shown" : "trace_back", "outlet", outlet.id, c.actor->purpose);
    return result == SLUICE_OK ? response_json(rs, &d, error) : result;
}

/* ---- what a person holds ---- */

static bool is_partner(const desk_actor *actor) {
    return (actor->roles & ROLE_PARTNER) != 0 && (actor->roles & ROLES_OFFICERS) == 0;
}

/* A partner learns its own count, and of the others only how many there are in all: not which. */
static void write_holdings(json_document *d, const desk_actor *actor, const card_holding *rows, size_t count) {
    int64_t total = 0;
    bool beyond = false;
    yyjson_mut_val *root = json_begin(d), *items = json_add_array(d, root, "institutions");
    for (size_t i = 0; i < count; i++) {
        bool is_beyond = rows[i].cap.length > 0 && rows[i].count > rows[i].limit;
        total += rows[i].count;
        if (is_partner(actor) && !text_equal(rows[i].institution, actor->institution)) {
            continue;
        }
        beyond = beyond || is_beyond;
        yyjson_mut_val *item = json_append_object(d, items);
        json_add_text(d, item, "institution", rows[i].institution);
        json_add_int(d, item, "open", rows[i].count);
        json_add_text_or_null(d, item, "cap", rows[i].cap);
        if (rows[i].cap.length > 0) {
            json_add_int(d, item, "limit", rows[i].limit);
            json_add_bool(d, item, "may_open_another", rows[i].count < rows[i].limit);
        }
        json_add_bool(d, item, "is_beyond", is_beyond);
    }
    json_add_int(d, root, "open_everywhere", total);
    json_add_bool(d, root, "is_beyond", beyond);
    json_add_text(d, root, "law", TEXT("反电信网络诈骗法 Arts. 10, 16: for anti-fraud use only"));
}

/* On the writer, whose the dated caps are; the look is written down in the same transaction. */
static sluice_result run_check(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    record_value holder = value_text((sluice_text){0});
    card_holding *rows = NULL;
    size_t count = 0;
    (void)context;
    (void)body_text(rq->json, "holder", &holder.text);
    sluice_result result = person_key(c, &holder);
    result = result == SLUICE_OK ? card_holdings(c, holder.text, &rows, &count) : result;
    result = result == SLUICE_OK ? audit_add(c, "card_check", "card", 0, holder.text) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    write_holdings(&d, c->actor, rows, count);
    return response_json(rs, &d, c->error);
}

static sluice_result check_cards(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && c.actor->purpose.length == 0) {
        return error_set(
            error, SLUICE_E_FORBIDDEN,
            "how many cards a person holds is for anti-fraud use only (反电信网络诈骗法 Arts. 10, 16): state "
            "a purpose with the header Sluice-Purpose");
    }
    return result == SLUICE_OK ? desk_change(rq, rs, run_check, NULL, error) : result;
}

/* ---- openings that a partner sends ---- */

typedef struct import_row {
    const desk_kind *kind;
    const char *act;
    yyjson_val *body;
    record record;
} import_row;

static sluice_result run_row(desk_command *c, void *context) {
    import_row *row = context;
    return desk_act(c, row->kind, row->act, 0, 0, row->body, &row->record);
}

typedef struct import_tally {
    json_document *d;
    yyjson_mut_val *faults;
    uint64_t done, refused;
} import_tally;

/* One by one, each in a savepoint of its own: a bad row names its place and what was expected, the rest goes in. */
static void import_list(desk_command *c, yyjson_val *list, const char *name, const desk_kind *kind, const char *act,
                        import_tally *tally) {
    size_t at, count;
    yyjson_val *item;
    if (!yyjson_is_arr(list)) {
        return;
    }
    yyjson_arr_foreach(list, at, count, item) {
        sluice_error error = {0};
        import_row row = {.kind = kind, .act = act, .body = item};
        desk_command one = {
            .desk = c->desk, .actor = c->actor, .now_ms = c->now_ms, .arena = c->arena, .error = &error};
        sluice_result result = desk_run(&one, run_row, &row);
        if (result == SLUICE_OK) {
            tally->done++;
            continue;
        }
        yyjson_mut_val *fault = json_append_object(tally->d, tally->faults);
        json_add_text(tally->d, fault, "list", text_of(name));
        json_add_uint(tally->d, fault, "at", at);
        json_add_text(tally->d, fault, "why", text_of(arena_copy(c->arena, error.text, strlen(error.text) + 1)));
        chinese_add(tally->d, fault, "why_zh", text_of(error.text));
        tally->refused++;
    }
}

static sluice_result run_import(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    (void)context;
    yyjson_mut_val *root = json_begin(&d);
    import_tally tally = {.d = &d, .faults = json_add_array(&d, root, "refused_items")};
    import_list(c, yyjson_obj_get(rq->json, "outlets"), "outlets", &OUTLET_KIND, "create", &tally);
    import_list(c, yyjson_obj_get(rq->json, "months"), "months", &OUTLET_MONTH_KIND, "state", &tally);
    import_list(c, yyjson_obj_get(rq->json, "cards"), "cards", &CARD_KIND, "report", &tally);
    json_add_uint(&d, root, "done", tally.done);
    json_add_uint(&d, root, "refused", tally.refused);
    return response_json(rs, &d, c->error);
}

static sluice_result import_openings(request *rq, response *rs, sluice_error *error) {
    return desk_change(rq, rs, run_import, NULL, error);
}

/* ---- the table ---- */

static const api_field RANKING_QUERY[] = {
    {.name = "from", .type = API_TEXT, .max = 40, .en = "first month of opening; none: 12 months", .zh = "起始月份"},
    {.name = "to", .type = API_TEXT, .max = 40, .en = "last month of opening; none: this one", .zh = "截止月份"},
    {.name = "kind", .type = API_CODE, .codes = "bank|telecom", .en = "of banks or carriers", .zh = "类别"},
    {.name = "district", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "district", .zh = "县区"},
};
static const api_field CHECK_FIELDS[] = {
    {.name = "holder",
     .type = API_KEY,
     .flags = API_REQUIRED,
     .en = "person:… ; an identity number is hashed at once and not kept",
     .zh = "持有人"},
};
static const api_schema CHECK = {
    .name = "card_check", .fields = CHECK_FIELDS, .field_count = 1, .en = "whose cards are counted"};
static const api_field IMPORT_FIELDS[] = {
    {.name = "outlets", .type = API_ANY, .flags = API_LIST, .max = 5000, .en = "as POST /v1/outlets", .zh = "网点"},
    {.name = "months",
     .type = API_ANY,
     .flags = API_LIST,
     .max = 5000,
     .en = "{outlet, month, opened}",
     .zh = "月度开卡数"},
    {.name = "cards", .type = API_ANY, .flags = API_LIST, .max = 5000, .en = "as POST /v1/cards", .zh = "开卡明细"},
};
static const api_schema IMPORT = {.name = "openings_import",
                                  .fields = IMPORT_FIELDS,
                                  .field_count = 3,
                                  .at_least_of = "outlets|months|cards",
                                  .en = "outlets, what they opened by month, and cards one by one"};

const route DESK_OUTLET_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/outlets/ranking",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = ranking,
     .tag = "outlets",
     .operation = "rankOutlets",
     .en = "share of problem cards by outlet, fair to small ones: funnel limits, empirical Bayes, trend",
     .zh = "网点问题卡占比排名（漏斗图、经验贝叶斯）",
     .query = RANKING_QUERY,
     .query_count = sizeof RANKING_QUERY / sizeof *RANKING_QUERY},
    {.method = METHOD_GET,
     .template = "/v1/outlets/{#id}/problem-cards",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = problem_cards,
     .tag = "outlets",
     .operation = "listOutletProblemCards",
     .en = "trace back: its problem cards, when they were opened, for whom and by which staff number",
     .zh = "网点问题卡倒查",
     .problems = "404"},
    {.method = METHOD_POST,
     .template = "/v1/cards/check",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_PARTNER,
     .handle = check_cards,
     .tag = "cards",
     .operation = "checkCards",
     .en = "how many cards a person holds, against the caps across institutions; needs a purpose, is audited",
     .zh = "跨机构开卡数量核验",
     .body = &CHECK,
     .problems = "403 422"},
    {.method = METHOD_POST,
     .template = "/v1/outlets/import",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER | ROLE_PARTNER,
     .flags = ROUTE_IDEMPOTENT,
     .handle = import_openings,
     .tag = "outlets",
     .operation = "importOpenings",
     .en = "what an institution sends of its outlets and openings; a bad row is named, the rest goes in",
     .zh = "导入网点与开卡数据",
     .body = &IMPORT,
     .body_bytes_max = 4 << 20,
     .problems = "403 422"},
};
const size_t DESK_OUTLET_ROUTE_COUNT = sizeof DESK_OUTLET_ROUTES / sizeof *DESK_OUTLET_ROUTES;
