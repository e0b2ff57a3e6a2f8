/* POST /v1/decisions: the fast path. The body is parsed in place, its texts are the signal's, and the answer is written
 * into the buffer that goes to the socket: nothing of ours allocates once a connection is warm.
 *
 *   http: parse ─▶ writer: decide, write the answer, commit ─▶ http: send
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "server/server_private.h"
#include "server/signal_json_private.h"
#include "signal/json.h"

static bool refuse(exchange *x, const char *pointer, const char *detail) {
    api_faults faults = {.count = 1};
    faults.rows[0] = (api_fault){text_of(pointer), text_of(detail)};
    x->result = response_problem(&x->request, &x->response, 422, SLUICE_E_INVALID,
                                 "the body is not a signal that can be decided on", &faults);
    x->handled = true;
    return false;
}

bool decision_parse(exchange *x) {
    yyjson_read_err problem = {0};
    yyjson_alc allocator = json_arena(&x->request.arena);
    yyjson_doc *doc =
        yyjson_read_opts(x->body, x->body_length, YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_INSITU, &allocator, &problem);
    if (doc == NULL) {
        char text[160];
        (void)snprintf(text, sizeof text, "the body is not JSON: %s, at byte %zu", problem.msg, problem.pos + 1);
        request_fail(x, problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION ? 503 : 400, SLUICE_E_INPUT, text);
        return false;
    }
    signal_fault fault = {0};
    bool rounded = false;
    if (!signal_from_json(yyjson_doc_get_root(doc), SLUICE_SIGNAL_TRANSFER, &x->request.arena, &x->signal, &rounded,
                          &fault)) {
        char pointer[32];
        (void)snprintf(pointer, sizeof pointer, "%s%s", fault.field[0] == '\0' ? "" : "/", fault.field);
        if (fault.no_memory) {
            request_fail(x, 503, SLUICE_E_NO_MEMORY, "out of memory");
            return false;
        }
        return refuse(x, pointer, fault.text);
    }
    if (x->signal.kind != SLUICE_SIGNAL_TRANSFER && x->signal.kind != SLUICE_SIGNAL_WITHDRAWAL) {
        return refuse(x, "/kind", "only transfers and withdrawals are decided on: send others to /v1/signals");
    }
    return true;
}

/* ---- the answer ---- */

static void write_string(text_writer *w, sluice_text text) {
    size_t from = 0;
    text_write_char(w, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= ' ' && c != '"' && c != '\\') {
            continue;
        }
        text_write(w, (sluice_text){text.data + from, i - from});
        from = i + 1;
        if (c < ' ') {
            text_printf(w, "\\u%04x", c);
        } else {
            text_write_char(w, '\\');
            text_write_char(w, (char)c);
        }
    }
    text_write(w, (sluice_text){text.data + from, text.length - from});
    text_write_char(w, '"');
}

/* The shortest of 15 and 17 digits that reads back as the same number. */
static void write_number(text_writer *w, double value) {
    char text[32];
    if (value >= 0 && value < 1e15 && value == (double)(uint64_t)value) { /* most are */
        (void)text_of_u64((uint64_t)value, 10, text);
        text_write(w, text_of(text));
        return;
    }
    (void)snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value) {
        (void)snprintf(text, sizeof text, "%.17g", value);
    }
    text_write(w, text_of(text));
}

static void write_text_or_null(text_writer *w, sluice_text text) {
    if (text.length == 0) {
        text_write(w, TEXT("null"));
    } else {
        write_string(w, text);
    }
}

void decision_render(exchange *x, const sluice_decision *made) {
    text_writer *w = &x->response.body;
    w->length = 0;
    text_write(w, TEXT("{\"transfer\":"));
    write_string(w, x->signal.id);
    if (made->is_duplicate) {
        text_write(w, TEXT(",\"duplicate\":true}\n"));
        return;
    }
    text_write(w, TEXT(",\"duplicate\":false,\"action\":\""));
    text_write(w, text_of(sluice_action_name(made->action)));
    text_write(w, TEXT("\",\"score\":"));
    write_number(w, made->score);
    text_write(w, TEXT(",\"probability\":"));
    if (made->probability < 0 || !isfinite(made->probability)) {
        text_write(w, TEXT("null"));
    } else {
        write_number(w, made->probability);
    }
    text_write(w, TEXT(",\"typology\":"));
    write_text_or_null(w, made->typology);
    text_write(w, TEXT(",\"subject\":"));
    write_text_or_null(w, made->subject);
    text_write(w, TEXT(",\"reasons\":["));
    for (uint32_t i = 0; i < made->reason_count; i++) {
        const sluice_reason *reason = &made->reasons[i];
        text_write(w, i == 0 ? TEXT("{\"rule\":") : TEXT(",{\"rule\":"));
        write_string(w, reason->rule);
        text_printf(w, ",\"version\":%u,\"weight\":", reason->version);
        write_number(w, reason->weight);
        text_write(w, TEXT(",\"en\":"));
        write_string(w, reason->en);
        text_write(w, TEXT(",\"zh\":"));
        write_string(w, reason->zh);
        text_write_char(w, '}');
    }
    text_write(w, TEXT("]}\n"));
}
