#include "support/store_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define BYTES_MAX 60000

uint64_t model_sequence_first(uint64_t i) {
    uint64_t sequence = 1;
    for (uint64_t before = 0; before < i; before++) {
        sequence += MODEL_COUNT(before);
    }
    return sequence;
}

uint64_t model_chain(uint64_t i) {
    return hash_u64(i + 1) | UINT64_C(1) << 63; /* beyond what fits a signed column */
}

static size_t model_bytes(uint64_t i, unsigned char *bytes) {
    size_t length = i % 3 == 2 ? BYTES_MAX - 1 : (size_t)(i * 7919 % 3000) + 1;
    for (size_t at = 0; at < length; at++) {
        bytes[at] = (unsigned char)hash_u64(i * BYTES_MAX + at);
    }
    return length;
}

static void model_source(uint64_t i, store_source *source) {
    memset(source, 0, sizeof *source);
    (void)snprintf(source->content_sha256, sizeof source->content_sha256, "%064llu", (unsigned long long)(i / 4));
    (void)snprintf(source->identity, sizeof source->identity, "%064d", 7);
    (void)snprintf(source->path, sizeof source->path, "/银行/流水 %llu.csv", (unsigned long long)(i / 4));
    source->complete = i % 4 == 3;
    source->bytes = UINT64_MAX - i;
    source->offset = i * 1000;
    source->line = i * 10;
    source->row = i * 10 + 1;
    source->transfers = i;
    source->withdrawals = i + 1;
    source->duplicates = i + 2;
    source->rejected = i + 3;
    source->rounded = i + 4;
}

sluice_result model_commit(store *s, uint64_t i, sluice_error *error) {
    unsigned char bytes[BYTES_MAX];
    store_source source;
    char key[32];
    size_t length = model_bytes(i, bytes);
    model_source(i, &source);
    (void)snprintf(key, sizeof key, "account:%06llu", (unsigned long long)i);
    sluice_result result = store_begin(s, error);
    if (result == SLUICE_OK) {
        result = store_put_batch(s, model_sequence_first(i), MODEL_COUNT(i), model_chain(i), bytes, length, error);
    }
    if (result == SLUICE_OK) {
        result = store_put_source(s, &source, error);
    }
    if (result == SLUICE_OK) {
        result = store_put_truth(s, model_sequence_first(i), TEXT(""), TEXT("laundering"), error);
    }
    if (result == SLUICE_OK) {
        result = store_put_truth(s, 0, text_of(key), TEXT("mule"), error);
    }
    if (result == SLUICE_OK) {
        result = store_put_decision(s, model_sequence_first(i), text_of(key), error);
    }
    if (result == SLUICE_OK) {
        result = store_commit(s, error);
    }
    if (result != SLUICE_OK) {
        store_rollback(s);
    }
    return result;
}

typedef struct log_walk {
    uint64_t batch;
} log_walk;

static sluice_result check_batch(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                 const unsigned char *bytes, size_t length, sluice_error *error) {
    log_walk *walk = context;
    unsigned char expected[BYTES_MAX];
    size_t expected_length = model_bytes(walk->batch, expected);
    (void)error;
    assert_int_equal(sequence_first, model_sequence_first(walk->batch));
    assert_int_equal(count, MODEL_COUNT(walk->batch));
    assert_int_equal(chain_before, walk->batch == 0 ? 0 : model_chain(walk->batch - 1));
    assert_int_equal(length, expected_length);
    assert_memory_equal(bytes, expected, length);
    walk->batch++;
    return SLUICE_OK;
}

typedef struct truth_walk {
    uint64_t keys, sequences;
} truth_walk;

static bool check_truth(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    truth_walk *walk = context;
    char expected[32];
    if (sequence == 0) {
        (void)snprintf(expected, sizeof expected, "account:%06llu", (unsigned long long)walk->keys++);
        assert_true(text_equal(key, text_of(expected)));
        assert_true(text_equal(label, TEXT("mule")));
    } else {
        assert_int_equal(sequence, model_sequence_first(walk->sequences++));
        assert_int_equal(key.length, 0);
        assert_true(text_equal(label, TEXT("laundering")));
    }
    return true;
}

static bool check_decision(void *context, uint64_t sequence, sluice_text decision) {
    uint64_t *count = context;
    char expected[32];
    (void)snprintf(expected, sizeof expected, "account:%06llu", (unsigned long long)*count);
    assert_int_equal(sequence, model_sequence_first(*count));
    assert_true(text_equal(decision, text_of(expected)));
    (*count)++;
    return true;
}

static void check_source(store *s, uint64_t last_batch, bool present) {
    store_source expected, found;
    sluice_error error;
    model_source(last_batch, &expected);
    sluice_result result = store_find_source(s, expected.content_sha256, expected.identity, &found, &error);
    assert_int_equal(result, present ? SLUICE_OK : SLUICE_E_NOT_FOUND);
    if (present) {
        assert_string_equal(found.path, expected.path);
        assert_int_equal(found.complete, expected.complete);
        assert_int_equal(found.bytes, expected.bytes);
        assert_int_equal(found.offset, expected.offset);
        assert_int_equal(found.line, expected.line);
        assert_int_equal(found.row, expected.row);
        assert_int_equal(found.transfers, expected.transfers);
        assert_int_equal(found.withdrawals, expected.withdrawals);
        assert_int_equal(found.duplicates, expected.duplicates);
        assert_int_equal(found.rejected, expected.rejected);
        assert_int_equal(found.rounded, expected.rounded);
    }
}

uint64_t model_verify(store *s) {
    sluice_error error = {0};
    log_walk walk = {0};
    truth_walk truth = {0};
    uint64_t sequence = 99, chain = 99;
    if (store_check(s, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(store_read_log(s, 1, check_batch, &walk, &error), SLUICE_OK);
    store_log_end(s, &sequence, &chain);
    assert_int_equal(sequence, model_sequence_first(walk.batch) - 1);
    assert_int_equal(chain, walk.batch == 0 ? 0 : model_chain(walk.batch - 1));
    assert_int_equal(store_read_truth(s, check_truth, &truth, &error), SLUICE_OK);
    assert_int_equal(truth.keys, walk.batch);
    assert_int_equal(truth.sequences, walk.batch);
    uint64_t decisions = 0;
    assert_int_equal(store_read_decisions(s, 0, check_decision, &decisions, &error), SLUICE_OK);
    assert_int_equal(decisions, walk.batch);
    for (uint64_t i = 0; i < walk.batch; i += 4) {
        check_source(s, i + 3 < walk.batch ? i + 3 : walk.batch - 1, true);
    }
    check_source(s, (walk.batch + 3) / 4 * 4, false);
    return walk.batch;
}
