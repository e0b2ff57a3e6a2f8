#include "gateway/iso20022.h"

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/time.h"
#include "signal/pacs008.h"

static const char RECALL[] = "camt.056.001.12";

enum { ID_MAX = 35, TEXT_MAX = 105 };

struct iso_document {
    xmlDoc *xml;
    char message[ISO_MESSAGE_BYTES]; /* "camt.029.001.14" */
};

/* ---- reading XML ---- */

static sluice_result validate(const iso_document *doc, const char *schemas, sluice_error *error) {
    iso_schema *schema = NULL;
    iso_complaint complaint;
    sluice_result result = iso_schema_open(schemas, doc->message, &schema, error);
    result = result == SLUICE_OK ? iso_schema_check(schema, doc->xml, &complaint, error) : result;
    iso_schema_close(&schema);
    return result;
}

sluice_result iso_open(sluice_text xml, const char *schemas, iso_document **doc_out, sluice_error *error) {
    *doc_out = NULL;
    if (xml.length == 0 || xml.length > ISO_BYTES_MAX) {
        return error_set(error, SLUICE_E_INPUT, "XML of at most %zu bytes is expected", ISO_BYTES_MAX);
    }
    iso_document *doc = memory_new_zero(1, sizeof *doc);
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (doc == NULL || parser == NULL) {
        memory_free(doc);
        xmlFreeParserCtxt(parser);
        return error_no_memory(error, sizeof *doc);
    }
    /* Without NOENT and DTDLOAD nothing is expanded or fetched; without HUGE depth and sizes have limits. */
    doc->xml = xmlCtxtReadMemory(parser, xml.data, (int)xml.length, NULL, NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    int wrong_line = parser->lastError.line;
    xmlFreeParserCtxt(parser);
    *doc_out = doc;
    const xmlNode *root = doc->xml == NULL ? NULL : xmlDocGetRootElement(doc->xml);
    sluice_result result = SLUICE_OK;
    if (root == NULL) {
        result = error_set(error, SLUICE_E_INPUT, "line %d: well-formed XML is expected", wrong_line);
    } else if (doc->xml->intSubset != NULL || doc->xml->extSubset != NULL) {
        result = error_set(error, SLUICE_E_INPUT, "a document without DTD is expected");
    } else if (strcmp((const char *)root->name, "Document") != 0 || root->ns == NULL ||
               !iso_message_name((const char *)root->ns->href, doc->message)) {
        result = error_set(error, SLUICE_E_INPUT, "Document of a namespace " ISO_NAMESPACE "… is expected");
    } else {
        result = schemas == NULL ? SLUICE_OK : validate(doc, schemas, error);
    }
    if (result != SLUICE_OK) {
        iso_free(doc_out);
    }
    return result;
}

void iso_free(iso_document **doc) {
    if (*doc != NULL) {
        xmlFreeDoc((*doc)->xml);
        memory_free(*doc);
        *doc = NULL;
    }
}

sluice_text iso_message(const iso_document *doc) {
    size_t length = strlen(doc->message);
    return (sluice_text){doc->message, length > 8 ? 8 : length};
}

/* ---- camt.056 ---- */

typedef struct writing {
    xmlTextWriter *w;
    bool failed;
} writing;

static void open_element(writing *w, const char *name) {
    w->failed = w->failed || xmlTextWriterStartElement(w->w, (const xmlChar *)name) < 0;
}

static void close_element(writing *w) {
    w->failed = w->failed || xmlTextWriterEndElement(w->w) < 0;
}

/* Cut at the length that the schema has, never within a character; nothing where there is no text. */
static void put(writing *w, const char *name, sluice_text text, size_t characters_max) {
    char buffer[4 * TEXT_MAX + 1];
    size_t used = 0, characters = 0;
    for (size_t i = 0; i < text.length && used + 1 < sizeof buffer; i++) {
        bool begins = ((unsigned char)text.data[i] & 0xC0) != 0x80;
        if (begins && characters++ == characters_max) {
            break;
        }
        buffer[used++] = text.data[i];
    }
    buffer[used] = '\0';
    if (used > 0) {
        w->failed = w->failed || xmlTextWriterWriteElement(w->w, (const xmlChar *)name, (const xmlChar *)buffer) < 0;
    }
}

static sluice_text field(yyjson_val *payload, const char *name) {
    yyjson_val *value = yyjson_obj_get(payload, name);
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

static void put_agent(writing *w, const char *name, sluice_text code) {
    open_element(w, name);
    open_element(w, "Agt");
    open_element(w, "FinInstnId");
    open_element(w, "Othr");
    put(w, "Id", code, ID_MAX);
    for (int i = 0; i < 4; i++) {
        close_element(w);
    }
}

static void put_party(writing *w, const char *name, sluice_text party) {
    open_element(w, name);
    open_element(w, "Pty");
    put(w, "Nm", party, TEXT_MAX);
    close_element(w);
    close_element(w);
}

static void put_account(writing *w, const char *name, sluice_text number) {
    if (number.length > 0 && number.length <= 34) {
        open_element(w, name);
        open_element(w, "Id");
        open_element(w, "Othr");
        put(w, "Id", number, 34);
        for (int i = 0; i < 3; i++) {
            close_element(w);
        }
    }
}

static void put_amount(writing *w, yyjson_val *payload) {
    char text[MONEY_TEXT_BYTES];
    yyjson_val *amount = yyjson_obj_get(payload, "amount_fen");
    if (!yyjson_is_int(amount)) {
        return;
    }
    open_element(w, "OrgnlIntrBkSttlmAmt");
    w->failed = w->failed || xmlTextWriterWriteAttribute(w->w, (const xmlChar *)"Ccy", (const xmlChar *)"CNY") < 0 ||
                xmlTextWriterWriteString(w->w, (const xmlChar *)money_format(yyjson_get_sint(amount), false, text)) < 0;
    close_element(w);
}

static void put_transaction(writing *w, yyjson_val *payload, sluice_text serial, sluice_text centre) {
    char day[TIME_TEXT_BYTES];
    yyjson_val *at = yyjson_obj_get(payload, "transfer_at");
    open_element(w, "Undrlyg");
    open_element(w, "TxInf");
    put(w, "CxlId", serial, ID_MAX);
    put(w, "OrgnlTxId", field(payload, "transfer_id"), ID_MAX);
    put_amount(w, payload);
    if (yyjson_is_int(at)) {
        put(w, "OrgnlIntrBkSttlmDt", (sluice_text){time_format(yyjson_get_sint(at), day), 10}, 10);
    }
    open_element(w, "CxlRsnInf");
    open_element(w, "Orgtr");
    put(w, "Nm", centre, TEXT_MAX);
    close_element(w);
    open_element(w, "Rsn");
    put(w, "Cd", TEXT("FRAD"), 4);
    close_element(w);
    put(w, "AddtlInf", field(payload, "case_number"), TEXT_MAX);
    put(w, "AddtlInf", field(payload, "reason"), TEXT_MAX);
    close_element(w);
    open_element(w, "OrgnlTxRef");
    put_account(w, "DbtrAcct", field(payload, "out_account"));
    if (field(payload, "holder").length > 0) {
        put_party(w, "Cdtr", field(payload, "holder"));
    }
    put_account(w, "CdtrAcct", field(payload, "account"));
    close_element(w);
    close_element(w);
    close_element(w);
}

sluice_result iso_write_recall(yyjson_val *payload, sluice_text serial, sluice_text partner, int64_t now_ms,
                               text_writer *out, sluice_error *error) {
    char name[64], now[TIME_TEXT_BYTES];
    sluice_text centre = field(payload, "organisation");
    centre = centre.length == 0 ? TEXT("反诈中心") : centre;
    xmlBuffer *buffer = xmlBufferCreate();
    writing w = {.w = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0)};
    if (w.w == NULL) {
        xmlBufferFree(buffer);
        return error_no_memory(error, 4096);
    }
    (void)snprintf(name, sizeof name, "%s%s", ISO_NAMESPACE, RECALL);
    w.failed = xmlTextWriterStartDocument(w.w, NULL, "UTF-8", NULL) < 0;
    open_element(&w, "Document");
    w.failed = w.failed || xmlTextWriterWriteAttribute(w.w, (const xmlChar *)"xmlns", (const xmlChar *)name) < 0;
    open_element(&w, "FIToFIPmtCxlReq");
    open_element(&w, "Assgnmt");
    put(&w, "Id", serial, ID_MAX);
    put_party(&w, "Assgnr", centre);
    put_agent(&w, "Assgne", partner);
    put(&w, "CreDtTm", text_of(time_format(now_ms, now)), 35);
    close_element(&w);
    open_element(&w, "Case");
    put(&w, "Id", serial, ID_MAX);
    put_party(&w, "Cretr", centre);
    close_element(&w);
    open_element(&w, "CtrlData");
    put(&w, "NbOfTxs", TEXT("1"), 1);
    close_element(&w);
    put_transaction(&w, payload, serial, centre);
    close_element(&w);
    close_element(&w);
    w.failed = w.failed || xmlTextWriterEndDocument(w.w) < 0;
    xmlFreeTextWriter(w.w);
    if (!w.failed) {
        text_write(out, text_of((const char *)xmlBufferContent(buffer)));
    }
    xmlBufferFree(buffer);
    return w.failed || out->failed ? error_no_memory(error, 4096) : SLUICE_OK;
}

/* ---- camt.029 ---- */

sluice_result iso_read_resolution(const iso_document *doc, arena *a, sluice_text *serial, outbox_answer *answer,
                                  bool *pending_out, sluice_error *error) {
    static const struct {
        const char *code;
        outbox_verdict verdict;
        bool pending;
    } CODES[] = {{"CNCL", VERDICT_DONE, false},   {"PECR", VERDICT_DONE, false},  {"ACCR", VERDICT_DONE, false},
                 {"RJCR", VERDICT_FAILED, false}, {"PDCR", VERDICT_FAILED, true}, {"UWFW", VERDICT_FAILED, true},
                 {"CWFW", VERDICT_FAILED, true},  {"INFO", VERDICT_FAILED, true}};
    const xmlNode *root = iso_child(xmlDocGetRootElement(doc->xml), "RsltnOfInvstgtn");
    const xmlNode *tx = iso_at(root, "CxlDtls/TxInfAndSts");
    bool no_memory = false;
    *answer = (outbox_answer){.balance_fen = -1, .executed_fen = -1, .available_fen = -1};
    *pending_out = false;
    *serial = iso_text(root, "RslvdCase/Id", a, &no_memory);
    if (serial->length == 0) {
        *serial = iso_text(tx, "RslvdCase/Id", a, &no_memory);
    }
    answer->code = iso_text(tx, "TxCxlSts", a, &no_memory);
    if (answer->code.length == 0) {
        answer->code = iso_text(root, "Sts/Conf", a, &no_memory);
    }
    answer->words = iso_text(tx, "CxlStsRsnInf/AddtlInf", a, &no_memory);
    answer->receipt = iso_text(root, "Assgnmt/Id", a, &no_memory);
    if (no_memory) {
        return error_no_memory(error, 0);
    }
    if (root == NULL || serial->length == 0 || answer->code.length == 0) {
        return error_set(error, SLUICE_E_INPUT,
                         "camt.029: RslvdCase/Id (the serial number) and Sts/Conf or TxCxlSts are expected");
    }
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        if (text_equal(answer->code, text_of(CODES[i].code))) {
            answer->verdict = CODES[i].verdict;
            *pending_out = CODES[i].pending;
            return SLUICE_OK;
        }
    }
    return error_set(error, SLUICE_E_INPUT,
                     "camt.029: a status of CNCL, PECR, ACCR, RJCR, PDCR, UWFW, CWFW or INFO is "
                     "expected");
}

/* ---- pacs.008 ---- */

static sluice_result read_transfer(const xmlNode *tx, int64_t message_ms, size_t number, arena *a, sluice_signal *s,
                                   sluice_error *error) {
    pacs008_fault fault;
    bool rounded = false;
    *s = (sluice_signal){0};
    bool good = pacs008_read(tx, message_ms, true, a, s, &rounded, &fault);
    if (!good && fault.no_memory) {
        return error_no_memory(error, 0);
    }
    if (good && s->id.length == 0) {
        fault = (pacs008_fault){.field = "PmtId", .expected = "TxId, UETR, EndToEndId or InstrId"};
    } else if (good && rounded) {
        fault = (pacs008_fault){.field = "IntrBkSttlmAmt", .expected = "an amount with at most two decimals"};
    }
    return fault.field == NULL ? SLUICE_OK
                               : error_set(error, SLUICE_E_INPUT, "pacs.008, transaction %zu, %s: %s is expected",
                                           number, fault.field, fault.expected);
}

sluice_result iso_read_transfers(const iso_document *doc, arena *a, sluice_signal **signals, size_t *count_out,
                                 sluice_error *error) {
    const xmlNode *root = iso_child(xmlDocGetRootElement(doc->xml), "FIToFICstmrCdtTrf");
    const xmlNode *first = iso_child(root, "CdtTrfTxInf");
    int64_t message_ms = 0;
    size_t count = 0;
    *count_out = 0;
    if (!pacs008_message_time(iso_child(root, "GrpHdr"), &message_ms) || first == NULL) {
        return error_set(error, SLUICE_E_INPUT, "pacs.008: GrpHdr/CreDtTm and at least one CdtTrfTxInf are expected");
    }
    for (const xmlNode *tx = first; tx != NULL; tx = iso_next(tx)) {
        count++;
    }
    if (count > ISO_TRANSFERS_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "pacs.008: at most %d transactions in a message are expected",
                         ISO_TRANSFERS_MAX);
    }
    *signals = arena_alloc(a, count * sizeof **signals);
    if (*signals == NULL) {
        return error_no_memory(error, count * sizeof **signals);
    }
    sluice_result result = SLUICE_OK;
    for (const xmlNode *tx = first; tx != NULL && result == SLUICE_OK; tx = iso_next(tx)) {
        result = read_transfer(tx, message_ms, *count_out + 1, a, &(*signals)[*count_out], error);
        (*count_out)++;
    }
    return result;
}
