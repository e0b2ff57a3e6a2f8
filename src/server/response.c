#include "server/response.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "server/cursor_private.h"
#include "server/server_private.h"

void response_add_header(request *rq, response *rs, const char *name, const char *format, ...) {
    char value[RESPONSE_HEADER_BYTES_MAX];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(value, sizeof value, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof value || rs->header_count == RESPONSE_HEADERS_MAX) {
        return;
    }
    for (int i = 0; i < length; i++) {
        if ((unsigned char)value[i] < ' ' || value[i] == 0x7F) {
            return;
        }
    }
    const char *copy = arena_copy(&rq->arena, value, (size_t)length + 1);
    if (copy != NULL) {
        rs->headers[rs->header_count++] = (response_header){name, copy};
    }
}

bool response_has_header(const response *rs, const char *name) {
    for (size_t i = 0; i < rs->header_count; i++) {
        if (strcmp(rs->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void response_set_version(request *rq, response *rs, int64_t version) {
    response_add_header(rq, rs, "ETag", "\"%lld\"", (long long)version);
}

void response_set_tag(request *rq, response *rs) {
    response_add_header(rq, rs, "ETag", "W/\"%016llx\"",
                        (unsigned long long)hash64(rs->body.length == 0 ? "" : rs->body.data, rs->body.length));
}

void response_created(request *rq, response *rs, const char *format, ...) {
    char value[400];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(value, sizeof value, format, list);
    va_end(list);
    rs->status = 201;
    response_add_header(rq, rs, "Location", "%s", value);
}

sluice_result response_json(response *rs, json_document *d, sluice_error *error) {
    rs->body.length = 0;
    return json_end_line(d, &rs->body, error);
}

sluice_text response_next(request *rq, response *rs, sluice_text place) {
    sluice_text cursor = cursor_seal(rq->server->cursor_key, request_list(rq), place, &rq->arena);
    if (cursor.length == 0) {
        return cursor;
    }
    /* The same query with another cursor. */
    text_writer link = {0};
    text_write_char(&link, '<');
    text_write(&link, rq->path);
    char mark = '?';
    for (size_t i = 0; i < rq->parameter_count; i++) {
        const request_parameter *p = &rq->parameters[i];
        if (!text_equal(p->name, TEXT("cursor"))) {
            text_write_char(&link, mark);
            text_write(&link, p->raw);
            mark = '&';
        }
    }
    text_printf(&link, "%ccursor=%.*s>; rel=\"next\"", mark, TEXT_ARGS(cursor));
    if (!link.failed) {
        response_add_header(rq, rs, "Link", "%s", link.data);
    }
    text_writer_fini(&link);
    return cursor;
}
