/* The tables of routes, and schemas that several have. */
#ifndef SERVER_ROUTES_PRIVATE_H
#define SERVER_ROUTES_PRIVATE_H

#include "server/route.h"

extern const route HEALTH_ROUTES[], JOB_ROUTES[], SIGNAL_ROUTES[], ENGINE_ROUTES[], DETECT_ROUTES[], NOTICE_ROUTES[];
extern const size_t HEALTH_ROUTE_COUNT, JOB_ROUTE_COUNT, SIGNAL_ROUTE_COUNT, ENGINE_ROUTE_COUNT, DETECT_ROUTE_COUNT,
    NOTICE_ROUTE_COUNT;
extern const api_schema JOB_SCHEMA;
/* docs/schema, embedded when it is built. */
extern const api_schema PUBLISHED_ACCOUNT, PUBLISHED_FINDING, PUBLISHED_TRACE;

#endif
