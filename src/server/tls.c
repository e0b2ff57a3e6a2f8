/* TLS: one certificate with its chain and key, chosen anew at each handshake, so that new files are in use without
 * closing a connection. Everything here runs on the http thread. */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "base/error.h"
#include "server/server_private.h"
#include "sys/file.h"

#define CHAIN_MAX 8

typedef struct tls_files {
    struct tls_files *older; /* a handshake may still be using them: kept until the end, a few KB for each reload */
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned chain_length;
    gnutls_privkey_t key;
} tls_files;

struct tls_store {
    const char *certificate, *key; /* paths, borrowed */
    tls_files *files;              /* in use, and those before */
};

/* libmicrohttpd hands no context to the callback. One server with TLS a process: a second one is refused. */
static tls_store *current;

static sluice_result load_text(const char *path, file_view *view, gnutls_datum_t *datum, sluice_error *error) {
    sluice_result result = file_map(path, view, error);
    union {
        const char *from;
        unsigned char *to;
    } data = {.from = view->data}; /* gnutls does not write to it */
    *datum = (gnutls_datum_t){data.to, (unsigned)view->bytes};
    return result;
}

static void files_free(tls_files *f) {
    if (f == NULL) {
        return;
    }
    for (unsigned i = 0; i < f->chain_length; i++) {
        gnutls_pcert_deinit(&f->chain[i]);
    }
    if (f->key != NULL) {
        gnutls_privkey_deinit(f->key);
    }
    memory_free(f);
}

static sluice_result files_load(const tls_store *t, tls_files **files_out, sluice_error *error) {
    file_view certificate = {0}, key = {0};
    gnutls_datum_t certificate_text, key_text;
    tls_files *out = *files_out = memory_new_zero(1, sizeof *out);
    if (out == NULL) {
        return error_no_memory(error, sizeof *out);
    }
    sluice_result result = load_text(t->certificate, &certificate, &certificate_text, error);
    if (result == SLUICE_OK) {
        result = load_text(t->key, &key, &key_text, error);
    }
    if (result != SLUICE_OK) {
        goto out;
    }
    unsigned length = CHAIN_MAX;
    int code = gnutls_pcert_list_import_x509_raw(out->chain, &length, &certificate_text, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0) {
        result = error_set(error, SLUICE_E_INPUT, "%s is not a certificate in PEM (%s)", t->certificate,
                           gnutls_strerror(code));
        goto out;
    }
    out->chain_length = length;
    code = gnutls_privkey_init(&out->key);
    if (code >= 0) {
        code = gnutls_privkey_import_x509_raw(out->key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0);
    }
    if (code < 0) {
        result = error_set(error, SLUICE_E_INPUT, "%s is not a key in PEM without a password (%s)", t->key,
                           gnutls_strerror(code));
    }
out:
    file_unmap(&certificate);
    file_unmap(&key);
    if (result != SLUICE_OK) {
        files_free(out);
        *files_out = NULL;
    }
    return result;
}

sluice_result tls_open(const char *certificate, const char *key, tls_store **tls_out, sluice_error *error) {
    *tls_out = NULL;
    if (current != NULL) {
        return error_set(error, SLUICE_E_BUSY, "this process serves by TLS already");
    }
    tls_store *t = memory_new_zero(1, sizeof *t);
    if (t == NULL) {
        return error_no_memory(error, sizeof *t);
    }
    t->certificate = certificate;
    t->key = key;
    sluice_result result = files_load(t, &t->files, error);
    if (result != SLUICE_OK) {
        memory_free(t);
        return result;
    }
    current = *tls_out = t;
    return SLUICE_OK;
}

sluice_result tls_reload(tls_store *t, sluice_error *error) {
    tls_files *files = NULL;
    sluice_result result = files_load(t, &files, error);
    if (result == SLUICE_OK) {
        files->older = t->files;
        t->files = files;
    }
    return result;
}

void tls_close(tls_store **tls) {
    if (*tls != NULL) {
        while ((*tls)->files != NULL) {
            tls_files *older = (*tls)->files->older;
            files_free((*tls)->files);
            (*tls)->files = older;
        }
        memory_free(*tls);
        *tls = current = NULL;
    }
}

static int choose(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                  const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain_out,
                  unsigned *length_out, gnutls_privkey_t *key_out) {
    (void)session;
    (void)authorities;
    (void)authority_count;
    (void)algorithms;
    (void)algorithm_count;
    if (current == NULL) {
        return -1;
    }
    *chain_out = current->files->chain;
    *length_out = current->files->chain_length;
    *key_out = current->files->key;
    return 0;
}

tls_callback tls_choose(void) {
    return choose;
}
