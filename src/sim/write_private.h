/* Files of the output folder and the fields of their rows. Errors are kept in the simulation. */
#ifndef SIM_WRITE_PRIVATE_H
#define SIM_WRITE_PRIVATE_H

#include "sim/sim_private.h"

typedef enum sim_file {
    SIM_FILE_TRANSFERS,
    SIM_FILE_WITHDRAWALS,
    SIM_FILE_ACCOUNTS,
    SIM_FILE_HOLDERS,
    SIM_FILE_DEVICES,
    SIM_FILE_LOGINS,
    SIM_FILE_README,
    SIM_FILE_VICTIMS,
    SIM_FILE_MULES,
    SIM_FILE_EXITS,
    SIM_FILE_GANGS,
    SIM_FILE_LEGS,
    SIM_FILE_HELD,
    SIM_FILE_OPENINGS,
    SIM_FILE_LOOKALIKES,
    SIM_FILE_DEMO,
    SIM_FILE_COUNT
} sim_file;

void sim_put(sim *sim, sim_file name, sluice_text text);
void sim_put_char(sim *sim, sim_file name, char character);
/* At least `width` digits, with zeros before. */
void sim_put_number(sim *sim, sim_file name, uint64_t number, size_t width);
void sim_put_fen(sim *sim, sim_file name, int64_t amount_fen);
void sim_put_time(sim *sim, sim_file name, int64_t time_ms);
void sim_put_id(sim *sim, sim_file name, bool is_withdrawal, uint64_t number);
void sim_put_key(sim *sim, sim_file name, const sim_account *account);
void sim_put_holder(sim *sim, sim_file name, uint32_t holder);

#endif
