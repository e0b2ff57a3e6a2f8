/* pacs.008 from files: messages as banks and clearing systems keep them, alone or within an envelope.
 *
 * The file is streamed: only the transaction under way is a tree, so a message of any size takes as much memory as its
 * largest transaction. A row is a CdtTrfTxInf; the position is its number, and resuming reads over those before it.
 *
 * With a folder of schemas each transaction is checked by itself, as a message with the header of its own and nothing
 * besides: so what is wrong in one is rejected with its line and element, and the others go in. A document that ends in
 * the middle or is no XML from some place on is one more rejected row; what came before it is in. */
#include <libxml/xmlreader.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/format_private.h"
#include "signal/pacs008.h"

enum { CONTENT_MAX = 65536, MESSAGE_ID_BYTES = 64 };

typedef struct pacs008_state {
    xmlTextReader *xml;
    size_t fed;    /* bytes of the file that the parser took */
    xmlNode *at;   /* the transaction under way, not taken yet; the parser's */
    bool broken;   /* no XML from here on, which is to be reported */
    bool at_end;   /* of the file */
    bool is_stuck; /* memory was exhausted between two transactions: only a new reader goes on */
    int broken_line;
    const char *broken_why;

    /* the message under way */
    char message[ISO_MESSAGE_BYTES]; /* empty: none yet */
    char message_id[MESSAGE_ID_BYTES];
    int64_t time_ms;
    bool has_time;
    iso_schema *schema; /* of this kind of message */
    char schema_message[ISO_MESSAGE_BYTES];
    xmlDoc *frame; /* Document/FIToFICstmrCdtTrf/GrpHdr, to which the transaction is added to be checked */
} pacs008_state;

/* ---- the parser ---- */

/* Not beyond the end of a transaction: the parser gives nothing more of what it has when it meets what is no XML, and
 * whole transactions before that are good. */
static int feed(void *context, char *buffer, int length) {
    static const char END[] = "CdtTrfTxInf>";
    format_reader *reader = context;
    pacs008_state *state = reader->state;
    size_t left = reader->text.length - state->fed;
    size_t bytes = (size_t)length < left ? (size_t)length : left;
    const char *from = reader->text.data + state->fed;
    const char *end = bytes == 0 ? NULL : memmem(from, bytes, END, sizeof END - 1);
    bytes = end == NULL ? bytes : (size_t)(end - from) + sizeof END - 1;
    memcpy(buffer, from, bytes);
    state->fed += bytes;
    return (int)bytes;
}

static void be_quiet(void *context, xmlErrorPtr problem) {
    pacs008_state *state = ((format_reader *)context)->state;
    if (state->broken_line == 0 && problem->level >= XML_ERR_ERROR) {
        state->broken_line = problem->line < 1 ? 1 : problem->line;
    }
}

static const char *name_of(xmlTextReader *xml) {
    return (const char *)xmlTextReaderConstLocalName(xml);
}

/* ---- messages ---- */

static void forget_frame(pacs008_state *state) {
    xmlFreeDoc(state->frame);
    state->frame = NULL;
}

/* At the start tag of a Document: a message of ours begins, or one that is passed over. */
static sluice_result begin_message(format_reader *reader, sluice_error *error) {
    static const char OURS[] = "pacs.008.";
    pacs008_state *state = reader->state;
    forget_frame(state);
    state->has_time = false;
    state->message_id[0] = '\0';
    bool is_ours = iso_message_name((const char *)xmlTextReaderConstNamespaceUri(state->xml), state->message) &&
                   strncmp(state->message, OURS, sizeof OURS - 1) == 0;
    if (!is_ours) {
        state->message[0] = '\0';
        return SLUICE_OK;
    }
    if (reader->plan->options.schemas_path == NULL || strcmp(state->message, state->schema_message) == 0) {
        return SLUICE_OK;
    }
    iso_schema_close(&state->schema);
    memcpy(state->schema_message, state->message, sizeof state->message);
    return iso_schema_open(reader->plan->options.schemas_path, state->message, &state->schema, error);
}

/* A document of its own with the header, as the schema's order has it. */
static bool make_frame(pacs008_state *state, xmlNode *header) {
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root = doc == NULL ? NULL : xmlNewDocNode(doc, NULL, (const xmlChar *)"Document", NULL);
    state->frame = doc;
    if (root == NULL) {
        return false;
    }
    xmlDocSetRootElement(doc, root);
    xmlSetNs(root, xmlNewNs(root, header->ns == NULL ? NULL : header->ns->href, NULL));
    xmlNode *message = xmlNewChild(root, root->ns, (const xmlChar *)"FIToFICstmrCdtTrf", NULL);
    xmlNode *copy = message == NULL ? NULL : xmlDocCopyNode(header, doc, 1);
    return copy != NULL && xmlAddChild(message, copy) != NULL;
}

static sluice_result take_header(format_reader *reader, xmlNode *header, sluice_error *error) {
    pacs008_state *state = reader->state;
    bool no_memory = false;
    arena a = {0};
    sluice_text id = row_shown(iso_text(header, "MsgId", &a, &no_memory));
    if (id.length > 0) {
        memcpy(state->message_id, id.data, id.length);
    }
    state->message_id[id.length] = '\0';
    arena_fini(&a);
    state->has_time = pacs008_message_time(header, &state->time_ms);
    return no_memory || (state->schema != NULL && !make_frame(state, header)) ? error_no_memory(error, 4096)
                                                                              : SLUICE_OK;
}

/* One node that the parser stands at. *found_out: it is a transaction; *over_out: its content is not to be visited. */
static sluice_result look(format_reader *reader, bool *found_out, bool *over_out, sluice_error *error) {
    pacs008_state *state = reader->state;
    int type = xmlTextReaderNodeType(state->xml);
    *over_out = false;
    if (type == XML_READER_TYPE_DOCUMENT_TYPE) {
        state->broken = true;
        state->broken_why = "a document without DTD is expected";
        return SLUICE_OK;
    }
    if (type != XML_READER_TYPE_ELEMENT) {
        return SLUICE_OK;
    }
    if (strcmp(name_of(state->xml), "Document") == 0) {
        return begin_message(reader, error);
    }
    bool is_header = strcmp(name_of(state->xml), "GrpHdr") == 0;
    if (state->message[0] == '\0' || (!is_header && strcmp(name_of(state->xml), "CdtTrfTxInf") != 0)) {
        return SLUICE_OK;
    }
    xmlNode *node = xmlTextReaderExpand(state->xml);
    *over_out = true;
    if (node == NULL) {
        state->broken = true;
    } else if (is_header) {
        return take_header(reader, node, error);
    } else {
        state->at = node;
        *found_out = true;
    }
    return SLUICE_OK;
}

/* To the next transaction: `at`; NULL: there is none, the file ended or is broken. */
static sluice_result advance(format_reader *reader, sluice_error *error) {
    pacs008_state *state = reader->state;
    bool found = false, over = state->at != NULL;
    sluice_result result = SLUICE_OK;
    state->at = NULL;
    while (!found && !state->broken && !state->at_end && result == SLUICE_OK) {
        int more = over ? xmlTextReaderNext(state->xml) : xmlTextReaderRead(state->xml);
        state->broken = more < 0;
        state->at_end = more == 0;
        if (more == 1) {
            result = look(reader, &found, &over, error);
        }
    }
    state->is_stuck = result != SLUICE_OK;
    return result;
}

/* ---- rows ---- */

/* The transaction within its frame; what is wrong rejects the row. */
static void check_schema(format_row *row, pacs008_state *state) {
    iso_complaint complaint;
    sluice_error why;
    xmlNode *message = state->frame == NULL ? NULL : xmlDocGetRootElement(state->frame)->children;
    if (message == NULL) {
        row_reject(row, TEXT("GrpHdr"), "报文缺组头 / message %s has no GrpHdr before its transactions",
                   state->message);
        return;
    }
    xmlNode *copy = xmlDocCopyNode(state->at, state->frame, 1);
    if (copy == NULL || xmlAddChild(message, copy) == NULL) {
        row->no_memory = true;
        return;
    }
    sluice_result result = iso_schema_check(state->schema, state->frame, &complaint, &why);
    xmlUnlinkNode(copy);
    xmlFreeNode(copy);
    if (result == SLUICE_E_NO_MEMORY) {
        row->no_memory = true;
    } else if (result != SLUICE_OK) {
        sluice_text place = text_of(complaint.path[0] == '\0' ? "Document" : complaint.path);
        char *kept = arena_copy(&row->chunk->texts, place.data, place.length);
        row->no_memory = kept == NULL;
        row_reject(row, (sluice_text){kept, kept == NULL ? 0 : place.length},
                   "不符合报文模式 / not as the schema %s.xsd has it (message %s)", state->message, state->message_id);
    }
}

static void take_transaction(format_row *row, pacs008_state *state) {
    pacs008_fault fault;
    bool rounded = false;
    if (state->schema != NULL) {
        check_schema(row, state);
    }
    if (row->rejected || row->no_memory) {
        return;
    }
    sluice_signal *transfer = row_signal(row, SLUICE_SIGNAL_TRANSFER);
    if (pacs008_read(state->at, state->time_ms, state->has_time, &row->chunk->texts, transfer, &rounded, &fault)) {
        row->chunk->rounded += rounded;
        return;
    }
    row->no_memory = fault.no_memory;
    if (!fault.no_memory) {
        sluice_text id = row_shown(transfer->id);
        row_reject(row, text_of(fault.field), "报文要素不符 / message %s, transaction %.*s: %s is expected in %s",
                   state->message_id, TEXT_ARGS(id), fault.expected, fault.field);
    }
}

/* The transaction's XML, for the file of rejects. */
static void show(format_row *row, const pacs008_state *state) {
    xmlBuffer *buffer = xmlBufferCreate();
    if (buffer != NULL && xmlNodeDump(buffer, state->at->doc, state->at, 0, 0) >= 0) {
        row->text =
            encoding_make_valid(text_of((const char *)xmlBufferContent(buffer)), CONTENT_MAX, &row->chunk->texts);
    }
    xmlBufferFree(buffer);
}

static void set_position(format_reader *reader) {
    const pacs008_state *state = reader->state;
    long bytes = xmlTextReaderByteConsumed(state->xml);
    uint64_t at = bytes < 0 ? 0 : (uint64_t)bytes;
    at = at > reader->text.length || state->at_end || state->broken ? reader->text.length : at;
    reader->position.offset = at > reader->position.offset ? at : reader->position.offset;
}

static void begin_row(format_reader *reader, format_chunk *chunk, format_row *row) {
    memset(row, 0, offsetof(format_row, reason));
    row->reader = reader;
    row->chunk = chunk;
    row->text = TEXT("");
    row->number = reader->position.row + 1;
}

static sluice_result take_row(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                              sluice_error *error) {
    pacs008_state *state = reader->state;
    format_row row;
    size_t signals_before = chunk->count;
    uint64_t rounded_before = chunk->rounded;
    begin_row(reader, chunk, &row);
    row.line = (uint64_t)xmlGetLineNo(state->at);
    take_transaction(&row, state);
    if (row.rejected) {
        show(&row, state);
    }
    sluice_result result = reader_finish_row(&row, signals_before, rounded_before, reject, context, error);
    if (result == SLUICE_OK) {
        reader->position.row++;
    }
    return result;
}

/* What is no XML is one rejected row, and the end. */
static sluice_result take_broken(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                                 sluice_error *error) {
    pacs008_state *state = reader->state;
    format_row row;
    begin_row(reader, chunk, &row);
    row.line = (uint64_t)state->broken_line;
    row_reject(&row, (sluice_text){NULL, 0}, "不是完整的XML / %s: nothing after this place was read",
               state->broken_why == NULL ? "not well-formed XML, or cut off" : state->broken_why);
    sluice_result result = reader_finish_row(&row, chunk->count, chunk->rounded, reject, context, error);
    if (result == SLUICE_OK) {
        state->broken = false;
        state->at_end = true;
        reader->position.row++;
    }
    return result;
}

static sluice_result read_rows(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                               sluice_error *error) {
    pacs008_state *state = reader->state;
    sluice_result result = state->is_stuck ? error_no_memory(error, 4096) : SLUICE_OK;
    for (size_t rows = 0;
         result == SLUICE_OK && rows < chunk->capacity && chunk->capacity - chunk->count >= FORMAT_ROW_SIGNALS_MAX;
         rows++) {
        if (state->at == NULL && state->broken) {
            result = take_broken(reader, chunk, reject, context, error);
        } else if (state->at == NULL) {
            chunk->end = true;
            break;
        } else {
            result = take_row(reader, chunk, reject, context, error);
            result = result == SLUICE_OK ? advance(reader, error) : result;
        }
    }
    set_position(reader);
    return result;
}

/* ---- the driver ---- */

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    bool is_ours =
        file_kind_of(path) == FILE_REGULAR && (plan_has_suffix(name, ".xml") || plan_has_suffix(name, ".XML"));
    return is_ours ? plan_add_source(plan, path, 0, error) : plan_add_ignored(plan, path, error);
}

static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    return plan_visit_folder(plan, path, plan_entry, error);
}

static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    return plan_add_source(plan, path, 0, error);
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    pacs008_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    memset(state, 0, sizeof *state);
    reader->state = state;
    reader->read = read_rows;
    /* Without NOENT and DTDLOAD nothing is expanded or fetched; without HUGE depth and sizes have limits. */
    state->xml = xmlReaderForIO(feed, NULL, reader, NULL, NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    if (state->xml == NULL) {
        return error_no_memory(error, 4096);
    }
    xmlTextReaderSetStructuredErrorHandler(state->xml, be_quiet, reader);
    sluice_result result = advance(reader, error);
    if (result == SLUICE_OK && state->at == NULL) {
        const char *path = reader->source->path;
        return state->broken ? error_set(error, SLUICE_E_INPUT, "%s, line %d: %s is expected", path,
                                         state->broken_line == 0 ? 1 : state->broken_line,
                                         state->broken_why == NULL ? "well-formed XML" : state->broken_why)
                             : error_set(error, SLUICE_E_INPUT,
                                         "%s has no pacs.008: a Document of the namespace " ISO_NAMESPACE
                                         "pacs.008.001.… with at least one CdtTrfTxInf is expected",
                                         path);
    }
    for (uint64_t i = 0; i < reader->position.row && result == SLUICE_OK && state->at != NULL; i++) {
        result = advance(reader, error);
        if (state->broken && i + 2 == reader->position.row) { /* it was reported */
            state->broken = false;
            state->at_end = true;
        }
    }
    return result;
}

static void close_source(format_reader *reader) {
    pacs008_state *state = reader->state;
    if (state != NULL) {
        xmlFreeTextReader(state->xml);
        iso_schema_close(&state->schema);
        forget_frame(state);
    }
}

const format_driver pacs008_driver = {"pacs008", plan_folder, plan_file, open_source, close_source};
