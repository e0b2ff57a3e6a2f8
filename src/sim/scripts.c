/* The fraud types of domain.md §6 that show in money, as tables: what is paid, by whom, how quickly, and what comes in
 * before. Amounts and gaps are assumptions in the sense of the signals named there; weights are its counts.
 *
 * Two types have two rows, because their victims differ: 冒充领导、熟人 asks a company's treasurer or a person;
 * 贷款 is played with and without money that the crew sends through (刷流水). */
#include "sim/script.h"

/* clang-format off */
const script sim_scripts[SCRIPT_COUNT] = {
    /* One person with ¥2,600,000 meets the crew of seven layers. */
    [SCRIPT_LARGE] =
    {"虚假网络投资理财", 0, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 9000, 1440, 60, 240, 0, false, 3, {
        {STEP_PAY_YUAN, 2000, 5000, 0, 0, 0, 0},
        {STEP_REBATE_PERCENT, 105, 108, 60, 200, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 74, 80, 200, 400, 0, 0}}},
    /* The demonstration: an evening of tasks on the last day; the report comes when part of it can still be stopped. */
    [SCRIPT_DEMO] =
    {"刷单返利", 0, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 9000, 190, 30, 40, 0, true, 8, {
        {STEP_PAY_YUAN, 100, 200, 0, 0, 0, 0},
        {STEP_REBATE_PERCENT, 110, 115, 4, 6, 0, 0},
        {STEP_PAY_YUAN, 300, 500, 10, 14, 0, 0},
        {STEP_REBATE_PERCENT, 110, 115, 4, 6, 0, 0},
        {STEP_PAY_YUAN, 1800, 3000, 15, 20, 0, 0},
        {STEP_PAY_YUAN, 12000, 20000, 22, 26, 0, 0},
        {STEP_PAY_YUAN, 38000, 58000, 30, 34, 0, 0},
        {STEP_PAY_YUAN, 96000, 128000, 36, 40, 0, 0}}},

    /* small tasks, rebates received, growing deposits to ever new payees */
    [SCRIPT_COMMON] =
    {"刷单返利", 35459, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 9000, 3 * 1440, 30, 9 * 60, 0, false, 8, {
        {STEP_PAY_YUAN, 100, 200, 0, 0, 0, 0},
        {STEP_REBATE_PERCENT, 105, 120, 3, 12, 0, 0},
        {STEP_PAY_YUAN, 200, 500, 20, 120, 0, 0},
        {STEP_REBATE_PERCENT, 105, 120, 3, 12, 0, 20},
        {STEP_PAY_YUAN, 800, 3000, 60, 600, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 10, 25, 30, 300, 10, 0},
        {STEP_PAY_WEALTH_PERCENT, 25, 50, 30, 600, 15, 0},
        {STEP_PAY_WEALTH_PERCENT, 50, 90, 30, 600, 20, 0}}},
    /* 百万保障, a lost parcel: within an hour, on a shared screen; a small check first, then the "safe account" */
    {"冒充电商物流客服", 13772, VICTIM_ADULT, HOURS_SITTING, PAYEE_NEW, 6000, 180, 20, 5 * 60, 60, false, 7, {
        {STEP_PAY_YUAN, 60, 500, 0, 0, 0, 15},
        {STEP_GATHER_OWN, 100, 100, 2, 10, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 20, 45, 2, 14, 6, 0},
        {STEP_LOAN_YUAN, 5000, 30000, 3, 12, 0, 70},
        {STEP_PAY_BALANCE_PERCENT, 40, 70, 2, 12, 10, 0},
        {STEP_PAY_BALANCE_PERCENT, 50, 85, 2, 12, 15, 0},
        {STEP_PAY_BALANCE_PERCENT, 60, 95, 2, 12, 30, 0}}},
    /* a mentor or lover; a small withdrawal works, then large deposits, then 解冻费 */
    {"虚假网络投资理财", 11836, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 15000, 12 * 1440, 120, 5 * 1440, 0, false, 7, {
        {STEP_PAY_YUAN, 1000, 5000, 0, 0, 0, 0},
        {STEP_REBATE_PERCENT, 103, 110, 700, 1700, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 12, 25, 300, 2000, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 25, 50, 700, 3000, 12, 0},
        {STEP_PAY_WEALTH_PERCENT, 40, 80, 700, 4000, 15, 0},
        {STEP_PAY_PAID_PERCENT, 5, 15, 300, 2000, 20, 0},
        {STEP_PAY_PAID_PERCENT, 3, 10, 200, 1500, 50, 0}}},
    /* a fee (手续费), a deposit (保证金), then 解冻费; nothing ever comes in */
    {"贷款、代办信用卡", 5105, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 3000, 3 * 1440, 120, 2 * 1440, 0, false, 4, {
        {STEP_PAY_YUAN, 200, 1500, 0, 0, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 10, 30, 30, 300, 5, 0},
        {STEP_PAY_PAID_PERCENT, 40, 120, 40, 700, 15, 0},
        {STEP_PAY_PAID_PERCENT, 30, 80, 60, 1200, 40, 0}}},
    /* 刷流水: the crew's money comes in and goes right back, with the victim's own after it */
    {"贷款、代办信用卡", 6000, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 3000, 2 * 1440, 60, 2 * 1440, 10, false, 7, {
        {STEP_PAY_YUAN, 100, 600, 0, 0, 0, 30},
        {STEP_CREDIT_YUAN, 300, 1500, 20, 240, 0, 0},
        {STEP_PAY_YUAN, 400, 1800, 4, 25, 0, 0},
        {STEP_CREDIT_YUAN, 500, 2500, 15, 120, 0, 40},
        {STEP_PAY_WEALTH_PERCENT, 20, 45, 6, 40, 5, 0},
        {STEP_PAY_WEALTH_PERCENT, 30, 60, 20, 240, 25, 0},
        {STEP_PAY_PAID_PERCENT, 20, 60, 60, 900, 40, 0}}},
    /* "close the loan or lose your credit": one sitting that empties the account, borrowed money included */
    {"虚假征信", 8464, VICTIM_ADULT, HOURS_SITTING, PAYEE_NEW, 3000, 360, 30, 8 * 60, 50, false, 10, {
        {STEP_GATHER_OWN, 100, 100, 0, 0, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 30, 60, 3, 15, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 70, 98, 2, 10, 0, 0},
        {STEP_LOAN_YUAN, 3000, 30000, 6, 30, 0, 15},
        {STEP_PAY_BALANCE_PERCENT, 85, 99, 2, 9, 3, 0},
        {STEP_LOAN_YUAN, 5000, 50000, 6, 30, 0, 35},
        {STEP_PAY_BALANCE_PERCENT, 85, 99, 2, 9, 5, 0},
        {STEP_GATHER_RELATIVE, 10, 30, 10, 50, 0, 60},
        {STEP_LOAN_YUAN, 3000, 20000, 6, 30, 0, 60},
        {STEP_PAY_BALANCE_PERCENT, 85, 99, 2, 9, 10, 0}}},
    /* cheap goods off the platform, then a tax or a fee */
    {"虚假购物、服务", 7058, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 4000, 2 * 1440, 300, 3 * 1440, 0, false, 3, {
        {STEP_PAY_YUAN, 300, 6000, 0, 0, 0, 0},
        {STEP_PAY_PAID_PERCENT, 20, 60, 40, 900, 30, 0},
        {STEP_PAY_PAID_PERCENT, 10, 40, 60, 900, 60, 0}}},
    /* funds gathered in one own card over hours, secretly; then drained in few large transfers, often by the crew */
    {"冒充公检法及政府机关", 4563, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 20000, 2 * 1440, 300, 4 * 1440, 50, false, 7, {
        {STEP_GATHER_OWN, 100, 100, 0, 0, 0, 0},
        {STEP_GATHER_RELATIVE, 15, 50, 60, 500, 0, 25},
        {STEP_GATHER_RELATIVE, 10, 40, 60, 500, 0, 50},
        {STEP_GATHER_OWN, 100, 100, 20, 60, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 40, 70, 30, 240, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 60, 95, 2, 25, 8, 0},
        {STEP_PAY_BALANCE_PERCENT, 70, 98, 2, 25, 35, 0}}},
    /* the "director" writes to the treasurer: one or two urgent large transfers in office hours */
    {"冒充领导、熟人", 2000, VICTIM_EMPLOYER, HOURS_OFFICE, PAYEE_NEW, 60000, 300, 60, 26 * 60, 0, false, 2, {
        {STEP_PAY_BALANCE_PERCENT, 25, 60, 0, 0, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 30, 70, 12, 70, 45, 0}}},
    /* a "friend" in need, a "leader" who cannot pay himself just now */
    {"冒充领导、熟人", 2407, VICTIM_ADULT, HOURS_AWAKE, PAYEE_STEADY, 12000, 500, 60, 26 * 60, 0, false, 3, {
        {STEP_GATHER_OWN, 100, 100, 0, 0, 0, 60},
        {STEP_PAY_WEALTH_PERCENT, 25, 60, 3, 20, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 30, 60, 15, 200, 50, 0}}},
    /* gear or an account: the price, then the "frozen account", each a small sum */
    {"网络游戏产品虚假交易", 2155, VICTIM_YOUNG, HOURS_SITTING, PAYEE_NEW, 700, 600, 60, 1440, 0, false, 4, {
        {STEP_PAY_YUAN, 80, 1500, 0, 0, 0, 0},
        {STEP_PAY_PAID_PERCENT, 80, 150, 6, 60, 0, 0},
        {STEP_PAY_PAID_PERCENT, 60, 120, 6, 90, 30, 0},
        {STEP_PAY_PAID_PERCENT, 50, 100, 6, 90, 50, 0}}},
    /* for weeks: irregular and growing help to the same person */
    {"网络婚恋、交友（非投资）", 1654, VICTIM_ADULT, HOURS_AWAKE, PAYEE_STEADY, 12000, 24 * 1440, 1440, 12 * 1440, 0, false,
     8, {
        {STEP_PAY_YUAN, 60, 600, 0, 0, 0, 0},
        {STEP_PAY_YUAN, 200, 1400, 1440, 4 * 1440, 0, 0},
        {STEP_PAY_YUAN, 500, 3000, 600, 5 * 1440, 0, 0},
        {STEP_PAY_WEALTH_PERCENT, 4, 12, 1440, 5 * 1440, 5, 0},
        {STEP_PAY_WEALTH_PERCENT, 8, 20, 600, 4 * 1440, 10, 0},
        {STEP_PAY_WEALTH_PERCENT, 10, 30, 1440, 4 * 1440, 15, 0},
        {STEP_PAY_WEALTH_PERCENT, 20, 45, 600, 3 * 1440, 20, 0},
        {STEP_PAY_WEALTH_PERCENT, 20, 50, 600, 3 * 1440, 30, 0}}},
    /* [U] taken as extortion: repeated demands to changing accounts */
    {"网黑案件", 1197, VICTIM_ADULT, HOURS_AWAKE, PAYEE_NEW, 5000, 2 * 1440, 60, 2 * 1440, 0, false, 7, {
        {STEP_PAY_YUAN, 300, 3000, 0, 0, 0, 0},
        {STEP_PAY_YUAN, 500, 4000, 8, 60, 0, 0},
        {STEP_PAY_YUAN, 500, 5000, 10, 120, 10, 0},
        {STEP_PAY_YUAN, 800, 6000, 20, 300, 15, 0},
        {STEP_PAY_WEALTH_PERCENT, 10, 30, 30, 500, 20, 0},
        {STEP_PAY_WEALTH_PERCENT, 15, 40, 60, 700, 25, 0},
        {STEP_PAY_WEALTH_PERCENT, 15, 40, 60, 700, 40, 0}}},
    /* a shop is to buy for the "army" from a "supplier", in advance */
    {"冒充军警购物", 1092, VICTIM_SHOP, HOURS_OFFICE, PAYEE_STEADY, 8000, 2 * 1440, 120, 2 * 1440, 0, false, 3, {
        {STEP_CREDIT_YUAN, 200, 1000, 0, 0, 0, 65},
        {STEP_PAY_BALANCE_PERCENT, 30, 65, 30, 500, 0, 0},
        {STEP_PAY_BALANCE_PERCENT, 40, 80, 40, 400, 45, 0}}}};
/* clang-format on */
