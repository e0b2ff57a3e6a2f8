#include "server/import_preview.h"

#include "base/error.h"

#define CHUNK 1024
#define SHOWN_MAX 200   /* signals in the answer */
#define REJECTS_MAX 200 /* rejects in it; all are counted */
#define CONTENT_BYTES_MAX 400

static const char *const KINDS[] = {"", "transfer", "withdrawal", "account", "holder", "device", "login"};
static const char *const EVENTS[] = {"", "seen", "blocked", "unblocked", "closed"};

typedef struct preview {
    request *rq;
    json_document d;
    yyjson_mut_val *signals, *rejects;
    uint64_t shown, listed, rows, rejected, rounded, kinds[SLUICE_SIGNAL_LOGIN + 1];
    bool no_memory;
} preview;

static sluice_text kept(preview *p, sluice_text text) {
    const char *copy = text.length == 0 ? "" : arena_copy(&p->rq->arena, text.data, text.length);
    p->no_memory = p->no_memory || copy == NULL;
    return (sluice_text){copy, copy == NULL ? 0 : text.length};
}

static void add_if_any(preview *p, yyjson_mut_val *object, const char *name, sluice_text text) {
    if (text.length > 0) {
        json_add_text(&p->d, object, name, kept(p, text));
    }
}

static void show_movement(preview *p, yyjson_mut_val *one, const sluice_signal *s) {
    char letters[4];
    add_if_any(p, one, "id", s->id);
    add_if_any(p, one, "from", s->from);
    add_if_any(p, one, "to", s->to);
    json_add_int(&p->d, one, "amount_fen", s->amount_fen);
    sluice_currency_letters(s->currency, letters);
    add_if_any(p, one, "currency", (sluice_text){letters, 3});
    if (s->has_from_balance) {
        json_add_int(&p->d, one, "from_balance_fen", s->from_balance_fen);
    }
    if (s->has_to_balance) {
        json_add_int(&p->d, one, "to_balance_fen", s->to_balance_fen);
    }
}

static void show(preview *p, const sluice_signal *s) {
    yyjson_mut_val *one = json_append_object(&p->d, p->signals);
    json_add_uint(&p->d, one, "line", s->source_line);
    json_add_text(&p->d, one, "kind", text_of(KINDS[s->kind]));
    json_add_time(&p->d, one, "time", s->time_ms);
    if (s->kind == SLUICE_SIGNAL_TRANSFER || s->kind == SLUICE_SIGNAL_WITHDRAWAL) {
        show_movement(p, one, s);
        return;
    }
    add_if_any(p, one, "key", s->key);
    add_if_any(p, one, "type", s->type);
    add_if_any(p, one, "holder", s->holder);
    add_if_any(p, one, "name", s->name);
    add_if_any(p, one, "device", s->device);
    add_if_any(p, one, "place", s->place);
    json_add_text(&p->d, one, "event", text_of(EVENTS[s->event == 0 ? SLUICE_EVENT_SEEN : s->event]));
}

static void list_reject(void *context, const format_reject *reject) {
    preview *p = context;
    sluice_text content = reject->content;
    if (p->listed == REJECTS_MAX) {
        return;
    }
    p->listed++;
    if (content.length > CONTENT_BYTES_MAX) {
        content.length = CONTENT_BYTES_MAX;
        while (content.length > 0 && ((unsigned char)content.data[content.length] & 0xC0) == 0x80) {
            content.length--;
        }
    }
    yyjson_mut_val *one = json_append_object(&p->d, p->rejects);
    json_add_uint(&p->d, one, "line", reject->line);
    json_add_text_or_null(&p->d, one, "field", kept(p, reject->field));
    json_add_text(&p->d, one, "reason", kept(p, reject->reason));
    json_add_text(&p->d, one, "content", kept(p, content));
}

static sluice_result read_rows(preview *p, const format_plan *plan, format_reader *reader, uint64_t rows,
                               sluice_error *error) {
    format_chunk chunk = {.capacity = rows > 0 && 2 * rows < CHUNK ? 2 * rows : CHUNK};
    chunk.capacity = chunk.capacity < FORMAT_ROW_SIGNALS_MAX ? FORMAT_ROW_SIGNALS_MAX : chunk.capacity;
    chunk.signals = memory_new(chunk.capacity * sizeof *chunk.signals);
    sluice_result result =
        chunk.signals == NULL ? error_no_memory(error, chunk.capacity * sizeof *chunk.signals) : SLUICE_OK;
    while (result == SLUICE_OK && !chunk.end && (rows == 0 || chunk.position.row < rows)) {
        arena_reset(&chunk.texts);
        chunk.count = 0;
        result = format_read(reader, &chunk, list_reject, p, error);
        for (size_t i = 0; result == SLUICE_OK && i < chunk.count; i++) {
            const sluice_signal *s = &chunk.signals[i];
            if (rows > 0 && s->source_row > rows) {
                continue;
            }
            p->kinds[s->kind]++;
            if (p->shown < SHOWN_MAX && (rows == 0 || p->shown < rows)) {
                p->shown++;
                show(p, s);
            }
        }
        if (result == SLUICE_OK && !request_progress(p->rq, chunk.position.offset, plan->total_bytes)) {
            result = error_set(error, SLUICE_E_INTERRUPTED, "cancelled");
        }
    }
    p->rows = chunk.position.row;
    p->rejected = chunk.rejected;
    p->rounded = chunk.rounded;
    memory_free(chunk.signals);
    arena_fini(&chunk.texts);
    return result;
}

sluice_result import_preview(request *rq, response *rs, const format_options *options, const char *path, uint64_t rows,
                             sluice_error *error) {
    preview p = {.rq = rq};
    format_plan *plan = NULL;
    format_reader *reader = NULL;
    format_position begin = {0};
    yyjson_mut_val *root = json_begin(&p.d);
    p.signals = json_add_array(&p.d, root, "signals");
    p.rejects = json_add_array(&p.d, root, "rejects");
    sluice_result result = format_plan_new(options, &path, 1, &plan, error);
    if (result == SLUICE_OK && plan->source_count == 0) {
        result = error_set(error, SLUICE_E_INPUT, "the file holds nothing that this format knows: choose another one");
    }
    if (result == SLUICE_OK) {
        result = format_reader_open(plan, 0, &begin, &reader, error);
    }
    if (result == SLUICE_OK) {
        result = read_rows(&p, plan, reader, rows, error);
    }
    format_reader_close(&reader);
    format_plan_free(&plan);
    if (result == SLUICE_OK && p.no_memory) {
        result = error_no_memory(error, CONTENT_BYTES_MAX);
    }
    if (result != SLUICE_OK) {
        yyjson_mut_doc_free(p.d.doc);
        return result;
    }
    json_add_uint(&p.d, root, "rows", p.rows);
    json_add_uint(&p.d, root, "rejected", p.rejected);
    json_add_uint(&p.d, root, "rounded", p.rounded);
    json_add_uint(&p.d, root, "transfers", p.kinds[SLUICE_SIGNAL_TRANSFER]);
    json_add_uint(&p.d, root, "withdrawals", p.kinds[SLUICE_SIGNAL_WITHDRAWAL]);
    json_add_uint(&p.d, root, "others",
                  p.kinds[SLUICE_SIGNAL_ACCOUNT] + p.kinds[SLUICE_SIGNAL_HOLDER] + p.kinds[SLUICE_SIGNAL_DEVICE] +
                      p.kinds[SLUICE_SIGNAL_LOGIN]);
    return response_json(rs, &p.d, error);
}
