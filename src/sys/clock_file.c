#include "sys/clock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "sys/clock.h"

static int64_t read_ns(void *context) {
    const int64_t *now_ms = context;
    return __atomic_load_n(now_ms, __ATOMIC_RELAXED) * 1000000;
}

sluice_result clock_file_use(const char *path, sluice_error *error) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0) {
        return error_set(error, errno == ENOENT ? SLUICE_E_NOT_FOUND : SLUICE_E_IO,
                         "the clock file %s cannot be opened (%s)", path, strerror(errno));
    }
    sluice_result result = SLUICE_OK;
    if (fstat(descriptor, &status) != 0 || status.st_size < (off_t)sizeof(int64_t)) {
        result =
            error_set(error, SLUICE_E_INPUT,
                      "the clock file %s is shorter than 8 bytes: it holds milliseconds since 1970, an int64", path);
    } else {
        void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
        if (mapped == MAP_FAILED) {
            result = error_set(error, SLUICE_E_IO, "the clock file %s cannot be mapped (%s)", path, strerror(errno));
        } else {
            clock_simulate(read_ns, mapped);
        }
    }
    (void)close(descriptor);
    return result;
}
