#include "gateway/bank_message.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/money.h"
#include "base/time.h"
#include "desk/fields.h"

enum { DEPTH_MAX = 4 };

/* ---- out ---- */

/* The object that a dotted name lives in, made where it is missing; *last_out: the name within it. */
static yyjson_mut_val *place(json_document *d, yyjson_mut_val *root, sluice_text name, sluice_text *last_out) {
    yyjson_mut_val *at = root;
    sluice_text first, rest = name;
    for (size_t depth = 0; text_split(rest, '.', &first, &rest) && at != NULL && depth < DEPTH_MAX; depth++) {
        yyjson_mut_val *within = yyjson_mut_obj_getn(at, first.data, first.length);
        if (within == NULL) {
            within = yyjson_mut_obj(d->doc);
            yyjson_mut_val *key = yyjson_mut_strn(d->doc, first.data, first.length);
            if (!yyjson_mut_obj_add(at, key, within)) {
                return NULL;
            }
        }
        at = within;
    }
    *last_out = first;
    return at;
}

static void put(json_document *d, yyjson_mut_val *root, const bank_field *field, sluice_text text) {
    sluice_text last;
    yyjson_mut_val *object = d->doc == NULL ? NULL : place(d, root, field->name, &last);
    bool good = object != NULL && yyjson_mut_obj_add(object, yyjson_mut_strn(d->doc, last.data, last.length),
                                                     yyjson_mut_strncpy(d->doc, text.data, text.length));
    d->failed = d->failed || !good;
}

/* Theirs for one of our codes; false: the row has codes, and not this one. */
static bool translate(const bank_field *field, sluice_text *text, bool to_ours) {
    sluice_text rest = field->codes, word, left, right;
    if (field->codes.length == 0) {
        return true;
    }
    for (bool more = true; more;) {
        more = text_split(rest, ' ', &word, &rest);
        if (text_split(text_trim(word), '=', &left, &right) && text_equal(to_ours ? right : left, *text)) {
            *text = to_ours ? left : right;
            return true;
        }
    }
    return false;
}

typedef struct value_text_buffer {
    char text[MONEY_TEXT_BYTES];
} value_text_buffer;

static bool value_of(const bank_field *field, yyjson_val *value, value_text_buffer *buffer, sluice_text *text_out) {
    int64_t number = yyjson_get_sint(value);
    switch (field->type) {
    case BANK_TEXT:
        *text_out = (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
        return yyjson_is_str(value) && translate(field, text_out, false) && text_out->length <= field->bytes_max;
    case BANK_TIME:
        *text_out = (sluice_text){time_digits(number, buffer->text), 14};
        return yyjson_is_int(value);
    case BANK_AMOUNT:
        *text_out = text_of(money_format(number, false, buffer->text));
        return yyjson_is_int(value) && text_out->length <= field->bytes_max;
    case BANK_COUNT:
        (void)snprintf(buffer->text, sizeof buffer->text, "%lld", (long long)number);
        *text_out = text_of(buffer->text);
        return yyjson_is_int(value) && text_out->length <= field->bytes_max;
    }
    return false;
}

/* All rows that this message has: its own, and those for all that it does not have of its own. */
static bool is_row_of(const bank_table *table, const bank_field *row, sluice_text message) {
    return bank_field_of(table, message, row->field) == row;
}

sluice_result bank_encode(const bank_table *table, sluice_text message, sluice_text serial, yyjson_val *payload,
                          yyjson_val *constants, text_writer *out, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    sluice_text code = bank_message_code(table, message, 0);
    sluice_result result = code.length > 0 ? SLUICE_OK
                                           : error_set(error, SLUICE_E_INPUT, "bank_message has no row %.*s that holds",
                                                       TEXT_ARGS(message));
    for (size_t i = 0; result == SLUICE_OK && i < table->field_count; i++) {
        const bank_field *row = &table->fields[i];
        value_text_buffer buffer;
        sluice_text text = {0};
        if (!is_row_of(table, row, message)) {
            continue;
        }
        bool is_code = text_equal(row->field, TEXT("tx_code")), is_serial = text_equal(row->field, TEXT("serial"));
        yyjson_val *value = yyjson_obj_getn(payload, row->field.data, row->field.length);
        if (is_code || is_serial) {
            put(&d, root, row, is_code ? code : serial);
        } else if (value == NULL || yyjson_is_null(value)) {
            result = row->required ? error_set(error, SLUICE_E_INPUT, "%.*s (%.*s) is required by bank_field",
                                               TEXT_ARGS(row->field), TEXT_ARGS(row->name))
                                   : SLUICE_OK;
        } else if (!value_of(row, value, &buffer, &text)) {
            result = error_set(error, SLUICE_E_INPUT, "%.*s (%.*s) does not fit its type or length in bank_field",
                               TEXT_ARGS(row->field), TEXT_ARGS(row->name));
        } else {
            put(&d, root, row, text);
        }
    }
    size_t at, count;
    yyjson_val *key, *value;
    if (yyjson_is_obj(constants) && d.doc != NULL) {
        yyjson_obj_foreach(constants, at, count, key, value) {
            d.failed = d.failed ||
                       !yyjson_mut_obj_add(root, yyjson_val_mut_copy(d.doc, key), yyjson_val_mut_copy(d.doc, value));
        }
    }
    sluice_result written = json_end_line(&d, out, result == SLUICE_OK ? error : NULL);
    return result == SLUICE_OK ? written : result;
}

/* ---- in ---- */

static yyjson_val *look(yyjson_val *root, sluice_text name) {
    sluice_text first, rest = name;
    bool more = true;
    while (more && root != NULL) {
        more = text_split(rest, '.', &first, &rest);
        root = yyjson_obj_getn(root, first.data, first.length);
    }
    return root;
}

typedef struct reading {
    const bank_table *table;
    sluice_text message;
    yyjson_val *root;
    arena *a;
    sluice_result result;
    sluice_error *error;
} reading;

static void wrong(reading *r, const bank_field *field, const char *expected) {
    if (r->result == SLUICE_OK) {
        r->result = error_set(r->error, SLUICE_E_INPUT, "%.*s: %s", TEXT_ARGS(field->name), expected);
    }
}

/* The field's text, empty where it is not there; in the arena. */
static sluice_text take(reading *r, const char *name, const bank_field **field_out) {
    const bank_field *field = bank_field_of(r->table, r->message, text_of(name));
    yyjson_val *value = field == NULL ? NULL : look(r->root, field->name);
    sluice_text text = {yyjson_get_str(value), yyjson_get_len(value)};
    *field_out = field;
    if (field == NULL || r->result != SLUICE_OK) {
        return (sluice_text){0};
    }
    if (value == NULL || yyjson_is_null(value) || (yyjson_is_str(value) && text.length == 0)) {
        if (field->required) {
            wrong(r, field, "缺少此项 / is required");
        }
        return (sluice_text){0};
    }
    if (!yyjson_is_str(value) || text.length > field->bytes_max) {
        wrong(r, field, "文字过长 / a text of at most the length in bank_field is expected");
        return (sluice_text){0};
    }
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < 0x20) {
            wrong(r, field, "含控制字符 / a text without control characters is expected");
            return (sluice_text){0};
        }
    }
    if (field->type == BANK_TEXT && !translate(field, &text, true)) {
        wrong(r, field, "代码不在字典内 / one of the codes in bank_field is expected");
    }
    const char *copy = arena_copy(r->a, text.data, text.length);
    if (copy == NULL) {
        r->result = error_no_memory(r->error, text.length);
        return (sluice_text){0};
    }
    return (sluice_text){copy, text.length};
}

static sluice_text take_text(reading *r, const char *name) {
    const bank_field *field;
    return take(r, name, &field);
}

/* -1: not stated. */
static int64_t take_amount(reading *r, const char *name) {
    const bank_field *field;
    sluice_text text = take(r, name, &field);
    int64_t fen = -1;
    bool rounded = false;
    if (text.length > 0 && (!money_parse(text, &fen, &rounded) || rounded || fen < 0 || fen > MONEY_MOST_FEN)) {
        wrong(r, field,
              "金额应为 0 至 1000 亿元、最多两位小数 / an amount of 0 to 100,000,000,000 yuan with at most two "
              "decimals is "
              "expected");
        return -1;
    }
    return text.length == 0 ? -1 : fen;
}

/* 0: not stated. */
static int64_t take_time(reading *r, const char *name) {
    const bank_field *field;
    sluice_text text = take(r, name, &field);
    int64_t ms = 0;
    if (text.length > 0 && (text.length != 14 || !time_parse(text, TIME_SHANGHAI_OFFSET_MS, &ms))) {
        wrong(r, field, "时间格式应为 yyyyMMddHHmmss / a time yyyyMMddHHmmss is expected");
    }
    return ms;
}

static sluice_result begin(reading *r, sluice_text body, yyjson_doc **doc_out) {
    yyjson_read_err why = {0};
    *doc_out = yyjson_read_opts((char *)(uintptr_t)body.data, body.length, 0, NULL, &why);
    r->root = yyjson_doc_get_root(*doc_out);
    return yyjson_is_obj(r->root) ? SLUICE_OK : error_set(r->error, SLUICE_E_INPUT, "a JSON object is expected");
}

static outbox_verdict verdict_of(reading *r, sluice_text word, bank_feedback *f) {
    const bank_field *field = bank_field_of(r->table, r->message, TEXT("result_code"));
    f->meaning = MEANS_ANSWER;
    if (text_equal(word, TEXT("done"))) {
        /* Nothing executed, and somebody was there before: it waits in line (轮候) [D]. */
        bool waits = f->answer.executed_fen == 0 && f->answer.prior_authority.length > 0;
        return waits ? VERDICT_QUEUED : VERDICT_DONE;
    }
    if (text_equal(word, TEXT("mismatch"))) {
        return VERDICT_MISMATCH;
    }
    if (text_equal(word, TEXT("again")) || text_equal(word, TEXT("duplicate"))) {
        f->meaning = text_equal(word, TEXT("again")) ? MEANS_AGAIN : MEANS_DUPLICATE;
    } else if (!text_equal(word, TEXT("failed")) && field != NULL) {
        wrong(r, field, "代码不在反馈代码表内 / a code of the table bank_result is expected");
    }
    return VERDICT_FAILED;
}

sluice_result bank_decode(const bank_table *table, sluice_text body, arena *a, bank_feedback *f, sluice_error *error) {
    reading r = {.table = table, .message = TEXT("feedback"), .a = a, .result = SLUICE_OK, .error = error};
    yyjson_doc *doc = NULL;
    *f = (bank_feedback){0};
    r.result = begin(&r, body, &doc);
    f->tx_code = take_text(&r, "tx_code");
    f->serial = take_text(&r, "serial");
    f->result_code = take_text(&r, "result_code");
    f->answer.code = f->result_code;
    f->answer.receipt = take_text(&r, "receipt");
    f->answer.at_ms = take_time(&r, "start_at");
    f->answer.balance_fen = take_amount(&r, "balance_fen");
    f->answer.executed_fen = take_amount(&r, "executed_fen");
    f->answer.available_fen = take_amount(&r, "available_fen");
    f->answer.prior_authority = take_text(&r, "prior_authority");
    sluice_text remark = take_text(&r, "remark"), cause = take_text(&r, "cause");
    f->answer.words = remark.length > 0 ? remark : cause;
    (void)take_time(&r, "expires_at");
    if (r.result == SLUICE_OK) {
        f->answer.verdict = verdict_of(&r, bank_result_of(table, f->result_code), f);
    }
    if (r.result == SLUICE_OK) {
        const char *copy = arena_copy(a, body.data, body.length);
        f->answer.body = (sluice_text){copy, copy == NULL ? 0 : body.length};
    }
    yyjson_doc_free(doc);
    return r.result;
}

sluice_result bank_decode_report(const bank_table *table, sluice_text body, arena *a, bank_report *report,
                                 sluice_error *error) {
    reading r = {.table = table, .message = TEXT("report"), .a = a, .result = SLUICE_OK, .error = error};
    yyjson_doc *doc = NULL;
    *report = (bank_report){0};
    r.result = begin(&r, body, &doc);
    sluice_text code = take_text(&r, "tx_code");
    report->message = bank_message_of(table, code);
    report->serial = take_text(&r, "serial");
    report->account = take_text(&r, "account");
    report->holder = take_text(&r, "holder");
    report->reason = take_text(&r, "reason");
    report->victim_name = take_text(&r, "victim_name");
    report->victim_phone = take_text(&r, "victim_phone");
    report->victim_account = take_text(&r, "victim_account");
    report->amount_fen = take_amount(&r, "amount_fen");
    report->transfer_ms = take_time(&r, "transfer_at");
    yyjson_doc_free(doc);
    return r.result;
}

/* ---- transactions ---- */

/* "account:6228…" of what they call the account. */
static sluice_text key_of(reading *r, const char *kind, sluice_text value) {
    size_t before = strlen(kind);
    char *key = r->result == SLUICE_OK ? arena_alloc(r->a, before + value.length + 1) : NULL;
    if (key == NULL) {
        r->result = r->result == SLUICE_OK ? error_no_memory(r->error, value.length) : r->result;
        return (sluice_text){0};
    }
    memcpy(key, kind, before);
    memcpy(key + before, value.data, value.length);
    return (sluice_text){key, before + value.length};
}

/* Out of the account without another is cash; into it without another is from the bank itself. */
static void take_transaction(reading *r, sluice_text account, sluice_text institution, sluice_signal *s) {
    const bank_field *field = bank_field_of(r->table, r->message, TEXT("currency"));
    *s = (sluice_signal){.kind = SLUICE_SIGNAL_TRANSFER};
    s->id = take_text(r, "id");
    s->time_ms = take_time(r, "at");
    s->amount_fen = s->received_fen = take_amount(r, "amount_fen");
    bool is_in = text_equal(take_text(r, "direction"), TEXT("in"));
    int64_t balance_fen = take_amount(r, "balance_fen");
    sluice_text other = take_text(r, "counterparty"), letters = take_text(r, "currency");
    s->currency = s->received_currency = sluice_currency_pack(letters);
    if (s->currency == UINT16_MAX && field != NULL) {
        wrong(r, field, "three letters such as CNY are expected");
    }
    sluice_text there = {0};
    if (other.length > 0) {
        there = key_of(r, "account:", other);
    } else if (is_in) {
        there = key_of(r, "bank:", institution);
    } else {
        s->kind = SLUICE_SIGNAL_WITHDRAWAL;
    }
    s->from = is_in ? there : account;
    s->to = is_in ? account : there;
    s->has_to_balance = is_in && balance_fen >= 0;
    s->has_from_balance = !is_in && balance_fen >= 0;
    s->to_balance_fen = s->has_to_balance ? balance_fen : 0;
    s->from_balance_fen = s->has_from_balance ? balance_fen : 0;
}

static sluice_result take_transactions(reading *whole, yyjson_val *list, sluice_text account, sluice_text institution,
                                       bank_details *details) {
    size_t at, count;
    yyjson_val *row;
    text_writer rejects = {0};
    sluice_result result = SLUICE_OK;
    details->signals = arena_alloc(whole->a, (yyjson_arr_size(list) + 1) * sizeof *details->signals);
    if (details->signals == NULL) {
        return error_no_memory(whole->error, yyjson_arr_size(list) * sizeof *details->signals);
    }
    yyjson_arr_foreach(list, at, count, row) {
        sluice_error why = {0};
        reading r = *whole;
        r.message = TEXT("transaction");
        r.root = row;
        r.error = &why;
        take_transaction(&r, account, institution, &details->signals[details->count]);
        if (r.result == SLUICE_E_NO_MEMORY) {
            result = error_no_memory(whole->error, 0);
            break;
        }
        details->count += r.result == SLUICE_OK;
        details->rejected += r.result != SLUICE_OK;
        if (r.result != SLUICE_OK && rejects.length < 3500) {
            text_printf(&rejects, "%zu: %.200s\n", at + 1, why.text);
        }
    }
    const char *copy = rejects.length == 0 ? NULL : arena_copy(whole->a, rejects.data, rejects.length);
    details->rejects = (sluice_text){copy, copy == NULL ? 0 : rejects.length};
    text_writer_fini(&rejects);
    return result;
}

sluice_result bank_decode_details(const bank_table *table, sluice_text body, sluice_text account,
                                  sluice_text institution, arena *a, bank_details *details, sluice_error *error) {
    reading r = {.table = table, .message = TEXT("feedback"), .a = a, .result = SLUICE_OK, .error = error};
    yyjson_doc *doc = NULL;
    const bank_field *field = bank_field_of(table, r.message, TEXT("transactions"));
    *details = (bank_details){0};
    r.result = begin(&r, body, &doc);
    yyjson_val *list = field == NULL || r.result != SLUICE_OK ? NULL : look(r.root, field->name);
    if (r.result == SLUICE_OK && field == NULL) {
        r.result = error_set(error, SLUICE_E_INPUT, "bank_field has no row feedback.transactions that holds");
    } else if (r.result == SLUICE_OK && !yyjson_is_arr(list)) {
        wrong(&r, field, "应为交易明细列表 / a list of transactions is expected");
    } else if (r.result == SLUICE_OK) {
        r.result = take_transactions(&r, list, account, institution, details);
    }
    yyjson_doc_free(doc);
    return r.result;
}

sluice_text bank_code_of(const bank_table *table, sluice_text body, arena *a) {
    sluice_error unheard;
    reading r = {.table = table, .message = TEXT("feedback"), .a = a, .result = SLUICE_OK, .error = &unheard};
    yyjson_doc *doc = NULL;
    r.result = begin(&r, body, &doc);
    sluice_text code = take_text(&r, "tx_code");
    yyjson_doc_free(doc);
    return code;
}
