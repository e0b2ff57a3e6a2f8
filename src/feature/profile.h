/* An account's profile out of its ledger entries; who holds it and logs in is added by the engine. */
#ifndef FEATURE_PROFILE_H
#define FEATURE_PROFILE_H

#include <sluice/profile.h>

/* One ledger entry, in the account's own sight. */
typedef struct profile_entry {
    int64_t time_ms;
    int64_t amount_fen; /* >= 0 */
    bool is_debit, is_withdrawal;
    uint32_t counterparty; /* any number that stands for one */
} profile_entry;

struct sluice_profile {
    sluice_profile_view view;
    int64_t asked_from_ms, asked_to_ms; /* the options'; 0: not given */
    struct profile_work *work;          /* until profile_finish */
    sluice_profile_counterparty *counterparties;
    sluice_profile_day *days;
    sluice_profile_device *devices; /* memory_new: freed with the profile */
};

/* options are checked and complete. NULL: no memory. */
SLUICE_MUST_USE sluice_profile *profile_new(const sluice_profile_options *options, int64_t opening_fen);
/* Entries in time order. False: no memory. */
SLUICE_MUST_USE bool profile_add(sluice_profile *profile, const profile_entry *entry);
/* Computes what needs all entries. `key_of` names a counterparty. False: no memory. */
SLUICE_MUST_USE bool profile_finish(sluice_profile *profile, uint32_t top_count,
                                    sluice_text (*key_of)(const void *context, uint32_t counterparty),
                                    const void *context);
void profile_free(sluice_profile **profile);

/* "王小明" → "王**"; `name_out` is always terminated. */
void profile_mask_name(sluice_text name, char name_out[SLUICE_PROFILE_NAME_BYTES]);

/* Renders as sluice_profile_render does. */
SLUICE_MUST_USE sluice_result profile_render(const sluice_profile *profile, sluice_profile_format format,
                                             char **text_out, size_t *length_out, sluice_error *error);

#endif
