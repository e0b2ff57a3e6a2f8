/* Rows that the tables of an operation's kinds share: private to them. */
#ifndef DESK_OPERATION_FIELDS_H
#define DESK_OPERATION_FIELDS_H

#include "desk/kind.h"

#define F_OPERATION(more)                                                                                              \
    {                                                                                                                  \
        "operation", FIELD_REFERENCE, .flags = (more) | FIELD_FILTER, .target = "operation", .en = "operation",        \
                                      .zh = "行动"                                                                   \
    }
#define F_SITE(more)                                                                                                   \
    { "site", FIELD_REFERENCE, .flags = (more), .target = "site", .en = "site", .zh = "行动点位" }
#define F_CASE(more)                                                                                                   \
    { "case", FIELD_REFERENCE, .flags = (more), .target = "case", .en = "case", .zh = "案件" }
#define F_USER(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = (en_), .zh = (zh_) }
#define F_AT(name_, en_, zh_)                                                                                          \
    { name_, FIELD_TIME, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define F_TIME(name_, more, en_, zh_)                                                                                  \
    { name_, FIELD_TIME, .flags = (more), .en = (en_), .zh = (zh_) }
#define F_TEXT(name_, more, bytes_, en_, zh_)                                                                          \
    { name_, FIELD_TEXT, .flags = (more), .bytes_max = (bytes_), .en = (en_), .zh = (zh_) }
#define F_SECRET_WORDS(name_, more, bytes_, en_, zh_)                                                                  \
    { name_, FIELD_TEXT, SECRECY_WORDS, (more), .bytes_max = (bytes_), .en = (en_), .zh = (zh_) }
#define F_DATED(name_, table_, more, en_, zh_)                                                                         \
    { name_, FIELD_CODE, .flags = (more), .target = (table_), .en = (en_), .zh = (zh_) }
#define F_STATE(codes_)                                                                                                \
    {                                                                                                                  \
        "state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .codes = (codes_), .en = "state",  \
                             .zh = "状态"                                                                            \
    }
#define F_DISTRICT                                                                                                     \
    {                                                                                                                  \
        "district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = "district",         \
                                     .zh = "县区"                                                                    \
    }
#define F_STATION                                                                                                      \
    {                                                                                                                  \
        "station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = "station",           \
                                    .zh = "派出所"                                                                  \
    }
#define F_UNIT(more)                                                                                                   \
    { "unit", FIELD_REFERENCE, .flags = (more), .target = "unit", .en = "unit", .zh = "单位" }
#define F_DIVISION                                                                                                     \
    { "division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位" }
#define F_PLACE_ADDRESS(more)                                                                                          \
    { "address", FIELD_TEXT, .flags = (more), .bytes_max = 400, .en = "address", .zh = "地址" }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }

#define INDEX_1(a)                                                                                                     \
    {                                                                                                                  \
        false, {                                                                                                       \
            a, RECORD_END, RECORD_END, RECORD_END                                                                      \
        }                                                                                                              \
    }
#define INDEX_2(a, b)                                                                                                  \
    {                                                                                                                  \
        false, {                                                                                                       \
            a, b, RECORD_END, RECORD_END                                                                               \
        }                                                                                                              \
    }
#define INDEXES_OF(array) (array), sizeof(array) / sizeof *(array)

#define COMMAND_RULE "the centre's own rule: one command, approved by another person (统一指挥)"
#define PROCEDURE_LAW "公安机关办理刑事案件程序规定"
#define PERSONAL_LAW "个人信息保护法 Arts. 6, 28"

/* Who plans, who is on the ground, who decides. */
#define PLANNERS (ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER)
#define FIELD_OFFICERS (ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER)
#define DECIDERS (ROLE_COMMANDER | ROLE_APPROVER)
#define OPERATION_READERS (ROLES_OFFICERS | ROLE_AUDITOR)

#endif
