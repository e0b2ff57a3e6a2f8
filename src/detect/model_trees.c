/* Trees, flat.
 *
 * Each tree lies breadth-first in one array of 8-byte nodes, both children side by side:
 *
 *     | value: float | feature: 14 bits, default right, inner | left: 16 bits |
 *
 * At an inner node a value below `value` goes left, a missing one where training sent it. A leaf is its own left child
 * and never goes right, so a walk may take a few steps too many without harm: eight trees are walked in lockstep for as
 * many steps as the deepest of them has, with no branch that depends on data, and the eight reads of memory overlap.
 *
 * Bit-equal: libxgboost starts from the base margin and adds the trees' leaves in their order, in single precision; so
 * does this. Numbers are read by strtof_l in the C locale, correctly rounded, as the library reads its own.
 *
 * Shapley values: algorithm 2 of Lundberg, Erion & Lee, "Consistent individualized feature attribution for tree
 * ensembles" (2018), path-dependent: a missing player takes each branch in proportion to its cover in training. The
 * unique path's weights are kept in double precision.
 *
 * Cost: margins O(trees · depth), about 1 ns a step; contributions O(leaves · depth²). 12 bytes a node. */
#include "detect/model_trees_private.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "signal/json.h"

enum { LANES = 8 };

#define FEATURE_MASK 0x3FFFu
#define DEFAULT_RIGHT 0x4000u
#define INNER 0x8000u

typedef struct tree_node {
    float value; /* where to split, or a leaf's output */
    uint16_t feature;
    uint16_t left;
} tree_node;

typedef struct tree_place {
    uint32_t first; /* node */
    uint16_t depth;
    uint16_t group;
} tree_place;

struct model_trees {
    tree_node *nodes;
    float *covers; /* of each node: the sum of hessians in training */
    size_t node_count, node_capacity, cover_capacity;
    tree_place *places;
    double *means; /* of each tree: its output for an average row */
    uint32_t tree_count, group_count, feature_count;
    float base_margin;
};

/* ---- reading ---- */

typedef struct reader {
    model_trees *trees;
    locale_t c_locale;
    uint32_t *queue;  /* source nodes of the tree under way, in breadth-first order */
    uint16_t *depths; /* of each */
    size_t queue_capacity, depth_capacity;
    sluice_error *error;
} reader;

void model_trees_free(model_trees **trees) {
    if (*trees != NULL) {
        memory_free((*trees)->nodes);
        memory_free((*trees)->covers);
        memory_free((*trees)->places);
        memory_free((*trees)->means);
        memory_free(*trees);
        *trees = NULL;
    }
}

yyjson_doc *model_trees_parse(const char *text, size_t length, yyjson_read_err *error_out) {
    /* yyjson takes char * for the sake of its in-place mode, which is not used: the text is not written to. */
    return yyjson_read_opts((char *)(uintptr_t)text, length, YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_ALLOW_INF_AND_NAN,
                            &json_heap, error_out);
}

static sluice_result defect(const reader *r, const char *what) {
    return error_set(r->error, SLUICE_E_INPUT, "the booster is not as libxgboost 1.7 writes it: %s", what);
}

static bool read_float(const reader *r, yyjson_val *value, float *out) {
    const char *text = yyjson_is_raw(value) ? yyjson_get_raw(value) : yyjson_get_str(value);
    size_t length = yyjson_get_len(value);
    char buffer[64];
    if (text == NULL || length == 0 || length >= sizeof buffer) {
        return false;
    }
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    char *end = NULL;
    *out = strtof_l(buffer, &end, r->c_locale);
    return end == buffer + length && !isnan(*out);
}

/* A whole number of at most `max`; the library writes some as texts. */
static bool read_count(yyjson_val *value, uint64_t max, uint64_t *out) {
    sluice_text text = {NULL, 0};
    if (yyjson_is_raw(value)) {
        text = (sluice_text){yyjson_get_raw(value), yyjson_get_len(value)};
    } else if (yyjson_is_str(value)) {
        text = (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
    }
    return text_to_u64(text, out) && *out <= max;
}

/* The arrays of one tree, of scalars alone: so that yyjson_arr_get takes a constant time. */
typedef struct tree_arrays {
    yyjson_val *left, *right, *feature, *condition, *default_left, *cover;
    size_t count;
} tree_arrays;

static bool flat_array(yyjson_val *tree, const char *name, size_t count, yyjson_val **out) {
    *out = yyjson_obj_get(tree, name);
    if (!yyjson_is_arr(*out) || yyjson_arr_size(*out) != count) {
        return false;
    }
    size_t index = 0, max = 0;
    yyjson_val *value = NULL;
    yyjson_arr_foreach(*out, index, max, value) {
        if (yyjson_is_ctn(value)) {
            return false;
        }
    }
    return true;
}

static bool take_arrays(yyjson_val *tree, tree_arrays *a) {
    yyjson_val *left = yyjson_obj_get(tree, "left_children");
    a->count = yyjson_arr_size(left);
    return a->count > 0 && a->count <= MODEL_NODES_MAX && flat_array(tree, "left_children", a->count, &a->left) &&
           flat_array(tree, "right_children", a->count, &a->right) &&
           flat_array(tree, "split_indices", a->count, &a->feature) &&
           flat_array(tree, "split_conditions", a->count, &a->condition) &&
           flat_array(tree, "default_left", a->count, &a->default_left) &&
           flat_array(tree, "sum_hessian", a->count, &a->cover);
}

static bool read_default(yyjson_val *value, bool *left_out) {
    uint64_t number = 0;
    if (yyjson_is_bool(value)) {
        *left_out = yyjson_get_bool(value);
        return true;
    }
    *left_out = read_count(value, 1, &number) && number == 1;
    return yyjson_is_raw(value);
}

static bool is_none(yyjson_val *child) {
    return yyjson_is_raw(child) && yyjson_get_len(child) == 2 && memcmp(yyjson_get_raw(child), "-1", 2) == 0;
}

/* Node `place` of the queue; its children are put at the queue's end. */
static sluice_result read_node(reader *r, const tree_arrays *a, size_t place, size_t *queued) {
    model_trees *t = r->trees;
    uint32_t source = r->queue[place];
    tree_node node = {0};
    float cover = 0;
    if (!read_float(r, yyjson_arr_get(a->condition, source), &node.value) ||
        !read_float(r, yyjson_arr_get(a->cover, source), &cover) || cover < 0 || isinf(cover) ||
        (is_none(yyjson_arr_get(a->left, source)) && isinf(node.value))) {
        return defect(r, "a split condition or sum_hessian is no number");
    }
    uint64_t left = 0, right = 0, feature = 0;
    bool default_left = false;
    if (is_none(yyjson_arr_get(a->left, source))) {
        node.left = (uint16_t)place;
    } else {
        if (!read_count(yyjson_arr_get(a->left, source), a->count - 1, &left) ||
            !read_count(yyjson_arr_get(a->right, source), a->count - 1, &right) || *queued + 2 > a->count) {
            return defect(r, "a node's children are not in its tree");
        }
        if (!read_count(yyjson_arr_get(a->feature, source), FEATURE_MASK, &feature) || feature >= t->feature_count) {
            return defect(r, "a node splits on a feature that the model has not");
        }
        if (!read_default(yyjson_arr_get(a->default_left, source), &default_left)) {
            return defect(r, "default_left is neither 0 nor 1");
        }
        if (r->depths[place] >= MODEL_DEPTH_MAX) {
            return defect(r, "a tree is deeper than 32");
        }
        node.feature = (uint16_t)(feature | INNER | (default_left ? 0 : DEFAULT_RIGHT));
        node.left = (uint16_t)*queued;
        r->depths[*queued] = r->depths[*queued + 1] = (uint16_t)(r->depths[place] + 1);
        r->queue[(*queued)++] = (uint32_t)left;
        r->queue[(*queued)++] = (uint32_t)right;
    }
    t->nodes[t->node_count + place] = node;
    t->covers[t->node_count + place] = cover;
    return SLUICE_OK;
}

/* Output for an average row, children weighed by cover; nodes are breadth-first, so children come after. */
static double mean_output(const tree_node *nodes, const float *covers, uint32_t at) {
    if ((nodes[at].feature & INNER) == 0) {
        return (double)nodes[at].value;
    }
    uint32_t left = nodes[at].left;
    double sum = (double)covers[left] + (double)covers[left + 1];
    double share = sum > 0 ? (double)covers[left] / sum : 0.5;
    return share * mean_output(nodes, covers, left) + (1 - share) * mean_output(nodes, covers, left + 1);
}

static sluice_result read_tree(reader *r, yyjson_val *tree, uint32_t number) {
    model_trees *t = r->trees;
    tree_arrays a;
    if (!take_arrays(tree, &a)) {
        return defect(r, "a tree's arrays are missing, of different lengths, or longer than 65,535");
    }
    if (t->node_count + a.count > UINT32_MAX) {
        return defect(r, "it has more than 4 billion nodes");
    }
    yyjson_val *categories = yyjson_obj_get(tree, "categories");
    if (yyjson_arr_size(categories) > 0) {
        return defect(r, "it has categorical splits, which are not supported");
    }
    if (!ARRAY_RESERVE(t->nodes, t->node_capacity, t->node_count + a.count) ||
        !ARRAY_RESERVE(t->covers, t->cover_capacity, t->node_count + a.count) ||
        !ARRAY_RESERVE(r->queue, r->queue_capacity, a.count) || !ARRAY_RESERVE(r->depths, r->depth_capacity, a.count)) {
        return error_no_memory(r->error, a.count * sizeof *t->nodes);
    }
    r->queue[0] = 0;
    r->depths[0] = 0;
    size_t queued = 1;
    for (size_t place = 0; place < queued; place++) {
        sluice_result result = read_node(r, &a, place, &queued);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    t->places[number].first = (uint32_t)t->node_count;
    t->places[number].depth = r->depths[queued - 1];
    t->means[number] = mean_output(t->nodes + t->node_count, t->covers + t->node_count, 0);
    t->node_count += queued;
    return SLUICE_OK;
}

/* The margin of an average of `base_score`, as the objective defines it. */
static sluice_result read_head(reader *r, yyjson_val *learner) {
    model_trees *t = r->trees;
    yyjson_val *parameters = yyjson_obj_get(learner, "learner_model_param");
    yyjson_val *objective = yyjson_obj_get(yyjson_obj_get(learner, "objective"), "name");
    float base_score = 0;
    uint64_t classes = 0;
    if (!read_float(r, yyjson_obj_get(parameters, "base_score"), &base_score) ||
        !read_count(yyjson_obj_get(parameters, "num_class"), MODEL_CLASSES_MAX, &classes) ||
        !yyjson_is_str(objective)) {
        return defect(r, "base_score, num_class (at most 64) or the objective is missing");
    }
    t->group_count = classes == 0 ? 1 : (uint32_t)classes;
    const char *name = yyjson_get_str(objective);
    if (strcmp(name, "binary:logistic") == 0 || strcmp(name, "reg:logistic") == 0) {
        if (!(base_score > 0 && base_score < 1) || t->group_count != 1) {
            return defect(r, "base_score is not between 0 and 1");
        }
        t->base_margin = -logf(1.0f / base_score - 1.0f);
    } else if (strcmp(name, "multi:softprob") == 0 || strcmp(name, "multi:softmax") == 0 ||
               strcmp(name, "reg:squarederror") == 0) {
        t->base_margin = base_score;
    } else {
        return defect(r, "its objective is none of binary:logistic, reg:logistic, reg:squarederror, multi:softprob, "
                         "multi:softmax");
    }
    return SLUICE_OK;
}

static sluice_result read_booster(reader *r, yyjson_val *booster) {
    model_trees *t = r->trees;
    yyjson_val *learner = yyjson_obj_get(booster, "learner");
    sluice_result result = read_head(r, learner);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_val *gradient = yyjson_obj_get(learner, "gradient_booster");
    yyjson_val *model = yyjson_obj_get(gradient, "model");
    yyjson_val *trees = yyjson_obj_get(model, "trees"), *groups = NULL;
    size_t count = yyjson_arr_size(trees);
    const char *name = yyjson_get_str(yyjson_obj_get(gradient, "name"));
    if (name == NULL || strcmp(name, "gbtree") != 0 || !yyjson_is_arr(trees) || count > MODEL_TREES_MAX ||
        !flat_array(model, "tree_info", count, &groups)) {
        return defect(r, "there are no trees of a gbtree booster, or more than 100,000");
    }
    t->places = memory_new_zero(count, sizeof *t->places);
    t->means = memory_new_zero(count, sizeof *t->means);
    if (t->places == NULL || t->means == NULL) {
        return error_no_memory(r->error, count * sizeof *t->places);
    }
    size_t index = 0, max = 0;
    yyjson_val *tree = NULL;
    yyjson_arr_foreach(trees, index, max, tree) {
        uint64_t group = 0;
        if (!read_count(yyjson_arr_get(groups, index), t->group_count - 1, &group)) {
            return defect(r, "a tree is of a class that the booster has not");
        }
        t->places[index].group = (uint16_t)group;
        result = read_tree(r, tree, (uint32_t)index);
        if (result != SLUICE_OK) {
            return result;
        }
        t->tree_count++;
    }
    return SLUICE_OK;
}

sluice_result model_trees_read(yyjson_val *booster, uint32_t feature_count, model_trees **trees_out,
                               sluice_error *error) {
    SLUICE_ASSERT(feature_count <= MODEL_FEATURES_MAX);
    reader r = {.error = error, .trees = memory_new_zero(1, sizeof *r.trees)};
    *trees_out = NULL;
    if (r.trees == NULL) {
        return error_no_memory(error, sizeof *r.trees);
    }
    r.trees->feature_count = feature_count;
    r.c_locale = newlocale(LC_ALL_MASK, "C", NULL);
    sluice_result result = r.c_locale == NULL ? error_no_memory(error, 0) : read_booster(&r, booster);
    if (r.c_locale != NULL) {
        freelocale(r.c_locale);
    }
    memory_free(r.queue);
    memory_free(r.depths);
    if (result != SLUICE_OK) {
        model_trees_free(&r.trees);
    }
    *trees_out = r.trees;
    return result;
}

uint32_t model_trees_count(const model_trees *trees) {
    return trees->tree_count;
}

uint32_t model_trees_group_count(const model_trees *trees) {
    return trees->group_count;
}

/* ---- margins ---- */

static inline uint32_t step(const tree_node *nodes, uint32_t at, const float *row) {
    tree_node node = nodes[at];
    float value = row[node.feature & FEATURE_MASK];
    uint32_t right = !(value < node.value);
    right = isnan(value) ? (node.feature & DEFAULT_RIGHT) != 0 : right;
    return node.left + (right & (uint32_t)(node.feature >> 15));
}

void model_trees_margins(const model_trees *trees, const float *row, float *margins_out) {
    for (uint32_t g = 0; g < trees->group_count; g++) {
        margins_out[g] = trees->base_margin;
    }
    uint32_t first = 0;
    for (; first + LANES <= trees->tree_count; first += LANES) {
        const tree_place *places = trees->places + first;
        const tree_node *nodes[LANES];
        uint32_t at[LANES] = {0};
        uint32_t depth = 0;
        for (int k = 0; k < LANES; k++) {
            nodes[k] = trees->nodes + places[k].first;
            depth = places[k].depth > depth ? places[k].depth : depth;
        }
        for (uint32_t d = 0; d < depth; d++) {
            for (int k = 0; k < LANES; k++) {
                at[k] = step(nodes[k], at[k], row);
            }
        }
        for (int k = 0; k < LANES; k++) {
            margins_out[places[k].group] += nodes[k][at[k]].value;
        }
    }
    for (; first < trees->tree_count; first++) {
        const tree_node *nodes = trees->nodes + trees->places[first].first;
        uint32_t at = 0;
        while ((nodes[at].feature & INNER) != 0) {
            at = step(nodes, at, row);
        }
        margins_out[trees->places[first].group] += nodes[at].value;
    }
}

/* ---- Shapley values ---- */

/* One feature on the way from the root: the share of rows that pass when it is unknown, whether this row passes when it
 * is known, and the weight of the permutations. */
typedef struct path_item {
    uint32_t feature;
    double zero, one, weight;
} path_item;

typedef struct shapley {
    const tree_node *nodes;
    const float *covers;
    const float *row;
    double *contributions;
} shapley;

static void path_extend(path_item *path, uint32_t depth, double zero, double one, uint32_t feature) {
    path[depth] = (path_item){feature, zero, one, depth == 0 ? 1.0 : 0.0};
    double count = (double)depth + 1;
    for (uint32_t i = depth; i-- > 0;) {
        path[i + 1].weight += one * path[i].weight * (i + 1) / count;
        path[i].weight = zero * path[i].weight * (double)(depth - i) / count;
    }
}

static void path_unwind(path_item *path, uint32_t depth, uint32_t index) {
    double one = path[index].one, zero = path[index].zero, next = path[depth].weight, count = (double)depth + 1;
    for (uint32_t i = depth; i-- > 0;) {
        if (one != 0) {
            double weight = path[i].weight;
            path[i].weight = next * count / ((i + 1) * one);
            next = weight - path[i].weight * zero * (double)(depth - i) / count;
        } else if (zero != 0) {
            path[i].weight = path[i].weight * count / (zero * (double)(depth - i));
        }
    }
    for (uint32_t i = index; i < depth; i++) {
        path[i].feature = path[i + 1].feature;
        path[i].zero = path[i + 1].zero;
        path[i].one = path[i + 1].one;
    }
}

/* The sum of the weights that path_unwind would leave. */
static double path_unwound_sum(const path_item *path, uint32_t depth, uint32_t index) {
    double one = path[index].one, zero = path[index].zero, next = path[depth].weight, count = (double)depth + 1;
    double total = 0;
    for (uint32_t i = depth; i-- > 0;) {
        if (one != 0) {
            double weight = next * count / ((i + 1) * one);
            total += weight;
            next = path[i].weight - weight * zero * (double)(depth - i) / count;
        } else if (zero != 0) {
            total += path[i].weight * count / (zero * (double)(depth - i));
        }
    }
    return total;
}

/* Recursion is as deep as the tree: at most MODEL_DEPTH_MAX. */
static void shapley_walk(const shapley *s, uint32_t at, const path_item *parent, uint32_t depth, double zero,
                         double one, uint32_t feature) {
    path_item path[MODEL_DEPTH_MAX + 2];
    memcpy(path, parent, depth * sizeof *path);
    path_extend(path, depth, zero, one, feature);
    tree_node node = s->nodes[at];
    if ((node.feature & INNER) == 0) {
        for (uint32_t i = 1; i <= depth; i++) {
            s->contributions[path[i].feature] +=
                path_unwound_sum(path, depth, i) * (path[i].one - path[i].zero) * (double)node.value;
        }
        return;
    }
    uint32_t split = node.feature & FEATURE_MASK, hot = step(s->nodes, at, s->row);
    uint32_t cold = hot == node.left ? node.left + 1u : node.left;
    double sum = (double)s->covers[hot] + (double)s->covers[cold];
    double hot_share = sum > 0 ? (double)s->covers[hot] / sum : 0.5;
    double before_zero = 1, before_one = 1;
    uint32_t index = 1;
    while (index <= depth && path[index].feature != split) {
        index++;
    }
    if (index <= depth) {
        before_zero = path[index].zero;
        before_one = path[index].one;
        path_unwind(path, depth, index);
        depth--;
    }
    shapley_walk(s, hot, path, depth + 1, hot_share * before_zero, before_one, split);
    shapley_walk(s, cold, path, depth + 1, (1 - hot_share) * before_zero, 0, split);
}

void model_trees_contributions(const model_trees *trees, const float *row, uint32_t group, double *contributions,
                               double *base) {
    *base += (double)trees->base_margin;
    for (uint32_t i = 0; i < trees->tree_count; i++) {
        if (trees->places[i].group != group) {
            continue;
        }
        uint32_t first = trees->places[i].first;
        shapley s = {trees->nodes + first, trees->covers + first, row, contributions};
        *base += trees->means[i];
        path_item none;
        /* The root's own item has no feature: UINT32_MAX is never split on. */
        shapley_walk(&s, 0, &none, 0, 1, 1, UINT32_MAX);
    }
}
