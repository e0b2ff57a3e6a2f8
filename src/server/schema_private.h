/* The members of a schema, whatever it was made from. */
#ifndef SERVER_SCHEMA_PRIVATE_H
#define SERVER_SCHEMA_PRIVATE_H

#include "server/schema.h"

size_t api_field_count(const api_schema *s);
/* False: the API does not show or take it. */
bool api_field_at(const api_schema *s, size_t i, api_field *field_out);

#endif
