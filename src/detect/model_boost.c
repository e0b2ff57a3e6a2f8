/* libxgboost, kept at arm's length.
 *
 * Jobs are independent boosters. Worker threads take them in order; each worker has its own copy of the data in the
 * library's form (the library caches in it as it goes) and each booster runs on one thread (nthread=1) with its random
 * engine seeded again in every round, so a job's result depends on nothing but the job: histograms summed by a team of
 * threads differ in the last bit with the size of the team. The library's global settings are per thread, so silencing
 * it here changes nothing for a program that uses it too.
 *
 * Early stopping looks at our own log loss of validation's margins, in double precision: the library prints its metric
 * with few digits. Its prediction cache makes a round cost one tree a row.
 *
 * Memory: 4 bytes a value in the library's form and about 2 in its histogram index, for each worker. */
#include "detect/model_boost_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <xgboost/c_api.h>

#include "base/error.h"
#include "base/memory.h"
#include "sys/thread.h"

enum { WORKERS_MAX = 16 };

typedef struct shared {
    const boost_data *data;
    boost_job *jobs;
    size_t job_count;
    mutex lock;
    condition changed;
    /* Under the lock: */
    size_t next, done;
    uint32_t workers; /* still running */
    sluice_result result;
    char reason[300];
} shared;

typedef struct worker {
    shared *all;
    DMatrixHandle train, validation;
    boost_rows validation_rows;
    thread handle;
    char reason[300];
    bool no_memory;
} worker;

void boost_library_version(char version_out[32]) {
    int major = 0, minor = 0, patch = 0;
    XGBoostVersion(&major, &minor, &patch);
    (void)snprintf(version_out, 32, "%d.%d.%d", major, minor, patch);
}

void boost_jobs_fini(boost_job *jobs, size_t job_count) {
    for (size_t i = 0; jobs != NULL && i < job_count; i++) {
        memory_free(jobs[i].margins);
        memory_free(jobs[i].json);
        jobs[i].margins = NULL;
        jobs[i].json = NULL;
    }
}

/* ---- one job ---- */

static bool ok(worker *w, int code) {
    if (code == 0) {
        return true;
    }
    /* The first line: the rest is a stack trace. */
    const char *text = XGBGetLastError();
    size_t length = strcspn(text, "\n");
    (void)snprintf(w->reason, sizeof w->reason, "%.*s", length > 250 ? 250 : (int)length, text);
    return false;
}

static uint32_t group_count(const boost_data *data) {
    return data->class_count > 2 ? data->class_count : 1;
}

static bool make_matrix(worker *w, const boost_rows *rows, DMatrixHandle *out) {
    return ok(w, XGDMatrixCreateFromMat_omp(rows->values, rows->row_count, w->all->data->column_count, NAN, out, 1)) &&
           ok(w, XGDMatrixSetFloatInfo(*out, "label", rows->labels, rows->row_count));
}

static bool set(worker *w, BoosterHandle booster, const char *name, const char *value) {
    return ok(w, XGBoosterSetParam(booster, name, value));
}

static bool set_number(worker *w, BoosterHandle booster, const char *name, double value) {
    char text[40];
    (void)snprintf(text, sizeof text, "%.9g", value);
    return set(w, booster, name, text);
}

static bool configure(worker *w, BoosterHandle booster, const boost_job *job) {
    const boost_parameters *p = &job->parameters;
    const boost_data *data = w->all->data;
    bool many = data->class_count > 2;
    return set(w, booster, "booster", "gbtree") && set(w, booster, "tree_method", "hist") &&
           set(w, booster, "nthread", "1") && set(w, booster, "seed_per_iteration", "1") &&
           set(w, booster, "verbosity", "0") && set(w, booster, "base_score", "0.5") &&
           set_number(w, booster, "seed", (double)(job->seed & 0x3FFFFFFF)) &&
           set(w, booster, "objective", many ? "multi:softprob" : "binary:logistic") &&
           (!many || set_number(w, booster, "num_class", (double)data->class_count)) &&
           set_number(w, booster, "eta", p->eta) && set_number(w, booster, "max_depth", (double)p->depth_max) &&
           set_number(w, booster, "min_child_weight", p->child_weight_min) &&
           set_number(w, booster, "subsample", p->row_share) &&
           set_number(w, booster, "colsample_bynode", p->column_share) && set_number(w, booster, "lambda", p->lambda) &&
           (many || set_number(w, booster, "scale_pos_weight", p->positive_weight));
}

/* Mean log loss of margins. */
static double log_loss(const float *margins, const float *labels, size_t row_count, uint32_t groups) {
    double sum = 0;
    for (size_t row = 0; row < row_count; row++) {
        if (groups == 1) {
            /* log(1 + e^−m) of the margin towards the label, without overflow */
            double m = labels[row] > 0.5f ? (double)margins[row] : -(double)margins[row];
            sum += m > 0 ? log1p(exp(-m)) : -m + log1p(exp(m));
        } else {
            const float *m = margins + row * groups;
            double top = (double)m[0], total = 0;
            for (uint32_t g = 1; g < groups; g++) {
                top = (double)m[g] > top ? (double)m[g] : top;
            }
            for (uint32_t g = 0; g < groups; g++) {
                total += exp((double)m[g] - top);
            }
            sum += log(total) + top - (double)m[(size_t)labels[row]];
        }
    }
    return row_count == 0 ? 0 : sum / (double)row_count;
}

static bool boost(worker *w, BoosterHandle booster, boost_job *job) {
    const boost_rows *rows = &w->validation_rows;
    uint32_t groups = group_count(w->all->data);
    size_t values = rows->row_count * groups;
    job->loss = INFINITY;
    for (uint32_t round = 0; round < job->rounds_max && round < job->rounds + job->patience; round++) {
        bst_ulong length = 0;
        const float *margins = NULL;
        if (!ok(w, XGBoosterUpdateOneIter(booster, (int)round, w->train)) ||
            !ok(w, XGBoosterPredict(booster, w->validation, 1, 0, 0, &length, &margins))) {
            return false;
        }
        if (length != values) {
            (void)snprintf(w->reason, sizeof w->reason, "libxgboost gave %llu margins for %zu",
                           (unsigned long long)length, values);
            return false;
        }
        double loss = log_loss(margins, rows->labels, rows->row_count, groups);
        if (loss < job->loss) {
            job->loss = loss;
            job->rounds = round + 1;
            memcpy(job->margins, margins, values * sizeof *margins);
        }
    }
    return true;
}

static bool save(worker *w, BoosterHandle booster, boost_job *job) {
    BoosterHandle cut = NULL;
    bst_ulong length = 0;
    const char *json = NULL;
    bool saved = ok(w, XGBoosterSlice(booster, 0, (int)job->rounds, 1, &cut)) &&
                 ok(w, XGBoosterSaveModelToBuffer(cut, "{\"format\": \"json\"}", &length, &json));
    if (saved) {
        job->json = memory_new(length + 1);
        w->no_memory = job->json == NULL;
        saved = !w->no_memory;
    }
    if (saved) {
        memcpy(job->json, json, length);
        job->json[length] = '\0';
        job->json_length = length;
    }
    if (cut != NULL) {
        (void)XGBoosterFree(cut);
    }
    return saved;
}

static void free_matrices(worker *w) {
    if (w->train != NULL) {
        (void)XGDMatrixFree(w->train);
    }
    if (w->validation != NULL) {
        (void)XGDMatrixFree(w->validation);
    }
    w->train = w->validation = NULL;
}

/* The rows of the fold, or those of all others, copied into one array: values, then labels. NULL: no memory. */
static float *gather(const boost_data *data, uint32_t fold, bool of_fold, boost_rows *out) {
    size_t columns = data->column_count, count = 0;
    for (size_t row = 0; row < data->train.row_count; row++) {
        count += (data->fold_of[row] == fold) == of_fold;
    }
    float *copy = memory_new((count * (columns + 1) + 1) * sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    float *labels = copy + count * columns;
    *out = (boost_rows){copy, labels, 0};
    for (size_t row = 0; row < data->train.row_count; row++) {
        if ((data->fold_of[row] == fold) == of_fold) {
            memcpy(copy + out->row_count * columns, data->train.values + row * columns, columns * sizeof *copy);
            labels[out->row_count++] = data->train.labels[row];
        }
    }
    return copy;
}

/* *labels_out holds the validation rows' labels as long as the job runs. */
static bool make_fold(worker *w, uint32_t fold, float **labels_out) {
    const boost_data *data = w->all->data;
    boost_rows train = {0};
    free_matrices(w);
    float *others = gather(data, fold, false, &train);
    *labels_out = gather(data, fold, true, &w->validation_rows);
    w->no_memory = others == NULL || *labels_out == NULL;
    bool made =
        !w->no_memory && make_matrix(w, &train, &w->train) && make_matrix(w, &w->validation_rows, &w->validation);
    memory_free(others);
    return made;
}

static bool run_matrices(worker *w, boost_job *job) {
    job->margins = memory_new(w->validation_rows.row_count * group_count(w->all->data) * sizeof *job->margins);
    if (job->margins == NULL) {
        w->no_memory = true;
        return false;
    }
    DMatrixHandle matrices[2] = {w->train, w->validation};
    BoosterHandle booster = NULL;
    bool done = ok(w, XGBoosterCreate(matrices, 2, &booster)) && configure(w, booster, job) && boost(w, booster, job) &&
                save(w, booster, job);
    if (booster != NULL) {
        (void)XGBoosterFree(booster);
    }
    return done;
}

static bool run_job(worker *w, boost_job *job) {
    const boost_data *data = w->all->data;
    if (data->fold_of != NULL) {
        float *copy = NULL;
        bool done = make_fold(w, job->fold, &copy) && run_matrices(w, job);
        memory_free(copy);
        return done;
    }
    w->validation_rows = data->validation;
    bool made = w->train != NULL ||
                (make_matrix(w, &data->train, &w->train) && make_matrix(w, &data->validation, &w->validation));
    return made && run_matrices(w, job);
}

/* ---- the workers ---- */

static void *work(void *context) {
    worker *w = context;
    shared *all = w->all;
    (void)XGBSetGlobalConfig("{\"verbosity\": 0}");
    mutex_lock(&all->lock);
    while (all->result == SLUICE_OK && all->next < all->job_count) {
        boost_job *job = &all->jobs[all->next++];
        mutex_unlock(&all->lock);
        bool done = run_job(w, job);
        mutex_lock(&all->lock);
        all->done += done;
        if (!done && all->result == SLUICE_OK) {
            all->result = w->no_memory ? SLUICE_E_NO_MEMORY : SLUICE_E_INPUT;
            memcpy(all->reason, w->reason, sizeof all->reason);
        }
        condition_wake_all(&all->changed);
    }
    mutex_unlock(&all->lock);
    free_matrices(w);
    mutex_lock(&all->lock);
    all->workers--;
    condition_wake_all(&all->changed);
    mutex_unlock(&all->lock);
    return NULL;
}

/* Until every worker has ended. */
static void oversee(shared *all, bool (*between)(void *, uint32_t, uint32_t), void *context) {
    size_t told = 0;
    mutex_lock(&all->lock);
    while (all->workers > 0) {
        if (between != NULL && told < all->done) {
            told = all->done;
            mutex_unlock(&all->lock);
            bool go_on = between(context, (uint32_t)told, (uint32_t)all->job_count);
            mutex_lock(&all->lock);
            if (!go_on && all->result == SLUICE_OK) {
                all->result = SLUICE_E_INTERRUPTED;
            }
            continue;
        }
        condition_wait(&all->changed, &all->lock);
    }
    mutex_unlock(&all->lock);
}

sluice_result boost_run(const boost_data *data, boost_job *jobs, size_t job_count, uint32_t threads,
                        bool (*between)(void *context, uint32_t done, uint32_t total), void *context,
                        sluice_error *error) {
    shared all = {.data = data, .jobs = jobs, .job_count = job_count};
    worker workers[WORKERS_MAX] = {0};
    uint32_t wanted = threads > WORKERS_MAX ? WORKERS_MAX : threads == 0 ? 1 : threads;
    wanted = wanted > job_count ? (uint32_t)job_count : wanted;
    mutex_init(&all.lock);
    condition_init(&all.changed);
    mutex_lock(&all.lock);
    uint32_t started = 0;
    while (started < wanted) {
        workers[started].all = &all;
        if (!thread_start(&workers[started].handle, work, &workers[started])) {
            break;
        }
        started++;
        all.workers++;
    }
    mutex_unlock(&all.lock);
    oversee(&all, between, context);
    for (uint32_t i = 0; i < started; i++) {
        thread_join(&workers[i].handle);
    }
    condition_fini(&all.changed);
    mutex_fini(&all.lock);
    if (started == 0 && job_count > 0) {
        return error_set(error, SLUICE_E_NO_MEMORY, "the system has no more threads");
    }
    switch (all.result) {
    case SLUICE_OK:
        return SLUICE_OK;
    case SLUICE_E_INTERRUPTED:
        return error_set(error, SLUICE_E_INTERRUPTED, "training was interrupted");
    case SLUICE_E_NO_MEMORY:
        return error_no_memory(error, 0);
    default:
        return error_set(error, SLUICE_E_INPUT, "libxgboost refuses the data: %s", all.reason);
    }
}
