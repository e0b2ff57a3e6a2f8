/* A signal out of one JSON object: the members and meanings of docs/importing.md (ndjson without a mapping), and
 * amounts in fen besides. */
#ifndef SERVER_SIGNAL_JSON_PRIVATE_H
#define SERVER_SIGNAL_JSON_PRIVATE_H

#include <yyjson.h>

#include <sluice/signal.h>

#include "base/memory.h"

typedef struct signal_fault {
    char field[24]; /* the member; empty: the object */
    char text[220]; /* what is there, what was expected */
    bool no_memory;
} signal_fault;

/* The object must have been read with numbers as raw text. Texts point into the document or the arena. `default_kind`
 * is what an object without `kind` is. False: the fault says why. */
bool signal_from_json(yyjson_val *object, sluice_signal_kind default_kind, arena *a, sluice_signal *signal_out,
                      bool *rounded_out, signal_fault *fault_out);

#endif
