/* Features: what is known of a transfer and of its parties at the moment it arrives, by name.
 *
 * Names are `subject.feature`, windows are part of the name: `payee.in_count_1h`, `pair.sum_36h`, `payer.idle`. A plan
 * lists the names that rules, models and outputs ask for; one feature_step a signal brings the state up to date and
 * fills in the plan's values. docs/features.md has every name with unit and definition; feature_help prints the same.
 *
 * Windows: (t − W, t] of event time, this transfer included, among the signals that arrived so far; exact. One thread.
 * Time: milliseconds. Money: fen. */
#ifndef FEATURE_FEATURE_H
#define FEATURE_FEATURE_H

#include "base/text.h"
#include "feature/activity.h"
#include "feature/recent.h"

typedef enum feature_type { FEATURE_INT, FEATURE_DOUBLE, FEATURE_BOOL, FEATURE_TEXT } feature_type;
typedef enum feature_unit {
    FEATURE_UNIT_NONE,
    FEATURE_UNIT_COUNT,
    FEATURE_UNIT_FEN,
    FEATURE_UNIT_MS,
    FEATURE_UNIT_SHARE
} feature_unit;

typedef struct feature_value {
    union {
        int64_t i; /* INT; BOOL: 0 or 1 */
        double d;
        const char *text; /* borrowed until the next step */
    };
    uint32_t length; /* of text */
    bool is_missing; /* there is no such thing yet: the idle time of an account never seen before */
    bool is_pending; /* not computed yet: feature_need */
} feature_value;

typedef struct feature_plan feature_plan;

feature_plan *feature_plan_new(void);
void feature_plan_free(feature_plan **plan);

/* The slot of a name, added if new; the same name always gets the same slot. On false *reason_out says what was
 * expected, with the nearest known name as a hint (static text or text kept by the plan). */
bool feature_plan_add(feature_plan *plan, sluice_text name, uint32_t *slot_out, const char **reason_out);
uint32_t feature_plan_count(const feature_plan *plan);
sluice_text feature_plan_name(const feature_plan *plan, uint32_t slot);
feature_type feature_plan_type(const feature_plan *plan, uint32_t slot);
feature_unit feature_plan_unit(const feature_plan *plan, uint32_t slot);
/* What reading it costs: 0 nothing (the transfer's own, or external), 1 one look-up, 2 windows, 3 their extremes. */
#define FEATURE_COST_MAX 3u
unsigned feature_plan_cost(const feature_plan *plan, uint32_t slot);

/* A slot that somebody else fills in after feature_step: "pattern.cycle_6h.count", "model.score". Its value is
 * missing until then. False: the name is taken. */
bool feature_plan_add_external(feature_plan *plan, sluice_text name, feature_type type, feature_unit unit,
                               uint32_t *slot_out);

typedef struct feature_state feature_state;

/* Nothing may be added to the plan afterwards; it must outlive the state. `names` gives the texts of keys (may be NULL
 * where no feature of type TEXT is in the plan). `horizon_ms`: at least this much history is kept (for patterns).
 * NULL: no memory. */
feature_state *feature_state_new(const feature_plan *plan, const keys *names, int64_t horizon_ms);
void feature_state_free(feature_state **state);

/* Takes a signal of any kind in and, for a transfer or withdrawal, fills in values[feature_plan_count] (NULL: only
 * brings the state up to date). False: no memory. */
SLUICE_MUST_USE bool feature_step(feature_state *state, const activity *a, feature_value *values);
/* The same, but no value is computed: those that are read are asked for, one by one, before the next step. */
SLUICE_MUST_USE bool feature_step_pending(feature_state *state, const activity *a, feature_value *values);
/* Computes the slot's value, if it is pending. Any order gives the same values. */
void feature_need(feature_state *state, feature_value *values, uint32_t slot);
void feature_prefetch(const feature_state *state, const activity *a, int step);

/* The series that patterns read. */
const recent *feature_recent(const feature_state *state);
uint64_t feature_memory_bytes(const feature_state *state);

/* Writes the table of all names (Markdown): subject, name, type, unit, definition in English and Chinese. */
void feature_help(text_writer *out);

#endif
