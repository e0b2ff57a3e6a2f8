#include "desk/render.h"

#include <openssl/evp.h>

#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/mask.h"

static void add_copy(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    if (text.data == NULL) {
        d->failed = true;
        return;
    }
    json_add_text(d, object, key, text);
}

/* JSON that was stored, as JSON again. */
static void add_json(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    yyjson_doc *doc = yyjson_read(text.data, text.length, 0);
    yyjson_mut_val *value = doc == NULL ? NULL : yyjson_val_mut_copy(d->doc, yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
    if (value == NULL) {
        d->failed = true;
        return;
    }
    json_add(d, object, key, value);
}

static void add_blob(desk_command *c, json_document *d, yyjson_mut_val *object, const char *key, sluice_text bytes) {
    unsigned char *text = arena_alloc(c->arena, (bytes.length + 2) / 3 * 4 + 1);
    if (text == NULL || bytes.length > INT32_MAX) {
        d->failed = true;
        return;
    }
    int length = EVP_EncodeBlock(text, (const unsigned char *)bytes.data, (int)bytes.length);
    json_add_text(d, object, key, (sluice_text){(const char *)text, (size_t)length});
}

static void add_value(desk_command *c, json_document *d, yyjson_mut_val *object, const record_field *field,
                      const record_value *value, bool *shown) {
    if (value->is_null) {
        json_add(d, object, field->name, d->doc == NULL ? NULL : yyjson_mut_null(d->doc));
        return;
    }
    if (field->secrecy != SECRECY_NONE && value->text.length > 0) {
        if (c->actor->purpose.length == 0) {
            add_copy(d, object, field->name, mask_text(field->secrecy, value->text, c->arena));
            return;
        }
        *shown = true;
    }
    switch (field->type) {
    case FIELD_BOOLEAN:
        json_add_bool(d, object, field->name, value->integer != 0);
        break;
    case FIELD_TIME:
        json_add_time(d, object, field->name, value->integer);
        break;
    case FIELD_INTEGER:
    case FIELD_MONEY:
    case FIELD_DURATION:
    case FIELD_REFERENCE:
        json_add_int(d, object, field->name, value->integer);
        break;
    case FIELD_JSON:
        add_json(d, object, field->name, value->text);
        break;
    case FIELD_BLOB:
        add_blob(c, d, object, field->name, value->text);
        break;
    default:
        json_add_text(d, object, field->name, value->text);
        break;
    }
}

void render_fields(desk_command *c, json_document *d, yyjson_mut_val *object, const record *r, bool *shown_out) {
    bool shown = false;
    json_add_int(d, object, "id", r->id);
    json_add_int(d, object, "version", r->version);
    json_add_time(d, object, "created_at", r->created_ms);
    json_add_time(d, object, "updated_at", r->updated_ms);
    for (size_t i = 0; i < r->table->field_count; i++) {
        if (r->table->fields[i].secrecy != SECRECY_SECRET) {
            add_value(c, d, object, &r->table->fields[i], &r->values[i], &shown);
        }
    }
    if (shown_out != NULL) {
        *shown_out = *shown_out || shown;
    }
}

void render_record(desk_command *c, json_document *d, yyjson_mut_val *object, const desk_kind *kind, const record *r,
                   bool *shown_out) {
    if (kind->prefix != NULL) {
        char *number = arena_alloc(c->arena, 32);
        int length = number == NULL ? 0 : snprintf(number, 32, "%s-%08lld", kind->prefix, (long long)r->id);
        add_copy(d, object, "number", (sluice_text){number, (size_t)length});
    }
    render_fields(c, d, object, r, shown_out);
    if (!has_field(kind->state)) {
        return;
    }
    yyjson_mut_val *acts = json_add_array(d, object, "acts");
    for (size_t i = 0; i < kind->act_count; i++) {
        const desk_act_row *act = &kind->acts[i];
        if (act->from != NULL && desk_may(c->actor, act) &&
            desk_is_among(act->from, r->values[field_of(kind->state)].text) && acts != NULL &&
            !yyjson_mut_arr_add_str(d->doc, acts, act->name)) {
            d->failed = true;
        }
    }
}
