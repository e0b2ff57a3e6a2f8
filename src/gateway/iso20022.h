/* ISO 20022: camt.056 out (a payment is asked back for fraud), camt.029 in (what came of it), pacs.008 in (transfers,
 * which become signals). Read by libxml2 with everything off that reaches beyond the text: no entities, no DTD, no
 * network, bounded size and depth; and validated against the official schema where a folder with the XSDs is given
 * (`serve --gateway-schemas`): "camt.029.001.14.xsd" for the namespace urn:iso:std:iso:20022:tech:xsd:camt.029.001.14.
 */
#ifndef GATEWAY_ISO20022_H
#define GATEWAY_ISO20022_H

#include <yyjson.h>

#include <sluice/signal.h>

#include "base/memory.h"
#include "base/text.h"
#include "desk/outbox.h"

#define ISO_BYTES_MAX ((size_t)4 << 20)
#define ISO_TRANSFERS_MAX 10000

typedef struct iso_document iso_document;

/* Errors: INPUT (no XML, a DTD, not ISO 20022, or against its schema: the text says line and element, and no content);
 * NOT_FOUND: schemas names a folder, and it has no schema for this message. */
SLUICE_MUST_USE sluice_result iso_open(sluice_text xml, const char *schemas, iso_document **doc_out,
                                       sluice_error *error);
void iso_free(iso_document **doc);
/* "camt.029", "pacs.008". */
sluice_text iso_message(const iso_document *doc);

/* camt.056.001.12 with reason FRAD. `payload` is a recall's (desk/order_bank.c). */
SLUICE_MUST_USE sluice_result iso_write_recall(yyjson_val *payload, sluice_text serial, sluice_text partner,
                                               int64_t now_ms, text_writer *out, sluice_error *error);

/* camt.029: the serial of the case that it resolves, and the answer; *pending_out: none yet. Texts in the arena. */
SLUICE_MUST_USE sluice_result iso_read_resolution(const iso_document *doc, arena *a, sluice_text *serial_out,
                                                  outbox_answer *answer_out, bool *pending_out, sluice_error *error);

/* pacs.008: one transfer for each CdtTrfTxInf. Ids are their TxId (else EndToEndId); accounts become account:<number>;
 * the time is that of the message where a transaction has none of its own. Texts and signals in the arena. */
SLUICE_MUST_USE sluice_result iso_read_transfers(const iso_document *doc, arena *a, sluice_signal **signals_out,
                                                 size_t *count_out, sluice_error *error);

#endif
