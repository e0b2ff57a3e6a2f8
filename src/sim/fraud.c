/* Victims and the scripts that are played to them: 刷单返利, fake shopping, fake investment (domain.md §6). A script is
 * a table of steps; each victim walks it, step by step, as long as there is money and belief.
 *
 * Every payment goes to another first-layer card. Before a large one the crew tests the cards it will use with
 * ¥100–500, at most an hour ahead. What victims pay in counts as lost; rebates come from the crew's own account. */
#include "sim/sim_private.h"

typedef enum step_kind { STEP_PAY_YUAN, STEP_PAY_WEALTH_PERCENT, STEP_PAY_PAID_PERCENT, STEP_REBATE_PERCENT } step_kind;

typedef struct script_step {
    step_kind kind;
    int64_t low, high;                 /* yuan or percent */
    int64_t gap_low_min, gap_high_min; /* after the step before, or the start */
    uint32_t leave_percent;            /* chance that the victim stops before it */
} script_step;

#define STEPS_MAX 8
typedef struct script {
    const char *fraud_type;
    int64_t duration_max_min; /* so that most of it fits in before the end */
    int64_t report_low_min, report_high_min;
    uint32_t share; /* of victims, in percent; 0: chosen by hand */
    bool is_demo;
    size_t step_count;
    script_step steps[STEPS_MAX];
} script;

/* clang-format off */
static const script scripts[] = {
    {"刷单返利", 3 * 1440, 30, 9 * 60, 50, false, 8, {
        {STEP_PAY_YUAN, 100, 200, 0, 0, 0},
        {STEP_REBATE_PERCENT, 105, 120, 3, 12, 0},
        {STEP_PAY_YUAN, 200, 500, 20, 120, 0},
        {STEP_REBATE_PERCENT, 105, 120, 3, 12, 0},
        {STEP_PAY_YUAN, 800, 3000, 60, 600, 0},
        {STEP_PAY_WEALTH_PERCENT, 10, 25, 30, 300, 10},
        {STEP_PAY_WEALTH_PERCENT, 25, 50, 30, 600, 15},
        {STEP_PAY_WEALTH_PERCENT, 50, 90, 30, 600, 20}}},
    {"虚假购物、服务", 2 * 1440, 300, 3 * 1440, 28, false, 2, {
        {STEP_PAY_YUAN, 300, 6000, 0, 0, 0},
        {STEP_PAY_PAID_PERCENT, 20, 60, 40, 900, 30}}},
    {"虚假网络投资理财", 12 * 1440, 120, 5 * 1440, 22, false, 7, {
        {STEP_PAY_YUAN, 1000, 5000, 0, 0, 0},
        {STEP_REBATE_PERCENT, 103, 110, 700, 1700, 0},
        {STEP_PAY_WEALTH_PERCENT, 12, 25, 300, 2000, 0},
        {STEP_PAY_WEALTH_PERCENT, 25, 50, 700, 3000, 12},
        {STEP_PAY_WEALTH_PERCENT, 40, 80, 700, 4000, 15},
        {STEP_PAY_PAID_PERCENT, 5, 15, 300, 2000, 20},
        {STEP_PAY_PAID_PERCENT, 3, 10, 200, 1500, 50}}},
    /* One person with ¥2,600,000 meets the crew of seven layers. */
    {"虚假网络投资理财", 1440, 60, 240, 0, false, 3, {
        {STEP_PAY_YUAN, 2000, 5000, 0, 0, 0},
        {STEP_REBATE_PERCENT, 105, 108, 60, 200, 0},
        {STEP_PAY_WEALTH_PERCENT, 74, 80, 200, 400, 0}}},
    /* The demonstration: an evening of tasks on the last day; the report comes when part of it can still be stopped. */
    {"刷单返利", 190, 30, 40, 0, true, 8, {
        {STEP_PAY_YUAN, 100, 200, 0, 0, 0},
        {STEP_REBATE_PERCENT, 110, 115, 4, 6, 0},
        {STEP_PAY_YUAN, 300, 500, 10, 14, 0},
        {STEP_REBATE_PERCENT, 110, 115, 4, 6, 0},
        {STEP_PAY_YUAN, 1800, 3000, 15, 20, 0},
        {STEP_PAY_YUAN, 12000, 20000, 22, 26, 0},
        {STEP_PAY_YUAN, 38000, 58000, 30, 34, 0},
        {STEP_PAY_YUAN, 96000, 128000, 36, 40, 0}}}};
/* clang-format on */
enum { SCRIPT_COUNT = sizeof scripts / sizeof *scripts, SCRIPT_LARGE = 3, SCRIPT_DEMO = 4 };

enum { PEOPLE_DAYS_PER_VICTIM = 8000 };
#define LARGE_WEALTH_FEN (2600000 * SIM_YUAN)
#define DEMO_WEALTH_FEN (268000 * SIM_YUAN)
#define WEALTH_MIN_FEN (9000 * SIM_YUAN)
#define TEST_WORTH_FEN (8000 * SIM_YUAN) /* a payment from here on is tested for */

const char *sim_fraud_type(uint8_t script) {
    return scripts[script].fraud_type;
}

bool sim_fraud_is_demo(uint8_t script) {
    return scripts[script].is_demo;
}

uint32_t sim_victims_planned(const sim *sim) {
    return (uint32_t)((uint64_t)sim->options->people * sim->options->days / PEOPLE_DAYS_PER_VICTIM) + 6;
}

static uint8_t draw_script(random_stream *crime) {
    uint64_t point = random_below(crime, 100);
    uint8_t script = 0;
    for (; point >= scripts[script].share; script++) {
        point -= scripts[script].share;
    }
    return script;
}

/* Nobody pays at four in the morning. */
static int64_t awake(sim *sim, int64_t time_ms) {
    int64_t hour = sim_local_hour(time_ms);
    return hour >= 8 ? time_ms : sim_midnight(time_ms) + 8 * SIM_HOUR + random_between(&sim->crime, 0, 3 * SIM_HOUR);
}

static int64_t wealth_fen(const sim *sim, const sim_person *person) {
    return sim->accounts[person->main].balance_fen +
           (person->second == SIM_NONE ? 0 : sim->accounts[person->second].balance_fen);
}

/* Whoever has nothing is no victim, and nobody is one twice. */
static bool can_be_victim(const sim *sim, const sim_person *person) {
    return !person->is_victim && person->age >= 18 && wealth_fen(sim, person) >= WEALTH_MIN_FEN;
}

static void victim_new(sim *sim, uint8_t script, uint32_t gang, int64_t fixed_wealth_fen) {
    random_stream *crime = &sim->crime;
    if (!SIM_RESERVE(sim, sim->victims, sim->victim_capacity, sim->victim_count)) {
        return;
    }
    uint32_t number = (uint32_t)sim->victim_count++;
    uint32_t person = (uint32_t)random_below(crime, sim->resident_count);
    for (uint32_t i = 0; i < sim->resident_count && !can_be_victim(sim, &sim->people[person]); i++) {
        person = (person + 1) % sim->resident_count;
    }
    sim->people[person].is_victim = true;
    sim->victims[number] = (sim_victim){.person = person, .gang = gang, .script = script, .payee = SIM_NONE};
    sim->gangs[gang].victims++;
    if (fixed_wealth_fen > 0) {
        sim_account *account = &sim->accounts[sim->people[person].main];
        account->opening_fen = account->balance_fen = fixed_wealth_fen;
    }
    int64_t span_ms = sim->end_ms - sim->start_ms - scripts[script].duration_max_min * SIM_MINUTE;
    int64_t start_ms = scripts[script].is_demo
                           ? sim->end_ms - scripts[script].duration_max_min * SIM_MINUTE
                           : awake(sim, sim->start_ms + random_between(crime, 0, span_ms > 0 ? span_ms : 0));
    sim_push(sim, start_ms, SIM_EVENT_VICTIM, number, 0);
}

void sim_fraud_begin(sim *sim) {
    victim_new(sim, SCRIPT_LARGE, 0, LARGE_WEALTH_FEN);
    victim_new(sim, SCRIPT_DEMO, 1, DEMO_WEALTH_FEN);
    for (uint32_t i = 2; i < sim_victims_planned(sim) && sim->result == SLUICE_OK; i++) {
        victim_new(sim, draw_script(&sim->crime), i % (uint32_t)sim->gang_count, 0);
    }
}

/* Rounded as people round: to ¥1,000 from ¥10,000 on, to ¥100 from ¥1,000 on. */
static int64_t round_as_people(int64_t amount_fen) {
    int64_t step_fen = amount_fen >= 10000 * SIM_YUAN  ? 1000 * SIM_YUAN
                       : amount_fen >= 1000 * SIM_YUAN ? 100 * SIM_YUAN
                                                       : 10 * SIM_YUAN;
    return amount_fen / step_fen * step_fen;
}

static int64_t step_amount(sim *sim, const sim_victim *victim, const script_step *step) {
    int64_t draw = random_between(&sim->crime, step->low, step->high);
    switch (step->kind) {
    case STEP_PAY_YUAN:
        return round_as_people(draw * SIM_YUAN);
    case STEP_PAY_WEALTH_PERCENT:
        return round_as_people(wealth_fen(sim, &sim->people[victim->person]) / 100 * draw);
    case STEP_PAY_PAID_PERCENT:
        return round_as_people(victim->paid_fen / 100 * draw);
    case STEP_REBATE_PERCENT:
        break;
    }
    return victim->last_paid_fen / 100 * draw / SIM_YUAN * SIM_YUAN;
}

/* Pays the crew. False: the victim cannot any more, or no card is left to pay. */
static bool victim_pay(sim *sim, uint32_t number, int64_t time_ms, int64_t amount_fen) {
    sim_victim *victim = &sim->victims[number];
    const sim_person *person = &sim->people[victim->person];
    uint32_t payee = victim->payee;
    if (payee == SIM_NONE || sim->accounts[sim->mules[payee].account].blocked) {
        sim->gangs[victim->gang].cursor[1]++; /* ever new payees */
        payee = sim_gang_pick(sim, victim->gang, 1, 1);
    }
    victim->payee = SIM_NONE;
    if (payee == SIM_NONE || amount_fen < 50 * SIM_YUAN) {
        return false;
    }
    int64_t missing_fen = amount_fen - sim->accounts[person->main].balance_fen;
    if (missing_fen > 0 && person->second != SIM_NONE) {
        (void)sim_pay(sim, time_ms - SIM_MINUTE, person->second, person->main, missing_fen);
    }
    const sim_account *from = &sim->accounts[person->main], *to = &sim->accounts[sim->mules[payee].account];
    uint64_t transfer = sim_pay(sim, time_ms, person->main, sim->mules[payee].account, amount_fen);
    if (transfer == 0 || !SIM_RESERVE(sim, victim->payments, victim->payment_capacity, victim->payment_count)) {
        return false;
    }
    victim->payments[victim->payment_count++] = (sim_payment){transfer, amount_fen};
    victim->paid_fen += amount_fen;
    victim->last_paid_fen = amount_fen;
    victim->last_paid_ms = sim->last_ms;
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
    const script *script = &scripts[victim->script];
    victim->ended = true;
    if (victim->payment_count > 0) {
        int64_t wait_ms = random_between(&sim->crime, script->report_low_min, script->report_high_min) * SIM_MINUTE;
        sim_push(sim, awake(sim, time_ms + wait_ms), SIM_EVENT_REPORT, number, 0);
    }
}

/* Puts the next step into the queue, and a test transfer before it when it will be large. */
static void step_plan(sim *sim, uint32_t number, int64_t time_ms) {
    sim_victim *victim = &sim->victims[number];
    const script_step *step = &scripts[victim->script].steps[victim->step];
    int64_t gap_ms = random_between(&sim->crime, step->gap_low_min * SIM_MINUTE, step->gap_high_min * SIM_MINUTE);
    int64_t next_ms = awake(sim, time_ms + gap_ms);
    bool is_large = (step->kind == STEP_PAY_YUAN && step->low * SIM_YUAN >= TEST_WORTH_FEN) ||
                    (step->kind == STEP_PAY_WEALTH_PERCENT &&
                     wealth_fen(sim, &sim->people[victim->person]) / 100 * step->low >= TEST_WORTH_FEN);
    int64_t room_min = (next_ms - time_ms) / SIM_MINUTE;
    if (is_large && room_min > 12) {
        int64_t ahead_ms = random_between(&sim->crime, 10 * SIM_MINUTE, (room_min < 50 ? room_min : 50) * SIM_MINUTE);
        victim->test_fen = random_between(&sim->crime, 10, 50) * 10 * SIM_YUAN;
        sim_push(sim, next_ms - ahead_ms, SIM_EVENT_TEST, number, 1);
    }
    sim_push(sim, next_ms, SIM_EVENT_VICTIM, number, 0);
}

void sim_victim_step(sim *sim, const sim_event *event) {
    sim_victim *victim = &sim->victims[event->subject];
    const script *script = &scripts[victim->script];
    const script_step *step = &script->steps[victim->step];
    if (random_chance(&sim->crime, step->leave_percent, 100)) {
        victim_end(sim, event->subject, event->time_ms);
        return;
    }
    int64_t amount_fen = step_amount(sim, victim, step);
    if (step->kind == STEP_REBATE_PERCENT) {
        uint32_t home = sim->people[victim->person].main;
        if (sim_pay(sim, event->time_ms, sim->gangs[victim->gang].operating, home, amount_fen) != 0) {
            victim->received_fen += amount_fen;
        }
    } else if (!victim_pay(sim, event->subject, event->time_ms, amount_fen)) {
        victim_end(sim, event->subject, event->time_ms);
        return;
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
    sim_mule_login(sim, event->time_ms, target);
    if (sim_pay(sim, event->time_ms, victim->test_from, mule->account, victim->test_fen) == 0) {
        return;
    }
    mule->tested = true;
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
    if (scripts[victim->script].is_demo || !random_chance(&sim->crime, 6, 10)) {
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
