/* Files of SQLite: the system's, with a place in between where tests make writes fail, and with locks of our own.
 *
 * Two kinds of connections are opened, under two names. The first one (the writer) locks the real file exclusively with
 * its first lock and keeps it until it closes: so a second process, ours or a stranger's, is refused. Readers of the
 * same process are covered by that lock and take none; they may never be the last to close the file, which is what
 * SQLite asks for by an exclusive lock, so that one is refused to them. The index of the WAL, by which all of them see
 * each other's commits, lies in this process's memory (shm.c).
 *
 * Version 2 of the methods only: no mapped pages, because a damaged disk would then be a SIGBUS instead of an error. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/error.h"
#include "store/sqlite/sqlite_private.h"
#include "store/sqlite/vfs_private.h"

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

static bool power_is_at_risk(void) {
    int kind = atomic_load(&fault_kind);
    return kind == STORE_FAULT_POWER || kind == STORE_FAULT_POWER_TORN;
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
    case STORE_FAULT_POWER:
    case STORE_FAULT_POWER_TORN:
        sqlite_power_fail(fault == STORE_FAULT_POWER_TORN);
        return io_code;
    case STORE_FAULT_NONE:
    default:
        return SQLITE_OK;
    }
}

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
    if (code == SQLITE_OK && power_is_at_risk()) {
        sqlite_power_note(real, offset, bytes);
    }
    return code != SQLITE_OK ? code : real->pMethods->xWrite(real, data, bytes, offset);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 bytes) {
    int code = fault_code(fault_next(), SQLITE_IOERR_TRUNCATE);
    sqlite3_int64 there = 0;
    if (code == SQLITE_OK && power_is_at_risk() &&
        real_of(file)->pMethods->xFileSize(real_of(file), &there) == SQLITE_OK && there > bytes) {
        sqlite_power_note(real_of(file), bytes, (int)(there - bytes));
    }
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xTruncate(real_of(file), bytes);
}

static int shim_sync(sqlite3_file *file, int flags) {
    int code = fault_code(fault_next(), SQLITE_IOERR_FSYNC);
    code = code != SQLITE_OK ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
    if (code == SQLITE_OK && power_is_at_risk()) {
        sqlite_power_synced(real_of(file));
    }
    return code;
}

static int shim_file_size(sqlite3_file *file, sqlite3_int64 *bytes_out) {
    return real_of(file)->pMethods->xFileSize(real_of(file), bytes_out);
}

/* SQLite goes up from none over shared; ours is exclusive from the start. */
static int shim_lock(sqlite3_file *file, int level) {
    shim_file *shim = (shim_file *)file;
    sqlite3_file *real = shim->real;
    if (shim->reader) {
        return level > SQLITE_LOCK_SHARED ? SQLITE_BUSY : SQLITE_OK;
    }
    if (shim->read_only) {
        return real->pMethods->xLock(real, level);
    }
    if (shim->locked) {
        return SQLITE_OK;
    }
    int code = real->pMethods->xLock(real, SQLITE_LOCK_SHARED);
    code = code != SQLITE_OK ? code : real->pMethods->xLock(real, SQLITE_LOCK_EXCLUSIVE);
    shim->locked = code == SQLITE_OK;
    if (code != SQLITE_OK) {
        (void)real->pMethods->xUnlock(real, SQLITE_LOCK_NONE);
    }
    return code;
}

static int shim_unlock(sqlite3_file *file, int level) {
    shim_file *shim = (shim_file *)file;
    return shim->reader || shim->locked ? SQLITE_OK : shim->real->pMethods->xUnlock(shim->real, level);
}

/* Whether somebody else is writing. */
static int shim_check_reserved_lock(sqlite3_file *file, int *reserved_out) {
    shim_file *shim = (shim_file *)file;
    *reserved_out = 0;
    return shim->reader || shim->locked ? SQLITE_OK
                                        : shim->real->pMethods->xCheckReservedLock(shim->real, reserved_out);
}

static int shim_shm_map(sqlite3_file *file, int region, int bytes, int extend, void volatile **memory_out) {
    return sqlite_shm_map((shim_file *)file, region, bytes, extend, memory_out);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return sqlite_shm_lock((shim_file *)file, offset, count, flags);
}

static void shim_shm_barrier(sqlite3_file *file) {
    (void)file;
    sqlite_shm_barrier();
}

static int shim_shm_unmap(sqlite3_file *file, int delete_it) {
    (void)delete_it; /* nothing of it is on disk */
    sqlite_shm_unmap((shim_file *)file);
    return SQLITE_OK;
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

static const sqlite3_io_methods SHIM_METHODS = {.iVersion = 2,
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
                                                .xDeviceCharacteristics = shim_device_characteristics,
                                                .xShmMap = shim_shm_map,
                                                .xShmLock = shim_shm_lock,
                                                .xShmBarrier = shim_shm_barrier,
                                                .xShmUnmap = shim_shm_unmap};

static sqlite3_vfs *system_vfs(sqlite3_vfs *vfs) {
    return vfs->pAppData;
}

static int shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out) {
    shim_file *shim = (shim_file *)file;
    int opened = 0;
    memset(shim, 0, sizeof *shim);
    shim->path = path;
    shim->reader = strcmp(vfs->zName, SQLITE_STORE_READER_VFS) == 0;
    shim->real = (sqlite3_file *)(shim + 1);
    memset(shim->real, 0, (size_t)system_vfs(vfs)->szOsFile);
    int code = system_vfs(vfs)->xOpen(system_vfs(vfs), path, shim->real, flags, &opened);
    shim->read_only = (opened & SQLITE_OPEN_READONLY) != 0;
    if (flags_out != NULL) {
        *flags_out = opened;
    }
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

static sqlite3_vfs shims[2]; /* guarded by the claim of whoever opens */

static int shim_register(sqlite3_vfs *shim, sqlite3_vfs *system, const char *name) {
    *shim = *system; /* what is not replaced below never looks at the vfs it is given */
    shim->szOsFile = (int)sizeof(shim_file) + system->szOsFile;
    shim->zName = name;
    shim->pNext = NULL;
    shim->pAppData = system;
    shim->xOpen = shim_open;
    shim->xDelete = shim_delete;
    int code = sqlite3_vfs_register(shim, 0);
    if (code != SQLITE_OK) {
        shim->zName = NULL;
    }
    return code;
}

sluice_result sqlite_library_init(sluice_error *error) {
    static const char *const NAMES[] = {SQLITE_STORE_VFS, SQLITE_STORE_READER_VFS};
    SLUICE_ASSERT(pthread_once(&library_once, library_configure) == 0);
    int code = sqlite3_initialize();
    for (size_t i = 0; i < 2 && code == SQLITE_OK; i++) {
        sqlite3_vfs *system = sqlite3_vfs_find("unix");
        if (system == NULL) {
            return error_set(error, SLUICE_E_IO, "SQLite has no access to files: install Debian's libsqlite3-0");
        }
        code = shims[i].zName == NULL ? shim_register(&shims[i], system, NAMES[i]) : SQLITE_OK;
    }
    return code == SQLITE_OK ? SLUICE_OK : error_no_memory(error, 0);
}
