/* The desk's inside, shared by the files of this folder. */
#ifndef DESK_DESK_PRIVATE_H
#define DESK_DESK_PRIVATE_H

#include <sluice/detect.h>
#include <stdatomic.h>

#include "desk/dated.h"
#include "desk/history.h"
#include "desk/principal.h"
#include "desk/user.h"

/* Whose rights or sessions changed (principal.h). */
typedef struct principal_changes {
    uint64_t at[PRINCIPAL_CHANGES_MAX];
    size_t count; /* more than there is room for: everybody's, perhaps */
} principal_changes;

struct desk {
    store *store;
    struct sluice_engine *engine;
    bool withdrawals_wait;       /* import.h; the writer's */
    bool rules_wait;             /* rule_change.h; the writer's */
    sluice_detect_options rules; /* as the daemon was started; without files */
    char *audit_witness;
    audit_state audit, audit_committed; /* with the group under way; without it */
    int64_t audit_at_ms;                /* of the newest command */
    uint64_t witness_failures, findings_refused;
    int64_t event_last; /* with the group under way */
    _Atomic int64_t event_committed;
    dated_row *dated; /* sorted by name, code, from */
    size_t dated_count;
    arena dated_arena;
    _Atomic int64_t idle_ms; /* of sessions, from the dated tables */
    _Atomic uint64_t user_epoch;
    principal_changes changed_users, changed_users_committed; /* in the group under way; to be taken */
    bool outbox_touched, links_touched;                       /* in the group under way */
    _Atomic uint64_t outbox_epoch, link_epoch;                /* of what is committed */
    int64_t prune_at_ms; /* when what is kept for a while is looked through again */
    bool dated_changed;  /* in the group under way: reload after it */
};

/* input.c: parses and checks `body` against an act's inputs, into the arena. INPUT with c->faults. */
sluice_result input_parse(desk_command *c, const desk_act_row *act, yyjson_val *body, desk_input *input_out);
/* One value; false with a fault under `path`. Shared with the intake of files. */
bool input_value(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                 record_value *value_out);

#endif
