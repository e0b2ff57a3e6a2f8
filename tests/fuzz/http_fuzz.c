/* What strangers send over HTTP: the first byte says which reader gets the rest.
 *   0 a JSON signal, 1 a cursor, 2 a path, 3 percent-encoding, 4 a body against a schema */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "server/cursor_private.h"
#include "server/route.h"
#include "server/signal_json_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static sluice_result handle(struct request *rq, struct response *rs, sluice_error *error) {
    (void)rq;
    (void)rs;
    (void)error;
    return SLUICE_OK;
}

static const api_field LEAF_FIELDS[] = {
    {.name = "a", .type = API_TEXT, .flags = API_REQUIRED, .max = 9},
    {.name = "t", .type = API_TIME},
    {.name = "d", .type = API_DURATION},
    {.name = "k", .type = API_KEY},
    {.name = "m", .type = API_MONEY, .min = 1, .max = 100},
    {.name = "c", .type = API_CODE, .codes = "x|y"},
};
static const api_schema LEAF = {.name = "leaf", .fields = LEAF_FIELDS, .field_count = 6, .at_least_of = "t|k"};
static const api_field ROOT_FIELDS[] = {
    {.name = "l", .type = API_OBJECT, .flags = API_LIST, .object = &LEAF, .max = 3},
    {.name = "n", .type = API_NUMBER},
    {.name = "o", .type = API_OBJECT, .object = &LEAF},
};
static const api_schema ROOT = {.name = "root", .fields = ROOT_FIELDS, .field_count = 3};

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

/* In place, as the daemon reads it. */
static void try_signal(char *text, size_t length, arena *a) {
    yyjson_doc *doc = yyjson_read_opts(text, length, YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_INSITU, NULL, NULL);
    sluice_signal signal;
    signal_fault fault = {0};
    bool rounded = false;
    if (doc != NULL &&
        signal_from_json(yyjson_doc_get_root(doc), SLUICE_SIGNAL_TRANSFER, a, &signal, &rounded, &fault)) {
        must(signal.kind >= SLUICE_SIGNAL_TRANSFER && signal.kind <= SLUICE_SIGNAL_LOGIN);
        must(signal.amount_fen >= 0 && signal.received_fen >= 0);
        must((signal.id.length == 0 || text_is_utf8(signal.id)) && signal.from.length <= 255 &&
             signal.to.length <= 255);
    } else {
        must(doc == NULL || fault.no_memory || fault.text[0] != '\0');
        must(text_is_utf8(text_of(fault.text)) && text_is_utf8(text_of(fault.field)));
    }
    yyjson_doc_free(doc);
}

static void try_path(sluice_text path, arena *a) {
    static const route ROWS[] = {
        {.template = "/healthz", .handle = handle, .tag = "t", .operation = "o", .en = "e", .zh = "z"},
        {.template = "/v1/a/{#id}", .handle = handle, .tag = "t", .operation = "o", .en = "e", .zh = "z"},
        {.template = "/v1/a/{k}/b/{l}", .handle = handle, .tag = "t", .operation = "o", .en = "e", .zh = "z"},
    };
    route_set *set = NULL;
    route_match match;
    if (route_set_new(&set, NULL) == SLUICE_OK && route_set_add(set, ROWS, 3, NULL) == SLUICE_OK) {
        must(route_find(set, METHOD_GET, path, a, &match));
        for (size_t i = 0; !match.malformed && i < match.variable_count; i++) {
            must(text_is_utf8(match.variables[i]) &&
                 memchr(match.variables[i].data, '\n', match.variables[i].length) == NULL);
        }
    }
    route_set_free(&set);
}

static void try_body(char *text, size_t length, arena *a) {
    yyjson_doc *doc = yyjson_read_opts(text, length, YYJSON_READ_NOFLAG, NULL, NULL);
    api_faults faults;
    if (doc != NULL) {
        bool good = api_check(&ROOT, yyjson_doc_get_root(doc), a, &faults);
        must(good == (faults.count == 0));
        for (size_t i = 0; i < faults.count; i++) {
            must(text_is_utf8(faults.rows[i].detail) && text_is_utf8(faults.rows[i].pointer));
        }
    }
    yyjson_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static const unsigned char KEY[32] = {7};
    arena a = {0};
    sluice_text out;
    bool no_memory = false;
    size_t length = bytes == 0 ? 0 : bytes - 1;
    char *text = calloc(length + 8, 1);
    if (text == NULL || sodium_init() < 0) {
        abort();
    }
    if (length > 0) {
        memcpy(text, data + 1, length);
    }
    switch (bytes == 0 ? 0 : data[0] % 5) {
    case 0:
        try_signal(text, length, &a);
        break;
    case 1:
        must(!cursor_open(KEY, "/v1/a", (sluice_text){text, length}, &a, &out));
        out = cursor_seal(KEY, "/v1/a", (sluice_text){text, length}, &a);
        must(out.length == 0 || cursor_open(KEY, "/v1/a", out, &a, &out));
        break;
    case 2:
        try_path((sluice_text){text, length}, &a);
        break;
    case 3:
        if (percent_decode((sluice_text){text, length}, true, &a, &out, &no_memory)) {
            must(text_is_utf8(out) && out.length <= length);
        }
        break;
    default:
        try_body(text, length, &a);
        break;
    }
    free(text);
    arena_fini(&a);
    return 0;
}
