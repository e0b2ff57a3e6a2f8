/* Who somebody is, is asked with every request; what the store said is kept for a few seconds, by the keyed hash of the
 * token. It is forgotten at once when any user, session or key changes (principal_epoch), and no later than the moment
 * at which the session or key ends by itself. */
#ifndef SERVER_ACTOR_MEMORY_H
#define SERVER_ACTOR_MEMORY_H

#include "base/memory.h"
#include "desk/user.h"

typedef struct actor_memory actor_memory;

/* NULL: no memory; it is about that much. */
#define ACTOR_MEMORY_BYTES ((size_t)320 << 10)
actor_memory *actor_memory_new(void);
void actor_memory_free(actor_memory **m);

/* False: not remembered. True: a copy in `a`, NULL when there is no memory for it. Any thread; no allocation but that.
 */
bool actor_recall(actor_memory *m, uint64_t token_hash, uint64_t epoch, int64_t now_ms, arena *a,
                  desk_actor **actor_out);
/* `epoch`: principal_epoch before the store was asked. Any thread. */
void actor_remember(actor_memory *m, uint64_t token_hash, uint64_t epoch, int64_t now_ms, const desk_actor *actor,
                    const user_idle *idle);

/* With login and institution; its other texts are a request's own. NULL: no memory. */
desk_actor *actor_copy(const desk_actor *actor, arena *a);

#endif
