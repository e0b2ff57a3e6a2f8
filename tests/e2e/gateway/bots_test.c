/* Requests to group bots against tests/peers/bots.py, which checks signatures, fields and limits by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <curl/curl.h>

#include "gateway/bot_format.h"
#include "support/peer.h"
#include "sys/clock.h"

static const char *const PATHS[BOT_KINDS] = {
    [BOT_WECOM] = "/cgi-bin/webhook/send", [BOT_DINGTALK] = "/robot/send", [BOT_FEISHU] = "/open-apis/bot/v2/hook"};

static size_t keep(char *bytes, size_t size, size_t count, void *context) {
    text_write(context, (sluice_text){bytes, size * count});
    return size * count;
}

static bot_answer post(bot_kind kind, uint16_t port, const char *key, const char *payload, int64_t now_ms) {
    char endpoint[128];
    bot_request request;
    text_writer body = {0};
    long status = 0;
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u%s", port, PATHS[kind]);
    bot_address to = bot_address_of(kind, endpoint, text_of(key));
    yyjson_doc *doc = yyjson_read(payload, strlen(payload), 0);
    assert_int_equal(bot_request_write(&to, yyjson_doc_get_root(doc), now_ms, &request, NULL), SLUICE_OK);
    yyjson_doc_free(doc);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(easy, CURLOPT_URL, request.url.data);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    bot_answer answer = bot_answer_read(kind, status, (sluice_text){body.data, body.length});
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    text_writer_fini(&body);
    bot_request_fini(&request);
    return answer;
}

static uint16_t start(peer *p, const char *script) {
    const char *arguments[] = {"python3", "tests/peers/bots.py", "--script", script, NULL};
    peer_start(p, arguments);
    return peer_port(p);
}

static void test_posted(void **state) {
    (void)state;
    static const char *const PAYLOADS[] = {
        "{\"text\": \"客服不会让您共享屏幕 \\\"引号\\\"\"}",
        "{\"text\": \"**停止转账**\\n第二行\", \"title\": \"每周提醒\", \"kind\": \"markdown\", \"mention_all\": true}",
        "{\"text\": \"a\\nb\", \"title\": \"t\", \"kind\": \"post\", \"mention\": [\"13800138000\"]}",
        "{\"text\": \"a\", \"title\": \"t\", \"kind\": \"card\", \"mention_all\": true}",
        "{\"text\": \"a\", \"mention_all\": true, \"mention\": [\"13800138000\"]}"};
    peer p;
    uint16_t port = start(&p, "{}");
    for (int kind = 0; kind < BOT_KINDS; kind++) {
        for (size_t i = 0; i < sizeof PAYLOADS / sizeof *PAYLOADS; i++) {
            bot_answer answer = post((bot_kind)kind, port, "token\nSECsecret", PAYLOADS[i], clock_now_ms());
            assert_int_equal(answer.code, 0);
            assert_int_equal(answer.verdict, BOT_POSTED);
        }
    }
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "posted"), 15);
    free(summary);
}

/* The platform sees a wrong secret, a wrong clock and a wrong token, and we see what it means. */
static void test_not_ours(void **state) {
    (void)state;
    const char *hello = "{\"text\": \"hello\"}";
    peer p;
    int64_t now = clock_now_ms();
    uint16_t port = start(&p, "{}");
    assert_int_equal(post(BOT_DINGTALK, port, "token\nwrong", hello, now).code, 310000);
    assert_int_equal(post(BOT_DINGTALK, port, "token\nSECsecret", hello, now - 3700000).code, 310000);
    assert_int_equal(post(BOT_DINGTALK, port, "other\nSECsecret", hello, now).code, 300001);
    assert_int_equal(post(BOT_FEISHU, port, "token\nwrong", hello, now).code, 19021);
    assert_int_equal(post(BOT_FEISHU, port, "token", hello, now).code, 19021);
    assert_int_equal(post(BOT_FEISHU, port, "other\nSECsecret", hello, now).code, 19001);
    assert_int_equal(post(BOT_WECOM, port, "other", hello, now).verdict, BOT_REFUSED);
    char *summary = peer_end(&p);
    assert_int_equal(peer_number(summary, "posted"), 0);
    free(summary);
}

static void test_too_fast(void **state) {
    (void)state;
    peer p;
    uint16_t port = start(&p, "{\"limit\": 3}");
    for (int kind = 0; kind < BOT_KINDS; kind++) {
        for (int i = 0; i < 4; i++) {
            bot_answer answer = post((bot_kind)kind, port, "token\nSECsecret", "{\"text\": \"hello\"}", clock_now_ms());
            assert_int_equal(answer.verdict, i < 3 ? BOT_POSTED : BOT_LATER);
            assert_true(i < 3 || answer.wait_ms >= 60000);
        }
    }
    free(peer_end(&p));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posted),
        cmocka_unit_test(test_not_ours),
        cmocka_unit_test(test_too_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
