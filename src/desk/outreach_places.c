/* Where outreach happens: residents' groups, events, partners of the alliance; and who wants no messages. */
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/outreach.h"

#define READERS (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR)
#define KEEPERS (ROLE_OUTREACH | ROLE_DUTY | ROLE_COMMANDER)

#define F_NAME(more)                                                                                                   \
    { "name", FIELD_TEXT, .flags = (more), .bytes_max = 200, .en = "name", .zh = "名称" }
#define F_AREA(more)                                                                                                   \
    { "area", FIELD_REFERENCE, .flags = (more), .target = "unit", .en = "area", .zh = "区域" }
#define F_CAMPAIGN                                                                                                     \
    {                                                                                                                  \
        "campaign", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "campaign", .en = "of this campaign",            \
                                     .zh = "所属宣传活动"                                                        \
    }

static sluice_result check_counts(desk_command *c, const record *r, uint8_t first, uint8_t last) {
    for (uint8_t i = first; i <= last; i++) {
        if (!r->values[i].is_null && (r->values[i].integer < 0 || r->values[i].integer > 100000000)) {
            return desk_fault_add(c, r->table->fields[i].name, "a number from 0 to 100,000,000 is expected");
        }
    }
    return SLUICE_OK;
}

/* A reference to a campaign must be to one that is there. */
static sluice_result check_campaign(desk_command *c, const record *r, uint8_t field) {
    record campaign;
    if (r->values[field].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &CAMPAIGN_KIND, r->values[field].integer, &campaign);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "campaign", "a campaign that you can see is expected")
                                        : result;
}

/* ---- groups ---- */

#define PLATFORMS "wecom|dingtalk|feishu|other"
#define F_PARTNER                                                                                                      \
    {                                                                                                                  \
        "partner", FIELD_TEXT, .bytes_max = 64, .en = "partner of the link to its bot; none: no bot",                  \
                               .zh = "群机器人接口"                                                              \
    }
#define F_COMMUNITY                                                                                                    \
    { "community", FIELD_TEXT, .bytes_max = 200, .en = "community", .zh = "社区、小区" }
#define F_MEMBERS(more)                                                                                                \
    { "members", FIELD_INTEGER, .flags = (more), .en = "members", .zh = "成员数" }

static const record_field GROUP[GROUP_FIELDS] = {
    [GROUP_NAME] = F_NAME(FIELD_REQUIRED),
    [GROUP_PLATFORM] = {"platform", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                        .codes = PLATFORMS, .en = "platform", .zh = "平台"},
    [GROUP_PARTNER] = F_PARTNER,
    [GROUP_COMMUNITY] = F_COMMUNITY,
    [GROUP_MEMBERS] = F_MEMBERS(FIELD_REQUIRED),
    [GROUP_COUNTED_AT] = F_SET_TIME("counted_at", "counted at", "统计时间"),
    [GROUP_STATE] = F_STATE("open|closed"),
    [GROUP_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [GROUP_STATION] = F_SET_UNIT("station", "station", "派出所"),
};
static const record_table GROUPS = {
    "chat_group",
    GROUP,
    GROUP_FIELDS,
    (const record_index[]){{false, {GROUP_DISTRICT, GROUP_STATE, RECORD_END, RECORD_END}},
                           {false, {GROUP_STATION, GROUP_STATE, RECORD_END, RECORD_END}}},
    2,
    false,
    "chat groups",
    "居民微信群等群组"};
static const record_field GROUP_ADD[] = {
    F_NAME(FIELD_REQUIRED),
    {"platform", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = PLATFORMS, .en = "platform", .zh = "平台"},
    F_PARTNER,
    F_COMMUNITY,
    F_MEMBERS(FIELD_REQUIRED),
    F_AREA(FIELD_REQUIRED),
};
static const record_field GROUP_COUNT[] = {F_MEMBERS(FIELD_REQUIRED)};
static const record_field GROUP_EDIT[] = {F_NAME(0), F_PARTNER, F_COMMUNITY};

static sluice_result count_group(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[GROUP_COUNTED_AT] = value_integer(c->now_ms);
    return check_counts(c, r, GROUP_MEMBERS, GROUP_MEMBERS);
}

static sluice_result add_group(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = outreach_area(c, &CHAT_GROUP_KIND, r, desk_given_value(in, "area")->integer);
    return result == SLUICE_OK ? count_group(c, r, in) : result;
}

static const desk_act_row GROUP_ACTS[] = {
    {"create", NULL, "open", KEEPERS, 0, INPUTS(GROUP_ADD), RUN(add_group), SAYS("enter a group", "登记群组")},
    {"edit", "open", NULL, KEEPERS, 0, INPUTS(GROUP_EDIT), SAYS("change its name, bot or community", "修改")},
    {"count", "open", NULL, KEEPERS, 0, INPUTS(GROUP_COUNT), RUN(count_group), SAYS("update the count", "更新成员数")},
    {"close", "open", "closed", KEEPERS, 0, SAYS("it is gone", "停用")},
};
static const uint8_t GROUP_SEARCHED[] = {GROUP_NAME, GROUP_COMMUNITY, NO_FIELD};
const desk_kind CHAT_GROUP_KIND = {
    .table = &GROUPS,
    .name = "chat_group",
    .collection = "chat-groups",
    .readers = READERS,
    .state = SOME(GROUP_STATE),
    .district = SOME(GROUP_DISTRICT),
    .station = SOME(GROUP_STATION),
    ACTS_OF(GROUP_ACTS),
    .search = GROUP_SEARCHED,
};

/* ---- events ---- */

#define EVENTS "school|parents_online|community|enterprise|market|other"
#define HEADS                                                                                                          \
    F_COUNT("parents", 0, "parents", "家长数"), F_COUNT("students", 0, "students", "学生数"),                          \
        F_COUNT("residents", 0, "residents", "群众数"), F_COUNT("staff", 0, "staff", "工作人员数"),                    \
        F_COUNT("officers", 0, "officers", "民警数"), F_COUNT("materials", 0, "materials handed out", "发放材料份数"), \
        F_COUNT("points", 0, "outreach points", "宣传点数")

static const record_field EVENT[OUTREACH_EVENT_FIELDS] = {
    [OUTREACH_EVENT_TITLE] = {"title", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 300, .en = "title",
                              .zh = "名称"},
    [OUTREACH_EVENT_CATEGORY] = {"category", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                                 .codes = EVENTS, .en = "type", .zh = "类型"},
    [OUTREACH_EVENT_PLACE] = {"place", FIELD_TEXT, .bytes_max = 300, .en = "place", .zh = "地点"},
    [OUTREACH_EVENT_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FILTER, .en = "time", .zh = "时间"},
    [OUTREACH_EVENT_CAMPAIGN] = F_CAMPAIGN,
    [OUTREACH_EVENT_OPERATION] = F_OPERATION(FIELD_FILTER),
    [OUTREACH_EVENT_AREA] = F_AREA(FIELD_REQUIRED | FIELD_FIXED),
    [OUTREACH_EVENT_PARENTS] = F_COUNT("parents", 0, "parents", "家长数"),
    [OUTREACH_EVENT_STUDENTS] = F_COUNT("students", 0, "students", "学生数"),
    [OUTREACH_EVENT_RESIDENTS] = F_COUNT("residents", 0, "residents", "群众数"),
    [OUTREACH_EVENT_STAFF] = F_COUNT("staff", 0, "staff", "工作人员数"),
    [OUTREACH_EVENT_OFFICERS] = F_COUNT("officers", 0, "officers", "民警数"),
    [OUTREACH_EVENT_MATERIALS] = F_COUNT("materials", 0, "materials handed out", "发放材料份数"),
    [OUTREACH_EVENT_POINTS] = F_COUNT("points", 0, "outreach points", "宣传点数"),
    [OUTREACH_EVENT_WORDS] = {"words", FIELD_TEXT, .en = "description", .zh = "情况"},
    [OUTREACH_EVENT_STATE] = F_STATE("planned|held|cancelled"),
    [OUTREACH_EVENT_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [OUTREACH_EVENT_STATION] = F_SET_UNIT("station", "station", "派出所"),
    [OUTREACH_EVENT_MADE_BY] = F_SET_USER("made_by", "entered by", "录入人"),
};
static const record_table EVENTS_TABLE = {
    "outreach_event",
    EVENT,
    OUTREACH_EVENT_FIELDS,
    (const record_index[]){{false, {OUTREACH_EVENT_STATE, OUTREACH_EVENT_AT, RECORD_END, RECORD_END}},
                           {false, {OUTREACH_EVENT_DISTRICT, OUTREACH_EVENT_STATE, OUTREACH_EVENT_AT, RECORD_END}},
                           {false, {OUTREACH_EVENT_CAMPAIGN, RECORD_END, RECORD_END, RECORD_END}}},
    3,
    false,
    "outreach events",
    "线下、线上宣传活动"};
static const record_field EVENT_PLAN[] = {
    {"title", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 300, .en = "title", .zh = "名称"},
    {"category", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = EVENTS, .en = "type", .zh = "类型"},
    {"place", FIELD_TEXT, .bytes_max = 300, .en = "place", .zh = "地点"},
    {"at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
    {"campaign", FIELD_REFERENCE, .target = "campaign", .en = "campaign", .zh = "所属宣传活动"},
    F_AREA(FIELD_REQUIRED),
    F_OPERATION(0),
};
static const record_field EVENT_HELD[] = {
    HEADS,
    {"words", FIELD_TEXT, .en = "description", .zh = "情况"},
};
static const record_field NOTE[] = {F_NOTE};

static sluice_result plan_event(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    sluice_result result = outreach_area(c, &OUTREACH_EVENT_KIND, r, r->values[OUTREACH_EVENT_AREA].integer);
    result = result == SLUICE_OK ? check_campaign(c, r, OUTREACH_EVENT_CAMPAIGN) : result;
    return result == SLUICE_OK ? fields_check_operation(c, &r->values[OUTREACH_EVENT_OPERATION]) : result;
}

static sluice_result hold_event(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[OUTREACH_EVENT_AT].integer > c->now_ms) {
        return error_set(c->error, SLUICE_E_STATE, "the event is still to come: its heads are counted afterwards");
    }
    return check_counts(c, r, OUTREACH_EVENT_PARENTS, OUTREACH_EVENT_POINTS);
}

static const record_field EVENT_CORRECT[] = {
    HEADS,
    F_NOTE,
};

static const desk_act_row EVENT_ACTS[] = {
    {"plan", NULL, "planned", KEEPERS, 0, BY(OUTREACH_EVENT_MADE_BY), INPUTS(EVENT_PLAN), RUN(plan_event),
     SAYS("plan an event", "计划活动")},
    {"hold", "planned", "held", KEEPERS, 0, INPUTS(EVENT_HELD), RUN(hold_event),
     SAYS("it was held: heads by kind", "登记活动情况")},
    {"correct", "held", NULL, KEEPERS, ACT_REASON, INPUTS(EVENT_CORRECT), RUN(hold_event),
     SAYS("correct its counts", "更正人数")},
    {"cancel", "planned", "cancelled", KEEPERS, ACT_REASON, INPUTS(NOTE), SAYS("it is not held", "取消")},
};
static const uint8_t EVENT_SEARCHED[] = {OUTREACH_EVENT_TITLE, OUTREACH_EVENT_PLACE, NO_FIELD};
const desk_kind OUTREACH_EVENT_KIND = {
    .table = &EVENTS_TABLE,
    .name = "outreach_event",
    .collection = "outreach-events",
    .readers = READERS,
    .prefix = "HD",
    .state = SOME(OUTREACH_EVENT_STATE),
    .district = SOME(OUTREACH_EVENT_DISTRICT),
    .station = SOME(OUTREACH_EVENT_STATION),
    ACTS_OF(EVENT_ACTS),
    .search = EVENT_SEARCHED,
};

/* ---- who wants no messages ---- */

static const record_field OPT_OUT[OPT_OUT_FIELDS] = {
    [OPT_OUT_PERSON] = {"person", FIELD_TEXT, SECRECY_SECRET, FIELD_REQUIRED | FIELD_FIXED | FIELD_SERVER,
                        .bytes_max = 32, .en = "keyed hash of the number", .zh = "号码的密钥哈希"},
    [OPT_OUT_SOURCE] = {"source", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED, .codes = "reply|call|visit|letter",
                        .en = "source", .zh = "来源"},
    [OPT_OUT_STATE] = F_STATE("active|revoked"),
    [OPT_OUT_BY] = F_SET_USER("by", "entered by", "登记人"),
    [OPT_OUT_AT] = F_SET_TIME("at", "entered at", "登记时间"),
};
static const record_table OPT_OUTS = {
    "opt_out",
    OPT_OUT,
    OPT_OUT_FIELDS,
    (const record_index[]){{true, {OPT_OUT_PERSON, RECORD_END, RECORD_END, RECORD_END}}},
    1,
    false,
    "opt-outs",
    "退订登记"};
static const record_field OPT_OUT_ADD[] = {
    {"phone", FIELD_TEXT, SECRECY_PHONE, FIELD_REQUIRED, .bytes_max = 40, .en = "phone; only its keyed hash is kept",
     .zh = "号码；仅保存密钥哈希"},
    {"source", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "reply|call|visit|letter", .en = "source", .zh = "来源"},
};

/* One row a person: who opts out again is active again. */
static sluice_result opt_out(desk_command *c, record *r, const desk_input *in) {
    record there;
    sluice_text person = outreach_person(c->desk->store, desk_given_value(in, "phone")->text, c->arena);
    if (person.data == NULL) {
        return error_no_memory(c->error, 64);
    }
    r->values[OPT_OUT_PERSON] = value_text(person);
    query_term same = {OPT_OUT_PERSON, QUERY_EQUAL, value_text(person), NULL, 0};
    sluice_result result = desk_find(c, &OPT_OUTS, &same, 1, &there);
    if (result == SLUICE_OK) {
        there.values[OPT_OUT_STATE] = value_text(TEXT("active"));
        there.values[OPT_OUT_BY] = r->values[OPT_OUT_BY];
        there.values[OPT_OUT_AT] = r->values[OPT_OUT_AT];
        *r = there;
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static const desk_act_row OPT_OUT_ACTS[] = {
    {"add", NULL, "active", KEEPERS, 0, BY(OPT_OUT_BY), AT(OPT_OUT_AT), INPUTS(OPT_OUT_ADD), RUN(opt_out),
     RESTS_ON("个人信息保护法 Art. 24"), SAYS("add an opt-out", "登记退订")},
    {"revoke", "active", "revoked", KEEPERS, ACT_REASON, BY(OPT_OUT_BY), AT(OPT_OUT_AT), INPUTS(NOTE),
     SAYS("he wants them again", "取消退订")},
};
const desk_kind OPT_OUT_KIND = {
    .table = &OPT_OUTS,
    .name = "opt_out",
    .collection = "opt-outs",
    .readers = READERS,
    .state = SOME(OPT_OUT_STATE),
    ACTS_OF(OPT_OUT_ACTS),
};

/* ---- the alliance ---- */

#define PARTNERS "market|petrol_station|power_bank|school|company|media|other"
#define F_CONTACT                                                                                                      \
    { "contact", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "contact", .zh = "联系人" }
#define F_MAIL_ADDRESS                                                                                                 \
    { "mail", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 200, .en = "mail address", .zh = "邮箱" }

static const record_field ALLIANCE[ALLIANCE_FIELDS] = {
    [ALLIANCE_NAME] = F_NAME(FIELD_REQUIRED),
    [ALLIANCE_CATEGORY] = {"category", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                           .codes = PARTNERS, .en = "type", .zh = "类型"},
    [ALLIANCE_CONTACT] = F_CONTACT,
    [ALLIANCE_MAIL] = F_MAIL_ADDRESS,
    [ALLIANCE_AREA] = F_AREA(FIELD_REQUIRED | FIELD_FIXED),
    [ALLIANCE_STATE] = F_STATE("active|ended"),
    [ALLIANCE_SINCE] = F_SET_TIME("since", "since", "加入时间"),
    [ALLIANCE_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [ALLIANCE_STATION] = F_SET_UNIT("station", "station", "派出所"),
};
static const record_table ALLIANCES = {
    "alliance_partner",
    ALLIANCE,
    ALLIANCE_FIELDS,
    (const record_index[]){{false, {ALLIANCE_DISTRICT, ALLIANCE_STATE, RECORD_END, RECORD_END}}},
    1,
    false,
    "alliance partners",
    "反诈联盟成员"};
static const record_field ALLIANCE_JOIN[] = {
    F_NAME(FIELD_REQUIRED),
    {"category", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = PARTNERS, .en = "type", .zh = "类型"},
    F_CONTACT,
    F_MAIL_ADDRESS,
    F_AREA(FIELD_REQUIRED),
};
static const record_field ALLIANCE_EDIT[] = {F_NAME(0), F_CONTACT, F_MAIL_ADDRESS};

static sluice_result join_alliance(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return outreach_area(c, &ALLIANCE_PARTNER_KIND, r, r->values[ALLIANCE_AREA].integer);
}

static const desk_act_row ALLIANCE_ACTS[] = {
    {"join", NULL, "active", KEEPERS, 0, AT(ALLIANCE_SINCE), INPUTS(ALLIANCE_JOIN), RUN(join_alliance),
     SAYS("it joins the alliance", "加入联盟")},
    {"edit", "active", NULL, KEEPERS, 0, INPUTS(ALLIANCE_EDIT), SAYS("change its name or contact", "修改")},
    {"leave", "active", "ended", KEEPERS, ACT_REASON, INPUTS(NOTE), SAYS("it leaves", "退出联盟")},
};

#define F_REACH                                                                                                        \
    F_COUNT("reach", 0, "people reached", "触达人数"),                                                                 \
        {"basis", FIELD_CODE, .codes = "counted|stated|estimated", .en = "basis of the count", .zh = "人数依据"},      \
        F_COUNT("materials", 0, "materials handed out", "发放材料份数")
#define F_PERIOD                                                                                                       \
    {"from", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "from", .zh = "开始时间"}, {                                   \
        "until", FIELD_TIME, .en = "until", .zh = "结束时间"                                                       \
    }

static const record_field ACTION[ALLIANCE_ACTION_FIELDS] = {
    [ALLIANCE_ACTION_PARTNER] = {"partner", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED,
                                 .target = "alliance_partner", .en = "partner", .zh = "成员"},
    [ALLIANCE_ACTION_CAMPAIGN] = F_CAMPAIGN,
    [ALLIANCE_ACTION_WHAT] = {"what", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 500, .en = "activity",
                              .zh = "内容"},
    [ALLIANCE_ACTION_FROM] = {"from", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FILTER, .en = "from",
                              .zh = "开始时间"},
    [ALLIANCE_ACTION_UNTIL] = {"until", FIELD_TIME, .en = "until", .zh = "结束时间"},
    [ALLIANCE_ACTION_REACH] = F_COUNT("reach", 0, "people reached", "触达人数"),
    [ALLIANCE_ACTION_BASIS] = {"basis", FIELD_CODE, .codes = "counted|stated|estimated", .en = "basis of the count",
                               .zh = "人数依据"},
    [ALLIANCE_ACTION_MATERIALS] = F_COUNT("materials", 0, "materials handed out", "发放材料份数"),
    [ALLIANCE_ACTION_STATE] = F_STATE("asked|done|cancelled"),
};
static const record_table ACTIONS = {
    "alliance_action",
    ACTION,
    ALLIANCE_ACTION_FIELDS,
    (const record_index[]){{false, {ALLIANCE_ACTION_PARTNER, ALLIANCE_ACTION_FROM, RECORD_END, RECORD_END}},
                           {false, {ALLIANCE_ACTION_CAMPAIGN, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {ALLIANCE_ACTION_STATE, ALLIANCE_ACTION_FROM, RECORD_END, RECORD_END}}},
    3,
    false,
    "alliance actions",
    "联盟成员宣传行动"};
static const record_field ACTION_ASK[] = {
    {"partner", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "alliance_partner", .en = "partner", .zh = "成员"},
    {"campaign", FIELD_REFERENCE, .target = "campaign", .en = "campaign", .zh = "所属宣传活动"},
    {"what", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 500, .en = "activity", .zh = "内容"},
    F_PERIOD,
};
static const record_field ACTION_DONE[] = {F_REACH, {"until", FIELD_TIME, .en = "until", .zh = "结束时间"}};

static sluice_result ask_action(desk_command *c, record *r, const desk_input *in) {
    record parent;
    (void)in;
    sluice_result result = place_parent(c, &ALLIANCE_ACTION_KIND, r, &parent);
    return result == SLUICE_OK ? check_campaign(c, r, ALLIANCE_ACTION_CAMPAIGN) : result;
}

static sluice_result end_action(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (!r->values[ALLIANCE_ACTION_REACH].is_null && r->values[ALLIANCE_ACTION_BASIS].is_null) {
        return desk_fault_add(c, "basis", "counted, stated or estimated is expected beside a reach");
    }
    sluice_result result = check_counts(c, r, ALLIANCE_ACTION_REACH, ALLIANCE_ACTION_REACH);
    return result == SLUICE_OK ? check_counts(c, r, ALLIANCE_ACTION_MATERIALS, ALLIANCE_ACTION_MATERIALS) : result;
}

static const desk_act_row ACTION_ACTS[] = {
    {"ask", NULL, "asked", KEEPERS, 0, INPUTS(ACTION_ASK), RUN(ask_action), SAYS("request an action", "安排行动")},
    {"finish", "asked", "done", KEEPERS, 0, INPUTS(ACTION_DONE), RUN(end_action),
     SAYS("it is done: how many it reached", "登记完成情况")},
    {"cancel", "asked", "cancelled", KEEPERS, ACT_REASON, INPUTS(NOTE), SAYS("it is not done", "取消")},
};
const desk_kind ALLIANCE_ACTION_KIND = {
    .table = &ACTIONS,
    .name = "alliance_action",
    .collection = "alliance-actions",
    .readers = READERS,
    .state = SOME(ALLIANCE_ACTION_STATE),
    .parent = &ALLIANCE_PARTNER_KIND,
    .parent_field = ALLIANCE_ACTION_PARTNER,
    ACTS_OF(ACTION_ACTS),
};

static const desk_child CHILDREN[] = {{"actions", &ALLIANCE_ACTION_KIND, ALLIANCE_ACTION_PARTNER}};
static const uint8_t SEARCHED[] = {ALLIANCE_NAME, NO_FIELD};
const desk_kind ALLIANCE_PARTNER_KIND = {
    .table = &ALLIANCES,
    .name = "alliance_partner",
    .collection = "alliance-partners",
    .readers = READERS,
    .prefix = "LM",
    .state = SOME(ALLIANCE_STATE),
    .district = SOME(ALLIANCE_DISTRICT),
    .station = SOME(ALLIANCE_STATION),
    ACTS_OF(ALLIANCE_ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
