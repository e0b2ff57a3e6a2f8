/* Runs a fuzz target over files instead of through libFuzzer: each file of each folder or file named, whole and cut
 * short at a few places, and the empty input. So the corpus is a test under every compiler and sanitizer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { CUT_COUNT = 16 };

/* An exact copy, so that AddressSanitizer sees a read past the end. */
static void run_copy(const uint8_t *data, size_t bytes) {
    uint8_t *copy = calloc(bytes == 0 ? 1 : bytes, 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, bytes);
    (void)LLVMFuzzerTestOneInput(copy, bytes);
    free(copy);
}

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        return 1;
    }
    long end = ftell(file);
    rewind(file);
    size_t bytes = end < 0 ? 0 : (size_t)end;
    uint8_t *data = malloc(bytes + 1);
    if (data == NULL || fread(data, 1, bytes, file) != bytes) {
        perror(path);
        abort();
    }
    (void)fclose(file);
    run_copy(data, bytes);
    for (size_t cut = 1; cut < CUT_COUNT && bytes >= CUT_COUNT; cut++) {
        run_copy(data, bytes * cut / CUT_COUNT);
    }
    free(data);
    return 0;
}

int main(int argc, char **argv) {
    size_t file_count = 0;
    int failed = 0;
    run_copy((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        struct dirent **entries = NULL;
        int count = scandir(argv[i], &entries, NULL, alphasort);
        if (count < 0) {
            failed |= run_file(argv[i]);
            file_count++;
            continue;
        }
        for (int e = 0; e < count; e++) {
            char path[4096];
            int length = snprintf(path, sizeof path, "%s/%s", argv[i], entries[e]->d_name);
            if (entries[e]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof path) {
                failed |= run_file(path);
                file_count++;
            }
            free(entries[e]);
        }
        free(entries);
    }
    printf("%zu files of the corpus\n", file_count);
    return failed;
}
