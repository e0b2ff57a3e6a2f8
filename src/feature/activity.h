/* Activity: one signal as features, patterns and rules see it, with every key already a number.
 *
 * The engine makes one from each signal of the log, or from the signal of an inline decision; nothing else reaches
 * detection, and in particular no ground truth. Texts are borrowed for the call. */
#ifndef FEATURE_ACTIVITY_H
#define FEATURE_ACTIVITY_H

#include <sluice/signal.h>

#include "graph/keys.h"

typedef struct activity {
    uint64_t
        sequence; /* of the log; 0 for a signal that is being decided on: it gets one when its batch is committed */
    int64_t time_ms;
    uint8_t kind;  /* sluice_signal_kind */
    uint8_t event; /* sluice_event, of an account, holder or device */
    bool has_from_balance, has_to_balance;
    sluice_currency currency;
    uint32_t movement; /* number of the transfer or withdrawal in the log, from 0; UINT32_MAX for other kinds */
    uint32_t from;     /* the payer; or the key of the account, holder or device */
    uint32_t to;       /* the payee (a withdrawal's may be KEY_NONE); an account's holder; a login's device */
    int64_t amount_fen, received_fen;
    int64_t from_balance_fen, to_balance_fen; /* after it, as the bank states it */
    sluice_text type;                         /* account, holder, device */
    sluice_text place;                        /* login: "ip:100.64.0.1" or any text */
} activity;

static inline bool activity_is_movement(const activity *a) {
    return a->kind == SLUICE_SIGNAL_TRANSFER || a->kind == SLUICE_SIGNAL_WITHDRAWAL;
}

#endif
