/* The implementations of the store, for suites that hold for each of them. */
#ifndef TESTS_SUPPORT_STORES_H
#define TESTS_SUPPORT_STORES_H

#include "store/store.h"

typedef struct stores_kind {
    const char *name;
    bool (*is_available)(void); /* false: it says why not */
    /* A place where no database is yet. */
    void (*fresh)(char *place_out, size_t bytes);
    sluice_result (*open)(const char *place, bool must_exist, store **store_out, sluice_error *error);
    /* Runs SQL behind the store's back, which is closed; tables are in reach without a prefix. Fails the test. */
    void (*run_sql)(const char *place, const char *sql);
} stores_kind;

extern const stores_kind STORES[];
extern const size_t STORES_COUNT;

#endif
