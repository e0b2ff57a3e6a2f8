/* See amlworld.h. Three random numbers and no table look-up of more than a cache line a row: about 20 ns. */
#include "amlworld.h"

#include "base/assert.h"
#include "base/hash.h"

#define MINUTES_PER_DAY 1440
#define FIRST_MINUTE INT64_C(27699840) /* 2022-09-01 00:00 */

/* Currency, its letters, and how many of 32 accounts have it; shares as in the published files, roundly. */
typedef struct currency_row {
    const char *name, *letters;
    uint8_t share;
} currency_row;

static const currency_row CURRENCIES[] = {
    {"US Dollar", "USD", 12},
    {"Euro", "EUR", 7},
    {"Bitcoin", "XBT", 1},
    {"Swiss Franc", "CHF", 1},
    {"Yuan", "CNY", 1},
    {"Shekel", "ILS", 1},
    {"Rupee", "INR", 1},
    {"UK Pound", "GBP", 1},
    {"Ruble", "RUB", 1},
    {"Yen", "JPY", 1},
    {"Canadian Dollar", "CAD", 1},
    {"Australian Dollar", "AUD", 1},
    {"Mexican Peso", "MXN", 1},
    {"Saudi Riyal", "SAR", 1},
    {"Brazil Real", "BRL", 1},
};
enum { CURRENCY_COUNT = sizeof CURRENCIES / sizeof *CURRENCIES, CURRENCY_BITCOIN = 2, CURRENCY_SLOTS = 32 };

static const char *const FORMATS[] = {"Cheque", "Credit Card", "ACH", "Cash", "Wire", "Bitcoin", "Reinvestment"};
enum { FORMAT_ORDINARY_COUNT = 5, FORMAT_BITCOIN = 5, FORMAT_REINVESTMENT = 6 };

/* Primes above any account count, so that multiplying by one permutes the accounts. */
#define SCATTER_PAYER UINT64_C(2654435761)
#define SCATTER_RECEIVER UINT64_C(2246822519)

void amlworld_begin(amlworld *world, const amlworld_options *options) {
    SLUICE_ASSERT(options->account_count >= 2 && options->account_count < (1U << 28));
    SLUICE_ASSERT(options->days > 0 && options->row_count > 0);
    *world = (amlworld){.options = *options};
    random_seed(&world->random, options->seed);
}

static uint32_t pick(uint64_t random, uint32_t account_count, uint64_t scatter) {
    double u = (double)(random >> 11) * 0x1p-53;
    uint64_t rank = (uint64_t)(u * u * u * (double)account_count);
    return (uint32_t)((rank + 1) * scatter % account_count);
}

static uint8_t home_currency(uint32_t account) {
    uint8_t slot = (uint8_t)(hash_u64(account) % CURRENCY_SLOTS);
    uint8_t currency = 0;
    while (slot >= CURRENCIES[currency].share) {
        slot = (uint8_t)(slot - CURRENCIES[currency].share);
        currency++;
    }
    return currency;
}

/* Log-uniform up to 10.7 million, in the smallest unit of the currency. */
static int64_t amount(uint64_t bits, uint8_t currency) {
    int64_t units = 1 + (int64_t)((bits & 0x3FFFFFFF) >> (bits >> 30) % 21);
    return currency == CURRENCY_BITCOIN ? units : units * 10000;
}

bool amlworld_next(amlworld *world, amlworld_row *row_out) {
    const amlworld_options *options = &world->options;
    if (world->row == options->row_count) {
        return false;
    }
    uint64_t first = random_u64(&world->random);
    uint64_t second = random_u64(&world->random);
    uint64_t third = random_u64(&world->random);
    amlworld_row row = {.from = pick(first, options->account_count, SCATTER_PAYER)};
    bool to_itself = (third & 0xFFFF) < 6554;
    row.to = to_itself ? row.from : pick(second, options->account_count, SCATTER_RECEIVER);
    row.paid_currency = home_currency(row.from);
    row.received_currency = row.paid_currency;
    row.paid_micro = amount((third >> 16) & 0xFFFFFFFFF, row.paid_currency);
    row.received_micro = row.paid_micro;
    uint64_t detail = hash_u64(third);
    if (!to_itself && detail % 99 == 0) {
        row.received_currency =
            (uint8_t)((row.paid_currency + 1 + (detail >> 32) % (CURRENCY_COUNT - 1)) % CURRENCY_COUNT);
        row.received_micro = amount(detail >> 16 & 0xFFFFFFFFF, row.received_currency);
    }
    row.payment_format = row.paid_currency == CURRENCY_BITCOIN ? FORMAT_BITCOIN
                         : to_itself                           ? FORMAT_REINVESTMENT
                                                               : (uint8_t)((detail >> 8) % FORMAT_ORDINARY_COUNT);
    row.laundering = (detail >> 40) % 1000 == 0;
    uint64_t minutes = (uint64_t)options->days * MINUTES_PER_DAY;
    uint64_t base = (uint64_t)((double)world->row / (double)options->row_count * (double)minutes);
    uint64_t late = options->disorder_minutes == 0 ? 0 : (detail >> 50) % options->disorder_minutes;
    row.minute = FIRST_MINUTE + (int64_t)(base + late);
    world->row++;
    *row_out = row;
    return true;
}

int64_t amlworld_fen(int64_t micro) {
    int64_t fen = micro / 10000, rest = micro % 10000;
    bool up = rest > 5000 || (rest == 5000 && fen % 2 != 0);
    return fen + (up ? 1 : 0);
}

size_t amlworld_account(uint32_t account, char separator, char buffer[AMLWORLD_ACCOUNT_BYTES]) {
    static const char DIGITS[] = "0123456789ABCDEF";
    uint64_t mixed = hash_u64(account + UINT64_C(0x5EED));
    /* Three accounts in ten are with twenty large banks. */
    uint32_t bank = (uint32_t)((mixed >> 32) % (mixed % 10 < 3 ? 20 : 30000));
    char reversed[12];
    size_t digit_count = 0;
    do {
        reversed[digit_count++] = (char)('0' + bank % 10);
        bank /= 10;
    } while (bank > 0);
    size_t length = 0;
    buffer[length++] = '0';
    while (digit_count > 0) {
        buffer[length++] = reversed[--digit_count];
    }
    buffer[length++] = separator;
    buffer[length++] = '8';
    uint32_t number = account + 0xEBD3;
    for (int shift = 24; shift >= 0; shift -= 4) {
        buffer[length++] = DIGITS[number >> shift & 15];
    }
    buffer[length++] = '0';
    return length;
}

const char *amlworld_currency(uint8_t currency) {
    return CURRENCIES[currency].name;
}

const char *amlworld_currency_letters(uint8_t currency) {
    return CURRENCIES[currency].letters;
}

const char *amlworld_format(uint8_t payment_format) {
    return FORMATS[payment_format];
}

bool amlworld_is_bitcoin(uint8_t currency) {
    return currency == CURRENCY_BITCOIN;
}
