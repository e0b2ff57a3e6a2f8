/* Applying batches and reading views.
 *
 * The writer appends to arrays that never move and publishes a batch by one store of its number; a reader loads that
 * number first, so everything below its limits is in place. Within a batch the ledger entries are added in time order,
 * so that a file whose rows are only roughly in order still appends rather than inserts.
 *
 * Cost of a movement: about six accesses to memory that is not in any cache (two nodes, two blocks, two places in
 * them), which run side by side thanks to prefetching a few movements ahead. */
#include "graph/graph.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define MOVEMENTS_RESERVED ((size_t)LEDGER_MOVEMENTS_MAX * sizeof(movement))
#define RECEIVED_RESERVED ((size_t)1 << 34)
#define NODES_RESERVED (((size_t)1 << 32) * sizeof(graph_node))
#define FACTS_RESERVED ((size_t)1 << 36)
#define BATCHES_RESERVED ((size_t)1 << 32)
/* Worst case of a ledger entry that starts or replaces a block, for graph_reserve. */
#define POOL_BYTES_PER_ENTRY 1024u
#define AHEAD_NODE 24u
#define AHEAD_BLOCK 12u
#define AHEAD_TAIL 6u

static movement *movements_of(const graph *g) {
    return (movement *)(void *)g->movements.base;
}
static movement_received *received_of(const graph *g) {
    return (movement_received *)(void *)g->received.base;
}
static graph_node *node_of(const graph *g, uint32_t key) {
    return (graph_node *)(void *)g->nodes.base + key;
}
static graph_fact *facts_of(const graph *g) {
    return (graph_fact *)(void *)g->facts.base;
}
static graph_batch *batches_of(const graph *g) {
    return (graph_batch *)(void *)g->batches.base;
}

bool graph_init(graph *g) {
    memset(g, 0, sizeof *g);
    epoch_init(&g->epoch);
    transfer_ids_init(&g->ids);
    if (!keys_init(&g->keys, &g->epoch) || !ledger_pool_init(&g->pool, g, &g->epoch) ||
        !region_init(&g->movements, MOVEMENTS_RESERVED) || !region_init(&g->received, RECEIVED_RESERVED) ||
        !region_init(&g->nodes, NODES_RESERVED) || !region_init(&g->facts, FACTS_RESERVED) ||
        !region_init(&g->batches, BATCHES_RESERVED)) {
        graph_fini(g);
        return false;
    }
    return true;
}

void graph_fini(graph *g) {
    keys_fini(&g->keys);
    ledger_pool_fini(&g->pool);
    transfer_ids_fini(&g->ids);
    region_fini(&g->movements);
    region_fini(&g->received);
    region_fini(&g->nodes);
    region_fini(&g->facts);
    region_fini(&g->batches);
    memory_free(g->order);
    g->order = NULL;
}

bool graph_currency(graph *g, sluice_currency currency, uint32_t *number_out) {
    for (uint32_t i = 0; i < g->currency_count; i++) {
        if (g->currencies[i] == currency) {
            *number_out = i;
            return true;
        }
    }
    if (g->currency_count == GRAPH_CURRENCIES_MAX) {
        return false;
    }
    g->currencies[g->currency_count] = currency;
    *number_out = g->currency_count++;
    return true;
}

static bool reserve_ids(graph *g, const batch *b) {
    size_t runs = 0, texts = 0;
    for (size_t i = 0; i < b->movement_count; i++) {
        const batch_movement *m = &b->movements[i];
        bool continues = i > 0 && m->id_prefix == m[-1].id_prefix && m->id_row == m[-1].id_row + 1;
        texts += m->id_prefix == 0;
        runs += m->id_prefix != 0 && !continues;
    }
    uint32_t reserved = 0;
    for (size_t i = 0; i < b->movement_count; i++) {
        uint32_t prefix = b->movements[i].id_prefix;
        if (prefix != 0 && prefix != reserved) {
            if (!transfer_ids_reserve_runs(&g->ids, prefix - 1, runs)) {
                return false;
            }
            reserved = prefix;
        }
    }
    return transfer_ids_reserve_texts(&g->ids, texts);
}

bool graph_reserve(graph *g, const batch *b) {
    SLUICE_ASSERT(b->movement_count <= GRAPH_BATCH_MOVEMENTS_MAX);
    size_t movements = b->movement_count;
    size_t text_bytes = g->keys.text_units * 4 + b->text_bytes + b->event_count * 16;
    uint32_t received = atomic_load_explicit(&g->received_count, memory_order_relaxed);
    size_t pool_bytes = g->pool.unit_count * 16 + movements * 2 * POOL_BYTES_PER_ENTRY;
    return g->movement_count + movements <= LEDGER_MOVEMENTS_MAX &&
           region_commit(&g->movements, (g->movement_count + movements) * sizeof(movement)) &&
           region_commit(&g->received, (received + b->extra_count) * sizeof(movement_received)) &&
           region_commit(&g->nodes, ((size_t)b->key_first + b->key_count) * sizeof(graph_node)) &&
           region_commit(&g->facts, (g->fact_count + b->event_count * 4 + b->extra_count) * sizeof(graph_fact)) &&
           region_commit(&g->batches, ((size_t)g->batch_count + 1) * sizeof(graph_batch)) &&
           region_commit(&g->keys.texts, text_bytes) && region_commit(&g->pool.units, pool_bytes) &&
           ARRAY_RESERVE(g->order, g->order_capacity, 2 * movements) && reserve_ids(g, b);
}

static bool is_account_kind(sluice_text kind) {
    return text_equal(kind, TEXT("account")) || text_equal(kind, TEXT("card")) || text_equal(kind, TEXT("wallet"));
}

static uint32_t state_of(const graph_node *node) {
    return atomic_load_explicit(&node->state, memory_order_relaxed);
}

static void count_account(graph *g, graph_node *node) {
    uint32_t state = state_of(node);
    if ((state & NODE_ACCOUNT) == 0) {
        g->account_count++;
        atomic_store_explicit(&node->state, state | NODE_ACCOUNT, memory_order_relaxed);
    }
}

static void add_node(graph *g, uint32_t key) {
    if (is_account_kind(keys_kind_text(&g->keys, keys_kind(&g->keys, key)))) {
        count_account(g, node_of(g, key));
    }
}

static void add_nodes(graph *g, const batch *b) {
    uint32_t end = b->key_first + (uint32_t)b->key_count;
    for (uint32_t key = g->node_count; key < end; key++) {
        add_node(g, key);
    }
    g->node_count = end;
}

static void release_node(graph *g, uint32_t key) {
    if (key == KEY_NONE || (state_of(node_of(g, key)) & NODE_WITHHELD) == 0) {
        return;
    }
    atomic_store_explicit(&node_of(g, key)->state, 0, memory_order_relaxed);
    g->withheld_count--;
    add_node(g, key);
}

/* What a withdrawn batch named first, and this one names again, is known from here on. */
static void release_nodes(graph *g, const batch *b) {
    for (size_t i = 0; i < b->event_count; i++) {
        if (b->events[i].kind != BATCH_WITHDRAWAL) {
            release_node(g, b->events[i].key);
            release_node(g, b->events[i].other);
        }
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        release_node(g, b->movements[i].from);
        release_node(g, b->movements[i].to);
    }
}

static void add_fact(graph *g, _Atomic uint32_t *head, graph_fact fact) {
    fact.next = atomic_load_explicit(head, memory_order_relaxed);
    facts_of(g)[g->fact_count++] = fact;
    atomic_store_explicit(head, g->fact_count, memory_order_release);
}

static bool store_text(graph *g, sluice_text text, graph_fact *fact) {
    text.length = text.length > UINT16_MAX ? UINT16_MAX : text.length;
    size_t slot = hash64(text.data, text.length) % 64;
    uint32_t unit = g->recent_texts[slot].unit;
    uint16_t length = g->recent_texts[slot].length;
    if (length == 0 || !text_equal(keys_stored_text(&g->keys, unit, length), text)) {
        if (!keys_store_text(&g->keys, text, &unit)) {
            return false;
        }
        g->recent_texts[slot].unit = unit;
        g->recent_texts[slot].length = (uint16_t)text.length;
    }
    fact->text_unit = unit;
    fact->text_length = (uint16_t)text.length;
    return true;
}

static bool apply_event(graph *g, const batch *b, const batch_event *event) {
    if (event->kind == BATCH_WITHDRAWAL) {
        g->event_count++; /* what it says was done when the batches that it names were met */
        return true;
    }
    static const uint8_t KINDS[] = {[SLUICE_EVENT_SEEN] = FACT_SEEN,
                                    [SLUICE_EVENT_BLOCKED] = FACT_BLOCKED,
                                    [SLUICE_EVENT_UNBLOCKED] = FACT_UNBLOCKED,
                                    [SLUICE_EVENT_CLOSED] = FACT_CLOSED};
    graph_node *node = node_of(g, event->key);
    graph_fact fact = {.time_ms = event->time_ms, .index = g->event_count++, .other = KEY_NONE};
    if (event->kind == SLUICE_SIGNAL_LOGIN) {
        graph_fact login = fact;
        login.kind = FACT_LOGIN;
        login.other = event->other;
        if (event->place.length > 0 && !store_text(g, batch_text_of(b, event->place), &login)) {
            return false;
        }
        add_fact(g, &node->facts, login);
        login.kind = FACT_LOGIN_OF;
        login.other = event->key;
        add_fact(g, &node_of(g, event->other)->facts, login);
        return true;
    }
    if (event->kind == SLUICE_SIGNAL_ACCOUNT) {
        count_account(g, node);
    }
    if (event->other != BATCH_NO_KEY) {
        graph_fact owned = fact;
        owned.kind = FACT_HOLDER;
        owned.other = event->other;
        add_fact(g, &node->facts, owned);
        owned.kind = FACT_HOLDS;
        owned.other = event->key;
        add_fact(g, &node_of(g, event->other)->facts, owned);
    }
    if (event->name.length > 0) {
        graph_fact name = fact;
        name.kind = FACT_NAME;
        if (!store_text(g, batch_text_of(b, event->name), &name)) {
            return false;
        }
        add_fact(g, &node->facts, name);
    }
    if (event->event != SLUICE_EVENT_SEEN || event->type.length > 0 || event->other == BATCH_NO_KEY) {
        graph_fact state = fact;
        state.kind = KINDS[event->event];
        if (event->type.length > 0 && !store_text(g, batch_text_of(b, event->type), &state)) {
            return false;
        }
        add_fact(g, &node->facts, state);
    }
    return true;
}

/* Only the earliest stated balance of a ledger matters for its opening; each that is earlier than the one before is
 * kept, so that a view as of an older sequence finds its own. */
static void apply_balance(graph *g, uint32_t key, uint32_t number, int64_t balance_fen) {
    graph_node *node = node_of(g, key);
    uint32_t head = atomic_load_explicit(&node->balances, memory_order_relaxed);
    if (head != 0) {
        const movement *earliest = graph_movement(g, facts_of(g)[head - 1].index);
        if (movement_time_ms(earliest) <= movement_time_ms(graph_movement(g, number))) {
            return;
        }
    }
    add_fact(g, &node->balances,
             (graph_fact){.time_ms = balance_fen, .index = number, .other = KEY_NONE, .kind = FACT_BALANCE});
}

static bool apply_movements(graph *g, const batch *b) {
    uint32_t first = g->movement_count;
    movement *movements = movements_of(g) + first;
    for (size_t i = 0; i < b->movement_count; i++) {
        const batch_movement *m = &b->movements[i];
        uint32_t currency = 0;
        if (!graph_currency(g, m->currency, &currency)) {
            return false;
        }
        bool withdrawal = m->kind == SLUICE_SIGNAL_WITHDRAWAL;
        uint32_t flags =
            (withdrawal ? MOVEMENT_WITHDRAWAL : 0) | ((m->has & BATCH_HAS_RECEIVED) != 0 ? MOVEMENT_HAS_RECEIVED : 0);
        movements[i] = (movement){movement_stamp(m->time_ms, flags, currency), m->amount_fen, m->from, m->to};
        g->withdrawal_count += withdrawal;
        g->transfer_count += !withdrawal;
    }
    for (size_t i = 0; i < b->extra_count; i++) {
        const batch_extra *extra = &b->extras[i];
        uint32_t number = first + extra->movement;
        if (extra->has == BATCH_HAS_RECEIVED) {
            uint32_t currency = 0;
            if (!graph_currency(g, extra->currency, &currency)) {
                return false;
            }
            uint32_t count = atomic_load_explicit(&g->received_count, memory_order_relaxed);
            received_of(g)[count] = (movement_received){number, currency, extra->fen};
            atomic_store_explicit(&g->received_count, count + 1, memory_order_release);
        } else {
            bool of_from = extra->has == BATCH_HAS_FROM_BALANCE;
            apply_balance(g, of_from ? movements[extra->movement].from : movements[extra->movement].to, number,
                          extra->fen);
        }
    }
    return true;
}

static void apply_ids(graph *g, const batch *b) {
    mutex_lock(&g->ids.lock);
    for (size_t i = 0; i < b->movement_count; i++) {
        const batch_movement *m = &b->movements[i];
        uint32_t number = g->movement_count + (uint32_t)i;
        if (m->id_prefix != 0) {
            transfer_ids_add_row(&g->ids, m->id_prefix - 1, m->id_row, number);
        } else {
            batch_text id = {(uint32_t)m->id_row, m->id_length};
            transfer_ids_add_text(&g->ids, batch_text_of(b, id), number);
        }
    }
    mutex_unlock(&g->ids.lock);
}

/* The batch's movements (one at least) in time order, ties by number: (time − earliest) << 16 | place, sorted bytewise
 * from the lowest byte up. A batch that is in order already is left alone. Returns the sorted half of the scratch. */
static const uint64_t *time_order(graph *g, size_t count) {
    const movement *movements = movements_of(g) + g->movement_count;
    int64_t earliest = INT64_MAX, latest = INT64_MIN;
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        int64_t time_ms = movement_time_ms(&movements[i]);
        sorted = sorted && time_ms >= latest;
        earliest = time_ms < earliest ? time_ms : earliest;
        latest = time_ms > latest ? time_ms : latest;
    }
    uint64_t *from = g->order;
    uint64_t *to = g->order + count;
    for (size_t i = 0; i < count; i++) {
        from[i] = (uint64_t)(movement_time_ms(&movements[i]) - earliest) << 16 | i;
    }
    uint64_t range = sorted ? 0 : (uint64_t)(latest - earliest);
    for (unsigned shift = 16; range > 0; shift += 8, range >>= 8) {
        size_t places[256] = {0};
        for (size_t i = 0; i < count; i++) {
            places[from[i] >> shift & 255]++;
        }
        for (size_t i = 0, sum = 0; i < 256; i++) {
            size_t these = places[i];
            places[i] = sum;
            sum += these;
        }
        for (size_t i = 0; i < count; i++) {
            to[places[from[i] >> shift & 255]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static bool add_entry(graph *g, uint32_t key, uint32_t number, bool debit, int64_t amount_fen, int64_t time_ms) {
    graph_node *node = node_of(g, key);
    bool empty = atomic_load_explicit(&node->ledger, memory_order_relaxed) == 0;
    bool late = !empty && time_ms < node->last_ms;
    if (!ledger_add(&g->pool, &node->ledger, number | (debit ? LEDGER_DEBIT : 0), amount_fen, late)) {
        return false;
    }
    if (!late) {
        node->last_ms = time_ms;
    }
    if (empty) {
        count_account(g, node);
    }
    return true;
}

static void prefetch_stage(const graph *g, const movement *m, int stage) {
    uint32_t sides[2] = {m->from, m->to};
    for (int side = 0; side < 2; side++) {
        if (sides[side] == KEY_NONE) {
            continue;
        }
        const graph_node *node = node_of(g, sides[side]);
        if (stage == 0) {
            __builtin_prefetch(node, 1);
            continue;
        }
        uint32_t handle = atomic_load_explicit(&node->ledger, memory_order_relaxed);
        if (handle != 0 && stage == 1) {
            ledger_prefetch(&g->pool, handle);
        } else if (handle != 0) {
            ledger_prefetch_tail(&g->pool, handle);
        }
    }
}

static bool apply_ledgers(graph *g, size_t count) {
    if (count == 0) {
        return true;
    }
    const uint64_t *order = time_order(g, count);
    const movement *movements = movements_of(g) + g->movement_count;
    static const unsigned AHEAD[] = {AHEAD_NODE, AHEAD_BLOCK, AHEAD_TAIL};
    for (size_t i = 0; i < count; i++) {
        for (int stage = 0; stage < 3; stage++) {
            if (i + AHEAD[stage] < count) {
                prefetch_stage(g, &movements[order[i + AHEAD[stage]] & 0xFFFF], stage);
            }
        }
        size_t place = order[i] & 0xFFFF;
        const movement *m = &movements[place];
        uint32_t number = g->movement_count + (uint32_t)place;
        int64_t time_ms = movement_time_ms(m);
        bool arrives = (m->stamp & MOVEMENT_WITHDRAWAL) == 0;
        if (arrives && m->from == m->to) {
            continue; /* a transfer to the account itself moves nothing */
        }
        int64_t received_fen = m->amount_fen;
        if (arrives && (m->stamp & MOVEMENT_HAS_RECEIVED) != 0) {
            received_fen = graph_received(g, number, NULL);
        }
        if (!add_entry(g, m->from, number, true, m->amount_fen, time_ms) ||
            (arrives && !add_entry(g, m->to, number, false, received_fen, time_ms))) {
            return false;
        }
    }
    return true;
}

bool graph_apply(graph *g, const batch *b) {
    SLUICE_ASSERT(!g->broken && b->sequence_first == g->sequence + 1);
    g->broken = true; /* until all of it is in */
    add_nodes(g, b);
    if (g->withheld_count > 0) {
        release_nodes(g, b);
    }
    batches_of(g)[g->batch_count] = (graph_batch){
        b->sequence_first, g->event_count, g->movement_count, (uint32_t)b->event_count, (uint32_t)b->movement_count, 0};
    for (size_t i = 0; i < b->event_count; i++) {
        if (!apply_event(g, b, &b->events[i])) {
            return false;
        }
    }
    if (!apply_movements(g, b) || !apply_ledgers(g, b->movement_count)) {
        return false;
    }
    apply_ids(g, b);
    g->movement_count += (uint32_t)b->movement_count;
    g->sequence += b->event_count + b->movement_count;
    g->batch_count++;
    g->broken = false;
    atomic_store(&g->published_sequence, g->sequence);
    atomic_store(&g->published_batches, g->batch_count);
    ledger_reclaim(&g->pool);
    return true;
}

void graph_skip(graph *g, const batch *names, uint64_t count) {
    SLUICE_ASSERT(!g->broken && names->sequence_first == g->sequence + 1);
    uint32_t end = names->key_first + (uint32_t)names->key_count;
    for (uint32_t key = g->node_count; key < end; key++) {
        atomic_store_explicit(&node_of(g, key)->state, NODE_WITHHELD, memory_order_relaxed);
        g->withheld_count++;
    }
    g->node_count = end;
    batches_of(g)[g->batch_count++] =
        (graph_batch){names->sequence_first, g->event_count, g->movement_count, 0, 0, count};
    g->sequence += count;
    atomic_store(&g->published_sequence, g->sequence);
    atomic_store(&g->published_batches, g->batch_count);
}

/* The last batch that begins at or before a sequence; batches > 0 and sequence > 0. */
static uint32_t batch_of_sequence(const graph *g, uint32_t batches, uint64_t sequence) {
    uint32_t low = 0, high = batches;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (batches_of(g)[middle].sequence_first <= sequence) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Events of a batch come before its movements (batch.h). */
static void limits_of(const graph *g, uint32_t batches, uint64_t sequence, uint32_t *events_out,
                      uint32_t *movements_out) {
    const graph_batch *b = &batches_of(g)[batch_of_sequence(g, batches, sequence)];
    uint64_t inside = sequence - b->sequence_first + 1;
    uint64_t events = inside < b->event_count ? inside : b->event_count;
    *events_out = b->event_first + (uint32_t)events;
    uint64_t movements = inside - events < b->movement_count ? inside - events : b->movement_count;
    *movements_out = b->movement_first + (uint32_t)movements;
}

void graph_view_open(const graph *g, uint64_t as_of, graph_view *view_out) {
    struct graph *mutable = (struct graph *)(uintptr_t)g; /* only the reader's slot in the epoch is written */
    *view_out = (graph_view){.graph = g, .epoch_slot = epoch_enter(&mutable->epoch)};
    uint32_t batches = atomic_load(&g->published_batches);
    if (batches == 0) {
        return;
    }
    const graph_batch *last = &batches_of(g)[batches - 1];
    uint64_t newest = last->sequence_first + last->event_count + last->movement_count + last->withdrawn_count - 1;
    view_out->sequence = as_of == 0 || as_of > newest ? newest : as_of;
    limits_of(g, batches, view_out->sequence, &view_out->event_limit, &view_out->movement_limit);
}

void graph_view_close(graph_view *view) {
    if (view->graph != NULL) {
        struct graph *mutable = (struct graph *)(uintptr_t)view->graph;
        epoch_leave(&mutable->epoch, view->epoch_slot);
        view->graph = NULL;
    }
}

int64_t graph_received(const graph *g, uint32_t number, sluice_currency *currency_out) {
    const movement *m = graph_movement(g, number);
    if ((m->stamp & MOVEMENT_HAS_RECEIVED) == 0) {
        if (currency_out != NULL) {
            *currency_out = graph_movement_currency(g, m);
        }
        return m->amount_fen;
    }
    const movement_received *received = received_of(g);
    uint32_t low = 0, high = atomic_load_explicit(&g->received_count, memory_order_acquire);
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (received[middle].movement <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    SLUICE_ASSERT(received[low].movement == number);
    if (currency_out != NULL) {
        *currency_out = g->currencies[received[low].currency];
    }
    return received[low].fen;
}

uint64_t graph_movement_sequence(const graph *g, uint32_t number) {
    uint32_t low = 0, high = atomic_load(&g->published_batches);
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (batches_of(g)[middle].movement_first <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const graph_batch *b = &batches_of(g)[low];
    return b->sequence_first + b->event_count + (number - b->movement_first);
}

bool graph_movement_of_sequence(const graph *g, uint64_t sequence, uint32_t *movement_out) {
    uint32_t batches = atomic_load(&g->published_batches);
    if (batches == 0 || sequence == 0) {
        return false;
    }
    const graph_batch *b = &batches_of(g)[batch_of_sequence(g, batches, sequence)];
    uint64_t inside = sequence - b->sequence_first;
    if (inside < b->event_count || inside >= (uint64_t)b->event_count + b->movement_count) {
        return false;
    }
    *movement_out = b->movement_first + (uint32_t)(inside - b->event_count);
    return true;
}

bool graph_key_is_known(const graph_view *view, uint32_t key) {
    return key < atomic_load_explicit(&view->graph->node_count, memory_order_acquire) &&
           (state_of(node_of(view->graph, key)) & NODE_WITHHELD) == 0;
}

void graph_ledger(const graph_view *view, uint32_t key, ledger *ledger_out) {
    const graph *g = view->graph;
    uint32_t handle = atomic_load(&node_of(g, key)->ledger);
    ledger_open(g, &g->pool, handle, view->movement_limit, ledger_out);
}

int64_t graph_opening(const graph_view *view, uint32_t key, const ledger *l, const ledger_sums *sums,
                      bool *inferred_out) {
    const graph *g = view->graph;
    uint32_t at = atomic_load_explicit(&node_of(g, key)->balances, memory_order_acquire);
    while (at != 0 && facts_of(g)[at - 1].index >= view->movement_limit) {
        at = facts_of(g)[at - 1].next;
    }
    *inferred_out = at == 0;
    if (at == 0) {
        return -sums->low_fen;
    }
    const graph_fact *stated = &facts_of(g)[at - 1];
    ledger_cursor cursor;
    ledger_sums until;
    ledger_place place = {movement_time_ms(graph_movement(g, stated->index)), stated->index};
    ledger_seek(l, place, &cursor);
    ledger_sum(l, &cursor, &until);
    return stated->time_ms - until.before_fen;
}

const graph_fact *graph_fact_next(const graph_view *view, uint32_t key, const graph_fact *fact) {
    const graph *g = view->graph;
    uint32_t at = fact != NULL ? fact->next : atomic_load_explicit(&node_of(g, key)->facts, memory_order_acquire);
    while (at != 0 && facts_of(g)[at - 1].index >= view->event_limit) {
        at = facts_of(g)[at - 1].next;
    }
    return at == 0 ? NULL : &facts_of(g)[at - 1];
}

sluice_text graph_fact_text(const graph *g, const graph_fact *fact) {
    return keys_stored_text(&g->keys, fact->text_unit, fact->text_length);
}

fact_kind graph_status(const graph_view *view, uint32_t key) {
    const graph_fact *latest = NULL;
    for (const graph_fact *fact = graph_fact_next(view, key, NULL); fact != NULL;
         fact = graph_fact_next(view, key, fact)) {
        bool is_state = fact->kind == FACT_BLOCKED || fact->kind == FACT_UNBLOCKED || fact->kind == FACT_CLOSED;
        if (is_state && (latest == NULL || fact->time_ms > latest->time_ms)) {
            latest = fact;
        }
    }
    return latest == NULL || latest->kind == FACT_UNBLOCKED ? 0 : (fact_kind)latest->kind;
}

uint64_t graph_memory_bytes(const graph *g) {
    return (uint64_t)g->movement_count * sizeof(movement) +
           (uint64_t)atomic_load(&g->received_count) * sizeof(movement_received) + g->pool.unit_count * 16 +
           g->pool.retired_capacity * sizeof(ledger_retired) + (uint64_t)g->node_count * sizeof(graph_node) +
           (uint64_t)g->fact_count * sizeof(graph_fact) + (uint64_t)g->batch_count * sizeof(graph_batch) +
           keys_memory_bytes(&g->keys) + transfer_ids_memory_bytes(&g->ids) + g->order_capacity * sizeof *g->order;
}
