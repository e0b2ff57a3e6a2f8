#include "server/upload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/desk_store.h"
#include "server/server_private.h"
#include "sys/file.h"
#include "sys/folder.h"

struct upload {
    file_writer *writer;
    char *path;
    uint64_t bytes;
    sluice_result result; /* of the first write that failed */
    sluice_error error;
};

const char *upload_folder(const request *rq, arena *a) {
    const char *database = rq->server->options.database, *state = getenv("SLUICE_STATE");
    text_writer path = {0};
    if (store_is_postgres(database)) {
        text_printf(&path, "%s/sluice-%s-imports", state == NULL || state[0] == '\0' ? "." : state,
                    store_uuid(engine_store(rq->server->engine)));
    } else {
        text_printf(&path, "%s-imports", database);
    }
    const char *copy = path.failed ? NULL : arena_copy(a, path.data, path.length + 1);
    text_writer_fini(&path);
    return copy;
}

sluice_result upload_begin(const request *rq, upload **upload_out, sluice_error *error) {
    arena a = {0};
    text_writer path = {0};
    const char *folder = upload_folder(rq, &a);
    upload *u = memory_new_zero(1, sizeof *u);
    if (folder == NULL || u == NULL) {
        arena_fini(&a);
        memory_free(u);
        return error_no_memory(error, sizeof *u);
    }
    sluice_result result = folder_make(folder, error);
    if (result == SLUICE_OK) {
        text_printf(&path, "%s/incoming-%s", folder, rq->id);
        result = path.failed ? error_no_memory(error, path.length) : file_write_begin(path.data, &u->writer, error);
    }
    arena_fini(&a);
    if (result != SLUICE_OK) {
        text_writer_fini(&path);
        memory_free(u);
        return result;
    }
    u->path = path.data;
    *upload_out = u;
    return SLUICE_OK;
}

void upload_take(upload *u, const void *data, size_t bytes) {
    if (u->result == SLUICE_OK) {
        u->result = file_write(u->writer, data, bytes, &u->error);
        u->bytes += bytes;
    }
}

void upload_abandon(upload **handle) {
    upload *u = *handle;
    if (u != NULL) {
        file_write_abandon(&u->writer);
        memory_free(u->path);
        memory_free(u);
        *handle = NULL;
    }
}

sluice_result upload_keep(request *rq, const char **path_out, uint64_t *bytes_out, sluice_error *error) {
    upload *u = rq->upload;
    if (u == NULL || u->bytes == 0) {
        return error_set(error, SLUICE_E_INPUT, "the body is empty: send the file's bytes");
    }
    *bytes_out = u->bytes;
    *path_out = arena_copy(&rq->arena, u->path, strlen(u->path) + 1);
    if (*path_out == NULL) {
        return error_no_memory(error, strlen(u->path));
    }
    if (u->result != SLUICE_OK) {
        return error_set(error, u->result, "%s", u->error.text);
    }
    return file_write_commit(&u->writer, error);
}
