#include "support/stores.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/postgres_server.h"
#include "support/tool.h"

static bool sqlite_is_available(void) {
    return true;
}

static void sqlite_fresh(char *place_out, size_t bytes) {
    static int count;
    char name[64];
    (void)snprintf(name, sizeof name, "store-%d.sluice", count++);
    (void)snprintf(place_out, bytes, "%s", tool_path(name));
}

static void sqlite_run_sql(const char *place, const char *sql) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(place, &database), SQLITE_OK);
    char *said = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &said) != SQLITE_OK) {
        fail_msg("%s: %s", sql, said);
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

const stores_kind STORES[] = {
    {"sqlite", sqlite_is_available, sqlite_fresh, store_open_sqlite, sqlite_run_sql},
    {"postgres", postgres_server_start, postgres_server_database, store_open_postgres, postgres_server_run}};
const size_t STORES_COUNT = sizeof STORES / sizeof *STORES;
