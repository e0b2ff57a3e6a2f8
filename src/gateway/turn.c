/* A turn: what was reported is booked, what is due is claimed, in one write; then what was claimed is submitted.
 *
 * Claimed before it is sent: after a crash everything that may have left is found in `sending`, and nothing else is. A
 * write that fails leaves the outcomes in their list and nothing claimed; they are booked by a later turn. */
#include <string.h>

#include "base/error.h"
#include "desk/reply.h"
#include "gateway/gateway_private.h"
#include "sys/clock.h"
#include "sys/random.h"

#define TURN_PAUSE_NS INT64_C(2000000) /* what comes within so long is written together */
enum { LOST_AFTER_TIMEOUTS = 3, UNLINKED_BACKOFF_MS = 60000, UNLINKED_ATTEMPTS = 100 };

typedef struct due {
    link_state *link;
    int64_t id;
    bool is_ask; /* it waits for an answer, which is asked for */
    bool taken;
    record record;
} due;

typedef struct turn {
    gateway *g;
    reported *outcomes;
    due *dues;
    size_t due_count;
    int64_t now_ms;
} turn;

static channel_state *channel_named(gateway *g, const char *name) {
    for (size_t i = 0; i < g->channel_count; i++) {
        if (strcmp(g->channels[i].ops->name, name) == 0) {
            return &g->channels[i];
        }
    }
    const bool channel_is_open = false;
    SLUICE_ASSERT(channel_is_open);
    return NULL;
}

static void count(atomic_uint_fast64_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* ---- when to try again ---- */

/* Doubled with each attempt up to a limit, and between half and one and a half of that, so that those who failed
 * together do not come back together. */
static int64_t backoff(const link_state *link, int64_t attempts) {
    int64_t wait = link == NULL ? UNLINKED_BACKOFF_MS : link->backoff_ms;
    int64_t most = link == NULL ? UNLINKED_BACKOFF_MS : link->backoff_max_ms;
    for (int64_t i = 1; i < attempts && wait < most; i++) {
        wait *= 2;
    }
    wait = wait > most ? most : wait;
    uint32_t dice = UINT32_MAX / 2;
    (void)random_secret(&dice, sizeof dice);
    return wait / 2 + (int64_t)((uint64_t)wait * (dice >> 8) >> 24) + 1;
}

static int64_t attempts_of(const record *delivery) {
    return delivery->values[DELIVERY_ATTEMPTS].integer;
}

static bool is_uncertain(const record *delivery) {
    const record_value *value = &delivery->values[DELIVERY_UNCERTAIN];
    return !value->is_null && value->integer != 0;
}

/* ---- booking ---- */

static sluice_result try_again(desk_command *c, const link_state *link, channel_state *channel, record *delivery,
                               const gateway_outcome *o) {
    bool unknown = o->kind == OUTCOME_UNKNOWN;
    int64_t attempts_max = link == NULL ? UNLINKED_ATTEMPTS : link->attempts_max;
    if (unknown && channel->ops->ask == NULL && (link == NULL || !link->repeats)) {
        count(&channel->counts.dead);
        return outbox_bury(c, delivery,
                           TEXT("nobody knows whether it was taken: ask the partner, then retry or cancel"));
    }
    if (attempts_of(delivery) >= attempts_max) {
        count(&channel->counts.dead);
        return outbox_bury(c, delivery, o->text.length > 0 ? o->text : TEXT("given up after the last attempt"));
    }
    count(unknown ? &channel->counts.unknown : &channel->counts.again);
    int64_t wait = backoff(link, attempts_of(delivery));
    return outbox_again(c, delivery, c->now_ms + (wait < o->wait_ms ? o->wait_ms : wait), unknown, o->text);
}

static sluice_result book_answer(desk_command *c, channel_state *channel, record *delivery, const gateway_outcome *o) {
    outbox_booked booked;
    sluice_result result = outbox_book(c, delivery, &o->answer, &booked);
    if (result == SLUICE_E_STATE) {
        count(&channel->counts.strangers);
        return SLUICE_OK;
    }
    if (result == SLUICE_OK) {
        count(booked == BOOKED_REPEATED    ? &channel->counts.repeated
              : booked == BOOKED_NO_EFFECT ? &channel->counts.no_effect
                                           : &channel->counts.answered);
    }
    return result;
}

static sluice_result find(desk_command *c, const gateway_outcome *o, record *delivery) {
    return o->delivery != 0
               ? store_get(desk_store(c->desk), DELIVERY_KIND.table, o->delivery, c->arena, delivery, c->error)
           : o->receipt.length > 0 ? outbox_find_receipt(c, o->channel, o->partner, o->receipt, delivery)
                                   : outbox_find(c, o->channel, o->partner, o->serial, delivery);
}

typedef struct booking {
    gateway *g;
    const gateway_outcome *outcome;
} booking;

static sluice_result take_reply(desk_command *c, gateway *g, channel_state *channel, const gateway_outcome *o) {
    bool is_taken = false;
    sluice_result result = reply_take(c, o->serial, o->text, &is_taken);
    if (result == SLUICE_OK && !is_taken) {
        count(&channel->counts.strangers);
        gateway_log(g, "info", "stranger", "%s: somebody wrote who is in no open warning", o->channel);
    }
    return result;
}

static sluice_result book_one(desk_command *c, void *context) {
    const booking *b = context;
    const gateway_outcome *o = b->outcome;
    channel_state *channel = channel_named(b->g, o->channel);
    const link_state *link = links_find(b->g, text_of(o->channel), o->partner);
    record delivery;
    if (o->kind == OUTCOME_REPLY) {
        return take_reply(c, b->g, channel, o);
    }
    sluice_result result = find(c, o, &delivery);
    if (result == SLUICE_E_NOT_FOUND) {
        count(&channel->counts.strangers);
        gateway_log(b->g, "warn", "stranger", "%s: something came for a message that is not ours", o->channel);
        return SLUICE_OK;
    }
    if (result != SLUICE_OK) {
        return result;
    }
    switch (o->kind) {
    case OUTCOME_ACCEPTED:
        count(&channel->counts.accepted);
        return outbox_accepted(c, &delivery, o->receipt,
                               c->now_ms + (link == NULL ? UNLINKED_BACKOFF_MS : link->answer_ms));
    case OUTCOME_ANSWERED:
        return book_answer(c, channel, &delivery, o);
    case OUTCOME_REFUSED:
        count(&channel->counts.refused);
        return outbox_fail(c, &delivery, o->code, o->text);
    case OUTCOME_AGAIN:
    case OUTCOME_UNKNOWN:
        return try_again(c, link, channel, &delivery, o);
    case OUTCOME_ABSENT:
        return outbox_absent(c, &delivery);
    case OUTCOME_REPLY:
        break;
    }
    return SLUICE_OK;
}

/* ---- claiming ---- */

/* Asked for, sent again, or given up, as the channel can. */
static sluice_result take_waiting(desk_command *c, channel_state *channel, due *d) {
    record *r = &d->record;
    sluice_result result = store_get(desk_store(c->desk), DELIVERY_KIND.table, d->id, c->arena, r, c->error);
    if (result != SLUICE_OK || !text_equal(r->values[DELIVERY_STATE].text, TEXT("waiting")) ||
        r->values[DELIVERY_NEXT_AT].integer > c->now_ms) {
        return result;
    }
    if (channel->ops->silence != NULL) {
        const gateway_outcome silence = {.answer = {.verdict = VERDICT_DONE,
                                                    .code = text_of(channel->ops->silence),
                                                    .at_ms = -1,
                                                    .balance_fen = -1,
                                                    .executed_fen = -1,
                                                    .available_fen = -1}};
        return book_answer(c, channel, r, &silence);
    }
    if (attempts_of(r) >= d->link->attempts_max || (channel->ops->ask == NULL && !d->link->repeats)) {
        count(&channel->counts.dead);
        return outbox_bury(c, r, TEXT("taken by the partner, and no answer came"));
    }
    if (channel->ops->ask == NULL) {
        return outbox_again(c, r, c->now_ms, true, TEXT("no answer came"));
    }
    d->taken = true;
    return outbox_asked(c, r, c->now_ms + backoff(d->link, attempts_of(r)) + d->link->link.timeout_ms);
}

static sluice_result take_queued(desk_command *c, channel_state *channel, due *d) {
    sluice_result result = outbox_claim(c, d->id, &d->record, &d->taken);
    if (result != SLUICE_OK || !d->taken || !is_uncertain(&d->record)) {
        return result;
    }
    d->is_ask = channel->ops->ask != NULL;
    if (!d->is_ask && !d->link->repeats && attempts_of(&d->record) > 1) {
        d->taken = false;
        count(&channel->counts.dead);
        return outbox_bury(c, &d->record,
                           TEXT("nobody knows whether it was taken: ask the partner, then retry or cancel"));
    }
    return SLUICE_OK;
}

typedef struct claiming {
    channel_state *channel;
    due *due;
} claiming;

static sluice_result claim_one(desk_command *c, void *context) {
    claiming *k = context;
    return k->due->is_ask ? take_waiting(c, k->channel, k->due) : take_queued(c, k->channel, k->due);
}

/* ---- the write ---- */

static bool is_our_trouble(sluice_result result) {
    return result == SLUICE_E_NO_MEMORY || result == SLUICE_E_IO || result == SLUICE_E_FULL ||
           result == SLUICE_E_DAMAGED || result == SLUICE_E_INTERRUPTED;
}

/* One piece, which fails alone. */
static sluice_result piece(desk_command *c, gateway *g, desk_function run, void *context) {
    sluice_error why = {0};
    desk_command one = *c;
    one.error = &why;
    one.fault_count = 0;
    sluice_result result = desk_run(&one, run, context);
    if (result != SLUICE_OK && !is_our_trouble(result)) {
        gateway_log(g, "error", "booking", "an outcome could not be booked: %s", why.text);
        return SLUICE_OK;
    }
    return result == SLUICE_OK ? result : error_set(c->error, result, "%s", why.text);
}

static sluice_result write_turn(desk_command *c, void *context) {
    turn *t = context;
    sluice_result result = SLUICE_OK;
    t->now_ms = c->now_ms;
    for (reported *r = t->outcomes; r != NULL && result == SLUICE_OK; r = r->next) {
        booking b = {t->g, &r->outcome};
        result = piece(c, t->g, book_one, &b);
    }
    for (size_t i = 0; i < t->due_count && result == SLUICE_OK; i++) {
        claiming k = {&t->g->channels[t->dues[i].link->channel], &t->dues[i]};
        t->dues[i].taken = false;
        result = piece(c, t->g, claim_one, &k);
    }
    return result;
}

/* ---- what is due ---- */

static void refill(link_state *link) {
    int64_t now = clock_machine_ns();
    double rate = (double)link->link.per_second;
    link->tokens += (double)(now - link->filled_ns) * 1e-9 * rate;
    link->tokens = link->tokens > rate ? rate : link->tokens;
    link->filled_ns = now;
}

static size_t room_of(const link_state *link) {
    size_t flights =
        (size_t)link->link.in_flight > link->flight_count ? (size_t)link->link.in_flight - link->flight_count : 0;
    size_t tokens = link->tokens < 1 ? 0 : (size_t)link->tokens;
    return tokens < flights ? tokens : flights;
}

/* Adds what is due in one state; the time of the first that is not yet is *later_out. True: there was more than room.
 */
static sluice_result collect(turn *t, link_state *link, const char *state, bool is_ask, size_t *room,
                             int64_t *later_out, bool *more_out, sluice_error *error) {
    query_term terms[3] = {{DELIVERY_CHANNEL, QUERY_EQUAL, value_text(link->link.channel), NULL, 0},
                           {DELIVERY_PARTNER, QUERY_EQUAL, value_text(link->link.partner), NULL, 0},
                           {DELIVERY_STATE, QUERY_EQUAL, value_text(text_of(state)), NULL, 0}};
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 3, .order = DELIVERY_NEXT_AT};
    record *rows = NULL;
    size_t found = 0, room_before = *room;
    query.limit = *room + 1;
    sluice_result result = store_select(desk_store(t->g->host.desk), &query, &t->g->turn, &rows, &found, error);
    *later_out = INT64_MAX;
    for (size_t i = 0; result == SLUICE_OK && i < found; i++) {
        int64_t next = rows[i].values[DELIVERY_NEXT_AT].integer;
        if (next > t->now_ms || i >= room_before || t->due_count == TURN_MAX) {
            *later_out = next;
            *more_out = *more_out || next <= t->now_ms;
            break;
        }
        t->dues[t->due_count++] = (due){.link = link, .id = rows[i].id, .is_ask = is_ask};
        (*room)--;
    }
    return result;
}

static sluice_result collect_all(turn *t, bool *more_out, sluice_error *error) {
    gateway *g = t->g;
    sluice_result result = SLUICE_OK;
    uint64_t epoch = outbox_epoch(g->host.desk);
    bool look = epoch != g->outbox_epoch;
    for (size_t i = 0; i < g->link_count && result == SLUICE_OK; i++) {
        link_state *link = &g->links[i];
        refill(link);
        size_t room = room_of(link);
        room = room > TURN_MAX - t->due_count ? TURN_MAX - t->due_count : room;
        if (room == 0 && (look || link->due_ms <= t->now_ms)) {
            link->due_ms = 0; /* an outcome or a moment will make room */
            continue;
        }
        if (look || link->due_ms <= t->now_ms) {
            result = collect(t, link, "queued", false, &room, &link->due_ms, more_out, error);
        }
        if (result == SLUICE_OK && room > 0 && (look || link->ask_ms <= t->now_ms)) {
            result = collect(t, link, "waiting", true, &room, &link->ask_ms, more_out, error);
        }
    }
    g->outbox_epoch = result == SLUICE_OK ? epoch : g->outbox_epoch;
    return result;
}

/* ---- flights ---- */

static bool add_flight(link_state *link, int64_t delivery) {
    if (!ARRAY_RESERVE(link->flights, link->flight_capacity, link->flight_count + 1)) {
        return false;
    }
    int64_t lost_ns = clock_machine_ns() + link->link.timeout_ms * LOST_AFTER_TIMEOUTS * 1000000;
    link->flights[link->flight_count++] = (flight){delivery, lost_ns};
    return true;
}

static void end_flight(gateway *g, const gateway_outcome *o) {
    link_state *link = links_find(g, text_of(o->channel), o->partner);
    for (size_t i = 0; link != NULL && o->delivery != 0 && i < link->flight_count; i++) {
        if (link->flights[i].delivery == o->delivery) {
            link->flights[i] = link->flights[--link->flight_count];
            return;
        }
    }
}

/* What was booked has a new time, or made room: what is due at its link is not known any more. */
static void look_again(gateway *g, const gateway_outcome *o) {
    link_state *link = links_find(g, text_of(o->channel), o->partner);
    if (link != NULL) {
        link->due_ms = link->ask_ms = 0;
    }
}

/* What its channel never spoke of again. */
static void report_lost(gateway *g) {
    int64_t now = clock_machine_ns();
    for (size_t i = 0; i < g->link_count; i++) {
        link_state *link = &g->links[i];
        for (size_t k = 0; k < link->flight_count; k++) {
            if (link->flights[k].lost_ns <= now) {
                gateway_outcome lost = {.kind = OUTCOME_UNKNOWN,
                                        .delivery = link->flights[k].delivery,
                                        .channel = g->channels[link->channel].ops->name,
                                        .partner = link->link.partner,
                                        .text = TEXT("the channel said nothing more of it")};
                link->flights[k].lost_ns = INT64_MAX;
                gateway_report(g, &lost);
            }
        }
    }
}

static sluice_text text_at(const record *r, size_t field) {
    return value_text_or_empty(&r->values[field]);
}

static void submit(turn *t, due *d) {
    channel_state *channel = &t->g->channels[d->link->channel];
    const record *r = &d->record;
    const gateway_delivery delivery = {.id = r->id,
                                       .serial = text_at(r, DELIVERY_SERIAL),
                                       .purpose = text_at(r, DELIVERY_PURPOSE),
                                       .address = text_at(r, DELIVERY_ADDRESS),
                                       .receipt = text_at(r, DELIVERY_RECEIPT),
                                       .payload = text_at(r, DELIVERY_PAYLOAD),
                                       .attempts = attempts_of(r),
                                       .now_ms = t->now_ms};
    if (!add_flight(d->link, r->id)) {
        gateway_log(t->g, "error", "gateway", "no memory to send: it is sent after the next start");
        return;
    }
    d->link->tokens -= 1;
    count(d->is_ask ? &channel->counts.asked : &channel->counts.sent);
    if (d->is_ask) {
        channel->ops->ask(channel->self, &d->link->link, &delivery);
    } else {
        channel->ops->submit(channel->self, &d->link->link, &delivery);
    }
}

/* ---- the turn ---- */

static reported *take_reported(gateway *g, size_t most, bool *more_out) {
    mutex_lock(&g->lock);
    reported *first = g->first, *last = first;
    for (size_t i = 1; i < most && last != NULL && last->next != NULL; i++) {
        last = last->next;
    }
    if (last != NULL) {
        g->first = last->next;
        g->last = g->first == NULL ? NULL : g->last;
        last->next = NULL;
    }
    *more_out = g->first != NULL;
    mutex_unlock(&g->lock);
    return first;
}

/* Back to where they were, before those that came meanwhile. */
static void put_back(gateway *g, reported *first) {
    reported *last = first;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    if (last != NULL) {
        mutex_lock(&g->lock);
        last->next = g->first;
        g->last = g->first == NULL ? last : g->last;
        g->first = first;
        mutex_unlock(&g->lock);
    }
}

static int64_t next_time(const gateway *g) {
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < g->link_count; i++) {
        const link_state *link = &g->links[i];
        bool is_throttled = link->flight_count < (size_t)link->link.in_flight;
        int64_t due = link->due_ms != 0 ? link->due_ms : is_throttled ? clock_now_ms() + 20 : INT64_MAX;
        next = due < next ? due : next;
        next = link->ask_ms < next && link->ask_ms != 0 ? link->ask_ms : next;
    }
    return next;
}

sluice_result turn_run(gateway *g, int64_t *next_ms_out, bool *more_out, sluice_error *error) {
    turn t = {.g = g, .now_ms = clock_now_ms()};
    arena_reset(&g->turn);
    t.dues = arena_alloc(&g->turn, TURN_MAX * sizeof *t.dues);
    if (t.dues == NULL) {
        return error_no_memory(error, TURN_MAX * sizeof *t.dues);
    }
    *more_out = false;
    report_lost(g);
    t.outcomes = take_reported(g, TURN_MAX, more_out);
    for (const reported *r = t.outcomes; r != NULL; r = r->next) {
        end_flight(g, &r->outcome);
    }
    sluice_result result = collect_all(&t, more_out, error);
    if (result == SLUICE_OK && (t.outcomes != NULL || t.due_count > 0)) {
        if (t.outcomes != NULL) {
            gateway_step(g, "reported");
        }
        g->turn_ns = *more_out ? 0 : clock_machine_ns() + TURN_PAUSE_NS;
        result = g->host.write(g->host.context, write_turn, &t, &g->turn, error);
    }
    if (result != SLUICE_OK) {
        g->outbox_epoch = UINT64_MAX;
        put_back(g, t.outcomes);
        return result;
    }
    if (t.outcomes != NULL) {
        gateway_step(g, "booked");
    }
    while (t.outcomes != NULL) {
        reported *next = t.outcomes->next;
        look_again(g, &t.outcomes->outcome);
        *more_out = true;
        memory_free(t.outcomes);
        t.outcomes = next;
    }
    for (size_t i = 0; i < t.due_count; i++) {
        if (t.dues[i].taken) {
            gateway_step(g, "claimed");
            submit(&t, &t.dues[i]);
            gateway_step(g, "submitted");
        }
    }
    *next_ms_out = next_time(g);
    return SLUICE_OK;
}

/* ---- after a crash ---- */

static sluice_result requeue(desk_command *c, void *context) {
    return outbox_again(c, context, c->now_ms, true, TEXT("the program ended while it was sent"));
}

typedef struct recovery {
    gateway *g;
    record *rows;
    size_t count;
} recovery;

static sluice_result write_recovery(desk_command *c, void *context) {
    recovery *r = context;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < r->count && result == SLUICE_OK; i++) {
        result = piece(c, r->g, requeue, &r->rows[i]);
    }
    return result;
}

sluice_result turn_recover(gateway *g, sluice_error *error) {
    for (size_t found = TURN_MAX; found == TURN_MAX;) {
        arena_reset(&g->turn);
        query_term sending = {DELIVERY_STATE, QUERY_EQUAL, value_text(TEXT("sending")), NULL, 0};
        record_query query = {.table = DELIVERY_KIND.table, .terms = &sending, .term_count = 1, .order = QUERY_ID};
        recovery r = {.g = g};
        query.limit = TURN_MAX;
        sluice_result result = store_select(desk_store(g->host.desk), &query, &g->turn, &r.rows, &r.count, error);
        found = r.count;
        if (result == SLUICE_OK && found > 0) {
            result = g->host.write(g->host.context, write_recovery, &r, &g->turn, error);
        }
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}
