#include "support/engine_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/text.h"

#define TEXTS 5
#define TEXT_BYTES 40

typedef struct model_signal {
    sluice_signal signal;
    char texts[TEXTS][TEXT_BYTES];
} model_signal;

static sluice_text write_text(model_signal *m, size_t which, const char *format, uint64_t number) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(m->texts[which], TEXT_BYTES, format, (unsigned long long)number);
#pragma GCC diagnostic pop
    return text_of(m->texts[which]);
}

static void fill(uint64_t number, model_signal *m) {
    uint64_t random = hash_u64(number + 1);
    memset(m, 0, sizeof *m);
    sluice_signal *s = &m->signal;
    uint64_t from = random % MODEL_ACCOUNTS;
    s->time_ms = INT64_C(1640995200000) + (int64_t)(number * 500 + random % 7 * 1000);
    if (number % 11 == 10) {
        s->kind = SLUICE_SIGNAL_ACCOUNT;
        s->event = SLUICE_EVENT_SEEN;
        s->key = write_text(m, 0, "account:%llu", from);
        s->holder = write_text(m, 1, "person:%llu", from);
        s->name = write_text(m, 2, "李%llu", number);
        s->type = TEXT("debit card");
        return;
    }
    s->kind = number % 5 == 4 ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER;
    s->id = write_text(m, 0, "T%llu", number);
    s->from = write_text(m, 1, "account:%llu", from);
    if (s->kind == SLUICE_SIGNAL_TRANSFER) {
        s->to = write_text(m, 2, "account:%llu", (from + 1 + random / 100 % (MODEL_ACCOUNTS - 1)) % MODEL_ACCOUNTS);
    }
    s->amount_fen = s->received_fen = (int64_t)(random / 7 % 1000000);
    if (number % 6 == 0) {
        s->label = TEXT("laundering");
    }
}

static bool is_movement(const model_signal *m) {
    return m->signal.kind != SLUICE_SIGNAL_ACCOUNT;
}

sluice_result engine_model_commit(sluice_engine *engine, uint64_t batch, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (uint64_t i = 0; result == SLUICE_OK && i < MODEL_BATCH; i++) {
        model_signal m;
        fill(batch * MODEL_BATCH + i, &m);
        result = sluice_engine_append(engine, &m.signal, 1, NULL, NULL, error);
    }
    return result == SLUICE_OK ? sluice_engine_flush(engine, NULL, error) : result;
}

sluice_result engine_model_commit_mended(sluice_engine *engine, uint64_t batch, void (*mend)(void),
                                         uint64_t *failures_out, sluice_error *error) {
    sluice_error now = {0};
    for (int attempt = 0; attempt < 2; attempt++) {
        for (uint64_t i = 0; i < MODEL_BATCH; i++) {
            model_signal m;
            sluice_append_result appended = {0};
            size_t index = 0;
            fill(batch * MODEL_BATCH + i, &m);
            if (sluice_engine_append(engine, &m.signal, 1, &appended, &index, &now) != SLUICE_OK) {
                assert_int_equal(appended.accepted, 0);
                assert_int_equal(index, 0);
                (*failures_out)++;
                *error = now;
                mend();
                if (sluice_engine_append(engine, &m.signal, 1, &appended, &index, error) != SLUICE_OK) {
                    return error->code;
                }
            }
            assert_int_equal(appended.accepted, 1);
            assert_int_equal(appended.duplicates, 0);
        }
        if (sluice_engine_flush(engine, NULL, &now) == SLUICE_OK) {
            return SLUICE_OK;
        }
        (*failures_out)++;
        *error = now;
        mend();
    }
    return error->code;
}

/* One entry of a ledger, by the book. */
typedef struct model_entry {
    uint64_t sequence;
    int64_t time_ms, amount_fen;
    bool is_debit;
} model_entry;

static int entry_compare(const void *a, const void *b) {
    const model_entry *x = a, *y = b;
    if (x->time_ms != y->time_ms) {
        return x->time_ms < y->time_ms ? -1 : 1;
    }
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* The sequence that the log gave a signal: a batch has its events first. */
static uint64_t sequence_of(uint64_t number) {
    uint64_t first = number / MODEL_BATCH * MODEL_BATCH, events = 0, events_before = 0;
    for (uint64_t i = first; i < first + MODEL_BATCH; i++) {
        bool event = i % 11 == 10;
        events += event;
        events_before += event && i < number;
    }
    return number % 11 == 10 ? first + 1 + events_before : first + 1 + events + (number - first - events_before);
}

static size_t model_ledger(sluice_text account, uint64_t signals, model_entry *entries) {
    size_t count = 0;
    for (uint64_t i = 0; i < signals; i++) {
        model_signal m;
        fill(i, &m);
        if (is_movement(&m) && (text_equal(m.signal.from, account) || text_equal(m.signal.to, account))) {
            entries[count++] = (model_entry){sequence_of(i), m.signal.time_ms, m.signal.amount_fen,
                                             text_equal(m.signal.from, account)};
        }
    }
    qsort(entries, count, sizeof *entries, entry_compare);
    return count;
}

typedef struct ledger_walk {
    const model_entry *entries;
    size_t count, at;
    int64_t balance_fen;
    bool equal;
} ledger_walk;

static bool compare_entry(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    ledger_walk *walk = context;
    if (walk->at == walk->count) {
        walk->equal = false;
        return false;
    }
    const model_entry *e = &walk->entries[walk->at++];
    walk->balance_fen += e->is_debit ? -e->amount_fen : e->amount_fen;
    walk->equal = walk->equal && transfer->sequence == e->sequence && transfer->time_ms == e->time_ms &&
                  transfer->amount_fen == e->amount_fen && is_debit == e->is_debit && balance_fen == walk->balance_fen;
    return walk->equal;
}

static bool ledger_equal(const sluice_engine *engine, uint64_t account, uint64_t signals, model_entry *entries) {
    char key[TEXT_BYTES];
    (void)snprintf(key, sizeof key, "account:%llu", (unsigned long long)account);
    ledger_walk walk = {.entries = entries, .equal = true};
    walk.count = model_ledger(text_of(key), signals, entries);
    int64_t sum_fen = 0, lowest_fen = 0;
    for (size_t i = 0; i < walk.count; i++) {
        sum_fen += entries[i].is_debit ? -entries[i].amount_fen : entries[i].amount_fen;
        lowest_fen = sum_fen < lowest_fen ? sum_fen : lowest_fen;
    }
    walk.balance_fen = -lowest_fen; /* the smallest opening with which it never goes negative */
    sluice_result result = sluice_ledger_read(engine, text_of(key), 0, compare_entry, &walk, NULL);
    if (walk.count == 0) {
        return result == SLUICE_E_NOT_FOUND || (result == SLUICE_OK && walk.equal);
    }
    return result == SLUICE_OK && walk.equal && walk.at == walk.count;
}

static model_answer compare_transfer(const sluice_engine *engine, uint64_t number) {
    model_signal m;
    sluice_transfer found;
    fill(number, &m);
    if (!is_movement(&m)) {
        return MODEL_EQUAL;
    }
    sluice_result result = sluice_transfer_find(engine, m.signal.id, &found, NULL);
    if (result == SLUICE_E_DAMAGED) {
        return MODEL_REFUSED;
    }
    return result == SLUICE_OK && found.sequence == sequence_of(number) && found.amount_fen == m.signal.amount_fen &&
                   found.time_ms == m.signal.time_ms && text_equal(found.from, m.signal.from) &&
                   text_equal(found.to, m.signal.to)
               ? MODEL_EQUAL
               : MODEL_DIFFERENT;
}

model_answer engine_model_compare(const sluice_engine *engine, uint64_t *batches_out) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    uint64_t signals = stats.sequence, movements = 0;
    model_answer answer = signals % MODEL_BATCH == 0 ? MODEL_EQUAL : MODEL_DIFFERENT;
    *batches_out = signals / MODEL_BATCH;
    model_entry *entries = calloc(signals + 1, sizeof *entries);
    assert_non_null(entries);
    for (uint64_t account = 0; account < MODEL_ACCOUNTS; account++) {
        answer = ledger_equal(engine, account, signals, entries) ? answer : MODEL_DIFFERENT;
    }
    for (uint64_t i = 0; i < signals; i++) {
        model_answer one = compare_transfer(engine, i);
        answer = one > answer ? one : answer;
        movements += i % 11 != 10;
    }
    free(entries);
    return stats.transfer_count + stats.withdrawal_count == movements ? answer : MODEL_DIFFERENT;
}

uint64_t engine_model_verify(const sluice_engine *engine) {
    uint64_t batches = 0;
    sluice_error error = {0};
    assert_int_equal(engine_model_compare(engine, &batches), MODEL_EQUAL);
    if (sluice_engine_verify(engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return batches;
}
