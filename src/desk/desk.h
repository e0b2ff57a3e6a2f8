/* The desk: from a finding to money saved, by people, by the book.
 *
 * A desk is a store's records under rules: who may see what (roles, units, masking), who may do what in which state
 * (acts, each with its legal reason), what happens by the clock (timers), and what is written down of all of it
 * (history, audit, events). It knows neither HTTP nor SQL.
 *
 * Everything a person or the clock does is a command: one actor, one moment, one arena. Commands that change something
 * run on the writer thread, each inside a savepoint of the store; a command that fails leaves nothing behind. Commands
 * that only read may run on any thread.
 *
 * Time is command.now_ms and nothing else, so every deadline can be tested to the second. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "base/error.h"
#include "base/text.h"
#include "store/record.h"

struct sluice_engine;

/* What a person may be; a mask in `roles`. */
typedef enum desk_role {
    ROLE_DUTY = 1,
    ROLE_ANALYST = 2,
    ROLE_INVESTIGATOR = 4,
    ROLE_COMMANDER = 8,
    ROLE_APPROVER = 16,
    ROLE_OUTREACH = 32,
    ROLE_AUDITOR = 64,
    ROLE_PARTNER = 128, /* of a bank, carrier or platform: sees what was asked of it, and nothing else */
    ROLE_ADMINISTRATOR = 256,
    ROLE_SYSTEM = 512, /* the clock and the engine; never a user's */
} desk_role;

#define ROLES_OFFICERS (ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER | ROLE_APPROVER)
#define ROLES_ALL (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR | ROLE_PARTNER | ROLE_ADMINISTRATOR)

/* "duty,analyst" from a mask (in the arena; NULL data: no memory), and back; false: a word that is no role. */
sluice_text roles_format(unsigned roles, arena *a);
bool roles_parse(sluice_text words, unsigned *roles_out);

typedef enum unit_level { LEVEL_CITY, LEVEL_DISTRICT, LEVEL_STATION } unit_level;

/* Who acts. Texts are borrowed for the command. */
typedef struct desk_actor {
    int64_t user;      /* 0: the system */
    int64_t session;   /* 0: none (a key, the system) */
    int64_t ends_ms;   /* its session or key ends by itself then, used or not */
    sluice_text login; /* "system", "key:<partner>" */
    unsigned roles;
    int64_t unit, district, station; /* units; 0: above that level */
    unit_level level;
    sluice_text institution; /* of a partner: its code; else empty */
    sluice_text purpose;     /* why personal data is wanted; empty: it stays masked */
    sluice_text request;     /* id of the request, for audit and logs */
    sluice_text address;     /* of the network, for audit */
} desk_actor;

/* The clock or the engine, acting for the city. */
extern const desk_actor DESK_SYSTEM;

typedef struct desk desk;

/* A wrong input: where, and what was expected there. */
typedef struct desk_fault {
    sluice_text field; /* "amount_fen", "transfers/2/time" */
    sluice_text expected;
} desk_fault;

#define DESK_FAULTS 16

typedef struct desk_command {
    desk *desk;
    const desk_actor *actor;
    int64_t now_ms;
    arena *arena; /* the caller's: all that the command returns lives in it */
    sluice_error *error;
    desk_fault faults[DESK_FAULTS]; /* of an INPUT error: all that were found */
    size_t fault_count;
    sluice_text before; /* within an act's `run`: the record's state before it */
    void *made;         /* what an act's `run` made and its `then` puts beside the saved record; NULL: nothing */
    /* A secret that the answer shows once and nobody keeps: an activation code, a key. */
    sluice_text secret;
    /* The command is done and durable, and yet the answer is no (a wrong password, which is counted): the result to
     * give, with c->error; OK: none. */
    sluice_result refusal;
    bool version_missing; /* INVALID because no version was stated */
    /* What was tried, for the audit of refusals; set by desk_act. */
    const char *tried_kind, *tried_act;
    int64_t tried_id;
} desk_command;

/* Notes a wrong input; returns INPUT. `expected` is printf's. */
sluice_result desk_fault_add(desk_command *c, const char *field, const char *expected, ...) SLUICE_PRINTF(3, 4);

typedef struct desk_options {
    struct sluice_engine *engine; /* for traces and findings; its store is the desk's. NULL: `store` is given */
    store *store;
    const char *audit_witness; /* a file that gets the audit's head after every commit; NULL: none */
} desk_options;

/* Opens the desk of a database: makes its tables where they are missing, and in a new one the dated tables' defaults
 * and the city unit. Writer thread. Errors: those of the store. */
SLUICE_MUST_USE sluice_result desk_open(const desk_options *options, int64_t now_ms, desk **desk_out,
                                        sluice_error *error);
void desk_close(desk **d);
store *desk_store(const desk *d);
struct sluice_engine *desk_engine(const desk *d);

/* All tables of the desk, for migration and backup. */
const record_table *const *desk_tables(size_t *count_out);

/* A group of commands that become durable together. After a failed commit nothing of the group is there. Writer. */
SLUICE_MUST_USE sluice_result desk_begin(desk *d, sluice_error *error);
SLUICE_MUST_USE sluice_result desk_commit(desk *d, sluice_error *error);
void desk_rollback(desk *d);

/* Runs `run` as one command of the group under way: what it wrote is undone when it fails, and a refusal is audited. */
typedef sluice_result (*desk_function)(desk_command *c, void *context);
SLUICE_MUST_USE sluice_result desk_run(desk_command *c, desk_function run, void *context);
/* What desk_run is made of, for those who hold the pieces apart (server/desk_link.c): a savepoint with what the desk
 * keeps in memory beside it, and the audit of a refusal, after desk_undo. */
typedef struct audit_state {
    char hash[65];
    int64_t id;
} audit_state;
typedef struct desk_saved {
    audit_state audit;
    int64_t event_last;
    bool dated_changed;
} desk_saved;
SLUICE_MUST_USE sluice_result desk_push(desk *d, desk_saved *saved_out, sluice_error *error);
SLUICE_MUST_USE sluice_result desk_keep(desk *d, sluice_error *error);
void desk_undo(desk *d, const desk_saved *saved);
void desk_refused(desk_command *c, sluice_result why);

/* A group of one. */
SLUICE_MUST_USE sluice_result desk_run_alone(desk_command *c, desk_function run, void *context);

/* Does all that is due by the clock until now_ms, in order of time, each at the very moment it was due, and then a
 * bounded part of what is kept only for a while (prune.h); begins and commits by itself. *next_ms_out: when to call
 * again (INT64_MAX: nothing waits). Writer thread. */
SLUICE_MUST_USE sluice_result desk_tick(desk *d, int64_t now_ms, int64_t *next_ms_out, sluice_error *error);

/* The id of the newest committed event (desk/event.h): what consoles should hear of. Any thread. */
int64_t desk_event_last(const desk *d);

#endif
