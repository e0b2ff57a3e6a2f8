/* The channel of short messages: one SMPP client (smpp.h) for each link. Endpoint smpp://host:port or, with TLS,
 * smpps://host:port; the key file is the bind's password. Settings, all but the first optional:
 *
 *   system_id                      whom the carrier knows us as
 *   system_type, service_type, source, source_ton, source_npi, destination_ton, destination_npi
 *   prefix        "86"             put before numbers of 11 digits that begin with 1
 *   signature     "【南宁反诈】"    put before each text
 *   bind          transceiver | pair
 *   window        submit_sm without a response; the link's in_flight
 *   coding        gsm7 | latin1 | ascii | ucs2: of texts without Chinese
 *   long          parts | payload;  parts_max 10
 *   receipts      same | decimal | hex | none: how receipts write the ids of responses, or that there are none
 *   receipt_hours 24               kept in memory for so long; ca_file
 *
 * What the carrier took is ACCEPTED with its id of the last part; the receipt is the answer. The codes of answers are
 * DELIVRD, what the receipt says instead, WRONG_NUMBER, NO_RECEIPT (the carrier took it and said nothing more) and SENT
 * (it gives no receipts). After a restart a receipt finds its delivery by that id; of a long message only the last
 * part's does, and what its other parts said is NO_RECEIPT. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/channels.h"
#include "gateway/smpp.h"
#include "sys/clock.h"

typedef struct sms_link {
    int64_t id;
    char partner[65], prefix[8], signature[64];
    smpp_link *smpp; /* NULL: out of service */
    bool was_bound;
    int sockets[2]; /* in the epoll; -1 */
} sms_link;

typedef struct sms_channel {
    gateway *gateway;
    int poll;
    int64_t due_ns;
    sms_link *links;
    size_t count;
} sms_channel;

static sluice_result sms_open(gateway *g, void **self_out, sluice_error *error) {
    sms_channel *channel = memory_new_zero(1, sizeof *channel);
    *self_out = channel;
    if (channel == NULL) {
        return error_no_memory(error, sizeof *channel);
    }
    channel->gateway = g;
    channel->due_ns = INT64_MAX;
    channel->poll = epoll_create1(EPOLL_CLOEXEC);
    return channel->poll >= 0 ? SLUICE_OK : error_set(error, SLUICE_E_IO, "the system has no descriptor for SMS");
}

static void sms_close(void **self) {
    sms_channel *channel = *self;
    if (channel != NULL) {
        for (size_t i = 0; i < channel->count; i++) {
            smpp_close(&channel->links[i].smpp);
        }
        if (channel->poll >= 0) {
            close(channel->poll);
        }
        memory_free(channel->links);
        memory_free(channel);
    }
    *self = NULL;
}

/* ---- links ---- */

static const char *text_setting(const gateway_link *link, const char *name, const char *usual) {
    const char *text = yyjson_get_str(yyjson_obj_get(link->settings, name));
    return text == NULL ? usual : text;
}

static int64_t number_setting(const gateway_link *link, const char *name, int64_t usual, int64_t most) {
    yyjson_val *value = yyjson_obj_get(link->settings, name);
    int64_t number = yyjson_is_int(value) ? yyjson_get_sint(value) : usual;
    return number < 0 ? 0 : number > most ? most : number;
}

static bool is(const char *text, const char *word) {
    return strcmp(text, word) == 0;
}

static void take_text_rules(const gateway_link *link, smpp_settings *s) {
    const char *coding = text_setting(link, "coding", "gsm7"), *receipts = text_setting(link, "receipts", "same");
    s->text.narrow = is(coding, "latin1")  ? SMPP_NARROW_LATIN1
                     : is(coding, "ascii") ? SMPP_NARROW_ASCII
                     : is(coding, "ucs2")  ? SMPP_NARROW_NONE
                                           : SMPP_NARROW_GSM7;
    s->text.is_payload = is(text_setting(link, "long", "parts"), "payload");
    s->text.parts_max = (uint32_t)number_setting(link, "parts_max", 10, SMPP_PARTS_MAX);
    s->id_form = is(receipts, "decimal") ? SMPP_ID_RECEIPT_DECIMAL
                 : is(receipts, "hex")   ? SMPP_ID_RECEIPT_HEX
                                         : SMPP_ID_SAME;
    s->receipt_ms = is(receipts, "none") ? 0 : number_setting(link, "receipt_hours", 24, 240) * 3600000;
}

/* "smpp://host:port", or "smpps://…"; IPv6 in brackets. */
static bool take_endpoint(const gateway_link *link, char host[256], smpp_endpoint *to) {
    sluice_text scheme, rest, end = {0};
    (void)text_split(text_of(link->endpoint), ':', &scheme, &rest);
    to->is_tls = text_equal(scheme, TEXT("smpps"));
    if ((!to->is_tls && !text_equal(scheme, TEXT("smpp"))) || rest.length < 3 || memcmp(rest.data, "//", 2) != 0) {
        return false;
    }
    rest = (sluice_text){rest.data + 2, rest.length - 2};
    const char *colon = memrchr(rest.data, ':', rest.length);
    uint64_t port = to->is_tls ? 3550 : 2775;
    size_t host_bytes = colon == NULL ? rest.length : (size_t)(colon - rest.data);
    if (colon != NULL) {
        end = (sluice_text){colon + 1, rest.length - host_bytes - 1};
    }
    while (end.length > 0 && end.data[end.length - 1] == '/') {
        end.length--;
    }
    if ((colon != NULL && (!text_to_u64(end, &port) || port == 0 || port > 65535)) || host_bytes == 0 ||
        host_bytes > 255) {
        return false;
    }
    bool is_bracketed = rest.data[0] == '[' && host_bytes > 2 && rest.data[host_bytes - 1] == ']';
    snprintf(host, 256, "%.*s", (int)(host_bytes - (is_bracketed ? 2 : 0)), rest.data + (is_bracketed ? 1 : 0));
    to->host = host;
    to->port = (uint16_t)port;
    return true;
}

static sluice_result open_smpp(const gateway_link *link, smpp_link **smpp_out, sluice_error *error) {
    char host[256];
    smpp_settings s = smpp_settings_defaults();
    if (!take_endpoint(link, host, &s.endpoint)) {
        return error_set(error, SLUICE_E_INVALID, "an endpoint like smpp://host:port is expected");
    }
    s.endpoint.ca_file = text_setting(link, "ca_file", NULL);
    s.system_id = text_setting(link, "system_id", NULL);
    s.password = link->key.length == 0 ? "" : link->key.data;
    s.system_type = text_setting(link, "system_type", "");
    s.service_type = text_setting(link, "service_type", "");
    s.source = text_setting(link, "source", "");
    s.source_ton = (uint8_t)number_setting(link, "source_ton", 0, 6);
    s.source_npi = (uint8_t)number_setting(link, "source_npi", 1, 18);
    s.destination_ton = (uint8_t)number_setting(link, "destination_ton", 1, 6);
    s.destination_npi = (uint8_t)number_setting(link, "destination_npi", 1, 18);
    s.resends = false; /* what is in doubt is the outbox's to decide, by the link's when_unknown */
    s.is_pair = is(text_setting(link, "bind", "transceiver"), "pair");
    s.window = (uint32_t)number_setting(link, "window", link->in_flight, 10000);
    s.rate_per_s = (uint32_t)link->per_second;
    s.response_ms = link->timeout_ms;
    s.submit_ms = link->timeout_ms * 2; /* before the gateway takes it for lost, after three */
    take_text_rules(link, &s);
    return smpp_open(&s, smpp_out, error);
}

static void take_link(sms_channel *channel, sms_link *to, const gateway_link *link) {
    sluice_error error = {0};
    *to = (sms_link){.id = link->id, .sockets = {-1, -1}};
    snprintf(to->partner, sizeof to->partner, "%.*s", TEXT_ARGS(link->partner));
    snprintf(to->prefix, sizeof to->prefix, "%s", text_setting(link, "prefix", "86"));
    snprintf(to->signature, sizeof to->signature, "%s", text_setting(link, "signature", ""));
    if (open_smpp(link, &to->smpp, &error) != SLUICE_OK) {
        gateway_log(channel->gateway, "error", "link", "SMS link %" PRId64 " is out of service: %s", link->id,
                    error.text);
    }
}

static sms_link *find_link(const sms_channel *channel, int64_t id) {
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->links[i].id == id) {
            return &channel->links[i];
        }
    }
    return NULL;
}

/* A link never changes: the same number is the same connection, and stays. */
static void sms_set_links(void *self, const gateway_link *links, size_t count) {
    sms_channel *channel = self;
    sms_link *fresh = memory_new_zero(count + 1, sizeof *fresh);
    if (fresh == NULL) {
        gateway_log(channel->gateway, "error", "link", "no memory for the links of SMS");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sms_link *old = find_link(channel, links[i].id);
        if (old == NULL) {
            take_link(channel, &fresh[i], &links[i]);
        } else {
            fresh[i] = *old;
            old->smpp = NULL;
        }
    }
    for (size_t i = 0; i < channel->count; i++) {
        smpp_close(&channel->links[i].smpp);
    }
    memory_free(channel->links);
    channel->links = fresh;
    channel->count = count;
    channel->due_ns = 0;
}

/* ---- out ---- */

static void report(sms_channel *channel, const sms_link *link, const smpp_result *r, outcome_kind kind,
                   outbox_verdict verdict, const char *code, sluice_text receipt) {
    gateway_outcome o = {.kind = kind,
                         .delivery = (int64_t)r->id,
                         .channel = "sms",
                         .partner = text_of(link->partner),
                         .receipt = receipt,
                         .code = text_of(code),
                         .text = text_of(r->reason)};
    if (kind == OUTCOME_ANSWERED) {
        o.answer = (outbox_answer){.verdict = verdict,
                                   .code = text_of(code),
                                   .receipt = receipt,
                                   .at_ms = -1,
                                   .balance_fen = -1,
                                   .executed_fen = -1,
                                   .available_fen = -1};
    }
    gateway_report(channel->gateway, &o);
}

static void say_no(sms_channel *channel, const gateway_link *link, const gateway_delivery *d, outcome_kind kind,
                   const char *why) {
    gateway_outcome o = {
        .kind = kind, .delivery = d->id, .channel = "sms", .partner = link->partner, .text = text_of(why)};
    gateway_report(channel->gateway, &o);
}

static sluice_result submit(const sms_link *to, const gateway_delivery *d, sluice_error *error) {
    text_writer number = {0}, text = {0};
    yyjson_doc *doc = yyjson_read(d->payload.data, d->payload.length, 0);
    const char *words = yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(doc), "text"));
    bool is_mobile = d->address.length == 11 && d->address.data[0] == '1';
    text_printf(&number, "%s%.*s", is_mobile ? to->prefix : "", TEXT_ARGS(d->address));
    text_printf(&text, "%s%s", to->signature, words == NULL ? "" : words);
    sluice_result result = words == NULL ? error_set(error, SLUICE_E_INPUT, "a short message needs a text")
                           : number.failed || text.failed
                               ? error_no_memory(error, d->payload.length)
                               : smpp_submit(to->smpp, (uint64_t)d->id, (sluice_text){number.data, number.length},
                                             (sluice_text){text.data, text.length}, error);
    yyjson_doc_free(doc);
    text_writer_fini(&number);
    text_writer_fini(&text);
    return result;
}

static void sms_submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    sms_channel *channel = self;
    sms_link *to = find_link(channel, link->id);
    sluice_error error = {0};
    channel->due_ns = 0;
    if (to == NULL || to->smpp == NULL) {
        say_no(channel, link, d, OUTCOME_AGAIN, "the link is out of service: see the log");
        return;
    }
    sluice_result result = submit(to, d, &error);
    if (result != SLUICE_OK) {
        say_no(channel, link, d, result == SLUICE_E_INPUT ? OUTCOME_REFUSED : OUTCOME_AGAIN, error.text);
    }
}

/* ---- back ---- */

static sluice_text last_reference(const smpp_result *r) {
    sluice_text all = text_of(r->references);
    const char *comma = all.length == 0 ? NULL : memrchr(all.data, ',', all.length);
    return comma == NULL ? all : text_of(comma + 1);
}

static void report_failed(sms_channel *channel, const sms_link *link, const smpp_result *r) {
    if (r->is_wrong_number) {
        report(channel, link, r, OUTCOME_ANSWERED, VERDICT_FAILED, "WRONG_NUMBER", (sluice_text){0});
    } else if (r->may_retry) {
        report(channel, link, r, r->is_in_doubt ? OUTCOME_UNKNOWN : OUTCOME_AGAIN, VERDICT_FAILED, "",
               (sluice_text){0});
    } else {
        report(channel, link, r, OUTCOME_ANSWERED, VERDICT_FAILED, r->reason, (sluice_text){0});
    }
}

static void report_stray(sms_channel *channel, const sms_link *link, const smpp_result *r) {
    bool is_delivered = r->stray_state == SMPP_RECEIPT_DELIVERED;
    if (r->references != NULL && r->references[0] != 0 && r->stray_state != SMPP_RECEIPT_UNKNOWN) {
        report(channel, link, r, OUTCOME_ANSWERED, is_delivered ? VERDICT_DONE : VERDICT_FAILED, r->reason,
               text_of(r->references));
    }
}

static void report_incoming(sms_channel *channel, const sms_link *link, const smpp_result *r) {
    sluice_text number = text_of(r->number), prefix = text_of(link->prefix);
    if (number.length > 0 && number.data[0] == '+') {
        number = (sluice_text){number.data + 1, number.length - 1};
    }
    if (number.length == prefix.length + 11 && memcmp(number.data, prefix.data, prefix.length) == 0) {
        number = (sluice_text){number.data + prefix.length, 11};
    }
    gateway_outcome o = {.kind = OUTCOME_REPLY,
                         .channel = "sms",
                         .partner = text_of(link->partner),
                         .serial = number,
                         .text = text_of(r->text)};
    gateway_report(channel->gateway, &o);
}

static void take(sms_channel *channel, const sms_link *link, const smpp_result *r) {
    switch (r->outcome) {
    case SMPP_SENT:
        report(channel, link, r, r->is_last ? OUTCOME_ANSWERED : OUTCOME_ACCEPTED, VERDICT_DONE, "SENT",
               last_reference(r));
        return;
    case SMPP_DELIVERED:
        report(channel, link, r, OUTCOME_ANSWERED, VERDICT_DONE, "DELIVRD", (sluice_text){0});
        return;
    case SMPP_UNKNOWN:
        report(channel, link, r, OUTCOME_ANSWERED, VERDICT_DONE, "NO_RECEIPT", (sluice_text){0});
        return;
    case SMPP_FAILED:
        report_failed(channel, link, r);
        return;
    case SMPP_STRAY:
        report_stray(channel, link, r);
        return;
    case SMPP_INCOMING:
        report_incoming(channel, link, r);
        return;
    }
}

/* ---- waiting ---- */

static void watch(const sms_channel *channel, sms_link *link, const struct pollfd *sockets, size_t count) {
    for (size_t i = 0; i < 2; i++) {
        bool stays =
            (count > 0 && link->sockets[i] == sockets[0].fd) || (count > 1 && link->sockets[i] == sockets[1].fd);
        if (link->sockets[i] >= 0 && !stays) {
            (void)epoll_ctl(channel->poll, EPOLL_CTL_DEL, link->sockets[i], NULL); /* it may be closed already */
        }
        link->sockets[i] = -1;
    }
    for (size_t i = 0; i < count; i++) {
        struct epoll_event event = {.data.fd = sockets[i].fd};
        event.events =
            ((sockets[i].events & POLLIN) != 0 ? EPOLLIN : 0U) | ((sockets[i].events & POLLOUT) != 0 ? EPOLLOUT : 0U);
        if (epoll_ctl(channel->poll, EPOLL_CTL_MOD, sockets[i].fd, &event) != 0) {
            (void)epoll_ctl(channel->poll, EPOLL_CTL_ADD, sockets[i].fd, &event);
        }
        link->sockets[i] = sockets[i].fd;
    }
}

static void log_bound(sms_channel *channel, sms_link *link) {
    bool is_bound = smpp_is_bound(link->smpp);
    if (is_bound != link->was_bound) {
        gateway_log(channel->gateway, is_bound ? "info" : "warn", "sms", "link %" PRId64 " is %s%s", link->id,
                    is_bound ? "bound" : "not bound: ", is_bound ? "" : smpp_why(link->smpp));
    }
    link->was_bound = is_bound;
}

static void sms_work(void *self) {
    sms_channel *channel = self;
    struct pollfd sockets[2];
    smpp_result r;
    int64_t now_ns = clock_machine_ns();
    channel->due_ns = INT64_MAX;
    for (size_t i = 0; i < channel->count; i++) {
        sms_link *link = &channel->links[i];
        int wait_ms = 60000;
        if (link->smpp == NULL) {
            continue;
        }
        smpp_step(link->smpp, 0);
        while (smpp_next(link->smpp, &r)) {
            take(channel, link, &r);
            smpp_result_fini(&r);
        }
        log_bound(channel, link);
        watch(channel, link, sockets, smpp_poll_set(link->smpp, sockets, &wait_ms));
        int64_t due_ns = now_ns + (int64_t)wait_ms * 1000000;
        channel->due_ns = due_ns < channel->due_ns ? due_ns : channel->due_ns;
    }
}

/* What the carrier sent is in the store: it may forget it. */
static void sms_booked(void *self) {
    sms_channel *channel = self;
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->links[i].smpp != NULL && smpp_booked(channel->links[i].smpp) > 0) {
            channel->due_ns = 0;
        }
    }
}

static int sms_descriptor(void *self) {
    return ((sms_channel *)self)->poll;
}

static int64_t sms_due_ns(void *self) {
    return ((sms_channel *)self)->due_ns;
}

const channel_ops SMS_CHANNEL = {
    .name = "sms",
    .open = sms_open,
    .set_links = sms_set_links,
    .submit = sms_submit,
    .work = sms_work,
    .descriptor = sms_descriptor,
    .due_ns = sms_due_ns,
    .close = sms_close,
    .booked = sms_booked,
    .silence = "NO_RECEIPT",
};
