/* The table of a profile for a terminal: Chinese and English labels, a sparkline of the balance, a heat map of hours
 * and weekdays. Whatever is not listed is counted and said. */
#include <stdio.h>

#include "base/money.h"
#include "base/time.h"
#include "feature/profile_render.h"

#define LABEL_COLUMNS 26
#define KEY_COLUMNS 30
#define MONEY_COLUMNS 18
#define SPARK_COLUMNS 60

/* Columns on a terminal: of the characters that this table writes, those from U+1100 on are wide, but for the blocks
 * and punctuation around U+2000. */
static size_t columns_of(sluice_text text) {
    size_t columns = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte & 0xC0) == 0x80) {
            continue;
        }
        bool is_wide = byte >= 0xF0 || (byte >= 0xE3 && byte <= 0xED) || byte == 0xEF;
        columns += is_wide ? 2 : 1;
    }
    return columns;
}

static void pad(text_writer *writer, size_t written, size_t columns) {
    for (; written < columns; written++) {
        text_write_char(writer, ' ');
    }
}

static void cell(text_writer *writer, sluice_text text, size_t columns) {
    text_write(writer, text);
    pad(writer, columns_of(text), columns);
}

static void cell_money(text_writer *writer, int64_t fen) {
    char buffer[MONEY_TEXT_BYTES];
    sluice_text text = text_of(money_format(fen, true, buffer));
    pad(writer, text.length, MONEY_COLUMNS);
    text_write(writer, text);
}

static void label(text_writer *writer, const char *text) {
    text_write(writer, TEXT("  "));
    cell(writer, text_of(text), LABEL_COLUMNS);
}

static const char *status_words(const char *status) {
    return status[0] == 'b' ? "blocked 已止付或冻结" : status[0] == 'c' ? "closed 已销户" : "open 正常";
}

static void write_owner(const sluice_profile_view *view, text_writer *writer) {
    char time[TIME_TEXT_BYTES], other[TIME_TEXT_BYTES];
    text_printf(writer, "Account profile 账户画像   %.*s\n\n", TEXT_ARGS(view->key));
    label(writer, "类型 Type");
    cell(writer, view->type.length == 0 ? TEXT("—") : view->type, KEY_COLUMNS);
    text_printf(writer, "  状态 Status  %s\n", status_words(view->status));
    label(writer, "户主 Holder");
    cell(writer, view->holder.length == 0 ? TEXT("— not known 未知") : view->holder, KEY_COLUMNS);
    text_printf(writer, "  %s\n", view->holder_name);
    label(writer, "首次登记 Known since");
    text_printf(writer, "%s\n", view->opened_ms == 0 ? "—" : time_format_short(view->opened_ms, time));
    if (view->last_ms == 0 && view->first_ms == 0) {
        return;
    }
    label(writer, "首末交易 First, last");
    text_printf(writer, "%s  →  %s\n", time_format_short(view->first_ms, time),
                time_format_short(view->last_ms, other));
    label(writer, "统计期间 Period");
    text_printf(writer, "%s  →  %s\n", time_format_short(view->from_ms, time), time_format_short(view->to_ms, other));
}

static void write_side(text_writer *writer, const char *name, const sluice_profile_side *side) {
    label(writer, name);
    cell_money(writer, side->amount_fen);
    text_printf(writer, "  %8llu 笔\n", (unsigned long long)side->count);
}

/* The balance at the end of each of SPARK_COLUMNS equal parts of the period. */
static void write_spark(const sluice_profile_view *view, text_writer *writer) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    int64_t span_ms = view->to_ms - view->from_ms, range_fen = view->high_fen - view->low_fen;
    int64_t balance_fen = view->start_fen;
    size_t day = 0;
    label(writer, "走势 Daily closing");
    for (int64_t column = 1; column <= SPARK_COLUMNS; column++) {
        int64_t until_ms = view->from_ms + span_ms / SPARK_COLUMNS * column;
        for (; day < view->day_count && (view->days[day].day_ms < until_ms || column == SPARK_COLUMNS); day++) {
            balance_fen = view->days[day].closing_fen;
        }
        int64_t level = range_fen == 0 ? 0 : money_mul_div(balance_fen - view->low_fen, 7, range_fen);
        text_write(writer, text_of(blocks[level]));
    }
    text_write_char(writer, '\n');
}

static void write_balance(const sluice_profile_view *view, text_writer *writer) {
    text_write(writer, TEXT("\n余额 Balance\n"));
    label(writer, "期初 At the start");
    cell_money(writer, view->start_fen);
    text_write(writer, view->opening_inferred ? TEXT("  (推算 inferred from the ledger)\n") : TEXT("\n"));
    label(writer, "期末 At the end");
    cell_money(writer, view->balance_fen);
    text_write_char(writer, '\n');
    label(writer, "最低 / 最高 Low, high");
    cell_money(writer, view->low_fen);
    cell_money(writer, view->high_fen);
    text_write_char(writer, '\n');
    if (view->day_count > 0) {
        write_spark(view, writer);
    }
}

static void write_share(text_writer *writer, const char *name, int64_t part_fen, int64_t whole_fen) {
    label(writer, name);
    cell_money(writer, part_fen);
    if (whole_fen > 0) {
        int64_t permille = money_mul_div(part_fen, 1000, whole_fen);
        text_printf(writer, "  %5lld.%lld %%", (long long)(permille / 10), (long long)(permille % 10));
    }
    text_write_char(writer, '\n');
}

static void write_behaviour(const sluice_profile_view *view, text_writer *writer) {
    text_write(writer, TEXT("\n收支 Money\n"));
    write_side(writer, "转入 In", &view->in);
    write_side(writer, "转出 Out", &view->out);
    write_side(writer, "其中取现 of it cash", &view->withdrawals);
    text_write(writer, TEXT("\n资金停留 How long money stays (先进先出 FIFO)\n"));
    label(writer, "10 25 50 75 90 %");
    for (size_t i = 0; i < SLUICE_PROFILE_QUANTILES; i++) {
        char buffer[TIME_TEXT_BYTES];
        const char *text = view->dwell_ms[i] < 0 ? "—" : time_duration_format(view->dwell_ms[i], buffer);
        text_printf(writer, "%s%s", i == 0 ? "" : "   ", text);
    }
    text_write_char(writer, '\n');
    write_share(writer, "1 小时内转出 Gone in 1 h", view->left_in_hour_fen, view->in.amount_fen);
    write_share(writer, "24 小时内 Gone in 24 h", view->left_in_day_fen, view->in.amount_fen);
}

static void write_hours(const sluice_profile_view *view, text_writer *writer) {
    static const char *const weekdays[] = {"周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu",
                                           "周五 Fri", "周六 Sat", "周日 Sun"};
    static const char *const shades[] = {"·", "░", "▒", "▓", "█"};
    uint64_t most = 0;
    for (size_t i = 0; i < 7 * 24; i++) {
        uint64_t count = view->hour_count[i / 24][i % 24];
        most = count > most ? count : most;
    }
    text_write(writer, TEXT("\n时段 Hours (Asia/Shanghai), number of movements\n"));
    pad(writer, 0, 12);
    for (int hour = 0; hour < 24; hour++) {
        text_printf(writer, hour % 3 == 0 ? "%02d" : "  ", hour);
    }
    text_write_char(writer, '\n');
    for (size_t weekday = 0; weekday < 7; weekday++) {
        text_write(writer, TEXT("  "));
        cell(writer, text_of(weekdays[weekday]), 10);
        for (size_t hour = 0; hour < 24; hour++) {
            uint64_t count = view->hour_count[weekday][hour];
            size_t shade = count == 0 ? 0 : (size_t)(1 + (count * 4 - 1) / most);
            shade = shade > 4 ? 4 : shade;
            text_printf(writer, "%s%s", shades[shade], shades[shade]);
        }
        text_write_char(writer, '\n');
    }
    text_printf(writer, "  · 0   ░ ▒ ▓ █ up to %llu\n", (unsigned long long)most);
}

static void write_counterparties(const sluice_profile_view *view, text_writer *writer) {
    text_printf(writer,
                "\n对手 Counterparties  %llu   共同往来 both ways %llu   新出现 new %llu   消失 vanished %llu\n",
                (unsigned long long)view->counterparty_count, (unsigned long long)view->common_count,
                (unsigned long long)view->new_count, (unsigned long long)view->vanished_count);
    if (view->counterparty_listed == 0) {
        return;
    }
    text_write(writer, TEXT("  "));
    cell(writer, TEXT("账户 Account"), KEY_COLUMNS);
    pad(writer, columns_of(TEXT("转入 In")), MONEY_COLUMNS);
    text_write(writer, TEXT("转入 In"));
    pad(writer, columns_of(TEXT("转出 Out")), MONEY_COLUMNS);
    text_write(writer, TEXT("转出 Out  笔   末次 Last\n"));
    for (size_t i = 0; i < view->counterparty_listed; i++) {
        const sluice_profile_counterparty *party = &view->counterparties[i];
        char time[TIME_TEXT_BYTES];
        text_write(writer, TEXT("  "));
        cell(writer, party->key.length == 0 ? TEXT("(不明 not stated)") : party->key, KEY_COLUMNS);
        cell_money(writer, party->in.amount_fen);
        cell_money(writer, party->out.amount_fen);
        unsigned long long moves = party->in.count + party->out.count;
        text_printf(writer, " %4llu   %s%s%s%s\n", moves, time_format_short(party->last_ms, time),
                    party->is_new ? " 新 new" : "", party->is_common ? " ⇄" : "",
                    party->has_vanished ? " 消失 vanished" : "");
    }
    if (view->counterparty_listed < view->counterparty_rows) {
        unsigned long long all = view->counterparty_rows, more = all - view->counterparty_listed;
        text_printf(writer, "  … %llu more by smaller amounts; --top %llu shows all\n", more, all);
    }
}

static void write_devices(const sluice_profile_view *view, text_writer *writer) {
    text_printf(writer, "\n登录 Logins  %llu   设备 devices %llu\n", (unsigned long long)view->login_count,
                (unsigned long long)view->device_count);
    for (size_t i = 0; i < view->device_listed; i++) {
        const sluice_profile_device *device = &view->devices[i];
        char time[TIME_TEXT_BYTES];
        text_write(writer, TEXT("  "));
        cell(writer, device->key, KEY_COLUMNS);
        text_printf(writer, "  %6llu 次   %llu 账户 accounts on it   %s\n", (unsigned long long)device->login_count,
                    (unsigned long long)device->account_count, time_format_short(device->last_ms, time));
    }
    if (view->device_listed < view->device_count) {
        text_printf(writer, "  … %llu more devices\n", (unsigned long long)(view->device_count - view->device_listed));
    }
}

void profile_write_table(const sluice_profile_view *view, text_writer *writer) {
    write_owner(view, writer);
    if (view->last_ms == 0 && view->first_ms == 0) {
        text_write(writer, TEXT("\n  没有交易 No movements\n"));
    } else {
        write_balance(view, writer);
        write_behaviour(view, writer);
        write_hours(view, writer);
        write_counterparties(view, writer);
    }
    write_devices(view, writer);
}
