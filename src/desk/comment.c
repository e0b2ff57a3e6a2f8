#include "desk/comment.h"

#include "desk/case.h"
#include "desk/lead.h"
#include "desk/report.h"
#include "desk/warning.h"

#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED, .bytes_max = 8000, .en = "comment", .zh = "批注" }

/* All of them are alike but for the record they belong to, whose name is their first field. */
#define COMMENT_KIND(NAME, word, of_zh)                                                                                \
    static const record_field NAME##_NOTE_FIELDS[COMMENT_FIELDS] = {                                                   \
        [COMMENT_OF] = {#word, FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = #word, .en = #word, .zh = (of_zh)}, \
        [COMMENT_WORDS] = F_WORDS,                                                                                     \
        [COMMENT_BY] = {"by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "author",                \
                        .zh = "批注人"},                                                                               \
        [COMMENT_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},         \
    };                                                                                                                 \
    static const record_table NAME##_NOTE_TABLE = {                                                                    \
        #word "_comment",                                                                                              \
        NAME##_NOTE_FIELDS,                                                                                            \
        COMMENT_FIELDS,                                                                                                \
        (const record_index[]){{false, {COMMENT_OF, RECORD_END, RECORD_END, RECORD_END}}},                             \
        1,                                                                                                             \
        true,                                                                                                          \
        "comments on a " #word,                                                                                        \
        of_zh "批注"};                                                                                                 \
    static const record_field NAME##_NOTE_INPUTS[] = {                                                                 \
        {#word, FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = #word, .en = #word, .zh = (of_zh)},                \
        F_WORDS,                                                                                                       \
    };                                                                                                                 \
    static sluice_result word##_is_there(desk_command *c, record *r, const desk_input *in) {                           \
        record parent;                                                                                                 \
        (void)in;                                                                                                      \
        return place_parent(c, &NAME##_COMMENT_KIND, r, &parent);                                                      \
    }                                                                                                                  \
    static const desk_act_row NAME##_NOTE_ACTS[] = {                                                                   \
        {"create", NULL, NULL, ROLES_OFFICERS | ROLE_OUTREACH, 0, BY(COMMENT_BY), AT(COMMENT_AT),                      \
         INPUTS(NAME##_NOTE_INPUTS), RUN(word##_is_there), SAYS("comment", "批注")},                                   \
    };                                                                                                                 \
    const desk_kind NAME##_COMMENT_KIND = {                                                                            \
        .table = &NAME##_NOTE_TABLE,                                                                                   \
        .name = #word "_comment",                                                                                      \
        .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR,                                                      \
        .parent = &NAME##_KIND,                                                                                        \
        .parent_field = COMMENT_OF,                                                                                    \
        ACTS_OF(NAME##_NOTE_ACTS),                                                                                     \
    }

COMMENT_KIND(LEAD, lead, "线索");
COMMENT_KIND(REPORT, report, "接警");
COMMENT_KIND(CASE, case, "案件");
COMMENT_KIND(WARNING, warning, "预警");
