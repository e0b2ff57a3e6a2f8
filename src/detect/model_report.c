/* Evaluation: scores of a part against its labels, and the figures.
 *
 * AUC and average precision are of the calibrated probability, which rises strictly with the margin. Of more than two
 * classes each figure is the mean over the classes of one against the rest, F1 over the classes that are said or there.
 * Figures at the threshold count a row as said positive when its probability reaches it.
 *
 * Cost: a score a row and a sort. Memory: 16 bytes a row (and class). */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/time.h"
#include "detect/model_metrics_private.h"
#include "detect/model_report_private.h"

/* The rows of a part with their probabilities. */
typedef struct evaluation {
    const sluice_model *m;
    const rows_source *source;
    rows_feature *features;
    float *row;
    uint32_t *class_of_label; /* of the table, or TABLE_NO_LABEL */
    sluice_part part;
    const float *margins; /* of the table's rows; NULL: the model's */
    size_t count;
    uint32_t *truths, *said;
    double *probabilities; /* [row * class count] */
    int64_t first_ms, last_ms;
    sluice_error *error;
} evaluation;

static bool in_part(const sluice_table *t, size_t row, sluice_part part) {
    return part == SLUICE_PART_ALL || t->parts[row] == (uint8_t)part;
}

static sluice_result bind(const sluice_model *m, const rows_source *source, rows_feature *features,
                          sluice_error *error) {
    for (size_t i = 0; i < m->feature_count; i++) {
        if (rows_find(source, m->features[i], &features[i])) {
            continue;
        }
        bool graph = strncmp(m->features[i], "graph.", 6) == 0 && source->graph_count == 0;
        return error_set(error, SLUICE_E_INPUT, "the table has no column of numbers %s, which the model needs%s",
                         m->features[i], graph ? ": give the edges (--edges) that it was trained with" : "");
    }
    return SLUICE_OK;
}

static sluice_result map_labels(evaluation *e) {
    const sluice_table *t = e->source->table;
    for (size_t label = 0; label < t->label_count; label++) {
        e->class_of_label[label] = TABLE_NO_LABEL;
        for (size_t k = 0; k < e->m->class_count; k++) {
            if (strcmp(t->label_names[label], e->m->classes[k]) == 0) {
                e->class_of_label[label] = (uint32_t)k;
            }
        }
        /* Without classes of its own (unsupervised) it is judged by the usual names. */
        if (e->m->class_count == 0) {
            bool zero = strcmp(t->label_names[label], "0") == 0 || strcmp(t->label_names[label], "false") == 0;
            e->class_of_label[label] = zero ? 0 : 1;
        }
        bool used = false;
        for (size_t row = 0; row < t->row_count && !used; row++) {
            used = t->labels[row] == label && in_part(t, row, e->part);
        }
        if (used && e->class_of_label[label] == TABLE_NO_LABEL) {
            return error_set(e->error, SLUICE_E_INPUT, "the label %s is none of the model's %zu classes",
                             t->label_names[label], e->m->class_count);
        }
    }
    return SLUICE_OK;
}

static size_t width_of(const sluice_model *m) {
    return m->class_count > 2 ? m->class_count : 2;
}

static void score_rows(evaluation *e, sluice_model_figures *f) {
    const sluice_table *t = e->source->table;
    e->first_ms = INT64_MAX;
    e->last_ms = INT64_MIN;
    for (size_t row = 0; row < t->row_count; row++) {
        if (!in_part(t, row, e->part)) {
            continue;
        }
        if (t->labels[row] == TABLE_NO_LABEL) {
            f->unlabelled++;
            continue;
        }
        float margins[MODEL_CLASSES_MAX];
        double *p = e->probabilities + e->count * width_of(e->m);
        rows_get(e->source, row, e->features, e->m->feature_count, e->row);
        if (e->margins == NULL) {
            model_margins(e->m, e->row, margins);
        } else {
            margins[0] = e->margins[row];
        }
        model_probabilities(e->m, margins, p);
        uint32_t said = 0;
        if (e->m->kind == SLUICE_MODEL_CLASSES) {
            for (uint32_t k = 1; k < e->m->class_count; k++) {
                said = p[k] > p[said] ? k : said;
            }
        } else {
            p[1] = e->m->class_count == 2 ? p[1] : p[0];
            p[0] = 1 - p[1];
            said = p[1] >= e->m->threshold;
        }
        e->truths[e->count] = e->class_of_label[t->labels[row]];
        e->said[e->count++] = said;
        if (t->times[row] != TABLE_NO_TIME) {
            e->first_ms = t->times[row] < e->first_ms ? t->times[row] : e->first_ms;
            e->last_ms = t->times[row] > e->last_ms ? t->times[row] : e->last_ms;
        }
    }
}

/* One class against the rest. */
static sluice_result rank_class(const evaluation *e, uint32_t k, double *auc_out, double *precision_out) {
    scored *rows = memory_new(e->count * sizeof *rows);
    if (rows == NULL) {
        return error_no_memory(e->error, e->count * sizeof *rows);
    }
    for (size_t i = 0; i < e->count; i++) {
        rows[i] = (scored){e->probabilities[i * width_of(e->m) + k], e->truths[i] == k};
    }
    metrics_sort(rows, e->count);
    *auc_out = metrics_auc(rows, e->count);
    *precision_out = metrics_average_precision(rows, e->count);
    memory_free(rows);
    return SLUICE_OK;
}

static sluice_result rank(const evaluation *e, sluice_model_figures *f) {
    if (e->m->kind != SLUICE_MODEL_CLASSES) {
        return rank_class(e, 1, &f->auc, &f->average_precision);
    }
    double auc = 0, precision = 0, aucs = 0, precisions = 0, count = 0;
    for (uint32_t k = 0; k < e->m->class_count; k++) {
        sluice_result result = rank_class(e, k, &auc, &precision);
        if (result != SLUICE_OK) {
            return result;
        }
        if (!isnan(auc)) {
            aucs += auc;
            precisions += precision;
            count++;
        }
    }
    f->auc = count > 0 ? aucs / count : (double)NAN;
    f->average_precision = count > 0 ? precisions / count : (double)NAN;
    return SLUICE_OK;
}

static void judge_classes(const evaluation *e, sluice_model_report *r) {
    sluice_model_figures *f = &r->figures;
    size_t width = width_of(e->m), counted = 0;
    double precision = 0, recall = 0, f1 = 0;
    for (size_t i = 0; i < e->count; i++) {
        r->confusion[e->truths[i] * width + e->said[i]]++;
        f->accuracy += e->truths[i] == e->said[i];
        f->alerts += e->m->kind != SLUICE_MODEL_CLASSES && e->said[i] == 1;
        f->positives += e->m->kind != SLUICE_MODEL_CLASSES && e->truths[i] == 1;
    }
    f->accuracy /= (double)e->count;
    for (size_t k = 0; k < width; k++) {
        uint64_t there = 0, said = 0, hits = r->confusion[k * width + k];
        for (size_t i = 0; i < width; i++) {
            there += r->confusion[k * width + i];
            said += r->confusion[i * width + k];
        }
        sluice_class_figures *c = &r->classes[k];
        c->count = there;
        c->precision = said == 0 ? 0 : (double)hits / (double)said;
        c->recall = there == 0 ? 0 : (double)hits / (double)there;
        c->f1 = metrics_f1(hits, said, there);
        if (said + there > 0) {
            counted++;
            precision += c->precision;
            recall += c->recall;
            f1 += c->f1;
        }
    }
    f->macro_f1 = counted == 0 ? 0 : f1 / (double)counted;
    bool many = e->m->kind == SLUICE_MODEL_CLASSES;
    f->precision = !many ? r->classes[1].precision : counted == 0 ? 0 : precision / (double)counted;
    f->recall = !many ? r->classes[1].recall : counted == 0 ? 0 : recall / (double)counted;
    f->f1 = !many ? r->classes[1].f1 : f->macro_f1;
}

static void judge_probabilities(const evaluation *e, sluice_model_report *r) {
    size_t width = width_of(e->m);
    sluice_model_figures *f = &r->figures;
    for (size_t i = 0; i < e->count; i++) {
        const double *p = e->probabilities + i * width;
        f->log_loss -= log(fmax(p[e->truths[i]], 1e-15)) / (double)e->count;
        for (size_t k = 0; k < width; k++) {
            double d = p[k] - (double)(e->truths[i] == k);
            f->brier += (width == 2 && k == 0 ? 0 : d * d) / (double)e->count;
        }
        if (width == 2) {
            size_t bin = (size_t)fmin(p[1] * SLUICE_RELIABILITY_BINS, SLUICE_RELIABILITY_BINS - 1);
            r->bins[bin].count++;
            r->bins[bin].predicted += p[1];
            r->bins[bin].observed += e->truths[i] == 1;
        }
    }
    for (size_t b = 0; b < SLUICE_RELIABILITY_BINS; b++) {
        double count = (double)r->bins[b].count;
        r->bins[b].predicted = count == 0 ? (double)NAN : r->bins[b].predicted / count;
        r->bins[b].observed = count == 0 ? (double)NAN : r->bins[b].observed / count;
    }
    f->bins = width == 2 ? r->bins : NULL;
}

static sluice_result name_classes(const sluice_model *m, sluice_model_report *r, sluice_error *error) {
    size_t width = width_of(m);
    r->classes = memory_new_zero(width, sizeof *r->classes);
    r->confusion = memory_new_zero(width * width, sizeof *r->confusion);
    if (r->classes == NULL || r->confusion == NULL) {
        return error_no_memory(error, width * width * sizeof *r->confusion);
    }
    for (size_t k = 0; k < width; k++) {
        const char *name = m->class_count > 0 ? m->classes[k] : k == 0 ? "usual" : "unusual";
        r->classes[k].name = arena_copy(&r->texts, name, strlen(name) + 1);
        if (r->classes[k].name == NULL) {
            return error_no_memory(error, strlen(name));
        }
    }
    r->figures.classes = r->classes;
    r->figures.class_count = width;
    r->figures.confusion = r->confusion;
    return SLUICE_OK;
}

static bool allocate(evaluation *e) {
    size_t rows = e->source->table->row_count;
    e->features = memory_new(e->m->feature_count * sizeof *e->features);
    e->row = memory_new(e->m->feature_count * sizeof *e->row);
    e->class_of_label = memory_new((e->source->table->label_count + 1) * sizeof *e->class_of_label);
    e->truths = memory_new(rows * sizeof *e->truths);
    e->said = memory_new(rows * sizeof *e->said);
    e->probabilities = memory_new(rows * width_of(e->m) * sizeof *e->probabilities);
    return e->features != NULL && e->row != NULL && e->class_of_label != NULL && e->truths != NULL && e->said != NULL &&
           e->probabilities != NULL;
}

static void release(evaluation *e) {
    memory_free(e->features);
    memory_free(e->row);
    memory_free(e->class_of_label);
    memory_free(e->truths);
    memory_free(e->said);
    memory_free(e->probabilities);
}

static sluice_result judge(evaluation *e, sluice_model_report *r) {
    sluice_result result = bind(e->m, e->source, e->features, e->error);
    if (result == SLUICE_OK) {
        result = map_labels(e);
    }
    if (result == SLUICE_OK) {
        result = name_classes(e->m, r, e->error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    score_rows(e, &r->figures);
    if (e->count == 0) {
        return error_set(e->error, SLUICE_E_INVALID,
                         "there is no labelled row in the part %s: give --split, or --part all",
                         sluice_part_name(e->part));
    }
    r->figures.rows = e->count;
    judge_classes(e, r);
    judge_probabilities(e, r);
    double days = e->last_ms > e->first_ms ? (double)(e->last_ms - e->first_ms) / (double)TIME_DAY_MS : (double)NAN;
    r->figures.alerts_per_day = e->m->kind == SLUICE_MODEL_CLASSES ? (double)NAN : (double)r->figures.alerts / days;
    return rank(e, &r->figures);
}

sluice_result report_make(const sluice_model *m, const rows_source *source, sluice_part part, const float *margins,
                          sluice_model_report **report_out, sluice_error *error) {
    evaluation e = {.m = m, .source = source, .part = part, .margins = margins, .error = error};
    sluice_model_report *r = memory_new_zero(1, sizeof *r);
    *report_out = NULL;
    if (r == NULL) {
        return error_no_memory(error, sizeof *r);
    }
    sluice_result result = allocate(&e) ? SLUICE_OK : error_no_memory(error, sizeof *r);
    if (result == SLUICE_OK) {
        r->kind = m->kind;
        r->figures = (sluice_model_figures){.size = sizeof r->figures, .part = part, .threshold = m->threshold};
        memcpy(r->model_sha256, m->sha256, sizeof r->model_sha256);
        result = judge(&e, r);
    }
    release(&e);
    if (result != SLUICE_OK) {
        sluice_model_report_free(&r);
    }
    *report_out = r;
    return result;
}

/* Whether the model has features of the graph; the classes that those count. */
static sluice_result open_source(const sluice_model *m, const sluice_table *table, rows_source *source,
                                 sluice_error *error) {
    bool graph = false;
    for (size_t i = 0; i < m->feature_count; i++) {
        graph |= strncmp(m->features[i], "graph.", 6) == 0;
    }
    size_t skip = m->class_count == 2 ? 1 : 0;
    return rows_open(table, m->classes + skip, m->class_count - skip, graph, m->graph_sha256, source, error);
}

sluice_result sluice_model_evaluate(const sluice_model *model, const sluice_table *table, sluice_part part,
                                    sluice_model_report **report_out, sluice_error *error) {
    rows_source source;
    *report_out = NULL;
    sluice_result result = open_source(model, table, &source, error);
    if (result == SLUICE_OK) {
        result = report_make(model, &source, part, NULL, report_out, error);
        rows_close(&source);
    }
    char hash[SHA256_HEX_BYTES];
    if (result == SLUICE_OK) {
        result = table_sha256(table, hash, error);
    }
    if (result == SLUICE_OK && *report_out != NULL) {
        (*report_out)->figures.same_table = strcmp(hash, model->table_sha256) == 0;
    }
    if (result != SLUICE_OK) {
        sluice_model_report_free(report_out);
    }
    return result;
}

sluice_result sluice_model_each(const sluice_model *model, const sluice_table *table, sluice_part part,
                                sluice_model_visit visit, void *context, sluice_error *error) {
    rows_source source;
    sluice_result result = open_source(model, table, &source, error);
    if (result != SLUICE_OK) {
        return result;
    }
    rows_feature *features = memory_new(model->feature_count * sizeof *features);
    float *row = memory_new(model->feature_count * sizeof *row);
    result = features == NULL || row == NULL ? error_no_memory(error, model->feature_count * sizeof *features)
                                             : bind(model, &source, features, error);
    for (size_t i = 0; i < table->row_count && result == SLUICE_OK; i++) {
        if (in_part(table, i, part)) {
            sluice_model_score score;
            rows_get(&source, i, features, model->feature_count, row);
            model_score(model, row, &score);
            if (!visit(context, table->numbers[i], row, &score)) {
                break;
            }
        }
    }
    memory_free(features);
    memory_free(row);
    rows_close(&source);
    return result;
}

void sluice_model_report_free(sluice_model_report **report) {
    if (*report != NULL) {
        memory_free((*report)->classes);
        memory_free((*report)->confusion);
        arena_fini(&(*report)->texts);
        memory_free(*report);
        *report = NULL;
    }
}

void sluice_model_report_view(const sluice_model_report *report, sluice_model_figures *figures_out) {
    SLUICE_ASSERT(figures_out->size == sizeof *figures_out);
    *figures_out = report->figures;
}
