#include "gateway/bot_format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/bot_rate.h"

static bot_request write_request(bot_kind kind, const char *key, const char *payload) {
    bot_address to = bot_address_of(kind, "https://bots.example/send", text_of(key));
    yyjson_doc *doc = yyjson_read(payload, strlen(payload), 0);
    bot_request request;
    sluice_error error;
    assert_int_equal(bot_request_write(&to, yyjson_doc_get_root(doc), 1653364800123, &request, &error), SLUICE_OK);
    yyjson_doc_free(doc);
    return request;
}

/* Signatures computed with `openssl dgst -sha256 -mac HMAC | base64`. */
static void test_signed(void **state) {
    (void)state;
    bot_request r = write_request(BOT_DINGTALK, "tok\nSECsecret\n", "{\"text\": \"停止转账\"}");
    assert_string_equal(r.url.data, "https://bots.example/send?access_token=tok&timestamp=1653364800123&sign="
                                    "sR5UgYVXtvRy1bOz%2FPq7qA%2BUkSgoCZf4Zwy7tJdtW8c%3D");
    assert_string_equal(r.body.data, "{\"msgtype\":\"text\",\"text\":{\"content\":\"停止转账\"},\"at\":{\"atMobiles\":"
                                     "[],\"isAtAll\":false}}\n");
    bot_request_fini(&r);
    r = write_request(BOT_FEISHU, "tok\nSECsecret", "{\"text\": \"停止转账\"}");
    assert_string_equal(r.url.data, "https://bots.example/send/tok");
    assert_string_equal(
        r.body.data,
        "{\"timestamp\":\"1653364800\",\"sign\":\"l/kEMWYrmLaQY6GxMED2JwFvZDGQhvZANm/NoHog2QY=\",\"msg_type\":\"text\","
        "\"content\":{\"text\":\"停止转账\"}}\n");
    bot_request_fini(&r);
}

static void test_shapes(void **state) {
    (void)state;
    bot_request r =
        write_request(BOT_WECOM, "k&=1", "{\"text\": \"a\", \"mention_all\": true, \"mention\": [\"138\", 5]}");
    assert_string_equal(r.url.data, "https://bots.example/send?key=k%26%3D1");
    assert_string_equal(r.body.data,
                        "{\"msgtype\":\"text\",\"text\":{\"content\":\"a\",\"mentioned_mobile_list\":[\"138\","
                        "\"@all\"]}}\n");
    bot_request_fini(&r);
    r = write_request(BOT_WECOM, "k", "{\"text\": \"a\", \"title\": \"T\", \"kind\": \"markdown\"}");
    assert_string_equal(r.body.data, "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"### T\\na\"}}\n");
    bot_request_fini(&r);
    r = write_request(BOT_FEISHU, "k", "{\"text\": \"a\\nb\", \"title\": \"T\", \"kind\": \"post\"}");
    assert_string_equal(
        r.body.data, "{\"msg_type\":\"post\",\"content\":{\"post\":{\"zh_cn\":{\"title\":\"T\",\"content\":[[{\"tag\":"
                     "\"text\",\"text\":\"a\"}],[{\"tag\":\"text\",\"text\":\"b\"}]]}}}}\n");
    bot_request_fini(&r);
}

static void test_refused(void **state) {
    (void)state;
    static char long_text[3000];
    bot_address to = bot_address_of(BOT_WECOM, "https://bots.example/send", TEXT("k"));
    bot_request request;
    sluice_error error;
    snprintf(long_text, sizeof long_text, "{\"text\": \"%02100d\"}", 0);
    const char *const payloads[] = {"{}", "{\"text\": \"\"}", "{\"text\": 5}", "[]", "5", "", long_text};
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        yyjson_doc *doc = yyjson_read(payloads[i], strlen(payloads[i]), 0);
        assert_int_equal(bot_request_write(&to, yyjson_doc_get_root(doc), 0, &request, &error), SLUICE_E_INPUT);
        yyjson_doc_free(doc);
    }
    assert_non_null(strstr(error.text, "2048"));
}

static void check_answer(bot_kind kind, long status, const char *body, bot_verdict verdict, int64_t code) {
    bot_answer answer = bot_answer_read(kind, status, text_of(body));
    assert_int_equal(answer.verdict, verdict);
    assert_int_equal(answer.code, code);
    assert_non_null(answer.why);
}

static void test_answers(void **state) {
    (void)state;
    check_answer(BOT_WECOM, 200, "{\"errcode\": 0, \"errmsg\": \"ok\"}", BOT_POSTED, 0);
    check_answer(BOT_WECOM, 200, "{\"errcode\": 45009}", BOT_LATER, 45009);
    check_answer(BOT_WECOM, 200, "{\"errcode\": 93000}", BOT_REFUSED, 93000);
    check_answer(BOT_WECOM, 200, "{\"errcode\": 12345}", BOT_REFUSED, 12345);
    check_answer(BOT_DINGTALK, 200, "{\"errcode\": 130101}", BOT_LATER, 130101);
    check_answer(BOT_DINGTALK, 200, "{\"errcode\": 310000}", BOT_REFUSED, 310000);
    check_answer(BOT_FEISHU, 200, "{\"code\": 0}", BOT_POSTED, 0);
    check_answer(BOT_FEISHU, 200, "{\"StatusCode\": 0, \"StatusMessage\": \"success\"}", BOT_POSTED, 0);
    check_answer(BOT_FEISHU, 200, "{\"code\": 11232}", BOT_LATER, 11232);
    check_answer(BOT_FEISHU, 429, "", BOT_LATER, 429);
    check_answer(BOT_WECOM, 502, "<html>", BOT_LATER, 502);
    check_answer(BOT_WECOM, 404, "<html>", BOT_REFUSED, 404);
    check_answer(BOT_WECOM, 200, "", BOT_LATER, 200);
    check_answer(BOT_WECOM, 200, "{\"errcode\": \"0\"}", BOT_LATER, 200);
}

/* However they come: never more than the limit in any minute, and each has its turn. */
static void test_rate(void **state) {
    (void)state;
    enum { LIMIT = 20, MESSAGES = 205, MINUTE = 60000 };
    static bot_rate rate;
    int64_t sent[MESSAGES], due[MESSAGES], now = 1000;
    size_t count = 0;
    rate.per_minute = LIMIT;
    for (size_t i = 0; i < MESSAGES; i++) {
        due[i] = now;
    }
    for (; count < MESSAGES && now < 20 * MINUTE; now += 7) {
        for (size_t i = 0; i < MESSAGES; i++) {
            int64_t wait = due[i] > now ? -1 : bot_rate_take(&rate, (int64_t)i + 1, now);
            if (wait == 0) {
                sent[count++] = now;
                due[i] = INT64_MAX;
            } else if (wait > 0) {
                assert_true(wait <= 12 * MINUTE);
                due[i] = now + wait + (int64_t)(i % 5) * 300; /* the outbox is never early, and sometimes late */
            }
        }
    }
    assert_int_equal(count, MESSAGES);
    for (size_t i = LIMIT; i < MESSAGES; i++) {
        assert_true(sent[i] - sent[i - LIMIT] >= MINUTE);
    }
    assert_true(sent[MESSAGES - 1] <= 12 * MINUTE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signed),  cmocka_unit_test(test_shapes), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_answers), cmocka_unit_test(test_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
