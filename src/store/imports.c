/* What was imported, by number, and which sequences of the log it brought: beside the log, like everything that lets a
 * file be taken up again. The rows of import_part are one or two for a batch, not one for a signal. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/store_private.h"

static const char PUT_IMPORT[] =
    "INSERT INTO import(number, content_sha256, identity, withdrawn, checksum) VALUES($1, $2, $3, $4, $5)"
    " ON CONFLICT(number) DO UPDATE SET content_sha256 = excluded.content_sha256, identity = excluded.identity,"
    " withdrawn = excluded.withdrawn, checksum = excluded.checksum";
static const char READ_IMPORTS[] =
    "SELECT number, content_sha256, identity, withdrawn, checksum FROM import ORDER BY number";
static const char PUT_PART[] =
    "INSERT INTO import_part(is_repeat, import, sequence_first, sequence_last, checksum) VALUES($1, $2, $3, $4, $5)"
    " ON CONFLICT DO NOTHING";
static const char REMOVE_PART[] = "DELETE FROM import_part WHERE is_repeat = $1 AND import = $2"
                                  " AND sequence_first = $3 AND sequence_last = $4";
static const char READ_PARTS[] = "SELECT is_repeat, import, sequence_first, sequence_last, checksum FROM import_part"
                                 " WHERE is_repeat = $1 ORDER BY import, sequence_first, sequence_last";

const char *const STORE_IMPORT_STATEMENTS[] = {PUT_IMPORT, READ_IMPORTS, PUT_PART, REMOVE_PART, READ_PARTS, NULL};

static uint64_t import_checksum(const store_import *import) {
    uint64_t checksum = store_checksum_u64(0, import->number);
    checksum = store_checksum_text(checksum, text_of(import->content_sha256));
    checksum = store_checksum_text(checksum, text_of(import->identity));
    return store_checksum_u64(checksum, import->withdrawn);
}

sluice_result store_put_import(store *s, const store_import *import, sluice_error *error) {
    const record_value row[] = {value_integer((int64_t)import->number), value_text(text_of(import->content_sha256)),
                                value_text(text_of(import->identity)), value_integer((int64_t)import->withdrawn),
                                value_integer((int64_t)import_checksum(import))};
    sql_statement put = {.text = PUT_IMPORT, .types = "ittii", .parameters = row, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

typedef struct import_read {
    const store *store;
    store_visit_import visit;
    void *context;
} import_read;

static sluice_result take_import(void *context, const record_value *cells, sluice_error *error) {
    import_read *r = context;
    store_import import = {.number = (uint64_t)cells[0].integer, .withdrawn = (uint64_t)cells[3].integer};
    bool whole = store_take_text(cells[1].text, import.content_sha256, sizeof import.content_sha256) &&
                 store_take_text(cells[2].text, import.identity, sizeof import.identity);
    if (!whole || import.number == 0 || import_checksum(&import) != (uint64_t)cells[4].integer) {
        return store_damaged(r->store, "the record of an import is not whole", error);
    }
    return r->visit(r->context, &import) ? SLUICE_OK : SLUICE_E_INTERRUPTED;
}

sluice_result store_read_imports(store *s, store_visit_import visit, void *context, sluice_error *error) {
    import_read r = {s, visit, context};
    sql_statement read = {.text = READ_IMPORTS, .types = "", .columns = "ittii", .is_long = true};
    return s->ops->query(s, &read, take_import, &r, error);
}

static uint64_t part_checksum(const store_import_part *part) {
    uint64_t checksum = store_checksum_u64(part->is_repeat, part->import);
    return store_checksum_u64(store_checksum_u64(checksum, part->first), part->last);
}

sluice_result store_put_import_part(store *s, const store_import_part *part, sluice_error *error) {
    const record_value row[] = {value_integer(part->is_repeat), value_integer((int64_t)part->import),
                                value_integer((int64_t)part->first), value_integer((int64_t)part->last),
                                value_integer((int64_t)part_checksum(part))};
    sql_statement put = {.text = PUT_PART, .types = "iiiii", .parameters = row, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

sluice_result store_remove_import_part(store *s, const store_import_part *part, sluice_error *error) {
    const record_value key[] = {value_integer(part->is_repeat), value_integer((int64_t)part->import),
                                value_integer((int64_t)part->first), value_integer((int64_t)part->last)};
    sql_statement remove = {.text = REMOVE_PART, .types = "iiii", .parameters = key, .columns = ""};
    return s->ops->execute(s, &remove, NULL, error);
}

typedef struct part_read {
    const store *store;
    store_visit_import_part visit;
    void *context;
} part_read;

static sluice_result take_part(void *context, const record_value *cells, sluice_error *error) {
    part_read *r = context;
    store_import_part part = {(uint64_t)cells[1].integer, cells[0].integer != 0, (uint64_t)cells[2].integer,
                              (uint64_t)cells[3].integer};
    if (part.first == 0 || part.last < part.first || part_checksum(&part) != (uint64_t)cells[4].integer) {
        return store_damaged(r->store, "the record of which signals an import brought is not whole", error);
    }
    return r->visit(r->context, &part) ? SLUICE_OK : SLUICE_E_INTERRUPTED;
}

sluice_result store_read_import_parts(store *s, bool repeats, store_visit_import_part visit, void *context,
                                      sluice_error *error) {
    part_read r = {s, visit, context};
    record_value which = value_integer(repeats);
    sql_statement read = {.text = READ_PARTS, .types = "i", .parameters = &which, .columns = "iiiii", .is_long = true};
    return s->ops->query(s, &read, take_part, &r, error);
}
