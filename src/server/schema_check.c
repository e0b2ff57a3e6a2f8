/* Checking values against their description. A fault says where (a JSON pointer), what was expected and what to do; at
 * most API_FAULTS_MAX are collected, so that a client sees all of its mistakes and not one at a time.
 *
 * Depth: schemas nest a few levels only, and a value nested deeper meets a field that is no object. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "desk/fields.h"
#include "server/schema_private.h"
#include "signal/json.h"

#define POINTER_BYTES 200

typedef struct walk {
    arena *a;
    api_faults *faults;
    char pointer[POINTER_BYTES];
    size_t length;
} walk;

void api_fault_add(api_faults *faults, arena *a, sluice_text pointer, const char *format, ...) {
    char text[400];
    va_list list;
    if (faults->count == API_FAULTS_MAX) {
        return;
    }
    va_start(list, format);
    int written = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    size_t length = written < 0 ? 0 : (size_t)written < sizeof text ? (size_t)written : sizeof text - 1;
    while (length > 0 && !text_is_utf8((sluice_text){text, length})) {
        length--; /* cut in the middle of a character */
    }
    while (pointer.length > 0 && !text_is_utf8(pointer)) {
        pointer.length--;
    }
    api_fault *fault = &faults->rows[faults->count++];
    fault->pointer =
        (sluice_text){pointer.length == 0 ? "" : arena_copy(a, pointer.data, pointer.length), pointer.length};
    fault->detail = (sluice_text){arena_copy(a, text, length), length};
    if (fault->pointer.data == NULL || fault->detail.data == NULL) {
        faults->no_memory = true;
        *fault = (api_fault){TEXT(""), TEXT("")};
    }
}

static sluice_text here(const walk *w) {
    return (sluice_text){w->pointer, w->length};
}

/* The pointer's next part; returns the length to go back to. */
static size_t enter(walk *w, sluice_text name) {
    size_t before = w->length;
    int written = snprintf(w->pointer + before, POINTER_BYTES - before, "/%.*s",
                           name.length > 60 ? 60 : (int)name.length, name.data);
    w->length = written < 0 || before + (size_t)written >= POINTER_BYTES ? POINTER_BYTES - 1 : before + (size_t)written;
    return before;
}

static size_t enter_item(walk *w, size_t index) {
    char number[24];
    int length = snprintf(number, sizeof number, "%zu", index);
    return enter(w, (sluice_text){number, (size_t)length});
}

#define SHOWN(text) (text).length > 60 ? 60 : (int)(text).length, (text).data

static bool code_is_one(const char *codes, sluice_text value) {
    sluice_text rest = text_of(codes), code;
    while (rest.length > 0) {
        (void)text_split(rest, '|', &code, &rest);
        if (text_equal(code, value)) {
            return true;
        }
    }
    return false;
}

/* "kind:value": a kind of lower-case letters, a value without control characters. */
static bool is_key(sluice_text value) {
    sluice_text kind, rest;
    if (value.length > 255 || !text_split(value, ':', &kind, &rest) || kind.length == 0 || rest.length == 0 ||
        kind.length > 16) {
        return false;
    }
    for (size_t i = 0; i < kind.length; i++) {
        if ((kind.data[i] < 'a' || kind.data[i] > 'z') && kind.data[i] != '_') {
            return false;
        }
    }
    return true;
}

/* The wording of text values, shared by bodies and query parameters. */
static void check_words(const api_field *f, sluice_text value, sluice_text pointer, arena *a, api_faults *faults) {
    int64_t parsed = 0;
    size_t most = f->max > 0 ? (size_t)f->max : 4000;
    switch (f->type) {
    case API_TIME:
        if (!time_parse(value, TIME_SHANGHAI_OFFSET_MS, &parsed)) {
            api_fault_add(faults, a, pointer,
                          "'%.*s' is not a time: expected RFC 3339 such as "
                          "2026-11-25T10:20:30+08:00",
                          SHOWN(value));
        }
        break;
    case API_DURATION:
        if (!time_duration_parse(value, &parsed)) {
            api_fault_add(faults, a, pointer, "'%.*s' is not a duration: expected such as 90s, 30m, 6h, 2d",
                          SHOWN(value));
        }
        break;
    case API_KEY:
        if (!is_key(value)) {
            api_fault_add(faults, a, pointer,
                          "'%.*s' is not a key: expected kind:value such as "
                          "account:6228480402564890018",
                          SHOWN(value));
        }
        break;
    case API_CODE:
        if (f->codes != NULL && !code_is_one(f->codes, value)) {
            api_fault_add(faults, a, pointer, "'%.*s' is none of: %s", SHOWN(value), f->codes);
        }
        break;
    default:
        if (value.length > most) {
            api_fault_add(faults, a, pointer, "is %zu bytes long; at most %zu are allowed", value.length, most);
        } else if (f->min > 0 && value.length < (size_t)f->min) {
            api_fault_add(faults, a, pointer, "is too short: at least %lld bytes are needed", (long long)f->min);
        }
        break;
    }
}

static bool in_range(const api_field *f, int64_t number) {
    return (f->min == 0 && f->max == 0) || (number >= f->min && number <= f->max);
}

static void check_integer(const api_field *f, int64_t number, sluice_text pointer, arena *a, api_faults *faults) {
    if (!in_range(f, number)) {
        api_fault_add(faults, a, pointer, "%lld is out of range: expected %lld to %lld", (long long)number,
                      (long long)f->min, (long long)f->max);
    }
}

/* ---- values of JSON ---- */

static void check_object(walk *w, const api_schema *schema, yyjson_val *value);

static void expected(walk *w, const char *what, yyjson_val *value) {
    api_fault_add(w->faults, w->a, here(w), "is %s; expected %s", json_type_words(value), what);
}

static void check_value(walk *w, const api_field *f, yyjson_val *value) {
    switch (f->type) {
    case API_INTEGER:
    case API_MONEY:
        if (!yyjson_is_sint(value) && !(yyjson_is_uint(value) && yyjson_get_uint(value) <= INT64_MAX)) {
            expected(w, f->type == API_MONEY ? "a whole number of fen" : "a whole number", value);
        } else {
            check_integer(f, yyjson_get_sint(value), here(w), w->a, w->faults);
        }
        break;
    case API_NUMBER:
        if (!yyjson_is_num(value)) {
            expected(w, "a number", value);
        }
        break;
    case API_BOOLEAN:
        if (!yyjson_is_bool(value)) {
            expected(w, "true or false", value);
        }
        break;
    case API_OBJECT:
        check_object(w, f->object, value);
        break;
    case API_ANY:
        break;
    default:
        if (!yyjson_is_str(value)) {
            expected(w, "a text", value);
        } else {
            check_words(f, (sluice_text){yyjson_get_str(value), yyjson_get_len(value)}, here(w), w->a, w->faults);
        }
        break;
    }
}

static void check_field(walk *w, const api_field *f, yyjson_val *value) {
    if (yyjson_is_null(value) && (f->flags & API_REQUIRED) == 0) {
        return; /* null is as good as absent */
    }
    if ((f->flags & API_LIST) == 0) {
        check_value(w, f, value);
        return;
    }
    api_field item = *f;
    item.min = item.max = 0;
    size_t count = yyjson_arr_size(value), index = 0, most = f->max > 0 ? (size_t)f->max : 1000;
    yyjson_val *each;
    if (!yyjson_is_arr(value)) {
        expected(w, "an array", value);
    } else if (count > most || count < (size_t)f->min) {
        api_fault_add(w->faults, w->a, here(w), "has %zu items; expected %lld to %zu", count, (long long)f->min, most);
    } else {
        yyjson_arr_iter items = yyjson_arr_iter_with(value);
        while ((each = yyjson_arr_iter_next(&items)) != NULL) {
            size_t before = enter_item(w, index++);
            check_value(w, &item, each);
            w->length = before;
        }
    }
}

/* The range of a number; of texts only their length has a limit. */
static void put_range(api_field *f, const record_field *r, bool is_input) {
    f->min = (r->flags & FIELD_POSITIVE) != 0 ? 1 : 0;
    switch (r->type) {
    case FIELD_MONEY:
        f->max = is_input ? MONEY_MOST_FEN : INT64_MAX; /* sums are larger */
        break;
    case FIELD_INTEGER:
        f->max = is_input && (r->flags & FIELD_SIGNED) == 0 ? NUMBER_MOST : 0;
        break;
    case FIELD_REFERENCE:
        f->min = is_input ? 1 : 0;
        f->max = is_input ? INT64_MAX : 0;
        break;
    case FIELD_TEXT:
        f->max = (int64_t)r->bytes_max;
        break;
    case FIELD_BLOB:
        f->max = ((int64_t)r->bytes_max + 2) / 3 * 4; /* in base64 */
        break;
    default:
        break;
    }
}

/* A record's field as one of the API. */
static api_field field_of_record(const record_field *r, bool is_input) {
    static const api_type TYPES[FIELD_TYPE_COUNT] = {
        [FIELD_INTEGER] = API_INTEGER, [FIELD_BOOLEAN] = API_BOOLEAN,   [FIELD_MONEY] = API_MONEY,
        [FIELD_TIME] = API_TIME,       [FIELD_DURATION] = API_DURATION, [FIELD_REFERENCE] = API_INTEGER,
        [FIELD_TEXT] = API_TEXT,       [FIELD_CODE] = API_CODE,         [FIELD_KEY] = API_KEY,
        [FIELD_JSON] = API_ANY,        [FIELD_BLOB] = API_TEXT,
    };
    api_field f = {.name = r->name,
                   .type = TYPES[r->type],
                   .flags = (r->flags & FIELD_REQUIRED) != 0 ? API_REQUIRED : 0,
                   .codes = r->codes,
                   .en = r->en,
                   .zh = r->zh};
    put_range(&f, r, is_input);
    return f;
}

size_t api_field_count(const api_schema *s) {
    return s->fields != NULL ? s->field_count : s->record_field_count;
}

bool api_field_at(const api_schema *s, size_t i, api_field *field_out) {
    if (s->fields != NULL) {
        *field_out = s->fields[i];
        return true;
    }
    const record_field *r = &s->record_fields[i];
    *field_out = field_of_record(r, s->is_input);
    if (!s->is_input && r->type == FIELD_DURATION) {
        field_out->type = API_INTEGER; /* asked for as "90s", told in ms */
    }
    return r->secrecy != SECRECY_SECRET && !(s->is_input && (r->flags & FIELD_SERVER) != 0);
}

static void check_members(walk *w, const api_schema *schema, yyjson_val *value) {
    yyjson_val *key;
    yyjson_obj_iter members = yyjson_obj_iter_with(value);
    while ((key = yyjson_obj_iter_next(&members)) != NULL) {
        sluice_text name = {yyjson_get_str(key), yyjson_get_len(key)};
        api_field f;
        bool known = false;
        for (size_t i = 0; i < api_field_count(schema) && !known; i++) {
            known = api_field_at(schema, i, &f) && text_equal(text_of(f.name), name);
        }
        size_t before = enter(w, name);
        if (known && yyjson_obj_getn(value, name.data, name.length) != yyjson_obj_iter_get_val(key)) {
            api_fault_add(w->faults, w->a, here(w), "is given twice");
        } else if (known) {
            check_field(w, &f, yyjson_obj_iter_get_val(key));
        } else if (!schema->is_open) {
            api_fault_add(w->faults, w->a, here(w), "is not known here: see /openapi.json for what is");
        }
        w->length = before;
    }
}

static void check_object(walk *w, const api_schema *schema, yyjson_val *value) {
    if (schema->json != NULL) {
        return;
    }
    if (!yyjson_is_obj(value)) {
        expected(w, "an object", value);
        return;
    }
    check_members(w, schema, value);
    for (size_t i = 0; i < api_field_count(schema); i++) {
        api_field f;
        if (api_field_at(schema, i, &f) && (f.flags & API_REQUIRED) != 0 && yyjson_obj_get(value, f.name) == NULL) {
            size_t before = enter(w, text_of(f.name));
            api_fault_add(w->faults, w->a, here(w), "is missing");
            w->length = before;
        }
    }
    if (schema->at_least_of != NULL) {
        sluice_text rest = text_of(schema->at_least_of), name;
        bool given = false;
        while (rest.length > 0 && !given) {
            (void)text_split(rest, '|', &name, &rest);
            yyjson_val *member = yyjson_obj_getn(value, name.data, name.length);
            given = member != NULL && !yyjson_is_null(member);
        }
        if (!given) {
            api_fault_add(w->faults, w->a, here(w), "needs one of: %s", schema->at_least_of);
        }
    }
}

bool api_check(const api_schema *schema, yyjson_val *value, arena *a, api_faults *faults_out) {
    walk w = {.a = a, .faults = faults_out};
    memset(faults_out, 0, sizeof *faults_out);
    check_object(&w, schema, value);
    return faults_out->count == 0 && !faults_out->no_memory;
}

static bool text_to_i64(sluice_text value, int64_t *number_out) {
    bool negative = value.length > 1 && value.data[0] == '-';
    uint64_t number = 0;
    if (!text_to_u64(negative ? (sluice_text){value.data + 1, value.length - 1} : value, &number) ||
        number > INT64_MAX) {
        return false;
    }
    *number_out = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

bool api_check_text(const api_field *f, sluice_text value, arena *a, api_faults *faults) {
    size_t before = faults->count;
    int64_t number = 0;
    sluice_text name = text_of(f->name);
    switch (f->type) {
    case API_INTEGER:
    case API_MONEY:
        if (!text_to_i64(value, &number)) {
            api_fault_add(faults, a, name, "'%.*s' is not a whole number", SHOWN(value));
        } else {
            check_integer(f, number, name, a, faults);
        }
        break;
    case API_BOOLEAN:
        if (!text_equal(value, TEXT("true")) && !text_equal(value, TEXT("false"))) {
            api_fault_add(faults, a, name, "'%.*s' is not true or false", SHOWN(value));
        }
        break;
    default:
        check_words(f, value, name, a, faults);
        break;
    }
    return faults->count == before;
}

/* ---- reading ---- */

bool body_text(yyjson_val *object, const char *name, sluice_text *out) {
    yyjson_val *value = yyjson_obj_get(object, name);
    if (!yyjson_is_str(value)) {
        return false;
    }
    *out = (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
    return true;
}

bool body_integer(yyjson_val *object, const char *name, int64_t *out) {
    yyjson_val *value = yyjson_obj_get(object, name);
    if (!yyjson_is_int(value)) {
        return false;
    }
    *out = yyjson_get_sint(value);
    return true;
}

bool body_number(yyjson_val *object, const char *name, double *out) {
    yyjson_val *value = yyjson_obj_get(object, name);
    if (!yyjson_is_num(value)) {
        return false;
    }
    *out = yyjson_is_real(value)   ? yyjson_get_real(value)
           : yyjson_is_sint(value) ? (double)yyjson_get_sint(value)
                                   : (double)yyjson_get_uint(value);
    return true;
}

bool body_flag(yyjson_val *object, const char *name, bool *out) {
    yyjson_val *value = yyjson_obj_get(object, name);
    if (!yyjson_is_bool(value)) {
        return false;
    }
    *out = yyjson_get_bool(value);
    return true;
}

bool body_time(yyjson_val *object, const char *name, int64_t *time_ms_out) {
    sluice_text text;
    return body_text(object, name, &text) && time_parse(text, TIME_SHANGHAI_OFFSET_MS, time_ms_out);
}

bool body_duration(yyjson_val *object, const char *name, int64_t *duration_ms_out) {
    sluice_text text;
    return body_text(object, name, &text) && time_duration_parse(text, duration_ms_out);
}
