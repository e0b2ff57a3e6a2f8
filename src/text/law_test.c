/* What acts rest on, for readers of either language. */
#include "text/law.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *law, *zh, *en;
} LAWS[] = {
    {"反电信网络诈骗法 Art. 20: police decide, banks carry out", "反电信网络诈骗法第20条（公安机关决定，银行执行）",
     "Anti-Telecom and Online Fraud Law Art. 20: police decide, banks carry out"},
    {"反电信网络诈骗法 Art. 20; 银发〔2016〕86号", "反电信网络诈骗法第20条；银发〔2016〕86号",
     "Anti-Telecom and Online Fraud Law Art. 20; PBOC notice [2016] no. 86"},
    {"公安机关办理刑事案件程序规定 Arts. 174, 239–247: only in a filed case",
     "公安机关办理刑事案件程序规定第174、239–247条（须为已立案案件）",
     "Rules of Procedure for Criminal Cases Arts. 174, 239–247: only in a filed case"},
    {"公安机关办理刑事案件程序规定 ch. 2 管辖", "公安机关办理刑事案件程序规定第2章管辖",
     "Rules of Procedure for Criminal Cases ch. 2 Jurisdiction"},
    {"反电信网络诈骗法 Art. 31; 联合惩戒办法 2024-12-01 [S]: written notice; 反电信网络诈骗法 Art. 32",
     "反电信网络诈骗法第31条；联合惩戒办法 2024-12-01（书面告知）；反电信网络诈骗法第32条",
     "Anti-Telecom and Online Fraud Law Art. 31; Joint Punishment Measures 2024-12-01: written notice; "
     "Anti-Telecom and Online Fraud Law Art. 32"},
    {"银监发〔2016〕41号 Art. 8", "银监发〔2016〕41号第8条", "CBRC notice [2016] no. 41 Art. 8"},
    {"the centre's own rule (four eyes): a rule can stop anybody's payment",
     "本中心规定（双人复核）（规则可能拦截任何人的付款）",
     "the centre's own rule (four eyes): a rule can stop anybody's payment"},
    {"ISO 20022 camt.056 FRAD", "ISO 20022 camt.056 FRAD", "ISO 20022 camt.056 FRAD"},
    {"内部规定 Art. ", "内部规定 Art. ", "内部规定 Art. "},
    {"", "", ""},
};

static void check(const char *law, bool chinese, const char *expected) {
    text_writer w = {0};
    law_write(&w, text_of(law), chinese);
    assert_false(w.failed);
    assert_string_equal(w.data == NULL ? "" : w.data, expected);
    text_writer_fini(&w);
}

static void test_both_languages(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof LAWS / sizeof *LAWS; i++) {
        check(LAWS[i].law, true, LAWS[i].zh);
        check(LAWS[i].law, false, LAWS[i].en);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
