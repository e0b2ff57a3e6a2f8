/* The walk.
 *
 * A heap holds, for each tainted account, its next debit; the earliest (time, then movement number) is taken, the
 * credits before it are taken in, the debit takes its part of the taint by the method, and the payee becomes tainted.
 * Movements are therefore met in the order of the log's time, each debit of a tainted account exactly once:
 *
 *   invariant: every tainted credit earlier than the heap's top has been handed to its account (`pending`).
 *
 * Why a node's credits may be taken in only when its next debit is taken: a credit before that debit may still come
 * from an account whose own debit is later in the heap order than now.
 *
 * An account that runs out of taint leaves the heap; when taint comes back its balance is read from the ledger's sums,
 * so that what it does in between costs nothing.
 *
 * Cost: O(log tainted accounts) an entry, O(log blocks + 120) an account that becomes tainted. */
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "sys/clock.h"
#include "trace/trace_private.h"

#define CLOCK_EVERY 1024u

/* ---- small containers ---- */

static size_t index_slot(const trace_index *index, uint64_t name) {
    size_t at = (size_t)hash_u64(name) & (index->slot_count - 1);
    while (index->numbers[at] != 0 && index->names[at] != name) {
        at = (at + 1) & (index->slot_count - 1);
    }
    return at;
}

static bool index_grow(trace_index *index) {
    trace_index grown = {.slot_count = index->slot_count == 0 ? 256 : index->slot_count * 4, .count = index->count};
    grown.names = memory_new(grown.slot_count * sizeof *grown.names);
    grown.numbers = memory_new_zero(grown.slot_count, sizeof *grown.numbers);
    if (grown.names == NULL || grown.numbers == NULL) {
        memory_free(grown.names);
        memory_free(grown.numbers);
        return false;
    }
    for (size_t i = 0; i < index->slot_count; i++) {
        if (index->numbers[i] != 0) {
            size_t at = index_slot(&grown, index->names[i]);
            grown.names[at] = index->names[i];
            grown.numbers[at] = index->numbers[i];
        }
    }
    memory_free(index->names);
    memory_free(index->numbers);
    *index = grown;
    return true;
}

/* The number of a name, or `fresh` (which is entered) when it is new. TRACE_NONE: no memory. */
static uint32_t index_intern(trace_index *index, uint64_t name, size_t fresh) {
    if ((index->count + 1) * 2 > index->slot_count && !index_grow(index)) {
        return TRACE_NONE;
    }
    size_t at = index_slot(index, name);
    if (index->numbers[at] == 0) {
        index->names[at] = name;
        index->numbers[at] = (uint32_t)fresh + 1;
        index->count++;
    }
    return index->numbers[at] - 1;
}

static bool event_before(const trace_event *a, const trace_event *b) {
    return a->time_ms < b->time_ms || (a->time_ms == b->time_ms && a->movement < b->movement);
}

static bool heap_push(sluice_trace *trace, trace_event event) {
    if (!ARRAY_RESERVE(trace->heap, trace->heap_capacity, trace->heap_count + 1)) {
        return false;
    }
    size_t at = trace->heap_count++;
    for (; at > 0 && event_before(&event, &trace->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        trace->heap[at] = trace->heap[(at - 1) / 2];
    }
    trace->heap[at] = event;
    return true;
}

static trace_event heap_pop(sluice_trace *trace) {
    trace_event top = trace->heap[0];
    trace_event last = trace->heap[--trace->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < trace->heap_count; child = 2 * at + 1) {
        child += child + 1 < trace->heap_count && event_before(&trace->heap[child + 1], &trace->heap[child]);
        if (!event_before(&trace->heap[child], &last)) {
            break;
        }
        trace->heap[at] = trace->heap[child];
        at = child;
    }
    trace->heap[at] = last;
    return top;
}

/* `count` new sums; *sum_out is the first. */
static bool sums_new(sluice_trace *trace, size_t count, trace_sum *sum_out) {
    size_t width = 2 * trace->victim_count;
    if (!ARRAY_RESERVE(trace->sums, trace->sum_capacity, (trace->sum_count + count) * width)) {
        return false;
    }
    memset(trace->sums + trace->sum_count * width, 0, count * width * sizeof *trace->sums);
    *sum_out = (trace_sum)trace->sum_count;
    trace->sum_count += count;
    return true;
}

static void sum_add(sluice_trace *trace, trace_sum sum, taint_parcel *parcel) {
    int64_t *values = trace_sum_values(trace, sum);
    const taint_piece *pieces = taint_pieces(parcel);
    for (size_t i = 0; i < parcel->count; i++) {
        if (pieces[i].owner != TAINT_CLEAN) {
            size_t victim = pieces[i].owner - 1;
            values[victim] += pieces[i].value_fen;
            values[trace->victim_count + victim] +=
                trace->options.method == SLUICE_METHOD_BOUNDS ? pieces[i].certain_fen : pieces[i].value_fen;
        }
    }
}

/* ---- nodes ---- */

/* The node of a key, new with `layer` or moved to a lower one; TRACE_NONE: no memory. */
static uint32_t node_reach(sluice_trace *trace, uint32_t key, uint32_t layer) {
    uint32_t number = index_intern(&trace->node_index, key, trace->node_count);
    if (number == TRACE_NONE) {
        return TRACE_NONE;
    }
    if (number < trace->node_count) {
        trace_node *known = &trace->nodes[number];
        known->layer = layer < known->layer ? layer : known->layer;
        return number;
    }
    trace_sum sums = 0;
    if (!ARRAY_RESERVE(trace->nodes, trace->node_capacity, trace->node_count + 1) || !sums_new(trace, 4, &sums)) {
        return TRACE_NONE;
    }
    trace_node *node = &trace->nodes[trace->node_count++];
    memset(node, 0, sizeof *node);
    node->key = key;
    node->layer = layer;
    node->in = sums;
    node->out = sums + 1;
    node->held = sums + 2;
    node->cut = sums + 3;
    graph_ledger(&trace->view, key, &node->ledger);
    return number;
}

/* Puts the cursor after `place` and returns the balance there. */
static int64_t node_open(sluice_trace *trace, trace_node *node, ledger_place place) {
    ledger_sums sums;
    ledger_seek(&node->ledger, place, &node->cursor);
    ledger_sum(&node->ledger, &node->cursor, &sums);
    if (!node->opened) {
        node->opened = true;
        node->opening_fen = graph_opening(&trace->view, node->key, &node->ledger, &sums, &node->opening_inferred);
        node->end_balance_fen = node->opening_fen + sums.net_fen;
    }
    return node->opening_fen + sums.before_fen;
}

static void note_time(trace_node *node, int64_t time_ms) {
    if (!node->has_in && !node->has_out) {
        node->first_ms = node->last_ms = time_ms;
    }
    node->first_ms = time_ms < node->first_ms ? time_ms : node->first_ms;
    node->last_ms = time_ms > node->last_ms ? time_ms : node->last_ms;
}

static void note_in(trace_node *node, int64_t time_ms) {
    note_time(node, time_ms);
    node->first_in_ms = node->has_in && node->first_in_ms < time_ms ? node->first_in_ms : time_ms;
    node->arrived_ms = time_ms;
    node->has_in = true;
}

static void note_out(trace_node *node, int64_t time_ms) {
    note_time(node, time_ms);
    node->last_out_ms = time_ms;
    node->has_out = true;
}

/* Finds the node's next debit and puts it into the heap. Credits are passed over by their direction bit alone. */
static bool node_wait(sluice_trace *trace, uint32_t number) {
    trace_node *node = &trace->nodes[number];
    ledger_cursor cursor = node->cursor;
    ledger_entry entry;
    while (ledger_next(&node->ledger, &cursor, &entry)) {
        if ((entry & LEDGER_DEBIT) != 0) {
            node->debit = entry & ~LEDGER_DEBIT;
            node->after_debit = cursor;
            node->waiting = true;
            int64_t time_ms = movement_time_ms(graph_movement(trace->graph, node->debit));
            return heap_push(trace, (trace_event){time_ms, node->debit, number});
        }
    }
    node->drained = true;
    return true;
}

/* ---- credits ---- */

static bool pending_add(sluice_trace *trace, trace_node *node, uint32_t moved, const taint_parcel *parcel) {
    uint32_t number = trace->pending_free;
    if (number != 0) {
        trace->pending_free = trace->pendings[number - 1].next;
    } else {
        if (!ARRAY_RESERVE(trace->pendings, trace->pending_capacity, trace->pending_count + 1)) {
            return false;
        }
        trace->pendings[trace->pending_count] = (trace_pending){0};
        number = (uint32_t)++trace->pending_count;
    }
    trace_pending *pending = &trace->pendings[number - 1];
    pending->movement = moved;
    pending->next = 0;
    taint_parcel_clear(&pending->parcel);
    const taint_piece *pieces = taint_pieces((taint_parcel *)(uintptr_t)parcel);
    for (size_t i = 0; i < parcel->count; i++) {
        taint_parcel_push(&trace->method, &pending->parcel, pieces[i]);
    }
    if (node->pending_last != 0) {
        trace->pendings[node->pending_last - 1].next = number;
    } else {
        node->pending_first = number;
    }
    node->pending_last = number;
    return true;
}

/* Takes a credit in: tainted if it is the first that is pending, else clean. */
static void node_credit(sluice_trace *trace, trace_node *node, uint32_t moved) {
    int64_t amount_fen = graph_entry_signed(trace->graph, moved);
    uint32_t number = node->pending_first;
    if (number == 0 || trace->pendings[number - 1].movement != moved) {
        taint_credit_clean(&trace->method, &node->taint, amount_fen);
        return;
    }
    trace_pending *pending = &trace->pendings[number - 1];
    taint_credit(&trace->method, &node->taint, amount_fen, &pending->parcel);
    node->pending_first = pending->next;
    node->pending_last = pending->next == 0 ? 0 : node->pending_last;
    pending->next = trace->pending_free;
    trace->pending_free = number;
}

static void note_read(sluice_trace *trace, trace_node *node, uint32_t moved) {
    trace->entries_read++;
    ledger_place place = {movement_time_ms(graph_movement(trace->graph, moved)), moved};
    bool later = place.time_ms > node->read_to.time_ms ||
                 (place.time_ms == node->read_to.time_ms && moved > node->read_to.movement);
    node->read_to = later ? place : node->read_to;
}

/* Takes in what comes before the debit that the node waits for; a debit must not be among it. */
static void node_catch_up(sluice_trace *trace, trace_node *node, uint32_t until) {
    ledger_entry entry;
    while (ledger_next(&node->ledger, &node->cursor, &entry) && (entry & ~LEDGER_DEBIT) != until) {
        SLUICE_ASSERT((entry & LEDGER_DEBIT) == 0);
        note_read(trace, node, entry);
        node_credit(trace, node, entry);
    }
}

static ledger_place place_before(int64_t time_ms, uint32_t moved) {
    return moved > 0 ? (ledger_place){time_ms, moved - 1} : (ledger_place){time_ms - 1, UINT32_MAX};
}

/* The ledger is read from here on, if it was not read before. */
static void read_begin(trace_node *node, ledger_place place) {
    if (!node->was_read) {
        node->was_read = true;
        node->read_from = node->read_to = place;
    }
}

/* Hands a tainted credit to the payee. */
static bool deliver(sluice_trace *trace, uint32_t number, uint32_t moved, taint_parcel *parcel, int64_t time_ms) {
    trace_node *node = &trace->nodes[number];
    sum_add(trace, node->in, parcel);
    if (!node->tainted) {
        int64_t amount_fen = graph_entry_signed(trace->graph, moved);
        int64_t balance_fen = node_open(trace, node, (ledger_place){time_ms, moved}) - amount_fen;
        taint_begin(&trace->method, &node->taint, balance_fen);
        taint_credit(&trace->method, &node->taint, amount_fen, parcel);
        read_begin(node, place_before(time_ms, moved)); /* this credit is the first entry read */
        note_read(trace, node, moved);
        node->tainted = true;
    } else if (!pending_add(trace, node, moved, parcel)) {
        return false;
    }
    note_in(node, time_ms);
    return node->waiting || node->drained || node_wait(trace, number);
}

/* ---- debits ---- */

static bool lose(sluice_trace *trace, uint8_t reason, uint32_t number, taint_parcel *parcel) {
    uint64_t name = (uint64_t)reason << 32 | number;
    uint32_t at = index_intern(&trace->loss_index, name, trace->loss_count);
    if (at == TRACE_NONE) {
        return false;
    }
    if (at == trace->loss_count) {
        trace_loss loss = {.reason = reason, .node = number};
        if (!ARRAY_RESERVE(trace->losses, trace->loss_capacity, trace->loss_count + 1) ||
            !sums_new(trace, 1, &loss.taint)) {
            return false;
        }
        trace->losses[trace->loss_count++] = loss;
    }
    sum_add(trace, trace->losses[at].taint, parcel);
    sum_add(trace, trace->nodes[number].cut, parcel);
    return true;
}

static bool link_add(sluice_trace *trace, uint32_t from, uint32_t to, uint32_t sink, const movement *m,
                     taint_parcel *parcel) {
    uint64_t name = (uint64_t)from << 32 | (sink == TRACE_NONE ? to : sink | UINT32_C(0x80000000));
    uint32_t at = index_intern(&trace->link_index, name, trace->link_count);
    if (at == TRACE_NONE) {
        return false;
    }
    int64_t time_ms = movement_time_ms(m);
    if (at == trace->link_count) {
        trace_link link = {.from = from, .to = to, .sink = sink, .first_ms = time_ms};
        if (!ARRAY_RESERVE(trace->links, trace->link_capacity, trace->link_count + 1) ||
            !sums_new(trace, 1, &link.taint)) {
            return false;
        }
        trace->links[trace->link_count++] = link;
    }
    trace_link *link = &trace->links[at];
    link->count++;
    link->amount_fen += m->amount_fen;
    link->last_ms = time_ms; /* links are met in time order */
    sum_add(trace, link->taint, parcel);
    return true;
}

/* The sink a movement leads to, TRACE_NONE if it is a transfer to an ordinary account; false: no memory. */
static bool sink_of(sluice_trace *trace, const movement *m, uint32_t *sink_out) {
    bool withdrawal = (m->stamp & MOVEMENT_WITHDRAWAL) != 0;
    *sink_out = TRACE_NONE;
    if (!withdrawal && !trace->sink_kinds[keys_kind(&trace->graph->keys, m->to)]) {
        return true;
    }
    uint32_t key = m->to == KEY_NONE ? m->from : m->to;
    uint32_t at = index_intern(&trace->sink_index, (uint64_t)withdrawal << 32 | key, trace->sink_count);
    if (at == TRACE_NONE) {
        return false;
    }
    if (at == trace->sink_count) {
        trace_sinkhole sink = {.kind_key = withdrawal ? KEY_NONE : key, .key = key};
        if (!ARRAY_RESERVE(trace->sinks, trace->sink_capacity, trace->sink_count + 1) ||
            !sums_new(trace, 1, &sink.taint)) {
            return false;
        }
        trace->sinks[trace->sink_count++] = sink;
    }
    *sink_out = at;
    return true;
}

/* Which limit stops a debit of the node's taint; TRACE_CUT_COUNT: none. */
static uint8_t limit_of(const sluice_trace *trace, const trace_node *node, int64_t time_ms, int64_t value_fen) {
    const sluice_trace_options *o = &trace->options;
    if (o->within_ms > 0 && time_ms - node->arrived_ms > o->within_ms) {
        return TRACE_CUT_WITHIN;
    }
    if (o->depth_max > 0 && node->layer >= o->depth_max) {
        return TRACE_CUT_DEPTH;
    }
    return value_fen < o->amount_min_fen ? TRACE_CUT_MIN_AMOUNT : TRACE_CUT_COUNT;
}

/* Moves a debit's parcel on, to a sink or to the payee. */
static bool move_on(sluice_trace *trace, uint32_t from, uint32_t number, taint_parcel *parcel) {
    const movement *m = graph_movement(trace->graph, number);
    int64_t time_ms = movement_time_ms(m);
    uint32_t sink = TRACE_NONE;
    trace->transfers_followed++;
    trace->mixed_currency |= graph_movement_currency(trace->graph, m) != trace->currency;
    sum_add(trace, trace->nodes[from].out, parcel);
    note_out(&trace->nodes[from], time_ms);
    if (!sink_of(trace, m, &sink)) {
        return false;
    }
    if (sink != TRACE_NONE) {
        sum_add(trace, trace->sinks[sink].taint, parcel);
        return link_add(trace, from, TRACE_NONE, sink, m, parcel);
    }
    uint32_t to = node_reach(trace, m->to, trace->nodes[from].layer + 1);
    if (to == TRACE_NONE || !link_add(trace, from, to, TRACE_NONE, m, parcel)) {
        return false;
    }
    if ((m->stamp & MOVEMENT_HAS_RECEIVED) != 0) {
        trace->mixed_currency = trace->converted = true;
        taint_convert(&trace->method, parcel, m->amount_fen, graph_received(trace->graph, number, NULL));
    }
    return deliver(trace, to, number, parcel, time_ms);
}

/* Drops what is tainted in a parcel: it was cut, and goes on as money that is not followed. */
static void parcel_clean(taint_parcel *parcel, bool has_lots) {
    taint_piece *pieces = taint_pieces(parcel);
    for (size_t i = 0; i < parcel->count; i++) {
        pieces[i].owner = TAINT_CLEAN;
        pieces[i].value_fen = 0;
    }
    if (!has_lots) {
        taint_parcel_clear(parcel);
    }
}

static bool has_lots(const sluice_trace *trace) {
    return trace->options.method == SLUICE_METHOD_FIFO || trace->options.method == SLUICE_METHOD_LIFO;
}

/* One start's claim as an amount of its own. */
static taint_parcel claim_parcel(uint32_t victim, int64_t amount_fen) {
    taint_parcel parcel = {.count = amount_fen > 0};
    parcel.small[0] = (taint_piece){victim + 1, amount_fen, amount_fen, amount_fen};
    return parcel;
}

/* Counts a claim in at the node where the start is; what could not be claimed is cut there. */
static bool claim_note(sluice_trace *trace, uint32_t number, const trace_origin *origin, int64_t claimed_fen,
                       uint8_t reason) {
    taint_parcel all = claim_parcel(origin->victim, origin->amount_fen);
    sum_add(trace, trace->nodes[number].in, &all);
    if (claimed_fen == origin->amount_fen) {
        return true;
    }
    taint_parcel rest = claim_parcel(origin->victim, origin->amount_fen - claimed_fen);
    return lose(trace, reason, number, &rest);
}

/* The starts that are this movement take their part of it. */
static bool claim_movement(sluice_trace *trace, uint32_t number, uint32_t moved, taint_parcel *parcel) {
    const movement *m = graph_movement(trace->graph, moved);
    for (; trace->origin_next < trace->origin_count; trace->origin_next++) {
        const trace_origin *origin = &trace->origins[trace->origin_next];
        if (origin->movement != moved) {
            break;
        }
        trace_node *node = &trace->nodes[number];
        node->is_start = true;
        node->layer = 0;
        note_time(node, origin->time_ms);
        node->first_in_ms = node->has_in ? node->first_in_ms : origin->time_ms;
        node->has_in = true;
        int64_t claimed = taint_claim_parcel(&trace->method, parcel, origin->victim, origin->amount_fen, m->amount_fen);
        if (!claim_note(trace, number, origin, claimed, TRACE_CUT_ALREADY_TAINTED)) {
            return false;
        }
    }
    return true;
}

static bool take_debit(sluice_trace *trace) {
    trace_event event = heap_pop(trace);
    trace_node *node = &trace->nodes[event.node];
    const movement *m = graph_movement(trace->graph, event.movement);
    taint_parcel *parcel = &trace->parcel;
    node->waiting = false;
    node_catch_up(trace, node, event.movement);
    node->cursor = node->after_debit;
    note_read(trace, node, event.movement);
    taint_debit(&trace->method, &node->taint, m->amount_fen, parcel);
    int64_t value = taint_value(parcel);
    if (value > 0) {
        uint8_t reason = limit_of(trace, node, event.time_ms, value);
        if (reason != TRACE_CUT_COUNT) {
            note_out(node, event.time_ms);
            if (!lose(trace, reason, event.node, parcel)) {
                return false;
            }
            parcel_clean(parcel, has_lots(trace));
        }
    }
    if (!claim_movement(trace, event.node, event.movement, parcel)) {
        return false;
    }
    if (taint_value(parcel) > 0 && !move_on(trace, event.node, event.movement, parcel)) {
        return false;
    }
    node = &trace->nodes[event.node];
    node->tainted = taint_is_in(&trace->method, &node->taint);
    return !node->tainted || node_wait(trace, event.node);
}

/* ---- starts ---- */

/* Where an amount in an account starts, as trace_run found it: after the credits of that instant, before its first
 * debit. */
static ledger_place origin_place(const trace_origin *origin) {
    return origin->order < 0 ? (ledger_place){origin->time_ms - 1, UINT32_MAX}
                             : (ledger_place){origin->time_ms, (uint32_t)(origin->order / 2)};
}

static bool start_account(sluice_trace *trace, const trace_origin *origin) {
    uint32_t number = node_reach(trace, origin->key, trace->options.account_layer);
    if (number == TRACE_NONE) {
        return false;
    }
    trace_node *node = &trace->nodes[number];
    ledger_place place = origin_place(origin);
    node->is_start = true;
    if (!node->tainted) {
        taint_begin(&trace->method, &node->taint, node_open(trace, node, place));
        read_begin(node, place);
        node->tainted = true;
    } else {
        ledger_cursor next = node->cursor;
        ledger_entry entry;
        while (ledger_next(&node->ledger, &next, &entry)) {
            int64_t time_ms = movement_time_ms(graph_movement(trace->graph, entry & ~LEDGER_DEBIT));
            if (time_ms > place.time_ms || (time_ms == place.time_ms && (entry & ~LEDGER_DEBIT) > place.movement)) {
                break;
            }
            note_read(trace, node, entry);
            node_credit(trace, node, entry);
            node->cursor = next;
        }
    }
    int64_t claimed = taint_claim(&trace->method, &node->taint, origin->victim, origin->amount_fen);
    note_in(node, origin->time_ms);
    if (!claim_note(trace, number, origin, claimed, TRACE_CUT_NOT_THERE)) {
        return false;
    }
    node = &trace->nodes[number];
    node->tainted = taint_is_in(&trace->method, &node->taint);
    return !node->tainted || node->waiting || node->drained || node_wait(trace, number);
}

static bool start_transfer(sluice_trace *trace, const trace_origin *origin) {
    const movement *m = graph_movement(trace->graph, origin->movement);
    taint_parcel *parcel = &trace->parcel;
    uint32_t number = node_reach(trace, m->from, 0);
    uint32_t moved = origin->movement;
    if (number == TRACE_NONE) {
        return false;
    }
    if (!trace->nodes[number].opened) {
        (void)node_open(trace, &trace->nodes[number], place_before(origin->time_ms, moved));
    }
    taint_parcel_clear(parcel);
    if (has_lots(trace)) {
        taint_parcel_push(&trace->method, parcel, (taint_piece){.owner = TAINT_CLEAN, .face_fen = m->amount_fen});
    }
    return claim_movement(trace, number, moved, parcel) &&
           (taint_value(parcel) == 0 || move_on(trace, number, moved, parcel));
}

/* The smallest opening with which the stated amounts are in their accounts at their times: an opening that is inferred
 * anyway gives way to what the start says. Before the walk, because an opening is older than everything. */
static bool raise_openings(sluice_trace *trace) {
    for (size_t i = 0; i < trace->origin_count; i++) {
        const trace_origin *origin = &trace->origins[i];
        if (origin->movement != TRANSFER_ID_NONE) {
            continue;
        }
        uint32_t number = node_reach(trace, origin->key, trace->options.account_layer);
        if (number == TRACE_NONE) {
            return false;
        }
        trace_node *node = &trace->nodes[number];
        int64_t balance_fen = node_open(trace, node, origin_place(origin));
        if (node->opening_inferred && balance_fen < origin->amount_fen) {
            node->opening_fen += origin->amount_fen - balance_fen;
            node->end_balance_fen += origin->amount_fen - balance_fen;
        }
    }
    return true;
}

/* Whether the next start comes before the heap's top. A transfer that is the top itself is claimed by take_debit. */
static bool origin_is_next(const sluice_trace *trace) {
    if (trace->origin_next == trace->origin_count) {
        return false;
    }
    if (trace->heap_count == 0) {
        return true;
    }
    const trace_origin *origin = &trace->origins[trace->origin_next];
    const trace_event *top = &trace->heap[0];
    if (origin->time_ms != top->time_ms) {
        return origin->time_ms < top->time_ms;
    }
    return origin->order < 2 * (int64_t)top->movement;
}

/* ---- the end ---- */

static bool settle_node(sluice_trace *trace, uint32_t number) {
    trace_node *node = &trace->nodes[number];
    for (uint32_t at = node->pending_first; at != 0; at = trace->pendings[at - 1].next) {
        taint_credit(&trace->method, &node->taint, 0, &trace->pendings[at - 1].parcel);
    }
    if (trace->stopped != TRACE_CUT_COUNT && node->waiting) {
        return lose(trace, trace->stopped, number, &node->taint.parcel);
    }
    sum_add(trace, node->held, &node->taint.parcel);
    if (trace->options.method == SLUICE_METHOD_POISON) {
        int64_t *held = trace_sum_values(trace, node->held);
        for (size_t i = 0; i < 2 * trace->victim_count; i++) {
            held[i] = held[i] > 0 && node->end_balance_fen > 0 ? node->end_balance_fen : 0;
        }
    }
    return true;
}

/* Starts that were not reached before the walk was stopped. */
static bool settle_origins(sluice_trace *trace) {
    for (; trace->origin_next < trace->origin_count; trace->origin_next++) {
        const trace_origin *origin = &trace->origins[trace->origin_next];
        uint32_t number =
            node_reach(trace, origin->key, origin->movement == TRANSFER_ID_NONE ? trace->options.account_layer : 0);
        if (number == TRACE_NONE) {
            return false;
        }
        trace_node *node = &trace->nodes[number];
        if (!node->opened) {
            (void)node_open(trace, node, (ledger_place){origin->time_ms - 1, UINT32_MAX});
        }
        node->is_start = true;
        note_in(node, origin->time_ms);
        if (!claim_note(trace, number, origin, 0, trace->stopped)) {
            return false;
        }
    }
    return true;
}

/* Whether whoever asked still wants it. */
static bool goes_on(sluice_trace *trace) {
    const sluice_trace_options *o = &trace->options;
    trace->interrupted = o->progress != NULL && !o->progress(o->progress_context, trace->entries_read);
    return !trace->interrupted;
}

static bool clock_is_over(int64_t deadline_ns) {
    return deadline_ns != INT64_MAX && clock_monotonic_ns() > deadline_ns;
}

bool trace_walk(sluice_trace *trace) {
    int64_t deadline_ns =
        trace->options.time_max_ms > 0 ? clock_monotonic_ns() + trace->options.time_max_ms * 1000000 : INT64_MAX;
    trace->stopped = TRACE_CUT_COUNT;
    if (!raise_openings(trace)) {
        return false;
    }
    for (uint64_t step = 0; trace->heap_count > 0 || trace->origin_next < trace->origin_count; step++) {
        if (trace->entries_read >= trace->options.entries_max) {
            trace->stopped = TRACE_CUT_ENTRIES;
            break;
        }
        if (step % CLOCK_EVERY == CLOCK_EVERY - 1) {
            if (!goes_on(trace)) {
                return false;
            }
            if (clock_is_over(deadline_ns)) {
                trace->stopped = TRACE_CUT_TIME;
                break;
            }
        }
        bool done = false;
        if (!origin_is_next(trace)) {
            if (trace->options.until_ms != 0 && trace->heap[0].time_ms > trace->options.until_ms) {
                break; /* what is left is held at that moment */
            }
            done = take_debit(trace);
        } else if (trace->origins[trace->origin_next].movement != TRANSFER_ID_NONE) {
            done = start_transfer(trace, &trace->origins[trace->origin_next]);
        } else {
            done = start_account(trace, &trace->origins[trace->origin_next++]);
        }
        if (!done || trace->method.failed) {
            return false;
        }
    }
    for (uint32_t i = 0; i < trace->node_count; i++) {
        if (trace->nodes[i].tainted && !settle_node(trace, i)) {
            return false;
        }
    }
    return settle_origins(trace) && !trace->method.failed;
}
