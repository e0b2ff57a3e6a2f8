/* The three platforms differ in four things: where the token is, how it is signed, what a message looks like, and what
 * the numbers mean that they answer with HTTP 200. All four are here, from their public descriptions (see
 * docs/gateways.md); which code means what is a table. */
#include "gateway/bot_format.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#include "base/error.h"
#include "base/json_write.h"

static const struct {
    const char *name;
    uint32_t per_minute;
    size_t text_bytes_max;
} KINDS[BOT_KINDS] = {
    [BOT_WECOM] = {"wecom", 20, 2048},
    [BOT_DINGTALK] = {"dingtalk", 20, 20000},
    [BOT_FEISHU] = {"feishu", 100, 20000},
};
enum { WECOM_MARKDOWN_BYTES_MAX = 4096, MINUTE_MS = 60000 };

bool bot_kind_find(sluice_text format, bot_kind *kind_out) {
    for (int i = 0; i < BOT_KINDS; i++) {
        if (text_equal(format, text_of(KINDS[i].name))) {
            *kind_out = (bot_kind)i;
            return true;
        }
    }
    return false;
}

uint32_t bot_per_minute(bot_kind kind) {
    return KINDS[kind].per_minute;
}

bot_address bot_address_of(bot_kind kind, const char *endpoint, sluice_text key) {
    bot_address to = {.kind = kind, .endpoint = endpoint};
    (void)text_split(key, '\n', &to.token, &to.secret);
    to.token = text_trim(to.token);
    to.secret = text_trim(to.secret);
    return to;
}

/* ---- signatures ---- */

enum { SIGN_BYTES = 48 };

/* Base64 of HMAC-SHA-256. */
static bool sign(sluice_text key, sluice_text message, char out[SIGN_BYTES]) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned bytes = 0;
    if (HMAC(EVP_sha256(), key.data, (int)key.length, (const unsigned char *)message.data, message.length, mac,
             &bytes) == NULL) {
        return false;
    }
    return EVP_EncodeBlock((unsigned char *)out, mac, (int)bytes) > 0;
}

/* "time\nsecret": DingTalk signs it with the secret; to Feishu it is the key that signs nothing at all. */
static bool sign_at(const bot_address *to, int64_t time, char out[SIGN_BYTES]) {
    text_writer stamp = {0};
    text_printf(&stamp, "%" PRId64 "\n%.*s", time, TEXT_ARGS(to->secret));
    sluice_text text = {stamp.data, stamp.length};
    bool done = !stamp.failed && (to->kind == BOT_DINGTALK ? sign(to->secret, text, out) : sign(text, TEXT(""), out));
    text_writer_fini(&stamp);
    return done;
}

/* RFC 3986 */
static void write_escaped(text_writer *writer, sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                        c == '_' || c == '.' || c == '~';
        if (is_plain) {
            text_write_char(writer, (char)c);
        } else {
            text_printf(writer, "%%%02X", c);
        }
    }
}

static bool write_url(const bot_address *to, int64_t now_ms, text_writer *url) {
    char signature[SIGN_BYTES];
    bool has_query = strchr(to->endpoint, '?') != NULL;
    text_write(url, text_of(to->endpoint));
    if (to->token.length > 0) {
        text_write(url, to->kind == BOT_FEISHU  ? TEXT("/")
                        : to->kind == BOT_WECOM ? (has_query ? TEXT("&key=") : TEXT("?key="))
                        : has_query             ? TEXT("&access_token=")
                                                : TEXT("?access_token="));
        write_escaped(url, to->token);
    }
    if (to->kind == BOT_DINGTALK && to->secret.length > 0) {
        if (!sign_at(to, now_ms, signature)) {
            return false;
        }
        text_printf(url, "%ctimestamp=%" PRId64 "&sign=", to->token.length > 0 || has_query ? '&' : '?', now_ms);
        write_escaped(url, text_of(signature));
    }
    return !url->failed;
}

/* ---- bodies ---- */

typedef struct message {
    sluice_text text, title;
    const char *kind;
    bool mentions_all;
    yyjson_val *mention; /* an array; NULL */
} message;

static sluice_text member(yyjson_val *payload, const char *name) {
    yyjson_val *value = yyjson_obj_get(payload, name);
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

static sluice_result read_message(yyjson_val *payload, bot_kind kind, message *m, sluice_error *error) {
    const char *wanted = yyjson_get_str(yyjson_obj_get(payload, "kind"));
    m->text = member(payload, "text");
    m->title = member(payload, "title");
    m->kind = wanted == NULL ? "text" : wanted;
    m->mentions_all = yyjson_get_bool(yyjson_obj_get(payload, "mention_all"));
    m->mention = yyjson_obj_get(payload, "mention");
    if (m->text.data == NULL || m->text.length == 0) {
        return error_set(error, SLUICE_E_INPUT, "a bot's message needs a text");
    }
    bool is_plain = strcmp(m->kind, "text") == 0;
    size_t most = kind == BOT_WECOM && !is_plain ? WECOM_MARKDOWN_BYTES_MAX : KINDS[kind].text_bytes_max;
    return m->text.length + m->title.length <= most
               ? SLUICE_OK
               : error_set(error, SLUICE_E_INPUT, "%s takes %zu bytes of text at most; these are %zu", KINDS[kind].name,
                           most, m->text.length + m->title.length);
}

static void add_mentions(json_document *d, yyjson_mut_val *into, const char *name, const message *m, bool with_all) {
    yyjson_mut_val *list = json_add_array(d, into, name);
    size_t i, count;
    yyjson_val *phone;
    if (m->mention != NULL) {
        yyjson_arr_foreach(m->mention, i, count, phone) {
            if (!yyjson_is_str(phone)) {
                continue;
            }
            yyjson_mut_val *copy = yyjson_mut_strncpy(d->doc, yyjson_get_str(phone), yyjson_get_len(phone));
            d->failed = d->failed || !yyjson_mut_arr_append(list, copy);
        }
    }
    if (with_all && m->mentions_all) {
        d->failed = d->failed || !yyjson_mut_arr_append(list, yyjson_mut_str(d->doc, "@all"));
    }
}

static void write_wecom(json_document *d, yyjson_mut_val *root, const message *m, sluice_text headed) {
    if (strcmp(m->kind, "text") != 0) {
        json_add_text(d, root, "msgtype", TEXT("markdown"));
        json_add_text(d, json_add_object(d, root, "markdown"), "content", headed);
        return;
    }
    json_add_text(d, root, "msgtype", TEXT("text"));
    yyjson_mut_val *text = json_add_object(d, root, "text");
    json_add_text(d, text, "content", m->text);
    add_mentions(d, text, "mentioned_mobile_list", m, true);
}

static void write_dingtalk(json_document *d, yyjson_mut_val *root, const message *m, sluice_text headed) {
    bool is_plain = strcmp(m->kind, "text") == 0;
    json_add_text(d, root, "msgtype", is_plain ? TEXT("text") : TEXT("markdown"));
    if (is_plain) {
        json_add_text(d, json_add_object(d, root, "text"), "content", m->text);
    } else {
        yyjson_mut_val *markdown = json_add_object(d, root, "markdown");
        json_add_text(d, markdown, "title", m->title.length > 0 ? m->title : TEXT("反诈中心"));
        json_add_text(d, markdown, "text", headed);
    }
    yyjson_mut_val *at = json_add_object(d, root, "at");
    add_mentions(d, at, "atMobiles", m, false);
    json_add_bool(d, at, "isAtAll", m->mentions_all);
}

static void write_feishu_post(json_document *d, yyjson_mut_val *content, const message *m) {
    yyjson_mut_val *zh = json_add_object(d, json_add_object(d, content, "post"), "zh_cn");
    json_add_text(d, zh, "title", m->title);
    yyjson_mut_val *lines = json_add_array(d, zh, "content");
    sluice_text line, rest = m->text;
    for (bool more = true; more;) {
        more = text_split(rest, '\n', &line, &rest);
        yyjson_mut_val *row = yyjson_mut_arr_add_arr(d->doc, lines), *part = json_append_object(d, row);
        json_add_text(d, part, "tag", TEXT("text"));
        json_add_text(d, part, "text", line);
    }
    if (m->mentions_all) {
        yyjson_mut_val *row = yyjson_mut_arr_add_arr(d->doc, lines), *part = json_append_object(d, row);
        json_add_text(d, part, "tag", TEXT("at"));
        json_add_text(d, part, "user_id", TEXT("all"));
    }
}

static void write_feishu_card(json_document *d, yyjson_mut_val *card, const message *m) {
    yyjson_mut_val *title = json_add_object(d, json_add_object(d, card, "header"), "title");
    json_add_text(d, title, "tag", TEXT("plain_text"));
    json_add_text(d, title, "content", m->title.length > 0 ? m->title : TEXT("反诈中心"));
    yyjson_mut_val *element = json_append_object(d, json_add_array(d, card, "elements"));
    json_add_text(d, element, "tag", TEXT("markdown"));
    json_add_text(d, element, "content", m->text);
}

static bool write_feishu(json_document *d, yyjson_mut_val *root, const message *m, const bot_address *to,
                         int64_t now_ms, char stamp[24], char signature[SIGN_BYTES], sluice_text called) {
    if (to->secret.length > 0) {
        if (!sign_at(to, now_ms / 1000, signature)) {
            return false;
        }
        snprintf(stamp, 24, "%" PRId64, now_ms / 1000);
        json_add_text(d, root, "timestamp", text_of(stamp));
        json_add_text(d, root, "sign", text_of(signature));
    }
    if (strcmp(m->kind, "post") == 0) {
        json_add_text(d, root, "msg_type", TEXT("post"));
        write_feishu_post(d, json_add_object(d, root, "content"), m);
    } else if (strcmp(m->kind, "text") != 0) {
        json_add_text(d, root, "msg_type", TEXT("interactive"));
        write_feishu_card(d, json_add_object(d, root, "card"), m);
    } else {
        json_add_text(d, root, "msg_type", TEXT("text"));
        json_add_text(d, json_add_object(d, root, "content"), "text", called);
    }
    return true;
}

static sluice_result write_body(const bot_address *to, const message *m, int64_t now_ms, text_writer *body,
                                sluice_error *error) {
    json_document d;
    char stamp[24], signature[SIGN_BYTES];
    text_writer headed = {0}, called = {0};
    yyjson_mut_val *root = json_begin(&d);
    bool done = true;
    if (m->title.length > 0) {
        text_printf(&headed, "### %.*s\n", TEXT_ARGS(m->title));
    }
    text_write(&headed, m->text);
    text_write(&called, m->text);
    if (m->mentions_all) {
        text_write(&called, TEXT("<at user_id=\"all\">所有人</at>"));
    }
    if (to->kind == BOT_WECOM) {
        write_wecom(&d, root, m, (sluice_text){headed.data, headed.length});
    } else if (to->kind == BOT_DINGTALK) {
        write_dingtalk(&d, root, m, (sluice_text){headed.data, headed.length});
    } else {
        done = write_feishu(&d, root, m, to, now_ms, stamp, signature, (sluice_text){called.data, called.length});
    }
    sluice_result result = json_end_line(&d, body, error);
    done = done && !headed.failed && !called.failed;
    text_writer_fini(&headed);
    text_writer_fini(&called);
    return result == SLUICE_OK && !done ? error_no_memory(error, m->text.length) : result;
}

sluice_result bot_request_write(const bot_address *to, yyjson_val *payload, int64_t now_ms, bot_request *request_out,
                                sluice_error *error) {
    message m;
    *request_out = (bot_request){0};
    sluice_result result = read_message(payload, to->kind, &m, error);
    if (result == SLUICE_OK && !write_url(to, now_ms, &request_out->url)) {
        result = error_no_memory(error, 512);
    }
    result = result == SLUICE_OK ? write_body(to, &m, now_ms, &request_out->body, error) : result;
    if (result != SLUICE_OK) {
        bot_request_fini(request_out);
    }
    return result;
}

void bot_request_fini(bot_request *request) {
    text_writer_fini(&request->url);
    text_writer_fini(&request->body);
}

/* ---- answers ---- */

static const struct {
    bot_kind kind;
    int64_t code;
    bot_verdict verdict;
    int64_t wait_ms;
    const char *why;
} CODES[] = {
    {BOT_WECOM, -1, BOT_LATER, 0, "the platform is busy"},
    {BOT_WECOM, 45009, BOT_LATER, MINUTE_MS, "more than 20 messages a minute"},
    {BOT_WECOM, 45033, BOT_LATER, MINUTE_MS, "too many at once"},
    {BOT_WECOM, 93000, BOT_REFUSED, 0, "there is no such bot: its key is wrong or it was removed"},
    {BOT_WECOM, 40008, BOT_REFUSED, 0, "this kind of message is not taken"},
    {BOT_WECOM, 40058, BOT_REFUSED, 0, "a field of the message is wrong or missing"},
    {BOT_WECOM, 44004, BOT_REFUSED, 0, "the message is empty"},
    {BOT_WECOM, 45002, BOT_REFUSED, 0, "the message is too long"},
    {BOT_DINGTALK, -1, BOT_LATER, 0, "the platform is busy"},
    {BOT_DINGTALK, 130101, BOT_LATER, 10 * MINUTE_MS, "more than 20 messages a minute: shut for ten minutes"},
    {BOT_DINGTALK, 410100, BOT_LATER, 10 * MINUTE_MS, "more than 20 messages a minute: shut for ten minutes"},
    {BOT_DINGTALK, 310000, BOT_REFUSED, 0, "signature, time, keyword or address is not the bot's"},
    {BOT_DINGTALK, 300001, BOT_REFUSED, 0, "there is no such bot: its token is wrong"},
    {BOT_DINGTALK, 400101, BOT_REFUSED, 0, "there is no such bot: its token is wrong"},
    {BOT_DINGTALK, 400013, BOT_REFUSED, 0, "the group was dissolved"},
    {BOT_DINGTALK, 400102, BOT_REFUSED, 0, "the bot was switched off"},
    {BOT_DINGTALK, 400105, BOT_REFUSED, 0, "this kind of message is not taken"},
    {BOT_DINGTALK, 40035, BOT_REFUSED, 0, "a field of the message is wrong or missing"},
    {BOT_DINGTALK, 430101, BOT_REFUSED, 0, "the platform does not let this address or text pass"},
    {BOT_DINGTALK, 430102, BOT_REFUSED, 0, "the platform does not let this text pass"},
    {BOT_FEISHU, 11232, BOT_LATER, MINUTE_MS, "too many messages"},
    {BOT_FEISHU, 9499, BOT_REFUSED, 0, "a field of the message is wrong or missing"},
    {BOT_FEISHU, 19001, BOT_REFUSED, 0, "there is no such bot: its token is wrong"},
    {BOT_FEISHU, 19002, BOT_REFUSED, 0, "this kind of message is not taken"},
    {BOT_FEISHU, 19021, BOT_REFUSED, 0, "the signature is wrong, or our clock"},
    {BOT_FEISHU, 19022, BOT_REFUSED, 0, "our address is not on the bot's list"},
    {BOT_FEISHU, 19024, BOT_REFUSED, 0, "the bot's keyword is not in the text"},
};

/* Feishu's older form has StatusCode. */
static bool read_code(bot_kind kind, sluice_text body, int64_t *code_out) {
    yyjson_doc *doc = yyjson_read(body.data, body.length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_val *code = yyjson_obj_get(root, kind == BOT_FEISHU ? "code" : "errcode");
    if (code == NULL && kind == BOT_FEISHU) {
        code = yyjson_obj_get(root, "StatusCode");
    }
    bool is_there = yyjson_is_int(code);
    *code_out = yyjson_get_sint(code);
    yyjson_doc_free(doc);
    return is_there;
}

bot_answer bot_answer_read(bot_kind kind, long status, sluice_text body) {
    bot_answer answer = {.verdict = BOT_REFUSED, .code = status, .why = "the platform refuses it"};
    if (status == 429) {
        return (bot_answer){BOT_LATER, status, MINUTE_MS, "too many messages"};
    }
    if (!read_code(kind, body, &answer.code)) {
        answer.code = status;
        answer.verdict = status >= 500 || status == 200 ? BOT_LATER : BOT_REFUSED;
        answer.why = status == 200 ? "what answered is not the platform" : "the platform answered with an error page";
        return answer;
    }
    if (answer.code == 0) {
        return (bot_answer){BOT_POSTED, 0, 0, "posted"};
    }
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        if (CODES[i].kind == kind && CODES[i].code == answer.code) {
            return (bot_answer){CODES[i].verdict, answer.code, CODES[i].wait_ms, CODES[i].why};
        }
    }
    return answer;
}
