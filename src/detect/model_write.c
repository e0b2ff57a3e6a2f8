/* A model file: one JSON object. The boosters are in it as libxgboost wrote them, so that the library can read them
 * too. docs/models.md describes it; model_file.c reads it. */
#include <string.h>

#include "detect/model_json_private.h"
#include "detect/model_train_private.h"

static const char *kind_name(sluice_model_kind kind) {
    return kind == SLUICE_MODEL_BINARY ? "binary" : kind == SLUICE_MODEL_CLASSES ? "classes" : "outlier";
}

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, const char *text) {
    (void)yyjson_mut_obj_add_val(doc, object, key, text == NULL ? yyjson_mut_null(doc) : yyjson_mut_strcpy(doc, text));
}

static void add_features(yyjson_mut_doc *doc, yyjson_mut_val *root, const sluice_model *m) {
    yyjson_mut_val *features = yyjson_mut_obj_add_arr(doc, root, "features");
    for (size_t i = 0; i < m->feature_count; i++) {
        yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, features);
        add_text(doc, object, "name", m->features[i]);
        json_add_number(doc, object, "importance", m->importances[i]);
    }
    yyjson_mut_val *classes = yyjson_mut_obj_add_arr(doc, root, "classes");
    for (size_t k = 0; k < m->class_count; k++) {
        (void)yyjson_mut_arr_add_strcpy(doc, classes, m->classes[k]);
    }
}

static void add_calibration(yyjson_mut_doc *doc, yyjson_mut_val *root, const calibration *c) {
    static const char *const NAMES[] = {"none", "platt", "isotonic", "temperature"};
    yyjson_mut_val *object = yyjson_mut_obj_add_obj(doc, root, "calibration");
    (void)yyjson_mut_obj_add_str(doc, object, "kind", NAMES[c->kind]);
    if (c->kind == CALIBRATION_PLATT || c->kind == CALIBRATION_TEMPERATURE) {
        json_add_number(doc, object, "a", c->a);
        json_add_number(doc, object, "b", c->b);
    }
    if (c->kind == CALIBRATION_ISOTONIC) {
        yyjson_mut_val *x = yyjson_mut_obj_add_arr(doc, object, "margins");
        yyjson_mut_val *y = yyjson_mut_obj_add_arr(doc, object, "probabilities");
        for (size_t i = 0; i < c->knot_count; i++) {
            json_append_number(doc, x, c->x[i]);
            json_append_number(doc, y, c->y[i]);
        }
    }
}

static void add_part(const training *t, yyjson_mut_doc *doc, yyjson_mut_val *object, sluice_part part) {
    const sluice_table *table = t->table;
    yyjson_mut_val *counts = yyjson_mut_obj_add_obj(doc, object, sluice_part_name(part));
    uint64_t rows = 0, by_class[MODEL_CLASSES_MAX] = {0};
    int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->parts[row] != (uint8_t)part) {
            continue;
        }
        rows++;
        uint32_t label = table->labels[row];
        if (t->class_of_label != NULL && label != TABLE_NO_LABEL && t->class_of_label[label] != TABLE_NO_LABEL) {
            by_class[t->class_of_label[label]]++;
        }
        if (table->times[row] != TABLE_NO_TIME) {
            first_ms = table->times[row] < first_ms ? table->times[row] : first_ms;
            last_ms = table->times[row] > last_ms ? table->times[row] : last_ms;
        }
    }
    (void)yyjson_mut_obj_add_uint(doc, counts, "rows", rows);
    if (last_ms >= first_ms) {
        (void)yyjson_mut_obj_add_sint(doc, counts, "first_ms", first_ms);
        (void)yyjson_mut_obj_add_sint(doc, counts, "last_ms", last_ms);
    }
    yyjson_mut_val *classes = yyjson_mut_obj_add_arr(doc, counts, "by_class");
    for (size_t k = 0; k < t->model->class_count; k++) {
        (void)yyjson_mut_arr_add_uint(doc, classes, by_class[k]);
    }
}

static void add_parameters(yyjson_mut_doc *doc, yyjson_mut_val *object, const boost_parameters *p) {
    json_add_number(doc, object, "eta", p->eta);
    (void)yyjson_mut_obj_add_uint(doc, object, "max_depth", p->depth_max);
    json_add_number(doc, object, "min_child_weight", p->child_weight_min);
    json_add_number(doc, object, "subsample", p->row_share);
    json_add_number(doc, object, "colsample_bynode", p->column_share);
    json_add_number(doc, object, "lambda", p->lambda);
    json_add_number(doc, object, "scale_pos_weight", p->positive_weight);
}

/* In the order of FEATURES_…'s bits. */
static const char *const SETS[] = {"structure", "means", "labels", "places"};

static void add_training(const training *t, yyjson_mut_doc *doc, yyjson_mut_val *root) {
    yyjson_mut_val *object = yyjson_mut_obj_add_obj(doc, root, "training");
    add_text(doc, object, "data", t->options.data);
    add_text(doc, object, "table_sha256", t->model->table_sha256);
    add_text(doc, object, "graph_sha256", t->model->graph_sha256);
    (void)yyjson_mut_obj_add_uint(doc, object, "rows", t->table->row_count);
    (void)yyjson_mut_obj_add_uint(doc, object, "edges", t->table->edge_count);
    (void)yyjson_mut_obj_add_uint(doc, object, "seed", t->options.seed);
    yyjson_mut_val *parts = yyjson_mut_obj_add_obj(doc, object, "parts");
    add_part(t, doc, parts, SLUICE_PART_TRAIN);
    add_part(t, doc, parts, SLUICE_PART_VALIDATION);
    add_part(t, doc, parts, SLUICE_PART_TEST);
    if (t->options.unsupervised) {
        add_text(doc, object, "method", "ECOD");
        return;
    }
    char version[32];
    boost_library_version(version);
    add_text(doc, object, "library", version);
    add_parameters(doc, yyjson_mut_obj_add_obj(doc, object, "parameters"), &t->candidates[t->chosen].parameters);
    yyjson_mut_val *search = yyjson_mut_obj_add_arr(doc, object, "search");
    for (uint32_t i = 0; i < t->candidate_count; i++) {
        yyjson_mut_val *candidate = yyjson_mut_arr_add_obj(doc, search);
        add_parameters(doc, candidate, &t->candidates[i].parameters);
        yyjson_mut_val *sets = yyjson_mut_obj_add_arr(doc, candidate, "graph_features");
        for (unsigned k = 0; k < sizeof SETS / sizeof *SETS; k++) {
            if ((t->candidates[i].features >> k & 1u) != 0) {
                (void)yyjson_mut_arr_add_str(doc, sets, SETS[k]);
            }
        }
        (void)yyjson_mut_obj_add_uint(doc, candidate, "rounds", t->candidates[i].rounds);
        json_add_number(doc, candidate, "validation_log_loss", t->candidates[i].loss);
    }
    (void)yyjson_mut_obj_add_bool(doc, object, "half_without_graph", t->mixed);
    (void)yyjson_mut_obj_add_bool(doc, object, "cross_fitted", t->cross_fitted);
    yyjson_mut_val *rounds = yyjson_mut_obj_add_arr(doc, object, "rounds");
    for (uint32_t i = 0; i < t->job_count; i++) {
        (void)yyjson_mut_arr_add_uint(doc, rounds, t->jobs[i].rounds);
    }
}

static void add_outlier(yyjson_mut_doc *doc, yyjson_mut_val *root, const outlier *o) {
    yyjson_mut_val *object = yyjson_mut_obj_add_obj(doc, root, "distributions");
    yyjson_mut_val *features = yyjson_mut_obj_add_arr(doc, object, "features");
    for (size_t i = 0; i < o->feature_count; i++) {
        const outlier_feature *f = &o->features[i];
        yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, features);
        json_add_number(doc, one, "missing", f->missing);
        (void)yyjson_mut_obj_add_bool(doc, one, "skewed_left", f->skewed_left);
        yyjson_mut_val *values = yyjson_mut_obj_add_arr(doc, one, "values");
        yyjson_mut_val *below = yyjson_mut_obj_add_arr(doc, one, "below");
        for (size_t k = 0; k < f->knot_count; k++) {
            json_append_number(doc, values, (double)f->values[k]);
            json_append_number(doc, below, f->below[k]);
        }
    }
    yyjson_mut_val *scores = yyjson_mut_obj_add_arr(doc, object, "scores");
    for (size_t k = 0; k < o->score_count; k++) {
        json_append_number(doc, scores, o->scores[k]);
    }
}

static void add_metrics(const training *t, yyjson_mut_doc *doc, yyjson_mut_val *root) {
    yyjson_mut_val *metrics = yyjson_mut_obj_add_obj(doc, root, "metrics");
    if (t->on_validation != NULL) {
        (void)yyjson_mut_obj_add_val(doc, metrics, "validation", report_json(doc, t->on_validation));
    }
    if (t->on_test != NULL) {
        (void)yyjson_mut_obj_add_val(doc, metrics, "test", report_json(doc, t->on_test));
    }
}

static void fill(const training *t, yyjson_mut_doc *doc, yyjson_mut_val *root) {
    static const char *const THRESHOLDS[] = {"macro-f1", "f1", "alerts"};
    const sluice_model *m = t->model;
    add_text(doc, root, "format", "sluice-model");
    (void)yyjson_mut_obj_add_uint(doc, root, "version", MODEL_FILE_VERSION);
    add_text(doc, root, "kind", kind_name(m->kind));
    add_text(doc, root, "name", t->options.name == NULL ? "model" : t->options.name);
    add_text(doc, root, "purpose", t->options.purpose);
    add_text(doc, root, "date", t->options.date);
    add_features(doc, root, m);
    add_calibration(doc, root, &m->calibrated);
    yyjson_mut_val *threshold = yyjson_mut_obj_add_obj(doc, root, "threshold");
    json_add_number(doc, threshold, "probability", m->threshold);
    bool fixed = t->options.unsupervised && t->options.threshold != SLUICE_THRESHOLD_ALERTS;
    add_text(doc, threshold, "chosen_for", fixed ? "share" : THRESHOLDS[t->options.threshold]);
    if (t->options.threshold == SLUICE_THRESHOLD_ALERTS) {
        json_add_number(doc, threshold, "alerts_per_day", t->options.alerts_per_day);
        json_add_number(doc, threshold, "validation_days", t->validation_days);
    }
    add_training(t, doc, root);
    add_metrics(t, doc, root);
    if (m->unusual != NULL) {
        add_outlier(doc, root, m->unusual);
    }
    yyjson_mut_val *boosters = yyjson_mut_obj_add_arr(doc, root, "boosters");
    for (uint32_t i = 0; i < t->job_count; i++) {
        (void)yyjson_mut_arr_append(boosters, yyjson_mut_rawn(doc, t->jobs[i].json, t->jobs[i].json_length));
    }
}

sluice_result train_write(const training *t, char **text_out, size_t *length_out) {
    sluice_result result = table_sha256(t->table, t->model->table_sha256, t->error);
    if (result == SLUICE_OK) {
        result = graph_sha256(t->table, t->model->graph_sha256, t->error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    json_out out;
    yyjson_mut_val *root = json_out_begin(&out);
    if (root != NULL) {
        fill(t, out.doc, root);
    }
    return json_out_end(&out, text_out, length_out, t->error);
}
