/* The ground truth: who was robbed, which cards were mules, where the money went and where it is. In truth/, which no
 * importer reads; docs/simulate.md has the columns. */
#include <stdio.h>

#include "base/money.h"
#include "base/text.h"
#include "sim/write_private.h"

void sim_write_leg(sim *sim, const sim_leg *leg) {
    sim_file file = SIM_FILE_LEGS;
    sim_put_number(sim, file, leg->victim + UINT64_C(1), 1);
    sim_put_char(sim, file, ',');
    sim_put_id(sim, file, leg->is_withdrawal, leg->number);
    sim_put_char(sim, file, ',');
    sim_put_time(sim, file, leg->time_ms);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, leg->from);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, leg->to);
    sim_put_char(sim, file, ',');
    sim_put_number(sim, file, leg->layer, 1);
    sim_put_char(sim, file, ',');
    sim_put_fen(sim, file, leg->amount_fen);
    sim_put_char(sim, file, '\n');
    if (leg->number != sim->leg_last[leg->is_withdrawal]) {
        sim->leg_last[leg->is_withdrawal] = leg->number;
        sim->summary->dirty_movements++;
    }
}

void sim_write_exit(sim *sim, uint32_t gang, const sim_exit_row *row, const sim_account *from) {
    sim_file file = SIM_FILE_EXITS;
    sim_put_id(sim, file, row->is_withdrawal, row->number);
    sim_put_char(sim, file, ',');
    sim_put_time(sim, file, row->time_ms);
    sim_put_char(sim, file, ',');
    sim_put_number(sim, file, gang + UINT64_C(1), 1);
    sim_put_char(sim, file, ',');
    sim_put_key(sim, file, from);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, text_of(row->kind));
    sim_put_char(sim, file, ',');
    sim_put(sim, file, row->to);
    sim_put_char(sim, file, ',');
    sim_put_fen(sim, file, row->amount_fen);
    sim_put_char(sim, file, '\n');
}

static void write_victim(sim *sim, uint32_t number) {
    const sim_victim *victim = &sim->victims[number];
    sim_file file = SIM_FILE_VICTIMS;
    sim_put_number(sim, file, number + UINT64_C(1), 1);
    sim_put_char(sim, file, ',');
    sim_put_holder(sim, file, victim->holder);
    sim_put_char(sim, file, ',');
    sim_put_key(sim, file, &sim->accounts[victim->account]);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, text_of(sim_fraud_type(victim->script)));
    sim_put_char(sim, file, ',');
    sim_put_number(sim, file, victim->gang + UINT64_C(1), 1);
    sim_put_char(sim, file, ',');
    sim_put_id(sim, file, false, victim->payments[0].id);
    sim_put_char(sim, file, ',');
    for (size_t i = 0; i < victim->payment_count; i++) {
        if (i > 0) {
            sim_put_char(sim, file, ' ');
        }
        sim_put_id(sim, file, false, victim->payments[i].id);
    }
    const int64_t amounts[] = {victim->paid_fen, victim->received_fen, victim->paid_fen - victim->received_fen};
    for (size_t i = 0; i < 3; i++) {
        sim_put_char(sim, file, ',');
        sim_put_fen(sim, file, amounts[i]);
    }
    sim_put_char(sim, file, ',');
    if (victim->reported_ms > 0) {
        sim_put_time(sim, file, victim->reported_ms);
    }
    const int64_t times[] = {victim->first_paid_ms, victim->last_paid_ms};
    for (size_t i = 0; i < 2; i++) {
        sim_put_char(sim, file, ',');
        sim_put_time(sim, file, times[i]);
    }
    sim_put_char(sim, file, '\n');
    sim->summary->victims++;
    sim->summary->lost_fen += amounts[2];
}

static void put_flag(sim *sim, sim_file file, bool flag) {
    sim_put(sim, file, flag ? TEXT(",yes") : TEXT(",no"));
}

static void write_mule(sim *sim, const sim_mule *mule) {
    const sim_account *account = &sim->accounts[mule->account];
    sim_put_key(sim, SIM_FILE_MULES, account);
    sim_put_char(sim, SIM_FILE_MULES, ',');
    sim_put_number(sim, SIM_FILE_MULES, mule->layer, 1);
    sim_put_char(sim, SIM_FILE_MULES, ',');
    sim_put(sim, SIM_FILE_MULES, text_of(sim_role_names[mule->role]));
    sim_put_char(sim, SIM_FILE_MULES, ',');
    sim_put_number(sim, SIM_FILE_MULES, mule->gang + UINT64_C(1), 1);
    put_flag(sim, SIM_FILE_MULES, mule->dormant);
    put_flag(sim, SIM_FILE_MULES, mule->tested);
    put_flag(sim, SIM_FILE_MULES, mule->used);
    put_flag(sim, SIM_FILE_MULES, mule->kept);
    sim_put_char(sim, SIM_FILE_MULES, '\n');
    for (size_t i = 0; i < mule->lot_count; i++) {
        const sim_lot *lot = &mule->lots[mule->lot_first + i];
        sim_put_number(sim, SIM_FILE_HELD, lot->victim + UINT64_C(1), 1);
        sim_put_char(sim, SIM_FILE_HELD, ',');
        sim_put_key(sim, SIM_FILE_HELD, account);
        sim_put_char(sim, SIM_FILE_HELD, ',');
        sim_put_number(sim, SIM_FILE_HELD, mule->layer, 1);
        sim_put_char(sim, SIM_FILE_HELD, ',');
        sim_put_fen(sim, SIM_FILE_HELD, lot->amount_fen);
        sim_put_char(sim, SIM_FILE_HELD, '\n');
        sim->summary->held_fen += lot->amount_fen;
    }
}

static void write_gang(sim *sim, uint32_t number) {
    const sim_gang *gang = &sim->gangs[number];
    uint64_t cards = 0;
    for (size_t layer = 1; layer <= gang->layers; layer++) {
        cards += gang->layer_count[layer];
    }
    const uint64_t numbers[] = {number + UINT64_C(1), gang->layers, cards, gang->device_count};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sim_put_number(sim, SIM_FILE_GANGS, numbers[i], 1);
        sim_put_char(sim, SIM_FILE_GANGS, ',');
    }
    sim_put_key(sim, SIM_FILE_GANGS, &sim->accounts[gang->operating]);
    sim_put_char(sim, SIM_FILE_GANGS, ',');
    sim_put_number(sim, SIM_FILE_GANGS, gang->victims, 1);
    sim_put_char(sim, SIM_FILE_GANGS, '\n');
}

/* The victim to show: the demonstration's, else whoever lost most. */
static const sim_victim *demo_victim(const sim *sim) {
    const sim_victim *best = NULL;
    for (size_t i = 0; i < sim->victim_count; i++) {
        const sim_victim *victim = &sim->victims[i];
        if (sim_fraud_is_demo(victim->script) && victim->paid_fen >= 50000 * SIM_YUAN) {
            return victim;
        }
        if (victim->payment_count > 0 && (best == NULL || victim->paid_fen > best->paid_fen)) {
            best = victim;
        }
    }
    return best;
}

/* The account that holds most of the victim's money at the end. */
static const sim_account *largest_holding(const sim *sim, const sim_victim *victim) {
    uint32_t number = (uint32_t)(victim - sim->victims);
    const sim_mule *best = &sim->mules[0];
    int64_t best_fen = -1;
    for (size_t i = 0; i < sim->mule_count; i++) {
        const sim_mule *mule = &sim->mules[i];
        int64_t held_fen = 0;
        for (size_t j = 0; j < mule->lot_count; j++) {
            const sim_lot *lot = &mule->lots[mule->lot_first + j];
            held_fen += lot->victim == number ? lot->amount_fen : 0;
        }
        if (held_fen > best_fen) {
            best = mule;
            best_fen = held_fen;
        }
    }
    return &sim->accounts[best->account];
}

static void write_demo(sim *sim) {
    const sim_victim *victim = demo_victim(sim);
    if (victim == NULL) {
        sim_put(sim, SIM_FILE_DEMO, TEXT("# nobody was robbed in this city; simulate more people or days\n"));
        return;
    }
    const sim_payment *largest = &victim->payments[0];
    for (size_t i = 1; i < victim->payment_count; i++) {
        largest = victim->payments[i].amount_fen > largest->amount_fen ? &victim->payments[i] : largest;
    }
    const sim_account *account = &sim->accounts[victim->account];
    sluice_simulate_summary *summary = sim->summary;
    (void)snprintf(summary->demo_transfer, sizeof summary->demo_transfer, "T%09llu", (unsigned long long)largest->id);
    (void)snprintf(summary->demo_account, sizeof summary->demo_account, "%.*s", account->key_length, account->key);
    summary->demo_amount_fen = largest->amount_fen;
    const sim_account *mule = largest_holding(sim, victim);
    char amount[MONEY_TEXT_BYTES], reported[TIME_TEXT_BYTES], text[400];
    int length = snprintf(text, sizeof text,
                          "transfer=%s\namount=%s\naccount=%s\nmule=%.*s\nfraud_type=%s\nreported_at=%s\nlayers=%u\n",
                          summary->demo_transfer, money_format(largest->amount_fen, false, amount),
                          summary->demo_account, mule->key_length, mule->key, sim_fraud_type(victim->script),
                          time_format(victim->reported_ms > 0 ? victim->reported_ms : sim->end_ms - 1, reported),
                          sim->gangs[victim->gang].layers);
    sim_put(sim, SIM_FILE_DEMO, (sluice_text){text, (size_t)length});
}

static void write_readme(sim *sim) {
    char text[1400];
    int length =
        snprintf(text, sizeof text,
                 "A simulated city, made by `sluice simulate --people %u --days %u --seed %llu`.\n\n"
                 "EVERYTHING HERE IS INVENTED: people, names, cards, companies, transfers, crimes. No card number\n"
                 "is valid (each fails the Luhn check), and there are no identity or telephone numbers.\n"
                 "这里的一切都是虚构的：人名、卡号、公司、交易和案件均由程序生成，与任何真实的人或机构无关。\n\n"
                 "Victims are more frequent than in life, so that a small city has enough of them.\n\n"
                 "  sluice import --db city.db --format csv <this folder>    reads the .csv files beside this text\n"
                 "  truth/                                                   what really happened; never imported\n\n"
                 "docs/simulate.md describes the model and every column.\n",
                 sim->options->people, sim->options->days, (unsigned long long)sim->options->seed);
    sim_put(sim, SIM_FILE_README, (sluice_text){text, (size_t)length});
}

void sim_write_truth(sim *sim) {
    for (uint32_t i = 0; i < sim->victim_count; i++) {
        if (sim->victims[i].payment_count > 0) {
            write_victim(sim, i);
        }
    }
    for (size_t i = 0; i < sim->mule_count; i++) {
        write_mule(sim, &sim->mules[i]);
    }
    for (uint32_t i = 0; i < sim->gang_count; i++) {
        write_gang(sim, i);
    }
    for (size_t i = 0; i < sim->account_count; i++) {
        sim_put_key(sim, SIM_FILE_OPENINGS, &sim->accounts[i]);
        sim_put_char(sim, SIM_FILE_OPENINGS, ',');
        sim_put_fen(sim, SIM_FILE_OPENINGS, sim->accounts[i].opening_fen);
        sim_put_char(sim, SIM_FILE_OPENINGS, ',');
        sim_put_fen(sim, SIM_FILE_OPENINGS, sim->accounts[i].balance_fen);
        sim_put_char(sim, SIM_FILE_OPENINGS, '\n');
    }
    for (size_t i = 0; i < sim->lookalike_count; i++) {
        sim_put_key(sim, SIM_FILE_LOOKALIKES, &sim->accounts[sim->lookalikes[i].account]);
        sim_put_char(sim, SIM_FILE_LOOKALIKES, ',');
        sim_put(sim, SIM_FILE_LOOKALIKES, text_of(sim_lookalike_name(sim->lookalikes[i].kind)));
        sim_put_char(sim, SIM_FILE_LOOKALIKES, '\n');
    }
    write_demo(sim);
    write_readme(sim);
}
