#include "desk/decided.h"

#include <yyjson.h>

#include "desk/desk_private.h"
#include "desk/finding.h"
#include "desk/import.h"
#include "engine/desk_store.h"

enum { PROGRESS_NAME, PROGRESS_AT, PROGRESS_FIELDS };
static const record_field PROGRESS[PROGRESS_FIELDS] = {
    [PROGRESS_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "stream", .zh = "名称"},
    [PROGRESS_AT] = {"at", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "last sequence", .zh = "进度"},
};
const record_table PROGRESS_TABLE = {
    "progress",
    PROGRESS,
    PROGRESS_FIELDS,
    (const record_index[]){{true, {PROGRESS_NAME, RECORD_END, RECORD_END, RECORD_END}}},
    1,
    false,
    "how far the desk has read",
    "读取进度"};

typedef struct taken {
    uint64_t sequence;
    sluice_text words;
} taken;

typedef struct page {
    arena *a;
    taken *rows;
    size_t count, most;
    bool failed;
} page;

static bool collect(void *context, uint64_t sequence, sluice_text decision) {
    page *p = context;
    const char *copy = arena_copy(p->a, decision.data, decision.length);
    p->failed = copy == NULL;
    if (!p->failed) {
        p->rows[p->count++] = (taken){sequence, {copy, decision.length}};
    }
    return !p->failed && p->count < p->most;
}

static sluice_result find_progress(desk *d, arena *a, record *row, sluice_error *error) {
    query_term by = {PROGRESS_NAME, QUERY_EQUAL, value_text(TEXT("decisions")), NULL, 0};
    record_query query = {.table = &PROGRESS_TABLE, .terms = &by, .term_count = 1, .order = QUERY_ID};
    sluice_result result = store_find(d->store, &query, a, row, error);
    if (result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    if (!record_init(row, &PROGRESS_TABLE, a)) {
        return error_no_memory(error, sizeof *row);
    }
    row->values[PROGRESS_NAME] = value_text(TEXT("decisions"));
    row->values[PROGRESS_AT] = value_integer(0);
    return SLUICE_OK;
}

static sluice_text text_at(yyjson_val *object, const char *name) {
    yyjson_val *value = yyjson_obj_get(object, name);
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

/* "reason；reason", the heaviest first. */
static sluice_text reasons_of(yyjson_val *root, const char *language, const char *between, arena *a) {
    text_writer words = {0};
    yyjson_val *rule;
    size_t at, count;
    yyjson_arr_foreach(yyjson_obj_get(root, "rules"), at, count, rule) {
        sluice_text reason = text_at(rule, language);
        if (reason.length > 0 && words.length + reason.length < 2000) {
            text_write(&words, words.length == 0 ? (sluice_text){0} : text_of(between));
            text_write(&words, reason);
        }
    }
    const char *copy = words.failed ? NULL : arena_copy(a, words.data == NULL ? "" : words.data, words.length);
    sluice_text text = {copy, copy == NULL ? 0 : words.length};
    text_writer_fini(&words);
    return text;
}

/* Of a decision's JSON and its movement; texts are borrowed from `root`, or in the arena. */
static sluice_result finding_of_words(desk_command *c, yyjson_val *root, const sluice_transfer *transfer,
                                      desk_finding *finding) {
    char *reference = arena_alloc(c->arena, 32);
    if (reference == NULL) {
        return error_no_memory(c->error, 32);
    }
    (void)snprintf(reference, 32, "sequence %llu", (unsigned long long)transfer->sequence);
    *finding = (desk_finding){
        .subject = text_at(root, "subject"),
        .typology = text_at(root, "typology"),
        .score = yyjson_get_num(yyjson_obj_get(root, "score")),
        .reason_zh = reasons_of(root, "zh", "；", c->arena),
        .reason_en = reasons_of(root, "en", "; ", c->arena),
        .time_ms = transfer->time_ms,
        .amount_fen = transfer->amount_fen,
        .reference = text_of(reference),
    };
    const dated_row *type = dated_find(c->desk, "fraud_type", finding->typology, c->now_ms);
    finding->fraud_type = type == NULL ? (sluice_text){0} : type->zh; /* the rules' typologies have these codes */
    finding->subject_is_payer = text_equal(finding->subject, transfer->from);
    return SLUICE_OK;
}

/* One decision as a command. A decision that names nobody, or is of a movement that is not there, is passed over. */
static sluice_result take_one(desk_command *c, void *context) {
    const taken *t = context;
    const desk_kind *kind = NULL;
    record r = {0};
    desk_finding finding;
    sluice_transfer transfer;
    sluice_error unheard;
    yyjson_doc *doc = yyjson_read(t->words.data, t->words.length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    sluice_result result = SLUICE_OK;
    if (text_at(root, "subject").length > 0 &&
        engine_transfer_at(c->desk->engine, t->sequence, &transfer, &unheard) == SLUICE_OK) {
        result = finding_of_words(c, root, &transfer, &finding);
        result = result == SLUICE_OK ? finding_take(c, &finding, &kind, &r) : result;
        result = result == SLUICE_OK ? decision_used(c, t->sequence, kind, &r) : result;
    }
    yyjson_doc_free(doc);
    return result;
}

sluice_result decided_find(desk_command *c, const sluice_transfer *transfer, desk_finding *finding) {
    page p = {.a = c->arena, .most = 1, .rows = arena_alloc(c->arena, sizeof *p.rows)};
    if (p.rows == NULL) {
        return error_no_memory(c->error, sizeof *p.rows);
    }
    sluice_result result = store_read_decisions(c->desk->store, transfer->sequence, collect, &p, c->error);
    if (result != SLUICE_OK || p.failed) {
        return p.failed ? error_no_memory(c->error, 1000) : result;
    }
    if (p.count == 0 || p.rows[0].sequence != transfer->sequence) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "nothing was decided about the log's signal %llu",
                         (unsigned long long)transfer->sequence);
    }
    yyjson_doc *doc = yyjson_read(p.rows[0].words.data, p.rows[0].words.length, 0);
    result = finding_of_words(c, yyjson_doc_get_root(doc), transfer, finding);
    sluice_text *const borrowed[] = {&finding->subject, &finding->typology};
    for (size_t i = 0; result == SLUICE_OK && i < sizeof borrowed / sizeof *borrowed; i++) {
        borrowed[i]->data =
            arena_copy(c->arena, borrowed[i]->length == 0 ? "" : borrowed[i]->data, borrowed[i]->length);
        result = borrowed[i]->data == NULL ? error_no_memory(c->error, borrowed[i]->length) : SLUICE_OK;
    }
    yyjson_doc_free(doc);
    return result;
}

static sluice_result take_page(desk *d, page *p, record *progress, int64_t now_ms, sluice_error *error) {
    sluice_result result = desk_begin(d, error);
    for (size_t i = 0; result == SLUICE_OK && i < p->count; i++) {
        sluice_error why = {0};
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = p->a, .error = &why};
        sluice_result one = desk_run(&c, take_one, &p->rows[i]);
        /* What cannot be taken because of its own content must not stop the ones after it; our own trouble must. */
        bool is_ours =
            one == SLUICE_E_NO_MEMORY || one == SLUICE_E_IO || one == SLUICE_E_FULL || one == SLUICE_E_DAMAGED;
        result = is_ours ? error_set(error, one, "%s", why.text) : SLUICE_OK;
        d->findings_refused += one != SLUICE_OK && !is_ours ? 1 : 0;
    }
    if (result == SLUICE_OK) {
        progress->values[PROGRESS_AT] = value_integer((int64_t)p->rows[p->count - 1].sequence);
        result = progress->id == 0 ? store_insert(d->store, progress, now_ms, error)
                                   : store_update(d->store, progress, now_ms, error);
    }
    if (result == SLUICE_OK) {
        return desk_commit(d, error);
    }
    desk_rollback(d);
    return result;
}

sluice_result desk_take_decisions(desk *d, int64_t now_ms, size_t most, size_t *taken_out, sluice_error *error) {
    arena a = {0};
    record progress;
    page p = {.a = &a, .most = most, .rows = arena_alloc(&a, most * sizeof *p.rows)};
    *taken_out = 0;
    sluice_result result = p.rows == NULL ? error_no_memory(error, most * sizeof *p.rows) : SLUICE_OK;
    result = result == SLUICE_OK ? find_progress(d, &a, &progress, error) : result;
    if (result == SLUICE_OK) {
        uint64_t from = (uint64_t)progress.values[PROGRESS_AT].integer + 1;
        result = store_read_decisions(d->store, from, collect, &p, error);
    }
    if (result == SLUICE_OK && p.failed) {
        result = error_no_memory(error, most);
    }
    if (result == SLUICE_OK && p.count > 0) {
        result = take_page(d, &p, &progress, now_ms, error);
    }
    *taken_out = result == SLUICE_OK ? p.count : 0;
    arena_fini(&a);
    return result;
}
