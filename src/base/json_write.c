/* A thin layer over yyjson's mutable documents. yyjson refuses a NULL document, object or value and returns false, so a
 * failed allocation anywhere leads to `failed` and nothing is dereferenced. */
#include "base/json_write.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"

static void *alloc(void *context, size_t bytes) {
    (void)context;
    return memory_new(bytes);
}

static void *resize(void *context, void *block, size_t old_bytes, size_t bytes) {
    (void)context;
    (void)old_bytes;
    return memory_resize(block, bytes);
}

static void release(void *context, void *block) {
    (void)context;
    memory_free(block);
}

static const yyjson_alc ALLOCATOR = {alloc, resize, release, NULL};

yyjson_mut_val *json_begin(json_document *d) {
    d->doc = yyjson_mut_doc_new(&ALLOCATOR);
    d->failed = d->doc == NULL;
    yyjson_mut_val *root = yyjson_mut_obj(d->doc);
    yyjson_mut_doc_set_root(d->doc, root);
    return root;
}

static sluice_result end(json_document *d, yyjson_write_flag flags, text_writer *writer, sluice_error *error) {
    size_t length = 0;
    yyjson_write_err problem = {0};
    char *text =
        d->failed ? NULL
                  : yyjson_mut_write_opts(d->doc, flags | YYJSON_WRITE_NEWLINE_AT_END, &ALLOCATOR, &length, &problem);
    yyjson_mut_doc_free(d->doc);
    d->doc = NULL;
    if (text == NULL && problem.code == YYJSON_WRITE_ERROR_INVALID_STRING) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "a text of this answer is not UTF-8 and cannot be written as JSON: import its file again with "
                         "the encoding stated (--encoding gb18030), into a new database");
    }
    if (text != NULL) {
        text_write(writer, (sluice_text){text, length});
        memory_free(text);
    }
    return text == NULL || writer->failed ? error_no_memory(error, length) : SLUICE_OK;
}

sluice_result json_end(json_document *d, text_writer *writer, sluice_error *error) {
    return end(d, YYJSON_WRITE_PRETTY_TWO_SPACES, writer, error);
}

sluice_result json_end_line(json_document *d, text_writer *writer, sluice_error *error) {
    return end(d, YYJSON_WRITE_NOFLAG, writer, error);
}

void json_add(json_document *d, yyjson_mut_val *object, const char *key, yyjson_mut_val *value) {
    yyjson_mut_val *name = yyjson_mut_str(d->doc, key);
    d->failed |= name == NULL || value == NULL || !yyjson_mut_obj_add(object, name, value);
}

void json_add_int(json_document *d, yyjson_mut_val *object, const char *key, int64_t value) {
    json_add(d, object, key, yyjson_mut_sint(d->doc, value));
}

void json_add_uint(json_document *d, yyjson_mut_val *object, const char *key, uint64_t value) {
    json_add(d, object, key, yyjson_mut_uint(d->doc, value));
}

void json_add_bool(json_document *d, yyjson_mut_val *object, const char *key, bool value) {
    json_add(d, object, key, yyjson_mut_bool(d->doc, value));
}

void json_add_double(json_document *d, yyjson_mut_val *object, const char *key, double value) {
    json_add(d, object, key, isfinite(value) ? yyjson_mut_real(d->doc, value) : yyjson_mut_null(d->doc));
}

void json_add_text(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    json_add(d, object, key, yyjson_mut_strn(d->doc, text.length == 0 ? "" : text.data, text.length));
}

void json_add_text_or_null(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    if (text.length == 0) {
        json_add(d, object, key, yyjson_mut_null(d->doc));
    } else {
        json_add_text(d, object, key, text);
    }
}

void json_add_time(json_document *d, yyjson_mut_val *object, const char *key, int64_t time_ms) {
    char buffer[TIME_TEXT_BYTES];
    json_add(d, object, key, yyjson_mut_strcpy(d->doc, time_format(time_ms, buffer)));
}

yyjson_mut_val *json_append_object(json_document *d, yyjson_mut_val *array) {
    yyjson_mut_val *object = yyjson_mut_obj(d->doc);
    d->failed |= !yyjson_mut_arr_append(array, object);
    return object;
}

yyjson_mut_val *json_add_object(json_document *d, yyjson_mut_val *object, const char *key) {
    yyjson_mut_val *added = yyjson_mut_obj(d->doc);
    json_add(d, object, key, added);
    return added;
}

yyjson_mut_val *json_add_array(json_document *d, yyjson_mut_val *object, const char *key) {
    yyjson_mut_val *array = yyjson_mut_arr(d->doc);
    json_add(d, object, key, array);
    return array;
}
