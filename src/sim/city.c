/* Who lives here: residents with ages, districts, wages, families, landlords and one or two accounts; companies by
 * kind.
 *
 * Sizes by population: a shop for 25 people, an employer for 40, a supplier for 400. Wealth and wages are drawn from
 * tables of quantiles with the long tail that such things have; the figures are assumptions and stand here together. */
#include "sim/sim_private.h"

#define DAYS_PER_YEAR INT64_C(365)
enum { OUTSIDERS_EACH = 14, DEALERS_EACH = 500 };

/* Share of the city's people by district, in percent: the urban districts first. */
static const uint8_t district_shares[SIM_DISTRICT_COUNT] = {7, 14, 10, 20, 8, 4, 9, 4, 5, 5, 8, 6};

static const sim_quantile savings_yuan[] = {{0, 50},       {50, 400},      {100, 1100},    {250, 4200},
                                            {500, 16000},  {750, 52000},   {900, 140000},  {950, 260000},
                                            {990, 760000}, {999, 2600000}, {1000, 6000000}};
static const sim_quantile wages_yuan[] = {{0, 1900},    {100, 2600},  {250, 3500},  {500, 5000},  {750, 7600},
                                          {900, 12000}, {970, 20000}, {990, 34000}, {999, 75000}, {1000, 120000}};
static const sim_quantile ages[] = {{0, 16},   {100, 21}, {300, 30}, {500, 39},
                                    {700, 51}, {850, 62}, {950, 73}, {1000, 90}};

static const struct {
    uint32_t people_each, at_least;
} company_sizes[SIM_COMPANY_KINDS] = {[SIM_SHOP] = {25, 24},
                                      [SIM_EMPLOYER] = {40, 2},
                                      [SIM_SUPPLIER] = {400, 2},
                                      [SIM_UTILITY] = {UINT32_MAX, 3},
                                      [SIM_PENSION_FUND] = {UINT32_MAX, 1},
                                      [SIM_CLIENT_ELSEWHERE] = {20000, 3},
                                      [SIM_BANQUET_HALL] = {5000, 1},
                                      [SIM_DEVELOPER] = {20000, 1},
                                      [SIM_COURIER_FIRM] = {20000, 1},
                                      [SIM_LENDER] = {10000, 4},
                                      [SIM_HOSPITAL] = {10000, 1}};

static uint8_t draw_district(random_stream *stream) {
    uint64_t point = random_below(stream, 100);
    uint8_t district = 0;
    for (; district + 1 < SIM_DISTRICT_COUNT && point >= district_shares[district]; district++) {
        point -= district_shares[district];
    }
    return district;
}

static int64_t draw_opened(sim *sim, random_stream *stream, int64_t days_low, int64_t days_high) {
    return sim->start_ms - random_between(stream, days_low * TIME_DAY_MS, days_high * TIME_DAY_MS);
}

/* Innocent people open accounts too: some just before, some while the city is watched. */
static int64_t draw_opened_or_new(sim *sim, uint32_t new_percent, int64_t days_low, int64_t days_high) {
    random_stream *life = &sim->life;
    if (random_chance(life, new_percent, 100)) {
        int64_t span_ms = (sim->end_ms - sim->start_ms) / 2;
        return sim->start_ms + random_between(life, -60 * TIME_DAY_MS, span_ms);
    }
    return draw_opened(sim, life, days_low, days_high);
}

static uint32_t resident_other_than(sim *sim, uint32_t person) {
    uint32_t other = (uint32_t)random_below(&sim->life, sim->resident_count);
    return other == person ? (other + 1) % sim->resident_count : other;
}

static uint32_t company_draw(sim *sim, sim_company_kind kind) {
    return sim->company_first[kind] + (uint32_t)random_below(&sim->life, sim->company_count[kind]);
}

static void resident_build(sim *sim, uint32_t number) {
    random_stream *life = &sim->life;
    sim_person *person = &sim->people[number];
    *person = (sim_person){.age = (uint8_t)SIM_DRAW(life, ages),
                           .district = draw_district(life),
                           .second = SIM_NONE,
                           .third = SIM_NONE,
                           .employer = SIM_NONE,
                           .landlord = SIM_NONE};
    sim_person_draw_name(life, person);
    int64_t savings_fen = SIM_DRAW(life, savings_yuan) * SIM_YUAN + random_between(life, 0, 99);
    if (person->age < 24) {
        savings_fen /= 6;
    }
    bool has_second = random_chance(life, 45, 100);
    int64_t second_fen = has_second ? savings_fen * random_between(life, 20, 80) / 100 : 0;
    person->main = sim_account_open(sim, life, SIM_DEBIT_CARD, number, person->district,
                                    draw_opened(sim, life, 20, 12 * DAYS_PER_YEAR), savings_fen - second_fen);
    int64_t second_ms = draw_opened_or_new(sim, 12, 100, 8 * DAYS_PER_YEAR);
    if (has_second) {
        second_ms =
            second_fen > 0 && second_ms >= sim->start_ms ? sim->start_ms - (second_ms - sim->start_ms) - 1 : second_ms;
        person->second = sim_account_open(sim, life, SIM_DEBIT_CARD, number, person->district, second_ms, second_fen);
    }
    if (random_chance(life, 22, 100)) { /* a card that was given with something, and lies in a drawer */
        bool is_pair = has_second && random_chance(life, 1, 4);
        int64_t third_ms = is_pair ? second_ms + random_between(life, SIM_HOUR, 9 * TIME_DAY_MS)
                                   : draw_opened_or_new(sim, 25, 60, 7 * DAYS_PER_YEAR);
        int64_t third_fen = third_ms < sim->start_ms ? random_between(life, 0, 9000) : 0;
        person->third = sim_account_open(sim, life, SIM_DEBIT_CARD, number, person->district, third_ms, third_fen);
    }
    if (random_chance(life, 5, 100)) { /* cards opened for a gift, in one round of the banks */
        int64_t round_ms = draw_opened_or_new(sim, 30, 60, 6 * DAYS_PER_YEAR);
        for (int64_t i = random_between(life, 1, 3); i > 0; i--) {
            (void)sim_account_open(sim, life, SIM_DEBIT_CARD, number, person->district,
                                   round_ms + random_between(life, 0, 7 * TIME_DAY_MS), 0);
        }
    }
    person->relative = resident_other_than(sim, number);
    person->wage_yuan = (int32_t)SIM_DRAW(life, wages_yuan);
    if (person->age >= 60) {
        person->employer = sim->company_first[SIM_PENSION_FUND];
        person->wage_yuan = person->wage_yuan * 6 / 10;
    } else if (person->age >= 20 && random_chance(life, 78, 100)) {
        person->employer = company_draw(sim, SIM_EMPLOYER);
    }
    if (person->age >= 20 && person->age < 60 && random_chance(life, 35, 100)) {
        person->landlord = resident_other_than(sim, number);
        person->rent_yuan = (int32_t)(person->wage_yuan * random_between(life, 15, 32) / 1000 * 10);
    }
}

uint32_t sim_outsider_new(sim *sim, random_stream *stream) {
    if (!SIM_RESERVE(sim, sim->people, sim->person_capacity, sim->person_count)) {
        return SIM_NONE;
    }
    uint32_t number = (uint32_t)sim->person_count++;
    sim->people[number] = (sim_person){.age = (uint8_t)random_between(stream, 18, 45),
                                       .district = draw_district(stream),
                                       .main = SIM_NONE,
                                       .second = SIM_NONE,
                                       .third = SIM_NONE,
                                       .employer = SIM_NONE,
                                       .relative = SIM_NONE,
                                       .landlord = SIM_NONE};
    sim_person_draw_name(stream, &sim->people[number]);
    return number;
}

static void company_build(sim *sim, sim_company_kind kind, uint8_t district) {
    random_stream *life = &sim->life;
    uint32_t number = (uint32_t)sim->company_total++;
    sim_company *company = &sim->companies[number];
    *company = (sim_company){.kind = (uint8_t)kind,
                             .district = district,
                             .name_first = (uint8_t)random_below(life, 256),
                             .name_second = (uint8_t)random_below(life, 256),
                             .pos = SIM_NONE,
                             .owner = (uint32_t)random_below(life, sim->resident_count)};
    /* What keeps a fund or a client elsewhere solvent lies outside the city: it simply has enough. */
    bool is_outside = kind == SIM_PENSION_FUND || kind == SIM_CLIENT_ELSEWHERE || kind == SIM_LENDER;
    int64_t opening_yuan = is_outside ? (int64_t)sim->options->people * sim->options->days * 20000
                                      : random_between(life, 3000, kind == SIM_SHOP ? 60000 : 900000);
    int64_t opened_ms = draw_opened(sim, life, 300, 15 * DAYS_PER_YEAR);
    company->account = sim_account_open(sim, life, SIM_COMPANY_ACCOUNT, number | SIM_COMPANY_HOLDER, district,
                                        opened_ms, opening_yuan * SIM_YUAN);
    if (kind == SIM_SHOP && random_chance(life, 30, 100)) {
        company->pos = sim_account_open(sim, life, SIM_POS, number | SIM_COMPANY_HOLDER, district,
                                        opened_ms + random_between(life, SIM_HOUR, 200 * TIME_DAY_MS), 0);
    }
}

static void companies_build(sim *sim) {
    for (size_t kind = 0; kind < SIM_COMPANY_KINDS; kind++) {
        uint32_t count = sim->options->people / company_sizes[kind].people_each;
        sim->company_count[kind] = count > company_sizes[kind].at_least ? count : company_sizes[kind].at_least;
        sim->company_first[kind] = kind == 0 ? 0 : sim->company_first[kind - 1] + sim->company_count[kind - 1];
    }
    size_t total = sim->company_first[SIM_COMPANY_KINDS - 1] + sim->company_count[SIM_COMPANY_KINDS - 1];
    if (!ARRAY_RESERVE(sim->companies, sim->company_capacity, total)) {
        sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory: simulate fewer people");
        return;
    }
    /* Shops are built district by district, so that a district's are one range; each has at least one. */
    uint32_t left = sim->company_count[SIM_SHOP] - SIM_DISTRICT_COUNT;
    for (uint8_t district = 0; district < SIM_DISTRICT_COUNT; district++) {
        uint32_t count = 1 + sim->company_count[SIM_SHOP] * district_shares[district] / 100;
        count = count > left + 1 || district + 1 == SIM_DISTRICT_COUNT ? left + 1 : count;
        left -= count - 1;
        sim->district_shop_first[district] = (uint32_t)sim->company_total;
        sim->district_shop_count[district] = count;
        for (uint32_t i = 0; i < count && sim->result == SLUICE_OK; i++) {
            company_build(sim, SIM_SHOP, district);
        }
    }
    for (size_t kind = SIM_SHOP + 1; kind < SIM_COMPANY_KINDS; kind++) {
        for (uint32_t i = 0; i < sim->company_count[kind] && sim->result == SLUICE_OK; i++) {
            company_build(sim, (sim_company_kind)kind, draw_district(&sim->life));
        }
    }
}

/* Lists each employer's staff, by counting: first the sizes, then the places. */
static void staff_build(sim *sim) {
    sim->staff = memory_new_zero(sim->resident_count, sizeof *sim->staff);
    if (sim->staff == NULL) {
        sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory: simulate fewer people");
        return;
    }
    for (uint32_t i = 0; i < sim->resident_count; i++) {
        if (sim->people[i].employer != SIM_NONE) {
            sim->companies[sim->people[i].employer].staff_count++;
        }
    }
    uint32_t place = 0;
    for (size_t i = 0; i < sim->company_total; i++) {
        sim->companies[i].staff_first = place;
        place += sim->companies[i].staff_count;
        sim->companies[i].staff_count = 0;
    }
    for (uint32_t i = 0; i < sim->resident_count; i++) {
        if (sim->people[i].employer != SIM_NONE) {
            sim_company *employer = &sim->companies[sim->people[i].employer];
            sim->staff[employer->staff_first + employer->staff_count++] = i;
            employer->payroll_yuan += sim->people[i].wage_yuan;
        }
    }
    for (size_t i = 0; i < sim->company_total; i++) {
        if (sim->companies[i].kind == SIM_EMPLOYER) { /* a month's wages are in hand */
            sim_account *account = &sim->accounts[sim->companies[i].account];
            account->opening_fen += sim->companies[i].payroll_yuan * SIM_YUAN;
            account->balance_fen = account->opening_fen;
        }
    }
}

/* People who live elsewhere, or hardly use the bank: a card and nothing more. */
static void outsiders_build(sim *sim) {
    for (uint32_t i = 0; i < sim->resident_count / OUTSIDERS_EACH + 4 && sim->result == SLUICE_OK; i++) {
        uint32_t number = sim_outsider_new(sim, &sim->life);
        if (number != SIM_NONE) {
            int64_t opened_ms = draw_opened_or_new(sim, 25, 60, 6 * DAYS_PER_YEAR);
            int64_t opening_fen = opened_ms < sim->start_ms ? random_between(&sim->life, 0, 30000) : 0;
            sim_person *person = &sim->people[number];
            person->relative = (uint32_t)random_below(&sim->life, sim->resident_count);
            person->main =
                sim_account_open(sim, &sim->life, SIM_DEBIT_CARD, number, person->district, opened_ms, opening_fen);
        }
    }
    sim->civilian_count = (uint32_t)sim->person_count;
}

/* Dealers in virtual currency whom no crew uses: their customers' money is innocent. */
static void dealers_build(sim *sim) {
    random_stream *life = &sim->life;
    for (uint32_t i = 0; i < sim->resident_count / DEALERS_EACH + 3; i++) {
        if (!SIM_RESERVE(sim, sim->dealers, sim->dealer_capacity, sim->dealer_count)) {
            return;
        }
        uint32_t person = (uint32_t)random_below(life, sim->resident_count);
        int64_t opened_ms = draw_opened_or_new(sim, 30, 60, 5 * DAYS_PER_YEAR);
        opened_ms = opened_ms < sim->start_ms ? opened_ms : sim->start_ms - 1;
        uint32_t account = sim_account_open(sim, life, SIM_VASP_CARD, person, sim->people[person].district, opened_ms,
                                            random_between(life, 0, 6000));
        uint32_t wallet = sim_account_open(sim, life, SIM_VASP_WALLET, person, sim->people[person].district,
                                           opened_ms + random_between(life, -40, 40) * SIM_HOUR, 0);
        sim->dealers[sim->dealer_count++] = (sim_dealer){account, wallet};
    }
}

void sim_city_build(sim *sim) {
    sim->resident_count = sim->options->people;
    companies_build(sim);
    if (sim->result == SLUICE_OK && !ARRAY_RESERVE(sim->people, sim->person_capacity, sim->resident_count)) {
        sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory: simulate fewer people");
    }
    for (uint32_t i = 0; i < sim->resident_count && sim->result == SLUICE_OK; i++) {
        sim->person_count = i + 1;
        resident_build(sim, i);
    }
    if (sim->result == SLUICE_OK) {
        staff_build(sim);
        outsiders_build(sim);
        dealers_build(sim);
    }
}
