/* The output folder: what `sluice import --format csv` takes, and beside it truth/, which it never reads.
 *
 * Rows are formatted straight into a buffer for each file (64 KiB) without printf: a movement costs about 150 ns. Files
 * appear under their names when all are complete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "sim/write_private.h"
#include "sys/file.h"
#include "sys/folder.h"

#define BUFFER_BYTES 65536
#define BANK_STATES_BALANCE_BELOW 8 /* of 12 banks */

typedef struct output_file {
    file_writer *writer;
    char *buffer;
    size_t used;
} output_file;

struct sim_output {
    output_file files[SIM_FILE_COUNT];
    int64_t day; /* whose text is in date_text */
    char date_text[TIME_TEXT_BYTES];
};

static const struct {
    const char *name, *header;
} file_rows[SIM_FILE_COUNT] = {
    [SIM_FILE_TRANSFERS] = {"transfers.csv", "id,time,from,to,amount,currency,from_balance,to_balance\n"},
    [SIM_FILE_WITHDRAWALS] = {"withdrawals.csv", "id,time,from,to,amount,currency,from_balance,to_balance\n"},
    [SIM_FILE_ACCOUNTS] = {"accounts.csv", "key,time,type,holder,name,event\n"},
    [SIM_FILE_HOLDERS] = {"holders.csv", "key,time,type,name\n"},
    [SIM_FILE_DEVICES] = {"devices.csv", "key,time,type\n"},
    [SIM_FILE_LOGINS] = {"logins.csv", "time,account,device,place\n"},
    [SIM_FILE_README] = {"README.txt", ""},
    [SIM_FILE_VICTIMS] = {"truth/victims.csv", "victim,holder,account,fraud_type,gang,first_transfer,transfers,paid,"
                                               "received,loss,reported_at,first_payment_at,last_payment_at\n"},
    [SIM_FILE_MULES] = {"truth/mules.csv", "account,layer,role,gang,dormant,tested,used,kept\n"},
    [SIM_FILE_EXITS] = {"truth/exits.csv", "id,time,gang,account,kind,to,amount\n"},
    [SIM_FILE_GANGS] = {"truth/gangs.csv", "gang,layers,cards,devices,operating_account,victims\n"},
    [SIM_FILE_LEGS] = {"truth/legs.csv", "victim,id,time,from,to,layer,amount\n"},
    [SIM_FILE_HELD] = {"truth/held.csv", "victim,account,layer,amount\n"},
    [SIM_FILE_OPENINGS] = {"truth/openings.csv", "account,opening,closing\n"},
    [SIM_FILE_LOOKALIKES] = {"truth/lookalikes.csv", "account,kind\n"},
    [SIM_FILE_DEMO] = {"truth/demo.txt", ""}};

/* ---- fields ---- */

static void flush(sim *sim, output_file *file) {
    if (sim->result == SLUICE_OK && file->used > 0) {
        sluice_result result = file_write(file->writer, file->buffer, file->used, sim->error);
        if (result != SLUICE_OK) {
            sim->result = result;
        }
    }
    file->used = 0;
}

void sim_put(sim *sim, sim_file name, sluice_text text) {
    output_file *file = &sim->output->files[name];
    while (text.length > 0) {
        size_t part = BUFFER_BYTES - file->used < text.length ? BUFFER_BYTES - file->used : text.length;
        memcpy(file->buffer + file->used, text.data, part);
        file->used += part;
        text.data += part;
        text.length -= part;
        if (file->used == BUFFER_BYTES) {
            flush(sim, file);
        }
    }
}

void sim_put_char(sim *sim, sim_file name, char character) {
    sim_put(sim, name, (sluice_text){&character, 1});
}

void sim_put_number(sim *sim, sim_file name, uint64_t number, size_t width) {
    char digits[24];
    size_t place = sizeof digits;
    do {
        digits[--place] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || sizeof digits - place < width);
    sim_put(sim, name, (sluice_text){digits + place, sizeof digits - place});
}

void sim_put_fen(sim *sim, sim_file name, int64_t amount_fen) {
    if (amount_fen < 0) {
        sim_put_char(sim, name, '-');
        amount_fen = -amount_fen;
    }
    sim_put_number(sim, name, (uint64_t)amount_fen / 100, 1);
    sim_put_char(sim, name, '.');
    sim_put_number(sim, name, (uint64_t)amount_fen % 100, 2);
}

void sim_put_time(sim *sim, sim_file name, int64_t time_ms) {
    sim_output *output = sim->output;
    int64_t midnight = sim_midnight(time_ms);
    if (output->day != midnight) {
        (void)time_format(midnight, output->date_text);
        output->day = midnight;
    }
    char text[TIME_TEXT_BYTES];
    memcpy(text, output->date_text, sizeof text); /* "2026-01-05T00:00:00.000+08:00" */
    unsigned rest = (unsigned)(time_ms - midnight);
    const struct {
        size_t place;
        unsigned value;
    } pairs[] = {{11, rest / 3600000}, {14, rest / 60000 % 60}, {17, rest / 1000 % 60}, {20, rest % 1000 / 10}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        text[pairs[i].place] = (char)('0' + pairs[i].value / 10);
        text[pairs[i].place + 1] = (char)('0' + pairs[i].value % 10);
    }
    text[22] = (char)('0' + rest % 10);
    sim_put(sim, name, (sluice_text){text, 29});
}

void sim_put_id(sim *sim, sim_file name, bool is_withdrawal, uint64_t number) {
    sim_put_char(sim, name, is_withdrawal ? 'W' : 'T');
    sim_put_number(sim, name, number, 9);
}

void sim_put_key(sim *sim, sim_file name, const sim_account *account) {
    sim_put(sim, name, (sluice_text){account->key, account->key_length});
}

void sim_put_holder(sim *sim, sim_file name, uint32_t holder) {
    bool is_company = (holder & SIM_COMPANY_HOLDER) != 0;
    sim_put(sim, name, is_company ? TEXT("company:SIM") : TEXT("person:SIM"));
    sim_put_number(sim, name, is_company ? holder & ~SIM_COMPANY_HOLDER : sim_person_id(sim, holder), 8);
}

static void put_holder_name(sim *sim, sim_file file, uint32_t holder) {
    char name[SIM_NAME_BYTES];
    uint32_t number = holder & ~SIM_COMPANY_HOLDER;
    size_t length = (holder & SIM_COMPANY_HOLDER) != 0 ? sim_company_name(&sim->companies[number], number, name)
                                                       : sim_person_name(&sim->people[number], name);
    sim_put(sim, file, (sluice_text){name, length});
}

static uint64_t device_key(const sim *sim, uint32_t device) {
    return hash_u64(hash_u64(sim->options->seed) ^ (device + UINT64_C(1)));
}

static void put_device(sim *sim, sim_file file, uint32_t device) {
    char text[40];
    int length = snprintf(text, sizeof text, "device:%016llx", (unsigned long long)device_key(sim, device));
    sim_put(sim, file, (sluice_text){text, (size_t)length});
}

/* ---- files ---- */

/* A folder that holds something which no simulation wrote is left alone. */
static sluice_result check_folder(const char *path, sluice_error *error) {
    if (file_kind_of(path) != FILE_FOLDER) {
        return folder_make(path, error);
    }
    char **names = NULL;
    size_t count = 0;
    sluice_result result = file_list(path, &names, &count, error);
    if (result != SLUICE_OK) {
        return result;
    }
    bool has_truth = count == 0;
    for (size_t i = 0; i < count; i++) {
        has_truth = has_truth || strcmp(names[i], "truth") == 0;
    }
    file_list_free(&names, count);
    return has_truth ? SLUICE_OK
                     : error_set(error, SLUICE_E_CONFLICT,
                                 "%s holds files that no simulation wrote; give an empty or a new folder", path);
}

void sim_output_open(sim *sim) {
    const char *out = sim->options->out;
    sim->output = memory_new_zero(1, sizeof *sim->output);
    if (sim->output == NULL) {
        sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory");
        return;
    }
    sim->output->day = INT64_MIN;
    text_writer path = {0};
    text_printf(&path, "%s/truth", out);
    sim->result = path.failed ? error_no_memory(sim->error, strlen(out)) : check_folder(out, sim->error);
    if (sim->result == SLUICE_OK) {
        sim->result = folder_make(path.data, sim->error);
    }
    for (size_t i = 0; i < SIM_FILE_COUNT && sim->result == SLUICE_OK; i++) {
        output_file *file = &sim->output->files[i];
        path.length = 0;
        text_printf(&path, "%s/%s", out, file_rows[i].name);
        file->buffer = memory_new(BUFFER_BYTES);
        sim->result = path.failed || file->buffer == NULL ? error_no_memory(sim->error, BUFFER_BYTES)
                                                          : file_write_begin(path.data, &file->writer, sim->error);
        if (sim->result == SLUICE_OK) {
            sim_put(sim, (sim_file)i, text_of(file_rows[i].header));
        }
    }
    text_writer_fini(&path);
}

void sim_output_close(sim *sim) {
    for (size_t i = 0; sim->output != NULL && i < SIM_FILE_COUNT; i++) {
        output_file *file = &sim->output->files[i];
        if (file->writer != NULL) {
            flush(sim, file);
        }
    }
    for (size_t i = 0; sim->output != NULL && i < SIM_FILE_COUNT; i++) {
        output_file *file = &sim->output->files[i];
        if (sim->result == SLUICE_OK) {
            sim->result = file_write_commit(&file->writer, sim->error);
        } else if (file->writer != NULL) {
            file_write_abandon(&file->writer);
        }
        memory_free(file->buffer);
    }
    memory_free(sim->output);
    sim->output = NULL;
}

/* ---- rows ---- */

static void put_balance(sim *sim, sim_file file, const sim_account *account) {
    sim_put_char(sim, file, ',');
    if (account != NULL && account->bank < BANK_STATES_BALANCE_BELOW && account->kind != SIM_POS &&
        account->kind != SIM_VASP_WALLET) {
        sim_put_fen(sim, file, account->balance_fen);
    }
}

void sim_write_movement(sim *sim, bool is_withdrawal, uint64_t number, int64_t time_ms, const sim_account *from,
                        sluice_text to, const sim_account *to_account, int64_t amount_fen) {
    sim_file file = is_withdrawal ? SIM_FILE_WITHDRAWALS : SIM_FILE_TRANSFERS;
    sim_put_id(sim, file, is_withdrawal, number);
    sim_put_char(sim, file, ',');
    sim_put_time(sim, file, time_ms);
    sim_put_char(sim, file, ',');
    sim_put_key(sim, file, from);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, to);
    sim_put_char(sim, file, ',');
    sim_put_fen(sim, file, amount_fen);
    sim_put(sim, file, TEXT(",CNY"));
    put_balance(sim, file, from);
    put_balance(sim, file, to_account);
    sim_put_char(sim, file, '\n');
}

void sim_write_login(sim *sim, int64_t time_ms, uint32_t account, uint32_t device, uint32_t place) {
    char text[40];
    uint64_t address = hash_u64(hash_u64(sim->options->seed + 77) ^ place) &
                       0x3FFFFF; /* 100.64.0.0/10: shared address space, RFC 6598 */
    int length = snprintf(text, sizeof text, ",ip:100.%u.%u.%u\n", (unsigned)(64 + (address >> 16)),
                          (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
    sim_put_time(sim, SIM_FILE_LOGINS, time_ms);
    sim_put_char(sim, SIM_FILE_LOGINS, ',');
    sim_put_key(sim, SIM_FILE_LOGINS, &sim->accounts[account]);
    sim_put_char(sim, SIM_FILE_LOGINS, ',');
    put_device(sim, SIM_FILE_LOGINS, device);
    sim_put(sim, SIM_FILE_LOGINS, (sluice_text){text, (size_t)length});
    sim->summary->logins++;
}

static void write_account(sim *sim, const sim_account *account, int64_t time_ms, const char *event) {
    sim_file file = SIM_FILE_ACCOUNTS;
    sim_put_key(sim, file, account);
    sim_put_char(sim, file, ',');
    sim_put_time(sim, file, time_ms);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, text_of(sim_account_types[account->kind]));
    sim_put_char(sim, file, ',');
    sim_put_holder(sim, file, account->holder);
    sim_put_char(sim, file, ',');
    put_holder_name(sim, file, account->holder);
    sim_put_char(sim, file, ',');
    sim_put(sim, file, text_of(event));
    sim_put_char(sim, file, '\n');
}

void sim_write_blocked(sim *sim, int64_t time_ms, const sim_account *account) {
    write_account(sim, account, time_ms, "blocked");
}

void sim_write_opened(sim *sim, const sim_event *event) {
    write_account(sim, &sim->accounts[event->subject], event->time_ms, "seen");
}

/* Rows of a file in an order of their own: what was made first or last does not show. */
typedef struct row_order {
    uint64_t key;
    uint32_t number;
} row_order;

static int compare_rows(const void *left, const void *right) {
    const row_order *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static row_order *order_new(sim *sim, size_t count) {
    row_order *order = memory_new(count * sizeof *order);
    if (order == NULL) {
        sim_fail(sim, SLUICE_E_NO_MEMORY, "out of memory: simulate fewer people");
    }
    return order;
}

/* By time of opening; those that are still to come are written when they come. */
static void write_accounts(sim *sim) {
    row_order *order = order_new(sim, sim->account_count);
    if (order == NULL) {
        return;
    }
    for (uint32_t i = 0; i < sim->account_count; i++) {
        order[i] = (row_order){(uint64_t)sim->accounts[i].opened_ms + (UINT64_C(1) << 63), i};
    }
    qsort(order, sim->account_count, sizeof *order, compare_rows);
    for (size_t i = 0; i < sim->account_count; i++) {
        const sim_account *account = &sim->accounts[order[i].number];
        if (account->opened_ms < sim->start_ms) {
            write_account(sim, account, account->opened_ms, "seen");
        } else {
            sim_push(sim, account->opened_ms, SIM_EVENT_OPENED, order[i].number, 0);
        }
    }
    memory_free(order);
}

static void write_holder(sim *sim, uint32_t holder) {
    sim_put_holder(sim, SIM_FILE_HOLDERS, holder);
    sim_put_char(sim, SIM_FILE_HOLDERS, ',');
    sim_put_time(sim, SIM_FILE_HOLDERS, sim->start_ms);
    sim_put(sim, SIM_FILE_HOLDERS, (holder & SIM_COMPANY_HOLDER) != 0 ? TEXT(",company,") : TEXT(",person,"));
    put_holder_name(sim, SIM_FILE_HOLDERS, holder);
    sim_put_char(sim, SIM_FILE_HOLDERS, '\n');
    sim->summary->holders++;
}

static void write_holders(sim *sim) {
    row_order *order = order_new(sim, sim->person_count);
    if (order == NULL) {
        return;
    }
    for (uint32_t i = 0; i < sim->person_count; i++) {
        order[i] = (row_order){sim_person_id(sim, i), i};
    }
    qsort(order, sim->person_count, sizeof *order, compare_rows);
    for (size_t i = 0; i < sim->person_count; i++) {
        write_holder(sim, order[i].number);
    }
    memory_free(order);
    for (uint32_t i = 0; i < sim->company_total; i++) {
        write_holder(sim, i | SIM_COMPANY_HOLDER);
    }
}

static void write_devices(sim *sim) {
    size_t count = 0;
    row_order *order = order_new(sim, 2 * (size_t)sim->civilian_count + sim->gang_count * SIM_GANG_DEVICES);
    if (order == NULL) {
        return;
    }
    for (uint32_t i = 0; i < sim->civilian_count; i++) {
        order[count++].number = i;
        if (i % SIM_SECOND_PHONE_EACH == SIM_SECOND_PHONE_AT) {
            order[count++].number = sim->civilian_count + i;
        }
    }
    for (uint32_t i = 0; i < sim->gang_count; i++) {
        for (uint32_t j = 0; j < sim->gangs[i].device_count; j++) {
            order[count++].number = sim_gang_device(sim, i, j);
        }
    }
    for (size_t i = 0; i < count; i++) {
        order[i].key = device_key(sim, order[i].number);
    }
    qsort(order, count, sizeof *order, compare_rows);
    for (size_t i = 0; i < count; i++) {
        put_device(sim, SIM_FILE_DEVICES, order[i].number);
        sim_put_char(sim, SIM_FILE_DEVICES, ',');
        sim_put_time(sim, SIM_FILE_DEVICES, sim->start_ms);
        sim_put(sim, SIM_FILE_DEVICES, TEXT(",phone\n"));
    }
    sim->summary->devices = count;
    memory_free(order);
}

void sim_write_population(sim *sim) {
    write_accounts(sim);
    if (sim->result == SLUICE_OK) {
        write_holders(sim);
    }
    if (sim->result == SLUICE_OK) {
        write_devices(sim);
    }
}
