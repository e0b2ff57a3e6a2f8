/* A list of trace starts, from options or from a CSV file. */
#ifndef CLI_STARTS_H
#define CLI_STARTS_H

#include <sluice/trace.h>

typedef struct start_list {
    sluice_trace_start *starts;
    size_t count, capacity;
    char *content; /* the file's text, which the starts point into */
} start_list;

/* An empty start at the end; NULL: no memory. */
sluice_trace_start *start_list_add(start_list *list);
/* Reads CSV with the header victim,transfer,account,at,amount in any order (transfer, or account and at and amount).
 * Errors: IO, INPUT with line and column. */
SLUICE_MUST_USE sluice_result start_list_read(start_list *list, const char *path, sluice_error *error);
void start_list_fini(start_list *list);

#endif
