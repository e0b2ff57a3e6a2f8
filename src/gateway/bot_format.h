/* What a group bot is told, and what it answers: the webhooks of WeCom (企业微信群机器人), DingTalk (钉钉自定义机器人)
 * and Feishu (飞书自定义机器人), as their makers describe them. No I/O; any thread. */
#ifndef GATEWAY_BOT_FORMAT_H
#define GATEWAY_BOT_FORMAT_H

#include <yyjson.h>

#include "base/text.h"

typedef enum bot_kind { BOT_WECOM, BOT_DINGTALK, BOT_FEISHU, BOT_KINDS } bot_kind;

/* False: `format` is none of "wecom", "dingtalk", "feishu". */
bool bot_kind_find(sluice_text format, bot_kind *kind_out);
/* What the maker allows in a minute: 20, 20, 100. */
uint32_t bot_per_minute(bot_kind kind);

/* Where a bot is. The key file's first line is its token (WeCom: key; DingTalk: access_token; Feishu: the last part of
 * the hook's address), its second one the secret that it signs with; a bot without one is not signed. */
typedef struct bot_address {
    bot_kind kind;
    const char *endpoint; /* without the token */
    sluice_text token, secret;
} bot_address;

bot_address bot_address_of(bot_kind kind, const char *endpoint, sluice_text key);

/* One request; text_writer_fini both. `payload` is the delivery's:
 *   text       what is said; required
 *   title      heads markdown, posts and cards
 *   kind       text (the default) | markdown | post | card; what a platform does not have is sent as its nearest
 *   mention_all, mention (phones)   who is called
 * Errors: INPUT: payload; the message is longer than the platform takes; NO_MEMORY. */
typedef struct bot_request {
    text_writer url, body;
} bot_request;

SLUICE_MUST_USE sluice_result bot_request_write(const bot_address *to, yyjson_val *payload, int64_t now_ms,
                                                bot_request *request_out, sluice_error *error);
void bot_request_fini(bot_request *request);

typedef enum bot_verdict {
    BOT_POSTED,
    BOT_LATER,   /* too fast, or busy: again after wait_ms */
    BOT_REFUSED, /* this message, or the bot itself, will not do */
} bot_verdict;

typedef struct bot_answer {
    bot_verdict verdict;
    int64_t code;    /* the platform's */
    int64_t wait_ms; /* LATER */
    const char *why; /* for people; constant */
} bot_answer;

/* What an HTTP status and body mean. Never fails: what cannot be read is LATER or REFUSED by the status. */
bot_answer bot_answer_read(bot_kind kind, long status, sluice_text body);

#endif
