/* Shared by the files of the bank channel. */
#ifndef GATEWAY_BANK_PRIVATE_H
#define GATEWAY_BANK_PRIVATE_H

#include "base/memory.h"
#include "desk/evidence.h"
#include "gateway/bank_table.h"
#include "gateway/gateway.h"

struct transfers;

#define BANK_ANSWER_BYTES_MAX EVIDENCE_BYTES_MAX /* what an inquiry brings becomes evidence */
#define BANK_TABLES_MAX 8                        /* different tables of fields in memory at once */

/* Read again when a link or a dated row changed, and now and then, because rows begin and end to hold by the clock. */
typedef struct bank_cached {
    char fields[65];
    int64_t until_ms;
    arena memory;
    bank_table table;
} bank_cached;

typedef struct bank_channel {
    gateway *gateway;
    struct transfers *transfers;
    const gateway_link *links;
    size_t link_count;
    bank_cached tables[BANK_TABLES_MAX];
    size_t table_count;
    bool closing;
} bank_channel;

extern const channel_ops CHANNEL_BANK;

/* The tables as they hold now, with the fields that the link names; borrowed until the next call. */
SLUICE_MUST_USE sluice_result bank_channel_table(bank_channel *channel, int64_t link_id, const bank_table **table_out,
                                                 sluice_error *error);

#endif
