/* Arrests (抓获): who was caught, where, in which suggested and confirmed role, and under which measure.
 *
 *   recorded ──confirm_role (another person)──▶ confirmed
 *       └────────── release ──▶ released ◀────────┘          and `void` for what was written down by mistake
 *
 * A person is a keyed hash of the identity number and a masked name: enough to count persons and to see the same one
 * twice, and no more (个人信息保护法 Art. 6). In one operation a person is caught once. What counts for the tally is
 * what is recorded or confirmed. */
#include "desk/desk_private.h"
#include "desk/mask.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"

#define F_TARGET(more)                                                                                                 \
    { "target", FIELD_REFERENCE, .flags = (more), .target = "target", .en = "target", .zh = "打击目标" }
#define F_TEAM(more)                                                                                                   \
    { "team", FIELD_REFERENCE, .flags = (more), .target = "team", .en = "team", .zh = "行动小组" }
#define F_SUGGESTED(more) F_DATED("suggested_role", "gang_role", more, "suggested role", "建议角色")
#define F_WHY F_SECRET_WORDS("suggested_why", 0, 2000, "basis of the suggestion", "建议依据")
#define F_CONFIRMED(more) F_DATED("confirmed_role", "gang_role", more, "confirmed role", "认定角色")
#define F_CONFIRMED_WHY(more) F_SECRET_WORDS("confirmed_why", more, 2000, "grounds", "认定依据")
#define F_MEASURE(more) F_DATED("measure", "coercive_measure", more, "measure taken", "强制措施")
#define F_PAPER(more) F_TEXT("paper", more, 100, "number of the legal paper", "法律文书文号")
#define F_CAUGHT(more) F_TIME("arrested_at", more, "caught at", "抓获时间")

static const record_field FIELDS[ARREST_FIELDS] = {
    [ARREST_OPERATION] = F_OPERATION(FIELD_FIXED),
    [ARREST_SITE] = F_SITE(FIELD_FIXED | FIELD_FILTER),
    [ARREST_TARGET] = F_TARGET(FIELD_FIXED | FIELD_FILTER),
    [ARREST_CASE] = F_CASE(FIELD_FILTER),
    [ARREST_TEAM] = F_TEAM(FIELD_FIXED),
    [ARREST_PERSON] = {"person", FIELD_TEXT, SECRECY_IDENTITY, FIELD_REQUIRED | FIELD_SERVER | FIELD_FIXED,
                       .bytes_max = 64, .en = "person (keyed hash)", .zh = "人员（加密哈希）"},
    [ARREST_NAME] = {"name", FIELD_TEXT, SECRECY_NAME, FIELD_REQUIRED | FIELD_SERVER | FIELD_FIXED, .bytes_max = 40,
                     .en = "name (masked)", .zh = "姓名（已脱敏）"},
    [ARREST_SUGGESTED_ROLE] = F_SUGGESTED(0),
    [ARREST_SUGGESTED_WHY] = F_WHY,
    [ARREST_CONFIRMED_ROLE] = F_CONFIRMED(FIELD_SERVER | FIELD_FILTER),
    [ARREST_CONFIRMED_BY] = F_USER("confirmed_by", "role confirmed by", "角色认定人"),
    [ARREST_CONFIRMED_WHY] = F_CONFIRMED_WHY(FIELD_SERVER),
    [ARREST_MEASURE] = F_MEASURE(FIELD_REQUIRED | FIELD_FILTER),
    [ARREST_PAPER] = F_PAPER(0),
    [ARREST_AT] = F_CAUGHT(FIELD_REQUIRED | FIELD_FIXED),
    [ARREST_STATE] = F_STATE("recorded|confirmed|released|void"),
    [ARREST_RECORDED_BY] = F_USER("recorded_by", "recorded by", "登记人"),
    [ARREST_RELEASED_AT] = F_AT("released_at", "released", "解除时间"),
    [ARREST_DISTRICT] = F_DISTRICT,
    [ARREST_STATION] = F_STATION,
    [ARREST_KEY] = {"live_person", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .bytes_max = 64, .en = "deduplication key",
                    .zh = "去重键"},
};
static const record_index INDEXES[] = {
    {true, {ARREST_OPERATION, ARREST_KEY, RECORD_END, RECORD_END}},
    INDEX_2(ARREST_OPERATION, ARREST_DISTRICT),
    INDEX_1(ARREST_AT),
    INDEX_1(ARREST_DISTRICT),
    INDEX_1(ARREST_PERSON),
};
static const record_table TABLE = {"arrest", FIELDS, ARREST_FIELDS, INDEXES_OF(INDEXES), false, "arrests", "抓获人员"};

/* ---- acts ---- */

static sluice_result check_role(desk_command *c, const record *r) {
    bool has_role = !r->values[ARREST_SUGGESTED_ROLE].is_null, has_why = !r->values[ARREST_SUGGESTED_WHY].is_null;
    return has_role == has_why ? SLUICE_OK
                               : desk_fault_add(c, has_role ? "suggested_why" : "suggested_role",
                                                "a suggested role is expected together with why");
}

/* The target's suggestion is the person's, unless another one is given. */
static sluice_result take_target(desk_command *c, record *r) {
    record target;
    if (r->values[ARREST_TARGET].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &TARGET_KIND, r->values[ARREST_TARGET].integer, &target);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "target", "a target that you can see is expected");
    }
    if (result == SLUICE_OK && desk_is_among("proposed|refused|withdrawn", target.values[TARGET_STATE].text)) {
        return error_set(c->error, SLUICE_E_STATE, "target %lld is not approved: nobody is caught on it",
                         (long long)target.id);
    }
    if (result == SLUICE_OK && r->values[ARREST_SUGGESTED_ROLE].is_null) {
        r->values[ARREST_SUGGESTED_ROLE] = target.values[TARGET_SUGGESTED_ROLE];
        r->values[ARREST_SUGGESTED_WHY] = target.values[TARGET_SUGGESTED_WHY];
    }
    if (result == SLUICE_OK && r->values[ARREST_CASE].is_null) {
        r->values[ARREST_CASE] = target.values[TARGET_CASE];
    }
    return result;
}

static sluice_result check_once(desk_command *c, const record *r) {
    query_term terms[] = {{ARREST_OPERATION, QUERY_EQUAL, r->values[ARREST_OPERATION], NULL, 0},
                          {ARREST_KEY, QUERY_EQUAL, r->values[ARREST_KEY], NULL, 0}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2, .order = QUERY_ID};
    uint64_t count = 0;
    if (r->values[ARREST_OPERATION].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = store_count(c->desk->store, &query, 1, &count, c->error);
    return result == SLUICE_OK && count > 0
               ? error_set(c->error, SLUICE_E_CONFLICT, "this person is recorded in the operation already")
               : result;
}

static sluice_result record_arrest(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = operation_require(c, &r->values[ARREST_OPERATION], "running");
    if (result == SLUICE_OK && r->values[ARREST_AT].integer > c->now_ms) {
        return desk_fault_add(c, "arrested_at", "a time that is not to come is expected");
    }
    result = result == SLUICE_OK ? operation_check_case(c, &r->values[ARREST_CASE]) : result;
    result = result == SLUICE_OK ? take_target(c, r) : result;
    result = result == SLUICE_OK ? check_role(c, r) : result;
    if (result == SLUICE_OK) {
        result = operation_place(c, &ARREST_KIND, r, ARREST_OPERATION, ARREST_SITE, NO_FIELD);
    }
    sluice_text hash = {0};
    if (result == SLUICE_OK) {
        result = operation_person(c, desk_given_value(in, "identity")->text, &hash);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_text name = mask_text(SECRECY_NAME, desk_given_value(in, "full_name")->text, c->arena);
    if (name.data == NULL) {
        return error_no_memory(c->error, 40);
    }
    r->values[ARREST_PERSON] = r->values[ARREST_KEY] = value_text(hash);
    r->values[ARREST_NAME] = value_text(name);
    return check_once(c, r);
}

static sluice_result forget_key(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[ARREST_KEY] = value_null();
    return SLUICE_OK;
}

static const record_field RECORD[] = {
    F_OPERATION(0),
    F_SITE(0),
    F_TARGET(0),
    F_CASE(0),
    F_TEAM(0),
    {"identity", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 40,
     .en = "identity document no.; only its keyed hash is kept", .zh = "证件号码；仅保存加密哈希"},
    {"full_name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100, .en = "name; kept masked",
     .zh = "姓名；脱敏保存"},
    F_CAUGHT(FIELD_REQUIRED),
    F_MEASURE(FIELD_REQUIRED),
    F_PAPER(0),
    F_SUGGESTED(0),
    F_WHY,
};
static const record_field ROLE[] = {F_CONFIRMED(FIELD_REQUIRED), F_CONFIRMED_WHY(FIELD_REQUIRED)};
static const record_field MEASURE[] = {F_MEASURE(FIELD_REQUIRED), F_PAPER(FIELD_REQUIRED), F_NOTE};
static const record_field NOTE[] = {F_NOTE};

#define CAUGHT "recorded|confirmed"
static const desk_act_row ACTS[] = {
    {"create", NULL, "recorded", FIELD_OFFICERS, 0, BY(ARREST_RECORDED_BY), INPUTS(RECORD), RUN(record_arrest),
     THEN(operation_tally_then), RESTS_ON(PERSONAL_LAW), SAYS("record an arrest", "登记抓获")},
    {"confirm_role", CAUGHT, "confirmed", ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, OTHER_THAN(ARREST_RECORDED_BY),
     BY(ARREST_CONFIRMED_BY), INPUTS(ROLE), THEN(operation_tally_then),
     RESTS_ON("the centre's own rule (four eyes): a role is suggested until somebody else confirms it"),
     SAYS("confirm the role", "认定角色")},
    {"put_measure", CAUGHT, NULL, ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(MEASURE), THEN(operation_tally_then),
     RESTS_ON("刑事诉讼法 Arts. 66–100"), SAYS("the measure is another now, with its paper", "变更强制措施")},
    {"release", CAUGHT, "released", DECIDERS, ACT_DISTRICT | ACT_REASON, AT(ARREST_RELEASED_AT), INPUTS(NOTE),
     RUN(forget_key), THEN(operation_tally_then), RESTS_ON("刑事诉讼法 Arts. 91, 99"),
     SAYS("he is free and does not count", "解除、释放")},
    {"void", CAUGHT, "void", ROLE_COMMANDER, ACT_REASON, OTHER_THAN(ARREST_RECORDED_BY), INPUTS(NOTE), RUN(forget_key),
     THEN(operation_tally_then), SAYS("it was recorded by mistake", "作废")},
};
const desk_kind ARREST_KIND = {
    .table = &TABLE,
    .name = "arrest",
    .collection = "arrests",
    .readers = OPERATION_READERS,
    .prefix = "ZH",
    .state = SOME(ARREST_STATE),
    .district = SOME(ARREST_DISTRICT),
    .station = SOME(ARREST_STATION),
    ACTS_OF(ACTS),
};
