/* The channel of group bots. One request for one delivery; what the platform answers is the end of it, so nothing is
 * waited for and nothing can be asked. A request that was sent and not answered may have been posted: UNKNOWN. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/bot_format.h"
#include "gateway/bot_rate.h"
#include "gateway/channels.h"
#include "gateway/transfers.h"
#include "sys/clock.h"

typedef struct bot {
    int64_t link;
    bool is_usable; /* its format is one of ours */
    bot_kind kind;
    bot_rate rate;
} bot;

typedef struct bot_channel {
    gateway *gateway;
    transfers *transfers;
    bot *bots;
    size_t count;
} bot_channel;

typedef struct post {
    bot_channel *channel;
    int64_t delivery;
    bot_kind kind;
    char partner[65];
    bot_request request;
    struct curl_slist *headers;
    text_writer answer;
} post;

static sluice_result bot_open(gateway *g, void **self_out, sluice_error *error) {
    bot_channel *channel = memory_new_zero(1, sizeof *channel);
    *self_out = channel;
    if (channel == NULL) {
        return error_no_memory(error, sizeof *channel);
    }
    channel->gateway = g;
    return transfers_new(&channel->transfers, error);
}

static void bot_close(void **self) {
    bot_channel *channel = *self;
    if (channel != NULL) {
        transfers_free(&channel->transfers);
        memory_free(channel->bots);
        memory_free(channel);
    }
    *self = NULL;
}

/* ---- links ---- */

static bot *find_bot(const bot_channel *channel, int64_t link) {
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->bots[i].link == link) {
            return &channel->bots[i];
        }
    }
    return NULL;
}

static void take_link(bot_channel *channel, bot *b, const gateway_link *link) {
    int64_t per_minute = yyjson_get_sint(yyjson_obj_get(link->settings, "per_minute"));
    const bot *before = find_bot(channel, link->id);
    *b = before == NULL ? (bot){.link = link->id} : *before;
    b->is_usable = bot_kind_find(link->format, &b->kind);
    if (!b->is_usable) {
        gateway_log(channel->gateway, "error", "link",
                    "bot link %lld is out of service: its format is not wecom, "
                    "dingtalk or feishu",
                    (long long)link->id);
        return;
    }
    b->rate.per_minute =
        per_minute >= 1 && per_minute <= BOT_SLOTS_MAX / 2 ? (uint32_t)per_minute : bot_per_minute(b->kind);
}

/* The minute that runs goes on for a link that stays. */
static void bot_set_links(void *self, const gateway_link *links, size_t count) {
    bot_channel *channel = self;
    bot *bots = memory_new_zero(count + 1, sizeof *bots);
    if (bots == NULL) {
        gateway_log(channel->gateway, "error", "link", "no memory for the links of group bots");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        take_link(channel, &bots[i], &links[i]);
    }
    memory_free(channel->bots);
    channel->bots = bots;
    channel->count = count;
}

/* ---- one post ---- */

static void report(post *p, outcome_kind kind, int64_t wait_ms, const char *why, const char *code) {
    gateway_outcome o = {.kind = kind,
                         .delivery = p->delivery,
                         .channel = "bot",
                         .partner = text_of(p->partner),
                         .code = text_of(code),
                         .text = text_of(why),
                         .wait_ms = wait_ms};
    if (kind == OUTCOME_ANSWERED) {
        o.answer = (outbox_answer){.verdict = VERDICT_DONE,
                                   .code = text_of(code),
                                   .at_ms = -1,
                                   .balance_fen = -1,
                                   .executed_fen = -1,
                                   .available_fen = -1};
    }
    gateway_report(p->channel->gateway, &o);
}

static void post_free(post *p) {
    curl_slist_free_all(p->headers);
    bot_request_fini(&p->request);
    text_writer_fini(&p->answer);
    memory_free(p);
}

static void on_done(void *context, CURL *easy, CURLcode code) {
    post *p = context;
    long status = 0;
    char number[24];
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        /* the program ends: the outbox knows that it was being sent */
    } else if (code != CURLE_OK) {
        report(p, transfer_was_not_sent(code, easy) ? OUTCOME_AGAIN : OUTCOME_UNKNOWN, 0, curl_easy_strerror(code), "");
    } else {
        bot_answer answer = bot_answer_read(p->kind, status, (sluice_text){p->answer.data, p->answer.length});
        snprintf(number, sizeof number, "%lld", (long long)answer.code);
        report(p,
               answer.verdict == BOT_POSTED  ? OUTCOME_ANSWERED
               : answer.verdict == BOT_LATER ? OUTCOME_AGAIN
                                             : OUTCOME_REFUSED,
               answer.wait_ms, answer.why, number);
    }
    post_free(p);
}

static bool set_options(CURL *easy, post *p, const gateway_link *link) {
    const char *ca_file = yyjson_get_str(yyjson_obj_get(link->settings, "ca_file"));
    p->headers = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    return p->headers != NULL && transfer_prepare(easy, "http,https", link->timeout_ms) &&
           curl_easy_setopt(easy, CURLOPT_URL, p->request.url.data) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)p->request.body.length) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, p->request.body.data) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, p->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, transfer_collect) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, &p->answer) == CURLE_OK &&
           (ca_file == NULL || curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

static void send_post(post *p, const gateway_link *link) {
    CURL *easy = curl_easy_init();
    sluice_error error = {0};
    bool is_set = easy != NULL && set_options(easy, p, link);
    if (!is_set) {
        curl_easy_cleanup(easy);
        (void)error_no_memory(&error, sizeof *p);
    }
    if (!is_set || transfers_start(p->channel->transfers, easy, on_done, p, &error) != SLUICE_OK) {
        report(p, OUTCOME_AGAIN, 0, error.text, "");
        post_free(p);
    }
}

static void bot_submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    bot_channel *channel = self;
    bot *b = find_bot(channel, link->id);
    post *p = memory_new_zero(1, sizeof *p);
    sluice_error error = {0};
    if (p == NULL) {
        return; /* reported as lost, and then tried again */
    }
    p->channel = channel;
    p->delivery = d->id;
    snprintf(p->partner, sizeof p->partner, "%.*s", TEXT_ARGS(link->partner));
    int64_t wait_ms = b == NULL || !b->is_usable ? 0 : bot_rate_take(&b->rate, d->id, clock_machine_ns() / 1000000);
    if (b == NULL || !b->is_usable) {
        report(p, OUTCOME_AGAIN, 60000, "the link's format is not wecom, dingtalk or feishu", "");
    } else if (wait_ms > 0) {
        report(p, OUTCOME_AGAIN, wait_ms, "the bot has had its messages of this minute", "");
    } else {
        bot_address to = bot_address_of(b->kind, link->endpoint, link->key);
        p->kind = b->kind;
        yyjson_doc *doc = yyjson_read(d->payload.data, d->payload.length, 0);
        sluice_result result = bot_request_write(&to, yyjson_doc_get_root(doc), d->now_ms, &p->request, &error);
        yyjson_doc_free(doc);
        if (result == SLUICE_OK) {
            send_post(p, link);
            return;
        }
        report(p, result == SLUICE_E_INPUT ? OUTCOME_REFUSED : OUTCOME_AGAIN, 0, error.text, "");
    }
    post_free(p);
}

static void bot_work(void *self) {
    transfers_work(((bot_channel *)self)->transfers);
}

static int bot_descriptor(void *self) {
    return transfers_descriptor(((bot_channel *)self)->transfers);
}

static int64_t bot_due_ns(void *self) {
    return transfers_due_ns(((bot_channel *)self)->transfers);
}

const channel_ops BOT_CHANNEL = {
    .name = "bot",
    .open = bot_open,
    .set_links = bot_set_links,
    .submit = bot_submit,
    .work = bot_work,
    .descriptor = bot_descriptor,
    .due_ns = bot_due_ns,
    .close = bot_close,
};
