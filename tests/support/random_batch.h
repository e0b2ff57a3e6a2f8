/* Random batches that hold every kind of thing, for tests of the codec and the log. */
#ifndef TESTS_SUPPORT_RANDOM_BATCH_H
#define TESTS_SUPPORT_RANDOM_BATCH_H

#include "signal/batch.h"
#include "sys/random.h"

/* Makes *b a valid batch of up to `size_max` movements, events, keys and prefixes each, at the given sequence. */
void random_batch_fill(batch *b, random_stream *random, uint64_t sequence_first, size_t size_max);
/* Fails the running test when the two differ in anything but where their texts lie. */
void random_batch_assert_equal(const batch *a, const batch *b);

#endif
