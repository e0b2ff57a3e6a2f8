#include "desk/timer.h"

#include "desk/desk_private.h"
#include "desk/prune.h"

static const record_field TIMER[TIMER_FIELDS] = {
    [TIMER_DUE] = {"due", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "due", .zh = "到期时间"},
    [TIMER_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "record type", .zh = "记录类别"},
    [TIMER_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录编号"},
    [TIMER_ACT] = {"act", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "act", .zh = "操作"},
};
const record_table TIMER_TABLE = {"timer",
                                  TIMER,
                                  TIMER_FIELDS,
                                  (const record_index[]){{false, {TIMER_DUE, RECORD_END, RECORD_END, RECORD_END}},
                                                         {true, {TIMER_KIND, TIMER_RECORD, TIMER_ACT, RECORD_END}}},
                                  2,
                                  false,
                                  "what happens by the clock",
                                  "定时"};

/* The record's timers, with one act or (NULL) all. */
static sluice_result find_timers(desk_command *c, const desk_kind *kind, int64_t id, const char *act, record **rows,
                                 size_t *count) {
    query_term terms[3] = {
        {TIMER_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
        {TIMER_RECORD, QUERY_EQUAL, value_integer(id), NULL, 0},
        {TIMER_ACT, QUERY_EQUAL, value_text(text_of(act)), NULL, 0},
    };
    record_query query = {.table = &TIMER_TABLE, .terms = terms, .term_count = act == NULL ? 2 : 3};
    query.order = act == NULL ? TIMER_ACT : QUERY_ID;
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

sluice_result timer_set(desk_command *c, const desk_kind *kind, int64_t id, const char *act, int64_t due_ms) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = find_timers(c, kind, id, act, &rows, &count);
    if (result == SLUICE_OK && count > 0) {
        rows[0].values[TIMER_DUE] = value_integer(due_ms);
        return desk_update(c, &rows[0]);
    }
    record_value values[TIMER_FIELDS] = {
        [TIMER_DUE] = value_integer(due_ms),
        [TIMER_KIND] = value_text(text_of(kind->name)),
        [TIMER_RECORD] = value_integer(id),
        [TIMER_ACT] = value_text(text_of(act)),
    };
    record row = {.table = &TIMER_TABLE, .values = values};
    return result == SLUICE_OK ? desk_insert(c, &row) : result;
}

sluice_result timer_clear(desk_command *c, const desk_kind *kind, int64_t id, const char *act) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = find_timers(c, kind, id, act, &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = store_delete(c->desk->store, &TIMER_TABLE, rows[i].id, c->error);
    }
    return result;
}

/* The timer's act, at the very moment it was due. A timer whose act is not possible any more is over; that is no
 * error. */
static sluice_result fire(desk_command *c, const record *timer) {
    desk_command then = {.desk = c->desk,
                         .actor = &DESK_SYSTEM,
                         .now_ms = timer->values[TIMER_DUE].integer,
                         .arena = c->arena,
                         .error = c->error};
    sluice_text act = timer->values[TIMER_ACT].text;
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(act));
    char kind_name[64];
    (void)snprintf(kind_name, sizeof kind_name, "%.*s", TEXT_ARGS(timer->values[TIMER_KIND].text));
    const desk_kind *kind = desk_kind_find(kind_name);
    sluice_result result = store_delete(c->desk->store, &TIMER_TABLE, timer->id, c->error);
    record r;
    if (result == SLUICE_OK && (kind == NULL || desk_act_find(kind, name) == NULL)) {
        return SLUICE_OK; /* of a version that had it */
    }
    if (result == SLUICE_OK) {
        result = store_get(c->desk->store, kind->table, timer->values[TIMER_RECORD].integer, c->arena, &r, c->error);
        if (result == SLUICE_E_NOT_FOUND) {
            return SLUICE_OK;
        }
    }
    if (result == SLUICE_OK) {
        result = desk_act_inside(&then, kind, name, &r, NULL, 0);
    }
    return result == SLUICE_E_STATE ? SLUICE_OK : result;
}

sluice_result timer_settle(desk_command *c, const desk_kind *kind, int64_t id, bool *changed_out) {
    *changed_out = false;
    for (bool again = true; again;) {
        record *rows = NULL;
        size_t count = 0;
        sluice_result result = find_timers(c, kind, id, NULL, &rows, &count);
        const record *first = NULL;
        for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
            int64_t due = rows[i].values[TIMER_DUE].integer;
            if (due <= c->now_ms && (first == NULL || due < first->values[TIMER_DUE].integer)) {
                first = &rows[i];
            }
        }
        again = first != NULL;
        if (result == SLUICE_OK && again) {
            *changed_out = true;
            result = fire(c, first);
        }
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

/* ---- the clock ---- */

static sluice_result fire_one(desk_command *c, void *context) {
    return fire(c, context);
}

/* A timer that cannot do its work (the disk is full, say) is tried again a minute later, and not lost. */
static sluice_result postpone(desk_command *c, void *context) {
    record *timer = context;
    timer->values[TIMER_DUE].integer = c->now_ms + 60000;
    return desk_update(c, timer);
}

/* The earliest timer there is; count 0: none. */
static sluice_result first_timer(desk *d, arena *a, record **rows, size_t *count, sluice_error *error) {
    record_query query = {.table = &TIMER_TABLE, .order = TIMER_DUE, .limit = 1};
    return store_select(d->store, &query, a, rows, count, error);
}

/* Fires the earliest timer if it is due. *due_out: when it is, else INT64_MAX. */
static sluice_result tick_once(desk *d, int64_t now_ms, arena *a, int64_t *due_out, sluice_error *error) {
    record *timer = NULL;
    size_t count = 0;
    sluice_result result = first_timer(d, a, &timer, &count, error);
    *due_out = result == SLUICE_OK && count > 0 ? timer->values[TIMER_DUE].integer : INT64_MAX;
    if (result != SLUICE_OK || *due_out > now_ms) {
        return result;
    }
    desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = *due_out, .arena = a, .error = error};
    result = desk_run(&c, fire_one, timer);
    if (result != SLUICE_OK) {
        c.now_ms = now_ms;
        result = desk_run(&c, postpone, timer);
    }
    return result;
}

/* What is due by timers. */
static sluice_result fire_due(desk *d, int64_t now_ms, int64_t *next_ms_out, sluice_error *error) {
    enum { GROUP = 200 }; /* timers that share a commit */
    arena a = {0};
    sluice_result result = SLUICE_OK;
    *next_ms_out = 0;
    record *timer = NULL;
    size_t count = 0;
    result = first_timer(d, &a, &timer, &count, error); /* nothing due: no transaction */
    *next_ms_out = result == SLUICE_OK && count > 0 ? timer->values[TIMER_DUE].integer : INT64_MAX;
    while (result == SLUICE_OK && *next_ms_out <= now_ms) {
        result = desk_begin(d, error);
        for (size_t i = 0; result == SLUICE_OK && i < GROUP && *next_ms_out <= now_ms; i++) {
            /* One by one: what a timer does may set, move or clear the ones after it. */
            arena_reset(&a);
            result = tick_once(d, now_ms, &a, next_ms_out, error);
        }
        if (result == SLUICE_OK) {
            result = desk_commit(d, error);
        } else {
            desk_rollback(d);
        }
    }
    arena_fini(&a);
    return result;
}

sluice_result desk_tick(desk *d, int64_t now_ms, int64_t *next_ms_out, sluice_error *error) {
    sluice_result result = fire_due(d, now_ms, next_ms_out, error);
    if (result == SLUICE_OK && now_ms >= d->prune_at_ms) {
        result = desk_prune(d, now_ms, &d->prune_at_ms, error);
    }
    *next_ms_out = *next_ms_out < d->prune_at_ms ? *next_ms_out : d->prune_at_ms;
    return result;
}
