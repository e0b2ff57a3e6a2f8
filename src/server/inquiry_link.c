/* What banks answered to inquiries goes into the log: the transactions become signals like any others, and the inquiry
 * says as of which sequence they are in.
 *
 * Each second, on the gateway's thread. Between the two commits a crash may come: then the signals are offered again,
 * found to be there by their ids, and counted as duplicates. */
#include "desk/inquiry.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/bank_message.h"
#include "server/desk_link.h"
#include "server/partner_private.h"
#include "server/server_private.h"
#include "sys/clock.h"

enum { AT_A_TIME = 20, REJECTS_MAX = 3900 };

static sluice_result book(desk_command *c, void *context) {
    return inquiry_book_import(c, context);
}

typedef struct call {
    server *server;
    inquiry_imported *imported;
    arena *arena;
} call;

static sluice_result run_book(void *context, sluice_error *error) {
    const call *it = context;
    desk_command c = {.desk = desk_link_desk(it->server->link),
                      .actor = &DESK_SYSTEM,
                      .now_ms = clock_now_ms(),
                      .arena = it->arena,
                      .error = error};
    return desk_run(&c, book, it->imported);
}

/* Refused by the engine: said like a row that could not be read. */
static void add_refusals(const ingest *batch, text_writer *rejects) {
    for (size_t i = 0; i < batch->refused && i < INGEST_REFUSALS_MAX && rejects->length < REJECTS_MAX - 300; i++) {
        text_printf(rejects, "%s\n", batch->refusals[i].text);
    }
}

static sluice_result take(server *s, desk_command *c, const record *inquiry, sluice_text answer, ingest *batch) {
    bank_table table;
    bank_details details = {0};
    sluice_error why = {0};
    text_writer rejects = {0};
    sluice_text institution = inquiry->values[INQUIRY_INSTITUTION].text;
    inquiry_imported imported = {.id = inquiry->id};
    sluice_result result = partner_bank_table(c, institution, &table);
    if (result != SLUICE_OK) {
        return result;
    }
    result = bank_decode_details(&table, answer, inquiry->values[INQUIRY_ACCOUNT].text, institution, c->arena, &details,
                                 &why);
    if (result == SLUICE_E_INPUT) { /* it stays evidence, and what is wrong with it is said */
        text_printf(&rejects, "%s\n", why.text);
        details.rejected = 1;
    } else if (result != SLUICE_OK) {
        return error_set(c->error, result, "%s", why.text);
    }
    batch->signals = details.signals;
    batch->count = details.count;
    result = details.count > 0 ? writer_ingest(s, batch, c->error) : SLUICE_OK;
    text_write(&rejects, details.rejects);
    add_refusals(batch, &rejects);
    imported.accepted = batch->accepted;
    imported.duplicates = batch->duplicates;
    imported.rejected = details.rejected + batch->refused;
    imported.sequence = details.count > 0 ? batch->sequence : atomic_load(&s->writer.sequence);
    imported.rejects = (sluice_text){rejects.data, rejects.length};
    call it = {s, &imported, c->arena};
    result = result == SLUICE_OK ? writer_run(s, run_book, &it, c->error) : result;
    text_writer_fini(&rejects);
    return result;
}

/* Its evidence is not what was taken in: people must see it, and the next inquiry must not wait for it. */
static sluice_result leave(server *s, desk_command *c, int64_t id) {
    const char *copy = arena_copy(c->arena, c->error->text, strlen(c->error->text) + 1);
    inquiry_imported imported = {.id = id, .rejected = 1, .sequence = atomic_load(&s->writer.sequence)};
    imported.rejects = text_of(copy == NULL ? "its evidence is damaged" : copy);
    call it = {s, &imported, c->arena};
    log_line(&s->log, "error", "inquiry", "inquiry %lld: %s", (long long)id, c->error->text);
    return writer_run(s, run_book, &it, c->error);
}

static sluice_result take_next(server *s, arena *a, sluice_error *error) {
    record inquiry = {0};
    sluice_text answer = {0};
    desk_command c = {
        .desk = desk_link_desk(s->link), .actor = &DESK_SYSTEM, .now_ms = clock_now_ms(), .arena = a, .error = error};
    sluice_result result = inquiry_next(&c, &inquiry, &answer);
    if (result == SLUICE_E_DAMAGED && inquiry.id != 0) {
        return leave(s, &c, inquiry.id);
    }
    ingest *batch = result == SLUICE_OK ? memory_new_zero(1, sizeof *batch) : NULL;
    if (result == SLUICE_OK && batch == NULL) {
        return error_no_memory(error, sizeof *batch);
    }
    result = result == SLUICE_OK ? take(s, &c, &inquiry, answer, batch) : result;
    memory_free(batch);
    return result;
}

void inquiry_link_work(server *s) {
    arena a = {0};
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < AT_A_TIME && result == SLUICE_OK; i++) {
        sluice_error error = {0};
        arena_reset(&a);
        result = take_next(s, &a, &error);
        if (result != SLUICE_OK && result != SLUICE_E_NOT_FOUND && result != SLUICE_E_INTERRUPTED) {
            log_line(&s->log, "error", "inquiry", "what a bank answered is not in the log yet: %s", error.text);
        }
    }
    arena_fini(&a);
}
