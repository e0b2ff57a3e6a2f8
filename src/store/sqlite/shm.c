/* The WAL's index, shared by the connections of this process.
 *
 * SQLite keeps the index of a WAL in memory that all connections see, normally a mapped file `-shm`, and locks eight
 * slots of it. Here no other process ever has the database, so plain memory does, and the locks are counters: nothing
 * of it is left on disk, and nothing waits. The rules are those of SQLite's own unix files: a shared lock is refused
 * while another connection holds the slot exclusively, an exclusive one while any other holds it at all.
 *
 * One list of all databases under one lock; a lock is held for a few instructions. */
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "store/sqlite/vfs_private.h"
#include "sys/thread.h"

#define REGIONS_MAX 4096u /* of 32 KiB: a WAL of 16 million pages */

struct sqlite_shm {
    char *path;
    unsigned references;
    void *regions[REGIONS_MAX];
    unsigned shared[SQLITE_SHM_NLOCK];
    bool exclusive[SQLITE_SHM_NLOCK];
    sqlite_shm *next;
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite_shm *list; /* guarded by list_lock, as all in it */

static sqlite_shm *shm_find_or_add(const char *path) {
    for (sqlite_shm *shm = list; shm != NULL; shm = shm->next) {
        if (strcmp(shm->path, path) == 0) {
            return shm;
        }
    }
    size_t bytes = strlen(path) + 1;
    sqlite_shm *shm = memory_new_zero(1, sizeof *shm);
    if (shm == NULL) {
        return NULL;
    }
    shm->path = memory_new(bytes);
    if (shm->path == NULL) {
        memory_free(shm);
        return NULL;
    }
    memcpy(shm->path, path, bytes);
    shm->next = list;
    list = shm;
    return shm;
}

static void shm_free(sqlite_shm *shm) {
    sqlite_shm **at = &list;
    while (*at != shm) {
        at = &(*at)->next;
    }
    *at = shm->next;
    for (size_t i = 0; i < REGIONS_MAX; i++) {
        memory_free(shm->regions[i]);
    }
    memory_free(shm->path);
    memory_free(shm);
}

int sqlite_shm_map(shim_file *file, int region, int bytes, int extend, void volatile **memory_out) {
    int code = SQLITE_OK;
    *memory_out = NULL;
    mutex_lock(&list_lock);
    if (file->shm == NULL) {
        file->shm = shm_find_or_add(file->path);
        if (file->shm != NULL) {
            file->shm->references++;
        }
    }
    if (file->shm == NULL) {
        code = SQLITE_NOMEM;
    } else if ((unsigned)region >= REGIONS_MAX) {
        code = SQLITE_FULL;
    } else {
        void **place = &file->shm->regions[region];
        if (*place == NULL && extend != 0) {
            *place = memory_new_zero(1, (size_t)bytes);
            code = *place == NULL ? SQLITE_NOMEM : SQLITE_OK;
        }
        *memory_out = *place;
    }
    mutex_unlock(&list_lock);
    return code;
}

static void shm_unlock(shim_file *file, int slot) {
    unsigned bit = 1u << slot;
    if ((file->shm_shared & bit) != 0) {
        file->shm->shared[slot]--;
    }
    if ((file->shm_exclusive & bit) != 0) {
        file->shm->exclusive[slot] = false;
    }
    file->shm_shared &= ~bit;
    file->shm_exclusive &= ~bit;
}

static bool shm_may_lock(const shim_file *file, int slot, bool exclusive) {
    unsigned bit = 1u << slot;
    unsigned others = file->shm->shared[slot] - ((file->shm_shared & bit) != 0 ? 1 : 0);
    bool taken = file->shm->exclusive[slot] && (file->shm_exclusive & bit) == 0;
    return !taken && !(exclusive && others > 0);
}

static void shm_lock(shim_file *file, int slot, bool exclusive) {
    unsigned bit = 1u << slot;
    if (exclusive) {
        file->shm->exclusive[slot] = true;
        file->shm_exclusive |= bit;
    } else if ((file->shm_shared & bit) == 0) {
        file->shm->shared[slot]++;
        file->shm_shared |= bit;
    }
}

int sqlite_shm_lock(shim_file *file, int offset, int count, int flags) {
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    int code = SQLITE_OK;
    mutex_lock(&list_lock);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (int slot = offset; slot < offset + count; slot++) {
            shm_unlock(file, slot);
        }
    } else {
        for (int slot = offset; slot < offset + count; slot++) {
            code = shm_may_lock(file, slot, exclusive) ? code : SQLITE_BUSY;
        }
        for (int slot = offset; code == SQLITE_OK && slot < offset + count; slot++) {
            shm_lock(file, slot, exclusive);
        }
    }
    mutex_unlock(&list_lock);
    return code;
}

void sqlite_shm_barrier(void) {
    atomic_thread_fence(memory_order_seq_cst);
}

void sqlite_shm_unmap(shim_file *file) {
    if (file->shm == NULL) {
        return;
    }
    mutex_lock(&list_lock);
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        shm_unlock(file, slot);
    }
    if (--file->shm->references == 0) {
        shm_free(file->shm);
    }
    file->shm = NULL;
    mutex_unlock(&list_lock);
}
