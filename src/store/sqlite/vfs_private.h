/* The file shim between SQLite and the system, shared by vfs.c and shm.c. */
#ifndef STORE_SQLITE_VFS_PRIVATE_H
#define STORE_SQLITE_VFS_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>

typedef struct sqlite_shm sqlite_shm;

typedef struct shim_file {
    sqlite3_file base;
    sqlite3_file *real;                 /* lies behind this struct */
    const char *path;                   /* SQLite keeps it as long as the file is open */
    bool reader;                        /* of the second and further connections: the first one's lock covers them */
    bool read_only;                     /* opened without the right to write */
    bool locked;                        /* the real file is locked exclusively */
    sqlite_shm *shm;                    /* NULL until it is first mapped */
    unsigned shm_shared, shm_exclusive; /* slots this connection holds, one bit each */
} shim_file;

/* power.c: what `bytes` at `offset` of a file are, before they are replaced; the file (NULL: every one) is synced; the
 * power fails, and does not return. */
void sqlite_power_note(sqlite3_file *file, sqlite3_int64 offset, int bytes);
void sqlite_power_synced(sqlite3_file *file);
void sqlite_power_fail(bool torn);

int sqlite_shm_map(shim_file *file, int region, int bytes, int extend, void volatile **memory_out);
int sqlite_shm_lock(shim_file *file, int offset, int count, int flags);
void sqlite_shm_barrier(void);
void sqlite_shm_unmap(shim_file *file);

#endif
