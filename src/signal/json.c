#include "signal/json.h"

#include <string.h>

static void *heap_new(void *context, size_t bytes) {
    (void)context;
    return memory_new(bytes);
}

static void *heap_resize(void *context, void *block, size_t old_bytes, size_t bytes) {
    (void)context;
    (void)old_bytes;
    return memory_resize(block, bytes);
}

static void heap_free(void *context, void *block) {
    (void)context;
    memory_free(block);
}

const yyjson_alc json_heap = {heap_new, heap_resize, heap_free, NULL};

static void *arena_new_block(void *context, size_t bytes) {
    return arena_alloc(context, bytes);
}

static void *arena_resize_block(void *context, void *block, size_t old_bytes, size_t bytes) {
    void *grown = arena_alloc(context, bytes);
    if (grown != NULL && old_bytes > 0) {
        memcpy(grown, block, old_bytes < bytes ? old_bytes : bytes);
    }
    return grown;
}

static void arena_free_block(void *context, void *block) {
    (void)context;
    (void)block;
}

yyjson_alc json_arena(arena *arena) {
    return (yyjson_alc){arena_new_block, arena_resize_block, arena_free_block, arena};
}

yyjson_doc *json_read(sluice_text text, const yyjson_alc *allocator, yyjson_read_err *error_out) {
    /* yyjson takes char * for the sake of its in-place mode, which is not used: the text is not written to. */
    char *data = (char *)(uintptr_t)text.data;
    return yyjson_read_opts(data, text.length, YYJSON_READ_NUMBER_AS_RAW, allocator, error_out);
}

bool json_scalar(yyjson_val *value, sluice_text *text_out) {
    *text_out = (sluice_text){NULL, 0};
    switch (yyjson_get_type(value)) {
    case YYJSON_TYPE_RAW:
        *text_out = (sluice_text){yyjson_get_raw(value), yyjson_get_len(value)};
        return true;
    case YYJSON_TYPE_STR:
        *text_out = (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
        return true;
    case YYJSON_TYPE_BOOL:
        *text_out = yyjson_get_bool(value) ? (sluice_text){"true", 4} : (sluice_text){"false", 5};
        return true;
    case YYJSON_TYPE_NULL:
        return true;
    default:
        return false;
    }
}

const char *json_type_words(yyjson_val *value) {
    switch (yyjson_get_type(value)) {
    case YYJSON_TYPE_NULL:
        return "null";
    case YYJSON_TYPE_BOOL:
        return "true or false";
    case YYJSON_TYPE_ARR:
        return "an array";
    case YYJSON_TYPE_OBJ:
        return "an object";
    case YYJSON_TYPE_STR:
        return "a text";
    default: /* a number, also where it is kept as it was written */
        return "a number";
    }
}

uint64_t json_line_of(sluice_text text, size_t offset) {
    uint64_t line = 1;
    for (size_t i = 0; i < offset && i < text.length; i++) {
        line += text.data[i] == '\n';
    }
    return line;
}
