/* The log as activities, one after the other: what a back-test, a warm-up and a feature table run over.
 *
 * In the order of the log, or in that of event time (ties: events of accounts, devices and logins first, then the
 * order of the log), as if each signal had arrived when it happened. */
#ifndef ENGINE_STREAM_H
#define ENGINE_STREAM_H

#include <sluice/detect.h>

#include "feature/activity.h"

typedef struct stream stream;

/* `as_of` 0: up to the newest. Texts of the activities live as long as the stream. Any thread. Errors: NO_MEMORY and
 * those of reading the log. Cost: one pass over the log; 56 bytes an event, 16 a stated balance, and 4 a movement when
 * the log is not in time order. */
SLUICE_MUST_USE sluice_result stream_open(const sluice_engine *engine, sluice_order order, uint64_t as_of,
                                          stream **stream_out, sluice_error *error);
void stream_close(stream **s);

uint64_t stream_total(const stream *s);    /* signals */
uint64_t stream_sequence(const stream *s); /* as of which it is */
/* The next one; false at the end. */
bool stream_next(stream *s, activity *activity_out);

/* The institution's ids of movements, `numbers` rising. Texts are copied into `texts`. Reads each batch of the log that
 * holds one of them once. */
struct arena;
SLUICE_MUST_USE sluice_result stream_transfer_ids(const sluice_engine *engine, const uint32_t *numbers, size_t count,
                                                  struct arena *texts, sluice_text *ids_out, sluice_error *error);

#endif
