/* ndjson: one JSON object a line, under the same mappings as csv. A column's name is a member's name, or a path such as
 * payer.account. Numbers keep every digit they are written with. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/json.h"
#include "signal/mapped.h"

/* The member of that name, else along the path that the name spells; NULL: there is none. */
static yyjson_val *member_of(yyjson_val *object, sluice_text name) {
    yyjson_val *member = yyjson_obj_getn(object, name.data, name.length);
    sluice_text first, rest;
    if (member != NULL || !text_split(name, '.', &first, &rest)) {
        return member;
    }
    return member_of(yyjson_obj_getn(object, first.data, first.length), rest);
}

static void split(format_row *row) {
    mapped_state *state = row->reader->state;
    arena_reset(&state->scratch);
    yyjson_alc allocator = json_arena(&state->scratch);
    yyjson_read_err problem = {0};
    yyjson_doc *document = json_read(row->text, &allocator, &problem);
    if (document == NULL && problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        row->no_memory = true;
        return;
    }
    yyjson_val *object = yyjson_doc_get_root(document);
    if (!yyjson_is_obj(object)) {
        row_reject(row, (sluice_text){NULL, 0},
                   "不是 JSON 对象 / the line is not a JSON object: %s (at its byte %zu); expected "
                   "one object a line",
                   document == NULL ? problem.msg : "it is another value", problem.pos + 1);
        return;
    }
    for (size_t i = 0; i < state->mapping->column_count; i++) {
        const mapping_column *column = &state->mapping->columns[i];
        yyjson_val *member = member_of(object, column->name);
        if (!json_scalar(member, &state->values[i]) && (member != NULL || !column->optional)) {
            row_reject(row, column->name, "缺少字段 / the member '%.*s' is %s", TEXT_ARGS(column->name),
                       member == NULL
                           ? "missing: correct the line or the mapping file"
                           : "an object or an array: expected a text or a number (a path such as payer.account "
                             "reaches inside)");
            return;
        }
    }
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    sluice_result result = mapped_open(reader, error);
    if (result != SLUICE_OK) {
        return result;
    }
    mapped_state *state = reader->state;
    for (size_t i = 0; i < state->mapping->column_count; i++) {
        state->names[i] = state->mapping->columns[i].name;
        if (state->names[i].length == 0) {
            return error_set(error, SLUICE_E_INPUT, "%s names column %zu by number: members of JSON objects have names",
                             state->mapping->path, state->mapping->columns[i].place);
        }
    }
    reader->shape = (csv_shape){.delimiter = '\n', .double_bytes = reader->shape.double_bytes};
    reader->split = split;
    reader_skip_lines(reader, state->mapping->skip_lines);
    return SLUICE_OK;
}

static canonical_role role_of(const format_plan *plan) {
    return plan->mapping == NULL ? CANONICAL_ANY : CANONICAL_MAPPED;
}

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    bool readable =
        file_kind_of(path) == FILE_REGULAR && (plan_has_suffix(name, ".ndjson") || plan_has_suffix(name, ".jsonl"));
    return readable ? plan_add_source(plan, path, (int)role_of(plan), error) : plan_add_ignored(plan, path, error);
}

static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    return plan_visit_folder(plan, path, plan_entry, error);
}

static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    return plan_add_source(plan, path, (int)role_of(plan), error);
}

const format_driver ndjson_driver = {"ndjson", plan_folder, plan_file, open_source, mapped_close};
