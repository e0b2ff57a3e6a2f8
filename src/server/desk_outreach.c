/* Routes of outreach that no kind's table makes: how many an audience has, how many were reached, and what followed.
 *
 * Who only does outreach gets counts of persons as audience_show gives them; who commands or investigates sees the
 * exact number of those reached, because he may see the persons. */
#include <stdio.h>

#include "base/error.h"
#include "base/time.h"
#include "desk/audience_count.h"
#include "desk/history.h"
#include "desk/outreach_effect.h"
#include "desk/outreach_reach.h"
#include "server/desk_link.h"

typedef struct limits {
    audience_limits shown;
    int64_t window_ms;
} limits;

/* On the writer, whose the dated tables are. */
static sluice_result read_limits(desk_command *c, request *rq, response *rs, void *context) {
    limits *l = context;
    (void)rq;
    (void)rs;
    return audience_limits_now(c, &l->shown, &l->window_ms);
}

/* "<10", or a number with the bounds it lies in. */
static void add_shown(request *rq, json_document *d, yyjson_mut_val *object, const char *name, audience_shown shown) {
    char *text = arena_alloc(&rq->arena, 32);
    yyjson_mut_val *of = json_add_object(d, object, name);
    if (text == NULL) {
        d->failed = true;
        return;
    }
    int length = shown.is_hidden ? snprintf(text, 32, "<%lld", (long long)shown.upper + 1)
                                 : snprintf(text, 32, "%lld", (long long)shown.count);
    json_add_bool(d, of, "is_hidden", shown.is_hidden);
    json_add_text(d, of, "text", (sluice_text){text, (size_t)length});
    json_add(d, of, "count",
             d->doc == NULL    ? NULL
             : shown.is_hidden ? yyjson_mut_null(d->doc)
                               : yyjson_mut_sint(d->doc, shown.count));
    json_add_int(d, of, "lower", shown.lower);
    json_add_int(d, of, "upper", shown.upper);
}

/* ---- preview ---- */

static sluice_result preview(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record audience;
    limits l;
    audience_person *persons = NULL;
    size_t count = 0;
    json_document d;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &AUDIENCE_KIND, request_variable_id(rq, 0), &audience) : result;
    result = result == SLUICE_OK ? desk_change(rq, rs, read_limits, &l, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    audience_definition definition = audience_of(&audience);
    result = audience_persons(desk_store(c.desk), &definition, rq->now_ms - l.window_ms, rq->now_ms, &rq->arena,
                              &persons, &count, error);
    sluice_text *hashes = result == SLUICE_OK ? arena_alloc(&rq->arena, (count + 1) * sizeof *hashes) : NULL;
    if (hashes == NULL) {
        return result == SLUICE_OK ? error_no_memory(error, count * sizeof *hashes) : result;
    }
    for (size_t i = 0; i < count; i++) {
        hashes[i] = persons[i].hash;
    }
    result = desk_seen(&c, rq, "audience_preview", "audience", audience.id, (sluice_text){0});
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_int(&d, root, "audience", audience.id);
    json_add_time(&d, root, "as_of", rq->now_ms);
    add_shown(rq, &d, root, "persons", audience_show(hashes, count, l.shown));
    json_add_text(&d, root, "method",
                  TEXT("distinct phone numbers of warnings and reports; counts below the threshold are hidden, others "
                       "carry a noise that is the same for the same persons, within the bounds (cell-key method)"));
    return response_json(rs, &d, error);
}

/* ---- reach ---- */

static bool sees_persons(const desk_actor *actor) {
    return (actor->roles & (ROLE_COMMANDER | ROLE_INVESTIGATOR | ROLE_AUDITOR)) != 0;
}

static void add_persons(request *rq, json_document *d, yyjson_mut_val *root, const desk_actor *actor,
                        const outreach_reach *r, const limits *l, audience_shown *shown_out) {
    audience_shown exact = {.count = (int64_t)r->persons, .lower = (int64_t)r->persons, .upper = (int64_t)r->persons};
    bool nobody = r->persons == 0; /* that nothing was sent is no secret */
    *shown_out = sees_persons(actor) || nobody ? exact : audience_show(r->person_hashes, r->persons, l->shown);
    add_shown(rq, d, root, "persons", *shown_out);
}

static void write_reach(request *rq, json_document *d, const desk_actor *actor, const outreach_question *q,
                        const outreach_reach *r, const limits *l) {
    audience_shown persons;
    yyjson_mut_val *root = json_begin(d);
    json_add_time(d, root, "from", q->from_ms);
    json_add_time(d, root, "to", q->to_ms);
    add_persons(rq, d, root, actor, r, l, &persons);
    yyjson_mut_val *groups = json_add_object(d, root, "groups");
    json_add_int(d, groups, "count", r->groups);
    json_add_int(d, groups, "members", r->group_members);
    json_add_int(d, groups, "posts", r->group_posts);
    yyjson_mut_val *events = json_add_object(d, root, "events");
    json_add_int(d, events, "count", r->events);
    json_add_int(d, events, "points", r->points);
    json_add_int(d, events, "parents", r->parents);
    json_add_int(d, events, "students", r->students);
    json_add_int(d, events, "residents", r->residents);
    json_add_int(d, events, "staff", r->staff);
    json_add_int(d, events, "officers", r->officers);
    json_add_int(d, events, "materials", r->event_materials);
    yyjson_mut_val *alliance = json_add_object(d, root, "alliance");
    json_add_int(d, alliance, "actions", r->actions);
    json_add_int(d, alliance, "reach", r->action_reach);
    json_add_int(d, alliance, "materials", r->action_materials);
    yyjson_mut_val *people = json_add_object(d, root, "people");
    json_add_int(d, people, "lower", persons.lower > r->other_largest ? persons.lower : r->other_largest);
    json_add_int(d, people, "upper", persons.upper + r->other_sum);
    json_add_text(
        d, people, "method",
        TEXT("persons distinct by keyed hash; a group's largest member count, not the sum over weeks; heads of "
             "events without officers; partners as they state. Nobody knows who is in several of these: "
             "at least the largest single part, at most the sum"));
}

static sluice_result answer_reach(request *rq, response *rs, desk_command *c, const outreach_question *q,
                                  int64_t campaign, sluice_error *error) {
    limits l;
    outreach_reach found;
    json_document d;
    sluice_result result = desk_change(rq, rs, read_limits, &l, error);
    result = result == SLUICE_OK ? outreach_reach_of(desk_store(c->desk), q, &rq->arena, &found, error) : result;
    result = result == SLUICE_OK ? desk_seen(c, rq, "outreach_reach", "campaign", campaign, (sluice_text){0}) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    write_reach(rq, &d, c->actor, q, &found, &l);
    return response_json(rs, &d, error);
}

static sluice_result campaign_reach(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record campaign;
    outreach_question q = {.to_ms = rq->now_ms + 1};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &CAMPAIGN_KIND, request_variable_id(rq, 0), &campaign) : result;
    q.campaign = result == SLUICE_OK ? campaign.id : 0;
    return result == SLUICE_OK ? answer_reach(rq, rs, &c, &q, campaign.id, error) : result;
}

static sluice_result reach(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    outreach_question q = {.from_ms = rq->now_ms - 365 * TIME_DAY_MS, .to_ms = rq->now_ms + 1};
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    (void)request_query_time(rq, "from", &q.from_ms);
    (void)request_query_time(rq, "to", &q.to_ms);
    (void)request_query_integer(rq, "district", &q.district);
    q.district = c.actor->level == LEVEL_CITY ? q.district : c.actor->district;
    return answer_reach(rq, rs, &c, &q, 0, error);
}

/* ---- before and after ---- */

typedef struct populations {
    effect_population *rows;
    size_t count;
    limits limits;
} populations;

static sluice_result read_populations(desk_command *c, request *rq, response *rs, void *context) {
    populations *p = context;
    sluice_result result = read_limits(c, rq, rs, &p->limits);
    return result == SLUICE_OK ? effect_populations(c, &p->rows, &p->count) : result;
}

static void add_interval(json_document *d, yyjson_mut_val *object, const char *name, rate_interval interval,
                         double times) {
    yyjson_mut_val *pair = json_add_object(d, object, name);
    json_add_double(d, pair, "low", interval.low * times);
    json_add_double(d, pair, "high", interval.high * times);
}

static void add_area(json_document *d, yyjson_mut_val *root, const char *name, const effect_area *area,
                     bool is_hidden) {
    yyjson_mut_val *of = json_add_object(d, root, name);
    json_add_int(d, of, "unit", area->unit.id);
    json_add_text(d, of, "name_zh", area->unit.values[UNIT_NAME_ZH].text);
    json_add_text(d, of, "name_en", area->unit.values[UNIT_NAME_EN].text);
    json_add_int(d, of, "people", area->people);
    if (is_hidden) {
        return;
    }
    json_add_int(d, of, "reports_before", area->change.before);
    json_add_int(d, of, "reports_after", area->change.after);
    json_add_double(d, of, "per_10000_before", area->rate_before);
    json_add_double(d, of, "per_10000_after", area->rate_after);
    add_interval(d, of, "per_10000_before_95", area->before_interval, 1);
    add_interval(d, of, "per_10000_after_95", area->after_interval, 1);
}

/* Too few reports to be said to who must not see them one by one: then neither counts nor what follows from them. */
static bool is_small(const outreach_effect *e, int64_t least) {
    return e->here.change.before < least || e->here.change.after < least || e->there.change.before < least ||
           e->there.change.after < least;
}

static void add_differences(json_document *d, yyjson_mut_val *root, const outreach_effect *e) {
    yyjson_mut_val *difference = json_add_object(d, root, "difference_in_differences");
    json_add_double(d, difference, "per_10000", e->difference.difference * 10000);
    add_interval(d, difference, "interval_95", e->difference.interval, 10000);
    yyjson_mut_val *ratio = json_add_object(d, root, "ratio_of_ratios");
    json_add_double(d, ratio, "ratio", e->difference.ratio);
    add_interval(d, ratio, "exact_interval_95", e->difference.ratio_interval, 1);
}

static void write_effect(json_document *d, const outreach_effect *e, bool is_hidden, int64_t least) {
    yyjson_mut_val *root = json_begin(d);
    json_add_time(d, root, "before_from", e->before_ms);
    json_add_time(d, root, "began", e->began_ms);
    json_add_time(d, root, "after_until", e->after_ms);
    json_add_bool(d, root, "is_hidden", is_hidden);
    json_add_int(d, root, "least", least);
    add_area(d, root, "area", &e->here, is_hidden);
    add_area(d, root, "comparison", &e->there, is_hidden);
    json_add_uint(d, root, "candidates", e->candidates);
    json_add_bool(d, root, "comparison_was_reached", e->there_was_reached);
    if (!is_hidden) {
        add_differences(d, root, e);
    }
    json_add_text(
        d, root, "method",
        TEXT("reports per 10,000 people, equal periods before and after; intervals of rates exact (Garwood), of "
             "the difference normal with Poisson variances, of the ratio exact (conditional on the margins)"));
    json_add_text(d, root, "comparison_rule",
                  TEXT("same level, not reached by a campaign in these periods, nearest rate before; ties by id"));
    json_add_text(
        d, root, "caution",
        TEXT("an observation of two areas: it assumes that without the campaign both would have changed alike"));
}

static sluice_result effect(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record campaign;
    populations p = {0};
    outreach_effect found;
    int64_t length_ms = 0;
    json_document d;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &CAMPAIGN_KIND, request_variable_id(rq, 0), &campaign) : result;
    result = result == SLUICE_OK ? desk_change(rq, rs, read_populations, &p, error) : result;
    (void)request_query_duration(rq, "length", &length_ms);
    if (result == SLUICE_OK && (length_ms < 0 || length_ms > 730 * TIME_DAY_MS)) {
        return error_set(error, SLUICE_E_INPUT, "length: a duration up to 730d is expected");
    }
    if (result == SLUICE_OK && !sees_persons(c.actor) && length_ms % (7 * TIME_DAY_MS) != 0) {
        return error_set(error, SLUICE_E_INPUT, "length: whole weeks are expected, such as 28d");
    }
    result = result == SLUICE_OK ? outreach_effect_of(desk_store(c.desk), &campaign, length_ms, rq->now_ms, p.rows,
                                                      p.count, &rq->arena, &found, error)
                                 : result;
    result =
        result == SLUICE_OK ? desk_seen(&c, rq, "campaign_effect", "campaign", campaign.id, (sluice_text){0}) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    bool is_hidden = !sees_persons(c.actor) && is_small(&found, p.limits.shown.least);
    write_effect(&d, &found, is_hidden, p.limits.shown.least);
    return response_json(rs, &d, error);
}

/* ---- the table ---- */

#define WHO (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR)

static const api_field REACH_QUERY[] = {
    {.name = "from", .type = API_TIME, .en = "from; none: a year ago", .zh = "开始时间"},
    {.name = "to", .type = API_TIME, .en = "to (not included); none: now", .zh = "结束时间"},
    {.name = "district", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "district", .zh = "县区"},
};
static const api_field EFFECT_QUERY[] = {
    {.name = "length", .type = API_DURATION, .en = "length of each period; none: 28d", .zh = "前后各比较时长"},
};

const route DESK_OUTREACH_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/audiences/{#id}/preview",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = WHO,
     .handle = preview,
     .tag = "audiences",
     .operation = "previewAudience",
     .en = "how many persons it has; small counts are hidden, nobody is listed",
     .zh = "对象人数预览（小数隐藏，不列名单）",
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/campaigns/{#id}/reach",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = WHO,
     .handle = campaign_reach,
     .tag = "campaigns",
     .operation = "getCampaignReach",
     .en = "how many it reached, nobody counted twice where that can be known; with bounds",
     .zh = "活动触达人数（去重，附上下界）",
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/outreach/reach",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = WHO,
     .handle = reach,
     .tag = "campaigns",
     .operation = "getReach",
     .en = "the same over all campaigns, events and partners of a period",
     .zh = "全部宣传触达人数（去重，附上下界）",
     .query = REACH_QUERY,
     .query_count = sizeof REACH_QUERY / sizeof *REACH_QUERY},
    {.method = METHOD_GET,
     .template = "/v1/campaigns/{#id}/effect",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = WHO,
     .handle = effect,
     .tag = "campaigns",
     .operation = "getCampaignEffect",
     .en = "reports before and after in the audience's area, beside a comparable area",
     .zh = "活动前后警情对比（双重差分）",
     .query = EFFECT_QUERY,
     .query_count = sizeof EFFECT_QUERY / sizeof *EFFECT_QUERY,
     .problems = "404 409"},
};
const size_t DESK_OUTREACH_ROUTE_COUNT = sizeof DESK_OUTREACH_ROUTES / sizeof *DESK_OUTREACH_ROUTES;
