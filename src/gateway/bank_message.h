/* Messages with banks: our fields ⇄ theirs, by the tables of bank_table.h. JSON in UTF-8. Any thread. */
#ifndef GATEWAY_BANK_MESSAGE_H
#define GATEWAY_BANK_MESSAGE_H

#include <yyjson.h>

#include <sluice/signal.h>

#include "base/text.h"
#include "desk/outbox.h"
#include "gateway/bank_table.h"

/* Writes an order: `payload` has our fields; tx_code and serial are added; `constants` (an object, may be NULL) is put
 * in as it is: what the centre has agreed with this bank. INPUT: a required field is missing or a value does not fit;
 * the text names it, and never its value. */
SLUICE_MUST_USE sluice_result bank_encode(const bank_table *table, sluice_text message, sluice_text serial,
                                          yyjson_val *payload, yyjson_val *constants, text_writer *out,
                                          sluice_error *error);

/* What a result code says about the order. */
typedef enum bank_meaning { MEANS_ANSWER, MEANS_AGAIN, MEANS_DUPLICATE } bank_meaning;

typedef struct bank_feedback {
    sluice_text tx_code, serial, result_code;
    bank_meaning meaning;
    outbox_answer answer; /* MEANS_ANSWER */
} bank_feedback;

/* Reads a feedback message; its texts live in the arena. Nothing is believed that the table does not know: an unknown
 * result code, a wrong type, a value that is too long are INPUT, naming the field. */
SLUICE_MUST_USE sluice_result bank_decode(const bank_table *table, sluice_text body, arena *a,
                                          bank_feedback *feedback_out, sluice_error *error);

/* What a bank reports of its own accord (100401, 100403 …). Numbers: -1 where not stated; time 0. */
typedef struct bank_report {
    sluice_text message; /* "report_case" */
    sluice_text serial, account, holder, reason, victim_name, victim_phone, victim_account;
    int64_t amount_fen, transfer_ms;
} bank_report;
SLUICE_MUST_USE sluice_result bank_decode_report(const bank_table *table, sluice_text body, arena *a,
                                                 bank_report *report_out, sluice_error *error);

/* What a bank says to an inquiry (100302): its transactions as signals of kind transfer, and cash as withdrawals. A row
 * that cannot be taken is left out and said in `rejects`, one a line: its place, the field and what was expected. Texts
 * and signals in the arena, none of them of the body's. INPUT: there is no list. */
typedef struct bank_details {
    sluice_signal *signals;
    size_t count, rejected;
    sluice_text rejects;
} bank_details;
SLUICE_MUST_USE sluice_result bank_decode_details(const bank_table *table, sluice_text body, sluice_text account,
                                                  sluice_text institution, arena *a, bank_details *details_out,
                                                  sluice_error *error);

/* The code of any message, to tell which of the two it is; empty: it has none. */
sluice_text bank_code_of(const bank_table *table, sluice_text body, arena *a);

#endif
