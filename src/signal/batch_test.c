/* The codec: what goes in comes out, and nothing else is ever taken for a batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "signal/batch.h"
#include "signal/batch_private.h"
#include "support/random_batch.h"
#include "support/tool.h"

static uint64_t seed, rounds;

typedef struct encoded {
    batch batch;
    unsigned char *bytes;
    size_t capacity, length;
    uint64_t chain;
} encoded;

static void encode_random(encoded *e, random_stream *random, uint64_t chain, size_t size_max) {
    sluice_error error;
    random_batch_fill(&e->batch, random, random_below(random, 1000000) + 1, size_max);
    assert_int_equal(batch_encode(&e->batch, chain, &e->bytes, &e->capacity, &e->length, &e->chain, &error), SLUICE_OK);
}

static void encoded_fini(encoded *e) {
    batch_fini(&e->batch);
    memory_free(e->bytes);
}

/* Decodes from a copy of exactly that size, so that AddressSanitizer sees a step outside. */
static sluice_result decode_copy(const unsigned char *bytes, size_t length, uint64_t chain, batch *out,
                                 uint64_t *chain_out, sluice_error *error) {
    unsigned char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    sluice_result result = batch_decode(copy, length, chain, out, chain_out, error);
    free(copy);
    return result;
}

static void random_batches_survive(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    encoded e = {0};
    batch decoded = {0};
    uint64_t chain = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        sluice_error error;
        uint64_t chain_after = 0;
        encode_random(&e, &random, chain, i % 20 == 0 ? 2000 : 12);
        assert_int_equal(decode_copy(e.bytes, e.length, chain, &decoded, &chain_after, &error), SLUICE_OK);
        assert_int_equal(chain_after, e.chain);
        random_batch_assert_equal(&e.batch, &decoded);
        chain = chain_after;
    }
    batch_fini(&decoded);
    encoded_fini(&e);
}

/* Encoding what was decoded gives the same bytes: one batch has one form. */
static void encoding_is_stable(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 1);
    encoded e = {0}, again = {0};
    uint64_t chain = 0;
    encode_random(&e, &random, 77, 300);
    assert_int_equal(batch_decode(e.bytes, e.length, 77, &again.batch, &chain, NULL), SLUICE_OK);
    assert_int_equal(batch_encode(&again.batch, 77, &again.bytes, &again.capacity, &again.length, &again.chain, NULL),
                     SLUICE_OK);
    assert_int_equal(again.length, e.length);
    assert_memory_equal(again.bytes, e.bytes, e.length);
    encoded_fini(&e);
    encoded_fini(&again);
}

static void every_flipped_byte_is_found(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 2);
    encoded e = {0};
    batch decoded = {0};
    uint64_t chain = 0;
    encode_random(&e, &random, 5, 20);
    for (size_t i = 0; i < e.length; i++) {
        for (unsigned change = 1; change < 256; change = change * 2 + 1) {
            sluice_error error = {0};
            e.bytes[i] ^= (unsigned char)change;
            assert_int_equal(decode_copy(e.bytes, e.length, 5, &decoded, &chain, &error), SLUICE_E_DAMAGED);
            assert_non_null(strstr(error.text, "backup"));
            assert_int_equal(decoded.movement_count, 0);
            e.bytes[i] ^= (unsigned char)change;
        }
    }
    batch_fini(&decoded);
    encoded_fini(&e);
}

static void every_truncation_is_found(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 3);
    encoded e = {0};
    batch decoded = {0};
    uint64_t chain = 0;
    encode_random(&e, &random, 5, 20);
    for (size_t length = 0; length < e.length; length++) {
        assert_int_equal(decode_copy(e.bytes, length, 5, &decoded, &chain, NULL), SLUICE_E_DAMAGED);
    }
    batch_fini(&decoded);
    encoded_fini(&e);
}

static void fix_checksum(encoded *e) {
    uint64_t checksum = hash64(e->bytes + HEAD_MAGIC, e->length - HEAD_MAGIC);
    memcpy(e->bytes + HEAD_CHECKSUM, &checksum, sizeof checksum);
}

/* Whoever can write the file can write a right checksum: nothing unsafe and nothing out of range comes of it. */
static void right_checksum_over_wrong_bytes_is_safe(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 4);
    encoded e = {0};
    batch decoded = {0};
    for (uint64_t i = 0; i < rounds * 10; i++) {
        uint64_t chain = 0;
        if (i % 20 == 0) {
            encode_random(&e, &random, 5, 30);
        }
        size_t at = HEAD_SEQUENCE + (size_t)random_below(&random, e.length - HEAD_SEQUENCE);
        unsigned char before = e.bytes[at];
        e.bytes[at] = (unsigned char)random_u64(&random);
        fix_checksum(&e);
        if (decode_copy(e.bytes, e.length, 5, &decoded, &chain, NULL) == SLUICE_OK) {
            uint64_t key_limit = (uint64_t)decoded.key_first + decoded.key_count;
            assert_true(key_limit <= BATCH_NO_KEY);
            for (size_t m = 0; m < decoded.movement_count; m++) {
                const batch_movement *movement = &decoded.movements[m];
                assert_true(movement->from < key_limit && movement->amount_fen >= 0);
                assert_true(movement->to < key_limit ||
                            (movement->to == BATCH_NO_KEY && movement->kind == SLUICE_SIGNAL_WITHDRAWAL));
                assert_true(movement->id_prefix > 0 || movement->id_row + movement->id_length <= decoded.text_bytes);
            }
        }
        e.bytes[at] = before;
    }
    batch_fini(&decoded);
    encoded_fini(&e);
}

static void another_chain_is_refused(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 5);
    encoded e = {0};
    batch decoded = {0};
    sluice_error error;
    uint64_t chain = 0;
    encode_random(&e, &random, 5, 5);
    assert_int_equal(batch_decode(e.bytes, e.length, 6, &decoded, &chain, &error), SLUICE_E_DAMAGED);
    assert_non_null(strstr(error.text, "follow"));
    batch_fini(&decoded);
    encoded_fini(&e);
}

static void newer_version_is_refused(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 6);
    encoded e = {0};
    batch decoded = {0};
    sluice_error error;
    uint64_t chain = 0;
    encode_random(&e, &random, 5, 5);
    e.bytes[HEAD_VERSION] = 2;
    fix_checksum(&e);
    assert_int_equal(batch_decode(e.bytes, e.length, 5, &decoded, &chain, &error), SLUICE_E_NEWER);
    assert_non_null(strstr(error.text, "version 2"));
    assert_non_null(strstr(error.text, "up to 1"));
    batch_fini(&decoded);
    encoded_fini(&e);
}

static void rows_of_a_file_take_little(void **state) {
    (void)state;
    encoded e = {0};
    batch_movement movements[1000] = {0};
    e.batch = (batch){.sequence_first = 1, .key_first = 100, .prefix_first = 1, .movements = movements};
    for (size_t i = 0; i < 1000; i++) {
        movements[i] = (batch_movement){.time_ms = INT64_C(1640995200000) + 60000 * (int64_t)i,
                                        .amount_fen = 100,
                                        .from = 1,
                                        .to = 2,
                                        .kind = SLUICE_SIGNAL_TRANSFER,
                                        .id_prefix = 1,
                                        .id_row = i + 1};
    }
    e.batch.movement_count = 1000;
    assert_int_equal(batch_encode(&e.batch, 0, &e.bytes, &e.capacity, &e.length, &e.chain, NULL), SLUICE_OK);
    assert_true(e.length < BATCH_HEAD_BYTES + 4 * 1000 + 40);
    memory_free(e.bytes);
}

static void exhausted_memory_is_an_error(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 7);
    encoded e = {0};
    encode_random(&e, &random, 0, 50);
    bool done = false;
    for (int64_t allowed = 0; !done; allowed++) {
        batch decoded = {0};
        unsigned char *bytes = NULL;
        size_t capacity = 0, length = 0;
        uint64_t chain = 0;
        memory_fail_after(allowed);
        sluice_result encode = batch_encode(&e.batch, 0, &bytes, &capacity, &length, &chain, NULL);
        sluice_result decode = batch_decode(e.bytes, e.length, 0, &decoded, &chain, NULL);
        memory_fail_after(-1);
        assert_true(encode == SLUICE_OK || encode == SLUICE_E_NO_MEMORY);
        assert_true(decode == SLUICE_OK || decode == SLUICE_E_NO_MEMORY);
        assert_true(allowed > 0 || encode == SLUICE_E_NO_MEMORY);
        done = encode == SLUICE_OK && decode == SLUICE_OK;
        batch_fini(&decoded);
        memory_free(bytes);
    }
    encoded_fini(&e);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 2000);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_batches_survive),
        cmocka_unit_test(encoding_is_stable),
        cmocka_unit_test(every_flipped_byte_is_found),
        cmocka_unit_test(every_truncation_is_found),
        cmocka_unit_test(right_checksum_over_wrong_bytes_is_safe),
        cmocka_unit_test(another_chain_is_refused),
        cmocka_unit_test(newer_version_is_refused),
        cmocka_unit_test(rows_of_a_file_take_little),
        cmocka_unit_test(exhausted_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
