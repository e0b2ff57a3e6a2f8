#include "server/rules_use.h"

#include <string.h>

#include "base/error.h"
#include "server/server_private.h"

void rules_use_init(server *s) {
    mutex_init(&s->rules.lock);
}

void rules_use_fini(server *s) {
    arena_fini(&s->rules.texts);
    mutex_fini(&s->rules.lock);
}

static bool copy_file(sluice_rule_file *to, const sluice_rule_file *from, arena *a) {
    to->path = arena_copy(a, from->path, strlen(from->path) + 1);
    char *text = arena_alloc(a, from->text.length + 1);
    if (text != NULL) {
        memcpy(text, from->text.data, from->text.length);
    }
    to->text = (sluice_text){text, from->text.length};
    return to->path != NULL && to->text.data != NULL;
}

sluice_result rules_use_copy(server *s, arena *a, size_t more, sluice_detect_options *with_out,
                             sluice_rule_file **files_out, sluice_error *error) {
    bool whole = true;
    mutex_lock(&s->rules.lock);
    *with_out = s->options.with;
    sluice_rule_file *files = arena_alloc(a, (with_out->file_count + more + 1) * sizeof *files);
    for (size_t i = 0; files != NULL && whole && i < with_out->file_count; i++) {
        whole = copy_file(&files[i], &s->options.with.files[i], a);
    }
    mutex_unlock(&s->rules.lock);
    with_out->size = sizeof *with_out;
    with_out->files = files;
    *files_out = files;
    return files != NULL && whole ? SLUICE_OK : error_no_memory(error, with_out->file_count);
}

sluice_result rules_use_take(server *s, sluice_error *error) {
    arena texts = {0};
    const sluice_rule_file *files = NULL;
    size_t count = 0;
    if (s->desk->rules_take == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = s->desk->rules_take(s->desk->context, &texts, &files, &count, error);
    if (result == SLUICE_OK) {
        arena before = s->rules.texts;
        mutex_lock(&s->rules.lock);
        s->options.with.files = files;
        s->options.with.file_count = count;
        s->rules.texts = texts;
        mutex_unlock(&s->rules.lock);
        texts = before;
    }
    arena_fini(&texts);
    return result;
}

void rules_use_folder_only(server *s) {
    arena none = {0};
    mutex_lock(&s->rules.lock);
    arena before = s->rules.texts;
    s->options.with.files = NULL;
    s->options.with.file_count = 0;
    s->rules.texts = none;
    mutex_unlock(&s->rules.lock);
    arena_fini(&before);
}
