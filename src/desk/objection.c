/* Objections to a return during its public notice (银监发〔2016〕41号 Art. 8). */
#include "desk/desk_private.h"
#include "desk/return.h"

#define LAW "银监发〔2016〕41号 Art. 8"

static const record_field FIELDS[OBJECTION_FIELDS] = {
    [OBJECTION_RETURN] = {"return", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "return",
                          .en = "return", .zh = "资金返还"},
    [OBJECTION_BY] = {"by", FIELD_TEXT, SECRECY_NAME, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 200, .en = "objector",
                      .zh = "异议人"},
    [OBJECTION_CONTACT] = {"contact", FIELD_TEXT, SECRECY_PHONE, .bytes_max = 64, .en = "phone", .zh = "联系电话"},
    [OBJECTION_WORDS] = {"words", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED | FIELD_FIXED, .en = "grounds of objection",
                         .zh = "异议内容"},
    [OBJECTION_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                         .codes = "open|upheld|rejected", .en = "state", .zh = "状态"},
    [OBJECTION_TAKEN_BY] = {"taken_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "registered by",
                            .zh = "登记人"},
    [OBJECTION_DECIDED_BY] = {"decided_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                              .en = "reviewed by", .zh = "审查人"},
    [OBJECTION_DECIDED_AT] = {"decided_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "reviewed", .zh = "审查时间"},
    [OBJECTION_ANSWER] = {"answer", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "answer", .zh = "答复"},
};
static const record_table TABLE = {
    "objection",
    FIELDS,
    OBJECTION_FIELDS,
    (const record_index[]){{false, {OBJECTION_RETURN, OBJECTION_STATE, RECORD_END, RECORD_END}}},
    1,
    false,
    "objections",
    "返还异议"};

static const record_field OBJECT[] = {
    {"return", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "return", .en = "return", .zh = "资金返还"},
    {"by", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "objector", .zh = "异议人"},
    {"contact", FIELD_TEXT, .bytes_max = 64, .en = "phone", .zh = "联系电话"},
    {"words", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "grounds of objection", .zh = "异议内容"},
};
static const record_field DECIDE[] = {
    {"answer", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "answer and reasons", .zh = "答复及理由"},
};

static sluice_result parent_of(desk_command *c, const record *r, record *parent) {
    sluice_result result = desk_get(c, &RETURN_KIND, r->values[OBJECTION_RETURN].integer, parent);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "return", "a return that you can see is expected") : result;
}

static sluice_result object(desk_command *c, record *r, const desk_input *in) {
    record parent;
    (void)in;
    sluice_result result = parent_of(c, r, &parent);
    if (result == SLUICE_OK && (!text_equal(parent.values[RETURN_STATE].text, TEXT("noticed")) ||
                                c->now_ms >= parent.values[RETURN_NOTICE_UNTIL].integer)) {
        return error_set(c->error, SLUICE_E_STATE, "objections are taken in while the public notice runs (%s)", LAW);
    }
    return result;
}

/* Only what is undisputed is returned: the shares are drafted again, and noticed again. */
static sluice_result uphold(desk_command *c, record *r, const desk_input *in) {
    record parent;
    (void)in;
    sluice_result result = parent_of(c, r, &parent);
    bool is_open = result == SLUICE_OK && desk_is_among("noticed|reviewing", parent.values[RETURN_STATE].text);
    return is_open ? desk_act_inside(c, &RETURN_KIND, "reopen", &parent, NULL, 0) : result;
}

static sluice_result reject(desk_command *c, record *r, const desk_input *in) {
    record parent;
    (void)in;
    sluice_result result = parent_of(c, r, &parent);
    bool in_review = result == SLUICE_OK && text_equal(parent.values[RETURN_STATE].text, TEXT("reviewing"));
    return in_review ? desk_act_inside(c, &RETURN_KIND, "reviewed", &parent, NULL, 0) : result;
}

static const unsigned TAKERS = ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const desk_act_row ACTS[] = {
    {"object", NULL, "open", TAKERS, 0, BY(OBJECTION_TAKEN_BY), INPUTS(OBJECT), RUN(object), RESTS_ON(LAW),
     SAYS("take in an objection", "提出异议")},
    {"uphold", "open", "upheld", DECIDERS, 0, OTHER_THAN(OBJECTION_TAKEN_BY), BY(OBJECTION_DECIDED_BY),
     AT(OBJECTION_DECIDED_AT), INPUTS(DECIDE), THEN(uphold), RESTS_ON(LAW), SAYS("uphold it", "异议成立")},
    {"reject", "open", "rejected", DECIDERS, 0, OTHER_THAN(OBJECTION_TAKEN_BY), BY(OBJECTION_DECIDED_BY),
     AT(OBJECTION_DECIDED_AT), INPUTS(DECIDE), THEN(reject), RESTS_ON(LAW),
     SAYS("reject it, with reasons", "异议不成立")},
};
const desk_kind OBJECTION_KIND = {
    .table = &TABLE,
    .name = "objection",
    .collection = "objections",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "Y",
    .state = SOME(OBJECTION_STATE),
    .parent = &RETURN_KIND,
    .parent_field = OBJECTION_RETURN,
    ACTS_OF(ACTS),
};
