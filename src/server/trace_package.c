#include "server/trace_package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/time.h"
#include "server/desk_link.h"
#include "server/server_private.h"

enum { FILES = 3, STEPS_A_FILE = 15, STEPS_BEFORE_ZIP = FILES * STEPS_A_FILE };

typedef struct packed_file {
    const char *name;
    sluice_trace_format format;
    char *text; /* sluice_text_free's */
    size_t length;
    char sha256[SHA256_HEX_BYTES];
} packed_file;

/* The question as it was asked: its parameters, or the body. */
static void write_question(json_document *d, yyjson_mut_val *root, const request *rq) {
    if (rq->json != NULL) {
        d->failed |=
            !yyjson_mut_obj_add(root, yyjson_mut_str(d->doc, "question"), yyjson_val_mut_copy(d->doc, rq->json));
        return;
    }
    yyjson_mut_val *question = json_add_object(d, root, "question");
    for (size_t i = 0; i < rq->parameter_count; i++) {
        yyjson_mut_obj_add(question,
                           yyjson_mut_strncpy(d->doc, rq->parameters[i].name.data, rq->parameters[i].name.length),
                           yyjson_mut_strncpy(d->doc, rq->parameters[i].value.data, rq->parameters[i].value.length));
    }
}

static sluice_result write_manifest(request *rq, const desk_command *c, sluice_trace *trace, const packed_file *files,
                                    response *manifest, sluice_error *error) {
    json_document d;
    sluice_trace_view view = {.size = sizeof view};
    char ledgers[SHA256_HEX_BYTES];
    sluice_result result = sluice_trace_ledger_sha256(trace, ledgers, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_trace_view_get(trace, &view);
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "what", TEXT("资金穿透证据包 evidence package of a fund trace"));
    json_add_text(&d, root, "program", text_of(sluice_version()));
    json_add_time(&d, root, "made", rq->now_ms);
    json_add_text(&d, root, "operator", c->actor->login);
    json_add_int(&d, root, "operator_id", c->actor->user);
    json_add_int(&d, root, "unit", c->actor->unit);
    json_add_text(&d, root, "purpose", c->actor->purpose);
    json_add_text(&d, root, "request", text_of(rq->id));
    write_question(&d, root, rq);
    json_add_text(&d, root, "method", text_of(sluice_method_name(view.method)));
    json_add_uint(&d, root, "as_of", view.as_of);
    json_add_text(&d, root, "ledger_sha256", text_of(ledgers));
    json_add_int(&d, root, "total_fen", view.total_fen);
    yyjson_mut_val *list = json_add_array(&d, root, "files");
    for (size_t i = 0; i < FILES; i++) {
        yyjson_mut_val *one = json_append_object(&d, list);
        json_add_text(&d, one, "name", text_of(files[i].name));
        json_add_uint(&d, one, "bytes", files[i].length);
        json_add_text(&d, one, "sha256", text_of(files[i].sha256));
    }
    return response_json(manifest, &d, error);
}

static bool put(zip_t *archive, const char *name, const void *data, size_t bytes, int64_t now_ms) {
    zip_source_t *source = zip_source_buffer(archive, data, bytes, 0);
    if (source == NULL) {
        return false;
    }
    zip_int64_t at = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_mtime(archive, (zip_uint64_t)at, (time_t)(now_ms / 1000), 0) == 0;
}

static void on_packed(zip_t *archive, double share, void *rq) {
    (void)archive;
    uint64_t step = (uint64_t)(share * (TRACE_PACKAGE_STEPS - STEPS_BEFORE_ZIP));
    (void)request_progress(rq, STEPS_BEFORE_ZIP + step, TRACE_PACKAGE_STEPS);
}

static int is_unwanted(zip_t *archive, void *rq) {
    (void)archive;
    return !request_goes_on(rq);
}

/* The archive is made in memory; its bytes go into `body`. False: it was cancelled, or could not be. */
static bool zip_all(request *rq, const packed_file *files, const text_writer *manifest, text_writer *body) {
    zip_error_t why;
    zip_error_init(&why);
    bool done = false;
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *archive = target == NULL ? NULL : zip_open_from_source(target, ZIP_TRUNCATE, &why);
    if (archive == NULL) {
        zip_source_free(target);
        zip_error_fini(&why);
        return false;
    }
    zip_source_keep(target);
    zip_register_progress_callback_with_state(archive, 0.02, on_packed, NULL, rq);
    zip_register_cancel_callback_with_state(archive, is_unwanted, NULL, rq);
    bool good = put(archive, "manifest.json", manifest->data, manifest->length, rq->now_ms);
    for (size_t i = 0; good && i < FILES; i++) {
        good = put(archive, files[i].name, files[i].text, files[i].length, rq->now_ms);
    }
    if (!good || zip_close(archive) != 0) {
        zip_discard(archive);
    } else if (zip_source_open(target) == 0) {
        zip_stat_t stat;
        if (zip_source_stat(target, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0) {
            char *bytes = malloc((size_t)stat.size);
            if (bytes != NULL && zip_source_read(target, bytes, stat.size) == (zip_int64_t)stat.size) {
                text_write(body, (sluice_text){bytes, (size_t)stat.size});
                done = !body->failed;
            }
            free(bytes);
        }
        zip_source_close(target);
    }
    zip_source_free(target);
    zip_error_fini(&why);
    return done;
}

sluice_result trace_package_check(request *rq, sluice_error *error) {
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && c.actor->purpose.length == 0) {
        result = error_set(error, SLUICE_E_FORBIDDEN,
                           "an evidence package names accounts: state a purpose with the header Sluice-Purpose");
    }
    return result;
}

static sluice_result cancelled(sluice_error *error) {
    return error_set(error, SLUICE_E_INTERRUPTED, "the package was cancelled: nothing was exported");
}

sluice_result trace_package_answer(request *rq, response *rs, sluice_trace *trace, sluice_error *error) {
    packed_file files[FILES] = {{.name = "trace.json", .format = SLUICE_TRACE_JSON},
                                {.name = "flows.csv", .format = SLUICE_TRACE_CSV},
                                {.name = "trace.svg", .format = SLUICE_TRACE_SVG}};
    response manifest = {0};
    desk_command c;
    char sha256[SHA256_HEX_BYTES];
    sluice_result result = desk_command_of(rq, &c, error);
    for (size_t i = 0; result == SLUICE_OK && i < FILES; i++) {
        if (!request_progress(rq, i * STEPS_A_FILE, TRACE_PACKAGE_STEPS)) {
            result = cancelled(error);
            break;
        }
        result = sluice_trace_render(trace, files[i].format, &files[i].text, &files[i].length, error);
        if (result == SLUICE_OK) {
            result = sha256_of(files[i].text, files[i].length, files[i].sha256, error);
        }
    }
    if (result == SLUICE_OK) {
        result = write_manifest(rq, &c, trace, files, &manifest, error);
    }
    if (result == SLUICE_OK && !zip_all(rq, files, &manifest.body, &rs->body)) {
        result =
            request_goes_on(rq) ? error_set(error, SLUICE_E_IO, "the package could not be written") : cancelled(error);
    }
    if (result == SLUICE_OK) {
        result = sha256_of(rs->body.data, rs->body.length, sha256, error);
    }
    if (result == SLUICE_OK) {
        char detail[96];
        int length = snprintf(detail, sizeof detail, "zip %s", sha256);
        result = desk_seen(&c, rq, "export", "trace", 0, (sluice_text){detail, (size_t)length});
    }
    if (result == SLUICE_OK) {
        rs->content_type = "application/zip";
        response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"trace-%.12s.zip\"", sha256);
    } else {
        rs->body.length = 0;
    }
    for (size_t i = 0; i < FILES; i++) {
        sluice_text_free(&files[i].text);
    }
    text_writer_fini(&manifest.body);
    return result;
}
