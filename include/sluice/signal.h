/* Signals: what happened, as it came in.
 *
 * Keys are `kind:value` (`account:6228480402564890018`, `person:…`, `device:…`). Times are milliseconds since 1970 UTC.
 * Money is signed 64-bit fen; never floating point. A sluice_text is borrowed: it points into the caller's memory and
 * must stay valid for the call only. */
#ifndef SLUICE_SIGNAL_H
#define SLUICE_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_text {
    const char *data; /* UTF-8, not terminated */
    size_t length;    /* bytes */
} sluice_text;

/* The kinds of signal and the fields each uses; a field not named is ignored. */
typedef enum sluice_signal_kind {
    SLUICE_SIGNAL_TRANSFER = 1, /* id, time, from, to, amount, currency, received, balances */
    SLUICE_SIGNAL_WITHDRAWAL,   /* as a transfer; `to` is the place or card the cash went to, and may be empty */
    SLUICE_SIGNAL_ACCOUNT,      /* key, time, event, type, holder (when known), name */
    SLUICE_SIGNAL_HOLDER,       /* key, time, event, type (person | company), name */
    SLUICE_SIGNAL_DEVICE,       /* key, time, event, type */
    SLUICE_SIGNAL_LOGIN,        /* key (the account), time, device, place */
} sluice_signal_kind;

/* What happened to an account, holder or device. */
typedef enum sluice_event {
    SLUICE_EVENT_SEEN = 1, /* it exists, with these attributes */
    SLUICE_EVENT_BLOCKED,
    SLUICE_EVENT_UNBLOCKED,
    SLUICE_EVENT_CLOSED, /* deleted at its institution; its history stays */
} sluice_event;

/* Currencies are ISO 4217 letters packed by sluice_currency(), e.g. "CNY"; "XBT" for bitcoin. 0 means CNY. */
typedef uint16_t sluice_currency;

typedef struct sluice_signal {
    sluice_signal_kind kind;
    sluice_event event;
    int64_t time_ms;

    /* transfer, withdrawal */
    sluice_text id; /* the institution's transfer id; empty: `<source stem>:<source_row>` */
    sluice_text from, to;
    int64_t amount_fen;       /* what left `from`, in `currency`; >= 0 */
    int64_t received_fen;     /* what reached `to`, in `received_currency` */
    sluice_currency currency; /* of amount_fen */
    sluice_currency received_currency;
    bool has_from_balance, has_to_balance;
    int64_t from_balance_fen, to_balance_fen; /* balance_after, as the bank states it */

    /* account, holder, device, login */
    sluice_text key;
    sluice_text type;   /* "debit card", "PHONE", … */
    sluice_text holder; /* key of the holder: person:… or company:… */
    sluice_text name;
    sluice_text device; /* key */
    sluice_text place;

    /* ground truth, kept apart: never visible to features, tracing or detection */
    sluice_text label; /* empty: none */

    uint64_t source_row;  /* first data row is 1; 0 when the signal does not come from a file */
    uint64_t source_line; /* for messages; the first line of the file is 1; 0: not known */
} sluice_signal;

/* Packs three letters; returns 0 (CNY) for "CNY" and for an empty text, UINT16_MAX if it is not three letters A–Z. */
SLUICE_API sluice_currency sluice_currency_pack(sluice_text letters);
/* Writes three letters and a NUL. */
SLUICE_API void sluice_currency_letters(sluice_currency currency, char letters_out[4]);

#ifdef __cplusplus
}
#endif
#endif
