#include <stdio.h>

#include <sluice/desk.h>

#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--db", "LOCATION", "the database (a file or postgres://…); made when it is not there", true, false},
    {"--login", "NAME", "name to sign in: a-z, 0-9, dot, hyphen, underscore", true, false},
    {"--name", "TEXT", "the person's name", true, false},
    {"--roles", "LIST", "administrator; or some of duty,analyst,investigator,commander,approver,outreach; or auditor",
     true, false},
    {"--unit", "ID", "the unit (default 1, the city)", false, false},
    {"--clock", "FILE", "a simulated clock, for tests", false, false},
    {0}};

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_USER, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    uint64_t unit = 0;
    if (!cli_count(&args, "--unit", &unit)) {
        return CLI_USAGE;
    }
    sluice_error error = {0};
    char activation[SLUICE_CODE_BYTES];
    sluice_user_options options = {.size = sizeof options,
                                   .login = cli_value(&args, "--login"),
                                   .name = cli_value(&args, "--name"),
                                   .roles = cli_value(&args, "--roles"),
                                   .unit = (int64_t)unit,
                                   .clock = cli_value(&args, "--clock")};
    if (sluice_user_add(cli_value(&args, "--db"), &options, activation, &error) != SLUICE_OK) {
        return cli_fail_with(&args, &error);
    }
    printf("%s\n", activation);
    (void)fputs(
        "This activation code is shown once and holds for three days. With it the user sets a password: on the\n"
        "console's sign-in page, under First time 首次登录 (or POST /v1/session/password). While a daemon runs,\n"
        "users are made at the console.\n",
        stderr);
    return CLI_OK;
}

const cli_command CMD_USER = {
    "user", "adds a user, and prints an activation code · 新建用户",
    NULL,   0,
    0,      OPTIONS,
    NULL,   "  sluice user --db county.db --login admin --name 管理员 --roles administrator",
    run,
};
