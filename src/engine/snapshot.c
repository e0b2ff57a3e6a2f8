/* Snapshots: whose state it is, and up to where, in front of the graph's image. A cache and never the truth: whatever
 * is wrong with it, the log is replayed instead. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "engine/engine_private.h"
#include "graph/graph_image.h"
#include "sys/file.h"

#define SNAPSHOT_MAGIC UINT64_C(0x32414E53454C5553) /* "SULESNA2" */

typedef struct snapshot_head {
    uint64_t magic;
    char uuid[32];
    uint64_t sequence, chain;
    uint64_t withdrawn; /* the newest withdrawal that it was made without */
    uint64_t checksum;  /* of everything above */
} snapshot_head;

static sluice_result check_head(const snapshot_head *head, const sluice_engine *engine, sluice_error *error) {
    store *s = engine->store;
    if (head->magic != SNAPSHOT_MAGIC || head->checksum != hash64(head, offsetof(snapshot_head, checksum))) {
        return error_set(error, SLUICE_E_DAMAGED, "its head is damaged");
    }
    if (memcmp(head->uuid, store_uuid(s), sizeof head->uuid) != 0) {
        return error_set(error, SLUICE_E_DAMAGED, "it belongs to another database");
    }
    if (head->withdrawn != engine->imports.newest_withdrawal) {
        return error_set(error, SLUICE_E_DAMAGED, "an import was withdrawn since it was made");
    }
    uint64_t chain = 0;
    if (store_chain_at(s, head->sequence, &chain, NULL) != SLUICE_OK || chain != head->chain) {
        return error_set(error, SLUICE_E_DAMAGED, "the log is not the one it was made from");
    }
    return SLUICE_OK;
}

bool snapshot_load(const char *path, const sluice_engine *engine, graph *g, uint64_t *chain_out, char reason[96]) {
    sluice_error error = {0};
    snapshot_head head;
    file_reader *reader = NULL;
    uint64_t bytes = 0;
    if (file_kind_of(path) == FILE_ABSENT) {
        memcpy(reason, "missing", 8);
        return false;
    }
    sluice_result result = file_read_begin(path, &reader, &bytes, &error);
    if (result == SLUICE_OK) {
        result = file_read(reader, &head, sizeof head, &error);
    }
    if (result == SLUICE_OK) {
        result = check_head(&head, engine, &error);
    }
    if (result == SLUICE_OK) {
        result = graph_image_read(g, reader, bytes - sizeof head, &error);
    }
    if (result == SLUICE_OK && g->sequence != head.sequence) {
        graph_fini(g);
        result = error_set(&error, SLUICE_E_DAMAGED, "its parts are of different sequences");
    }
    file_read_end(&reader);
    if (result != SLUICE_OK) {
        memset(g, 0, sizeof *g);
        size_t length = strnlen(error.text, 80);
        memcpy(reason, "not used: ", 10);
        memcpy(reason + 10, error.text, length);
        reason[10 + length] = '\0';
        return false;
    }
    *chain_out = head.chain;
    return true;
}

sluice_result snapshot_save(const char *path, const sluice_engine *engine, sluice_error *error) {
    const graph *g = &engine->graph;
    snapshot_head head = {.magic = SNAPSHOT_MAGIC,
                          .sequence = g->sequence,
                          .chain = engine->chain,
                          .withdrawn = engine->imports.newest_withdrawal};
    memcpy(head.uuid, store_uuid(engine->store), sizeof head.uuid);
    head.checksum = hash64(&head, offsetof(snapshot_head, checksum));
    if (g->sequence == 0) {
        return SLUICE_OK; /* nothing to save */
    }
    file_writer *writer = NULL;
    sluice_result result = file_write_begin(path, &writer, error);
    if (result == SLUICE_OK) {
        result = file_write(writer, &head, sizeof head, error);
    }
    if (result == SLUICE_OK) {
        result = graph_image_write(g, writer, error);
    }
    if (result == SLUICE_OK) {
        result = file_write_commit(&writer, error);
    }
    file_write_abandon(&writer);
    return result;
}
