#include "desk/custody.h"

#include "desk/desk_private.h"
#include "desk/evidence.h"
#include "desk/operation.h"
#include "desk/place.h"

#define WHATS "received|handed_over|viewed|copied|sealed|returned"
#define F_WHAT                                                                                                         \
    { "what", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = WHATS, .en = "event", .zh = "事项" }
#define F_GIVER                                                                                                        \
    { "from", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "handed over by", .zh = "移交人" }
#define F_TAKER                                                                                                        \
    { "to", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "received by", .zh = "接收人" }
#define F_PLACE                                                                                                        \
    { "place", FIELD_TEXT, .bytes_max = 200, .en = "storage place", .zh = "保管地点" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 4000, .en = "description", .zh = "说明" }

static sluice_result add(desk_command *c, const desk_kind *kind, const record *r) {
    record parent;
    return place_parent(c, kind, r, &parent);
}

/* Alike but for what they belong to, whose name is their first field. */
#define CUSTODY(NAME, PARENT, word, table_name, of_zh, table_en, table_zh)                                             \
    static const record_field NAME##_ROWS[CUSTODY_FIELDS] = {                                                          \
        [CUSTODY_OF] = {#word, FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = #word, .en = #word, .zh = (of_zh)}, \
        [CUSTODY_WHAT] = F_WHAT,                                                                                       \
        [CUSTODY_FROM] = F_GIVER,                                                                                      \
        [CUSTODY_TO] = F_TAKER,                                                                                        \
        [CUSTODY_PLACE] = F_PLACE,                                                                                     \
        [CUSTODY_WORDS] = F_WORDS,                                                                                     \
        [CUSTODY_BY] = {"by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "recorded by",           \
                        .zh = "登记人"},                                                                               \
        [CUSTODY_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},         \
    };                                                                                                                 \
    static const record_table NAME##_TABLE = {                                                                         \
        table_name,                                                                                                    \
        NAME##_ROWS,                                                                                                   \
        CUSTODY_FIELDS,                                                                                                \
        (const record_index[]){{false, {CUSTODY_OF, RECORD_END, RECORD_END, RECORD_END}}},                             \
        1,                                                                                                             \
        true,                                                                                                          \
        table_en,                                                                                                      \
        table_zh};                                                                                                     \
    static sluice_result word##_is_there(desk_command *c, record *r, const desk_input *in) {                           \
        (void)in;                                                                                                      \
        return add(c, &NAME##_KIND, r);                                                                                \
    }                                                                                                                  \
    static const record_field NAME##_INPUTS[] = {                                                                      \
        {#word, FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = #word, .en = #word, .zh = (of_zh)},                \
        F_WHAT,                                                                                                        \
        F_GIVER,                                                                                                       \
        F_TAKER,                                                                                                       \
        F_PLACE,                                                                                                       \
        F_WORDS,                                                                                                       \
    };                                                                                                                 \
    static const desk_act_row NAME##_ACTS[] = {                                                                        \
        {"create", NULL, NULL, ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, BY(CUSTODY_BY),       \
         AT(CUSTODY_AT), INPUTS(NAME##_INPUTS), RUN(word##_is_there),                                                  \
         SAYS("write down whose hands it went through", "登记流转")},                                                  \
    };                                                                                                                 \
    const desk_kind NAME##_KIND = {                                                                                    \
        .table = &NAME##_TABLE,                                                                                        \
        .name = (table_name),                                                                                          \
        .readers = ROLES_OFFICERS | ROLE_AUDITOR,                                                                      \
        .parent = &(PARENT),                                                                                           \
        .parent_field = CUSTODY_OF,                                                                                    \
        ACTS_OF(NAME##_ACTS),                                                                                          \
    }

CUSTODY(CUSTODY, EVIDENCE_KIND, evidence, "custody", "证据", "whose hands evidence went through", "证据流转");
CUSTODY(SEIZURE_CUSTODY, SEIZURE_KIND, seizure, "seizure_custody", "扣押物品",
        "whose hands what was seized went through", "扣押物品流转");

sluice_result custody_add(desk_command *c, const desk_kind *kind, int64_t of, const char *what, record_value from,
                          record_value words) {
    record r = {0};
    const desk_given given[] = {{kind->table->fields[CUSTODY_OF].name, value_integer(of)},
                                {"what", value_text(text_of(what))},
                                {"from", from},
                                {"words", words}};
    return desk_act_inside(c, kind, "create", &r, given, sizeof given / sizeof *given);
}
