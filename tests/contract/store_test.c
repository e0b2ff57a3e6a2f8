/* What store.h promises, for every implementation of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "store/store.h"
#include "support/store_model.h"
#include "support/stores.h"

static const stores_kind *under_test;
static char place[1024]; /* a fresh one for each test */

static int fresh_place(void **state) {
    (void)state;
    under_test->fresh(place, sizeof place);
    return 0;
}

static store *opened(void) {
    store *s = NULL;
    sluice_error error = {0};
    if (under_test->open(place, false, &s, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return s;
}

static void commit_models(store *s, uint64_t first, uint64_t count) {
    for (uint64_t i = first; i < first + count; i++) {
        sluice_error error = {0};
        if (model_commit(s, i, &error) != SLUICE_OK) {
            fail_msg("%s", error.text);
        }
    }
}

static void a_new_store_is_empty_and_has_a_name(void **state) {
    (void)state;
    char uuid[33];
    unsigned char secret[32];
    store *s = opened();
    assert_int_equal(model_verify(s), 0);
    assert_int_equal(strlen(store_uuid(s)), 32);
    assert_int_equal(strspn(store_uuid(s), "0123456789abcdef"), 32);
    memcpy(uuid, store_uuid(s), sizeof uuid);
    memcpy(secret, store_secret(s), sizeof secret);
    store_close(&s);
    assert_null(s);
    s = opened();
    assert_string_equal(store_uuid(s), uuid);
    assert_memory_equal(store_secret(s), secret, sizeof secret);
    store_close(&s);
    (void)fresh_place(NULL);
    s = opened();
    assert_string_not_equal(store_uuid(s), uuid);
    assert_memory_not_equal(store_secret(s), secret, sizeof secret);
    store_close(&s);
    store_close(&s); /* NULL is fine */
}

static void what_is_committed_comes_back(void **state) {
    (void)state;
    store *s = opened();
    commit_models(s, 0, 23);
    assert_int_equal(model_verify(s), 23);
    store_close(&s);
    s = opened();
    assert_int_equal(model_verify(s), 23);
    commit_models(s, 23, 9);
    store_close(&s);
    s = opened();
    assert_int_equal(model_verify(s), 32);
    store_close(&s);
}

typedef struct range {
    uint64_t first, last, batches;
    sluice_result answer;
} range;

static sluice_result note_range(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                const unsigned char *bytes, size_t length, sluice_error *error) {
    range *r = context;
    (void)chain_before;
    (void)bytes;
    (void)length;
    (void)error;
    r->first = r->batches == 0 ? sequence_first : r->first;
    r->last = sequence_first + count - 1;
    r->batches++;
    return r->answer;
}

static void the_log_is_read_from_any_sequence(void **state) {
    (void)state;
    store *s = opened();
    commit_models(s, 0, 12);
    for (uint64_t i = 0; i < 12; i++) {
        uint64_t first = model_sequence_first(i), end = first + MODEL_COUNT(i);
        for (uint64_t sequence = first; sequence < end; sequence++) {
            range r = {0};
            assert_int_equal(store_read_log(s, sequence, note_range, &r, NULL), SLUICE_OK);
            assert_int_equal(r.first, first);
            assert_int_equal(r.batches, 12 - i);
        }
    }
    range r = {0};
    assert_int_equal(store_read_log(s, model_sequence_first(12), note_range, &r, NULL), SLUICE_OK);
    assert_int_equal(r.batches, 0);
    r.answer = SLUICE_E_INTERRUPTED;
    assert_int_equal(store_read_log(s, 1, note_range, &r, NULL), SLUICE_E_INTERRUPTED);
    assert_int_equal(r.batches, 1);
    store_close(&s);
}

static void a_batch_is_found_by_any_of_its_sequences(void **state) {
    (void)state;
    store *s = opened();
    commit_models(s, 0, 12);
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t first = 0, chain = 0;
    sluice_error error = {0};
    for (uint64_t i = 0; i < 12; i++) {
        uint64_t begin = model_sequence_first(i), end = begin + MODEL_COUNT(i);
        for (uint64_t sequence = begin; sequence < end; sequence++) {
            assert_int_equal(store_read_batch_at(s, sequence, &first, &chain, &bytes, &capacity, &length, NULL),
                             SLUICE_OK);
            assert_int_equal(first, begin);
            assert_int_equal(chain, i == 0 ? 0 : model_chain(i - 1));
            sluice_result at_end = store_chain_at(s, sequence, &chain, &error);
            assert_int_equal(at_end, sequence + 1 == end ? SLUICE_OK : SLUICE_E_NOT_FOUND);
            assert_true(at_end != SLUICE_OK || chain == model_chain(i));
        }
    }
    static const uint64_t NOWHERE[] = {0, 37, 1000, UINT64_MAX};
    for (size_t i = 0; i < sizeof NOWHERE / sizeof *NOWHERE; i++) {
        assert_int_equal(store_read_batch_at(s, NOWHERE[i], &first, &chain, &bytes, &capacity, &length, &error),
                         SLUICE_E_NOT_FOUND);
        assert_int_equal(store_chain_at(s, NOWHERE[i], &chain, &error), SLUICE_E_NOT_FOUND);
    }
    memory_free(bytes);
    store_close(&s);
}

static void what_is_not_committed_is_not_there(void **state) {
    (void)state;
    store *s = opened();
    commit_models(s, 0, 3);
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t first = 0, chain = 0;
    uint64_t next = model_sequence_first(3);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, next, 4, 1, (const unsigned char *)"abc", 3, NULL), SLUICE_OK);
    assert_int_equal(store_read_batch_at(s, next, &first, &chain, &bytes, &capacity, &length, NULL),
                     SLUICE_E_NOT_FOUND);
    assert_int_equal(store_chain_at(s, next + 3, &chain, NULL), SLUICE_E_NOT_FOUND);
    range r = {0};
    assert_int_equal(store_read_log(s, 1, note_range, &r, NULL), SLUICE_OK);
    assert_int_equal(r.last, next - 1);
    store_rollback(s);
    assert_int_equal(model_verify(s), 3);
    commit_models(s, 3, 1);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, model_sequence_first(4), 4, 1, (const unsigned char *)"abc", 3, NULL),
                     SLUICE_OK);
    store_close(&s); /* without a commit */
    s = opened();
    assert_int_equal(model_verify(s), 4);
    memory_free(bytes);
    store_close(&s);
}

static void writes_out_of_turn_are_refused(void **state) {
    (void)state;
    const unsigned char *bytes = (const unsigned char *)"abc";
    sluice_error error = {0};
    store_source source = {.content_sha256 = "c", .identity = "i"};
    store *s = opened();
    assert_int_equal(store_put_batch(s, 1, 1, 1, bytes, 3, &error), SLUICE_E_INVALID);
    assert_int_equal(store_put_source(s, &source, &error), SLUICE_E_INVALID);
    assert_int_equal(store_put_truth(s, 1, TEXT(""), TEXT("x"), &error), SLUICE_E_INVALID);
    assert_int_equal(store_put_decision(s, 1, TEXT("{}"), &error), SLUICE_E_INVALID);
    assert_int_equal(store_commit(s, &error), SLUICE_E_INVALID);
    commit_models(s, 0, 2);
    static const uint64_t WRONG[] = {0, 1, 3, 5, UINT64_MAX};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_int_equal(store_begin(s, NULL), SLUICE_OK);
        assert_int_equal(store_put_batch(s, WRONG[i], 1, 1, bytes, 3, &error), SLUICE_E_INVALID);
        store_rollback(s);
    }
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, 4, 0, 1, bytes, 3, &error), SLUICE_E_INVALID);
    store_rollback(s);
    assert_int_equal(model_verify(s), 2);
    store_close(&s);
}

static void one_transaction_may_hold_several_batches(void **state) {
    (void)state;
    store *s = opened();
    uint64_t chain = 0;
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, 1, 10, 11, (const unsigned char *)"one", 3, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, 11, 10, 12, (const unsigned char *)"two", 3, NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    store_rollback(s); /* after a commit it does nothing */
    assert_int_equal(store_chain_at(s, 10, &chain, NULL), SLUICE_OK);
    assert_int_equal(chain, 11);
    assert_int_equal(store_chain_at(s, 20, &chain, NULL), SLUICE_OK);
    assert_int_equal(chain, 12);
    store_close(&s);
}

static void a_large_batch_survives(void **state) {
    (void)state;
    size_t length = 9000001, capacity = 0, got = 0;
    unsigned char *bytes = malloc(length), *read = NULL;
    uint64_t first = 0, chain = 0;
    assert_non_null(bytes);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    }
    store *s = opened();
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_batch(s, 1, 65536, 5, bytes, length, NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    store_close(&s);
    s = opened();
    assert_int_equal(store_read_batch_at(s, 65536, &first, &chain, &read, &capacity, &got, NULL), SLUICE_OK);
    assert_int_equal(got, length);
    assert_memory_equal(read, bytes, length);
    store_close(&s);
    memory_free(read);
    free(bytes);
}

static void sources_are_replaced_by_content_and_identity(void **state) {
    (void)state;
    store *s = opened();
    store_source source = {.content_sha256 = "c", .identity = "i", .row = 1}, found;
    sluice_error error = {0};
    memset(source.path, 'p', sizeof source.path - 1);
    assert_int_equal(store_find_source(s, "c", "i", &found, &error), SLUICE_E_NOT_FOUND);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_source(s, &source, NULL), SLUICE_OK);
    source.row = 2;
    assert_int_equal(store_put_source(s, &source, NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    assert_int_equal(store_find_source(s, "c", "i", &found, NULL), SLUICE_OK);
    assert_memory_equal(&found, &source, sizeof found);
    assert_int_equal(store_find_source(s, "c", "j", &found, NULL), SLUICE_E_NOT_FOUND);
    assert_int_equal(store_find_source(s, "d", "i", &found, NULL), SLUICE_E_NOT_FOUND);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    source.row = 3;
    assert_int_equal(store_put_source(s, &source, NULL), SLUICE_OK);
    store_rollback(s);
    assert_int_equal(store_find_source(s, "c", "i", &found, NULL), SLUICE_OK);
    assert_int_equal(found.row, 2);
    store_close(&s);
}

typedef struct truth_seen {
    char text[512];
    size_t stop_after, rows;
} truth_seen;

static bool see_truth(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    truth_seen *seen = context;
    size_t used = strlen(seen->text);
    (void)snprintf(seen->text + used, sizeof seen->text - used, "%llu %.*s %.*s;", (unsigned long long)sequence,
                   TEXT_ARGS(key), TEXT_ARGS(label));
    return ++seen->rows != seen->stop_after;
}

static void truth_comes_back_in_order_and_once(void **state) {
    (void)state;
    store *s = opened();
    truth_seen all = {0}, two = {.stop_after = 2};
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 9, TEXT(""), TEXT("fan"), NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 2, TEXT(""), TEXT("环"), NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 0, TEXT("account:2"), TEXT("mule"), NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 0, TEXT("account:1"), TEXT("victim"), NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 0, TEXT("account:1"), TEXT("mule"), NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 9, TEXT(""), TEXT("fan"), NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    assert_int_equal(store_read_truth(s, see_truth, &all, NULL), SLUICE_OK);
    assert_string_equal(all.text, "0 account:1 mule;0 account:1 victim;0 account:2 mule;2  环;9  fan;");
    assert_int_equal(store_read_truth(s, see_truth, &two, NULL), SLUICE_OK);
    assert_string_equal(two.text, "0 account:1 mule;0 account:1 victim;");
    store_close(&s);
}

static bool see_decision(void *context, uint64_t sequence, sluice_text decision) {
    return see_truth(context, sequence, TEXT("-"), decision);
}

static void decisions_come_back_from_a_sequence_on_and_are_made_once(void **state) {
    (void)state;
    store *s = opened();
    truth_seen all = {0}, later = {0}, one = {.stop_after = 1};
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_decision(s, 7, TEXT("止付"), NULL), SLUICE_OK);
    assert_int_equal(store_put_decision(s, 3, TEXT("verify"), NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_not_equal(store_put_decision(s, 3, TEXT("allow"), NULL), SLUICE_OK);
    store_rollback(s);
    assert_int_equal(store_read_decisions(s, 0, see_decision, &all, NULL), SLUICE_OK);
    assert_string_equal(all.text, "3 - verify;7 - 止付;");
    assert_int_equal(store_read_decisions(s, 4, see_decision, &later, NULL), SLUICE_OK);
    assert_string_equal(later.text, "7 - 止付;");
    assert_int_equal(store_read_decisions(s, 0, see_decision, &one, NULL), SLUICE_OK);
    assert_string_equal(one.text, "3 - verify;");
    store_close(&s);
}

static void what_must_exist_is_not_made(void **state) {
    (void)state;
    store *s = NULL;
    sluice_error error = {0};
    assert_int_equal(under_test->open(place, true, &s, &error), SLUICE_E_NOT_FOUND);
    assert_null(s);
    assert_non_null(strstr(error.text, place));
    s = opened();
    store_close(&s);
    assert_int_equal(under_test->open(place, true, &s, &error), SLUICE_OK);
    store_close(&s);
}

static void a_second_open_is_refused_and_harms_nothing(void **state) {
    (void)state;
    char pid[32];
    store *first = opened(), *second = NULL;
    sluice_error error = {0};
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    commit_models(first, 0, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(under_test->open(place, false, &second, &error), SLUICE_E_BUSY);
        assert_null(second);
        assert_non_null(strstr(error.text, pid));
    }
    commit_models(first, 2, 2);
    store_close(&first);
    first = opened();
    assert_int_equal(model_verify(first), 4);
    store_close(&first);
}

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_new_store_is_empty_and_has_a_name, fresh_place),
        cmocka_unit_test_setup(what_is_committed_comes_back, fresh_place),
        cmocka_unit_test_setup(the_log_is_read_from_any_sequence, fresh_place),
        cmocka_unit_test_setup(a_batch_is_found_by_any_of_its_sequences, fresh_place),
        cmocka_unit_test_setup(what_is_not_committed_is_not_there, fresh_place),
        cmocka_unit_test_setup(writes_out_of_turn_are_refused, fresh_place),
        cmocka_unit_test_setup(one_transaction_may_hold_several_batches, fresh_place),
        cmocka_unit_test_setup(a_large_batch_survives, fresh_place),
        cmocka_unit_test_setup(sources_are_replaced_by_content_and_identity, fresh_place),
        cmocka_unit_test_setup(truth_comes_back_in_order_and_once, fresh_place),
        cmocka_unit_test_setup(decisions_come_back_from_a_sequence_on_and_are_made_once, fresh_place),
        cmocka_unit_test_setup(what_must_exist_is_not_made, fresh_place),
        cmocka_unit_test_setup(a_second_open_is_refused_and_harms_nothing, fresh_place),
    };
    int failed = 0;
    for (size_t i = 0; i < STORES_COUNT; i++) {
        under_test = &STORES[i];
        if (under_test->is_available()) {
            failed += cmocka_run_group_tests_name(under_test->name, tests, NULL, NULL);
        }
    }
    return failed;
}
