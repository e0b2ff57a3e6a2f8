/* Whose rights have changed: gathered while a command runs, published after its commit, so that nobody is believed for
 * what he was before. */
#ifndef DESK_PRINCIPAL_H
#define DESK_PRINCIPAL_H

#include "desk/desk.h"

/* A principal is a user's number, or a key's beside this bit. */
#define PRINCIPAL_IS_KEY (UINT64_C(1) << 40)

/* What was authenticated for this principal must be asked again once the group is committed. Writer. */
void principal_touch(desk_command *c, uint64_t principal);
/* The group was committed. Writer. */
void principal_publish(desk *d);

/* Changes whenever a change of a user, session or key was committed: what was authenticated before must be asked again.
 * Any thread. */
uint64_t principal_epoch(const desk *d);
/* Whose it was, since this was last asked; how many are written. More than PRINCIPAL_CHANGES_MAX is returned when there
 * was no room for all: then take everybody's. Writer, after a commit. */
#define PRINCIPAL_CHANGES_MAX 64
size_t principal_take_changed(desk *d, uint64_t principals_out[PRINCIPAL_CHANGES_MAX]);

#endif
