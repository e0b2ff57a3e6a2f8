#include "desk/partner_link.h"

#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "desk/desk_private.h"
#include "desk/outbox.h"

static const char CHANNELS[] = "bank|sms|voice|bot|mail";

static const record_field FIELDS[LINK_FIELDS] = {
    [LINK_CHANNEL] = {"channel", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .codes = CHANNELS,
                      .en = "channel", .zh = "通道"},
    [LINK_PARTNER] = {"partner", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .bytes_max = 64,
                      .en = "partner; institution code or name", .zh = "对方机构代码或名称"},
    [LINK_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 200, .en = "display name",
                   .zh = "名称"},
    [LINK_FORMAT] = {"format", FIELD_TEXT, .flags = FIELD_FIXED, .bytes_max = 32,
                     .en = "message format; one of the channel's", .zh = "报文格式"},
    [LINK_ENDPOINT] = {"endpoint", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 1000,
                       .en = "endpoint", .zh = "接入地址"},
    [LINK_KEY_FILE] = {"key_file", FIELD_TEXT, .flags = FIELD_FIXED, .bytes_max = 200,
                       .en = "key file; in the folder of --gateway-keys", .zh = "密钥文件名；在 --gateway-keys 目录内"},
    [LINK_SETTINGS] = {"settings", FIELD_JSON, .flags = FIELD_FIXED, .bytes_max = 16384, .en = "channel settings",
                       .zh = "通道专用参数"},
    [LINK_PER_SECOND] = {"per_second", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED,
                         .en = "rate limit; messages a second", .zh = "速率上限；条/秒"},
    [LINK_IN_FLIGHT] = {"in_flight", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED,
                        .en = "messages in flight, at most", .zh = "并发上限"},
    [LINK_TIMEOUT] = {"timeout", FIELD_DURATION, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "send timeout",
                      .zh = "接收超时"},
    [LINK_ANSWER_WITHIN] = {"answer_within", FIELD_DURATION, .flags = FIELD_REQUIRED | FIELD_FIXED,
                            .en = "answer timeout; then the answer is asked for", .zh = "反馈超时；届时催问"},
    [LINK_ATTEMPTS_MAX] = {"attempts_max", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED,
                           .en = "attempts at most; then it is left to people", .zh = "最多尝试次数；之后转人工"},
    [LINK_BACKOFF] = {"backoff", FIELD_DURATION, .flags = FIELD_REQUIRED | FIELD_FIXED,
                      .en = "retry delay; doubled for each further attempt", .zh = "重试间隔；逐次加倍"},
    [LINK_BACKOFF_MAX] = {"backoff_max", FIELD_DURATION, .flags = FIELD_REQUIRED | FIELD_FIXED,
                          .en = "longest retry delay", .zh = "重试间隔上限"},
    [LINK_UNKNOWN] = {"when_unknown", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED, .codes = "repeat|hold",
                      .en = "if the outcome is unknown; send again under the same serial number, or leave it to people",
                      .zh = "结果不明时：按原流水号重发或转人工"},
    [LINK_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "proposed|refused|open|suspended|ended", .en = "state", .zh = "状态"},
    [LINK_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "proposed by",
                          .zh = "提出人"},
    [LINK_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                          .zh = "审批人"},
    [LINK_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审批时间"},
    [LINK_SUSPENDED_BY] = {"suspended_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                           .en = "suspended by", .zh = "停用人"},
};

static const record_table TABLE = {"partner_link",
                                   FIELDS,
                                   LINK_FIELDS,
                                   (const record_index[]){{false, {LINK_CHANNEL, LINK_PARTNER, LINK_STATE, RECORD_END}},
                                                          {false, {LINK_STATE, RECORD_END, RECORD_END, RECORD_END}}},
                                   2,
                                   false,
                                   "partner links",
                                   "对外通道"};

static const record_field PROPOSE[] = {
    {"channel", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = CHANNELS, .en = "channel", .zh = "通道"},
    {"partner", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "partner; institution code or name",
     .zh = "对方机构代码或名称"},
    {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "display name", .zh = "名称"},
    {"format", FIELD_TEXT, .bytes_max = 32, .en = "message format", .zh = "报文格式"},
    {"endpoint", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 1000, .en = "endpoint", .zh = "接入地址"},
    {"key_file", FIELD_TEXT, .bytes_max = 200, .en = "key file; a name without folders", .zh = "密钥文件名；不含目录"},
    {"settings", FIELD_JSON, .bytes_max = 16384, .en = "channel settings; a JSON object",
     .zh = "通道专用参数；JSON 对象"},
    {"per_second", FIELD_INTEGER, .en = "rate limit; messages a second, none: 100",
     .zh = "速率上限；条/秒，不填为 100"},
    {"in_flight", FIELD_INTEGER, .en = "messages in flight, at most; none: 8", .zh = "并发上限；不填为 8"},
    {"timeout", FIELD_DURATION, .en = "send timeout; none: 10s", .zh = "接收超时；不填为 10s"},
    {"answer_within", FIELD_DURATION, .en = "answer timeout; none: 5m", .zh = "反馈超时；不填为 5m"},
    {"attempts_max", FIELD_INTEGER, .en = "attempts at most; none: 10", .zh = "最多尝试次数；不填为 10"},
    {"backoff", FIELD_DURATION, .en = "retry delay; none: 2s", .zh = "重试间隔；不填为 2s"},
    {"backoff_max", FIELD_DURATION, .en = "longest retry delay; none: 5m", .zh = "重试间隔上限；不填为 5m"},
    {"when_unknown", FIELD_CODE, .codes = "repeat|hold",
     .en = "if the outcome is unknown; none: repeat for banks and mail, else hold",
     .zh = "结果不明时；不填：银行、邮件重发，其他转人工"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

/* What holds where nothing was said, and the range of what may be said. */
static const struct {
    uint8_t field;
    int64_t usual, least, most;
    const char *expected;
} NUMBERS[] = {
    {LINK_PER_SECOND, 100, 1, 100000, "1 to 100,000 are expected"},
    {LINK_IN_FLIGHT, 8, 1, 10000, "1 to 10,000 are expected"},
    {LINK_TIMEOUT, 10000, 100, 600000, "100ms to 10m are expected"},
    {LINK_ANSWER_WITHIN, 300000, 1000, 259200000, "1s to 3d are expected"},
    {LINK_ATTEMPTS_MAX, 10, 1, 1000, "1 to 1,000 are expected"},
    {LINK_BACKOFF, 2000, 10, 3600000, "10ms to 1h are expected"},
    {LINK_BACKOFF_MAX, 300000, 10, 86400000, "10ms to 1d are expected"},
};

static const record_value STANDING[] = {{.text = {"open", 4}}, {.text = {"suspended", 9}}};

static void link_touch(desk *d) {
    d->links_touched = true;
}

uint64_t partner_link_epoch(const desk *d) {
    return atomic_load_explicit(&d->link_epoch, memory_order_acquire);
}

static sluice_result check_key_file(desk_command *c, const record *r) {
    sluice_text name = value_text_or_empty(&r->values[LINK_KEY_FILE]);
    bool has_folder = name.length > 0 && (memchr(name.data, '/', name.length) != NULL || name.data[0] == '.');
    return has_folder ? desk_fault_add(c, "key_file", "a file's name without folders, not hidden, is expected")
                      : SLUICE_OK;
}

/* What a channel speaks, and nothing else: no file, and nobody else's port. A password is in a key file, never here. */
static const struct {
    const char *channel, *schemes, *example;
} ENDPOINTS[] = {
    {"bank", "https|http", "https://bank.example/police"}, {"bot", "https|http", "https://bot.example/send"},
    {"sms", "smpp|smpps", "smpps://carrier.example:2776"}, {"voice", "sip|sips", "sip:carrier.example:5060"},
    {"mail", "smtp|smtps", "smtp://mail.example:587"},
};

static sluice_result check_endpoint(desk_command *c, const record *r) {
    sluice_text scheme, rest, endpoint = r->values[LINK_ENDPOINT].text;
    size_t row = 0;
    while (row + 1 < sizeof ENDPOINTS / sizeof *ENDPOINTS &&
           !text_equal(r->values[LINK_CHANNEL].text, text_of(ENDPOINTS[row].channel))) {
        row++;
    }
    bool good = text_split(endpoint, ':', &scheme, &rest) && desk_is_among(ENDPOINTS[row].schemes, scheme);
    bool has_slashes = good && rest.length > 2 && rest.data[0] == '/' && rest.data[1] == '/';
    good = good && (has_slashes ? rest.data[2] != '/' : scheme.data[0] == 's' && scheme.data[1] == 'i') &&
           rest.length >= 3 && memchr(rest.data, '@', rest.length) == NULL;
    for (size_t i = 0; good && i < endpoint.length; i++) {
        good = endpoint.data[i] > ' ' && endpoint.data[i] < 0x7f;
    }
    return good ? SLUICE_OK
                : desk_fault_add(c, "endpoint", "an address like %s, without a user, is expected",
                                 ENDPOINTS[row].example);
}

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    bool good = check_key_file(c, r) == SLUICE_OK;
    good = check_endpoint(c, r) == SLUICE_OK && good;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        record_value *value = &r->values[NUMBERS[i].field];
        if (value->is_null) {
            *value = value_integer(NUMBERS[i].usual);
        }
        if (value->integer < NUMBERS[i].least || value->integer > NUMBERS[i].most) {
            (void)desk_fault_add(c, FIELDS[NUMBERS[i].field].name, "%s", NUMBERS[i].expected);
            good = false;
        }
    }
    sluice_text settings = value_text_or_empty(&r->values[LINK_SETTINGS]);
    if (settings.length > 0 && settings.data[0] != '{') {
        (void)desk_fault_add(c, "settings", "a JSON object is expected");
        good = false;
    }
    if (r->values[LINK_UNKNOWN].is_null) {
        bool repeats = text_equal(r->values[LINK_CHANNEL].text, TEXT("bank")) ||
                       text_equal(r->values[LINK_CHANNEL].text, TEXT("mail"));
        r->values[LINK_UNKNOWN] = value_text(repeats ? TEXT("repeat") : TEXT("hold"));
    }
    return good ? SLUICE_OK : SLUICE_E_INPUT;
}

/* The one before it of the same channel and partner ends: one of them is open at a time. */
static sluice_result replace(desk_command *c, record *r, const desk_input *in) {
    query_term terms[3] = {{LINK_CHANNEL, QUERY_EQUAL, r->values[LINK_CHANNEL], NULL, 0},
                           {LINK_PARTNER, QUERY_EQUAL, r->values[LINK_PARTNER], NULL, 0},
                           {LINK_STATE, QUERY_IN, value_null(), STANDING, 2}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 3, .order = QUERY_ID};
    record *rows = NULL;
    size_t count = 0;
    (void)in;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (rows[i].id != r->id) {
            result = desk_act_inside(c, &PARTNER_LINK_KIND, "replace", &rows[i], NULL, 0);
        }
    }
    link_touch(c->desk);
    return result;
}

static sluice_result touched(desk_command *c, record *r, const desk_input *in) {
    (void)r;
    (void)in;
    link_touch(c->desk);
    return SLUICE_OK;
}

/* ---- a trial ---- */

static const record_field TRIAL[] = {
    {"address", FIELD_TEXT, SECRECY_PHONE, .bytes_max = 254,
     .en = "test recipient; a phone or a mail address, none for a group", .zh = "测试接收号码或邮箱；群不填"},
    {"title", FIELD_TEXT, .bytes_max = 200, .en = "title or subject", .zh = "标题"},
    {"text", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 1000, .en = "text", .zh = "内容"},
};

/* A message that is about nothing but the link, so that people see whether it works before something depends on it. */
static sluice_result try_out(desk_command *c, record *r, const desk_input *in) {
    json_document d;
    text_writer text = {0};
    char channel[16], dedup[80];
    int64_t id = 0;
    const record_value *title = desk_given_value(in, "title");
    snprintf(channel, sizeof channel, "%.*s", TEXT_ARGS(r->values[LINK_CHANNEL].text));
    if (strcmp(channel, "bank") == 0) {
        return error_set(c->error, SLUICE_E_STATE, "banks are sent orders and no trials");
    }
    int length = snprintf(dedup, sizeof dedup, "trial:%lld:%lld", (long long)r->id, (long long)r->version);
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "subject", title->is_null ? TEXT("测试") : title->text);
    json_add_text(&d, root, "title", title->is_null ? TEXT("测试") : title->text);
    json_add_text(&d, root, "text", desk_given_value(in, "text")->text);
    if (strcmp(channel, "mail") == 0) { /* with an attachment, because that is what may fail */
        yyjson_mut_val *file = json_append_object(&d, json_add_array(&d, root, "attachments"));
        json_add_text(&d, file, "name", TEXT("测试附件.txt"));
        json_add_text(&d, file, "type", TEXT("text/plain"));
        json_add_text(&d, file, "data", TEXT("5rWL6K+V"));
    }
    sluice_result result = json_end_line(&d, &text, c->error);
    if (result == SLUICE_OK) {
        const outbox_message message = {.channel = channel,
                                        .partner = r->values[LINK_PARTNER].text,
                                        .purpose = "trial",
                                        .kind = &PARTNER_LINK_KIND,
                                        .about = r,
                                        .address = value_text_or_empty(desk_given_value(in, "address")),
                                        .payload = text_trim((sluice_text){text.data, text.length}),
                                        .dedup = {dedup, (size_t)length}};
        result = outbox_put(c, &message, &id);
    }
    text_writer_fini(&text);
    return result;
}

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", ROLE_ADMINISTRATOR, ACT_CITY, BY(LINK_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     SAYS("propose a link", "提出通道")},
    {"approve", "proposed", "open", ROLE_COMMANDER, ACT_CITY, OTHER_THAN(LINK_PROPOSED_BY), BY(LINK_APPROVED_BY),
     AT(LINK_APPROVED_AT), INPUTS(NOTE), THEN(replace), RESTS_ON("反电信网络诈骗法 Art. 20"),
     SAYS("put it into service in place of the one before it", "批准启用")},
    {"refuse", "proposed", "refused", ROLE_COMMANDER, ACT_CITY | ACT_REASON, BY(LINK_APPROVED_BY), AT(LINK_APPROVED_AT),
     INPUTS(NOTE), SAYS("refuse it", "不批准")},
    {"suspend", "open", "suspended", ROLE_ADMINISTRATOR | ROLE_COMMANDER, ACT_CITY | ACT_REASON, BY(LINK_SUSPENDED_BY),
     INPUTS(NOTE), THEN(touched), SAYS("take it out of service at once; orders wait", "停用")},
    {"resume", "suspended", "open", ROLE_COMMANDER, ACT_CITY, OTHER_THAN(LINK_SUSPENDED_BY), BY(LINK_APPROVED_BY),
     AT(LINK_APPROVED_AT), INPUTS(NOTE), THEN(touched), SAYS("put it back into service", "恢复启用")},
    {"try", "open", NULL, ROLE_ADMINISTRATOR | ROLE_COMMANDER, ACT_CITY, INPUTS(TRIAL), RUN(try_out),
     SAYS("send a trial message through it", "发送测试消息")},
    {"end", "open|suspended", "ended", ROLE_COMMANDER, ACT_CITY | ACT_REASON, INPUTS(NOTE), THEN(touched),
     SAYS("end it", "终止")},
    {"replace", "open|suspended", "ended", ROLE_SYSTEM, ACT_BY_CLOCK, SAYS("another took its place", "被新通道取代")},
};

const desk_kind PARTNER_LINK_KIND = {
    .table = &TABLE,
    .name = "partner_link",
    .collection = "partner-links",
    .readers = ROLE_ADMINISTRATOR | ROLE_COMMANDER | ROLE_AUDITOR,
    .state = SOME(LINK_STATE),
    ACTS_OF(ACTS),
};

sluice_result partner_link_find(desk_command *c, const char *channel, sluice_text partner, record *link_out) {
    query_term terms[3] = {{LINK_CHANNEL, QUERY_EQUAL, value_text(text_of(channel)), NULL, 0},
                           {LINK_STATE, QUERY_IN, value_null(), STANDING, 2},
                           {LINK_PARTNER, QUERY_EQUAL, value_text(partner), NULL, 0}};
    return desk_find(c, &TABLE, terms, partner.length == 0 ? 2 : 3, link_out);
}
