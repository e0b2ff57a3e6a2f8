/* Files of SQLite: the system's, with a place in between where tests make writes fail.
 *
 * The shim forwards every call. It offers version 1 of the methods only: no shared memory, because the store locks its
 * file exclusively and SQLite then keeps the WAL's index in its own memory; and no mapped pages, because a damaged disk
 * would then be a SIGBUS instead of an error. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/error.h"
#include "store/sqlite/sqlite_private.h"

#define SECTOR_BYTES 512 /* a write within a sector is done or not; a longer one may be torn */

static _Atomic int fault_kind;
static _Atomic uint64_t fault_nth, fault_count;

void store_fault_at(store_fault fault, uint64_t nth_write) {
    atomic_store(&fault_nth, nth_write);
    atomic_store(&fault_count, 0);
    atomic_store(&fault_kind, nth_write == 0 ? STORE_FAULT_NONE : (int)fault);
}

uint64_t store_fault_count(void) {
    return atomic_load(&fault_count);
}

/* Counts a call; what is to happen to it. */
static store_fault fault_next(void) {
    uint64_t count = atomic_fetch_add(&fault_count, 1) + 1;
    return count == atomic_load(&fault_nth) ? (store_fault)atomic_load(&fault_kind) : STORE_FAULT_NONE;
}

static void die(void) {
    (void)kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

static int fault_code(store_fault fault, int io_code) {
    switch (fault) {
    case STORE_FAULT_IO:
        errno = EIO;
        return io_code;
    case STORE_FAULT_FULL:
        errno = ENOSPC;
        return SQLITE_FULL;
    case STORE_FAULT_KILL:
        die();
        return io_code;
    case STORE_FAULT_NONE:
    default:
        return SQLITE_OK;
    }
}

typedef struct shim_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
} shim_file;

static sqlite3_file *real_of(sqlite3_file *file) {
    return ((shim_file *)file)->real;
}

static int shim_close(sqlite3_file *file) {
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int shim_read(sqlite3_file *file, void *data, int bytes, sqlite3_int64 offset) {
    return real_of(file)->pMethods->xRead(real_of(file), data, bytes, offset);
}

static int shim_write(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 offset) {
    sqlite3_file *real = real_of(file);
    store_fault fault = fault_next();
    if (fault == STORE_FAULT_KILL && bytes > SECTOR_BYTES) {
        (void)real->pMethods->xWrite(real, data, bytes / 2, offset);
    }
    int code = fault_code(fault, SQLITE_IOERR_WRITE);
    return code != SQLITE_OK ? code : real->pMethods->xWrite(real, data, bytes, offset);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 bytes) {
    int code = fault_code(fault_next(), SQLITE_IOERR_TRUNCATE);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xTruncate(real_of(file), bytes);
}

static int shim_sync(sqlite3_file *file, int flags) {
    int code = fault_code(fault_next(), SQLITE_IOERR_FSYNC);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int shim_file_size(sqlite3_file *file, sqlite3_int64 *bytes_out) {
    return real_of(file)->pMethods->xFileSize(real_of(file), bytes_out);
}

static int shim_lock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int shim_unlock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int shim_check_reserved_lock(sqlite3_file *file, int *reserved_out) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved_out);
}

static int shim_file_control(sqlite3_file *file, int operation, void *argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int shim_sector_size(sqlite3_file *file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int shim_device_characteristics(sqlite3_file *file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static const sqlite3_io_methods SHIM_METHODS = {.iVersion = 1,
                                                .xClose = shim_close,
                                                .xRead = shim_read,
                                                .xWrite = shim_write,
                                                .xTruncate = shim_truncate,
                                                .xSync = shim_sync,
                                                .xFileSize = shim_file_size,
                                                .xLock = shim_lock,
                                                .xUnlock = shim_unlock,
                                                .xCheckReservedLock = shim_check_reserved_lock,
                                                .xFileControl = shim_file_control,
                                                .xSectorSize = shim_sector_size,
                                                .xDeviceCharacteristics = shim_device_characteristics};

static sqlite3_vfs *system_vfs(sqlite3_vfs *vfs) {
    return vfs->pAppData;
}

static int shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out) {
    shim_file *shim = (shim_file *)file;
    shim->real = (sqlite3_file *)(shim + 1);
    memset(shim->real, 0, (size_t)system_vfs(vfs)->szOsFile);
    int code = system_vfs(vfs)->xOpen(system_vfs(vfs), path, shim->real, flags, flags_out);
    shim->base.pMethods = shim->real->pMethods != NULL ? &SHIM_METHODS : NULL;
    return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *path, int sync_folder) {
    int code = fault_code(fault_next(), SQLITE_IOERR_DELETE);
    return code != SQLITE_OK ? code : system_vfs(vfs)->xDelete(system_vfs(vfs), path, sync_folder);
}

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void library_configure(void) {
    sqlite_memory_install();
}

sluice_result sqlite_library_init(sluice_error *error) {
    static sqlite3_vfs shim; /* guarded by the caller's claim */
    SLUICE_ASSERT(pthread_once(&library_once, library_configure) == 0);
    int code = sqlite3_initialize();
    if (code == SQLITE_OK && shim.zName == NULL) {
        sqlite3_vfs *system = sqlite3_vfs_find("unix");
        if (system == NULL) {
            return error_set(error, SLUICE_E_IO, "SQLite has no access to files: install Debian's libsqlite3-0");
        }
        shim = *system; /* what is not replaced below never looks at the vfs it is given */
        shim.szOsFile = (int)sizeof(shim_file) + system->szOsFile;
        shim.zName = SQLITE_STORE_VFS;
        shim.pNext = NULL;
        shim.pAppData = system;
        shim.xOpen = shim_open;
        shim.xDelete = shim_delete;
        code = sqlite3_vfs_register(&shim, 0);
        if (code != SQLITE_OK) {
            shim.zName = NULL;
        }
    }
    return code == SQLITE_OK ? SLUICE_OK : error_no_memory(error, 0);
}
