/* Notices to outlets (通报、整改): what their institution is told, answers, and has accepted.
 *
 *   proposed ─approve→ issued ─answer→ answered ─accept→ accepted ─close→ closed
 *       │refuse           └──────────────↑ └return→ returned ─answer↗
 *
 * The figures are taken when it is proposed and stay as they were: the cards, the rate, and the trace back (倒查) of
 * who opened the problem cards, by staff number. Whether the outlet is a repeat offender is counted when it is issued,
 * by dated thresholds. */
#include <stdlib.h>

#include "base/json_write.h"
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/outlet_rank.h"
#include "desk/timer.h"

#define LAW "反电信网络诈骗法 Arts. 6, 18"
#define STATES "proposed|refused|issued|answered|returned|accepted|closed"
#define MEASURES "notice|rectify"

static const record_field FIELDS[NOTICE_FIELDS] = {
    [NOTICE_OUTLET] = {"outlet", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                       .target = "outlet", .en = "outlet", .zh = "网点"},
    [NOTICE_MEASURE] = {"measure", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .codes = MEASURES,
                        .en = "measure; a notice, or an order to rectify", .zh = "通报或整改"},
    [NOTICE_FROM] = {"from_month", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 7,
                     .en = "from month", .zh = "起始月份"},
    [NOTICE_TO] = {"to_month", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 7, .en = "to month",
                   .zh = "截止月份"},
    [NOTICE_WORDS] = {"words", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "findings and demands",
                      .zh = "问题与要求"},
    [NOTICE_FIGURES] = {"figures", FIELD_JSON, .flags = FIELD_SERVER, .bytes_max = 65536,
                        .en = "figures and trace-back; as of the proposal", .zh = "数据与倒查结果；以呈请时为准"},
    [NOTICE_TURN] = {"turn", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "turn; within the dated window",
                     .zh = "期内第几次"},
    [NOTICE_IS_REPEAT] = {"is_repeat", FIELD_BOOLEAN, .flags = FIELD_SERVER | FIELD_FILTER, .en = "repeat offender",
                          .zh = "屡犯"},
    [NOTICE_OPERATION] = F_OPERATION(FIELD_FILTER),
    [NOTICE_STATE] = F_STATE(STATES),
    [NOTICE_DUE] = F_SET_TIME("due", "answer due", "答复时限"),
    [NOTICE_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_SERVER | FIELD_FILTER, .bytes_max = 64,
                            .en = "addressee", .zh = "被通报机构"},
    [NOTICE_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [NOTICE_STATION] = F_SET_UNIT("station", "station", "派出所"),
    [NOTICE_PROPOSED_BY] = F_SET_USER("proposed_by", "proposed by", "呈请人"),
    [NOTICE_APPROVED_BY] = F_SET_USER("approved_by", "decided by", "审批人"),
    [NOTICE_ISSUED_AT] = {"issued_at", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "issued",
                          .zh = "签发时间"},
    [NOTICE_ANSWER] = {"answer", FIELD_TEXT, .bytes_max = 8000, .en = "rectification", .zh = "整改情况"},
    [NOTICE_TRACE_BACK] = {"trace_back", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 8000,
                           .en = "trace-back; who opened the problem cards, and how it was missed",
                           .zh = "倒查情况；问题卡由谁开办、为何未发现"},
    [NOTICE_ANSWERED_AT] = F_SET_TIME("answered_at", "answered at", "答复时间"),
    [NOTICE_REVIEWED_BY] = F_SET_USER("reviewed_by", "answer judged by", "审核人"),
    [NOTICE_REVIEWED_AT] = F_SET_TIME("reviewed_at", "answer judged at", "审核时间"),
    [NOTICE_RETURNS] = {"returns", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "answers returned", .zh = "退回次数"},
    [NOTICE_IS_LATE] = {"is_late", FIELD_BOOLEAN, .flags = FIELD_SERVER | FIELD_FILTER, .en = "overdue", .zh = "逾期"},
    [NOTICE_CLOSED_BY] = F_SET_USER("closed_by", "closed by", "办结人"),
    [NOTICE_CLOSED_AT] = F_SET_TIME("closed_at", "closed at", "办结时间"),
};
static const record_index INDEXES[] = {
    {false, {NOTICE_OUTLET, NOTICE_ISSUED_AT, RECORD_END, RECORD_END}},
    {false, {NOTICE_STATE, NOTICE_DUE, RECORD_END, RECORD_END}},
    {false, {NOTICE_DISTRICT, NOTICE_STATE, NOTICE_DUE, RECORD_END}},
    {false, {NOTICE_INSTITUTION, NOTICE_STATE, NOTICE_DUE, RECORD_END}},
};
static const record_table TABLE = {
    "outlet_notice",      FIELDS,          NOTICE_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES, false,
    "notices to outlets", "网点通报与整改"};

static const record_field PROPOSE[] = {
    {"outlet", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "outlet", .en = "outlet", .zh = "网点"},
    {"measure", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = MEASURES,
     .en = "measure; a notice, or an order to rectify", .zh = "通报或整改"},
    {"from_month", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 7, .en = "from month", .zh = "起始月份"},
    {"to_month", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 7, .en = "to month", .zh = "截止月份"},
    {"words", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "findings and demands", .zh = "问题与要求"},
    F_OPERATION(0),
};
static const record_field ANSWER[] = {
    {"answer", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 8000, .en = "rectification", .zh = "整改情况"},
    {"trace_back", FIELD_TEXT, .bytes_max = 8000,
     .en = "trace-back; who opened the problem cards, and how it was missed",
     .zh = "倒查情况；问题卡由谁开办、为何未发现"},
};
static const record_field NOTE[] = {F_NOTE};

/* ---- figures, with the trace back ---- */

static int compare_staff(const void *left, const void *right) {
    const problem_card *a = left, *b = right;
    sluice_text x = value_text_or_empty(&a->card.values[CARD_STAFF]),
                y = value_text_or_empty(&b->card.values[CARD_STAFF]);
    int order = text_compare(x, y);
    return order != 0 ? order : (a->card.id > b->card.id) - (a->card.id < b->card.id);
}

/* One row a staff number: how many problem cards, the first and the last day. Cards themselves are not in it. */
static void write_staff(json_document *d, yyjson_mut_val *list, const problem_card *cards, size_t count) {
    for (size_t first = 0, next; first < count; first = next) {
        sluice_text staff = value_text_or_empty(&cards[first].card.values[CARD_STAFF]);
        int64_t from = INT64_MAX, to = INT64_MIN;
        for (next = first; next < count && text_equal(value_text_or_empty(&cards[next].card.values[CARD_STAFF]), staff);
             next++) {
            int64_t at = cards[next].card.values[CARD_OPENED_AT].integer;
            from = at < from ? at : from;
            to = at > to ? at : to;
        }
        yyjson_mut_val *item = json_append_object(d, list);
        json_add_text_or_null(d, item, "staff", staff);
        json_add_uint(d, item, "problem", next - first);
        json_add_time(d, item, "first_opened_at", from);
        json_add_time(d, item, "last_opened_at", to);
    }
}

static bool opened_within(const record *card, outlet_months months) {
    const record_value *at = &card->values[CARD_OPENED_AT];
    return !at->is_null && at->integer >= outlet_month_begin_ms(months.first) &&
           at->integer < outlet_month_begin_ms(months.last + 1);
}

static sluice_result write_figures(desk_command *c, record *r, const record *outlet, outlet_months months) {
    outlet_row figures;
    problem_card *cards = NULL;
    size_t count = 0, kept = 0;
    uint64_t unknown = 0;
    json_document d;
    text_writer out = {0};
    sluice_result result =
        outlet_problem_cards(c->desk->store, outlet->id, c->arena, &cards, &count, &unknown, c->error);
    result =
        result == SLUICE_OK ? outlet_figures(c->desk->store, outlet, months, c->arena, &figures, c->error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    for (size_t i = 0; i < count; i++) {
        if (opened_within(&cards[i].card, months)) {
            cards[kept++] = cards[i];
        }
    }
    if (kept > 0) {
        qsort(cards, kept, sizeof *cards, compare_staff);
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_int(&d, root, "opened", figures.opened);
    json_add_int(&d, root, "problem", (int64_t)kept);
    json_add_double(&d, root, "rate", figures.opened > 0 ? (double)kept / (double)figures.opened : 0);
    rate_interval wilson = rates_wilson((int64_t)kept, figures.opened, 0.95);
    json_add_double(&d, root, "wilson_95_low", wilson.low);
    json_add_double(&d, root, "wilson_95_high", wilson.high);
    write_staff(&d, json_add_array(&d, root, "staff"), cards, kept);
    result = json_end_line(&d, &out, c->error);
    while (out.length > 0 && out.data[out.length - 1] == '\n') {
        out.length--;
    }
    const char *copy = result == SLUICE_OK ? arena_copy(c->arena, out.data, out.length) : NULL;
    r->values[NOTICE_FIGURES] = value_text((sluice_text){copy, out.length});
    text_writer_fini(&out);
    return result == SLUICE_OK && copy == NULL ? error_no_memory(c->error, out.length) : result;
}

/* ---- acts ---- */

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    record outlet;
    outlet_months months;
    (void)in;
    if (!outlet_month_parse(r->values[NOTICE_FROM].text, &months.first)) {
        return desk_fault_add(c, "from_month", "a month like 2026-01 is expected");
    }
    if (!outlet_month_parse(r->values[NOTICE_TO].text, &months.last) || months.last < months.first ||
        months.last - months.first >= OUTLET_MONTHS_MAX) {
        return desk_fault_add(c, "to_month", "a month from from_month on, at most %d months, is expected",
                              OUTLET_MONTHS_MAX);
    }
    sluice_result result = desk_get(c, &OUTLET_KIND, r->values[NOTICE_OUTLET].integer, &outlet);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "outlet", "an outlet that you can see is expected");
    }
    result = result == SLUICE_OK ? fields_check_operation(c, &r->values[NOTICE_OPERATION]) : result;
    if (result == SLUICE_OK) {
        r->values[NOTICE_DISTRICT] = outlet.values[OUTLET_DISTRICT];
        r->values[NOTICE_STATION] = outlet.values[OUTLET_STATION];
        r->values[NOTICE_RETURNS] = value_integer(0);
        result = write_figures(c, r, &outlet, months);
    }
    return result;
}

/* How many were issued to the outlet within the dated window before now, with this one. */
static sluice_result count_turn(desk_command *c, record *r) {
    int64_t window_ms = 0, repeat = 0;
    uint64_t before = 0;
    sluice_result result = dated_number(c, "duration", "outlet_repeat_window", &window_ms);
    result = result == SLUICE_OK ? dated_number(c, "cap", "outlet_repeat", &repeat) : result;
    query_term terms[2] = {{NOTICE_OUTLET, QUERY_EQUAL, r->values[NOTICE_OUTLET], NULL, 0},
                           {NOTICE_ISSUED_AT, QUERY_GREATER, value_integer(c->now_ms - window_ms), NULL, 0}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2};
    result = result == SLUICE_OK ? store_count(c->desk->store, &query, 10000, &before, c->error) : result;
    r->values[NOTICE_TURN] = value_integer((int64_t)before + 1);
    r->values[NOTICE_IS_REPEAT] = value_integer((int64_t)before + 1 >= repeat);
    return result;
}

static sluice_result ask_answer(desk_command *c, record *r) {
    int64_t answer_ms = 0;
    sluice_result result = dated_number(c, "duration", "outlet_answer", &answer_ms);
    r->values[NOTICE_DUE] = value_integer(c->now_ms + answer_ms);
    return result == SLUICE_OK ? timer_set(c, &OUTLET_NOTICE_KIND, r->id, "overdue", c->now_ms + answer_ms) : result;
}

static sluice_result issue(desk_command *c, record *r, const desk_input *in) {
    record outlet;
    (void)in;
    sluice_result result =
        store_get(c->desk->store, OUTLET_KIND.table, r->values[NOTICE_OUTLET].integer, c->arena, &outlet, c->error);
    result = result == SLUICE_OK ? count_turn(c, r) : result;
    if (result == SLUICE_OK) {
        r->values[NOTICE_ISSUED_AT] = value_integer(c->now_ms);
        r->values[NOTICE_INSTITUTION] = outlet.values[OUTLET_INSTITUTION];
        result = ask_answer(c, r);
    }
    return result;
}

static sluice_result answered(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[NOTICE_DUE] = value_null();
    return timer_clear(c, &OUTLET_NOTICE_KIND, r->id, NULL);
}

static sluice_result give_back(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[NOTICE_RETURNS] = value_integer(r->values[NOTICE_RETURNS].integer + 1);
    return ask_answer(c, r);
}

static sluice_result overdue(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[NOTICE_IS_LATE] = value_integer(1);
    return SLUICE_OK;
}

static const unsigned PROPOSERS = ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(NOTICE_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose), RESTS_ON(LAW),
     SAYS("propose a notice, with its figures and the trace back", "呈请通报（自动附数据和倒查）")},
    {"approve", "proposed", "issued", DECIDERS, ACT_DISTRICT, OTHER_THAN(NOTICE_PROPOSED_BY), BY(NOTICE_APPROVED_BY),
     INPUTS(NOTE), RUN(issue), RESTS_ON(LAW), SAYS("issue it: the institution sees it from now on", "签发")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_DISTRICT | ACT_REASON, BY(NOTICE_APPROVED_BY), INPUTS(NOTE),
     SAYS("refuse it", "不予签发")},
    {"answer", "issued|returned", "answered", ROLE_PARTNER | ROLE_DUTY | ROLE_COMMANDER, ACT_PARTNER_OWN,
     AT(NOTICE_ANSWERED_AT), INPUTS(ANSWER), RUN(answered), RESTS_ON(LAW), SAYS("the institution answers", "机构答复")},
    {"return", "answered", "returned", PROPOSERS, ACT_REASON, BY(NOTICE_REVIEWED_BY), AT(NOTICE_REVIEWED_AT),
     INPUTS(NOTE), RUN(give_back), SAYS("the answer does not suffice", "退回")},
    {"accept", "answered", "accepted", PROPOSERS, 0, BY(NOTICE_REVIEWED_BY), AT(NOTICE_REVIEWED_AT), INPUTS(NOTE),
     SAYS("the answer suffices", "认可")},
    {"close", "accepted", "closed", DECIDERS, 0, OTHER_THAN(NOTICE_REVIEWED_BY), BY(NOTICE_CLOSED_BY),
     AT(NOTICE_CLOSED_AT), INPUTS(NOTE), SAYS("close it", "销号")},
    {"overdue", "issued|returned", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(overdue),
     SAYS("not answered in time", "逾期未答复")},
};
const desk_kind OUTLET_NOTICE_KIND = {
    .table = &TABLE,
    .name = "outlet_notice",
    .collection = "outlet-notices",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "ZG",
    .state = SOME(NOTICE_STATE),
    .due = SOME(NOTICE_DUE),
    .district = SOME(NOTICE_DISTRICT),
    .station = SOME(NOTICE_STATION),
    .institution = SOME(NOTICE_INSTITUTION),
    ACTS_OF(ACTS),
};
