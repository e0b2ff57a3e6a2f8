/* The states:
 *
 *   open ──request_filing──▶ filing ──approve_filing──▶ filed ◀──resume── suspended
 *     │ ◀────refuse_filing─────┘                          │  ──suspend──────▲
 *     └──────────────request_closing────────▶ closing ◀───┘
 *                                               │ approve_closing ▶ closed ── reopen ▶ open or filed
 *
 * `closing_from` keeps where a refused closing goes back to. */
#include "desk/case.h"

#include "desk/comment.h"
#include "desk/desk_private.h"
#include "desk/evidence.h"
#include "desk/report.h"
#include "desk/series.h"
#include "desk/timer.h"

#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "title", .zh = "案件名称" }
#define F_SUMMARY                                                                                                      \
    { "summary", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 20000, .en = "summary", .zh = "简要案情" }
#define F_TYPE                                                                                                         \
    { "fraud_type", FIELD_CODE, .flags = FIELD_FILTER, .target = "fraud_type", .en = "fraud type", .zh = "诈骗类型" }
#define F_TYPE_2                                                                                                       \
    {                                                                                                                  \
        "fraud_type_2", FIELD_CODE, .flags = FIELD_FILTER, .target = "fraud_type", .en = "secondary type",             \
                                    .zh = "次要类型"                                                               \
    }
#define F_COUNT(name_, en_, zh_)                                                                                       \
    { name_, FIELD_INTEGER, .en = (en_), .zh = (zh_) }
#define F_MESSAGES F_COUNT("messages", "messages sent", "发送信息条数")
#define F_CALLS F_COUNT("calls", "calls made", "拨打电话次数")
#define F_RECIPIENTS F_COUNT("recipients", "persons helped with accounts or cards", "帮助对象人数")
#define F_SETTLEMENT                                                                                                   \
    { "settlement_fen", FIELD_MONEY, .en = "settlement amount", .zh = "支付结算金额" }
#define F_GAINS                                                                                                        \
    { "gains_fen", FIELD_MONEY, .en = "illegal gains", .zh = "违法所得" }
#define CLOSINGS "solved|withdrawn|no_crime|other_authority|merged"
#define F_CLOSING(more)                                                                                                \
    { "closing", FIELD_CODE, .flags = (more), .codes = CLOSINGS, .en = "outcome", .zh = "结案方式" }
#define F_NUMBER(more)                                                                                                 \
    { "filing_number", FIELD_TEXT, .flags = (more), .bytes_max = 100, .en = "filing no.", .zh = "立案文号" }
#define F_USER(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = (en_), .zh = (zh_) }
#define F_AT(name_, en_, zh_)                                                                                          \
    { name_, FIELD_TIME, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define F_UNIT(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = (en_), .zh = (zh_) }
#define F_ASSIGNEE(more)                                                                                               \
    { "assignee", FIELD_REFERENCE, .flags = (more), .target = "user", .en = "officer", .zh = "主办人" }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }

static const record_field FIELDS[CASE_FIELDS] = {
    [CASE_TITLE] = F_TITLE(FIELD_REQUIRED),
    [CASE_SUMMARY] = F_SUMMARY,
    [CASE_FRAUD_TYPE] = F_TYPE,
    [CASE_FRAUD_TYPE_2] = F_TYPE_2,
    [CASE_TYPED_AT] = F_AT("typed_at", "types chosen; the taxonomy of that day", "类型确定时间"),
    [CASE_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "open|filing|filed|suspended|closing|closed", .en = "state", .zh = "状态"},
    [CASE_DISTRICT] = F_UNIT("district", "district", "县区"),
    [CASE_STATION] = F_UNIT("station", "station", "派出所"),
    [CASE_ASSIGNEE] = F_ASSIGNEE(FIELD_SERVER | FIELD_FILTER),
    [CASE_OPENED_BY] = F_USER("opened_by", "opened by", "受案人"),
    [CASE_LOSS] = {"loss_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "loss", .zh = "涉案损失"},
    [CASE_REPORT_COUNT] = {"report_count", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "reports", .zh = "报案数"},
    [CASE_FILING_BY] = F_USER("filing_by", "filing requested by", "呈请立案人"),
    [CASE_FILING_AT] = F_AT("filing_at", "filing requested", "呈请立案时间"),
    [CASE_FILING_NUMBER] = F_NUMBER(FIELD_SERVER),
    [CASE_FILED_BY] = F_USER("filed_by", "filing approved by", "批准立案人"),
    [CASE_FILED_AT] = F_AT("filed_at", "filed", "立案时间"),
    [CASE_CLOSING] = F_CLOSING(FIELD_SERVER | FIELD_FILTER),
    [CASE_CLOSING_FROM] = {"closing_from", FIELD_CODE, .flags = FIELD_SERVER, .codes = "open|filed|suspended",
                           .en = "state before closing", .zh = "呈请结案前状态"},
    [CASE_CLOSING_BY] = F_USER("closing_by", "closing requested by", "呈请结案人"),
    [CASE_CLOSED_BY] = F_USER("closed_by", "closing approved by", "批准结案人"),
    [CASE_CLOSED_AT] = F_AT("closed_at", "closed", "结案时间"),
    [CASE_MESSAGES] = F_MESSAGES,
    [CASE_CALLS] = F_CALLS,
    [CASE_RECIPIENTS] = F_RECIPIENTS,
    [CASE_SETTLEMENT] = F_SETTLEMENT,
    [CASE_GAINS] = F_GAINS,
};
static const record_index INDEXES[] = {
    {false, {CASE_STATE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {CASE_DISTRICT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {CASE_DISTRICT, CASE_STATE, RECORD_END, RECORD_END}},
    {false, {CASE_STATION, RECORD_END, RECORD_END, RECORD_END}},
    {false, {CASE_ASSIGNEE, RECORD_END, RECORD_END, RECORD_END}},
    {true, {CASE_FILING_NUMBER, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"case", FIELDS,  CASE_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,  "cases", "案件"};

/* ---- acts ---- */

static bool is_negative(const record_value *value) {
    return !value->is_null && value->integer < 0;
}

static sluice_result check_counts(desk_command *c, const record *r) {
    static const uint8_t COUNTS[] = {CASE_MESSAGES, CASE_CALLS, CASE_RECIPIENTS};
    for (size_t i = 0; i < sizeof COUNTS; i++) {
        if (is_negative(&r->values[COUNTS[i]])) {
            return desk_fault_add(c, FIELDS[COUNTS[i]].name, "a number that is not negative is expected");
        }
    }
    const record_value *first = &r->values[CASE_FRAUD_TYPE], *second = &r->values[CASE_FRAUD_TYPE_2];
    if (!second->is_null && (first->is_null || text_equal(first->text, second->text))) {
        return desk_fault_add(c, "fraud_type_2", "another type beside fraud_type is expected");
    }
    return SLUICE_OK;
}

static void begin(desk_command *c, record *r) {
    r->values[CASE_LOSS] = value_integer(0);
    r->values[CASE_REPORT_COUNT] = value_integer(0);
    if (!r->values[CASE_FRAUD_TYPE].is_null) {
        r->values[CASE_TYPED_AT] = value_integer(c->now_ms);
    }
}

static sluice_result open_case(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    begin(c, r);
    place_set(&CASE_KIND, r, c->actor->district, c->actor->station);
    return check_counts(c, r);
}

/* For a lead or report, whose place it takes. */
static sluice_result open_for(desk_command *c, record *r, const desk_input *in) {
    begin(c, r);
    r->values[CASE_DISTRICT] = *desk_given_value(in, "in_district");
    r->values[CASE_STATION] = *desk_given_value(in, "in_station");
    return SLUICE_OK;
}

static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    if (!desk_given_value(in, "fraud_type")->is_null || !desk_given_value(in, "fraud_type_2")->is_null) {
        r->values[CASE_TYPED_AT] = value_integer(c->now_ms);
    }
    return check_counts(c, r);
}

static sluice_result check_assignee(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return place_check_assignee(c, &CASE_KIND, r);
}

static sluice_result dispatch(desk_command *c, record *r, const desk_input *in) {
    return place_dispatch(c, &CASE_KIND, r, desk_given_value(in, "unit")->integer);
}

/* What is filed has a type: the figures by type come from filed cases. */
static sluice_result ask_filing(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return r->values[CASE_FRAUD_TYPE].is_null
               ? error_set(c->error, SLUICE_E_STATE,
                           "give the case its fraud_type first (act edit): it is filed by type")
               : SLUICE_OK;
}

static sluice_result ask_closing(desk_command *c, record *r, const desk_input *in) {
    bool was_filed = !r->values[CASE_FILED_AT].is_null;
    sluice_text how = r->values[CASE_CLOSING].text;
    (void)in;
    if (!was_filed && text_equal(how, TEXT("solved"))) {
        return error_set(c->error, SLUICE_E_STATE,
                         "a case that was never filed cannot be solved: file it, or close it "
                         "as no_crime, other_authority or merged");
    }
    query_term terms[] = {{TASK_CASE, QUERY_EQUAL, value_integer(r->id), NULL, 0},
                          {TASK_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0}};
    record task;
    sluice_result result = desk_find(c, TASK_KIND.table, terms, 2, &task);
    if (result == SLUICE_OK) {
        return error_set(c->error, SLUICE_E_STATE, "task %lld of the case is open: finish or cancel it first",
                         (long long)task.id);
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

/* `apply` has put the new state into the record before `run`; where it was is told by the case itself. */
static sluice_result ask_closing_open(desk_command *c, record *r, const desk_input *in) {
    r->values[CASE_CLOSING_FROM] = value_text(TEXT("open"));
    return ask_closing(c, r, in);
}

static sluice_result ask_closing_filed(desk_command *c, record *r, const desk_input *in) {
    r->values[CASE_CLOSING_FROM] = value_text(TEXT("filed"));
    return ask_closing(c, r, in);
}

static sluice_result refuse_closing(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[CASE_STATE] = r->values[CASE_CLOSING_FROM];
    r->values[CASE_CLOSING] = value_null();
    r->values[CASE_CLOSING_BY] = value_null();
    return SLUICE_OK;
}

static sluice_result reopen(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[CASE_STATE] = value_text(r->values[CASE_FILED_AT].is_null ? TEXT("open") : TEXT("filed"));
    r->values[CASE_CLOSING] = value_null();
    return SLUICE_OK;
}

/* ---- rows ---- */

static const record_field OPEN[] = {
    F_TITLE(FIELD_REQUIRED), F_SUMMARY, F_TYPE, F_TYPE_2, F_MESSAGES, F_CALLS, F_RECIPIENTS, F_SETTLEMENT, F_GAINS};
static const record_field OPEN_FOR[] = {
    F_TITLE(FIELD_REQUIRED),
    F_SUMMARY,
    F_TYPE,
    F_TYPE_2,
    F_ASSIGNEE(0),
    F_UNIT("in_district", "district", "县区"),
    F_UNIT("in_station", "station", "派出所"),
};
static const record_field EDIT[] = {F_TITLE(0), F_SUMMARY,    F_TYPE,       F_TYPE_2, F_MESSAGES,
                                    F_CALLS,    F_RECIPIENTS, F_SETTLEMENT, F_GAINS,  F_NOTE};
static const record_field ASSIGN[] = {F_ASSIGNEE(FIELD_REQUIRED), F_NOTE};
static const record_field DISPATCH[] = {
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "receiving unit", .zh = "接收单位"},
    F_NOTE};
static const record_field FILING[] = {F_NUMBER(FIELD_REQUIRED), F_NOTE};
static const record_field CLOSING[] = {F_CLOSING(FIELD_REQUIRED), F_NOTE};
static const record_field NOTE[] = {F_NOTE};

#define RULES "公安机关办理刑事案件程序规定"
#define CENTRE_RULE "the centre's own rule (four eyes)"
#define ALIVE "open|filing|filed|suspended"
static const desk_act_row ACTS[] = {
    {"open", NULL, "open", ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, BY(CASE_OPENED_BY),
     INPUTS(OPEN), RUN(open_case), RESTS_ON(RULES " Art. 169"), SAYS("open a case", "受案")},
    {"open_for", NULL, "open", ROLE_SYSTEM, ACT_BY_CLOCK, BY(CASE_OPENED_BY), INPUTS(OPEN_FOR), RUN(open_for),
     RESTS_ON(RULES " Art. 169"), SAYS("opened by an act of a lead or report", "由线索、接警转入")},
    {"edit", ALIVE, NULL, ROLE_INVESTIGATOR | ROLE_ANALYST | ROLE_COMMANDER, 0, INPUTS(EDIT), RUN(edit),
     SAYS("change title, types, counts", "修改")},
    {"assign", ALIVE, NULL, ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(ASSIGN), RUN(check_assignee),
     SAYS("give it to somebody", "指派")},
    {"dispatch", "open|filed", NULL, ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, INPUTS(DISPATCH), RUN(dispatch),
     RESTS_ON(RULES " ch. 2 管辖"), SAYS("send it to a unit", "移交本辖区单位")},
    {"request_filing", "open", "filing", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, BY(CASE_FILING_BY),
     AT(CASE_FILING_AT), INPUTS(NOTE), RUN(ask_filing), RESTS_ON(RULES " Art. 178"),
     SAYS("ask to file it", "呈请立案")},
    {"approve_filing", "filing", "filed", ROLE_COMMANDER | ROLE_APPROVER, ACT_DISTRICT, OTHER_THAN(CASE_FILING_BY),
     BY(CASE_FILED_BY), AT(CASE_FILED_AT), INPUTS(FILING), RESTS_ON(RULES " Art. 178"),
     SAYS("file it: approved at county level or above", "批准立案")},
    {"refuse_filing", "filing", "open", ROLE_COMMANDER | ROLE_APPROVER, ACT_DISTRICT | ACT_REASON,
     OTHER_THAN(CASE_FILING_BY), INPUTS(NOTE), RESTS_ON(RULES " Art. 178"), SAYS("do not file it", "不批准立案")},
    {"suspend", "filed", "suspended", ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE), RESTS_ON(RULES),
     SAYS("let it rest", "中止办理")},
    {"resume", "suspended", "filed", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), RESTS_ON(RULES),
     SAYS("go on with it", "恢复办理")},
    {"request_no_filing", "open", "closing", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, BY(CASE_CLOSING_BY),
     INPUTS(CLOSING), RUN(ask_closing_open), RESTS_ON(RULES " Art. 178"),
     SAYS("ask to close it without filing", "呈请不予立案")},
    {"request_closing", "filed", "closing", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, BY(CASE_CLOSING_BY),
     INPUTS(CLOSING), RUN(ask_closing_filed), RESTS_ON(CENTRE_RULE), SAYS("ask to close it", "呈请结案")},
    {"approve_closing", "closing", "closed", ROLE_COMMANDER | ROLE_APPROVER, ACT_DISTRICT, OTHER_THAN(CASE_CLOSING_BY),
     BY(CASE_CLOSED_BY), AT(CASE_CLOSED_AT), INPUTS(NOTE), RESTS_ON(CENTRE_RULE), SAYS("close it", "批准结案")},
    {"refuse_closing", "closing", NULL, ROLE_COMMANDER | ROLE_APPROVER, ACT_DISTRICT | ACT_REASON,
     OTHER_THAN(CASE_CLOSING_BY), INPUTS(NOTE), RUN(refuse_closing), RESTS_ON(CENTRE_RULE),
     SAYS("do not close it: it is again what it was before", "不批准结案")},
    {"reopen", "closed", NULL, ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE), RUN(reopen), RESTS_ON(RULES),
     SAYS("work on it again: as filed, if it was filed", "重新办理")},
};

static const desk_child CHILDREN[] = {
    {"tasks", &TASK_KIND, TASK_CASE},
    {"entities", &ENTITY_KIND, ENTITY_CASE},
    {"evidence", &EVIDENCE_KIND, EVIDENCE_CASE},
    {"comments", &CASE_COMMENT_KIND, COMMENT_OF},
    {"reports", &REPORT_KIND, REPORT_CASE},
    {"links", &SERIES_LINK_KIND, SERIES_LINK_CASE},
};
static const uint8_t SEARCHED[] = {CASE_TITLE, CASE_FILING_NUMBER, NO_FIELD};
const desk_kind CASE_KIND = {
    .table = &TABLE,
    .name = "case",
    .collection = "cases",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "C",
    .state = SOME(CASE_STATE),
    .assignee = SOME(CASE_ASSIGNEE),
    .district = SOME(CASE_DISTRICT),
    .station = SOME(CASE_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};

bool case_is_filed(const record *r) {
    return !r->values[CASE_FILED_AT].is_null && !text_equal(r->values[CASE_STATE].text, TEXT("closed"));
}

sluice_result case_count_report(desk_command *c, int64_t case_id, int64_t loss_fen) {
    record r;
    sluice_result result = store_get(c->desk->store, &TABLE, case_id, c->arena, &r, c->error);
    if (result == SLUICE_OK) {
        r.values[CASE_LOSS] = value_integer(r.values[CASE_LOSS].integer + loss_fen);
        r.values[CASE_REPORT_COUNT] = value_integer(r.values[CASE_REPORT_COUNT].integer + 1);
        result = desk_update(c, &r);
    }
    return result;
}

/* ---- thresholds of criminal law ---- */

typedef struct threshold_walk {
    const record *r;
    case_threshold *rows;
    size_t count, capacity;
} threshold_walk;

/* The counter that a code begins with: "messages", "messages_next". */
static const record_value *counter_of(const record *r, sluice_text code) {
    static const uint8_t COUNTERS[] = {CASE_MESSAGES,   CASE_CALLS, CASE_RECIPIENTS,
                                       CASE_SETTLEMENT, CASE_GAINS, CASE_LOSS};
    for (size_t i = 0; i < sizeof COUNTERS; i++) {
        sluice_text name = text_of(FIELDS[COUNTERS[i]].name);
        if (name.length > 4 && memcmp(name.data + name.length - 4, "_fen", 4) == 0) {
            name.length -= 4;
        }
        bool begins = code.length >= name.length && code.data != NULL && name.data != NULL &&
                      memcmp(code.data, name.data, name.length) == 0;
        if (begins && (code.length == name.length || code.data[name.length] == '_')) {
            return &r->values[COUNTERS[i]];
        }
    }
    return NULL;
}

static bool add_threshold(void *context, const dated_row *row) {
    threshold_walk *w = context;
    const record_value *counter = counter_of(w->r, row->code);
    bool is_known = counter != NULL && !counter->is_null;
    if (w->count < w->capacity) {
        w->rows[w->count++] = (case_threshold){row, is_known, is_known ? counter->integer : 0,
                                               is_known && counter->integer >= row->number};
    }
    return true;
}

sluice_result case_thresholds(desk_command *c, const record *r, case_threshold **thresholds_out, size_t *count_out) {
    enum { THRESHOLDS_MAX = 64 };
    threshold_walk w = {r, arena_alloc(c->arena, THRESHOLDS_MAX * sizeof *w.rows), 0, THRESHOLDS_MAX};
    if (w.rows == NULL) {
        return error_no_memory(c->error, THRESHOLDS_MAX * sizeof *w.rows);
    }
    dated_each(c->desk, "threshold", c->now_ms, add_threshold, &w);
    *thresholds_out = w.rows;
    *count_out = w.count;
    return SLUICE_OK;
}
