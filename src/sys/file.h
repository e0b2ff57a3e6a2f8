/* Files. Paths are UTF-8. Every error's text names the path and what to do. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

#include "base/hash.h"

/* A whole file, read-only in memory; `data` may be NULL when it is empty. Truncation by others while mapped is
 * detected at file_map time only: import reads through file_map and re-checks the size at the end. */
typedef struct file_view {
    const char *data;
    size_t bytes;
} file_view;

SLUICE_MUST_USE sluice_result file_map(const char *path, file_view *view_out, sluice_error *error);
void file_unmap(file_view *view);

typedef enum file_kind { FILE_ABSENT, FILE_REGULAR, FILE_FOLDER, FILE_OTHER } file_kind;
file_kind file_kind_of(const char *path);
/* Size, and when it was last written (ms since 1970 UTC); false: there is no regular file. */
bool file_look(const char *path, uint64_t *bytes_out, int64_t *changed_ms_out);

/* The names in a folder, sorted bytewise; each string and the array are freed by file_list_free. */
SLUICE_MUST_USE sluice_result file_list(const char *folder, char ***names_out, size_t *count_out, sluice_error *error);
void file_list_free(char ***names, size_t count);

/* A file being written beside its final name; nothing is at `path` until file_write_commit (write, fsync, rename, fsync
 * of the folder). file_write_abandon removes the temporary. Both free the writer and null the pointer. */
typedef struct file_writer file_writer;
SLUICE_MUST_USE sluice_result file_write_begin(const char *path, file_writer **writer_out, sluice_error *error);
SLUICE_MUST_USE sluice_result file_write(file_writer *writer, const void *data, size_t bytes, sluice_error *error);
SLUICE_MUST_USE sluice_result file_write_commit(file_writer **writer, sluice_error *error);
void file_write_abandon(file_writer **writer);

/* Renames, over what is there, and syncs the folder. */
SLUICE_MUST_USE sluice_result file_move(const char *from, const char *to, sluice_error *error);
/* One that is not there is fine. */
SLUICE_MUST_USE sluice_result file_remove(const char *path, sluice_error *error);

/* Opens for plain sequential reading (the snapshot). */
typedef struct file_reader file_reader;
SLUICE_MUST_USE sluice_result file_read_begin(const char *path, file_reader **reader_out, uint64_t *bytes_out,
                                              sluice_error *error);
/* Reads exactly `bytes`; DAMAGED when the file ends before. */
SLUICE_MUST_USE sluice_result file_read(file_reader *reader, void *data_out, size_t bytes, sluice_error *error);
void file_read_end(file_reader **reader);
/* SHA-256 of a file's bytes, read in pieces of 1 MiB; *bytes_out (may be NULL) is how many they are. */
SLUICE_MUST_USE sluice_result file_sha256(const char *path, uint64_t *bytes_out, char hex_out[SHA256_HEX_BYTES],
                                          sluice_error *error);

/* Fault injection for tests, per thread: after `writes` more successes every write, sync and rename here fails with
 * FULL; a negative number never fails. */
void file_fail_writes_after(int64_t writes);
/* The same, but the process ends with SIGKILL, a write when half of it is done. */
void file_die_after(int64_t writes);

#endif
