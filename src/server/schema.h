/* What goes in and comes out, field by field: for checking bodies and query parameters before a handler sees them, and
 * for the schemas of /openapi.json. */
#ifndef SERVER_SCHEMA_H
#define SERVER_SCHEMA_H

#include <yyjson.h>

#include <sluice/result.h>
#include <sluice/signal.h>

#include "base/json_write.h"
#include "base/memory.h"
#include "store/record.h"

typedef enum api_type {
    API_TEXT,
    API_INTEGER, /* 64 bits, exact */
    API_NUMBER,
    API_BOOLEAN,
    API_MONEY,    /* an integer: fen */
    API_TIME,     /* RFC 3339; without a zone, Asia/Shanghai */
    API_DURATION, /* "90s", "30m", "6h", "2d" */
    API_KEY,      /* kind:value */
    API_CODE,     /* one of `codes` */
    API_OBJECT,   /* of the schema `object` */
    API_ANY,      /* any JSON */
} api_type;

enum {
    API_REQUIRED = 1,
    API_LIST = 2, /* an array of them; as a query parameter: may be repeated */
    API_NULLABLE = 4,
};

struct api_schema;
typedef struct api_field {
    const char *name;
    api_type type;
    unsigned flags;
    const char *codes;               /* "fifo|lifo" */
    const struct api_schema *object; /* API_OBJECT */
    int64_t min, max; /* of numbers; of texts the bytes, of lists the items; both 0: no limit but the body's */
    const char *en, *zh;
} api_field;

/* Exactly one of `fields`, `record_fields` and `json`. */
typedef struct api_schema {
    const char *name; /* in components/schemas of the document */
    const api_field *fields;
    size_t field_count;
    /* … or fields of a record (store/record.h). As an input, those that a client may set; as an answer also id,
     * version, created and updated when is_record. */
    const record_field *record_fields;
    size_t record_field_count;
    bool is_record, is_input;
    /* … or a JSON Schema as text: for answers that have a published one */
    const char *json;
    size_t json_length;
    bool is_list;            /* an array of these: {"items": […], "next": cursor or null} */
    bool is_open;            /* may have members that are not listed */
    const char *at_least_of; /* one of these must be given: "transfer|account"; NULL: no such rule */
    const char *en;
} api_schema;

/* One thing that is wrong. */
typedef struct api_fault {
    sluice_text pointer; /* a JSON pointer (RFC 6901), or a parameter's name */
    sluice_text detail;
} api_fault;

#define API_FAULTS_MAX 16
typedef struct api_faults {
    api_fault rows[API_FAULTS_MAX];
    size_t count;
    bool no_memory;
} api_faults;

/* Checks a JSON value against a schema; faults are in the arena. True: it keeps to it. Schemas by `json` are for
 * answers and are not checked. */
bool api_check(const api_schema *schema, yyjson_val *value, arena *a, api_faults *faults_out);
/* One text (a query parameter's value, decoded) against a field. */
bool api_check_text(const api_field *field, sluice_text value, arena *a, api_faults *faults);
void api_fault_add(api_faults *faults, arena *a, sluice_text pointer, const char *format, ...) SLUICE_PRINTF(4, 5);

/* The JSON Schema (2020-12) of a field or schema, as a new value of the document; objects by reference. */
yyjson_mut_val *api_field_schema(json_document *d, const api_field *field);
yyjson_mut_val *api_schema_write(json_document *d, const api_schema *schema);

/* ---- reading a body that was checked ---- */

/* Absent, null or of another type: false, and *out is left alone. */
bool body_text(yyjson_val *object, const char *name, sluice_text *out);
bool body_integer(yyjson_val *object, const char *name, int64_t *out);
bool body_number(yyjson_val *object, const char *name, double *out);
bool body_flag(yyjson_val *object, const char *name, bool *out);
bool body_time(yyjson_val *object, const char *name, int64_t *time_ms_out);
bool body_duration(yyjson_val *object, const char *name, int64_t *duration_ms_out);

#endif
