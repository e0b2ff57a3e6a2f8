#include "signal/iso_xml.h"

#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

struct iso_schema {
    xmlSchema *schema;
    char message[ISO_MESSAGE_BYTES];
};

bool iso_message_name(const char *name_space, char message_out[ISO_MESSAGE_BYTES]) {
    static const size_t LENGTH = sizeof ISO_NAMESPACE - 1;
    const char *name = name_space == NULL || strncmp(name_space, ISO_NAMESPACE, LENGTH) != 0 ? "" : name_space + LENGTH;
    message_out[0] = '\0';
    if (name[0] == '\0' || strlen(name) >= ISO_MESSAGE_BYTES || strpbrk(name, "/\\%") != NULL) {
        return false; /* it becomes the name of a file */
    }
    (void)snprintf(message_out, ISO_MESSAGE_BYTES, "%s", name);
    return true;
}

/* ---- walking ---- */

static bool is_element(const xmlNode *node, const xmlChar *name) {
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, name);
}

const xmlNode *iso_child(const xmlNode *node, const char *name) {
    const xmlNode *at = node == NULL ? NULL : node->children;
    while (at != NULL && !is_element(at, (const xmlChar *)name)) {
        at = at->next;
    }
    return at;
}

const xmlNode *iso_next(const xmlNode *node) {
    const xmlNode *at = node->next;
    while (at != NULL && !is_element(at, node->name)) {
        at = at->next;
    }
    return at;
}

const xmlNode *iso_at(const xmlNode *node, const char *path) {
    char name[40];
    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, "/");
        if (length >= sizeof name) {
            return NULL;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        node = iso_child(node, name);
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return node;
}

sluice_text iso_text(const xmlNode *node, const char *path, arena *a, bool *no_memory) {
    const xmlNode *found = iso_at(node, path);
    xmlChar *content = found == NULL ? NULL : xmlNodeGetContent(found);
    sluice_text text = text_trim(text_of((const char *)content));
    const char *copy = text.length == 0 ? NULL : arena_copy(a, text.data, text.length);
    size_t length = copy == NULL ? 0 : text.length;
    *no_memory = *no_memory || (found != NULL && content == NULL) || (text.length > 0 && copy == NULL);
    xmlFree(content);
    return (sluice_text){copy, length};
}

/* ---- schemas ---- */

/* "A/B" of an element A/B of the message, which is the child of Document. */
static void write_path(const xmlNode *node, char path[160]) {
    const xmlNode *chain[16];
    size_t depth = 0, used = 0;
    for (const xmlNode *at = node; at != NULL && at->type == XML_ELEMENT_NODE && depth < 16; at = at->parent) {
        chain[depth++] = at;
    }
    path[0] = '\0';
    size_t first = depth > 2 ? depth - 2 : depth; /* neither Document nor the message, unless it is one of these */
    for (size_t i = first; i-- > 0 && used < 159;) {
        int length = snprintf(path + used, 160 - used, "%s%.40s", used == 0 ? "" : "/", (const char *)chain[i]->name);
        used += length < 0 ? 0 : (size_t)length;
    }
}

static void take_complaint(void *context, xmlErrorPtr problem) {
    iso_complaint *c = context;
    if (c->line == 0) {
        const xmlNode *node = problem->node;
        c->line = node == NULL ? problem->line : (int)xmlGetLineNo(node);
        c->line = c->line == 0 ? 1 : c->line;
        write_path(node, c->path);
    }
}

static void ignore(void *context, xmlErrorPtr problem) {
    (void)context;
    (void)problem;
}

sluice_result iso_schema_open(const char *folder, const char *message, iso_schema **schema_out, sluice_error *error) {
    char path[1024];
    *schema_out = NULL;
    int length = snprintf(path, sizeof path, "%s/%s.xsd", folder, message);
    xmlSchemaParserCtxt *parser = length > 0 && (size_t)length < sizeof path ? xmlSchemaNewParserCtxt(path) : NULL;
    if (parser != NULL) {
        xmlSchemaSetParserStructuredErrors(parser, ignore, NULL);
    }
    xmlSchema *schema = parser == NULL ? NULL : xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema == NULL) {
        return error_set(error, SLUICE_E_NOT_FOUND,
                         "there is no schema for %s in the folder of schemas: put %s.xsd there", message, message);
    }
    iso_schema *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        xmlSchemaFree(schema);
        return error_no_memory(error, sizeof *s);
    }
    s->schema = schema;
    (void)snprintf(s->message, sizeof s->message, "%s", message);
    *schema_out = s;
    return SLUICE_OK;
}

void iso_schema_close(iso_schema **schema) {
    if (*schema != NULL) {
        xmlSchemaFree((*schema)->schema);
        memory_free(*schema);
        *schema = NULL;
    }
}

sluice_result iso_schema_check(const iso_schema *schema, xmlDoc *document, iso_complaint *complaint,
                               sluice_error *error) {
    xmlSchemaValidCtxt *check = xmlSchemaNewValidCtxt(schema->schema);
    int wrong = -1;
    memset(complaint, 0, sizeof *complaint);
    if (check != NULL) {
        xmlSchemaSetValidStructuredErrors(check, take_complaint, complaint);
        wrong = xmlSchemaValidateDoc(check, document);
    }
    xmlSchemaFreeValidCtxt(check);
    return wrong == 0 ? SLUICE_OK
           : wrong < 0
               ? error_no_memory(error, 0)
               : error_set(error, SLUICE_E_INPUT, "%s, line %d: element %s is not as its schema has it",
                           schema->message, complaint->line, complaint->path[0] == '\0' ? "Document" : complaint->path);
}
