/* pacs.008, the interbank customer credit transfer of ISO 20022: each CdtTrfTxInf is one transfer.
 *
 *   id      PmtId/TxId, else UETR, EndToEndId (unless NOTPROVIDED), InstrId; none: empty
 *   from    DbtrAcct/Id/Othr/Id or IBAN, as account:<number>        to   CdtrAcct, likewise
 *   amount  IntrBkSttlmAmt in its Ccy, both sent and received
 *   time    AccptncDtTm, else the message's GrpHdr/CreDtTm; without a zone it is that of Shanghai
 *
 * Any version of the message; elements that it does not read are left to its schema. */
#ifndef SIGNAL_PACS008_H
#define SIGNAL_PACS008_H

#include "signal/iso_xml.h"

typedef struct pacs008_fault {
    const char *field;    /* "DbtrAcct/Id"; NULL: nothing is wrong */
    const char *expected; /* "an account number" */
    bool no_memory;
} pacs008_fault;

/* Sets what the transfer says in *s; texts in the arena. rounded_out: the amount had more decimals than fen. False: see
 * the fault. has_time: message_ms is known. */
bool pacs008_read(const xmlNode *transaction, int64_t message_ms, bool has_time, arena *a, sluice_signal *s,
                  bool *rounded_out, pacs008_fault *fault_out);

/* GrpHdr/CreDtTm; false: there is none, or it is no time. */
bool pacs008_message_time(const xmlNode *header, int64_t *time_ms_out);

#endif
