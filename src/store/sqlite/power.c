/* A power failure, for tests: what was written and not synced is gone.
 *
 * While it is armed, each write, truncation and sync of a database's files is kept here with the bytes that it
 * replaced, until a sync of its file makes it last. When the power fails, these are put back, newest first, and the
 * process ends. A disk keeps some of what it was not told to keep: with `torn`, every other change stays, oldest first.
 *
 * One lock: the writer, the engine's committing thread and checkpoints take turns anyway. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/sqlite/vfs_private.h"
#include "sys/thread.h"

typedef struct change {
    sqlite3_file *file; /* the real one */
    sqlite3_int64 offset, size_before;
    unsigned char *before; /* what lay there */
    int bytes;
    struct change *older;
} change;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static change *newest; /* guarded by lock */

/* Without memory the test ends: it would say nothing. */
static void *require(void *memory) {
    if (memory == NULL) {
        (void)raise(SIGABRT);
    }
    return memory;
}

void sqlite_power_note(sqlite3_file *file, sqlite3_int64 offset, int bytes) {
    change *c = require(memory_new_zero(1, sizeof *c));
    *c = (change){.file = file, .offset = offset};
    mutex_lock(&lock);
    (void)file->pMethods->xFileSize(file, &c->size_before);
    sqlite3_int64 there = c->size_before > offset ? c->size_before - offset : 0;
    c->bytes = there < bytes ? (int)there : bytes;
    c->before = require(memory_new((size_t)c->bytes + 1));
    if (c->bytes > 0) {
        (void)file->pMethods->xRead(file, c->before, c->bytes, offset);
    }
    c->older = newest;
    newest = c;
    mutex_unlock(&lock);
}

void sqlite_power_synced(sqlite3_file *file) {
    mutex_lock(&lock);
    for (change **link = &newest; *link != NULL;) {
        change *c = *link;
        if (file == NULL || c->file == file) {
            *link = c->older;
            memory_free(c->before);
            memory_free(c);
        } else {
            link = &c->older;
        }
    }
    mutex_unlock(&lock);
}

void sqlite_power_fail(bool torn) {
    bool keep = false;
    mutex_lock(&lock);
    for (const change *c = newest; c != NULL; c = c->older) {
        keep = torn && !keep;
        if (keep) {
            continue;
        }
        if (c->bytes > 0) {
            (void)c->file->pMethods->xWrite(c->file, c->before, c->bytes, c->offset);
        }
        if (!torn) {
            (void)c->file->pMethods->xTruncate(c->file, c->size_before);
        }
    }
    (void)kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}
