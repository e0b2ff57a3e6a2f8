/* What is written down of every command: history, audit, events.
 *
 *   history  what happened to a record, for those who work on it
 *   audit    who did, saw or was refused what, for those who watch them: append-only and chained by hashes, so that a
 *            row that was changed, removed or put in between is found (audit_verify)
 *   event    what consoles hear at once; ids only, never personal data
 *
 * Writer thread, inside desk_run, except audit_verify and the selects of others. */
#ifndef DESK_HISTORY_H
#define DESK_HISTORY_H

#include "desk/kind.h"

extern const record_table HISTORY_TABLE, AUDIT_TABLE, EVENT_TABLE;

enum {
    HISTORY_KIND,
    HISTORY_RECORD,
    HISTORY_ACT,
    HISTORY_FROM,
    HISTORY_TO,
    HISTORY_USER,
    HISTORY_UNIT,
    HISTORY_AT,
    HISTORY_NOTE,
    HISTORY_LAW,
    HISTORY_FIELDS
};
enum {
    AUDIT_AT,
    AUDIT_USER,
    AUDIT_LOGIN,
    AUDIT_ROLES,
    AUDIT_UNIT,
    AUDIT_ACT,
    AUDIT_KIND,
    AUDIT_RECORD,
    AUDIT_PURPOSE,
    AUDIT_DETAIL,
    AUDIT_REQUEST,
    AUDIT_ADDRESS,
    AUDIT_PREVIOUS,
    AUDIT_HASH,
    AUDIT_FIELDS
};
enum { EVENT_KIND, EVENT_RECORD, EVENT_ACT, EVENT_STATE, EVENT_DISTRICT, EVENT_STATION, EVENT_AT, EVENT_FIELDS };

SLUICE_MUST_USE sluice_result history_add(desk_command *c, const desk_kind *kind, const record *r,
                                          const desk_act_row *act, sluice_text from, sluice_text to, sluice_text note);
/* `act`: "view", "list", "export", "sign_in", "refused", "<kind>.<act>". `detail` may be empty. */
SLUICE_MUST_USE sluice_result audit_add(desk_command *c, const char *act, const char *kind, int64_t record_id,
                                        sluice_text detail);
SLUICE_MUST_USE sluice_result event_add(desk_command *c, const desk_kind *kind, const record *r, const char *act);

/* The head of the chain: 64 hex digits of the newest committed row (64 zeros: none). */
SLUICE_MUST_USE sluice_result audit_load(store *s, audit_state *state_out, sluice_error *error);

/* Told now and then; false: it is to stop (INTERRUPTED). A NULL `tell` is not told. */
typedef struct audit_progress {
    bool (*tell)(void *context, uint64_t done_rows, uint64_t total_rows);
    void *context;
} audit_progress;

/* Reads the whole trail and checks every link. With `witness` (a file of desk_options) every head that was written
 * there must be in the trail. DAMAGED names the first row that does not fit. Any thread. Cost: about 5 µs a row. */
SLUICE_MUST_USE sluice_result audit_verify(store *s, const char *witness, audit_progress progress, uint64_t *rows_out,
                                           char head_out[65], sluice_error *error);

#endif
