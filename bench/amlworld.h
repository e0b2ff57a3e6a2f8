/* A ledger like IBM's AMLworld (Altman et al., NeurIPS 2023), made from a seed as fast as memory allows: what the
 * benchmarks feed to Sluice and to its peers.
 *
 * Activity is a power law: the rank of a paying or receiving account is ⌊accounts · u³⌋, so that the account of rank r
 * has r^(−2/3) of the first one's transfers; of 5 M transfers over 500,000 accounts the busiest pays 63,000. Payers and
 * receivers are ranked differently. One row in ten pays into its own account, one in a hundred changes the currency.
 * Times rise, with the disorder of IBM's files: a row may lie some minutes before its predecessor. */
#ifndef BENCH_AMLWORLD_H
#define BENCH_AMLWORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/random.h"

typedef struct amlworld_options {
    uint64_t row_count;
    uint32_t account_count; /* < 2^28 */
    uint32_t days;
    uint32_t disorder_minutes;
    uint64_t seed;
} amlworld_options;

typedef struct amlworld {
    amlworld_options options;
    random_stream random;
    uint64_t row; /* rows given so far */
} amlworld;

typedef struct amlworld_row {
    int64_t minute; /* since 1970 */
    uint32_t from, to;
    int64_t paid_micro, received_micro; /* millionths; a multiple of 10,000 unless the currency is bitcoin */
    uint8_t paid_currency, received_currency, payment_format;
    bool laundering;
} amlworld_row;

void amlworld_begin(amlworld *world, const amlworld_options *options);
/* The next row; false after the last. */
bool amlworld_next(amlworld *world, amlworld_row *row_out);

/* The amount in fen as an import sees it: rounded half to even. */
int64_t amlworld_fen(int64_t micro);

#define AMLWORLD_ACCOUNT_BYTES 24
/* `<bank><separator><account>`, such as 03208,8000F4580; returns the length. */
size_t amlworld_account(uint32_t account, char separator, char buffer[AMLWORLD_ACCOUNT_BYTES]);

/* Names of a row's codes, as in IBM's files; ISO 4217 letters of a currency, XBT for bitcoin. */
const char *amlworld_currency(uint8_t currency);
const char *amlworld_currency_letters(uint8_t currency);
const char *amlworld_format(uint8_t payment_format);
bool amlworld_is_bitcoin(uint8_t currency);

#endif
