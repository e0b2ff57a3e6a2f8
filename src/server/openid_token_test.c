/* The verifier of ID tokens against the examples of the standards themselves: RFC 7515 A.2 (RS256), A.3 (ES256) and RFC
 * 8037 A.4 (Ed25519). Their contents are no ID tokens, so a right signature is told by what is refused next: the
 * claims. Whole tokens, good and forged, are judged in tests/e2e/openid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/openid_private.h"

#define RSA_KEY                                                                                                        \
    "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"                   \
    "4qPCJrcS2mJPMEzP1Pt0B"                                                                                            \
    "m4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"      \
    "KXBdQOS-"                                                                                                         \
    "UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"                      \
    "h9iaGNj8q2ethFkMLs91kzk2"                                                                                         \
    "PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}"
#define RSA_TOKEN                                                                                                      \
    "eyJhbGciOiJSUzI1NiJ9."                                                                                            \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"                     \
    "fQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"                         \
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1"                                                                                     \
    "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"       \
    "xi12jzDwus"                                                                                                       \
    "C-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"               \
    "IoypGlUPQGe77Rw"
#define EC_KEY                                                                                                         \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                         \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define EC_TOKEN                                                                                                       \
    "eyJhbGciOiJFUzI1NiJ9."                                                                                            \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"                     \
    "fQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define ED_KEY "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define ED_TOKEN                                                                                                       \
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"                            \
    "09PGcvMg3AIbQR6dWbhijcNR4ki4"                                                                                     \
    "iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

static sluice_error said;

static sluice_result verify(const char *token, const char *key) {
    static char set[4096];
    arena a = {0};
    openid_claims claims;
    openid_expected expected = {.issuer = TEXT("https://idp.example"),
                                .client = TEXT("sluice"),
                                .nonce = TEXT("n"),
                                .now_ms = INT64_C(1795572000000),
                                .skew_ms = 60000};
    (void)snprintf(set, sizeof set, "{\"keys\":[%s]}", key);
    said = (sluice_error){0};
    sluice_result result = openid_token_verify(text_of(token), text_of(set), &expected, &a, &claims, &said);
    arena_fini(&a);
    return result;
}

/* Refused, and for this. */
static void refused(const char *token, const char *key, const char *why) {
    sluice_result result = verify(token, key);
    if (strstr(said.text, why) == NULL || (result != SLUICE_E_UNAUTHENTICATED && result != SLUICE_E_NOT_FOUND)) {
        fail_msg("expected '%s', got '%s'", why, said.text);
    }
}

static void the_standards_signatures_are_right(void **state) {
    (void)state;
    refused(RSA_TOKEN, RSA_KEY, "another issuer");
    refused(EC_TOKEN, EC_KEY, "another issuer");
    refused(ED_TOKEN, ED_KEY, "claims that cannot be read");
}

static void any_changed_bit_is_seen(void **state) {
    static const struct {
        const char *token, *key;
    } EXAMPLES[] = {{RSA_TOKEN, RSA_KEY}, {EC_TOKEN, EC_KEY}, {ED_TOKEN, ED_KEY}};
    (void)state;
    for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++) {
        char token[1200];
        size_t length = strlen(EXAMPLES[i].token), begin = (size_t)(strchr(EXAMPLES[i].token, '.') - EXAMPLES[i].token);
        for (size_t at = begin + 1; at + 1 < length; at++) { /* of the last letter some bits do not count */
            (void)snprintf(token, sizeof token, "%s", EXAMPLES[i].token);
            if (token[at] == '.') {
                continue;
            }
            token[at] = token[at] == 'A' ? 'B' : 'A';
            if (strcmp(token, EXAMPLES[i].token) != 0) {
                refused(token, EXAMPLES[i].key, "wrong signature");
            }
        }
    }
}

static void a_key_of_another_kind_is_no_key(void **state) {
    (void)state;
    refused(RSA_TOKEN, EC_KEY, "no key");
    refused(EC_TOKEN, RSA_KEY, "no key");
    refused(ED_TOKEN, EC_KEY, "no key");
    refused(RSA_TOKEN, RSA_KEY "," RSA_KEY, "no key"); /* which one? the token does not say */
    refused(RSA_TOKEN, "", "no key");
    refused(RSA_TOKEN, "7", "no key");
    refused(RSA_TOKEN, "{\"kty\":\"RSA\"}", "no key");
    refused(RSA_TOKEN, "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "no key");
}

static void what_is_no_token_is_refused(void **state) {
    static const char *const NONE[] = {"",
                                       ".",
                                       "..",
                                       "...",
                                       "a.b.c",
                                       "e30.e30.",
                                       "bnVsbA.bnVsbA.AA",
                                       "e30.e30.AA",
                                       "eyJhbGciOiJub25lIn0.e30.",
                                       "eyJhbGciOiJIUzI1NiJ9.e30.AA",
                                       "\xff.\xff.\xff",
                                       "eyJhbGciOiJSUzI1NiIsImNyaXQiOltdfQ.e30.AA"};
    (void)state;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        assert_int_equal(verify(NONE[i], RSA_KEY), SLUICE_E_UNAUTHENTICATED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standards_signatures_are_right),
        cmocka_unit_test(any_changed_bit_is_seen),
        cmocka_unit_test(a_key_of_another_kind_is_no_key),
        cmocka_unit_test(what_is_no_token_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
