/* Innocent people whose accounts look like a mule's: many pay in, soon after one large sum goes out. A detector that
 * cannot tell them from mules fails here first; truth/lookalikes.csv names them. */
#include "sim/sim_private.h"

typedef struct gathering_kind {
    const char *name;
    uint32_t people_each, at_least; /* one such gathering for so many people */
    int64_t payers_low, payers_high;
    int64_t amount_low_yuan, amount_high_yuan, amount_step_yuan;
    int64_t gap_low_ms, gap_high_ms; /* between payments */
    int64_t hour_first;              /* when a round begins */
    int64_t payout_low_ms, payout_high_ms;
    int64_t payout_percent;
    sim_company_kind payee; /* SIM_COMPANY_KINDS: one of the payers */
    int64_t period_days;    /* 0: once */
} gathering_kind;

static const gathering_kind kinds[] = {
    /* cash on delivery, handed over in the evening */
    {"courier", 250, 2, 18, 45, 15, 400, 1, 2 * SIM_MINUTE, 25 * SIM_MINUTE, 8, 10 * SIM_MINUTE, 50 * SIM_MINUTE, 96,
     SIM_COURIER_FIRM, 1},
    /* 社区团购: neighbours order, the leader buys */
    {"group purchase", 300, 2, 12, 60, 20, 160, 1, 5 * SIM_SECOND, 4 * SIM_MINUTE, 19, 8 * SIM_HOUR, 14 * SIM_HOUR, 90,
     SIM_SUPPLIER, 7},
    /* 份子钱, then the banquet */
    {"wedding", 900, 1, 40, 150, 200, 1200, 100, 10 * SIM_SECOND, 3 * SIM_MINUTE, 10, 3 * SIM_HOUR, 30 * SIM_HOUR, 80,
     SIM_BANQUET_HALL, 0},
    /* 标会: each puts in, one takes all */
    {"chit fund", 700, 1, 10, 24, 1000, 1000, 1000, 20 * SIM_SECOND, 20 * SIM_MINUTE, 18, 2 * SIM_MINUTE, 3 * SIM_HOUR,
     100, SIM_COMPANY_KINDS, 30},
    /* 首付: relatives lend, the developer is paid */
    {"home buyer", 1200, 1, 4, 10, 3000, 60000, 1000, 4 * SIM_MINUTE, 5 * SIM_HOUR, 9, SIM_HOUR, 26 * SIM_HOUR, 100,
     SIM_DEVELOPER, 0}};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

const char *sim_gathering_name(uint8_t kind) {
    return kinds[kind].name;
}

static void round_begin(sim *sim, uint32_t number, int64_t day_ms) {
    sim_gathering *gathering = &sim->gatherings[number];
    const gathering_kind *kind = &kinds[gathering->kind];
    gathering->left = (uint32_t)random_between(&sim->life, kind->payers_low, kind->payers_high);
    gathering->taken_fen = 0;
    int64_t time_ms =
        sim_midnight(day_ms) + kind->hour_first * SIM_HOUR + random_between(&sim->life, 0, 90 * SIM_MINUTE);
    sim_push(sim, time_ms, SIM_EVENT_GATHER, number, 0);
}

void sim_gatherings_begin(sim *sim) {
    random_stream *life = &sim->life;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const gathering_kind *kind = &kinds[i];
        uint32_t count = sim->options->people / kind->people_each;
        count = count > kind->at_least ? count : kind->at_least;
        for (uint32_t j = 0; j < count; j++) {
            if (!SIM_RESERVE(sim, sim->gatherings, sim->gathering_capacity, sim->gathering_count)) {
                return;
            }
            uint32_t host = (uint32_t)random_below(life, sim->resident_count), payee = SIM_NONE;
            if (kind->payee != SIM_COMPANY_KINDS) {
                uint64_t which = random_below(life, sim->company_count[kind->payee]);
                payee = sim->companies[sim->company_first[kind->payee] + which].account;
            }
            uint32_t number = (uint32_t)sim->gathering_count++;
            sim->gatherings[number] =
                (sim_gathering){.kind = (uint8_t)i, .host = sim->people[host].main, .payee = payee};
            int64_t spread_days = kind->period_days == 0 ? sim->options->days : kind->period_days;
            round_begin(sim, number, sim->start_ms + (int64_t)random_below(life, (uint64_t)spread_days) * TIME_DAY_MS);
        }
    }
}

static void gather_one(sim *sim, sim_gathering *gathering, const gathering_kind *kind, int64_t time_ms) {
    random_stream *life = &sim->life;
    const sim_person *payer = &sim->people[random_below(life, sim->resident_count)];
    int64_t steps = (kind->amount_high_yuan - kind->amount_low_yuan) / kind->amount_step_yuan;
    int64_t amount_fen = (kind->amount_low_yuan + random_between(life, 0, steps) * kind->amount_step_yuan) * SIM_YUAN;
    if (sim_pay(sim, time_ms, payer->main, gathering->host, amount_fen) != 0) {
        gathering->taken_fen += amount_fen;
        if (kind->payee == SIM_COMPANY_KINDS) {
            gathering->payee = payer->main;
        }
    }
}

void sim_gather(sim *sim, const sim_event *event) {
    sim_gathering *gathering = &sim->gatherings[event->subject];
    const gathering_kind *kind = &kinds[gathering->kind];
    if (gathering->left > 0) {
        gathering->left--;
        gather_one(sim, gathering, kind, event->time_ms);
        int64_t gap_ms = gathering->left > 0 ? random_between(&sim->life, kind->gap_low_ms, kind->gap_high_ms)
                                             : random_between(&sim->life, kind->payout_low_ms, kind->payout_high_ms);
        sim_push(sim, event->time_ms + gap_ms, SIM_EVENT_GATHER, event->subject, 0);
        return;
    }
    if (gathering->payee != SIM_NONE) {
        (void)sim_pay(sim, event->time_ms, gathering->host, gathering->payee,
                      gathering->taken_fen * kind->payout_percent / 100);
    }
    if (kind->period_days > 0) {
        round_begin(sim, event->subject, event->time_ms + kind->period_days * TIME_DAY_MS);
    }
}
