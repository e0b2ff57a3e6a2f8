#include "cli/detect_options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* The folder of this program's own rules; false: not found. */
static bool shipped_rules(char path[CLI_DETECT_PATH_BYTES]) {
    static const char *const PLACES[] = {"../share/sluice/rules", "../../../rules"};
    char program[CLI_DETECT_PATH_BYTES];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return false;
    }
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        int written = snprintf(path, CLI_DETECT_PATH_BYTES, "%s/%s", program, PLACES[i]);
        if (written > 0 && written < CLI_DETECT_PATH_BYTES && access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

bool cli_detect_options(const cli_args *args, char path[CLI_DETECT_PATH_BYTES], sluice_detect_options *options_out) {
    *options_out = (sluice_detect_options){.size = sizeof *options_out,
                                           .rules = cli_value(args, "--rules"),
                                           .patterns = cli_value(args, "--patterns"),
                                           .model = cli_value(args, "--model")};
    if (options_out->rules == NULL && options_out->model == NULL) {
        if (!shipped_rules(path)) {
            (void)cli_fail(args, CLI_USAGE,
                           "the rules that come with sluice are not beside it: name a folder with "
                           "--rules, or a model with --model");
            return false;
        }
        options_out->rules = path;
    }
    return true;
}

bool cli_rule_changes(const cli_args *args, const char *location, sluice_rule_changes **changes_out,
                      sluice_detect_options *options) {
    sluice_error error = {0};
    if (sluice_rule_changes_read(location, changes_out, &error) != SLUICE_OK) {
        (void)cli_fail_with(args, &error);
        return false;
    }
    options->files = sluice_rule_changes_files(*changes_out, &options->file_count);
    return true;
}

sluice_engine *cli_open(const cli_args *args) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    sluice_open_options open = {.size = sizeof open, .must_exist = true};
    if (sluice_engine_open(cli_value(args, "--db"), &open, &engine, &error) != SLUICE_OK) {
        (void)cli_fail_with(args, &error);
        return NULL;
    }
    return engine;
}
