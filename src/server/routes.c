/* All tables of routes that the daemon has by itself; the desk adds its own. */
#include "server/routes_private.h"

#include "server/server_private.h"

sluice_result routes_add_all(route_set *set, sluice_error *error) {
    const struct {
        const route *rows;
        size_t count;
    } tables[] = {
        {HEALTH_ROUTES, HEALTH_ROUTE_COUNT}, {SIGNAL_ROUTES, SIGNAL_ROUTE_COUNT}, {ENGINE_ROUTES, ENGINE_ROUTE_COUNT},
        {DETECT_ROUTES, DETECT_ROUTE_COUNT}, {JOB_ROUTES, JOB_ROUTE_COUNT},       {NOTICE_ROUTES, NOTICE_ROUTE_COUNT},
        {RULES_ROUTES, RULES_ROUTE_COUNT},   {TRACE_ROUTES, TRACE_ROUTE_COUNT},
    };
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && result == SLUICE_OK; i++) {
        result = route_set_add(set, tables[i].rows, tables[i].count, error);
    }
    return result;
}
