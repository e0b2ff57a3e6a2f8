#include "gateway/iso20022.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/time.h"
#include "signal/currency.h"

static const char NAMESPACE[] = "urn:iso:std:iso:20022:tech:xsd:";
static const char RECALL[] = "camt.056.001.12";

enum { ID_MAX = 35, TEXT_MAX = 105 };

struct iso_document {
    xmlDoc *xml;
    char message[24]; /* "camt.029.001.14" */
};

/* ---- reading XML ---- */

/* The first complaint; libxml2's own words for it, which never quote content, only names. */
typedef struct complaint {
    char text[160];
    int line;
} complaint;

static void note(complaint *c, int line, const char *message) {
    if (c->text[0] == '\0') {
        c->line = line;
        (void)snprintf(c->text, sizeof c->text, "%s", message == NULL ? "not as the schema has it" : message);
        c->text[strcspn(c->text, "\n")] = '\0';
    }
}

/* The element's name is told, its content is not: "Element 'X': …" up to the first quoted value. */
static void note_schema(void *context, xmlErrorPtr problem) {
    complaint *c = context;
    char text[160];
    const char *name = problem->node == NULL ? "?" : (const char *)((const xmlNode *)problem->node)->name;
    (void)snprintf(text, sizeof text, "element %.60s is not as its schema has it", name);
    note(c, problem->line, text);
}

static void quiet(void *context, xmlErrorPtr problem) {
    note(context, problem->line, NULL);
}

static sluice_result validate(const iso_document *doc, const char *schemas, sluice_error *error) {
    char path[1024];
    complaint c = {0};
    (void)snprintf(path, sizeof path, "%s/%s.xsd", schemas, doc->message);
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(path);
    if (parser != NULL) {
        xmlSchemaSetParserStructuredErrors(parser, quiet, &c);
    }
    xmlSchema *schema = parser == NULL ? NULL : xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema == NULL) {
        return error_set(error, SLUICE_E_NOT_FOUND, "there is no schema for %s in --gateway-schemas", doc->message);
    }
    xmlSchemaValidCtxt *check = xmlSchemaNewValidCtxt(schema);
    int wrong = -1;
    if (check != NULL) {
        memset(&c, 0, sizeof c);
        xmlSchemaSetValidStructuredErrors(check, note_schema, &c);
        wrong = xmlSchemaValidateDoc(check, doc->xml);
    }
    xmlSchemaFreeValidCtxt(check);
    xmlSchemaFree(schema);
    return wrong == 0  ? SLUICE_OK
           : wrong < 0 ? error_no_memory(error, 0)
                       : error_set(error, SLUICE_E_INPUT, "%s, line %d: %s", doc->message, c.line, c.text);
}

sluice_result iso_open(sluice_text xml, const char *schemas, iso_document **doc_out, sluice_error *error) {
    complaint c = {0};
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
    note(&c, parser->lastError.line, "not well-formed");
    xmlFreeParserCtxt(parser);
    *doc_out = doc;
    const xmlNode *root = doc->xml == NULL ? NULL : xmlDocGetRootElement(doc->xml);
    sluice_result result = SLUICE_OK;
    if (root == NULL) {
        result = error_set(error, SLUICE_E_INPUT, "line %d: well-formed XML is expected", c.line);
    } else if (doc->xml->intSubset != NULL || doc->xml->extSubset != NULL) {
        result = error_set(error, SLUICE_E_INPUT, "a document without DTD is expected");
    } else if (root->ns == NULL || root->ns->href == NULL ||
               strncmp((const char *)root->ns->href, NAMESPACE, sizeof NAMESPACE - 1) != 0 ||
               strlen((const char *)root->ns->href) >= sizeof NAMESPACE - 1 + sizeof doc->message ||
               strpbrk((const char *)root->ns->href + sizeof NAMESPACE - 1, "/\\%") != NULL ||
               strcmp((const char *)root->name, "Document") != 0) {
        result = error_set(error, SLUICE_E_INPUT, "Document of a namespace %s… is expected", NAMESPACE);
    } else {
        (void)snprintf(doc->message, sizeof doc->message, "%s", (const char *)root->ns->href + sizeof NAMESPACE - 1);
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

/* ---- walking ---- */

static const xmlNode *child(const xmlNode *node, const char *name) {
    for (const xmlNode *at = node == NULL ? NULL : node->children; at != NULL; at = at->next) {
        if (at->type == XML_ELEMENT_NODE && strcmp((const char *)at->name, name) == 0) {
            return at;
        }
    }
    return NULL;
}

static const xmlNode *next_of(const xmlNode *node) {
    for (const xmlNode *at = node->next; at != NULL; at = at->next) {
        if (at->type == XML_ELEMENT_NODE && strcmp((const char *)at->name, (const char *)node->name) == 0) {
            return at;
        }
    }
    return NULL;
}

/* "A/B/C" below a node. */
static const xmlNode *at_path(const xmlNode *node, const char *path) {
    char name[40];
    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, "/");
        if (length >= sizeof name) {
            return NULL;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        node = child(node, name);
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return node;
}

/* The element's text in the arena; empty: it is not there, or no memory. */
static sluice_text text_at(const xmlNode *node, const char *path, arena *a) {
    const xmlNode *found = at_path(node, path);
    xmlChar *content = found == NULL ? NULL : xmlNodeGetContent(found);
    sluice_text text = text_trim(text_of((const char *)content));
    const char *copy = text.length == 0 ? NULL : arena_copy(a, text.data, text.length);
    size_t length = copy == NULL ? 0 : text.length;
    xmlFree(content);
    return (sluice_text){copy, length};
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
    (void)snprintf(name, sizeof name, "%s%s", NAMESPACE, RECALL);
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
    const xmlNode *root = child(xmlDocGetRootElement(doc->xml), "RsltnOfInvstgtn");
    const xmlNode *tx = at_path(root, "CxlDtls/TxInfAndSts");
    *answer = (outbox_answer){.balance_fen = -1, .executed_fen = -1, .available_fen = -1};
    *pending_out = false;
    *serial = text_at(root, "RslvdCase/Id", a);
    if (serial->length == 0) {
        *serial = text_at(tx, "RslvdCase/Id", a);
    }
    answer->code = text_at(tx, "TxCxlSts", a);
    if (answer->code.length == 0) {
        answer->code = text_at(root, "Sts/Conf", a);
    }
    answer->words = text_at(tx, "CxlStsRsnInf/AddtlInf", a);
    answer->receipt = text_at(root, "Assgnmt/Id", a);
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

static sluice_text account_key(const xmlNode *account, arena *a) {
    sluice_text number = text_at(account, "Id/Othr/Id", a);
    number = number.length > 0 ? number : text_at(account, "Id/IBAN", a);
    char *key = number.length == 0 ? NULL : arena_alloc(a, number.length + 16);
    int length = key == NULL ? 0 : snprintf(key, number.length + 16, "account:%.*s", TEXT_ARGS(number));
    return (sluice_text){key, (size_t)length};
}

static sluice_result read_transfer(const xmlNode *tx, int64_t message_ms, size_t number, arena *a, sluice_signal *s,
                                   sluice_error *error) {
    const xmlNode *amount = child(tx, "IntrBkSttlmAmt");
    xmlChar *letters = amount == NULL ? NULL : xmlGetNoNsProp(amount, (const xmlChar *)"Ccy");
    bool rounded = false;
    *s = (sluice_signal){.kind = SLUICE_SIGNAL_TRANSFER, .time_ms = message_ms};
    s->id = text_at(tx, "PmtId/TxId", a);
    s->id = s->id.length > 0 ? s->id : text_at(tx, "PmtId/EndToEndId", a);
    s->from = account_key(child(tx, "DbtrAcct"), a);
    s->to = account_key(child(tx, "CdtrAcct"), a);
    sluice_text accepted = text_at(tx, "AccptncDtTm", a);
    sluice_text sum = text_at(tx, "IntrBkSttlmAmt", a);
    const char *wrong = NULL;
    if (s->id.length == 0) {
        wrong = "PmtId/TxId or EndToEndId";
    } else if (s->from.length == 0) {
        wrong = "DbtrAcct/Id";
    } else if (s->to.length == 0) {
        wrong = "CdtrAcct/Id";
    } else if (!money_parse(sum, &s->amount_fen, &rounded) || s->amount_fen < 0 || rounded) {
        wrong = "IntrBkSttlmAmt with at most two decimals";
    } else if (letters == NULL || !currency_of_name(text_of((const char *)letters), &s->currency)) {
        wrong = "IntrBkSttlmAmt/@Ccy";
    } else if (accepted.length > 0 && !time_parse(accepted, TIME_SHANGHAI_OFFSET_MS, &s->time_ms)) {
        wrong = "AccptncDtTm as a time";
    }
    xmlFree(letters);
    s->received_fen = s->amount_fen;
    s->received_currency = s->currency;
    return wrong == NULL ? SLUICE_OK
                         : error_set(error, SLUICE_E_INPUT, "pacs.008, transaction %zu: %s is expected", number, wrong);
}

sluice_result iso_read_transfers(const iso_document *doc, arena *a, sluice_signal **signals, size_t *count_out,
                                 sluice_error *error) {
    const xmlNode *root = child(xmlDocGetRootElement(doc->xml), "FIToFICstmrCdtTrf");
    const xmlNode *first = child(root, "CdtTrfTxInf");
    int64_t message_ms = 0;
    sluice_text made = text_at(root, "GrpHdr/CreDtTm", a);
    size_t count = 0;
    *count_out = 0;
    if (!time_parse(made, TIME_SHANGHAI_OFFSET_MS, &message_ms) || first == NULL) {
        return error_set(error, SLUICE_E_INPUT, "pacs.008: GrpHdr/CreDtTm and at least one CdtTrfTxInf are expected");
    }
    for (const xmlNode *tx = first; tx != NULL; tx = next_of(tx)) {
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
    for (const xmlNode *tx = first; tx != NULL && result == SLUICE_OK; tx = next_of(tx)) {
        result = read_transfer(tx, message_ms, *count_out + 1, a, &(*signals)[*count_out], error);
        (*count_out)++;
    }
    return result;
}
