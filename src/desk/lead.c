/* A lead that is open is unique by its `open_key`, "type subject", which is null once it is finished: the store's
 * unique index holds what the fold promises. Folding costs one index look-up. */
#include "desk/lead.h"

#include <stdio.h>

#include "desk/case.h"
#include "desk/comment.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/timer.h"

#define SOURCES "finding|report|tip|partner|file"
#define TIERS "urgent|high|medium|low"
#define RESULTS "confirmed|not_confirmed|cannot_check"
#define F_TYPE(more)                                                                                                   \
    { "type", FIELD_CODE, .flags = (more), .target = "lead_type", .en = "type", .zh = "线索类别" }
#define F_SUBJECT(more)                                                                                                \
    { "subject", FIELD_KEY, SECRECY_KEY, (more), .en = "subject", .zh = "对象" }
#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "title", .zh = "标题" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 8000, .en = "details", .zh = "内容" }
#define F_TIER                                                                                                         \
    { "tier", FIELD_CODE, .flags = FIELD_FILTER, .codes = TIERS, .en = "tier", .zh = "等级" }
#define F_SOURCE(more)                                                                                                 \
    { "source", FIELD_CODE, .flags = (more), .codes = SOURCES, .en = "source", .zh = "来源" }
#define F_REFERENCE                                                                                                    \
    { "reference", FIELD_TEXT, .bytes_max = 300, .en = "source no.", .zh = "来源编号" }
#define F_SCORE(more)                                                                                                  \
    { "score", FIELD_INTEGER, .flags = (more), .en = "score; 0 to 100", .zh = "分值；0 至 100" }
#define F_RESULT(more)                                                                                                 \
    { "result", FIELD_CODE, .flags = (more), .codes = RESULTS, .en = "outcome", .zh = "核查结果" }
#define F_FEEDBACK(more)                                                                                               \
    {                                                                                                                  \
        "feedback", FIELD_TEXT, SECRECY_WORDS, (more), .bytes_max = 4000, .en = "what is told to whoever sent it",     \
                                                       .zh = "反馈"                                                  \
    }

static const record_field FIELDS[LEAD_FIELDS] = {
    [LEAD_TYPE] = F_TYPE(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [LEAD_SUBJECT] = F_SUBJECT(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [LEAD_TITLE] = F_TITLE(FIELD_REQUIRED),
    [LEAD_WORDS] = F_WORDS,
    [LEAD_TIER] = F_TIER,
    [LEAD_SCORE] = F_SCORE(0),
    [LEAD_SOURCE] = F_SOURCE(FIELD_REQUIRED | FIELD_FILTER),
    [LEAD_REFERENCE] = F_REFERENCE,
    [LEAD_SOURCE_COUNT] = {"source_count", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_SERVER,
                           .en = "times reported", .zh = "来源次数"},
    [LEAD_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_SERVER | FIELD_FILTER, .bytes_max = 64,
                          .en = "reported by", .zh = "报送单位"},
    [LEAD_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "new|assigned|accepted|finished|became_case", .en = "state", .zh = "状态"},
    [LEAD_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                       .en = "district", .zh = "县区"},
    [LEAD_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                      .en = "station", .zh = "派出所"},
    [LEAD_ASSIGNEE] = {"assignee", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "user",
                       .en = "assignee", .zh = "承办人"},
    [LEAD_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "due", .zh = "办结期限"},
    [LEAD_LEVEL] = {"level", FIELD_CODE, .flags = FIELD_SERVER | FIELD_FILTER, .codes = PLACE_LEVELS,
                    .en = "responsible level", .zh = "督办层级"},
    [LEAD_ESCALATIONS] = {"escalations", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "escalations", .zh = "上报次数"},
    [LEAD_RESULT] = F_RESULT(FIELD_FILTER),
    [LEAD_FEEDBACK] = F_FEEDBACK(0),
    [LEAD_FINISHED_BY] = {"finished_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "finished by",
                          .zh = "办结人"},
    [LEAD_FINISHED_AT] = {"finished_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "finished", .zh = "办结时间"},
    [LEAD_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "case",
                   .en = "resulting case", .zh = "转为案件"},
    [LEAD_OPEN_KEY] = {"open_key", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .bytes_max = 330,
                       .en = "deduplication key", .zh = "去重键"},
    [LEAD_WITHDRAWN] = {"withdrawn_evidence", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "withdrawn grounds",
                        .zh = "已撤回依据次数"},
};
static const record_index INDEXES[] = {
    {true, {LEAD_OPEN_KEY, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_STATE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_STATE, LEAD_DUE, RECORD_END, RECORD_END}},
    {false, {LEAD_DISTRICT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_DISTRICT, LEAD_STATE, RECORD_END, RECORD_END}},
    {false, {LEAD_DISTRICT, LEAD_STATE, LEAD_DUE, RECORD_END}},
    {false, {LEAD_STATION, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_ASSIGNEE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_TYPE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_SUBJECT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {LEAD_INSTITUTION, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"lead", FIELDS,  LEAD_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,  "leads", "线索"};

static const record_field SOURCE[LEAD_SOURCE_FIELDS] = {
    [LEAD_SOURCE_LEAD] = {"lead", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "lead",
                          .en = "lead", .zh = "线索"},
    [LEAD_SOURCE_SOURCE] = F_SOURCE(FIELD_REQUIRED),
    [LEAD_SOURCE_REFERENCE] = F_REFERENCE,
    [LEAD_SOURCE_INSTITUTION] = {"institution", FIELD_TEXT, .bytes_max = 64, .en = "reported by", .zh = "报送单位"},
    [LEAD_SOURCE_WORDS] = F_WORDS,
    [LEAD_SOURCE_USER] = {"user", FIELD_REFERENCE, .target = "user", .en = "entered by", .zh = "录入人"},
    [LEAD_SOURCE_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
    [LEAD_SOURCE_FEEDBACK] = F_FEEDBACK(0),
    [LEAD_SOURCE_FEEDBACK_AT] = {"feedback_at", FIELD_TIME, .en = "feedback sent", .zh = "反馈时间"},
};
static const record_table SOURCE_TABLE = {
    "lead_source",
    SOURCE,
    LEAD_SOURCE_FIELDS,
    (const record_index[]){{false, {LEAD_SOURCE_LEAD, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {LEAD_SOURCE_INSTITUTION, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    false,
    "each time that a lead came",
    "线索来源"};
const desk_kind LEAD_SOURCE_KIND = {
    .table = &SOURCE_TABLE,
    .name = "lead_source",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .parent = &LEAD_KIND,
    .parent_field = LEAD_SOURCE_LEAD,
};

/* ---- taking in ---- */

static sluice_result find_open(desk_command *c, sluice_text open_key, record *r) {
    query_term same = {LEAD_OPEN_KEY, QUERY_EQUAL, value_text(open_key), NULL, 0};
    return desk_find(c, &TABLE, &same, 1, r);
}

static sluice_result set_open_key(desk_command *c, record *r) {
    sluice_text type = r->values[LEAD_TYPE].text, subject = r->values[LEAD_SUBJECT].text;
    char *key = arena_alloc(c->arena, type.length + subject.length + 1);
    if (key == NULL) {
        return error_no_memory(c->error, type.length + subject.length);
    }
    memcpy(key, type.data, type.length);
    key[type.length] = ' ';
    memcpy(key + type.length + 1, subject.data, subject.length);
    r->values[LEAD_OPEN_KEY] = value_text((sluice_text){key, type.length + subject.length + 1});
    return SLUICE_OK;
}

/* urgent 0 … low 3, none 4. */
static int tier_rank(const record_value *tier) {
    static const char *const RANKS[] = {"urgent", "high", "medium", "low"};
    for (int i = 0; i < 4; i++) {
        if (!tier->is_null && text_equal(tier->text, text_of(RANKS[i]))) {
            return i;
        }
    }
    return 4;
}

/* Counts it to the open one, which keeps its clock and takes the higher tier and score. */
static void fold(record *r, const record *open) {
    record_value tier = r->values[LEAD_TIER], score = r->values[LEAD_SCORE];
    *r = *open;
    r->values[LEAD_SOURCE_COUNT].integer++;
    if (tier_rank(&tier) < tier_rank(&r->values[LEAD_TIER])) {
        r->values[LEAD_TIER] = tier;
    }
    if (!score.is_null && (r->values[LEAD_SCORE].is_null || r->values[LEAD_SCORE].integer < score.integer)) {
        r->values[LEAD_SCORE] = score;
    }
}

static bool is_partner(const desk_actor *actor) {
    return (actor->roles & ROLE_PARTNER) != 0 && (actor->roles & ROLES_OFFICERS) == 0;
}

static sluice_result start_clock(desk_command *c, record *r) {
    int64_t days = 0;
    sluice_result result = dated_number(c, "days", "lead_due", &days);
    r->values[LEAD_DUE] = value_integer(place_day_end(c->now_ms, days));
    r->values[LEAD_LEVEL] = value_text(place_level(&LEAD_KIND, r));
    return result;
}

static sluice_text given_text(const desk_input *in, const char *name) {
    const record_value *value = desk_given_value(in, name);
    return value_text_or_empty(value);
}

static sluice_result create(desk_command *c, record *r, const desk_input *in) {
    record open;
    if (is_partner(c->actor)) {
        r->values[LEAD_SOURCE] = value_text(TEXT("partner"));
        r->values[LEAD_INSTITUTION] = value_text(c->actor->institution);
    }
    if (r->values[LEAD_SOURCE].is_null) {
        return desk_fault_add(c, "source", "one of %s is expected", SOURCES);
    }
    const record_value *score = &r->values[LEAD_SCORE];
    if (!score->is_null && (score->integer < 0 || score->integer > 100)) {
        return desk_fault_add(c, "score", "a number from 0 to 100 is expected");
    }
    sluice_result result = set_open_key(c, r);
    if (result == SLUICE_OK) {
        result = find_open(c, r->values[LEAD_OPEN_KEY].text, &open);
    }
    if (result == SLUICE_OK) {
        fold(r, &open);
        return SLUICE_OK;
    }
    if (result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    r->values[LEAD_SOURCE_COUNT] = value_integer(1);
    r->values[LEAD_ESCALATIONS] = value_integer(0);
    result =
        place_by_home(c, &LEAD_KIND, r, given_text(in, "division"), given_text(in, "address"), given_text(in, "phone"));
    return result == SLUICE_OK ? start_clock(c, r) : result;
}

static sluice_result add_source(desk_command *c, record *r, const desk_input *in) {
    bool from_partner = is_partner(c->actor);
    record_value values[LEAD_SOURCE_FIELDS] = {
        [LEAD_SOURCE_LEAD] = value_integer(r->id),
        [LEAD_SOURCE_SOURCE] = from_partner ? value_text(TEXT("partner")) : *desk_given_value(in, "source"),
        [LEAD_SOURCE_REFERENCE] = *desk_given_value(in, "reference"),
        [LEAD_SOURCE_INSTITUTION] = from_partner ? value_text(c->actor->institution) : value_null(),
        [LEAD_SOURCE_WORDS] = *desk_given_value(in, "words"),
        [LEAD_SOURCE_USER] = c->actor->user == 0 ? value_null() : value_integer(c->actor->user),
        [LEAD_SOURCE_AT] = value_integer(c->now_ms),
        [LEAD_SOURCE_FEEDBACK] = value_null(),
        [LEAD_SOURCE_FEEDBACK_AT] = value_null(),
    };
    record source = {.table = &SOURCE_TABLE, .values = values};
    sluice_result result = desk_insert(c, &source);
    if (result == SLUICE_OK && r->version == 1) {
        result = timer_set(c, &LEAD_KIND, r->id, "escalate", r->values[LEAD_DUE].integer);
    }
    return result;
}

/* ---- working ---- */

static sluice_result check_assignee(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return place_check_assignee(c, &LEAD_KIND, r);
}

static sluice_result dispatch(desk_command *c, record *r, const desk_input *in) {
    return place_dispatch(c, &LEAD_KIND, r, desk_given_value(in, "unit")->integer);
}

static sluice_result escalate(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[LEAD_LEVEL] = value_text(place_above(r->values[LEAD_LEVEL].text));
    r->values[LEAD_ESCALATIONS] = value_integer(r->values[LEAD_ESCALATIONS].integer + 1);
    (void)c;
    return SLUICE_OK;
}

/* Until it is with the commander, who is the last. */
static sluice_result escalate_again(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    int64_t interval_ms = 0;
    sluice_result result = dated_number(c, "duration", "lead_escalation", &interval_ms);
    bool is_last = text_equal(r->values[LEAD_LEVEL].text, TEXT("commander"));
    return result != SLUICE_OK || is_last ? result
                                          : timer_set(c, &LEAD_KIND, r->id, "escalate", c->now_ms + interval_ms);
}

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[LEAD_OPEN_KEY] = value_null();
    return SLUICE_OK;
}

/* All who sent it are told the same. */
static sluice_result tell_sources(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    query_term of = {LEAD_SOURCE_LEAD, QUERY_EQUAL, value_integer(r->id), NULL, 0};
    record_query query = {.table = &SOURCE_TABLE, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = 10000};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = timer_clear(c, &LEAD_KIND, r->id, NULL);
    if (result == SLUICE_OK) {
        result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        rows[i].values[LEAD_SOURCE_FEEDBACK] = r->values[LEAD_FEEDBACK];
        rows[i].values[LEAD_SOURCE_FEEDBACK_AT] = value_integer(c->now_ms);
        result = desk_update(c, &rows[i]);
    }
    return result;
}

static sluice_result reopen(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[LEAD_RESULT] = value_null();
    sluice_result result = set_open_key(c, r);
    return result == SLUICE_OK ? start_clock(c, r) : result;
}

static sluice_result set_timer(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_set(c, &LEAD_KIND, r->id, "escalate", r->values[LEAD_DUE].integer);
}

/* The case begins where the lead was, with its subject as the first entity. */
static sluice_result become_case(desk_command *c, record *r, const desk_input *in) {
    record made = {0};
    record_value title = *desk_given_value(in, "case_title"), assignee = r->values[LEAD_ASSIGNEE];
    const desk_given given[] = {
        {"title", title.is_null ? r->values[LEAD_TITLE] : title},
        {"fraud_type", *desk_given_value(in, "fraud_type")},
        {"summary", r->values[LEAD_WORDS]},
        {"in_district", r->values[LEAD_DISTRICT]},
        {"in_station", r->values[LEAD_STATION]},
        {"assignee", assignee},
    };
    sluice_result result = desk_act_inside(c, &CASE_KIND, "open_for", &made, given, sizeof given / sizeof *given);
    if (result != SLUICE_OK) {
        return result;
    }
    r->values[LEAD_CASE] = value_integer(made.id);
    r->values[LEAD_OPEN_KEY] = value_null();
    return case_add_entity(c, made.id, r->values[LEAD_SUBJECT].text, TEXT("other"));
}

/* ---- rows ---- */

static const record_field CREATE[] = {
    F_TYPE(FIELD_REQUIRED),
    F_SUBJECT(FIELD_REQUIRED),
    F_TITLE(FIELD_REQUIRED),
    F_WORDS,
    F_TIER,
    F_SCORE(0),
    F_SOURCE(0),
    F_REFERENCE,
    {"address", FIELD_TEXT, SECRECY_ADDRESS, .bytes_max = 300, .en = "address", .zh = "地址"},
    {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位"},
    {"phone", FIELD_TEXT, SECRECY_PHONE, .bytes_max = 40, .en = "phone", .zh = "电话"},
};
static const record_field ASSIGN[] = {
    {"assignee", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "assignee", .zh = "承办人"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field DISPATCH[] = {
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "receiving unit", .zh = "接收单位"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field FINISH[] = {
    F_RESULT(FIELD_REQUIRED),
    F_FEEDBACK(FIELD_REQUIRED),
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field TO_CASE[] = {
    {"case_title", FIELD_TEXT, .bytes_max = 300, .en = "case title", .zh = "案件名称"},
    {"fraud_type", FIELD_CODE, .target = "fraud_type", .en = "fraud type", .zh = "诈骗类型"},
    F_FEEDBACK(FIELD_REQUIRED),
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

#define OPEN "new|assigned|accepted"
#define ART_26 "反电信网络诈骗法 Art. 26"
static sluice_result evidence_withdrawn(desk_command *c, record *r, const desk_input *in) {
    const record_value *before = &r->values[LEAD_WITHDRAWN];
    (void)c;
    (void)in;
    r->values[LEAD_WITHDRAWN] = value_integer(before->is_null ? 1 : before->integer + 1);
    return SLUICE_OK;
}

static const desk_act_row ACTS[] = {
    {"create", NULL, "new", ROLES_OFFICERS | ROLE_OUTREACH | ROLE_PARTNER, 0, INPUTS(CREATE), RUN(create),
     THEN(add_source), RESTS_ON(ART_26),
     SAYS("enter a lead; the same one that is open is counted, not made twice",
          "录入线索；同一对象同类在办线索自动合并")},
    {"assign", "new|assigned", "assigned", ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER, 0, INPUTS(ASSIGN),
     RUN(check_assignee), SAYS("give it to somebody", "指派")},
    {"dispatch", OPEN, "new", ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER, ACT_DISTRICT, INPUTS(DISPATCH), RUN(dispatch),
     RESTS_ON(ART_26), SAYS("send it to a unit", "下发")},
    {"accept", "assigned", "accepted", ROLES_OFFICERS, ACT_ASSIGNEE, INPUTS(NOTE), SAYS("take it on", "接收")},
    {"finish", "accepted", "finished", ROLES_OFFICERS, ACT_ASSIGNEE, BY(LEAD_FINISHED_BY), AT(LEAD_FINISHED_AT),
     INPUTS(FINISH), RUN(end), THEN(tell_sources), RESTS_ON(ART_26),
     SAYS("finish it and tell whoever sent it", "办结并反馈")},
    {"to_case", "assigned|accepted", "became_case", ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, BY(LEAD_FINISHED_BY),
     AT(LEAD_FINISHED_AT), INPUTS(TO_CASE), RUN(become_case), THEN(tell_sources),
     RESTS_ON("公安机关办理刑事案件程序规定 Art. 169"), SAYS("make it a case", "转为案件")},
    {"reopen", "finished", "assigned", ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), RUN(reopen), THEN(set_timer),
     SAYS("work on it again", "重新办理")},
    {"escalate", OPEN, NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(escalate), THEN(escalate_again),
     SAYS("no lead stays overnight: overdue, it climbs a level", "逾期上报（线索不过夜）")},
    {"evidence_withdrawn", "*", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(NOTE), RUN(evidence_withdrawn),
     RESTS_ON("个人信息保护法 Art. 8"),
     SAYS("a signal that it rests on was withdrawn with its import", "所依据的信号已随导入撤回")},
};

static const desk_child CHILDREN[] = {
    {"sources", &LEAD_SOURCE_KIND, LEAD_SOURCE_LEAD},
    {"comments", &LEAD_COMMENT_KIND, COMMENT_OF},
};
static const uint8_t SEARCHED[] = {LEAD_SUBJECT, LEAD_TITLE, LEAD_REFERENCE, NO_FIELD};
const desk_kind LEAD_KIND = {
    .table = &TABLE,
    .name = "lead",
    .collection = "leads",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "L",
    .state = SOME(LEAD_STATE),
    .due = SOME(LEAD_DUE),
    .assignee = SOME(LEAD_ASSIGNEE),
    .district = SOME(LEAD_DISTRICT),
    .station = SOME(LEAD_STATION),
    .institution = SOME(LEAD_INSTITUTION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};

/* ---- from detection ---- */

sluice_result lead_from_finding(desk_command *c, const desk_finding *f, record *r) {
    const dated_row *type = dated_find(c->desk, "lead_type", f->typology, c->now_ms);
    sluice_text title = f->title_zh.length > 0 ? f->title_zh : f->reason_zh.length > 0 ? f->reason_zh : f->typology;
    title.length = title.length > 300 ? 0 : title.length;
    const desk_given given[] = {
        {"type", value_text(type == NULL ? TEXT("other") : f->typology)},
        {"subject", value_text(f->subject)},
        {"title", title.length > 0 ? value_text(title) : value_text(TEXT("模型发现"))},
        {"words", f->reason_zh.length > 0 ? value_text(f->reason_zh) : value_null()},
        {"score", value_integer((int64_t)f->score)},
        {"source", value_text(TEXT("finding"))},
        {"reference", f->reference.length > 0 ? value_text(f->reference) : value_null()},
        {"address", f->address.length > 0 ? value_text(f->address) : value_null()},
        {"division", f->division.length > 0 ? value_text(f->division) : value_null()},
        {"phone", f->phone.length > 0 ? value_text(f->phone) : value_null()},
    };
    *r = (record){0};
    return desk_act_inside(c, &LEAD_KIND, "create", r, given, sizeof given / sizeof *given);
}
