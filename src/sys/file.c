/* Files over POSIX calls.
 *
 * A writer never touches the final name before file_write_commit: it fills `<path>.partial`, syncs it, renames it and
 * syncs the folder, so that after a crash there is the old file or the new one, whole. The name of the partial file is
 * fixed: what a crash leaves behind is overwritten by the next writer and never piles up.
 *
 * Writer and reader gather small pieces in a buffer of BUFFER_BYTES; a piece as large as the buffer goes straight
 * through. Cost: one copy of small pieces, none of large ones. */
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

#define BUFFER_BYTES ((size_t)256 << 10)
#define PARTIAL_SUFFIX ".partial"

static _Thread_local int64_t writes_left = -1;
static _Thread_local bool writes_kill;

void file_fail_writes_after(int64_t writes) {
    writes_left = writes;
    writes_kill = false;
}

void file_die_after(int64_t writes) {
    writes_left = writes;
    writes_kill = true;
}

/* True when the next write, sync or rename may run; else errno is that of a full disk. */
static bool write_passes(void) {
    if (writes_left < 0) {
        return true;
    }
    if (writes_left == 0) {
        if (writes_kill) {
            (void)raise(SIGKILL);
        }
        errno = ENOSPC;
        return false;
    }
    writes_left--;
    return true;
}

/* `verb` is "read", "write" …; the reason is errno's. */
static sluice_result file_failed(sluice_error *error, const char *verb, const char *path, int reason) {
    switch (reason) {
    case ENOENT:
    case ENOTDIR:
        return error_set(error, SLUICE_E_NOT_FOUND, "cannot %s %s: it is not there; check the path", verb, path);
    case ENOSPC:
    case EDQUOT:
        return error_set(error, SLUICE_E_FULL, "cannot %s %s: the disk is full; make room on it and try again", verb,
                         path);
    case ENOMEM:
        return error_set(error, SLUICE_E_NO_MEMORY, "cannot %s %s: out of memory; close other programs", verb, path);
    case EACCES:
    case EPERM:
    case EROFS:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: %s; give this user the right to it (chmod, chown)", verb,
                         path, strerror(reason));
    case EISDIR:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: it is a folder; name a file", verb, path);
    case EMFILE:
    case ENFILE:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: too many files are open; raise the limit (ulimit -n)", verb,
                         path);
    default:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: %s; check the disk (dmesg) and try again", verb, path,
                         strerror(reason));
    }
}

/* Opens a regular file for reading. */
static sluice_result file_open(const char *path, int *descriptor_out, uint64_t *bytes_out, sluice_error *error) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return file_failed(error, "open", path, errno);
    }
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        sluice_result result = file_failed(error, "open", path, errno);
        close(descriptor);
        return result;
    }
    if (!S_ISREG(status.st_mode)) {
        close(descriptor);
        return error_set(error, SLUICE_E_IO, "cannot read %s: it is %s; name a regular file", path,
                         S_ISDIR(status.st_mode) ? "a folder" : "a pipe or device");
    }
    *descriptor_out = descriptor;
    *bytes_out = (uint64_t)status.st_size;
    return SLUICE_OK;
}

sluice_result file_map(const char *path, file_view *view_out, sluice_error *error) {
    *view_out = (file_view){NULL, 0};
    int descriptor = -1;
    uint64_t bytes = 0;
    sluice_result result = file_open(path, &descriptor, &bytes, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (bytes > 0) {
        void *data = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            result = file_failed(error, "read", path, errno);
        } else {
            (void)madvise(data, (size_t)bytes, MADV_SEQUENTIAL); /* advice only: slower without */
            *view_out = (file_view){data, (size_t)bytes};
        }
    }
    close(descriptor);
    return result;
}

void file_unmap(file_view *view) {
    if (view->data != NULL) {
        union {
            const char *read_only;
            void *any;
        } pointer = {view->data}; /* munmap takes a pointer to non-const, and changes nothing */
        munmap(pointer.any, view->bytes);
    }
    *view = (file_view){NULL, 0};
}

file_kind file_kind_of(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? FILE_ABSENT : FILE_OTHER;
    }
    return S_ISREG(status.st_mode) ? FILE_REGULAR : S_ISDIR(status.st_mode) ? FILE_FOLDER : FILE_OTHER;
}

bool file_look(const char *path, uint64_t *bytes_out, int64_t *changed_ms_out) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    *bytes_out = (uint64_t)status.st_size;
    *changed_ms_out = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
    return true;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

sluice_result file_list(const char *folder, char ***names_out, size_t *count_out, sluice_error *error) {
    char **names = NULL;
    size_t count = 0, capacity = 0;
    sluice_result result = SLUICE_OK;
    *names_out = NULL;
    *count_out = 0;
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        return file_failed(error, "list", folder, errno);
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL) {
            if (errno != 0) {
                result = file_failed(error, "list", folder, errno);
            }
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        size_t bytes = strlen(entry->d_name) + 1;
        char *name = ARRAY_RESERVE(names, capacity, count + 1) ? memory_new(bytes) : NULL;
        if (name == NULL) {
            result = error_no_memory(error, bytes);
            break;
        }
        memcpy(name, entry->d_name, bytes);
        names[count++] = name;
    }
    closedir(stream);
    if (result != SLUICE_OK) {
        file_list_free(&names, count);
        return result;
    }
    if (count > 0) {
        qsort(names, count, sizeof *names, name_compare);
    }
    *names_out = names;
    *count_out = count;
    return SLUICE_OK;
}

void file_list_free(char ***names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        memory_free((*names)[i]);
    }
    memory_free(*names);
    *names = NULL;
}

struct file_writer {
    int descriptor;
    size_t used; /* of buffer */
    char *path, *partial_path;
    unsigned char buffer[BUFFER_BYTES];
};

static void writer_free(file_writer **writer) {
    if ((*writer)->descriptor >= 0) {
        close((*writer)->descriptor);
    }
    memory_free((*writer)->path);
    memory_free((*writer)->partial_path);
    memory_free(*writer);
    *writer = NULL;
}

sluice_result file_write_begin(const char *path, file_writer **writer_out, sluice_error *error) {
    *writer_out = NULL;
    size_t length = strlen(path);
    file_writer *writer = memory_new(sizeof *writer);
    if (writer == NULL) {
        return error_no_memory(error, sizeof *writer);
    }
    writer->descriptor = -1;
    writer->used = 0;
    writer->path = memory_new(length + 1);
    writer->partial_path = memory_new(length + sizeof PARTIAL_SUFFIX);
    if (writer->path == NULL || writer->partial_path == NULL) {
        writer_free(&writer);
        return error_no_memory(error, length + sizeof PARTIAL_SUFFIX);
    }
    memcpy(writer->path, path, length + 1);
    memcpy(writer->partial_path, path, length);
    memcpy(writer->partial_path + length, PARTIAL_SUFFIX, sizeof PARTIAL_SUFFIX);
    writer->descriptor = open(writer->partial_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->descriptor < 0) {
        sluice_result result = file_failed(error, "create", writer->partial_path, errno);
        writer_free(&writer);
        return result;
    }
    *writer_out = writer;
    return SLUICE_OK;
}

static sluice_result write_through(file_writer *writer, const unsigned char *data, size_t bytes, sluice_error *error) {
    while (bytes > 0) {
        if (writes_left == 0 && writes_kill) {
            (void)!write(writer->descriptor, data, bytes / 2); /* a torn write; then the next line ends the process */
        }
        ssize_t written = write_passes() ? write(writer->descriptor, data, bytes) : -1;
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return file_failed(error, "write", writer->partial_path, errno);
        }
        data += written;
        bytes -= (size_t)written;
    }
    return SLUICE_OK;
}

sluice_result file_write(file_writer *writer, const void *data, size_t bytes, sluice_error *error) {
    if (bytes > BUFFER_BYTES - writer->used) {
        sluice_result result = write_through(writer, writer->buffer, writer->used, error);
        if (result != SLUICE_OK) {
            return result;
        }
        writer->used = 0;
        if (bytes >= BUFFER_BYTES) {
            return write_through(writer, data, bytes, error);
        }
    }
    if (bytes > 0) {
        memcpy(writer->buffer + writer->used, data, bytes);
        writer->used += bytes;
    }
    return SLUICE_OK;
}

/* Makes the rename itself durable. */
static sluice_result folder_sync(const char *path, sluice_error *error) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = memory_new(length + 1);
    if (folder == NULL) {
        return error_no_memory(error, length + 1);
    }
    memcpy(folder, slash == NULL ? "." : path, length);
    folder[length] = '\0';
    sluice_result result = SLUICE_OK;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* EINVAL: a file system that has no sync of folders, where a rename is durable by itself or not at all. */
    if (descriptor < 0 || !write_passes() || (fsync(descriptor) != 0 && errno != EINVAL)) {
        result = file_failed(error, "write", folder, errno);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    memory_free(folder);
    return result;
}

sluice_result file_write_commit(file_writer **writer, sluice_error *error) {
    file_writer *w = *writer;
    sluice_result result = write_through(w, w->buffer, w->used, error);
    if (result == SLUICE_OK && (!write_passes() || fsync(w->descriptor) != 0)) {
        result = file_failed(error, "write", w->partial_path, errno);
    }
    if (result == SLUICE_OK && (!write_passes() || rename(w->partial_path, w->path) != 0)) {
        result = file_failed(error, "write", w->path, errno);
    }
    if (result != SLUICE_OK) {
        file_write_abandon(writer);
        return result;
    }
    result = folder_sync(w->path, error);
    writer_free(writer);
    return result;
}

sluice_result file_move(const char *from, const char *to, sluice_error *error) {
    if (!write_passes() || rename(from, to) != 0) {
        return file_failed(error, "write", to, errno);
    }
    return folder_sync(to, error);
}

sluice_result file_remove(const char *path, sluice_error *error) {
    return unlink(path) == 0 || errno == ENOENT ? SLUICE_OK : file_failed(error, "remove", path, errno);
}

void file_write_abandon(file_writer **writer) {
    if (*writer != NULL) {
        unlink((*writer)->partial_path);
        writer_free(writer);
    }
}

struct file_reader {
    int descriptor;
    size_t begin, end; /* what is in buffer and not yet taken */
    char *path;
    unsigned char buffer[BUFFER_BYTES];
};

sluice_result file_read_begin(const char *path, file_reader **reader_out, uint64_t *bytes_out, sluice_error *error) {
    *reader_out = NULL;
    size_t length = strlen(path);
    file_reader *reader = memory_new(sizeof *reader);
    char *path_copy = memory_new(length + 1);
    if (reader == NULL || path_copy == NULL) {
        memory_free(reader);
        memory_free(path_copy);
        return error_no_memory(error, sizeof *reader);
    }
    reader->begin = reader->end = 0;
    reader->path = path_copy;
    memcpy(reader->path, path, length + 1);
    sluice_result result = file_open(path, &reader->descriptor, bytes_out, error);
    if (result != SLUICE_OK) {
        memory_free(reader->path);
        memory_free(reader);
        return result;
    }
    (void)posix_fadvise(reader->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL); /* advice only: slower without */
    *reader_out = reader;
    return SLUICE_OK;
}

/* One read(2), EINTR aside; 0 at the end. */
static sluice_result read_some(file_reader *reader, void *data_out, size_t bytes, size_t *got_out,
                               sluice_error *error) {
    for (;;) {
        ssize_t got = read(reader->descriptor, data_out, bytes);
        if (got >= 0) {
            *got_out = (size_t)got;
            return SLUICE_OK;
        }
        if (errno != EINTR) {
            return file_failed(error, "read", reader->path, errno);
        }
    }
}

sluice_result file_read(file_reader *reader, void *data_out, size_t bytes, sluice_error *error) {
    unsigned char *out = data_out;
    while (bytes > 0) {
        size_t got = reader->end - reader->begin;
        if (got > 0) {
            got = got > bytes ? bytes : got;
            memcpy(out, reader->buffer + reader->begin, got);
            reader->begin += got;
        } else {
            bool direct = bytes >= BUFFER_BYTES;
            sluice_result result =
                read_some(reader, direct ? out : reader->buffer, direct ? bytes : BUFFER_BYTES, &got, error);
            if (result != SLUICE_OK) {
                return result;
            }
            if (got == 0) {
                return error_set(error, SLUICE_E_DAMAGED,
                                 "%s ends %zu bytes too early: it was cut off; restore it or have it written again",
                                 reader->path, bytes);
            }
            if (!direct) {
                reader->begin = 0;
                reader->end = got;
                continue;
            }
        }
        out += got;
        bytes -= got;
    }
    return SLUICE_OK;
}

void file_read_end(file_reader **reader) {
    if (*reader != NULL) {
        close((*reader)->descriptor);
        memory_free((*reader)->path);
        memory_free(*reader);
        *reader = NULL;
    }
}

sluice_result file_sha256(const char *path, uint64_t *bytes_out, char hex_out[SHA256_HEX_BYTES], sluice_error *error) {
    enum { PIECE = 1 << 20 };
    file_reader *reader = NULL;
    uint64_t left = 0;
    sha256 *state = sha256_new();
    unsigned char *piece = memory_new(PIECE);
    sluice_result result =
        state == NULL || piece == NULL ? error_no_memory(error, PIECE) : file_read_begin(path, &reader, &left, error);
    if (bytes_out != NULL) {
        *bytes_out = left;
    }
    while (result == SLUICE_OK && left > 0) {
        size_t take = left < PIECE ? (size_t)left : PIECE;
        result = file_read(reader, piece, take, error);
        if (result == SLUICE_OK) {
            sha256_update(state, piece, take);
            left -= take;
        }
    }
    if (result == SLUICE_OK) {
        sha256_finish(state, hex_out);
    }
    file_read_end(&reader);
    memory_free(piece);
    sha256_free(&state);
    return result;
}
