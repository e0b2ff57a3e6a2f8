/* Rows under a mapping: from the texts of its columns to signals. */
#ifndef SIGNAL_MAPPED_H
#define SIGNAL_MAPPED_H

#include "signal/format_private.h"
#include "signal/mapping.h"

/* What csv and ndjson share: which mapping, and the names of its columns for messages. */
typedef struct mapped_state {
    mapping *owned; /* a canonical one; NULL when the plan's is used */
    const mapping *mapping;
    size_t *places;      /* csv: of each column of the mapping in the file, or FORMAT_NO_COLUMN */
    sluice_text *names;  /* of each column, as in the file */
    sluice_text *values; /* of each column, in the row under way */
    arena scratch;       /* ndjson: the line's document */
} mapped_state;

/* Makes the state: the plan's mapping or the canonical one of the source's role. Sets the reader's encoding. */
SLUICE_MUST_USE sluice_result mapped_open(format_reader *reader, sluice_error *error);
void mapped_close(format_reader *reader);

/* Makes the signals of a row out of state->values. */
void mapped_take(format_row *row);

/* ---- canonical.c: the files that need no mapping ---- */

typedef enum canonical_role {
    CANONICAL_MAPPED, /* not canonical: the plan's mapping */
    CANONICAL_ACCOUNTS,
    CANONICAL_HOLDERS,
    CANONICAL_DEVICES,
    CANONICAL_LOGINS,
    CANONICAL_TRANSFERS,
    CANONICAL_WITHDRAWALS,
    CANONICAL_ANY, /* ndjson: each object says its kind */
    CANONICAL_COUNT
} canonical_role;

/* The role of a file called `<stem>.csv`, or CANONICAL_MAPPED when it is no canonical name. */
canonical_role canonical_role_of(sluice_text stem);
/* The mapping of a role, as the text of a mapping file. */
sluice_text canonical_mapping(canonical_role role);

#endif
