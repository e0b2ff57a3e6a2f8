/* Rows of fields that many tables have, so that each is named and explained in one way. */
#ifndef DESK_FIELDS_H
#define DESK_FIELDS_H

#include "desk/kind.h"

/* The most that comes from outside: 10^11 yuan, so that the sums of figures, of up to 900,000 such amounts, are in 64
 * bits; and of what is counted. */
#define MONEY_MOST_FEN INT64_C(10000000000000)
#define NUMBER_MOST INT64_C(1000000000000)

#define F_SET_TIME(name_, en_, zh_)                                                                                    \
    { name_, FIELD_TIME, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define F_SET_USER(name_, en_, zh_)                                                                                    \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = (en_), .zh = (zh_) }
#define F_SET_UNIT(name_, en_, zh_)                                                                                    \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = (en_), .zh = (zh_) }
#define F_STATE(codes_)                                                                                                \
    {                                                                                                                  \
        "state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .codes = (codes_), .en = "state",  \
                             .zh = "状态"                                                                            \
    }
#define F_COUNT(name_, more, en_, zh_)                                                                                 \
    { name_, FIELD_INTEGER, .flags = (more), .en = (en_), .zh = (zh_) }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }
#define F_OPERATION(more)                                                                                              \
    {                                                                                                                  \
        "operation", FIELD_REFERENCE, .flags = (more), .target = "operation", .en = "of this operation",               \
                                      .zh = "所属集中行动"                                                       \
    }

/* A reference to an operation, if there is one, must be to one that the actor can see. INPUT with the field
 * `operation`.
 */
SLUICE_MUST_USE sluice_result fields_check_operation(desk_command *c, const record_value *operation);

#endif
