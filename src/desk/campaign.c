/* Campaigns: an audience is told a material on a channel, once or every week.
 *
 *   drafting ─propose→ proposed ─approve (four eyes)→ approved ─start→ running ⇄ paused → done
 *
 * A weekly campaign runs every seven days at the same time in Asia/Shanghai, which has no daylight saving, until its
 * end. A run that fell into a pause is left out, not made up for. */
#include "desk/campaign.h"

#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/timer.h"

#define CHANNELS "sms|bot|mail|event|partner"
#define STATES "drafting|proposed|refused|approved|running|paused|done"
#define PRIVACY "个人信息保护法 Arts. 6, 24"
#define F_AUDIENCE(more)                                                                                               \
    { "audience", FIELD_REFERENCE, .flags = (more), .target = "audience", .en = "audience", .zh = "对象群体" }
#define F_MATERIAL(more)                                                                                               \
    { "material", FIELD_REFERENCE, .flags = (more), .target = "material", .en = "material", .zh = "材料" }
#define F_CHANNEL(more)                                                                                                \
    { "channel", FIELD_CODE, .flags = (more), .codes = CHANNELS, .en = "channel", .zh = "渠道" }
#define F_SCHEDULE(more)                                                                                               \
    { "schedule", FIELD_CODE, .flags = (more), .codes = "once|weekly", .en = "frequency", .zh = "频次" }
#define F_FIRST(more)                                                                                                  \
    { "first_at", FIELD_TIME, .flags = (more), .en = "first run", .zh = "首次时间" }
#define F_UNTIL                                                                                                        \
    { "until", FIELD_TIME, .en = "last run before", .zh = "截止时间" }
#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "title", .zh = "名称" }

static const record_field FIELDS[CAMPAIGN_FIELDS] = {
    [CAMPAIGN_TITLE] = F_TITLE(FIELD_REQUIRED),
    [CAMPAIGN_AUDIENCE] = F_AUDIENCE(FIELD_REQUIRED | FIELD_FILTER),
    [CAMPAIGN_MATERIAL] = F_MATERIAL(FIELD_REQUIRED | FIELD_FILTER),
    [CAMPAIGN_CHANNEL] = F_CHANNEL(FIELD_REQUIRED | FIELD_FILTER),
    [CAMPAIGN_SCHEDULE] = F_SCHEDULE(FIELD_REQUIRED),
    [CAMPAIGN_FIRST_AT] = F_FIRST(FIELD_REQUIRED),
    [CAMPAIGN_UNTIL] = F_UNTIL,
    [CAMPAIGN_OPERATION] = F_OPERATION(FIELD_FILTER),
    [CAMPAIGN_STATE] = F_STATE(STATES),
    [CAMPAIGN_RUN] = {"run", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "runs", .zh = "已执行次数"},
    [CAMPAIGN_NEXT_AT] = F_SET_TIME("next_at", "next run or batch", "下次时间"),
    [CAMPAIGN_CURSOR] = {"cursor", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .bytes_max = 64, .en = "progress",
                         .zh = "进度"},
    [CAMPAIGN_RUN_AT] = F_SET_TIME("run_at", "the run under way was due at", "本次执行时间"),
    [CAMPAIGN_QUEUED] = {"queued", FIELD_INTEGER, SECRECY_SECRET, FIELD_SERVER, .en = "queued", .zh = "已发出数"},
    [CAMPAIGN_SKIPPED] = {"skipped", FIELD_INTEGER, SECRECY_SECRET, FIELD_SERVER, .en = "skipped", .zh = "未发数"},
    [CAMPAIGN_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [CAMPAIGN_STATION] = F_SET_UNIT("station", "station", "派出所"),
    [CAMPAIGN_MADE_BY] = F_SET_USER("made_by", "drafted by", "起草人"),
    [CAMPAIGN_PROPOSED_BY] = F_SET_USER("proposed_by", "proposed by", "呈请人"),
    [CAMPAIGN_APPROVED_BY] = F_SET_USER("approved_by", "decided by", "审批人"),
    [CAMPAIGN_APPROVED_AT] = F_SET_TIME("approved_at", "decided at", "审批时间"),
    [CAMPAIGN_STARTED_AT] = {"started_at", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "started",
                             .zh = "启动时间"},
    [CAMPAIGN_ENDED_AT] = F_SET_TIME("ended_at", "ended at", "结束时间"),
};
static const record_table TABLE = {
    "campaign",
    FIELDS,
    CAMPAIGN_FIELDS,
    (const record_index[]){{false, {CAMPAIGN_STATE, CAMPAIGN_STARTED_AT, RECORD_END, RECORD_END}},
                           {false, {CAMPAIGN_DISTRICT, CAMPAIGN_STATE, RECORD_END, RECORD_END}},
                           {false, {CAMPAIGN_AUDIENCE, RECORD_END, RECORD_END, RECORD_END}}},
    3,
    false,
    "campaigns",
    "宣传活动方案"};

static const record_field DRAFT[] = {
    F_TITLE(FIELD_REQUIRED),
    F_AUDIENCE(FIELD_REQUIRED),
    F_MATERIAL(FIELD_REQUIRED),
    F_CHANNEL(FIELD_REQUIRED),
    F_SCHEDULE(FIELD_REQUIRED),
    F_FIRST(FIELD_REQUIRED),
    F_UNTIL,
    F_OPERATION(0),
};
static const record_field EDIT[] = {F_TITLE(0), F_MATERIAL(0), F_SCHEDULE(0), F_FIRST(0), F_UNTIL, F_OPERATION(0)};
static const record_field NOTE[] = {F_NOTE};

/* ---- checks ---- */

sluice_text campaign_text(const record *material, sluice_text channel) {
    uint8_t field = text_equal(channel, TEXT("sms"))   ? MATERIAL_SMS
                    : text_equal(channel, TEXT("bot")) ? MATERIAL_BOT
                                                       : MATERIAL_MAIL;
    return value_text_or_empty(&material->values[field]);
}

static bool needs_text(sluice_text channel) {
    return desk_is_among("sms|bot|mail", channel);
}

static sluice_result check_material(desk_command *c, const record *r, bool must_be_approved) {
    record material;
    sluice_text channel = r->values[CAMPAIGN_CHANNEL].text;
    sluice_result result = desk_get(c, &MATERIAL_KIND, r->values[CAMPAIGN_MATERIAL].integer, &material);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "material", "a material that is there is expected");
    }
    if (result == SLUICE_OK && needs_text(channel) && campaign_text(&material, channel).length == 0) {
        return desk_fault_add(c, "material", "a material with a text for the channel %.*s is expected",
                              TEXT_ARGS(channel));
    }
    if (result == SLUICE_OK && must_be_approved &&
        !text_equal(material.values[MATERIAL_STATE].text, TEXT("approved"))) {
        return error_set(c->error, SLUICE_E_STATE, "its material is %.*s and not approved",
                         TEXT_ARGS(material.values[MATERIAL_STATE].text));
    }
    return result;
}

static sluice_result check_draft(desk_command *c, record *r, const desk_input *in) {
    record audience;
    const record_value *until = &r->values[CAMPAIGN_UNTIL];
    (void)in;
    sluice_result result = desk_get(c, &AUDIENCE_KIND, r->values[CAMPAIGN_AUDIENCE].integer, &audience);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK && !text_equal(audience.values[AUDIENCE_STATE].text, TEXT("open")))) {
        return desk_fault_add(c, "audience", "an open audience that you can see is expected");
    }
    if (result == SLUICE_OK && !until->is_null && until->integer < r->values[CAMPAIGN_FIRST_AT].integer) {
        return desk_fault_add(c, "until", "a time from first_at on is expected");
    }
    if (result == SLUICE_OK) {
        r->values[CAMPAIGN_DISTRICT] = audience.values[AUDIENCE_DISTRICT];
        r->values[CAMPAIGN_STATION] = audience.values[AUDIENCE_STATION];
        r->values[CAMPAIGN_RUN] = r->values[CAMPAIGN_RUN].is_null ? value_integer(0) : r->values[CAMPAIGN_RUN];
        r->values[CAMPAIGN_QUEUED] = value_integer(0);
        r->values[CAMPAIGN_SKIPPED] = value_integer(0);
        result = check_material(c, r, false);
    }
    return result == SLUICE_OK ? fields_check_operation(c, &r->values[CAMPAIGN_OPERATION]) : result;
}

static sluice_result check_ready(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return check_material(c, r, true);
}

/* ---- running ---- */

static sluice_result set_next(desk_command *c, record *r, int64_t next_ms) {
    r->values[CAMPAIGN_NEXT_AT] = value_integer(next_ms);
    return timer_set(c, &CAMPAIGN_KIND, r->id, "send", next_ms);
}

static sluice_result start(desk_command *c, record *r, const desk_input *in) {
    int64_t first = r->values[CAMPAIGN_FIRST_AT].integer;
    sluice_result result = check_ready(c, r, in);
    int64_t next = first >= c->now_ms ? first : campaign_next(r, c->now_ms);
    if (result == SLUICE_OK && next == 0) {
        return error_set(c->error, SLUICE_E_STATE,
                         "all of its times have passed: draft it again with a first_at that is to come");
    }
    r->values[CAMPAIGN_STARTED_AT] = value_integer(c->now_ms);
    return result == SLUICE_OK ? set_next(c, r, next) : result;
}

static sluice_result pause_runs(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[CAMPAIGN_NEXT_AT] = value_null();
    return timer_clear(c, &CAMPAIGN_KIND, r->id, NULL);
}

/* A run that was begun goes on; else the next one that is to come. */
static sluice_result resume(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = check_ready(c, r, in);
    int64_t first = r->values[CAMPAIGN_FIRST_AT].integer;
    int64_t next = !r->values[CAMPAIGN_CURSOR].is_null ? c->now_ms
                   : first >= c->now_ms                ? first
                                                       : campaign_next(r, c->now_ms);
    if (result == SLUICE_OK && next == 0) {
        return error_set(c->error, SLUICE_E_STATE, "no run is left: finish it");
    }
    return result == SLUICE_OK ? set_next(c, r, next) : result;
}

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[CAMPAIGN_NEXT_AT] = value_null();
    r->values[CAMPAIGN_CURSOR] = value_null();
    r->values[CAMPAIGN_ENDED_AT] = value_integer(c->now_ms);
    return timer_clear(c, &CAMPAIGN_KIND, r->id, NULL);
}

static sluice_result send(desk_command *c, record *r, const desk_input *in) {
    bool is_over = false;
    sluice_result result = campaign_step(c, r, &is_over);
    if (result == SLUICE_OK && is_over) {
        r->values[CAMPAIGN_STATE] = value_text(TEXT("done"));
        return end(c, r, in);
    }
    return result == SLUICE_OK ? timer_set(c, &CAMPAIGN_KIND, r->id, "send", r->values[CAMPAIGN_NEXT_AT].integer)
                               : result;
}

static const unsigned STAFF = ROLE_OUTREACH | ROLE_DUTY | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const desk_act_row ACTS[] = {
    {"draft", NULL, "drafting", STAFF, 0, BY(CAMPAIGN_MADE_BY), INPUTS(DRAFT), RUN(check_draft), RESTS_ON(PRIVACY),
     SAYS("draft a campaign", "起草方案")},
    {"edit", "drafting|refused", "drafting", STAFF, 0, INPUTS(EDIT), RUN(check_draft), SAYS("change it", "修改")},
    {"propose", "drafting", "proposed", STAFF, 0, BY(CAMPAIGN_PROPOSED_BY), INPUTS(NOTE), RUN(check_ready),
     SAYS("propose it", "呈请审批")},
    {"approve", "proposed", "approved", DECIDERS, 0, OTHER_THAN(CAMPAIGN_PROPOSED_BY), BY(CAMPAIGN_APPROVED_BY),
     AT(CAMPAIGN_APPROVED_AT), INPUTS(NOTE), RUN(check_ready), RESTS_ON(PRIVACY), SAYS("approve it", "批准")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_REASON, BY(CAMPAIGN_APPROVED_BY), AT(CAMPAIGN_APPROVED_AT),
     INPUTS(NOTE), SAYS("refuse it", "不批准")},
    {"start", "approved", "running", STAFF, 0, RUN(start), SAYS("start it: the clock sends", "启动")},
    {"pause", "running", "paused", STAFF, ACT_REASON, INPUTS(NOTE), RUN(pause_runs),
     SAYS("send nothing for now", "暂停")},
    {"resume", "paused", "running", STAFF, 0, RUN(resume), SAYS("go on with it", "恢复")},
    {"finish", "approved|running|paused", "done", STAFF, ACT_REASON, INPUTS(NOTE), RUN(end), SAYS("end it", "结束")},
    {"send", "running", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(send), RESTS_ON(PRIVACY),
     SAYS("a batch of its run goes into the outbox; not within the quiet hours, and not to who opted out",
          "按批次发送（避开安静时段，跳过退订人）")},
};
static const desk_child CHILDREN[] = {{"sends", &CAMPAIGN_SEND_KIND, SEND_CAMPAIGN}};
static const uint8_t SEARCHED[] = {CAMPAIGN_TITLE, NO_FIELD};
const desk_kind CAMPAIGN_KIND = {
    .table = &TABLE,
    .name = "campaign",
    .collection = "campaigns",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR,
    .prefix = "XF",
    .state = SOME(CAMPAIGN_STATE),
    .district = SOME(CAMPAIGN_DISTRICT),
    .station = SOME(CAMPAIGN_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
