/* The live tally of an operation and the command view: what stands now, counted from the records each time it is asked
 * for, within what the actor may see: the city all of it, a district its own.
 *
 * Consoles hear of changes by the operation's event `tally` and ask again. */
#ifndef DESK_TALLY_H
#define DESK_TALLY_H

#include "desk/figure.h"

typedef struct tally_site {
    record site;
    int64_t suspects, seized;
} tally_site;

typedef struct tally_district {
    int64_t district; /* 0: the city's own desk */
    sluice_text zh, en;
    int64_t *values; /* [tally_line_count()], in the order of the figures */
} tally_district;

typedef struct tally {
    record operation;
    figure_scope scope;
    figure *figures; /* the operation's section */
    size_t figure_count;
    tally_district *districts;
    size_t district_count;
    tally_site *sites;
    size_t site_count;
    record_group *targets, *steps, *places; /* by state */
    size_t target_count, step_count, place_count;
    uint64_t steps_overdue, places_overdue;
} tally;

/* From the operation's beginning (or start, if that was earlier) until now. Errors: those of the store. Any thread but
 * the writer. */
SLUICE_MUST_USE sluice_result tally_compute(desk_command *c, const record *operation, tally *tally_out);
/* Writer: names come from the dated tables. */
void tally_render(desk_command *c, json_document *json, yyjson_mut_val *object, const tally *t);

/* All operations that are approved or running and that the actor sees, and today's figures of his area by district. */
typedef struct command_view {
    tally *operations;
    size_t operation_count;
    figure_scope today;
    figure *figures; /* of today, by district */
    size_t figure_count;
} command_view;
SLUICE_MUST_USE sluice_result command_view_compute(desk_command *c, command_view *view_out);
void command_view_render(desk_command *c, json_document *json, yyjson_mut_val *object, const command_view *view);

#endif
