/* Inputs: a JSON body against an act's rows. All that is wrong is reported at once, each with its field and what was
 * expected; nothing that no row names is let through. */
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/columns.h"
#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/fields.h"

enum { TEXT_BYTES_MAX = 4000, JSON_BYTES_MAX = 65536 };

sluice_result desk_fault_add(desk_command *c, const char *field, const char *expected, ...) {
    char words[300];
    va_list args;
    va_start(args, expected);
    (void)vsnprintf(words, sizeof words, expected, args);
    va_end(args);
    if (c->fault_count < DESK_FAULTS) {
        desk_fault *fault = &c->faults[c->fault_count];
        const char *name = arena_copy(c->arena, field, strlen(field) + 1);
        const char *text = arena_copy(c->arena, words, strlen(words) + 1);
        if (name == NULL || text == NULL) {
            return error_no_memory(c->error, sizeof words);
        }
        *fault = (desk_fault){text_of(name), text_of(text)};
        c->fault_count++;
    }
    return error_set(c->error, SLUICE_E_INPUT, "%s: %s", field, words);
}

static bool has_control(sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char at = (unsigned char)text.data[i];
        if ((at < 0x20 && at != '\n' && at != '\t' && at != '\r') || at == 0x7f) {
            return true;
        }
    }
    return false;
}

/* Nothing that anybody sees: blanks of all kinds, and what has no width. */
static bool is_blank(sluice_text text) {
    static const char *const BLANKS[] = {" ",      "\t",     "\n",     "\r",     "\u00A0", "\u1680", "\u2000", "\u2001",
                                         "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                         "\u200A", "\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u2028", "\u2029",
                                         "\u202F", "\u205F", "\u2060", "\u3000", "\uFEFF"};
    while (text.length > 0) {
        size_t skip = 0;
        for (size_t i = 0; i < sizeof BLANKS / sizeof *BLANKS && skip == 0; i++) {
            size_t length = strlen(BLANKS[i]);
            skip = length <= text.length && memcmp(text.data, BLANKS[i], length) == 0 ? length : 0;
        }
        if (skip == 0) {
            return false;
        }
        text = (sluice_text){text.data + skip, text.length - skip};
    }
    return true;
}

static bool fault(desk_command *c, const char *path, const char *expected) {
    (void)desk_fault_add(c, path, "%s", expected);
    return false;
}

static bool parse_text(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                       record_value *out) {
    size_t bytes_max = field->bytes_max == 0 ? TEXT_BYTES_MAX : field->bytes_max;
    if (!yyjson_is_str(value)) {
        return fault(c, path, "a text is expected");
    }
    sluice_text text = text_trim((sluice_text){yyjson_get_str(value), yyjson_get_len(value)});
    if (text.length > bytes_max) {
        (void)desk_fault_add(c, path, "at most %zu bytes are expected, these are %zu", bytes_max, text.length);
        return false;
    }
    if (has_control(text)) {
        return fault(c, path, "a text without control characters is expected");
    }
    if (is_blank(text)) {
        if ((field->flags & FIELD_REQUIRED) != 0) {
            return fault(c, path, "a text that is not empty is expected");
        }
        *out = value_null();
        return true;
    }
    const char *copy = arena_copy(c->arena, text.data, text.length);
    *out = value_text((sluice_text){copy, text.length});
    return copy != NULL;
}

/* One of the codes of the field, or of a dated table. */
static bool parse_code(desk_command *c, const record_field *field, const char *path, record_value *out) {
    if (out->is_null) {
        return true;
    }
    if (field->codes == NULL) {
        if (dated_find(c->desk, field->target, out->text, c->now_ms) != NULL) {
            return true;
        }
        (void)desk_fault_add(c, path, "a code of the table %s that holds today is expected", field->target);
        return false;
    }
    sluice_text rest = text_of(field->codes), word;
    for (bool more = true; more;) {
        more = text_split(rest, '|', &word, &rest);
        if (text_equal(word, out->text)) {
            return true;
        }
    }
    (void)desk_fault_add(c, path, "one of %s is expected", field->codes);
    return false;
}

static bool is_invisible(uint32_t character) {
    return (character >= 0x200B && character <= 0x200F) || character == 0x2060 || character == 0xFEFF ||
           character == 0xAD;
}

/* "account:6228-4804 ０２５６…" is account:622848040256…: an account has one key however its number was written, or it
 * could be stopped a third time under another. What is more than digits, blanks, hyphens and what nobody sees stays as
 * it is. */
static sluice_text bare_account(arena *a, sluice_text key) {
    enum { DIGITS_LEAST = 8 };
    sluice_text kind, number;
    (void)text_split(key, ':', &kind, &number);
    if (!text_equal(kind, TEXT("account")) && !text_equal(kind, TEXT("card"))) {
        return key;
    }
    char *bare = arena_alloc(a, key.length);
    size_t before = kind.length + 1, length = before;
    if (bare == NULL || key.length <= before) {
        return key;
    }
    memcpy(bare, key.data, before);
    for (const char *at = number.data, *end = at + number.length; at < end;) {
        uint32_t character = columns_next_character(&at, end);
        character = character >= 0xFF10 && character <= 0xFF19 ? character - 0xFEE0 : character;
        if (character >= '0' && character <= '9') {
            bare[length++] = (char)character;
        } else if (character != ' ' && character != '-' && !is_invisible(character)) {
            return key;
        }
    }
    return length >= before + DIGITS_LEAST ? (sluice_text){bare, length} : key;
}

/* Empty: the log does not know it, or there is no log here. */
static sluice_text known_account(const desk_command *c, sluice_text key) {
    return desk_engine(c->desk) == NULL ? (sluice_text){0} : sluice_account_key(desk_engine(c->desk), key);
}

/* kind:value, both there, no blanks: the engine's rule (docs/keys). Of an account that the log has by another name
 * ("account:6228…" of a card, or its digits alone) the log's key is taken: a stop of another would stop nothing. */
static bool parse_key(desk_command *c, const char *path, record_value *out) {
    sluice_text kind, value;
    if (!out->is_null) {
        sluice_text known = known_account(c, out->text);
        sluice_text bare = known.length > 0 ? known : bare_account(c->arena, out->text);
        known = known.length > 0 ? known : known_account(c, bare);
        out->text = known.length > 0 ? known : bare;
    }
    bool fits = out->is_null || (text_split(out->text, ':', &kind, &value) && kind.length > 0 && value.length > 0 &&
                                 out->text.length <= 255 && memchr(out->text.data, ' ', out->text.length) == NULL);
    return fits ? true : fault(c, path, "a key like account:6228480402564890018 is expected");
}

static bool parse_whole(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                        record_value *out) {
    if (!yyjson_is_int(value) || (yyjson_is_uint(value) && yyjson_get_uint(value) > INT64_MAX)) {
        return fault(c, path,
                     field->type == FIELD_MONEY ? "a whole number of fen is expected" : "a whole number is expected");
    }
    int64_t number = yyjson_get_sint(value);
    if (field->type == FIELD_MONEY && (number < 0 || number > MONEY_MOST_FEN)) {
        return fault(c, path, "an amount from 0 to 10^11 yuan, in fen, is expected");
    }
    if ((field->flags & FIELD_POSITIVE) != 0 && number <= 0) {
        return fault(c, path, field->type == FIELD_MONEY ? "more than 0 fen is expected" : "more than 0 is expected");
    }
    if (field->type == FIELD_INTEGER && (field->flags & FIELD_SIGNED) == 0 && (number < 0 || number > NUMBER_MOST)) {
        return fault(c, path, "a number from 0 to 10^12 is expected");
    }
    if (field->type == FIELD_REFERENCE && number <= 0) {
        return fault(c, path, "an id is expected");
    }
    *out = value_integer(number);
    return true;
}

static bool parse_time(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                       record_value *out) {
    int64_t ms = 0;
    sluice_text text = {yyjson_get_str(value), yyjson_get_len(value)};
    bool ok = yyjson_is_str(value) && (field->type == FIELD_TIME ? time_parse(text, TIME_SHANGHAI_OFFSET_MS, &ms)
                                                                 : time_duration_parse(text, &ms));
    if (!ok) {
        return fault(c, path,
                     field->type == FIELD_TIME ? "a time like 2026-11-25T10:20:30+08:00 is expected"
                                               : "a duration like 48h or 30d is expected");
    }
    *out = value_integer(ms);
    return true;
}

static bool parse_json(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                       record_value *out) {
    size_t bytes_max = field->bytes_max == 0 ? JSON_BYTES_MAX : field->bytes_max;
    size_t length = 0;
    char *text = yyjson_val_write(value, 0, &length);
    if (text == NULL || length > bytes_max) {
        free(text);
        (void)desk_fault_add(c, path, "JSON of at most %zu bytes is expected", bytes_max);
        return false;
    }
    const char *copy = arena_copy(c->arena, text, length);
    free(text); /* yyjson's own allocation */
    *out = value_text((sluice_text){copy, length});
    return copy != NULL;
}

static bool parse_blob(desk_command *c, const record_field *field, const char *path, yyjson_val *value,
                       record_value *out) {
    size_t length = yyjson_is_str(value) ? yyjson_get_len(value) : 1;
    if (length % 4 != 0 || length > INT32_MAX) {
        return fault(c, path, "bytes in base64 are expected");
    }
    unsigned char *bytes = arena_alloc(c->arena, length / 4 * 3 + 1);
    int decoded =
        bytes == NULL ? -1 : EVP_DecodeBlock(bytes, (const unsigned char *)yyjson_get_str(value), (int)length);
    if (decoded < 0) {
        return fault(c, path, "bytes in base64 are expected");
    }
    const char *text = yyjson_get_str(value);
    size_t padding = length == 0 ? 0 : (size_t)(text[length - 1] == '=') + (size_t)(text[length - 2] == '=');
    size_t count = (size_t)decoded - padding;
    if (field->bytes_max != 0 && count > field->bytes_max) {
        (void)desk_fault_add(c, path, "at most %u bytes are expected, these are %zu", field->bytes_max, count);
        return false;
    }
    *out = value_text((sluice_text){(const char *)bytes, count});
    return true;
}

bool input_value(desk_command *c, const record_field *field, const char *path, yyjson_val *value, record_value *out) {
    *out = value_null();
    if (value == NULL || yyjson_is_null(value)) {
        return (field->flags & FIELD_REQUIRED) == 0 ? true : fault(c, path, "is required");
    }
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_MONEY:
    case FIELD_REFERENCE:
        return parse_whole(c, field, path, value, out);
    case FIELD_BOOLEAN:
        *out = value_integer(yyjson_get_bool(value));
        return yyjson_is_bool(value) ? true : fault(c, path, "true or false is expected");
    case FIELD_TIME:
    case FIELD_DURATION:
        return parse_time(c, field, path, value, out);
    case FIELD_TEXT:
        return parse_text(c, field, path, value, out);
    case FIELD_CODE:
        return parse_text(c, field, path, value, out) && parse_code(c, field, path, out);
    case FIELD_KEY:
        return parse_text(c, field, path, value, out) && parse_key(c, path, out);
    case FIELD_JSON:
        return parse_json(c, field, path, value, out);
    case FIELD_BLOB:
        return parse_blob(c, field, path, value, out);
    case FIELD_TYPE_COUNT:
        break;
    }
    const bool is_a_type_of_field = false;
    SLUICE_ASSERT(is_a_type_of_field);
    return false;
}

/* A note that the flag asks for, whatever the row says. */
static bool is_required_note(const desk_act_row *act, const record_field *field) {
    return (act->flags & ACT_REASON) != 0 && strcmp(field->name, "note") == 0;
}

sluice_result input_parse(desk_command *c, const desk_act_row *act, yyjson_val *body, desk_input *in) {
    *in =
        (desk_input){act->inputs, arena_alloc(c->arena, (act->input_count + 1) * sizeof *in->values), act->input_count};
    if (in->values == NULL) {
        return error_no_memory(c->error, sizeof *in->values);
    }
    if (body != NULL && !yyjson_is_obj(body)) {
        return desk_fault_add(c, "", "a JSON object is expected");
    }
    bool good = true;
    for (size_t i = 0; i < act->input_count; i++) {
        record_field field = act->inputs[i];
        field.flags |= is_required_note(act, &field) ? (unsigned)FIELD_REQUIRED : 0;
        yyjson_val *value = body == NULL ? NULL : yyjson_obj_get(body, field.name);
        good = input_value(c, &field, field.name, value, &in->values[i]) && good;
    }
    if (body == NULL) {
        return good ? SLUICE_OK : SLUICE_E_INPUT;
    }
    size_t at, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(body, at, count, key, value) {
        bool known = false;
        for (size_t i = 0; i < act->input_count; i++) {
            known = known || strcmp(act->inputs[i].name, yyjson_get_str(key)) == 0;
        }
        if (!known) {
            char path[80];
            (void)snprintf(path, sizeof path, "%.60s", yyjson_get_str(key));
            (void)desk_fault_add(c, path, "no such field is expected by %s", act->name);
            good = false;
        }
    }
    return good ? SLUICE_OK : c->error != NULL && c->fault_count == 0 ? error_no_memory(c->error, 0) : SLUICE_E_INPUT;
}
