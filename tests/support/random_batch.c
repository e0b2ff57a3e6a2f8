#include "support/random_batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/time.h"

static batch_text random_text(batch *b, random_stream *random, size_t length_min, size_t length_max) {
    static const char *const PIECES[] = {"a", "7", "card:", "南", "宁", "é", "0"};
    char text[256];
    size_t length = 0;
    size_t wanted = (size_t)random_between(random, (int64_t)length_min, (int64_t)length_max);
    while (length < wanted) {
        const char *piece = PIECES[random_below(random, 7)];
        size_t more = strlen(piece);
        if (length + more > wanted) {
            piece = "x";
            more = 1;
        }
        memcpy(text + length, piece, more);
        length += more;
    }
    batch_text place;
    assert_true(batch_add_text(b, (sluice_text){text, length}, &place));
    return place;
}

/* Small and large numbers alike. */
static int64_t random_size(random_stream *random, int64_t max) {
    int64_t value = (int64_t)(random_u64(random) >> 1) >> random_below(random, 63);
    return value > max ? max : value;
}

static int64_t random_time(random_stream *random, int64_t before) {
    switch (random_below(random, 8)) {
    case 0:
        return TIME_MS_MIN;
    case 1:
        return TIME_MS_MAX;
    case 2:
        return random_between(random, TIME_MS_MIN, TIME_MS_MAX);
    default:
        return before + 60000 < TIME_MS_MAX ? before + 1000 * (int64_t)random_below(random, 60) : before;
    }
}

static void random_extras(batch *b, random_stream *random, const batch_movement *m) {
    for (unsigned bit = BATCH_HAS_RECEIVED; bit <= BATCH_HAS_TO_BALANCE; bit *= 2) {
        if ((m->has & bit) == 0) {
            continue;
        }
        assert_true(ARRAY_RESERVE(b->extras, b->extra_capacity, b->extra_count + 1));
        int64_t fen = random_size(random, INT64_MAX);
        fen = bit != BATCH_HAS_RECEIVED && random_chance(random, 1, 4) ? -fen : fen;
        uint16_t currency = bit == BATCH_HAS_RECEIVED ? (uint16_t)random_below(random, 65536) : 0;
        b->extras[b->extra_count++] = (batch_extra){(uint32_t)b->movement_count, (uint8_t)bit, currency, fen};
    }
}

static void random_movement(batch *b, random_stream *random, bool plain_time) {
    uint64_t key_limit = (uint64_t)b->key_first + b->key_count;
    uint64_t prefix_limit = (uint64_t)b->prefix_first + b->prefix_count;
    assert_true(ARRAY_RESERVE(b->movements, b->movement_capacity, b->movement_count + 1));
    const batch_movement *before = b->movement_count > 0 ? &b->movements[b->movement_count - 1] : NULL;
    batch_movement m = {.time_ms = before == NULL ? INT64_C(1640995200000) : before->time_ms,
                        .amount_fen = random_size(random, INT64_MAX),
                        .from = (uint32_t)random_below(random, key_limit),
                        .to = (uint32_t)random_below(random, key_limit),
                        .kind = SLUICE_SIGNAL_TRANSFER};
    m.time_ms = plain_time ? m.time_ms + 60000 * (int64_t)random_below(random, 3) : random_time(random, m.time_ms);
    if (before != NULL && random_chance(random, 3, 4)) {
        m.currency = before->currency;
        m.has = before->has;
    } else {
        m.currency = (uint16_t)random_below(random, random_chance(random, 1, 2) ? 3 : 65536);
        m.has = (uint8_t)random_below(random, 8);
    }
    if (random_chance(random, 1, 5)) {
        m.kind = SLUICE_SIGNAL_WITHDRAWAL;
        m.to = random_chance(random, 1, 2) ? BATCH_NO_KEY : m.to;
    }
    if (prefix_limit > 0 && random_chance(random, 1, 2)) {
        bool follows = before != NULL && before->id_prefix > 0;
        m.id_prefix = follows ? before->id_prefix : (uint32_t)random_below(random, prefix_limit) + 1;
        m.id_row = follows ? before->id_row + 1 : (uint64_t)random_size(random, INT64_MAX);
    } else {
        batch_text id = random_text(b, random, 0, 40);
        m.id_row = id.offset;
        m.id_length = id.length;
    }
    random_extras(b, random, &m);
    b->movements[b->movement_count++] = m;
}

static void random_event(batch *b, random_stream *random) {
    uint64_t key_limit = (uint64_t)b->key_first + b->key_count;
    assert_true(ARRAY_RESERVE(b->events, b->event_capacity, b->event_count + 1));
    batch_event *e = &b->events[b->event_count];
    memset(e, 0, sizeof *e);
    e->time_ms = random_time(random, INT64_C(1640995200000));
    e->key = (uint32_t)random_below(random, key_limit);
    e->other = random_chance(random, 1, 2) ? BATCH_NO_KEY : (uint32_t)random_below(random, key_limit);
    e->kind = (uint8_t)random_between(random, SLUICE_SIGNAL_ACCOUNT, SLUICE_SIGNAL_LOGIN);
    e->event = (uint8_t)random_between(random, SLUICE_EVENT_SEEN, SLUICE_EVENT_CLOSED);
    e->type = random_text(b, random, 0, 20);
    e->name = random_text(b, random, 0, 20);
    e->place = random_text(b, random, 0, 20);
    b->event_count++;
}

void random_batch_fill(batch *b, random_stream *random, uint64_t sequence_first, size_t size_max) {
    batch_clear(b);
    b->sequence_first = sequence_first;
    b->key_first = random_chance(random, 1, 8) ? BATCH_NO_KEY - 1000000 : (uint32_t)random_below(random, 1000);
    b->prefix_first = (uint32_t)random_below(random, 3);
    size_t keys = (size_t)random_below(random, size_max + 1) + 1, prefixes = (size_t)random_below(random, 4);
    assert_true(ARRAY_RESERVE(b->keys, b->key_capacity, keys));
    assert_true(ARRAY_RESERVE(b->prefixes, b->prefix_capacity, prefixes));
    while (b->key_count < keys) {
        batch_text text = random_text(b, random, 1, 255);
        b->keys[b->key_count++] = text;
    }
    while (b->prefix_count < prefixes) {
        batch_text text = random_text(b, random, 0, 60);
        b->prefixes[b->prefix_count++] = text;
    }
    for (uint64_t left = random_below(random, size_max + 1); left > 0; left--) {
        random_event(b, random);
    }
    bool plain_time = random_chance(random, 1, 2);
    for (uint64_t left = random_below(random, size_max + 1); left > 0 || b->event_count + b->movement_count == 0;
         left -= left > 0) {
        random_movement(b, random, plain_time);
    }
}

static void assert_texts(const batch *a, const batch_text *as, size_t a_count, const batch *b, const batch_text *bs,
                         size_t b_count) {
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        assert_true(text_equal(batch_text_of(a, as[i]), batch_text_of(b, bs[i])));
    }
}

static void assert_movement(const batch *a, const batch_movement *x, const batch *b, const batch_movement *y) {
    assert_int_equal(x->time_ms, y->time_ms);
    assert_int_equal(x->amount_fen, y->amount_fen);
    assert_int_equal(x->from, y->from);
    assert_int_equal(x->to, y->to);
    assert_int_equal(x->currency, y->currency);
    assert_int_equal(x->kind, y->kind);
    assert_int_equal(x->has, y->has);
    assert_int_equal(x->id_prefix, y->id_prefix);
    if (x->id_prefix > 0) {
        assert_int_equal(x->id_row, y->id_row);
        return;
    }
    assert_int_equal(x->id_length, y->id_length);
    assert_true(text_equal((sluice_text){a->texts + x->id_row, x->id_length},
                           (sluice_text){b->texts + y->id_row, y->id_length}));
}

void random_batch_assert_equal(const batch *a, const batch *b) {
    assert_int_equal(a->sequence_first, b->sequence_first);
    assert_int_equal(a->key_first, b->key_first);
    assert_int_equal(a->prefix_first, b->prefix_first);
    assert_texts(a, a->keys, a->key_count, b, b->keys, b->key_count);
    assert_texts(a, a->prefixes, a->prefix_count, b, b->prefixes, b->prefix_count);
    assert_int_equal(a->event_count, b->event_count);
    for (size_t i = 0; i < a->event_count; i++) {
        const batch_event *x = &a->events[i], *y = &b->events[i];
        assert_int_equal(x->time_ms, y->time_ms);
        assert_int_equal(x->key, y->key);
        assert_int_equal(x->other, y->other);
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->event, y->event);
        assert_texts(a, &x->type, 1, b, &y->type, 1);
        assert_texts(a, &x->name, 1, b, &y->name, 1);
        assert_texts(a, &x->place, 1, b, &y->place, 1);
    }
    assert_int_equal(a->movement_count, b->movement_count);
    for (size_t i = 0; i < a->movement_count; i++) {
        assert_movement(a, &a->movements[i], b, &b->movements[i]);
    }
    assert_int_equal(a->extra_count, b->extra_count);
    for (size_t i = 0; i < a->extra_count; i++) {
        assert_int_equal(a->extras[i].movement, b->extras[i].movement);
        assert_int_equal(a->extras[i].has, b->extras[i].has);
        assert_int_equal(a->extras[i].currency, b->extras[i].currency);
        assert_int_equal(a->extras[i].fen, b->extras[i].fen);
    }
}
