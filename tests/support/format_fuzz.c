#include "support/format_fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/text.h"

static char folder[40];

static void folder_end(void) {
    (void)rmdir(folder);
}

/* In memory where the system has such a folder: fuzzing writes a file for every input. */
static void folder_begin(void) {
    if (folder[0] == '\0') {
        (void)snprintf(folder, sizeof folder, "%s/sluice-fuzz-XXXXXX",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        SLUICE_ASSERT(mkdtemp(folder) != NULL);
        (void)atexit(folder_end);
    }
}

/* Signals and rejects apart: how they alternate depends on the cut. */
typedef struct digest {
    uint64_t signal_hash, reject_hash, signals, rejects, rows, rounded;
} digest;

static void add_text(uint64_t *hash, sluice_text text) {
    *hash = hash_u64(*hash * 31 + hash64(text.data, text.length) + text.length);
}

static void add_number(uint64_t *hash, uint64_t number) {
    *hash = hash_u64(*hash + number);
}

static void check_key(sluice_text key) {
    SLUICE_ASSERT(key.length == 0 ||
                  (key.length <= 200 && text_is_utf8(key) && memchr(key.data, ':', key.length) != NULL));
    for (size_t i = 0; i < key.length; i++) {
        SLUICE_ASSERT((unsigned char)key.data[i] >= ' ' && key.data[i] != 0x7F);
    }
}

static void add_signal(digest *d, const sluice_signal *s) {
    const sluice_text keys[] = {s->from, s->to, s->key, s->holder, s->device};
    const sluice_text texts[] = {s->id, s->type, s->name, s->place, s->label};
    for (size_t i = 0; i < 5; i++) {
        check_key(keys[i]);
        add_text(&d->signal_hash, keys[i]);
        SLUICE_ASSERT(texts[i].length == 0 || text_is_utf8(texts[i]));
        add_text(&d->signal_hash, texts[i]);
    }
    SLUICE_ASSERT(s->amount_fen >= 0 && s->received_fen >= 0 && s->source_row > 0);
    add_number(&d->signal_hash, (uint64_t)s->time_ms);
    add_number(&d->signal_hash, (uint64_t)s->amount_fen);
    add_number(&d->signal_hash, (uint64_t)s->received_fen);
    add_number(&d->signal_hash, s->source_row);
    add_number(&d->signal_hash, s->source_line + (uint64_t)s->kind + s->event);
    d->signals++;
}

static void add_reject(void *context, const format_reject *reject) {
    digest *d = context;
    SLUICE_ASSERT(reject->reason.length > 0 && text_is_utf8(reject->reason) && text_is_utf8(reject->content));
    add_text(&d->reject_hash, reject->field);
    add_text(&d->reject_hash, reject->reason);
    add_number(&d->reject_hash, reject->line);
    d->rejects++;
}

static digest read_all(const format_plan *plan, size_t capacity, bool reopen) {
    sluice_signal signals[64];
    digest d = {0};
    sluice_error error;
    format_reader *reader = NULL;
    format_chunk chunk = {.signals = signals, .capacity = capacity};
    format_position position = {0};
    while (!chunk.end) {
        if (reader == NULL && format_reader_open(plan, 0, &position, &reader, &error) != SLUICE_OK) {
            SLUICE_ASSERT(position.row == 0 && error.text[0] != '\0');
            break;
        }
        chunk.count = 0;
        arena_reset(&chunk.texts);
        SLUICE_ASSERT(format_read(reader, &chunk, add_reject, &d, &error) == SLUICE_OK);
        for (size_t i = 0; i < chunk.count; i++) {
            add_signal(&d, &signals[i]);
        }
        SLUICE_ASSERT(chunk.position.row >= position.row && chunk.position.offset >= position.offset);
        position = chunk.position;
        if (reopen) {
            format_reader_close(&reader);
        }
    }
    SLUICE_ASSERT(d.rejects == chunk.rejected);
    d.rounded = chunk.rounded;
    d.rows = position.row;
    format_reader_close(&reader);
    arena_fini(&chunk.texts);
    return d;
}

void format_fuzz_file(const char *name, const void *data, size_t bytes, char path_out[FUZZ_PATH_BYTES]) {
    folder_begin();
    (void)snprintf(path_out, FUZZ_PATH_BYTES, "%s/%s", folder, name);
    int file = open(path_out, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    SLUICE_ASSERT(file >= 0 && write(file, data, bytes) == (ssize_t)bytes && close(file) == 0);
}

void format_fuzz_remove(const char *path) {
    (void)unlink(path);
}

void format_fuzz(const format_options *options, const char *name, const uint8_t *data, size_t bytes) {
    char path[FUZZ_PATH_BYTES];
    format_fuzz_file(name, data, bytes, path);
    format_plan *plan = NULL;
    sluice_error error;
    const char *paths = path;
    if (format_plan_new(options, &paths, 1, &plan, &error) == SLUICE_OK) {
        digest whole = read_all(plan, 64, false);
        digest cut = read_all(plan, FORMAT_ROW_SIGNALS_MAX, true);
        SLUICE_ASSERT(memcmp(&whole, &cut, sizeof whole) == 0);
    }
    format_plan_free(&plan);
    format_fuzz_remove(path);
}
