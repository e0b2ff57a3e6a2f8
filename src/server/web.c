/* Serves the console: files with a hash in their name for a year, everything else asked for again each time, the page
 * with a policy of its own.
 *
 * The policy lets through what comes from here and nothing else: no foreign script, style, picture or connection, no
 * frame. The page's first script, which asks for it anew when a file of it does not come, and styles that the
 * components make while they run carry the page's nonce, which is new with each answer; so the page is never
 * compressed beforehand and never kept by anybody. */
#include "server/web_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "server/server_private.h"
#include "sys/random.h"

enum { NONCE_BYTES = 16 };

static const char MISSING[] =
    "This sluice was built without the console: build it with -DSLUICE_CONSOLE=ON, as ./run build does.\n"
    "The API is here: /openapi.json\n"
    "本程序未包含控制台：请以 -DSLUICE_CONSOLE=ON 构建（./run build 即是）。接口说明见 /openapi.json\n";

/* For the log and for 304: the console's files have no row in the table of routes, because they are no part of the API.
 */
static const route WEB_ROUTE = {.method = METHOD_GET, .template = "console", .flags = ROUTE_QUIET};

static bool begins(sluice_text text, const char *word) {
    size_t length = strlen(word);
    return text.length >= length && memcmp(text.data, word, length) == 0;
}

static bool contains(sluice_text text, const char *word) {
    return text.length > 0 && memmem(text.data, text.length, word, strlen(word)) != NULL;
}

static int compare_path(const void *path, const void *file) {
    const sluice_text *wanted = path;
    const char *there = ((const web_file *)file)->path;
    size_t length = strlen(there);
    int order = memcmp(wanted->data, there, wanted->length < length ? wanted->length : length);
    return order != 0 ? order : (wanted->length > length) - (wanted->length < length);
}

static const web_file *find(sluice_text path) {
    return bsearch(&path, WEB_FILES, WEB_FILE_COUNT, sizeof *WEB_FILES, compare_path);
}

/* An address inside the page: no file's, not the API's, and asked for by somebody who reads HTML. */
static bool is_page_address(const request *rq) {
    sluice_text path = rq->path;
    const char *last = path.length == 0 ? NULL : memrchr(path.data, '/', path.length);
    return last != NULL && memchr(last, '.', (size_t)(path.data + path.length - last)) == NULL &&
           !begins(path, "/v1/") && (path.length == 1 || contains(rq->accept, "text/html"));
}

static void add_policy(request *rq, response *rs, const char *nonce) {
    response_add_header(
        rq, rs, "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'nonce-%s'; style-src 'self' 'nonce-%s'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
        nonce, nonce);
    response_add_header(
        rq, rs, "Permissions-Policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), payment=(), usb=()");
    response_add_header(rq, rs, "Cross-Origin-Opener-Policy", "same-origin");
}

/* The page, with the nonce at each of its places. */
static bool write_page(request *rq, response *rs, const web_file *file) {
    unsigned char random[NONCE_BYTES];
    char nonce[NONCE_BYTES * 2 + 1];
    if (!random_secret(random, sizeof random)) {
        return false;
    }
    hex_write(random, sizeof random, nonce);
    const char *at = (const char *)WEB_BYTES + file->plain.offset, *end = at + file->plain.length;
    for (const char *found; at < end; at = found) {
        found = memmem(at, (size_t)(end - at), WEB_NONCE, sizeof WEB_NONCE - 1);
        text_write(&rs->body, (sluice_text){at, (size_t)((found == NULL ? end : found) - at)});
        if (found == NULL) {
            break;
        }
        text_write(&rs->body, text_of(nonce));
        found += sizeof WEB_NONCE - 1;
    }
    add_policy(rq, rs, nonce);
    return true;
}

static void write_file(request *rq, response *rs, const web_file *file) {
    bool brotli = file->brotli.length > 0 && contains(rq->encodings, "br");
    bool gzip = !brotli && file->gzip.length > 0 && contains(rq->encodings, "gzip");
    const web_part *part = brotli ? &file->brotli : gzip ? &file->gzip : &file->plain;
    if (brotli || gzip) {
        response_add_header(rq, rs, "Content-Encoding", "%s", brotli ? "br" : "gzip");
    }
    response_add_header(rq, rs, "Vary", "Accept-Encoding");
    response_add_header(rq, rs, "ETag", "\"%s%s\"", file->hash, brotli ? "-br" : gzip ? "-gz" : "");
    response_add_header(rq, rs, "Cache-Control", "%s",
                        file->is_lasting ? "public, max-age=31536000, immutable" : "no-cache");
    response_add_header(rq, rs, "Cross-Origin-Resource-Policy", "same-origin");
    /* Of a script's own policy a worker made of it takes note: the one that holds the stream of events asks us. */
    response_add_header(rq, rs, "Content-Security-Policy",
                        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'");
    text_write(&rs->body, (sluice_text){(const char *)WEB_BYTES + part->offset, part->length});
}

bool web_answer(exchange *x, const char *method_name) {
    request *rq = &x->request;
    response *rs = &x->response;
    bool reads = strcmp(method_name, "GET") == 0 || strcmp(method_name, "HEAD") == 0;
    const web_file *file = !reads ? NULL : find(rq->path);
    if (file == NULL && reads && is_page_address(rq)) {
        file = find(TEXT("/index.html"));
        if (file == NULL && rq->path.length != 1) {
            return false;
        }
    } else if (file == NULL) {
        return false;
    }
    rq->route = &WEB_ROUTE;
    x->route_index = SIZE_MAX;
    x->handled = true;
    if (file == NULL) {
        rs->status = 404;
        rs->content_type = "text/plain; charset=utf-8";
        text_write(&rs->body, text_of(MISSING));
        return true;
    }
    rs->content_type = file->content_type;
    if (!file->is_page) {
        write_file(rq, rs, file);
    } else if (!write_page(rq, rs, file)) {
        request_fail(x, 500, SLUICE_E_IO, "the system gives no random bytes");
    }
    return true;
}
