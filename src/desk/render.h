/* Records as JSON, for the API, exports and bulletins. */
#ifndef DESK_RENDER_H
#define DESK_RENDER_H

#include "base/json_write.h"
#include "desk/kind.h"

/* Adds the record's members to an object: id, number, version, times, fields (times as RFC 3339 with +08:00, money in
 * fen), and `acts`: what the actor may do with it now. Personal data is masked unless the actor has a purpose; secrets
 * are left out. *shown_out (may be NULL): personal data was shown in full. */
void render_record(desk_command *c, json_document *d, yyjson_mut_val *object, const desk_kind *kind, const record *r,
                   bool *shown_out);
/* A table without a kind: history, audit. */
void render_fields(desk_command *c, json_document *d, yyjson_mut_val *object, const record *r, bool *shown_out);

#endif
