/* Joint punishment (联合惩戒, in force 2024-12-01; 反电信网络诈骗法 Art. 31): a bureau of city level finds that a
 * person sold, rented or lent cards, by the dated ground; a written notice tells him why, for how long and where to
 * appeal; it ends by the clock to the second.
 *
 *   proposed ─approve (city, four eyes)→ approved ─serve→ in_force ─lapse (clock)→ lapsed
 *       │refuse                                            │repair_propose → repairing ─repair_approve→ repaired
 *                                                          └lift (an appeal was upheld) → lifted
 *
 * Restrictions in a row: one that is served while another of the person is in force begins where that one ends, and all
 * of them together never last longer than the dated punishment_row (5 years) from the first one's beginning. */
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/order.h"
#include "desk/outlet.h"
#include "desk/timer.h"

#define LAW "反电信网络诈骗法 Art. 31; 联合惩戒办法 2024-12-01 [S]"
#define REMEDY_LAW "反电信网络诈骗法 Art. 32"
#define STATES "proposed|refused|approved|in_force|repairing|lapsed|repaired|lifted"

static const record_field FIELDS[PUNISHMENT_FIELDS] = {
    [PUNISHMENT_PERSON] = {"person", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                           .en = "person", .zh = "惩戒对象"},
    [PUNISHMENT_NAME] = {"name", FIELD_TEXT, SECRECY_NAME, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 200, .en = "name",
                         .zh = "姓名"},
    [PUNISHMENT_GROUND] = {"ground", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                           .target = "punishment_ground", .en = "ground", .zh = "认定情形"},
    [PUNISHMENT_COUNT] = {"count", FIELD_INTEGER, .flags = FIELD_FIXED, .en = "count; cards, times or recipients",
                          .zh = "张、次或对象数"},
    [PUNISHMENT_MEASURES] = {"measures", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "restrictions",
                             .zh = "惩戒措施"},
    [PUNISHMENT_REASON] = {"reason", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED | FIELD_FIXED,
                           .en = "facts and evidence", .zh = "事实和证据"},
    [PUNISHMENT_REMEDY] = {"remedy", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "legal remedy", .zh = "救济途径"},
    [PUNISHMENT_APPEAL] = {"appeal", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "appeal authority", .zh = "申诉渠道"},
    [PUNISHMENT_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "case", .en = "case", .zh = "案件"},
    [PUNISHMENT_MONTHS] = {"months", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "term (months)", .zh = "期限（月）"},
    [PUNISHMENT_STATE] = F_STATE(STATES),
    [PUNISHMENT_DUE] = F_SET_TIME("due", "due", "时限"),
    [PUNISHMENT_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [PUNISHMENT_STATION] = F_SET_UNIT("station", "station", "派出所"),
    [PUNISHMENT_PROPOSED_BY] = F_SET_USER("proposed_by", "proposed by", "呈请人"),
    [PUNISHMENT_APPROVED_BY] = F_SET_USER("approved_by", "decided by", "审批人"),
    [PUNISHMENT_APPROVED_AT] = F_SET_TIME("approved_at", "decided at", "认定时间"),
    [PUNISHMENT_NOTICE_NUMBER] = {"notice_number", FIELD_TEXT, .bytes_max = 100, .en = "notice no.",
                                  .zh = "告知书文号"},
    [PUNISHMENT_SERVED_BY] = F_SET_USER("served_by", "served by", "送达人"),
    [PUNISHMENT_STARTS_AT] = F_SET_TIME("starts_at", "in force from", "起始时间"),
    [PUNISHMENT_EXPIRES_AT] = {"expires_at", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "expires",
                               .zh = "届满时间"},
    [PUNISHMENT_CHAIN_AT] = F_SET_TIME("in_a_row_since", "restricted without a break since", "连续惩戒起始"),
    [PUNISHMENT_ENDED_AT] = F_SET_TIME("ended_at", "ended at", "结束时间"),
    [PUNISHMENT_REPAIR_BY] = F_SET_USER("repair_by", "repair proposed by", "信用修复呈请人"),
    [PUNISHMENT_REPAIR_REASON] = {"repair_reason", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER,
                                  .en = "reason for credit repair", .zh = "信用修复理由"},
    [PUNISHMENT_REPAIR_APPROVED_BY] = F_SET_USER("repair_approved_by", "repair decided by", "信用修复审批人"),
    [PUNISHMENT_RELEASE_REASON] = {"release_reason", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER,
                                   .en = "reason for lifting", .zh = "解除原因"},
};
static const record_index INDEXES[] = {
    {false, {PUNISHMENT_PERSON, PUNISHMENT_STATE, RECORD_END, RECORD_END}},
    {false, {PUNISHMENT_STATE, PUNISHMENT_EXPIRES_AT, RECORD_END, RECORD_END}},
    {false, {PUNISHMENT_DISTRICT, PUNISHMENT_STATE, PUNISHMENT_EXPIRES_AT, RECORD_END}},
};
static const record_table TABLE = {
    "punishment",        FIELDS,    PUNISHMENT_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES, false,
    "joint punishments", "联合惩戒"};

static const record_field PROPOSE[] = {
    {"person", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "person; person:…, an identity number is hashed at once",
     .zh = "惩戒对象；person:…，证件号码即时加密"},
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "name", .zh = "姓名"},
    {"ground", FIELD_CODE, .flags = FIELD_REQUIRED, .target = "punishment_ground", .en = "ground", .zh = "认定情形"},
    {"count", FIELD_INTEGER, .flags = FIELD_POSITIVE, .en = "count; cards, times or recipients",
     .zh = "张、次或对象数"},
    {"measures", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "restrictions", .zh = "惩戒措施"},
    {"reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "facts and evidence", .zh = "事实和证据"},
    {"remedy", FIELD_TEXT, .en = "legal remedy; none: the standard words", .zh = "救济途径；不填用标准表述"},
    {"appeal", FIELD_TEXT, .en = "appeal authority; none: the standard words", .zh = "申诉渠道；不填用标准表述"},
    {"case", FIELD_REFERENCE, .target = "case", .en = "case", .zh = "案件"},
};
static const record_field SERVE[] = {
    {"notice_number", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100, .en = "notice no.", .zh = "告知书文号"},
};
static const record_field REPAIR[] = {
    {"repair_reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason for credit repair", .zh = "信用修复理由"},
};
static const record_field RELEASE[] = {
    {"release_reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason for release", .zh = "解除原因"},
};
static const record_field NOTE[] = {F_NOTE};

static void put_words(record *r) {
    if (r->values[PUNISHMENT_REMEDY].is_null) {
        r->values[PUNISHMENT_REMEDY] =
            value_text(TEXT("被惩戒人可陈述、申辩并提交材料；认定有误的立即解除，符合条件的可申请信用修复。"));
    }
    if (r->values[PUNISHMENT_APPEAL].is_null) {
        r->values[PUNISHMENT_APPEAL] =
            value_text(TEXT("向作出认定的设区的市级公安机关提出申诉（反电信网络诈骗法第三十二条）；咨询电话 96110"));
    }
}

/* The dated row of a ground is its term in months; how many make it a ground is the cap punishment_<ground>. */
static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    char code[80];
    record of_case;
    sluice_text ground = r->values[PUNISHMENT_GROUND].text;
    const record_value *count = &r->values[PUNISHMENT_COUNT];
    (void)in;
    put_words(r);
    place_set(&PUNISHMENT_KIND, r, c->actor->district, c->actor->station);
    const dated_row *row = dated_find(c->desk, "punishment_ground", ground, c->now_ms);
    (void)snprintf(code, sizeof code, "punishment_%.*s", TEXT_ARGS(ground));
    const dated_row *least = dated_find(c->desk, "cap", text_of(code), c->now_ms);
    if (row == NULL || row->number <= 0) {
        return desk_fault_add(c, "ground", "a ground whose dated row gives a term in months is expected");
    }
    if (least != NULL && (count->is_null || count->integer < least->number)) {
        return desk_fault_add(c, "count", "at least %lld are expected: %.*s", (long long)least->number,
                              TEXT_ARGS(least->law));
    }
    r->values[PUNISHMENT_MONTHS] = value_integer(row->number);
    sluice_result result = person_key(c, &r->values[PUNISHMENT_PERSON]);
    if (result == SLUICE_OK && !r->values[PUNISHMENT_CASE].is_null) {
        result = desk_get(c, desk_kind_find("case"), r->values[PUNISHMENT_CASE].integer, &of_case);
        result =
            result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "case", "a case that you can see is expected") : result;
    }
    return result;
}

/* The newest restriction of the person that is still running, if there is one. */
static sluice_result find_running(desk_command *c, const record *r, record *running, bool *found) {
    static const record_value RUNNING[] = {{.text = {"in_force", 8}}, {.text = {"repairing", 9}}};
    query_term terms[2] = {{PUNISHMENT_PERSON, QUERY_EQUAL, r->values[PUNISHMENT_PERSON], NULL, 0},
                           {PUNISHMENT_STATE, QUERY_IN, value_null(), RUNNING, 2}};
    record_query query = {.table = &TABLE,
                          .terms = terms,
                          .term_count = 2,
                          .order = PUNISHMENT_EXPIRES_AT,
                          .descending = true,
                          .limit = 1};
    sluice_result result = store_find(c->desk->store, &query, c->arena, running, c->error);
    *found = result == SLUICE_OK;
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static sluice_result serve(desk_command *c, record *r, const desk_input *in) {
    record running;
    bool found = false;
    int64_t row_months = 0;
    (void)in;
    sluice_result result = dated_number(c, "months", "punishment_row", &row_months);
    result = result == SLUICE_OK ? find_running(c, r, &running, &found) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t starts = found ? running.values[PUNISHMENT_EXPIRES_AT].integer : c->now_ms;
    int64_t chain = found ? running.values[PUNISHMENT_CHAIN_AT].integer : c->now_ms;
    int64_t expires = months_after(starts, r->values[PUNISHMENT_MONTHS].integer),
            last = months_after(chain, row_months);
    if (starts >= last) {
        return error_set(c->error, SLUICE_E_STATE,
                         "restrictions of this person in a row last %lld months already: %s allows no more",
                         (long long)row_months, LAW);
    }
    expires = expires < last ? expires : last;
    r->values[PUNISHMENT_STARTS_AT] = value_integer(starts);
    r->values[PUNISHMENT_CHAIN_AT] = value_integer(chain);
    r->values[PUNISHMENT_EXPIRES_AT] = value_integer(expires);
    r->values[PUNISHMENT_DUE] = value_integer(expires);
    return timer_set(c, &PUNISHMENT_KIND, r->id, "lapse", expires);
}

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[PUNISHMENT_ENDED_AT] = value_integer(c->now_ms);
    r->values[PUNISHMENT_DUE] = value_null();
    return timer_clear(c, &PUNISHMENT_KIND, r->id, NULL);
}

/* Repair is possible once a dated part of the term has passed. */
static sluice_result propose_repair(desk_command *c, record *r, const desk_input *in) {
    int64_t months = 0;
    (void)in;
    sluice_result result = dated_number(c, "months", "punishment_repair", &months);
    int64_t from = months_after(r->values[PUNISHMENT_STARTS_AT].integer, months);
    return result == SLUICE_OK && c->now_ms < from
               ? error_set(c->error, SLUICE_E_STATE, "credit is repaired %lld months after the beginning, not before",
                           (long long)months)
               : result;
}

static const unsigned PROPOSERS = ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(PUNISHMENT_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     RESTS_ON(LAW), SAYS("propose a punishment", "呈请联合惩戒")},
    {"approve", "proposed", "approved", DECIDERS, ACT_CITY, OTHER_THAN(PUNISHMENT_PROPOSED_BY),
     BY(PUNISHMENT_APPROVED_BY), AT(PUNISHMENT_APPROVED_AT), INPUTS(NOTE),
     RESTS_ON(LAW ": a bureau of city level identifies"), SAYS("identify the person", "认定")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_CITY | ACT_REASON, BY(PUNISHMENT_APPROVED_BY),
     AT(PUNISHMENT_APPROVED_AT), INPUTS(NOTE), SAYS("refuse it", "不予认定")},
    {"serve", "approved", "in_force", PROPOSERS | ROLE_DUTY, 0, BY(PUNISHMENT_SERVED_BY), INPUTS(SERVE), RUN(serve),
     RESTS_ON(LAW ": written notice; " REMEDY_LAW),
     SAYS("the written notice is served: in force from now, or from the end of the one before", "送达告知书并执行")},
    {"lapse", "in_force|repairing", "lapsed", ROLE_SYSTEM, ACT_BY_CLOCK, RUN(end),
     RESTS_ON(LAW ": 2 or 3 years, at most 5 in a row"), SAYS("its term is over", "期满自动解除")},
    {"repair_propose", "in_force", "repairing", PROPOSERS, 0, BY(PUNISHMENT_REPAIR_BY), INPUTS(REPAIR),
     RUN(propose_repair), RESTS_ON(REMEDY_LAW), SAYS("propose repair of credit", "呈请信用修复")},
    {"repair_refuse", "repairing", "in_force", DECIDERS, ACT_CITY | ACT_REASON, INPUTS(NOTE),
     SAYS("keep it", "不予信用修复")},
    {"repair_approve", "repairing", "repaired", DECIDERS, ACT_CITY, OTHER_THAN(PUNISHMENT_REPAIR_BY),
     BY(PUNISHMENT_REPAIR_APPROVED_BY), INPUTS(NOTE), RUN(end), RESTS_ON(REMEDY_LAW),
     SAYS("repair the credit: it ends now", "批准信用修复")},
    {"lift", "in_force|repairing|approved|proposed", "lifted", ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(RELEASE), RUN(end),
     RESTS_ON(REMEDY_LAW ": an upheld appeal lifts at once"),
     SAYS("an appeal was upheld: lifted at once", "申诉成立，立即解除")},
};
static const uint8_t SEARCHED[] = {PUNISHMENT_NAME, PUNISHMENT_PERSON, PUNISHMENT_NOTICE_NUMBER, NO_FIELD};
const desk_kind PUNISHMENT_KIND = {
    .table = &TABLE,
    .name = "punishment",
    .collection = "punishments",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "CJ",
    .state = SOME(PUNISHMENT_STATE),
    .due = SOME(PUNISHMENT_DUE),
    .district = SOME(PUNISHMENT_DISTRICT),
    .station = SOME(PUNISHMENT_STATION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
