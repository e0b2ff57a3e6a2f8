/* For tests of import formats: files from inline bytes, everything a plan gives in one place. */
#ifndef SUPPORT_FORMAT_SUPPORT_H
#define SUPPORT_FORMAT_SUPPORT_H

#include "signal/format.h"

/* A new folder below the system's temporary one; freed with all its files by folder_remove. */
char *test_folder_new(void);
void test_folder_remove(char **folder);
/* Writes folder/name (name may hold one folder, which is made). Returns the path, to be freed with release_path. */
char *test_file(const char *folder, const char *name, const void *bytes, size_t length);
char *test_text_file(const char *folder, const char *name, const char *text);
void release_path(char *path);

typedef struct collected_reject {
    uint64_t line;
    char *field, *reason, *content;
} collected_reject;

typedef struct collected {
    sluice_result result;
    sluice_error error;
    sluice_signal *signals;
    size_t count, capacity;
    size_t *source_of; /* of each signal */
    size_t source_capacity;
    collected_reject *rejects;
    size_t reject_count, reject_capacity;
    uint64_t rounded, rejected, rows; /* of all sources */
    size_t source_count, ignored_count;
    char **stems; /* of the sources, in their order */
    size_t stem_capacity;
    char identity[65];
    arena memory;
} collected;

typedef struct collect_how {
    size_t capacity; /* of chunks; 0: 1,000 */
    bool reopen;     /* a new reader after every chunk, from the position of the last */
} collect_how;

/* Plans, reads every source to its end, copies everything. *out is all zero, or of a collection before, which it
 * replaces. */
void collect(const format_options *options, const char *const *paths, size_t path_count, collect_how how,
             collected *out);
/* One file with one format. */
void collect_file(const char *format, const char *mapping_path, const char *path, collected *out);
void collected_fini(collected *c);

/* Fails the test with the first difference. */
void assert_same_signals(const collected *a, const collected *b);
size_t count_kind(const collected *c, sluice_signal_kind kind);
/* The text equals the C string. */
#define assert_text(text, expected) assert_text_at((text), (expected), __FILE__, __LINE__)
void assert_text_at(sluice_text text, const char *expected, const char *file, int line);

/* $SLUICE_DATA/name, else ../shared/data/name; NULL with a message when it is not there. Freed with release_path. */
char *test_data_path(const char *name);

#endif
