#include <sluice/detect.h>
#include <sluice/trace.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/detect_options.h"
#include "cli/progress.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database; required unless --list", false, false},
    {"--list", NULL, "print all features with their definitions, and leave", false, false},
    {"--names", "FILE", "features, one a line; # begins a comment", false, false},
    {"--patterns", "PATH", "patterns whose counts may be named: pattern.NAME.count, .size", false, false},
    {"--per", "WHAT", "transfer (default) or account", false, false},
    {"--order", "ORDER", "time (default): as things happened; log: as they arrived", false, false},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {"--labels", NULL, "a last column `label`, from the labels imported with the data", false, false},
    {0}};

typedef struct name_list {
    const char **names;
    size_t count, capacity;
    char *text; /* of the file */
} name_list;

static bool add_name(name_list *list, const char *name) {
    if (!ARRAY_RESERVE(list->names, list->capacity, list->count + 1)) {
        return false;
    }
    list->names[list->count++] = name;
    return true;
}

/* Cuts the file into lines in place. */
static bool read_names(const cli_args *args, const char *path, name_list *list) {
    enum { BYTES_MAX = 1 << 20 };
    FILE *file = fopen(path, "rb");
    list->text = memory_new_zero(BYTES_MAX + 1, 1);
    size_t length = file == NULL || list->text == NULL ? 0 : fread(list->text, 1, BYTES_MAX, file);
    bool done = file != NULL && list->text != NULL && ferror(file) == 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!done) {
        (void)cli_fail(args, CLI_FAILED, "%s cannot be read: is it there?", path);
        return false;
    }
    for (size_t at = 0; at < length;) {
        char *line = list->text + at;
        size_t bytes = strcspn(line, "\n");
        at += bytes + 1;
        line[bytes] = '\0';
        line[strcspn(line, "#\r")] = '\0';
        sluice_text name = text_trim(text_of(line));
        if (name.length > 0) {
            char *begin = line + (name.data - line);
            begin[name.length] = '\0';
            if (!add_name(list, begin)) {
                (void)cli_fail(args, CLI_FAILED, "out of memory");
                return false;
            }
        }
    }
    return true;
}

static bool write_out(void *context, const char *text, size_t length) {
    (void)context;
    return fwrite(text, 1, length, stdout) == length;
}

static int print_list(const cli_args *args) {
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    if (sluice_features_list(&text, &length, &error) != SLUICE_OK) {
        return cli_fail_with(args, &error);
    }
    int code = cli_write(args, text, length) ? CLI_OK : CLI_FAILED;
    sluice_text_free(&text);
    return code;
}

static int print_table(const cli_args *args, sluice_features_options *options) {
    sluice_error error = {0};
    sluice_engine *engine = cli_open(args);
    if (engine == NULL) {
        return CLI_FAILED;
    }
    options->write = write_out;
    sluice_result result = sluice_features_run(engine, options, &error);
    sluice_engine_close(&engine);
    if (result == SLUICE_E_INTERRUPTED || fflush(stdout) != 0) {
        return cli_fail(args, CLI_FAILED, "the output cannot be written: is the disk full, or the reader gone?");
    }
    return result == SLUICE_OK ? CLI_OK : cli_fail_with(args, &error);
}

static int run(int argc, char **argv) {
    static const char *const ROWS[] = {"transfer", "account", NULL};
    static const char *const ORDERS[] = {"time", "log", NULL};
    cli_args args;
    int code = cli_parse(&CMD_FEATURES, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    if (cli_flag(&args, "--list")) {
        return print_list(&args);
    }
    if (cli_value(&args, "--db") == NULL) {
        return cli_fail(&args, CLI_USAGE, "missing: --db (see sluice features --help)");
    }
    name_list list = {0};
    int rows = cli_choice(&args, "--per", ROWS), order = cli_choice(&args, "--order", ORDERS);
    sluice_features_options options = {.size = sizeof options,
                                       .patterns = cli_value(&args, "--patterns"),
                                       .rows = rows == 1 ? SLUICE_ROWS_ACCOUNT : SLUICE_ROWS_TRANSFER,
                                       .order = order == 1 ? SLUICE_ORDER_LOG : SLUICE_ORDER_TIME,
                                       .with_labels = cli_flag(&args, "--labels")};
    code = CLI_USAGE;
    bool ready = rows >= 0 && order >= 0 && cli_count(&args, "--as-of", &options.as_of);
    if (ready && cli_value(&args, "--names") != NULL && !read_names(&args, cli_value(&args, "--names"), &list)) {
        code = CLI_FAILED;
        ready = false;
    }
    for (size_t i = 0; ready && i < args.positional_count; i++) {
        ready = add_name(&list, args.positional[i]);
    }
    if (ready && list.count == 0) {
        (void)cli_fail(&args, CLI_USAGE, "name at least one feature, or a file of them with --names; --list has all");
    } else if (ready) {
        options.names = list.names;
        options.name_count = list.count;
        code = print_table(&args, &options);
    }
    memory_free(list.names);
    memory_free(list.text);
    return code;
}

const cli_command CMD_FEATURES = {
    "features",
    "a table of features, for each transfer or account, for training and research · 特征表",
    "[NAME…]",
    0,
    -1,
    OPTIONS,
    "CSV on standard output. docs/features.md has every name and its definition.",
    "  sluice features --list\n"
    "  sluice features --db city.db payee.in_count_1h payee.pass_through_1h pair.age > transfers.csv\n"
    "  sluice features --db aml.db --names features.txt --per account --labels > accounts.csv",
    run,
};
