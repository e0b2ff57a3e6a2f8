/* The SMPP client against two carriers: tests/peers/carrier.py, which does what its script says, and Kannel's own test
 * carrier drive_smpp (Debian: kannel-extras), which this project did not write. */
#include "gateway/smpp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/peer.h"
#include "sys/clock.h"

#define DRIVE_SMPP "/usr/lib/kannel/test/drive_smpp"

typedef struct tally {
    unsigned sent, delivered, failed, unknown, stray, incoming, may_retry, wrong_number;
    char reason[64], text[256], references[256];
} tally;

static smpp_settings settings_for(uint16_t port) {
    smpp_settings s = smpp_settings_defaults();
    s.endpoint.host = "127.0.0.1";
    s.endpoint.port = port;
    s.system_id = "sluice";
    s.password = "secret";
    s.source = "12381";
    s.response_ms = 5000;
    s.retry_first_ms = 20;
    s.retry_max_ms = 100;
    s.throttle_ms = 20;
    return s;
}

static void start_carrier(peer *p, const char *script, uint16_t *port_out) {
    const char *arguments[] = {"python3", "tests/peers/carrier.py", "--script", script, NULL};
    peer_start(p, arguments);
    *port_out = peer_port(p);
}

static smpp_link *open_link(const smpp_settings *settings) {
    smpp_link *link;
    sluice_error error;
    assert_int_equal(smpp_open(settings, &link, &error), SLUICE_OK);
    return link;
}

static void submit(smpp_link *link, uint64_t first, size_t count, const char *number, const char *text) {
    sluice_error error;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(smpp_submit(link, first + i, text_of(number), text_of(text), &error), SLUICE_OK);
    }
}

static void count(tally *t, smpp_result *r) {
    t->sent += r->outcome == SMPP_SENT;
    t->delivered += r->outcome == SMPP_DELIVERED;
    t->failed += r->outcome == SMPP_FAILED;
    t->unknown += r->outcome == SMPP_UNKNOWN;
    t->stray += r->outcome == SMPP_STRAY;
    t->incoming += r->outcome == SMPP_INCOMING;
    t->may_retry += r->may_retry;
    t->wrong_number += r->is_wrong_number;
    if (r->reason[0] != 0 && r->outcome == SMPP_FAILED) {
        snprintf(t->reason, sizeof t->reason, "%s", r->reason);
    }
    if (r->text != NULL) {
        snprintf(t->text, sizeof t->text, "%s", r->text);
    }
    if (r->references != NULL) {
        snprintf(t->references, sizeof t->references, "%s", r->references);
    }
}

/* Steps until the counted results are there, or for ten seconds. */
static tally run(smpp_link *link, unsigned last_results, unsigned incoming) {
    tally t = {0};
    smpp_result r;
    int64_t end_ns = clock_machine_ns() + INT64_C(60000000000);
    while ((t.delivered + t.failed + t.unknown < last_results || t.incoming < incoming) &&
           clock_machine_ns() < end_ns) {
        smpp_step(link, 50);
        while (smpp_next(link, &r)) {
            count(&t, &r);
            smpp_result_fini(&r);
        }
        smpp_booked(link);
    }
    smpp_step(link, 0);
    return t;
}

/* A carrier, one link, so many messages of one text; the counts at both ends. */
static tally play(const char *script, size_t messages, const char *text, char **summary_out) {
    peer p;
    uint16_t port;
    start_carrier(&p, script, &port);
    smpp_settings settings = settings_for(port);
    smpp_link *link = open_link(&settings);
    submit(link, 1, messages, "13800138000", text);
    tally t = run(link, (unsigned)messages, 0);
    smpp_close(&link);
    *summary_out = peer_end(&p);
    assert_non_null(*summary_out);
    assert_non_null(strstr(*summary_out, "\"bad\": []"));
    return t;
}

static void test_delivered(void **state) {
    (void)state;
    char *summary;
    tally t = play("{}", 200, "国家反诈中心提醒您", &summary);
    assert_int_equal(t.sent, 200);
    assert_int_equal(t.delivered, 200);
    assert_int_equal(t.failed + t.unknown + t.stray, 0);
    assert_int_equal(peer_number(summary, "messages"), 200);
    assert_int_equal(peer_number(summary, "receipt_answers"), 200);
    assert_int_equal(peer_number(summary, "unbinds"), 1);
    free(summary);
}

static void repeat(char *out, size_t room, const char *unit, size_t count) {
    size_t length = strlen(unit);
    assert_true(length * count < room);
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * length, unit, length);
    }
    out[length * count] = 0;
}

/* Three parts, one result; the carrier puts them together. */
static void test_long_message(void **state) {
    (void)state;
    char text[1024], *summary;
    repeat(text, sizeof text, "诈😀", 60);
    tally t = play("{\"receipt\": {\"shuffle\": 3, \"twice\": true}}", 4, text, &summary);
    assert_int_equal(t.sent, 4);
    assert_int_equal(t.delivered, 4);
    assert_true(t.stray <= 12); /* the second receipts decide nothing, if they are read before the end */
    assert_int_equal(peer_number(summary, "submits"), 12);
    assert_int_equal(peer_number(summary, "messages"), 4);
    free(summary);
}

static void test_one_part_fails(void **state) {
    (void)state;
    char text[1024], *summary;
    repeat(text, sizeof text, "反诈", 100);
    tally t = play("{\"receipt\": {\"stats\": [\"DELIVRD\", \"EXPIRED\", \"DELIVRD\"]}}", 1, text, &summary);
    assert_int_equal(t.failed, 1);
    assert_int_equal(t.delivered, 0);
    assert_string_equal(t.reason, "EXPIRED err:027");
    free(summary);
}

static void test_receipts_overtake(void **state) {
    (void)state;
    char *summary;
    tally t = play("{\"receipt\": {\"before_response\": true, \"form\": \"text\", \"id_form\": \"same\"}}", 30, "hello",
                   &summary);
    assert_int_equal(t.delivered, 30);
    assert_int_equal(t.stray, 0);
    free(summary);
}

static void test_repeated_and_shuffled(void **state) {
    (void)state;
    char *summary;
    tally t = play("{\"receipt\": {\"shuffle\": 8, \"twice\": true, \"form\": \"tlv\"}}", 64, "hello", &summary);
    assert_int_equal(t.delivered, 64);
    assert_true(t.stray <= 64); /* the second ones decide nothing */
    assert_int_equal(peer_number(summary, "receipts"), 128);
    free(summary);
}

static void test_throttled(void **state) {
    (void)state;
    char *summary;
    tally t =
        play("{\"submit\": [{\"from\": 1, \"to\": 20, \"status\": 88}, {\"from\": 30, \"to\": 35, \"status\": 20}]}",
             40, "hello", &summary);
    assert_int_equal(t.delivered, 40);
    assert_int_equal(t.failed, 0);
    assert_int_equal(peer_number(summary, "messages"), 40);
    assert_int_equal(peer_number(summary, "submits"), 66);
    free(summary);
}

static void test_refused(void **state) {
    (void)state;
    char *summary;
    tally t =
        play("{\"submit\": [{\"from\": 1, \"to\": 1, \"status\": 11}, {\"from\": 2, \"to\": 2, \"status\": 1110}]}", 3,
             "hello", &summary);
    assert_int_equal(t.failed, 2);
    assert_int_equal(t.wrong_number, 1);
    assert_int_equal(t.delivered, 1);
    assert_int_equal(t.may_retry, 0);
    free(summary);
    t = play("{\"submit\": [{\"status\": 8}]}", 1, "hello", &summary);
    assert_int_equal(t.failed, 1);
    assert_int_equal(t.may_retry, 1);
    assert_int_equal(peer_number(summary, "submits"), 5);
    free(summary);
}

/* The carrier closes without an answer, once before and once after it took a message: what is in doubt is sent again
 * under the same reference. */
static void test_dropped(void **state) {
    (void)state;
    char *summary;
    tally t = play(
        "{\"submit\": [{\"from\": 5, \"to\": 5, \"drop\": true}, {\"from\": 40, \"to\": 40, \"drop_after\": true}]}",
        60, "hello", &summary);
    assert_int_equal(t.delivered, 60);
    assert_int_equal(t.failed, 0);
    assert_true(peer_number(summary, "binds") == 3);
    free(summary);
}

/* Who does not want that has it back, in doubt. */
static void test_in_doubt(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    smpp_result r = {0};
    start_carrier(&p, "{\"submit\": [{\"to\": 1, \"drop_after\": true}]}", &port);
    smpp_settings settings = settings_for(port);
    settings.resends = false;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 1, "13800138000", "hello");
    while (!smpp_next(link, &r)) {
        smpp_step(link, 50);
    }
    assert_int_equal(r.outcome, SMPP_FAILED);
    assert_true(r.is_in_doubt && r.is_last && r.may_retry);
    smpp_result_fini(&r);
    smpp_close(&link);
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "messages"), 1);
    free(summary);
}

static void test_silent(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{\"submit\": [{\"from\": 3, \"to\": 3, \"silent\": true}]}", &port);
    smpp_settings settings = settings_for(port);
    settings.response_ms = 2000;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 5, "13800138000", "hello");
    tally t = run(link, 5, 0);
    assert_int_equal(t.delivered, 5);
    smpp_close(&link);
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "binds"), 2);
    free(summary);
}

static void test_no_enquire_answer(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{\"enquire\": \"silent\"}", &port);
    smpp_settings settings = settings_for(port);
    settings.enquire_ms = 50;
    settings.response_ms = 100;
    smpp_link *link = open_link(&settings);
    smpp_counts counts = {0};
    int64_t end_ns = clock_machine_ns() + INT64_C(60000000000);
    while (counts.connections < 3 && clock_machine_ns() < end_ns) {
        smpp_step(link, 50);
        smpp_count(link, &counts);
    }
    assert_int_equal(counts.connections, 3);
    smpp_close(&link);
    free(peer_end(&p));
}

static void test_no_receipt(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{\"receipt\": {\"none\": true}}", &port);
    smpp_settings settings = settings_for(port);
    settings.receipt_ms = 100;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 2, "13800138000", "hello");
    tally t = run(link, 2, 0);
    assert_int_equal(t.sent, 2);
    assert_int_equal(t.unknown, 2);
    smpp_close(&link);
    free(peer_end(&p));
}

static void test_bad_password(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{}", &port);
    smpp_settings settings = settings_for(port);
    settings.password = "wrong";
    settings.submit_ms = 2000;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 1, "13800138000", "hello");
    tally t = run(link, 1, 0);
    assert_int_equal(t.failed, 1);
    assert_int_equal(t.may_retry, 1);
    assert_non_null(strstr(smpp_why(link), "ESME_RINVPASWD"));
    smpp_close(&link);
    free(peer_end(&p));
}

/* A restart: the program that sent is gone, the receipts come to the next one. */
static void test_resume(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{\"receipt\": {\"delay_ms\": 300}}", &port);
    smpp_settings settings = settings_for(port);
    smpp_link *link = open_link(&settings);
    char text[512];
    repeat(text, sizeof text, "反诈", 50);
    submit(link, 1, 1, "13800138000", text);
    tally t = {0};
    smpp_result r;
    while (t.sent == 0) {
        smpp_step(link, 50);
        while (smpp_next(link, &r)) {
            count(&t, &r);
            smpp_result_fini(&r);
        }
    }
    assert_non_null(strchr(t.references, ','));
    smpp_close(&link);
    link = open_link(&settings);
    assert_int_equal(smpp_resume(link, 77, text_of(t.references), NULL), SLUICE_OK);
    assert_int_equal(run(link, 1, 0).delivered, 1);
    smpp_close(&link);
    free(peer_end(&p));
}

static void test_incoming(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{\"incoming\": [{\"from\": \"13900139000\", \"text\": \"退订\"}]}", &port);
    smpp_settings settings = settings_for(port);
    smpp_link *link = open_link(&settings);
    tally t = run(link, 0, 1);
    assert_int_equal(t.incoming, 1);
    assert_string_equal(t.text, "退订");
    smpp_close(&link);
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "receipt_answers"), 1);
    free(summary);
}

/* What was not booked is not answered, and comes again from a carrier that keeps it. */
static void test_unbooked_is_unanswered(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    smpp_result r;
    start_carrier(&p, "{\"incoming\": [{\"from\": \"13900139000\", \"text\": \"T\"}]}", &port);
    smpp_settings settings = settings_for(port);
    smpp_link *link = open_link(&settings);
    while (!smpp_next(link, &r)) {
        smpp_step(link, 50);
    }
    smpp_result_fini(&r);
    smpp_close(&link);
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "receipt_answers"), 0);
    free(summary);
}

static void test_rate(void **state) {
    (void)state;
    peer p;
    uint16_t port;
    start_carrier(&p, "{}", &port);
    smpp_settings settings = settings_for(port);
    settings.rate_per_s = 100;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 50, "13800138000", "hello");
    int64_t start_ns = clock_machine_ns();
    assert_int_equal(run(link, 50, 0).delivered, 50);
    assert_true(clock_machine_ns() - start_ns >= INT64_C(450000000)); /* it cannot be faster, however slow we are */
    smpp_close(&link);
    free(peer_end(&p));
}

static void test_tls(void **state) {
    (void)state;
    peer p;
    char folder[] = "/tmp/sluice-smpp-XXXXXX", key[64], cert[64];
    assert_non_null(mkdtemp(folder));
    snprintf(key, sizeof key, "%s/key", folder);
    snprintf(cert, sizeof cert, "%s/cert", folder);
    const char *make[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:P-256",
                          "-nodes",
                          "-days",
                          "2",
                          "-subj",
                          "/CN=localhost",
                          "-addext",
                          "subjectAltName=DNS:localhost,IP:127.0.0.1",
                          "-keyout",
                          key,
                          "-out",
                          cert,
                          NULL};
    assert_int_equal(peer_run(make), 0);
    const char *arguments[] = {"python3", "tests/peers/carrier.py", "--tls-cert", cert, "--tls-key", key, NULL};
    peer_start(&p, arguments);
    smpp_settings settings = settings_for(peer_port(&p));
    settings.endpoint.is_tls = true;
    settings.endpoint.host = "localhost";
    settings.endpoint.ca_file = cert;
    smpp_link *link = open_link(&settings);
    submit(link, 1, 100, "13800138000", "hello");
    assert_int_equal(run(link, 100, 0).delivered, 100);
    smpp_close(&link);
    settings.endpoint.ca_file = NULL; /* signed by nobody whom the system trusts */
    settings.submit_ms = 2000;
    link = open_link(&settings);
    submit(link, 1, 1, "13800138000", "hello");
    assert_int_equal(run(link, 1, 0).failed, 1);
    assert_non_null(strstr(smpp_why(link), "TLS"));
    smpp_close(&link);
    free(peer_end(&p));
    assert_int_equal(unlink(key) | unlink(cert) | rmdir(folder), 0);
}

static void test_settings_refused(void **state) {
    (void)state;
    smpp_settings settings = settings_for(1);
    smpp_link *link;
    sluice_error error;
    settings.password = "123456789";
    assert_int_equal(smpp_open(&settings, &link, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "password"));
    settings = settings_for(1);
    settings.window = 0;
    assert_int_equal(smpp_open(&settings, &link, &error), SLUICE_E_INVALID);
    settings = settings_for(1);
    settings.messages_max = 1;
    link = open_link(&settings);
    assert_int_equal(smpp_submit(link, 1, text_of("138x"), text_of("a"), &error), SLUICE_E_INPUT);
    assert_int_equal(smpp_submit(link, 1, text_of("13800138000"), text_of("a"), &error), SLUICE_OK);
    assert_int_equal(smpp_submit(link, 2, text_of("13800138000"), text_of("a"), &error), SLUICE_E_TOO_MANY);
    smpp_close(&link);
}

/* ---- Kannel's carrier ---- */

/* drive_smpp wants a bearerbox at port 13001 of this machine, and no other; a socket that listens is enough. One at a
 * time on a machine. */
static int stand_in_for_bearerbox(int *lock_out) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(13001), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *lock_out = open("/tmp/sluice-drive-smpp.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    assert_int_equal(flock(*lock_out, LOCK_EX), 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 8) != 0) {
        close(listener);
        return -1;
    }
    return listener;
}

/* It takes a transmitter and a receiver, sends one message from a phone for each of ours, with an enquire_link behind
 * each, and gives no ids, so there are no receipts. */
static void test_kannel(void **state) {
    (void)state;
    enum { MESSAGES = 2000 };
    int lock = -1, listener = access(DRIVE_SMPP, X_OK) == 0 ? stand_in_for_bearerbox(&lock) : -1;
    if (listener < 0) {
        print_message("no %s (Debian: kannel-extras), or port 13001 is taken: not tested against Kannel\n", DRIVE_SMPP);
        skip();
    }
    char port_text[8];
    uint16_t port = peer_free_port();
    snprintf(port_text, sizeof port_text, "%u", port);
    const char *arguments[] = {DRIVE_SMPP, "-v", "4", "-m", "2000", "-p", port_text, NULL};
    peer p;
    peer_start(&p, arguments);
    smpp_settings settings = settings_for(port);
    settings.is_pair = true;
    settings.system_id = "foo";
    settings.password = "bar";
    smpp_link *link = open_link(&settings);
    submit(link, 1, MESSAGES, "456", "退出会议软件");
    tally t = {0};
    smpp_result r;
    int64_t end_ns = clock_machine_ns() + INT64_C(60000000000);
    while ((t.sent < MESSAGES || t.incoming < MESSAGES) && clock_machine_ns() < end_ns) {
        smpp_step(link, 50);
        while (smpp_next(link, &r)) {
            assert_true(r.outcome == SMPP_INCOMING || (r.outcome == SMPP_SENT && r.is_last));
            count(&t, &r);
            smpp_result_fini(&r);
        }
        smpp_booked(link);
    }
    assert_int_equal(t.sent, MESSAGES);
    assert_int_equal(t.incoming, MESSAGES);
    smpp_counts counts;
    smpp_count(link, &counts);
    assert_int_equal(counts.connections, 2);
    smpp_close(&link);
    free(peer_end(&p));
    close(listener);
    close(lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delivered),
        cmocka_unit_test(test_long_message),
        cmocka_unit_test(test_one_part_fails),
        cmocka_unit_test(test_receipts_overtake),
        cmocka_unit_test(test_repeated_and_shuffled),
        cmocka_unit_test(test_throttled),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_in_doubt),
        cmocka_unit_test(test_silent),
        cmocka_unit_test(test_no_enquire_answer),
        cmocka_unit_test(test_no_receipt),
        cmocka_unit_test(test_bad_password),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_incoming),
        cmocka_unit_test(test_unbooked_is_unanswered),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_settings_refused),
        cmocka_unit_test(test_kannel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
