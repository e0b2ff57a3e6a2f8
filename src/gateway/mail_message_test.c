#include "gateway/mail_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_addresses(void **state) {
    (void)state;
    static const char *const GOOD[] = {"a@b", "outreach+1@nanning.example", "A.B_c-d@x.y"};
    static const char *const BAD[] = {"",      "@",   "a@", "@b", "a", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>",
                                      "<a@b>", "名@b"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        assert_true(mail_address_is_valid(text_of(GOOD[i])));
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(mail_address_is_valid(text_of(BAD[i])));
    }
}

static void check_header(const char *value, const char *expected) {
    text_writer out = {0};
    mail_write_header(&out, "Subject", text_of(value));
    assert_string_equal(out.data, expected);
    text_writer_fini(&out);
}

static void test_headers(void **state) {
    (void)state;
    check_header("Bulletin 12", "Subject: Bulletin 12");
    check_header("战果通报", "Subject: =?UTF-8?B?5oiY5p6c6YCa5oql?=");
    check_header("a\r\nBcc: x@y", "Subject: =?UTF-8?B?YQ0KQmNjOiB4QHk=?=");
    check_header("=?UTF-8?B?eA==?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
    check_header("关于二〇二六年十一月电信网络诈骗犯罪打击治理工作情况的通报",
                 "Subject: =?UTF-8?B?5YWz5LqO5LqM44CH5LqM5YWt5bm05Y2B5LiA5pyI55S15L+h572R57uc?=\r\n "
                 "=?UTF-8?B?6K+I6aqX54qv572q5omT5Ye75rK755CG5bel5L2c5oOF5Ya155qE6YCa?=\r\n "
                 "=?UTF-8?B?5oql?=");
}

static void check_name(const char *name, const char *expected) {
    text_writer out = {0};
    mail_write_disposition(&out, text_of(name));
    assert_string_equal(out.data, expected);
    text_writer_fini(&out);
}

static void test_names(void **state) {
    (void)state;
    check_name("a.pdf", "Content-Disposition: attachment;\r\n filename=\"a.pdf\"");
    check_name("/etc/../x\\b.pdf", "Content-Disposition: attachment;\r\n filename=\"b.pdf\"");
    check_name("通报 1.pdf", "Content-Disposition: attachment;\r\n filename=\"=?UTF-8?B?6YCa5oqlIDEucGRm?=\";\r\n "
                             "filename*=UTF-8''%E9%80%9A%E6%8A%A5%201.pdf");
    check_name("a\"b",
               "Content-Disposition: attachment;\r\n filename=\"=?UTF-8?B?YSJi?=\";\r\n filename*=UTF-8''a%22b");
    check_name("", "Content-Disposition: attachment;\r\n filename=\"attachment\"");
}

static void test_date(void **state) {
    (void)state;
    text_writer out = {0};
    mail_write_date(&out, 1653364800123);
    assert_string_equal(out.data, "Date: Tue, 24 May 2022 12:00:00 +0800");
    text_writer_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
