#include "desk/strike_package.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "desk/archive.h"
#include "desk/case.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/document.h"
#include "desk/evidence.h"
#include "desk/lead.h"
#include "desk/operation.h"
#include "desk/render.h"
#include "desk/target_trace.h"
#include "desk/user.h"

enum { FILES_MAX = 300, EVIDENCE_MAX = 250 };

/* All that goes into it. */
typedef struct content {
    desk_command *c;
    const record *target;
    const strike_package *package;
    archive_file files[FILES_MAX]; /* in the order of the manifest */
    size_t file_count;
    record *evidence;
    size_t evidence_count;
    bool is_enclosed[EVIDENCE_MAX];
} content;

static void add_file(content *t, const char *name, sluice_text bytes) {
    SLUICE_ASSERT(t->file_count < FILES_MAX);
    t->files[t->file_count++] = (archive_file){.name = name, .bytes = bytes};
}

/* ---- records ---- */

static sluice_result keep_text(content *t, json_document *json, sluice_text *text_out) {
    text_writer w = {0};
    sluice_result result = json_end(json, &w, t->c->error);
    const char *copy = result == SLUICE_OK ? arena_copy(t->c->arena, w.data, w.length) : NULL;
    *text_out = (sluice_text){copy, w.length};
    text_writer_fini(&w);
    return result == SLUICE_OK && copy == NULL ? error_no_memory(t->c->error, 1000) : result;
}

static sluice_result add_record(content *t, const desk_kind *kind, const record *r) {
    json_document json;
    sluice_text text = {0};
    render_fields(t->c, &json, json_begin(&json), r, NULL);
    sluice_result result = keep_text(t, &json, &text);
    if (result == SLUICE_OK) {
        add_file(t, document_printed(t->c->arena, "%s.json", kind->name), text);
    }
    return result;
}

/* A record that the target names; what the actor may not see is left out. */
static sluice_result add_named(content *t, const desk_kind *kind, const record_value *id) {
    record r;
    if (id->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(t->c, kind, id->integer, &r);
    return result == SLUICE_OK ? add_record(t, kind, &r) : result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

/* ---- evidence ---- */

/* The file's name, without what a path could be made of. */
static const char *evidence_name(content *t, const record *r) {
    char name[200];
    size_t used = 0;
    sluice_text given = r->values[EVIDENCE_NAME].text;
    for (size_t i = 0; i < given.length && used + 1 < sizeof name; i++) {
        char at = given.data[i];
        name[used++] = at == '/' || at == '\\' || at == ':' || (unsigned char)at < 0x20 ? '_' : at;
    }
    while (used > 0 && used + 1 == sizeof name && ((unsigned char)name[used - 1] & 0xC0) == 0x80) {
        used--; /* no half character */
    }
    name[used] = '\0';
    return document_printed(t->c->arena, "evidence/E-%08lld-%s", (long long)r->id, name);
}

static sluice_result list_evidence(content *t) {
    query_term of = {EVIDENCE_CASE, QUERY_EQUAL, t->target->values[TARGET_CASE], NULL, 0};
    record_query query = {
        .table = EVIDENCE_KIND.table, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = EVIDENCE_MAX};
    record the_case;
    if (of.value.is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(t->c, &CASE_KIND, of.value.integer, &the_case);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    return store_select(t->c->desk->store, &query, t->c->arena, &t->evidence, &t->evidence_count, t->c->error);
}

static sluice_result add_evidence(content *t, strike_package *package) {
    size_t bytes = 0;
    sluice_result result = SLUICE_OK;
    package->evidence = arena_alloc(t->c->arena, (t->evidence_count + 1) * sizeof *package->evidence);
    if (package->evidence == NULL) {
        return error_no_memory(t->c->error, t->evidence_count);
    }
    for (size_t i = 0; result == SLUICE_OK && i < t->evidence_count; i++) {
        sluice_text content_bytes = {0};
        bytes += (size_t)t->evidence[i].values[EVIDENCE_SIZE].integer;
        if (bytes > PACKAGE_BYTES_MAX) {
            break;
        }
        result = evidence_read(t->c, &t->evidence[i], &content_bytes);
        if (result == SLUICE_OK) {
            add_file(t, evidence_name(t, &t->evidence[i]), content_bytes);
            t->is_enclosed[i] = true;
            package->evidence[package->evidence_count++] = t->evidence[i].id;
        }
    }
    return result;
}

/* ---- the trace, as it was when the target was proposed ---- */

/* Who has which place in it, as far as the trace suggests one. */
static sluice_result add_roles(content *t, const sluice_trace_view *view) {
    json_document json;
    sluice_text text = {0};
    yyjson_mut_val *root = json_begin(&json);
    json_add_text(&json, root, "note", TEXT("资金位置的研判建议，不是认定 suggested by the flow of money, not facts"));
    yyjson_mut_val *list = json_add_array(&json, root, "roles");
    for (size_t i = 0; i < view->account_count; i++) {
        trace_role_facts facts = trace_role_of(view, i, &t->package->rule);
        if (facts.role == TRACE_ROLE_NONE) {
            continue;
        }
        yyjson_mut_val *item = json_append_object(&json, list);
        json_add_text(&json, item, "key", view->accounts[i].key);
        json_add_text(&json, item, "role", text_of(trace_role_code(facts.role)));
        json_add_uint(&json, item, "layer", facts.layer);
        json_add_text(&json, item, "zh", target_role_words(t->c, &facts, true));
        json_add_text(&json, item, "en", target_role_words(t->c, &facts, false));
    }
    sluice_result result = keep_text(t, &json, &text);
    if (result == SLUICE_OK) {
        add_file(t, "roles.json", text);
    }
    return result;
}

static sluice_result add_trace(content *t) {
    sluice_trace *trace = NULL;
    char *json = NULL;
    size_t length = 0;
    sluice_result result = target_trace_run(t->c, t->target, 0, &trace);
    if (result != SLUICE_OK || trace == NULL) {
        return result;
    }
    result = sluice_trace_render(trace, SLUICE_TRACE_JSON, &json, &length, t->c->error);
    const char *copy = result == SLUICE_OK ? arena_copy(t->c->arena, json, length) : NULL;
    if (result == SLUICE_OK && copy == NULL) {
        result = error_no_memory(t->c->error, length);
    } else if (result == SLUICE_OK) {
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        add_file(t, "trace.json", (sluice_text){copy, length});
        result = add_roles(t, &view);
    }
    sluice_text_free(&json);
    sluice_trace_free(&trace);
    return result;
}

/* ---- the PDF ---- */

static const char *words(content *t, const record_value *value) {
    return value->is_null ? "—" : document_printed(t->c->arena, "%.*s", TEXT_ARGS(value->text));
}

static const char *moment(content *t, const record_value *value) {
    char text[TIME_TEXT_BYTES];
    return value->is_null ? "—" : document_printed(t->c->arena, "%s", time_format_short(value->integer, text));
}

static void write_who(content *t, document *d) {
    const record_value *v = t->target->values;
    document_field(d, "打击目标 Who", words(t, &v[TARGET_NAME]));
    document_field(d, "目标类型 Type", t->package->type);
    document_field(d, "对象标识 Subject", words(t, &v[TARGET_SUBJECT]));
    document_field(d, "地点 Where", words(t, &v[TARGET_ADDRESS]));
    document_field(d, "时间 When", moment(t, &v[TARGET_AT]));
    document_field(d, "固定扣押 What to secure", words(t, &v[TARGET_SECURE]));
    document_field(d, "基本情况 What is known", words(t, &v[TARGET_WORDS]));
    document_field(d, "建议角色 Suggested role", t->package->suggested_role);
    document_field(d, "建议依据 Why (a suggestion, not a fact)", words(t, &v[TARGET_SUGGESTED_WHY]));
    document_field(d, "认定角色 Confirmed role", t->package->confirmed_role);
    document_field(d, "研判发现 Finding", words(t, &v[TARGET_FINDING]));
    document_field(d, "资金链起点 Trace from",
                   words(t, v[TARGET_TRANSFER].is_null ? &v[TARGET_ACCOUNT] : &v[TARGET_TRANSFER]));
    document_field(d, "数据版本 As of",
                   document_printed(t->c->arena, "日志序号 log sequence %lld", (long long)v[TARGET_AS_OF].integer));
    document_field(d, "批准 Approved",
                   document_printed(t->c->arena, "%s，%s", t->package->approved_by, moment(t, &v[TARGET_APPROVED_AT])));
}

static void write_files(content *t, document *d) {
    static const double WIDTHS[] = {0.34, 0.12, 0.54};
    size_t rows = t->file_count + t->evidence_count + 1, at = 0;
    const char **cells = arena_alloc(t->c->arena, rows * 3 * sizeof *cells);
    if (cells == NULL) {
        return;
    }
    cells[at++] = "文件 File";
    cells[at++] = "字节 Bytes";
    cells[at++] = "SHA-256";
    for (size_t i = 0; i < t->file_count; i++) {
        cells[at++] = t->files[i].name;
        cells[at++] = document_printed(t->c->arena, "%zu", t->files[i].bytes.length);
        cells[at++] = t->files[i].sha256;
    }
    for (size_t i = 0; i < t->evidence_count; i++) {
        if (!t->is_enclosed[i]) {
            cells[at++] = document_printed(t->c->arena, "E-%08lld（未附 listed only）", (long long)t->evidence[i].id);
            cells[at++] =
                document_printed(t->c->arena, "%lld", (long long)t->evidence[i].values[EVIDENCE_SIZE].integer);
            cells[at++] = words(t, &t->evidence[i].values[EVIDENCE_SHA256]);
        }
    }
    document_space(d, 4);
    document_line(d, "证据与材料 Evidence and papers");
    document_table(d, WIDTHS, 3, cells, at / 3);
}

static sluice_result write_pdf(content *t, sluice_text *pdf_out) {
    const char *number = document_printed(t->c->arena, "MB-%08lld", (long long)t->target->id);
    document *d = document_new(document_printed(t->c->arena, "打击包 %s", number), t->c->now_ms);
    if (d == NULL) {
        return error_no_memory(t->c->error, 1000);
    }
    document_heading(d, "打击包 Strike package");
    document_line(d, number);
    write_who(t, d);
    write_files(t, d);
    document_space(d, 4);
    document_paragraph(d, document_printed(t->c->arena,
                                           "本材料由 %.*s 于 %s 依据用途“%.*s”导出，仅供执行本行动使用，不得外传"
                                           "（反电信网络诈骗法第五条）。",
                                           TEXT_ARGS(t->c->actor->login),
                                           moment(t, &(record_value){.integer = t->c->now_ms}),
                                           TEXT_ARGS(t->c->actor->purpose)));
    sluice_result result = document_finish(d, t->c->arena, pdf_out, t->c->error);
    document_free(&d);
    return result;
}

/* ---- the manifest ---- */

static void add_listed(content *t, json_document *json, yyjson_mut_val *root) {
    yyjson_mut_val *list = json_add_array(json, root, "listed_only");
    for (size_t i = 0; i < t->evidence_count; i++) {
        if (!t->is_enclosed[i]) {
            yyjson_mut_val *item = json_append_object(json, list);
            json_add_int(json, item, "evidence", t->evidence[i].id);
            json_add_int(json, item, "size", t->evidence[i].values[EVIDENCE_SIZE].integer);
            json_add_text(json, item, "sha256", t->evidence[i].values[EVIDENCE_SHA256].text);
        }
    }
}

static sluice_result add_manifest(content *t) {
    json_document json;
    sluice_text text = {0};
    yyjson_mut_val *root = json_begin(&json);
    const record_value *values = t->target->values;
    json_add_int(&json, root, "target", t->target->id);
    json_add_int(&json, root, "target_version", t->target->version);
    json_add_int(&json, root, "as_of", values[TARGET_AS_OF].integer);
    json_add_time(&json, root, "cut_off", t->c->now_ms);
    json_add_text(&json, root, "operator", t->c->actor->login);
    json_add_text(&json, root, "purpose", t->c->actor->purpose);
    json_add_text(
        &json, root, "query",
        text_of(document_printed(t->c->arena,
                                 "GET /v1/targets/%lld; its case, lead and site; evidence of its case; trace as of "
                                 "sequence %lld",
                                 (long long)t->target->id, (long long)values[TARGET_AS_OF].integer)));
    yyjson_mut_val *files = json_add_array(&json, root, "files");
    for (size_t i = 0; i < t->file_count; i++) {
        yyjson_mut_val *item = json_append_object(&json, files);
        json_add_text(&json, item, "name", text_of(t->files[i].name));
        json_add_uint(&json, item, "size", t->files[i].bytes.length);
        json_add_text(&json, item, "sha256", text_of(t->files[i].sha256));
    }
    add_listed(t, &json, root);
    sluice_result result = keep_text(t, &json, &text);
    if (result == SLUICE_OK) {
        add_file(t, "manifest.json", text);
    }
    return result;
}

/* ---- both ---- */

/* "主管 supervisor", as the table has it now; the code where its row has ended. */
static const char *named(desk_command *c, const char *table, const record_value *code) {
    if (code->is_null) {
        return "—";
    }
    const dated_row *row = dated_find(c->desk, table, code->text, c->now_ms);
    return row == NULL ? document_printed(c->arena, "%.*s", TEXT_ARGS(code->text))
                       : document_printed(c->arena, "%.*s %.*s", TEXT_ARGS(row->zh), TEXT_ARGS(row->en));
}

sluice_result strike_package_begin(desk_command *c, const record *target, strike_package *package) {
    const record_value *v = target->values;
    record user;
    *package = (strike_package){.type = named(c, "target_type", &v[TARGET_TYPE]),
                                .suggested_role = named(c, "gang_role", &v[TARGET_SUGGESTED_ROLE]),
                                .confirmed_role = named(c, "gang_role", &v[TARGET_CONFIRMED_ROLE]),
                                .approved_by = "—"};
    sluice_result result = target_role_rule(c, &package->rule);
    if (result == SLUICE_OK && !v[TARGET_APPROVED_BY].is_null) {
        result = store_get(c->desk->store, USER_KIND.table, v[TARGET_APPROVED_BY].integer, c->arena, &user, c->error);
        package->approved_by =
            result == SLUICE_OK ? document_printed(c->arena, "%.*s", TEXT_ARGS(user.values[USER_NAME].text)) : "—";
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    return result;
}

static sluice_result gather(desk_command *c, const record *target, content *t, strike_package *package) {
    *t = (content){.c = c, .target = target, .package = package};
    if (c->actor->purpose.length == 0) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "a strike package names people: state a purpose with the header Sluice-Purpose");
    }
    if (!desk_is_among("approved|struck|missed", target->values[TARGET_STATE].text)) {
        return error_set(c->error, SLUICE_E_STATE, "target %lld is %.*s: its package is handed out once it is approved",
                         (long long)target->id, TEXT_ARGS(target->values[TARGET_STATE].text));
    }
    sluice_result result = add_record(t, &TARGET_KIND, target);
    result = result == SLUICE_OK ? add_named(t, &CASE_KIND, &target->values[TARGET_CASE]) : result;
    result = result == SLUICE_OK ? add_named(t, &LEAD_KIND, &target->values[TARGET_LEAD]) : result;
    result = result == SLUICE_OK ? add_named(t, &SITE_KIND, &target->values[TARGET_SITE]) : result;
    result = result == SLUICE_OK ? add_trace(t) : result;
    result = result == SLUICE_OK ? list_evidence(t) : result;
    return result == SLUICE_OK ? add_evidence(t, package) : result;
}

static sluice_result seal(content *t, strike_package *package, sluice_text bytes) {
    archive_file whole = {.name = "", .bytes = bytes};
    sluice_result result = archive_hash(&whole, 1, t->c->error);
    package->bytes = bytes;
    memcpy(package->sha256, whole.sha256, sizeof package->sha256);
    return result;
}

static sluice_result make(desk_command *c, const record *target, bool as_zip, strike_package *package) {
    content *t = arena_alloc(c->arena, sizeof *t);
    sluice_text pdf = {0}, bytes = {0};
    if (t == NULL) {
        return error_no_memory(c->error, sizeof *t);
    }
    sluice_result result = gather(c, target, t, package);
    result = result == SLUICE_OK ? archive_hash(t->files, t->file_count, c->error) : result;
    result = result == SLUICE_OK ? write_pdf(t, &pdf) : result;
    if (result == SLUICE_OK && as_zip) {
        add_file(t, "package.pdf", pdf);
        result = archive_hash(t->files, t->file_count, c->error);
        result = result == SLUICE_OK ? add_manifest(t) : result;
        result = result == SLUICE_OK ? archive_write(t->files, t->file_count, c->now_ms, c->arena, &bytes, c->error)
                                     : result;
    }
    return result == SLUICE_OK ? seal(t, package, as_zip ? bytes : pdf) : result;
}

sluice_result strike_package_pdf(desk_command *c, const record *target, strike_package *package) {
    return make(c, target, false, package);
}

sluice_result strike_package_zip(desk_command *c, const record *target, strike_package *package) {
    return make(c, target, true, package);
}
