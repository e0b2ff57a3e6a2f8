/* Matching a path to its row.
 *
 *   buckets[hash of (segment count, first two segments)] → row → row …   (the most literal first)
 *
 * A template's first two segments are literal, so a lookup costs one hash over some 20 bytes and mostly one comparison,
 * whatever the number of routes. Of several templates that fit, the one with literals further left wins. */
#include "server/route.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#define SEGMENTS_MAX 12
#define BUCKETS 512

typedef struct row {
    const route *route;
    sluice_text segments[SEGMENTS_MAX];
    size_t segment_count;
    unsigned literal; /* bit SEGMENTS_MAX - i: segment i is literal */
    uint32_t next;    /* + 1 */
} row;

struct route_set {
    row *rows;
    size_t count, capacity;
    uint32_t buckets[BUCKETS]; /* + 1 */
};

bool route_allows(const route *r, uint32_t roles) {
    return r->needs != NEEDS_ROLE || (roles & r->roles) != 0;
}

const char *route_method_name(route_method method) {
    static const char *const NAMES[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return NAMES[method];
}

sluice_result route_set_new(route_set **set_out, sluice_error *error) {
    *set_out = memory_new_zero(1, sizeof **set_out);
    return *set_out == NULL ? error_no_memory(error, sizeof **set_out) : SLUICE_OK;
}

void route_set_free(route_set **set) {
    if (*set != NULL) {
        memory_free((*set)->rows);
        memory_free(*set);
        *set = NULL;
    }
}

size_t route_set_count(const route_set *set) {
    return set->count;
}

const route *route_set_get(const route_set *set, size_t index) {
    return set->rows[index].route;
}

/* False: no path, or more segments than any template has. */
static bool split(sluice_text path, sluice_text *segments, size_t *count_out) {
    size_t count = 0, at = 1;
    if (path.length == 0 || path.data[0] != '/') {
        return false;
    }
    while (at <= path.length) {
        const char *slash = memchr(path.data + at, '/', path.length - at);
        size_t end = slash == NULL ? path.length : (size_t)(slash - path.data);
        if (count == SEGMENTS_MAX) {
            return false;
        }
        segments[count++] = (sluice_text){path.data + at, end - at};
        at = end + 1;
    }
    *count_out = count;
    return true;
}

static uint32_t bucket_of(const sluice_text *segments, size_t count) {
    uint64_t hash = hash64(segments[0].data, segments[0].length) + count;
    if (count > 1) {
        hash ^= hash64(segments[1].data, segments[1].length) * 31;
    }
    return (uint32_t)(hash % BUCKETS);
}

static bool is_variable(sluice_text segment) {
    return segment.length > 2 && segment.data[0] == '{' && segment.data[segment.length - 1] == '}';
}

static bool same_template(const row *a, const row *b) {
    if (a->segment_count != b->segment_count || a->literal != b->literal) {
        return false;
    }
    for (size_t i = 0; i < a->segment_count; i++) {
        if (!is_variable(a->segments[i]) && !text_equal(a->segments[i], b->segments[i])) {
            return false;
        }
    }
    return true;
}

static sluice_result add_row(route_set *set, const route *r, sluice_error *error) {
    row made = {.route = r};
    size_t variables = 0;
    if (!split(text_of(r->template), made.segments, &made.segment_count) || is_variable(made.segments[0]) ||
        (made.segment_count > 1 && is_variable(made.segments[1]))) {
        return error_set(error, SLUICE_E_INVALID, "'%s' is no template of a route", r->template);
    }
    for (size_t i = 0; i < made.segment_count; i++) {
        bool variable = is_variable(made.segments[i]);
        variables += variable;
        made.literal |= variable ? 0 : 1u << (SEGMENTS_MAX - i);
    }
    if (variables > ROUTE_VARIABLES_MAX || r->handle == NULL || r->operation == NULL || r->en == NULL ||
        r->zh == NULL || r->tag == NULL) {
        return error_set(error, SLUICE_E_INVALID, "the route %s %s lacks something", route_method_name(r->method),
                         r->template);
    }
    uint32_t *link = &set->buckets[bucket_of(made.segments, made.segment_count)];
    while (*link != 0) {
        row *other = &set->rows[*link - 1];
        if (same_template(other, &made) && other->route->method == r->method) {
            return error_set(error, SLUICE_E_INVALID, "two routes %s %s", route_method_name(r->method), r->template);
        }
        if (other->literal < made.literal) {
            break;
        }
        link = &other->next;
    }
    made.next = *link;
    *link = (uint32_t)set->count + 1;
    set->rows[set->count++] = made;
    return SLUICE_OK;
}

sluice_result route_set_add(route_set *set, const route *routes, size_t count, sluice_error *error) {
    if (!ARRAY_RESERVE(set->rows, set->capacity, set->count + count)) {
        return error_no_memory(error, count * sizeof *set->rows);
    }
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < count && result == SLUICE_OK; i++) {
        result = add_row(set, &routes[i], error);
    }
    return result;
}

/* ---- matching ---- */

static bool fits(const row *r, const sluice_text *segments, size_t count) {
    if (r->segment_count != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        sluice_text wanted = r->segments[i];
        uint64_t number = 0;
        if (!is_variable(wanted)) {
            if (!text_equal(wanted, segments[i])) {
                return false;
            }
        } else if (segments[i].length == 0 || (wanted.data[1] == '#' && (!text_to_u64(segments[i], &number) ||
                                                                         number == 0 || number > INT64_MAX))) {
            return false;
        }
    }
    return true;
}

static bool take_variables(const row *r, const sluice_text *segments, arena *a, route_match *out) {
    for (size_t i = 0; i < r->segment_count; i++) {
        bool no_memory = false;
        if (!is_variable(r->segments[i])) {
            continue;
        }
        if (!percent_decode(segments[i], false, a, &out->variables[out->variable_count++], &no_memory)) {
            out->malformed = true;
            return !no_memory;
        }
    }
    return true;
}

bool route_find(const route_set *set, route_method method, sluice_text path, arena *a, route_match *match_out) {
    sluice_text segments[SEGMENTS_MAX];
    size_t count = 0;
    const row *first = NULL, *found = NULL;
    memset(match_out, 0, offsetof(route_match, variables));
    if (!split(path, segments, &count)) {
        return true;
    }
    for (uint32_t at = set->buckets[bucket_of(segments, count)]; at != 0; at = set->rows[at - 1].next) {
        const row *r = &set->rows[at - 1];
        if (first != NULL ? same_template(first, r) : fits(r, segments, count)) {
            first = first == NULL ? r : first;
            match_out->methods |= 1u << r->route->method;
            found = r->route->method == method ? r : found;
        }
    }
    if (found == NULL) {
        return true;
    }
    match_out->route = found->route;
    match_out->index = (size_t)(found - set->rows);
    return take_variables(found, segments, a, match_out);
}

/* ---- percent-encoding ---- */

static int digit_of(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_plain(sluice_text text, bool plus) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '%' || (plus && c == '+') || c < ' ' || c >= 0x7F) {
            return false;
        }
    }
    return true;
}

bool percent_decode(sluice_text text, bool plus, arena *a, sluice_text *decoded_out, bool *no_memory_out) {
    *no_memory_out = false;
    *decoded_out = text;
    if (is_plain(text, plus)) {
        return true;
    }
    char *copy = arena_alloc(a, text.length);
    size_t length = 0;
    if (copy == NULL) {
        *no_memory_out = true;
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '%') {
            int high = i + 2 < text.length ? digit_of(text.data[i + 1]) : -1;
            int low = i + 2 < text.length ? digit_of(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (unsigned char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c < ' ' || c == 0x7F) {
            return false;
        }
        copy[length++] = (char)c;
    }
    *decoded_out = (sluice_text){copy, length};
    return text_is_utf8(*decoded_out);
}
