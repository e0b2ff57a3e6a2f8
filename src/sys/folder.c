/* mkdir for each part of the path, from the left; a part that exists is left alone. */
#include "sys/folder.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

static sluice_result make_one(const char *path, sluice_error *error) {
    if (mkdir(path, 0777) == 0) {
        return SLUICE_OK;
    }
    int reason = errno;
    struct stat status;
    if (reason == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return SLUICE_OK;
    }
    if (reason == EEXIST) {
        return error_set(error, SLUICE_E_IO, "cannot make the folder %s: a file of that name is there; choose another",
                         path);
    }
    sluice_result result = reason == ENOSPC || reason == EDQUOT ? SLUICE_E_FULL : SLUICE_E_IO;
    return error_set(error, result, "cannot make the folder %s: %s; choose a place that you may write to", path,
                     strerror(reason));
}

sluice_result folder_make(const char *path, sluice_error *error) {
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return error_set(error, SLUICE_E_INVALID, "a folder's path must have 1 to %d bytes", PATH_MAX - 1);
    }
    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        sluice_result result = make_one(part, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}
