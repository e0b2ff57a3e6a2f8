/* The tables of routes, and schemas that several have. */
#ifndef SERVER_ROUTES_PRIVATE_H
#define SERVER_ROUTES_PRIVATE_H

#include <sluice/detect.h>

#include "server/request.h"
#include "server/route.h"

extern const route HEALTH_ROUTES[], JOB_ROUTES[], SIGNAL_ROUTES[], ENGINE_ROUTES[], TRACE_ROUTES[], DETECT_ROUTES[],
    NOTICE_ROUTES[], RULES_ROUTES[];
extern const size_t HEALTH_ROUTE_COUNT, JOB_ROUTE_COUNT, SIGNAL_ROUTE_COUNT, ENGINE_ROUTE_COUNT, TRACE_ROUTE_COUNT,
    DETECT_ROUTE_COUNT, NOTICE_ROUTE_COUNT, RULES_ROUTE_COUNT;
extern const api_schema JOB_SCHEMA;
/* docs/schema, embedded when it is built. */
extern const api_schema PUBLISHED_ACCOUNT, PUBLISHED_FINDING, PUBLISHED_TRACE;

/* routes_rules.c: members of a body that put a draft in the place of a file of rules. */
#define RULES_DRAFT_FIELDS                                                                                              \
    {.name = "draft",                                                                                                   \
     .type = API_TEXT,                                                                                                  \
     .max = 200,                                                                                                        \
     .en = "a file below the rules' folder, whether it is there or not, for which draft_text stands",                   \
     .zh = "草稿文件路径"},                                                                                             \
        {.name = "change",                                                                                              \
         .type = API_INTEGER,                                                                                           \
         .min = 1,                                                                                                      \
         .max = INT64_MAX,                                                                                              \
         .en = "the text of this change of the rules, instead of a draft",                                              \
         .zh = "规则变更"},                                                                                             \
    {                                                                                                                   \
        .name = "draft_text", .type = API_TEXT, .max = 1000000, .en = "its text; nothing is kept", .zh = "草稿内容" \
    }
/* The rules in use with what the body asks for, in the request's arena. STATE: the daemon has no rules; INVALID: not a
 * path of a file of rules; NOT_FOUND, FORBIDDEN: of the change. */
SLUICE_MUST_USE sluice_result rules_with_draft(request *rq, sluice_detect_options *with_out, sluice_error *error);

#endif
