#include "cli/copying.h"

#include <stdio.h>

#include "cli/progress.h"

static bool on_progress(void *context, const char *what, uint64_t done, uint64_t total) {
    (void)context;
    return cli_progress_of(what, done, total);
}

int cli_copy_run(const cli_command *command, const char *from_option, const char *to_option, cli_copy copy, int argc,
                 char **argv) {
    cli_args args;
    int code = cli_parse(command, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    sluice_copy_options options = {.size = sizeof options, .progress = on_progress};
    sluice_copy_summary s;
    sluice_error error = {0};
    cli_progress_begin("copy");
    sluice_result result = copy(cli_value(&args, from_option), cli_value(&args, to_option), &options, &s, &error);
    cli_progress_end();
    if (result != SLUICE_OK) {
        return cli_fail_with(&args, &error);
    }
    printf(
        "copied and compared: %llu signals in %llu batches, %llu files, %llu labels, %llu decisions; %llu records in "
        "%llu tables\nthe audit trail holds: %llu rows, head %s\n",
        (unsigned long long)s.signals, (unsigned long long)s.batches, (unsigned long long)s.sources,
        (unsigned long long)s.labels, (unsigned long long)s.decisions, (unsigned long long)s.records,
        (unsigned long long)s.tables, (unsigned long long)s.audit_rows, s.audit_head);
    return CLI_OK;
}
