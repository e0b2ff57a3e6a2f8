/* The kinds of lookalikes and what they are like. Each names the guilty shape that it has in common with somebody. */
#include "sim/lookalike.h"

#define SECONDS(n) ((n)*SIM_SECOND)
#define MINUTES(n) ((n)*SIM_MINUTE)
#define HOURS(n) ((n)*SIM_HOUR)

/* clang-format off */
const lookalike_kind sim_lookalike_kinds[] = {
    /* -- as a collecting card: scattered in, concentrated out -- */
    /* cash on delivery, handed over in the evening */
    {"courier", 250, 2, HOST_ANY, 8, MINUTES(90), false,
     {PARTY_ANYBODY, 0, 18, 45, BASIS_YUAN, 15, 400, 1, MINUTES(2), MINUTES(25)}, MINUTES(10), MINUTES(50),
     {PARTY_COMPANY, SIM_COURIER_FIRM, 1, 1, BASIS_PERCENT_TAKEN, 96, 96, 0, 0, 0}, 0, 1, 1},
    /* 社区团购: neighbours order, the leader buys */
    {"group purchase", 300, 2, HOST_ANY, 19, MINUTES(90), false,
     {PARTY_ANYBODY, 0, 12, 60, BASIS_YUAN, 20, 160, 1, SECONDS(5), MINUTES(4)}, HOURS(8), HOURS(14),
     {PARTY_COMPANY, SIM_SUPPLIER, 1, 1, BASIS_PERCENT_TAKEN, 90, 90, 0, 0, 0}, 0, 7, 7},
    /* 份子钱, then the banquet */
    {"wedding", 900, 1, HOST_ANY, 10, MINUTES(90), false,
     {PARTY_ANYBODY, 0, 40, 150, BASIS_YUAN, 200, 1200, 100, SECONDS(10), MINUTES(3)}, HOURS(3), HOURS(30),
     {PARTY_COMPANY, SIM_BANQUET_HALL, 1, 1, BASIS_PERCENT_TAKEN, 80, 80, 0, 0, 0}, 0, 0, 0},
    /* 标会: each puts in, one takes all */
    {"chit fund", 700, 1, HOST_ANY, 18, MINUTES(90), false,
     {PARTY_ANYBODY, 0, 10, 24, BASIS_YUAN, 1000, 1000, 1000, SECONDS(20), MINUTES(20)}, MINUTES(2), HOURS(3),
     {PARTY_PAYER, 0, 1, 1, BASIS_PERCENT_TAKEN, 100, 100, 0, 0, 0}, 0, 30, 30},
    /* 微商: sells to strangers all week, pays the wholesaler */
    {"online shop", 400, 2, HOST_ANY, 8, HOURS(8), false,
     {PARTY_ANYBODY, 0, 40, 140, BASIS_YUAN, 15, 600, 0, MINUTES(4), MINUTES(110)}, MINUTES(20), HOURS(30),
     {PARTY_COMPANY, SIM_SUPPLIER, 1, 2, BASIS_PERCENT_TAKEN, 40, 48, 100, MINUTES(1), MINUTES(9)}, 0, 1, 3},
    /* the same, but the wholesaler is a person and is paid within the hour */
    {"reseller", 600, 1, HOST_ANY, 9, HOURS(6), false,
     {PARTY_ANYBODY, 0, 4, 16, BASIS_YUAN, 100, 3000, 50, SECONDS(30), MINUTES(40)}, MINUTES(2), MINUTES(50),
     {PARTY_STEADY, 0, 1, 3, BASIS_PERCENT_TAKEN, 28, 33, 100, SECONDS(20), MINUTES(5)}, 0, 2, 9},
    /* 二房东: rents in, one rent on */
    {"subletter", 600, 1, HOST_ANY, 9, HOURS(4), false,
     {PARTY_ANYBODY, 0, 3, 10, BASIS_YUAN, 800, 3000, 100, MINUTES(1), HOURS(3)}, MINUTES(5), MINUTES(60),
     {PARTY_STEADY, 0, 1, 1, BASIS_PERCENT_TAKEN, 86, 95, 100, 0, 0}, 0, 30, 31},
    /* a driver at night, who puts it away in the morning */
    {"night driver", 300, 2, HOST_ANY, 21, HOURS(3), false,
     {PARTY_ANYBODY, 0, 8, 22, BASIS_YUAN, 12, 95, 1, MINUTES(8), MINUTES(35)}, MINUTES(20), HOURS(2),
     {PARTY_OWN, 0, 1, 1, BASIS_PERCENT_TAKEN, 70, 100, 10, 0, 0}, 0, 1, 2},
    /* mahjong, settled by phone until late */
    {"card table", 300, 2, HOST_ANY, 20, HOURS(4), false,
     {PARTY_ANYBODY, 0, 2, 8, BASIS_YUAN, 50, 1500, 50, MINUTES(4), MINUTES(40)}, MINUTES(2), MINUTES(30),
     {PARTY_ANYBODY, 0, 2, 8, BASIS_YUAN, 50, 1500, 50, MINUTES(4), MINUTES(40)}, 0, 3, 10},

    /* -- as a passing card: in and right out -- */
    /* 首付: relatives lend, the developer is paid */
    {"home buyer", 1200, 1, HOST_ANY, 9, MINUTES(90), false,
     {PARTY_ANYBODY, 0, 4, 10, BASIS_YUAN, 3000, 60000, 1000, MINUTES(4), HOURS(5)}, HOURS(1), HOURS(26),
     {PARTY_COMPANY, SIM_DEVELOPER, 1, 1, BASIS_PERCENT_TAKEN, 100, 100, 0, 0, 0}, 0, 0, 0},
    /* the old card in the drawer takes the price of a flat, and the seller has it an hour later */
    {"old card", 250, 2, HOST_DRAWER, 9, HOURS(8), false,
     {PARTY_ANYBODY, 0, 1, 3, BASIS_YUAN, 5000, 80000, 1000, MINUTES(1), HOURS(2)}, MINUTES(3), HOURS(6),
     {PARTY_FRIEND, 0, 1, 2, BASIS_PERCENT_TAKEN, 45, 50, 100, MINUTES(1), MINUTES(20)}, 25, 0, 0},
    /* somebody elsewhere gets money now and then, and uses it up */
    {"outsider", 30, 4, HOST_OUTSIDER, 7, HOURS(15), false,
     {PARTY_ANYBODY, 0, 1, 2, BASIS_YUAN, 300, 20000, 100, MINUTES(10), HOURS(20)}, MINUTES(5), HOURS(48),
     {PARTY_ANYBODY, 0, 1, 3, BASIS_PERCENT_TAKEN, 20, 33, 100, MINUTES(2), HOURS(30)}, 0, 8, 60},
    {"outsider's cash", 60, 2, HOST_OUTSIDER, 7, HOURS(14), false,
     {PARTY_ANYBODY, 0, 1, 1, BASIS_YUAN, 1000, 9000, 100, 0, 0}, MINUTES(8), HOURS(20),
     {PARTY_MACHINE, 0, 1, 2, BASIS_PERCENT_TAKEN, 40, 50, 100, SECONDS(50), MINUTES(3)}, 0, 10, 60},
    /* between own accounts, for a better rate or a limit */
    {"own accounts", 120, 3, HOST_SAVER, 8, HOURS(13), false,
     {PARTY_OWN, 0, 1, 2, BASIS_PERCENT_BALANCE, 40, 95, 100, SECONDS(40), MINUTES(10)}, SECONDS(30), MINUTES(50),
     {PARTY_OWN, 0, 1, 2, BASIS_PERCENT_TAKEN, 45, 50, 100, SECONDS(30), MINUTES(4)}, 0, 4, 25},
    /* a lender's money buys something at once */
    {"borrower", 150, 2, HOST_ANY, 8, HOURS(14), false,
     {PARTY_COMPANIES, SIM_LENDER, 1, 3, BASIS_YUAN, 3000, 40000, 1000, MINUTES(5), MINUTES(40)}, MINUTES(1), MINUTES(40),
     {PARTY_ANYBODY, 0, 1, 3, BASIS_PERCENT_TAKEN, 30, 33, 100, MINUTES(1), MINUTES(20)}, 10, 20, 60},
    /* 以贷养贷: one loan pays the others */
    {"debts by debts", 250, 2, HOST_ANY, 8, HOURS(14), false,
     {PARTY_COMPANIES, SIM_LENDER, 1, 2, BASIS_YUAN, 3000, 30000, 1000, MINUTES(3), MINUTES(30)}, MINUTES(1), MINUTES(30),
     {PARTY_COMPANIES, SIM_LENDER, 3, 6, BASIS_PERCENT_TAKEN, 15, 24, 0, MINUTES(1), MINUTES(8)}, 0, 28, 31},
    /* friends help in an emergency, the hospital is paid the same day */
    {"emergency", 500, 1, HOST_ANY, 0, HOURS(23), false,
     {PARTY_ANYBODY, 0, 2, 7, BASIS_YUAN, 500, 20000, 500, MINUTES(2), MINUTES(50)}, MINUTES(4), HOURS(4),
     {PARTY_COMPANY, SIM_HOSPITAL, 1, 2, BASIS_PERCENT_TAKEN, 40, 50, 100, MINUTES(5), HOURS(8)}, 0, 0, 0},
    /* paid back what was lent, and a little more */
    {"lends to friends", 200, 2, HOST_ANY, 8, HOURS(13), false,
     {PARTY_STEADY, 0, 1, 1, BASIS_YUAN, 110, 1200, 10, 0, 0}, MINUTES(5), HOURS(20),
     {PARTY_STEADY, 0, 1, 1, BASIS_YUAN, 100, 2000, 50, 0, 0}, 0, 1, 6},

    /* -- as one who takes the money out -- */
    /* the month's pension, in cash */
    {"pensioner", 60, 3, HOST_OLD, 7, HOURS(4), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_MACHINE, 0, 1, 2, BASIS_YUAN, 1500, 5000, 100, SECONDS(50), MINUTES(3)}, 0, 13, 31},
    /* a foreman pays his people in cash: near the machine's limit, again and again */
    {"foreman", 300, 2, HOST_ANY, 6, HOURS(15), false,
     {PARTY_COMPANIES, SIM_EMPLOYER, 1, 2, BASIS_YUAN, 8000, 30000, 500, MINUTES(2), HOURS(1)}, MINUTES(4), HOURS(5),
     {PARTY_MACHINE, 0, 2, 4, BASIS_YUAN, 4500, 5000, 100, SECONDS(45), SECONDS(150)}, 0, 7, 20},
    /* cash for a wedding, a repair, a safe place at home */
    {"cash at the counter", 70, 3, HOST_SAVER, 9, HOURS(7), true,
     {PARTY_OWN, 0, 0, 1, BASIS_PERCENT_BALANCE, 50, 100, 1000, 0, 0}, MINUTES(10), HOURS(3),
     {PARTY_COUNTER, 0, 1, 1, BASIS_PERCENT_BALANCE, 40, 98, 1000, 0, 0}, 0, 20, 60},
    /* buys virtual currency with own money */
    {"investor in coins", 150, 2, HOST_ANY, 8, HOURS(15), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_DEALER, 0, 1, 3, BASIS_YUAN, 300, 15000, 100, MINUTES(4), HOURS(3)}, 20, 4, 25},
    {"coin dealer", 500, 3, HOST_DEALER, 9, HOURS(10), false,
     {PARTY_ANYBODY, 0, 1, 9, BASIS_YUAN, 500, 20000, 100, MINUTES(1), HOURS(1)}, MINUTES(2), MINUTES(25),
     {PARTY_WALLET, 0, 1, 1, BASIS_PERCENT_TAKEN, 93, 100, 1, 0, 0}, 0, 1, 3},

    /* -- as a victim: large round sums to somebody new -- */
    /* a car, the decorator, an old debt: sometimes a small sum goes first */
    {"large payment", 40, 5, HOST_SAVER, 8, HOURS(14), false,
     {PARTY_OWN, 0, 0, 2, BASIS_PERCENT_BALANCE, 40, 100, 100, MINUTES(1), MINUTES(20)}, MINUTES(1), MINUTES(90),
     {PARTY_FRIEND, 0, 1, 3, BASIS_PERCENT_BALANCE, 15, 80, 1000, MINUTES(2), HOURS(3)}, 40, 25, 70},
    {"large payment", 80, 3, HOST_ANY, 8, HOURS(14), false,
     {PARTY_RELATIVE, 0, 0, 2, BASIS_PERCENT_BALANCE, 5, 30, 1000, MINUTES(5), HOURS(5)}, MINUTES(2), HOURS(3),
     {PARTY_ANYBODY, 0, 1, 4, BASIS_PERCENT_BALANCE, 15, 60, 500, MINUTES(2), HOURS(3)}, 15, 25, 70},
    /* a new home: many new payees in a few days, and growing */
    {"decorating", 200, 2, HOST_ANY, 8, HOURS(10), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_ANYBODY, 0, 3, 8, BASIS_YUAN, 200, 12000, 100, MINUTES(20), HOURS(14)}, 10, 12, 40},
    /* a child who studies elsewhere, a real lover */
    {"helps somebody", 150, 2, HOST_ANY, 9, HOURS(13), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_STEADY, 0, 1, 2, BASIS_PERCENT_BALANCE, 2, 25, 100, MINUTES(3), HOURS(5)}, 0, 2, 8},
    /* the parents' money, and what is wanted at the start of a term */
    {"student", 100, 3, HOST_YOUNG, 10, HOURS(11), false,
     {PARTY_RELATIVE, 0, 1, 1, BASIS_YUAN, 1000, 5000, 100, 0, 0}, MINUTES(2), HOURS(9),
     {PARTY_COMPANIES, SIM_SHOP, 5, 15, BASIS_YUAN, 15, 320, 1, SECONDS(40), MINUTES(16)}, 0, 25, 33},
    {"student", 160, 2, HOST_YOUNG, 12, HOURS(12), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_ANYBODY, 0, 1, 5, BASIS_YUAN, 30, 900, 10, MINUTES(2), MINUTES(70)}, 20, 3, 20},
    /* second-hand things: ever new payers and payees */
    {"second-hand trade", 80, 3, HOST_ANY, 8, HOURS(14), false,
     {PARTY_ANYBODY, 0, 1, 3, BASIS_YUAN, 30, 4000, 10, MINUTES(30), HOURS(30)}, MINUTES(10), HOURS(40),
     {PARTY_ANYBODY, 0, 1, 3, BASIS_YUAN, 30, 4000, 10, MINUTES(30), HOURS(30)}, 10, 2, 14},
    /* works at night, eats and buys at night */
    {"night worker", 60, 3, HOST_ANY, 0, HOURS(3), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_COMPANIES, SIM_SHOP, 1, 3, BASIS_YUAN, 6, 260, 0, MINUTES(5), MINUTES(90)}, 0, 1, 3},
    {"night worker", 150, 2, HOST_ANY, 0, HOURS(5), false,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_ANYBODY, 0, 1, 2, BASIS_YUAN, 50, 5000, 50, MINUTES(2), MINUTES(50)}, 10, 3, 14},

    /* -- as a company that was deceived -- */
    /* the treasurer's day: many suppliers within minutes */
    {"treasurer", 400, 2, HOST_EMPLOYER, 9, HOURS(7), true,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_COMPANIES, SIM_SUPPLIER, 4, 14, BASIS_PERCENT_BALANCE, 1, 4, 0, SECONDS(12), SECONDS(90)}, 0, 6, 15},
    {"treasurer", 300, 2, HOST_EMPLOYER, 9, HOURS(7), true,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_ANYBODY, 0, 1, 5, BASIS_PERCENT_BALANCE, 2, 25, 1000, SECONDS(30), MINUTES(40)}, 15, 10, 30},
    /* a shop's new supplier, who is a person */
    {"new supplier", 150, 3, HOST_SHOP, 9, HOURS(8), true,
     {PARTY_NONE, 0, 0, 0, BASIS_YUAN, 0, 0, 0, 0, 0}, 0, 0,
     {PARTY_FRIEND, 0, 1, 3, BASIS_PERCENT_BALANCE, 15, 60, 100, MINUTES(10), HOURS(6)}, 15, 10, 40}};
/* clang-format on */

const size_t sim_lookalike_kind_count = sizeof sim_lookalike_kinds / sizeof *sim_lookalike_kinds;
