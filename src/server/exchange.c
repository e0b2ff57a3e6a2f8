/* Requests are used again: their arena and their answer's buffer keep what they need in a steady state, so that a
 * decision allocates nothing of ours. What a large body left is given back. */
#include "server/exchange_private.h"

#include <string.h>

#include "base/memory.h"

#define FREE_MAX 512u
#define KEEP_BODY_BYTES ((size_t)64 << 10)

exchange *exchange_take(exchange_list *list) {
    exchange *x = list->free;
    if (x != NULL) {
        list->free = x->next;
        list->free_count--;
    } else {
        x = memory_new_zero(1, sizeof *x);
    }
    if (x != NULL) {
        x->next = NULL;
        list->live_count++;
    }
    return x;
}

static void exchange_free(exchange *x) {
    arena_fini(&x->request.arena);
    text_writer_fini(&x->response.body);
    memory_free(x);
}

void exchange_give(exchange_list *list, exchange *x) {
    arena kept = x->request.arena;
    text_writer body = x->response.body;
    list->live_count--;
    if (list->free_count == FREE_MAX) {
        exchange_free(x);
        return;
    }
    if (x->body_capacity > KEEP_BODY_BYTES) {
        arena_fini(&kept);
    }
    arena_reset(&kept);
    if (body.capacity > KEEP_BODY_BYTES) {
        text_writer_fini(&body);
    }
    memset(x, 0, sizeof *x);
    x->request.arena = kept;
    x->response.body = body;
    x->response.body.length = 0;
    x->response.body.failed = false;
    x->next = list->free;
    list->free = x;
    list->free_count++;
}

void exchange_list_fini(exchange_list *list) {
    while (list->free != NULL) {
        exchange *x = list->free;
        list->free = x->next;
        exchange_free(x);
    }
}
