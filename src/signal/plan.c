/* Plans: which files an import reads, in which order, and as what.
 *
 * The plan is made before anything is read, so that a wrong path or a wrong mapping stops an import before it wrote a
 * single record. Sources are sorted by role (accounts before what refers to them), stable within a role. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "signal/format_private.h"
#include "signal/mapping.h"

static char *copy_text(sluice_text text) {
    char *copy = memory_new(text.length + 1);
    if (copy != NULL) {
        if (text.length > 0) {
            memcpy(copy, text.data, text.length);
        }
        copy[text.length] = '\0';
    }
    return copy;
}

sluice_text plan_stem(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    return (sluice_text){name, dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name)};
}

bool plan_has_suffix(const char *path, const char *suffix) {
    size_t length = strlen(path);
    size_t suffix_length = strlen(suffix);
    return length >= suffix_length && memcmp(path + length - suffix_length, suffix, suffix_length) == 0;
}

sluice_result plan_add_source(format_plan *plan, const char *path, int role, sluice_error *error) {
    file_view view;
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    format_source source = {.role = role, .bytes = view.bytes};
    file_unmap(&view);
    source.path = copy_text(text_of(path));
    source.stem = copy_text(plan_stem(path));
    if (source.path == NULL || source.stem == NULL ||
        !ARRAY_RESERVE(plan->sources, plan->source_capacity, plan->source_count + 1)) {
        memory_free(source.path);
        memory_free(source.stem);
        return error_no_memory(error, strlen(path));
    }
    size_t place = plan->source_count++;
    for (; place > 0 && plan->sources[place - 1].role > role; place--) {
        plan->sources[place] = plan->sources[place - 1];
    }
    plan->sources[place] = source;
    plan->total_bytes += source.bytes;
    return SLUICE_OK;
}

sluice_result plan_add_ignored(format_plan *plan, const char *path, sluice_error *error) {
    char *copy = copy_text(text_of(path));
    if (copy == NULL || !ARRAY_RESERVE(plan->ignored, plan->ignored_capacity, plan->ignored_count + 1)) {
        memory_free(copy);
        return error_no_memory(error, strlen(path));
    }
    plan->ignored[plan->ignored_count++] = copy;
    return SLUICE_OK;
}

sluice_result plan_visit_folder(format_plan *plan, const char *folder, plan_visit visit, sluice_error *error) {
    char **names = NULL;
    size_t count = 0;
    sluice_result result = file_list(folder, &names, &count, error);
    text_writer path = {0};
    for (size_t i = 0; i < count && result == SLUICE_OK; i++) {
        path.length = 0;
        text_printf(&path, "%s%s%s", folder, plan_has_suffix(folder, "/") ? "" : "/", names[i]);
        result = path.failed ? error_no_memory(error, strlen(folder)) : visit(plan, path.data, names[i], error);
    }
    text_writer_fini(&path);
    file_list_free(&names, count);
    return result;
}

sluice_result plan_first_line(const char *path, char line_out[4096], sluice_error *error) {
    file_view view;
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_text text = view.bytes == 0 ? TEXT("") : (sluice_text){view.data, view.bytes};
    size_t mark = encoding_mark_bytes(text);
    text = (sluice_text){text.data + mark, text.length - mark};
    const char *newline = text.length == 0 ? NULL : memchr(text.data, '\n', text.length);
    size_t length = newline == NULL ? text.length : (size_t)(newline - text.data);
    length = length > 4095 ? 4095 : length;
    while (length > 0 && text.data[length - 1] == '\r') {
        length--;
    }
    if (length > 0) {
        memcpy(line_out, text.data, length);
    }
    line_out[length] = '\0';
    file_unmap(&view);
    return SLUICE_OK;
}

/* ---- the plan ---- */

static sluice_result add_path(format_plan *plan, const format_driver *driver, const char *path, sluice_error *error) {
    switch (file_kind_of(path)) {
    case FILE_REGULAR:
        return driver->plan_file(plan, path, error);
    case FILE_FOLDER: {
        size_t before = plan->source_count;
        sluice_result result = driver->plan_folder(plan, path, error);
        if (result == SLUICE_OK && plan->source_count == before) {
            result = error_set(error, SLUICE_E_INPUT,
                               "%s holds no file of the format %s: check the folder, or give the files one by one "
                               "(docs/importing.md lists the names that each format looks for)",
                               path, driver->name);
        }
        return result;
    }
    case FILE_ABSENT:
        return error_set(error, SLUICE_E_NOT_FOUND, "%s is not there: check the path", path);
    default:
        return error_set(error, SLUICE_E_INPUT, "%s is neither a file nor a folder: copy its content to a file first",
                         path);
    }
}

/* What besides a file's content decides what it becomes. */
static sluice_result identify(format_plan *plan, sluice_error *error) {
    sha256 *hash = sha256_new();
    if (hash == NULL) {
        return error_no_memory(error, SHA256_HEX_BYTES);
    }
    const char *encoding_name = plan->options.encoding == NULL ? "auto" : plan->options.encoding;
    sluice_text mapping_bytes = plan->mapping == NULL ? (sluice_text){NULL, 0} : mapping_source(plan->mapping);
    static const char VERSION[] = "sluice import 1";
    sha256_update(hash, VERSION, sizeof VERSION);
    sha256_update(hash, plan->options.format, strlen(plan->options.format) + 1);
    sha256_update(hash, encoding_name, strlen(encoding_name) + 1);
    sha256_update(hash, mapping_bytes.data, mapping_bytes.length);
    if (plan->options.schemas_path != NULL) {
        static const char CHECKED[] = "schemas";
        sha256_update(hash, CHECKED, sizeof CHECKED);
    }
    sha256_finish(hash, plan->identity);
    sha256_free(&hash);
    return SLUICE_OK;
}

static sluice_result check_options(const format_options *options, const format_driver *driver, sluice_error *error) {
    bool automatic = false;
    encoding named = ENCODING_UTF8;
    if (!encoding_of_name(text_of(options->encoding), &automatic, &named)) {
        return error_set(error, SLUICE_E_INPUT, "unknown encoding '%s': use auto, utf-8 or gb18030", options->encoding);
    }
    bool is_mapped = driver == &csv_driver || driver == &ndjson_driver;
    if (!is_mapped && options->mapping_path != NULL) {
        return error_set(
            error, SLUICE_E_INPUT,
            "the format %s has its own columns and takes no mapping file: leave the mapping out, or use csv",
            driver->name);
    }
    if (!is_mapped && !automatic && named == ENCODING_GB18030) {
        return error_set(error, SLUICE_E_INPUT, "files of the format %s are UTF-8: leave the encoding out, or use csv",
                         driver->name);
    }
    if (driver != &pacs008_driver && options->schemas_path != NULL) {
        return error_set(error, SLUICE_E_INPUT, "the format %s has no schemas: leave the folder of schemas out",
                         driver->name);
    }
    return SLUICE_OK;
}

/* The options outlive the caller's strings. */
static bool copy_options(format_plan *plan, const format_options *options) {
    plan->options.format = copy_text(text_of(options->format));
    bool whole = plan->options.format != NULL;
    if (options->mapping_path != NULL) {
        plan->options.mapping_path = copy_text(text_of(options->mapping_path));
        whole = whole && plan->options.mapping_path != NULL;
    }
    if (options->encoding != NULL) {
        plan->options.encoding = copy_text(text_of(options->encoding));
        whole = whole && plan->options.encoding != NULL;
    }
    if (options->schemas_path != NULL) {
        plan->options.schemas_path = copy_text(text_of(options->schemas_path));
        whole = whole && plan->options.schemas_path != NULL;
    }
    return whole;
}

sluice_result format_plan_new(const format_options *options, const char *const *paths, size_t path_count,
                              format_plan **plan_out, sluice_error *error) {
    *plan_out = NULL;
    const format_driver *driver = options->format == NULL ? NULL : format_driver_of(options->format);
    if (driver == NULL) {
        return error_set(error, SLUICE_E_INPUT,
                         "unknown format '%s': use finbench, amlsim, amlworld, csv, ndjson or pacs008",
                         options->format == NULL ? "" : options->format);
    }
    sluice_result result = check_options(options, driver, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (path_count == 0) {
        return error_set(error, SLUICE_E_INVALID, "no path was given: name the files or folders to import");
    }
    format_plan *plan = memory_new_zero(1, sizeof *plan);
    if (plan == NULL || !copy_options(plan, options)) {
        result = error_no_memory(error, sizeof *plan);
        goto out;
    }
    if (options->mapping_path != NULL) {
        result = mapping_load(options->mapping_path, &plan->mapping, error);
    }
    for (size_t i = 0; i < path_count && result == SLUICE_OK; i++) {
        result = add_path(plan, driver, paths[i], error);
    }
    if (result == SLUICE_OK) {
        result = identify(plan, error);
    }
out:
    if (result != SLUICE_OK) {
        format_plan_free(&plan);
    }
    *plan_out = plan;
    return result;
}

static void free_text(const char *text) {
    memory_free((void *)(uintptr_t)text);
}

void format_plan_free(format_plan **plan) {
    format_plan *p = *plan;
    if (p == NULL) {
        return;
    }
    for (size_t i = 0; i < p->source_count; i++) {
        memory_free(p->sources[i].path);
        memory_free(p->sources[i].stem);
    }
    for (size_t i = 0; i < p->ignored_count; i++) {
        memory_free(p->ignored[i]);
    }
    memory_free(p->sources);
    memory_free(p->ignored);
    free_text(p->options.format);
    free_text(p->options.mapping_path);
    free_text(p->options.encoding);
    free_text(p->options.schemas_path);
    mapping_free(&p->mapping);
    memory_free(p);
    *plan = NULL;
}
