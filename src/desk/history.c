/* The audit's chain: a row's hash is SHA-256 over the hash before it and all of the row's columns, each with its
 * length, so that no two rows read the same. The head of the chain is what a witness keeps: who rewrites the trail from
 * some row on (with every later hash) does not have the heads that were written down elsewhere. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "desk/desk_private.h"
#include "sys/file.h"

static const record_field HISTORY[HISTORY_FIELDS] = {
    [HISTORY_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "record type", .zh = "记录类别"},
    [HISTORY_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录编号"},
    [HISTORY_ACT] = {"act", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "act", .zh = "操作"},
    [HISTORY_FROM] = {"from_state", FIELD_TEXT, .en = "previous state", .zh = "原状态"},
    [HISTORY_TO] = {"to_state", FIELD_TEXT, .en = "new state", .zh = "新状态"},
    [HISTORY_USER] = {"user", FIELD_REFERENCE, .target = "user", .en = "user", .zh = "操作人"},
    [HISTORY_UNIT] = {"unit", FIELD_REFERENCE, .target = "unit", .en = "unit", .zh = "单位"},
    [HISTORY_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
    [HISTORY_NOTE] = {"note", FIELD_TEXT, SECRECY_WORDS, .en = "note", .zh = "说明"},
    [HISTORY_LAW] = {"law", FIELD_TEXT, .en = "legal basis", .zh = "依据"},
};
const record_table HISTORY_TABLE = {
    "history",
    HISTORY,
    HISTORY_FIELDS,
    (const record_index[]){{false, {HISTORY_KIND, HISTORY_RECORD, RECORD_END, RECORD_END}}},
    1,
    true,
    "what happened to a record",
    "记录经过"};

static const record_field AUDIT[AUDIT_FIELDS] = {
    [AUDIT_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_FILTER, .en = "time", .zh = "时间"},
    [AUDIT_USER] = {"user", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "user", .en = "user", .zh = "操作人"},
    [AUDIT_LOGIN] = {"login", FIELD_TEXT, .flags = FIELD_FILTER, .en = "login name", .zh = "登录名"},
    [AUDIT_ROLES] = {"roles", FIELD_TEXT, .en = "roles", .zh = "角色"},
    [AUDIT_UNIT] = {"unit", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "unit", .en = "unit", .zh = "单位"},
    [AUDIT_ACT] = {"act", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FILTER, .en = "act", .zh = "操作"},
    [AUDIT_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_FILTER, .en = "record type", .zh = "记录类别"},
    [AUDIT_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_FILTER, .en = "record no.", .zh = "记录编号"},
    [AUDIT_PURPOSE] = {"purpose", FIELD_TEXT, .en = "purpose", .zh = "用途"},
    [AUDIT_DETAIL] = {"detail", FIELD_TEXT, .en = "details", .zh = "详情"},
    [AUDIT_REQUEST] = {"request", FIELD_TEXT, .en = "request id", .zh = "请求编号"},
    [AUDIT_ADDRESS] = {"address", FIELD_TEXT, .en = "network address", .zh = "网络地址"},
    [AUDIT_PREVIOUS] = {"previous", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "previous hash", .zh = "前一哈希"},
    [AUDIT_HASH] = {"hash", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "hash", .zh = "哈希"},
};
const record_table AUDIT_TABLE = {"audit",
                                  AUDIT,
                                  AUDIT_FIELDS,
                                  (const record_index[]){{false, {AUDIT_USER, AUDIT_AT, RECORD_END, RECORD_END}},
                                                         {false, {AUDIT_KIND, AUDIT_RECORD, RECORD_END, RECORD_END}},
                                                         {false, {AUDIT_ACT, AUDIT_AT, RECORD_END, RECORD_END}},
                                                         {false, {AUDIT_AT, RECORD_END, RECORD_END, RECORD_END}}},
                                  4,
                                  true,
                                  "who did, saw or was refused what",
                                  "审计"};

static const record_field EVENT[EVENT_FIELDS] = {
    [EVENT_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "record type", .zh = "记录类别"},
    [EVENT_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录编号"},
    [EVENT_ACT] = {"act", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "act", .zh = "操作"},
    [EVENT_STATE] = {"state", FIELD_TEXT, .en = "new state", .zh = "状态"},
    [EVENT_DISTRICT] = {"district", FIELD_INTEGER, .en = "district", .zh = "县区"},
    [EVENT_STATION] = {"station", FIELD_INTEGER, .en = "station", .zh = "派出所"},
    [EVENT_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
};
const record_table EVENT_TABLE = {"event", EVENT, EVENT_FIELDS, NULL, 0, false, "what consoles hear", "实时事件"};

static record_value text_or_null(sluice_text text) {
    return text.length == 0 ? value_null() : value_text(text);
}

static record_value id_or_null(int64_t id) {
    return id == 0 ? value_null() : value_integer(id);
}

sluice_result history_add(desk_command *c, const desk_kind *kind, const record *r, const desk_act_row *act,
                          sluice_text from, sluice_text to, sluice_text note) {
    record_value values[HISTORY_FIELDS] = {
        [HISTORY_KIND] = value_text(text_of(kind->name)),
        [HISTORY_RECORD] = value_integer(r->id),
        [HISTORY_ACT] = value_text(text_of(act->name)),
        [HISTORY_FROM] = text_or_null(from),
        [HISTORY_TO] = text_or_null(to),
        [HISTORY_USER] = id_or_null(c->actor->user),
        [HISTORY_UNIT] = id_or_null(c->actor->unit),
        [HISTORY_AT] = value_integer(c->now_ms),
        [HISTORY_NOTE] = text_or_null(note),
        [HISTORY_LAW] = text_or_null(text_of(act->law)),
    };
    record row = {.table = &HISTORY_TABLE, .values = values};
    return store_insert(c->desk->store, &row, c->now_ms, c->error);
}

sluice_result event_add(desk_command *c, const desk_kind *kind, const record *r, const char *act) {
    record_value values[EVENT_FIELDS] = {
        [EVENT_KIND] = value_text(text_of(kind->name)),
        [EVENT_RECORD] = value_integer(r->id),
        [EVENT_ACT] = value_text(text_of(act)),
        [EVENT_STATE] = !has_field(kind->state) ? value_null() : r->values[field_of(kind->state)],
        [EVENT_DISTRICT] = !has_field(kind->district) ? value_null() : r->values[field_of(kind->district)],
        [EVENT_STATION] = !has_field(kind->station) ? value_null() : r->values[field_of(kind->station)],
        [EVENT_AT] = value_integer(c->now_ms),
    };
    record row = {.table = &EVENT_TABLE, .values = values};
    sluice_result result = store_insert(c->desk->store, &row, c->now_ms, c->error);
    if (result == SLUICE_OK) {
        c->desk->event_last = row.id;
    }
    return result;
}

/* ---- the chain ---- */

/* The hash of a row after `previous`. False: no memory. */
static bool audit_hash(const record *r, const char previous[65], char hash_out[65]) {
    sha256 *state = sha256_new();
    if (state == NULL) {
        return false;
    }
    sha256_update(state, previous, 64);
    for (size_t i = 0; i < AUDIT_PREVIOUS; i++) {
        char head[48];
        const record_value *value = &r->values[i];
        bool is_text = !value->is_null && field_is_text(r->table->fields[i].type);
        int length = value->is_null ? snprintf(head, sizeof head, "-;")
                     : is_text      ? snprintf(head, sizeof head, "t%zu;", value->text.length)
                                    : snprintf(head, sizeof head, "i%" PRId64 ";", value->integer);
        sha256_update(state, head, (size_t)length);
        if (is_text) {
            sha256_update(state, value->text.data, value->text.length);
        }
    }
    sha256_finish(state, hash_out);
    sha256_free(&state);
    return true;
}

sluice_result audit_add(desk_command *c, const char *act, const char *kind, int64_t record_id, sluice_text detail) {
    desk *d = c->desk;
    char hash[65];
    record_value values[AUDIT_FIELDS] = {
        [AUDIT_AT] = value_integer(c->now_ms),
        [AUDIT_USER] = id_or_null(c->actor->user),
        [AUDIT_LOGIN] = text_or_null(c->actor->login),
        [AUDIT_ROLES] = text_or_null(roles_format(c->actor->roles, c->arena)),
        [AUDIT_UNIT] = id_or_null(c->actor->unit),
        [AUDIT_ACT] = value_text(text_of(act)),
        [AUDIT_KIND] = text_or_null(text_of(kind)),
        [AUDIT_RECORD] = id_or_null(record_id),
        [AUDIT_PURPOSE] = text_or_null(c->actor->purpose),
        [AUDIT_DETAIL] = text_or_null(detail),
        [AUDIT_REQUEST] = text_or_null(c->actor->request),
        [AUDIT_ADDRESS] = text_or_null(c->actor->address),
        [AUDIT_PREVIOUS] = value_text((sluice_text){d->audit.hash, 64}),
    };
    record row = {.table = &AUDIT_TABLE, .values = values};
    if (!audit_hash(&row, d->audit.hash, hash)) {
        return error_no_memory(c->error, sizeof hash);
    }
    values[AUDIT_HASH] = value_text((sluice_text){hash, 64});
    sluice_result result = store_insert(d->store, &row, c->now_ms, c->error);
    if (result == SLUICE_OK) {
        memcpy(d->audit.hash, hash, sizeof hash);
        d->audit.id = row.id;
    }
    return result;
}

sluice_result audit_load(store *s, audit_state *state, sluice_error *error) {
    arena a = {0};
    record row;
    record_query newest = {.table = &AUDIT_TABLE, .order = QUERY_ID, .descending = true, .limit = 1};
    sluice_result result = store_find(s, &newest, &a, &row, error);
    *state = (audit_state){.id = 0};
    memset(state->hash, '0', 64);
    if (result == SLUICE_OK) {
        memcpy(state->hash, row.values[AUDIT_HASH].text.data, 64);
        state->id = row.id;
    }
    arena_fini(&a);
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

/* Lines "id hash time" of the witness, in order. */
typedef struct witness {
    file_view file;
    size_t at;
    int64_t id; /* of the line under the hand; 0: no more */
    char hash[65];
} witness;

static void witness_next(witness *w) {
    w->id = 0;
    while (w->at < w->file.bytes && w->id == 0) {
        sluice_text rest = {w->file.data + w->at, w->file.bytes - w->at}, line, id, hash, time;
        bool whole = text_split(rest, '\n', &line, &rest);
        w->at += line.length + (whole ? 1 : 0);
        uint64_t number = 0;
        if (whole && text_split(line, ' ', &id, &hash) && text_to_u64(id, &number)) {
            (void)text_split(hash, ' ', &hash, &time);
            if (hash.length == 64) {
                memcpy(w->hash, hash.data, 64);
                w->id = (int64_t)number;
            }
        }
    }
}

/* Row by row: the link to the row before, the row's own hash, and the witness's word. */
static sluice_result verify_row(const record *r, char head[65], witness *w, int64_t expected_id, sluice_error *error) {
    char hash[65];
    const record_value *values = r->values;
    if (r->id != expected_id) {
        return error_set(error, SLUICE_E_DAMAGED, "the audit trail lacks row %lld: it was removed",
                         (long long)expected_id);
    }
    if (values[AUDIT_PREVIOUS].text.length != 64 || memcmp(values[AUDIT_PREVIOUS].text.data, head, 64) != 0) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "row %lld of the audit trail does not follow the one before it: the trail was changed",
                         (long long)r->id);
    }
    if (!audit_hash(r, head, hash)) {
        return error_no_memory(error, sizeof hash);
    }
    if (values[AUDIT_HASH].text.length != 64 || memcmp(values[AUDIT_HASH].text.data, hash, 64) != 0) {
        return error_set(error, SLUICE_E_DAMAGED, "row %lld of the audit trail was changed after it was written",
                         (long long)r->id);
    }
    memcpy(head, hash, sizeof hash);
    while (w->id != 0 && w->id <= r->id) {
        if (w->id == r->id && memcmp(w->hash, hash, 64) != 0) {
            return error_set(error, SLUICE_E_DAMAGED,
                             "the audit trail up to row %lld is not the one that was witnessed: it was rewritten",
                             (long long)r->id);
        }
        witness_next(w);
    }
    return SLUICE_OK;
}

sluice_result audit_verify(store *s, const char *witness_path, audit_progress progress, uint64_t *rows_out,
                           char head_out[65], sluice_error *error) {
    enum { PAGE = 1000 };
    arena a = {0};
    witness w = {0};
    sluice_result result = witness_path == NULL ? SLUICE_OK : file_map(witness_path, &w.file, error);
    witness_next(&w);
    memset(head_out, '0', 64);
    head_out[64] = '\0';
    *rows_out = 0;
    int64_t last = 0, newest = 0; /* asked for before the rows: more may be written meanwhile */
    result = result == SLUICE_OK ? store_newest_id(s, &AUDIT_TABLE, &newest, error) : result;
    for (size_t count = PAGE; result == SLUICE_OK && count == PAGE;) {
        record *rows = NULL;
        record_query page = {.table = &AUDIT_TABLE, .order = QUERY_ID, .has_after = true, .limit = PAGE};
        page.after = value_integer(last);
        page.after_id = last;
        result = store_select(s, &page, &a, &rows, &count, error);
        for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
            result = verify_row(&rows[i], head_out, &w, last + 1, error);
            last = rows[i].id;
            (*rows_out)++;
        }
        arena_reset(&a);
        if (result == SLUICE_OK && progress.tell != NULL &&
            !progress.tell(progress.context, (uint64_t)last, (uint64_t)newest)) {
            result = error_set(error, SLUICE_E_INTERRUPTED, "interrupted after %llu of %llu rows",
                               (unsigned long long)last, (unsigned long long)newest);
        }
    }
    if (result == SLUICE_OK && w.id != 0) {
        result = error_set(error, SLUICE_E_DAMAGED,
                           "row %lld of the audit trail was witnessed and is not there: the end was cut off",
                           (long long)w.id);
    }
    if (result == SLUICE_OK && last < newest) {
        result = error_set(error, SLUICE_E_DAMAGED,
                           "the audit trail ends with row %lld and %lld were written: the end was cut off",
                           (long long)last, (long long)newest);
    }
    file_unmap(&w.file);
    arena_fini(&a);
    return result;
}
