/* The model card (Mitchell et al., "Model cards for model reporting", 2019): what a model is for, what it learned from,
 * how well it does, and what it must not be used for, in English and Chinese, from the model file alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "detect/model_private.h"

enum { FEATURES_SHOWN = 25 };

typedef struct card {
    text_writer *out;
    const sluice_model *m;
    yyjson_val *root;
} card;

static yyjson_val *at(yyjson_val *object, const char *first, const char *second) {
    yyjson_val *value = yyjson_obj_get(object, first);
    return second == NULL ? value : yyjson_obj_get(value, second);
}

/* Texts of a file may hold anything; a card's lines stay lines. */
static void write_text(const card *c, const char *text) {
    for (; *text != '\0'; text++) {
        char character = *text;
        if (character == '\n' || character == '\r') {
            character = ' ';
        } else if (strchr("|`<>", character) != NULL) {
            text_write_char(c->out, '\\');
        }
        text_write_char(c->out, character);
    }
}

static void write_value(const card *c, yyjson_val *value) {
    if (yyjson_is_raw(value)) {
        text_write(c->out, (sluice_text){yyjson_get_raw(value), yyjson_get_len(value)});
    } else if (yyjson_is_str(value) && yyjson_get_len(value) > 0) {
        write_text(c, yyjson_get_str(value));
    } else {
        text_write(c->out, TEXT("–"));
    }
}

static double number_of(yyjson_val *value) {
    return yyjson_is_raw(value) ? strtod(yyjson_get_raw(value), NULL) : (double)NAN;
}

static void line(const card *c, const char *name, yyjson_val *value) {
    text_printf(c->out, "| %s | ", name);
    write_value(c, value);
    text_printf(c->out, " |\n");
}

static void figure(const card *c, const char *name, const char *key) {
    text_printf(c->out, "| %s |", name);
    static const char *const PARTS[] = {"validation", "test"};
    for (size_t i = 0; i < 2; i++) {
        yyjson_val *value = at(at(c->root, "metrics", PARTS[i]), key, NULL);
        double number = number_of(value);
        if (isnan(number)) {
            text_printf(c->out, " – |");
        } else if (memchr(yyjson_get_raw(value), '.', yyjson_get_len(value)) == NULL) {
            text_printf(c->out, " %.0f |", number);
        } else {
            text_printf(c->out, " %.4f |", number);
        }
    }
    text_printf(c->out, "\n");
}

static void write_head(const card *c) {
    static const char *const KINDS[] = {
        "gradient-boosted trees, two classes · 梯度提升树（二分类）",
        "gradient-boosted trees, several classes · 梯度提升树（多分类）",
        "how unusual a row is (ECOD), without labels · 无监督异常程度（ECOD）",
    };
    text_printf(c->out, "# Model card 模型卡: ");
    write_value(c, at(c->root, "name", NULL));
    text_printf(c->out, "\n\n| | |\n|---|---|\n");
    line(c, "Purpose 用途", at(c->root, "purpose", NULL));
    text_printf(c->out, "| Kind 类型 | %s |\n", KINDS[c->m->kind]);
    line(c, "Date 日期", at(c->root, "date", NULL));
    line(c, "Data 数据", at(c->root, "training", "data"));
    text_printf(c->out, "| SHA-256 of the data 数据摘要 | `%s` |\n| SHA-256 of the model file 模型文件摘要 | `%s` |\n",
                c->m->table_sha256, c->m->sha256);
    if (c->m->kind != SLUICE_MODEL_OUTLIER) {
        sluice_model_view view = {.size = sizeof view};
        sluice_model_view_get(c->m, &view);
        text_printf(c->out, "| Trees 树 | %zu boosters, %zu trees, libxgboost ", view.booster_count, view.tree_count);
        write_value(c, at(c->root, "training", "library"));
        text_printf(c->out, " |\n");
    }
    if (c->m->kind != SLUICE_MODEL_CLASSES) {
        text_printf(c->out, "| Threshold 阈值 | probability %.6g, chosen on rows not seen for 按未见过的数据选取: ",
                    c->m->threshold);
        write_value(c, at(c->root, "threshold", "chosen_for"));
        yyjson_val *alerts = at(c->root, "threshold", "alerts_per_day");
        if (alerts != NULL) {
            text_printf(c->out, ", alerts a day 每日预警 ");
            write_value(c, alerts);
        }
        text_printf(c->out, " |\n");
    }
    line(c, "Calibration 校准", at(c->root, "calibration", "kind"));
    line(c, "Seed 随机种子", at(c->root, "training", "seed"));
}

static void write_data(const card *c) {
    static const char *const PARTS[][2] = {
        {"train", "training 训练"}, {"val", "validation 验证"}, {"test", "test 测试"}};
    text_printf(c->out, "\n## Data 数据\n\n| part 部分 | rows 行 |");
    for (size_t k = 0; k < c->m->class_count; k++) {
        text_printf(c->out, " ");
        write_text(c, c->m->classes[k]);
        text_printf(c->out, " |");
    }
    text_printf(c->out, " from 起 | to 止 |\n|---|---|---|---|");
    for (size_t k = 0; k < c->m->class_count; k++) {
        text_printf(c->out, "---|");
    }
    text_printf(c->out, "\n");
    for (size_t i = 0; i < 3; i++) {
        yyjson_val *part = at(at(c->root, "training", "parts"), PARTS[i][0], NULL),
                   *counts = at(part, "by_class", NULL);
        text_printf(c->out, "| %s | ", PARTS[i][1]);
        write_value(c, at(part, "rows", NULL));
        for (size_t k = 0; k < c->m->class_count; k++) {
            text_printf(c->out, " | ");
            write_value(c, yyjson_arr_get(counts, k));
        }
        static const char *const TIMES[] = {"first_ms", "last_ms"};
        for (size_t k = 0; k < 2; k++) {
            double time_ms = number_of(at(part, TIMES[k], NULL));
            char buffer[TIME_TEXT_BYTES];
            bool there = time_ms >= (double)TIME_MS_MIN && time_ms <= (double)TIME_MS_MAX;
            text_printf(c->out, " | %s", there ? time_format_short((int64_t)time_ms, buffer) : "–");
        }
        text_printf(c->out, " |\n");
    }
    bool cross_fitted = yyjson_get_bool(at(c->root, "training", "cross_fitted"));
    text_printf(
        c->out, "%s",
        cross_fitted
            ? "\nHyper-parameters come from the validation rows; trees, rounds, calibration and threshold from "
              "training "
              "and validation rows, each judged by trees that have not seen it (so are validation's figures below); "
              "nothing from the test "
              "rows.\n\n超参数来自验证集；树、轮数、校准与阈值来自训练集与验证集，每行均由未见过它的树评判"
              "（下列验证指标亦然）；测试集不参与任何选择。\n"
            : "\nTrees come from the training rows; hyper-parameters, rounds, calibration and threshold from the "
              "validation rows; nothing from the test rows.\n\n树来自训练集；超参数、轮数、校准与阈值来自验证集；"
              "测试集不参与任何选择。\n");
}

static void write_figures(const card *c) {
    bool many = c->m->kind == SLUICE_MODEL_CLASSES;
    if (yyjson_obj_size(at(c->root, "metrics", NULL)) == 0) {
        text_printf(c->out, "\n## Figures 指标\n\nThere were no labels to compare with. 无标签，未评估。\n");
        return;
    }
    text_printf(c->out, "\n## Figures 指标\n\n| | validation 验证 | test 测试 |\n|---|---|---|\n");
    figure(c, "rows 行数", "rows");
    if (!many) {
        figure(c, "positive 正例", "positives");
        figure(c, "alerts at the threshold 预警数", "alerts");
        figure(c, "alerts a day 每日预警", "alerts_per_day");
    }
    figure(c, "AUC", "auc");
    figure(c, "average precision 平均精度", "average_precision");
    figure(c, "precision 精确率", "precision");
    figure(c, "recall 召回率", "recall");
    figure(c, "F1", "f1");
    figure(c, "macro-F1", "macro_f1");
    figure(c, "Brier score 布里尔分", "brier");
}

static int compare_importance(const void *a, const void *b) {
    const double *x = *(const double *const *)a, *y = *(const double *const *)b;
    return *x != *y ? (*x > *y ? -1 : 1) : (x > y) - (x < y);
}

static bool write_features(const card *c) {
    const sluice_model *m = c->m;
    const double **order = memory_new(m->feature_count * sizeof *order);
    if (order == NULL) {
        return false;
    }
    for (size_t i = 0; i < m->feature_count; i++) {
        order[i] = &m->importances[i];
    }
    qsort(order, m->feature_count, sizeof *order, compare_importance);
    text_printf(
        c->out,
        "\n## Features 特征\n\n%zu features. Importance: the mean of what each adds to the score, up or down, "
        "over training rows.\n共 %zu 个特征；重要性为其对分值贡献的绝对值在训练集上的平均。\n\n| feature 特征 | "
        "importance 重要性 |\n|---|---|\n",
        m->feature_count, m->feature_count);
    for (size_t i = 0; i < m->feature_count && i < FEATURES_SHOWN; i++) {
        text_printf(c->out, "| `");
        write_text(c, m->features[order[i] - m->importances]);
        text_printf(c->out, "` | %.4f |\n", *order[i]);
    }
    if (m->feature_count > FEATURES_SHOWN) {
        text_printf(c->out, "| … | %zu more 其余 |\n", m->feature_count - FEATURES_SHOWN);
    }
    memory_free(order);
    return true;
}

static void write_limits(const card *c) {
    text_printf(
        c->out,
        "\n## Limits of use 使用限制\n\n"
        "- **A person decides.** A score is a reason to look, never a reason by itself to stop, freeze or punish. "
        "Measures need a second person's approval (four eyes).\n"
        "- The figures hold for data like the one above. Fraudsters change what they do: evaluate again on recent, "
        "labelled data at least every month, and train again when precision falls.\n"
        "- Labels are what was found and reported; fraud that nobody reported is among the negatives.\n"
        "- A feature that says who somebody is (age, place of origin, sex) must not be used without a reason in law; "
        "compare false alerts between groups before use.\n"
        "- A probability is calibrated for the share of positives in validation; where they are rarer, it is too "
        "high.\n");
    text_printf(
        c->out,
        "- **由人决定。** 分值只是核查的理由，不能单独作为止付、冻结或处罚的依据；措施须经第二人复核（四眼原则）。\n"
        "- "
        "指标仅适用于与上述数据相似的数据；诈骗手法会变化，至少每月用最新的有标签数据重新评估，精确率下降时重新训练。\n"
        "- 标签只反映已发现、已报案的情况，未报案的诈骗混在负例之中。\n"
        "- 表明个人身份属性（年龄、籍贯、性别等）的特征，无法律依据不得使用；使用前应比较各群体的误报率。\n"
        "- 概率按验证集中的正例比例校准；正例更少的环境中，概率偏高。\n");
    if (c->m->kind == SLUICE_MODEL_OUTLIER) {
        text_printf(c->out, "- Unusual is not fraudulent: without labels this only ranks what to look at first. "
                            "异常不等于涉诈：无标签时仅用于排定核查先后。\n");
    }
}

sluice_result sluice_model_card(const sluice_model *model, char **text_out, size_t *length_out, sluice_error *error) {
    text_writer w = {0};
    card c = {.out = &w, .m = model};
    *text_out = NULL;
    *length_out = 0;
    yyjson_doc *document = model_trees_parse(model->text, model->text_length, NULL);
    if (document == NULL) {
        return error_no_memory(error, model->text_length);
    }
    c.root = yyjson_doc_get_root(document);
    write_head(&c);
    write_data(&c);
    write_figures(&c);
    bool made = write_features(&c);
    write_limits(&c);
    yyjson_doc_free(document);
    if (!made || w.failed) {
        text_writer_fini(&w);
        return error_no_memory(error, model->text_length);
    }
    *text_out = w.data;
    *length_out = w.length;
    return SLUICE_OK;
}
