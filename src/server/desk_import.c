/* Files that come in through the API: uploaded to the disk, looked at, taken in as a job, and perhaps withdrawn (the
 * acts of that are the kind's own, desk/import.h). The file goes when it was taken in or discarded; its rejected lines
 * stay, because somebody has to mend them. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/history.h"
#include "desk/import.h"
#include "desk/render.h"
#include "server/desk_link.h"
#include "server/import_job.h"
#include "server/import_preview.h"
#include "server/upload.h"
#include "signal/encoding.h"
#include "signal/json.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "text/chinese.h"

#define UPLOAD_BYTES_MAX (2147483647u)
#define NAME_BYTES_MAX 120
#define PREVIEW_ROWS 20
#define HEAD_BYTES 65536u
#define HEAD_LINES 20

/* ---- files ---- */

/* The file's own name, without what a path could be made of: its stem is part of the ids of transfers that have none.
 */
static sluice_text safe_name(sluice_text name, arena *a) {
    char *copy = arena_alloc(a, NAME_BYTES_MAX + 1);
    size_t length = 0;
    for (size_t i = 0; copy != NULL && i < name.length && length < NAME_BYTES_MAX; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool bad = c < 0x20 || c == 0x7F || c == '/' || c == '\\' || (c == '.' && length == 0);
        copy[length++] = bad ? '_' : (char)c;
    }
    while (length > 0 && length == NAME_BYTES_MAX && ((unsigned char)copy[length - 1] & 0x80) != 0) {
        length--; /* of a character that was cut */
    }
    if (copy == NULL || length == 0) {
        return TEXT("file");
    }
    copy[length] = '\0';
    return (sluice_text){copy, length};
}

/* A path in the import's own folder; `name` NULL: the folder. NULL: no memory. */
static const char *path_of(const request *rq, int64_t id, const char *name, arena *a) {
    const char *folder = upload_folder(rq, a);
    size_t bytes = folder == NULL ? 0 : strlen(folder) + 40 + (name == NULL ? 0 : strlen(name));
    char *path = folder == NULL ? NULL : arena_alloc(a, bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s/%lld%s%s", folder, (long long)id, name == NULL ? "" : "/",
                       name == NULL ? "" : name);
    }
    return path;
}

static sluice_result render(desk_command *c, request *rq, response *rs, const record *r) {
    json_document d;
    bool shown = false;
    render_record(c, &d, json_begin(&d), &IMPORT_KIND, r, &shown);
    response_set_version(rq, rs, r->version);
    return response_json(rs, &d, c->error);
}

/* ---- upload ---- */

typedef struct upload_call {
    sluice_text name;
    uint64_t bytes;
    char sha256[65];
    int64_t id;
} upload_call;

static sluice_result make_record(desk_command *c, request *rq, response *rs, void *context) {
    upload_call *call = context;
    record r = {0};
    const desk_given given[] = {{"name", value_text(call->name)},
                                {"sha256", value_text(text_of(call->sha256))},
                                {"bytes", value_integer((int64_t)call->bytes)},
                                {"purpose", value_text(c->actor->purpose)}};
    sluice_result result = desk_act_inside(c, &IMPORT_KIND, "upload", &r, given, 4);
    if (result != SLUICE_OK) {
        return result;
    }
    call->id = r.id;
    response_created(rq, rs, "/v1/imports/%lld", (long long)r.id);
    return render(c, rq, rs, &r);
}

static sluice_result upload_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    upload_call call = {0};
    const char *incoming = NULL;
    sluice_text name = {0};
    (void)request_query(rq, "name", &name);
    call.name = safe_name(name, &rq->arena);
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && c.actor->purpose.length == 0) {
        result = error_set(error, SLUICE_E_FORBIDDEN,
                           "state what the file is imported for with the header Sluice-Purpose (%s)",
                           "个人信息保护法 Art. 6");
    }
    if (result == SLUICE_OK) {
        result = upload_keep(rq, &incoming, &call.bytes, error);
    }
    if (result == SLUICE_OK) {
        result = file_sha256(incoming, NULL, call.sha256, error);
    }
    if (result == SLUICE_OK) {
        result = desk_change(rq, rs, make_record, &call, error);
    }
    sluice_error unheard = {0};
    const char *folder = call.id == 0 ? NULL : path_of(rq, call.id, NULL, &rq->arena);
    const char *path = folder == NULL ? NULL : path_of(rq, call.id, call.name.data, &rq->arena);
    if (path != NULL && result == SLUICE_OK) {
        result = folder_make(folder, error);
        return result == SLUICE_OK ? file_move(incoming, path, error) : result;
    }
    if (incoming != NULL && file_remove(incoming, &unheard) != SLUICE_OK) {
        return error_set(error, SLUICE_E_IO, "%s", unheard.text);
    }
    return result;
}

/* Where files lie on the machine is nobody's business. */
static void hide_folder(const char *path, sluice_error *error) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    for (char *at = error->text; length > 0 && (at = strstr(at, path)) != NULL;) {
        memmove(at, at + length, strlen(at + length) + 1);
    }
}

/* ---- how it is read ---- */

typedef struct reading {
    record import;
    const char *path, *mapping_path, *rejects_path;
    sluice_text format, encoding, mapping;
} reading;

/* The choices of the body, and the mapping as a file beside the upload. */
static sluice_result take_reading(request *rq, desk_command *c, reading *r, sluice_error *error) {
    int64_t id = request_variable_id(rq, 0);
    sluice_result result = desk_get(c, &IMPORT_KIND, id, &r->import);
    if (result != SLUICE_OK) {
        return result;
    }
    r->path = path_of(rq, id, safe_name(r->import.values[IMPORT_NAME].text, &rq->arena).data, &rq->arena);
    r->rejects_path = path_of(rq, id, "rejects.csv", &rq->arena);
    const char *mapping_path = path_of(rq, id, "mapping.json", &rq->arena);
    if (r->path == NULL || r->rejects_path == NULL || mapping_path == NULL) {
        return error_no_memory(error, 1024);
    }
    if (file_kind_of(r->path) != FILE_REGULAR) {
        return error_set(error, SLUICE_E_STATE, "the file is not here any more: upload it again");
    }
    (void)body_text(rq->json, "format", &r->format);
    r->encoding = TEXT("auto");
    (void)body_text(rq->json, "encoding", &r->encoding);
    yyjson_val *mapping = yyjson_obj_get(rq->json, "mapping");
    if (mapping == NULL || yyjson_is_null(mapping)) {
        return SLUICE_OK;
    }
    yyjson_alc allocator = json_arena(&rq->arena);
    size_t length = 0;
    char *text = yyjson_val_write_opts(mapping, YYJSON_WRITE_PRETTY, &allocator, &length, NULL);
    file_writer *writer = NULL;
    result = text == NULL ? error_no_memory(error, 1024) : file_write_begin(mapping_path, &writer, error);
    result = result == SLUICE_OK ? file_write(writer, text, length, error) : result;
    result = result == SLUICE_OK ? file_write_commit(&writer, error) : result;
    file_write_abandon(&writer);
    r->mapping = (sluice_text){text, length};
    r->mapping_path = mapping_path;
    return result;
}

/* A text of the arena with an end. */
static const char *ended(request *rq, sluice_text text) {
    char *copy = text.length == 0 ? NULL : arena_alloc(&rq->arena, text.length + 1);
    if (copy != NULL) {
        memcpy(copy, text.data, text.length);
        copy[text.length] = '\0';
    }
    return copy;
}

static sluice_result look(request *rq, response *rs, uint64_t rows, sluice_error *error) {
    desk_command c;
    reading r = {0};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? take_reading(rq, &c, &r, error) : result;
    if (result == SLUICE_OK) {
        result = desk_seen(&c, rq, "view", "import", r.import.id, r.import.values[IMPORT_PURPOSE].text);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    format_options options = {
        .format = ended(rq, r.format), .mapping_path = r.mapping_path, .encoding = ended(rq, r.encoding)};
    result = import_preview(rq, rs, &options, r.path, rows, error);
    if (result != SLUICE_OK) {
        hide_folder(r.path, error);
        hide_folder(r.mapping_path == NULL ? r.path : r.mapping_path, error);
    }
    return result;
}

static sluice_result preview_handler(request *rq, response *rs, sluice_error *error) {
    int64_t rows = PREVIEW_ROWS;
    (void)body_integer(rq->json, "rows", &rows);
    return look(rq, rs, (uint64_t)rows, error);
}

static sluice_result check_handler(request *rq, response *rs, sluice_error *error) {
    return look(rq, rs, 0, error);
}

/* ---- its beginning, as text: for whoever says which column is what ---- */

static void write_head(json_document *d, const file_view *view, arena *a) {
    size_t bytes = view->bytes < HEAD_BYTES ? view->bytes : HEAD_BYTES;
    sluice_text text = {bytes == 0 ? "" : view->data, bytes}, line = {0}, utf8 = {0};
    sluice_text whole = text;
    while (bytes < view->bytes && whole.length > 0 && whole.data[whole.length - 1] != '\n') {
        whole.length--; /* whole lines: no character is cut */
    }
    text = whole.length > 0 ? whole : text;
    size_t mark = encoding_mark_bytes(text);
    bool is_gb = encoding_refusal(text) == NULL && encoding_detect(text) == ENCODING_GB18030;
    decoder *from_gb = is_gb ? decoder_new() : NULL;
    text = (sluice_text){text.data + mark, text.length - mark};
    sluice_text first = text_trim(text);
    bool is_json = first.length > 0 && first.data[0] == '{';
    bool is_xml = first.length > 0 && first.data[0] == '<';
    yyjson_mut_val *root = json_begin(d);
    json_add_text(d, root, "encoding", text_of(is_gb ? "gb18030" : "utf-8"));
    json_add_text(d, root, "format", text_of(is_json ? "ndjson" : is_xml ? "pacs008" : "csv"));
    sluice_text refusal = text_of(encoding_refusal(whole) == NULL ? "" : encoding_refusal(whole));
    json_add_text_or_null(d, root, "refusal", refusal);
    chinese_add(d, root, "refusal_zh", refusal);
    yyjson_mut_val *lines = json_add_array(d, root, "lines");
    for (size_t i = 0; i < HEAD_LINES && text.length > 0; i++) {
        (void)text_split(text, '\n', &line, &text);
        line.length -= line.length > 0 && line.data[line.length - 1] == '\r';
        if (from_gb == NULL || decoder_run(from_gb, line, a, &utf8) != DECODER_OK) {
            utf8 = line;
        }
        utf8 = encoding_make_valid(utf8, 4000, a);
        d->failed = d->failed || (d->doc != NULL && !yyjson_mut_arr_add_strn(d->doc, lines, utf8.data, utf8.length));
    }
    decoder_free(&from_gb);
}

static sluice_result head_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    reading r = {0};
    file_view view = {0};
    json_document d;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? take_reading(rq, &c, &r, error) : result;
    if (result == SLUICE_OK) {
        result = desk_seen(&c, rq, "view", "import", r.import.id, r.import.values[IMPORT_PURPOSE].text);
    }
    result = result == SLUICE_OK ? file_map(r.path, &view, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    write_head(&d, &view, &rq->arena);
    file_unmap(&view);
    return response_json(rs, &d, error);
}

/* ---- the run ---- */

typedef struct run_call {
    reading *reading;
    record record;
    const sluice_import_summary *summary;
    sluice_text why;
} run_call;

static record_value text_or_null(sluice_text text) {
    return text.length == 0 ? value_null() : value_text(text);
}

static sluice_result begin_run(desk_command *c, request *rq, response *rs, void *context) {
    run_call *call = context;
    const reading *r = call->reading;
    (void)rs;
    const desk_given given[] = {{"format", text_or_null(r->format)},
                                {"encoding", text_or_null(r->encoding)},
                                {"mapping", text_or_null(r->mapping)}};
    sluice_result result = desk_check_act(c, &IMPORT_KIND, "start", request_variable_id(rq, 0), 0, &call->record);
    return result == SLUICE_OK ? desk_act_inside(c, &IMPORT_KIND, "start", &call->record, given, 3) : result;
}

static sluice_result write_end(desk_command *c, request *rq, response *rs, void *context) {
    run_call *call = context;
    desk_command system = *c;
    system.actor = &DESK_SYSTEM;
    sluice_result result = import_ended(&system, call->record.id, call->summary, call->why, &call->record);
    return result == SLUICE_OK ? render(c, rq, rs, &call->record) : result;
}

static sluice_result start_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    reading r = {0};
    run_call call = {.reading = &r};
    sluice_import_summary summary = {0};
    sluice_error why = {0}, unheard = {0};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? take_reading(rq, &c, &r, error) : result;
    result = result == SLUICE_OK ? desk_change(rq, rs, begin_run, &call, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_import_options options = {.size = sizeof options,
                                     .format = ended(rq, r.format),
                                     .mapping_path = r.mapping_path,
                                     .rejects_path = r.rejects_path,
                                     .encoding = ended(rq, r.encoding)};
    sluice_result ran = import_run(rq, &options, r.path, &summary, &why);
    hide_folder(r.path, &why);
    hide_folder(r.mapping_path == NULL ? r.path : r.mapping_path, &why);
    call.summary = &summary;
    if (ran != SLUICE_OK && rq->is_lost) {
        (void)request_lost(&why);
    }
    call.why = ran == SLUICE_OK ? (sluice_text){0} : why.text[0] == '\0' ? TEXT("it stopped") : text_of(why.text);
    rq->is_ending = true; /* how far it came is written down, whoever began it */
    request_leave_engine(rq);
    result = desk_change(rq, rs, write_end, &call, error);
    if (ran == SLUICE_OK && result == SLUICE_OK && file_remove(r.path, &unheard) != SLUICE_OK) {
        return error_set(error, SLUICE_E_IO, "%s", unheard.text);
    }
    return ran == SLUICE_OK || result != SLUICE_OK ? result : error_set(error, ran, "%s", why.text);
}

/* ---- rejected lines ---- */

static sluice_result rejects_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record r;
    file_view view = {0};
    int64_t id = request_variable_id(rq, 0);
    const char *path = path_of(rq, id, "rejects.csv", &rq->arena);
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &IMPORT_KIND, id, &r) : result;
    if (result == SLUICE_OK && c.actor->purpose.length == 0) {
        result = error_set(error, SLUICE_E_FORBIDDEN,
                           "rejected lines hold accounts as they were sent: state a purpose with the header "
                           "Sluice-Purpose");
    }
    if (result == SLUICE_OK && (path == NULL || file_kind_of(path) != FILE_REGULAR)) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "no line of this file was rejected");
    }
    result = result == SLUICE_OK ? desk_seen(&c, rq, "export", "import", id, TEXT("rejected lines")) : result;
    result = result == SLUICE_OK ? file_map(path, &view, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    rs->content_type = "text/csv; charset=utf-8";
    response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"DR-%08lld-rejects.csv\"", (long long)id);
    text_write(&rs->body, TEXT("\xEF\xBB\xBF"));
    text_write(&rs->body, (sluice_text){view.data == NULL ? "" : view.data, view.bytes});
    file_unmap(&view);
    return SLUICE_OK;
}

/* ---- the table ---- */

static const api_field UPLOAD_QUERY[] = {
    {.name = "name", .type = API_TEXT, .flags = API_REQUIRED, .max = 200, .en = "the file's name", .zh = "文件名"},
};
#define READING_FIELDS                                                                                                    \
    {.name = "format",                                                                                                    \
     .type = API_CODE,                                                                                                    \
     .flags = API_REQUIRED,                                                                                               \
     .codes = "csv|ndjson|finbench|amlsim|amlworld|pacs008",                                                              \
     .en = "format",                                                                                                      \
     .zh = "格式"},                                                                                                       \
        {.name = "encoding",                                                                                              \
         .type = API_CODE,                                                                                                \
         .codes = "auto|utf-8|gb18030",                                                                                   \
         .en = "auto if not given",                                                                                       \
         .zh = "编码"},                                                                                                   \
    {                                                                                                                     \
        .name = "mapping", .type = API_ANY, .flags = API_NULLABLE,                                                        \
        .en = "csv, ndjson: a mapping as in docs/importing.md; none: the column names of that page", .zh = "栏目对应" \
    }
static const api_field PREVIEW_FIELDS[] = {
    READING_FIELDS,
    {.name = "rows", .type = API_INTEGER, .min = 1, .max = 200, .en = "20 if not given", .zh = "行数"},
};
static const api_field START_FIELDS[] = {READING_FIELDS};
static const api_schema PREVIEW_BODY = {
    .name = "import_preview_request", .fields = PREVIEW_FIELDS, .field_count = 4, .en = "how to read the file"};
static const api_schema START_BODY = {
    .name = "import_start", .fields = START_FIELDS, .field_count = 3, .en = "how to read the file"};

static const api_field REJECT_FIELDS[] = {
    {.name = "line", .type = API_INTEGER, .flags = API_REQUIRED, .en = "of the file, from 1", .zh = "行号"},
    {.name = "field", .type = API_TEXT, .flags = API_REQUIRED | API_NULLABLE, .en = "the column", .zh = "栏目"},
    {.name = "reason",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .en = "what was there and what was expected",
     .zh = "原因"},
    {.name = "content", .type = API_TEXT, .flags = API_REQUIRED, .en = "the line, cut", .zh = "原始内容"},
};
static const api_schema REJECT = {
    .name = "import_reject", .fields = REJECT_FIELDS, .field_count = 4, .en = "a line that would be rejected"};
static const api_field LOOK_FIELDS[] = {
    {.name = "rows", .type = API_INTEGER, .flags = API_REQUIRED, .en = "rows read", .zh = "读取行数"},
    {.name = "rejected", .type = API_INTEGER, .flags = API_REQUIRED, .en = "rows rejected", .zh = "不合格行数"},
    {.name = "rounded", .type = API_INTEGER, .flags = API_REQUIRED, .en = "amounts rounded to fen", .zh = "舍入"},
    {.name = "transfers", .type = API_INTEGER, .flags = API_REQUIRED, .en = "transfers", .zh = "转账"},
    {.name = "withdrawals", .type = API_INTEGER, .flags = API_REQUIRED, .en = "withdrawals", .zh = "取现"},
    {.name = "others", .type = API_INTEGER, .flags = API_REQUIRED, .en = "other signals", .zh = "其他信号"},
    {.name = "signals",
     .type = API_ANY,
     .flags = API_REQUIRED | API_LIST,
     .max = 200,
     .en = "the first of them, as POST /v1/signals has them, with `line`",
     .zh = "解析结果"},
    {.name = "rejects",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &REJECT,
     .max = 200,
     .en = "the first of them",
     .zh = "不合格明细"},
};
static const api_schema LOOK = {.name = "import_preview",
                                .fields = LOOK_FIELDS,
                                .field_count = sizeof LOOK_FIELDS / sizeof *LOOK_FIELDS,
                                .en = "what the file would become; nothing was taken in"};

static const api_field HEAD_FIELDS[] = {
    {.name = "encoding",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "utf-8|gb18030",
     .en = "encoding",
     .zh = "编码"},
    {.name = "format",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "csv|ndjson|pacs008",
     .en = "format",
     .zh = "格式"},
    {.name = "refusal",
     .type = API_TEXT,
     .flags = API_REQUIRED | API_NULLABLE,
     .en = "why it is no text that can be read, and the cure",
     .zh = "无法读取的原因"},
    {.name = "refusal_zh", .type = API_TEXT, .en = "the same in Chinese", .zh = "中文原因"},
    {.name = "lines",
     .type = API_ANY,
     .flags = API_REQUIRED | API_LIST,
     .max = 20,
     .en = "its first lines",
     .zh = "前几行"},
};
static const api_schema HEAD = {
    .name = "import_head", .fields = HEAD_FIELDS, .field_count = 5, .en = "how the file begins"};

const route DESK_IMPORT_ROUTES[] = {
    {.method = METHOD_POST,
     .template = "/v1/imports",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST,
     .flags = ROUTE_UPLOAD,
     .handle = upload_handler,
     .tag = "imports",
     .operation = "upload_import",
     .en = "a file's bytes, up to 2 GiB; needs a purpose. Nothing of it is taken in yet",
     .zh = "上传待导入文件",
     .query = UPLOAD_QUERY,
     .query_count = 1,
     .consumes = "application/octet-stream text/csv application/x-ndjson text/plain",
     .body_bytes_max = UPLOAD_BYTES_MAX,
     .status = 201,
     .problems = "403"},
    {.method = METHOD_GET,
     .template = "/v1/imports/{#id}/head",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST,
     .handle = head_handler,
     .tag = "imports",
     .operation = "get_import_head",
     .en = "its first lines as text, with the format and encoding that they look like",
     .zh = "文件开头",
     .answer = &HEAD,
     .problems = "404 409"},
    {.method = METHOD_POST,
     .template = "/v1/imports/{#id}/preview",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST,
     .handle = preview_handler,
     .tag = "imports",
     .operation = "preview_import",
     .en = "its first rows as they would be read, and what would be rejected",
     .zh = "预览解析结果",
     .body = &PREVIEW_BODY,
     .body_bytes_max = 200000,
     .answer = &LOOK,
     .problems = "404 409 422"},
    {.method = METHOD_POST,
     .template = "/v1/imports/{#id}/check",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST,
     .handle = check_handler,
     .tag = "imports",
     .operation = "check_import",
     .en = "the same for the whole file, as a job",
     .zh = "检查整个文件",
     .body = &START_BODY,
     .body_bytes_max = 200000,
     .answer = &LOOK,
     .problems = "404 409 422"},
    {.method = METHOD_POST,
     .template = "/v1/imports/{#id}/start",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST,
     .handle = start_handler,
     .tag = "imports",
     .operation = "start_import",
     .en = "take it in, as a job that can be cancelled: what went in stays, and the same call goes on from there",
     .zh = "开始或继续导入",
     .body = &START_BODY,
     .body_bytes_max = 200000,
     .problems = "404 409 422"},
    {.method = METHOD_GET,
     .template = "/v1/imports/{#id}/rejects",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_ANALYST | ROLE_COMMANDER | ROLE_AUDITOR,
     .handle = rejects_handler,
     .tag = "imports",
     .operation = "download_import_rejects",
     .en = "the rejected lines with file, line, field, reason and content; needs a purpose",
     .zh = "下载不合格明细",
     .produces = "text/csv",
     .problems = "403 404"},
};
const size_t DESK_IMPORT_ROUTE_COUNT = sizeof DESK_IMPORT_ROUTES / sizeof *DESK_IMPORT_ROUTES;
