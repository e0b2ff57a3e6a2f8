#include "desk/archive.h"

#include <string.h>
#include <zip.h>

#include "base/hash.h"
#include "base/memory.h"

sluice_result archive_hash(archive_file *files, size_t count, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = sha256_of(files[i].bytes.data, files[i].bytes.length, files[i].sha256, error);
    }
    return result;
}

/* A zip has times without a zone: libzip writes the local one of this machine, so the time is given as if it were UTC
 * and is the same everywhere where the zone is. */
static bool add_file(zip_t *zip, const archive_file *file, time_t made) {
    zip_source_t *source = zip_source_buffer(zip, file->bytes.data, file->bytes.length, 0);
    zip_int64_t place = source == NULL ? -1 : zip_file_add(zip, file->name, source, ZIP_FL_ENC_UTF_8);
    if (place < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t index = (zip_uint64_t)place;
    return zip_file_set_mtime(zip, index, made, 0) == 0 &&
           zip_set_file_compression(zip, index, ZIP_CM_DEFLATE, 6) == 0 &&
           zip_file_set_external_attributes(zip, index, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)0100600 << 16) == 0;
}

static sluice_result failed(zip_error_t *why, sluice_error *error) {
    sluice_result result =
        error_set(error, SLUICE_E_IO, "the archive could not be written: %s", zip_error_strerror(why));
    zip_error_fini(why);
    return result;
}

/* The bytes stay in the source after the archive was closed. */
static sluice_result take_bytes(zip_source_t *target, arena *a, sluice_text *zip_out, sluice_error *error) {
    zip_stat_t status;
    if (zip_source_stat(target, &status) != 0 || zip_source_open(target) != 0) {
        return failed(zip_source_error(target), error);
    }
    char *bytes = arena_alloc(a, status.size + 1);
    zip_int64_t length = bytes == NULL ? -1 : zip_source_read(target, bytes, status.size);
    (void)zip_source_close(target);
    if (bytes == NULL) {
        return error_no_memory(error, status.size);
    }
    if (length < 0 || (zip_uint64_t)length != status.size) {
        return failed(zip_source_error(target), error);
    }
    *zip_out = (sluice_text){bytes, status.size};
    return SLUICE_OK;
}

sluice_result archive_write(const archive_file *files, size_t count, int64_t made_ms, arena *a, sluice_text *zip_out,
                            sluice_error *error) {
    zip_error_t why;
    zip_error_init(&why);
    *zip_out = (sluice_text){0};
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &why);
    if (target == NULL) {
        return failed(&why, error);
    }
    zip_source_keep(target); /* for take_bytes, once the archive let go of it */
    zip_t *zip = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &why);
    if (zip == NULL) {
        zip_source_free(target);
        zip_source_free(target);
        return failed(&why, error);
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = add_file(zip, &files[i], (time_t)(made_ms / 1000));
    }
    sluice_result result = SLUICE_OK;
    if (!good || zip_close(zip) != 0) {
        result = error_set(error, SLUICE_E_IO, "the archive could not be written: %s", zip_strerror(zip));
        zip_discard(zip);
    } else {
        result = take_bytes(target, a, zip_out, error);
    }
    zip_source_free(target);
    zip_error_fini(&why);
    return result;
}
