/* Messages with banks by the shipped tables: what goes out has their names, what comes in is believed only where the
 * table knows it. */
#include "gateway/bank_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "desk/fields.h"
#include "gateway/bank_sign.h"
#include "support/bank_tables.h"

static arena memory;
static bank_table table;

static int open_tables(void **state) {
    (void)state;
    return bank_tables_shipped(&memory, &table) ? 0 : 1;
}

static int close_tables(void **state) {
    (void)state;
    arena_fini(&memory);
    return 0;
}

static sluice_result encode(const char *payload, const char *constants, text_writer *out, sluice_error *error) {
    yyjson_doc *doc = yyjson_read(payload, strlen(payload), 0);
    yyjson_doc *more = constants == NULL ? NULL : yyjson_read(constants, strlen(constants), 0);
    sluice_result result =
        bank_encode(&table, TEXT("stop"), TEXT("S1"), yyjson_doc_get_root(doc), yyjson_doc_get_root(more), out, error);
    yyjson_doc_free(doc);
    yyjson_doc_free(more);
    return result;
}

#define ORDER                                                                                                          \
    "\"application_id\":\"Z-1\",\"application_type\":\"00\",\"urgency\":\"urgent\",\"currency\":\"CNY\","              \
    "\"bank\":\"102100000011\",\"account\":\"6228\",\"reason\":\"r\",\"applied_at\":1795572000000"

static void an_order_has_their_names_and_types(void **state) {
    text_writer out = {0};
    sluice_error error = {0};
    (void)state;
    assert_int_equal(encode("{" ORDER ",\"amount_fen\":123456}", "{\"Channel\":\"07\"}", &out, &error), SLUICE_OK);
    yyjson_doc *doc = yyjson_read(out.data, out.length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "TxCode")), "100101");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "SerialNumber")), "S1");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "EmergencyLevel")), "02");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "Amount")), "1234.56");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "ApplicationTime")), "20261125100000");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "Channel")), "07");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(yyjson_obj_get(root, "Target"), "AccountNumber")), "6228");
    yyjson_doc_free(doc);
    text_writer_fini(&out);
}

static void what_is_missing_or_does_not_fit_is_named(void **state) {
    static const struct {
        const char *payload, *word;
    } cases[] = {{"{}", "is required"},
                 {"{" ORDER ",\"amount_fen\":\"12\"}", "amount_fen (Amount)"},
                 {"{" ORDER ",\"out_name\":7}", "out_name (TransferOut.AccountName)"},
                 {"{" ORDER ",\"account_type\":\"robot\"}", "account_type"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_writer out = {0};
        sluice_error error = {0};
        assert_int_equal(encode(cases[i].payload, NULL, &out, &error), SLUICE_E_INPUT);
        assert_non_null(strstr(error.text, cases[i].word));
        text_writer_fini(&out);
    }
}

static sluice_result decode(const char *body, bank_feedback *feedback, sluice_error *error) {
    return bank_decode(&table, text_of(body), &memory, feedback, error);
}

static void feedback_is_read_and_meant(void **state) {
    bank_feedback f;
    sluice_error error = {0};
    (void)state;
    assert_int_equal(decode("{\"TxCode\":\"100102\",\"SerialNumber\":\"S\",\"Result\":\"100000\","
                            "\"AccountBalance\":\"0.07\",\"StartTime\":\"20261125100000\"}",
                            &f, &error),
                     SLUICE_OK);
    assert_int_equal(f.answer.verdict, VERDICT_DONE);
    assert_int_equal(f.answer.balance_fen, 7);
    assert_int_equal(f.answer.at_ms, INT64_C(1795572000000));
    assert_int_equal(f.answer.executed_fen, -1);
    assert_int_equal(decode("{\"TxCode\":\"1\",\"SerialNumber\":\"S\",\"Result\":\"200010\"}", &f, &error), SLUICE_OK);
    assert_int_equal(f.answer.verdict, VERDICT_MISMATCH);
    assert_int_equal(decode("{\"TxCode\":\"1\",\"SerialNumber\":\"S\",\"Result\":\"100000\",\"ExecutedAmount\":\"0\","
                            "\"PriorAuthority\":\"某局\"}",
                            &f, &error),
                     SLUICE_OK);
    assert_int_equal(f.answer.verdict, VERDICT_QUEUED);
    assert_int_equal(decode("{\"TxCode\":\"1\",\"SerialNumber\":\"S\",\"Result\":\"200002\"}", &f, &error), SLUICE_OK);
    assert_int_equal(f.meaning, MEANS_AGAIN);
    assert_int_equal(decode("{\"TxCode\":\"1\",\"SerialNumber\":\"S\",\"Result\":\"200003\"}", &f, &error), SLUICE_OK);
    assert_int_equal(f.meaning, MEANS_DUPLICATE);
    assert_int_equal(decode("{\"TxCode\":\"1\",\"SerialNumber\":\"S\",\"Result\":\"777777\"}", &f, &error),
                     SLUICE_E_INPUT);
    /* The most that the desk takes from anybody, and a fen more. */
    assert_int_equal(decode("{\"TxCode\":\"100102\",\"SerialNumber\":\"S\",\"Result\":\"100000\","
                            "\"AccountBalance\":\"100000000000.00\"}",
                            &f, &error),
                     SLUICE_OK);
    assert_int_equal(f.answer.balance_fen, MONEY_MOST_FEN);
    assert_int_equal(decode("{\"TxCode\":\"100102\",\"SerialNumber\":\"S\",\"Result\":\"100000\","
                            "\"AccountBalance\":\"100000000000.01\"}",
                            &f, &error),
                     SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "AccountBalance"));
    assert_non_null(strstr(error.text, "100,000,000,000"));
    assert_int_equal(decode("[1]", &f, &error), SLUICE_E_INPUT);
}

static sluice_result details(const char *rows, bank_details *got, sluice_error *error) {
    text_writer body = {0};
    text_printf(&body, "{\"TxCode\":\"100302\",\"SerialNumber\":\"S\",\"Result\":\"100000\"%s}", rows);
    sluice_result result = bank_decode_details(&table, (sluice_text){body.data, body.length}, TEXT("account:1"),
                                               TEXT("102"), &memory, got, error);
    text_writer_fini(&body);
    return result;
}

#define ROW(id, rest) "{\"TransactionSerialNumber\":\"" id "\",\"TransactionTime\":\"20261120101500\"" rest "}"

static void transactions_become_signals(void **state) {
    bank_details got;
    sluice_error error;
    (void)state;
    assert_int_equal(
        details(",\"Transactions\":[" ROW(
                    "D1",
                    ",\"Direction\":\"01\",\"Amount\":\"3.50\",\"Balance\":"
                    "\"10.00\",\"Opponent\":{\"AccountNumber\":\"62\"}") "," ROW("D2",
                                                                                 ",\"Direction\":\"02\","
                                                                                 "\"Amount\":\"5\",\"Balance\":"
                                                                                 "\"5.00\"") "," ROW("D3", ",\"Directio"
                                                                                                           "n\":\"01\","
                                                                                                           "\"Amount\":"
                                                                                                           "\"1\"") "]",
                &got, &error),
        SLUICE_OK);
    assert_int_equal(got.count, 3);
    assert_int_equal(got.rejected, 0);
    const sluice_signal *in = &got.signals[0], *cash = &got.signals[1], *interest = &got.signals[2];
    assert_true(text_equal(in->from, TEXT("account:62")) && text_equal(in->to, TEXT("account:1")));
    assert_int_equal(in->amount_fen, 350);
    assert_true(in->has_to_balance && !in->has_from_balance && in->to_balance_fen == 1000);
    assert_int_equal(in->time_ms, INT64_C(1795140900000)); /* 2026-11-20T10:15:00+08:00 */
    assert_int_equal(cash->kind, SLUICE_SIGNAL_WITHDRAWAL);
    assert_true(cash->has_from_balance && cash->from_balance_fen == 500 && cash->to.length == 0);
    assert_true(text_equal(interest->from, TEXT("bank:102")));
}

static void a_transaction_that_is_wrong_is_left_out_and_named(void **state) {
    bank_details got;
    sluice_error error;
    (void)state;
    assert_int_equal(
        details(
            ",\"Transactions\":[1," ROW("D1", ",\"Direction\":\"09\",\"Amount\":\"3.50\"") "," ROW(
                "D2",
                ",\"Direction\":\"01\",\"Amount\":\"-1\"") "," ROW("D3",
                                                                   ",\"Direction\":\"01\",\"Amount\":\"1\","
                                                                   "\"Currency\":\"x\"") "," ROW("D4",
                                                                                                 ",\"Direction\":"
                                                                                                 "\"01\",\"Amount\":"
                                                                                                 "\"1\"") "]",
            &got, &error),
        SLUICE_OK);
    assert_int_equal(got.count, 1);
    assert_int_equal(got.rejected, 4);
    assert_non_null(memmem(got.rejects.data, got.rejects.length, "2: Direction", 12));
    assert_non_null(memmem(got.rejects.data, got.rejects.length, "3: Amount", 9));
    assert_non_null(memmem(got.rejects.data, got.rejects.length, "4: Currency", 11));
    assert_int_equal(details("", &got, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "Transactions"));
}

/* SM3 of "abc" is in GB/T 32905, so what is signed with it can be checked by any other program. */
static void a_signature_binds_every_part(void **state) {
    char right[BANK_SIGNATURE_BYTES], other[BANK_SIGNATURE_BYTES];
    bank_signed what = {TEXT("POST"), TEXT("/p"), TEXT("1"), TEXT("n"), TEXT("body")};
    (void)state;
    assert_true(bank_sign(BANK_HMAC_SM3, TEXT("key"), &what, right));
    assert_true(bank_is_signed(BANK_HMAC_SM3, TEXT("key"), &what, text_of(right)));
    sluice_text *const parts[] = {&what.method, &what.target, &what.first, &what.second, &what.body};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sluice_text before = *parts[i];
        *parts[i] = TEXT("x");
        assert_false(bank_is_signed(BANK_HMAC_SM3, TEXT("key"), &what, text_of(right)));
        *parts[i] = before;
    }
    assert_true(bank_sign(BANK_HMAC_SM3, TEXT("kex"), &what, other));
    assert_string_not_equal(right, other);
    assert_false(bank_is_signed(BANK_HMAC_SM3, TEXT("key"), &what, (sluice_text){right, 63}));
    assert_false(bank_sign(BANK_HMAC_SM3, (sluice_text){0}, &what, other));
}

/* The content of a key file: the private key of one, the public key of another. */
static char *pem_of(EVP_PKEY *ours, EVP_PKEY *theirs) {
    char *data = NULL, *text = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (ours != NULL) {
        assert_int_equal(PEM_write_bio_PrivateKey(bio, ours, NULL, NULL, 0, NULL, NULL), 1);
    }
    if (theirs != NULL) {
        assert_int_equal(PEM_write_bio_PUBKEY(bio, theirs), 1);
    }
    long length = BIO_get_mem_data(bio, &data);
    assert_true(asprintf(&text, "%.*s", (int)length, data) > 0);
    BIO_free(bio);
    return text;
}

static void sm2_is_made_with_one_key_and_checked_with_the_other(void **state) {
    char made[BANK_SIGNATURE_BYTES], again[BANK_SIGNATURE_BYTES];
    bank_signed what = {TEXT("POST"), TEXT("/p"), TEXT("1"), TEXT("n"), TEXT("body")};
    EVP_PKEY *centre = EVP_PKEY_Q_keygen(NULL, NULL, "SM2"), *bank = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    (void)state;
    assert_non_null(centre);
    char *ours = pem_of(centre, bank), *theirs = pem_of(bank, centre), *half = pem_of(centre, NULL);
    char *wrong = pem_of(other, other);
    assert_null(bank_key_trouble(BANK_SM2, text_of(ours)));
    assert_non_null(strstr(bank_key_trouble(BANK_SM2, text_of(half)), "PUBLIC KEY"));
    assert_non_null(strstr(bank_key_trouble(BANK_SM2, text_of(wrong)), "PRIVATE KEY"));
    assert_non_null(bank_key_trouble(BANK_SM2, TEXT("secret")));
    assert_true(bank_sign(BANK_SM2, text_of(ours), &what, made));
    assert_true(bank_sign(BANK_SM2, text_of(ours), &what, again));
    assert_string_not_equal(made, again); /* each has a random number of its own */
    assert_true(bank_is_signed(BANK_SM2, text_of(theirs), &what, text_of(made)));
    assert_false(bank_is_signed(BANK_SM2, text_of(ours), &what, text_of(made))); /* that is the bank's public key */
    assert_false(bank_is_signed(BANK_HMAC_SM3, text_of(theirs), &what, text_of(made)));
    assert_false(bank_is_signed(BANK_SM2, text_of(theirs), &what, TEXT("00")));
    assert_false(bank_is_signed(BANK_SM2, text_of(theirs), &what, TEXT("nothing of hex")));
    sluice_text *const parts[] = {&what.method, &what.target, &what.first, &what.second, &what.body};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sluice_text before = *parts[i];
        *parts[i] = TEXT("x");
        assert_false(bank_is_signed(BANK_SM2, text_of(theirs), &what, text_of(made)));
        *parts[i] = before;
    }
    free(ours);
    free(theirs);
    free(half);
    free(wrong);
    EVP_PKEY_free(centre);
    EVP_PKEY_free(bank);
    EVP_PKEY_free(other);
}

static void the_setting_names_the_scheme(void **state) {
    bank_scheme scheme = BANK_UNSIGNED;
    (void)state;
    assert_true(bank_scheme_of(TEXT(""), &scheme));
    assert_int_equal(scheme, BANK_HMAC_SM3);
    assert_true(bank_scheme_of(TEXT("sm2"), &scheme));
    assert_int_equal(scheme, BANK_SM2);
    assert_true(bank_scheme_of(TEXT("none"), &scheme));
    assert_int_equal(scheme, BANK_UNSIGNED);
    assert_false(bank_scheme_of(TEXT("SM2 "), &scheme));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_has_their_names_and_types),
        cmocka_unit_test(what_is_missing_or_does_not_fit_is_named),
        cmocka_unit_test(feedback_is_read_and_meant),
        cmocka_unit_test(transactions_become_signals),
        cmocka_unit_test(a_transaction_that_is_wrong_is_left_out_and_named),
        cmocka_unit_test(a_signature_binds_every_part),
        cmocka_unit_test(sm2_is_made_with_one_key_and_checked_with_the_other),
        cmocka_unit_test(the_setting_names_the_scheme),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
