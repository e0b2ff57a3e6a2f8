#include "store/statement_cache.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

/* The slot of the text, or the empty one where it would be. */
static size_t slot_of(const statement_cache *cache, const char *text) {
    size_t slot = hash64(text, strlen(text)) % STATEMENT_CACHE_SLOTS;
    while (cache->slots[slot].text != NULL && strcmp(cache->slots[slot].text, text) != 0) {
        slot = (slot + 1) % STATEMENT_CACHE_SLOTS;
    }
    return slot;
}

void *statement_cache_find(const statement_cache *cache, const char *text) {
    return cache->slots[slot_of(cache, text)].statement;
}

bool statement_cache_is_full(const statement_cache *cache) {
    return cache->count >= STATEMENT_CACHE_SLOTS / 2;
}

bool statement_cache_add(statement_cache *cache, const char *text, void *statement) {
    size_t slot = slot_of(cache, text), bytes = strlen(text) + 1;
    char *copy = memory_new(bytes);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text, bytes);
    cache->slots[slot].text = copy;
    cache->slots[slot].statement = statement;
    cache->count++;
    return true;
}

void statement_cache_clear(statement_cache *cache, void (*drop)(void *statement)) {
    for (size_t i = 0; i < STATEMENT_CACHE_SLOTS; i++) {
        if (cache->slots[i].text != NULL && drop != NULL) {
            drop(cache->slots[i].statement);
        }
        memory_free(cache->slots[i].text);
        cache->slots[i].text = NULL;
        cache->slots[i].statement = NULL;
    }
    cache->count = 0;
}
