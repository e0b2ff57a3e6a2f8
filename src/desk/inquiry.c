#include "desk/inquiry.h"

#include <stdio.h>

#include "base/time.h"
#include "desk/case_gate.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/evidence.h"
#include "desk/order_bank.h"

#define LAW "反电信网络诈骗法 Art. 20; 刑事诉讼法 Art. 144"

static const record_field FIELDS[INQUIRY_FIELDS] = {
    [INQUIRY_ACCOUNT] = {"account", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                         .en = "account", .zh = "账号"},
    [INQUIRY_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                             .bytes_max = 64, .en = "bank", .zh = "开户机构"},
    [INQUIRY_HOLDER] = {"holder", FIELD_TEXT, SECRECY_NAME, FIELD_FIXED, .bytes_max = 200, .en = "account holder",
                        .zh = "户名"},
    [INQUIRY_FROM] = {"from_at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "transactions from",
                      .zh = "明细起始时间"},
    [INQUIRY_TO] = {"to_at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "transactions to",
                    .zh = "明细截止时间"},
    [INQUIRY_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .target = "case",
                      .en = "case", .zh = "案件"},
    [INQUIRY_PURPOSE] = {"purpose", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 2000,
                         .en = "purpose", .zh = "查询目的"},
    [INQUIRY_BASIS] = {"basis", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 1000,
                       .en = "legal basis", .zh = "法律依据"},
    [INQUIRY_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                       .codes = "proposed|refused|approved|answered|imported|failed", .en = "state", .zh = "状态"},
    [INQUIRY_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                          .en = "district", .zh = "县区"},
    [INQUIRY_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                         .en = "station", .zh = "派出所"},
    [INQUIRY_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                             .en = "proposed by", .zh = "呈请人"},
    [INQUIRY_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                             .en = "decided by", .zh = "审批人"},
    [INQUIRY_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审批时间"},
    [INQUIRY_ANSWERED_AT] = {"answered_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "answered", .zh = "反馈时间"},
    [INQUIRY_RESULT_CODE] = {"result_code", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 16,
                             .en = "bank's result code", .zh = "反馈代码"},
    [INQUIRY_RESULT] = {"result", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "bank's reply", .zh = "反馈说明"},
    [INQUIRY_EVIDENCE] = {"evidence", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "evidence",
                          .en = "reply as received", .zh = "反馈原件（证据）"},
    [INQUIRY_SHA256] = {"sha256", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 64, .en = "SHA-256", .zh = "哈希"},
    [INQUIRY_IMPORTED_AT] = {"imported_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "imported", .zh = "入库时间"},
    [INQUIRY_ACCEPTED] = {"accepted", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "new rows", .zh = "新增笔数"},
    [INQUIRY_DUPLICATES] = {"duplicates", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "duplicate rows",
                            .zh = "重复笔数"},
    [INQUIRY_REJECTED] = {"rejected", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "rejected rows", .zh = "拒收笔数"},
    [INQUIRY_REJECTS] = {"rejects", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 4000,
                         .en = "rejection details; place, field and what was expected",
                         .zh = "拒收明细；位置、字段和应有内容"},
    [INQUIRY_SEQUENCE] = {"sequence", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "log sequence", .zh = "日志序号"},
};
static const record_table TABLE = {
    "inquiry",
    FIELDS,
    INQUIRY_FIELDS,
    (const record_index[]){{false, {INQUIRY_STATE, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {INQUIRY_ACCOUNT, INQUIRY_STATE, RECORD_END, RECORD_END}},
                           {false, {INQUIRY_CASE, INQUIRY_STATE, RECORD_END, RECORD_END}}},
    3,
    false,
    "bank inquiries",
    "交易明细查询"};

static const record_field PROPOSE[] = {
    {"account", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "account", .zh = "账号"},
    {"institution", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "bank", .zh = "开户机构"},
    {"holder", FIELD_TEXT, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    {"from_at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "transactions from", .zh = "明细起始时间"},
    {"to_at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "transactions to", .zh = "明细截止时间"},
    {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "case", .en = "case", .zh = "案件"},
    {"purpose", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 2000, .en = "purpose", .zh = "查询目的"},
    {"basis", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 1000, .en = "legal basis; law and article",
     .zh = "法律依据；法律及条款"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const record_field ANSWER[] = {
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
    {"result", FIELD_TEXT, .en = "bank's reply", .zh = "反馈说明"},
    {"evidence", FIELD_REFERENCE, .target = "evidence", .en = "reply as received", .zh = "反馈原件"},
    {"sha256", FIELD_TEXT, .bytes_max = 64, .en = "SHA-256", .zh = "哈希"},
};
static const record_field IMPORT[] = {
    {"accepted", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "new rows", .zh = "新增笔数"},
    {"duplicates", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "duplicate rows", .zh = "重复笔数"},
    {"rejected", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "rejected rows", .zh = "拒收笔数"},
    {"rejects", FIELD_TEXT, .bytes_max = 4000, .en = "rejection details", .zh = "拒收明细"},
    {"sequence", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "log sequence", .zh = "日志序号"},
};

/* ---- acts ---- */

/* Least data: the period is what the case needs, within the cap. */
static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    int64_t days = 0, from = r->values[INQUIRY_FROM].integer, to = r->values[INQUIRY_TO].integer;
    (void)in;
    sluice_result result = dated_number(c, "cap", "inquiry_days", &days);
    if (result == SLUICE_OK && (from >= to || to > c->now_ms)) {
        return desk_fault_add(c, "to_at", "a time after from_at and not after now is expected");
    }
    if (result == SLUICE_OK && to - from > days * TIME_DAY_MS) {
        return desk_fault_add(c, "from_at", "a period of at most %lld days is expected: ask for what the case needs",
                              (long long)days);
    }
    return result == SLUICE_OK ? order_scope(c, r, NO_FIELD, INQUIRY_CASE, INQUIRY_DISTRICT, INQUIRY_STATION) : result;
}

static const unsigned PROPOSERS = ROLE_ANALYST | ROLE_INVESTIGATOR;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(INQUIRY_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose), RESTS_ON(LAW),
     SAYS("propose an inquiry; an account's transactions are asked of its bank", "呈请查询交易明细")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_REASON, OTHER_THAN(INQUIRY_PROPOSED_BY), BY(INQUIRY_APPROVED_BY),
     AT(INQUIRY_APPROVED_AT), INPUTS(NOTE), SAYS("refuse it", "不批准查询")},
    {"approve", "proposed", "approved", DECIDERS, 0, OTHER_THAN(INQUIRY_PROPOSED_BY), BY(INQUIRY_APPROVED_BY),
     AT(INQUIRY_APPROVED_AT), INPUTS(NOTE), THEN(inquiry_send), RESTS_ON(LAW),
     SAYS("approve it: the bank is asked", "批准查询")},
    {"answer", "approved", "answered", ROLE_SYSTEM, ACT_BY_CLOCK, AT(INQUIRY_ANSWERED_AT), INPUTS(ANSWER),
     SAYS("the bank answered; what it sent is evidence of the case", "银行已反馈")},
    {"fail", "approved", "failed", ROLE_SYSTEM, ACT_BY_CLOCK, AT(INQUIRY_ANSWERED_AT), INPUTS(ANSWER),
     SAYS("the bank could not or may not answer", "银行未能查询")},
    {"import", "answered", "imported", ROLE_SYSTEM, ACT_BY_CLOCK, AT(INQUIRY_IMPORTED_AT), INPUTS(IMPORT),
     SAYS("its transactions are in the log", "明细入库")},
};

static const uint8_t SEARCHED[] = {INQUIRY_ACCOUNT, INQUIRY_HOLDER, NO_FIELD};
const desk_kind INQUIRY_KIND = {
    .table = &TABLE,
    .name = "inquiry",
    .collection = "inquiries",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "CX",
    .state = SOME(INQUIRY_STATE),
    .district = SOME(INQUIRY_DISTRICT),
    .station = SOME(INQUIRY_STATION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};

/* ---- the answer ---- */

bool inquiry_wanted(const record *inquiry) {
    return text_equal(inquiry->values[INQUIRY_STATE].text, TEXT("approved"));
}

static record_value text_or_null(sluice_text text) {
    return text.length == 0 ? value_null() : value_text(text);
}

static sluice_result keep_evidence(desk_command *c, const record *delivery, const record *inquiry, sluice_text body,
                                   record *evidence) {
    char *name = arena_alloc(c->arena, 120);
    if (name == NULL) {
        return error_no_memory(c->error, 120);
    }
    int length = snprintf(name, 120, "transactions-CX-%08lld-%.*s.json", (long long)inquiry->id,
                          TEXT_ARGS(delivery->values[DELIVERY_SERIAL].text));
    const desk_given given[] = {
        {"case", inquiry->values[INQUIRY_CASE]},         {"name", value_text((sluice_text){name, (size_t)length})},
        {"media", value_text(TEXT("application/json"))}, {"bytes", value_text(body)},
        {"from", inquiry->values[INQUIRY_INSTITUTION]},  {"words", value_text(TEXT("银行反馈的交易明细（原件）"))}};
    return desk_act_inside(c, &EVIDENCE_KIND, "create", evidence, given, sizeof given / sizeof *given);
}

sluice_result inquiry_answered(desk_command *c, const record *delivery, record *inquiry, const outbox_answer *answer) {
    record evidence = {0};
    bool done = answer->verdict == VERDICT_DONE;
    if (!done) {
        const desk_given given[] = {{"result_code", text_or_null(answer->code)},
                                    {"result", text_or_null(answer->words)}};
        return desk_act_inside(c, &INQUIRY_KIND, "fail", inquiry, given, 2);
    }
    if (answer->body.length == 0) {
        return desk_fault_add(c, "answer", "what the bank sent is expected");
    }
    sluice_result result = keep_evidence(c, delivery, inquiry, answer->body, &evidence);
    if (result != SLUICE_OK) {
        return result;
    }
    SLUICE_ASSERT(evidence.values != NULL);
    const desk_given given[] = {{"result_code", text_or_null(answer->code)},
                                {"result", text_or_null(answer->words)},
                                {"evidence", value_integer(evidence.id)},
                                {"sha256", evidence.values[EVIDENCE_SHA256]}};
    return desk_act_inside(c, &INQUIRY_KIND, "answer", inquiry, given, 4);
}

sluice_result inquiry_gave_up(desk_command *c, const record *delivery, record *inquiry) {
    const desk_given given[] = {{"result_code", delivery->values[DELIVERY_RESULT_CODE]},
                                {"result", delivery->values[DELIVERY_LAST_ERROR]}};
    bool has_failed = text_equal(delivery->values[DELIVERY_STATE].text, TEXT("failed"));
    return has_failed && inquiry_wanted(inquiry) ? desk_act_inside(c, &INQUIRY_KIND, "fail", inquiry, given, 2)
                                                 : SLUICE_OK;
}

/* ---- into the log ---- */

sluice_result inquiry_next(desk_command *c, record *inquiry, sluice_text *answer) {
    record evidence;
    query_term answered = {INQUIRY_STATE, QUERY_EQUAL, value_text(TEXT("answered")), NULL, 0};
    sluice_result result = desk_find(c, &TABLE, &answered, 1, inquiry);
    result = result == SLUICE_OK ? store_get(c->desk->store, EVIDENCE_KIND.table,
                                             inquiry->values[INQUIRY_EVIDENCE].integer, c->arena, &evidence, c->error)
                                 : result;
    return result == SLUICE_OK ? evidence_read(c, &evidence, answer) : result;
}

sluice_result inquiry_book_import(desk_command *c, const inquiry_imported *imported) {
    record inquiry;
    sluice_result result = store_get(c->desk->store, &TABLE, imported->id, c->arena, &inquiry, c->error);
    const desk_given given[] = {{"accepted", value_integer((int64_t)imported->accepted)},
                                {"duplicates", value_integer((int64_t)imported->duplicates)},
                                {"rejected", value_integer((int64_t)imported->rejected)},
                                {"rejects", text_or_null(imported->rejects)},
                                {"sequence", value_integer((int64_t)imported->sequence)}};
    return result == SLUICE_OK ? desk_act_inside(c, &INQUIRY_KIND, "import", &inquiry, given, 5) : result;
}
