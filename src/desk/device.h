/* Browsers that a user has signed in with: what others try under his name does not lock him out there.
 *
 * After too many wrong passwords a name is locked for a while, so whoever knows names could keep their owners out. So a
 * browser keeps a token of its own beyond the session (a cookie that is sent with a sign-in alone): with it attempts
 * are counted apart, and the lock of the name does not hold. It is no credential: the password is still needed. */
#ifndef DESK_DEVICE_H
#define DESK_DEVICE_H

#include "desk/user.h"

#define DEVICE_KEPT_S (INT64_C(180) * 86400) /* a browser keeps its token for so long after a sign-in */

extern const record_table DEVICE_TABLE;

/* The row of this token, if it is of this user. NOT_FOUND: another's, or nobody's. Writer. */
SLUICE_MUST_USE sluice_result device_find(desk_command *c, int64_t user, sluice_text token, record *device_out);
/* When it may be tried again; 0: now. */
int64_t device_locked_until(const record *device);
/* A wrong password from there. `cap` in a row lock it for a while. */
SLUICE_MUST_USE sluice_result device_count_failure(desk_command *c, record *device, int64_t cap, int64_t lock_ms);
/* A sign-in: `device` (NULL: one that is not known) is known from now on by `token_out`, under which it was known
 * before as well. Each user has ten; the one not used for longest is forgotten. */
SLUICE_MUST_USE sluice_result device_keep(desk_command *c, int64_t user, record *device, sluice_text token,
                                          char token_out[TOKEN_BYTES]);
/* All of a user's, when his password ends. */
SLUICE_MUST_USE sluice_result device_forget_all(desk_command *c, int64_t user);

#endif
