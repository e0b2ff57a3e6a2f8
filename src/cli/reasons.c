#include "cli/reasons.h"

#include <math.h>
#include <string.h>

#include "base/json_write.h"
#include "base/memory.h"

enum { REASONS_SHOWN = 5 };

/* The highest scores so far, highest first. */
typedef struct top_row {
    size_t row;
    sluice_model_score score;
    float *values;
} top_row;

typedef struct top_rows {
    size_t feature_count, count, wanted, capacity;
    top_row *rows;
    bool failed;
} top_rows;

static bool on_row(void *context, size_t row, const float *values, const sluice_model_score *score) {
    top_rows *top = context;
    bool full = top->count == top->wanted;
    if (full && score->probability <= top->rows[top->count - 1].score.probability) {
        return true;
    }
    if (!full && !ARRAY_RESERVE(top->rows, top->capacity, top->count + 1)) {
        top->failed = true;
        return false;
    }
    float *copy = full ? top->rows[top->count - 1].values : memory_new(top->feature_count * sizeof *copy);
    if (copy == NULL) {
        top->failed = true;
        return false;
    }
    memcpy(copy, values, top->feature_count * sizeof *copy);
    size_t place = full ? top->count - 1 : top->count++;
    while (place > 0 && top->rows[place - 1].score.probability < score->probability) {
        top->rows[place] = top->rows[place - 1];
        place--;
    }
    top->rows[place] = (top_row){row, *score, copy};
    return true;
}

/* The features that add most, up or down. */
static size_t find_best(const float *contributions, size_t feature_count, size_t best[REASONS_SHOWN]) {
    size_t count = 0;
    for (size_t i = 0; i < feature_count; i++) {
        size_t place = count < REASONS_SHOWN ? count++ : REASONS_SHOWN;
        while (place > 0 && fabsf(contributions[best[place - 1]]) < fabsf(contributions[i])) {
            if (place < REASONS_SHOWN) {
                best[place] = best[place - 1];
            }
            place--;
        }
        if (place < REASONS_SHOWN) {
            best[place] = i;
        }
    }
    return count;
}

static void write_table(text_writer *out, const top_row *row, const float *contributions, float base,
                        const sluice_model_view *view) {
    size_t best[REASONS_SHOWN], count = find_best(contributions, view->feature_count, best);
    text_printf(out, "row %zu: probability %.4f%s, margin %.4f = %.4f", row->row, row->score.probability,
                view->kind == SLUICE_MODEL_CLASSES ? ""
                : row->score.class_index == 1      ? " (alert)"
                                                   : "",
                (double)row->score.margin, (double)base);
    if (view->kind == SLUICE_MODEL_CLASSES) {
        text_printf(out, ", %s", view->classes[row->score.class_index]);
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "\n    %+.4f  %s = ", (double)contributions[best[i]], view->features[best[i]]);
        if (isnan(row->values[best[i]])) {
            text_printf(out, "missing");
        } else {
            text_printf(out, "%.9g", (double)row->values[best[i]]);
        }
    }
    text_write_char(out, '\n');
}

static void add_json(json_document *d, yyjson_mut_val *rows, const top_row *row, const float *contributions, float base,
                     const sluice_model_view *view) {
    size_t best[REASONS_SHOWN], count = find_best(contributions, view->feature_count, best);
    yyjson_mut_val *object = json_append_object(d, rows);
    json_add_uint(d, object, "row", row->row);
    json_add_double(d, object, "probability", row->score.probability);
    if (view->kind == SLUICE_MODEL_CLASSES) {
        json_add_text(d, object, "class", text_of(view->classes[row->score.class_index]));
    } else {
        json_add_bool(d, object, "alert", row->score.class_index == 1);
    }
    json_add_double(d, object, "margin", (double)row->score.margin);
    json_add_double(d, object, "base", (double)base);
    yyjson_mut_val *reasons = json_add_array(d, object, "reasons");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *reason = json_append_object(d, reasons);
        json_add_text(d, reason, "feature", text_of(view->features[best[i]]));
        json_add_double(d, reason, "adds", (double)contributions[best[i]]);
        json_add_double(d, reason, "value", (double)row->values[best[i]]);
    }
}

static sluice_result write_rows(const top_rows *top, const sluice_model *model, bool json, text_writer *out,
                                sluice_error *error) {
    sluice_model_view view = {.size = sizeof view};
    sluice_model_view_get(model, &view);
    float *contributions = memory_new(view.feature_count * sizeof *contributions), base = 0;
    sluice_result result = contributions == NULL ? SLUICE_E_NO_MEMORY : SLUICE_OK;
    json_document d = {0};
    yyjson_mut_val *rows = json ? json_add_array(&d, json_begin(&d), "rows") : NULL;
    for (size_t i = 0; i < top->count && result == SLUICE_OK; i++) {
        result = sluice_model_reasons(model, top->rows[i].values, contributions, &base, error);
        if (result == SLUICE_OK && json) {
            add_json(&d, rows, &top->rows[i], contributions, base, &view);
        } else if (result == SLUICE_OK) {
            write_table(out, &top->rows[i], contributions, base, &view);
        }
    }
    if (json) {
        sluice_result ended = json_end(&d, out, error);
        result = result == SLUICE_OK ? ended : result;
    }
    memory_free(contributions);
    return result == SLUICE_OK && out->failed ? SLUICE_E_NO_MEMORY : result;
}

int reasons_print(const cli_args *args, const sluice_model *model, const sluice_table *table, sluice_part part,
                  size_t wanted, bool json) {
    sluice_model_view view = {.size = sizeof view};
    sluice_error error = {0};
    text_writer out = {0};
    sluice_model_view_get(model, &view);
    top_rows top = {.feature_count = view.feature_count, .wanted = wanted};
    sluice_result result = sluice_model_each(model, table, part, on_row, &top, &error);
    result = result == SLUICE_OK && top.failed ? SLUICE_E_NO_MEMORY : result;
    if (result == SLUICE_OK) {
        result = write_rows(&top, model, json, &out, &error);
    }
    for (size_t i = 0; i < top.count; i++) {
        memory_free(top.rows[i].values);
    }
    memory_free(top.rows);
    error.code = result;
    int code = result != SLUICE_OK                                             ? cli_fail_with(args, &error)
               : cli_write(args, out.data == NULL ? "" : out.data, out.length) ? CLI_OK
                                                                               : CLI_FAILED;
    text_writer_fini(&out);
    return code;
}
