/* What the files of figures share: the query that a line becomes. */
#ifndef DESK_FIGURE_PRIVATE_H
#define DESK_FIGURE_PRIVATE_H

#include "desk/figure.h"

enum { FIGURE_QUERY_TERMS_MAX = FIGURE_TERMS_MAX + 5, FIGURE_WORDS_MAX = 8 };

/* Its terms, and the values of those that have a choice, which they point to: it is not moved. */
typedef struct figure_query {
    const desk_kind *kind;
    query_term terms[FIGURE_QUERY_TERMS_MAX];
    record_value words[FIGURE_TERMS_MAX][FIGURE_WORDS_MAX];
    size_t count;
} figure_query;

void figure_query_make(figure_query *q, const figure_scope *scope, const figure_section *section,
                       const figure_line *line);
/* A field of the kind, or QUERY_CREATED. */
uint8_t figure_field(const desk_kind *kind, const char *name);
/* Puts the figure's parts, by the values of this field. */
SLUICE_MUST_USE sluice_result figure_put_parts(store *s, const figure_query *q, const char *by, arena *a, figure *f,
                                               sluice_error *error);

#endif
