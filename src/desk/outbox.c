#include "desk/outbox.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/outbox_private.h"
#include "desk/partner_link.h"

static const record_field FIELDS[DELIVERY_FIELDS] = {
    [DELIVERY_CHANNEL] = {"channel", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                          .codes = "bank|sms|voice|bot|mail", .en = "channel", .zh = "通道"},
    [DELIVERY_PARTNER] = {"partner", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                          .en = "partner", .zh = "对方"},
    [DELIVERY_PURPOSE] = {"purpose", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                          .en = "purpose", .zh = "用途"},
    [DELIVERY_ABOUT_KIND] = {"about_kind", FIELD_TEXT, .flags = FIELD_FIXED | FIELD_FILTER, .bytes_max = 40,
                             .en = "record type", .zh = "所属记录类别"},
    [DELIVERY_ABOUT] = {"about", FIELD_INTEGER, .flags = FIELD_FIXED | FIELD_FILTER, .en = "record no.",
                        .zh = "所属记录编号"},
    [DELIVERY_ADDRESS] = {"address", FIELD_TEXT, SECRECY_PHONE, FIELD_FIXED, .bytes_max = 1000, .en = "recipient",
                          .zh = "收件地址"},
    [DELIVERY_PAYLOAD] = {"payload", FIELD_JSON, SECRECY_WORDS, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 1 << 20,
                          .en = "content", .zh = "内容"},
    [DELIVERY_DEDUP] = {"dedup", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 200,
                        .en = "deduplication key", .zh = "去重键"},
    [DELIVERY_SERIAL] = {"serial", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 40,
                         .en = "serial no.", .zh = "流水号"},
    [DELIVERY_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                        .codes = "queued|sending|waiting|done|failed|dead|cancelled", .en = "state", .zh = "状态"},
    [DELIVERY_ATTEMPTS] = {"attempts", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "attempts", .zh = "尝试次数"},
    [DELIVERY_NEXT_AT] = {"next_at", FIELD_TIME, .en = "next attempt or query", .zh = "下次尝试时间"},
    [DELIVERY_DEADLINE] = {"deadline", FIELD_TIME, .flags = FIELD_FIXED, .en = "send by", .zh = "最迟时间"},
    [DELIVERY_AFTER] = {"after", FIELD_REFERENCE, .flags = FIELD_FIXED, .target = "delivery", .en = "preceding message",
                        .zh = "前序消息"},
    [DELIVERY_UNCERTAIN] = {"uncertain", FIELD_BOOLEAN, .en = "outcome unknown", .zh = "结果不明"},
    [DELIVERY_SENT_AT] = {"sent_at", FIELD_TIME, .en = "first sent", .zh = "首次发送时间"},
    [DELIVERY_ENDED_AT] = {"ended_at", FIELD_TIME, .en = "ended", .zh = "结束时间"},
    [DELIVERY_RECEIPT] = {"receipt", FIELD_TEXT, .flags = FIELD_FILTER, .bytes_max = 100, .en = "partner's receipt no.",
                          .zh = "对方回执号"},
    [DELIVERY_RESULT_CODE] = {"result_code", FIELD_TEXT, .bytes_max = 40, .en = "partner's result code",
                              .zh = "反馈代码"},
    [DELIVERY_LAST_ERROR] = {"last_error", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 1000, .en = "last error",
                             .zh = "最近错误"},
    [DELIVERY_ANSWER] = {"answer", FIELD_JSON, SECRECY_WORDS, .bytes_max = OUTBOX_ANSWER_BYTES_MAX,
                         .en = "partner's answer", .zh = "反馈内容"},
    [DELIVERY_REPEATS] = {"repeats", FIELD_INTEGER, .en = "repeated answers", .zh = "重复反馈次数"},
    [DELIVERY_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                           .en = "district", .zh = "县区"},
    [DELIVERY_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                          .en = "station", .zh = "派出所"},
};

static const record_index INDEXES[] = {
    {true, {DELIVERY_SERIAL, RECORD_END, RECORD_END, RECORD_END}},
    {true, {DELIVERY_DEDUP, RECORD_END, RECORD_END, RECORD_END}},
    {false, {DELIVERY_CHANNEL, DELIVERY_PARTNER, DELIVERY_STATE, DELIVERY_NEXT_AT}},
    {false, {DELIVERY_CHANNEL, DELIVERY_STATE, DELIVERY_NEXT_AT, RECORD_END}},
    {false, {DELIVERY_STATE, DELIVERY_NEXT_AT, RECORD_END, RECORD_END}},
    {false, {DELIVERY_ABOUT_KIND, DELIVERY_ABOUT, RECORD_END, RECORD_END}},
    {false, {DELIVERY_AFTER, RECORD_END, RECORD_END, RECORD_END}},
    {false, {DELIVERY_RECEIPT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {DELIVERY_DISTRICT, DELIVERY_STATE, DELIVERY_NEXT_AT, RECORD_END}},
    {false, {DELIVERY_STATION, DELIVERY_STATE, DELIVERY_NEXT_AT, RECORD_END}},
};
static const record_table TABLE = {"delivery", FIELDS,       DELIVERY_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,      "deliveries", "对外消息"};

static const record_field CLAIM[] = {{"next_at", FIELD_TIME, .en = "reserved until", .zh = "占用至"}};
static const record_field ACCEPTED[] = {
    {"receipt", FIELD_TEXT, .bytes_max = 100, .en = "partner's receipt no.", .zh = "对方回执号"},
    {"next_at", FIELD_TIME, .en = "query", .zh = "催问时间"},
};
static const record_field AGAIN[] = {
    {"next_at", FIELD_TIME, .en = "next attempt", .zh = "下次尝试时间"},
    {"uncertain", FIELD_BOOLEAN, .en = "outcome unknown", .zh = "结果不明"},
    {"last_error", FIELD_TEXT, .bytes_max = 1000, .en = "error", .zh = "错误"},
};
static const record_field DONE[] = {
    {"result_code", FIELD_TEXT, .bytes_max = 40, .en = "partner's result code", .zh = "反馈代码"},
    {"receipt", FIELD_TEXT, .bytes_max = 100, .en = "partner's receipt no.", .zh = "对方回执号"},
    {"last_error", FIELD_TEXT, .bytes_max = 1000, .en = "reason without effect", .zh = "未生效原因"},
    {"answer", FIELD_JSON, .bytes_max = OUTBOX_ANSWER_BYTES_MAX, .en = "partner's answer", .zh = "反馈内容"},
};
static const record_field WRONG[] = {
    {"result_code", FIELD_TEXT, .bytes_max = 40, .en = "partner's result code", .zh = "反馈代码"},
    {"last_error", FIELD_TEXT, .bytes_max = 1000, .en = "error", .zh = "错误"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

/* ---- the machine's steps ---- */

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[DELIVERY_NEXT_AT] = value_null();
    r->values[DELIVERY_ENDED_AT] = value_integer(c->now_ms);
    return SLUICE_OK;
}

/* Those that were put to go after it need not wait any longer. */
static sluice_result let_go(desk_command *c, record *r, const desk_input *in) {
    query_term terms[2] = {{DELIVERY_AFTER, QUERY_EQUAL, value_integer(r->id), NULL, 0},
                           {DELIVERY_STATE, QUERY_EQUAL, value_text(TEXT("queued")), NULL, 0}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2, .order = QUERY_ID};
    record *rows = NULL;
    size_t count = 0;
    (void)in;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        rows[i].values[DELIVERY_NEXT_AT] = value_integer(c->now_ms);
        result = desk_update(c, &rows[i]);
        outbox_touch(c->desk);
    }
    return result;
}

static sluice_result give_up(desk_command *c, record *r, const desk_input *in) {
    const outbox_purpose *purpose = outbox_purpose_find(r->values[DELIVERY_PURPOSE].text);
    record about;
    bool found = false;
    sluice_result result = let_go(c, r, in);
    if (result != SLUICE_OK || purpose == NULL || purpose->gave_up == NULL) {
        return result;
    }
    result = outbox_about(c, r, &about, &found);
    return result == SLUICE_OK && found ? purpose->gave_up(c, r, &about) : result;
}

static sluice_result claim(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[DELIVERY_ATTEMPTS].integer++;
    if (r->values[DELIVERY_SENT_AT].is_null) {
        r->values[DELIVERY_SENT_AT] = value_integer(c->now_ms);
    }
    return SLUICE_OK;
}

/* ---- what people do ---- */

static sluice_result retry(desk_command *c, record *r, const desk_input *in) {
    bool wanted = true;
    (void)in;
    sluice_result result = outbox_is_wanted(c, r, &wanted);
    if (result == SLUICE_OK && !wanted) {
        return error_set(c->error, SLUICE_E_STATE,
                         "what it is about has moved on: nothing is to be sent any more. Cancel it");
    }
    r->values[DELIVERY_ATTEMPTS] = value_integer(0);
    r->values[DELIVERY_NEXT_AT] = value_integer(c->now_ms);
    r->values[DELIVERY_ENDED_AT] = value_null();
    r->values[DELIVERY_UNCERTAIN] = value_integer(1);
    outbox_touch(c->desk);
    return result;
}

static const unsigned KEEPERS = ROLE_DUTY | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"put", NULL, "queued", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, SAYS("an act needs it to be said", "入队")},
    {"claim", "queued", "sending", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, INPUTS(CLAIM), RUN(claim),
     SAYS("the gateway sends it", "发送")},
    {"accepted", "sending|waiting", "waiting", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, INPUTS(ACCEPTED),
     SAYS("the partner took it and will answer", "对方已接收")},
    {"ask", "waiting", "waiting", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, INPUTS(CLAIM), RUN(claim),
     SAYS("its answer is asked for", "催问")},
    {"again", "sending|waiting", "queued", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, INPUTS(AGAIN),
     SAYS("it is sent again later, under the same serial number", "等待重发")},
    {"done", "sending|waiting|queued|failed|dead", "done", ROLE_SYSTEM, ACT_BY_CLOCK | ACT_QUIET, INPUTS(DONE),
     RUN(end), THEN(let_go), SAYS("the partner answered", "对方已反馈")},
    {"fail", "sending|waiting|queued", "failed", ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(WRONG), RUN(end), THEN(give_up),
     SAYS("the partner will not take it", "对方拒收")},
    {"bury", "sending|waiting|queued", "dead", ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(WRONG), RUN(end), THEN(give_up),
     SAYS("given up: a dead letter", "多次失败，转人工")},
    {"withdraw", "queued", "cancelled", ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(WRONG), RUN(end), THEN(let_go),
     SAYS("what it is about ended before it was sent", "未发先撤")},
    {"retry", "failed|dead", "queued", KEEPERS, ACT_REASON, INPUTS(NOTE), RUN(retry),
     SAYS("send it again, under the same serial number", "重新发送")},
    {"cancel", "queued|failed|dead", "cancelled", KEEPERS, ACT_REASON, INPUTS(NOTE), RUN(end), THEN(let_go),
     SAYS("do not send it any more", "撤销发送")},
};

const desk_kind DELIVERY_KIND = {
    .table = &TABLE,
    .name = "delivery",
    .collection = "deliveries",
    .readers = ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER | ROLE_APPROVER | ROLE_AUDITOR | ROLE_ADMINISTRATOR,
    .prefix = "FX",
    .state = SOME(DELIVERY_STATE),
    .district = SOME(DELIVERY_DISTRICT),
    .station = SOME(DELIVERY_STATION),
    ACTS_OF(ACTS),
};

/* ---- putting ---- */

/* yyyyMMddHHmmss of the moment, and 48 bits of a hash of what it is for under the database's secret: the same nowhere
 * else, not even in a copy of this database that went on without us. */
static sluice_text make_serial(desk_command *c, sluice_text dedup) {
    enum { TIME_DIGITS = 14, HASH_DIGITS = 12, SERIAL_BYTES = TIME_DIGITS + HASH_DIGITS };
    char *text = arena_alloc(c->arena, SERIAL_BYTES + 1);
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    bool good = text != NULL && hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(hash, store_secret(c->desk->store), 32) == 1 &&
                EVP_DigestUpdate(hash, &c->now_ms, sizeof c->now_ms) == 1 &&
                EVP_DigestUpdate(hash, dedup.data, dedup.length) == 1 && EVP_DigestFinal_ex(hash, digest, NULL) == 1;
    EVP_MD_CTX_free(hash);
    if (!good) {
        return (sluice_text){0};
    }
    time_digits(c->now_ms, text);
    for (size_t i = 0; i < HASH_DIGITS / 2; i++) {
        (void)snprintf(text + TIME_DIGITS + 2 * i, 3, "%02x", digest[i]);
    }
    return (sluice_text){text, SERIAL_BYTES};
}

/* The last delivery about the record that has not ended; 0: none. */
static sluice_result find_open(desk_command *c, const desk_kind *kind, int64_t about, int64_t *id_out) {
    query_term terms[3] = {{DELIVERY_ABOUT_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
                           {DELIVERY_ABOUT, QUERY_EQUAL, value_integer(about), NULL, 0},
                           {DELIVERY_STATE, QUERY_IN, value_null(), OUTBOX_OPEN, OUTBOX_OPEN_COUNT}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 3, .order = QUERY_ID, .descending = true};
    record last;
    sluice_result result = store_find(c->desk->store, &query, c->arena, &last, c->error);
    *id_out = result == SLUICE_OK ? last.id : 0;
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static void put_place(const outbox_message *m, record_value *values) {
    if (m->kind != NULL && m->about != NULL && has_field(m->kind->district)) {
        values[DELIVERY_DISTRICT] = m->about->values[field_of(m->kind->district)];
    }
    if (m->kind != NULL && m->about != NULL && has_field(m->kind->station)) {
        values[DELIVERY_STATION] = m->about->values[field_of(m->kind->station)];
    }
}

static sluice_result put_new(desk_command *c, const outbox_message *m, const record *link, int64_t *id_out) {
    record r = {0};
    int64_t after = 0;
    bool has_about = m->kind != NULL && m->about != NULL;
    sluice_text serial = make_serial(c, m->dedup);
    if (serial.data == NULL || !record_init(&r, &TABLE, c->arena)) {
        return error_no_memory(c->error, sizeof r);
    }
    sluice_result result = has_about ? find_open(c, m->kind, m->about->id, &after) : SLUICE_OK;
    if (result != SLUICE_OK) {
        return result;
    }
    record_value *v = r.values;
    v[DELIVERY_CHANNEL] = value_text(text_of(m->channel));
    v[DELIVERY_PARTNER] = link->values[LINK_PARTNER];
    v[DELIVERY_PURPOSE] = value_text(text_of(m->purpose));
    if (has_about) {
        v[DELIVERY_ABOUT_KIND] = value_text(text_of(m->kind->name));
        v[DELIVERY_ABOUT] = value_integer(m->about->id);
    }
    put_place(m, v);
    v[DELIVERY_ADDRESS] = m->address.length == 0 ? value_null() : value_text(m->address);
    v[DELIVERY_PAYLOAD] = value_text(m->payload);
    v[DELIVERY_DEDUP] = value_text(m->dedup);
    v[DELIVERY_SERIAL] = value_text(serial);
    v[DELIVERY_ATTEMPTS] = value_integer(0);
    v[DELIVERY_AFTER] = after == 0 ? value_null() : value_integer(after);
    v[DELIVERY_NEXT_AT] = value_integer(after != 0                     ? OUTBOX_NEVER_MS
                                        : m->not_before_ms > c->now_ms ? m->not_before_ms
                                                                       : c->now_ms);
    v[DELIVERY_DEADLINE] = m->deadline_ms == 0 ? value_null() : value_integer(m->deadline_ms);
    result = desk_act_inside(c, &DELIVERY_KIND, "put", &r, NULL, 0);
    *id_out = r.id;
    outbox_touch(c->desk);
    return result;
}

sluice_result outbox_put(desk_command *c, const outbox_message *m, int64_t *id_out) {
    query_term same = {DELIVERY_DEDUP, QUERY_EQUAL, value_text(m->dedup), NULL, 0};
    record found, link;
    SLUICE_ASSERT(outbox_purpose_find(text_of(m->purpose)) != NULL);
    sluice_result result = desk_find(c, &TABLE, &same, 1, &found);
    if (result != SLUICE_E_NOT_FOUND) {
        *id_out = result == SLUICE_OK ? found.id : 0;
        return result;
    }
    *id_out = 0;
    result = partner_link_find(c, m->channel, m->partner, &link);
    return result == SLUICE_OK ? put_new(c, m, &link, id_out) : result;
}

uint64_t outbox_epoch(const desk *d) {
    return atomic_load_explicit(&d->outbox_epoch, memory_order_acquire);
}

void outbox_touch(desk *d) {
    d->outbox_touched = true;
}

void outbox_publish(desk *d, bool links_too) {
    if (d->outbox_touched) {
        atomic_fetch_add_explicit(&d->outbox_epoch, 1, memory_order_release);
    }
    if (d->links_touched || links_too) {
        atomic_fetch_add_explicit(&d->link_epoch, 1, memory_order_release);
    }
    d->outbox_touched = d->links_touched = false;
}
