/* Backups that an administrator asks a running daemon for: POST /v1/backups is a job that copies what is committed at
 * one moment, with its audit trail verified, into a new file; GET /v1/backups lists the files that are there.
 *
 * Where they go was said when the daemon was started (--backups); a client names neither a path nor a file, and cannot
 * fetch one: a backup holds everybody's data and the secret under which identity numbers are hashed. That one is asked
 * for is in the audit before it is begun, what came of it after it. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "desk/copy.h"
#include "server/desk_link.h"
#include "server/server_private.h"
#include "signal/json.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { NAME_BYTES = 80, LISTED_MAX = 1000 };
static const char BEGINS[] = "sluice-", ENDS[] = ".backup";

/* It holds every district's records. */
static sluice_result require_city(desk_command *c) {
    return c->actor->level == LEVEL_CITY
               ? SLUICE_OK
               : error_set(c->error, SLUICE_E_FORBIDDEN, "the whole database is for an administrator of the city");
}

static sluice_result folder_of(const request *rq, const char **folder_out, sluice_error *error) {
    *folder_out = rq->server->options.backups;
    if (*folder_out == NULL) {
        return error_set(error, SLUICE_E_STATE,
                         "this daemon was started without --backups DIR, which says where backups are put");
    }
    if (file_kind_of(*folder_out) != FILE_FOLDER) {
        return error_set(error, SLUICE_E_IO, "the folder for backups is not there: ask whoever runs the daemon");
    }
    return SLUICE_OK;
}

static const char *path_in(arena *a, const char *folder, const char *name) {
    size_t bytes = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(a, bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s/%s", folder, name);
    }
    return path;
}

/* "sluice-20261129T071000123Z-1f2e3d4c.backup": when, and of which request. */
static void name_backup(const request *rq, int64_t now_ms, char name_out[NAME_BYTES]) {
    int64_t year;
    unsigned month, day;
    int64_t days = now_ms / TIME_DAY_MS, ms = now_ms % TIME_DAY_MS;
    time_civil_from_days(days, &year, &month, &day);
    (void)snprintf(name_out, NAME_BYTES, "%s%04lld%02u%02uT%02lld%02lld%02lld%03lldZ-%s%s", BEGINS, (long long)year,
                   month, day, (long long)(ms / 3600000), (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60),
                   (long long)(ms % 1000), rq->id, ENDS);
}

static bool on_progress(void *context, const char *what, uint64_t done, uint64_t total) {
    (void)what;
    return request_progress(context, done, total);
}

static void write_backup(json_document *d, yyjson_mut_val *root, const char *name, uint64_t bytes, int64_t made_ms) {
    json_add_text(d, root, "name", text_of(name));
    json_add_uint(d, root, "bytes", bytes);
    json_add_time(d, root, "made", made_ms);
}

static sluice_result write_summary(request *rq, response *rs, const char *name, const char *path,
                                   const sluice_copy_summary *summary, sluice_error *error) {
    json_document d;
    uint64_t bytes = 0;
    char hash[SHA256_HEX_BYTES];
    sluice_result result = file_sha256(path, &bytes, hash, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    write_backup(&d, root, name, bytes, rq->now_ms);
    json_add_text(&d, root, "sha256", text_of(hash));
    json_add_uint(&d, root, "signals", summary->signals);
    json_add_uint(&d, root, "decisions", summary->decisions);
    json_add_uint(&d, root, "records", summary->records);
    json_add_uint(&d, root, "audit_rows", summary->audit_rows);
    json_add_text(&d, root, "audit_head", text_of(summary->audit_head));
    return response_json(rs, &d, error);
}

/* The job. A copy that failed or was cancelled leaves no file of the name; what it had begun is removed. */
static sluice_result make_backup(request *rq, response *rs, sluice_error *error) {
    char name[NAME_BYTES], partial[NAME_BYTES + 16];
    const char *folder = NULL;
    desk_command c;
    sluice_copy_summary summary;
    sluice_copy_options options = {.size = sizeof options, .progress = on_progress, .progress_context = rq};
    name_backup(rq, rq->now_ms, name);
    (void)snprintf(partial, sizeof partial, "%s.partial", name);
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? require_city(&c) : result;
    result = result == SLUICE_OK ? folder_of(rq, &folder, error) : result;
    result = result == SLUICE_OK ? desk_seen(&c, rq, "backup", "database", 0, text_of(name)) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    const char *path = path_in(&rq->arena, folder, name), *begun = path_in(&rq->arena, folder, partial);
    if (path == NULL || begun == NULL) {
        return error_no_memory(error, strlen(folder));
    }
    sluice_error said = {0}, unheard = {0};
    result = desk_backup(desk_store(c.desk), path, &options, &summary, &said);
    if (result == SLUICE_OK) {
        result = write_summary(rq, rs, name, path, &summary, error);
    } else {
        if (file_remove(begun, &unheard) != SLUICE_OK) {
            log_line(&rq->server->log, "warn", "backup", "%s", unheard.text);
        }
        log_line(&rq->server->log, "error", "backup", "%s", said.text);
        result = result == SLUICE_E_INTERRUPTED ? error_set(error, result, "stopped; there is no file")
                 : result == SLUICE_E_FULL
                     ? error_set(error, result, "the disk for backups is full; there is no file")
                     : error_set(error, result, "the backup was not made; the daemon's log says why");
    }
    sluice_error seen_error = {0};
    c.error = &seen_error;
    sluice_result seen = desk_seen(&c, rq, result == SLUICE_OK ? "backup_made" : "backup_failed", "database", 0,
                                   text_of(result == SLUICE_OK ? name : sluice_result_text(result)));
    return result == SLUICE_OK && seen != SLUICE_OK ? error_set(error, seen, "%s", seen_error.text) : result;
}

static bool is_backup(const char *name) {
    size_t length = strlen(name), ends = sizeof ENDS - 1;
    return length > ends && length < NAME_BYTES && strncmp(name, BEGINS, sizeof BEGINS - 1) == 0 &&
           strcmp(name + length - ends, ENDS) == 0;
}

/* The newest first: their names are in the order of time. */
static sluice_result list_backups(request *rq, response *rs, sluice_error *error) {
    char **names = NULL;
    size_t count = 0, listed = 0;
    const char *folder = NULL;
    json_document d;
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? require_city(&c) : result;
    result = result == SLUICE_OK ? folder_of(rq, &folder, error) : result;
    sluice_error said = {0};
    if (result == SLUICE_OK && file_list(folder, &names, &count, &said) != SLUICE_OK) {
        result = error_set(error, SLUICE_E_IO, "the folder for backups cannot be read: ask whoever runs the daemon");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = count; i-- > 0 && listed < LISTED_MAX;) {
        uint64_t bytes = 0;
        int64_t changed_ms = 0;
        const char *path = is_backup(names[i]) ? path_in(&rq->arena, folder, names[i]) : NULL;
        if (path != NULL && file_look(path, &bytes, &changed_ms)) {
            write_backup(&d, json_append_object(&d, items), names[i], bytes, changed_ms);
            listed++;
        }
    }
    json_add_text_or_null(&d, root, "next", (sluice_text){0});
    result = response_json(rs, &d, error);
    file_list_free(&names, count); /* the document has borrowed them */
    return result;
}

static const api_field BACKUP_FIELDS[] = {
    {.name = "name", .type = API_TEXT, .flags = API_REQUIRED, .en = "its file in the folder", .zh = "文件名"},
    {.name = "bytes", .type = API_INTEGER, .flags = API_REQUIRED, .en = "how large it is", .zh = "大小"},
    {.name = "made", .type = API_TIME, .flags = API_REQUIRED, .en = "when it was made", .zh = "备份时间"},
    {.name = "sha256", .type = API_TEXT, .en = "of the file", .zh = "文件哈希"},
    {.name = "signals", .type = API_INTEGER, .en = "in its log", .zh = "信号数"},
    {.name = "decisions", .type = API_INTEGER, .en = "in it", .zh = "决策数"},
    {.name = "records", .type = API_INTEGER, .en = "of the desk in it", .zh = "台账记录数"},
    {.name = "audit_rows", .type = API_INTEGER, .en = "verified in it", .zh = "已校验审计条数"},
    {.name = "audit_head", .type = API_TEXT, .en = "hash of the newest", .zh = "审计链头"},
};
static const api_schema BACKUPS = {.name = "backup_list",
                                   .fields = BACKUP_FIELDS,
                                   .field_count = sizeof BACKUP_FIELDS / sizeof *BACKUP_FIELDS,
                                   .is_list = true,
                                   .en = "backups"};

const route DESK_BACKUP_ROUTES[] = {
    {.method = METHOD_POST,
     .template = "/v1/backups",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ADMINISTRATOR,
     .flags = ROUTE_BODY_OPTIONAL,
     .handle = make_backup,
     .tag = "backups",
     .operation = "makeBackup",
     .en = "copy the database, as of now, into a new file of the folder that the daemon was started with; verified",
     .zh = "在线备份",
     .problems = "403"},
    {.method = METHOD_GET,
     .template = "/v1/backups",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ADMINISTRATOR,
     .handle = list_backups,
     .tag = "backups",
     .operation = "listBackups",
     .en = "the files that are there",
     .zh = "备份列表",
     .answer = &BACKUPS,
     .problems = "409"},
};
const size_t DESK_BACKUP_ROUTE_COUNT = sizeof DESK_BACKUP_ROUTES / sizeof *DESK_BACKUP_ROUTES;
