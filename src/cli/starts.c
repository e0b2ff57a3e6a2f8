#include "cli/starts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#define COLUMNS_MAX 16
#define FILE_BYTES_MAX (64u << 20)

enum { COLUMN_VICTIM, COLUMN_TRANSFER, COLUMN_ACCOUNT, COLUMN_AT, COLUMN_AMOUNT, COLUMN_OTHER };

sluice_trace_start *start_list_add(start_list *list) {
    if (!ARRAY_RESERVE(list->starts, list->capacity, list->count + 1)) {
        return NULL;
    }
    list->starts[list->count] = (sluice_trace_start){0};
    return &list->starts[list->count++];
}

void start_list_fini(start_list *list) {
    memory_free(list->starts);
    memory_free(list->content);
    *list = (start_list){0};
}

static sluice_result read_file(const char *path, char **content_out, size_t *length_out, sluice_error *error) {
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return error_set(error, SLUICE_E_IO, "%s cannot be opened (%s): check the path", path, strerror(errno));
    }
    char *content = NULL;
    size_t length = 0, capacity = 0, got = 1;
    sluice_result result = SLUICE_OK;
    while (got > 0 && result == SLUICE_OK) {
        if (length > FILE_BYTES_MAX || !ARRAY_RESERVE(content, capacity, length + 65536)) {
            result = error_set(error, SLUICE_E_LIMIT, "%s is larger than 64 MiB or than memory: split it", path);
            break;
        }
        got = fread(content + length, 1, 65536, file);
        length += got;
    }
    if (result == SLUICE_OK && ferror(file) != 0) {
        result = error_set(error, SLUICE_E_IO, "%s cannot be read (%s)", path, strerror(errno));
    }
    (void)fclose(file);
    *content_out = content;
    *length_out = length;
    return result;
}

/* The next cell of a line. A cell in quotes is unquoted in place. */
static sluice_text next_cell(char **at, const char *end) {
    char *p = *at;
    if (p < end && *p == '"') {
        char *to = ++p;
        sluice_text cell = {p, 0};
        while (p < end && (*p != '"' || (p + 1 < end && p[1] == '"'))) {
            p += *p == '"';
            *to++ = *p++;
        }
        cell.length = (size_t)(to - cell.data);
        while (p < end && *p != ',') {
            p++;
        }
        *at = p + (p < end);
        return cell;
    }
    char *begin = p;
    while (p < end && *p != ',') {
        p++;
    }
    *at = p + (p < end);
    return text_trim((sluice_text){begin, (size_t)(p - begin)});
}

static int column_of(sluice_text name) {
    static const char *const NAMES[] = {"victim", "transfer", "account", "at", "amount"};
    for (int i = 0; i < COLUMN_OTHER; i++) {
        if (text_equal(name, text_of(NAMES[i]))) {
            return i;
        }
    }
    return COLUMN_OTHER;
}

static sluice_result set_cell(sluice_trace_start *start, int column, sluice_text cell, const char *path, size_t line,
                              sluice_error *error) {
    bool rounded = false;
    if (cell.length == 0 || column == COLUMN_OTHER) {
        return SLUICE_OK;
    }
    if (column == COLUMN_AT && !time_parse(cell, TIME_SHANGHAI_OFFSET_MS, &start->time_ms)) {
        return error_set(error, SLUICE_E_INPUT,
                         "%s line %zu, column at: '%.*s' is not a time such as 2022-05-24 10:20:30", path, line,
                         cell.length > 60 ? 60 : TEXT_ARGS(cell));
    }
    if (column == COLUMN_AMOUNT &&
        (!money_parse(cell, &start->amount_fen, &rounded) || rounded || start->amount_fen <= 0)) {
        return error_set(error, SLUICE_E_INPUT,
                         "%s line %zu, column amount: '%.*s' is not an amount such as 30000 or 1234.50", path, line,
                         cell.length > 60 ? 60 : TEXT_ARGS(cell));
    }
    if (column == COLUMN_VICTIM) {
        start->victim = cell;
    } else if (column == COLUMN_TRANSFER) {
        start->transfer_id = cell;
    } else if (column == COLUMN_ACCOUNT) {
        start->account = cell;
    }
    return SLUICE_OK;
}

sluice_result start_list_read(start_list *list, const char *path, sluice_error *error) {
    size_t length = 0;
    sluice_result result = read_file(path, &list->content, &length, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int columns[COLUMNS_MAX];
    size_t column_count = 0, line = 0;
    char *p = list->content;
    char *end = p + length;
    if (length >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
    }
    while (p < end && result == SLUICE_OK) {
        char *newline = memchr(p, '\n', (size_t)(end - p));
        char *line_end = newline == NULL ? end : newline;
        char *content_end = line_end > p && line_end[-1] == '\r' ? line_end - 1 : line_end;
        line++;
        if (line == 1) {
            while (p < content_end && column_count < COLUMNS_MAX) {
                columns[column_count++] = column_of(next_cell(&p, content_end));
            }
        } else if (content_end > p) {
            sluice_trace_start *start = start_list_add(list);
            result = start == NULL ? error_no_memory(error, sizeof *start) : SLUICE_OK;
            for (size_t i = 0; i < column_count && p < content_end && result == SLUICE_OK; i++) {
                result = set_cell(start, columns[i], next_cell(&p, content_end), path, line, error);
            }
        }
        p = line_end + (newline != NULL);
    }
    if (result == SLUICE_OK && list->count == 0) {
        result = error_set(error, SLUICE_E_INPUT,
                           "%s has no starts: expected a header victim,transfer,account,at,amount and a line for each",
                           path);
    }
    return result;
}
