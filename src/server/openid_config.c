/* The file of `sluice serve --openid`: a JSON object, described in docs/daemon.md. A member that is not known is
 * refused, so that a typing error in a secret's name does not make a public client of us. */
#include <string.h>
#include <yyjson.h>

#include "base/error.h"
#include "server/openid_private.h"
#include "signal/json.h"
#include "sys/file.h"

enum { SKEW_MS = 60000, SKEW_S_MAX = 300, FILE_BYTES_MAX = 65536 };
static const char CALLBACK[] = "/v1/session/openid/callback";

typedef struct member_row {
    const char *name;
    bool required, is_file; /* a file whose first line is the value */
    size_t offset;
} member_row;

#define TEXT_MEMBER(name_, required_, is_file_, field_)                                                                \
    { name_, required_, is_file_, offsetof(openid_config, field_) }
static const member_row MEMBERS[] = {
    TEXT_MEMBER("issuer", true, false, issuer),
    TEXT_MEMBER("client_id", true, false, client),
    TEXT_MEMBER("client_secret_file", false, true, secret),
    TEXT_MEMBER("redirect_uri", true, false, redirect),
    TEXT_MEMBER("scope", false, false, scopes),
    TEXT_MEMBER("after_sign_in", false, false, after_sign_in),
    TEXT_MEMBER("after_sign_out", false, false, after_sign_out),
    TEXT_MEMBER("ca_file", false, false, authorities),
    TEXT_MEMBER("name_en", false, false, name_en),
    TEXT_MEMBER("name_zh", false, false, name_zh),
};
enum { MEMBER_COUNT = sizeof MEMBERS / sizeof *MEMBERS };

static sluice_result wrong(sluice_error *error, const char *path, const char *name, const char *expected) {
    return error_set(error, SLUICE_E_INPUT, "%s: %s: %s is expected", path, name, expected);
}

static sluice_result read_line(const char *path, arena *a, const char **line_out, sluice_error *error) {
    file_view view = {0};
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_text line, rest;
    (void)text_split((sluice_text){view.data, view.bytes}, '\n', &line, &rest);
    line = text_trim(line);
    char *copy = line.length == 0 || line.length > 1000 ? NULL : arena_alloc(a, line.length + 1);
    if (copy == NULL) {
        result =
            error_set(error, SLUICE_E_INPUT, "%s: a secret of 1 to 1,000 bytes in its first line is expected", path);
    } else {
        memcpy(copy, line.data, line.length);
        copy[line.length] = '\0';
    }
    *line_out = copy;
    file_unmap(&view);
    return result;
}

static bool is_plain(sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7F) {
            return false;
        }
    }
    return text.length > 0 && text.length <= 1000;
}

static sluice_result take_text(const char *path, const member_row *row, yyjson_val *value, arena *a,
                               openid_config *config, sluice_error *error) {
    sluice_text text = {yyjson_get_str(value), yyjson_get_len(value)};
    const char **to = (const char **)((char *)config + row->offset);
    if (!yyjson_is_str(value) || !is_plain(text)) {
        return wrong(error, path, row->name, "a text of 1 to 1,000 bytes");
    }
    const char *copy = arena_copy(a, text.data, text.length + 1);
    if (copy == NULL) {
        return error_no_memory(error, text.length);
    }
    *to = copy;
    return row->is_file ? read_line(copy, a, to, error) : SLUICE_OK;
}

static sluice_result take_member(const char *path, yyjson_val *key, yyjson_val *value, arena *a, openid_config *config,
                                 sluice_error *error) {
    const char *name = yyjson_get_str(key);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(MEMBERS[i].name, name) == 0) {
            return take_text(path, &MEMBERS[i], value, a, config, error);
        }
    }
    if (strcmp(name, "clock_skew_s") == 0) {
        bool good = yyjson_is_uint(value) && yyjson_get_uint(value) <= SKEW_S_MAX;
        config->skew_ms = good ? (int64_t)yyjson_get_uint(value) * 1000 : 0;
        return good ? SLUICE_OK : wrong(error, path, name, "0 to 300 seconds");
    }
    if (strcmp(name, "allow_http") == 0) {
        config->allow_http = yyjson_get_bool(value);
        return yyjson_is_bool(value) ? SLUICE_OK : wrong(error, path, name, "true or false");
    }
    return error_set(error, SLUICE_E_INPUT, "%s: %.60s is not known: docs/daemon.md lists what is", path, name);
}

static bool begins_with(sluice_text text, const char *begin) {
    size_t length = strlen(begin);
    return text.length > length && memcmp(text.data, begin, length) == 0;
}

bool openid_address_is_good(const openid_config *config, sluice_text address) {
    static const char *const LOOPBACK[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};
    bool http = false;
    if (memchr(address.length == 0 ? "" : address.data, '#', address.length) != NULL || !is_plain(address) ||
        memchr(address.data, '@', address.length) != NULL || memchr(address.data, ' ', address.length) != NULL) {
        return false;
    }
    for (size_t i = 0; config->allow_http && i < sizeof LOOPBACK / sizeof *LOOPBACK; i++) {
        size_t length = strlen(LOOPBACK[i]);
        http =
            http || (begins_with(address, LOOPBACK[i]) && (address.data[length] == ':' || address.data[length] == '/'));
    }
    return http || begins_with(address, "https://");
}

static sluice_result check(const char *path, const openid_config *c, sluice_error *error) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (MEMBERS[i].required && *(const char *const *)((const char *)c + MEMBERS[i].offset) == NULL) {
            return wrong(error, path, MEMBERS[i].name, "it");
        }
    }
    size_t length = strlen(c->redirect), ends = sizeof CALLBACK - 1;
    if (!openid_address_is_good(c, text_of(c->issuer))) {
        return wrong(error, path, "issuer", "an https address");
    }
    if (!openid_address_is_good(c, text_of(c->redirect)) || length <= ends ||
        strcmp(c->redirect + length - ends, CALLBACK) != 0) {
        return wrong(error, path, "redirect_uri",
                     "this daemon's https address that ends in /v1/session/openid/callback");
    }
    return SLUICE_OK;
}

sluice_result openid_config_read(const char *path, arena *a, openid_config *config_out, sluice_error *error) {
    file_view view = {0};
    yyjson_read_err problem = {0};
    yyjson_alc allocator = json_arena(a);
    *config_out = (openid_config){.scopes = "openid",
                                  .after_sign_in = "/",
                                  .after_sign_out = "/",
                                  .name_en = "Single sign-on",
                                  .name_zh = "统一身份认证",
                                  .skew_ms = SKEW_MS};
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    char *text = view.bytes == 0 || view.bytes > FILE_BYTES_MAX ? NULL : arena_copy(a, view.data, view.bytes);
    yyjson_doc *doc =
        text == NULL ? NULL : yyjson_read_opts(text, view.bytes, YYJSON_READ_NOFLAG, &allocator, &problem);
    yyjson_val *root = yyjson_doc_get_root(doc), *key;
    file_unmap(&view);
    if (!yyjson_is_obj(root)) {
        return error_set(error, SLUICE_E_INPUT, "%s is no JSON object (at byte %zu): docs/daemon.md shows one", path,
                         problem.pos + 1);
    }
    yyjson_obj_iter members = yyjson_obj_iter_with(root);
    while (result == SLUICE_OK && (key = yyjson_obj_iter_next(&members)) != NULL) {
        result = take_member(path, key, yyjson_obj_iter_get_val(key), a, config_out, error);
    }
    return result == SLUICE_OK ? check(path, config_out, error) : result;
}
