/* The desk behind the API: who somebody is, the writer's transactions, what consoles hear, and the desk's routes, which
 * are made from the tables of its kinds (desk/kind.h). */
#ifndef SERVER_DESK_LINK_H
#define SERVER_DESK_LINK_H

#include "desk/desk.h"
#include "desk/kind.h"
#include "server/server.h"

typedef struct desk_link desk_link;

/* Opens the desk over the server's engine, adds its routes, and sets itself as the server's desk. Before any thread is
 * started. Errors: those of desk_open. */
SLUICE_MUST_USE sluice_result desk_link_open(server *s, desk_link **link_out, sluice_error *error);
/* After the writer has ended. */
void desk_link_close(desk_link **link);

desk *desk_link_desk(const desk_link *link);

/* The routes alone, for /openapi.json without a server. */
SLUICE_MUST_USE sluice_result desk_routes_add(route_set *set, arena *a, sluice_error *error);

/* ---- for handlers: desk_request.c ---- */

desk *desk_of(const request *rq);
/* A command of whoever asks, with the purpose of the header Sluice-Purpose (where the role may state one). The actor is
 * kept in the request's arena. INPUT: the purpose is too short to be one. */
SLUICE_MUST_USE sluice_result desk_command_of(request *rq, desk_command *c, sluice_error *error);
/* Runs `run` as a desk command on the writer (request_command): audited, its own savepoint, idempotent where the
 * request has a key. A wrong input becomes a problem with every fault. */
typedef sluice_result (*desk_handler)(desk_command *c, request *rq, response *rs, void *context);
SLUICE_MUST_USE sluice_result desk_change(request *rq, response *rs, desk_handler run, void *context,
                                          sluice_error *error);
/* Writes into the audit that something was seen; returns when that is durable: nothing is shown that is not written
 * down. */
SLUICE_MUST_USE sluice_result desk_seen(desk_command *c, request *rq, const char *act, const char *kind, int64_t id,
                                        sluice_text detail);

/* A look at what the engine knows of people's money is in the audit before it is answered, as one at a record: who,
 * when, of which account or transfer, with which purpose. `act` is "view", or "export" for a form that is a file.
 * Leaves the engine: what it lent is not used any more. Where nobody signs in there is nobody to name, and nothing is
 * done. */
SLUICE_MUST_USE sluice_result desk_engine_seen(request *rq, const char *act, const char *kind, sluice_text detail,
                                               sluice_error *error);

/* In the audit, in the name of whoever had begun it: the job was stopped, because he may not go on (request_still). */
void desk_note_lost(request *rq);

/* On the writer: the command under way failed so; it is written down when everything else of it is undone. `c` lives
 * until then. */
void desk_failing(const request *rq, const desk_command *c, sluice_result failure);

/* By bit, NULL-terminated. */
extern const char *const DESK_ROLE_NAMES[];

/* desk_lists.c, desk_records.c: handlers whose route.context is a desk_route. */
typedef struct desk_route {
    const desk_kind *kind;
    const desk_act_row *act; /* of an act's route */
    const desk_child *child; /* of a child list */
} desk_route;
static inline const desk_route *desk_route_of(const request *rq) {
    return rq->route->context;
}
sluice_result desk_list_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_get_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_act_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_child_act_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_bulk_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_child_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_audit_handler(request *rq, response *rs, sluice_error *error);
sluice_result desk_history_handler(request *rq, response *rs, sluice_error *error);

/* desk_session.c, desk_special.c, desk_audit.c, desk_case.c, desk_command.c, desk_backup.c, desk_openid.c,
 * desk_console.c: routes by hand. */
extern const route DESK_SESSION_ROUTES[], DESK_SPECIAL_ROUTES[], DESK_CASE_ROUTES[], DESK_COMMAND_ROUTES[],
    DESK_AUDIT_ROUTES[], DESK_BACKUP_ROUTES[], DESK_OPENID_ROUTES[], DESK_CONSOLE_ROUTES[];
extern const size_t DESK_SESSION_ROUTE_COUNT, DESK_SPECIAL_ROUTE_COUNT, DESK_CASE_ROUTE_COUNT, DESK_COMMAND_ROUTE_COUNT,
    DESK_AUDIT_ROUTE_COUNT, DESK_BACKUP_ROUTE_COUNT, DESK_OPENID_ROUTE_COUNT, DESK_CONSOLE_ROUTE_COUNT;

/* Who else looks at a record (presence.c): the events that tell it. Any thread. */
void desk_tell(desk_link *link, const desk_kind *kind, const record *r, const char *act);

/* desk_import.c: files that come in through the API. */
extern const route DESK_IMPORT_ROUTES[];
extern const size_t DESK_IMPORT_ROUTE_COUNT;

/* desk_rules.c: texts of rules. */
extern const route DESK_RULES_ROUTES[];
extern const size_t DESK_RULES_ROUTE_COUNT;

/* desk_outlet.c, desk_outreach.c: rankings, counts and effects. */
extern const route DESK_OUTLET_ROUTES[], DESK_OUTREACH_ROUTES[];
extern const size_t DESK_OUTLET_ROUTE_COUNT, DESK_OUTREACH_ROUTE_COUNT;
/* desk_views.c: saved views of lists. */
extern const route DESK_VIEW_ROUTES[];
extern const size_t DESK_VIEW_ROUTE_COUNT;

/* At the start: that the folder of rules decides without the approved changes is in the audit, with the set's SHA-256.
 */
SLUICE_MUST_USE sluice_result desk_link_note_alone(struct sluice_server *s, sluice_error *error);

#endif
