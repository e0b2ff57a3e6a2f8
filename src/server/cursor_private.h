/* Cursors: a place in a list, sealed. base64url(place ‖ 16 bytes of keyed BLAKE2b over route and place): nobody can
 * make one up, and one of another list is refused. What is in it is no secret. */
#ifndef SERVER_CURSOR_PRIVATE_H
#define SERVER_CURSOR_PRIVATE_H

#include <sluice/signal.h>

#include "base/memory.h"

#define CURSOR_PLACE_BYTES_MAX 512

/* Empty: no memory, or the place is too long. NUL-terminated besides. */
sluice_text cursor_seal(const unsigned char key[32], const char *route, sluice_text place, arena *a);
/* False: not ours, or of another route (or no memory). */
bool cursor_open(const unsigned char key[32], const char *route, sluice_text cursor, arena *a, sluice_text *place_out);

#endif
