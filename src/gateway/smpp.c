#include "gateway/smpp.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "gateway/smpp_private.h"
#include "sys/clock.h"

static const int64_t MS_NS = 1000000;
enum { WINDOW_MAX = 10000, CLOSE_MS = 200 };

smpp_settings smpp_settings_defaults(void) {
    return (smpp_settings){
        .endpoint = {.port = 2775},
        .system_type = "",
        .address_range = "",
        .service_type = "",
        .source_npi = 1,
        .destination_ton = 1,
        .destination_npi = 1,
        .resends = true,
        .window = 50,
        .messages_max = 100000,
        .text = {.narrow = SMPP_NARROW_GSM7, .parts_max = 10},
        .response_ms = 10000,
        .enquire_ms = 30000,
        .retry_first_ms = 1000,
        .retry_max_ms = 60000,
        .throttle_ms = 1000,
        .submit_ms = 10 * 60 * 1000,
        .receipt_ms = 24 * 60 * 60 * 1000,
    };
}

/* ---- opening ---- */

static bool has_text(const char *text, size_t bytes_max) {
    return text != NULL && text[0] != 0 && strlen(text) <= bytes_max;
}

static sluice_result check(const smpp_settings *s, sluice_error *error) {
    const char *wrong = !has_text(s->endpoint.host, 255)                 ? "host: a name or an address"
                        : s->endpoint.port == 0                          ? "port: 1 to 65535"
                        : !has_text(s->system_id, 15)                    ? "system_id: 1 to 15 characters"
                        : s->password == NULL || strlen(s->password) > 8 ? "password: up to 8 characters"
                        : s->source == NULL || strlen(s->source) > 20    ? "source: up to 20 characters"
                        : strlen(s->system_type) > 12                    ? "system_type: up to 12 characters"
                        : strlen(s->service_type) > 5                    ? "service_type: up to 5 characters"
                        : strlen(s->address_range) > 40                  ? "address_range: up to 40 characters"
                        : s->window == 0 || s->window > WINDOW_MAX       ? "window: 1 to 10000"
                        : s->messages_max == 0                           ? "messages_max: at least 1"
                        : s->text.parts_max == 0 || s->text.parts_max > SMPP_PARTS_MAX ? "parts_max: 1 to 255"
                        : s->response_ms <= 0 || s->enquire_ms <= 0 || s->retry_first_ms <= 0 ||
                                s->retry_max_ms < s->retry_first_ms || s->throttle_ms <= 0
                            ? "times: more than nothing, retry_max_ms not below retry_first_ms"
                            : NULL;
    return wrong == NULL ? SLUICE_OK : error_set(error, SLUICE_E_INVALID, "SMPP: %s is expected", wrong);
}

static bool keep(smpp_link *link, const char **text) {
    *text = *text == NULL ? NULL : arena_copy(&link->texts, *text, strlen(*text) + 1);
    return *text != NULL;
}

static sluice_result keep_settings(smpp_link *link, const smpp_settings *from, sluice_error *error) {
    smpp_settings *s = &link->settings;
    *s = *from;
    bool kept = keep(link, &s->endpoint.host) && keep(link, &s->system_id) && keep(link, &s->password) &&
                keep(link, &s->system_type) && keep(link, &s->address_range) && keep(link, &s->service_type) &&
                keep(link, &s->source) && (s->endpoint.ca_file == NULL || keep(link, &s->endpoint.ca_file));
    return kept ? SLUICE_OK : error_no_memory(error, 1024);
}

static void start_sessions(smpp_link *link) {
    static const smpp_command ONE[] = {SMPP_BIND_TRANSCEIVER}, PAIR[] = {SMPP_BIND_TRANSMITTER, SMPP_BIND_RECEIVER};
    const smpp_settings *s = &link->settings;
    link->session_count = s->is_pair ? 2 : 1;
    for (size_t i = 0; i < link->session_count; i++) {
        link->session_settings[i] = (smpp_session_settings){
            .endpoint = s->endpoint,
            .bind = {s->is_pair ? PAIR[i] : ONE[i], s->system_id, s->password, s->system_type, s->address_range},
            .response_ns = s->response_ms * MS_NS,
            .enquire_ns = s->enquire_ms * MS_NS,
            .retry_first_ns = s->retry_first_ms * MS_NS,
            .retry_max_ns = s->retry_max_ms * MS_NS,
        };
        smpp_session_init(&link->sessions[i], &link->session_settings[i]);
    }
}

sluice_result smpp_open(const smpp_settings *settings, smpp_link **link_out, sluice_error *error) {
    *link_out = NULL;
    sluice_result result = check(settings, error);
    if (result != SLUICE_OK) {
        return result;
    }
    smpp_link *link = memory_new_zero(1, sizeof *link);
    if (link == NULL) {
        return error_no_memory(error, sizeof *link);
    }
    result = keep_settings(link, settings, error);
    result = result == SLUICE_OK ? smpp_table_init(&link->table, settings->messages_max, error) : result;
    if (result != SLUICE_OK) {
        smpp_close(&link);
        return result;
    }
    start_sessions(link);
    *link_out = link;
    return SLUICE_OK;
}

static void unbind(smpp_link *link) {
    bool waits = false;
    for (size_t i = 0; i < link->session_count; i++) {
        smpp_session *s = &link->sessions[i];
        if (s->state == SMPP_BOUND && smpp_session_write(s, SMPP_UNBIND, SMPP_ROK, smpp_session_sequence(s))) {
            s->state = SMPP_UNBINDING;
            s->deadline_ns = clock_machine_ns() + CLOSE_MS * MS_NS;
            waits = true;
        }
        s->retry_ns = INT64_MAX;
    }
    int64_t until_ns = clock_machine_ns() + CLOSE_MS * MS_NS;
    while (waits && clock_machine_ns() < until_ns) {
        smpp_step(link, 50);
        waits = false;
        for (size_t i = 0; i < link->session_count; i++) {
            waits = waits || link->sessions[i].state == SMPP_UNBINDING;
        }
    }
}

void smpp_close(smpp_link **link) {
    smpp_link *gone = *link;
    if (gone == NULL) {
        return;
    }
    unbind(gone);
    for (size_t i = 0; i < gone->session_count; i++) {
        smpp_session_fini(&gone->sessions[i]);
    }
    for (size_t i = 0; i < gone->result_count; i++) {
        smpp_result_fini(&gone->results[(gone->result_first + i) % gone->result_capacity]);
    }
    smpp_table_fini(&gone->table);
    memory_free(gone->results);
    memory_free(gone->taken);
    arena_fini(&gone->scratch);
    arena_fini(&gone->texts);
    memory_free(gone);
    *link = NULL;
}

/* ---- messages ---- */

static bool is_number(sluice_text number) {
    size_t digits = 0;
    for (size_t i = 0; i < number.length; i++) {
        bool is_digit = number.data[i] >= '0' && number.data[i] <= '9';
        if (!is_digit && (i > 0 || number.data[i] != '+')) {
            return false;
        }
        digits += is_digit;
    }
    return digits >= 3 && number.length < SMPP_ADDRESS_BYTES;
}

static sluice_result add(smpp_link *link, uint64_t id, sluice_text number, const smpp_parts *parts, uint16_t reference,
                         sluice_error *error) {
    size_t bytes = 0;
    smpp_message *message;
    int64_t now_ns = clock_machine_ns();
    for (size_t i = 0; i < parts->count; i++) {
        bytes += parts->parts[i].count;
    }
    sluice_result result = smpp_table_add(&link->table, id, parts->count, bytes, &message, error);
    if (result != SLUICE_OK) {
        return result;
    }
    message->from_ns = now_ns;
    message->reference = reference;
    message->data_coding = parts->data_coding;
    message->esm_class = parts->has_header ? SMPP_ESM_UDHI : 0;
    message->is_payload = parts->is_payload;
    memcpy(message->number, number.data, number.length);
    uint8_t *at = (uint8_t *)&message->parts[parts->count];
    for (size_t i = 0; i < parts->count; i++) {
        memcpy(at, parts->parts[i].bytes, parts->parts[i].count);
        message->parts[i].bytes = at;
        message->parts[i].count = parts->parts[i].count;
        at += parts->parts[i].count;
        smpp_table_move(&link->table, &message->parts[i], PART_QUEUED, now_ns);
    }
    return SLUICE_OK;
}

sluice_result smpp_submit(smpp_link *link, uint64_t id, sluice_text number, sluice_text text, sluice_error *error) {
    smpp_parts parts;
    if (id == 0) {
        return error_set(error, SLUICE_E_INVALID, "a message needs an id of its own");
    }
    if (!is_number(number)) {
        return error_set(error, SLUICE_E_INPUT, "a phone number of 3 to 20 digits is expected");
    }
    uint16_t reference = ++link->reference == 0 ? ++link->reference : link->reference;
    sluice_result result =
        smpp_text_split(text, &link->settings.text, (uint8_t)reference, &link->scratch, &parts, error);
    if (result == SLUICE_OK) {
        result = add(link, id, number, &parts, reference, error);
    }
    arena_reset(&link->scratch);
    return result;
}

sluice_result smpp_resume(smpp_link *link, uint64_t id, sluice_text references, sluice_error *error) {
    smpp_message *message;
    sluice_text one, rest = references;
    size_t count = 0;
    int64_t now_ns = clock_machine_ns();
    for (size_t i = 0; i < references.length; i++) {
        count += references.data[i] == ',';
    }
    if (id == 0 || references.length == 0 || count >= SMPP_PARTS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "an id, and the carrier's ids of a message's parts are expected");
    }
    sluice_result result = smpp_table_add(&link->table, id, count + 1, 0, &message, error);
    if (result != SLUICE_OK) {
        return result;
    }
    message->parts_unsent = 0;
    for (size_t i = 0; i <= count; i++) {
        smpp_part_entry *part = &message->parts[i];
        (void)text_split(rest, ',', &one, &rest);
        if (one.length == 0 || one.length >= sizeof part->id) {
            message->parts_open--;
            continue;
        }
        memcpy(part->id, one.data, one.length);
        smpp_table_move(&link->table, part, PART_AWAITING, now_ns);
        smpp_table_index(&link->table, part);
    }
    if (message->parts_open == 0) {
        smpp_table_remove(&link->table, &message);
        return error_set(error, SLUICE_E_INVALID, "the carrier's ids of a message's parts are expected");
    }
    return SLUICE_OK;
}

/* ---- steps ---- */

static void drop(smpp_link *link, size_t session, int64_t now_ns) {
    smpp_session_lose(&link->sessions[session], now_ns);
    if (session == 0) {
        smpp_flow_lost(link, now_ns);
    }
}

static void take_pdu(smpp_link *link, size_t session, const uint8_t *bytes, size_t length, int64_t now_ns) {
    smpp_pdu pdu;
    smpp_session *s = &link->sessions[session];
    uint32_t binds = s->generation;
    sluice_result readable = smpp_pdu_read(bytes, length, &pdu, NULL);
    if (smpp_session_take(s, &pdu, now_ns)) {
        link->counts.connections += s->generation != binds;
        return;
    }
    if (readable == SLUICE_OK) {
        smpp_flow_take(link, (uint8_t)session, &pdu, now_ns);
    } else {
        smpp_flow_refuse(link, (uint8_t)session, &pdu);
    }
}

/* Whatever came before the end of a connection is taken first. */
static void run_session(smpp_link *link, size_t session, int64_t now_ns) {
    smpp_session *s = &link->sessions[session];
    const uint8_t *bytes;
    size_t length;
    if (s->wire == NULL) {
        return;
    }
    bool reads = link->result_count < SMPP_RESULTS_MAX;
    sluice_error why = {0};
    sluice_result alive = smpp_wire_run(s->wire, reads, &why);
    while (s->wire != NULL && link->result_count < SMPP_RESULTS_MAX && smpp_results_reserve(link)) {
        sluice_result framed = smpp_wire_next(s->wire, &bytes, &length, &why);
        if (framed != SLUICE_OK) {
            alive = framed;
        }
        if (framed != SLUICE_OK || bytes == NULL) {
            break;
        }
        take_pdu(link, session, bytes, length, now_ns);
    }
    if (s->wire == NULL) {
        if (session == 0) {
            smpp_flow_lost(link, now_ns); /* it gave up by itself */
        }
    } else if (alive != SLUICE_OK) {
        s->why = why;
        drop(link, session, now_ns);
    }
}

static void flush(smpp_link *link, int64_t now_ns) {
    for (size_t i = 0; i < link->session_count; i++) {
        smpp_session *s = &link->sessions[i];
        if (s->wire != NULL && smpp_wire_is_open(s->wire) && smpp_wire_run(s->wire, false, &s->why) != SLUICE_OK) {
            drop(link, i, now_ns);
        }
    }
}

static void run(smpp_link *link) {
    int64_t now_ns = clock_machine_ns();
    for (size_t i = 0; i < link->session_count; i++) {
        if (smpp_session_tick(&link->sessions[i], now_ns) && i == 0) {
            smpp_flow_lost(link, now_ns);
        }
        run_session(link, i, now_ns);
    }
    smpp_flow_expire(link, now_ns);
    smpp_flow_send(link, now_ns);
    flush(link, now_ns);
}

static int64_t earliest(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* When something is to be done though nothing comes. */
static int64_t next_ns(const smpp_link *link) {
    const smpp_part_list *lists = link->table.lists;
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < link->session_count; i++) {
        at = earliest(at, smpp_session_next_ns(&link->sessions[i]));
    }
    if (lists[PART_QUEUED].first != NULL && link->sessions[0].state == SMPP_BOUND &&
        lists[PART_SENT].count < link->settings.window) {
        int64_t send = link->send_ns > link->pause_until_ns ? link->send_ns : link->pause_until_ns;
        at = earliest(at, send);
    }
    if (lists[PART_SENT].first != NULL) {
        at = earliest(at, lists[PART_SENT].first->at_ns + link->settings.response_ms * MS_NS);
    }
    if (lists[PART_QUEUED].first != NULL && link->settings.submit_ms > 0) {
        at = earliest(at, lists[PART_QUEUED].first->message->from_ns + link->settings.submit_ms * MS_NS);
    }
    if (lists[PART_AWAITING].first != NULL && link->settings.receipt_ms > 0) {
        at = earliest(at, lists[PART_AWAITING].first->at_ns + link->settings.receipt_ms * MS_NS);
    }
    return at;
}

size_t smpp_poll_set(smpp_link *link, struct pollfd out[2], int *wait_ms) {
    size_t count = 0;
    bool reads = link->result_count < SMPP_RESULTS_MAX;
    int64_t left_ns = next_ns(link), now_ns = clock_machine_ns();
    left_ns = left_ns == INT64_MAX ? INT64_MAX : left_ns - now_ns;
    for (size_t i = 0; i < link->session_count; i++) {
        const smpp_wire *wire = link->sessions[i].wire;
        if (wire != NULL) {
            out[count++] = (struct pollfd){smpp_wire_descriptor(wire), smpp_wire_events(wire, reads), 0};
            left_ns = reads && smpp_wire_has_more(wire) ? 0 : left_ns;
        }
    }
    int64_t left_ms = left_ns <= 0 ? 0 : left_ns / MS_NS + 1;
    if (*wait_ms < 0 || left_ms < *wait_ms) {
        *wait_ms = left_ms > 3600000 ? 3600000 : (int)left_ms;
    }
    return count;
}

void smpp_step(smpp_link *link, int wait_ms) {
    struct pollfd sockets[2];
    if (wait_ms != 0) {
        run(link); /* what the caller submitted goes out before it waits */
        size_t count = link->result_count > 0 ? 0 : smpp_poll_set(link, sockets, &wait_ms);
        if (link->result_count == 0) {
            (void)poll(sockets, count, wait_ms);
        }
    }
    run(link);
}

/* ---- state ---- */

bool smpp_is_bound(const smpp_link *link) {
    for (size_t i = 0; i < link->session_count; i++) {
        if (link->sessions[i].state != SMPP_BOUND) {
            return false;
        }
    }
    return true;
}

const char *smpp_why(const smpp_link *link) {
    for (size_t i = 0; i < link->session_count; i++) {
        if (link->sessions[i].why.text[0] != 0) {
            return link->sessions[i].why.text;
        }
    }
    return "";
}

void smpp_count(const smpp_link *link, smpp_counts *counts_out) {
    *counts_out = link->counts;
    counts_out->queued = link->table.lists[PART_QUEUED].count;
    counts_out->unanswered = link->table.lists[PART_SENT].count;
    counts_out->awaiting = link->table.lists[PART_AWAITING].count;
}
