/* What a view of any database refuses: it is read and closed, nothing else. */
#include "base/error.h"
#include "store/store_private.h"

sluice_result store_view_refuse(store *view, sluice_error *error) {
    return error_set(error, SLUICE_E_INVALID, "nothing is written to a view of %s", view->name);
}

void store_view_rollback(store *view) {
    (void)view;
}

sluice_result store_view_execute(store *view, const sql_statement *statement, uint64_t *changed_out,
                                 sluice_error *error) {
    (void)statement;
    (void)changed_out;
    return store_view_refuse(view, error);
}

sluice_result store_view_of_view(store *view, store **view_out, sluice_error *error) {
    *view_out = NULL;
    return store_view_refuse(view, error);
}
