/* The runs of a campaign: who is told, in batches, each once.
 *
 * A run goes through its recipients in the order of their keyed hashes (persons) or ids (groups, partners), and keeps
 * how far it is in the record, in the transaction of the batch: so a run goes on where it was, whenever it stops. One
 * row a recipient and run, unique, is the key by which the outbox knows what it has; a person is in it as a keyed hash,
 * and the number is in the outbox alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "desk/audience_count.h"
#include "desk/campaign.h"
#include "desk/campaign_outbox.h"
#include "desk/desk_private.h"
#include "desk/fields.h"

#define WEEK_MS (7 * TIME_DAY_MS)
#define STATES "queued|delivered|failed|opted_out|no_link"

static const record_field FIELDS[SEND_FIELDS] = {
    [SEND_CAMPAIGN] = {"campaign", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "campaign",
                       .en = "campaign", .zh = "宣传活动"},
    [SEND_RUN] = {"run", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .en = "run",
                  .zh = "第几次"},
    [SEND_TO] = {"to", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                 .codes = "person|group|partner", .en = "recipient type", .zh = "对象类别"},
    [SEND_PERSON] = {"person", FIELD_TEXT, SECRECY_IDENTITY, FIELD_FIXED, .bytes_max = 32, .en = "keyed hash",
                     .zh = "密钥哈希"},
    [SEND_GROUP] = {"group", FIELD_REFERENCE, .flags = FIELD_FIXED, .target = "chat_group", .en = "group",
                    .zh = "群组"},
    [SEND_PARTNER] = {"partner", FIELD_REFERENCE, .flags = FIELD_FIXED, .target = "alliance_partner", .en = "partner",
                      .zh = "联盟成员"},
    [SEND_MEMBERS] = {"members", FIELD_INTEGER, .flags = FIELD_FIXED, .en = "members", .zh = "成员数"},
    [SEND_DEDUP] = {"dedup", FIELD_TEXT, SECRECY_SECRET, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 100,
                    .en = "deduplication key", .zh = "去重键"},
    [SEND_DELIVERY] = {"delivery", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "delivery", .zh = "外发编号"},
    [SEND_STATE] = F_STATE(STATES),
    [SEND_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},
    [SEND_OPERATION] = F_OPERATION(FIELD_SERVER | FIELD_FILTER),
    [SEND_DISTRICT] = F_SET_UNIT("district", "district", "县区"),
    [SEND_STATION] = F_SET_UNIT("station", "station", "派出所"),
};
static const record_table TABLE = {"campaign_send",
                                   FIELDS,
                                   SEND_FIELDS,
                                   (const record_index[]){{true, {SEND_DEDUP, RECORD_END, RECORD_END, RECORD_END}},
                                                          {false, {SEND_CAMPAIGN, SEND_RUN, RECORD_END, RECORD_END}},
                                                          {false, {SEND_CAMPAIGN, SEND_STATE, RECORD_END, RECORD_END}},
                                                          {false, {SEND_AT, RECORD_END, RECORD_END, RECORD_END}}},
                                   4,
                                   false,
                                   "campaign messages; one row a recipient and run",
                                   "宣传发送记录"};
static const desk_act_row ACTS[] = {
    {"put", NULL, "queued", ROLE_SYSTEM, ACT_BY_CLOCK, AT(SEND_AT), SAYS("put into the outbox", "进入外发队列")},
    {"arrived", "queued", "delivered", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET,
     SAYS("the channel delivered it", "已送达")},
    {"fail", "queued", "failed", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, SAYS("the channel gave it up", "发送失败")},
};
/* Rows tell how many exactly: they are for those who command, not for those who write texts. */
const desk_kind CAMPAIGN_SEND_KIND = {
    .table = &TABLE,
    .name = "campaign_send",
    .readers = ROLE_COMMANDER | ROLE_AUDITOR,
    .state = SOME(SEND_STATE),
    .district = SOME(SEND_DISTRICT),
    .station = SOME(SEND_STATION),
    .parent = &CAMPAIGN_KIND,
    .parent_field = SEND_CAMPAIGN,
    ACTS_OF(ACTS),
};

/* ---- when ---- */

int64_t campaign_next(const record *r, int64_t after_ms) {
    int64_t first = r->values[CAMPAIGN_FIRST_AT].integer;
    if (!text_equal(r->values[CAMPAIGN_SCHEDULE].text, TEXT("weekly"))) {
        return first > after_ms ? first : 0;
    }
    int64_t next = first > after_ms ? first : first + ((after_ms - first) / WEEK_MS + 1) * WEEK_MS;
    const record_value *until = &r->values[CAMPAIGN_UNTIL];
    return until->is_null || next <= until->integer ? next : 0;
}

/* "21:00" → ms of the day; false: it is not one. */
static bool parse_clock(sluice_text text, int64_t *of_day_ms) {
    uint64_t hour = 0, minute = 0;
    sluice_text h, m;
    bool good =
        text_split(text, ':', &h, &m) && text_to_u64(h, &hour) && text_to_u64(m, &minute) && hour < 24 && minute < 60;
    *of_day_ms = good ? (int64_t)(hour * 60 + minute) * 60000 : 0;
    return good;
}

/* Begin and end of the quiet hours in ms of the day; equal: there are none. */
static sluice_result quiet_hours(desk_command *c, int64_t time_ms, int64_t *from, int64_t *to) {
    const dated_row *row = dated_find(c->desk, "quiet_hours", TEXT("outreach"), time_ms);
    sluice_text from_text, to_text;
    *from = 0;
    *to = 0;
    if (row == NULL || (text_split(row->value, '-', &from_text, &to_text) && parse_clock(from_text, from) &&
                        parse_clock(to_text, to))) {
        return SLUICE_OK;
    }
    return error_set(c->error, SLUICE_E_DAMAGED,
                     "the dated table quiet_hours has \"%.*s\": hours like 21:00-08:00 are expected",
                     TEXT_ARGS(row->value));
}

static int64_t of_day(int64_t time_ms) {
    return (time_ms + TIME_SHANGHAI_OFFSET_MS) % TIME_DAY_MS;
}

sluice_result campaign_quiet(desk_command *c, int64_t time_ms, int64_t *until_ms) {
    int64_t from = 0, to = 0, now = of_day(time_ms);
    sluice_result result = quiet_hours(c, time_ms, &from, &to);
    bool over_night = from > to;
    bool is_quiet = over_night ? now >= from || now < to : now >= from && now < to;
    *until_ms = is_quiet ? time_ms - now + to + (over_night && now >= from ? TIME_DAY_MS : 0) : time_ms;
    return result;
}

sluice_result campaign_quiet_begin(desk_command *c, int64_t time_ms, int64_t *begin_ms) {
    int64_t from = 0, to = 0, now = of_day(time_ms);
    sluice_result result = quiet_hours(c, time_ms, &from, &to);
    *begin_ms = from == to ? INT64_MAX : time_ms - now + from + (now >= from ? TIME_DAY_MS : 0);
    return result;
}

/* ---- to whom ---- */

/* A recipient: its place in the order of the run is `id`. */
typedef struct recipient {
    const char *to; /* person, group, partner */
    sluice_text id; /* the keyed hash, or the record's id with leading zeros */
    sluice_text address;
    sluice_text link; /* partner of the link; empty: the channel's first */
    int64_t record, members;
} recipient;

typedef struct recipients {
    recipient *rows;
    size_t count;
} recipients;

static sluice_result find_persons(desk_command *c, const record *audience, recipients *all) {
    audience_limits limits;
    audience_person *persons = NULL;
    audience_definition definition = audience_of(audience);
    int64_t window_ms = 0;
    size_t count = 0;
    sluice_result result = audience_limits_now(c, &limits, &window_ms);
    result = result == SLUICE_OK ? audience_persons(c->desk->store, &definition, c->now_ms - window_ms, c->now_ms,
                                                    c->arena, &persons, &count, c->error)
                                 : result;
    recipient *rows = result == SLUICE_OK ? arena_alloc(c->arena, (count + 1) * sizeof *rows) : NULL;
    if (rows == NULL) {
        return result == SLUICE_OK ? error_no_memory(c->error, count * sizeof *rows) : result;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = (recipient){.to = "person", .id = persons[i].hash, .address = persons[i].phone};
    }
    *all = (recipients){rows, count};
    return SLUICE_OK;
}

/* Groups or partners of the audience's area. */
static sluice_result find_places(desk_command *c, const record *audience, const desk_kind *kind, const char *state,
                                 record **rows, size_t *count) {
    query_term terms[2] = {{field_of(kind->state), QUERY_EQUAL, value_text(text_of(state)), NULL, 0}};
    size_t term_count = 1;
    if (!audience->values[AUDIENCE_STATION].is_null) {
        terms[term_count++] =
            (query_term){field_of(kind->station), QUERY_EQUAL, audience->values[AUDIENCE_STATION], NULL, 0};
    } else if (!audience->values[AUDIENCE_DISTRICT].is_null) {
        terms[term_count++] =
            (query_term){field_of(kind->district), QUERY_EQUAL, audience->values[AUDIENCE_DISTRICT], NULL, 0};
    }
    record_query query = {
        .table = kind->table, .terms = terms, .term_count = term_count, .order = QUERY_ID, .limit = 10000};
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

static bool put_place(desk_command *c, recipients *all, const record *r, bool is_group) {
    char *id = arena_alloc(c->arena, 24);
    if (id == NULL) {
        return false;
    }
    (void)snprintf(id, 24, "%019lld", (long long)r->id);
    all->rows[all->count++] = (recipient){
        .to = is_group ? "group" : "partner",
        .id = {id, 19},
        .address = is_group ? (sluice_text){0} : value_text_or_empty(&r->values[ALLIANCE_MAIL]),
        .link = is_group ? value_text_or_empty(&r->values[GROUP_PARTNER]) : (sluice_text){0},
        .record = r->id,
        .members = is_group ? r->values[GROUP_MEMBERS].integer : 0,
    };
    return true;
}

static sluice_result find_recipients(desk_command *c, const record *r, recipients *all) {
    record audience, *rows = NULL;
    size_t count = 0;
    sluice_text channel = r->values[CAMPAIGN_CHANNEL].text;
    bool is_bot = text_equal(channel, TEXT("bot")), is_mail = text_equal(channel, TEXT("mail"));
    sluice_result result = store_get(c->desk->store, AUDIENCE_KIND.table, r->values[CAMPAIGN_AUDIENCE].integer,
                                     c->arena, &audience, c->error);
    *all = (recipients){0};
    if (result != SLUICE_OK || text_equal(channel, TEXT("event"))) {
        return result; /* an event is held by people */
    }
    if (text_equal(channel, TEXT("sms"))) {
        return find_persons(c, &audience, all);
    }
    result = is_bot ? find_places(c, &audience, &CHAT_GROUP_KIND, "open", &rows, &count)
                    : find_places(c, &audience, &ALLIANCE_PARTNER_KIND, "active", &rows, &count);
    all->rows = result == SLUICE_OK ? arena_alloc(c->arena, (count + 1) * sizeof *all->rows) : NULL;
    for (size_t i = 0; all->rows != NULL && i < count; i++) {
        bool has_way =
            is_bot ? !rows[i].values[GROUP_PARTNER].is_null : !is_mail || !rows[i].values[ALLIANCE_MAIL].is_null;
        if (has_way && !put_place(c, all, &rows[i], is_bot)) {
            return error_no_memory(c->error, count * sizeof *all->rows);
        }
    }
    return result == SLUICE_OK && all->rows == NULL ? error_no_memory(c->error, count * sizeof *all->rows) : result;
}

/* ---- one of them ---- */

static sluice_result is_opted_out(desk_command *c, sluice_text person, bool *out) {
    query_term same[2] = {{OPT_OUT_PERSON, QUERY_EQUAL, value_text(person), NULL, 0},
                          {OPT_OUT_STATE, QUERY_EQUAL, value_text(TEXT("active")), NULL, 0}};
    record_query query = {.table = OPT_OUT_KIND.table, .terms = same, .term_count = 2};
    uint64_t count = 0;
    sluice_result result = store_count(c->desk->store, &query, 1, &count, c->error);
    *out = count > 0;
    return result;
}

static sluice_result ask_partner(desk_command *c, const record *r, const recipient *to, const record *material) {
    record action = {0};
    const desk_given given[] = {
        {"partner", value_integer(to->record)},
        {"campaign", value_integer(r->id)},
        {"what", material->values[MATERIAL_TITLE]},
        {"from", value_integer(c->now_ms)},
    };
    return desk_act_inside(c, &ALLIANCE_ACTION_KIND, "ask", &action, given, sizeof given / sizeof *given);
}

static sluice_result put_row(desk_command *c, const record *r, const recipient *to, const char *state, record *row) {
    char *dedup = arena_alloc(c->arena, 100);
    record_value *values = arena_alloc(c->arena, SEND_FIELDS * sizeof *values);
    bool is_person = to->to[0] == 'p' && to->to[1] == 'e';
    if (dedup == NULL || values == NULL) {
        return error_no_memory(c->error, 100);
    }
    int length = snprintf(dedup, 100, "campaign:%lld:%lld:%s:%.*s", (long long)r->id,
                          (long long)r->values[CAMPAIGN_RUN].integer, to->to, TEXT_ARGS(to->id));
    for (size_t i = 0; i < SEND_FIELDS; i++) {
        values[i] = value_null();
    }
    values[SEND_CAMPAIGN] = value_integer(r->id);
    values[SEND_RUN] = r->values[CAMPAIGN_RUN];
    values[SEND_TO] = value_text(text_of(to->to));
    values[SEND_PERSON] = is_person ? value_text(to->id) : value_null();
    values[to->to[0] == 'g' ? SEND_GROUP : SEND_PARTNER] = is_person ? value_null() : value_integer(to->record);
    values[SEND_MEMBERS] = to->to[0] == 'g' ? value_integer(to->members) : value_null();
    values[SEND_DEDUP] = value_text((sluice_text){dedup, (size_t)length});
    values[SEND_STATE] = value_text(text_of(state));
    values[SEND_AT] = value_integer(c->now_ms);
    values[SEND_OPERATION] = r->values[CAMPAIGN_OPERATION];
    values[SEND_DISTRICT] = r->values[CAMPAIGN_DISTRICT];
    values[SEND_STATION] = r->values[CAMPAIGN_STATION];
    *row = (record){.table = &TABLE, .values = values};
    return desk_insert(c, row);
}

static sluice_result send_one(desk_command *c, record *r, const record *material, const recipient *to) {
    record row;
    bool opted_out = false, is_partner = text_equal(r->values[CAMPAIGN_CHANNEL].text, TEXT("partner"));
    sluice_result result = to->to[0] == 'p' && to->to[1] == 'e' ? is_opted_out(c, to->id, &opted_out) : SLUICE_OK;
    result = result == SLUICE_OK ? put_row(c, r, to, opted_out ? "opted_out" : "queued", &row) : result;
    if (result == SLUICE_OK && !opted_out) {
        result = is_partner ? ask_partner(c, r, to, material)
                            : campaign_outbox_put(c, r, material, &row, to->link, to->address);
    }
    if (result == SLUICE_OK && is_partner) {
        row.values[SEND_STATE] = value_text(TEXT("delivered"));
        result = desk_update(c, &row);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    bool is_queued = !opted_out && !text_equal(row.values[SEND_STATE].text, TEXT("no_link"));
    r->values[is_queued ? CAMPAIGN_QUEUED : CAMPAIGN_SKIPPED].integer++;
    return SLUICE_OK;
}

/* ---- a step ---- */

static sluice_result send_batch(desk_command *c, record *r, size_t most, bool *is_whole) {
    record material;
    recipients all = {0};
    size_t sent = 0, at = 0;
    sluice_text cursor = value_text_or_empty(&r->values[CAMPAIGN_CURSOR]);
    sluice_result result = store_get(c->desk->store, MATERIAL_KIND.table, r->values[CAMPAIGN_MATERIAL].integer,
                                     c->arena, &material, c->error);
    result = result == SLUICE_OK ? find_recipients(c, r, &all) : result;
    for (; result == SLUICE_OK && at < all.count && sent < most; at++) {
        if (text_compare(all.rows[at].id, cursor) > 0) {
            result = send_one(c, r, &material, &all.rows[at]);
            r->values[CAMPAIGN_CURSOR] = value_text(all.rows[at].id);
            sent++;
        }
    }
    *is_whole = result == SLUICE_OK && at == all.count;
    return result;
}

static void begin_run(desk_command *c, record *r) {
    r->values[CAMPAIGN_RUN] = value_integer(r->values[CAMPAIGN_RUN].integer + 1);
    r->values[CAMPAIGN_RUN_AT] = value_integer(c->now_ms);
    r->values[CAMPAIGN_CURSOR] = value_text(TEXT("-")); /* before every recipient */
}

sluice_result campaign_step(desk_command *c, record *r, bool *is_over) {
    int64_t awake_ms = 0, most = 0, gap_ms = 0;
    bool is_whole = false;
    *is_over = false;
    sluice_result result = campaign_quiet(c, c->now_ms, &awake_ms);
    if (result == SLUICE_OK && awake_ms > c->now_ms) {
        r->values[CAMPAIGN_NEXT_AT] = value_integer(awake_ms);
        return SLUICE_OK;
    }
    result = result == SLUICE_OK ? dated_number(c, "cap", "campaign_batch", &most) : result;
    result = result == SLUICE_OK ? dated_number(c, "duration", "campaign_gap", &gap_ms) : result;
    if (result == SLUICE_OK && r->values[CAMPAIGN_CURSOR].is_null) {
        begin_run(c, r);
    }
    result = result == SLUICE_OK ? send_batch(c, r, (size_t)most, &is_whole) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t next = c->now_ms + gap_ms;
    if (is_whole) {
        r->values[CAMPAIGN_CURSOR] = value_null();
        next = campaign_next(r, c->now_ms);
    }
    *is_over = next == 0;
    r->values[CAMPAIGN_NEXT_AT] = next == 0 ? value_null() : value_integer(next);
    return SLUICE_OK;
}
