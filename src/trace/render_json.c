/* JSON: the closed schema of docs/schema/trace.schema.json, through a yyjson document.
 *
 * Rules that hold everywhere: amounts are integers of fen; times are RFC 3339 with +08:00; a value that does not exist
 * is null and never left out. Keys that depend on the request, and on nothing else: with several victims each object
 * with taint has `by_victim`, one object for each start in the order of `start.victims`; for the method bounds each
 * taint amount x_fen, the possible part, has x_certain_fen beside it. */
#include <math.h>
#include <yyjson.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "trace/render_private.h"

typedef struct document {
    yyjson_mut_doc *json;
    const sluice_trace_view *view;
    bool failed; /* memory was exhausted */
} document;

/* One taint amount and what it is called, without its unit. */
typedef struct named_amount {
    const char *name, *certain_name;
    const sluice_trace_amount *amount;
} named_amount;

static void *alloc(void *context, size_t bytes) {
    (void)context;
    return memory_new(bytes);
}

static void *resize(void *context, void *block, size_t old_bytes, size_t bytes) {
    (void)context;
    (void)old_bytes;
    return memory_resize(block, bytes);
}

static void release(void *context, void *block) {
    (void)context;
    memory_free(block);
}

static const yyjson_alc ALLOCATOR = {alloc, resize, release, NULL};

static void add(document *d, yyjson_mut_val *object, const char *key, yyjson_mut_val *value) {
    d->failed |= value == NULL || !yyjson_mut_obj_add_val(d->json, object, key, value);
}

static void add_int(document *d, yyjson_mut_val *object, const char *key, int64_t value) {
    add(d, object, key, yyjson_mut_sint(d->json, value));
}

static void add_uint(document *d, yyjson_mut_val *object, const char *key, uint64_t value) {
    add(d, object, key, yyjson_mut_uint(d->json, value));
}

static void add_bool(document *d, yyjson_mut_val *object, const char *key, bool value) {
    add(d, object, key, yyjson_mut_bool(d->json, value));
}

/* Borrowed: the view outlives the document. */
static void add_text(document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    add(d, object, key, yyjson_mut_strn(d->json, text.length == 0 ? "" : text.data, text.length));
}

static void add_text_or_null(document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    if (text.length == 0) {
        add(d, object, key, yyjson_mut_null(d->json));
    } else {
        add_text(d, object, key, text);
    }
}

static void add_time(document *d, yyjson_mut_val *object, const char *key, int64_t time_ms) {
    char buffer[TIME_TEXT_BYTES];
    add(d, object, key, yyjson_mut_strcpy(d->json, time_format(time_ms, buffer)));
}

static yyjson_mut_val *append_object(document *d, yyjson_mut_val *array) {
    yyjson_mut_val *object = yyjson_mut_obj(d->json);
    d->failed |= !yyjson_mut_arr_append(array, object);
    return object;
}

static yyjson_mut_val *add_array(document *d, yyjson_mut_val *object, const char *key) {
    yyjson_mut_val *array = yyjson_mut_arr(d->json);
    add(d, object, key, array);
    return array;
}

static void add_amounts(document *d, yyjson_mut_val *object, const named_amount *amounts, size_t count) {
    bool bounds = d->view->method == SLUICE_METHOD_BOUNDS;
    for (size_t i = 0; i < count; i++) {
        add_int(d, object, amounts[i].name, amounts[i].amount->fen);
        if (bounds) {
            add_int(d, object, amounts[i].certain_name, amounts[i].amount->certain_fen);
        }
    }
    if (d->view->victim_count < 2) {
        return;
    }
    yyjson_mut_val *victims = add_array(d, object, "by_victim");
    for (size_t v = 0; v < d->view->victim_count; v++) {
        yyjson_mut_val *victim = append_object(d, victims);
        add_text(d, victim, "victim", d->view->starts[v].victim);
        for (size_t i = 0; i < count; i++) {
            const sluice_trace_amount *amount = amounts[i].amount;
            add_int(d, victim, amounts[i].name, amount->by_victim_fen == NULL ? 0 : amount->by_victim_fen[v]);
            if (bounds) {
                add_int(d, victim, amounts[i].certain_name,
                        amount->by_victim_certain_fen == NULL ? 0 : amount->by_victim_certain_fen[v]);
            }
        }
    }
}

static void fill_start(document *d, yyjson_mut_val *object, const sluice_trace_start *start) {
    char letters[4];
    sluice_currency_letters(d->view->currency, letters);
    add_text(d, object, "victim", start->victim);
    add_text_or_null(d, object, "transfer", start->transfer_id);
    add_text(d, object, "account", start->account);
    add_time(d, object, "time", start->time_ms);
    add_int(d, object, "amount_fen", start->amount_fen);
    add(d, object, "currency", yyjson_mut_strcpy(d->json, letters));
}

static void add_start(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *start = yyjson_mut_obj(d->json);
    add(d, root, "start", start);
    if (d->view->victim_count == 1) {
        fill_start(d, start, &d->view->starts[0]);
        return;
    }
    yyjson_mut_val *victims = add_array(d, start, "victims");
    for (size_t i = 0; i < d->view->victim_count; i++) {
        fill_start(d, append_object(d, victims), &d->view->starts[i]);
    }
}

static void add_accounts(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = add_array(d, root, "accounts");
    for (size_t i = 0; i < d->view->account_count; i++) {
        const sluice_trace_account *account = &d->view->accounts[i];
        yyjson_mut_val *object = append_object(d, array);
        add_text(d, object, "key", account->key);
        add_uint(d, object, "layer", account->layer);
        add_bool(d, object, "is_start", account->is_start);
        add_text(d, object, "status", text_of(account->status));
        add_amounts(d, object,
                    (named_amount[]){{"in_fen", "in_certain_fen", &account->in},
                                     {"out_fen", "out_certain_fen", &account->out},
                                     {"held_fen", "held_certain_fen", &account->held}},
                    3);
        add_int(d, object, "cut_fen", account->cut_fen);
        add_int(d, object, "opening_fen", account->opening_fen);
        add_int(d, object, "balance_fen", account->balance_fen);
        add_bool(d, object, "opening_inferred", account->opening_inferred);
        add_time(d, object, "first", account->first_ms);
        add_time(d, object, "last", account->last_ms);
        add(d, object, "dwell_ms",
            account->dwell_ms < 0 ? yyjson_mut_null(d->json) : yyjson_mut_sint(d->json, account->dwell_ms));
    }
}

static void add_edges(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = add_array(d, root, "edges");
    for (size_t i = 0; i < d->view->edge_count; i++) {
        const sluice_trace_edge *edge = &d->view->edges[i];
        yyjson_mut_val *object = append_object(d, array);
        add_text(d, object, "from", d->view->accounts[edge->from].key);
        add_text(d, object, "to", render_edge_target(d->view, edge));
        add_text_or_null(d, object, "sink",
                         edge->to == UINT32_MAX ? d->view->sinks[edge->sink].kind : (sluice_text){NULL, 0});
        add_uint(d, object, "count", edge->count);
        add_int(d, object, "amount_fen", edge->amount_fen);
        add_amounts(d, object, &(named_amount){"taint_fen", "taint_certain_fen", &edge->taint}, 1);
        add_time(d, object, "first", edge->first_ms);
        add_time(d, object, "last", edge->last_ms);
    }
}

static void add_sinks_and_cuts(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *sinks = add_array(d, root, "sinks");
    for (size_t i = 0; i < d->view->sink_count; i++) {
        yyjson_mut_val *object = append_object(d, sinks);
        add_text(d, object, "kind", d->view->sinks[i].kind);
        add_text(d, object, "key", d->view->sinks[i].key);
        add_amounts(d, object, &(named_amount){"amount_fen", "amount_certain_fen", &d->view->sinks[i].taint}, 1);
    }
    yyjson_mut_val *cuts = add_array(d, root, "cut");
    for (size_t i = 0; i < d->view->cut_count; i++) {
        yyjson_mut_val *object = append_object(d, cuts);
        add_text(d, object, "reason", text_of(d->view->cuts[i].reason));
        add_text(d, object, "key", d->view->cuts[i].key);
        add_amounts(d, object, &(named_amount){"amount_fen", "amount_certain_fen", &d->view->cuts[i].taint}, 1);
    }
}

static void add_stops(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = add_array(d, root, "stop_list");
    for (size_t i = 0; i < d->view->stop_count; i++) {
        const sluice_trace_stop *stop = &d->view->stops[i];
        const sluice_trace_account *account = &d->view->accounts[stop->account];
        yyjson_mut_val *object = append_object(d, array);
        add_uint(d, object, "rank", i + 1);
        add_text(d, object, "key", account->key);
        add_uint(d, object, "layer", account->layer);
        add_int(d, object, "amount_fen", stop->amount_fen);
        add_int(d, object, "balance_fen", stop->balance_fen);
        add_text(d, object, "status", text_of(account->status));
        add_time(d, object, "last", account->last_ms);
    }
}

static double tenths(double pixels) {
    return floor(pixels * 10 + 0.5) / 10;
}

static void add_layout(document *d, yyjson_mut_val *root, const render_input *input) {
    yyjson_mut_val *array = add_array(d, root, "layout");
    for (size_t i = 0; i < input->position_count; i++) {
        const sluice_trace_position *position = &input->positions[i];
        bool is_sink = position->account == UINT32_MAX;
        const sluice_trace_sink *sink = is_sink ? &d->view->sinks[position->sink] : NULL;
        yyjson_mut_val *object = append_object(d, array);
        add_text(d, object, "key", is_sink ? sink->key : d->view->accounts[position->account].key);
        add_text_or_null(d, object, "sink", is_sink ? sink->kind : (sluice_text){NULL, 0});
        add_uint(d, object, "column", position->column);
        add_uint(d, object, "row", position->row);
        add(d, object, "x", yyjson_mut_real(d->json, tenths(position->x)));
        add(d, object, "y", yyjson_mut_real(d->json, tenths(position->y)));
        add(d, object, "height", yyjson_mut_real(d->json, tenths(position->height)));
    }
}

static sluice_result document_write(document *d, text_writer *writer, sluice_error *error) {
    size_t length = 0;
    yyjson_write_err problem = {0};
    char *text = d->failed
                     ? NULL
                     : yyjson_mut_write_opts(d->json, YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_NEWLINE_AT_END,
                                             &ALLOCATOR, &length, &problem);
    if (text == NULL && problem.code == YYJSON_WRITE_ERROR_INVALID_STRING) {
        return error_set(
            error, SLUICE_E_DAMAGED,
            "a key of this trace is not UTF-8 and cannot be written as JSON: import its file again with the "
            "encoding stated (--encoding gb18030), into a new database");
    }
    if (text != NULL) {
        text_write(writer, (sluice_text){text, length});
        memory_free(text);
    }
    return text == NULL || writer->failed ? error_no_memory(error, length) : SLUICE_OK;
}

sluice_result render_json(const render_input *input, text_writer *writer, sluice_error *error) {
    const sluice_trace_view *view = input->view;
    document d = {.json = yyjson_mut_doc_new(&ALLOCATOR), .view = view};
    if (d.json == NULL) {
        return error_no_memory(error, sizeof *view);
    }
    yyjson_mut_val *root = yyjson_mut_obj(d.json);
    yyjson_mut_doc_set_root(d.json, root);
    add_start(&d, root);
    add_text(&d, root, "method", text_of(sluice_method_name(view->method)));
    add_uint(&d, root, "as_of", view->as_of);
    add_int(&d, root, "total_fen", view->total_fen);
    add_accounts(&d, root);
    add_edges(&d, root);
    add_sinks_and_cuts(&d, root);
    add_stops(&d, root);
    add_layout(&d, root, input);
    add_uint(&d, root, "entries_read", view->entries_read);
    add_uint(&d, root, "transfers_followed", view->transfers_followed);
    add_bool(&d, root, "mixed_currency", view->mixed_currency);
    add_text(&d, root, "ledger_sha256", text_of(input->ledger_sha256));
    sluice_result result = document_write(&d, writer, error);
    yyjson_mut_doc_free(d.json);
    return result;
}
