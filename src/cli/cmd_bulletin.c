#include <sluice/desk.h>
#include <sluice/trace.h>

#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--db", "LOCATION", "the database (a file or postgres://…)", true, false},
    {"--from", "TIME", "begin of the period", true, false},
    {"--to", "TIME", "end of the period, not included", true, false},
    {"--unit", "ID", "of this unit (default: the city)", false, false},
    {"--operation", "ID", "with the lines of this operation", false, false},
    {"--site", "ID", "with the lines of this site of it", false, false},
    {"-o", "FORMAT", "text (default), pdf, xlsx or json", false, false},
    {"--lang", "LANGUAGE", "zh (default) or en", false, false},
    {NULL, NULL, NULL, false, false},
};

static bool options_of(const cli_args *args, sluice_bulletin_options *options) {
    static const char *const FORMATS[] = {"text", "pdf", "xlsx", "json", NULL};
    static const char *const LANGUAGES[] = {"zh", "en", NULL};
    uint64_t unit = 0, operation = 0, site = 0;
    if (!cli_time(args, "--from", &options->from_ms) || !cli_time(args, "--to", &options->to_ms) ||
        !cli_count(args, "--unit", &unit) || !cli_count(args, "--operation", &operation) ||
        !cli_count(args, "--site", &site)) {
        return false;
    }
    int format = cli_choice(args, "-o", FORMATS), language = cli_choice(args, "--lang", LANGUAGES);
    options->unit = (int64_t)unit;
    options->operation = (int64_t)operation;
    options->site = (int64_t)site;
    options->in_english = language == 1;
    if (format >= 0) {
        options->format = (sluice_bulletin_format)format;
    }
    return format >= 0 && language >= 0;
}

static int run(int argc, char **argv) {
    cli_args args;
    sluice_bulletin_options options = {.size = sizeof options};
    sluice_error error = {0};
    char *bytes = NULL;
    size_t length = 0;
    int code = cli_parse(&CMD_BULLETIN, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    if (!options_of(&args, &options)) {
        return CLI_USAGE;
    }
    code = CLI_OK;
    if (sluice_bulletin(cli_value(&args, "--db"), &options, &bytes, &length, &error) != SLUICE_OK) {
        code = cli_fail_with(&args, &error);
    } else if (!cli_write(&args, bytes, length)) {
        code = CLI_FAILED;
    }
    sluice_text_free(&bytes);
    return code;
}

const cli_command CMD_BULLETIN = {
    "bulletin",
    "counts a bulletin's figures from the records · 战果通报",
    NULL,
    0,
    0,
    OPTIONS,
    "Every figure is counted from the records at this moment, and -o json gives the query behind each. Nothing is\n"
    "stored: bulletins that are signed and issued are made at the desk (docs/bulletins.md).",
    "  sluice bulletin --db county.db --from 2022-05-23 --to \"2022-05-24 12:00\" -o pdf > bulletin.pdf\n"
    "  sluice bulletin --db county.db --from 2022-01-01 --to 2022-05-25 --unit 3 --lang en",
    run,
};
