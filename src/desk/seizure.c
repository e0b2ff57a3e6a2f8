/* Seizures (扣押): things by kind and count, money by amount, by two officers; and whose hands they went through.
 *
 *   held ──hand_over──▶ transferred ──give_back──▶ returned      and `void` for what was written down by mistake
 *     └──────────────give_back─────────────────────▲
 *
 * Custody begins with the seizure itself and has a row for every move (custody.h). */
#include "desk/custody.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"

#define F_ARREST(more)                                                                                                 \
    { "arrest", FIELD_REFERENCE, .flags = (more), .target = "arrest", .en = "found on", .zh = "持有人" }
#define F_TYPE(more) F_DATED("type", "seizure_type", more, "kind", "物品种类")
#define F_COUNT                                                                                                        \
    {                                                                                                                  \
        "count", FIELD_INTEGER, .flags = FIELD_POSITIVE, .en = "count; of money 1 unless told",                        \
                                .zh = "数量；现金不填为 1"                                                     \
    }
#define F_AMOUNT                                                                                                       \
    { "amount_fen", FIELD_MONEY, .flags = FIELD_POSITIVE, .en = "amount; of money", .zh = "金额；现金" }
#define F_MARKS F_SECRET_WORDS("marks", 0, 4000, "serial numbers, IMEI, card numbers", "特征、编号")
#define F_WORDS F_SECRET_WORDS("words", 0, 2000, "description", "说明")
#define F_PAPER(more) F_TEXT("paper", more, 100, "number of the list of seizure", "扣押清单文号")
#define F_SEIZED(more) F_TIME("seized_at", more, "seized at", "扣押时间")
#define F_HOLDER(more)                                                                                                 \
    { "holder", FIELD_TEXT, SECRECY_NAME, (more), .bytes_max = 200, .en = "custodian", .zh = "保管人" }
#define F_SECOND(more)                                                                                                 \
    {                                                                                                                  \
        "second_by", FIELD_REFERENCE, .flags = (more), .target = "user", .en = "the second officer who was there",     \
                                      .zh = "见证民警"                                                             \
    }

static const record_field FIELDS[SEIZURE_FIELDS] = {
    [SEIZURE_OPERATION] = F_OPERATION(FIELD_FIXED),
    [SEIZURE_SITE] = F_SITE(FIELD_FIXED | FIELD_FILTER),
    [SEIZURE_ARREST] = F_ARREST(FIELD_FIXED),
    [SEIZURE_CASE] = F_CASE(FIELD_FILTER),
    [SEIZURE_TYPE] = F_TYPE(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [SEIZURE_COUNT] = {"count", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "count", .zh = "数量"},
    [SEIZURE_AMOUNT] = {"amount_fen", FIELD_MONEY, .flags = FIELD_FIXED, .en = "amount; of money", .zh = "金额；现金"},
    [SEIZURE_MARKS] = F_MARKS,
    [SEIZURE_WORDS] = F_WORDS,
    [SEIZURE_PAPER] = F_PAPER(FIELD_REQUIRED),
    [SEIZURE_AT] = F_SEIZED(FIELD_REQUIRED | FIELD_FIXED),
    [SEIZURE_STATE] = F_STATE("held|transferred|returned|void"),
    [SEIZURE_HOLDER] = F_HOLDER(0),
    [SEIZURE_SEIZED_BY] = F_USER("seized_by", "seized by", "扣押民警"),
    [SEIZURE_SECOND_BY] = F_SECOND(FIELD_REQUIRED | FIELD_FIXED),
    [SEIZURE_RETURNED_AT] = F_AT("returned_at", "returned", "发还时间"),
    [SEIZURE_DISTRICT] = F_DISTRICT,
    [SEIZURE_STATION] = F_STATION,
};
static const record_index INDEXES[] = {INDEX_2(SEIZURE_OPERATION, SEIZURE_TYPE), INDEX_1(SEIZURE_AT),
                                       INDEX_1(SEIZURE_DISTRICT)};
static const record_table TABLE = {"seizure", FIELDS,     SEIZURE_FIELDS, INDEXES_OF(INDEXES),
                                   false,     "seizures", "扣押物品"};

static const char PROCEDURE[] = "刑事诉讼法 Arts. 141–145; 公安机关办理刑事案件程序规定 Arts. 227–236";

static sluice_result check_count(desk_command *c, record *r) {
    bool is_money = text_equal(r->values[SEIZURE_TYPE].text, TEXT("cash"));
    record_value *count = &r->values[SEIZURE_COUNT], *amount = &r->values[SEIZURE_AMOUNT];
    if (is_money && amount->is_null) {
        return desk_fault_add(c, "amount_fen", "the amount of the money, above 0, is expected");
    }
    if (!is_money && !amount->is_null) {
        return desk_fault_add(c, "amount_fen", "an amount is expected of cash alone");
    }
    if (is_money && count->is_null) {
        *count = value_integer(1);
    }
    if (count->is_null || count->integer > 100000000) {
        return desk_fault_add(c, "count", "a number from 1 to 100,000,000 is expected");
    }
    return SLUICE_OK;
}

static sluice_result check_arrest(desk_command *c, record *r) {
    record arrest;
    if (r->values[SEIZURE_ARREST].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &ARREST_KIND, r->values[SEIZURE_ARREST].integer, &arrest);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "arrest", "an arrest that you can see is expected");
    }
    if (result == SLUICE_OK && r->values[SEIZURE_CASE].is_null) {
        r->values[SEIZURE_CASE] = arrest.values[ARREST_CASE];
    }
    return result;
}

static sluice_result seize(desk_command *c, record *r, const desk_input *in) {
    record second;
    (void)in;
    sluice_result result = operation_require(c, &r->values[SEIZURE_OPERATION], "running");
    if (result == SLUICE_OK && r->values[SEIZURE_AT].integer > c->now_ms) {
        return desk_fault_add(c, "seized_at", "a time that is not to come is expected");
    }
    result = result == SLUICE_OK ? check_count(c, r) : result;
    result = result == SLUICE_OK ? operation_check_case(c, &r->values[SEIZURE_CASE]) : result;
    result = result == SLUICE_OK ? check_arrest(c, r) : result;
    if (result == SLUICE_OK) {
        result = desk_get(c, desk_kind_find("user"), r->values[SEIZURE_SECOND_BY].integer, &second);
    }
    if (result == SLUICE_E_NOT_FOUND || r->values[SEIZURE_SECOND_BY].integer == c->actor->user) {
        return desk_fault_add(c, "second_by", "another officer is expected: two seize");
    }
    result = result == SLUICE_OK ? place_check_officer(c, "second_by", second.id) : result;
    return result == SLUICE_OK ? operation_place(c, &SEIZURE_KIND, r, SEIZURE_OPERATION, SEIZURE_SITE, NO_FIELD)
                               : result;
}

static sluice_result then_custody(desk_command *c, record *r, const desk_input *in, const char *what,
                                  record_value words) {
    sluice_result result = custody_add(c, &SEIZURE_CUSTODY_KIND, r->id, what, value_null(), words);
    return result == SLUICE_OK ? operation_tally_then(c, r, in) : result;
}

static sluice_result then_received(desk_command *c, record *r, const desk_input *in) {
    return then_custody(c, r, in, "received", r->values[SEIZURE_PAPER]);
}

static sluice_result then_handed_over(desk_command *c, record *r, const desk_input *in) {
    return then_custody(c, r, in, "handed_over", r->values[SEIZURE_HOLDER]);
}

static sluice_result then_returned(desk_command *c, record *r, const desk_input *in) {
    return then_custody(c, r, in, "returned", *desk_given_value(in, "note"));
}

static const record_field SEIZE[] = {F_OPERATION(0),
                                     F_SITE(0),
                                     F_ARREST(0),
                                     F_CASE(0),
                                     F_TYPE(FIELD_REQUIRED),
                                     F_COUNT,
                                     F_AMOUNT,
                                     F_MARKS,
                                     F_WORDS,
                                     F_PAPER(FIELD_REQUIRED),
                                     F_SEIZED(FIELD_REQUIRED),
                                     F_HOLDER(0),
                                     F_SECOND(FIELD_REQUIRED)};
static const record_field HAND_OVER[] = {F_HOLDER(FIELD_REQUIRED), F_NOTE};
static const record_field NOTE[] = {F_NOTE};
static const desk_act_row ACTS[] = {
    {"create", NULL, "held", FIELD_OFFICERS, 0, BY(SEIZURE_SEIZED_BY), INPUTS(SEIZE), RUN(seize), THEN(then_received),
     RESTS_ON(PROCEDURE), SAYS("record a seizure", "登记扣押")},
    {"hand_over", "held|transferred", "transferred", FIELD_OFFICERS, 0, INPUTS(HAND_OVER), THEN(then_handed_over),
     RESTS_ON(PROCEDURE), SAYS("hand it over to who keeps it", "移交保管")},
    {"give_back", "held|transferred", "returned", DECIDERS, ACT_DISTRICT | ACT_REASON, OTHER_THAN(SEIZURE_SEIZED_BY),
     AT(SEIZURE_RETURNED_AT), INPUTS(NOTE), THEN(then_returned),
     RESTS_ON("刑事诉讼法 Art. 145: within three days when unrelated"), SAYS("give it back to its owner", "发还")},
    {"void", "held", "void", ROLE_COMMANDER, ACT_REASON, OTHER_THAN(SEIZURE_SEIZED_BY), INPUTS(NOTE),
     THEN(operation_tally_then), SAYS("it was recorded by mistake", "作废")},
};
static const desk_child CHILDREN[] = {{"custody", &SEIZURE_CUSTODY_KIND, CUSTODY_OF}};
const desk_kind SEIZURE_KIND = {
    .table = &TABLE,
    .name = "seizure",
    .collection = "seizures",
    .readers = OPERATION_READERS,
    .prefix = "K",
    .state = SOME(SEIZURE_STATE),
    .district = SOME(SEIZURE_DISTRICT),
    .station = SOME(SEIZURE_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
};
