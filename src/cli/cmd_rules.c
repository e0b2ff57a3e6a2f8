#include <sluice/detect.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/detect_options.h"

static const cli_option OPTIONS[] = {
    {"--db", "LOCATION", "the desk's database: its changes of rules that are in force", false, false},
    {"--patterns", "PATH", "check: patterns (default: the folder `patterns` in the rules)", false, false},
    {"--model", "FILE", "check: a model of `sluice model train`, for rules that use model.score", false, false},
    {0}};

static void print_problem(void *context, const char *problem) {
    (void)context;
    printf("%s\n", problem);
}

static int check(const cli_args *args, const char *folder) {
    sluice_detect_options options = {.size = sizeof options,
                                     .rules = folder,
                                     .patterns = cli_value(args, "--patterns"),
                                     .model = cli_value(args, "--model")};
    sluice_rules_summary summary = {.size = sizeof summary};
    sluice_rule_changes *changes = NULL;
    sluice_error error = {0};
    const char *location = cli_value(args, "--db");
    if (location != NULL && !cli_rule_changes(args, location, &changes, &options)) {
        return CLI_FAILED;
    }
    sluice_result result = sluice_rules_check(&options, print_problem, NULL, &summary, &error);
    sluice_rule_changes_free(&changes);
    if (result != SLUICE_OK) {
        return cli_fail_with(args, &error);
    }
    if (summary.rules == 0) {
        return cli_fail(args, CLI_FAILED,
                        "no rule is in %s: nothing would be found by it; a folder with .rule files is expected "
                        "目录中没有规则",
                        folder);
    }
    printf(
        "%u rules 条规则 (%u of them drafts 草稿), %u typologies 类型, %u patterns 模式, %u features 特征; sha256 %s\n",
        summary.rules, summary.drafts, summary.typologies, summary.patterns, summary.features, summary.sha256);
    return CLI_OK;
}

/* One line for each file that is not the folder's. */
static void list(const sluice_rule_changes *changes) {
    size_t count = 0;
    const sluice_rule_file *files = sluice_rule_changes_files(changes, &count);
    for (size_t i = 0; i < count; i++) {
        sluice_rule_change_view view = {.size = sizeof view};
        char since[TIME_TEXT_BYTES];
        sluice_rule_changes_get(changes, i, &view);
        printf("%s\tversion %lld\tchange %lld\tsince %s\tsha256 %.*s\n", files[i].path, (long long)view.version,
               (long long)view.change, time_format(view.since_ms, since), TEXT_ARGS(view.sha256));
    }
    if (count == 0) {
        printf("no change of rules is in force: the folder stands as it is 没有生效的规则变更\n");
    }
}

static int print_text(const cli_args *args, const sluice_rule_changes *changes, const char *path) {
    size_t count = 0;
    const sluice_rule_file *files = sluice_rule_changes_files(changes, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return cli_write(args, files[i].text.data, files[i].text.length) ? CLI_OK : CLI_FAILED;
        }
    }
    return cli_fail(args, CLI_FAILED,
                    "no change of %s is in force: the folder's file stands (sluice rules changes lists what is)", path);
}

static int show(const cli_args *args, const char *path) {
    sluice_rule_changes *changes = NULL;
    sluice_detect_options unused;
    const char *location = cli_value(args, "--db");
    if (location == NULL) {
        return cli_fail(args, CLI_USAGE, "--db is needed: the database of the desk where the changes were approved");
    }
    if (!cli_rule_changes(args, location, &changes, &unused)) {
        return CLI_FAILED;
    }
    int code = CLI_OK;
    if (path == NULL) {
        list(changes);
    } else {
        code = print_text(args, changes, path);
    }
    sluice_rule_changes_free(&changes);
    return code;
}

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_RULES, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    const char *what = args.positional[0], *of = args.positional_count > 1 ? args.positional[1] : NULL;
    if (strcmp(what, "check") == 0 && of != NULL) {
        return check(&args, of);
    }
    if (strcmp(what, "changes") == 0 && of == NULL) {
        return show(&args, NULL);
    }
    if (strcmp(what, "text") == 0 && of != NULL) {
        return show(&args, of);
    }
    return cli_fail(&args, CLI_USAGE,
                    "check DIR, changes, or text PATH is expected, not '%s%s%s' (see sluice rules --help)", what,
                    of == NULL ? "" : " ", of == NULL ? "" : of);
}

const cli_command CMD_RULES = {
    "rules",
    "checks a folder of rules; every mistake with file, line and column; shows what is in force · 规则检查",
    "check DIR | changes | text PATH",
    1,
    2,
    OPTIONS,
    "A daemon decides by its folder with the changes that two people put in force over the API in the place of its "
    "files.\n"
    "With --db, `check` loads a folder with them; `changes` lists them; `text` prints the text of one.\n"
    "docs/rules.md has the language, and how rules are changed.",
    "  sluice rules check rules\n"
    "  sluice rules changes --db city.db\n"
    "  sluice rules check rules --db city.db\n"
    "  sluice rules text mule/large.rule --db city.db > large.rule",
    run,
};
