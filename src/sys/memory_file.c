#include "sys/memory_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static sluice_result failed(sluice_error *error) {
    return error_set(error, SLUICE_E_IO, "a file in memory cannot be used: %s", strerror(errno));
}

sluice_result memory_file_open(memory_file *file, sluice_error *error) {
    file->fd = memfd_create("sluice", MFD_CLOEXEC);
    if (file->fd < 0) {
        return failed(error);
    }
    (void)snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
    return SLUICE_OK;
}

sluice_result memory_file_read(const memory_file *file, arena *a, sluice_text *bytes_out, sluice_error *error) {
    struct stat status;
    *bytes_out = (sluice_text){0};
    if (fstat(file->fd, &status) != 0) {
        return failed(error);
    }
    size_t length = (size_t)status.st_size, done = 0;
    char *bytes = arena_alloc(a, length + 1);
    if (bytes == NULL) {
        return error_no_memory(error, length);
    }
    while (done < length) {
        ssize_t count = pread(file->fd, bytes + done, length - done, (off_t)done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return failed(error);
        }
        done += (size_t)count;
    }
    *bytes_out = (sluice_text){bytes, length};
    return SLUICE_OK;
}

void memory_file_close(memory_file *file) {
    if (file->fd >= 0) {
        (void)close(file->fd);
        file->fd = -1;
    }
}
