/* Custody (流转): whose hands a thing went through; a row for each time that it changed hands or was looked at, never
 * changed or deleted. One shape for evidence and for what was seized. */
#ifndef DESK_CUSTODY_H
#define DESK_CUSTODY_H

#include "desk/kind.h"

extern const desk_kind CUSTODY_KIND, SEIZURE_CUSTODY_KIND;

enum {
    CUSTODY_OF, /* the evidence or seizure */
    CUSTODY_WHAT,
    CUSTODY_FROM,
    CUSTODY_TO,
    CUSTODY_PLACE,
    CUSTODY_WORDS,
    CUSTODY_BY,
    CUSTODY_AT,
    CUSTODY_FIELDS
};

/* A row made by another act: `what` is one of received, handed_over, viewed, copied, sealed, returned. Writer. */
SLUICE_MUST_USE sluice_result custody_add(desk_command *c, const desk_kind *kind, int64_t of, const char *what,
                                          record_value from, record_value words);

#endif
