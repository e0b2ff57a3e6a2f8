/* From a text to a program, and the life of programs. */
#include "detect/cel.h"

#include "detect/cel_private.h"

static sluice_result compile(cel_build *b, cel_program *program) {
    if (b->source.length > CEL_SOURCE_BYTES_MAX) {
        cel_fail(b, CEL_SOURCE_BYTES_MAX, "the condition is longer than %zu bytes", CEL_SOURCE_BYTES_MAX);
        return SLUICE_E_INPUT;
    }
    if (!text_is_utf8(b->source)) {
        cel_fail(b, 0, "the condition is not UTF-8: save the file as UTF-8");
        return SLUICE_E_INPUT;
    }
    const cel_node *root = cel_parse(b);
    const cel_typed *typed = root == NULL ? NULL : cel_check(b, root, program);
    if (typed == NULL) {
        return b->no_memory ? SLUICE_E_NO_MEMORY : SLUICE_E_INPUT;
    }
    return cel_emit(program, typed) && cel_find_terms(program, typed) && cel_find_parts(program, typed)
               ? SLUICE_OK
               : SLUICE_E_NO_MEMORY;
}

sluice_result cel_compile(sluice_text source, const cel_environment *environment, cel_program **program_out) {
    *program_out = NULL;
    cel_program *program = memory_new_zero(1, sizeof *program);
    if (program == NULL) {
        return SLUICE_E_NO_MEMORY;
    }
    cel_build b = {.source = source, .environment = environment};
    sluice_result result = compile(&b, program);
    arena_fini(&b.memory);
    if (result != SLUICE_OK) {
        cel_program_free(&program);
    }
    *program_out = program;
    return result;
}

void cel_program_free(cel_program **program) {
    cel_program *p = *program;
    if (p == NULL) {
        return;
    }
    for (size_t i = 0; i < p->constants_count; i++) {
        list_free(&p->constants[i]->strings);
        memory_free(p->constants[i]->values);
        memory_free(p->constants[i]);
    }
    for (size_t i = 0; i < p->regex_count; i++) {
        cel_regex_free(&p->regexes[i]);
    }
    memory_free(p->constants);
    memory_free(p->regexes);
    memory_free(p->terms);
    memory_free(p->parts);
    memory_free(p->code);
    arena_fini(&p->memory);
    memory_free(p);
    *program = NULL;
}

const cel_term *cel_terms(const cel_program *program, size_t *count_out) {
    *count_out = program->term_count;
    return program->terms;
}
