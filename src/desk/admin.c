#include <sluice/desk.h>

#include <string.h>

#include "base/memory.h"
#include "desk/bulletin.h"
#include "desk/desk_private.h"
#include "desk/user.h"
#include "sys/clock.h"
#include "sys/clock_file.h"

static sluice_result open_desk(const char *location, bool must_exist, store **store_out, desk **desk_out,
                               sluice_error *error) {
    *desk_out = NULL;
    sluice_result result = store_open(location, must_exist, store_out, error);
    desk_options options = {.store = *store_out};
    return result == SLUICE_OK ? desk_open(&options, clock_now_ms(), desk_out, error) : result;
}

typedef struct user_call {
    const sluice_user_options *options;
    char code[TOKEN_BYTES];
} user_call;

static sluice_result add(desk_command *c, void *context) {
    user_call *call = context;
    const sluice_user_options *o = call->options;
    return user_add(c, text_of(o->login), text_of(o->name), text_of(o->roles), o->unit == 0 ? 1 : o->unit, call->code);
}

sluice_result sluice_user_add(const char *location, const sluice_user_options *options,
                              char code_out[SLUICE_CODE_BYTES], sluice_error *error) {
    sluice_user_options o = {0};
    if (options->size > sizeof o) {
        return error_set(error, SLUICE_E_INVALID, "sluice_user_options is of a newer library");
    }
    memcpy(&o, options, options->size);
    if (o.login == NULL || o.name == NULL || o.roles == NULL) {
        return error_set(error, SLUICE_E_INVALID, "login, name and roles are needed");
    }
    store *s = NULL;
    desk *d = NULL;
    arena a = {0};
    sluice_result result = o.clock == NULL ? SLUICE_OK : clock_file_use(o.clock, error);
    result = result == SLUICE_OK ? open_desk(location, false, &s, &d, error) : result;
    if (result == SLUICE_OK) {
        user_call call = {.options = &o};
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = clock_now_ms(), .arena = &a, .error = error};
        result = desk_run_alone(&c, add, &call);
        memcpy(code_out, call.code, sizeof call.code);
    }
    arena_fini(&a);
    desk_close(&d);
    store_close(&s);
    return result;
}

sluice_result sluice_audit_verify(const char *location, const char *witness, uint64_t *rows_out, char head_out[65],
                                  sluice_error *error) {
    store *s = NULL;
    desk *d = NULL;
    sluice_result result = open_desk(location, true, &s, &d, error);
    result = result == SLUICE_OK ? audit_verify(s, witness, (audit_progress){0}, rows_out, head_out, error) : result;
    desk_close(&d);
    store_close(&s);
    return result;
}

static sluice_result write_bulletin(desk_command *c, const sluice_bulletin_options *o, sluice_text *bytes_out) {
    static const bulletin_format FORMATS[] = {
        [SLUICE_BULLETIN_TEXT] = BULLETIN_TEXT,
        [SLUICE_BULLETIN_PDF] = BULLETIN_PDF,
        [SLUICE_BULLETIN_XLSX] = BULLETIN_XLSX,
        [SLUICE_BULLETIN_JSON] = BULLETIN_JSON,
    };
    figure_scope scope;
    bulletin_figures figures;
    sluice_text json = {0};
    bulletin_head head = {.unit = o->unit, .operator= c->actor->login };
    sluice_result result = bulletin_scope(c, o->from_ms, o->to_ms, o->unit, o->operation, o->site, &scope);
    result = result == SLUICE_OK ? bulletin_compute(c, &scope, &figures) : result;
    result = result == SLUICE_OK ? bulletin_json(c, &head, &figures, &json) : result;
    return result == SLUICE_OK
               ? bulletin_render(json, FORMATS[o->format], !o->in_english, c->arena, bytes_out, c->error)
               : result;
}

sluice_result sluice_bulletin(const char *location, const sluice_bulletin_options *options, char **bytes_out,
                              size_t *length_out, sluice_error *error) {
    sluice_bulletin_options o = {0};
    *bytes_out = NULL;
    if (options->size > sizeof o || options->format > SLUICE_BULLETIN_JSON) {
        return error_set(error, SLUICE_E_INVALID, "sluice_bulletin_options is of a newer library");
    }
    memcpy(&o, options, options->size);
    store *s = NULL;
    desk *d = NULL;
    arena a = {0};
    sluice_text bytes = {0};
    sluice_result result = open_desk(location, true, &s, &d, error);
    if (result == SLUICE_OK) {
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = clock_now_ms(), .arena = &a, .error = error};
        result = write_bulletin(&c, &o, &bytes);
    }
    if (result == SLUICE_OK) {
        *bytes_out = memory_new(bytes.length + 1);
        *length_out = bytes.length;
        result = *bytes_out == NULL ? error_no_memory(error, bytes.length) : SLUICE_OK;
    }
    if (*bytes_out != NULL) {
        memcpy(*bytes_out, bytes.data, bytes.length);
        (*bytes_out)[bytes.length] = '\0';
    }
    arena_fini(&a);
    desk_close(&d);
    store_close(&s);
    return result;
}
