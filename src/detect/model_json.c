#include "detect/model_json_private.h"

static void *watched_new(void *context, size_t bytes) {
    void *block = memory_new(bytes);
    *(bool *)context |= block == NULL;
    return block;
}

static void *watched_resize(void *context, void *block, size_t old_bytes, size_t bytes) {
    (void)old_bytes;
    void *grown = memory_resize(block, bytes);
    *(bool *)context |= grown == NULL;
    return grown;
}

static void watched_free(void *context, void *block) {
    (void)context;
    memory_free(block);
}

yyjson_mut_val *json_out_begin(json_out *out) {
    *out = (json_out){.allocator = {watched_new, watched_resize, watched_free, &out->failed}};
    out->doc = yyjson_mut_doc_new(&out->allocator);
    yyjson_mut_val *root = yyjson_mut_obj(out->doc);
    if (out->doc != NULL) {
        yyjson_mut_doc_set_root(out->doc, root);
    }
    return root;
}

sluice_result json_out_end(json_out *out, char **text_out, size_t *length_out, sluice_error *error) {
    *text_out = NULL;
    *length_out = 0;
    yyjson_write_err wrong = {0};
    if (out->doc != NULL && !out->failed) {
        *text_out = yyjson_mut_write_opts(out->doc, YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_ALLOW_INVALID_UNICODE,
                                          &out->allocator, length_out, &wrong);
    }
    yyjson_mut_doc_free(out->doc);
    out->doc = NULL;
    if (*text_out == NULL || out->failed) {
        memory_free(*text_out);
        *text_out = NULL;
        return error_no_memory(error, *length_out);
    }
    return SLUICE_OK;
}
