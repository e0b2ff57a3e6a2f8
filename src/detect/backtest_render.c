/* A back-test as a table, two of them side by side, or JSON. */
#include "base/columns.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/money.h"
#include "base/time.h"
#include "detect/backtest.h"

#define NAME_WIDTH 30u

static const sluice_backtest_row *find(const sluice_backtest_row *rows, size_t count, const sluice_backtest_row *like) {
    for (size_t i = 0; i < count; i++) {
        if (text_equal(rows[i].group, like->group) && text_equal(rows[i].name, like->name)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void write_share(text_writer *writer, double share) {
    if (share < 0) {
        text_printf(writer, " %8s", "-");
    } else {
        text_printf(writer, " %7.1f%%", share * 100);
    }
}

/* The reachable part in yuan without fen, and its share. */
static void write_money(text_writer *writer, const sluice_backtest_row *row) {
    char amount[MONEY_TEXT_BYTES];
    if (row->lost_fen == 0) {
        text_printf(writer, " %16s %8s", "-", "-");
        return;
    }
    text_printf(writer, " %16s", money_format(row->reachable_fen, true, amount));
    write_share(writer, (double)row->reachable_fen / (double)row->lost_fen);
}

static void write_cells(text_writer *writer, const sluice_backtest_row *row) {
    char lead[TIME_TEXT_BYTES];
    text_printf(writer, " %7llu %7llu", (unsigned long long)row->known, (unsigned long long)row->found);
    write_share(writer, row->recall);
    text_printf(writer, " %8llu %7llu", (unsigned long long)row->findings, (unsigned long long)row->right);
    write_share(writer, row->precision);
    text_printf(writer, " %8.2f", row->alerts_a_day);
    text_printf(writer, " %14s", row->lead_median_ms < 0 ? "-" : time_duration_format(row->lead_median_ms, lead));
    write_money(writer, row);
}

static void write_head(text_writer *writer) {
    columns_pad_right(writer, TEXT(""), NAME_WIDTH);
    text_printf(writer, " %7s %7s %8s %8s %7s %8s %8s %14s %16s %8s\n", "known", "found", "recall", "findings", "right",
                "precis.", "per day", "median lead", "reachable yuan", "of lost");
}

static void write_table(const sluice_backtest_row *rows, size_t count, const sluice_backtest_row *against,
                        size_t against_count, text_writer *writer) {
    sluice_text group = {"", 0};
    text_write(writer, TEXT("Back-test 回测\n"));
    write_head(writer);
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(group, rows[i].group)) {
            group = rows[i].group;
            text_printf(writer, "%.*s\n", TEXT_ARGS(group));
        }
        text_write(writer, TEXT("  "));
        columns_pad_right(writer, rows[i].name, NAME_WIDTH - 2);
        write_cells(writer, &rows[i]);
        text_write_char(writer, '\n');
        const sluice_backtest_row *other = against == NULL ? NULL : find(against, against_count, &rows[i]);
        if (other != NULL) {
            columns_pad_right(writer, TEXT("    against 对比"), NAME_WIDTH);
            write_cells(writer, other);
            text_write_char(writer, '\n');
        }
    }
    text_write(writer,
               TEXT("  known, found: victims with an alerted payment, or labelled accounts with a finding. "
                    "right: the finding's subject is one.\n"
                    "  lead: from the first alerted payment to the last one. reachable: not yet paid then, or still "
                    "held in a trace.\n"));
}

static void add_rows(json_document *d, yyjson_mut_val *root, const char *key, const sluice_backtest_row *rows,
                     size_t count) {
    yyjson_mut_val *list = json_add_array(d, root, key);
    for (size_t i = 0; i < count; i++) {
        const sluice_backtest_row *r = &rows[i];
        yyjson_mut_val *row = json_append_object(d, list);
        json_add_text(d, row, "group", r->group);
        json_add_text(d, row, "name", r->name);
        json_add_uint(d, row, "known", r->known);
        json_add_uint(d, row, "found", r->found);
        json_add(d, row, "recall", r->recall < 0 ? yyjson_mut_null(d->doc) : yyjson_mut_real(d->doc, r->recall));
        json_add_uint(d, row, "findings", r->findings);
        json_add_uint(d, row, "right", r->right);
        json_add(d, row, "precision",
                 r->precision < 0 ? yyjson_mut_null(d->doc) : yyjson_mut_real(d->doc, r->precision));
        json_add_double(d, row, "alerts_a_day", r->alerts_a_day);
        json_add(d, row, "lead_median_ms",
                 r->lead_median_ms < 0 ? yyjson_mut_null(d->doc) : yyjson_mut_sint(d->doc, r->lead_median_ms));
        json_add_int(d, row, "lost_fen", r->lost_fen);
        json_add_int(d, row, "reachable_fen", r->reachable_fen);
    }
}

sluice_result backtest_render(const sluice_backtest_row *rows, size_t count, const sluice_backtest_row *against,
                              size_t against_count, bool as_json, text_writer *writer, sluice_error *error) {
    if (!as_json) {
        write_table(rows, count, against, against_count, writer);
        return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
    }
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    add_rows(&d, root, "rows", rows, count);
    if (against != NULL) {
        add_rows(&d, root, "against", against, against_count);
    }
    return json_end(&d, writer, error);
}
