#include <sluice/simulate.h>

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--people", "N", "how many people live there: 100 to 5000000", true, false},
    {"--days", "N", "how many days: 2 to 730", true, false},
    {"--seed", "N", "the same seed gives the same city, byte for byte (default 1)", false, false},
    {"--start", "DATE", "the first day (default 2026-01-01)", false, false},
    {"--out", "DIR", "folder to write; made when it is not there", true, false},
    {NULL, NULL, NULL, false, false},
};

static bool on_progress(void *context, const sluice_simulate_progress *progress) {
    (void)context;
    if (cli_is_interactive()) {
        (void)fprintf(stderr, "\r\033[K%3lld %%  day %lld of %lld  %llu transfers and withdrawals",
                      (long long)(progress->done_ms * 100 / progress->total_ms),
                      (long long)(progress->done_ms / TIME_DAY_MS), (long long)(progress->total_ms / TIME_DAY_MS),
                      (unsigned long long)progress->movements);
    }
    return true;
}

static bool options_of(const cli_args *args, sluice_simulate_options *options) {
    uint64_t people = 0, days = 0, seed = 1;
    if (!cli_count(args, "--people", &people) || !cli_count(args, "--days", &days) ||
        !cli_count(args, "--seed", &seed) || !cli_time(args, "--start", &options->start_ms)) {
        return false;
    }
    options->size = sizeof *options;
    options->people = people > UINT32_MAX ? UINT32_MAX : (uint32_t)people;
    options->days = days > UINT32_MAX ? UINT32_MAX : (uint32_t)days;
    options->seed = seed;
    options->out = cli_value(args, "--out");
    options->progress = on_progress;
    return true;
}

/* The folder as a shell takes it: a path of plain characters stays readable. */
static void print_path(text_writer *w, const char *path) {
    if (strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") == strlen(path)) {
        text_write(w, text_of(path));
        return;
    }
    text_write_char(w, '\'');
    for (; *path != '\0'; path++) {
        if (*path == '\'') {
            text_write(w, TEXT("'\\''"));
        } else {
            text_write_char(w, *path);
        }
    }
    text_write_char(w, '\'');
}

static bool print_summary(const cli_args *args, const char *out, const sluice_simulate_summary *s) {
    char lost[MONEY_TEXT_BYTES], held[MONEY_TEXT_BYTES], amount[MONEY_TEXT_BYTES];
    const struct {
        uint64_t value;
        const char *text;
    } rows[] = {
        {s->transfers, "transfers 转账"},
        {s->withdrawals, "withdrawals 取现"},
        {s->accounts, "accounts 账户"},
        {s->holders, "people and companies 人和公司"},
        {s->devices, "devices 设备"},
        {s->logins, "logins 登录"},
        {s->victims, "victims 受害人"},
        {s->gangs, "laundering crews 洗钱团伙"},
        {s->mules, "mule cards 涉案卡"},
        {s->dirty_movements, "movements of victims' money 涉案流水"},
        {s->layers_max, "layers, the longest chain 最长链条层级"},
    };
    text_writer w = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text_printf(&w, "%14llu  %s\n", (unsigned long long)rows[i].value, rows[i].text);
    }
    text_printf(&w, "%14s  yuan lost 损失, of it still in mule accounts 尚在涉案账户: %s\n",
                money_format(s->lost_fen, true, lost), money_format(s->held_fen, true, held));
    text_write(&w, TEXT("\nAll of it is invented. truth/ says what really happened; it is never imported.\n\nNext:\n"
                        "  sluice import --db city.db --format csv "));
    print_path(&w, out);
    text_write_char(&w, '\n');
    if (s->demo_transfer[0] != '\0') {
        text_printf(&w,
                    "  sluice trace --db city.db --transfer %s --sink atm --sink pos --sink wallet"
                    "    # ¥%s of one victim\n  sluice account --db city.db %s\n",
                    s->demo_transfer, money_format(s->demo_amount_fen, true, amount), s->demo_account);
    }
    bool written = w.failed ? cli_fail(args, CLI_FAILED, "out of memory") < 0 : cli_write(args, w.data, w.length);
    text_writer_fini(&w);
    return written;
}

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_SIMULATE, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    sluice_simulate_options options = {0};
    if (!options_of(&args, &options)) {
        return CLI_USAGE;
    }
    sluice_simulate_summary summary = {0};
    sluice_error error = {0};
    sluice_result result = sluice_simulate(&options, &summary, &error);
    if (cli_is_interactive()) {
        (void)fputs("\r\033[K", stderr);
    }
    if (result != SLUICE_OK) {
        code = cli_fail_with(&args, &error);
        return result == SLUICE_E_INVALID ? CLI_USAGE : code;
    }
    return print_summary(&args, options.out, &summary) ? CLI_OK : CLI_FAILED;
}

const cli_command CMD_SIMULATE = {
    "simulate",
    "invents a city with victims and mules, and says who they are · 模拟城市",
    NULL,
    0,
    0,
    OPTIONS,
    "The folder is what `sluice import --format csv` takes; its truth/ is for judging answers and is never imported.\n"
    "docs/simulate.md describes the people, the crimes and the files.",
    "  sluice simulate --people 2000 --days 30 --seed 1 --out city\n"
    "  sluice simulate --people 1000000 --days 90 --seed 7 --out /data/city",
    run,
};
