/* A table's rows as a model sees them, and the features of the graph between them.
 *
 * The graph's features, of the undirected simple graph that the edges make (weights of parallel edges add up):
 *
 *   graph.degree, graph.degree_in, graph.degree_out      neighbours; edges that end here, that begin here
 *   graph.weight_in, graph.weight_out                    their weights
 *   graph.mean_degree                                    of the neighbours
 *   graph.place_1 … graph.place_12                       where it lies in the graph (model_spectral.c); of this graph
 * alone, so missing when a model meets another one graph.mean(COLUMN)                                   of the
 * neighbours' values that are not missing graph.labelled                                       neighbours that train
 *   graph.count(CLASS), graph.share(CLASS)               of those, in the class; the share leans to the class's share
 * in training as five neighbours would graph.share2(CLASS)                                  the mean over the
 * neighbours of their own neighbours' share, this row left out
 *
 * No leakage: labels come from rows that train, and a row's own label goes into none of its own features: no row is its
 * own neighbour, and share2 leaves the row out of its neighbours' counts.
 *
 * Cost: O(edges · columns). Memory: 8 bytes an edge and 4 a feature and row. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "detect/model_private.h"

#define SHARE_PRIOR 5.0

/* Neighbours of each row: places[first[row] … first[row + 1]], rising, each once. */
typedef struct adjacency {
    uint32_t *first;
    uint32_t *places;
} adjacency;

static int compare_places(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool adjacency_make(adjacency *g, const sluice_table *t) {
    g->first = memory_new_zero(t->row_count + 2, sizeof *g->first);
    g->places = memory_new((2 * t->edge_count + 1) * sizeof *g->places);
    if (g->first == NULL || g->places == NULL || 2 * t->edge_count > UINT32_MAX) {
        return false;
    }
    uint32_t *next = g->first + 1; /* counts, then begins, then ends: shifted by one as they fill */
    for (size_t e = 0; e < t->edge_count; e++) {
        next[t->edges[e].from]++;
        next[t->edges[e].to]++;
    }
    uint32_t sum = 0;
    for (size_t row = 0; row < t->row_count; row++) {
        uint32_t count = next[row];
        next[row] = sum;
        sum += count;
    }
    for (size_t e = 0; e < t->edge_count; e++) {
        g->places[next[t->edges[e].from]++] = t->edges[e].to;
        g->places[next[t->edges[e].to]++] = t->edges[e].from;
    }
    uint32_t write = 0, begin = 0;
    for (size_t row = 0; row < t->row_count; row++) {
        uint32_t end = g->first[row + 1], kept = write;
        qsort(g->places + begin, end - begin, sizeof *g->places, compare_places);
        for (uint32_t i = begin; i < end; i++) {
            if (write == kept || g->places[write - 1] != g->places[i]) {
                g->places[write++] = g->places[i];
            }
        }
        g->first[row] = kept;
        begin = end;
    }
    g->first[t->row_count] = write;
    return true;
}

static void adjacency_free(adjacency *g) {
    memory_free(g->first);
    memory_free(g->places);
}

typedef struct graph_maker {
    rows_source *source;
    adjacency graph;
    size_t made; /* features so far */
} graph_maker;

static bool begin_feature(graph_maker *m, const char *form, const char *what) {
    size_t length = strlen(form) + strlen(what) + 1;
    char *name = arena_alloc(&m->source->texts, length);
    if (name == NULL) {
        return false;
    }
    const char *hole = strchr(form, '*'); /* where `what` goes */
    (void)snprintf(name, length, "%.*s%s%s", hole == NULL ? (int)strlen(form) : (int)(hole - form), form,
                   hole == NULL ? "" : what, hole == NULL ? "" : hole + 1);
    m->source->graph_names[m->made++] = name;
    return true;
}

static void put(graph_maker *m, size_t row, double value) {
    m->source->graph[row * m->source->graph_count + m->made - 1] = (float)value;
}

static uint32_t degree_of(const adjacency *g, size_t row) {
    return g->first[row + 1] - g->first[row];
}

static bool make_structure(graph_maker *m) {
    const sluice_table *t = m->source->table;
    const adjacency *g = &m->graph;
    static const char *const NAMES[] = {"graph.degree_in", "graph.degree_out", "graph.weight_in", "graph.weight_out"};
    for (size_t k = 0; k < sizeof NAMES / sizeof *NAMES; k++) {
        if (!begin_feature(m, NAMES[k], "")) {
            return false;
        }
        for (size_t row = 0; row < t->row_count; row++) {
            put(m, row, 0);
        }
        for (size_t e = 0; e < t->edge_count; e++) {
            size_t row = k % 2 == 0 ? t->edges[e].to : t->edges[e].from;
            m->source->graph[row * m->source->graph_count + m->made - 1] += k < 2 ? 1 : t->edges[e].weight;
        }
    }
    if (!begin_feature(m, "graph.degree", "")) {
        return false;
    }
    for (size_t row = 0; row < t->row_count; row++) {
        put(m, row, degree_of(g, row));
    }
    if (!begin_feature(m, "graph.mean_degree", "")) {
        return false;
    }
    for (size_t row = 0; row < t->row_count; row++) {
        double sum = 0;
        for (uint32_t i = g->first[row]; i < g->first[row + 1]; i++) {
            sum += degree_of(g, g->places[i]);
        }
        put(m, row, degree_of(g, row) == 0 ? (double)NAN : sum / degree_of(g, row));
    }
    return true;
}

static bool make_places(graph_maker *m, bool known) {
    static const char *const NUMBERS[SPECTRAL_PLACES] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"};
    size_t first = m->made, rows = m->source->table->row_count;
    for (size_t k = 0; k < SPECTRAL_PLACES; k++) {
        if (!begin_feature(m, "graph.place_*", NUMBERS[k])) {
            return false;
        }
        for (size_t row = 0; row < rows; row++) {
            put(m, row, (double)NAN);
        }
    }
    return !known ||
           spectral_places(m->graph.first, m->graph.places, rows, m->source->graph + first, m->source->graph_count);
}

static bool make_means(graph_maker *m) {
    const sluice_table *t = m->source->table;
    const adjacency *g = &m->graph;
    for (size_t c = 0; c < t->column_count; c++) {
        if (t->columns[c].categories != NULL) {
            continue;
        }
        if (!begin_feature(m, "graph.mean(*)", t->columns[c].name)) {
            return false;
        }
        for (size_t row = 0; row < t->row_count; row++) {
            double sum = 0;
            uint32_t there = 0;
            for (uint32_t i = g->first[row]; i < g->first[row + 1]; i++) {
                float value = t->values[(size_t)g->places[i] * t->column_count + c];
                sum += isnan(value) ? 0 : (double)value;
                there += isnan(value) ? 0u : 1u;
            }
            put(m, row,
                there == 0 ? (double)NAN : fmax(fmin(sum / there, (double)TABLE_VALUE_MAX), -(double)TABLE_VALUE_MAX));
        }
    }
    return true;
}

/* For each row its neighbours that train, and those of them in a class. */
static void count_labels(const graph_maker *m, uint32_t label, uint32_t *labelled, uint32_t *in_class) {
    const sluice_table *t = m->source->table;
    for (size_t row = 0; row < t->row_count; row++) {
        labelled[row] = in_class[row] = 0;
        for (uint32_t i = m->graph.first[row]; i < m->graph.first[row + 1]; i++) {
            uint32_t other = m->graph.places[i];
            if (t->parts[other] == SLUICE_PART_TRAIN) {
                labelled[row]++;
                in_class[row] += t->labels[other] == label ? 1u : 0u;
            }
        }
    }
}

static double share_of(double in_class, double labelled, double prior) {
    return (in_class + SHARE_PRIOR * prior) / (labelled + SHARE_PRIOR);
}

static bool make_class(graph_maker *m, const char *name, uint32_t label, uint32_t *labelled, uint32_t *in_class) {
    const sluice_table *t = m->source->table;
    const adjacency *g = &m->graph;
    double trains = 0, there = 0;
    for (size_t row = 0; row < t->row_count; row++) {
        trains += t->parts[row] == SLUICE_PART_TRAIN;
        there += t->parts[row] == SLUICE_PART_TRAIN && t->labels[row] == label;
    }
    double prior = trains > 0 ? there / trains : 0;
    bool known = trains > 0; /* a table without training rows says nothing about its neighbours' labels */
    count_labels(m, label, labelled, in_class);
    if (!begin_feature(m, "graph.count(*)", name)) {
        return false;
    }
    for (size_t row = 0; row < t->row_count; row++) {
        put(m, row, known ? in_class[row] : (double)NAN);
    }
    if (!begin_feature(m, "graph.share(*)", name)) {
        return false;
    }
    for (size_t row = 0; row < t->row_count; row++) {
        put(m, row, known && degree_of(g, row) > 0 ? share_of(in_class[row], labelled[row], prior) : (double)NAN);
    }
    if (!begin_feature(m, "graph.share2(*)", name)) {
        return false;
    }
    for (size_t row = 0; row < t->row_count; row++) {
        double own = t->parts[row] == SLUICE_PART_TRAIN, own_class = own > 0 && t->labels[row] == label, sum = 0;
        for (uint32_t i = g->first[row]; i < g->first[row + 1]; i++) {
            uint32_t other = g->places[i];
            sum += share_of(in_class[other] - own_class, labelled[other] - own, prior);
        }
        put(m, row, known && degree_of(g, row) > 0 ? sum / degree_of(g, row) : (double)NAN);
    }
    return true;
}

static bool make_labels(graph_maker *m, const char *const *classes, size_t class_count) {
    const sluice_table *t = m->source->table;
    uint32_t *labelled = memory_new_zero(t->row_count, sizeof *labelled);
    uint32_t *in_class = memory_new_zero(t->row_count, sizeof *in_class);
    bool made = labelled != NULL && in_class != NULL && begin_feature(m, "graph.labelled", "");
    if (made) {
        count_labels(m, TABLE_NO_LABEL - 1, labelled, in_class);
        for (size_t row = 0; row < t->row_count; row++) {
            put(m, row, labelled[row]);
        }
    }
    for (size_t k = 0; k < class_count && made; k++) {
        uint32_t label = 0;
        while (label < t->label_count && strcmp(t->label_names[label], classes[k]) != 0) {
            label++;
        }
        made = make_class(m, classes[k], label, labelled, in_class);
    }
    memory_free(labelled);
    memory_free(in_class);
    return made;
}

sluice_result rows_open(const sluice_table *table, const char *const *classes, size_t class_count, bool with_graph,
                        const char *of_graph, rows_source *source_out, sluice_error *error) {
    *source_out = (rows_source){.table = table};
    if (!with_graph || table->edges == NULL) {
        return SLUICE_OK;
    }
    char hash[SHA256_HEX_BYTES];
    sluice_result result = graph_sha256(table, hash, error);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t numbers = 0;
    for (size_t c = 0; c < table->column_count; c++) {
        numbers += table->columns[c].categories == NULL;
    }
    graph_maker m = {.source = source_out};
    source_out->graph_count = 6 + SPECTRAL_PLACES + numbers + 1 + 3 * class_count;
    source_out->graph = memory_new(table->row_count * source_out->graph_count * sizeof *source_out->graph);
    source_out->graph_names = memory_new_zero(source_out->graph_count, sizeof *source_out->graph_names);
    bool made = source_out->graph != NULL && source_out->graph_names != NULL && adjacency_make(&m.graph, table) &&
                make_structure(&m) && make_places(&m, of_graph == NULL || strcmp(of_graph, hash) == 0) &&
                make_means(&m) && make_labels(&m, classes, class_count);
    adjacency_free(&m.graph);
    if (!made) {
        rows_close(source_out);
        return error_no_memory(error, table->row_count * sizeof(float));
    }
    return SLUICE_OK;
}

void rows_close(rows_source *source) {
    memory_free(source->graph);
    memory_free(source->graph_names);
    arena_fini(&source->texts);
    *source = (rows_source){0};
}

/* ---- features by name ---- */

bool rows_find(const rows_source *source, const char *name, rows_feature *feature_out) {
    const sluice_table *t = source->table;
    for (size_t c = 0; c < t->column_count; c++) {
        if (t->columns[c].categories == NULL && strcmp(t->columns[c].name, name) == 0) {
            *feature_out = (rows_feature){(uint32_t)c, -1, false};
            return true;
        }
    }
    for (size_t c = 0; c < t->column_count; c++) {
        size_t length = strlen(t->columns[c].name);
        if (t->columns[c].categories == NULL || strncmp(name, t->columns[c].name, length) != 0 || name[length] != '=') {
            continue;
        }
        *feature_out = (rows_feature){(uint32_t)c, (int32_t)t->columns[c].category_count, false};
        for (uint32_t k = 0; k < t->columns[c].category_count; k++) {
            if (strcmp(t->columns[c].categories[k], name + length + 1) == 0) {
                feature_out->category = (int32_t)k;
            }
        }
        return true;
    }
    for (size_t g = 0; g < source->graph_count; g++) {
        if (strcmp(source->graph_names[g], name) == 0) {
            *feature_out = (rows_feature){(uint32_t)g, -1, true};
            return true;
        }
    }
    return false;
}

void rows_get(const rows_source *source, size_t row, const rows_feature *features, size_t count, float *values_out) {
    const float *own = source->table->values + row * source->table->column_count;
    const float *graph = source->graph == NULL ? NULL : source->graph + row * source->graph_count;
    for (size_t i = 0; i < count; i++) {
        SLUICE_ASSERT(graph != NULL || !features[i].is_graph);
        float value = features[i].is_graph ? graph[features[i].column] : own[features[i].column];
        if (features[i].category >= 0 && !isnan(value)) {
            value = (int32_t)value == features[i].category ? 1.0f : 0.0f;
        }
        values_out[i] = value;
    }
}

bool rows_names(rows_source *source, const char ***names_out, size_t *count_out) {
    const sluice_table *t = source->table;
    size_t count = source->graph_count, at = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        count += t->columns[c].categories == NULL ? 1 : t->columns[c].category_count;
    }
    const char **names = arena_alloc(&source->texts, count * sizeof *names);
    for (size_t c = 0; c < t->column_count && names != NULL; c++) {
        if (t->columns[c].categories == NULL) {
            names[at++] = t->columns[c].name;
            continue;
        }
        for (uint32_t k = 0; k < t->columns[c].category_count; k++) {
            size_t length = strlen(t->columns[c].name) + strlen(t->columns[c].categories[k]) + 2;
            char *name = arena_alloc(&source->texts, length);
            if (name == NULL) {
                return false;
            }
            (void)snprintf(name, length, "%s=%s", t->columns[c].name, t->columns[c].categories[k]);
            names[at++] = name;
        }
    }
    for (size_t g = 0; g < source->graph_count && names != NULL; g++) {
        names[at++] = source->graph_names[g];
    }
    *names_out = names;
    *count_out = at;
    return names != NULL;
}

sluice_result graph_sha256(const sluice_table *t, char hex_out[SHA256_HEX_BYTES], sluice_error *error) {
    hex_out[0] = '\0';
    if (t->edges == NULL) {
        return SLUICE_OK;
    }
    sha256 *state = sha256_new();
    if (state == NULL) {
        return error_no_memory(error, SHA256_HEX_BYTES);
    }
    uint64_t rows = t->row_count;
    sha256_update(state, &rows, sizeof rows);
    for (size_t e = 0; e < t->edge_count; e++) {
        uint32_t ends[2] = {t->numbers[t->edges[e].from], t->numbers[t->edges[e].to]};
        sha256_update(state, ends, sizeof ends);
    }
    sha256_finish(state, hex_out);
    sha256_free(&state);
    return SLUICE_OK;
}

sluice_result table_sha256(const sluice_table *t, char hex_out[SHA256_HEX_BYTES], sluice_error *error) {
    sha256 *state = sha256_new();
    if (state == NULL) {
        return error_no_memory(error, SHA256_HEX_BYTES);
    }
    for (size_t c = 0; c < t->column_count; c++) {
        sha256_update(state, t->columns[c].name, strlen(t->columns[c].name) + 1);
        for (uint32_t k = 0; k < t->columns[c].category_count; k++) {
            sha256_update(state, t->columns[c].categories[k], strlen(t->columns[c].categories[k]) + 1);
        }
    }
    for (size_t row = 0; row < t->row_count; row++) {
        const char *label = t->labels[row] == TABLE_NO_LABEL ? "" : t->label_names[t->labels[row]];
        sha256_update(state, t->values + row * t->column_count, t->column_count * sizeof(float));
        sha256_update(state, label, strlen(label) + 1);
        sha256_update(state, &t->times[row], sizeof t->times[row]);
    }
    for (size_t e = 0; e < t->edge_count; e++) {
        sha256_update(state, &t->edges[e].from, sizeof t->edges[e].from);
        sha256_update(state, &t->edges[e].to, sizeof t->edges[e].to);
        sha256_update(state, &t->edges[e].weight, sizeof t->edges[e].weight);
    }
    sha256_finish(state, hex_out);
    sha256_free(&state);
    return SLUICE_OK;
}
