/* The simulator's shared state. One struct, filled by city.c, moved by the event handlers, written by write.c.
 *
 * Invariants, kept by ledger.c alone: no balance is ever negative; the time of a movement is later than that of every
 * movement before it (so that time order, file order and number order are one order); a blocked account pays nothing.
 *
 * Errors are sticky: the first one is kept in `result` and `error`, and everything after it does nothing. */
#ifndef SIM_PRIVATE_H
#define SIM_PRIVATE_H

#include <sluice/simulate.h>

#include "base/memory.h"
#include "base/time.h"
#include "sys/random.h"

#define SIM_NONE UINT32_MAX
#define SIM_YUAN INT64_C(100) /* in fen */
#define SIM_SECOND INT64_C(1000)
#define SIM_MINUTE INT64_C(60000)
#define SIM_HOUR INT64_C(3600000)
#define SIM_LAYERS_MAX 7
#define SIM_MACHINES 40 /* cash machines a district */
#define SIM_COUNTERS 8  /* bank counters a district: machine numbers from SIM_MACHINES on */
#define SIM_DISTRICT_COUNT 12

/* ---- who lives here ---- */

typedef enum sim_account_kind {
    SIM_DEBIT_CARD,
    SIM_COMPANY_ACCOUNT,
    SIM_POS,
    SIM_VASP_CARD,   /* an over-the-counter dealer's bank card */
    SIM_VASP_WALLET, /* where the money has left the banks */
} sim_account_kind;

#define SIM_KEY_BYTES 40
#define SIM_COMPANY_HOLDER UINT32_C(0x80000000) /* set in a holder number: it is a company's */

typedef struct sim_account {
    char key[SIM_KEY_BYTES];
    uint8_t key_length, kind, bank;
    bool blocked;
    uint32_t holder;
    uint32_t mule; /* or SIM_NONE */
    int64_t opened_ms, opening_fen, balance_fen;
} sim_account;

typedef struct sim_person {
    uint8_t surname, given_first, given_second; /* places in the lists of names.c; given_second 255: none */
    uint8_t age, district;
    bool is_victim;
    bool is_set;                           /* one of the two set cases: spends as little else as possible */
    uint32_t main, second, third;          /* accounts; second and third (seldom used) may be SIM_NONE */
    uint32_t employer, relative, landlord; /* company, person, person; or SIM_NONE */
    int32_t wage_yuan, rent_yuan;
} sim_person;

typedef enum sim_company_kind {
    SIM_SHOP,
    SIM_EMPLOYER,
    SIM_SUPPLIER,
    SIM_UTILITY,
    SIM_PENSION_FUND,
    SIM_CLIENT_ELSEWHERE, /* buys from the city's employers */
    SIM_BANQUET_HALL,
    SIM_DEVELOPER,
    SIM_COURIER_FIRM,
    SIM_LENDER,
    SIM_HOSPITAL,
    SIM_COMPANY_KINDS
} sim_company_kind;

typedef struct sim_company {
    uint8_t kind, district, name_first, name_second;
    uint32_t account, pos; /* pos may be SIM_NONE */
    uint32_t owner;        /* person, who logs in for it unless a bookkeeper does; of a shop, is paid */
    bool is_victim;
    uint32_t staff_first, staff_count; /* places in sim.staff */
    int64_t payroll_yuan;
} sim_company;

/* One innocent person or company whose account moves like a mule's, a victim's or a crew's (lookalike.h). */
typedef struct sim_lookalike {
    uint8_t kind;
    bool has_tested;
    uint32_t account, person; /* person: whose phone it is */
    uint32_t steady, friend;  /* accounts: the other side for good, and the other side of this round */
    uint32_t payer;           /* account: who paid in last */
    uint32_t in_left, out_left;
    int64_t taken_fen;
} sim_lookalike;

typedef struct sim_dealer {
    uint32_t account, wallet;
} sim_dealer;

/* ---- crime ---- */

typedef struct sim_lot {
    uint32_t victim;
    int64_t amount_fen;
} sim_lot;

typedef enum sim_role { SIM_ROLE_MULE, SIM_ROLE_CASH, SIM_ROLE_POS, SIM_ROLE_VASP, SIM_ROLE_DEALER } sim_role;

/* A card that a crew controls. Lots are what it holds of victims' money, oldest first. */
typedef struct sim_mule {
    uint32_t account, gang;
    uint8_t layer; /* 1 is what victims pay; a dealer's is one beyond the last */
    uint8_t role;
    bool pending; /* an event for it is in the queue */
    bool tested, used, dormant;
    bool booked;          /* a large sum at a counter, by appointment (预约取现) */
    uint32_t last_victim; /* whose money came last */
    bool kept;            /* the card's holder kept the money (黑吃黑): nothing moves any more */
    sim_lot *lots;
    size_t lot_first, lot_count, lot_capacity;
    int64_t dirty_fen;
    int64_t cash_day, cash_fen; /* withdrawn on that day */
} sim_mule;

typedef struct sim_gang {
    uint8_t layers;
    int64_t hop_low_ms, hop_high_ms;
    uint32_t layer_first[SIM_LAYERS_MAX + 1], layer_count[SIM_LAYERS_MAX + 1], cursor[SIM_LAYERS_MAX + 1]; /* [layer] */
    uint32_t dealer;                                                                                       /* mule */
    uint32_t operating, pos, wallet; /* accounts */
    uint32_t device_count;
    bool books; /* large sums are drawn at counters */
    uint32_t victims;
} sim_gang;

typedef struct sim_payment {
    uint64_t id;
    int64_t amount_fen;
} sim_payment;

typedef struct sim_victim {
    uint32_t person, gang;
    uint32_t holder, account; /* who pays: the person or a company of that person's */
    uint8_t script, step, tries;
    bool ended, remote; /* remote: the crew works the account */
    uint32_t payee;     /* mule chosen by the test transfer, or SIM_NONE */
    uint32_t steady;    /* mule paid last, or SIM_NONE */
    uint32_t test_from; /* account that the test money is in */
    int64_t test_fen;
    int64_t paid_fen, received_fen, last_paid_fen, first_paid_ms, last_paid_ms;
    int64_t reported_ms; /* 0: not yet */
    sim_payment *payments;
    size_t payment_count, payment_capacity;
} sim_victim;

/* ---- events ---- */

typedef enum sim_event_kind {
    SIM_EVENT_PURCHASE, /* subject: person */
    SIM_EVENT_SELDOM,   /* person: family, cash, savings, login; detail: what, after the login for it */
    SIM_EVENT_MONTHLY,  /* person: rent and utilities; detail: which */
    SIM_EVENT_PAYROLL,  /* company; detail: how many are paid */
    SIM_EVENT_BUSINESS, /* company: a client pays it */
    SIM_EVENT_SETTLE,   /* shop: pays suppliers and its owner */
    SIM_EVENT_SALARY,   /* person: spends what was earned; detail: payments left */
    SIM_EVENT_LOOKALIKE,
    SIM_EVENT_LOGIN,   /* account; detail: device */
    SIM_EVENT_OPENED,  /* account */
    SIM_EVENT_LOST,    /* account: blocked at its owner's wish */
    SIM_EVENT_INTAKE,  /* mule; detail: cards left of the batch */
    SIM_EVENT_VICTIM,  /* victim: next step of the script */
    SIM_EVENT_TEST,    /* victim: test transfer; detail: layer */
    SIM_EVENT_REPORT,  /* victim */
    SIM_EVENT_STOP,    /* victim: the first layer is blocked */
    SIM_EVENT_LAUNDER, /* mule; detail: parts still to send, 0: not begun */
    SIM_EVENT_EXIT,    /* mule */
    SIM_EVENT_KINDS
} sim_event_kind;

typedef struct sim_event {
    int64_t time_ms;
    uint64_t order_kind; /* order of pushing << 8 | kind: ties go to the one pushed first */
    uint32_t subject, detail;
} sim_event;

typedef struct sim_hour {
    sim_event *items;
    size_t count, capacity;
} sim_hour;

typedef struct sim_queue {
    int64_t start_ms;
    sim_hour *hours;
    size_t hour_count;
    size_t hour; /* under way: its items are a binary heap, earliest first */
    uint64_t order_next;
} sim_queue;

typedef struct sim_output sim_output; /* write.c */

typedef struct sim sim;
struct sim {
    const sluice_simulate_options *options;
    sluice_simulate_summary *summary;
    sluice_result result;
    sluice_error *error;
    random_stream life, crime; /* apart, so that a change in one leaves the other's people as they were */
    int64_t start_ms, end_ms, now_ms, last_ms; /* now: of the event under way; last: of the last movement */
    uint64_t transfer_count, withdrawal_count;
    uint64_t leg_last[2]; /* transfer, withdrawal that the last leg belongs to */
    sim_queue queue;
    sim_output *output;

    sim_account *accounts;
    size_t account_count, account_capacity;
    sim_person *people; /* residents first, then outsiders */
    size_t person_count, person_capacity;
    uint32_t resident_count, civilian_count; /* civilians: residents, and others who only hold an account here */
    sim_company *companies;                  /* by kind: company_first[kind], company_count[kind] */
    size_t company_total, company_capacity;
    uint32_t company_first[SIM_COMPANY_KINDS], company_count[SIM_COMPANY_KINDS];
    uint32_t district_shop_first[SIM_DISTRICT_COUNT], district_shop_count[SIM_DISTRICT_COUNT];
    uint32_t *staff; /* people by employer */
    sim_lookalike *lookalikes;
    size_t lookalike_count, lookalike_capacity;
    sim_dealer *dealers; /* over the counter, in nobody's service */
    size_t dealer_count, dealer_capacity;
    sim_gang *gangs;
    size_t gang_count, gang_capacity;
    sim_mule *mules;
    size_t mule_count, mule_capacity;
    sim_victim *victims;
    size_t victim_count, victim_capacity;
};

/* simulate.c: keeps the first error. */
void sim_fail(sim *sim, sluice_result result, const char *format, ...) SLUICE_PRINTF(3, 4);
/* Makes room for one more; false: memory is exhausted, and the simulation has failed. */
#define SIM_RESERVE(sim, array, capacity, count)                                                                       \
    (ARRAY_RESERVE(array, capacity, (count) + 1) ||                                                                    \
     (sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory: simulate fewer people"), false))

/* queue.c */
bool sim_queue_init(sim_queue *queue, int64_t start_ms, int64_t end_ms);
void sim_queue_fini(sim_queue *queue);
void sim_push(sim *sim, int64_t time_ms, sim_event_kind kind, uint32_t subject, uint32_t detail);
bool sim_pop(sim_queue *queue, sim_event *event_out);

/* draw.c: integer draws from distributions given as tables. */
typedef struct sim_quantile {
    int32_t permille; /* from 0 to 1000, rising */
    int32_t value;
} sim_quantile;
/* A value whose share below is what the table says, linear in between. */
int64_t sim_draw(random_stream *stream, const sim_quantile *table, size_t count);
#define SIM_DRAW(stream, table) sim_draw(stream, table, sizeof(table) / sizeof *(table))
/* When the next of `rate_milli` / 1000 events a day comes, after `from_ms`, by the hours in which people are about. */
int64_t sim_later(random_stream *stream, int64_t from_ms, int64_t rate_milli);
int64_t sim_local_hour(int64_t time_ms);
int64_t sim_midnight(int64_t time_ms); /* of its day in Shanghai */
bool sim_is_working_day(int64_t time_ms);
/* `time_ms` if an office is open then, else a time of the next working day. */
int64_t sim_office_time(random_stream *stream, int64_t time_ms);

/* names.c */
extern const char *const sim_district_codes[SIM_DISTRICT_COUNT];
extern const char *const sim_role_names[];
extern const char *const sim_account_types[];
#define SIM_NAME_BYTES 96
size_t sim_person_name(const sim_person *person, char name_out[SIM_NAME_BYTES]);
size_t sim_company_name(const sim_company *company, uint32_t number, char name_out[SIM_NAME_BYTES]);
void sim_person_draw_name(random_stream *stream, sim_person *person);
/* A one-to-one map of 0 … modulus − 1 onto itself that shows no order; modulus ≤ 2 ** (2 * half_bits). */
uint64_t sim_scramble(uint64_t number, unsigned half_bits, uint64_t modulus, uint64_t salt);
uint64_t sim_person_id(const sim *sim, uint32_t person);
void sim_account_key(sim_account *account, uint32_t number, uint8_t district, uint64_t salt);
/* The key of a cash machine or counter, in `buffer`. */
sluice_text sim_atm_key(uint8_t district, uint32_t machine, char buffer[SIM_KEY_BYTES]);

/* ledger.c */
/* Opens an account; its number, or SIM_NONE when memory is exhausted. */
uint32_t sim_account_open(sim *sim, random_stream *stream, sim_account_kind kind, uint32_t holder, uint8_t district,
                          int64_t opened_ms, int64_t opening_fen);
/* Moves money now (the time of the event under way, or just after the last movement). The transfer's number; 0 when the
 * payer cannot: blocked, too poor, or the amount is not positive. */
uint64_t sim_pay(sim *sim, int64_t time_ms, uint32_t from, uint32_t to, int64_t amount_fen);
/* Draws cash at a machine or counter of the district. The withdrawal's number, or 0. */
uint64_t sim_withdraw(sim *sim, int64_t time_ms, uint32_t account, int64_t amount_fen, uint8_t district,
                      uint32_t machine);
void sim_block(sim *sim, int64_t time_ms, uint32_t account);
static inline bool sim_can_pay(const sim *sim, uint32_t account, int64_t amount_fen) {
    return !sim->accounts[account].blocked && amount_fen > 0 && sim->accounts[account].balance_fen >= amount_fen;
}

/* city.c, living.c, lookalike.c, login.c, gang.c, fraud.c, laundering.c */
void sim_city_build(sim *sim);
uint32_t sim_outsider_new(sim *sim, random_stream *stream);
static inline bool sim_is_open(const sim *sim, uint32_t account, int64_t time_ms) {
    return account != SIM_NONE && sim->accounts[account].opened_ms <= time_ms;
}
void sim_living_begin(sim *sim);
void sim_purchase(sim *sim, const sim_event *event);
void sim_seldom(sim *sim, const sim_event *event);
void sim_monthly(sim *sim, const sim_event *event);
void sim_payroll(sim *sim, const sim_event *event);
void sim_salary(sim *sim, const sim_event *event);
void sim_business(sim *sim, const sim_event *event);
void sim_settle(sim *sim, const sim_event *event);
void sim_lost(sim *sim, const sim_event *event);
void sim_lookalikes_begin(sim *sim);
void sim_lookalike_step(sim *sim, const sim_event *event);
const char *sim_lookalike_name(uint8_t kind);

/* Devices are numbered: a phone for each civilian, a second phone for some of them, then SIM_GANG_DEVICES a crew. */
#define SIM_GANG_DEVICES 8
#define SIM_SECOND_PHONE_EACH 9 /* one civilian of so many has a second phone, */
#define SIM_SECOND_PHONE_AT 4   /* the one with this remainder */
uint32_t sim_gang_device(const sim *sim, uint32_t gang, uint32_t which);
uint32_t sim_company_device(const sim *sim, uint32_t company);
/* The phone in the person's hand this time. */
uint32_t sim_person_device(sim *sim, uint32_t person);
void sim_login_at(sim *sim, int64_t time_ms, uint32_t account, uint32_t device);
void sim_login(sim *sim, const sim_event *event);

void sim_gangs_build(sim *sim, uint32_t victim_count);
void sim_gangs_begin(sim *sim);
void sim_intake(sim *sim, const sim_event *event);
/* A mule of the layer that can still be used, near the crew's cursor; SIM_NONE when all are burnt. */
uint32_t sim_gang_pick(sim *sim, uint32_t gang, uint8_t layer, uint32_t width);
void sim_mule_login(sim *sim, int64_t time_ms, uint32_t mule);

void sim_fraud_begin(sim *sim);
void sim_victim_step(sim *sim, const sim_event *event);
void sim_victim_test(sim *sim, const sim_event *event);
void sim_victim_report(sim *sim, const sim_event *event);
void sim_victim_stop(sim *sim, const sim_event *event);
const char *sim_fraud_type(uint8_t script);
bool sim_fraud_is_demo(uint8_t script);
uint32_t sim_victims_planned(const sim *sim);

/* A victim's money came into the mule's account: it will be moved on. */
void sim_mule_receive(sim *sim, int64_t time_ms, uint32_t mule, uint32_t victim, int64_t amount_fen);
void sim_launder(sim *sim, const sim_event *event);
void sim_exit_step(sim *sim, const sim_event *event);

/* write.c and truth.c: rows in the order of the calls. */
void sim_output_open(sim *sim);
void sim_output_close(sim *sim); /* commits, or abandons after an error */
void sim_write_movement(sim *sim, bool is_withdrawal, uint64_t number, int64_t time_ms, const sim_account *from,
                        sluice_text to, const sim_account *to_account, int64_t amount_fen);
void sim_write_login(sim *sim, int64_t time_ms, uint32_t account, uint32_t device, uint32_t place);
void sim_write_opened(sim *sim, const sim_event *event);
void sim_write_blocked(sim *sim, int64_t time_ms, const sim_account *account);
void sim_write_population(sim *sim);
/* A movement's part that is one victim's. */
typedef struct sim_leg {
    uint32_t victim;
    uint64_t number;
    bool is_withdrawal;
    uint32_t layer; /* of the receiver; 0: an exit */
    int64_t time_ms;
    sluice_text from, to;
    int64_t amount_fen;
} sim_leg;
void sim_write_leg(sim *sim, const sim_leg *leg);
/* A movement that takes money out of the banks' reach; from is the mule's account. */
typedef struct sim_exit_row {
    bool is_withdrawal;
    uint64_t number;
    int64_t time_ms;
    const char *kind; /* "atm", "counter", "pos", "vasp" */
    sluice_text to;
    int64_t amount_fen;
} sim_exit_row;
void sim_write_exit(sim *sim, uint32_t gang, const sim_exit_row *row, const sim_account *from);
void sim_write_truth(sim *sim);

#endif
