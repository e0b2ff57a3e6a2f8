/* The console's files, which the program carries with it (cmake/Console.cmake), and how they are served. */
#ifndef SERVER_WEB_PRIVATE_H
#define SERVER_WEB_PRIVATE_H

#include "server/exchange_private.h"

typedef struct web_part {
    size_t offset, length; /* in WEB_BYTES; length 0: there is none */
} web_part;

typedef struct web_file {
    const char *path; /* "/assets/index-1a2b3c.js" */
    const char *content_type;
    const char *hash; /* the first 32 hex digits of the content's SHA-256 */
    bool is_lasting;  /* its name has its hash: it never changes */
    bool is_page;     /* the one page; NONCE in it is replaced */
    web_part plain, gzip, brotli;
} web_file;

/* Sorted by path. */
extern const web_file WEB_FILES[];
extern const size_t WEB_FILE_COUNT;
extern const unsigned char WEB_BYTES[];

/* What the build writes where each answer puts its own nonce of the content security policy. */
#define WEB_NONCE "__SLUICE_NONCE__"

/* For an address that no route has. True: it is the console's, or would be if this build had it, and the response is
 * filled. Only GET and HEAD; the page answers its own addresses (/warnings/17) too, where the client wants HTML. Http
 * thread; one copy of the file. */
bool web_answer(exchange *x, const char *method_name);

#endif
