/* Account profile: what one account's ledger says about it.
 *
 * Everything is counted over a period [from, to) of event time, as of a sequence. Dwell times are FIFO: each debit
 * takes the oldest money, the opening balance first. Names of people are masked (王**): until looks at personal data
 * are audited, no call gives them in full. */
#ifndef SLUICE_PROFILE_H
#define SLUICE_PROFILE_H

#include <sluice/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_profile_options {
    size_t size;        /* sizeof(sluice_profile_options) */
    uint64_t as_of;     /* sequence; 0: the newest */
    int64_t from_ms;    /* 0: from the first movement */
    int64_t to_ms;      /* exclusive; 0: to the last movement */
    int64_t recent_ms;  /* what new and vanished look at: this long before the end; 0: 30 days. With from_ms: since
                           from_ms */
    uint32_t top_count; /* counterparties and devices listed; 0: 20 */
} sluice_profile_options;

typedef struct sluice_profile_side {
    int64_t amount_fen;
    uint64_t count;
} sluice_profile_side;

typedef struct sluice_profile_counterparty {
    sluice_text key;             /* a withdrawal's place; empty: not stated */
    sluice_profile_side in, out; /* in the period */
    int64_t first_ms, last_ms;   /* ever, up to the end */
    bool is_new;                 /* first movement ever within the recent window */
    bool is_common;              /* money in both directions, in the period */
    bool has_vanished;           /* last movement before the recent window */
} sluice_profile_counterparty;

/* A day on which something moved. */
typedef struct sluice_profile_day {
    int64_t day_ms; /* its midnight in Shanghai */
    int64_t closing_fen, low_fen, high_fen;
    sluice_profile_side in, out;
} sluice_profile_day;

typedef struct sluice_profile_device {
    sluice_text key;
    uint64_t login_count; /* by this account */
    int64_t first_ms, last_ms;
    uint64_t account_count; /* accounts that ever logged in from it, this one included */
} sluice_profile_device;

#define SLUICE_PROFILE_QUANTILES 5 /* of dwell time: 10, 25, 50, 75, 90 % of the money */
#define SLUICE_PROFILE_NAME_BYTES 128

/* Borrowed: lives until the profile is freed; texts of keys as long as the engine. */
typedef struct sluice_profile_view {
    size_t size; /* set by the caller: sizeof(sluice_profile_view) */
    uint64_t as_of;
    sluice_text key, type;
    const char *status;                          /* "open", "blocked", "closed" */
    sluice_text holder;                          /* key; empty: not known */
    char holder_name[SLUICE_PROFILE_NAME_BYTES]; /* masked unless the holder is a company */
    int64_t opened_ms;                           /* when it was first described, 0: never */
    int64_t first_ms, last_ms;                   /* of all movements up to the end; 0: none */

    int64_t from_ms, to_ms, recent_from_ms; /* as used */
    bool opening_inferred;
    int64_t opening_fen;                      /* before the first movement */
    int64_t start_fen;                        /* at the period's start */
    int64_t balance_fen;                      /* at the period's end */
    int64_t low_fen, high_fen;                /* in the period, start included */
    sluice_profile_side in, out, withdrawals; /* out includes withdrawals */

    const sluice_profile_day *days;
    size_t day_count;
    uint64_t hour_count[7][24]; /* Monday first; movements of both directions */
    int64_t hour_amount_fen[7][24];

    const sluice_profile_counterparty *counterparties; /* by amount in and out, largest first, then key */
    size_t counterparty_listed;                        /* at most top_count */
    size_t counterparty_rows;                          /* all that could be listed: moved in the period, or vanished */
    uint64_t counterparty_count;                       /* in the period */
    uint64_t new_count, common_count, vanished_count;

    int64_t matched_fen;                        /* debits of the period that spent money whose arrival is known */
    int64_t dwell_ms[SLUICE_PROFILE_QUANTILES]; /* -1: nothing matched */
    int64_t left_in_hour_fen, left_in_day_fen;  /* of `in`, gone again within 1 h and 24 h */

    const sluice_profile_device *devices; /* most logins first, then key */
    size_t device_listed;
    uint64_t device_count, login_count;
} sluice_profile_view;

typedef struct sluice_profile sluice_profile;

/* options may be NULL. *profile_out is the caller's, freed by sluice_profile_free. Any thread.
 * Errors: NOT_FOUND, INVALID (from after to), NO_MEMORY. Cost: about 0.1 µs a ledger entry. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_profile_run(const sluice_engine *engine, sluice_text account,
                                                            const sluice_profile_options *options,
                                                            sluice_profile **profile_out, sluice_error *error);
SLUICE_API void sluice_profile_free(sluice_profile **profile);
SLUICE_API void sluice_profile_view_get(const sluice_profile *profile, sluice_profile_view *view_out);

typedef enum sluice_profile_format {
    SLUICE_PROFILE_TABLE,
    SLUICE_PROFILE_JSON, /* docs/schema/account.schema.json, closed */
} sluice_profile_format;

/* Renders into a NUL-terminated UTF-8 text, the caller's, freed by sluice_text_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_profile_render(const sluice_profile *profile,
                                                               sluice_profile_format format, char **text_out,
                                                               size_t *length_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
