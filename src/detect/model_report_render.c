/* An evaluation as JSON and as a table. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "detect/model_report_private.h"
#include "signal/json.h"

yyjson_mut_val *report_number(yyjson_mut_doc *doc, double value) {
    return isfinite(value) ? yyjson_mut_real(doc, value) : yyjson_mut_null(doc);
}

static void add(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, double value) {
    (void)yyjson_mut_obj_add_val(doc, object, key, report_number(doc, value));
}

static void add_classes(yyjson_mut_doc *doc, yyjson_mut_val *root, const sluice_model_figures *f) {
    yyjson_mut_val *classes = yyjson_mut_obj_add_arr(doc, root, "classes");
    yyjson_mut_val *confusion = yyjson_mut_obj_add_arr(doc, root, "confusion");
    for (size_t k = 0; k < f->class_count; k++) {
        yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, classes);
        (void)yyjson_mut_obj_add_strcpy(doc, object, "name", f->classes[k].name);
        (void)yyjson_mut_obj_add_uint(doc, object, "count", f->classes[k].count);
        add(doc, object, "precision", f->classes[k].precision);
        add(doc, object, "recall", f->classes[k].recall);
        add(doc, object, "f1", f->classes[k].f1);
        yyjson_mut_val *line = yyjson_mut_arr_add_arr(doc, confusion);
        for (size_t i = 0; i < f->class_count; i++) {
            (void)yyjson_mut_arr_add_uint(doc, line, f->confusion[k * f->class_count + i]);
        }
    }
}

yyjson_mut_val *report_json(yyjson_mut_doc *doc, const sluice_model_report *report) {
    const sluice_model_figures *f = &report->figures;
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    (void)yyjson_mut_obj_add_str(doc, root, "part", sluice_part_name(f->part));
    (void)yyjson_mut_obj_add_uint(doc, root, "rows", f->rows);
    (void)yyjson_mut_obj_add_uint(doc, root, "unlabelled", f->unlabelled);
    if (report->kind != SLUICE_MODEL_CLASSES) {
        (void)yyjson_mut_obj_add_uint(doc, root, "positives", f->positives);
        (void)yyjson_mut_obj_add_uint(doc, root, "alerts", f->alerts);
        add(doc, root, "alerts_per_day", f->alerts_per_day);
        add(doc, root, "threshold", f->threshold);
    }
    add(doc, root, "auc", f->auc);
    add(doc, root, "average_precision", f->average_precision);
    add(doc, root, "precision", f->precision);
    add(doc, root, "recall", f->recall);
    add(doc, root, "f1", f->f1);
    add(doc, root, "macro_f1", f->macro_f1);
    add(doc, root, "accuracy", f->accuracy);
    add(doc, root, "brier", f->brier);
    add(doc, root, "log_loss", f->log_loss);
    add_classes(doc, root, f);
    if (f->bins != NULL) {
        yyjson_mut_val *bins = yyjson_mut_obj_add_arr(doc, root, "reliability");
        for (size_t b = 0; b < SLUICE_RELIABILITY_BINS; b++) {
            yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, bins);
            (void)yyjson_mut_obj_add_uint(doc, object, "count", f->bins[b].count);
            add(doc, object, "predicted", f->bins[b].predicted);
            add(doc, object, "observed", f->bins[b].observed);
        }
    }
    return root;
}

static sluice_result write_json(const sluice_model_report *report, text_writer *writer, sluice_error *error) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&json_heap);
    size_t length = 0;
    char *text = NULL;
    if (doc != NULL) {
        yyjson_mut_val *root = report_json(doc, report);
        (void)yyjson_mut_obj_add_str(doc, root, "model_sha256", report->model_sha256);
        yyjson_mut_doc_set_root(doc, root);
        text = yyjson_mut_write_opts(doc, YYJSON_WRITE_PRETTY_TWO_SPACES, &json_heap, &length, NULL);
        yyjson_mut_doc_free(doc);
    }
    if (text == NULL) {
        return error_no_memory(error, length);
    }
    text_write(writer, (sluice_text){text, length});
    text_write_char(writer, '\n');
    memory_free(text);
    return SLUICE_OK;
}

static void figure(text_writer *w, const char *name, double value) {
    if (isfinite(value)) {
        text_printf(w, "  %-34s %8.4f\n", name, value);
    } else {
        text_printf(w, "  %-34s        -\n", name);
    }
}

static void write_table(const sluice_model_report *report, text_writer *w) {
    const sluice_model_figures *f = &report->figures;
    bool many = report->kind == SLUICE_MODEL_CLASSES;
    text_printf(w, "Part %s: %llu rows", sluice_part_name(f->part), (unsigned long long)f->rows);
    if (!many) {
        text_printf(w, ", %llu positive; %llu alerts at the threshold %.6g", (unsigned long long)f->positives,
                    (unsigned long long)f->alerts, f->threshold);
    }
    text_printf(w, "\n\n");
    figure(w, "AUC", f->auc);
    figure(w, "average precision 平均精度", f->average_precision);
    figure(w, "macro-F1", f->macro_f1);
    figure(w, many ? "precision 精确率, mean" : "precision 精确率", f->precision);
    figure(w, many ? "recall 召回率, mean" : "recall 召回率", f->recall);
    if (!many) {
        figure(w, "F1", f->f1);
    }
    figure(w, "accuracy 准确率", f->accuracy);
    figure(w, "Brier score", f->brier);
    figure(w, "log loss", f->log_loss);
    if (isfinite(f->alerts_per_day)) {
        figure(w, "alerts a day 每日预警", f->alerts_per_day);
    }
    text_printf(w, "\n  %-24s %8s %9s %8s %8s   confusion: said →\n", "class 类别", "rows", "precision", "recall",
                "F1");
    for (size_t k = 0; k < f->class_count; k++) {
        const sluice_class_figures *c = &f->classes[k];
        text_printf(w, "  %-24s %8llu %9.4f %8.4f %8.4f  ", c->name, (unsigned long long)c->count, c->precision,
                    c->recall, c->f1);
        for (size_t i = 0; i < f->class_count; i++) {
            text_printf(w, " %6llu", (unsigned long long)f->confusion[k * f->class_count + i]);
        }
        text_printf(w, "\n");
    }
    if (f->bins != NULL) {
        text_printf(w, "\n  Calibration 校准: of the rows with this probability, how many were positive\n");
        for (size_t b = 0; b < SLUICE_RELIABILITY_BINS; b++) {
            if (f->bins[b].count > 0) {
                text_printf(w, "  %.1f–%.1f %8llu rows   said %.3f   were %.3f\n", (double)b / 10, (double)(b + 1) / 10,
                            (unsigned long long)f->bins[b].count, f->bins[b].predicted, f->bins[b].observed);
            }
        }
    }
}

sluice_result sluice_model_report_render(const sluice_model_report *report, sluice_model_format format, char **text_out,
                                         size_t *length_out, sluice_error *error) {
    text_writer writer = {0};
    sluice_result result = SLUICE_OK;
    *text_out = NULL;
    *length_out = 0;
    if (format == SLUICE_MODEL_JSON) {
        result = write_json(report, &writer, error);
    } else {
        write_table(report, &writer);
    }
    if (result == SLUICE_OK && writer.failed) {
        result = error_no_memory(error, writer.length);
    }
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    *text_out = writer.data;
    *length_out = writer.length;
    return SLUICE_OK;
}
