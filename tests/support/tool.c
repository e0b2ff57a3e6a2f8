#include "support/tool.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATHS 16
#define PATH_BYTES 1024

static const char *option(int argc, char **argv, const char *name) {
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            return argv[i + 1];
        }
    }
    return NULL;
}

uint64_t tool_seed(int argc, char **argv) {
    const char *given = option(argc, argv, "--seed");
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)now.tv_nsec ^ ((uint64_t)now.tv_sec << 20);
    printf("seed %llu (repeat with --seed %llu)\n", (unsigned long long)seed, (unsigned long long)seed);
    return seed;
}

uint64_t tool_count(int argc, char **argv, uint64_t normal) {
    const char *given = option(argc, argv, "--count");
    if (given != NULL) {
        return strtoull(given, NULL, 10);
    }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return normal / 10 + 1;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    return normal / 10 + 1;
#else
    return normal;
#endif
#else
    return normal;
#endif
}

static char folder[PATH_BYTES];

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static void remove_folder(void) {
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void tool_prefer_memory(void) {
    if (access("/dev/shm", W_OK | X_OK) == 0) {
        (void)setenv("TMPDIR", "/dev/shm", 0);
    }
}

const char *tool_folder(void) {
    if (folder[0] == '\0') {
        const char *base = getenv("TMPDIR");
        (void)snprintf(folder, sizeof folder, "%s/sluice-test-XXXXXX", base == NULL ? "/tmp" : base);
        if (mkdtemp(folder) == NULL) {
            perror(folder);
            exit(1);
        }
        (void)atexit(remove_folder);
    }
    return folder;
}

const char *tool_path(const char *name) {
    static char paths[PATHS][2 * PATH_BYTES];
    static size_t next;
    char *path = paths[next++ % PATHS];
    (void)snprintf(path, sizeof paths[0], "%s/%s", tool_folder(), name);
    return path;
}

const char *tool_data(const char *name) {
    static char path[2 * PATH_BYTES];
    const char *base = getenv("SLUICE_DATA");
    (void)snprintf(path, sizeof path, "%s/%s", base == NULL ? "../shared/data" : base, name);
    if (access(path, R_OK) != 0) {
        printf("skipped: %s is not here (set SLUICE_DATA)\n", path);
        return NULL;
    }
    return path;
}
