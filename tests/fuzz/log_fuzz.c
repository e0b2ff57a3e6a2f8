/* The log reader: a database whose batches are the input's, each with a right head, chain and checksum, as somebody
 * would make it who can write the file. Opening replays it into the graph: the engine that results is whole, or the
 * log is refused.
 *
 * Input: batches of a 16-bit length and that many bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sluice/engine.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/text.h"
#include "signal/batch.h"
#include "signal/batch_private.h"
#include "store/store.h"
#include "support/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { BATCHES_MAX = 8 };

/* Gives the batch its place in the log; returns how many sequences it says it holds. */
static uint64_t make_right(unsigned char *encoded, size_t length, uint64_t sequence_first, uint64_t *chain) {
    uint32_t magic = BATCH_MAGIC, version = BATCH_VERSION, events, movements;
    memcpy(encoded + HEAD_MAGIC, &magic, sizeof magic);
    memcpy(encoded + HEAD_VERSION, &version, sizeof version);
    memcpy(encoded + HEAD_CHAIN, chain, sizeof *chain);
    memcpy(encoded + HEAD_SEQUENCE, &sequence_first, sizeof sequence_first);
    memcpy(&events, encoded + HEAD_EVENT_COUNT, sizeof events);
    memcpy(&movements, encoded + HEAD_MOVEMENT_COUNT, sizeof movements);
    *chain = hash64(encoded + HEAD_MAGIC, length - HEAD_MAGIC);
    memcpy(encoded + HEAD_CHECKSUM, chain, sizeof *chain);
    return (uint64_t)events + movements;
}

static void fill_store(store *s, const uint8_t *data, size_t bytes) {
    uint64_t sequence_first = 1, chain = 0;
    unsigned char *encoded = malloc(UINT16_MAX);
    SLUICE_ASSERT(encoded != NULL && store_begin(s, NULL) == SLUICE_OK);
    for (int i = 0; i < BATCHES_MAX && bytes >= 2; i++) {
        size_t length = (size_t)(data[0] | data[1] << 8);
        data += 2;
        bytes -= 2;
        length = length > bytes ? bytes : length;
        if (length < BATCH_HEAD_BYTES) {
            break;
        }
        memcpy(encoded, data, length);
        data += length;
        bytes -= length;
        uint64_t count = make_right(encoded, length, sequence_first, &chain);
        if (count == 0) {
            break;
        }
        SLUICE_ASSERT(store_put_batch(s, sequence_first, count, chain, encoded, length, NULL) == SLUICE_OK);
        sequence_first += count;
    }
    SLUICE_ASSERT(store_commit(s, NULL) == SLUICE_OK);
    free(encoded);
}

static bool pass_over(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    uint64_t *sum = context;
    *sum += (uint64_t)transfer->amount_fen + transfer->from.length + is_debit + (uint64_t)balance_fen;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    char path[512];
    store *s = NULL;
    sluice_engine *engine = NULL;
    tool_prefer_memory();
    (void)snprintf(path, sizeof path, "%s", tool_path("fuzz.sluice"));
    (void)unlink(path);
    SLUICE_ASSERT(store_open_sqlite(path, false, &s, NULL) == SLUICE_OK);
    fill_store(s, data, bytes);
    store_close(&s);
    sluice_result result = sluice_engine_open(path, NULL, &engine, NULL);
    if (result == SLUICE_OK) {
        uint64_t sum = 0;
        SLUICE_ASSERT(sluice_engine_verify(engine, NULL) == SLUICE_OK);
        for (int i = 0; i < 10; i++) {
            char key[32];
            (void)snprintf(key, sizeof key, "account:%d", i);
            (void)!sluice_ledger_read(engine, text_of(key), 0, pass_over, &sum, NULL);
        }
    } else {
        SLUICE_ASSERT(result == SLUICE_E_DAMAGED || result == SLUICE_E_NO_MEMORY);
    }
    sluice_engine_close(&engine);
    return 0;
}
