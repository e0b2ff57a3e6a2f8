/* One array, looked through whole: 2,048 rows of 64 bytes, some microseconds, a few hundred times a second at most. */
#include "server/presence.h"

#include "base/error.h"
#include "base/memory.h"
#include "sys/thread.h"

struct presence {
    mutex lock;
    presence_row rows[PRESENCE_ROWS];
};

sluice_result presence_open(presence **presence_out, sluice_error *error) {
    presence *p = memory_new_zero(1, sizeof *p);
    *presence_out = p;
    if (p == NULL) {
        return error_no_memory(error, sizeof *p);
    }
    mutex_init(&p->lock);
    return SLUICE_OK;
}

void presence_close(presence **p) {
    if (*p != NULL) {
        mutex_fini(&(*p)->lock);
        memory_free(*p);
        *p = NULL;
    }
}

static bool is_gone(const presence_row *row, int64_t now_ns) {
    return row->kind == NULL || now_ns - row->seen_ns > (int64_t)PRESENCE_LASTS_MS * 1000000;
}

static bool is_at(const presence_row *row, const presence_row *me) {
    return row->kind == me->kind && row->id == me->id;
}

bool presence_say(presence *p, const presence_row *me, bool leaves) {
    presence_row *mine = NULL, *oldest = &p->rows[0];
    mutex_lock(&p->lock);
    for (size_t i = 0; i < PRESENCE_ROWS && mine == NULL; i++) {
        presence_row *row = &p->rows[i];
        if (is_gone(row, me->seen_ns)) {
            *row = (presence_row){0};
        }
        if (row->kind != NULL && is_at(row, me) && row->user == me->user && row->session == me->session) {
            mine = row;
        }
        oldest = row->seen_ns < oldest->seen_ns ? row : oldest;
    }
    bool was_there = mine != NULL, is_news = leaves ? was_there : !was_there || mine->edits != me->edits;
    if (leaves && was_there) {
        *mine = (presence_row){0};
    } else if (!leaves) {
        mine = was_there ? mine : oldest;
        int64_t since_ms = was_there ? mine->since_ms : me->since_ms;
        *mine = *me;
        mine->since_ms = since_ms;
    }
    mutex_unlock(&p->lock);
    return is_news;
}

size_t presence_others(presence *p, const presence_row *me, presence_row *others_out, size_t most) {
    size_t count = 0;
    mutex_lock(&p->lock);
    for (size_t i = 0; i < PRESENCE_ROWS; i++) {
        const presence_row *row = &p->rows[i];
        if (is_gone(row, me->seen_ns) || !is_at(row, me) || row->user == me->user) {
            continue;
        }
        size_t at = 0;
        while (at < count && others_out[at].user != row->user) {
            at++;
        }
        if (at < count) { /* the same person in two tabs */
            others_out[at].edits |= row->edits;
        } else if (count < most) {
            for (at = count++; at > 0 && others_out[at - 1].since_ms > row->since_ms; at--) {
                others_out[at] = others_out[at - 1];
            }
            others_out[at] = *row;
        }
    }
    mutex_unlock(&p->lock);
    return count;
}
