/* Parts are in one list for each state, ordered by when they came into it, so that the first is the next to be sent or
 * to run out of time; those that wait for a receipt are also in a hash table by the carrier's id. About 300 bytes and
 * the text for a message of one part. */
#include "gateway/smpp_table.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"

sluice_result smpp_table_init(smpp_table *t, uint32_t messages_max, sluice_error *error) {
    *t = (smpp_table){.messages_max = messages_max, .bucket_count = 1024};
    while (t->bucket_count < messages_max) {
        t->bucket_count *= 2;
    }
    t->buckets = memory_new_zero(t->bucket_count, sizeof *t->buckets);
    return t->buckets == NULL ? error_no_memory(error, t->bucket_count * sizeof *t->buckets) : SLUICE_OK;
}

void smpp_table_fini(smpp_table *t) {
    for (int i = 0; i < PART_LISTS; i++) {
        while (t->lists[i].first != NULL) {
            smpp_message *message = t->lists[i].first->message;
            smpp_table_remove(t, &message);
        }
    }
    memory_free(t->buckets);
    t->buckets = NULL;
}

sluice_result smpp_table_add(smpp_table *t, uint64_t id, size_t parts, size_t bytes, smpp_message **message_out,
                             sluice_error *error) {
    size_t entries = sizeof(smpp_message) + parts * sizeof(smpp_part_entry);
    *message_out = NULL;
    if (t->messages >= t->messages_max) {
        return error_set(error, SLUICE_E_TOO_MANY, "%u messages are under way already", t->messages);
    }
    smpp_message *message = memory_new(entries + bytes);
    if (message == NULL) {
        return error_no_memory(error, entries + bytes);
    }
    memset(message, 0, entries);
    message->id = id;
    message->block_bytes = entries + bytes;
    message->part_count = message->parts_open = message->parts_unsent = (uint32_t)parts;
    for (size_t i = 0; i < parts; i++) {
        message->parts[i] = (smpp_part_entry){.message = message, .state = PART_DONE};
    }
    t->messages++;
    *message_out = message;
    return SLUICE_OK;
}

/* ---- lists ---- */

static void list_remove(smpp_part_list *list, smpp_part_entry *part) {
    *(part->before == NULL ? &list->first : &part->before->after) = part->after;
    *(part->after == NULL ? &list->last : &part->after->before) = part->before;
    part->before = part->after = NULL;
    list->count--;
}

/* Behind `before`; NULL: at the front. */
static void list_insert(smpp_part_list *list, smpp_part_entry *part, smpp_part_entry *before) {
    part->before = before;
    part->after = before == NULL ? list->first : before->after;
    *(part->before == NULL ? &list->first : &part->before->after) = part;
    *(part->after == NULL ? &list->last : &part->after->before) = part;
    list->count++;
}

static smpp_part_entry **bucket_of(const smpp_table *t, const char *id) {
    return &t->buckets[hash64(id, strlen(id)) & (t->bucket_count - 1)];
}

static void unindex(smpp_table *t, smpp_part_entry *part) {
    if (part->id[0] == 0) {
        return;
    }
    for (smpp_part_entry **at = bucket_of(t, part->id); *at != NULL; at = &(*at)->same_bucket) {
        if (*at == part) {
            *at = part->same_bucket;
            return;
        }
    }
}

static void leave(smpp_table *t, smpp_part_entry *part) {
    if (part->state == PART_AWAITING) {
        unindex(t, part);
    }
    if (part->state != PART_DONE) {
        list_remove(&t->lists[part->state], part);
    }
}

void smpp_table_move(smpp_table *t, smpp_part_entry *part, smpp_part_state state, int64_t now_ns) {
    leave(t, part);
    part->state = state;
    part->at_ns = now_ns;
    if (state != PART_DONE) {
        list_insert(&t->lists[state], part, t->lists[state].last);
    }
}

void smpp_table_unsend(smpp_table *t, smpp_part_entry *part, int64_t now_ns) {
    leave(t, part);
    part->state = PART_QUEUED;
    part->at_ns = now_ns;
    list_insert(&t->lists[PART_QUEUED], part, NULL);
}

void smpp_table_remove(smpp_table *t, smpp_message **message) {
    smpp_message *gone = *message;
    for (size_t i = 0; i < gone->part_count; i++) {
        leave(t, &gone->parts[i]);
    }
    t->messages--;
    explicit_bzero(gone, gone->block_bytes); /* a number and a text */
    memory_free(gone);
    *message = NULL;
}

/* ---- finding ---- */

void smpp_table_index(smpp_table *t, smpp_part_entry *part) {
    smpp_part_entry **bucket = bucket_of(t, part->id);
    part->same_bucket = *bucket;
    *bucket = part;
}

smpp_part_entry *smpp_table_by_id(const smpp_table *t, const char *id) {
    smpp_part_entry *part = *bucket_of(t, id);
    while (part != NULL && strcmp(part->id, id) != 0) {
        part = part->same_bucket;
    }
    return part;
}

smpp_part_entry *smpp_table_by_sequence(const smpp_table *t, uint32_t sequence) {
    smpp_part_entry *part = t->lists[PART_SENT].first;
    while (part != NULL && part->sequence != sequence) {
        part = part->after;
    }
    return part;
}
