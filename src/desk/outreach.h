/* Outreach (宣传防范): whom to tell what, by which channel, and what came of it.
 *
 *   audience          a saved definition: area, risk and age, computed from reports and warnings; a count, never a list
 *   material          what is said: one language and version, approved by a second person
 *   campaign          audience and material on a channel, once or weekly; four eyes before it runs
 *   campaign_send     one recipient or group of one run; the person is a keyed hash, the number is in the outbox alone
 *   opt_out           who wants no messages: a keyed hash
 *   chat_group        a residents' group with our bot, and how many are in it
 *   outreach_event    a school, a meeting of parents, a stand in a market, with head counts by kind
 *   alliance_partner  反诈联盟: market, petrol station, power banks, schools' textbooks; with its actions
 *
 * Outreach staff get counts and never names (个人信息保护法 Arts. 5, 6, 28); small counts are hidden
 * (audience_count.h). */
#ifndef DESK_OUTREACH_H
#define DESK_OUTREACH_H

#include "desk/dated.h"
#include "desk/place.h"

extern const desk_kind AUDIENCE_KIND, MATERIAL_KIND, CAMPAIGN_KIND, CAMPAIGN_SEND_KIND, OPT_OUT_KIND, CHAT_GROUP_KIND,
    OUTREACH_EVENT_KIND, ALLIANCE_PARTNER_KIND, ALLIANCE_ACTION_KIND;

#define OUTREACH_RISKS "any|low|medium|high|urgent|victim"
#define OUTREACH_AGES "any|under_18|18_29|30_44|45_59|60_up|unknown"

enum {
    AUDIENCE_TITLE,
    AUDIENCE_AREA, /* a unit: the city, a district, a station */
    AUDIENCE_RISK,
    AUDIENCE_AGE,
    AUDIENCE_WORDS,
    AUDIENCE_STATE, /* open | closed */
    AUDIENCE_DISTRICT,
    AUDIENCE_STATION,
    AUDIENCE_MADE_BY,
    AUDIENCE_FIELDS
};
enum {
    MATERIAL_TITLE,
    MATERIAL_FRAUD_TYPE,
    MATERIAL_LANGUAGE,
    MATERIAL_FIRST,  /* version 1 of it; null: this is version 1 */
    MATERIAL_NUMBER, /* 1, 2, … */
    MATERIAL_SMS,
    MATERIAL_BOT,
    MATERIAL_SUBJECT,
    MATERIAL_MAIL,
    MATERIAL_STATE, /* draft | approved | refused | withdrawn */
    MATERIAL_MADE_BY,
    MATERIAL_APPROVED_BY,
    MATERIAL_APPROVED_AT,
    MATERIAL_FIELDS
};
enum {
    CAMPAIGN_TITLE,
    CAMPAIGN_AUDIENCE,
    CAMPAIGN_MATERIAL,
    CAMPAIGN_CHANNEL,  /* sms | bot | mail | event | partner */
    CAMPAIGN_SCHEDULE, /* once | weekly */
    CAMPAIGN_FIRST_AT,
    CAMPAIGN_UNTIL,
    CAMPAIGN_OPERATION,
    CAMPAIGN_STATE,   /* drafting | proposed | refused | approved | running | paused | done */
    CAMPAIGN_RUN,     /* the run under way or the last one: 1, 2, … */
    CAMPAIGN_NEXT_AT, /* of the next run or batch */
    CAMPAIGN_CURSOR,  /* secret: how far the run is */
    CAMPAIGN_RUN_AT,  /* when the run under way was due */
    CAMPAIGN_QUEUED,
    CAMPAIGN_SKIPPED,
    CAMPAIGN_DISTRICT,
    CAMPAIGN_STATION,
    CAMPAIGN_MADE_BY,
    CAMPAIGN_PROPOSED_BY,
    CAMPAIGN_APPROVED_BY,
    CAMPAIGN_APPROVED_AT,
    CAMPAIGN_STARTED_AT,
    CAMPAIGN_ENDED_AT,
    CAMPAIGN_FIELDS
};
enum {
    SEND_CAMPAIGN,
    SEND_RUN,
    SEND_TO,     /* person | group | partner */
    SEND_PERSON, /* 32 hex digits of a keyed hash */
    SEND_GROUP,
    SEND_PARTNER,
    SEND_MEMBERS, /* of the group when it was put */
    SEND_DEDUP,   /* unique: campaign:run:recipient */
    SEND_DELIVERY,
    SEND_STATE, /* queued | delivered | failed | opted_out | no_link */
    SEND_AT,
    SEND_OPERATION,
    SEND_DISTRICT,
    SEND_STATION,
    SEND_FIELDS
};
enum { OPT_OUT_PERSON, OPT_OUT_SOURCE, OPT_OUT_STATE, OPT_OUT_BY, OPT_OUT_AT, OPT_OUT_FIELDS };
enum {
    GROUP_NAME,
    GROUP_PLATFORM, /* wecom | dingtalk | feishu | other */
    GROUP_PARTNER,  /* of the partner_link of its bot; null: no bot */
    GROUP_COMMUNITY,
    GROUP_MEMBERS,
    GROUP_COUNTED_AT,
    GROUP_STATE, /* open | closed */
    GROUP_DISTRICT,
    GROUP_STATION,
    GROUP_FIELDS
};
enum {
    OUTREACH_EVENT_TITLE,
    OUTREACH_EVENT_CATEGORY, /* school | parents_online | community | enterprise | market | other */
    OUTREACH_EVENT_PLACE,
    OUTREACH_EVENT_AT,
    OUTREACH_EVENT_CAMPAIGN,
    OUTREACH_EVENT_OPERATION,
    OUTREACH_EVENT_AREA,
    OUTREACH_EVENT_PARENTS,
    OUTREACH_EVENT_STUDENTS,
    OUTREACH_EVENT_RESIDENTS,
    OUTREACH_EVENT_STAFF,
    OUTREACH_EVENT_OFFICERS,
    OUTREACH_EVENT_MATERIALS, /* given away */
    OUTREACH_EVENT_POINTS,    /* outreach points, stands */
    OUTREACH_EVENT_WORDS,
    OUTREACH_EVENT_STATE, /* planned | held | cancelled */
    OUTREACH_EVENT_DISTRICT,
    OUTREACH_EVENT_STATION,
    OUTREACH_EVENT_MADE_BY,
    OUTREACH_EVENT_FIELDS
};
enum {
    ALLIANCE_NAME,
    ALLIANCE_CATEGORY, /* market | petrol_station | power_bank | school | company | media | other */
    ALLIANCE_CONTACT,
    ALLIANCE_MAIL,
    ALLIANCE_AREA,
    ALLIANCE_STATE, /* active | ended */
    ALLIANCE_SINCE,
    ALLIANCE_DISTRICT,
    ALLIANCE_STATION,
    ALLIANCE_FIELDS
};
enum {
    ALLIANCE_ACTION_PARTNER,
    ALLIANCE_ACTION_CAMPAIGN,
    ALLIANCE_ACTION_WHAT,
    ALLIANCE_ACTION_FROM,
    ALLIANCE_ACTION_UNTIL,
    ALLIANCE_ACTION_REACH,
    ALLIANCE_ACTION_BASIS, /* counted | stated | estimated */
    ALLIANCE_ACTION_MATERIALS,
    ALLIANCE_ACTION_STATE, /* asked | done | cancelled */
    ALLIANCE_ACTION_FIELDS
};

/* 32 hex digits of the HMAC of a phone's digits under the database's secret: who somebody is in campaigns, without his
 * number. In the arena; no data: no memory. */
sluice_text outreach_person(const store *s, sluice_text phone, arena *a);
/* Is this unit the area itself or within it, for records with these fields? area 1 is the city. */
SLUICE_MUST_USE sluice_result outreach_area(desk_command *c, const desk_kind *kind, record *r, int64_t area);

#endif
