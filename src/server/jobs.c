/* Jobs.
 *
 *   queued ─▶ running ─▶ done | failed | cancelled
 *
 * A job owns a copy of the request that made it; its handler runs as any other, on the job thread, and what it put into
 * the response is the result, kept for an hour. A restart forgets jobs: they read and compute, and can be asked again;
 * what a job changed through the writer is durable as any command. At most JOBS_MAX are kept; the oldest that is over
 * makes room, and when none is over a new one is refused. Only who made a job sees it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "server/desk_link.h"
#include "server/jobs_private.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "signal/json.h"
#include "sys/clock.h"
#include "sys/random.h"
#include "text/chinese.h"

#define JOBS_MAX 64
#define JOB_KEEP_MS 3600000
#define JOB_RESULT_BYTES_MAX ((size_t)256 << 20)

typedef enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED } job_state;
static const char *const STATE_NAMES[] = {"queued", "running", "done", "failed", "cancelled"};

struct job {
    job_board *board;
    uint64_t number; /* 0: the slot is free */
    char id[24];
    job_state state;
    request request;
    response response;
    uint64_t done, total;
    bool cancel;
    int64_t created_ms, started_ms, finished_ms;
    sluice_result result;
    sluice_error error;
};

struct job_board {
    mutex lock;
    condition changed;
    job jobs[JOBS_MAX];
    uint64_t count;
    bool stop, running;
    thread thread;
};

bool job_progress(job *j, uint64_t done, uint64_t total) {
    mutex_lock(&j->board->lock);
    j->done = done;
    j->total = total;
    bool go_on = !j->cancel && !j->board->stop;
    mutex_unlock(&j->board->lock);
    return go_on;
}

bool job_goes_on(job *j) {
    mutex_lock(&j->board->lock);
    bool go_on = !j->cancel && !j->board->stop;
    mutex_unlock(&j->board->lock);
    return go_on;
}

static void job_clear(job *j) {
    arena_fini(&j->request.arena);
    text_writer_fini(&j->response.body);
    job_board *board = j->board;
    memset(j, 0, sizeof *j);
    j->board = board;
}

static bool is_over(const job *j) {
    return j->state >= JOB_DONE;
}

/* Under the lock: a free slot; NULL: all are under way. */
static job *find_slot(job_board *b, int64_t now_ms) {
    job *oldest = NULL;
    for (size_t i = 0; i < JOBS_MAX; i++) {
        job *j = &b->jobs[i];
        if (j->number != 0 && is_over(j) && now_ms - j->finished_ms > JOB_KEEP_MS) {
            job_clear(j);
        }
        if (j->number == 0) {
            return j;
        }
        if (is_over(j) && (oldest == NULL || j->number < oldest->number)) {
            oldest = j;
        }
    }
    if (oldest != NULL) {
        job_clear(oldest);
    }
    return oldest;
}

/* ---- the thread ---- */

/* Under the lock. */
static job *next_job(job_board *b) {
    job *first = NULL;
    for (size_t i = 0; i < JOBS_MAX; i++) {
        job *j = &b->jobs[i];
        if (j->number != 0 && j->state == JOB_QUEUED && (first == NULL || j->number < first->number)) {
            first = j;
        }
    }
    return first;
}

static void run_job(job *j) {
    sluice_error error = {0};
    sluice_result result = j->request.route->handle(&j->request, &j->response, &error);
    request_leave_engine(&j->request);
    if (j->request.is_lost) { /* what it came to is for nobody */
        desk_note_lost(&j->request);
        (void)request_lost(&error);
        result = SLUICE_E_INTERRUPTED;
    }
    if (result == SLUICE_OK && j->response.body.failed) {
        result = error_no_memory(&error, j->response.body.length);
    }
    if (result == SLUICE_OK && j->response.body.length > JOB_RESULT_BYTES_MAX) {
        result = error_set(&error, SLUICE_E_LIMIT, "the result is larger than 256 MiB: ask for less at a time");
    }
    mutex_lock(&j->board->lock);
    j->result = result;
    j->error = error;
    j->state = result == SLUICE_OK                           ? JOB_DONE
               : j->cancel || result == SLUICE_E_INTERRUPTED ? JOB_CANCELLED
                                                             : JOB_FAILED;
    j->finished_ms = clock_now_ms();
    j->done = result == SLUICE_OK ? j->total : j->done; /* it was told now and then */
    if (result != SLUICE_OK) {
        text_writer_fini(&j->response.body);
    }
    mutex_unlock(&j->board->lock);
}

static void *job_main(void *context) {
    job_board *b = context;
    for (;;) {
        mutex_lock(&b->lock);
        job *j = NULL;
        while (!b->stop && (j = next_job(b)) == NULL) {
            condition_wait(&b->changed, &b->lock);
        }
        if (b->stop) {
            mutex_unlock(&b->lock);
            return NULL;
        }
        j->state = JOB_RUNNING;
        j->started_ms = clock_now_ms();
        mutex_unlock(&b->lock);
        run_job(j);
    }
}

sluice_result jobs_open(server *s, sluice_error *error) {
    s->jobs = memory_new_zero(1, sizeof *s->jobs);
    if (s->jobs == NULL) {
        return error_no_memory(error, sizeof *s->jobs);
    }
    mutex_init(&s->jobs->lock);
    condition_init(&s->jobs->changed);
    for (size_t i = 0; i < JOBS_MAX; i++) {
        s->jobs->jobs[i].board = s->jobs;
    }
    s->jobs->running = thread_start(&s->jobs->thread, job_main, s->jobs);
    return s->jobs->running ? SLUICE_OK : error_set(error, SLUICE_E_IO, "the system has no more threads");
}

void jobs_stop(server *s) {
    job_board *b = s->jobs;
    if (b == NULL || !b->running) {
        return;
    }
    mutex_lock(&b->lock);
    b->stop = true;
    condition_wake_all(&b->changed);
    mutex_unlock(&b->lock);
    thread_join(&b->thread);
    b->running = false;
}

void jobs_close(server *s) {
    if (s->jobs == NULL) {
        return;
    }
    jobs_stop(s);
    for (size_t i = 0; i < JOBS_MAX; i++) {
        job_clear(&s->jobs->jobs[i]);
    }
    condition_fini(&s->jobs->changed);
    mutex_fini(&s->jobs->lock);
    memory_free(s->jobs);
    s->jobs = NULL;
}

/* ---- submitting: a request that outlives its connection ---- */

static bool copy_text(arena *a, sluice_text from, sluice_text *to) {
    const char *copy = from.length == 0 ? "" : arena_copy(a, from.data, from.length);
    *to = (sluice_text){copy, from.length};
    return copy != NULL;
}

static bool copy_request(const request *from, request *to) {
    arena *a = &to->arena;
    to->server = from->server;
    to->route = from->route;
    to->now_ms = from->now_ms;
    memcpy(to->id, from->id, sizeof to->id);
    to->actor = from->actor;
    const server_desk *desk = from->server->desk;
    to->actor.desk = from->actor.desk == NULL || desk->keep_actor == NULL
                         ? NULL /* it lived with the request */
                         : desk->keep_actor(desk->context, from->actor.desk, &to->arena);
    to->secure = from->secure;
    to->variable_count = from->variable_count;
    to->has_cursor = from->has_cursor;
    to->has_if_match = from->has_if_match;
    to->if_match = from->if_match;
    to->parameter_count = from->parameter_count;
    to->parameters = arena_alloc(a, (from->parameter_count + 1) * sizeof *to->parameters);
    bool good = to->parameters != NULL && copy_text(a, from->path, &to->path) && copy_text(a, from->body, &to->body) &&
                copy_text(a, from->idempotency_key, &to->idempotency_key) &&
                copy_text(a, from->purpose, &to->purpose) && copy_text(a, from->cursor, &to->cursor) &&
                copy_text(a, from->address, &to->address) && copy_text(a, from->languages, &to->languages);
    for (size_t i = 0; good && i < from->variable_count; i++) {
        good = copy_text(a, from->variables[i], &to->variables[i]);
    }
    for (size_t i = 0; good && i < from->parameter_count; i++) {
        good = copy_text(a, from->parameters[i].name, &to->parameters[i].name) &&
               copy_text(a, from->parameters[i].value, &to->parameters[i].value) &&
               copy_text(a, from->parameters[i].raw, &to->parameters[i].raw);
    }
    if (good && from->media_type != NULL) {
        to->media_type = arena_copy(a, from->media_type, strlen(from->media_type) + 1);
        good = to->media_type != NULL;
    }
    if (good && from->document != NULL) {
        yyjson_alc allocator = json_arena(a);
        char *data = (char *)(uintptr_t)to->body.data; /* not written to */
        to->document = yyjson_read_opts(data, to->body.length, YYJSON_READ_NOFLAG, &allocator, NULL);
        to->json = yyjson_doc_get_root(to->document);
        good = to->document != NULL;
    }
    return good;
}

/* Under the lock. */
static sluice_result write_job(const job *j, response *rs, sluice_error *error) {
    json_document d;
    char link[64];
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "id", text_of(j->id));
    json_add_text(&d, root, "operation", text_of(j->request.route->operation));
    json_add_text(&d, root, "state", text_of(STATE_NAMES[j->state]));
    json_add_uint(&d, root, "done", j->done);
    json_add_uint(&d, root, "total", j->total);
    json_add_time(&d, root, "created", j->created_ms);
    if (j->started_ms != 0) {
        json_add_time(&d, root, "started", j->started_ms);
    }
    if (j->finished_ms != 0) {
        json_add_time(&d, root, "finished", j->finished_ms);
    }
    if (j->state == JOB_DONE) {
        (void)snprintf(link, sizeof link, "/v1/jobs/%s/result", j->id);
        json_add_text(&d, root, "result", text_of(link));
        json_add_uint(&d, root, "result_bytes", j->response.body.length);
    } else if (j->state == JOB_FAILED || j->state == JOB_CANCELLED) {
        sluice_text detail = text_of(j->error.text[0] != '\0' ? j->error.text : sluice_result_text(j->result));
        json_add_text(&d, root, "detail", detail);
        chinese_add(&d, root, "detail_zh", detail);
    }
    return response_json(rs, &d, error);
}

sluice_result jobs_submit(server *s, request *rq, response *rs, sluice_error *error) {
    job_board *b = s->jobs;
    mutex_lock(&b->lock);
    job *j = b->stop ? NULL : find_slot(b, rq->now_ms);
    if (j == NULL) {
        mutex_unlock(&b->lock);
        return error_set(error, SLUICE_E_BUSY, "%d jobs are waiting: try again when one is done", JOBS_MAX);
    }
    uint64_t secret = 0;
    if (!random_secret(&secret, sizeof secret) || !copy_request(rq, &j->request)) {
        job_clear(j);
        mutex_unlock(&b->lock);
        return error_no_memory(error, rq->body.length);
    }
    j->number = ++b->count;
    (void)snprintf(j->id, sizeof j->id, "%016llx", (unsigned long long)secret);
    j->request.job = j;
    j->created_ms = rq->now_ms;
    rs->status = 202;
    response_add_header(rq, rs, "Location", "/v1/jobs/%s", j->id);
    if (rq->route->lane != LANE_JOB) {
        response_add_header(rq, rs, "Preference-Applied", "respond-async");
    }
    sluice_result result = write_job(j, rs, error);
    condition_wake_one(&b->changed);
    mutex_unlock(&b->lock);
    return result;
}

/* ---- the routes ---- */

/* Under the lock. */
static job *job_of(job_board *b, const request *rq, sluice_error *error) {
    sluice_text id = request_variable(rq, 0);
    for (size_t i = 0; i < JOBS_MAX; i++) {
        job *j = &b->jobs[i];
        if (j->number != 0 && text_equal(text_of(j->id), id) && j->request.actor.principal == rq->actor.principal) {
            return j;
        }
    }
    (void)error_set(error, SLUICE_E_NOT_FOUND, "there is no such job, or not any more: results are kept for an hour");
    return NULL;
}

static sluice_result get_job(request *rq, response *rs, sluice_error *error) {
    job_board *b = rq->server->jobs;
    mutex_lock(&b->lock);
    const job *j = job_of(b, rq, error);
    sluice_result result = j == NULL ? SLUICE_E_NOT_FOUND : write_job(j, rs, error);
    if (j != NULL && !is_over(j)) {
        response_add_header(rq, rs, "Retry-After", "1");
    }
    mutex_unlock(&b->lock);
    return result;
}

static sluice_result get_result(request *rq, response *rs, sluice_error *error) {
    job_board *b = rq->server->jobs;
    mutex_lock(&b->lock);
    const job *j = job_of(b, rq, error);
    sluice_result result = SLUICE_E_NOT_FOUND;
    if (j != NULL && j->state != JOB_DONE) {
        result = error_set(error, SLUICE_E_STATE, "the job is %s: it has no result", STATE_NAMES[j->state]);
    } else if (j != NULL) {
        rs->content_type = j->response.content_type != NULL ? j->response.content_type : "application/json";
        text_write(&rs->body,
                   (sluice_text){j->response.body.data == NULL ? "" : j->response.body.data, j->response.body.length});
        result = SLUICE_OK;
    }
    mutex_unlock(&b->lock);
    return result;
}

static sluice_result cancel_job(request *rq, response *rs, sluice_error *error) {
    job_board *b = rq->server->jobs;
    mutex_lock(&b->lock);
    job *j = job_of(b, rq, error);
    sluice_result result = j == NULL ? SLUICE_E_NOT_FOUND : SLUICE_OK;
    if (j != NULL && j->state == JOB_QUEUED) {
        j->state = JOB_CANCELLED;
        j->result = error_set(&j->error, SLUICE_E_INTERRUPTED, "cancelled before it began");
        j->finished_ms = clock_now_ms();
    } else if (j != NULL && !is_over(j)) {
        j->cancel = true;
    }
    if (j != NULL) {
        result = write_job(j, rs, error);
    }
    mutex_unlock(&b->lock);
    return result;
}

static sluice_result list_jobs(request *rq, response *rs, sluice_error *error) {
    job_board *b = rq->server->jobs;
    text_writer list = {0};
    sluice_result result = SLUICE_OK;
    text_write(&list, TEXT("{\"items\":["));
    mutex_lock(&b->lock);
    bool first = true;
    for (size_t i = 0; i < JOBS_MAX && result == SLUICE_OK; i++) {
        const job *j = &b->jobs[i];
        if (j->number != 0 && j->request.actor.principal == rq->actor.principal) {
            result = write_job(j, rs, error);
            text_write(&list, first ? TEXT("") : TEXT(","));
            text_write(&list, (sluice_text){rs->body.data, rs->body.length - 1}); /* without its line end */
            first = false;
        }
    }
    mutex_unlock(&b->lock);
    text_write(&list, TEXT("],\"next\":null}\n"));
    rs->body.length = 0;
    if (result == SLUICE_OK && !list.failed) {
        text_write(&rs->body, (sluice_text){list.data, list.length});
    } else if (result == SLUICE_OK) {
        result = error_no_memory(error, list.length);
    }
    text_writer_fini(&list);
    return result;
}

static const api_field JOB_FIELDS[] = {
    {.name = "id", .type = API_TEXT, .flags = API_REQUIRED, .en = "the job", .zh = "任务号"},
    {.name = "operation", .type = API_TEXT, .flags = API_REQUIRED, .en = "the operation that made it", .zh = "操作"},
    {.name = "state",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "queued|running|done|failed|cancelled",
     .en = "where it is",
     .zh = "状态"},
    {.name = "done", .type = API_INTEGER, .flags = API_REQUIRED, .en = "how much is done", .zh = "已完成量"},
    {.name = "total", .type = API_INTEGER, .flags = API_REQUIRED, .en = "of how much; 0: not known yet", .zh = "总量"},
    {.name = "created", .type = API_TIME, .flags = API_REQUIRED, .en = "when it was asked for", .zh = "创建时间"},
    {.name = "started", .type = API_TIME, .en = "when it began", .zh = "开始时间"},
    {.name = "finished", .type = API_TIME, .en = "when it was over", .zh = "结束时间"},
    {.name = "result", .type = API_TEXT, .en = "where its result is", .zh = "结果地址"},
    {.name = "result_bytes", .type = API_INTEGER, .en = "how large that is", .zh = "结果大小"},
    {.name = "detail", .type = API_TEXT, .en = "why it failed", .zh = "失败原因"},
    {.name = "detail_zh", .type = API_TEXT, .en = "the same in Chinese", .zh = "中文失败原因"},
};
const api_schema JOB_SCHEMA = {
    .name = "job", .fields = JOB_FIELDS, .field_count = sizeof JOB_FIELDS / sizeof *JOB_FIELDS, .en = "a job"};
static const api_schema JOB_LIST = {.name = "job_list",
                                    .fields = JOB_FIELDS,
                                    .field_count = sizeof JOB_FIELDS / sizeof *JOB_FIELDS,
                                    .is_list = true,
                                    .en = "jobs"};

const route JOB_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/jobs",
     .lane = LANE_HTTP,
     .needs = NEEDS_SIGN_IN,
     .handle = list_jobs,
     .tag = "jobs",
     .operation = "listJobs",
     .en = "one's own jobs of the last hour",
     .zh = "本人任务列表",
     .answer = &JOB_LIST},
    {.method = METHOD_GET,
     .template = "/v1/jobs/{job}",
     .lane = LANE_HTTP,
     .needs = NEEDS_SIGN_IN,
     .handle = get_job,
     .tag = "jobs",
     .operation = "getJob",
     .en = "a job's state and progress",
     .zh = "任务状态与进度",
     .answer = &JOB_SCHEMA,
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/jobs/{job}/result",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = get_result,
     .tag = "jobs",
     .operation = "getJobResult",
     .en = "what a finished job gives, in the media type of its operation",
     .zh = "任务结果",
     .produces = "application/json application/x-ndjson text/csv application/zip",
     .problems = "404 409"},
    {.method = METHOD_DELETE,
     .template = "/v1/jobs/{job}",
     .lane = LANE_HTTP,
     .needs = NEEDS_SIGN_IN,
     .handle = cancel_job,
     .tag = "jobs",
     .operation = "cancelJob",
     .en = "stops a job",
     .zh = "取消任务",
     .answer = &JOB_SCHEMA,
     .problems = "404"},
};
const size_t JOB_ROUTE_COUNT = sizeof JOB_ROUTES / sizeof *JOB_ROUTES;
