#include "sys/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static sluice_result read_all(int file, const char *name, char *buffer, size_t *length_out, sluice_error *error) {
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        return error_set(error, SLUICE_E_INPUT, "key file %s: a regular file is expected", name);
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return error_set(error, SLUICE_E_INPUT, "key file %s: others may read it; chmod 600 it", name);
    }
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length < SECRET_FILE_BYTES_MAX;) {
        got = read(file, buffer + length, SECRET_FILE_BYTES_MAX - length);
        if (got < 0 && errno != EINTR) {
            return error_set(error, SLUICE_E_IO, "key file %s cannot be read (%s)", name, strerror(errno));
        }
        length += got > 0 ? (size_t)got : 0;
    }
    if (length == SECRET_FILE_BYTES_MAX) {
        return error_set(error, SLUICE_E_INPUT, "key file %s: less than %d bytes are expected", name,
                         SECRET_FILE_BYTES_MAX);
    }
    *length_out = length;
    return SLUICE_OK;
}

sluice_result secret_file_read(const char *folder, const char *name, char *buffer, size_t *length_out,
                               sluice_error *error) {
    char path[1024];
    *length_out = 0;
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path || strchr(name, '/') != NULL) {
        return error_set(error, SLUICE_E_INPUT, "key file %s: a name without folders is expected", name);
    }
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return error_set(error, errno == ENOENT ? SLUICE_E_NOT_FOUND : SLUICE_E_IO, "key file %s: %s", name,
                         strerror(errno));
    }
    sluice_result result = read_all(file, name, buffer, length_out, error);
    (void)close(file);
    return result;
}
