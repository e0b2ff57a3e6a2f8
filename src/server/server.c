/* Opening, running and closing the daemon. Order matters: the engine before its detector, both before any thread; when
 * stopping, first the connections, then those who wait for the writer, then the writer, then the snapshot. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include <sluice/trace.h>

#include "base/error.h"
#include "server/desk_link.h"
#include "server/http_private.h"
#include "server/notice_private.h"
#include "server/openid_private.h"
#include "server/presence.h"
#include "server/server_private.h"
#include "sys/clock_file.h"
#include "sys/random.h"
#include "sys/region_ahead.h"

static bool keep_text(server *s, const char **text) {
    if (*text != NULL) {
        *text = arena_copy(&s->texts, *text, strlen(*text) + 1);
        return *text != NULL;
    }
    return true;
}

static uint32_t or_default(uint32_t value, uint32_t by_default) {
    return value == 0 ? by_default : value;
}

static sluice_result take_options(server *s, const sluice_serve_options *options, sluice_error *error) {
    sluice_serve_options *o = &s->options;
    if (options->size > sizeof *o) {
        return error_set(error, SLUICE_E_INVALID, "sluice_serve_options is of a newer library");
    }
    memcpy(o, options, options->size);
    o->listen = o->listen == NULL ? "127.0.0.1:8080" : o->listen;
    o->workers = or_default(o->workers, 8);
    o->workers = o->workers > SERVER_WORKERS_MAX ? SERVER_WORKERS_MAX : o->workers;
    o->connections_max = or_default(o->connections_max, 4096);
    o->connections_per_address_max = or_default(o->connections_per_address_max, 512);
    o->consoles_max = or_default(o->consoles_max, 1000);
    o->requests_per_second = or_default(o->requests_per_second, 200);
    o->sign_ins_per_minute = or_default(o->sign_ins_per_minute, 10);
    o->header_timeout_ms = or_default(o->header_timeout_ms, 10000);
    o->send_timeout_ms = or_default(o->send_timeout_ms, 60000);
    if (o->database == NULL) {
        return error_set(error, SLUICE_E_INVALID, "no database was named");
    }
    if ((o->tls_certificate == NULL) != (o->tls_key == NULL)) {
        return error_set(error, SLUICE_E_INVALID, "TLS needs both a certificate and a key");
    }
    o->with.size = sizeof o->with;
    const char **texts[] = {&o->database,        &o->listen,          &o->with.rules, &o->with.patterns,
                            &o->with.model,      &o->tls_certificate, &o->tls_key,    &o->gateway_keys,
                            &o->gateway_schemas, &o->gateway_die_at,  &o->clock,      &o->allow_origin,
                            &o->audit_witness,   &o->notice,          &o->backups,    &o->openid};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!keep_text(s, texts[i])) {
            return error_no_memory(error, 256);
        }
    }
    return SLUICE_OK;
}

static sluice_result name_instance(server *s, sluice_error *error) {
    uint32_t number = 0;
    if (sodium_init() < 0 || !random_secret(&number, sizeof number) ||
        !random_secret(s->cursor_key, sizeof s->cursor_key)) {
        return error_set(error, SLUICE_E_IO, "the system gives no random bytes");
    }
    (void)snprintf(s->instance, sizeof s->instance, "%08x", number);
    return SLUICE_OK;
}

static sluice_result open_all(server *s, const sluice_serve_options *options, sluice_error *error) {
    sluice_result result = take_options(s, options, error);
    if (result == SLUICE_OK) {
        result = name_instance(s, error);
    }
    if (result == SLUICE_OK) {
        result = notice_read(s, error);
    }
    if (result == SLUICE_OK && s->options.clock != NULL) {
        result = clock_file_use(s->options.clock, error);
    }
    if (result == SLUICE_OK && s->options.openid != NULL) {
        result = openid_open(s->options.openid, &s->openid, error);
    }
    if (result == SLUICE_OK) {
        result = route_set_new(&s->routes, error);
    }
    if (result == SLUICE_OK) {
        result = routes_add_all(s->routes, error);
    }
    if (result == SLUICE_OK) {
        result = rate_table_init(&s->rates, error);
    }
    if (result == SLUICE_OK) {
        result = events_open(s, error);
    }
    if (result == SLUICE_OK) {
        result = presence_open(&s->presence, error);
    }
    if (result == SLUICE_OK) {
        result = loop_open(&s->loop, error);
    }
    if (result == SLUICE_OK) {
        (void)loop_raise_descriptor_limit();
        result = http_open(s, error); /* before the engine: an address in use should be told at once */
    }
    if (result == SLUICE_OK) {
        result = sluice_engine_open(s->options.database, NULL, &s->engine, error);
    }
    if (result == SLUICE_OK) {
        result = desk_link_open(s, &s->link, error);
    }
    if (result == SLUICE_OK) {
        result = rules_use_take(s, error);
    }
    if (result == SLUICE_OK) {
        result = writer_open(s, error);
        s->writer_is_open = true;
    }
    if (result == SLUICE_OK && !s->options.no_gateways) {
        result = gateway_link_open(s, error);
    }
    return result;
}

sluice_result sluice_server_open(const sluice_serve_options *options, sluice_server **server_out, sluice_error *error) {
    *server_out = NULL;
    server *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        return error_no_memory(error, sizeof *s);
    }
    s->loop = (loop){-1, -1, -1};
    s->listening.descriptor = -1;
    s->desk = &s->no_desk;
    server_log_init(&s->log);
    gate_init(&s->gate);
    rules_use_init(s);
    mutex_init(&s->rate_lock);
    mutex_init(&s->done.lock);
    mutex_init(&s->workers.lock);
    condition_init(&s->workers.changed);
    sluice_result result = open_all(s, options, error);
    if (result != SLUICE_OK) {
        sluice_server_close(&s);
    }
    *server_out = s;
    return result;
}

uint16_t sluice_server_port(const sluice_server *server) {
    return server->listening.port;
}

static sluice_result start_threads(server *s, sluice_error *error) {
    s->memory_is_ahead = region_ahead_start();
    if (!s->memory_is_ahead) {
        return error_set(error, SLUICE_E_NO_MEMORY, "the system has no more threads");
    }
    sluice_result result = metrics_init(&s->metrics, route_set_count(s->routes), error);
    if (result == SLUICE_OK) {
        result = writer_start(s, error);
    }
    if (result == SLUICE_OK) {
        result = workers_open(s, error);
    }
    if (result == SLUICE_OK && s->gateway != NULL) {
        result = gateway_start(s->gateway, error);
    }
    return result == SLUICE_OK ? jobs_open(s, error) : result;
}

static sluice_result make_openapi(server *s, sluice_error *error) {
    text_writer out = {0};
    sluice_result result = openapi_write(s->routes, s->desk->role_names, &out, error);
    const char *copy = result == SLUICE_OK ? arena_copy(&s->texts, out.data, out.length) : NULL;
    s->openapi = (sluice_text){copy, copy == NULL ? 0 : out.length};
    text_writer_fini(&out);
    return result == SLUICE_OK && copy == NULL ? error_no_memory(error, out.length) : result;
}

static void stop_threads(server *s) {
    jobs_stop(s);
    workers_close(s);
    gateway_stop(s->gateway);
    writer_stop(s);
    if (s->memory_is_ahead) {
        region_ahead_stop();
        s->memory_is_ahead = false;
    }
}

sluice_result sluice_server_run(sluice_server *s, bool with_signals, sluice_error *error) {
    sluice_result result = make_openapi(s, error);
    if (result == SLUICE_OK && with_signals) {
        result = loop_take_signals(&s->loop, error); /* before the threads, which take over what is blocked */
    }
    if (result == SLUICE_OK) {
        if (s->options.clock != NULL) {
            log_line(&s->log, "warn", "clock", "time is simulated: this is for tests");
        }
        if (s->options.insecure_open) {
            log_line(&s->log, "warn", "open",
                     "the engine answers everybody who reaches this port, the desk nobody: this is for development");
        }
        result = start_threads(s, error);
    }
    result = result == SLUICE_OK ? desk_link_note_alone(s, error) : result;
    if (result == SLUICE_OK) {
        result = http_run(s, with_signals, error);
    }
    stop_threads(s);
    http_close(s);
    if (result == SLUICE_OK) {
        sluice_error snapshot = {0};
        if (sluice_engine_snapshot(s->engine, &snapshot) != SLUICE_OK) {
            log_line(&s->log, "warn", "snapshot", "was not written, the next start takes longer: %s", snapshot.text);
        }
        log_line(&s->log, "info", "stopped", "everything is on the disk");
    }
    return result;
}

void sluice_server_stop(sluice_server *server) {
    atomic_store(&server->stop, true);
    loop_wake(&server->loop);
}

void sluice_server_close(sluice_server **server) {
    struct sluice_server *s = *server;
    if (s == NULL) {
        return;
    }
    http_close(s);
    jobs_close(s);
    gateway_close(&s->gateway);
    if (s->writer_is_open) {
        writer_close(s);
    }
    desk_link_close(&s->link);
    openid_close(&s->openid);
    sluice_engine_close(&s->engine);
    events_close(s);
    presence_close(&s->presence);
    exchange_list_fini(&s->exchanges);
    metrics_fini(&s->metrics);
    rate_table_fini(&s->rates);
    route_set_free(&s->routes);
    loop_close(&s->loop);
    condition_fini(&s->workers.changed);
    mutex_fini(&s->workers.lock);
    mutex_fini(&s->done.lock);
    mutex_fini(&s->rate_lock);
    gate_fini(&s->gate);
    rules_use_fini(s);
    server_log_fini(&s->log);
    arena_fini(&s->texts);
    memory_free(s);
    *server = NULL;
}

sluice_engine *server_engine_of_writer(server *s) {
    return s->engine;
}

void server_set_desk(server *s, const server_desk *desk) {
    s->desk = desk;
    if (desk->secret != NULL) {
        memcpy(s->cursor_key, desk->secret, sizeof s->cursor_key);
    }
}

sluice_result server_add_routes(server *s, const route *routes, size_t count, sluice_error *error) {
    return route_set_add(s->routes, routes, count, error);
}

sluice_result sluice_server_openapi(char **text_out, size_t *length_out, sluice_error *error) {
    route_set *routes = NULL;
    text_writer out = {0};
    sluice_result result = route_set_new(&routes, error);
    if (result == SLUICE_OK) {
        result = routes_add_all(routes, error);
    }
    arena made = {0};
    if (result == SLUICE_OK) {
        result = desk_routes_add(routes, &made, error);
    }
    if (result == SLUICE_OK) {
        result = openapi_write(routes, DESK_ROLE_NAMES, &out, error);
    }
    route_set_free(&routes);
    arena_fini(&made);
    if (result != SLUICE_OK) {
        text_writer_fini(&out);
        return result;
    }
    *text_out = out.data;
    *length_out = out.length;
    return SLUICE_OK;
}
