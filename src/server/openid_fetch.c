/* Requests to the identity provider, by libcurl. Only addresses of the configuration and of the provider's own
 * discovery document are asked, never one that a client sent. */
#include <curl/curl.h>
#include <string.h>

#include "base/error.h"
#include "server/openid_private.h"

enum { ANSWER_BYTES_MAX = 262144, CONNECT_MS = 4000, WHOLE_MS = 10000 };

typedef struct answer {
    text_writer *body;
    bool too_large;
} answer;

static size_t take(char *data, size_t size, size_t count, void *context) {
    answer *a = context;
    size_t bytes = size * count;
    if (a->body->length + bytes > ANSWER_BYTES_MAX) {
        a->too_large = true;
        return 0;
    }
    text_write(a->body, (sluice_text){data, bytes});
    return a->body->failed ? 0 : bytes;
}

static bool set_options(CURL *c, const openid_config *config, const char *address, const char *form, const char *basic,
                        struct curl_slist *headers, answer *a) {
    bool good = curl_easy_setopt(c, CURLOPT_URL, address) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, config->allow_http ? "http,https" : "https") == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_WRITEDATA, a) == CURLE_OK;
    if (good && config->authorities != NULL) {
        good = curl_easy_setopt(c, CURLOPT_CAINFO, config->authorities) == CURLE_OK;
    }
    if (good && form != NULL) {
        good = curl_easy_setopt(c, CURLOPT_POSTFIELDS, form) == CURLE_OK;
    }
    if (good && basic != NULL) {
        good = curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_USERPWD, basic) == CURLE_OK;
    }
    return good;
}

sluice_result openid_fetch(const openid_config *config, const char *address, const char *form, const char *basic,
                           text_writer *body_out, long *status_out, sluice_error *error) {
    answer a = {.body = body_out};
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    sluice_result result = SLUICE_OK;
    *status_out = 0;
    if (c == NULL || headers == NULL || !set_options(c, config, address, form, basic, headers, &a)) {
        result = error_no_memory(error, 0);
    } else {
        CURLcode code = curl_easy_perform(c);
        if (body_out->failed) {
            result = error_no_memory(error, body_out->length);
        } else if (code != CURLE_OK) {
            result = error_set(error, SLUICE_E_IO, "the identity provider: %s",
                               a.too_large ? "its answer is larger than 256 KiB" : curl_easy_strerror(code));
        } else {
            (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, status_out);
        }
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    return result;
}

void openid_encode(text_writer *w, sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char at = (unsigned char)text.data[i];
        bool plain = (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z') || (at >= '0' && at <= '9') || at == '-' ||
                     at == '.' || at == '_' || at == '~';
        if (plain) {
            text_write_char(w, (char)at);
        } else {
            text_printf(w, "%%%02X", at);
        }
    }
}
