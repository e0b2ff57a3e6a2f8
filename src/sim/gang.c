/* Laundering crews (跑分): cards by layer, phones that many cards share, an operating account for rebates and tests, a
 * complicit merchant's terminal, a dealer in virtual currency.
 *
 * Crew 0 has seven layers and seconds between them: about ¥2,000,000 has been seen to cross 7 layers in 23 s. Crew 1
 * has five and serves the demonstration; the others have two to six. Cards are held by residents who sold one or by
 * outsiders; three in five have slept for more than half a year, the others were opened just before. */
#include "sim/sim_private.h"

static const struct {
    int64_t hop_low_ms, hop_high_ms;
} speeds[] = {{2300, 3600},
              {8 * SIM_SECOND, 30 * SIM_SECOND},
              {40 * SIM_SECOND, 6 * SIM_MINUTE},
              {8 * SIM_MINUTE, 50 * SIM_MINUTE}};

enum { CREW_SEVEN_LAYERS = 0, CREW_DEMO = 1, CARDS_PER_HOLDER_MAX = 3 };

static uint32_t mule_open(sim *sim, uint32_t gang, uint8_t layer, sim_role role, uint32_t holder) {
    random_stream *crime = &sim->crime;
    bool dormant = random_chance(crime, 3, 5);
    int64_t age_ms = dormant ? random_between(crime, 210 * TIME_DAY_MS, 1800 * TIME_DAY_MS)
                             : random_between(crime, 4 * TIME_DAY_MS, 45 * TIME_DAY_MS);
    sim_account_kind kind = role == SIM_ROLE_DEALER ? SIM_VASP_CARD : SIM_DEBIT_CARD;
    uint32_t account =
        sim_account_open(sim, crime, kind, holder, 0, sim->start_ms - age_ms, random_between(crime, 0, 6000));
    if (account == SIM_NONE || !SIM_RESERVE(sim, sim->mules, sim->mule_capacity, sim->mule_count)) {
        return SIM_NONE;
    }
    uint32_t number = (uint32_t)sim->mule_count++;
    sim->mules[number] = (sim_mule){
        .account = account, .gang = gang, .layer = layer, .role = (uint8_t)role, .dormant = dormant, .cash_day = -1};
    sim->accounts[account].mule = number;
    return number;
}

static uint32_t draw_holder(sim *sim) {
    return random_chance(&sim->crime, 3, 5) ? (uint32_t)random_below(&sim->crime, sim->resident_count)
                                            : sim_outsider_new(sim, &sim->crime);
}

/* The last layer takes the money out: of five cards three draw cash, one pays a terminal, one buys currency. */
static sim_role last_layer_role(uint32_t place) {
    static const sim_role roles[] = {SIM_ROLE_CASH, SIM_ROLE_CASH, SIM_ROLE_VASP, SIM_ROLE_CASH, SIM_ROLE_POS};
    return roles[place % (sizeof roles / sizeof *roles)];
}

static void layers_build(sim *sim, uint32_t number, uint32_t victims) {
    sim_gang *gang = &sim->gangs[number];
    uint32_t holder = SIM_NONE, cards_left = 0;
    for (uint8_t layer = 1; layer <= gang->layers; layer++) {
        gang->layer_first[layer] = (uint32_t)sim->mule_count;
        gang->layer_count[layer] = layer == 1 ? 8 + victims * 5 / 2 : 5 + victims / 3;
        for (uint32_t i = 0; i < gang->layer_count[layer] && sim->result == SLUICE_OK; i++) {
            if (cards_left == 0) {
                holder = draw_holder(sim);
                cards_left = (uint32_t)random_between(&sim->crime, 1, CARDS_PER_HOLDER_MAX);
            }
            cards_left--;
            (void)mule_open(sim, number, layer, layer == gang->layers ? last_layer_role(i) : SIM_ROLE_MULE, holder);
        }
    }
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
                       .device_first = sim->gang_device_count,
                       .device_count = (uint32_t)random_between(crime, 2, 5)};
    sim->gang_device_count += gang->device_count;
    uint32_t boss = sim_outsider_new(sim, crime), terminal = sim_outsider_new(sim, crime);
    uint32_t dealer = sim_outsider_new(sim, crime);
    if (sim->result != SLUICE_OK) {
        return;
    }
    int64_t opened_ms = sim->start_ms - random_between(crime, 60, 900) * TIME_DAY_MS;
    gang->operating = sim_account_open(sim, crime, SIM_DEBIT_CARD, boss, 0, opened_ms,
                                       random_between(crime, 120000, 400000) * SIM_YUAN);
    uint8_t district = (uint8_t)random_below(crime, SIM_DISTRICT_COUNT);
    gang->pos = sim_account_open(sim, crime, SIM_POS, terminal, district, opened_ms, 0);
    gang->wallet = sim_account_open(sim, crime, SIM_VASP_WALLET, dealer, 0, opened_ms, 0);
    gang->dealer = mule_open(sim, number, (uint8_t)(gang->layers + 1), SIM_ROLE_DEALER, dealer);
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

uint32_t sim_gang_pick(sim *sim, uint32_t number, uint8_t layer, uint32_t width) {
    const sim_gang *gang = &sim->gangs[number];
    uint32_t count = gang->layer_count[layer], skip = (uint32_t)random_below(&sim->crime, width);
    uint32_t found = SIM_NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t candidate = gang->layer_first[layer] + (gang->cursor[layer] + i) % count;
        if (!sim->accounts[sim->mules[candidate].account].blocked && !sim->mules[candidate].kept) {
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
    const sim_gang *gang = &sim->gangs[mule->gang];
    uint32_t device = sim->resident_count + gang->device_first + number % gang->device_count;
    sim_write_login(sim, time_ms, mule->account, device, device);
}
