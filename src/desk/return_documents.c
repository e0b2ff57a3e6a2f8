/* The five documents of a return, 银监发〔2016〕41号: each is drawn from the records as they stand, and only when the
 * procedure is that far. */
#include <string.h>

#include "base/money.h"
#include "desk/case.h"
#include "desk/desk_private.h"
#include "desk/document.h"
#include "desk/order.h"
#include "desk/return.h"
#include "desk/unit.h"

/* As a document cites it. */
#define LAW_ZH "《电信网络新型违法犯罪案件冻结资金返还若干规定》（银监发〔2016〕41号）第八条"

static const struct {
    const char *name, *title; /* of two lines where it is long */
    const char *states;       /* in which it may be written */
} DOCUMENTS[DOCUMENT_COUNT] = {
    [DOCUMENT_APPLICATION] = {"application", "电信网络新型违法犯罪案件\n冻结资金返还申请表", "*"},
    [DOCUMENT_FLOW] = {"flow", "电信网络新型违法犯罪涉案资金流向表", "*"},
    [DOCUMENT_REPORT] = {"report", "呈请返还资金报告书", "submitted|approved|notified|executed|refused"},
    [DOCUMENT_DECISION] = {"decision", "电信网络新型违法犯罪\n冻结资金返还决定书", "approved|notified|executed"},
    [DOCUMENT_NOTICE] = {"notice", "电信网络新型违法犯罪\n冻结资金协助返还通知书", "approved|notified|executed"},
};

const char *return_document_name(return_document which) {
    return DOCUMENTS[which].name;
}

bool return_document_parse(sluice_text name, return_document *which_out) {
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        if (text_equal(name, text_of(DOCUMENTS[i].name))) {
            *which_out = (return_document)i;
            return true;
        }
    }
    return false;
}

/* What all of them tell. */
typedef struct content {
    desk_command *c;
    const record *r;
    record freeze;
    record *shares;
    size_t share_count;
    const char *unit; /* who writes */
    document *d;
} content;

/* A value as a C string in the arena; "—" when there is none. */
static const char *words(content *t, const record_value *value) {
    if (value->is_null) {
        return "—";
    }
    char *copy = arena_alloc(t->c->arena, value->text.length + 1);
    if (copy == NULL) {
        return "—";
    }
    memcpy(copy, value->text.data, value->text.length);
    copy[value->text.length] = '\0';
    return copy;
}

/* An account's number without its kind. */
static const char *account_words(content *t, const record_value *value) {
    const char *text = words(t, value), *colon = strchr(text, ':');
    return colon == NULL ? text : colon + 1;
}

/* In a column whose head says the unit. */
static const char *yuan(content *t, const record_value *value) {
    char text[MONEY_TEXT_BYTES];
    return value->is_null ? "—" : document_printed(t->c->arena, "%s", money_format(value->integer, true, text));
}

static const char *money(content *t, const record_value *value) {
    return value->is_null ? "—" : document_money(value->integer, t->c->arena);
}

/* Both ways, in what somebody signs or acts on. */
static const char *money_and_words(content *t, const record_value *value) {
    char text[MONEY_WORDS_BYTES];
    return value->is_null
               ? "—"
               : document_printed(t->c->arena, "%s（%s）", money(t, value), money_words(value->integer, text));
}

static const char *date(content *t, const record_value *value) {
    return value->is_null ? "    年  月  日" : document_date(value->integer, t->c->arena);
}

static const char *user_name(content *t, const record_value *value) {
    record user;
    sluice_error unheard;
    bool found = !value->is_null && store_get(t->c->desk->store, desk_kind_find("user")->table, value->integer,
                                              t->c->arena, &user, &unheard) == SLUICE_OK;
    return found ? words(t, desk_value(&user, "name")) : "　　　　";
}

/* ---- tables ---- */

/* What each gets, and where to: what the victim signs, and what the bank acts on. `paid_only`: without those who get
 * nothing. */
static void share_table(content *t, bool paid_only) {
    enum { COLUMNS = 5 };
    static const char *const HEAD[COLUMNS] = {"受害人", "损失（元）", "已获返还（元）", "本次返还（元）", "返还账号"};
    static const double WIDTHS[COLUMNS] = {0.16, 0.17, 0.17, 0.17, 0.33};
    const char **cells = arena_alloc(t->c->arena, (t->share_count + 1) * COLUMNS * sizeof *cells);
    if (cells == NULL) {
        return;
    }
    memcpy(cells, HEAD, sizeof HEAD);
    size_t rows = 1;
    for (size_t i = 0; i < t->share_count; i++) {
        const record_value *v = t->shares[i].values;
        const char **row = cells + rows * COLUMNS;
        if (paid_only && v[SHARE_AMOUNT].integer == 0) {
            continue;
        }
        rows++;
        row[0] = words(t, &v[SHARE_PARTY]);
        row[1] = yuan(t, &v[SHARE_LOSS]);
        row[2] = yuan(t, &v[SHARE_REFUNDED]);
        row[3] = yuan(t, &v[SHARE_AMOUNT]);
        row[4] = account_words(t, &v[SHARE_TO_ACCOUNT]);
    }
    document_table(t->d, WIDTHS, COLUMNS, cells, rows);
}

/* How each share was found: what those who approve it look at. */
static void basis_table(content *t) {
    enum { COLUMNS = 6 };
    static const char *const HEAD[COLUMNS] = {"受害人",         "损失（元）",     "已获返还（元）",
                                              "确定部分（元）", "可能部分（元）", "本次返还（元）"};
    static const double WIDTHS[COLUMNS] = {0.15, 0.17, 0.17, 0.17, 0.17, 0.17};
    const char **cells = arena_alloc(t->c->arena, (t->share_count + 1) * COLUMNS * sizeof *cells);
    if (cells == NULL) {
        return;
    }
    memcpy(cells, HEAD, sizeof HEAD);
    for (size_t i = 0; i < t->share_count; i++) {
        static const uint8_t MONEY[] = {SHARE_LOSS, SHARE_REFUNDED, SHARE_CERTAIN, SHARE_POSSIBLE, SHARE_AMOUNT};
        const record_value *v = t->shares[i].values;
        const char **row = cells + (i + 1) * COLUMNS;
        row[0] = words(t, &v[SHARE_PARTY]);
        for (size_t k = 0; k < sizeof MONEY; k++) {
            row[k + 1] = yuan(t, &v[MONEY[k]]);
        }
    }
    document_table(t->d, WIDTHS, COLUMNS, cells, t->share_count + 1);
    for (size_t i = 0; i < t->share_count; i++) {
        const record_value *v = t->shares[i].values;
        document_paragraph(
            t->d, document_printed(t->c->arena, "%s：%s", words(t, &v[SHARE_PARTY]), words(t, &v[SHARE_BASIS_ZH])));
    }
}

/* By its name where the dated table has it, else by its code. */
static const char *bank(content *t) {
    const record_value *code = &t->freeze.values[FREEZE_INSTITUTION];
    const dated_row *row = code->is_null ? NULL : dated_find(t->c->desk, "institution", code->text, t->c->now_ms);
    return row == NULL ? words(t, code) : words(t, &(record_value){.text = row->zh});
}

static void account_fields(content *t) {
    const record_value *freeze = t->freeze.values, *v = t->r->values;
    document_field(t->d, "冻结账号", account_words(t, &v[RETURN_ACCOUNT]));
    document_field(t->d, "户名", words(t, &freeze[FREEZE_HOLDER]));
    document_field(t->d, "开户机构", bank(t));
    document_field(t->d, "冻结时间", date(t, &freeze[FREEZE_EFFECTIVE_AT]));
    document_field(t->d, "冻结到期", date(t, &freeze[FREEZE_EXPIRES_AT]));
    document_field(t->d, "冻结金额", money(t, &v[RETURN_FROZEN]));
    document_field(t->d, "返还金额合计", money_and_words(t, &v[RETURN_RETURNED]));
    document_field(t->d, "继续冻结金额", money(t, &v[RETURN_HELD]));
}

/* The case with the number under which it was filed: no freeze and no return without one. */
static const char *number(content *t) {
    record of_case;
    sluice_error unheard;
    int64_t id = t->r->values[RETURN_CASE].integer;
    bool found = store_get(t->c->desk->store, CASE_KIND.table, id, t->c->arena, &of_case, &unheard) == SLUICE_OK &&
                 !of_case.values[CASE_FILING_NUMBER].is_null;
    return document_printed(t->c->arena, "案件 A-%08lld%s%s　返还 F-%08lld", (long long)id, found ? "　立案 " : "",
                            found ? words(t, &of_case.values[CASE_FILING_NUMBER]) : "", (long long)t->r->id);
}

static size_t paid_count(const content *t) {
    size_t count = 0;
    for (size_t i = 0; i < t->share_count; i++) {
        count += t->shares[i].values[SHARE_AMOUNT].integer > 0 ? 1 : 0;
    }
    return count;
}

/* When it was submitted: what came after changes no date of the request. */
static const char *submitted(content *t) {
    const record_value *at = &t->r->values[RETURN_SUBMITTED_AT];
    return date(t, at->is_null ? &(record_value){.integer = t->r->updated_ms} : at);
}

/* ---- the five ---- */

static void application(content *t) {
    document_line(t->d, number(t));
    account_fields(t);
    document_space(t->d, 4);
    share_table(t, false);
    document_paragraph(
        t->d, "申请人声明：本人为上述案件受害人，所填损失金额、已获返还金额及返还账号属实，返还账号为本人名下账户。"
              "如有不实，愿承担法律责任。");
    document_signature(t->d, "申请人（签名）：　　　　　　", "　　年　　月　　日");
}

static const char *text_at(yyjson_val *object, const char *name) {
    const char *text = yyjson_get_str(yyjson_obj_get(object, name));
    return text == NULL ? "—" : text;
}

static void flow(content *t) {
    sluice_text losses = t->r->values[RETURN_LOSSES].text;
    document_line(t->d, number(t));
    account_fields(t);
    document_space(t->d, 4);
    yyjson_doc *doc = yyjson_read(losses.data, losses.length, 0);
    yyjson_val *row, *account;
    size_t at, count, place, accounts;
    static const double WIDTHS[3] = {0.2, 0.45, 0.35};
    static const char *const HEAD[3] = {"受害人", "转出账号", "损失金额"};
    document_table(t->d, WIDTHS, 3, HEAD, 1);
    yyjson_arr_foreach(yyjson_doc_get_root(doc), at, count, row) {
        const char *from = "见流水";
        yyjson_arr_foreach(yyjson_obj_get(row, "accounts"), place, accounts, account) {
            const char *key = yyjson_get_str(account);
            from = place == 0 && key != NULL ? document_printed(t->c->arena, "%s", key)
                                             : document_printed(t->c->arena, "%s\n%s", from, key == NULL ? "" : key);
        }
        const char *cells[3] = {document_printed(t->c->arena, "%s", text_at(row, "party")), from,
                                document_money(yyjson_get_sint(yyjson_obj_get(row, "loss_fen")), t->c->arena)};
        document_table(t->d, WIDTHS, 3, cells, 1);
    }
    yyjson_doc_free(doc);
    document_space(t->d, 4);
    basis_table(t);
    document_paragraph(t->d,
                       document_printed(t->c->arena, "计算所用流水的 SHA-256：%s。同一流水和同一损失清单得出同一结果。",
                                        words(t, &t->r->values[RETURN_LEDGER_SHA256])));
    document_signature(t->d, t->unit, submitted(t));
}

static void report(content *t) {
    const record_value *v = t->r->values;
    document_line(t->d, number(t));
    document_paragraph(t->d,
                       document_printed(t->c->arena, "领导批示：　　　　　　　　　　　　　　　　　　　　　　　　"));
    document_space(t->d, 10);
    document_paragraph(
        t->d,
        document_printed(t->c->arena,
                         "本案已冻结账号 %s 内资金 %s。经对账户流水逐笔核对，依照%s，拟向 %zu 名受害人返还 %s%s。",
                         account_words(t, &v[RETURN_ACCOUNT]), money(t, &v[RETURN_FROZEN]), LAW_ZH, paid_count(t),
                         money_and_words(t, &v[RETURN_RETURNED]),
                         v[RETURN_HELD].integer == 0 ? ""
                                                     : document_printed(t->c->arena, "，其余 %s 继续冻结至原到期日",
                                                                        money(t, &v[RETURN_HELD]))));
    document_paragraph(t->d,
                       v[RETURN_NOTICE_UNTIL].is_null
                           ? "本次返还资金均可查明对应受害人，不需公告。"
                           : document_printed(t->c->arena, "按比例返还部分已自%s至%s公告，公告期内的异议均已审查完毕。",
                                              date(t, &v[RETURN_NOTICE_FROM]), date(t, &v[RETURN_NOTICE_UNTIL])));
    basis_table(t);
    document_paragraph(t->d, document_printed(t->c->arena, "办理民警：%s、%s。妥否，请批示。",
                                              user_name(t, &v[RETURN_OFFICER_1]), user_name(t, &v[RETURN_OFFICER_2])));
    document_signature(t->d, document_printed(t->c->arena, "%s　%s", t->unit, user_name(t, &v[RETURN_SUBMITTED_BY])),
                       submitted(t));
}

static void decision(content *t) {
    const record_value *v = t->r->values;
    document_line(t->d, number(t));
    document_paragraph(t->d, document_printed(t->c->arena, "依照%s，决定将冻结于 %s（%s）的资金 %s 返还下列受害人：",
                                              LAW_ZH, account_words(t, &v[RETURN_ACCOUNT]), bank(t),
                                              money_and_words(t, &v[RETURN_RETURNED])));
    share_table(t, false);
    document_paragraph(t->d, v[RETURN_HELD].integer == 0
                                 ? "此后出现的受害人另行办理。"
                                 : "返还后的剩余资金继续冻结至原冻结期限届满。此后出现的受害人另行办理。");
    document_signature(t->d, document_printed(t->c->arena, "批准人：%s", user_name(t, &v[RETURN_APPROVED_BY])),
                       date(t, &v[RETURN_APPROVED_AT]));
}

static void notice(content *t) {
    const record_value *v = t->r->values;
    document_line(t->d, number(t));
    document_paragraph(t->d, document_printed(t->c->arena, "%s：", bank(t)));
    document_paragraph(
        t->d, document_printed(t->c->arena,
                               "请你单位协助将冻结于账号 %s 的资金 %s 按下表返还。现场办理；现场不能办理的，应当在三个"
                               "工作日内办理完毕，并反馈结果。",
                               account_words(t, &v[RETURN_ACCOUNT]), money_and_words(t, &v[RETURN_RETURNED])));
    share_table(t, true);
    document_paragraph(t->d, document_printed(t->c->arena, "办理民警：%s、%s。附：返还决定书。",
                                              user_name(t, &v[RETURN_OFFICER_1]), user_name(t, &v[RETURN_OFFICER_2])));
    document_signature(t->d, t->unit, date(t, &v[RETURN_APPROVED_AT]));
}

static const char *unit_name(content *t) {
    record unit;
    sluice_error unheard;
    const record_value *district = &t->r->values[RETURN_DISTRICT];
    int64_t id = district->is_null ? 1 : district->integer;
    bool found = store_get(t->c->desk->store, UNIT_KIND.table, id, t->c->arena, &unit, &unheard) == SLUICE_OK;
    return found ? words(t, &unit.values[UNIT_NAME_ZH]) : "反诈中心";
}

/* For the file's own title. */
static const char *one_line(const char *title, arena *a) {
    const char *end = strchr(title, '\n');
    return end == NULL ? title : document_printed(a, "%.*s%s", (int)(end - title), title, end + 1);
}

sluice_result return_document_write(desk_command *c, const record *r, return_document which, sluice_text *pdf_out) {
    static void (*const WRITERS[DOCUMENT_COUNT])(content * t) = {application, flow, report, decision, notice};
    content t = {.c = c, .r = r};
    if (!desk_is_among(DOCUMENTS[which].states, r->values[RETURN_STATE].text)) {
        return error_set(c->error, SLUICE_E_STATE, "a return that is %.*s has no %s yet",
                         TEXT_ARGS(r->values[RETURN_STATE].text), DOCUMENTS[which].name);
    }
    sluice_result result =
        store_get(c->desk->store, FREEZE_KIND.table, r->values[RETURN_FREEZE].integer, c->arena, &t.freeze, c->error);
    result = result == SLUICE_OK ? return_shares(c, r->id, &t.shares, &t.share_count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    t.unit = unit_name(&t);
    t.d = document_new(one_line(DOCUMENTS[which].title, c->arena), r->updated_ms);
    if (t.d == NULL) {
        return error_no_memory(c->error, sizeof t);
    }
    document_heading(t.d, DOCUMENTS[which].title);
    WRITERS[which](&t);
    result = document_finish(t.d, c->arena, pdf_out, c->error);
    document_free(&t.d);
    return result;
}
