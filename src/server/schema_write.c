/* Descriptions as JSON Schema (2020-12), which is what OpenAPI 3.1 has in its schemas. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "server/schema_private.h"

static yyjson_mut_val *object_new(json_document *d) {
    yyjson_mut_val *object = yyjson_mut_obj(d->doc);
    d->failed |= object == NULL;
    return object;
}

static void add_word(json_document *d, yyjson_mut_val *object, const char *key, const char *word) {
    json_add_text(d, object, key, text_of(word));
}

static void add_codes(json_document *d, yyjson_mut_val *object, const char *codes, bool nullable) {
    yyjson_mut_val *list = json_add_array(d, object, "enum");
    sluice_text rest = text_of(codes), code;
    while (rest.length > 0) {
        (void)text_split(rest, '|', &code, &rest);
        d->failed |= list == NULL || !yyjson_mut_arr_add_strncpy(d->doc, list, code.data, code.length);
    }
    if (nullable) {
        d->failed |= list == NULL || !yyjson_mut_arr_add_null(d->doc, list);
    }
}

static void add_type(json_document *d, yyjson_mut_val *object, const char *type, bool nullable) {
    if (!nullable) {
        add_word(d, object, "type", type);
        return;
    }
    yyjson_mut_val *list = json_add_array(d, object, "type");
    d->failed |=
        list == NULL || !yyjson_mut_arr_add_str(d->doc, list, type) || !yyjson_mut_arr_add_str(d->doc, list, "null");
}

static void add_reference(json_document *d, yyjson_mut_val *object, const char *name) {
    char path[120];
    (void)snprintf(path, sizeof path, "#/components/schemas/%s", name);
    d->failed |= object == NULL || !yyjson_mut_obj_add_strcpy(d->doc, object, "$ref", path);
}

static const char *json_type_of(api_type type) {
    switch (type) {
    case API_INTEGER:
    case API_MONEY:
        return "integer";
    case API_NUMBER:
        return "number";
    case API_BOOLEAN:
        return "boolean";
    default:
        return "string";
    }
}

/* What the type alone says. */
static void write_type(json_document *d, yyjson_mut_val *object, const api_field *f, bool nullable) {
    if (f->type == API_ANY) {
        return;
    }
    if (f->type == API_OBJECT && nullable) {
        yyjson_mut_val *either = json_add_array(d, object, "anyOf");
        add_reference(d, json_append_object(d, either), f->object->name);
        add_word(d, json_append_object(d, either), "type", "null");
        return;
    }
    if (f->type == API_OBJECT) {
        add_reference(d, object, f->object->name);
        return;
    }
    add_type(d, object, json_type_of(f->type), nullable);
    switch (f->type) {
    case API_INTEGER:
    case API_MONEY:
        add_word(d, object, "format", "int64");
        break;
    case API_TIME:
        add_word(d, object, "format", "date-time");
        break;
    case API_DURATION:
        add_word(d, object, "pattern", "^([0-9]+(ms|s|m|h|d))+$");
        break;
    case API_KEY:
        add_word(d, object, "pattern", "^[a-z_][a-z0-9_]*:.+");
        break;
    case API_CODE:
        if (f->codes != NULL) {
            add_codes(d, object, f->codes, nullable);
        }
        break;
    default:
        break;
    }
}

static void write_range(json_document *d, yyjson_mut_val *object, const api_field *f) {
    bool number = f->type == API_INTEGER || f->type == API_MONEY;
    bool list = (f->flags & API_LIST) != 0;
    if (f->min == 0 && f->max == 0) {
        return;
    }
    if (number && !list) {
        json_add_int(d, object, "minimum", f->min);
        json_add_int(d, object, "maximum", f->max);
    } else {
        if (f->min > 0) {
            json_add_int(d, object, list ? "minItems" : "minLength", list ? f->min : 1);
        }
        if (f->max > 0) {
            json_add_int(d, object, list ? "maxItems" : "maxLength", f->max);
        }
    }
}

static void write_words(json_document *d, yyjson_mut_val *object, const char *en, const char *zh) {
    char words[600];
    if (en != NULL) {
        (void)snprintf(words, sizeof words, "%s%s%s", en, zh == NULL ? "" : " · ", zh == NULL ? "" : zh);
        d->failed |= object == NULL || !yyjson_mut_obj_add_strcpy(d->doc, object, "description", words);
    }
}

yyjson_mut_val *api_field_schema(json_document *d, const api_field *f) {
    yyjson_mut_val *object = object_new(d);
    bool nullable = (f->flags & API_NULLABLE) != 0;
    if ((f->flags & API_LIST) != 0) {
        add_type(d, object, "array", nullable);
        write_type(d, json_add_object(d, object, "items"), f, false);
    } else {
        write_type(d, object, f, nullable);
    }
    write_range(d, object, f);
    write_words(d, object, f->en, f->zh);
    return object;
}

/* ---- whole schemas ---- */

/* dated rows have a `number` of their own. */
static bool has_field(const api_schema *s, const char *name) {
    api_field f;
    for (size_t i = 0; i < api_field_count(s); i++) {
        if (api_field_at(s, i, &f) && strcmp(f.name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void write_members(json_document *d, yyjson_mut_val *object, const api_schema *s) {
    add_word(d, object, "type", "object");
    yyjson_mut_val *properties = json_add_object(d, object, "properties");
    yyjson_mut_val *required = yyjson_mut_arr(d->doc);
    static const api_field RECORD[] = {
        {.name = "id", .type = API_INTEGER, .flags = API_REQUIRED, .en = "the record's number", .zh = "编号"},
        {.name = "version", .type = API_INTEGER, .flags = API_REQUIRED, .en = "as in its ETag", .zh = "版本"},
        {.name = "created_at", .type = API_TIME, .flags = API_REQUIRED, .en = "when it was made", .zh = "创建时间"},
        {.name = "updated_at", .type = API_TIME, .flags = API_REQUIRED, .en = "last change", .zh = "修改时间"},
        {.name = "number", .type = API_TEXT, .en = "the number for people, such as W-00000017", .zh = "文书编号"},
        {.name = "acts", .type = API_TEXT, .flags = API_LIST, .en = "what one may do with it now", .zh = "可办操作"},
    };
    for (size_t i = 0; s->is_record && i < sizeof RECORD / sizeof *RECORD; i++) {
        if (has_field(s, RECORD[i].name)) {
            continue;
        }
        json_add(d, properties, RECORD[i].name, api_field_schema(d, &RECORD[i]));
        if ((RECORD[i].flags & API_REQUIRED) != 0) {
            d->failed |= required == NULL || !yyjson_mut_arr_add_str(d->doc, required, RECORD[i].name);
        }
    }
    for (size_t i = 0; i < api_field_count(s); i++) {
        api_field f;
        if (!api_field_at(s, i, &f)) {
            continue;
        }
        /* An answer may have null where an input may leave it out. */
        f.flags |= s->is_record && (f.flags & API_REQUIRED) == 0 ? API_NULLABLE : 0;
        json_add(d, properties, f.name, api_field_schema(d, &f));
        if ((f.flags & API_REQUIRED) != 0) {
            d->failed |= required == NULL || !yyjson_mut_arr_add_str(d->doc, required, f.name);
        }
    }
    if (required != NULL && yyjson_mut_arr_size(required) > 0) {
        json_add(d, object, "required", required);
    }
    if (s->at_least_of != NULL) {
        yyjson_mut_val *choices = json_add_array(d, object, "anyOf");
        sluice_text rest = text_of(s->at_least_of), name;
        while (rest.length > 0) {
            (void)text_split(rest, '|', &name, &rest);
            yyjson_mut_val *needs = json_add_array(d, json_append_object(d, choices), "required");
            d->failed |= needs == NULL || !yyjson_mut_arr_add_strncpy(d->doc, needs, name.data, name.length);
        }
    }
    if (!s->is_open) {
        json_add_bool(d, object, "additionalProperties", false);
    }
}

/* Makes "#/$defs/…" of a schema that stands alone point to where it is in the document. */
static void move_references(json_document *d, yyjson_mut_val *value, const char *name) {
    static const char HERE[] = "#/$defs/";
    size_t index, count;
    yyjson_mut_val *key, *member;
    if (yyjson_mut_is_arr(value)) {
        yyjson_mut_arr_foreach(value, index, count, member) {
            move_references(d, member, name);
        }
    }
    if (!yyjson_mut_is_obj(value)) {
        return;
    }
    yyjson_mut_obj_foreach(value, index, count, key, member) {
        const char *target = yyjson_mut_get_str(member);
        if (yyjson_mut_equals_str(key, "$ref") && target != NULL && strncmp(target, HERE, sizeof HERE - 1) == 0) {
            char path[200];
            (void)snprintf(path, sizeof path, "#/components/schemas/%s/$defs/%s", name, target + sizeof HERE - 1);
            yyjson_mut_val *moved = yyjson_mut_strcpy(d->doc, path);
            d->failed |= moved == NULL || !yyjson_mut_set_str(member, yyjson_mut_get_str(moved));
        } else {
            move_references(d, member, name);
        }
    }
}

/* A published schema, with its references moved. */
static yyjson_mut_val *copy_published(json_document *d, const api_schema *s) {
    yyjson_doc *doc = yyjson_read(s->json, s->json_length, YYJSON_READ_NOFLAG);
    yyjson_mut_val *copy = doc == NULL ? NULL : yyjson_val_mut_copy(d->doc, yyjson_doc_get_root(doc));
    d->failed |= copy == NULL;
    yyjson_doc_free(doc);
    move_references(d, copy, s->name);
    return copy;
}

yyjson_mut_val *api_schema_write(json_document *d, const api_schema *s) {
    if (s->json != NULL) {
        return copy_published(d, s);
    }
    yyjson_mut_val *object = object_new(d);
    if (!s->is_list) {
        write_members(d, object, s);
    } else {
        add_word(d, object, "type", "object");
        yyjson_mut_val *properties = json_add_object(d, object, "properties");
        yyjson_mut_val *items = json_add_object(d, properties, "items");
        add_word(d, items, "type", "array");
        write_members(d, json_add_object(d, items, "items"), s);
        yyjson_mut_val *next = json_add_object(d, properties, "next");
        add_type(d, next, "string", true);
        write_words(d, next, "the next page's cursor; null: this is the last", "下一页游标");
        yyjson_mut_val *orders = json_add_object(d, properties, "orders");
        add_word(d, orders, "type", "array");
        add_word(d, json_add_object(d, orders, "items"), "type", "string");
        write_words(d, orders,
                    "on the first page of a list that can be ordered: what `order` may be with these filters",
                    "可用排序");
        yyjson_mut_val *required = json_add_array(d, object, "required");
        d->failed |= required == NULL || !yyjson_mut_arr_add_str(d->doc, required, "items") ||
                     !yyjson_mut_arr_add_str(d->doc, required, "next");
        json_add_bool(d, object, "additionalProperties", false);
    }
    write_words(d, object, s->en, NULL);
    return object;
}
