/* Prepared statements by their text, of one connection. */
#ifndef STORE_STATEMENT_CACHE_H
#define STORE_STATEMENT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATEMENT_CACHE_SLOTS 512u /* when half of them are in use, all are dropped and prepared again */

typedef struct statement_cache {
    struct {
        char *text;
        void *statement;
    } slots[STATEMENT_CACHE_SLOTS];
    size_t count;
} statement_cache;

/* NULL: not there. */
void *statement_cache_find(const statement_cache *cache, const char *text);
bool statement_cache_is_full(const statement_cache *cache);
/* There is room. False: no memory; then the statement is still the caller's. */
bool statement_cache_add(statement_cache *cache, const char *text, void *statement);
/* Forgets all; `drop` may be NULL. */
void statement_cache_clear(statement_cache *cache, void (*drop)(void *statement));

#endif
