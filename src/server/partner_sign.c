/* Signed requests of partners (docs/gateways.md): the key is that of their bank link. Programs sign; a person who has
 * signed in with a password does not: the session is its proof, and its changes carry the console's own header. */
#include <string.h>

#include "base/error.h"
#include "desk/nonce.h"
#include "desk/partner_link.h"
#include "gateway/bank_sign.h"
#include "server/partner_private.h"
#include "server/server_private.h"
#include "sys/secret_file.h"

enum { WINDOW_MS = 300000, NONCE_TEXT_MIN = 16, NONCE_TEXT_MAX = 64 };

static sluice_result refuse(desk_command *c, const char *why) {
    return error_set(c->error, SLUICE_E_UNAUTHENTICATED, "%s", why);
}

static sluice_result check_with(request *rq, desk_command *c, bank_scheme scheme, sluice_text key) {
    uint64_t at = 0;
    if (rq->signature.length == 0) {
        return refuse(c, "requests of this partner are signed: Sluice-Timestamp, Sluice-Nonce and Sluice-Signature are "
                         "expected");
    }
    if (!text_to_u64(rq->timestamp, &at) || at > INT64_MAX || (int64_t)at < c->now_ms - WINDOW_MS ||
        (int64_t)at > c->now_ms + WINDOW_MS) {
        return refuse(c, "Sluice-Timestamp: milliseconds since 1970, at most five minutes from now, are expected");
    }
    if (rq->nonce.length < NONCE_TEXT_MIN || rq->nonce.length > NONCE_TEXT_MAX) {
        return refuse(c, "Sluice-Nonce: 16 to 64 characters are expected");
    }
    text_writer target = {0};
    text_write(&target, rq->path);
    for (size_t i = 0; i < rq->parameter_count; i++) {
        text_write_char(&target, i == 0 ? '?' : '&');
        text_write(&target, rq->parameters[i].raw);
    }
    const bank_signed what = {text_of(route_method_name(rq->route->method)),
                              {target.data, target.length},
                              rq->timestamp,
                              rq->nonce,
                              rq->body};
    bool right = !target.failed && bank_is_signed(scheme, key, &what, rq->signature);
    text_writer_fini(&target);
    return right ? SLUICE_OK : refuse(c, "Sluice-Signature is not that of this request under the partner's key");
}

/* Where there is a key requests are signed, whatever the settings say of our own. */
static bank_scheme scheme_of(const record *link) {
    bank_scheme scheme = BANK_HMAC_SM3;
    sluice_text settings = value_text_or_empty(&link->values[LINK_SETTINGS]);
    yyjson_doc *doc = settings.length == 0 ? NULL : yyjson_read(settings.data, settings.length, 0);
    yyjson_val *word = yyjson_obj_get(yyjson_doc_get_root(doc), "sign");
    (void)bank_scheme_of((sluice_text){yyjson_get_str(word), yyjson_get_len(word)}, &scheme);
    yyjson_doc_free(doc);
    return scheme == BANK_UNSIGNED ? BANK_HMAC_SM3 : scheme;
}

sluice_result partner_check(request *rq, desk_command *c, bool *signed_out) {
    record link;
    char name[208];
    size_t length = 0;
    *signed_out = false;
    if (c->actor->session != 0) {
        return SLUICE_OK;
    }
    sluice_result result = c->actor->institution.length == 0
                               ? SLUICE_E_NOT_FOUND
                               : partner_link_find(c, "bank", c->actor->institution, &link);
    if (result == SLUICE_E_NOT_FOUND) {
        return SLUICE_OK; /* no link, no key: the API key alone says who it is */
    }
    if (result != SLUICE_OK || link.values[LINK_KEY_FILE].is_null) {
        return result;
    }
    char *buffer = arena_alloc(c->arena, SECRET_FILE_BYTES_MAX);
    if (buffer == NULL) {
        return error_no_memory(c->error, SECRET_FILE_BYTES_MAX);
    }
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(link.values[LINK_KEY_FILE].text));
    const char *folder = rq->server->options.gateway_keys;
    if (folder == NULL || secret_file_read(folder, name, buffer, &length, c->error) != SLUICE_OK) {
        return error_set(c->error, SLUICE_E_BUSY, "the partner's key cannot be read here: tell the administrator");
    }
    while (length > 0 && (buffer[length - 1] == '\n' || buffer[length - 1] == '\r')) {
        length--;
    }
    *signed_out = true;
    return check_with(rq, c, scheme_of(&link), (sluice_text){buffer, length});
}

sluice_result partner_once(desk_command *c, const request *rq) {
    return nonce_use(c, c->actor->institution, rq->nonce, c->now_ms + (int64_t)2 * WINDOW_MS);
}
