/* A database with rows of everything that the desk keeps moves from each kind of database to each and back:
 * tests/e2e/desk/migrate_filled.py, which calls this program with --fill to have them written.
 *
 * What is filled comes from the desk's own list of tables: a new kind of record is moved and compared from the day it
 * is there. Values are at their limits: the shortest and longest texts, characters of four bytes, quotes and control
 * characters, the whole range of 64 bits, every byte in blobs. They are written by the store, so each row is one that
 * the desk could have written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "desk/dated.h"
#include "desk/desk.h"
#include "desk/history.h"
#include "desk/rule_change.h"
#include "desk/timer.h"

enum { ROWS = 5, TEXT_MOST = 4000, KEY_MOST = 300, INDEXED_MOST = 480, BLOB_MOST = 1 << 16 };
#define FAR_MS INT64_C(4102444800000) /* 2100: no timer is due while the test runs */

static arena memory;
static sluice_error error;

static void require(sluice_result result, const char *what) {
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, error.text);
        exit(1);
    }
}

static char *space(size_t bytes) {
    char *p = arena_alloc(&memory, bytes + 1);
    if (p == NULL) {
        exit(1);
    }
    return p;
}

/* `begin`, then `unit` as often as it fits into `most` bytes. */
static record_value repeated(const char *begin, const char *unit, size_t most) {
    char *text = space(most);
    size_t length = strlen(begin), step = strlen(unit);
    length = length > most ? most : length;
    memcpy(text, begin, length);
    for (; length + step <= most; length += step) {
        memcpy(text + length, unit, step);
    }
    return value_text((sluice_text){text, length});
}

static bool is_indexed(const record_table *table, size_t field) {
    for (size_t i = 0; i < table->index_count; i++) {
        if (memchr(table->indexes[i].fields, (int)field, RECORD_INDEX_FIELDS) != NULL) {
            return true;
        }
    }
    return (table->fields[field].flags & FIELD_FILTER) != 0;
}

static size_t bytes_most(const record_table *table, size_t field) {
    const record_field *f = &table->fields[field];
    size_t most = f->bytes_max != 0 ? f->bytes_max : f->type == FIELD_KEY ? KEY_MOST : TEXT_MOST;
    most = is_indexed(table, field) && most > INDEXED_MOST ? INDEXED_MOST : most;
    return most > BLOB_MOST ? BLOB_MOST : most;
}

/* A text of its own for each row: short, long, of four bytes a character, with what quoting could lose. */
static record_value text_of_row(size_t row, size_t most) {
    static const char *const UNITS[] = {"", "断流", "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbd", "'\"\\\x01\t\r\n\x7f%_;--",
                                        "\xc3\xa9"};
    char begin[8];
    (void)snprintf(begin, sizeof begin, "%zu", row);
    return repeated(begin, UNITS[row][0] == '\0' ? "-" : UNITS[row], row == 0 ? 1 : most);
}

static record_value blob_of_row(size_t row, size_t most) {
    size_t length = row == 0 ? 0 : row == 1 ? most : 300 > most ? most : 300;
    char *bytes = space(length);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (char)(unsigned char)(i * row);
    }
    return value_text((sluice_text){bytes, length});
}

/* The row's word among "new|assigned|closed". */
static record_value code_of_row(size_t row, const char *codes) {
    sluice_text rest = text_of(codes), word = {0};
    size_t count = 1;
    for (const char *at = codes; *at != '\0'; at++) {
        count += *at == '|';
    }
    for (size_t i = 0; i <= row % count; i++) {
        (void)text_split(rest, '|', &word, &rest);
    }
    return value_text(word);
}

/* The row's number between two texts. */
static record_value numbered(const char *before, size_t row, const char *after) {
    char *text = space(200);
    int length = snprintf(text, 200, "%s%zu%s", before, row, after);
    return value_text((sluice_text){text, (size_t)length});
}

static record_value value_of(const record_table *table, size_t field, size_t row) {
    static const int64_t NUMBERS[ROWS] = {0, INT64_MIN, INT64_MAX, -1, INT64_C(9007199254740993)};
    static const int64_t TIMES[ROWS] = {0, INT64_C(-2208988800000), INT64_C(123000000000000), 1, FAR_MS};
    const record_field *f = &table->fields[field];
    size_t most = bytes_most(table, field);
    switch (f->type) {
    case FIELD_BOOLEAN:
        return value_integer((int64_t)(row % 2));
    case FIELD_REFERENCE:
        return value_integer((int64_t)row + 1);
    case FIELD_TIME:
        return value_integer(TIMES[row]);
    case FIELD_CODE:
        return f->codes == NULL ? numbered("code_", row, "") : code_of_row(row, f->codes);
    case FIELD_KEY:
        return numbered("card:622848040256489001", row, "");
    case FIELD_JSON:
        return numbered("{\"文\":[\"\xf0\x9f\x98\x80\\\"\",-9223372036854775808,", row, ",null,true,{}]}");
    case FIELD_BLOB:
        return blob_of_row(row, most);
    case FIELD_TEXT:
        return text_of_row(row, most);
    default:
        return value_integer(NUMBERS[row]);
    }
}

/* The first row has what it must have and no more. What the daemon would do at its start is left for later. */
static void fill_row(record *r, size_t row) {
    for (size_t i = 0; i < r->table->field_count; i++) {
        bool is_needed = (r->table->fields[i].flags & FIELD_REQUIRED) != 0;
        r->values[i] = row > 0 || is_needed ? value_of(r->table, i, row) : value_null();
    }
    if (r->table == &TIMER_TABLE) {
        r->values[TIMER_DUE] = value_integer(FAR_MS + (int64_t)row);
    } else if (r->table == RULE_CHANGE_KIND.table) {
        r->values[RULE_CHANGE_STATE] = value_text(TEXT("draft"));
    }
}

/* Tables whose rows say something together, which a row of its own would deny: the chain of the audit, the law. They
 * have rows of the desk itself. */
static bool is_left(const record_table *table) {
    return table == &AUDIT_TABLE || table == DATED_KIND.table;
}

static void fill_table(store *s, const record_table *table, int64_t now_ms) {
    for (size_t row = 0; row < ROWS; row++) {
        record r;
        arena_reset(&memory);
        if (!record_init(&r, table, &memory)) {
            exit(1);
        }
        fill_row(&r, row);
        require(store_insert(s, &r, now_ms + (int64_t)row, &error), table->name);
    }
}

static void fill(const char *location, int64_t now_ms) {
    size_t count = 0;
    store *s = NULL;
    const record_table *const *tables = desk_tables(&count);
    require(store_open(location, true, &s, &error), "open");
    require(store_ensure_tables(s, tables, count, &error), "tables");
    require(store_begin(s, &error), "begin");
    for (size_t i = 0; i < count; i++) {
        if (!is_left(tables[i])) {
            fill_table(s, tables[i], now_ms);
        }
        (void)printf("desk_%s\n", tables[i]->name);
    }
    require(store_commit(s, &error), "commit");
    store_close(&s);
    arena_fini(&memory);
}

/* --fill LOCATION NOW_MS writes the rows and prints the names of all tables; else the test runs. */
int main(int argc, char **argv) {
    char self[1024];
    if (argc == 4 && strcmp(argv[1], "--fill") == 0) {
        fill(argv[2], strtoll(argv[3], NULL, 10));
        return 0;
    }
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0) {
        return 1;
    }
    self[length] = '\0';
    (void)setenv("SLUICE_FILL", self, 1);
    (void)execlp("python3", "python3", "tests/e2e/desk/migrate_filled.py", (char *)NULL);
    perror("python3");
    return 1;
}
