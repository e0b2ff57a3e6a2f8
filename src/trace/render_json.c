/* JSON: the closed schema of docs/schema/trace.schema.json, through a yyjson document.
 *
 * Rules that hold everywhere: amounts are integers of fen; times are RFC 3339 with +08:00; a value that does not exist
 * is null and never left out. Keys that depend on the request, and on nothing else: with several victims each object
 * with taint has `by_victim`, one object for each start in the order of `start.victims`; for the method bounds each
 * taint amount x_fen, the possible part, has x_certain_fen beside it. */
#include <math.h>

#include "base/json_write.h"
#include "trace/render_private.h"

typedef struct document {
    json_document json;
    const sluice_trace_view *view;
} document;

/* One taint amount and what it is called, without its unit. */
typedef struct named_amount {
    const char *name, *certain_name;
    const sluice_trace_amount *amount;
} named_amount;

static void add_amounts(document *d, yyjson_mut_val *object, const named_amount *amounts, size_t count) {
    bool bounds = d->view->method == SLUICE_METHOD_BOUNDS;
    for (size_t i = 0; i < count; i++) {
        json_add_int(&d->json, object, amounts[i].name, amounts[i].amount->fen);
        if (bounds) {
            json_add_int(&d->json, object, amounts[i].certain_name, amounts[i].amount->certain_fen);
        }
    }
    if (d->view->victim_count < 2) {
        return;
    }
    yyjson_mut_val *victims = json_add_array(&d->json, object, "by_victim");
    for (size_t v = 0; v < d->view->victim_count; v++) {
        yyjson_mut_val *victim = json_append_object(&d->json, victims);
        json_add_text(&d->json, victim, "victim", d->view->starts[v].victim);
        for (size_t i = 0; i < count; i++) {
            const sluice_trace_amount *amount = amounts[i].amount;
            json_add_int(&d->json, victim, amounts[i].name,
                         amount->by_victim_fen == NULL ? 0 : amount->by_victim_fen[v]);
            if (bounds) {
                json_add_int(&d->json, victim, amounts[i].certain_name,
                             amount->by_victim_certain_fen == NULL ? 0 : amount->by_victim_certain_fen[v]);
            }
        }
    }
}

static void fill_start(document *d, yyjson_mut_val *object, const sluice_trace_start *start) {
    char letters[4];
    sluice_currency_letters(d->view->currency, letters);
    json_add_text(&d->json, object, "victim", start->victim);
    json_add_text_or_null(&d->json, object, "transfer", start->transfer_id);
    json_add_text(&d->json, object, "account", start->account);
    json_add_uint(&d->json, object, "layer", start->transfer_id.length > 0 ? 0 : d->view->account_layer);
    json_add_time(&d->json, object, "time", start->time_ms);
    json_add_int(&d->json, object, "amount_fen", start->amount_fen);
    json_add(&d->json, object, "currency", yyjson_mut_strcpy(d->json.doc, letters));
}

static void add_start(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *start = yyjson_mut_obj(d->json.doc);
    json_add(&d->json, root, "start", start);
    if (d->view->victim_count == 1) {
        fill_start(d, start, &d->view->starts[0]);
        return;
    }
    yyjson_mut_val *victims = json_add_array(&d->json, start, "victims");
    for (size_t i = 0; i < d->view->victim_count; i++) {
        fill_start(d, json_append_object(&d->json, victims), &d->view->starts[i]);
    }
}

static void add_accounts(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = json_add_array(&d->json, root, "accounts");
    for (size_t i = 0; i < d->view->account_count; i++) {
        const sluice_trace_account *account = &d->view->accounts[i];
        yyjson_mut_val *object = json_append_object(&d->json, array);
        json_add_text(&d->json, object, "key", account->key);
        json_add_uint(&d->json, object, "layer", account->layer);
        json_add_bool(&d->json, object, "is_start", account->is_start);
        json_add_text(&d->json, object, "status", text_of(account->status));
        add_amounts(d, object,
                    (named_amount[]){{"in_fen", "in_certain_fen", &account->in},
                                     {"out_fen", "out_certain_fen", &account->out},
                                     {"held_fen", "held_certain_fen", &account->held}},
                    3);
        json_add_int(&d->json, object, "cut_fen", account->cut_fen);
        json_add_int(&d->json, object, "opening_fen", account->opening_fen);
        json_add_int(&d->json, object, "balance_fen", account->balance_fen);
        json_add_bool(&d->json, object, "opening_inferred", account->opening_inferred);
        json_add_time(&d->json, object, "first", account->first_ms);
        json_add_time(&d->json, object, "last", account->last_ms);
        json_add(&d->json, object, "dwell_ms",
                 account->dwell_ms < 0 ? yyjson_mut_null(d->json.doc)
                                       : yyjson_mut_sint(d->json.doc, account->dwell_ms));
    }
}

static void add_edges(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = json_add_array(&d->json, root, "edges");
    for (size_t i = 0; i < d->view->edge_count; i++) {
        const sluice_trace_edge *edge = &d->view->edges[i];
        yyjson_mut_val *object = json_append_object(&d->json, array);
        json_add_text(&d->json, object, "from", d->view->accounts[edge->from].key);
        json_add_text(&d->json, object, "to", render_edge_target(d->view, edge));
        json_add_text_or_null(&d->json, object, "sink",
                              edge->to == UINT32_MAX ? d->view->sinks[edge->sink].kind : (sluice_text){NULL, 0});
        json_add_uint(&d->json, object, "count", edge->count);
        json_add_int(&d->json, object, "amount_fen", edge->amount_fen);
        add_amounts(d, object, &(named_amount){"taint_fen", "taint_certain_fen", &edge->taint}, 1);
        json_add_time(&d->json, object, "first", edge->first_ms);
        json_add_time(&d->json, object, "last", edge->last_ms);
    }
}

static void add_sinks_and_cuts(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *sinks = json_add_array(&d->json, root, "sinks");
    for (size_t i = 0; i < d->view->sink_count; i++) {
        yyjson_mut_val *object = json_append_object(&d->json, sinks);
        json_add_text(&d->json, object, "kind", d->view->sinks[i].kind);
        json_add_text(&d->json, object, "key", d->view->sinks[i].key);
        add_amounts(d, object, &(named_amount){"amount_fen", "amount_certain_fen", &d->view->sinks[i].taint}, 1);
    }
    yyjson_mut_val *cuts = json_add_array(&d->json, root, "cut");
    for (size_t i = 0; i < d->view->cut_count; i++) {
        yyjson_mut_val *object = json_append_object(&d->json, cuts);
        json_add_text(&d->json, object, "reason", text_of(d->view->cuts[i].reason));
        json_add_text(&d->json, object, "key", d->view->cuts[i].key);
        add_amounts(d, object, &(named_amount){"amount_fen", "amount_certain_fen", &d->view->cuts[i].taint}, 1);
    }
}

static void add_stops(document *d, yyjson_mut_val *root) {
    yyjson_mut_val *array = json_add_array(&d->json, root, "stop_list");
    for (size_t i = 0; i < d->view->stop_count; i++) {
        const sluice_trace_stop *stop = &d->view->stops[i];
        const sluice_trace_account *account = &d->view->accounts[stop->account];
        yyjson_mut_val *object = json_append_object(&d->json, array);
        json_add_uint(&d->json, object, "rank", i + 1);
        json_add_text(&d->json, object, "key", account->key);
        json_add_uint(&d->json, object, "layer", account->layer);
        json_add_int(&d->json, object, "amount_fen", stop->amount_fen);
        json_add_int(&d->json, object, "balance_fen", stop->balance_fen);
        json_add_text(&d->json, object, "status", text_of(account->status));
        json_add_time(&d->json, object, "last", account->last_ms);
    }
}

static double tenths(double pixels) {
    return floor(pixels * 10 + 0.5) / 10;
}

static void add_layout(document *d, yyjson_mut_val *root, const render_input *input) {
    yyjson_mut_val *array = json_add_array(&d->json, root, "layout");
    for (size_t i = 0; i < input->position_count; i++) {
        const sluice_trace_position *position = &input->positions[i];
        bool is_sink = position->account == UINT32_MAX;
        const sluice_trace_sink *sink = is_sink ? &d->view->sinks[position->sink] : NULL;
        yyjson_mut_val *object = json_append_object(&d->json, array);
        json_add_text(&d->json, object, "key", is_sink ? sink->key : d->view->accounts[position->account].key);
        json_add_text_or_null(&d->json, object, "sink", is_sink ? sink->kind : (sluice_text){NULL, 0});
        json_add_uint(&d->json, object, "column", position->column);
        json_add_uint(&d->json, object, "row", position->row);
        json_add(&d->json, object, "x", yyjson_mut_real(d->json.doc, tenths(position->x)));
        json_add(&d->json, object, "y", yyjson_mut_real(d->json.doc, tenths(position->y)));
        json_add(&d->json, object, "height", yyjson_mut_real(d->json.doc, tenths(position->height)));
    }
}

sluice_result render_json(const render_input *input, text_writer *writer, sluice_error *error) {
    const sluice_trace_view *view = input->view;
    document d = {.view = view};
    yyjson_mut_val *root = json_begin(&d.json);
    add_start(&d, root);
    json_add_text(&d.json, root, "method", text_of(sluice_method_name(view->method)));
    json_add_uint(&d.json, root, "as_of", view->as_of);
    json_add_int(&d.json, root, "total_fen", view->total_fen);
    add_accounts(&d, root);
    add_edges(&d, root);
    add_sinks_and_cuts(&d, root);
    add_stops(&d, root);
    add_layout(&d, root, input);
    json_add_uint(&d.json, root, "entries_read", view->entries_read);
    json_add_uint(&d.json, root, "transfers_followed", view->transfers_followed);
    json_add_bool(&d.json, root, "mixed_currency", view->mixed_currency);
    json_add_text(&d.json, root, "ledger_sha256", text_of(input->ledger_sha256));
    return json_end(&d.json, writer, error);
}
