/* Who looks at which record at this moment: so that two people who work on one case know of each other.
 *
 * Held in memory only, for as long as somebody says again that he is there; no part of the audit (that somebody looked
 * is written down when the record is read). */
#ifndef SERVER_PRESENCE_H
#define SERVER_PRESENCE_H

#include "desk/kind.h"

/* Who says nothing for so long is gone. Consoles say it every 20 s. */
#define PRESENCE_LASTS_MS 45000
#define PRESENCE_ROWS 2048

typedef struct presence_row {
    const desk_kind *kind; /* NULL: free */
    int64_t id, user, session;
    bool edits;
    int64_t since_ms; /* the daemon's time, for people */
    int64_t seen_ns;  /* the machine's clock */
} presence_row;

typedef struct presence presence;

SLUICE_MUST_USE sluice_result presence_open(presence **presence_out, sluice_error *error);
void presence_close(presence **p);
/* `me` is there (or, `leaves`, is not any more). True: that is news for the others. A full table forgets whoever has
 * been silent longest. Any thread. */
bool presence_say(presence *p, const presence_row *me, bool leaves);
/* Who else is there, in the order in which they came; each user once. Any thread. */
size_t presence_others(presence *p, const presence_row *me, presence_row *others_out, size_t most);

#endif
