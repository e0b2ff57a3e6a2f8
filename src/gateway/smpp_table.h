/* The messages under way on one link, and their parts. Private to smpp*.c. One thread. */
#ifndef GATEWAY_SMPP_TABLE_H
#define GATEWAY_SMPP_TABLE_H

#include "gateway/smpp.h"

typedef enum smpp_part_state { PART_QUEUED, PART_SENT, PART_AWAITING, PART_DONE } smpp_part_state;
enum { PART_LISTS = PART_DONE };

typedef struct smpp_part_entry smpp_part_entry;
typedef struct smpp_message smpp_message;

struct smpp_part_entry {
    smpp_message *message;
    smpp_part_entry *before, *after; /* of the list of its state */
    smpp_part_entry *same_bucket;
    smpp_part_state state;
    uint32_t sequence; /* of the submit_sm, when SENT */
    uint32_t tries;
    int64_t at_ns; /* it came into its state */
    const uint8_t *bytes;
    size_t count;
    char id[SMPP_ID_BYTES]; /* the carrier's, in plain form; empty: none */
};

/* One block of memory with its parts and their bytes. */
struct smpp_message {
    uint64_t id;
    int64_t from_ns; /* submitted */
    char number[SMPP_ADDRESS_BYTES];
    uint16_t reference;
    uint8_t data_coding, esm_class;
    bool is_payload, is_unknown; /* a part's receipt said UNKNOWN */
    uint32_t parts_open, parts_unsent, part_count;
    size_t block_bytes;
    smpp_part_entry parts[];
};

typedef struct smpp_part_list {
    smpp_part_entry *first, *last;
    uint32_t count;
} smpp_part_list;

typedef struct smpp_table {
    smpp_part_list lists[PART_LISTS];
    smpp_part_entry **buckets; /* by id */
    size_t bucket_count;       /* a power of two */
    uint32_t messages, messages_max;
} smpp_table;

SLUICE_MUST_USE sluice_result smpp_table_init(smpp_table *t, uint32_t messages_max, sluice_error *error);
void smpp_table_fini(smpp_table *t);

/* A message with so many parts and room for their bytes, all DONE: in no list. Errors: TOO_MANY, NO_MEMORY. */
SLUICE_MUST_USE sluice_result smpp_table_add(smpp_table *t, uint64_t id, size_t parts, size_t bytes,
                                             smpp_message **message_out, sluice_error *error);
void smpp_table_remove(smpp_table *t, smpp_message **message);

/* To the end of a state's list. Leaving AWAITING, its id is forgotten. */
void smpp_table_move(smpp_table *t, smpp_part_entry *part, smpp_part_state state, int64_t now_ns);
/* SENT parts go back to the front of the queue, in their order. */
void smpp_table_unsend(smpp_table *t, smpp_part_entry *part, int64_t now_ns);

/* `part->id` is set and the part AWAITING. */
void smpp_table_index(smpp_table *t, smpp_part_entry *part);
smpp_part_entry *smpp_table_by_id(const smpp_table *t, const char *id);
/* Among the SENT; responses come nearly in order, so the first few are looked at. */
smpp_part_entry *smpp_table_by_sequence(const smpp_table *t, uint32_t sequence);

#endif
