/* Outlets of banks and carriers, and what each institution says that they opened. */
#include "desk/outlet.h"

#include <string.h>

#include "desk/desk_private.h"
#include "desk/fields.h"

#define LAW "反电信网络诈骗法 Arts. 10, 16"

static const record_field FIELDS[OUTLET_FIELDS] = {
    [OUTLET_KEY] = {"key", FIELD_KEY, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                    .en = "outlet code; outlet:…", .zh = "网点标识；outlet:…"},
    [OUTLET_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "name", .zh = "网点名称"},
    [OUTLET_CATEGORY] = {"category", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                         .codes = "bank|telecom", .en = "type; of a bank or a carrier", .zh = "类别"},
    [OUTLET_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                            .bytes_max = 64, .en = "institution", .zh = "所属机构"},
    [OUTLET_DIVISION] = {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260",
                         .zh = "行政区划代码；GB/T 2260 六位"},
    [OUTLET_ADDRESS] = {"address", FIELD_TEXT, .bytes_max = 300, .en = "address", .zh = "地址"},
    [OUTLET_STATE] = F_STATE("open|closed"),
    [OUTLET_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [OUTLET_STATION] = F_SET_UNIT("station", "station", "派出所"),
};
static const record_index INDEXES[] = {
    {true, {OUTLET_KEY, RECORD_END, RECORD_END, RECORD_END}},
    {false, {OUTLET_DISTRICT, OUTLET_STATE, RECORD_END, RECORD_END}},
    {false, {OUTLET_INSTITUTION, OUTLET_STATE, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"outlet", FIELDS,    OUTLET_FIELDS,   INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,    "outlets", "银行、通信网点"};

static const record_field CREATE[] = {
    {"key", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "outlet code; outlet:…", .zh = "网点标识；outlet:…"},
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "name", .zh = "网点名称"},
    {"category", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "bank|telecom", .en = "type; of a bank or a carrier",
     .zh = "类别"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "institution; a partner's is its own",
     .zh = "所属机构；合作单位只能填本机构"},
    {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位"},
    {"address", FIELD_TEXT, .bytes_max = 300, .en = "address", .zh = "地址"},
};
static const record_field EDIT[] = {
    {"name", FIELD_TEXT, .bytes_max = 200, .en = "name", .zh = "网点名称"},
    {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位"},
    {"address", FIELD_TEXT, .bytes_max = 300, .en = "address", .zh = "地址"},
};

static bool is_partner(const desk_actor *actor) {
    return (actor->roles & ROLE_PARTNER) != 0 && (actor->roles & ROLES_OFFICERS) == 0;
}

/* Where it stands decides whose it is. */
static sluice_result place(desk_command *c, record *r) {
    return place_by_home(c, &OUTLET_KIND, r, value_text_or_empty(&r->values[OUTLET_DIVISION]),
                         value_text_or_empty(&r->values[OUTLET_ADDRESS]), (sluice_text){0});
}

static sluice_result create(desk_command *c, record *r, const desk_input *in) {
    sluice_text kind, rest;
    (void)in;
    (void)text_split(r->values[OUTLET_KEY].text, ':', &kind, &rest);
    if (!text_equal(kind, TEXT("outlet"))) {
        return desk_fault_add(c, "key", "a key of the kind outlet: is expected");
    }
    if (is_partner(c->actor)) {
        r->values[OUTLET_INSTITUTION] = value_text(c->actor->institution);
    }
    if (r->values[OUTLET_INSTITUTION].is_null) {
        return desk_fault_add(c, "institution", "is required");
    }
    return place(c, r);
}

static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return place(c, r);
}

static const unsigned KEEPERS = ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER | ROLE_ADMINISTRATOR;
static const desk_act_row ACTS[] = {
    {"create", NULL, "open", ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER | ROLE_ADMINISTRATOR | ROLE_PARTNER, 0,
     INPUTS(CREATE), RUN(create), RESTS_ON(LAW), SAYS("enter an outlet", "登记网点")},
    {"edit", "open", NULL, KEEPERS, 0, INPUTS(EDIT), RUN(edit), SAYS("change its name or place", "修改")},
    {"close", "open", "closed", KEEPERS, 0, SAYS("it opens cards no more", "停业")},
};

/* ---- what it opened ---- */

static const record_field MONTH[OUTLET_MONTH_FIELDS] = {
    [OUTLET_MONTH_OUTLET] = {"outlet", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                             .target = "outlet", .en = "outlet", .zh = "网点"},
    [OUTLET_MONTH_MONTH] = {"month", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 7,
                            .en = "month; like 2026-11", .zh = "月份；如 2026-11"},
    [OUTLET_MONTH_OPENED] = {"opened", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "cards and accounts opened",
                             .zh = "开卡（户）数"},
    [OUTLET_MONTH_BY] = F_SET_USER("by", "entered by", "录入人"),
    [OUTLET_MONTH_AT] = F_SET_TIME("at", "entered at", "录入时间"),
};
static const record_table MONTHS = {
    "outlet_month",
    MONTH,
    OUTLET_MONTH_FIELDS,
    (const record_index[]){{true, {OUTLET_MONTH_OUTLET, OUTLET_MONTH_MONTH, RECORD_END, RECORD_END}},
                           {false, {OUTLET_MONTH_MONTH, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    false,
    "openings by month; how many cards an outlet opened",
    "月度开卡数"};
static const record_field STATE_MONTH[] = {
    {"outlet", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "outlet", .en = "outlet", .zh = "网点"},
    {"month", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 7, .en = "month; like 2026-11",
     .zh = "月份；如 2026-11"},
    {"opened", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "cards and accounts opened", .zh = "开卡（户）数"},
};

static bool is_month(sluice_text text) {
    uint64_t year = 0, month = 0;
    return text.length == 7 && text.data[4] == '-' && text_to_u64((sluice_text){text.data, 4}, &year) && year >= 1900 &&
           text_to_u64((sluice_text){text.data + 5, 2}, &month) && month >= 1 && month <= 12;
}

/* The same month again replaces what was said before; its history keeps both. */
static sluice_result state_month(desk_command *c, record *r, const desk_input *in) {
    record parent, there;
    (void)in;
    if (!is_month(r->values[OUTLET_MONTH_MONTH].text)) {
        return desk_fault_add(c, "month", "a month like 2026-11 is expected");
    }
    if (r->values[OUTLET_MONTH_OPENED].integer < 0) {
        return desk_fault_add(c, "opened", "a number from 0 on is expected");
    }
    sluice_result result = place_parent(c, &OUTLET_MONTH_KIND, r, &parent);
    query_term same[2] = {{OUTLET_MONTH_OUTLET, QUERY_EQUAL, r->values[OUTLET_MONTH_OUTLET], NULL, 0},
                          {OUTLET_MONTH_MONTH, QUERY_EQUAL, r->values[OUTLET_MONTH_MONTH], NULL, 0}};
    if (result == SLUICE_OK) {
        result = desk_find(c, &MONTHS, same, 2, &there);
        if (result == SLUICE_OK) {
            there.values[OUTLET_MONTH_OPENED] = r->values[OUTLET_MONTH_OPENED];
            there.values[OUTLET_MONTH_BY] = r->values[OUTLET_MONTH_BY];
            there.values[OUTLET_MONTH_AT] = r->values[OUTLET_MONTH_AT];
            *r = there;
        }
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static const desk_act_row MONTH_ACTS[] = {
    {"state", NULL, NULL, ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER | ROLE_PARTNER, 0, BY(OUTLET_MONTH_BY),
     AT(OUTLET_MONTH_AT), INPUTS(STATE_MONTH), RUN(state_month), RESTS_ON(LAW),
     SAYS("record a month's openings; the same month again replaces them", "报送月度开卡数")},
};
const desk_kind OUTLET_MONTH_KIND = {
    .table = &MONTHS,
    .name = "outlet_month",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .parent = &OUTLET_KIND,
    .parent_field = OUTLET_MONTH_OUTLET,
    ACTS_OF(MONTH_ACTS),
};

static const desk_child CHILDREN[] = {{"months", &OUTLET_MONTH_KIND, OUTLET_MONTH_OUTLET}};
static const uint8_t SEARCHED[] = {OUTLET_KEY, OUTLET_NAME, NO_FIELD};
const desk_kind OUTLET_KIND = {
    .table = &TABLE,
    .name = "outlet",
    .collection = "outlets",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "WD",
    .state = SOME(OUTLET_STATE),
    .district = SOME(OUTLET_DISTRICT),
    .station = SOME(OUTLET_STATION),
    .institution = SOME(OUTLET_INSTITUTION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
