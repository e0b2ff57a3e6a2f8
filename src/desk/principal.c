#include "desk/principal.h"

#include "desk/desk_private.h"

void principal_touch(desk_command *c, uint64_t principal) {
    principal_changes *changes = &c->desk->changed_users;
    if (changes->count < PRINCIPAL_CHANGES_MAX) {
        changes->at[changes->count] = principal;
    }
    changes->count++;
}

void principal_publish(desk *d) {
    principal_changes *from = &d->changed_users, *to = &d->changed_users_committed;
    for (size_t i = 0; i < from->count; i++) {
        if (i < PRINCIPAL_CHANGES_MAX && to->count < PRINCIPAL_CHANGES_MAX) {
            to->at[to->count] = from->at[i];
        }
        to->count++;
    }
    if (from->count > 0) {
        (void)atomic_fetch_add_explicit(&d->user_epoch, 1, memory_order_release);
    }
    from->count = 0;
}

size_t principal_take_changed(desk *d, uint64_t principals_out[PRINCIPAL_CHANGES_MAX]) {
    size_t count = d->changed_users_committed.count;
    memcpy(principals_out, d->changed_users_committed.at, sizeof d->changed_users_committed.at);
    d->changed_users_committed.count = 0;
    return count;
}

uint64_t principal_epoch(const desk *d) {
    return atomic_load_explicit(&d->user_epoch, memory_order_acquire);
}
