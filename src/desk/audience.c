/* Audiences, and what is told to them. */
#include "base/hash.h"
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/outreach.h"

#define PRIVACY "个人信息保护法 Arts. 5, 6, 28"

sluice_text outreach_person(const store *s, sluice_text phone, arena *a) {
    char hex[SHA256_HEX_BYTES];
    sluice_text bare = place_phone(phone, a);
    if (bare.data == NULL || hmac_sha256(store_secret(s), 32, bare.data, bare.length, hex) != SLUICE_OK) {
        return (sluice_text){0};
    }
    const char *copy = arena_copy(a, hex, 32);
    return (sluice_text){copy, copy == NULL ? 0 : 32};
}

/* Whoever is below the city works on his own area. */
sluice_result outreach_area(desk_command *c, const desk_kind *kind, record *r, int64_t area) {
    unit_place place;
    sluice_result result = unit_place_of(c->desk->store, area, c->arena, &place, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "area", "a unit that is there is expected");
    }
    bool is_own = c->actor->level == LEVEL_CITY || (c->actor->roles & ROLE_SYSTEM) != 0 ||
                  (c->actor->level == LEVEL_DISTRICT && place.district == c->actor->district) ||
                  (c->actor->level == LEVEL_STATION && place.station == c->actor->station);
    if (result == SLUICE_OK && !is_own) {
        return desk_fault_add(c, "area", "your own unit, or one below it, is expected");
    }
    if (result == SLUICE_OK) {
        place_set(kind, r, place.district, place.station);
    }
    return result;
}

#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "title", .zh = "名称" }
#define F_AREA(more)                                                                                                   \
    { "area", FIELD_REFERENCE, .flags = (more), .target = "unit", .en = "area", .zh = "区域" }
#define F_RISK(more)                                                                                                   \
    {                                                                                                                  \
        "risk", FIELD_CODE, .flags = (more), .codes = OUTREACH_RISKS,                                                  \
                            .en = "highest tier of the person's warnings; victim: has reported a loss",                \
                            .zh = "风险等级"                                                                       \
    }
#define F_AGE(more)                                                                                                    \
    {                                                                                                                  \
        "age", FIELD_CODE, .flags = (more), .codes = OUTREACH_AGES,                                                    \
                           .en = "age group; by the identity number where a report has it", .zh = "年龄段"          \
    }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, .en = "purpose", .zh = "说明" }

static const record_field FIELDS[AUDIENCE_FIELDS] = {
    [AUDIENCE_TITLE] = F_TITLE(FIELD_REQUIRED),
    [AUDIENCE_AREA] = F_AREA(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [AUDIENCE_RISK] = F_RISK(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [AUDIENCE_AGE] = F_AGE(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [AUDIENCE_WORDS] = F_WORDS,
    [AUDIENCE_STATE] = F_STATE("open|closed"),
    [AUDIENCE_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [AUDIENCE_STATION] = F_SET_UNIT("station", "station", "派出所"),
    [AUDIENCE_MADE_BY] = F_SET_USER("made_by", "made by", "创建人"),
};
static const record_table TABLE = {
    "audience",
    FIELDS,
    AUDIENCE_FIELDS,
    (const record_index[]){{false, {AUDIENCE_DISTRICT, AUDIENCE_STATE, RECORD_END, RECORD_END}}},
    1,
    false,
    "audiences",
    "宣传对象群体"};
static const record_field CREATE[] = {F_TITLE(FIELD_REQUIRED), F_AREA(FIELD_REQUIRED), F_RISK(0), F_AGE(0), F_WORDS};

static sluice_result create(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    for (int i = AUDIENCE_RISK; i <= AUDIENCE_AGE; i++) {
        if (r->values[i].is_null) {
            r->values[i] = value_text(TEXT("any"));
        }
    }
    return outreach_area(c, &AUDIENCE_KIND, r, r->values[AUDIENCE_AREA].integer);
}

static const desk_act_row ACTS[] = {
    {"create", NULL, "open", ROLE_OUTREACH | ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER, 0, BY(AUDIENCE_MADE_BY),
     INPUTS(CREATE), RUN(create), RESTS_ON(PRIVACY),
     SAYS("define an audience; it is a count, never a list", "定义宣传对象群体")},
    {"close", "open", "closed", ROLE_OUTREACH | ROLE_COMMANDER, 0, SAYS("it is not used any more", "停用")},
};
static const uint8_t SEARCHED[] = {AUDIENCE_TITLE, NO_FIELD};
const desk_kind AUDIENCE_KIND = {
    .table = &TABLE,
    .name = "audience",
    .collection = "audiences",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR,
    .state = SOME(AUDIENCE_STATE),
    .district = SOME(AUDIENCE_DISTRICT),
    .station = SOME(AUDIENCE_STATION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};

/* ---- materials ---- */

#define F_FRAUD_TYPE                                                                                                   \
    {                                                                                                                  \
        "fraud_type", FIELD_CODE, .flags = FIELD_FILTER, .target = "fraud_type", .en = "against which type of fraud",  \
                                  .zh = "针对的诈骗类型"                                                        \
    }
#define F_LANGUAGE(more)                                                                                               \
    { "language", FIELD_CODE, .flags = (more), .codes = "zh|en", .en = "language", .zh = "语言" }
#define F_SMS                                                                                                          \
    { "sms", FIELD_TEXT, .bytes_max = 1000, .en = "SMS text", .zh = "短信文本" }
#define F_BOT                                                                                                          \
    { "bot", FIELD_TEXT, .bytes_max = 4000, .en = "group message", .zh = "群机器人文本" }
#define F_SUBJECT                                                                                                      \
    { "mail_subject", FIELD_TEXT, .bytes_max = 200, .en = "mail subject", .zh = "邮件主题" }
#define F_MAIL                                                                                                         \
    { "mail", FIELD_TEXT, .bytes_max = 16000, .en = "mail text", .zh = "邮件正文" }

static const record_field MATERIAL[MATERIAL_FIELDS] = {
    [MATERIAL_TITLE] = F_TITLE(FIELD_REQUIRED),
    [MATERIAL_FRAUD_TYPE] = F_FRAUD_TYPE,
    [MATERIAL_LANGUAGE] = F_LANGUAGE(FIELD_REQUIRED | FIELD_FILTER),
    [MATERIAL_FIRST] = {"first", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "material",
                        .en = "first version", .zh = "首版"},
    [MATERIAL_NUMBER] = {"edition", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "version", .zh = "版次"},
    [MATERIAL_SMS] = F_SMS,
    [MATERIAL_BOT] = F_BOT,
    [MATERIAL_SUBJECT] = F_SUBJECT,
    [MATERIAL_MAIL] = F_MAIL,
    [MATERIAL_STATE] = F_STATE("draft|approved|refused|withdrawn"),
    [MATERIAL_MADE_BY] = F_SET_USER("made_by", "written by", "编写人"),
    [MATERIAL_APPROVED_BY] = F_SET_USER("approved_by", "decided by", "审核人"),
    [MATERIAL_APPROVED_AT] = F_SET_TIME("approved_at", "decided at", "审核时间"),
};
static const record_table MATERIALS = {
    "material",
    MATERIAL,
    MATERIAL_FIELDS,
    (const record_index[]){{false, {MATERIAL_FIRST, MATERIAL_NUMBER, RECORD_END, RECORD_END}},
                           {false, {MATERIAL_STATE, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    false,
    "materials; each version its own",
    "宣传材料"};
static const record_field WRITE[] = {
    F_TITLE(FIELD_REQUIRED), F_FRAUD_TYPE, F_LANGUAGE(FIELD_REQUIRED), F_SMS, F_BOT, F_SUBJECT, F_MAIL,
};
static const record_field REVISE[] = {
    {"of", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "material", .en = "previous version", .zh = "原版本"},
    F_TITLE(0),
    F_SMS,
    F_BOT,
    F_SUBJECT,
    F_MAIL,
};
static const record_field NOTE[] = {F_NOTE};

static sluice_result check_texts(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    bool none = r->values[MATERIAL_SMS].is_null && r->values[MATERIAL_BOT].is_null && r->values[MATERIAL_MAIL].is_null;
    r->values[MATERIAL_NUMBER] = r->values[MATERIAL_NUMBER].is_null ? value_integer(1) : r->values[MATERIAL_NUMBER];
    return none ? desk_fault_add(c, "sms", "a text for one channel at least (sms, bot, mail) is expected") : SLUICE_OK;
}

/* What is not said anew stays as it was; versions count within the first one. */
static sluice_result revise(desk_command *c, record *r, const desk_input *in) {
    record of;
    uint64_t later = 0;
    sluice_result result = desk_get(c, &MATERIAL_KIND, desk_given_value(in, "of")->integer, &of);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "of", "a material that is there is expected");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t first = of.values[MATERIAL_FIRST].is_null ? of.id : of.values[MATERIAL_FIRST].integer;
    static const uint8_t KEPT[] = {MATERIAL_TITLE, MATERIAL_FRAUD_TYPE, MATERIAL_LANGUAGE, MATERIAL_SMS,
                                   MATERIAL_BOT,   MATERIAL_SUBJECT,    MATERIAL_MAIL};
    for (size_t i = 0; i < sizeof KEPT; i++) {
        if (r->values[KEPT[i]].is_null) {
            r->values[KEPT[i]] = of.values[KEPT[i]];
        }
    }
    query_term same = {MATERIAL_FIRST, QUERY_EQUAL, value_integer(first), NULL, 0};
    record_query query = {.table = &MATERIALS, .terms = &same, .term_count = 1};
    result = store_count(c->desk->store, &query, 0, &later, c->error);
    r->values[MATERIAL_FIRST] = value_integer(first);
    r->values[MATERIAL_NUMBER] = value_integer((int64_t)later + 2);
    return result == SLUICE_OK ? check_texts(c, r, in) : result;
}

static const desk_act_row MATERIAL_ACTS[] = {
    {"write", NULL, "draft", ROLE_OUTREACH | ROLE_ANALYST | ROLE_COMMANDER, 0, BY(MATERIAL_MADE_BY), INPUTS(WRITE),
     RUN(check_texts), SAYS("write a material", "编写材料")},
    {"revise", NULL, "draft", ROLE_OUTREACH | ROLE_ANALYST | ROLE_COMMANDER, 0, BY(MATERIAL_MADE_BY), INPUTS(REVISE),
     RUN(revise), SAYS("write the next version of one", "修订（生成新版本）")},
    {"approve", "draft", "approved", ROLE_APPROVER | ROLE_COMMANDER, 0, OTHER_THAN(MATERIAL_MADE_BY),
     BY(MATERIAL_APPROVED_BY), AT(MATERIAL_APPROVED_AT), INPUTS(NOTE), SAYS("approve it", "审核通过")},
    {"refuse", "draft", "refused", ROLE_APPROVER | ROLE_COMMANDER, ACT_REASON, BY(MATERIAL_APPROVED_BY),
     AT(MATERIAL_APPROVED_AT), INPUTS(NOTE), SAYS("refuse it", "不予通过")},
    {"withdraw", "approved", "withdrawn", ROLE_OUTREACH | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE),
     SAYS("use it no more", "停用")},
};
static const uint8_t MATERIAL_SEARCHED[] = {MATERIAL_TITLE, NO_FIELD};
const desk_kind MATERIAL_KIND = {
    .table = &MATERIALS,
    .name = "material",
    .collection = "materials",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR,
    .prefix = "XC",
    .state = SOME(MATERIAL_STATE),
    ACTS_OF(MATERIAL_ACTS),
    .search = MATERIAL_SEARCHED,
};
