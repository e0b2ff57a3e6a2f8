/* Reading and saving model files. A file may come from anywhere: every count is bounded, every index checked, and what
 * is not as expected is said with the place in the file. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "detect/model_private.h"
#include "signal/json.h"

typedef struct file_reader_state {
    sluice_model *model;
    yyjson_val *root;
    sluice_error *error;
} reader;

static sluice_result defect(const reader *r, const char *where, const char *expected) {
    return error_set(r->error, SLUICE_E_INPUT, "the model file's \"%s\" is not as expected: %s", where, expected);
}

static sluice_result no_memory(const reader *r) {
    return error_no_memory(r->error, r->model->text_length);
}

/* A finite number, which the parser left as text: yyjson's own conversion, which no locale changes. */
static bool read_number(yyjson_val *value, double *out) {
    yyjson_val number = {0};
    char buffer[64];
    size_t length = yyjson_get_len(value);
    if (!yyjson_is_raw(value) || length >= sizeof buffer) {
        return false;
    }
    memcpy(buffer, yyjson_get_raw(value), length);
    buffer[length] = '\0';
    if (yyjson_read_number(buffer, &number, 0, NULL, NULL) != buffer + length) {
        return false;
    }
    *out = yyjson_get_num(&number);
    return isfinite(*out);
}

static const char *copy_text(reader *r, yyjson_val *value) {
    const char *text = yyjson_get_str(value);
    return text == NULL ? NULL : arena_copy(&r->model->texts, text, yyjson_get_len(value) + 1);
}

/* ---- features, classes ---- */

static sluice_result read_names(reader *r) {
    sluice_model *m = r->model;
    yyjson_val *features = yyjson_obj_get(r->root, "features"), *classes = yyjson_obj_get(r->root, "classes");
    size_t count = yyjson_arr_size(features), class_count = yyjson_arr_size(classes), index = 0, max = 0;
    if (count == 0 || count > MODEL_FEATURES_MAX) {
        return defect(r, "features", "from 1 to 16,383 objects with a name");
    }
    bool fits = m->kind == SLUICE_MODEL_BINARY    ? class_count == 2
                : m->kind == SLUICE_MODEL_CLASSES ? class_count > 2 && class_count <= MODEL_CLASSES_MAX
                                                  : class_count == 0;
    if (!fits) {
        return defect(r, "classes", "two names (binary), three to 64 (classes), none (outlier)");
    }
    m->features = memory_new_zero(count, sizeof *m->features);
    m->importances = memory_new_zero(count, sizeof *m->importances);
    m->classes = memory_new_zero(class_count + 1, sizeof *m->classes);
    if (m->features == NULL || m->importances == NULL || m->classes == NULL) {
        return no_memory(r);
    }
    yyjson_val *value = NULL;
    yyjson_arr_foreach(features, index, max, value) {
        yyjson_val *name = yyjson_obj_get(value, "name");
        if (!yyjson_is_str(name) || yyjson_get_len(name) == 0 || strlen(yyjson_get_str(name)) != yyjson_get_len(name)) {
            return defect(r, "features", "objects with a name");
        }
        m->features[index] = copy_text(r, name);
        (void)read_number(yyjson_obj_get(value, "importance"), &m->importances[index]);
        if (m->features[index] == NULL) {
            return no_memory(r);
        }
        m->feature_count++;
    }
    yyjson_arr_foreach(classes, index, max, value) {
        if (!yyjson_is_str(value)) {
            return defect(r, "classes", "names");
        }
        m->classes[index] = copy_text(r, value);
        if (m->classes[index] == NULL) {
            return no_memory(r);
        }
        m->class_count++;
    }
    return SLUICE_OK;
}

/* ---- calibration, threshold ---- */

/* A rising array of numbers. */
static sluice_result read_rising(reader *r, const char *where, yyjson_val *array, size_t count, double *out) {
    size_t index = 0, max = 0;
    yyjson_val *value = NULL;
    if (yyjson_arr_size(array) != count) {
        return defect(r, where, "arrays of one length");
    }
    yyjson_arr_foreach(array, index, max, value) {
        if (!read_number(value, &out[index]) || (index > 0 && out[index] < out[index - 1])) {
            return defect(r, where, "numbers that rise");
        }
    }
    return SLUICE_OK;
}

static sluice_result read_isotonic(reader *r, yyjson_val *object) {
    calibration *c = &r->model->calibrated;
    yyjson_val *x = yyjson_obj_get(object, "margins");
    size_t count = yyjson_arr_size(x);
    if (count == 0 || count > 2 * MODEL_KNOTS_MAX) {
        return defect(r, "calibration", "from 1 to 2,048 margins");
    }
    c->x = memory_new(count * sizeof *c->x);
    c->y = memory_new(count * sizeof *c->y);
    if (c->x == NULL || c->y == NULL) {
        return no_memory(r);
    }
    c->knot_count = count;
    sluice_result result = read_rising(r, "calibration", x, count, c->x);
    if (result == SLUICE_OK) {
        result = read_rising(r, "calibration", yyjson_obj_get(object, "probabilities"), count, c->y);
    }
    if (result == SLUICE_OK && (c->y[0] < 0 || c->y[count - 1] > 1)) {
        return defect(r, "calibration", "probabilities from 0 to 1");
    }
    return result;
}

static sluice_result read_calibration(reader *r) {
    calibration *c = &r->model->calibrated;
    yyjson_val *object = yyjson_obj_get(r->root, "calibration");
    const char *kind = yyjson_get_str(yyjson_obj_get(object, "kind"));
    if (kind != NULL && strcmp(kind, "none") == 0) {
        return SLUICE_OK;
    }
    if (kind != NULL && strcmp(kind, "isotonic") == 0 && r->model->kind == SLUICE_MODEL_BINARY) {
        c->kind = CALIBRATION_ISOTONIC;
        return read_isotonic(r, object);
    }
    bool platt = kind != NULL && strcmp(kind, "platt") == 0 && r->model->kind == SLUICE_MODEL_BINARY;
    if (!platt && (kind == NULL || strcmp(kind, "temperature") != 0 || r->model->kind != SLUICE_MODEL_CLASSES)) {
        return defect(r, "calibration", "a kind: none, platt or isotonic (binary), temperature (classes)");
    }
    c->kind = platt ? CALIBRATION_PLATT : CALIBRATION_TEMPERATURE;
    if (!read_number(yyjson_obj_get(object, "a"), &c->a) || !read_number(yyjson_obj_get(object, "b"), &c->b) ||
        c->a <= 0) {
        return defect(r, "calibration", "numbers a > 0 and b");
    }
    return SLUICE_OK;
}

/* ---- what scores ---- */

static sluice_result read_boosters(reader *r) {
    sluice_model *m = r->model;
    yyjson_val *boosters = yyjson_obj_get(r->root, "boosters"), *value = NULL;
    size_t count = yyjson_arr_size(boosters), index = 0, max = 0;
    if (count == 0 || count > MODEL_BOOSTERS_MAX) {
        return defect(r, "boosters", "from 1 to 64 boosters");
    }
    m->boosters = memory_new_zero(count, sizeof *m->boosters);
    if (m->boosters == NULL) {
        return no_memory(r);
    }
    uint32_t groups = m->kind == SLUICE_MODEL_CLASSES ? (uint32_t)m->class_count : 1;
    yyjson_arr_foreach(boosters, index, max, value) {
        sluice_result result = model_trees_read(value, (uint32_t)m->feature_count, &m->boosters[index], r->error);
        if (result != SLUICE_OK) {
            return result;
        }
        m->booster_count++;
        if (model_trees_group_count(m->boosters[index]) != groups) {
            return defect(r, "boosters", "as many outputs as there are classes");
        }
    }
    return SLUICE_OK;
}

static sluice_result read_distribution(reader *r, yyjson_val *object, outlier_feature *f) {
    yyjson_val *values = yyjson_obj_get(object, "values"), *value = NULL;
    size_t count = yyjson_arr_size(values), index = 0, max = 0;
    if (count > MODEL_KNOTS_MAX || !read_number(yyjson_obj_get(object, "missing"), &f->missing) || f->missing < 0 ||
        f->missing > 1) {
        return defect(r, "distributions", "at most 1,024 values, and the share that is missing");
    }
    f->skewed_left = yyjson_get_bool(yyjson_obj_get(object, "skewed_left"));
    f->values = memory_new((count + 1) * sizeof *f->values);
    f->below = memory_new((count + 1) * sizeof *f->below);
    if (f->values == NULL || f->below == NULL) {
        return no_memory(r);
    }
    yyjson_arr_foreach(values, index, max, value) {
        double number = 0;
        if (!read_number(value, &number) || fabs(number) > (double)TABLE_VALUE_MAX ||
            (index > 0 && (float)number <= f->values[index - 1])) {
            return defect(r, "distributions", "values that rise");
        }
        f->values[index] = (float)number;
    }
    f->knot_count = count;
    sluice_result result = read_rising(r, "distributions", yyjson_obj_get(object, "below"), count, f->below);
    if (result == SLUICE_OK && count > 0 && (f->below[0] < 0 || f->below[count - 1] > 1)) {
        return defect(r, "distributions", "shares from 0 to 1");
    }
    return result;
}

static sluice_result read_outlier(reader *r) {
    sluice_model *m = r->model;
    yyjson_val *object = yyjson_obj_get(r->root, "distributions");
    yyjson_val *features = yyjson_obj_get(object, "features"), *scores = yyjson_obj_get(object, "scores"),
               *value = NULL;
    size_t count = yyjson_arr_size(scores), index = 0, max = 0;
    if (yyjson_arr_size(features) != m->feature_count || count < 2 || count > 10000) {
        return defect(r, "distributions", "one for each feature, and from 2 to 10,000 scores");
    }
    m->unusual = memory_new_zero(1, sizeof *m->unusual);
    if (m->unusual == NULL) {
        return no_memory(r);
    }
    m->unusual->features = memory_new_zero(m->feature_count, sizeof *m->unusual->features);
    m->unusual->scores = memory_new(count * sizeof *m->unusual->scores);
    if (m->unusual->features == NULL || m->unusual->scores == NULL) {
        return no_memory(r);
    }
    m->unusual->feature_count = m->feature_count;
    m->unusual->score_count = count;
    yyjson_arr_foreach(features, index, max, value) {
        sluice_result result = read_distribution(r, value, &m->unusual->features[index]);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return read_rising(r, "distributions", scores, count, m->unusual->scores);
}

/* ---- the whole ---- */

static sluice_result read_kind(reader *r) {
    static const char *const NAMES[] = {"binary", "classes", "outlier"};
    double version = 0;
    const char *format = yyjson_get_str(yyjson_obj_get(r->root, "format"));
    if (format == NULL || strcmp(format, "sluice-model") != 0 ||
        !read_number(yyjson_obj_get(r->root, "version"), &version)) {
        return error_set(r->error, SLUICE_E_INPUT,
                         "this is not a model file of Sluice (sluice model train writes them)");
    }
    if (version > MODEL_FILE_VERSION) {
        return error_set(r->error, SLUICE_E_NEWER,
                         "the model file is of version %.0f; this Sluice reads up to %d: use a "
                         "newer one",
                         version, MODEL_FILE_VERSION);
    }
    const char *kind = yyjson_get_str(yyjson_obj_get(r->root, "kind"));
    for (unsigned i = 0; kind != NULL && i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(kind, NAMES[i]) == 0) {
            r->model->kind = (sluice_model_kind)i;
            return SLUICE_OK;
        }
    }
    return defect(r, "kind", "binary, classes or outlier");
}

static sluice_result read_model(reader *r) {
    sluice_model *m = r->model;
    sluice_result result = read_kind(r);
    if (result == SLUICE_OK) {
        result = read_names(r);
    }
    if (result == SLUICE_OK) {
        result = read_calibration(r);
    }
    if (result == SLUICE_OK &&
        (!read_number(yyjson_obj_get(yyjson_obj_get(r->root, "threshold"), "probability"), &m->threshold) ||
         m->threshold < 0 || m->threshold > 1)) {
        return defect(r, "threshold", "a probability from 0 to 1");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    const char *table = yyjson_get_str(yyjson_obj_get(yyjson_obj_get(r->root, "training"), "table_sha256"));
    if (table != NULL && strlen(table) < sizeof m->table_sha256) {
        memcpy(m->table_sha256, table, strlen(table) + 1);
    }
    const char *graph = yyjson_get_str(yyjson_obj_get(yyjson_obj_get(r->root, "training"), "graph_sha256"));
    if (graph != NULL && strlen(graph) < sizeof m->graph_sha256) {
        memcpy(m->graph_sha256, graph, strlen(graph) + 1);
    }
    yyjson_val *date = yyjson_obj_get(r->root, "date");
    m->date = yyjson_is_str(date) ? copy_text(r, date) : "";
    if (m->date == NULL) {
        return no_memory(r);
    }
    return m->kind == SLUICE_MODEL_OUTLIER ? read_outlier(r) : read_boosters(r);
}

sluice_result model_parse(char *text, size_t length, sluice_model **model_out, sluice_error *error) {
    reader r = {.error = error, .model = memory_new_zero(1, sizeof *r.model)};
    *model_out = NULL;
    if (r.model == NULL) {
        return error_no_memory(error, sizeof *r.model);
    }
    r.model->text_length = length;
    yyjson_read_err wrong = {0};
    yyjson_doc *document = model_trees_parse(text, length, &wrong);
    sluice_result result = SLUICE_OK;
    if (document == NULL) {
        result = wrong.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION
                     ? no_memory(&r)
                     : error_set(error, SLUICE_E_INPUT, "line %llu: %s: this is not a model file of Sluice",
                                 (unsigned long long)json_line_of((sluice_text){text, length}, wrong.pos),
                                 wrong.msg == NULL ? "no JSON" : wrong.msg);
    } else {
        r.root = yyjson_doc_get_root(document);
        result = read_model(&r);
    }
    yyjson_doc_free(document);
    if (result == SLUICE_OK) {
        r.model->text = text;
        result = sha256_of(r.model->text, r.model->text_length, r.model->sha256, error);
    }
    if (result != SLUICE_OK) {
        r.model->text = NULL;
        sluice_model_free(&r.model);
    }
    *model_out = r.model;
    return result;
}

sluice_result sluice_model_open(const char *path, sluice_model **model_out, sluice_error *error) {
    file_view file = {0};
    *model_out = NULL;
    sluice_result result = file_map(path, &file, error);
    if (result != SLUICE_OK) {
        return result;
    }
    char *text = NULL;
    if (file.data == NULL || file.bytes == 0 || file.bytes > MODEL_FILE_BYTES_MAX) {
        result = error_set(error, SLUICE_E_INPUT, "the file is empty, or larger than 1 GiB: no model file");
    } else {
        text = memory_new(file.bytes + 1);
        result = text == NULL ? error_no_memory(error, file.bytes) : SLUICE_OK;
    }
    if (result == SLUICE_OK && text != NULL) {
        memcpy(text, file.data, file.bytes);
        text[file.bytes] = '\0';
        result = model_parse(text, file.bytes, model_out, error);
    }
    if (result != SLUICE_OK) {
        memory_free(text);
        result = error_prefix(error, result, "%s", path);
    }
    file_unmap(&file);
    return result;
}

static sluice_result write_whole(const char *path, const char *text, size_t length, sluice_error *error) {
    file_writer *writer = NULL;
    sluice_result result = file_write_begin(path, &writer, error);
    if (result == SLUICE_OK) {
        result = file_write(writer, text, length, error);
    }
    if (result == SLUICE_OK) {
        return file_write_commit(&writer, error);
    }
    file_write_abandon(&writer);
    return result;
}

sluice_result sluice_model_save(const sluice_model *model, const char *path, sluice_error *error) {
    char *card = NULL, *card_path = NULL;
    size_t length = 0;
    text_writer name = {0};
    text_printf(&name, "%s.card.md", path);
    card_path = name.data;
    sluice_result result = name.failed ? error_no_memory(error, strlen(path)) : SLUICE_OK;
    if (result == SLUICE_OK) {
        result = sluice_model_card(model, &card, &length, error);
    }
    if (result == SLUICE_OK) {
        result = write_whole(path, model->text, model->text_length, error);
    }
    if (result == SLUICE_OK) {
        result = write_whole(card_path, card, length, error);
    }
    memory_free(card);
    text_writer_fini(&name);
    return result;
}
