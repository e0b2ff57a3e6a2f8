/* The only place where money moves. It keeps the three invariants of sim_private.h: a payer has what it pays, time only
 * rises (by at least a millisecond a movement), and a blocked account pays nothing; nor does one that is not yet open.
 */
#include "base/assert.h"
#include "sim/sim_private.h"

/* Banks 0 to 7 of 12 state the balance after each transfer; of the others an opening balance must be inferred. Half of
 * all cards are with the first four. */
static uint8_t draw_bank(random_stream *stream) {
    return (uint8_t)(random_chance(stream, 1, 2) ? random_below(stream, 4) : 4 + random_below(stream, 8));
}

uint32_t sim_account_open(sim *sim, random_stream *stream, sim_account_kind kind, uint32_t holder, uint8_t district,
                          int64_t opened_ms, int64_t opening_fen) {
    if (!SIM_RESERVE(sim, sim->accounts, sim->account_capacity, sim->account_count)) {
        return SIM_NONE;
    }
    /* Within the time that is watched, so that each is seen. */
    opened_ms = opened_ms < sim->end_ms ? opened_ms : 2 * sim->end_ms - opened_ms - 1;
    uint32_t number = (uint32_t)sim->account_count++;
    sim_account *account = &sim->accounts[number];
    *account = (sim_account){.kind = (uint8_t)kind,
                             .bank = draw_bank(stream),
                             .holder = holder,
                             .mule = SIM_NONE,
                             .opened_ms = opened_ms,
                             .opening_fen = opening_fen,
                             .balance_fen = opening_fen};
    sim_account_key(account, number, district, sim->options->seed);
    return number;
}

/* The movement's time, or -1 when the simulation is over. */
static int64_t next_time(sim *sim, int64_t time_ms) {
    int64_t actual = time_ms > sim->last_ms ? time_ms : sim->last_ms + 1;
    return actual < sim->end_ms ? actual : -1;
}

uint64_t sim_pay(sim *sim, int64_t time_ms, uint32_t from, uint32_t to, int64_t amount_fen) {
    int64_t actual_ms = next_time(sim, time_ms);
    if (actual_ms < 0 || from == to || !sim_can_pay(sim, from, amount_fen)) {
        return 0;
    }
    sim_account *payer = &sim->accounts[from], *payee = &sim->accounts[to];
    if (payer->opened_ms > actual_ms || payee->opened_ms > actual_ms) {
        return 0;
    }
    payer->balance_fen -= amount_fen;
    payee->balance_fen += amount_fen;
    SLUICE_ASSERT(payer->balance_fen >= 0);
    sim->last_ms = actual_ms;
    uint64_t number = ++sim->transfer_count;
    sim_write_movement(sim, false, number, actual_ms, payer, (sluice_text){payee->key, payee->key_length}, payee,
                       amount_fen);
    return number;
}

uint64_t sim_withdraw(sim *sim, int64_t time_ms, uint32_t account, int64_t amount_fen, uint8_t district,
                      uint32_t machine) {
    int64_t actual_ms = next_time(sim, time_ms);
    if (actual_ms < 0 || !sim_can_pay(sim, account, amount_fen)) {
        return 0;
    }
    sim_account *payer = &sim->accounts[account];
    if (payer->opened_ms > actual_ms) {
        return 0;
    }
    payer->balance_fen -= amount_fen;
    SLUICE_ASSERT(payer->balance_fen >= 0);
    sim->last_ms = actual_ms;
    uint64_t number = ++sim->withdrawal_count;
    char key[SIM_KEY_BYTES];
    sim_write_movement(sim, true, number, actual_ms, payer, sim_atm_key(district, machine, key), NULL, amount_fen);
    return number;
}

void sim_block(sim *sim, int64_t time_ms, uint32_t account) {
    if (!sim->accounts[account].blocked) {
        sim->accounts[account].blocked = true;
        sim_write_blocked(sim, time_ms, &sim->accounts[account]);
    }
}
