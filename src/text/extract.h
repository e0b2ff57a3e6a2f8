/* Extraction: from the words of a victim, a bank's SMS or a chat to what an intake form asks for.
 *
 * A hint for the officer who takes the report, never a fact: each item says where in the text it stands and how sure
 * we are, and he corrects it. Numbers that look alike are told apart by their own check (Luhn, the identity number's
 * check character, the wallet's hash), then by the words beside them: an identity number is never taken for a card, nor
 * a time, an order number or a phone for an amount. Nothing is guessed from outside the text but the day, which
 * relative times ("昨天下午3点") are counted from.
 *
 * Cost: linear in the text, about 1 µs a character. Any thread. */
#ifndef TEXT_EXTRACT_H
#define TEXT_EXTRACT_H

#include "base/json_write.h"
#include "base/memory.h"
#include "base/text.h"

#define EXTRACT_BYTES_MAX 65536u
#define EXTRACT_ITEMS_MAX 1024u
#define EXTRACT_TRANSFERS_MAX 200u /* as many as a report takes */

typedef enum extract_kind {
    EXTRACT_CARD,     /* bank card; digits alone */
    EXTRACT_ACCOUNT,  /* another account number, by the word before it */
    EXTRACT_TAIL,     /* the last digits of one: 尾号1234 */
    EXTRACT_WALLET,   /* address of a virtual currency */
    EXTRACT_AMOUNT,   /* `number` in fen */
    EXTRACT_COINS,    /* a sum of a virtual or foreign currency, as it stands: no fen */
    EXTRACT_TIME,     /* `number` in ms; has_clock: more than a day is known */
    EXTRACT_PHONE,    /* 11 digits */
    EXTRACT_LANDLINE, /* digits and hyphens; service numbers too */
    EXTRACT_IDENTITY, /* 18 characters */
    EXTRACT_URL,      /* with or without a scheme */
    EXTRACT_EMAIL,
    EXTRACT_QQ,
    EXTRACT_WECHAT,
    EXTRACT_NAME, /* of a person or company */
    EXTRACT_BANK, /* bank or payment firm, by its usual name */
    EXTRACT_KIND_COUNT
} extract_kind;

/* What an amount or account is, by the words beside it. */
typedef enum extract_role {
    EXTRACT_ROLE_UNKNOWN,
    EXTRACT_ROLE_PAID,     /* amount that left; account that it went to */
    EXTRACT_ROLE_OWN,      /* the victim's own account or card */
    EXTRACT_ROLE_RECEIVED, /* amount that came back: 返利, 到账 */
    EXTRACT_ROLE_BALANCE,
    EXTRACT_ROLE_TOTAL, /* 共计, 损失 */
    EXTRACT_ROLE_FEE,
} extract_role;

typedef struct extract_item {
    extract_kind kind;
    extract_role role;
    size_t from, to;   /* bytes of the text: [from, to) */
    int confidence;    /* 1 … 100 */
    bool is_checked;   /* its own check holds */
    bool has_clock;    /* of a time */
    sluice_text value; /* in one form; in the arena */
    int64_t number;    /* of amounts and times */
    int times;         /* of an amount: 5 for 转了5笔，每笔2万; else 1 */
    bool is_drawn;     /* of an amount: it was taken out (被转走, 被扣); an account beside it is where it was */
    bool is_denied;    /* said not to have been paid, or not to be the account */
} extract_item;

#define EXTRACT_NONE ((size_t)-1)
/* A proposed transfer: places of items; EXTRACT_NONE: not told. */
typedef struct extract_transfer {
    size_t account, bank, name, amount, time;
    int confidence;
} extract_transfer;

typedef struct extract_result {
    extract_item *items; /* by their place in the text; they do not overlap */
    size_t item_count;
    extract_transfer *transfers; /* by the place of their amounts */
    size_t transfer_count;
    bool is_cut; /* more was there than the limits allow */
} extract_result;

/* Everything of the result lives in the arena. `reference_ms`: when it was said. Errors: LIMIT (longer than
 * EXTRACT_BYTES_MAX), NO_MEMORY. Broken UTF-8 is text like any other. */
SLUICE_MUST_USE sluice_result extract_text(sluice_text text, int64_t reference_ms, arena *a, extract_result *result_out,
                                           sluice_error *error);

/* "card", "account", …; "paid", … */
const char *extract_kind_name(extract_kind kind);
const char *extract_role_name(extract_role role);

/* Members `items` and `transfers`; the latter are in the form that a report takes ({to, bank, name, amount_fen, time})
 * with a confidence beside. Places are bytes and, for browsers, units of UTF-16. */
void extract_render(json_document *d, yyjson_mut_val *object, sluice_text text, const extract_result *result);

#endif
