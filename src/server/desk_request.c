/* A request as a command of the desk: whose it is and for which purpose, what becomes of what it changes, and that a
 * look is in the audit before it is answered. */
#include <stdio.h>

#include "base/error.h"
#include "desk/history.h"
#include "desk/user.h"
#include "server/desk_link.h"
#include "server/server_private.h"
#include "sys/clock.h"

enum { PURPOSE_BYTES_MIN = 6, PURPOSE_BYTES_MAX = 500 };

sluice_result desk_command_of(request *rq, desk_command *c, sluice_error *error) {
    desk_actor *actor = rq->actor.desk == NULL ? NULL : arena_copy(&rq->arena, rq->actor.desk, sizeof *actor);
    if (actor == NULL) {
        return error_set(error, SLUICE_E_UNAUTHENTICATED, "sign in first");
    }
    actor->request = text_of(rq->id);
    actor->address = rq->address;
    /* Whoever watches or runs the system has no purpose that needs other people's data. */
    if ((actor->roles & (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_PARTNER)) != 0 && rq->purpose.length > 0) {
        sluice_text purpose = text_trim(rq->purpose);
        bool no_memory = false;
        if (!percent_decode(purpose, false, &rq->arena, &actor->purpose, &no_memory) ||
            actor->purpose.length < PURPOSE_BYTES_MIN || actor->purpose.length > PURPOSE_BYTES_MAX) {
            return no_memory ? error_no_memory(error, purpose.length)
                             : error_set(error, SLUICE_E_INPUT,
                                         "Sluice-Purpose: why personal data is needed, in %d to %d bytes of "
                                         "percent-encoded UTF-8, is expected",
                                         PURPOSE_BYTES_MIN, PURPOSE_BYTES_MAX);
        }
    }
    *c = (desk_command){.desk = desk_of(rq), .actor = actor, .now_ms = rq->now_ms, .arena = &rq->arena, .error = error};
    return SLUICE_OK;
}

typedef struct change {
    desk_handler run;
    void *context;
    desk_command command;
} change;

/* Rights as they are when it happens, not as they were when it was asked for. A refusal names what was asked for. */
static sluice_result take_rights(request *rq, desk_command *c, sluice_error *error) {
    const void *before = rq->actor.desk;
    sluice_result result = request_still(rq, error);
    if (result != SLUICE_OK) {
        c->tried_kind = rq->route->tag;
        c->tried_act = rq->route->operation;
    }
    return result == SLUICE_OK && rq->actor.desk != before ? desk_command_of(rq, c, error) : result;
}

static sluice_result run_change(request *rq, response *rs, void *context, sluice_error *error) {
    change *ch = context;
    sluice_result result = take_rights(rq, &ch->command, error);
    ch->command.error = error;
    ch->command.now_ms = clock_now_ms(); /* the moment at which it happens, in the order of the writer */
    result = result == SLUICE_OK ? ch->run(&ch->command, rq, rs, ch->context) : result;
    if (result != SLUICE_OK) {
        desk_failing(rq, &ch->command, result);
    }
    return result;
}

static sluice_result input_problem(request *rq, response *rs, const desk_command *c, const sluice_error *error) {
    api_faults faults = {0};
    for (size_t i = 0; i < c->fault_count; i++) {
        char pointer[96];
        int length = snprintf(pointer, sizeof pointer, "/%.*s", TEXT_ARGS(c->faults[i].field));
        const char *copy = arena_copy(&rq->arena, pointer, (size_t)length + 1);
        api_fault_add(&faults, &rq->arena, text_of(copy == NULL ? "/" : copy), "%.*s",
                      TEXT_ARGS(c->faults[i].expected));
    }
    return response_problem(rq, rs, 422, SLUICE_E_INVALID, error->text, &faults);
}

sluice_result desk_change(request *rq, response *rs, desk_handler run, void *context, sluice_error *error) {
    change *ch = arena_alloc(&rq->arena, sizeof *ch); /* outlives the call: the undo hook looks at it */
    if (ch == NULL) {
        return error_no_memory(error, sizeof *ch);
    }
    *ch = (change){.run = run, .context = context};
    sluice_result result = desk_command_of(rq, &ch->command, error);
    if (result == SLUICE_OK) {
        result = request_command(rq, rs, run_change, ch, error);
    }
    if (result == SLUICE_E_INPUT && ch->command.fault_count > 0) {
        return input_problem(rq, rs, &ch->command, error);
    }
    if (result == SLUICE_E_INVALID && ch->command.version_missing) {
        return response_problem(rq, rs, 428, SLUICE_E_INVALID, error->text, NULL);
    }
    if (result == SLUICE_OK && ch->command.refusal != SLUICE_OK) {
        return ch->command.refusal;
    }
    return result;
}

typedef struct seen {
    request *rq;
    desk_command *command;
    const char *act, *kind;
    int64_t id;
    sluice_text detail;
} seen;

static sluice_result put_seen(void *context, sluice_error *error) {
    seen *s = context;
    desk_command c = *s->command;
    sluice_result result = take_rights(s->rq, s->command, error);
    if (result != SLUICE_OK) {
        desk_failing(s->rq, s->command, result);
        return result;
    }
    c.error = error;
    return audit_add(&c, s->act, s->kind, s->id, s->detail);
}

sluice_result desk_seen(desk_command *c, request *rq, const char *act, const char *kind, int64_t id,
                        sluice_text detail) {
    seen s = {rq, c, act, kind, id, detail};
    return writer_run(rq->server, put_seen, &s, c->error);
}

void desk_note_lost(request *rq) {
    desk_command c = {0};
    sluice_error error = {0};
    rq->is_ending = true;
    sluice_result result = desk_command_of(rq, &c, &error);
    result = result == SLUICE_OK ? desk_seen(&c, rq, "stopped", "job", 0, text_of(rq->route->operation)) : result;
    if (result != SLUICE_OK) {
        log_line(&rq->server->log, "error", "job", "that %s was stopped is not in the audit: %s", rq->route->operation,
                 error.text);
    }
}

sluice_result desk_engine_seen(request *rq, const char *act, const char *kind, sluice_text detail,
                               sluice_error *error) {
    desk_command c = {.error = error};
    if (rq->actor.desk == NULL) {
        return SLUICE_OK;
    }
    request_leave_engine(rq);
    sluice_result result = desk_command_of(rq, &c, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, act, kind, 0, detail) : result;
}
