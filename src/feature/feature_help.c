/* docs/features.md, all of it: what does not come from the table stands here. */
#include "feature/feature_table.h"

static const char head[] =
    "# Features 特征\n"
    "\n"
    "What is known of a transfer and of its parties at the moment it arrives, by name. Rules, models and outputs ask "
    "for\n"
    "names; nothing else is computed. This page is what `feature_help` prints; a test compares the two.\n"
    "\n"
    "- A name is `subject.feature` or, with a window, `subject.feature_W`: `payee.in_count_1h`, `pair.sum_36h`,\n"
    "  `payer.idle`. W is any length from 1ms to 366d: `10m`, `1h`, `36h`, `7d`; at most 16 different ones at a time.\n"
    "- **A window is (t − W, t]** of event time, this transfer included, over the signals that arrived so far. Exact, "
    "in\n"
    "  any order of arrival, at any batch size: values equal a recomputation from the whole list of signals.\n"
    "- `payer` and `payee` both have every feature of an account. Credits and debits are movements of the account:\n"
    "  a transfer is a debit of its payer (what left) and a credit of its payee (what arrived), a transfer to oneself "
    "is\n"
    "  both, a withdrawal is a debit alone; its place, where it is known, is the counterparty.\n"
    "- `device` and `ip` are those of the payer's newest login at or before the transfer, if it is at most 24 h old; "
    "an IP\n"
    "  is a login's place that begins with `ip:`. Without one all their features are missing.\n"
    "- **Missing is not zero.** A value is missing where there is no such thing; every definition says when. In a "
    "rule,\n"
    "  `has(x)` tests it; in a model it is NaN. A withdrawal without a place has no payee and no pair.\n"
    "- **What is late.** A movement goes to its place in time. Kept is the longest window that is asked for, and a "
    "day; of a\n"
    "  transfer that is so late that a window of it begins before what is kept, that window's features are missing, "
    "and so\n"
    "  is its idle time when it lies before it altogether. The clock that counts is the 64th newest time of all "
    "movements\n"
    "  (of logins, for theirs), so that a few wrong times in the future do no harm.\n"
    "- Money is in fen, time in milliseconds. Night is 00:00 to 06:00 in Shanghai, round is a multiple of ¥100.\n"
    "\n"
    "名称为“主体.特征”或“主体.特征_窗口”,如 `payee.in_count_1h`。窗口为 (t − W, "
    "t],按事件时间、含本笔,对截至当时已到达的全部\n"
    "信号精确计算,与到达顺序和批次大小无关。窗口长度 1ms 至 366d,同时最多 16 种。`payer`(付款方)与 "
    "`payee`(收款方)都有账户的\n"
    "全部特征;`device` 与 `ip` 是付款方24小时内最近一次登录所用的设备与IP。缺失不等于零:规则中用 `has(x)` "
    "判断,模型中为 NaN。\n"
    "迟到的资金往来插入其发生时间;若窗口早于保留期,则该值缺失。金额单位为分,时间单位为毫秒;夜间指北京时间0–6点,"
    "整数指100元的整数倍。\n"
    "\n"
    "**Memory 内存.** 128 bytes an account; 32 an entry, two a transfer, while it is kept, in rings that are half to "
    "wholly\n"
    "full; 50 to 68 a pair of payer and payee, for good; a state of 40 bytes + 12 a window + 4 a counter for each "
    "series with\n"
    "more than 8 entries (for min and max 1 byte an entry more); 64 an account where type, age, block, holder or "
    "balance are\n"
    "asked for; 128 an account, device and IP and 80 a login where logins are. What has left its time is given back "
    "when its\n"
    "account takes part in a movement, and by a hand that visits one account at every movement.\n";

static const char *const titles[SUBJECTS] = {
    [SUBJECT_TRANSFER] = "transfer 本笔",       [SUBJECT_PAYER] = "payer, payee 付款方、收款方", [SUBJECT_PAYEE] = NULL,
    [SUBJECT_PAIR] = "pair 付款方与收款方之间", [SUBJECT_DEVICE] = "device, ip 设备与 IP",       [SUBJECT_IP] = NULL,
};

static const char *const types[] = {
    [FEATURE_INT] = "int", [FEATURE_DOUBLE] = "double", [FEATURE_BOOL] = "bool", [FEATURE_TEXT] = "text"};

static const char *const units[] = {[FEATURE_UNIT_NONE] = "",
                                    [FEATURE_UNIT_COUNT] = "count",
                                    [FEATURE_UNIT_FEN] = "fen",
                                    [FEATURE_UNIT_MS] = "ms",
                                    [FEATURE_UNIT_SHARE] = "0 … 1"};

static void row_write(text_writer *out, const char *subject, const feature_row *row) {
    text_printf(out, "| `%s.%s%s` | %s | %s | %s | %s |\n", row->of == OF_PAYER ? "payer" : subject, row->name,
                row->is_windowed ? "_W" : "", types[row->type], units[row->unit], row->en, row->zh);
}

void feature_help(text_writer *out) {
    text_write(out, text_of(head));
    for (feature_subject subject = 0; subject < SUBJECTS; subject++) {
        if (titles[subject] == NULL) {
            continue;
        }
        text_printf(out, "\n## %s\n\n| name | type | unit | definition | 定义 |\n|---|---|---|---|---|\n",
                    titles[subject]);
        for (feature_id id = 0; id < FEATURE_IDS; id++) {
            if (feature_is_of(id, subject)) {
                row_write(out, feature_subject_names[subject], &feature_table[id]);
            }
        }
    }
}
