/* What is no HTTP, or does not fit into its memory, libmicrohttpd refuses by itself, with a page of HTML that no option
 * replaces (and, in 0.9.75, with its head twice where Host or Content-Length is wrong). It queues that page by the same
 * public function as the daemon does its answers, so the program has that function: an answer of ours goes on to the
 * library's (the next definition that the dynamic linker finds); in the place of one of its own a problem is written,
 * and we say that nothing could be queued, upon which it closes the connection. Where the linker binds the library to
 * itself, its page comes as before; tests/e2e/server/http_cases.py tells.
 *
 * In the program, not in libsluice: whoever uses that may have a daemon of his own. */
#include <dlfcn.h>
#include <microhttpd.h>

#include "server/http_refuse.h"

typedef enum MHD_Result (*queue_function)(struct MHD_Connection *, unsigned, struct MHD_Response *);

static queue_function libmicrohttpd_queue(void) {
    static union {
        void *from;
        queue_function to;
    } found; /* the http thread's */
    if (found.from == NULL) {
        found.from = dlsym(RTLD_NEXT, "MHD_queue_response");
    }
    return found.to;
}

__attribute__((visibility("default"))) enum MHD_Result MHD_queue_response(struct MHD_Connection *handle,
                                                                          unsigned status, struct MHD_Response *made) {
    queue_function queue = libmicrohttpd_queue();
    return queue == NULL || http_refuse_page(handle, status, made) ? MHD_NO : queue(handle, status, made);
}
