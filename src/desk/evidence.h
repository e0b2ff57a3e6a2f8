/* Evidence: bytes that are never changed, with their SHA-256, and whose hands they went through.
 *
 * The bytes are in a table of their own, so that a list of evidence does not read them; what is read is compared with
 * its hash each time. Custody (custody.h) is a row for each time that it changed hands or was looked at. Nothing here
 * is ever changed or deleted. */
#ifndef DESK_EVIDENCE_H
#define DESK_EVIDENCE_H

#include "desk/custody.h"

#define EVIDENCE_BYTES_MAX (8u << 20)

extern const desk_kind EVIDENCE_KIND;
extern const record_table EVIDENCE_BYTES_TABLE;

enum {
    EVIDENCE_CASE,
    EVIDENCE_NAME,
    EVIDENCE_MEDIA,
    EVIDENCE_SIZE,
    EVIDENCE_SHA256,
    EVIDENCE_BYTES,
    EVIDENCE_FROM,
    EVIDENCE_WORDS,
    EVIDENCE_BY,
    EVIDENCE_AT,
    EVIDENCE_FIELDS
};

/* The bytes of a piece of evidence that was read with desk_get. DAMAGED: they are not what was taken in. Any thread.
 * The caller writes the audit and, where it matters, a custody row. */
SLUICE_MUST_USE sluice_result evidence_read(desk_command *c, const record *evidence, sluice_text *bytes_out);

#endif
