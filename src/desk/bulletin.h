/* Bulletins (战果通报): figures of a period and unit, as text, PDF, xlsx and JSON, in Chinese and English.
 *
 *   drafted ──compute──▶ drafted ──approve (another person)──▶ approved ──issue──▶ issued
 *      └──drop──▶ dropped              ▲ ◀──────reopen────────────┘
 *
 * Its figures are computed once, of one moment (figure.h), and kept as JSON with their SHA-256, beside the record;
 * every format is drawn from that JSON. What was issued has no act any more: its files are kept byte for byte with
 * their SHA-256. A correction is a new bulletin that names the one it replaces. */
#ifndef DESK_BULLETIN_H
#define DESK_BULLETIN_H

#include "desk/figure.h"

extern const desk_kind BULLETIN_KIND, BULLETIN_FILE_KIND;
extern const record_table BULLETIN_BYTES_TABLE;

enum {
    BULLETIN_TITLE,
    BULLETIN_WORDS,
    BULLETIN_FROM,
    BULLETIN_TO,
    BULLETIN_UNIT,
    BULLETIN_OPERATION,
    BULLETIN_SITE,
    BULLETIN_REPLACES,
    BULLETIN_CONTENT,
    BULLETIN_SHA256,
    BULLETIN_CUT_OFF,
    BULLETIN_SEQUENCE,
    BULLETIN_STATE,
    BULLETIN_DISTRICT,
    BULLETIN_STATION,
    BULLETIN_DRAFTED_BY,
    BULLETIN_COMPUTED_BY,
    BULLETIN_APPROVED_BY,
    BULLETIN_APPROVED_AT,
    BULLETIN_ISSUED_BY,
    BULLETIN_ISSUED_AT,
    BULLETIN_FIELD_COUNT
};
enum {
    BULLETIN_FILE_BULLETIN,
    BULLETIN_FILE_FORMAT,
    BULLETIN_FILE_LANGUAGE,
    BULLETIN_FILE_SIZE,
    BULLETIN_FILE_SHA256,
    BULLETIN_FILE_BYTES,
    BULLETIN_FILE_AT,
    BULLETIN_FILE_FIELDS
};

typedef enum bulletin_format {
    BULLETIN_TEXT,
    BULLETIN_PDF,
    BULLETIN_XLSX,
    BULLETIN_JSON,
    BULLETIN_FORMATS
} bulletin_format;
const char *bulletin_format_name(bulletin_format format); /* "text", "pdf", "xlsx", "json" */
const char *bulletin_media_type(bulletin_format format);
bool bulletin_format_parse(sluice_text name, bulletin_format *format_out);

/* What a bulletin is about, beside its scope. Texts are borrowed. */
typedef struct bulletin_head {
    sluice_text title, words; /* title empty: the standard one */
    int64_t unit;
    sluice_text operator;
    int64_t replaces; /* 0: none */
} bulletin_head;

/* Figures of one moment: `figures` and how far the log was then. The store must not be in the writer's transaction. */
typedef struct bulletin_figures {
    figure_scope scope;
    figure *figures;
    size_t count;
    int64_t cut_off_ms;
    uint64_t sequence;
} bulletin_figures;

/* The scope of a period, unit, operation and site for this actor: his own unit, or one below it. Errors: NOT_FOUND (a
 * unit, operation or site that is not his to see), INPUT (the period). Any thread. */
SLUICE_MUST_USE sluice_result bulletin_scope(desk_command *c, int64_t from_ms, int64_t to_ms, int64_t unit,
                                             int64_t operation, int64_t site, figure_scope *scope_out);
/* All sections that the scope has something for, read at one moment. Any thread but the writer. */
SLUICE_MUST_USE sluice_result bulletin_compute(desk_command *c, const figure_scope *scope,
                                               bulletin_figures *figures_out);
/* The whole document as JSON, in the arena. Writer (names come from the dated tables). */
SLUICE_MUST_USE sluice_result bulletin_json(desk_command *c, const bulletin_head *head, const bulletin_figures *figures,
                                            sluice_text *json_out);

/* Draws the JSON; the same bytes for the same JSON. Errors: DAMAGED (it is no such JSON), NO_MEMORY, IO. Any thread. */
SLUICE_MUST_USE sluice_result bulletin_render(sluice_text json, bulletin_format format, bool in_chinese, arena *a,
                                              sluice_text *bytes_out, sluice_error *error);

/* A bulletin as a file: of an issued one the bytes that were kept (DAMAGED if they are not), of another drawn from its
 * figures. STATE: it has none yet. Any thread. */
SLUICE_MUST_USE sluice_result bulletin_file(desk_command *c, const record *r, bulletin_format format, bool in_chinese,
                                            sluice_text *bytes_out, sluice_text *sha256_out);

/* The eight files that are kept when it is issued: drawn on another thread, because fonts take their time. */
typedef struct bulletin_files {
    int64_t version;                        /* of the bulletin that they were drawn from */
    sluice_text bytes[BULLETIN_FORMATS][2]; /* [1]: in Chinese */
} bulletin_files;
SLUICE_MUST_USE sluice_result bulletin_draw(desk_command *c, const record *r, bulletin_files *files_out);
/* Issues an approved bulletin with its files: what the act `issue` does. STALE: they were drawn from another version.
 * `note` may be null. Writer, inside desk_run. */
SLUICE_MUST_USE sluice_result bulletin_issue(desk_command *c, int64_t id, int64_t version, const bulletin_files *files,
                                             record_value note, record *record_out);

/* Puts figures into a draft that the actor may change: what the act `compute` does, with what was computed before on
 * another thread. Writer, inside desk_run. */
SLUICE_MUST_USE sluice_result bulletin_put(desk_command *c, int64_t id, int64_t version,
                                           const bulletin_figures *figures, record *record_out);

#endif
