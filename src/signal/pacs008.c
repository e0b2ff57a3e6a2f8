#include "signal/pacs008.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/currency.h"

enum { KEY_BYTES_MAX = 200 };

static bool is_wrong(pacs008_fault *fault, const char *field, const char *expected) {
    fault->field = field;
    fault->expected = expected;
    return false;
}

static sluice_text read_id(const xmlNode *transaction, arena *a, bool *no_memory) {
    static const char *const PLACES[] = {"PmtId/TxId", "PmtId/UETR", "PmtId/EndToEndId", "PmtId/InstrId"};
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        sluice_text id = iso_text(transaction, PLACES[i], a, no_memory);
        if (id.length > 0 && !text_equal(id, TEXT("NOTPROVIDED"))) {
            return id;
        }
    }
    return (sluice_text){NULL, 0};
}

static bool read_account(const xmlNode *account, const char *field, arena *a, sluice_text *key_out,
                         pacs008_fault *fault) {
    sluice_text number = iso_text(account, "Id/Othr/Id", a, &fault->no_memory);
    number = number.length > 0 ? number : iso_text(account, "Id/IBAN", a, &fault->no_memory);
    if (number.length == 0) {
        return is_wrong(fault, field, "an account number (Othr/Id or IBAN)");
    }
    for (size_t i = 0; i < number.length; i++) {
        if ((unsigned char)number.data[i] < ' ' || number.data[i] == 0x7F) {
            return is_wrong(fault, field, "an account number without control characters");
        }
    }
    char *key = number.length > KEY_BYTES_MAX ? NULL : arena_alloc(a, number.length + 16);
    if (key == NULL) {
        fault->no_memory = number.length <= KEY_BYTES_MAX;
        return is_wrong(fault, field, "an account number of at most 200 bytes");
    }
    int length = snprintf(key, number.length + 16, "account:%.*s", TEXT_ARGS(number));
    *key_out = (sluice_text){key, (size_t)length};
    return true;
}

static bool read_amount(const xmlNode *transaction, arena *a, sluice_signal *s, bool *rounded, pacs008_fault *fault) {
    const xmlNode *amount = iso_child(transaction, "IntrBkSttlmAmt");
    sluice_text sum = iso_text(transaction, "IntrBkSttlmAmt", a, &fault->no_memory);
    if (!money_parse(sum, &s->amount_fen, rounded) || s->amount_fen < 0) {
        return is_wrong(fault, "IntrBkSttlmAmt", "an amount, not negative, such as 1234.50");
    }
    xmlChar *letters = amount == NULL ? NULL : xmlGetNoNsProp(amount, (const xmlChar *)"Ccy");
    bool is_known = letters != NULL && currency_of_name(text_of((const char *)letters), &s->currency);
    xmlFree(letters);
    s->received_fen = s->amount_fen;
    s->received_currency = s->currency;
    return is_known || is_wrong(fault, "IntrBkSttlmAmt/@Ccy", "a currency of three letters such as CNY");
}

bool pacs008_message_time(const xmlNode *header, int64_t *time_ms_out) {
    arena a = {0};
    bool no_memory = false;
    bool good = time_parse(iso_text(header, "CreDtTm", &a, &no_memory), TIME_SHANGHAI_OFFSET_MS, time_ms_out);
    arena_fini(&a);
    return good;
}

bool pacs008_read(const xmlNode *transaction, int64_t message_ms, bool has_time, arena *a, sluice_signal *s,
                  bool *rounded_out, pacs008_fault *fault) {
    *fault = (pacs008_fault){0};
    *rounded_out = false;
    s->kind = SLUICE_SIGNAL_TRANSFER;
    s->time_ms = message_ms;
    s->id = read_id(transaction, a, &fault->no_memory);
    sluice_text accepted = iso_text(transaction, "AccptncDtTm", a, &fault->no_memory);
    if (!read_account(iso_child(transaction, "DbtrAcct"), "DbtrAcct/Id", a, &s->from, fault) ||
        !read_account(iso_child(transaction, "CdtrAcct"), "CdtrAcct/Id", a, &s->to, fault) ||
        !read_amount(transaction, a, s, rounded_out, fault)) {
        return false;
    }
    if (accepted.length > 0 && !time_parse(accepted, TIME_SHANGHAI_OFFSET_MS, &s->time_ms)) {
        return is_wrong(fault, "AccptncDtTm", "a time such as 2026-11-25T10:00:00+08:00");
    }
    if (accepted.length == 0 && !has_time) {
        return is_wrong(fault, "GrpHdr/CreDtTm", "a time such as 2026-11-25T10:00:00+08:00");
    }
    return !fault->no_memory;
}
