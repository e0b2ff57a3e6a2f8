/* Pruning.
 *
 * Both tables are written in the order of time, so the oldest rows are those with the lowest ids: looking for them
 * reads as many rows as are removed, and one more. A round is bounded, and where more is left the next one comes a
 * second later, so that a desk that was away for months does not hold up its first commands.
 *
 * Nobody depends on a pruned row: a request whose answer is gone is a new request (docs/api.md says for how long a key
 * is kept), and consoles go on from the daemon's memory (server/events.c), or are told `reset`. The newest event stays:
 * it is where the next start goes on. */
#include "desk/prune.h"

#include "base/memory.h"
#include "desk/desk_private.h"
#include "desk/idempotency.h"

enum { PRUNED_AT_ONCE = 500, AGAIN_MS = 1000, PAUSE_MS = 3600000 };

typedef struct pruned {
    const record_table *table;
    const char *keep;  /* the dated duration's code */
    bool keeps_newest; /* whatever its age */
} pruned;
static const pruned PRUNED[] = {{&IDEMPOTENCY_TABLE, "keep_answers", false}, {&EVENT_TABLE, "keep_events", true}};
enum { PRUNED_COUNT = sizeof PRUNED / sizeof *PRUNED };

typedef struct old_rows {
    record *rows;
    size_t count;
} old_rows;

/* The oldest rows that are past their time. */
static sluice_result find_old(desk_command *c, const pruned *p, old_rows *old_out) {
    const dated_row *keep = dated_find(c->desk, "duration", text_of(p->keep), c->now_ms);
    record_query oldest = {.table = p->table, .order = QUERY_ID, .limit = PRUNED_AT_ONCE + 1};
    if (keep == NULL) {
        return SLUICE_OK; /* the centre has ended the row: all is kept */
    }
    sluice_result result = store_select(c->desk->store, &oldest, c->arena, &old_out->rows, &old_out->count, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t most = old_out->count, old = 0;
    most -= p->keeps_newest && most > 0 ? 1 : 0;
    most = most > PRUNED_AT_ONCE ? PRUNED_AT_ONCE : most;
    while (old < most && old_out->rows[old].created_ms <= c->now_ms - keep->number) {
        old++;
    }
    old_out->count = old;
    return SLUICE_OK;
}

static sluice_result remove_old(desk_command *c, void *context) {
    const old_rows *old = context;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < PRUNED_COUNT; i++) {
        for (size_t row = 0; result == SLUICE_OK && row < old[i].count; row++) {
            result = store_delete(c->desk->store, PRUNED[i].table, old[i].rows[row].id, c->error);
        }
    }
    return result;
}

sluice_result desk_prune(desk *d, int64_t now_ms, int64_t *next_ms_out, sluice_error *error) {
    arena a = {0};
    old_rows old[PRUNED_COUNT] = {{0}};
    size_t count = 0, most = 0;
    desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = &a, .error = error};
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < PRUNED_COUNT; i++) {
        result = find_old(&c, &PRUNED[i], &old[i]);
        count += old[i].count;
        most = old[i].count > most ? old[i].count : most;
    }
    if (result == SLUICE_OK && count > 0) {
        result = desk_run_alone(&c, remove_old, old);
    }
    arena_fini(&a);
    *next_ms_out = now_ms + (result == SLUICE_OK && most < PRUNED_AT_ONCE ? PAUSE_MS : AGAIN_MS);
    return result;
}
