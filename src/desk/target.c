/* Targets (打击目标): whom or what an operation goes for, and why we believe so.
 *
 *   proposed ──approve (another person)──▶ approved ──strike──▶ struck
 *      │ └──refuse──▶ refused                  └─────miss─────▶ missed
 *      └──withdraw──▶ withdrawn (also what was approved)
 *
 * A target is made from a case, a lead, a finding, a trace, or by hand. What it rests on is fixed by the log's sequence
 * at which it was proposed (`as_of`): its strike package shows the trace as it was then, whatever came after. A role is
 * suggested, with why, by its trace (target_trace.h) or by a person, until somebody confirms it (domain.md §7: never a
 * fact); what was confirmed is never touched by a suggestion. */
#include <string.h>

#include "desk/case.h"
#include "desk/desk_private.h"
#include "desk/lead.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"
#include "desk/target_trace.h"

#define F_TYPE(more) F_DATED("type", "target_type", more, "type of target", "目标类型")
#define F_SUBJECT                                                                                                      \
    { "subject", FIELD_KEY, SECRECY_KEY, FIELD_FILTER, .en = "subject", .zh = "对象" }
#define F_NAME(more)                                                                                                   \
    { "name", FIELD_TEXT, SECRECY_NAME, (more), .bytes_max = 200, .en = "target name", .zh = "目标名称" }
#define F_ADDRESS                                                                                                      \
    { "address", FIELD_TEXT, SECRECY_ADDRESS, .bytes_max = 400, .en = "address", .zh = "地点" }
#define F_WHEN F_TIME("at", 0, "when", "时间")
#define F_SECURE(more) F_SECRET_WORDS("secure", more, 4000, "evidence to secure", "需固定、扣押的物品与证据")
#define F_WORDS F_SECRET_WORDS("words", 0, 8000, "details", "基本情况")
#define F_LEAD                                                                                                         \
    { "lead", FIELD_REFERENCE, .target = "lead", .en = "lead", .zh = "线索" }
#define F_FINDING F_TEXT("finding", 0, 200, "transfer that raised the finding", "研判发现的交易")
#define F_TRANSFER F_TEXT("trace_transfer", 0, 200, "trace from transaction", "资金链起点交易")
#define F_ACCOUNT                                                                                                      \
    { "trace_account", FIELD_KEY, SECRECY_KEY, .en = "trace from account", .zh = "资金链起点账号" }
#define F_TRACE_AT F_TIME("trace_at", 0, "at this time", "起点时间")
#define F_AMOUNT                                                                                                       \
    { "trace_amount_fen", FIELD_MONEY, .flags = FIELD_POSITIVE, .en = "amount to trace", .zh = "起点金额" }
#define F_METHOD                                                                                                       \
    {                                                                                                                  \
        "trace_method", FIELD_CODE, .codes = "fifo|lifo|prorata|poison|bounds", .en = "method of the trace",           \
                                    .zh = "追踪方法"                                                               \
    }
#define F_SUGGESTED F_DATED("suggested_role", "gang_role", 0, "suggested role", "建议角色")
#define F_WHY F_SECRET_WORDS("suggested_why", 0, 2000, "basis of the suggestion", "建议依据")
#define F_CONFIRMED(more) F_DATED("confirmed_role", "gang_role", more, "confirmed role", "认定角色")
#define F_RESULT(more) F_SECRET_WORDS("result", more, 4000, "outcome", "结果")

static const record_field FIELDS[TARGET_FIELDS] = {
    [TARGET_OPERATION] = F_OPERATION(0),
    [TARGET_TYPE] = F_TYPE(FIELD_REQUIRED | FIELD_FILTER),
    [TARGET_SUBJECT] = F_SUBJECT,
    [TARGET_NAME] = F_NAME(FIELD_REQUIRED),
    [TARGET_ADDRESS] = F_ADDRESS,
    [TARGET_DIVISION] = F_DIVISION,
    [TARGET_AT] = F_WHEN,
    [TARGET_SECURE] = F_SECURE(FIELD_REQUIRED),
    [TARGET_WORDS] = F_WORDS,
    [TARGET_CASE] = F_CASE(FIELD_FILTER),
    [TARGET_LEAD] = F_LEAD,
    [TARGET_FINDING] = F_FINDING,
    [TARGET_TRANSFER] = F_TRANSFER,
    [TARGET_ACCOUNT] = F_ACCOUNT,
    [TARGET_TRACE_AT] = F_TRACE_AT,
    [TARGET_AMOUNT] = F_AMOUNT,
    [TARGET_METHOD] = F_METHOD,
    [TARGET_AS_OF] = {"as_of", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "log sequence",
                      .zh = "所依据的日志序号"},
    [TARGET_SITE] = F_SITE(FIELD_FILTER),
    [TARGET_SUGGESTED_ROLE] = F_SUGGESTED,
    [TARGET_SUGGESTED_WHY] = F_WHY,
    [TARGET_CONFIRMED_ROLE] = F_CONFIRMED(FIELD_SERVER),
    [TARGET_STATE] = F_STATE("proposed|refused|approved|struck|missed|withdrawn"),
    [TARGET_DISTRICT] = F_DISTRICT,
    [TARGET_STATION] = F_STATION,
    [TARGET_PROPOSED_BY] = F_USER("proposed_by", "proposed by", "呈报人"),
    [TARGET_APPROVED_BY] = F_USER("approved_by", "decided by", "审批人"),
    [TARGET_APPROVED_AT] = F_AT("approved_at", "decided", "审批时间"),
    [TARGET_ENDED_AT] = F_AT("ended_at", "struck or missed", "执行时间"),
    [TARGET_RESULT] = F_RESULT(FIELD_SERVER),
    [TARGET_SUGGESTED_FROM] = {"suggested_from", FIELD_CODE, .flags = FIELD_SERVER, .codes = "trace|person",
                               .en = "source of the suggested role", .zh = "角色建议来源"},
    [TARGET_CONFIRMED_BY] = F_USER("confirmed_by", "role confirmed by", "角色认定人"),
};
static const record_index INDEXES[] = {INDEX_2(TARGET_OPERATION, TARGET_STATE), INDEX_2(TARGET_DISTRICT, TARGET_STATE),
                                       INDEX_1(TARGET_STATION), INDEX_1(TARGET_ENDED_AT)};
static const record_table TABLE = {"target", FIELDS, TARGET_FIELDS, INDEXES_OF(INDEXES), false, "targets", "打击目标"};

#define PLANNED "drafted|submitted|approved|running"

/* ---- from what it is made ---- */

static sluice_result take_case(desk_command *c, record *r) {
    record from;
    sluice_result result = desk_get(c, &CASE_KIND, r->values[TARGET_CASE].integer, &from);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "case", "a case that you can see is expected");
    }
    if (result == SLUICE_OK && r->values[TARGET_NAME].is_null) {
        r->values[TARGET_NAME] = from.values[CASE_TITLE];
    }
    return result;
}

/* A lead's type and subject are the target's, unless others are given. */
static sluice_result take_lead(desk_command *c, record *r) {
    record from;
    sluice_result result = desk_get(c, &LEAD_KIND, r->values[TARGET_LEAD].integer, &from);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "lead", "a lead that you can see is expected");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (r->values[TARGET_SUBJECT].is_null) {
        r->values[TARGET_SUBJECT] = from.values[LEAD_SUBJECT];
    }
    if (r->values[TARGET_NAME].is_null) {
        r->values[TARGET_NAME] = from.values[LEAD_TITLE];
    }
    sluice_text type = from.values[LEAD_TYPE].text;
    if (r->values[TARGET_TYPE].is_null && dated_find(c->desk, "target_type", type, c->now_ms) != NULL) {
        r->values[TARGET_TYPE] = from.values[LEAD_TYPE];
    }
    return result;
}

/* A trace is begun as `sluice trace` is: by a transfer, or by an account with a time and an amount. */
static sluice_result check_trace(desk_command *c, const record *r) {
    const record_value *values = r->values;
    bool by_account = !values[TARGET_ACCOUNT].is_null;
    if (by_account && !values[TARGET_TRANSFER].is_null) {
        return desk_fault_add(c, "trace_account", "one of trace_transfer and trace_account is expected, not both");
    }
    if (by_account && (values[TARGET_TRACE_AT].is_null || values[TARGET_AMOUNT].is_null)) {
        return desk_fault_add(c, "trace_account", "trace_at and trace_amount_fen are expected with it");
    }
    return SLUICE_OK;
}

/* The role that a person suggests, with why; without one, what the trace suggests. */
static sluice_result check_role(desk_command *c, record *r, const desk_input *in) {
    bool has_role = !desk_given_value(in, "suggested_role")->is_null;
    bool has_why = !desk_given_value(in, "suggested_why")->is_null, found = false;
    if (has_role != has_why) {
        return desk_fault_add(c, has_role ? "suggested_why" : "suggested_role",
                              "a suggested role is expected together with why");
    }
    if (has_role) {
        r->values[TARGET_SUGGESTED_FROM] = value_text(TEXT("person"));
        return SLUICE_OK;
    }
    if (!r->values[TARGET_SUGGESTED_FROM].is_null &&
        text_equal(r->values[TARGET_SUGGESTED_FROM].text, TEXT("person"))) {
        return SLUICE_OK;
    }
    r->values[TARGET_SUGGESTED_ROLE] = r->values[TARGET_SUGGESTED_WHY] = r->values[TARGET_SUGGESTED_FROM] =
        value_null();
    sluice_result result = target_suggest_role(c, r, &found);
    if (result == SLUICE_E_STATE) { /* an id that is not in the log */
        const char *why = arena_copy(c->arena, c->error->text, strlen(c->error->text) + 1);
        return desk_fault_add(c, r->values[TARGET_ACCOUNT].is_null ? "trace_transfer" : "trace_account", "%s",
                              why == NULL ? "what the log has is expected" : why);
    }
    return result;
}

static sluice_result check_what(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = operation_require(c, &r->values[TARGET_OPERATION], PLANNED);
    if (result == SLUICE_OK && !r->values[TARGET_LEAD].is_null) {
        result = take_lead(c, r);
    }
    result = result == SLUICE_OK ? target_take_finding(c, r) : result;
    if (result == SLUICE_OK && !r->values[TARGET_CASE].is_null) {
        result = take_case(c, r);
    }
    if (result == SLUICE_OK && r->values[TARGET_TYPE].is_null) {
        return desk_fault_add(c, "type", "a code of the table target_type, or a lead of such a type, is expected");
    }
    if (result == SLUICE_OK && r->values[TARGET_NAME].is_null) {
        return desk_fault_add(c, "name", "a name, a lead or a case is expected");
    }
    result = result == SLUICE_OK ? check_trace(c, r) : result;
    return result == SLUICE_OK ? check_role(c, r, in) : result;
}

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    uint64_t sequence = 0, chain = 0;
    store_log_end(c->desk->store, &sequence, &chain);
    r->values[TARGET_AS_OF] = value_integer((int64_t)sequence);
    sluice_result result = check_what(c, r, in);
    if (result == SLUICE_OK && !r->values[TARGET_SITE].is_null) {
        return operation_place(c, &TARGET_KIND, r, TARGET_OPERATION, TARGET_SITE, NO_FIELD);
    }
    return result == SLUICE_OK ? place_by_home(c, &TARGET_KIND, r, value_text_or_empty(&r->values[TARGET_DIVISION]),
                                               value_text_or_empty(&r->values[TARGET_ADDRESS]), (sluice_text){0})
                               : result;
}

static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    return check_what(c, r, in);
}

/* Anew, from the trace alone: after a person's suggestion, or with other dated numbers. */
static sluice_result suggest(desk_command *c, record *r, const desk_input *in) {
    bool found = false;
    (void)in;
    sluice_result result = target_suggest_role(c, r, &found);
    return result != SLUICE_OK || found ? result
                                        : error_set(c->error, SLUICE_E_STATE,
                                                    "the trace of target %lld suggests no role for its subject: there "
                                                    "is no trace, the subject is not in it, or its place says nothing",
                                                    (long long)r->id);
}

/* The site says whose it is: the target goes to the site's unit. */
static sluice_result put_site(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return operation_place(c, &TARGET_KIND, r, TARGET_OPERATION, TARGET_SITE, NO_FIELD);
}

static sluice_result then_moved(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return desk_moved(c, &TARGET_KIND, r);
}

static sluice_result strike(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return operation_require(c, &r->values[TARGET_OPERATION], "running");
}

#define SOURCES                                                                                                        \
    F_SUBJECT, F_ADDRESS, F_DIVISION, F_WHEN, F_WORDS, F_CASE(0), F_LEAD, F_FINDING, F_TRANSFER, F_ACCOUNT,            \
        F_TRACE_AT, F_AMOUNT, F_METHOD, F_SUGGESTED, F_WHY
static const record_field PROPOSE[] = {F_OPERATION(0),           F_TYPE(0), F_NAME(0),
                                       F_SECURE(FIELD_REQUIRED), F_SITE(0), SOURCES};
static const record_field EDIT[] = {F_OPERATION(0), F_TYPE(0), F_NAME(0), F_SECURE(0), SOURCES, F_NOTE};
static const record_field SITE[] = {F_SITE(FIELD_REQUIRED), F_NOTE};
static const record_field ROLE[] = {F_CONFIRMED(FIELD_REQUIRED),
                                    {"note", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "grounds", .zh = "认定依据"}};
static const record_field RESULT[] = {F_RESULT(FIELD_REQUIRED)};
static const record_field NOTE[] = {F_NOTE};

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PLANNERS, 0, BY(TARGET_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     RESTS_ON("反电信网络诈骗法 Art. 26"), SAYS("propose a target", "呈报打击目标")},
    {"edit", "proposed", NULL, PLANNERS, 0, INPUTS(EDIT), RUN(edit), SAYS("change it before it is approved", "修改")},
    {"put_site", "proposed|approved", NULL, PLANNERS, 0, INPUTS(SITE), RUN(put_site), THEN(then_moved),
     SAYS("say at which site", "明确点位")},
    {"approve", "proposed", "approved", DECIDERS, ACT_DISTRICT, OTHER_THAN(TARGET_PROPOSED_BY), BY(TARGET_APPROVED_BY),
     AT(TARGET_APPROVED_AT), INPUTS(NOTE), THEN(operation_tally_then), RESTS_ON(COMMAND_RULE),
     SAYS("approve its strike package", "批准打击包")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_DISTRICT | ACT_REASON, BY(TARGET_APPROVED_BY),
     AT(TARGET_APPROVED_AT), INPUTS(NOTE), SAYS("refuse it", "不批准")},
    {"suggest_role", "proposed|approved|struck", NULL, PLANNERS, 0, RUN(suggest),
     SAYS("let the trace suggest its role", "按资金链研判角色")},
    {"confirm_role", "approved|struck", NULL, ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, BY(TARGET_CONFIRMED_BY),
     INPUTS(ROLE), RESTS_ON(PERSONAL_LAW), SAYS("say which role it was found to have", "认定角色")},
    {"strike", "approved", "struck", FIELD_OFFICERS, 0, AT(TARGET_ENDED_AT), INPUTS(RESULT), RUN(strike),
     THEN(operation_tally_then), RESTS_ON(PROCEDURE_LAW), SAYS("it was struck", "已打击")},
    {"miss", "approved", "missed", FIELD_OFFICERS, 0, AT(TARGET_ENDED_AT), INPUTS(RESULT), RUN(strike),
     THEN(operation_tally_then), SAYS("it was not found", "未到案")},
    {"withdraw", "proposed|approved", "withdrawn", PLANNERS, ACT_REASON, INPUTS(NOTE), THEN(operation_tally_then),
     SAYS("leave it out", "撤回")},
};
static const desk_child CHILDREN[] = {{"arrests", &ARREST_KIND, ARREST_TARGET}};
static const uint8_t SEARCHED[] = {TARGET_SUBJECT, TARGET_NAME, NO_FIELD};
const desk_kind TARGET_KIND = {
    .table = &TABLE,
    .name = "target",
    .collection = "targets",
    .readers = OPERATION_READERS,
    .prefix = "MB",
    .state = SOME(TARGET_STATE),
    .district = SOME(TARGET_DISTRICT),
    .station = SOME(TARGET_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
