/* Everyday money. Each person has three events in the queue: the next purchase, the next seldom thing, the month's
 * bills; each employer and shop has its own. A handler does one thing and pushes its successor, so the queue's size is
 * about three events a person whatever the length of the simulation. */
#include "sim/sim_private.h"

static const sim_quantile purchase_fen[] = {{0, 200},     {100, 600},   {300, 1400},   {500, 2600},   {700, 5200},
                                            {850, 12000}, {950, 34000}, {985, 120000}, {998, 480000}, {1000, 1600000}};
static const sim_quantile family_yuan[] = {{0, 20}, {250, 100}, {500, 300}, {750, 800}, {950, 3000}, {1000, 20000}};
/* To somebody never met before or since: second-hand things, a craftsman, a debt, a car. */
static const sim_quantile stranger_yuan[] = {{0, 10},     {250, 60},    {500, 260},   {700, 800},    {850, 2600},
                                             {940, 8000}, {980, 20000}, {996, 60000}, {1000, 180000}};
static const sim_quantile bill_fen[] = {{0, 1900}, {300, 5000}, {600, 10000}, {900, 26000}, {1000, 60000}};

/* The chances of the seldom things, in percent, and how often one of them comes, in thousandths a day. */
enum { SELDOM_RATE_MILLI = 420, SELDOM_FAMILY = 20, SELDOM_STRANGER = 27, SELDOM_CASH = 37, SELDOM_SAVE = 45 };
/* What a seldom event does after the login for it; else it draws what to do. */
enum { SELDOM_DRAW, SELDOM_PAY_FAMILY, SELDOM_PAY_STRANGER, SELDOM_PUT_ASIDE };
enum { SALARY_RUN_PERCENT = 12 /* of people spend most of what they earn within the hour */ };
enum { PURCHASE_RATE_MILLI = 2100, PEOPLE_DAYS_PER_LOST_CARD = 4000 };
enum { BILL_RENT, BILL_POWER, BILL_WATER, BILL_PHONE, BILL_COUNT };

static int64_t month_later(sim *sim, int64_t time_ms) {
    return time_ms + 30 * TIME_DAY_MS + random_between(&sim->life, -12 * SIM_HOUR, 12 * SIM_HOUR);
}

static int64_t office_hours(sim *sim, int64_t midnight_ms) {
    return midnight_ms + random_between(&sim->life, 9 * SIM_HOUR, 17 * SIM_HOUR);
}

/* The login of whoever works a company's account, before its payments. */
static void company_login(sim *sim, uint32_t company, int64_t payment_ms) {
    sim_login_at(sim, payment_ms - random_between(&sim->life, 15 * SIM_SECOND, 300 * SIM_SECOND),
                 sim->companies[company].account, sim_company_device(sim, company));
}

static void payroll_plan(sim *sim, uint32_t company, int64_t time_ms) {
    company_login(sim, company, time_ms);
    sim_push(sim, time_ms, SIM_EVENT_PAYROLL, company, 0);
}

static void settle_plan(sim *sim, uint32_t company, int64_t midnight_ms) {
    int64_t time_ms = office_hours(sim, midnight_ms);
    company_login(sim, company, time_ms);
    sim_push(sim, time_ms, SIM_EVENT_SETTLE, company, 0);
}

/* Lost cards are blocked too. Only cards that nobody lives on. */
static void lost_cards_begin(sim *sim) {
    random_stream *life = &sim->life;
    uint64_t count = sim->options->people * (uint64_t)sim->options->days / PEOPLE_DAYS_PER_LOST_CARD + 1;
    for (uint64_t i = 0; i < count; i++) {
        const sim_person *person = &sim->people[random_below(life, sim->civilian_count)];
        uint32_t account = person->third != SIM_NONE ? person->third : person->second;
        account = person->employer == SIM_NONE && person->landlord == SIM_NONE ? person->main : account;
        if (account != SIM_NONE) {
            sim_push(sim, sim_later(life, sim->start_ms + random_between(life, 0, sim->end_ms - sim->start_ms), 3000),
                     SIM_EVENT_LOST, account, 0);
        }
    }
}

void sim_lost(sim *sim, const sim_event *event) {
    if (sim_is_open(sim, event->subject, event->time_ms)) {
        sim_block(sim, event->time_ms, event->subject);
    }
}

void sim_living_begin(sim *sim) {
    random_stream *life = &sim->life;
    lost_cards_begin(sim);
    for (uint32_t i = 0; i < sim->resident_count; i++) {
        sim_push(sim, sim_later(life, sim->start_ms, PURCHASE_RATE_MILLI), SIM_EVENT_PURCHASE, i, 0);
        sim_push(sim, sim_later(life, sim->start_ms, SELDOM_RATE_MILLI), SIM_EVENT_SELDOM, i, 0);
        int64_t day = sim->start_ms + (int64_t)random_below(life, 30) * TIME_DAY_MS;
        sim_push(sim, office_hours(sim, day), SIM_EVENT_MONTHLY, i, BILL_RENT);
    }
    static const uint8_t pay_days[] = {4, 7, 9, 11, 14, 19, 24};
    for (uint32_t i = 0; i < sim->company_total; i++) {
        switch ((sim_company_kind)sim->companies[i].kind) {
        case SIM_EMPLOYER:
        case SIM_PENSION_FUND: {
            int64_t day = sim->start_ms + pay_days[random_below(life, sizeof pay_days)] * TIME_DAY_MS;
            payroll_plan(sim, i, office_hours(sim, day));
            if (sim->companies[i].kind == SIM_EMPLOYER) {
                sim_push(sim, office_hours(sim, sim->start_ms + (int64_t)random_below(life, 7) * TIME_DAY_MS),
                         SIM_EVENT_BUSINESS, i, 0);
            }
            break;
        }
        case SIM_SHOP:
            settle_plan(sim, i, sim->start_ms + (int64_t)random_below(life, 7) * TIME_DAY_MS);
            break;
        default:
            break;
        }
    }
}

/* Pays from the main account, after bringing what is missing from the second one if that has it. */
static void pay_from_home(sim *sim, int64_t time_ms, const sim_person *person, uint32_t to, int64_t amount_fen) {
    int64_t missing_fen = amount_fen - sim->accounts[person->main].balance_fen;
    if (missing_fen > 0 && person->second != SIM_NONE) {
        int64_t round_fen = (missing_fen / (500 * SIM_YUAN) + 1) * 500 * SIM_YUAN;
        if (sim_can_pay(sim, person->second, round_fen)) {
            (void)sim_pay(sim, time_ms, person->second, person->main, round_fen);
        }
    }
    (void)sim_pay(sim, time_ms, person->main, to, amount_fen);
}

void sim_purchase(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_person *person = &sim->people[event->subject];
    uint32_t shop;
    if (random_chance(life, 7, 10)) { /* near home, and some shops more than others */
        uint64_t count = sim->district_shop_count[person->district];
        uint64_t a = random_below(life, count), b = random_below(life, count);
        shop = sim->district_shop_first[person->district] + (uint32_t)(a < b ? a : b);
    } else {
        shop = sim->company_first[SIM_SHOP] + (uint32_t)random_below(life, sim->company_count[SIM_SHOP]);
    }
    int64_t amount_fen = SIM_DRAW(life, purchase_fen);
    if (random_chance(life, 1, 2)) {
        amount_fen = (amount_fen / SIM_YUAN + 1) * SIM_YUAN;
    }
    const sim_company *company = &sim->companies[shop];
    bool by_card = company->pos != SIM_NONE && amount_fen > 150 * SIM_YUAN && random_chance(life, 1, 2);
    pay_from_home(sim, event->time_ms, person, by_card ? company->pos : company->account, amount_fen);
    sim_push(sim, sim_later(life, event->time_ms, PURCHASE_RATE_MILLI), SIM_EVENT_PURCHASE, event->subject, 0);
}

/* Rounded as people round. */
static int64_t round_sum(int64_t amount_fen) {
    int64_t step_fen = amount_fen >= 10000 * SIM_YUAN ? 1000 * SIM_YUAN
                       : amount_fen >= 500 * SIM_YUAN ? 100 * SIM_YUAN
                                                      : SIM_YUAN;
    return amount_fen / step_fen * step_fen;
}

/* The second half of a seldom event, some seconds after the login for it. */
static void seldom_pay(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_person *person = &sim->people[event->subject];
    int64_t balance_fen = sim->accounts[person->main].balance_fen;
    if (event->detail == SELDOM_PAY_FAMILY) {
        int64_t amount_fen = SIM_DRAW(life, family_yuan) * SIM_YUAN;
        if (amount_fen * 3 < balance_fen) {
            (void)sim_pay(sim, event->time_ms, person->main, sim->people[person->relative].main, amount_fen);
        }
    } else if (event->detail == SELDOM_PAY_STRANGER) {
        int64_t amount_fen = round_sum(SIM_DRAW(life, stranger_yuan) * SIM_YUAN);
        const sim_person *stranger = &sim->people[random_below(life, sim->civilian_count)];
        if (amount_fen < balance_fen + (person->second == SIM_NONE ? 0 : sim->accounts[person->second].balance_fen)) {
            pay_from_home(sim, event->time_ms, person, stranger->main, amount_fen);
        }
    } else if (balance_fen > 6000 * SIM_YUAN) {
        int64_t amount_fen = balance_fen / 2 / (1000 * SIM_YUAN) * 1000 * SIM_YUAN;
        (void)sim_pay(sim, event->time_ms, person->main, person->second, amount_fen);
    }
}

void sim_seldom(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_person *person = &sim->people[event->subject];
    uint32_t next = SELDOM_DRAW;
    if (event->detail != SELDOM_DRAW) {
        seldom_pay(sim, event);
    } else {
        uint64_t what = random_below(life, 100);
        if (what < SELDOM_FAMILY) {
            next = SELDOM_PAY_FAMILY;
        } else if (what < SELDOM_STRANGER) {
            next = SELDOM_PAY_STRANGER;
        } else if (what < SELDOM_CASH) {
            int64_t most = person->age > 55 ? 50 : random_chance(life, 1, 8) ? 50 : 15;
            (void)sim_withdraw(sim, event->time_ms, person->main, random_between(life, 1, most) * 100 * SIM_YUAN,
                               person->district, (uint32_t)random_below(life, SIM_MACHINES));
        } else if (what < SELDOM_SAVE && person->second != SIM_NONE) {
            next = SELDOM_PUT_ASIDE;
        }
        if (what < SELDOM_STRANGER || what >= SELDOM_CASH) {
            uint32_t account = person->second != SIM_NONE && random_chance(life, 1, 6) ? person->second : person->main;
            sim_login(sim, &(sim_event){event->time_ms, 0, account, sim_person_device(sim, event->subject)});
        }
    }
    int64_t next_ms = next == SELDOM_DRAW ? sim_later(life, event->time_ms, SELDOM_RATE_MILLI)
                                          : event->time_ms + random_between(life, 6 * SIM_SECOND, 150 * SIM_SECOND);
    sim_push(sim, next_ms, SIM_EVENT_SELDOM, event->subject, next);
}

void sim_monthly(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_person *person = &sim->people[event->subject];
    if (event->detail == BILL_RENT) {
        if (person->landlord != SIM_NONE) {
            pay_from_home(sim, event->time_ms, person, sim->people[person->landlord].main,
                          person->rent_yuan * SIM_YUAN);
        }
    } else {
        uint32_t utility = sim->company_first[SIM_UTILITY] + (event->detail - BILL_POWER);
        pay_from_home(sim, event->time_ms, person, sim->companies[utility].account, SIM_DRAW(life, bill_fen));
    }
    bool is_last = event->detail + 1 == BILL_COUNT;
    int64_t next_ms = is_last ? month_later(sim, event->time_ms)
                              : sim_later(life, event->time_ms + SIM_HOUR, 500 /* one in two days */);
    sim_push(sim, next_ms, SIM_EVENT_MONTHLY, event->subject, is_last ? BILL_RENT : event->detail + 1);
}

/* One employee an event, so that a payroll takes its time and others move money in between. */
void sim_payroll(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_company *company = &sim->companies[event->subject];
    if (event->detail < company->staff_count) {
        const sim_person *person = &sim->people[sim->staff[company->staff_first + event->detail]];
        int64_t wage_fen = person->wage_yuan * SIM_YUAN * random_between(life, 96, 104) / 100;
        (void)sim_pay(sim, event->time_ms, company->account, person->main, wage_fen);
        if (random_chance(life, SALARY_RUN_PERCENT, 100) && !person->is_set) {
            uint32_t number = sim->staff[company->staff_first + event->detail];
            int64_t begin_ms = event->time_ms + random_between(life, 2 * SIM_MINUTE, 40 * SIM_MINUTE);
            sim_login_at(sim, begin_ms - random_between(life, 5 * SIM_SECOND, 90 * SIM_SECOND), person->main,
                         sim_person_device(sim, number));
            sim_push(sim, begin_ms, SIM_EVENT_SALARY, number, (uint32_t)random_between(life, 2, 5));
        }
        sim_push(sim, event->time_ms + random_between(life, 60, 400), SIM_EVENT_PAYROLL, event->subject,
                 event->detail + 1);
    } else {
        payroll_plan(sim, event->subject, month_later(sim, event->time_ms));
    }
}

/* Most of a month's money is gone within the hour: detail payments are left. */
void sim_salary(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_person *person = &sim->people[event->subject];
    int64_t amount_fen = sim->accounts[person->main].balance_fen * random_between(life, 15, 55) / 100;
    amount_fen = amount_fen / (100 * SIM_YUAN) * 100 * SIM_YUAN;
    uint64_t lender = sim->company_first[SIM_LENDER] + random_below(life, sim->company_count[SIM_LENDER]);
    const uint32_t payees[] = {sim->people[person->relative].main,
                               person->landlord == SIM_NONE ? person->second : sim->people[person->landlord].main,
                               sim->companies[lender].account,
                               sim->people[random_below(life, sim->civilian_count)].main};
    uint32_t payee = payees[random_below(life, sizeof payees / sizeof *payees)];
    if (payee != SIM_NONE) {
        (void)sim_pay(sim, event->time_ms, person->main, payee, amount_fen);
    }
    if (event->detail > 1) {
        sim_push(sim, event->time_ms + random_between(life, 30 * SIM_SECOND, 15 * SIM_MINUTE), SIM_EVENT_SALARY,
                 event->subject, event->detail - 1);
    }
}

void sim_business(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_company *company = &sim->companies[event->subject];
    const sim_company *client = &sim->companies[sim->company_first[SIM_CLIENT_ELSEWHERE] +
                                                random_below(life, sim->company_count[SIM_CLIENT_ELSEWHERE])];
    int64_t amount_fen = company->payroll_yuan * SIM_YUAN * random_between(life, 20, 40) / 100;
    (void)sim_pay(sim, event->time_ms, client->account, company->account, amount_fen);
    sim_push(sim, office_hours(sim, sim_midnight(event->time_ms) + 7 * TIME_DAY_MS), SIM_EVENT_BUSINESS, event->subject,
             0);
}

/* detail 0: pays the supplier; 1: a little later, the owner. */
void sim_settle(sim *sim, const sim_event *event) {
    random_stream *life = &sim->life;
    const sim_company *shop = &sim->companies[event->subject];
    int64_t spare_fen = sim->accounts[shop->account].balance_fen - 2000 * SIM_YUAN;
    if (event->detail == 1) {
        (void)sim_pay(sim, event->time_ms, shop->account, sim->people[shop->owner].main,
                      spare_fen / 3 / (100 * SIM_YUAN) * 100 * SIM_YUAN);
        settle_plan(sim, event->subject, sim_midnight(event->time_ms) + 7 * TIME_DAY_MS);
        return;
    }
    const sim_company *supplier =
        &sim->companies[sim->company_first[SIM_SUPPLIER] + event->subject % sim->company_count[SIM_SUPPLIER]];
    (void)sim_pay(sim, event->time_ms, shop->account, supplier->account,
                  spare_fen * random_between(life, 45, 65) / 100);
    sim_push(sim, event->time_ms + random_between(life, SIM_MINUTE, SIM_HOUR), SIM_EVENT_SETTLE, event->subject, 1);
}
