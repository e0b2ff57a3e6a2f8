/* Laundering crews (跑分): cards by layer, phones that many cards share, an operating account for rebates and tests, a
 * complicit merchant's terminal, a dealer in virtual currency.
 *
 * Crew 0 has seven layers and seconds between them: about ¥2,000,000 has been seen to cross 7 layers in 23 s. Crew 1
 * has five and serves the demonstration; the others have two to six. Cards come in visits: one holder, a resident or an
 * outsider, opened up to four of them within days (卡头); three visits in five are to cards that have slept for more
 * than half a year, the others to cards opened just before, or while the city is watched. */
#include "sim/sim_private.h"

static const struct {
    int64_t hop_low_ms, hop_high_ms;
} speeds[] = {{2300, 3600},
              {8 * SIM_SECOND, 30 * SIM_SECOND},
              {40 * SIM_SECOND, 6 * SIM_MINUTE},
              {8 * SIM_MINUTE, 50 * SIM_MINUTE}};

enum { CREW_SEVEN_LAYERS = 0, CREW_DEMO = 1, CARDS_PER_HOLDER_MAX = 4 };

/* One visit of a card seller or dealer (卡头): the cards that one person opened within days. */
typedef struct card_batch {
    uint32_t holder, left;
    bool dormant;
    int64_t opened_ms; /* of the first; some cards are opened while the city is watched */
} card_batch;

static uint32_t mule_open(sim *sim, uint32_t gang, uint8_t layer, sim_role role, const card_batch *batch) {
    random_stream *crime = &sim->crime;
    sim_account_kind kind = role == SIM_ROLE_DEALER ? SIM_VASP_CARD : SIM_DEBIT_CARD;
    int64_t opened_ms = batch->opened_ms + random_between(crime, 0, 6 * TIME_DAY_MS);
    uint32_t account = sim_account_open(
        sim, crime, kind, batch->holder, 0, opened_ms,
        opened_ms < sim->start_ms ? random_between(crime, 0, random_chance(crime, 1, 8) ? 20000 : 6000) : 0);
    if (account == SIM_NONE || !SIM_RESERVE(sim, sim->mules, sim->mule_capacity, sim->mule_count)) {
        return SIM_NONE;
    }
    uint32_t number = (uint32_t)sim->mule_count++;
    sim->mules[number] = (sim_mule){.account = account,
                                    .gang = gang,
                                    .layer = layer,
                                    .role = (uint8_t)role,
                                    .dormant = batch->dormant,
                                    .cash_day = -1};
    sim->accounts[account].mule = number;
    return number;
}

static uint32_t draw_holder(sim *sim) {
    return random_chance(&sim->crime, 3, 5) ? (uint32_t)random_below(&sim->crime, sim->resident_count)
                                            : sim_outsider_new(sim, &sim->crime);
}

static card_batch batch_new(sim *sim) {
    random_stream *crime = &sim->crime;
    card_batch batch = {.holder = draw_holder(sim),
                        .left = (uint32_t)random_between(crime, 1, CARDS_PER_HOLDER_MAX),
                        .dormant = random_chance(crime, 3, 5)};
    int64_t watched_ms = sim->end_ms - sim->start_ms;
    batch.opened_ms =
        sim->start_ms + (batch.dormant                ? -random_between(crime, 210 * TIME_DAY_MS, 1800 * TIME_DAY_MS)
                         : random_chance(crime, 1, 4) ? random_between(crime, 0, watched_ms / 2)
                                                      : -random_between(crime, 10 * TIME_DAY_MS, 50 * TIME_DAY_MS));
    return batch;
}

/* The last layer takes the money out: of five cards three draw cash, one pays a terminal, one buys currency. */
static sim_role last_layer_role(uint32_t place) {
    static const sim_role roles[] = {SIM_ROLE_CASH, SIM_ROLE_CASH, SIM_ROLE_VASP, SIM_ROLE_CASH, SIM_ROLE_POS};
    return roles[place % (sizeof roles / sizeof *roles)];
}

static void layers_build(sim *sim, uint32_t number, uint32_t victims) {
    sim_gang *gang = &sim->gangs[number];
    card_batch batch = {0};
    for (uint8_t layer = 1; layer <= gang->layers; layer++) {
        gang->layer_first[layer] = (uint32_t)sim->mule_count;
        gang->layer_count[layer] = layer == 1 ? 8 + victims * 2 : 5 + victims / 3;
        for (uint32_t i = 0; i < gang->layer_count[layer] && sim->result == SLUICE_OK; i++) {
            if (batch.left == 0) {
                batch = batch_new(sim);
            }
            batch.left--;
            (void)mule_open(sim, number, layer, layer == gang->layers ? last_layer_role(i) : SIM_ROLE_MULE, &batch);
        }
    }
}

/* A shop whose owner lends the terminal: what else comes in there is innocent. */
static uint32_t draw_terminal(sim *sim) {
    uint32_t count = sim->company_count[SIM_SHOP], shop = (uint32_t)random_below(&sim->crime, count);
    for (uint32_t i = 0; i < count; i++) {
        const sim_company *company = &sim->companies[(shop + i) % count];
        if (company->pos != SIM_NONE) {
            return company->pos;
        }
    }
    return sim_account_open(sim, &sim->crime, SIM_POS, shop | SIM_COMPANY_HOLDER, sim->companies[shop].district,
                            sim->start_ms - 1, 0);
}

static void gang_build(sim *sim, uint32_t number, uint32_t victims) {
    random_stream *crime = &sim->crime;
    sim_gang *gang = &sim->gangs[number];
    size_t speed = number == CREW_SEVEN_LAYERS ? 0 : number == CREW_DEMO ? 1 : random_below(crime, 4);
    *gang = (sim_gang){.layers = number == CREW_SEVEN_LAYERS ? SIM_LAYERS_MAX
                                 : number == CREW_DEMO       ? 5
                                                             : (uint8_t)random_between(crime, 2, 6),
                       .hop_low_ms = speeds[speed].hop_low_ms,
                       .hop_high_ms = speeds[speed].hop_high_ms,
                       .books = number == CREW_SEVEN_LAYERS || (number != CREW_DEMO && random_chance(crime, 2, 3)),
                       .device_count = (uint32_t)random_between(crime, 2, 5)};
    uint32_t boss = sim_outsider_new(sim, crime), dealer = (uint32_t)random_below(crime, sim->resident_count);
    if (sim->result != SLUICE_OK) {
        return;
    }
    int64_t opened_ms = sim->start_ms - random_between(crime, 60 * TIME_DAY_MS, 900 * TIME_DAY_MS);
    gang->operating =
        sim_account_open(sim, crime, SIM_DEBIT_CARD, boss, 0, opened_ms, random_between(crime, 12000000, 40000000));
    gang->pos = draw_terminal(sim);
    card_batch batch = {.holder = dealer,
                        .opened_ms = sim->start_ms - random_between(crime, 30 * TIME_DAY_MS, 1500 * TIME_DAY_MS)};
    gang->wallet = sim_account_open(sim, crime, SIM_VASP_WALLET, dealer, 0,
                                    batch.opened_ms + random_between(crime, -40, 40) * SIM_HOUR, 0);
    gang->dealer = mule_open(sim, number, (uint8_t)(gang->layers + 1), SIM_ROLE_DEALER, &batch);
    if (sim->result == SLUICE_OK) {
        layers_build(sim, number, victims);
    }
}

void sim_gangs_build(sim *sim, uint32_t victim_count) {
    uint32_t count = 3 + victim_count / 15;
    for (uint32_t i = 0; i < count && sim->result == SLUICE_OK; i++) {
        if (SIM_RESERVE(sim, sim->gangs, sim->gang_capacity, sim->gang_count)) {
            sim->gang_count++;
            gang_build(sim, i, victim_count / count + 1);
        }
    }
}

/* Cards change hands by the batch (收卡): one phone logs in to all of them within minutes, and some buy a trifle. */
void sim_gangs_begin(sim *sim) {
    random_stream *crime = &sim->crime;
    for (uint32_t i = 0; i < sim->gang_count; i++) {
        const sim_gang *gang = &sim->gangs[i];
        uint32_t end = gang->layer_first[gang->layers] + gang->layer_count[gang->layers];
        for (uint32_t card = gang->layer_first[1]; card < end;) {
            uint32_t count = (uint32_t)random_between(crime, 4, 12);
            count = count > end - card ? end - card : count;
            sim_push(sim, sim->start_ms + random_between(crime, SIM_HOUR, sim->end_ms - sim->start_ms),
                     SIM_EVENT_INTAKE, card, 2 * (count - 1));
            card += count;
        }
    }
}

/* detail: twice the cards that follow, and one when the login is done. */
void sim_intake(sim *sim, const sim_event *event) {
    random_stream *crime = &sim->crime;
    const sim_mule *mule = &sim->mules[event->subject];
    uint32_t cards_after = event->detail / 2;
    if (event->detail % 2 == 0) {
        /* The batch's last card chooses the phone, so that it is the same for all of it. */
        sim_login_at(sim, event->time_ms, mule->account,
                     sim_gang_device(sim, mule->gang, event->subject + cards_after));
        sim_push(sim, event->time_ms + random_between(crime, 4 * SIM_SECOND, 40 * SIM_SECOND), SIM_EVENT_INTAKE,
                 event->subject, event->detail + 1);
        return;
    }
    int64_t own_fen = sim->accounts[mule->account].balance_fen - mule->dirty_fen;
    if (own_fen > 200 && random_chance(crime, 1, 3)) {
        uint64_t shop = random_below(crime, sim->company_count[SIM_SHOP]);
        (void)sim_pay(sim, event->time_ms, mule->account, sim->companies[sim->company_first[SIM_SHOP] + shop].account,
                      random_between(crime, 100, own_fen));
    }
    if (cards_after > 0) {
        sim_push(sim, event->time_ms + random_between(crime, 20 * SIM_SECOND, 150 * SIM_SECOND), SIM_EVENT_INTAKE,
                 event->subject + 1, 2 * (cards_after - 1));
    }
}

uint32_t sim_gang_pick(sim *sim, uint32_t number, uint8_t layer, uint32_t width) {
    const sim_gang *gang = &sim->gangs[number];
    uint32_t count = gang->layer_count[layer], skip = (uint32_t)random_below(&sim->crime, width);
    uint32_t found = SIM_NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t candidate = gang->layer_first[layer] + (gang->cursor[layer] + i) % count;
        const sim_account *account = &sim->accounts[sim->mules[candidate].account];
        if (!account->blocked && !sim->mules[candidate].kept && account->opened_ms <= sim->last_ms) {
            found = candidate;
            if (skip-- == 0) {
                break;
            }
        }
    }
    return found;
}

void sim_mule_login(sim *sim, int64_t time_ms, uint32_t number) {
    const sim_mule *mule = &sim->mules[number];
    sim_login_at(sim, time_ms, mule->account, sim_gang_device(sim, mule->gang, number));
}
