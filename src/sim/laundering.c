/* What a crew does with a victim's money.
 *
 * Each card keeps lots: whose money, how much, oldest first. A card moves only what it holds in lots, so that its own
 * few yuan and test money stay clean, and truth/legs.csv can say for each movement whose money it was. For every
 * victim, at any time: paid = held in lots + gone through exits; truth.c writes all three and the tests add them up.
 *
 * A card that receives passes on after the crew's delay, in one to three parts, to cards of the next layer near the
 * cursor (so that victims share mules); keeps a little; sometimes its holder keeps everything. The last layer draws
 * cash in sums just under the machine's limit up to the day's limit and goes on after midnight, or a large sum at a
 * counter by appointment, pays a terminal, or pays the dealer, who turns it into virtual currency. */
#include "sim/sim_private.h"

/* Usual limits of banks' machines; dated assumptions, as is everything here. */
#define ATM_ONE_MAX_FEN (5000 * SIM_YUAN)
#define ATM_DAY_MAX_FEN (20000 * SIM_YUAN)
#define BOOK_FROM_FEN (40000 * SIM_YUAN) /* worth a visit to the counter */
#define TOO_LITTLE_FEN (200 * SIM_YUAN)  /* not worth moving */

static void lot_add(sim *sim, sim_mule *mule, uint32_t victim, int64_t amount_fen) {
    sim_lot *last = mule->lot_count > 0 ? &mule->lots[mule->lot_first + mule->lot_count - 1] : NULL;
    if (last != NULL && last->victim == victim) {
        last->amount_fen += amount_fen;
    } else if (SIM_RESERVE(sim, mule->lots, mule->lot_capacity, mule->lot_first + mule->lot_count)) {
        mule->lots[mule->lot_first + mule->lot_count++] = (sim_lot){victim, amount_fen};
    }
    mule->dirty_fen += amount_fen;
}

/* Where lots go, and how the truth names it. */
typedef struct leg {
    uint64_t number;
    bool is_withdrawal;
    uint32_t layer; /* of the receiver */
    uint32_t to;    /* mule, or SIM_NONE when the money leaves */
    sluice_text to_key;
    int64_t time_ms;
} leg;

/* Takes the oldest lots for a movement of `amount_fen` and hands them to the receiver. */
static void lots_move(sim *sim, uint32_t from, int64_t amount_fen, const leg *leg) {
    while (amount_fen > 0 && sim->result == SLUICE_OK) {
        sim_mule *mule = &sim->mules[from];
        sim_lot *lot = &mule->lots[mule->lot_first];
        int64_t part_fen = lot->amount_fen < amount_fen ? lot->amount_fen : amount_fen;
        uint32_t victim = lot->victim;
        lot->amount_fen -= part_fen;
        mule->dirty_fen -= part_fen;
        amount_fen -= part_fen;
        if (lot->amount_fen == 0) {
            mule->lot_count--;
            mule->lot_first = mule->lot_count == 0 ? 0 : mule->lot_first + 1;
        }
        const sim_account *payer = &sim->accounts[mule->account];
        sim_write_leg(sim, &(sim_leg){victim,
                                      leg->number,
                                      leg->is_withdrawal,
                                      leg->layer,
                                      leg->time_ms,
                                      {payer->key, payer->key_length},
                                      leg->to_key,
                                      part_fen});
        if (leg->to != SIM_NONE) {
            lot_add(sim, &sim->mules[leg->to], victim, part_fen);
        }
    }
}

static int64_t exit_delay(sim *sim, const sim_mule *mule) {
    switch ((sim_role)mule->role) {
    case SIM_ROLE_CASH: /* somebody walks to a machine */
        return random_between(&sim->crime, 4 * SIM_MINUTE, 22 * SIM_MINUTE);
    case SIM_ROLE_POS:
        return random_between(&sim->crime, SIM_MINUTE, 6 * SIM_MINUTE);
    case SIM_ROLE_DEALER:
        return random_between(&sim->crime, 2 * SIM_MINUTE, 20 * SIM_MINUTE);
    default:
        return random_between(&sim->crime, 20 * SIM_SECOND, 3 * SIM_MINUTE);
    }
}

/* Money is there: puts the card's next event into the queue, unless one is there already. */
static void wake(sim *sim, int64_t time_ms, uint32_t number) {
    sim_mule *mule = &sim->mules[number];
    const sim_gang *gang = &sim->gangs[mule->gang];
    mule->used = true;
    if (mule->pending || mule->kept) {
        return;
    }
    mule->pending = true;
    bool is_mule = mule->role == SIM_ROLE_MULE;
    int64_t delay_ms =
        is_mule ? random_between(&sim->crime, gang->hop_low_ms, gang->hop_high_ms) : exit_delay(sim, mule);
    if (mule->role == SIM_ROLE_CASH && gang->books && mule->dirty_fen >= BOOK_FROM_FEN) {
        mule->booked = true;
        delay_ms = sim_office_time(&sim->crime, time_ms + SIM_HOUR) - time_ms;
    }
    if (mule->role != SIM_ROLE_CASH) { /* a machine needs no login */
        int64_t most_ms = delay_ms / 2 < 90 * SIM_SECOND ? delay_ms / 2 : 90 * SIM_SECOND;
        sim_mule_login(sim, time_ms + delay_ms - random_between(&sim->crime, 400, most_ms), number);
    }
    sim_push(sim, time_ms + delay_ms, is_mule ? SIM_EVENT_LAUNDER : SIM_EVENT_EXIT, number, 0);
}

void sim_mule_receive(sim *sim, int64_t time_ms, uint32_t number, uint32_t victim, int64_t amount_fen) {
    sim->mules[number].last_victim = victim;
    lot_add(sim, &sim->mules[number], victim, amount_fen);
    wake(sim, time_ms, number);
}

/* Pays lots to another card of the crew. */
static bool pass_on(sim *sim, int64_t time_ms, uint32_t from, uint32_t to, int64_t amount_fen) {
    uint32_t from_account = sim->mules[from].account, to_account = sim->mules[to].account;
    uint64_t number = sim_pay(sim, time_ms, from_account, to_account, amount_fen);
    if (number == 0) {
        return false;
    }
    const sim_account *payee = &sim->accounts[to_account];
    leg leg = {number, false, sim->mules[to].layer, to, {payee->key, payee->key_length}, sim->last_ms};
    lots_move(sim, from, amount_fen, &leg);
    if (sim->mules[to].layer <= sim->gangs[sim->mules[to].gang].layers &&
        sim->mules[to].layer > sim->summary->layers_max) {
        sim->summary->layers_max = sim->mules[to].layer;
    }
    wake(sim, sim->last_ms, to);
    return true;
}

/* Into how many parts: small sums stay whole. */
static uint32_t draw_parts(sim *sim, int64_t dirty_fen) {
    if (dirty_fen < 3000 * SIM_YUAN) {
        return 1;
    }
    return (uint32_t)random_between(&sim->crime, dirty_fen < 50000 * SIM_YUAN ? 1 : 2,
                                    dirty_fen < 50000 * SIM_YUAN ? 2 : 3);
}

static int64_t round_down(int64_t amount_fen) {
    int64_t step_fen = amount_fen > 2000 * SIM_YUAN ? 100 * SIM_YUAN : SIM_YUAN;
    return amount_fen / step_fen * step_fen;
}

void sim_launder(sim *sim, const sim_event *event) {
    random_stream *crime = &sim->crime;
    sim_mule *mule = &sim->mules[event->subject];
    const sim_gang *gang = &sim->gangs[mule->gang];
    uint32_t parts = event->detail;
    mule->pending = false;
    if (sim->accounts[mule->account].blocked || mule->dirty_fen < TOO_LITTLE_FEN) {
        return;
    }
    if (parts == 0) {
        bool is_trusted = gang->layers == SIM_LAYERS_MAX || mule->layer == 1;
        if (!is_trusted && random_chance(crime, 1, 30)) {
            mule->kept = true;
            return;
        }
        parts = draw_parts(sim, mule->dirty_fen);
    }
    int64_t amount_fen = parts == 1 ? mule->dirty_fen - mule->dirty_fen * random_between(crime, 0, 8) / 1000
                                    : mule->dirty_fen / parts * random_between(crime, 80, 120) / 100;
    uint8_t next_layer = (uint8_t)(mule->layer + 1);
    uint32_t target = sim_gang_pick(sim, mule->gang, next_layer, next_layer == gang->layers ? 4 : 3);
    if (target == SIM_NONE || !pass_on(sim, event->time_ms, event->subject, target, round_down(amount_fen))) {
        return;
    }
    if (parts > 1 && sim->mules[event->subject].dirty_fen >= TOO_LITTLE_FEN) {
        sim->mules[event->subject].pending = true;
        sim_push(sim, sim->last_ms + random_between(crime, 250, 900), SIM_EVENT_LAUNDER, event->subject, parts - 1);
    }
}

static uint64_t draw_at(sim *sim, int64_t time_ms, uint32_t number, int64_t amount_fen, uint32_t machine) {
    sim_mule *mule = &sim->mules[number];
    uint8_t district = (uint8_t)(mule->gang % SIM_DISTRICT_COUNT);
    uint64_t withdrawal = amount_fen > 0 ? sim_withdraw(sim, time_ms, mule->account, amount_fen, district, machine) : 0;
    if (withdrawal != 0) {
        char key[SIM_KEY_BYTES];
        leg leg = {withdrawal, true, 0, SIM_NONE, sim_atm_key(district, machine, key), sim->last_ms};
        const char *kind = machine < SIM_MACHINES ? "atm" : "counter";
        sim_write_exit(sim, mule->gang, &(sim_exit_row){true, withdrawal, sim->last_ms, kind, leg.to_key, amount_fen},
                       &sim->accounts[mule->account]);
        lots_move(sim, number, amount_fen, &leg);
    }
    return withdrawal;
}

/* All of it at once, over the counter. */
static void draw_booked(sim *sim, int64_t time_ms, uint32_t number) {
    sim_mule *mule = &sim->mules[number];
    mule->booked = false;
    (void)draw_at(sim, time_ms, number, mule->dirty_fen / (1000 * SIM_YUAN) * 1000 * SIM_YUAN,
                  SIM_MACHINES + number % SIM_COUNTERS);
}

/* One withdrawal; true: another follows at *next_ms_out. */
static bool draw_cash(sim *sim, int64_t time_ms, uint32_t number, int64_t *next_ms_out) {
    random_stream *crime = &sim->crime;
    sim_mule *mule = &sim->mules[number];
    int64_t day = sim_midnight(time_ms);
    if (mule->cash_day != day) {
        mule->cash_day = day;
        mule->cash_fen = 0;
    }
    int64_t amount_fen = ATM_ONE_MAX_FEN - random_between(crime, 0, 3) * 100 * SIM_YUAN;
    int64_t left_fen = ATM_DAY_MAX_FEN - mule->cash_fen;
    amount_fen = amount_fen < left_fen ? amount_fen : left_fen;
    amount_fen = amount_fen < mule->dirty_fen ? amount_fen : mule->dirty_fen;
    amount_fen = amount_fen / (100 * SIM_YUAN) * 100 * SIM_YUAN;
    uint32_t machine = (number + (uint32_t)(day / TIME_DAY_MS)) % SIM_MACHINES; /* one a card and day */
    if (draw_at(sim, time_ms, number, amount_fen, machine) == 0) {
        return false;
    }
    mule->cash_fen += amount_fen;
    bool is_day_done = mule->cash_fen + 100 * SIM_YUAN > ATM_DAY_MAX_FEN;
    *next_ms_out = is_day_done ? day + TIME_DAY_MS + random_between(crime, SIM_MINUTE, 25 * SIM_MINUTE)
                               : sim->last_ms + random_between(crime, 45 * SIM_SECOND, 150 * SIM_SECOND);
    return mule->dirty_fen >= 100 * SIM_YUAN;
}

static void pay_out(sim *sim, int64_t time_ms, uint32_t number, uint32_t to, const char *kind) {
    const sim_mule *mule = &sim->mules[number];
    int64_t amount_fen = mule->dirty_fen - mule->dirty_fen * random_between(&sim->crime, 0, 5) / 1000;
    amount_fen = amount_fen / SIM_YUAN * SIM_YUAN;
    uint64_t transfer = sim_pay(sim, time_ms, mule->account, to, amount_fen);
    if (transfer == 0) {
        return;
    }
    const sim_account *payee = &sim->accounts[to];
    leg leg = {transfer, false, 0, SIM_NONE, {payee->key, payee->key_length}, sim->last_ms};
    sim_write_exit(sim, mule->gang, &(sim_exit_row){false, transfer, sim->last_ms, kind, leg.to_key, amount_fen},
                   &sim->accounts[mule->account]);
    lots_move(sim, number, amount_fen, &leg);
}

void sim_exit_step(sim *sim, const sim_event *event) {
    sim_mule *mule = &sim->mules[event->subject];
    const sim_gang *gang = &sim->gangs[mule->gang];
    mule->pending = false;
    if (sim->accounts[mule->account].blocked || mule->dirty_fen < TOO_LITTLE_FEN) {
        return;
    }
    int64_t next_ms = 0;
    switch ((sim_role)mule->role) {
    case SIM_ROLE_CASH:
        if (mule->booked) {
            draw_booked(sim, event->time_ms, event->subject);
        } else if (draw_cash(sim, event->time_ms, event->subject, &next_ms)) {
            mule->pending = true;
            sim_push(sim, next_ms, SIM_EVENT_EXIT, event->subject, 0);
        }
        break;
    case SIM_ROLE_POS:
        pay_out(sim, event->time_ms, event->subject, gang->pos, "pos");
        break;
    case SIM_ROLE_DEALER:
        pay_out(sim, event->time_ms, event->subject, gang->wallet, "vasp");
        break;
    default: /* buys virtual currency from the dealer */
        (void)pass_on(sim, event->time_ms, event->subject, gang->dealer, round_down(mule->dirty_fen));
        break;
    }
}
