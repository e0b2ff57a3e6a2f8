/* Who has a database file.
 *
 * SQLite's lock is a POSIX record lock: it belongs to the process, and closing any descriptor of the file drops it. So
 * within this process a list of open stores answers, by device and inode, and only a file that is not in it is opened
 * to ask the system (F_GETLK) which other process holds the lock. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite/sqlite_private.h"

static pthread_mutex_t claim_lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite_store *claimed; /* guarded by claim_lock */

void sqlite_claim_begin(void) {
    mutex_lock(&claim_lock);
}

void sqlite_claim_end(void) {
    mutex_unlock(&claim_lock);
}

bool sqlite_claim_is_ours(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return false;
    }
    for (const sqlite_store *s = claimed; s != NULL; s = s->next) {
        if (s->device == status.st_dev && s->inode == status.st_ino) {
            return true;
        }
    }
    return false;
}

void sqlite_claim_add(sqlite_store *s) {
    struct stat status;
    if (stat(s->base.name, &status) == 0) {
        s->device = status.st_dev;
        s->inode = status.st_ino;
    }
    s->next = claimed;
    claimed = s;
}

void sqlite_claim_remove(const sqlite_store *s) {
    for (sqlite_store **at = &claimed; *at != NULL; at = &(*at)->next) {
        if (*at == s) {
            *at = s->next;
            return;
        }
    }
}

pid_t sqlite_claim_owner(const char *path) {
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return 0;
    }
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    pid_t owner = fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
    close(descriptor);
    return owner > 0 ? owner : 0;
}
