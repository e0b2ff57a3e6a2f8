/* ISO 20022 messages as XML (libxml2): what files of payments and the gateway to banks share. */
#ifndef SIGNAL_ISO_XML_H
#define SIGNAL_ISO_XML_H

#include <libxml/tree.h>

#include <sluice/signal.h>

#include "base/memory.h"

#define ISO_NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"
#define ISO_MESSAGE_BYTES 24 /* "pacs.008.001.10" and a NUL */

/* "pacs.008.001.10" of a namespace of ISO 20022; false: it is none. */
bool iso_message_name(const char *name_space, char message_out[ISO_MESSAGE_BYTES]);

/* ---- walking; elements by their name without prefix ---- */

const xmlNode *iso_child(const xmlNode *node, const char *name);
/* The next sibling of the same name. */
const xmlNode *iso_next(const xmlNode *node);
/* "A/B/C" below a node; NULL: it is not there. */
const xmlNode *iso_at(const xmlNode *node, const char *path);
/* Its text without blanks around it, in the arena; empty: it is not there, or memory is exhausted, which sets
 * *no_memory. */
sluice_text iso_text(const xmlNode *node, const char *path, arena *a, bool *no_memory);

/* ---- schemas ---- */

typedef struct iso_schema iso_schema;

/* What a document does not keep to; names, never content. */
typedef struct iso_complaint {
    int line;
    char path[160]; /* of the element, below the message: "CdtTrfTxInf/IntrBkSttlmAmt" */
} iso_complaint;

/* Reads FOLDER/<message>.xsd. NOT_FOUND: it is not there, or is no schema. */
SLUICE_MUST_USE sluice_result iso_schema_open(const char *folder, const char *message, iso_schema **schema_out,
                                              sluice_error *error);
void iso_schema_close(iso_schema **schema);
/* INPUT: it is not as the schema has it; the first complaint says where. */
SLUICE_MUST_USE sluice_result iso_schema_check(const iso_schema *schema, xmlDoc *document, iso_complaint *complaint_out,
                                               sluice_error *error);

#endif
