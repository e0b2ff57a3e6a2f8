/* SQLite's memory out of ours, so that the tests' nth failing allocation reaches into SQLite. SQLite asks for the size
 * of a block, so each is preceded by it. */
#include <string.h>

#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"

#define SIZE_BYTES 16 /* keeps the alignment of malloc */

static void *block_new(int bytes) {
    unsigned char *block = memory_new(SIZE_BYTES + (size_t)bytes);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &bytes, sizeof bytes);
    return block + SIZE_BYTES;
}

static void block_free(void *data) {
    if (data != NULL) {
        memory_free((unsigned char *)data - SIZE_BYTES);
    }
}

static void *block_resize(void *data, int bytes) {
    if (data == NULL) {
        return block_new(bytes);
    }
    unsigned char *block = memory_resize((unsigned char *)data - SIZE_BYTES, SIZE_BYTES + (size_t)bytes);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &bytes, sizeof bytes);
    return block + SIZE_BYTES;
}

static int block_size(void *data) {
    int bytes = 0;
    if (data != NULL) {
        memcpy(&bytes, (unsigned char *)data - SIZE_BYTES, sizeof bytes);
    }
    return bytes;
}

static int block_roundup(int bytes) {
    return (bytes + 7) & ~7;
}

static int methods_init(void *context) {
    (void)context;
    return SQLITE_OK;
}

static void methods_shutdown(void *context) {
    (void)context;
}

void sqlite_memory_install(void) {
    static const sqlite3_mem_methods METHODS = {.xMalloc = block_new,
                                                .xFree = block_free,
                                                .xRealloc = block_resize,
                                                .xSize = block_size,
                                                .xRoundup = block_roundup,
                                                .xInit = methods_init,
                                                .xShutdown = methods_shutdown};
    /* MISUSE when the program that embeds us has used SQLite before: then it keeps its own memory, and all works. */
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &METHODS);
    /* Counting every allocation takes a lock that all connections would wait for. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
