/* The batch decoder. The first byte of the input says whether the rest is taken as it is, or gets a right magic,
 * version and checksum first, so that what lies behind the checksum is reached. What decodes must survive encoding
 * again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "signal/batch.h"
#include "signal/batch_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void make_right(unsigned char *encoded, size_t length) {
    uint32_t magic = BATCH_MAGIC, version = BATCH_VERSION;
    memcpy(encoded + HEAD_MAGIC, &magic, sizeof magic);
    memcpy(encoded + HEAD_VERSION, &version, sizeof version);
    uint64_t checksum = hash64(encoded + HEAD_MAGIC, length - HEAD_MAGIC);
    memcpy(encoded + HEAD_CHECKSUM, &checksum, sizeof checksum);
}

static void check_again(const batch *b, uint64_t chain) {
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t chain_encoded = 0, chain_decoded = 0;
    batch again = {0};
    SLUICE_ASSERT(batch_encode(b, chain, &bytes, &capacity, &length, &chain_encoded, NULL) == SLUICE_OK);
    SLUICE_ASSERT(batch_decode(bytes, length, chain, &again, &chain_decoded, NULL) == SLUICE_OK);
    SLUICE_ASSERT(chain_encoded == chain_decoded && again.movement_count == b->movement_count &&
                  again.event_count == b->event_count && again.key_count == b->key_count &&
                  again.extra_count == b->extra_count && again.text_bytes == b->text_bytes);
    batch_fini(&again);
    memory_free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    batch decoded = {0};
    uint64_t chain = 0, chain_after = 0;
    if (bytes == 0) {
        return 0;
    }
    size_t length = bytes - 1;
    unsigned char *encoded = malloc(length == 0 ? 1 : length); /* exact, so that a step outside is seen */
    if (encoded == NULL) {
        return 0;
    }
    memcpy(encoded, data + 1, length);
    if ((data[0] & 1) != 0 && length >= BATCH_HEAD_BYTES) {
        make_right(encoded, length);
    }
    if (length >= BATCH_HEAD_BYTES) {
        memcpy(&chain, encoded + HEAD_CHAIN, sizeof chain);
    }
    sluice_result result = batch_decode(encoded, length, chain, &decoded, &chain_after, NULL);
    if (result == SLUICE_OK) {
        check_again(&decoded, chain);
    } else {
        SLUICE_ASSERT(result == SLUICE_E_DAMAGED || result == SLUICE_E_NEWER || result == SLUICE_E_NO_MEMORY);
    }
    batch_fini(&decoded);
    free(encoded);
    return 0;
}
