#include <stdio.h>

#include <sluice/engine.h>

#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database", true, false},
    {NULL, NULL, NULL, false, false},
};

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_VERIFY, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    sluice_open_options options = {.size = sizeof options, .must_exist = true};
    if (sluice_engine_open(cli_value(&args, "--db"), &options, &engine, &error) != SLUICE_OK ||
        sluice_engine_verify(engine, &error) != SLUICE_OK) {
        sluice_engine_close(&engine);
        return cli_fail_with(&args, &error);
    }
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    printf("every checksum is right: %llu signals, %llu transfers, %llu withdrawals, %llu accounts; snapshot: %s; "
           "%llu signals replayed\n",
           (unsigned long long)stats.sequence, (unsigned long long)stats.transfer_count,
           (unsigned long long)stats.withdrawal_count, (unsigned long long)stats.account_count, stats.snapshot_state,
           (unsigned long long)stats.replayed_signals);
    sluice_engine_close(&engine);
    return CLI_OK;
}

const cli_command CMD_VERIFY = {
    "verify", "reads the whole log back and checks every checksum · 校验数据库",
    NULL,     0,
    0,        OPTIONS,
    NULL,     "  sluice verify --db county.db",
    run,
};
