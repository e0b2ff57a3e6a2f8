/* The channel of mail. Endpoint smtp://host:port (STARTTLS wherever the server has it, and required unless the settings
 * say `"tls": "never"`) or smtps://host:port. Settings:
 *
 *   from      the sender's address; required
 *   user      to sign in with; the password is the key file
 *   tls       required (the default) | never
 *   ca_file   certificates to trust, where it is not the system's
 *
 * A delivery's address is whom it goes to; its payload is
 *   {"subject": "…", "text": "…", "attachments": [{"name": "通报.pdf", "type": "application/pdf", "data": base64}]}
 *
 * The Message-ID is made of the serial number, so a mail that is sent again after an unknown end is the same mail.
 * Delivered means taken by the server; what comes back later as a mail is not read. */
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/channels.h"
#include "gateway/mail_message.h"
#include "gateway/transfers.h"

typedef struct mail_channel {
    gateway *gateway;
    transfers *transfers;
} mail_channel;

typedef struct letter {
    mail_channel *channel;
    int64_t delivery;
    char partner[65];
    struct curl_slist *headers, *recipients;
    curl_mime *mime;
} letter;

static sluice_result mail_open(gateway *g, void **self_out, sluice_error *error) {
    mail_channel *channel = memory_new_zero(1, sizeof *channel);
    *self_out = channel;
    if (channel == NULL) {
        return error_no_memory(error, sizeof *channel);
    }
    channel->gateway = g;
    return transfers_new(&channel->transfers, error);
}

static void mail_close(void **self) {
    mail_channel *channel = *self;
    if (channel != NULL) {
        transfers_free(&channel->transfers);
        memory_free(channel);
    }
    *self = NULL;
}

static const char *setting(const gateway_link *link, const char *name) {
    return yyjson_get_str(yyjson_obj_get(link->settings, name));
}

static void mail_set_links(void *self, const gateway_link *links, size_t count) {
    mail_channel *channel = self;
    for (size_t i = 0; i < count; i++) {
        const char *from = setting(&links[i], "from");
        if (from == NULL || !mail_address_is_valid(text_of(from))) {
            gateway_log(channel->gateway, "error", "link",
                        "mail link %" PRId64 " is out of service: its settings need "
                        "\"from\", a mail address",
                        links[i].id);
        }
    }
}

/* ---- one mail ---- */

static void report(letter *l, outcome_kind kind, long code, const char *why) {
    char number[24];
    snprintf(number, sizeof number, "%ld", code);
    gateway_outcome o = {.kind = kind,
                         .delivery = l->delivery,
                         .channel = "mail",
                         .partner = text_of(l->partner),
                         .code = text_of(number),
                         .text = text_of(why)};
    if (kind == OUTCOME_ANSWERED) {
        o.answer = (outbox_answer){.verdict = VERDICT_DONE,
                                   .code = text_of(number),
                                   .at_ms = -1,
                                   .balance_fen = -1,
                                   .executed_fen = -1,
                                   .available_fen = -1};
    }
    gateway_report(l->channel->gateway, &o);
}

static void letter_free(letter *l) {
    curl_mime_free(l->mime);
    curl_slist_free_all(l->headers);
    curl_slist_free_all(l->recipients);
    memory_free(l);
}

/* The last reply of the server says whose fault it was: 4yz for now, 5yz for good (RFC 5321 4.2.1); signing in is the
 * link's matter and not this mail's. */
static void on_done(void *context, CURL *easy, CURLcode code) {
    letter *l = context;
    long reply = 0;
    curl_off_t sent = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (code == CURLE_OK) {
        report(l, OUTCOME_ANSWERED, reply, "");
    } else if (code == CURLE_LOGIN_DENIED || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_USE_SSL_FAILED) {
        report(l, OUTCOME_AGAIN, reply, curl_easy_strerror(code));
    } else if (code != CURLE_ABORTED_BY_CALLBACK) {
        report(l,
               reply >= 500   ? OUTCOME_REFUSED
               : reply >= 400 ? OUTCOME_AGAIN
               : sent > 0     ? OUTCOME_UNKNOWN
                              : OUTCOME_AGAIN,
               reply,
               reply >= 500   ? "the mail server refuses it"
               : reply >= 400 ? "the mail server does not take it now"
                              : curl_easy_strerror(code));
    }
    letter_free(l);
}

static bool add_line(struct curl_slist **list, text_writer *line) {
    struct curl_slist *more = line->failed ? NULL : curl_slist_append(*list, line->data);
    text_writer_fini(line);
    *line = (text_writer){0};
    *list = more == NULL ? *list : more;
    return more != NULL;
}

static bool add_headers(letter *l, const gateway_link *link, const gateway_delivery *d, sluice_text subject) {
    text_writer line = {0};
    const char *from = setting(link, "from");
    mail_write_date(&line, d->now_ms);
    bool added = add_line(&l->headers, &line);
    text_printf(&line, "From: <%s>", from);
    added = added && add_line(&l->headers, &line);
    text_printf(&line, "To: <%.*s>", TEXT_ARGS(d->address));
    added = added && add_line(&l->headers, &line);
    mail_write_header(&line, "Subject", subject);
    added = added && add_line(&l->headers, &line);
    text_printf(&line, "Message-ID: <%.*s%s>", TEXT_ARGS(d->serial), strchr(from, '@'));
    added = added && add_line(&l->headers, &line);
    text_printf(&line, "<%.*s>", TEXT_ARGS(d->address));
    return add_line(&l->recipients, &line) && added;
}

static bool add_text(curl_mime *mime, sluice_text text) {
    curl_mimepart *part = curl_mime_addpart(mime);
    return part != NULL && curl_mime_data(part, text.data, text.length) == CURLE_OK &&
           curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
           curl_mime_encoder(part, "base64") == CURLE_OK;
}

/* What base64 stands for; false: it is none. */
static bool decode(sluice_text coded, text_writer *out) {
    if (coded.length == 0 || coded.length % 4 != 0 || coded.length > INT32_MAX) {
        return coded.length == 0;
    }
    unsigned char *bytes = memory_new(coded.length / 4 * 3);
    int count = bytes == NULL ? -1 : EVP_DecodeBlock(bytes, (const unsigned char *)coded.data, (int)coded.length);
    count -= count > 0 && coded.data[coded.length - 1] == '=';
    count -= count > 0 && coded.data[coded.length - 2] == '=';
    if (count >= 0) {
        text_write(out, (sluice_text){(const char *)bytes, (size_t)count});
    }
    memory_free(bytes);
    return count >= 0 && !out->failed;
}

static sluice_text member(yyjson_val *object, const char *name) {
    yyjson_val *value = yyjson_obj_get(object, name);
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

static bool is_type(const char *type) {
    return type != NULL && strchr(type, '/') != NULL && strpbrk(type, "\r\n") == NULL;
}

static bool add_attachment(curl_mime *mime, yyjson_val *attachment) {
    const char *type = yyjson_get_str(yyjson_obj_get(attachment, "type"));
    text_writer data = {0}, line = {0};
    struct curl_slist *headers = NULL;
    curl_mimepart *part = curl_mime_addpart(mime);
    bool added = part != NULL && decode(member(attachment, "data"), &data) &&
                 curl_mime_data(part, data.data == NULL ? "" : data.data, data.length) == CURLE_OK &&
                 curl_mime_type(part, is_type(type) ? type : "application/octet-stream") == CURLE_OK &&
                 curl_mime_encoder(part, "base64") == CURLE_OK;
    mail_write_disposition(&line, member(attachment, "name"));
    added = add_line(&headers, &line) && added;
    if (headers != NULL && part != NULL && curl_mime_headers(part, headers, 1) != CURLE_OK) {
        curl_slist_free_all(headers);
        added = false;
    }
    text_writer_fini(&data);
    return added;
}

static bool add_parts(letter *l, CURL *easy, yyjson_val *payload) {
    size_t i, count;
    yyjson_val *attachment, *attachments = yyjson_obj_get(payload, "attachments");
    l->mime = curl_mime_init(easy);
    bool added = l->mime != NULL && add_text(l->mime, member(payload, "text"));
    if (attachments != NULL) {
        yyjson_arr_foreach(attachments, i, count, attachment) {
            added = added && add_attachment(l->mime, attachment);
        }
    }
    return added && curl_easy_setopt(easy, CURLOPT_MIMEPOST, l->mime) == CURLE_OK;
}

static bool set_sign_in(CURL *easy, const gateway_link *link) {
    const char *user = setting(link, "user"), *ca_file = setting(link, "ca_file"), *tls = setting(link, "tls");
    bool is_open = tls != NULL && strcmp(tls, "never") == 0;
    return curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(is_open ? CURLUSESSL_NONE : CURLUSESSL_ALL)) == CURLE_OK &&
           (user == NULL || (curl_easy_setopt(easy, CURLOPT_USERNAME, user) == CURLE_OK &&
                             curl_easy_setopt(easy, CURLOPT_PASSWORD, link->key.data) == CURLE_OK)) &&
           (ca_file == NULL || curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

static bool set_options(CURL *easy, letter *l, const gateway_link *link, const gateway_delivery *d,
                        yyjson_val *payload) {
    char from[300];
    snprintf(from, sizeof from, "<%s>", setting(link, "from"));
    return transfer_prepare(easy, "smtp,smtps", link->timeout_ms) &&
           add_headers(l, link, d, member(payload, "subject")) && add_parts(l, easy, payload) &&
           curl_easy_setopt(easy, CURLOPT_URL, link->endpoint) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, l->recipients) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, l->headers) == CURLE_OK && set_sign_in(easy, link);
}

static const char *fault_of(const gateway_link *link, const gateway_delivery *d, yyjson_val *payload) {
    const char *from = setting(link, "from");
    return from == NULL || !mail_address_is_valid(text_of(from)) ? "the link has no sender's address"
           : !mail_address_is_valid(d->address)                  ? "the recipient is no mail address"
           : member(payload, "subject").length == 0              ? "a mail needs a subject"
           : member(payload, "text").length == 0                 ? "a mail needs a text"
                                                                 : NULL;
}

static void mail_submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    mail_channel *channel = self;
    letter *l = memory_new_zero(1, sizeof *l);
    if (l == NULL) {
        return; /* reported as lost, and then tried again */
    }
    l->channel = channel;
    l->delivery = d->id;
    snprintf(l->partner, sizeof l->partner, "%.*s", TEXT_ARGS(link->partner));
    yyjson_doc *doc = yyjson_read(d->payload.data, d->payload.length, 0);
    const char *fault = fault_of(link, d, yyjson_doc_get_root(doc));
    CURL *easy = fault == NULL ? curl_easy_init() : NULL;
    sluice_error error = {0};
    bool is_set = easy != NULL && set_options(easy, l, link, d, yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
    if (is_set && transfers_start(channel->transfers, easy, on_done, l, &error) == SLUICE_OK) {
        return;
    }
    if (!is_set) {
        curl_easy_cleanup(easy);
    }
    report(l, fault != NULL ? OUTCOME_REFUSED : OUTCOME_AGAIN, 0,
           fault != NULL ? fault : "the mail could not be put together: an attachment is no base64, or no memory");
    letter_free(l);
}

static void mail_work(void *self) {
    transfers_work(((mail_channel *)self)->transfers);
}

static int mail_descriptor(void *self) {
    return transfers_descriptor(((mail_channel *)self)->transfers);
}

static int64_t mail_due_ns(void *self) {
    return transfers_due_ns(((mail_channel *)self)->transfers);
}

const channel_ops MAIL_CHANNEL = {
    .name = "mail",
    .open = mail_open,
    .set_links = mail_set_links,
    .submit = mail_submit,
    .work = mail_work,
    .descriptor = mail_descriptor,
    .due_ns = mail_due_ns,
    .close = mail_close,
};
