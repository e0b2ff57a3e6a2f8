#include "support/detect_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/tool.h"

static const char RULES[] = "rule large {\n"
                            "    version 1\n    valid ..\n    typology drain\n    subject payer\n"
                            "    when transfer.amount >= yuan(4000) && payer.out_sum_24h >= yuan(6000)\n"
                            "    score 45\n"
                            "    reason zh \"单笔{transfer.amount}，24小时转出{payer.out_sum_24h}\"\n"
                            "    reason en \"{transfer.amount} at once, {payer.out_sum_24h} in 24 h\"\n"
                            "    source \"test\"\n}\n"
                            "rule many {\n"
                            "    version 2\n    valid ..\n    typology drain\n    subject payer\n"
                            "    when payer.out_count_1h >= 3 && payer.out_distinct_24h >= 2\n"
                            "    score 30\n"
                            "    reason zh \"一小时{payer.out_count_1h}笔\"\n"
                            "    reason en \"{payer.out_count_1h} payments in an hour\"\n"
                            "    source \"test\"\n}\n"
                            "rule through {\n"
                            "    version 1\n    valid ..\n    typology mule\n"
                            "    when payee.pass_through_6h > 0.5 && payee.in_count_6h >= 2 || pair.count >= 4\n"
                            "    score 60\n"
                            "    reason zh \"六小时过账{payee.pass_through_6h}\"\n"
                            "    reason en \"{payee.pass_through_6h} of it left in six hours\"\n"
                            "    source \"test\"\n}\n"
                            "rule circle {\n"
                            "    version 1\n    valid ..\n    typology mule\n"
                            "    when pattern.circle.count > 0\n"
                            "    score 50\n"
                            "    reason zh \"环路{pattern.circle.count}个\"\n"
                            "    reason en \"{pattern.circle.count} cycles\"\n"
                            "    source \"test\"\n}\n"
                            "rule tried {\n"
                            "    version 1\n    valid ..\n    status draft\n    typology mule\n"
                            "    when payee.in_count_24h >= 2\n"
                            "    score 40\n"
                            "    reason zh \"草稿\"\n    reason en \"a draft\"\n    source \"test\"\n}\n";

static const char TYPOLOGIES[] = "typology drain {\n    title zh \"转空\"\n    title en \"Drained\"\n"
                                 "    subject payer\n    combine sum\n}\n"
                                 "typology mule {\n    title zh \"过渡账户\"\n    title en \"Mule\"\n"
                                 "    subject payee\n    combine noisy-or\n}\n";

static const char ACTIONS[] = "*  40  verify  ..  by \"nobody\" because \"test\"\n"
                              "*  55  delay   ..  by \"nobody\" because \"test\"\n"
                              "*  70  stop    ..  by \"nobody\" because \"test\"\n";

static const char PATTERNS[] = "pattern circle {\n  kind cycle\n  window 12h\n  max-length 5\n}\n";

static void write_file(const char *folder, const char *name, const char *text) {
    char path[600];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

const char *detect_world_rules(void) {
    static char folder[512];
    char patterns[540];
    if (folder[0] != '\0') {
        return folder;
    }
    (void)snprintf(folder, sizeof folder, "%s", tool_path("rules"));
    (void)snprintf(patterns, sizeof patterns, "%s/patterns", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mkdir(patterns, 0700), 0);
    write_file(folder, "test.rule", RULES);
    write_file(folder, "test.typology", TYPOLOGIES);
    write_file(folder, "actions.table", ACTIONS);
    write_file(patterns, "test.pattern", PATTERNS);
    return folder;
}

static sluice_text account_key(uint64_t account, char buffer[16]) {
    int length = snprintf(buffer, 16, "card:%llu", (unsigned long long)account);
    return (sluice_text){buffer, (size_t)length};
}

void detect_world_open_accounts(sluice_engine *engine) {
    for (uint64_t i = 0; i < WORLD_ACCOUNTS; i++) {
        char text[16];
        sluice_error error = {0};
        sluice_signal signal = {.kind = SLUICE_SIGNAL_ACCOUNT,
                                .event = SLUICE_EVENT_SEEN,
                                .time_ms = INT64_C(1767196800000),
                                .key = account_key(i, text)};
        assert_int_equal(sluice_engine_append(engine, &signal, 1, NULL, NULL, &error), SLUICE_OK);
    }
    assert_int_equal(sluice_engine_flush(engine, NULL, NULL), SLUICE_OK);
}

sluice_signal detect_world_transfer(uint64_t seed, uint64_t n) {
    static struct { char id[24], from[16], to[16]; } texts[WORLD_TEXTS];
    static size_t turn;
    char *id = texts[turn % WORLD_TEXTS].id, *from_text = texts[turn % WORLD_TEXTS].from;
    char *to_text = texts[turn++ % WORLD_TEXTS].to;
    random_stream r;
    random_seed(&r, seed * 1000003 + n);
    uint64_t from = random_below(&r, WORLD_ACCOUNTS), to = random_below(&r, WORLD_ACCOUNTS);
    bool is_late = random_chance(&r, 1, 12), is_cash = random_chance(&r, 1, 10);
    int64_t time_ms = INT64_C(1767225600000) + (int64_t)(n / 2) * 420000 /* pairs are ties */
                      - (is_late ? (int64_t)random_below(&r, 40) * 420000 : 0);
    int64_t amount_fen = random_between(&r, 1, 80) * 10000;
    int length = snprintf(id, sizeof texts->id, "T%llu", (unsigned long long)n);
    return (sluice_signal){.kind = is_cash ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
                           .time_ms = time_ms,
                           .id = {id, (size_t)length},
                           .from = account_key(from, from_text),
                           .to = is_cash ? TEXT("atm:1") : account_key(to, to_text),
                           .amount_fen = amount_fen,
                           .received_fen = amount_fen};
}

sluice_engine *detect_world_fresh(const char *name) {
    static const char *const BESIDE[] = {"", "-wal", "-shm", "-snapshot"};
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    char path[540], beside[560];
    (void)snprintf(path, sizeof path, "%s", tool_path(name));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        (void)snprintf(beside, sizeof beside, "%s%s", path, BESIDE[i]);
        (void)unlink(beside);
    }
    if (sluice_engine_open(path, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    detect_world_open_accounts(engine);
    return engine;
}

sluice_detection *detect_world_run(const sluice_engine *engine, sluice_order order, uint64_t as_of, int64_t from_ms) {
    sluice_detection *found = NULL;
    sluice_error error = {0};
    sluice_detect_run_options options = {
        .size = sizeof options, .order = order, .as_of = as_of, .from_ms = from_ms, .evidence_max = 500};
    options.with = (sluice_detect_options){.size = sizeof options.with, .rules = detect_world_rules()};
    if (sluice_detect_run(engine, &options, &found, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return found;
}
