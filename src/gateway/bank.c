/* The bank channel: orders as signed messages over HTTP(S) (docs/gateways.md).
 *
 *   POST endpoint, an order
 *     200 + feedback           the answer, at once
 *     202                      taken; the answer comes later to POST /v1/partner/messages, or is asked for
 *     409, result 200003       known already: asked for
 *     400, 422                 the bank says that it is wrong, and why
 *     401, 403, 429, no connection   certainly not taken
 *     anything else, silence, an answer that is not signed or not of this order   nobody knows
 *   POST endpoint, status of a serial number: 200 + feedback, 202, or 404 (unknown)
 *
 * Settings: sign (bank_sign.h; "none" only by saying so), plain (http to other hosts than this one), ca_file, constants
 * (an object that is put into every message), fields (name of the dated table of fields), and the key file. A recall is
 * camt.056, its answer camt.029 (iso20022.h); all else is in the codes and fields of the tables. */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/bank_message.h"
#include "gateway/bank_private.h"
#include "gateway/bank_sign.h"
#include "gateway/iso20022.h"
#include "gateway/transfers.h"
#include "sys/clock.h"

static sluice_text setting(const gateway_link *link, const char *name) {
    yyjson_val *value = yyjson_obj_get(link->settings, name);
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

/* ---- one request ---- */

typedef struct call {
    bank_channel *channel;
    int64_t link_id; /* not the link, which may be gone when the answer comes */
    int64_t delivery;
    bool is_ask, is_xml, is_inquiry, is_too_large;
    bank_scheme scheme;
    text_writer body, answer;
    struct curl_slist *headers;
    char serial[48], partner[72], nonce[BANK_NONCE_BYTES], signature[BANK_SIGNATURE_BYTES];
    sluice_text key; /* a copy */
    long retry_after;
} call;

static void call_free(call **cp) {
    call *c = *cp;
    if (c != NULL) {
        text_writer_fini(&c->body);
        text_writer_fini(&c->answer);
        curl_slist_free_all(c->headers);
        memory_free((void *)(uintptr_t)c->key.data);
        memory_free(c);
        *cp = NULL;
    }
}

static void report(call *c, gateway_outcome o) {
    o.delivery = c->delivery;
    o.channel = "bank";
    o.partner = text_of(c->partner);
    o.serial = text_of(c->serial);
    gateway_report(c->channel->gateway, &o);
}

static void report_kind(call *c, outcome_kind kind, const char *text) {
    report(c, (gateway_outcome){.kind = kind, .text = text_of(text)});
}

/* ---- what came back ---- */

static bool has_right_signature(call *c, long status) {
    char text[16];
    int length = snprintf(text, sizeof text, "%ld", status);
    const bank_signed what = {
        TEXT("RESPONSE"), {text, (size_t)length}, text_of(c->nonce), {0}, {c->answer.data, c->answer.length}};
    return c->scheme == BANK_UNSIGNED || bank_is_signed(c->scheme, c->key, &what, text_of(c->signature));
}

static void take_resolution(call *c) {
    arena a = {0};
    iso_document *doc = NULL;
    sluice_error error = {0};
    outbox_answer answer;
    sluice_text serial;
    bool pending = false;
    sluice_result result =
        iso_open((sluice_text){c->answer.data, c->answer.length}, gateway_schemas(c->channel->gateway), &doc, &error);
    result = result == SLUICE_OK ? iso_read_resolution(doc, &a, &serial, &answer, &pending, &error) : result;
    if (result != SLUICE_OK) {
        report_kind(c, OUTCOME_UNKNOWN, error.text);
    } else if (!text_equal(serial, text_of(c->serial))) {
        report_kind(c, OUTCOME_UNKNOWN, "the answer is of another serial number");
    } else {
        report(c, (gateway_outcome){.kind = pending ? OUTCOME_ACCEPTED : OUTCOME_ANSWERED, .answer = answer});
    }
    iso_free(&doc);
    arena_fini(&a);
}

static void take_feedback(call *c) {
    arena a = {0};
    bank_feedback f;
    sluice_error error = {0};
    const bank_table *table = NULL;
    sluice_text body = {c->answer.data, c->answer.length};
    sluice_result result = bank_channel_table(c->channel, c->link_id, &table, &error);
    result = result == SLUICE_OK ? bank_decode(table, body, &a, &f, &error) : result;
    if (result != SLUICE_OK) {
        report_kind(c, OUTCOME_UNKNOWN, error.text);
    } else if (!text_equal(f.serial, text_of(c->serial))) {
        report_kind(c, OUTCOME_UNKNOWN, "the answer is of another serial number");
    } else if (f.meaning == MEANS_AGAIN) {
        report_kind(c, OUTCOME_UNKNOWN, "the bank's own systems did not answer it in time");
    } else if (f.meaning == MEANS_DUPLICATE) {
        report(c, (gateway_outcome){.kind = OUTCOME_ACCEPTED});
    } else {
        report(c, (gateway_outcome){.kind = OUTCOME_ANSWERED, .answer = f.answer});
    }
    arena_fini(&a);
}

/* 400, 422: what it says is in the answer's result code, if it can be read. */
static void take_refusal(call *c, long status) {
    arena a = {0};
    bank_feedback f = {0};
    sluice_error error = {0};
    const bank_table *table = NULL;
    char text[80];
    sluice_result result = bank_channel_table(c->channel, c->link_id, &table, &error);
    result = result == SLUICE_OK ? bank_decode(table, (sluice_text){c->answer.data, c->answer.length}, &a, &f, &error)
                                 : result;
    (void)snprintf(text, sizeof text, "refused with status %ld", status);
    report(c, (gateway_outcome){.kind = OUTCOME_REFUSED,
                                .code = result == SLUICE_OK ? f.result_code : (sluice_text){0},
                                .text = text_of(text)});
    arena_fini(&a);
}

static void take_answer(call *c, long status) {
    char text[80];
    if (status != 401 && status != 403 && status != 429 && !has_right_signature(c, status)) {
        gateway_log(c->channel->gateway, "error", "signature", "an answer of a bank is not signed as it should be");
        report_kind(c, OUTCOME_UNKNOWN, "the answer's signature is wrong");
        return;
    }
    switch (status) {
    case 200:
        if (c->is_xml) {
            take_resolution(c);
        } else {
            take_feedback(c);
        }
        return;
    case 202:
    case 409:
        report(c, (gateway_outcome){.kind = OUTCOME_ACCEPTED});
        return;
    case 404:
        report_kind(c, c->is_ask ? OUTCOME_ABSENT : OUTCOME_UNKNOWN, "nothing is at this address");
        return;
    case 400:
    case 422:
        take_refusal(c, status);
        return;
    case 401:
    case 403:
    case 429:
        (void)snprintf(text, sizeof text, "not taken: status %ld", status);
        report(c,
               (gateway_outcome){.kind = OUTCOME_AGAIN,
                                 .text = text_of(text),
                                 .wait_ms = c->retry_after > 0 && c->retry_after < 3600 ? c->retry_after * 1000 : 0});
        return;
    default:
        (void)snprintf(text, sizeof text, "nobody knows: status %ld", status);
        report_kind(c, OUTCOME_UNKNOWN, text);
    }
}

/* An inquiry's answer may be as large as evidence may; more than BANK_ANSWER_BYTES_MAX ends the transfer. */
static size_t collect(char *data, size_t size, size_t count, void *context) {
    call *c = context;
    size_t bytes = size * count;
    c->is_too_large = c->answer.length + bytes > BANK_ANSWER_BYTES_MAX;
    if (c->is_too_large) {
        return 0;
    }
    text_write(&c->answer, (sluice_text){data, bytes});
    return c->answer.failed ? 0 : bytes;
}

static size_t take_header(char *data, size_t size, size_t count, void *context) {
    call *c = context;
    sluice_text line = {data, size * count}, name, value;
    if (text_split(line, ':', &name, &value)) {
        value = text_trim(value);
        bool is_signature = name.length == 16 && strncasecmp(name.data, "Sluice-Signature", 16) == 0;
        bool is_retry = name.length == 11 && strncasecmp(name.data, "Retry-After", 11) == 0;
        uint64_t seconds = 0;
        if (is_signature && value.length < sizeof c->signature) {
            memcpy(c->signature, value.data, value.length);
            c->signature[value.length] = '\0';
        } else if (is_retry && text_to_u64(value, &seconds) && seconds < 100000) {
            c->retry_after = (long)seconds;
        }
    }
    return size * count;
}

static void done(void *context, CURL *easy, CURLcode code) {
    call *c = context;
    long status = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_ABORTED_BY_CALLBACK && c->channel->closing) {
        call_free(&c);
        return;
    }
    if (code == CURLE_OK) {
        take_answer(c, status);
    } else if (c->is_too_large && c->is_inquiry) { /* a question has no effect at the bank: it may end here */
        report(c, (gateway_outcome){.kind = OUTCOME_REFUSED,
                                    .text = TEXT("the answer is larger than 8 MiB: ask for a shorter period")});
    } else {
        report_kind(c, transfer_was_not_sent(code, easy) ? OUTCOME_AGAIN : OUTCOME_UNKNOWN, curl_easy_strerror(code));
    }
    call_free(&c);
}

/* ---- sending ---- */

static bool add_header(call *c, const char *name, const char *value) {
    char line[200];
    (void)snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *more = curl_slist_append(c->headers, line);
    c->headers = more == NULL ? c->headers : more;
    return more != NULL;
}

/* "/path?query" of the endpoint. */
static bool target_of(const char *endpoint, char target[1024]) {
    CURLU *url = curl_url();
    char *path = NULL, *query = NULL;
    bool good = url != NULL && curl_url_set(url, CURLUPART_URL, endpoint, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK;
    if (good) {
        (void)curl_url_get(url, CURLUPART_QUERY, &query, 0);
        int length = snprintf(target, 1024, "%s%s%s", path, query == NULL ? "" : "?", query == NULL ? "" : query);
        good = length > 0 && length < 1024;
    }
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(url);
    return good;
}

static bool add_signature(call *c, const gateway_link *link, int64_t now_ms) {
    char time[24], target[1024], signature[BANK_SIGNATURE_BYTES];
    (void)snprintf(time, sizeof time, "%lld", (long long)now_ms);
    if (c->scheme == BANK_UNSIGNED) {
        return true;
    }
    if (!bank_nonce(c->nonce) || !target_of(link->endpoint, target)) {
        return false;
    }
    const bank_signed what = {
        TEXT("POST"), text_of(target), text_of(time), text_of(c->nonce), {c->body.data, c->body.length}};
    return bank_sign(c->scheme, link->key, &what, signature) && add_header(c, "Sluice-Timestamp", time) &&
           add_header(c, "Sluice-Nonce", c->nonce) && add_header(c, "Sluice-Signature", signature);
}

static bool is_local(const char *endpoint) {
    return strncmp(endpoint, "http://127.0.0.1", 16) == 0 || strncmp(endpoint, "http://localhost", 16) == 0 ||
           strncmp(endpoint, "http://[::1]", 12) == 0;
}

/* What is wrong with the link itself; NULL: nothing. */
static const char *link_trouble(const gateway_link *link) {
    bool is_https = strncmp(link->endpoint, "https://", 8) == 0;
    bool is_plain = strncmp(link->endpoint, "http://", 7) == 0 &&
                    (is_local(link->endpoint) || yyjson_get_bool(yyjson_obj_get(link->settings, "plain")));
    bank_scheme scheme = BANK_UNSIGNED;
    return !is_https && !is_plain ? "the endpoint is not https, and settings do not say plain"
           : !bank_scheme_of(setting(link, "sign"), &scheme)
               ? "settings.sign is another word than hmac-sm3, sm2 or none"
               : bank_key_trouble(scheme, link->key);
}

static CURL *prepare(call *c, const gateway_link *link, int64_t now_ms) {
    CURL *easy = curl_easy_init();
    sluice_text ca = setting(link, "ca_file");
    bool good = transfer_prepare(easy, "http,https", link->timeout_ms) &&
                curl_easy_setopt(easy, CURLOPT_URL, link->endpoint) == CURLE_OK &&
                add_header(c, "Content-Type", c->is_xml ? "application/xml" : "application/json") &&
                add_header(c, "Idempotency-Key", c->serial) && add_header(c, "Expect", "") &&
                add_signature(c, link, now_ms) && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.length) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, c->body.data) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, collect) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_WRITEDATA, c) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_HEADERDATA, c) == CURLE_OK &&
                (ca.length == 0 || curl_easy_setopt(easy, CURLOPT_CAINFO, ca.data) == CURLE_OK);
    if (!good && easy != NULL) {
        curl_easy_cleanup(easy);
    }
    return good ? easy : NULL;
}

static sluice_result write_body(call *c, const gateway_link *link, const gateway_delivery *d, sluice_error *error) {
    const bank_table *table = NULL;
    yyjson_doc *doc = yyjson_read(d->payload.data, d->payload.length, 0);
    sluice_result result = bank_channel_table(c->channel, link->id, &table, error);
    if (c->is_xml) {
        result = iso_write_recall(yyjson_doc_get_root(doc), d->serial, link->partner, d->now_ms, &c->body, error);
    } else if (result == SLUICE_OK) {
        result = bank_encode(table, c->is_ask ? TEXT("status") : d->purpose, d->serial, yyjson_doc_get_root(doc),
                             yyjson_obj_get(link->settings, "constants"), &c->body, error);
    }
    yyjson_doc_free(doc);
    return result;
}

static bool copy_name(char *to, size_t capacity, sluice_text text) {
    if (text.length >= capacity) {
        return false;
    }
    memcpy(to, text.data, text.length);
    to[text.length] = '\0';
    return true;
}

static void send_message(bank_channel *channel, const gateway_link *link, const gateway_delivery *d, bool is_ask) {
    sluice_error error = {0};
    const char *trouble = link_trouble(link);
    call *c = memory_new_zero(1, sizeof *c);
    char *key = memory_new(link->key.length + 1);
    if (c == NULL || key == NULL || !copy_name(c->serial, sizeof c->serial, d->serial) ||
        !copy_name(c->partner, sizeof c->partner, link->partner)) {
        memory_free(key);
        call_free(&c); /* the delivery is found again: it was never reported */
        return;
    }
    memcpy(key, link->key.length == 0 ? "" : link->key.data, link->key.length);
    c->key = (sluice_text){key, link->key.length};
    c->channel = channel;
    c->link_id = link->id;
    c->delivery = d->id;
    /* A recall is asked for by sending it again: the same case number, so that it is the same case. */
    c->is_xml = text_equal(d->purpose, TEXT("recall"));
    c->is_ask = is_ask && !c->is_xml;
    c->is_inquiry = text_equal(d->purpose, TEXT("detail"));
    (void)bank_scheme_of(setting(link, "sign"), &c->scheme); /* another word is trouble */
    if (trouble != NULL) {
        report_kind(c, OUTCOME_AGAIN, trouble);
        call_free(&c);
        return;
    }
    sluice_result result = write_body(c, link, d, &error);
    if (result != SLUICE_OK) {
        /* Not what the bank would understand: people mend the table or the order. */
        report_kind(c, result == SLUICE_E_INPUT ? OUTCOME_REFUSED : OUTCOME_AGAIN, error.text);
        call_free(&c);
        return;
    }
    CURL *easy = prepare(c, link, d->now_ms);
    if (easy == NULL || transfers_start(channel->transfers, easy, done, c, &error) != SLUICE_OK) {
        report_kind(c, OUTCOME_AGAIN, "no memory, or the endpoint is no address");
        call_free(&c);
    }
}

/* ---- the channel ---- */

static void forget_tables(bank_channel *channel) {
    for (size_t i = 0; i < channel->table_count; i++) {
        arena_fini(&channel->tables[i].memory);
    }
    channel->table_count = 0;
}

static bank_cached *find_table(bank_channel *channel, const char *fields) {
    for (size_t i = 0; i < channel->table_count; i++) {
        if (strcmp(channel->tables[i].fields, fields) == 0) {
            return &channel->tables[i];
        }
    }
    if (channel->table_count == BANK_TABLES_MAX) {
        forget_tables(channel);
    }
    bank_cached *fresh = &channel->tables[channel->table_count++];
    *fresh = (bank_cached){0};
    (void)snprintf(fresh->fields, sizeof fresh->fields, "%s", fields);
    return fresh;
}

sluice_result bank_channel_table(bank_channel *channel, int64_t link_id, const bank_table **table_out,
                                 sluice_error *error) {
    enum { KEPT_MS = 30000 };
    char name[65] = "bank_field";
    for (size_t i = 0; i < channel->link_count; i++) {
        sluice_text fields = channel->links[i].id == link_id ? setting(&channel->links[i], "fields") : (sluice_text){0};
        if (fields.length > 0) {
            (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(fields));
        }
    }
    bank_cached *cached = find_table(channel, name);
    int64_t now_ms = clock_now_ms();
    *table_out = &cached->table;
    if (now_ms < cached->until_ms) {
        return SLUICE_OK;
    }
    arena_reset(&cached->memory);
    sluice_result result = bank_table_load(desk_store(gateway_desk(channel->gateway)), text_of(cached->fields), now_ms,
                                           &cached->memory, &cached->table, error);
    cached->until_ms = result == SLUICE_OK ? now_ms + KEPT_MS : 0;
    return result;
}

static sluice_result open_channel(gateway *g, void **self_out, sluice_error *error) {
    bank_channel *channel = memory_new_zero(1, sizeof *channel);
    *self_out = channel;
    if (channel == NULL) {
        return error_no_memory(error, sizeof *channel);
    }
    channel->gateway = g;
    sluice_result result = transfers_new(&channel->transfers, error);
    if (result != SLUICE_OK) {
        memory_free(channel);
        *self_out = NULL;
    }
    return result;
}

static void set_links(void *self, const gateway_link *links, size_t count) {
    bank_channel *channel = self;
    channel->links = links;
    channel->link_count = count;
    forget_tables(channel);
    for (size_t i = 0; i < count; i++) {
        const char *trouble = link_trouble(&links[i]);
        if (trouble != NULL) {
            gateway_log(channel->gateway, "error", "link", "bank link %lld does not work: %s", (long long)links[i].id,
                        trouble);
        }
    }
}

static void submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    send_message(self, link, d, false);
}

static void ask(void *self, const gateway_link *link, const gateway_delivery *d) {
    send_message(self, link, d, true);
}

static void work(void *self) {
    transfers_work(((bank_channel *)self)->transfers);
}

static int descriptor(void *self) {
    return transfers_descriptor(((bank_channel *)self)->transfers);
}

static int64_t due_ns(void *self) {
    return transfers_due_ns(((bank_channel *)self)->transfers);
}

static void close_channel(void **self) {
    bank_channel *channel = *self;
    if (channel != NULL) {
        channel->closing = true;
        transfers_free(&channel->transfers);
        forget_tables(channel);
        memory_free(channel);
        *self = NULL;
    }
}

const channel_ops CHANNEL_BANK = {"bank",     open_channel, set_links,     submit, ask, work,
                                  descriptor, due_ns,       close_channel, NULL,   NULL};
