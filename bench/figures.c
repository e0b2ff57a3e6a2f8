/* See figures.h. */
#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t at(const int64_t *sorted, size_t count, size_t percent) {
    size_t place = count * percent / 100;
    return sorted[place < count ? place : count - 1];
}

figures figures_of(int64_t *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return (figures){at(values, count, 50), at(values, count, 95), at(values, count, 99), values[count - 1]};
}

uint64_t figures_private_memory(void) {
    static const char NAME[] = "RssAnon:";
    FILE *status = fopen("/proc/self/status", "r");
    uint64_t kib = 0;
    char line[256];
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, NAME, sizeof NAME - 1) == 0) {
            kib = strtoull(line + sizeof NAME - 1, NULL, 10);
            break;
        }
    }
    if (status != NULL) {
        (void)fclose(status);
    }
    return kib * 1024;
}
