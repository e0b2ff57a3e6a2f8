/* Money arithmetic: signed 64-bit fen, exact. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

/* "1234.5", "-0.01", "1,234.56", "17693696.989343166", "1e3" → fen. More than two decimals are rounded half to even and
 * *rounded_out is set. Returns false if it is not a decimal number or is beyond ±92,233,720,368,547,758.07 yuan. */
bool money_parse(sluice_text text, int64_t *fen_out, bool *rounded_out);

#define MONEY_TEXT_BYTES 32
/* "1234.50"; with `grouped`, "1,234.50". Returns `buffer`. */
char *money_format(int64_t fen, bool grouped, char buffer[MONEY_TEXT_BYTES]);

#define MONEY_WORDS_BYTES 192
/* As Chinese documents write it so that nobody can change it: 1000003 → "人民币壹万元零叁分", 500000 →
 * "人民币伍仟元整". fen >= 0. Returns `buffer`. 支付结算办法 (银发〔1997〕393号) 附一. */
char *money_words(int64_t fen, char buffer[MONEY_WORDS_BYTES]);

/* ⌊a · b ÷ c⌋ exact in 128 bits; a, b >= 0, c > 0, and the result must fit (asserted). */
int64_t money_mul_div(int64_t a, int64_t b, int64_t c);

/* Splits `total` over `weights` (>= 0) by largest remainder, ties to the smaller index: the parts add up to `total`
 * exactly. Σ weights must be > 0 unless total is 0. count <= 2^20. Returns false when memory is exhausted. */
bool money_split(int64_t total, const int64_t *weights, size_t count, int64_t *parts_out);

#endif
