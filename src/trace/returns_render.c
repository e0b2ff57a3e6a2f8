/* A return as a table for people and as JSON (docs/schema/return.schema.json, closed). */
#include <stdio.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/money.h"
#include "base/time.h"
#include "trace/render_private.h"
#include "trace/returns_private.h"

#define PARTY_WIDTH_MIN 18
#define PARTY_WIDTH_MAX 34
#define MONEY_WIDTH 16
#define HELD_ROWS_MAX 40

static const struct {
    const char *name, *english, *chinese;
} HELD_WORDS[] = {
    [SLUICE_HELD_OPENING] = {"opening", "opening balance, inferred: it was there before the first line",
                             "期初余额（推定），首笔之前已在账户内"},
    [SLUICE_HELD_UNIDENTIFIED] = {"unidentified", "a credit without a party: whose it is must be found out first",
                                  "未注明对方的入账，归属有待查明"},
    [SLUICE_HELD_UNLISTED] = {"unlisted", "a party without a listed loss", "未列入受害人的其他方资金"},
    [SLUICE_HELD_REST] = {"rest", "more than the victims' net losses", "超出受害人净损失的部分"},
};

static const char *method_of(const sluice_return_share *share) {
    return share->article_case == 0 ? "none" : share->article_case == 3 ? "proportion" : "direct";
}

static void json_shares(json_document *d, yyjson_mut_val *root, const sluice_return_view *view) {
    yyjson_mut_val *array = json_add_array(d, root, "shares");
    for (size_t i = 0; i < view->share_count; i++) {
        const sluice_return_share *share = &view->shares[i];
        yyjson_mut_val *object = json_append_object(d, array);
        json_add_text(d, object, "party", share->party);
        json_add_int(d, object, "loss_fen", share->loss_fen);
        json_add_int(d, object, "refunded_fen", share->refunded_fen);
        json_add_int(d, object, "credited_fen", share->credited_fen);
        json_add_int(d, object, "certain_fen", share->certain_fen);
        json_add_int(d, object, "possible_fen", share->possible_fen);
        json_add_int(d, object, "return_fen", share->return_fen);
        json_add_int(d, object, "onward_fen", share->onward_fen);
        json_add_text(d, object, "method", text_of(method_of(share)));
        json_add_int(d, object, "case", share->article_case);
        json_add_text(d, object, "basis", text_of(share->basis));
        json_add_text(d, object, "basis_zh", text_of(share->basis_zh));
    }
}

static void json_held(json_document *d, yyjson_mut_val *root, const sluice_return_view *view) {
    yyjson_mut_val *array = json_add_array(d, root, "held");
    for (size_t i = 0; i < view->held_count; i++) {
        const sluice_return_held *held = &view->held[i];
        yyjson_mut_val *object = json_append_object(d, array);
        json_add_text(d, object, "kind", text_of(HELD_WORDS[held->kind].name));
        json_add_text_or_null(d, object, "party", held->party);
        if (held->kind == SLUICE_HELD_REST) {
            json_add(d, object, "time", yyjson_mut_null(d->doc));
        } else {
            json_add_time(d, object, "time", held->time_ms);
        }
        json_add_int(d, object, "credited_fen", held->credited_fen);
        json_add_int(d, object, "certain_fen", held->certain_fen);
        json_add_int(d, object, "possible_fen", held->possible_fen);
        json_add_int(d, object, "held_fen", held->held_fen);
        json_add_text(d, object, "basis", text_of(HELD_WORDS[held->kind].english));
        json_add_text(d, object, "basis_zh", text_of(HELD_WORDS[held->kind].chinese));
    }
}

static sluice_result write_json(const sluice_return_view *view, text_writer *writer, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    json_add_int(&d, root, "frozen_fen", view->frozen_fen);
    json_add_int(&d, root, "returned_fen", view->returned_fen);
    json_add_int(&d, root, "held_fen", view->held_fen);
    json_add_int(&d, root, "pool_fen", view->pool_fen);
    json_add_int(&d, root, "opening_fen", view->opening_fen);
    json_add_bool(&d, root, "opening_inferred", view->opening_fen > 0);
    json_add_int(&d, root, "credits_fen", view->credits_fen);
    json_add_int(&d, root, "debits_fen", view->debits_fen);
    json_shares(&d, root, view);
    json_held(&d, root, view);
    json_add_text(&d, root, "law", text_of(view->law));
    json_add_uint(&d, root, "notice_days", view->notice_days);
    json_add_text_or_null(&d, root, "ledger_sha256", text_of(view->ledger_sha256));
    json_add_text_or_null(&d, root, "losses_sha256", text_of(view->losses_sha256));
    return json_end(&d, writer, error);
}

static void cell_money(text_writer *writer, int64_t fen) {
    char buffer[MONEY_TEXT_BYTES];
    columns_pad_left(writer, text_of(money_format(fen, true, buffer)), MONEY_WIDTH);
}

static size_t party_width(const sluice_return_view *view) {
    size_t width = PARTY_WIDTH_MIN;
    for (size_t i = 0; i < view->share_count + view->held_count; i++) {
        size_t party =
            columns_width(i < view->share_count ? view->shares[i].party : view->held[i - view->share_count].party);
        width = party > width && party <= PARTY_WIDTH_MAX ? party : width;
    }
    return width;
}

static void table_shares(const sluice_return_view *view, text_writer *writer, size_t width) {
    static const char *const HEADINGS[] = {"Net loss 净损失", "Came in 入账", "Certain 确定", "Possible 可能",
                                           "Return 返还"};
    text_write(writer, TEXT("\n"));
    columns_pad_right(writer, TEXT("  Victim 受害人"), width + 2);
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++) {
        columns_pad_left(writer, text_of(HEADINGS[i]), MONEY_WIDTH);
    }
    text_write(writer, TEXT("\n"));
    for (size_t i = 0; i < view->share_count; i++) {
        const sluice_return_share *share = &view->shares[i];
        text_write(writer, TEXT("  "));
        columns_pad_right(writer, share->party, width);
        cell_money(writer, share->loss_fen > share->refunded_fen ? share->loss_fen - share->refunded_fen : 0);
        cell_money(writer, share->credited_fen);
        cell_money(writer, share->certain_fen);
        cell_money(writer, share->possible_fen);
        cell_money(writer, share->return_fen);
        text_printf(writer, "\n      %s\n      %s\n", share->basis_zh, share->basis);
    }
}

static void table_held(const sluice_return_view *view, text_writer *writer, size_t width) {
    if (view->held_fen == 0) {
        return;
    }
    text_write(writer, TEXT("\nStays frozen 继续冻结\n"));
    size_t left_out = 0;
    for (size_t i = 0, shown = 0; i < view->held_count; i++) {
        const sluice_return_held *held = &view->held[i];
        if (held->held_fen == 0 || shown == HELD_ROWS_MAX) {
            left_out += held->held_fen > 0;
            continue;
        }
        char time[TIME_TEXT_BYTES];
        text_write(writer, TEXT("  "));
        columns_pad_right(writer,
                          held->party.length > 0                   ? held->party
                          : held->kind == SLUICE_HELD_UNIDENTIFIED ? text_of(time_format_short(held->time_ms, time))
                                                                   : TEXT("-"),
                          width);
        cell_money(writer, held->held_fen);
        text_printf(writer, "  %s %s\n", HELD_WORDS[held->kind].chinese, HELD_WORDS[held->kind].english);
        shown++;
    }
    if (left_out > 0) {
        text_printf(writer, "  … %zu more 另有 %zu 笔; all of them: -o json\n", left_out, left_out);
    }
}

static sluice_result write_table(const sluice_return_view *view, text_writer *writer, sluice_error *error) {
    size_t width = party_width(view);
    text_printf(writer, "Return of frozen funds 冻结资金返还   %s\n  frozen 冻结 ", view->law);
    render_money(writer, view->frozen_fen);
    text_write(writer, TEXT(" = opening 期初 "));
    render_money(writer, view->opening_fen);
    text_write(writer, TEXT(" + in 入账 "));
    render_money(writer, view->credits_fen);
    text_write(writer, TEXT(" − out 出账 "));
    render_money(writer, view->debits_fen);
    text_write(writer, TEXT("\n"));
    if (view->opening_fen > 0) {
        text_write(writer, TEXT("  The opening balance is inferred: without it the balance would be negative. "
                                "期初余额为推定：否则余额为负。\n"));
    }
    table_shares(view, writer, width);
    table_held(view, writer, width);
    text_write(writer, TEXT("\nProof 核对\n  returned 返还 "));
    render_money(writer, view->returned_fen);
    text_write(writer, TEXT(" + held 继续冻结 "));
    render_money(writer, view->held_fen);
    text_write(writer, TEXT(" = frozen 冻结 "));
    render_money(writer, view->frozen_fen);
    text_write(writer, view->returned_fen + view->held_fen == view->frozen_fen ? TEXT(" ✓\n") : TEXT(" ✗\n"));
    if (view->notice_days > 0) {
        text_printf(writer,
                    "  Before the proportion is paid: public notice of %u days, objections reviewed. "
                    "按比例返还前须公告%u日并审查异议。\n",
                    view->notice_days, view->notice_days);
    }
    if (view->ledger_sha256[0] != '\0') {
        text_printf(writer, "  ledger 账目 SHA-256 %s\n  losses 损失 SHA-256 %s\n", view->ledger_sha256,
                    view->losses_sha256);
    }
    return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
}

sluice_result sluice_return_render(const sluice_return *returns, sluice_return_format format, char **text_out,
                                   size_t *length_out, sluice_error *error) {
    if (returns == NULL || text_out == NULL || (format != SLUICE_RETURN_TABLE && format != SLUICE_RETURN_JSON)) {
        return error_set(error, SLUICE_E_INVALID,
                         "a return, a format (table or json) and a place for the text are needed");
    }
    sluice_return_view view = {.size = sizeof view};
    sluice_return_view_get(returns, &view);
    text_writer writer = {0};
    sluice_result result =
        format == SLUICE_RETURN_JSON ? write_json(&view, &writer, error) : write_table(&view, &writer, error);
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    *text_out = writer.data;
    if (length_out != NULL) {
        *length_out = writer.length;
    }
    return SLUICE_OK;
}
