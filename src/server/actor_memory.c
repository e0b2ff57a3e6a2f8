/* A table of rows, each at the place that its hash names: a newcomer takes the place of whoever was there. */
#include "server/actor_memory.h"

#include <string.h>

#include "sys/thread.h"

enum { ROWS = 1024, KEPT_MS = 5000 };

/* Whose token it was. Texts are in `login` and `institution`. */
typedef struct remembered {
    uint64_t token_hash, epoch;
    int64_t until_ms;
    desk_actor actor;
    char login[72], institution[72];
} remembered;

struct actor_memory {
    mutex lock; /* guards the rows */
    remembered rows[ROWS];
};

actor_memory *actor_memory_new(void) {
    actor_memory *m = memory_new_zero(1, sizeof *m);
    if (m != NULL) {
        mutex_init(&m->lock);
    }
    return m;
}

void actor_memory_free(actor_memory **m) {
    if (*m != NULL) {
        mutex_fini(&(*m)->lock);
        memory_free(*m);
        *m = NULL;
    }
}

/* An empty text needs no memory, and may have none. */
static bool copy_text(sluice_text *text, arena *a) {
    if (text->length > 0) {
        text->data = arena_copy(a, text->data, text->length);
    }
    return text->length == 0 || text->data != NULL;
}

desk_actor *actor_copy(const desk_actor *actor, arena *a) {
    desk_actor *copy = arena_copy(a, actor, sizeof *actor);
    return copy != NULL && copy_text(&copy->login, a) && copy_text(&copy->institution, a) ? copy : NULL;
}

bool actor_recall(actor_memory *m, uint64_t token_hash, uint64_t epoch, int64_t now_ms, arena *a,
                  desk_actor **actor_out) {
    mutex_lock(&m->lock);
    const remembered *row = &m->rows[token_hash % ROWS];
    bool found = row->token_hash == token_hash && row->until_ms > now_ms && row->epoch == epoch;
    if (found) {
        *actor_out = actor_copy(&row->actor, a);
    }
    mutex_unlock(&m->lock);
    return found;
}

static int64_t kept_until(const desk_actor *actor, const user_idle *idle, int64_t now_ms) {
    int64_t until_ms = now_ms + KEPT_MS;
    until_ms = actor->ends_ms < until_ms ? actor->ends_ms : until_ms;
    return idle->ends_ms < until_ms ? idle->ends_ms : until_ms;
}

void actor_remember(actor_memory *m, uint64_t token_hash, uint64_t epoch, int64_t now_ms, const desk_actor *actor,
                    const user_idle *idle) {
    if (actor->login.length >= sizeof m->rows->login || actor->institution.length >= sizeof m->rows->institution) {
        return;
    }
    mutex_lock(&m->lock);
    remembered *row = &m->rows[token_hash % ROWS];
    *row = (remembered){
        .token_hash = token_hash, .epoch = epoch, .until_ms = kept_until(actor, idle, now_ms), .actor = *actor};
    memcpy(row->login, actor->login.data, actor->login.length);
    if (actor->institution.length > 0) {
        memcpy(row->institution, actor->institution.data, actor->institution.length);
    }
    row->actor.login.data = row->login;
    row->actor.institution.data = row->institution;
    mutex_unlock(&m->lock);
}
