#include <sluice/detect.h>

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/detect_options.h"

static const cli_option OPTIONS[] = {
    {"--patterns", "PATH", "patterns (default: the folder `patterns` in the rules)", false, false},
    {"--model", "FILE", "a model of `sluice model train`, for rules that use model.score", false, false},
    {0}};

static void print_problem(void *context, const char *problem) {
    (void)context;
    printf("%s\n", problem);
}

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_RULES, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    if (strcmp(args.positional[0], "check") != 0) {
        return cli_fail(&args, CLI_USAGE, "'%s' is not one of: check (see sluice rules --help)", args.positional[0]);
    }
    sluice_detect_options options = {.size = sizeof options,
                                     .rules = args.positional[1],
                                     .patterns = cli_value(&args, "--patterns"),
                                     .model = cli_value(&args, "--model")};
    sluice_rules_summary summary = {.size = sizeof summary};
    sluice_error error = {0};
    if (sluice_rules_check(&options, print_problem, NULL, &summary, &error) != SLUICE_OK) {
        return cli_fail_with(&args, &error);
    }
    printf(
        "%u rules 条规则 (%u of them drafts 草稿), %u typologies 类型, %u patterns 模式, %u features 特征; sha256 %s\n",
        summary.rules, summary.drafts, summary.typologies, summary.patterns, summary.features, summary.sha256);
    return CLI_OK;
}

const cli_command CMD_RULES = {
    "rules",
    "checks a folder of rules; every mistake with file, line and column · 规则检查",
    "check DIR",
    2,
    2,
    OPTIONS,
    "docs/rules.md has the language.",
    "  sluice rules check rules",
    run,
};
