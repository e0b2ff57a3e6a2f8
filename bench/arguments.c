/* See arguments.h. */
#include "arguments.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool set(const bench_option *argument, const char *value) {
    uint64_t number = 0;
    switch (argument->kind) {
    case BENCH_OPTION_TEXT:
        *(const char **)argument->value = value;
        return true;
    case BENCH_OPTION_U64:
        return text_to_u64(text_of(value), (uint64_t *)argument->value);
    case BENCH_OPTION_U32:
        if (!text_to_u64(text_of(value), &number) || number > UINT32_MAX) {
            return false;
        }
        *(uint32_t *)argument->value = (uint32_t)number;
        return true;
    }
    return false;
}

bool arguments_read(int argc, char **argv, const bench_option *arguments, size_t count) {
    for (int i = 1; i < argc; i += 2) {
        size_t found = 0;
        while (found < count && strcmp(arguments[found].name, argv[i]) != 0) {
            found++;
        }
        if (found == count || i + 1 == argc || !set(&arguments[found], argv[i + 1])) {
            fprintf(stderr, "%s: %s is not understood; options, each with a value:", argv[0], argv[i]);
            for (size_t j = 0; j < count; j++) {
                fprintf(stderr, " %s", arguments[j].name);
            }
            fputc('\n', stderr);
            return false;
        }
    }
    return true;
}
