#include "sys/append.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include <stdbool.h>

sluice_result append_line(const char *path, const void *line, size_t bytes, sluice_error *error) {
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0) {
        return error_set(error, SLUICE_E_IO, "%s cannot be opened to append to it: %s", path, strerror(errno));
    }
    ssize_t written = write(file, line, bytes);
    bool good = written == (ssize_t)bytes && fdatasync(file) == 0;
    int code = errno;
    (void)close(file);
    if (!good) {
        return error_set(error, code == ENOSPC ? SLUICE_E_FULL : SLUICE_E_IO, "%s cannot be appended to: %s", path,
                         written >= 0 && written != (ssize_t)bytes ? "the disk is full" : strerror(code));
    }
    return SLUICE_OK;
}
