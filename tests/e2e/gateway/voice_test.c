/* Calls against sipp (Debian: sip-tester), a real SIP peer that this project did not write. */
#include "gateway/voice.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/voice_media.h"
#include "support/peer.h"
#include "sys/clock.h"

enum { RING_MS = 30000 }; /* longer than anybody needs to answer, on a slow machine too */

typedef struct call_end {
    voice_result result;
    unsigned tries; /* results TRYING */
    int sipp;       /* its exit code: 0 when everything came that its scenario wants */
} call_end;

/* Somebody has the UDP port by now, or it was waited for long enough. */
static void wait_for_listener(uint16_t port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int is_free = 0;
    for (int i = 0; i < 500 && is_free == 0; i++) {
        int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        is_free = bind(s, (struct sockaddr *)&at, sizeof at);
        close(s);
        (void)poll(NULL, 0, 10);
    }
}

/* refuse.xml with another status line. */
static void write_refusal(const char *path, const char *status_line) {
    static const char USUAL[] = "486 Busy Here";
    char text[4096];
    FILE *from = fopen("tests/e2e/gateway/sipp/refuse.xml", "r"), *to = fopen(path, "w");
    assert_true(from != NULL && to != NULL);
    size_t length = fread(text, 1, sizeof text - 1, from);
    text[length] = 0;
    char *at = strstr(text, "SIP/2.0 486");
    assert_non_null(at);
    at += strlen("SIP/2.0 ");
    fprintf(to, "%.*s%s%s", (int)(at - text), text, status_line, at + strlen(USUAL));
    assert_int_equal(fclose(from) | fclose(to), 0);
}

static pid_t start_sipp(const char *scenario, const char *status_line, uint16_t port, uint16_t media,
                        const char *calls) {
    char file[128], port_text[8], media_text[8];
    snprintf(file, sizeof file, "tests/e2e/gateway/sipp/%s.xml", scenario);
    snprintf(port_text, sizeof port_text, "%u", port);
    snprintf(media_text, sizeof media_text, "%u", media & ~1U);
    const char *arguments[] = {"sipp",     "-sf", file,  "-i",       "127.0.0.1", "-p",  port_text, "-mp",
                               media_text, "-m",  calls, "-nostdin", "-timeout",  "120", NULL};
    if (status_line[0] != 0) {
        snprintf(file, sizeof file, "/tmp/sluice-sipp-%u.xml", port);
        write_refusal(file, status_line);
    }
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        (void)dup2(nowhere, STDOUT_FILENO);
        if (getenv("SLUICE_LOUD") == NULL) {
            (void)dup2(nowhere, STDERR_FILENO);
        }
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    wait_for_listener(port);
    return process;
}

static voice_settings settings_for(const char *endpoint) {
    voice_settings s = voice_settings_defaults();
    s.endpoint = endpoint;
    s.user = "sluice";
    s.password = "secret";
    s.repeats = 1;
    s.listen_ms = 100;
    return s;
}

static voice_result run(voice *v, unsigned *tries) {
    voice_result r = {0};
    int64_t end_ns = clock_machine_ns() + INT64_C(60000000000);
    *tries = 0;
    while (clock_machine_ns() < end_ns) {
        voice_step(v);
        while (voice_next(v, &r)) {
            if (r.outcome != VOICE_TRYING) {
                return r;
            }
            (*tries)++;
        }
        (void)poll(NULL, 0, 5);
    }
    fail_msg("no result in a minute");
    return r;
}

static call_end call(const char *scenario, const char *status_line, int64_t ring_ms, size_t seconds) {
    static uint8_t alaw[80000];
    char endpoint[64];
    call_end end;
    voice *v;
    sluice_error error;
    int status = 0;
    uint16_t port = peer_free_port(), media = peer_free_port();
    pid_t sipp = start_sipp(scenario, status_line, port, media, "1");
    snprintf(endpoint, sizeof endpoint, "sip:127.0.0.1:%u", port);
    voice_settings settings = settings_for(endpoint);
    settings.ring_ms = ring_ms;
    assert_int_equal(voice_open(&settings, &v, &error), SLUICE_OK);
    memset(alaw, 0x55, sizeof alaw);
    assert_int_equal(voice_dial(v, 7, TEXT("13800138000"), alaw, seconds * 8000, &error), SLUICE_OK);
    end.result = run(v, &end.tries);
    for (int i = 0; i < 100; i++) { /* what is left of the dialogue */
        voice_step(v);
        (void)poll(NULL, 0, 5);
    }
    voice_close(&v);
    (void)waitpid(sipp, &status, 0);
    end.sipp = WEXITSTATUS(status);
    if (status_line[0] != 0) {
        snprintf(endpoint, sizeof endpoint, "/tmp/sluice-sipp-%u.xml", port);
        (void)unlink(endpoint);
    }
    assert_int_equal(end.result.id, 7);
    return end;
}

static void test_answered(void **state) {
    (void)state;
    call_end end = call("answer", "", RING_MS, 1);
    assert_int_equal(end.result.outcome, VOICE_ANSWERED);
    assert_int_equal(end.result.spoken_ms, 1000);
    assert_int_equal(end.result.key, 0);
    assert_int_equal(end.tries, 1);
    assert_int_equal(end.sipp, 0);
}

static void test_key_by_info(void **state) {
    (void)state;
    call_end end = call("key_info", "", RING_MS, 8);
    assert_int_equal(end.result.outcome, VOICE_CONFIRMED);
    assert_int_equal(end.result.key, '1');
    assert_true(end.result.spoken_ms < 8000); /* he need not hear the rest */
    assert_int_equal(end.sipp, 0);
}

/* sipp sends a capture through a raw socket, which needs root. */
static void test_key_by_rtp(void **state) {
    (void)state;
    if (geteuid() != 0) {
        print_message("sipp plays a capture only as root: keys by RTP were not tested against it\n");
        skip();
    }
    call_end end = call("key_rtp", "", RING_MS, 8);
    assert_int_equal(end.result.outcome, VOICE_CONFIRMED);
    assert_int_equal(end.result.key, '1');
}

static void test_hangs_up(void **state) {
    (void)state;
    call_end end = call("hang_up", "", RING_MS, 8);
    assert_int_equal(end.result.outcome, VOICE_ANSWERED);
    assert_true(end.result.spoken_ms < 8000);
    assert_int_equal(end.sipp, 0);
}

static void check_refused(const char *status_line, voice_outcome outcome, bool may_retry) {
    call_end end = call("refuse", status_line, RING_MS, 1);
    assert_int_equal(end.result.outcome, outcome);
    assert_int_equal(end.result.may_retry, may_retry);
    assert_int_equal(end.result.spoken_ms, 0);
    assert_int_equal(end.sipp, 0);
}

static void test_refused(void **state) {
    (void)state;
    check_refused("486 Busy Here", VOICE_BUSY, false);
    check_refused("603 Decline", VOICE_DECLINED, false);
    check_refused("480 Temporarily Unavailable", VOICE_NO_ANSWER, false);
    check_refused("404 Not Found", VOICE_WRONG_NUMBER, false);
    check_refused("503 Service Unavailable", VOICE_FAILED, true);
    check_refused("488 Not Acceptable Here", VOICE_FAILED, false);
}

static void test_rings_out(void **state) {
    (void)state;
    call_end end = call("ring_out", "", 500, 1);
    assert_int_equal(end.result.outcome, VOICE_NO_ANSWER);
    assert_int_equal(end.sipp, 0);
}

/* sipp checks the digest; then it is busy, which shows that it was content. */
static void test_password(void **state) {
    (void)state;
    call_end end = call("auth", "", RING_MS, 1);
    assert_int_equal(end.result.outcome, VOICE_BUSY);
    assert_int_equal(end.sipp, 0);
}

static void test_nobody_there(void **state) {
    (void)state;
    uint8_t alaw[160] = {0};
    char endpoint[64];
    voice *v;
    unsigned tries;
    snprintf(endpoint, sizeof endpoint, "sip:127.0.0.1:%u", peer_free_port());
    voice_settings settings = settings_for(endpoint);
    settings.setup_ms = 300;
    assert_int_equal(voice_open(&settings, &v, NULL), SLUICE_OK);
    assert_int_equal(voice_dial(v, 1, TEXT("13800138000"), alaw, sizeof alaw, NULL), SLUICE_OK);
    voice_result r = run(v, &tries);
    assert_int_equal(r.outcome, VOICE_FAILED);
    assert_true(r.may_retry);
    voice_close(&v);
}

static void test_lines(void **state) {
    (void)state;
    uint8_t alaw[160] = {0};
    voice *v;
    sluice_error error;
    voice_settings settings = settings_for("sip:127.0.0.1:9");
    settings.calls_max = 1;
    assert_int_equal(voice_open(&settings, &v, &error), SLUICE_OK);
    assert_int_equal(voice_dial(v, 1, TEXT("138x"), alaw, sizeof alaw, &error), SLUICE_E_INPUT);
    assert_int_equal(voice_dial(v, 1, TEXT("13800138000"), alaw, sizeof alaw, &error), SLUICE_OK);
    assert_int_equal(voice_dial(v, 2, TEXT("13800138000"), alaw, sizeof alaw, &error), SLUICE_E_TOO_MANY);
    voice_close(&v);
    settings.endpoint = "http://x";
    assert_int_equal(voice_open(&settings, &v, &error), SLUICE_E_INVALID);
}

int main(void) {
    const char *version[] = {"sipp", "-v", NULL};
    if (peer_run(version) == 127) {
        printf("no sipp (Debian: sip-tester): skipped\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answered), cmocka_unit_test(test_key_by_info),  cmocka_unit_test(test_key_by_rtp),
        cmocka_unit_test(test_hangs_up), cmocka_unit_test(test_refused),      cmocka_unit_test(test_rings_out),
        cmocka_unit_test(test_password), cmocka_unit_test(test_nobody_there), cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
