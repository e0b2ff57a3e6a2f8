/* Innocent people whose accounts look like a mule's, a victim's or a crew's. A detector that cannot tell them from
 * those fails here first; truth/lookalikes.csv names them.
 *
 * Each has one event in the queue: the next movement of its round, or the next round's beginning. Whoever is at home
 * logs in some seconds before paying out. */
#include "sim/lookalike.h"

const char *sim_lookalike_name(uint8_t kind) {
    return sim_lookalike_kinds[kind].name;
}

/* ---- who ---- */

static bool can_host(const sim *sim, uint32_t number, lookalike_host host) {
    const sim_person *person = &sim->people[number];
    if (person->is_set) {
        return false;
    }
    switch (host) {
    case HOST_YOUNG:
        return person->age < 26;
    case HOST_OLD:
        return person->age >= 60;
    case HOST_SAVER:
        return person->second != SIM_NONE;
    case HOST_DRAWER:
        return person->third != SIM_NONE;
    default:
        return true;
    }
}

static uint32_t any_company(sim *sim, sim_company_kind kind) {
    return sim->company_first[kind] + (uint32_t)random_below(&sim->life, sim->company_count[kind]);
}

static uint32_t anybody(sim *sim) {
    return sim->people[random_below(&sim->life, sim->civilian_count)].main;
}

static void choose_host(sim *sim, sim_lookalike *lookalike, lookalike_host host) {
    random_stream *life = &sim->life;
    if (host == HOST_EMPLOYER || host == HOST_SHOP) {
        const sim_company *company = &sim->companies[any_company(sim, host == HOST_SHOP ? SIM_SHOP : SIM_EMPLOYER)];
        lookalike->account = company->account;
        lookalike->person = company->owner;
        return;
    }
    if (host == HOST_DEALER) {
        const sim_dealer *dealer = &sim->dealers[random_below(life, sim->dealer_count)];
        lookalike->account = dealer->account;
        lookalike->person = sim->accounts[dealer->account].holder;
        lookalike->steady = dealer->wallet;
        return;
    }
    uint32_t first = host == HOST_OUTSIDER ? sim->resident_count : 0;
    uint32_t count = host == HOST_OUTSIDER ? sim->civilian_count - first : sim->resident_count;
    uint32_t place = (uint32_t)random_below(life, count);
    for (uint32_t i = 0; i < count && !can_host(sim, first + place, host); i++) { /* a tenth can, at least */
        place = (place + 1) % count;
    }
    uint32_t number = first + place;
    const sim_person *person = &sim->people[number];
    lookalike->person = number;
    lookalike->account = host == HOST_DRAWER && person->third != SIM_NONE ? person->third : person->main;
}

/* Whose account is on the other side. SIM_NONE: nobody's. */
static uint32_t party_account(sim *sim, const sim_lookalike *lookalike, const lookalike_flow *flow) {
    const sim_person *person = &sim->people[lookalike->person];
    switch (flow->party) {
    case PARTY_ANYBODY:
        return anybody(sim);
    case PARTY_FRIEND:
    case PARTY_DEALER:
        return lookalike->friend;
    case PARTY_STEADY:
    case PARTY_COMPANY:
    case PARTY_WALLET:
        return lookalike->steady;
    case PARTY_RELATIVE:
        return person->relative == SIM_NONE ? SIM_NONE : sim->people[person->relative].main;
    case PARTY_OWN:
        return lookalike->account != person->main ? person->main : person->second;
    case PARTY_PAYER:
        return lookalike->payer;
    case PARTY_COMPANIES:
        return sim->companies[any_company(sim, flow->company)].account;
    case PARTY_NONE:
    case PARTY_MACHINE:
    case PARTY_COUNTER:
        break;
    }
    return SIM_NONE;
}

static bool has_party(const lookalike_kind *kind, lookalike_party party) {
    return kind->in.party == party || kind->out.party == party;
}

/* Nobody logs in to draw cash. */
static bool is_cash(const lookalike_kind *kind) {
    return kind->out.party == PARTY_MACHINE || kind->out.party == PARTY_COUNTER;
}

/* ---- when ---- */

static void login_before(sim *sim, const sim_lookalike *lookalike, int64_t time_ms, int64_t most_ms) {
    sim_login_at(sim, time_ms - random_between(&sim->life, 300, most_ms), lookalike->account,
                 sim_person_device(sim, lookalike->person));
}

static void round_begin(sim *sim, uint32_t number, int64_t day_ms) {
    random_stream *life = &sim->life;
    sim_lookalike *lookalike = &sim->lookalikes[number];
    const lookalike_kind *kind = &sim_lookalike_kinds[lookalike->kind];
    lookalike->in_left = (uint32_t)random_between(life, kind->in.count_low, kind->in.count_high);
    lookalike->out_left = (uint32_t)random_between(life, kind->out.count_low, kind->out.count_high);
    lookalike->taken_fen = 0;
    lookalike->has_tested = !random_chance(life, kind->test_percent, 100);
    lookalike->friend =
        has_party(kind, PARTY_DEALER) ? sim->dealers[random_below(life, sim->dealer_count)].account : anybody(sim);
    int64_t midnight = sim_midnight(day_ms);
    while (kind->is_office && !sim_is_working_day(midnight)) {
        midnight += TIME_DAY_MS;
    }
    int64_t time_ms = midnight + kind->hour_first * SIM_HOUR + random_between(life, 0, kind->hour_spread_ms);
    if (lookalike->in_left == 0 && !is_cash(kind)) {
        login_before(sim, lookalike, time_ms, 90 * SIM_SECOND);
    }
    sim_push(sim, time_ms, SIM_EVENT_LOOKALIKE, number, 0);
}

static void lookalike_new(sim *sim, uint8_t kind_number) {
    random_stream *life = &sim->life;
    const lookalike_kind *kind = &sim_lookalike_kinds[kind_number];
    if (!SIM_RESERVE(sim, sim->lookalikes, sim->lookalike_capacity, sim->lookalike_count)) {
        return;
    }
    uint32_t number = (uint32_t)sim->lookalike_count++;
    sim_lookalike *lookalike = &sim->lookalikes[number];
    *lookalike = (sim_lookalike){.kind = kind_number, .steady = SIM_NONE, .payer = SIM_NONE};
    choose_host(sim, lookalike, kind->host);
    if (lookalike->steady == SIM_NONE) {
        const lookalike_flow *flow = kind->out.party == PARTY_COMPANY ? &kind->out : &kind->in;
        lookalike->steady =
            flow->party == PARTY_COMPANY ? sim->companies[any_company(sim, flow->company)].account : anybody(sim);
    }
    int64_t spread_days = kind->period_high_days == 0 ? sim->options->days : kind->period_high_days;
    round_begin(sim, number, sim->start_ms + (int64_t)random_below(life, (uint64_t)spread_days) * TIME_DAY_MS);
}

void sim_lookalikes_begin(sim *sim) {
    for (size_t i = 0; i < sim_lookalike_kind_count; i++) {
        uint32_t count = sim->options->people / sim_lookalike_kinds[i].people_each;
        count = count > sim_lookalike_kinds[i].at_least ? count : sim_lookalike_kinds[i].at_least;
        for (uint32_t j = 0; j < count && sim->result == SLUICE_OK; j++) {
            lookalike_new(sim, (uint8_t)i);
        }
    }
}

/* ---- what ---- */

static int64_t flow_amount(sim *sim, const sim_lookalike *lookalike, const lookalike_flow *flow, uint32_t payer) {
    int64_t step_fen = flow->step_yuan == 0 ? 1 : flow->step_yuan * SIM_YUAN, amount_fen;
    if (flow->basis == BASIS_YUAN) {
        int64_t step = flow->step_yuan == 0 ? 1 : flow->step_yuan;
        amount_fen = (flow->low + random_between(&sim->life, 0, (flow->high - flow->low) / step) * step) * SIM_YUAN;
        return flow->step_yuan == 0 ? amount_fen + random_between(&sim->life, 0, 99) : amount_fen;
    }
    int64_t of_fen = flow->basis == BASIS_PERCENT_TAKEN ? lookalike->taken_fen : sim->accounts[payer].balance_fen;
    amount_fen = of_fen * random_between(&sim->life, flow->low, flow->high) / 100;
    return amount_fen / step_fen * step_fen;
}

static void take_in(sim *sim, sim_lookalike *lookalike, const lookalike_kind *kind, int64_t time_ms) {
    uint32_t payer = party_account(sim, lookalike, &kind->in);
    if (payer == SIM_NONE) {
        return;
    }
    int64_t amount_fen = flow_amount(sim, lookalike, &kind->in, payer);
    if (sim_pay(sim, time_ms, payer, lookalike->account, amount_fen) != 0) {
        lookalike->taken_fen += amount_fen;
        lookalike->payer = payer;
    }
}

static void pay_out(sim *sim, const sim_lookalike *lookalike, const lookalike_kind *kind, int64_t time_ms) {
    random_stream *life = &sim->life;
    uint32_t account = lookalike->account;
    int64_t amount_fen = flow_amount(sim, lookalike, &kind->out, account);
    if (is_cash(kind)) {
        uint32_t machine = (lookalike->person + (uint32_t)(sim_midnight(time_ms) / TIME_DAY_MS)) % SIM_MACHINES;
        machine = kind->out.party == PARTY_COUNTER ? SIM_MACHINES + machine % SIM_COUNTERS : machine;
        (void)sim_withdraw(sim, time_ms, account, amount_fen, sim->people[lookalike->person].district, machine);
        return;
    }
    uint32_t payee = party_account(sim, lookalike, &kind->out);
    if (payee == SIM_NONE) {
        return;
    }
    if (!lookalike->has_tested) {
        amount_fen = random_chance(life, 1, 3) ? random_between(life, 1, 100) * SIM_YUAN
                                               : random_between(life, 10, 50) * 10 * SIM_YUAN;
    }
    (void)sim_pay(sim, time_ms, account, payee, amount_fen);
}

void sim_lookalike_step(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    sim_lookalike *lookalike = &sim->lookalikes[event->subject];
    const lookalike_kind *kind = &sim_lookalike_kinds[lookalike->kind];
    int64_t gap_ms = 0;
    if (lookalike->in_left > 0) {
        lookalike->in_left--;
        take_in(sim, lookalike, kind, event->time_ms);
        if (lookalike->in_left > 0) {
            gap_ms = random_between(life, kind->in.gap_low_ms, kind->in.gap_high_ms);
        } else {
            gap_ms = random_between(life, kind->wait_low_ms, kind->wait_high_ms);
            if (!is_cash(kind) && lookalike->out_left > 0) {
                login_before(sim, lookalike, event->time_ms + gap_ms,
                             gap_ms < 90 * SIM_SECOND ? gap_ms : 90 * SIM_SECOND);
            }
        }
    } else if (lookalike->out_left > 0) {
        pay_out(sim, lookalike, kind, event->time_ms);
        lookalike->out_left -= lookalike->has_tested;
        gap_ms = lookalike->has_tested ? random_between(life, kind->out.gap_low_ms, kind->out.gap_high_ms)
                                       : random_between(life, SIM_MINUTE, 25 * SIM_MINUTE);
        lookalike->has_tested = true;
    }
    if (lookalike->in_left > 0 || lookalike->out_left > 0) {
        sim_push(sim, event->time_ms + gap_ms, SIM_EVENT_LOOKALIKE, event->subject, 0);
    } else if (kind->period_high_days > 0) {
        int64_t days = random_between(life, kind->period_low_days, kind->period_high_days);
        round_begin(sim, event->subject, event->time_ms + days * TIME_DAY_MS);
    }
}
