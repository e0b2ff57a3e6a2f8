#include "support/format_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "sys/file.h"

char *test_folder_new(void) {
    const char *base = getenv("TMPDIR");
    char *path = NULL;
    assert_true(asprintf(&path, "%s/sluice-test-XXXXXX", base == NULL ? "/tmp" : base) > 0);
    assert_non_null(mkdtemp(path));
    return path;
}

static void remove_below(const char *path) {
    char **names = NULL;
    size_t count = 0;
    sluice_error error;
    if (file_kind_of(path) == FILE_FOLDER && file_list(path, &names, &count, &error) == SLUICE_OK) {
        for (size_t i = 0; i < count; i++) {
            char *below = NULL;
            assert_true(asprintf(&below, "%s/%s", path, names[i]) > 0);
            remove_below(below);
            free(below);
        }
        file_list_free(&names, count);
    }
    (void)remove(path);
}

void test_folder_remove(char **folder) {
    remove_below(*folder);
    free(*folder);
    *folder = NULL;
}

char *test_file(const char *folder, const char *name, const void *bytes, size_t length) {
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    (void)mkdir(path, 0700);
    *slash = '/';
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

char *test_text_file(const char *folder, const char *name, const char *text) {
    return test_file(folder, name, text, strlen(text));
}

void release_path(char *path) {
    free(path);
}

/* ---- collecting ---- */

static sluice_text keep(collected *c, sluice_text text) {
    char *copy = arena_alloc(&c->memory, text.length + 1);
    assert_non_null(copy);
    if (text.length > 0) {
        memcpy(copy, text.data, text.length);
    }
    copy[text.length] = '\0';
    return (sluice_text){copy, text.length};
}

static char *keep_string(collected *c, sluice_text text) {
    sluice_text kept = keep(c, text);
    return arena_copy(&c->memory, kept.data, kept.length + 1);
}

static void keep_reject(void *context, const format_reject *reject) {
    collected *c = context;
    assert_true(ARRAY_RESERVE(c->rejects, c->reject_capacity, c->reject_count + 1));
    assert_true(text_is_utf8(reject->content) && text_is_utf8(reject->reason));
    c->rejects[c->reject_count++] = (collected_reject){.line = reject->line,
                                                       .field = keep_string(c, reject->field),
                                                       .reason = keep_string(c, reject->reason),
                                                       .content = keep_string(c, reject->content)};
}

static void keep_signal(collected *c, const sluice_signal *signal, size_t source) {
    assert_true(ARRAY_RESERVE(c->signals, c->capacity, c->count + 1));
    assert_true(ARRAY_RESERVE(c->source_of, c->source_capacity, c->count + 1));
    sluice_signal copy = *signal;
    sluice_text *texts[] = {&copy.id,     &copy.from, &copy.to,     &copy.key,   &copy.type,
                            &copy.holder, &copy.name, &copy.device, &copy.place, &copy.label};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = keep(c, *texts[i]);
    }
    c->source_of[c->count] = source;
    c->signals[c->count++] = copy;
}

static void collect_source(collected *c, const format_plan *plan, size_t source, collect_how how) {
    size_t capacity = how.capacity == 0 ? 1000 : how.capacity;
    format_position position = {0};
    format_reader *reader = NULL;
    format_chunk chunk = {.capacity = capacity};
    chunk.signals = calloc(capacity, sizeof *chunk.signals);
    assert_non_null(chunk.signals);
    while (!chunk.end && c->result == SLUICE_OK) {
        if (reader == NULL) {
            c->result = format_reader_open(plan, source, &position, &reader, &c->error);
        }
        if (c->result == SLUICE_OK) {
            chunk.count = 0;
            arena_reset(&chunk.texts);
            c->result = format_read(reader, &chunk, keep_reject, c, &c->error);
        }
        assert_true(chunk.count <= capacity);
        for (size_t i = 0; i < chunk.count; i++) {
            keep_signal(c, &chunk.signals[i], source);
        }
        position = chunk.position;
        if (how.reopen) {
            format_reader_close(&reader);
        }
    }
    c->rounded += chunk.rounded;
    c->rejected += chunk.rejected;
    c->rows += position.row;
    format_reader_close(&reader);
    arena_fini(&chunk.texts);
    free(chunk.signals);
}

void collect(const format_options *options, const char *const *paths, size_t path_count, collect_how how,
             collected *out) {
    collected_fini(out);
    format_plan *plan = NULL;
    out->result = format_plan_new(options, paths, path_count, &plan, &out->error);
    if (out->result != SLUICE_OK) {
        assert_null(plan);
        return;
    }
    out->source_count = plan->source_count;
    out->ignored_count = plan->ignored_count;
    memcpy(out->identity, plan->identity, sizeof out->identity);
    assert_true(ARRAY_RESERVE(out->stems, out->stem_capacity, plan->source_count));
    for (size_t i = 0; i < plan->source_count; i++) {
        out->stems[i] = keep_string(out, text_of(plan->sources[i].stem));
        collect_source(out, plan, i, how);
    }
    assert_int_equal(out->rejected, out->reject_count);
    format_plan_free(&plan);
}

void collect_file(const char *format, const char *mapping_path, const char *path, collected *out) {
    format_options options = {.format = format, .mapping_path = mapping_path};
    collect(&options, &path, 1, (collect_how){0}, out);
}

void collected_fini(collected *c) {
    memory_free(c->signals);
    memory_free(c->source_of);
    memory_free(c->rejects);
    memory_free(c->stems);
    arena_fini(&c->memory);
    memset(c, 0, sizeof *c);
}

/* ---- asserting ---- */

void assert_text_at(sluice_text text, const char *expected, const char *file, int line) {
    if (!text_equal(text, text_of(expected))) {
        print_error("'%.*s' is not '%s'\n", TEXT_ARGS(text), expected);
        _fail(file, line);
    }
}

void assert_same_signals(const collected *a, const collected *b) {
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const sluice_signal *x = &a->signals[i];
        const sluice_signal *y = &b->signals[i];
        const sluice_text *const x_texts[] = {&x->id,     &x->from, &x->to,     &x->key,   &x->type,
                                              &x->holder, &x->name, &x->device, &x->place, &x->label};
        const sluice_text *const y_texts[] = {&y->id,     &y->from, &y->to,     &y->key,   &y->type,
                                              &y->holder, &y->name, &y->device, &y->place, &y->label};
        for (size_t j = 0; j < sizeof x_texts / sizeof *x_texts; j++) {
            assert_int_equal(x_texts[j]->length, y_texts[j]->length);
            assert_memory_equal(x_texts[j]->data, y_texts[j]->data, x_texts[j]->length);
        }
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->event, y->event);
        assert_int_equal(x->time_ms, y->time_ms);
        assert_int_equal(x->amount_fen, y->amount_fen);
        assert_int_equal(x->received_fen, y->received_fen);
        assert_int_equal(x->currency, y->currency);
        assert_int_equal(x->received_currency, y->received_currency);
        assert_int_equal(x->has_from_balance, y->has_from_balance);
        assert_int_equal(x->has_to_balance, y->has_to_balance);
        assert_int_equal(x->from_balance_fen, y->from_balance_fen);
        assert_int_equal(x->to_balance_fen, y->to_balance_fen);
        assert_int_equal(x->source_row, y->source_row);
        assert_int_equal(x->source_line, y->source_line);
    }
    assert_int_equal(a->rounded, b->rounded);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->reject_count, b->reject_count);
    for (size_t i = 0; i < a->reject_count; i++) {
        assert_int_equal(a->rejects[i].line, b->rejects[i].line);
        assert_string_equal(a->rejects[i].field, b->rejects[i].field);
        assert_string_equal(a->rejects[i].reason, b->rejects[i].reason);
        assert_string_equal(a->rejects[i].content, b->rejects[i].content);
    }
}

size_t count_kind(const collected *c, sluice_signal_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        count += c->signals[i].kind == kind;
    }
    return count;
}

char *test_data_path(const char *name) {
    const char *base = getenv("SLUICE_DATA");
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", base == NULL || *base == '\0' ? "../shared/data" : base, name) > 0);
    if (file_kind_of(path) == FILE_ABSENT) {
        print_message("skipped: %s is not there; set SLUICE_DATA to the data folder\n", path);
        free(path);
        return NULL;
    }
    return path;
}
