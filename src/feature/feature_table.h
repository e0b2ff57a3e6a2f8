/* The catalogue: every feature's name, type, unit and definition, once. Parsing, types, feature_help and
 * docs/features.md come from it. */
#ifndef FEATURE_FEATURE_TABLE_H
#define FEATURE_FEATURE_TABLE_H

#include "feature/feature.h"

/* Who a feature is of. ACCOUNT: payer and payee; PLACE: device and ip. */
typedef enum feature_of { OF_TRANSFER, OF_ACCOUNT, OF_PAYER, OF_PAIR, OF_PLACE } feature_of;

/* As names begin. */
typedef enum feature_subject {
    SUBJECT_TRANSFER,
    SUBJECT_PAYER,
    SUBJECT_PAYEE,
    SUBJECT_PAIR,
    SUBJECT_DEVICE,
    SUBJECT_IP,
    SUBJECTS
} feature_subject;

enum { POINT, WINDOW }; /* WINDOW: the name ends with _ and the window's length */

#define FEATURES_OF_TRANSFER(F)                                                                                        \
    F(AMOUNT, TRANSFER, "amount", POINT, INT, FEN, "what leaves the payer", "付款方转出的金额")                        \
    F(RECEIVED, TRANSFER, "received", POINT, INT, FEN, "what reaches the payee", "收款方到账的金额")                   \
    F(TIME, TRANSFER, "time", POINT, INT, MS, "event time since 1970-01-01 UTC", "发生时间(自1970-01-01 UTC起)")       \
    F(HOUR, TRANSFER, "hour", POINT, INT, NONE, "hour of the day in Shanghai, 0 to 23", "北京时间的小时,0–23")         \
    F(WEEKDAY, TRANSFER, "weekday", POINT, INT, NONE, "day of the week in Shanghai, 1 (Monday) to 7",                  \
      "北京时间的星期,1(周一)–7")                                                                                      \
    F(IS_NIGHT, TRANSFER, "is_night", POINT, BOOL, NONE, "between 00:00 and 06:00 in Shanghai",                        \
      "北京时间0点至6点之间")                                                                                          \
    F(IS_ROUND, TRANSFER, "is_round", POINT, BOOL, NONE, "the amount is a multiple of ¥100", "金额为100元的整数倍")    \
    F(IS_WITHDRAWAL, TRANSFER, "is_withdrawal", POINT, BOOL, NONE, "cash is taken out", "取现")                        \
    F(IS_SELF, TRANSFER, "is_self", POINT, BOOL, NONE, "payer and payee are the same account",                         \
      "付款方与收款方是同一账户")                                                                                      \
    F(IS_OWN, TRANSFER, "is_own", POINT, BOOL, NONE,                                                                   \
      "payer and payee belong to one holder; false when either holder is not known",                                   \
      "付款方与收款方属同一持有人;任一持有人未知则为否")                                                               \
    F(CURRENCY, TRANSFER, "currency", POINT, TEXT, NONE, "ISO 4217 letters of the amount", "金额的币种(ISO 4217)")     \
    F(NEW_PAYEE, TRANSFER, "new_payee", POINT, BOOL, NONE,                                                             \
      "the payer never paid this payee before; missing without a payee",                                               \
      "付款方此前从未付款给该收款方;无收款方时缺失")

#define FEATURES_OF_ACCOUNT(F)                                                                                           \
    F(KEY, ACCOUNT, "key", POINT, TEXT, NONE, "its key, kind:value", "账户标识(类别:值)")                                \
    F(KIND, ACCOUNT, "kind", POINT, TEXT, NONE, "what stands before the colon of its key", "标识中冒号前的类别")         \
    F(TYPE, ACCOUNT, "type", POINT, TEXT, NONE, "the type that its institution stated last; missing when none did",      \
      "机构最近一次登记的类型;未登记则缺失")                                                                             \
    F(AGE, ACCOUNT, "age", POINT, INT, MS,                                                                               \
      "since it was opened (its earliest `seen`); missing when that is not known",                                       \
      "开户至今(最早的seen事件);未知则缺失")                                                                             \
    F(IS_BLOCKED, ACCOUNT, "is_blocked", POINT, BOOL, NONE, "its newest block has not been lifted",                      \
      "已被止付冻结且未解除")                                                                                            \
    F(HOLDER_ACCOUNTS, ACCOUNT, "holder_accounts", POINT, INT, COUNT,                                                    \
      "accounts of its holder, this one included; missing when the holder is not known",                                 \
      "同一持有人的账户数(含本账户);持有人未知则缺失")                                                                   \
    F(IN_COUNT, ACCOUNT, "in_count", POINT, INT, COUNT, "credits ever", "历史入账笔数")                                  \
    F(OUT_COUNT, ACCOUNT, "out_count", POINT, INT, COUNT, "debits ever", "历史出账笔数")                                 \
    F(IN_SUM, ACCOUNT, "in_sum", POINT, INT, FEN, "credits ever", "历史入账金额")                                        \
    F(OUT_SUM, ACCOUNT, "out_sum", POINT, INT, FEN, "debits ever", "历史出账金额")                                       \
    F(KNOWN_AGE, ACCOUNT, "known_age", POINT, INT, MS, "since its first movement", "首笔资金往来至今")                   \
    F(IDLE, ACCOUNT, "idle", POINT, INT, MS, "since its movement before this one; missing when there is none",           \
      "距上一笔资金往来;没有则缺失")                                                                                     \
    F(IDLE_IN, ACCOUNT, "idle_in", POINT, INT, MS,                                                                       \
      "since its credit before this transfer; missing when there is none", "距本笔之前的上一笔入账;没有则缺失")          \
    F(IDLE_OUT, ACCOUNT, "idle_out", POINT, INT, MS,                                                                     \
      "since its debit before this transfer; missing when there is none", "距本笔之前的上一笔出账;没有则缺失")           \
    F(BALANCE, ACCOUNT, "balance", POINT, INT, FEN,                                                                      \
      "balance after this transfer: what the bank stated last, moved on by what came later; where it stated none, "      \
      "the "                                                                                                             \
      "sum of movements in the order of arrival over the smallest opening balance that never goes below zero",           \
      "本笔之后的余额:银行最近一次给出的余额加其后往来;未给出时,按到达顺序累计,期初余额取使余额不为负的最小值")          \
    F(WOKE_AFTER, ACCOUNT, "woke_after", POINT, INT, MS,                                                                 \
      "the idle time of at least 30 d that ended in the last 7 d; 0 when there was none",                                \
      "最近7天内结束的、不少于30天的静止期长度;没有则为0")                                                               \
    F(ESCALATION, ACCOUNT, "escalation", POINT, INT, COUNT,                                                              \
      "length of the run of newest debits of the last 30 d that are each a transfer to a payee never paid before and "   \
      "no "                                                                                                              \
      "smaller than the debit before; 100 at most",                                                                      \
      "最近30天内连续的最新出账笔数,每笔均转给此前从未付过的收款方且不小于前一笔;最多计到100")                           \
    F(DWELL, PAYER, "dwell", POINT, INT, MS,                                                                             \
      "age of the oldest of the newest credits that together cover this debit: how long the money stayed; missing "      \
      "when "                                                                                                            \
      "the credits of 30 d do not cover it",                                                                             \
      "足以覆盖本笔出账的最近入账中最早一笔距今的时间(资金停留时间);30天内入账不足则缺失")                               \
    F(TEST_THEN_LARGE, ACCOUNT, "test_then_large", POINT, INT, MS,                                                       \
      "since the newest transfer of ¥100 to ¥500 of the last hour, out of the payer or into the payee, when this one " \
      "is "                                                                                                              \
      "at least ¥5,000; missing otherwise",                                                                              \
      "本笔不少于5000元时,距最近1小时内最后一笔100–500元转账(付款方看出账,收款方看入账)的时间;否则缺失")

#define FEATURES_OF_DIRECTION(F, D, d, en, zh)                                                                         \
    F(D##_COUNT_W, ACCOUNT, #d "_count", WINDOW, INT, COUNT, en "s", zh "笔数")                                        \
    F(D##_SUM_W, ACCOUNT, #d "_sum", WINDOW, INT, FEN, "sum of " en "s", zh "金额合计")                                \
    F(D##_MIN_W, ACCOUNT, #d "_min", WINDOW, INT, FEN, "smallest " en "; missing when there is none",                  \
      zh "最小金额;没有则缺失")                                                                                        \
    F(D##_MAX_W, ACCOUNT, #d "_max", WINDOW, INT, FEN, "largest " en "; missing when there is none",                   \
      zh "最大金额;没有则缺失")                                                                                        \
    F(D##_MEAN_W, ACCOUNT, #d "_mean", WINDOW, DOUBLE, FEN, "mean " en "; missing when there is none",                 \
      zh "平均金额;没有则缺失")                                                                                        \
    F(D##_DISTINCT_W, ACCOUNT, #d "_distinct", WINDOW, INT, COUNT, "distinct counterparties of " en "s",               \
      zh "不同对手数")                                                                                                 \
    F(D##_NIGHT_SHARE_W, ACCOUNT, #d "_night_share", WINDOW, DOUBLE, SHARE,                                            \
      "share of " en "s (by count) between 00:00 and 06:00; missing when there is none",                               \
      zh "中0–6点的笔数占比;没有则缺失")                                                                               \
    F(D##_ROUND_SHARE_W, ACCOUNT, #d "_round_share", WINDOW, DOUBLE, SHARE,                                            \
      "share of " en "s (by count) that are a multiple of ¥100; missing when there is none",                           \
      zh "中100元整数倍的笔数占比;没有则缺失")                                                                         \
    F(D##_SMALL_W, ACCOUNT, "small_" #d, WINDOW, INT, COUNT, en "s of at most ¥500", "不超过500元的" zh "笔数")

#define FEATURES_OF_WINDOW(F)                                                                                          \
    FEATURES_OF_DIRECTION(F, IN, in, "credit", "入账")                                                                 \
    FEATURES_OF_DIRECTION(F, OUT, out, "debit", "出账")                                                                \
    F(PASS_THROUGH_W, ACCOUNT, "pass_through", WINDOW, DOUBLE, SHARE,                                                  \
      "the smaller of credits and debits ÷ the larger, by sum; missing when both are 0",                               \
      "入账与出账金额中较小者÷较大者;都为0则缺失")                                                                     \
    F(NEW_PAYEES_W, ACCOUNT, "new_payees", WINDOW, INT, COUNT, "transfers out to payees never paid before",            \
      "首次付款给对方的转出笔数")                                                                                      \
    F(NEW_PAYERS_W, ACCOUNT, "new_payers", WINDOW, INT, COUNT, "transfers in from payers who never paid it before",    \
      "对方首次付款的转入笔数")                                                                                        \
    F(REBATES_W, ACCOUNT, "rebates", WINDOW, INT, COUNT,                                                               \
      "credits of 1 to 1.5 times one of the account's 16 newest debits before it, if that was a transfer of the 24 h " \
      "before",                                                                                                        \
      "返利式入账笔数:入账金额为该账户此前最近16笔出账之一(24小时内的转账)的1–1.5倍")                                  \
    F(REBATE_SUM_W, ACCOUNT, "rebate_sum", WINDOW, INT, FEN, "their sum", "返利式入账金额合计")                        \
    F(CASH_COUNT_W, ACCOUNT, "cash_count", WINDOW, INT, COUNT, "cash withdrawals", "取现笔数")                         \
    F(CASH_SUM_W, ACCOUNT, "cash_sum", WINDOW, INT, FEN, "sum of cash withdrawals", "取现金额合计")                    \
    F(LOGINS_W, ACCOUNT, "logins", WINDOW, INT, COUNT, "logins", "登录次数")                                           \
    F(DEVICES_W, ACCOUNT, "devices", WINDOW, INT, COUNT, "distinct devices that logged in to it",                      \
      "登录过的不同设备数")                                                                                            \
    F(IPS_W, ACCOUNT, "ips", WINDOW, INT, COUNT, "distinct IP addresses that logged in to it", "登录过的不同IP数")

#define FEATURES_OF_PAIR(F)                                                                                            \
    F(PAIR_COUNT, PAIR, "count", POINT, INT, COUNT, "payments of this payer to this payee ever, this one included",    \
      "该付款方对该收款方的历史付款笔数(含本笔)")                                                                      \
    F(PAIR_AGE, PAIR, "age", POINT, INT, MS, "since the first of them", "距首笔付款的时间")                            \
    F(PAIR_IDLE, PAIR, "idle", POINT, INT, MS,                                                                         \
      "since the one before this; missing when there is none, or when this one is late and the one before is no "      \
      "longer "                                                                                                        \
      "kept",                                                                                                          \
      "距上一笔付款的时间;没有则缺失;本笔迟到且上一笔已不在保留期内时也缺失")                                          \
    F(PAIR_IS_NEW, PAIR, "is_new", POINT, BOOL, NONE, "this is the first", "本笔为首笔")                               \
    F(PAIR_REVERSE_COUNT, PAIR, "reverse_count", POINT, INT, COUNT, "payments of the payee to the payer ever",         \
      "收款方对付款方的历史付款笔数")                                                                                  \
    F(PAIR_COUNT_W, PAIR, "count", WINDOW, INT, COUNT, "payments of this payer to this payee",                         \
      "该付款方对该收款方的付款笔数")                                                                                  \
    F(PAIR_SUM_W, PAIR, "sum", WINDOW, INT, FEN, "their sum", "付款金额合计")                                          \
    F(PAIR_MIN_W, PAIR, "min", WINDOW, INT, FEN, "the smallest", "最小金额")                                           \
    F(PAIR_MAX_W, PAIR, "max", WINDOW, INT, FEN, "the largest", "最大金额")                                            \
    F(PAIR_MEAN_W, PAIR, "mean", WINDOW, DOUBLE, FEN, "their mean", "平均金额")

#define FEATURES_OF_PLACE(F)                                                                                           \
    F(PLACE_KEY, PLACE, "key", POINT, TEXT, NONE, "its key, kind:value", "标识(类别:值)")                              \
    F(PLACE_LOGINS_W, PLACE, "logins", WINDOW, INT, COUNT, "logins with it", "登录次数")                               \
    F(PLACE_ACCOUNTS_W, PLACE, "accounts", WINDOW, INT, COUNT, "distinct accounts logged in to with it",               \
      "登录过的不同账户数")                                                                                            \
    F(PLACE_OUT_COUNT_W, PLACE, "out_count", WINDOW, INT, COUNT, "debits of accounts when it was theirs",              \
      "经其发起的出账笔数")                                                                                            \
    F(PLACE_OUT_SUM_W, PLACE, "out_sum", WINDOW, INT, FEN, "sum of these debits", "经其发起的出账金额合计")

#define FEATURE_TABLE(F)                                                                                               \
    FEATURES_OF_TRANSFER(F) FEATURES_OF_ACCOUNT(F) FEATURES_OF_WINDOW(F) FEATURES_OF_PAIR(F) FEATURES_OF_PLACE(F)

#define FEATURE_ID(id, of, name, form, type, unit, en, zh) FEATURE_##id,
typedef enum feature_id { FEATURE_TABLE(FEATURE_ID) FEATURE_IDS } feature_id;
#undef FEATURE_ID

typedef struct feature_row {
    const char *name, *en, *zh;
    feature_of of;
    bool is_windowed;
    feature_type type;
    feature_unit unit;
} feature_row;

extern const feature_row feature_table[FEATURE_IDS];
extern const char *const feature_subject_names[SUBJECTS];

bool feature_is_of(feature_id id, feature_subject subject);

#define FEATURE_WINDOW_MS_MAX (INT64_C(366) * 86400000)
#define FEATURE_REASON_BYTES 320

/* What a name means. On false the reason, with the nearest known name. window_ms is 0 for what has none. */
typedef struct feature_meaning {
    feature_subject subject;
    feature_id id;
    int64_t window_ms;
} feature_meaning;
bool feature_parse(sluice_text name, feature_meaning *meaning_out, char reason_out[FEATURE_REASON_BYTES]);

#endif
