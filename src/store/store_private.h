/* What every implementation of store.h provides. The public functions are one call each through this table; contracts
 * are those of store.h. */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include "store/store.h"

#define STORE_UUID_BYTES 32 /* hex digits */
#define STORE_SECRET_BYTES 32

struct store_ops {
    void (*close)(store *s); /* frees s */
    void (*log_end)(const store *s, uint64_t *sequence_out, uint64_t *chain_out);
    sluice_result (*begin)(store *s, sluice_error *error);
    sluice_result (*put_batch)(store *s, uint64_t sequence_first, uint64_t count, uint64_t chain,
                               const unsigned char *bytes, size_t length, sluice_error *error);
    sluice_result (*put_source)(store *s, const store_source *source, sluice_error *error);
    sluice_result (*put_truth)(store *s, uint64_t sequence, sluice_text key, sluice_text label, sluice_error *error);
    sluice_result (*put_decision)(store *s, uint64_t sequence, sluice_text decision, sluice_error *error);
    sluice_result (*commit)(store *s, sluice_error *error);
    void (*rollback)(store *s);
    sluice_result (*find_source)(store *s, const char *content_sha256, const char *identity, store_source *source_out,
                                 sluice_error *error);
    sluice_result (*read_truth)(store *s, store_visit_truth visit, void *context, sluice_error *error);
    sluice_result (*read_decisions)(store *s, uint64_t sequence, store_visit_decision visit, void *context,
                                    sluice_error *error);
    sluice_result (*read_log)(store *s, uint64_t sequence, store_visit_batch visit, void *context, sluice_error *error);
    sluice_result (*chain_at)(store *s, uint64_t sequence, uint64_t *chain_out, sluice_error *error);
    sluice_result (*read_batch_at)(store *s, uint64_t sequence, uint64_t *sequence_first_out,
                                   uint64_t *chain_before_out, unsigned char **bytes, size_t *bytes_capacity,
                                   size_t *length_out, sluice_error *error);
    sluice_result (*check)(store *s, sluice_error *error);
};

struct store {
    const struct store_ops *ops;
    char uuid[STORE_UUID_BYTES + 1];
    unsigned char secret[STORE_SECRET_BYTES];
};

#endif
