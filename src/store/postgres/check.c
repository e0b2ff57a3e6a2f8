/* What SQLite's integrity_check says of a file, asked of a server by its own SQL: every row of every table is read with
 * all that was stored out of line, no column that must not be null is, and every index leads to the rows that the table
 * has, all of them, in their order, and none twice where it is unique.
 *
 * Each table is read from its pages and once through each of its indexes, and the two are compared by a count and a
 * digest of the indexed columns; so an index that has lost an entry, or leads elsewhere, is found. Pages themselves
 * have checksums if the server was told to (initdb --data-checksums), and reading them compares those. It all sees one
 * moment and holds nobody up. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/postgres/postgres_private.h"

/* Rows: what is checked, and the statement that says "" or what is wrong. Read from the table's pages alone. */
static const char TABLE_CHECKS[] =
    "SELECT format('table %s', c.relname), format('SELECT concat_ws(''; ''%s, CASE WHEN digest < 0 THEN ''-'' END)"
    " FROM (SELECT 0%s AS digest%s FROM sluice.%I) t',"
    "  COALESCE(string_agg(format(', CASE WHEN n%s > 0 THEN ''%s is null in '' || n%s || '' rows'' END', a.attnum,"
    "    a.attname, a.attnum), '' ORDER BY a.attnum) FILTER (WHERE a.attnotnull), ''),"
    "  COALESCE(string_agg(CASE a.atttypid"
    "    WHEN 'bytea'::regtype THEN format(' + COALESCE(sum(get_byte(sha256(%I), 0)), 0)', a.attname)"
    "    WHEN 'text'::regtype THEN format(' + COALESCE(sum(abs(hashtextextended(%I, 0) %% 2)), 0)', a.attname) END, ''"
    "    ORDER BY a.attnum), ''),"
    "  COALESCE(string_agg(format(', count(*) FILTER (WHERE %I IS NULL) AS n%s', a.attname, a.attnum), ''"
    "    ORDER BY a.attnum) FILTER (WHERE a.attnotnull), ''), c.relname)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname";

/* What is checked, and the statements of one digest: from the table's pages, and in the order of the index. */
static const char INDEX_DIGESTS[] =
    "SELECT format('index %s of %s', i.relname, c.relname),"
    "  CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'SELECT ''is not valid'''"
    "  ELSE format('SELECT count(*) || '' '' || COALESCE(sum(hashtextextended(ROW(%s)::text, 0)), 0) FROM sluice.%I',"
    "    k.columns, c.relname) END,"
    "  CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'SELECT '''''"
    "  ELSE format('SELECT count(*) || '' '' || COALESCE(sum(hashtextextended(this::text, 0)), 0)"
    " || CASE WHEN COALESCE(bool_and(before IS NULL OR before %s this%s), true) THEN '''' ELSE '' and is out of order "
    "or not unique'' END"
    " FROM (SELECT ROW(%s) AS this, num_nulls(%s) AS nulls, lag(ROW(%s)) OVER (ORDER BY %s) AS before"
    " FROM sluice.%I) t', CASE WHEN x.indisunique THEN '<' ELSE '<=' END,"
    "    CASE WHEN x.indisunique THEN ' OR nulls > 0' ELSE '' END, k.columns, k.columns, k.columns, k.columns,"
    "    c.relname) END"
    " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid"
    " CROSS JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY n) AS columns"
    "   FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS o(attnum, n)"
    "   JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = o.attnum) k"
    " WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r' ORDER BY i.relname";

static const char BY_PAGES[] = "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off;"
                               "SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off;";
static const char BY_INDEX[] = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on;"
                               "SET LOCAL enable_indexonlyscan = on; SET LOCAL enable_bitmapscan = off;"
                               "SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0;";

enum { ANSWER_BYTES = 400 };

typedef struct check_list {
    arena a;
    struct check {
        const char *what, *by_pages, *by_index; /* by_index NULL: by_pages says "" or the damage */
    } * checks;
    size_t count, capacity;
} check_list;

static const char *keep(check_list *list, sluice_text text) {
    char *copy = arena_alloc(&list->a, text.length + 1);
    if (copy != NULL) {
        memcpy(copy, text.data, text.length);
        copy[text.length] = '\0';
    }
    return copy;
}

static sluice_result add(check_list *list, const record_value *cells, size_t count, sluice_error *error) {
    if (!ARRAY_RESERVE(list->checks, list->capacity, list->count + 1)) {
        return error_no_memory(error, sizeof *list->checks);
    }
    struct check *c = &list->checks[list->count++];
    *c = (struct check){keep(list, cells[0].text), keep(list, cells[1].text),
                        count == 3 ? keep(list, cells[2].text) : NULL};
    bool has_all = c->what != NULL && c->by_pages != NULL && (count < 3 || c->by_index != NULL);
    return has_all ? SLUICE_OK : error_no_memory(error, cells[1].text.length);
}

static sluice_result add_table(void *context, const record_value *cells, sluice_error *error) {
    return add(context, cells, 2, error);
}

static sluice_result add_index(void *context, const record_value *cells, sluice_error *error) {
    return add(context, cells, 3, error);
}

static sluice_result list_checks(postgres_connection *c, check_list *list, sluice_error *error) {
    sql_statement tables = {.text = TABLE_CHECKS, .types = "", .columns = "tt", .once = true};
    sql_statement indexes = {.text = INDEX_DIGESTS, .types = "", .columns = "ttt", .once = true};
    sluice_result result = postgres_query_on(c, &tables, add_table, list, error);
    return result == SLUICE_OK ? postgres_query_on(c, &indexes, add_index, list, error) : result;
}

static sluice_result run_under(postgres_connection *c, const char *settings, const char *statement,
                               char answer_out[ANSWER_BYTES], sluice_error *error) {
    sluice_result result = postgres_run(c, settings, NULL, 0, error);
    return result == SLUICE_OK ? postgres_run(c, statement, answer_out, ANSWER_BYTES, error) : result;
}

static sluice_result run_check(postgres_connection *c, const struct check *check, sluice_error *error) {
    char pages[ANSWER_BYTES] = "", index[ANSWER_BYTES] = "", said[ANSWER_BYTES * 2 + 200];
    sluice_result result = run_under(c, BY_PAGES, check->by_pages, pages, error);
    if (result == SLUICE_OK && check->by_index == NULL) {
        (void)snprintf(said, sizeof said, "%s: %s", check->what, pages);
        return pages[0] == '\0' ? SLUICE_OK : store_damaged(&c->store->base, said, error);
    }
    result = result == SLUICE_OK ? run_under(c, BY_INDEX, check->by_index, index, error) : result;
    if (result == SLUICE_OK && strcmp(pages, index) != 0) {
        (void)snprintf(said, sizeof said,
                       "%s does not fit its table (rows and digest: the table has %s, the index %s); REINDEX makes it "
                       "anew",
                       check->what, pages, index);
        result = store_damaged(&c->store->base, said, error);
    }
    return result;
}

sluice_result postgres_check(store *base, sluice_error *error) {
    check_list list = {0};
    postgres_connection c = {.store = postgres_of(base)};
    sluice_result result = postgres_connect(&c, false, error);
    if (result == SLUICE_OK) {
        result = postgres_run(&c, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", NULL, 0, error);
    }
    if (result == SLUICE_OK) {
        result = list_checks(&c, &list, error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < list.count; i++) {
        result = run_check(&c, &list.checks[i], error);
    }
    postgres_disconnect(&c);
    memory_free(list.checks);
    arena_fini(&list.a);
    return result;
}
