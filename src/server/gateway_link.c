/* What the daemon gives to the gateway: its writer, its log, the folder of keys. */
#include "base/error.h"
#include "desk/partner_link.h"
#include "server/desk_link.h"
#include "server/server_private.h"
#include "sys/clock.h"

typedef struct write_call {
    server *server;
    desk_function run;
    void *argument;
    arena *arena;
} write_call;

static sluice_result run_write(void *context, sluice_error *error) {
    const write_call *call = context;
    desk_command c = {.desk = desk_link_desk(call->server->link),
                      .actor = &DESK_SYSTEM,
                      .now_ms = clock_now_ms(),
                      .arena = call->arena,
                      .error = error};
    return call->run(&c, call->argument);
}

static sluice_result write_outbox(void *context, desk_function run, void *argument, arena *a, sluice_error *error) {
    write_call call = {context, run, argument, a};
    return writer_run_whole(context, run_write, &call, error);
}

static void log_outbox(void *context, const char *level, const char *event, const char *text) {
    server *s = context;
    log_line(&s->log, level, event, "%s", text);
}

static void each_second(void *context) {
    inquiry_link_work(context);
}

sluice_result gateway_link_open(server *s, sluice_error *error) {
    const gateway_host host = {.desk = desk_link_desk(s->link),
                               .context = s,
                               .write = write_outbox,
                               .each_second = each_second,
                               .log = log_outbox,
                               .keys = s->options.gateway_keys,
                               .schemas = s->options.gateway_schemas,
                               .clock_is_simulated = s->options.clock != NULL,
                               .die_at = s->options.clock != NULL ? s->options.gateway_die_at : NULL};
    return gateway_open(&host, &s->gateway, error);
}

void gateway_link_committed(server *s) {
    uint64_t epoch = outbox_epoch(desk_link_desk(s->link)) + partner_link_epoch(desk_link_desk(s->link));
    if (s->gateway != NULL && epoch != s->gateway_epoch) {
        s->gateway_epoch = epoch;
        gateway_wake(s->gateway);
    }
}
