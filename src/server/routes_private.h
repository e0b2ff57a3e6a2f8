/* The tables of routes, and schemas that several have. */
#ifndef SERVER_ROUTES_PRIVATE_H
#define SERVER_ROUTES_PRIVATE_H

#include "server/route.h"

extern const route HEALTH_ROUTES[], JOB_ROUTES[];
extern const size_t HEALTH_ROUTE_COUNT, JOB_ROUTE_COUNT;
extern const api_schema JOB_SCHEMA;

#endif
