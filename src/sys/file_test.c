/* Files: whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "support/tool.h"
#include "sys/file.h"

enum { LARGE = 1000003 };

static unsigned char pattern(size_t at) {
    return (unsigned char)(at * 31 >> 3);
}

static sluice_result write_pattern(const char *path, size_t bytes, size_t piece, sluice_error *error) {
    file_writer *writer = NULL;
    unsigned char *data = malloc(bytes + 1);
    assert_non_null(data);
    for (size_t i = 0; i < bytes; i++) {
        data[i] = pattern(i);
    }
    sluice_result result = file_write_begin(path, &writer, error);
    for (size_t at = 0; result == SLUICE_OK && at < bytes; at += piece) {
        result = file_write(writer, data + at, bytes - at < piece ? bytes - at : piece, error);
    }
    if (result == SLUICE_OK) {
        result = file_write_commit(&writer, error);
    }
    file_write_abandon(&writer);
    assert_null(writer);
    free(data);
    return result;
}

static void what_is_written_is_read_and_mapped(void **state) {
    (void)state;
    static const size_t PIECES[] = {1000, 262144, 400000, LARGE};
    const char *path = tool_path("large");
    for (size_t p = 0; p < sizeof PIECES / sizeof *PIECES; p++) {
        file_view view;
        file_reader *reader = NULL;
        uint64_t bytes = 0;
        unsigned char *data = malloc(LARGE);
        assert_non_null(data);
        assert_int_equal(write_pattern(path, LARGE, PIECES[p], NULL), SLUICE_OK);
        assert_int_equal(file_read_begin(path, &reader, &bytes, NULL), SLUICE_OK);
        assert_int_equal(bytes, LARGE);
        for (size_t at = 0; at < LARGE; at += PIECES[p]) {
            size_t piece = LARGE - at < PIECES[p] ? LARGE - at : PIECES[p];
            assert_int_equal(file_read(reader, data + at, piece, NULL), SLUICE_OK);
        }
        assert_int_equal(file_map(path, &view, NULL), SLUICE_OK);
        assert_int_equal(view.bytes, LARGE);
        assert_memory_equal(view.data, data, LARGE);
        for (size_t i = 0; i < LARGE; i++) {
            assert_int_equal(data[i], pattern(i));
        }
        sluice_error error;
        assert_int_equal(file_read(reader, data, 1, &error), SLUICE_E_DAMAGED);
        assert_non_null(strstr(error.text, path));
        file_unmap(&view);
        file_read_end(&reader);
        free(data);
    }
}

static void an_empty_file_maps_to_nothing(void **state) {
    (void)state;
    file_view view;
    assert_int_equal(write_pattern(tool_path("empty"), 0, 1, NULL), SLUICE_OK);
    assert_int_equal(file_map(tool_path("empty"), &view, NULL), SLUICE_OK);
    assert_int_equal(view.bytes, 0);
    file_unmap(&view);
}

static void kinds_and_lists(void **state) {
    (void)state;
    char **names = NULL;
    size_t count = 0;
    char folder[512];
    sluice_error error;
    (void)snprintf(folder, sizeof folder, "%s", tool_path("folder"));
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(file_list(folder, &names, &count, NULL), SLUICE_OK);
    assert_int_equal(count, 0);
    file_list_free(&names, count);
    assert_int_equal(write_pattern(tool_path("folder/乙"), 1, 1, NULL), SLUICE_OK);
    assert_int_equal(write_pattern(tool_path("folder/b"), 1, 1, NULL), SLUICE_OK);
    assert_int_equal(write_pattern(tool_path("folder/a10"), 1, 1, NULL), SLUICE_OK);
    assert_int_equal(file_list(folder, &names, &count, NULL), SLUICE_OK);
    assert_int_equal(count, 3);
    assert_string_equal(names[0], "a10");
    assert_string_equal(names[1], "b");
    assert_string_equal(names[2], "乙");
    file_list_free(&names, count);
    assert_null(names);
    assert_int_equal(file_kind_of(folder), FILE_FOLDER);
    assert_int_equal(file_kind_of(tool_path("folder/b")), FILE_REGULAR);
    assert_int_equal(file_kind_of(tool_path("folder/c")), FILE_ABSENT);
    assert_int_equal(file_kind_of("/dev/null"), FILE_OTHER);
    assert_int_equal(file_list(tool_path("nowhere"), &names, &count, &error), SLUICE_E_NOT_FOUND);
    assert_non_null(strstr(error.text, "nowhere"));
}

static void what_cannot_be_read_says_why(void **state) {
    (void)state;
    file_view view;
    file_reader *reader = NULL;
    uint64_t bytes = 0;
    sluice_error error;
    assert_int_equal(file_map(tool_path("absent"), &view, &error), SLUICE_E_NOT_FOUND);
    assert_non_null(strstr(error.text, "check the path"));
    assert_int_equal(file_map(tool_folder(), &view, &error), SLUICE_E_IO);
    assert_non_null(strstr(error.text, "folder"));
    assert_int_equal(file_read_begin("/dev/null", &reader, &bytes, &error), SLUICE_E_IO);
    assert_null(reader);
}

/* Each step may fail; the old content stays, and no partial file either. */
static void a_failed_write_changes_nothing(void **state) {
    (void)state;
    char path[512], partial[540];
    sluice_result result = SLUICE_E_FULL;
    int failures = 0;
    (void)snprintf(path, sizeof path, "%s", tool_path("kept"));
    (void)snprintf(partial, sizeof partial, "%s.partial", path);
    assert_int_equal(write_pattern(path, 10, 10, NULL), SLUICE_OK);
    for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
        sluice_error error;
        struct stat status;
        file_fail_writes_after(allowed);
        result = write_pattern(path, LARGE, 100000, &error);
        file_fail_writes_after(-1);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(file_kind_of(partial), FILE_ABSENT);
        if (result != SLUICE_OK) {
            assert_int_equal(result, SLUICE_E_FULL);
            assert_non_null(strstr(error.text, "make room"));
            /* only the last step, the folder's sync, comes after the rename */
            assert_true(status.st_size == 10 || status.st_size == LARGE);
            failures++;
        } else {
            assert_int_equal(status.st_size, LARGE);
        }
    }
    assert_true(failures >= 5);
}

static void memory_may_run_out(void **state) {
    (void)state;
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
        char **names = NULL;
        size_t count = 0;
        file_reader *reader = NULL;
        uint64_t bytes = 0;
        memory_fail_after(allowed);
        result = write_pattern(tool_path("memory"), 10, 10, NULL);
        result = result == SLUICE_OK ? file_read_begin(tool_path("memory"), &reader, &bytes, NULL) : result;
        result = result == SLUICE_OK ? file_list(tool_folder(), &names, &count, NULL) : result;
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        file_read_end(&reader);
        file_list_free(&names, count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_mapped),
        cmocka_unit_test(an_empty_file_maps_to_nothing),
        cmocka_unit_test(kinds_and_lists),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(a_failed_write_changes_nothing),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
