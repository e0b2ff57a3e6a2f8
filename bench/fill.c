#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/search.h"
#include "store/copy.h"

enum { TABLES_MAX = 8, ROWS_AT_ONCE = 500, ROWS_PER_COMMIT = 10000 };

typedef struct filled {
    const record_table *table; /* the desk's */
    record_table bare;         /* … without indexes, of its own or of its filters */
    record_field *fields;
    record rows[ROWS_AT_ONCE];
    size_t count;
    int64_t next_id;
    arena arena; /* of `rows` */
} filled;

struct filler {
    store *store;
    filled tables[TABLES_MAX];
    size_t table_count, uncommitted;
    char *location;
    arena words;
};

static sluice_error error;

static void require(sluice_result result) {
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "fill: %s\n", error.text);
        exit(1);
    }
}

static void *require_memory(void *memory) {
    if (memory == NULL) {
        (void)fprintf(stderr, "fill: no memory\n");
        exit(1);
    }
    return memory;
}

static void table_begin(filled *t, const record_table *table) {
    size_t bytes = table->field_count * sizeof *t->fields;
    t->table = table;
    t->next_id = 1;
    t->fields = require_memory(malloc(bytes));
    memcpy(t->fields, table->fields, bytes);
    for (size_t i = 0; i < table->field_count; i++) {
        t->fields[i].flags &= ~(unsigned)FIELD_FILTER;
    }
    t->bare = *table;
    t->bare.fields = t->fields;
    t->bare.index_count = 0;
}

filler *fill_begin(const char *location, const record_table *const *tables, size_t count) {
    filler *f = require_memory(calloc(1, sizeof *f));
    const record_table *bare[TABLES_MAX];
    f->location = require_memory(strdup(location));
    for (size_t i = 0; i < count && i < TABLES_MAX; i++) {
        table_begin(&f->tables[f->table_count++], tables[i]);
        bare[i] = &f->tables[i].bare;
    }
    require(store_open(location, false, &f->store, &error));
    require(store_ensure_tables(f->store, bare, f->table_count, &error));
    require(store_begin(f->store, &error));
    return f;
}

static filled *table_of(filler *f, const record_table *table) {
    for (size_t i = 0; i < f->table_count; i++) {
        if (f->tables[i].table == table) {
            return &f->tables[i];
        }
    }
    (void)fprintf(stderr, "fill: %s was not among the tables\n", table->name);
    exit(1);
}

static void write_rows(filler *f, filled *t) {
    require(store_insert_copies(f->store, &t->bare, t->rows, t->count, &error));
    f->uncommitted += t->count;
    t->count = 0;
    arena_reset(&t->arena);
    if (f->uncommitted >= ROWS_PER_COMMIT) {
        f->uncommitted = 0;
        require(store_commit(f->store, &error));
        require(store_begin(f->store, &error));
    }
}

void fill_add(filler *f, record *r) {
    filled *t = table_of(f, r->table);
    record *row = &t->rows[t->count++];
    r->id = t->next_id++;
    r->version = 1;
    *row = *r;
    row->table = &t->bare;
    row->values = require_memory(arena_copy(&t->arena, r->values, r->table->field_count * sizeof *r->values));
    for (size_t i = 0; i < r->table->field_count; i++) {
        record_value *value = &row->values[i];
        if (field_is_text(t->fields[i].type) && !value->is_null && value->text.length > 0) {
            value->text.data = require_memory(arena_copy(&t->arena, value->text.data, value->text.length));
        }
    }
    if (t->count == ROWS_AT_ONCE) {
        write_rows(f, t);
    }
}

void fill_add_words(filler *f, const desk_kind *kind, const record *r) {
    desk_command c = {.arena = &f->words, .error = &error};
    record *rows = NULL;
    size_t count = 0;
    arena_reset(&f->words);
    require(search_rows(&c, kind, r, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        rows[i].created_ms = rows[i].updated_ms = r->created_ms;
        fill_add(f, &rows[i]);
    }
}

void fill_end(filler **filler_in) {
    filler *f = *filler_in;
    size_t count = 0;
    const record_table *const *tables = desk_tables(&count);
    for (size_t i = 0; i < f->table_count; i++) {
        write_rows(f, &f->tables[i]);
    }
    require(store_commit(f->store, &error));
    store_close(&f->store);
    require(store_open(f->location, true, &f->store, &error));
    require(store_ensure_tables(f->store, tables, count, &error));
    require(store_settle(f->store, &error));
    store_close(&f->store);
    for (size_t i = 0; i < f->table_count; i++) {
        arena_fini(&f->tables[i].arena);
        free(f->tables[i].fields);
    }
    arena_fini(&f->words);
    free(f->location);
    free(f);
    *filler_in = NULL;
}

record_value fill_numbered(arena *a, const char *before, uint64_t number) {
    char text[64];
    int length = snprintf(text, sizeof text, "%s%010llu", before, (unsigned long long)number);
    return value_text((sluice_text){require_memory(arena_copy(a, text, (size_t)length)), (size_t)length});
}

record_value fill_value(const record_field *field, uint64_t number, arena *a) {
    sluice_text first, rest;
    record_value text;
    if (field->type == FIELD_CODE && field->codes != NULL) {
        (void)text_split(text_of(field->codes), '|', &first, &rest);
        return value_text(first);
    }
    switch (field->type) {
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_KEY:
        text = fill_numbered(a, "text ", number);
        text.text.length =
            field->bytes_max != 0 && text.text.length > field->bytes_max ? field->bytes_max : text.text.length;
        return text;
    case FIELD_JSON:
        return value_text(TEXT("{}"));
    case FIELD_BLOB:
        return value_null();
    case FIELD_BOOLEAN:
        return value_integer((int64_t)(number % 2));
    default:
        return value_integer(1 + (int64_t)(number % 1000));
    }
}
