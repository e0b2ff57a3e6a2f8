/* Victims: who meets which script (scripts.c), and when; each walks it step by step, as long as there is money and
 * belief.
 *
 * A payment goes to another first-layer card, or to the same one where the script says so. Before a large one the crew
 * tests the cards it will use with ¥100–500, at most an hour ahead. What victims pay in counts as lost; rebates and
 * other credits come from the crew's own account. From 30 victims on each script is met by some; the rest is drawn by
 * weight. */
#include "sim/script.h"

enum { PEOPLE_DAYS_PER_VICTIM = 2500, SCRIPT_FLOOR_MAX = 8, VICTIMS_AT_LEAST = 6, TRIES_MAX = 4 };
#define LARGE_WEALTH_FEN (2600000 * SIM_YUAN)
#define DEMO_WEALTH_FEN (268000 * SIM_YUAN)
#define TEST_WORTH_FEN (8000 * SIM_YUAN) /* a payment from here on is tested for */

const char *sim_fraud_type(uint8_t script) {
    return sim_scripts[script].fraud_type;
}

bool sim_fraud_is_demo(uint8_t script) {
    return sim_scripts[script].is_demo;
}

uint32_t sim_victims_planned(const sim *sim) {
    return (uint32_t)((uint64_t)sim->options->people * sim->options->days / PEOPLE_DAYS_PER_VICTIM) + VICTIMS_AT_LEAST;
}

/* ---- who and when ---- */

/* The script of victim `place` (from 0, the two set ones not counted) of `count`: all in turn, then by weight. */
static uint8_t draw_script(random_stream *crime, uint32_t place, uint32_t count) {
    const uint32_t common = SCRIPT_COUNT - SCRIPT_COMMON;
    uint32_t turns = count / (2 * common);
    if (place < (turns < SCRIPT_FLOOR_MAX ? turns : SCRIPT_FLOOR_MAX) * common) {
        return (uint8_t)(SCRIPT_COMMON + place % common);
    }
    uint64_t total = 0;
    for (size_t i = SCRIPT_COMMON; i < SCRIPT_COUNT; i++) {
        total += sim_scripts[i].weight;
    }
    uint64_t point = random_below(crime, total);
    uint8_t script = SCRIPT_COMMON;
    for (; point >= sim_scripts[script].weight; script++) {
        point -= sim_scripts[script].weight;
    }
    return script;
}

/* When somebody is there to be deceived: not at four in the morning, and a treasurer in the office. */
static int64_t awake(sim *sim, int64_t time_ms, script_hours hours) {
    int64_t hour = sim_local_hour(time_ms), midnight = sim_midnight(time_ms);
    if (hours == HOURS_AWAKE) {
        return hour >= 8 ? time_ms : midnight + 8 * SIM_HOUR + random_between(&sim->crime, 0, 3 * SIM_HOUR);
    }
    return hours == HOURS_SITTING ? time_ms : sim_office_time(&sim->crime, time_ms);
}

static int64_t beginning(sim *sim, int64_t time_ms, script_hours hours) {
    int64_t hour = sim_local_hour(time_ms), midnight = sim_midnight(time_ms);
    if (hours != HOURS_SITTING || (hour >= 9 && hour < 21)) {
        return awake(sim, time_ms, hours);
    }
    return midnight + (hour < 9 ? 0 : TIME_DAY_MS) + random_between(&sim->crime, 9 * SIM_HOUR, 21 * SIM_HOUR);
}

static int64_t held_fen(const sim *sim, uint32_t account, int64_t time_ms) {
    return sim_is_open(sim, account, time_ms) ? sim->accounts[account].balance_fen : 0;
}

static int64_t person_wealth_fen(const sim *sim, const sim_person *person, int64_t time_ms) {
    return held_fen(sim, person->main, time_ms) + held_fen(sim, person->second, time_ms);
}

static int64_t wealth_fen(const sim *sim, const sim_victim *victim, int64_t time_ms) {
    return (victim->holder & SIM_COMPANY_HOLDER) != 0 ? held_fen(sim, victim->account, time_ms)
                                                      : person_wealth_fen(sim, &sim->people[victim->person], time_ms);
}

/* Whoever has nothing is no victim, and nobody is one twice. */
static bool can_be_victim(const sim *sim, const sim_person *person, const script *script, int64_t time_ms) {
    bool is_of_age = script->victim == VICTIM_YOUNG ? person->age >= 16 && person->age <= 32 : person->age >= 18;
    return !person->is_victim && is_of_age &&
           person_wealth_fen(sim, person, time_ms) >= script->wealth_min_yuan * SIM_YUAN;
}

static bool choose_person(sim *sim, sim_victim *victim, int64_t time_ms) {
    const script *script = &sim_scripts[victim->script];
    uint32_t person = (uint32_t)random_below(&sim->crime, sim->resident_count);
    for (uint32_t i = 0; i < sim->resident_count; i++, person = (person + 1) % sim->resident_count) {
        if (can_be_victim(sim, &sim->people[person], script, time_ms)) {
            sim->people[person].is_victim = true;
            victim->person = victim->holder = person;
            victim->account = sim->people[person].main;
            return true;
        }
    }
    return false;
}

static bool choose_company(sim *sim, sim_victim *victim, sim_company_kind kind) {
    int64_t least_fen = sim_scripts[victim->script].wealth_min_yuan * SIM_YUAN;
    uint32_t count = sim->company_count[kind], place = (uint32_t)random_below(&sim->crime, count);
    for (uint32_t i = 0; i < count; i++, place = (place + 1) % count) {
        uint32_t number = sim->company_first[kind] + place;
        sim_company *company = &sim->companies[number];
        if (!company->is_victim && sim->accounts[company->account].balance_fen >= least_fen) {
            company->is_victim = true;
            victim->person = company->owner;
            victim->holder = number | SIM_COMPANY_HOLDER;
            victim->account = company->account;
            return true;
        }
    }
    return false;
}

static bool choose_victim(sim *sim, sim_victim *victim, int64_t time_ms) {
    switch (sim_scripts[victim->script].victim) {
    case VICTIM_EMPLOYER:
        return choose_company(sim, victim, SIM_EMPLOYER);
    case VICTIM_SHOP:
        return choose_company(sim, victim, SIM_SHOP);
    default:
        return choose_person(sim, victim, time_ms);
    }
}

/* The login that comes some seconds before what the victim does. */
static void victim_login(sim *sim, const sim_victim *victim, int64_t time_ms) {
    bool is_company = (victim->holder & SIM_COMPANY_HOLDER) != 0;
    uint32_t device = victim->remote ? sim_gang_device(sim, victim->gang, victim->person)
                      : is_company   ? sim_company_device(sim, victim->holder & ~SIM_COMPANY_HOLDER)
                                     : victim->person;
    sim_login_at(sim, time_ms - random_between(&sim->crime, 12 * SIM_SECOND, 150 * SIM_SECOND), victim->account,
                 device);
}

static void victim_new(sim *sim, uint8_t number_of_script, uint32_t gang, int64_t fixed_wealth_fen) {
    random_stream *crime = &sim->crime;
    if (!SIM_RESERVE(sim, sim->victims, sim->victim_capacity, sim->victim_count)) {
        return;
    }
    const script *script = &sim_scripts[number_of_script];
    uint32_t number = (uint32_t)sim->victim_count++;
    sim_victim *victim = &sim->victims[number];
    *victim = (sim_victim){.gang = gang,
                           .script = number_of_script,
                           .payee = SIM_NONE,
                           .steady = SIM_NONE,
                           .remote = random_chance(crime, script->remote_percent, 100)};
    if (!choose_victim(sim, victim, sim->start_ms)) { /* a small town: there is nobody left */
        sim->victim_count--;
        return;
    }
    sim->gangs[gang].victims++;
    if (fixed_wealth_fen > 0) {
        sim->people[victim->person].is_set = true;
        sim_account *account = &sim->accounts[victim->account];
        account->opening_fen = account->balance_fen = fixed_wealth_fen;
    }
    int64_t span_ms = sim->end_ms - sim->start_ms - script->duration_max_min * SIM_MINUTE;
    int64_t start_ms =
        script->is_demo
            ? sim->end_ms - script->duration_max_min * SIM_MINUTE - random_between(crime, 0, SIM_MINUTE)
            : beginning(sim, sim->start_ms + random_between(crime, 0, span_ms > 0 ? span_ms : 0), script->hours);
    victim_login(sim, victim, start_ms);
    sim_push(sim, start_ms, SIM_EVENT_VICTIM, number, 0);
}

void sim_fraud_begin(sim *sim) {
    victim_new(sim, SCRIPT_LARGE, 0, LARGE_WEALTH_FEN);
    victim_new(sim, SCRIPT_DEMO, 1, DEMO_WEALTH_FEN);
    uint32_t count = sim_victims_planned(sim) - 2;
    for (uint32_t i = 0; i < count && sim->result == SLUICE_OK; i++) {
        victim_new(sim, draw_script(&sim->crime, i, count), (i + 2) % (uint32_t)sim->gang_count, 0);
    }
}

/* ---- steps ---- */

/* Rounded as people round: to ¥1,000 from ¥10,000 on, to ¥100 from ¥1,000 on. */
static int64_t round_as_people(int64_t amount_fen) {
    int64_t step_fen = amount_fen >= 10000 * SIM_YUAN  ? 1000 * SIM_YUAN
                       : amount_fen >= 1000 * SIM_YUAN ? 100 * SIM_YUAN
                                                       : 10 * SIM_YUAN;
    return amount_fen / step_fen * step_fen;
}

static int64_t step_amount(sim *sim, const sim_victim *victim, const script_step *step, int64_t time_ms) {
    int64_t draw = random_between(&sim->crime, step->low, step->high);
    switch (step->kind) {
    case STEP_PAY_YUAN: {
        int64_t wanted_fen = draw * SIM_YUAN, wealth = wealth_fen(sim, victim, time_ms);
        return round_as_people(wanted_fen < wealth ? wanted_fen : wealth);
    }
    case STEP_LOAN_YUAN:
    case STEP_CREDIT_YUAN:
        return round_as_people(draw * SIM_YUAN);
    case STEP_PAY_WEALTH_PERCENT:
        return round_as_people(wealth_fen(sim, victim, time_ms) / 100 * draw);
    case STEP_PAY_BALANCE_PERCENT:
        return round_as_people(sim->accounts[victim->account].balance_fen / 100 * draw);
    case STEP_PAY_PAID_PERCENT:
        return round_as_people(victim->paid_fen / 100 * draw);
    case STEP_REBATE_PERCENT:
        return victim->last_paid_fen / 100 * draw / SIM_YUAN * SIM_YUAN;
    case STEP_GATHER_RELATIVE: {
        uint32_t relative = sim->people[victim->person].relative;
        return round_as_people(sim->accounts[sim->people[relative].main].balance_fen / 100 * draw);
    }
    case STEP_GATHER_OWN:
        break;
    }
    return 0;
}

/* Brings money from another account of the victim. */
static void fetch(sim *sim, const sim_victim *victim, int64_t time_ms, uint32_t account, int64_t amount_fen) {
    if (account != SIM_NONE && amount_fen > 0) {
        int64_t there_fen = held_fen(sim, account, time_ms);
        (void)sim_pay(sim, time_ms, account, victim->account, amount_fen < there_fen ? amount_fen : there_fen);
    }
}

static void gather_own(sim *sim, const sim_victim *victim, int64_t time_ms) {
    const sim_person *person = &sim->people[victim->person];
    if (victim->holder == victim->person) {
        uint32_t account = person->second != SIM_NONE ? person->second : person->third;
        fetch(sim, victim, time_ms, account, held_fen(sim, account, time_ms) / SIM_YUAN * SIM_YUAN);
    }
}

/* The card to pay: the one that was tested, the steady one, else a new one. */
static uint32_t choose_payee(sim *sim, sim_victim *victim) {
    uint32_t payee = victim->payee;
    if (sim_scripts[victim->script].payee == PAYEE_STEADY && victim->steady != SIM_NONE) {
        payee = victim->steady;
    }
    if (payee == SIM_NONE || sim->accounts[sim->mules[payee].account].blocked || sim->mules[payee].kept) {
        sim->gangs[victim->gang].cursor[1]++; /* ever new payees */
        payee = sim_gang_pick(sim, victim->gang, 1, 1);
    }
    victim->payee = SIM_NONE;
    victim->steady = payee;
    return payee;
}

/* Pays the crew. False: the victim cannot any more, or no card is left to pay. */
static bool victim_pay(sim *sim, uint32_t number, int64_t time_ms, int64_t amount_fen) {
    sim_victim *victim = &sim->victims[number];
    uint32_t payee = choose_payee(sim, victim);
    if (payee == SIM_NONE || amount_fen < 50 * SIM_YUAN) {
        return false;
    }
    if (victim->holder == victim->person) {
        fetch(sim, victim, time_ms, sim->people[victim->person].second,
              amount_fen - sim->accounts[victim->account].balance_fen);
    }
    const sim_account *from = &sim->accounts[victim->account], *to = &sim->accounts[sim->mules[payee].account];
    uint64_t transfer = sim_pay(sim, time_ms, victim->account, sim->mules[payee].account, amount_fen);
    if (transfer == 0 || !SIM_RESERVE(sim, victim->payments, victim->payment_capacity, victim->payment_count)) {
        return false;
    }
    victim->payments[victim->payment_count++] = (sim_payment){transfer, amount_fen};
    victim->paid_fen += amount_fen;
    victim->last_paid_fen = amount_fen;
    victim->last_paid_ms = sim->last_ms;
    victim->first_paid_ms = victim->payment_count == 1 ? sim->last_ms : victim->first_paid_ms;
    sim_write_leg(sim, &(sim_leg){number,
                                  transfer,
                                  false,
                                  1,
                                  sim->last_ms,
                                  {from->key, from->key_length},
                                  {to->key, to->key_length},
                                  amount_fen});
    sim_mule_receive(sim, sim->last_ms, payee, number, amount_fen);
    return true;
}

static void victim_end(sim *sim, uint32_t number, int64_t time_ms) {
    sim_victim *victim = &sim->victims[number];
    const script *script = &sim_scripts[victim->script];
    victim->ended = true;
    if (victim->payment_count > 0) {
        int64_t wait_ms = random_between(&sim->crime, script->report_low_min, script->report_high_min) * SIM_MINUTE;
        sim_push(sim, awake(sim, time_ms + wait_ms, HOURS_AWAKE), SIM_EVENT_REPORT, number, 0);
    } else if (victim->tries++ < TRIES_MAX && choose_victim(sim, victim, time_ms)) { /* who had nothing is no victim */
        victim->ended = false;
        victim->step = 0;
        victim->received_fen = 0;
        victim->payee = victim->steady = SIM_NONE;
        int64_t next_ms = beginning(sim, time_ms + random_between(&sim->crime, SIM_HOUR, TIME_DAY_MS), script->hours);
        victim_login(sim, victim, next_ms);
        sim_push(sim, next_ms, SIM_EVENT_VICTIM, number, 0);
    }
}

static bool is_payment(const script_step *step) {
    return step->kind <= STEP_PAY_PAID_PERCENT;
}

/* Worth testing the cards for. */
static bool is_large(const sim *sim, const sim_victim *victim, const script_step *step, int64_t time_ms) {
    return (step->kind == STEP_PAY_YUAN && step->low * SIM_YUAN >= TEST_WORTH_FEN) ||
           (step->kind == STEP_PAY_WEALTH_PERCENT &&
            wealth_fen(sim, victim, time_ms) / 100 * step->low >= TEST_WORTH_FEN) ||
           (step->kind == STEP_PAY_BALANCE_PERCENT &&
            sim->accounts[victim->account].balance_fen / 100 * step->low >= TEST_WORTH_FEN);
}

/* Puts the next step into the queue, and a test transfer before it when it will be large. */
static void step_plan(sim *sim, uint32_t number, int64_t time_ms) {
    sim_victim *victim = &sim->victims[number];
    const script *script = &sim_scripts[victim->script];
    const script_step *step = &script->steps[victim->step];
    int64_t gap_ms = random_between(&sim->crime, step->gap_low_min * SIM_MINUTE, step->gap_high_min * SIM_MINUTE);
    int64_t next_ms = awake(sim, time_ms + gap_ms, script->hours);
    int64_t room_min = (next_ms - time_ms) / SIM_MINUTE;
    bool is_known = script->payee == PAYEE_STEADY && victim->steady != SIM_NONE;
    if (room_min > 12 && !is_known && is_large(sim, victim, step, time_ms)) {
        int64_t ahead_ms = random_between(&sim->crime, 10 * SIM_MINUTE, (room_min < 50 ? room_min : 50) * SIM_MINUTE);
        victim->test_fen = random_between(&sim->crime, 10, 50) * 10 * SIM_YUAN;
        sim_push(sim, next_ms - ahead_ms, SIM_EVENT_TEST, number, 1);
    }
    if (is_payment(step) && room_min >= 3) {
        victim_login(sim, victim, next_ms);
    } else if (step->kind == STEP_REBATE_PERCENT || step->kind == STEP_CREDIT_YUAN) {
        sim_login_at(sim, next_ms - random_between(&sim->crime, 8 * SIM_SECOND, 60 * SIM_SECOND),
                     sim->gangs[victim->gang].operating, sim_gang_device(sim, victim->gang, 0));
    }
    sim_push(sim, next_ms, SIM_EVENT_VICTIM, number, 0);
}

/* Money comes to the victim: from the crew, from a lender, from a relative, from his other accounts. */
static void step_receive(sim *sim, sim_victim *victim, step_kind kind, int64_t time_ms, int64_t amount_fen) {
    if (kind == STEP_GATHER_OWN) {
        gather_own(sim, victim, time_ms);
    } else if (kind == STEP_GATHER_RELATIVE) {
        uint32_t relative = sim->people[victim->person].relative;
        (void)sim_pay(sim, time_ms, sim->people[relative].main, victim->account, amount_fen);
    } else if (kind == STEP_LOAN_YUAN) {
        uint64_t lender = random_below(&sim->crime, sim->company_count[SIM_LENDER]);
        (void)sim_pay(sim, time_ms, sim->companies[sim->company_first[SIM_LENDER] + lender].account, victim->account,
                      amount_fen);
    } else if (sim_pay(sim, time_ms, sim->gangs[victim->gang].operating, victim->account, amount_fen) != 0) {
        victim->received_fen += amount_fen;
    }
}

void sim_victim_step(sim *sim, const sim_event *event) {
    sim_victim *victim = &sim->victims[event->subject];
    const script *script = &sim_scripts[victim->script];
    const script_step *step = &script->steps[victim->step];
    if (random_chance(&sim->crime, step->leave_percent, 100)) {
        victim_end(sim, event->subject, event->time_ms);
        return;
    }
    if (!random_chance(&sim->crime, step->skip_percent, 100)) {
        int64_t amount_fen = step_amount(sim, victim, step, event->time_ms);
        if (!is_payment(step)) {
            step_receive(sim, victim, step->kind, event->time_ms, amount_fen);
        } else if (!victim_pay(sim, event->subject, event->time_ms, amount_fen)) {
            victim_end(sim, event->subject, event->time_ms);
            return;
        }
    }
    if (++victim->step == script->step_count) {
        victim_end(sim, event->subject, event->time_ms);
    } else {
        step_plan(sim, event->subject, event->time_ms);
    }
}

/* The crew's own ¥100–500 goes down the cards that the large payment will take: one hop an event. */
void sim_victim_test(sim *sim, const sim_event *event) {
    sim_victim *victim = &sim->victims[event->subject];
    sim_gang *gang = &sim->gangs[victim->gang];
    uint8_t layer = (uint8_t)event->detail;
    if (layer == 1) { /* a new case takes cards that have not been used */
        for (uint8_t i = 1; i <= gang->layers; i++) {
            gang->cursor[i]++;
        }
        victim->test_from = gang->operating;
    }
    uint32_t target = sim_gang_pick(sim, victim->gang, layer, 1);
    if (target == SIM_NONE) {
        return;
    }
    sim_mule *mule = &sim->mules[target];
    if (sim_pay(sim, event->time_ms, victim->test_from, mule->account, victim->test_fen) == 0) {
        return;
    }
    mule->tested = true;
    sim_mule_login(sim, sim->last_ms + random_between(&sim->crime, SIM_SECOND, 8 * SIM_SECOND), target);
    victim->test_from = mule->account;
    if (layer == 1) {
        victim->payee = target;
    }
    if (layer < gang->layers) {
        sim_push(sim, event->time_ms + random_between(&sim->crime, 10 * SIM_SECOND, 70 * SIM_SECOND), SIM_EVENT_TEST,
                 event->subject, layer + 1U);
    }
}

void sim_victim_report(sim *sim, const sim_event *event) {
    sim->victims[event->subject].reported_ms = event->time_ms;
    sim_push(sim, event->time_ms + random_between(&sim->crime, 10 * SIM_MINUTE, 50 * SIM_MINUTE), SIM_EVENT_STOP,
             event->subject, 0);
}

/* Some of the first layer is stopped for most reports; further layers for none: that is what tracing is for. */
void sim_victim_stop(sim *sim, const sim_event *event) {
    const sim_victim *victim = &sim->victims[event->subject];
    if (sim_scripts[victim->script].is_demo || !random_chance(&sim->crime, 6, 10)) {
        return;
    }
    const sim_gang *gang = &sim->gangs[victim->gang];
    for (uint32_t i = 0; i < gang->layer_count[1]; i++) {
        const sim_mule *mule = &sim->mules[gang->layer_first[1] + i];
        bool was_paid = mule->used && mule->last_victim == event->subject;
        if (was_paid && random_chance(&sim->crime, 1, 2)) {
            sim_block(sim, event->time_ms, mule->account);
        }
    }
}
