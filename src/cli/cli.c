#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

static const cli_option *find_option(const cli_command *command, const char *name, size_t length) {
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0) {
            return option;
        }
    }
    return NULL;
}

static void print_help(const cli_command *command) {
    printf("sluice %s: %s\n\nUsage: sluice %s", command->name, command->summary, command->name);
    bool optional = false;
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
        if (option->required) {
            printf(" %s %s", option->name, option->value);
        }
        optional |= !option->required;
    }
    printf("%s%s%s\n", optional ? " [options]" : "", command->arguments == NULL ? "" : " ",
           command->arguments == NULL ? "" : command->arguments);
    printf("\nOptions:\n");
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%s%s%s", option->name, option->value == NULL ? "" : " ",
                       option->value == NULL ? "" : option->value);
        printf("  %-22s %s%s\n", left, option->help, option->repeats ? " (may be repeated)" : "");
    }
    printf("  %-22s %s\n", "--help", "this text");
    if (command->notes != NULL) {
        printf("\n%s\n", command->notes);
    }
    printf("\nExamples:\n%s\n", command->examples);
}

int cli_fail(const cli_args *args, int code, const char *format, ...) {
    va_list list;
    va_start(list, format);
    (void)fprintf(stderr, "sluice %s: ", args->command->name);
    (void)vfprintf(stderr, format, list);
    (void)fputc('\n', stderr);
    va_end(list);
    return code;
}

int cli_fail_with(const cli_args *args, const sluice_error *error) {
    int code = error->code == SLUICE_E_INTERRUPTED ? CLI_INTERRUPTED : CLI_FAILED;
    return cli_fail(args, code, "%s", error->text[0] != '\0' ? error->text : sluice_result_text(error->code));
}

static int usage(const cli_args *args, const char *problem, const char *what) {
    return cli_fail(args, CLI_USAGE, "%s %s (see sluice %s --help)", problem, what, args->command->name);
}

bool cli_is_near(const char *given, size_t length, const char *known, size_t *least) {
    const bool begins = length >= 3 && strncmp(known, given, length) == 0; /* sim: simulate */
    const size_t d = begins ? 1 : text_distance((sluice_text){given, length}, text_of(known));
    const bool is_near = d <= 2 && d < length / 2 + 1 && d < *least;
    *least = is_near ? d : *least;
    return is_near;
}

static int unknown_option(const cli_args *args, const char *name, size_t length) {
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (const cli_option *option = args->command->options; option != NULL && option->name != NULL; option++) {
        nearest = cli_is_near(name, length, option->name, &least) ? option->name : nearest;
    }
    if (nearest == NULL) {
        return usage(args, "unknown option", name);
    }
    return cli_fail(args, CLI_USAGE, "unknown option %s: did you mean %s? (see sluice %s --help)", name, nearest,
                    args->command->name);
}

static int take_option(cli_args *args, int argc, char **argv, int *at) {
    const char *name = argv[*at];
    const char *equals = strncmp(name, "--", 2) == 0 ? strchr(name, '=') : NULL;
    const cli_option *option =
        find_option(args->command, name, equals == NULL ? strlen(name) : (size_t)(equals - name));
    if (option == NULL) {
        return unknown_option(args, name, equals == NULL ? strlen(name) : (size_t)(equals - name));
    }
    const char *value = "";
    if (option->value != NULL) {
        if (equals == NULL && *at + 1 == argc) {
            return usage(args, "a value is missing after", name);
        }
        value = equals != NULL ? equals + 1 : argv[++*at];
    } else if (equals != NULL) {
        return usage(args, "no value may follow", option->name);
    }
    if (!option->repeats && cli_value(args, option->name) != NULL) {
        return usage(args, "given twice:", option->name);
    }
    if (args->value_count == CLI_VALUES_MAX) {
        return usage(args, "too many options from", name);
    }
    args->values[args->value_count].option = option;
    args->values[args->value_count++].value = value;
    return -1;
}

int cli_parse(const cli_command *command, int argc, char **argv, cli_args *args_out) {
    *args_out = (cli_args){.command = command};
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            print_help(command);
            return CLI_OK;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1] != '\0') {
            int code = take_option(args_out, argc, argv, &i);
            if (code >= 0) {
                return code;
            }
        } else if (args_out->positional_count == CLI_VALUES_MAX) {
            return usage(args_out, "too many arguments from", argv[i]);
        } else {
            args_out->positional[args_out->positional_count++] = argv[i];
        }
    }
    int count = (int)args_out->positional_count;
    if (command->arguments_max >= 0 && count > command->arguments_max) {
        return usage(args_out, "unexpected argument", args_out->positional[command->arguments_max]);
    }
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
        if (option->required && cli_value(args_out, option->name) == NULL) {
            return usage(args_out, "missing:", option->name);
        }
    }
    return count < command->arguments_min ? usage(args_out, "missing:", command->arguments) : -1;
}

const char *cli_value(const cli_args *args, const char *name) {
    for (size_t i = args->value_count; i-- > 0;) {
        if (strcmp(args->values[i].option->name, name) == 0) {
            return args->values[i].value;
        }
    }
    return NULL;
}

bool cli_flag(const cli_args *args, const char *name) {
    return cli_value(args, name) != NULL;
}

bool cli_money(const cli_args *args, const char *name, int64_t *fen_out) {
    const char *value = cli_value(args, name);
    bool rounded = false;
    if (value != NULL && (!money_parse(text_of(value), fen_out, &rounded) || rounded || *fen_out < 0)) {
        (void)cli_fail(args, CLI_USAGE, "%s %s is not an amount: expected yuan such as 30000 or 1234.50", name, value);
        return false;
    }
    return true;
}

bool cli_duration(const cli_args *args, const char *name, int64_t *ms_out) {
    const char *value = cli_value(args, name);
    if (value != NULL && !time_duration_parse(text_of(value), ms_out)) {
        (void)cli_fail(args, CLI_USAGE, "%s %s is not a duration: expected such as 90s, 30m, 6h, 2d", name, value);
        return false;
    }
    return true;
}

bool cli_count(const cli_args *args, const char *name, uint64_t *count_out) {
    const char *value = cli_value(args, name);
    if (value != NULL && !text_to_u64(text_of(value), count_out)) {
        (void)cli_fail(args, CLI_USAGE, "%s %s is not a whole number", name, value);
        return false;
    }
    return true;
}

bool cli_time(const cli_args *args, const char *name, int64_t *time_ms_out) {
    const char *value = cli_value(args, name);
    if (value != NULL && !time_parse(text_of(value), TIME_SHANGHAI_OFFSET_MS, time_ms_out)) {
        (void)cli_fail(args, CLI_USAGE,
                       "%s %s is not a time: expected such as 2022-05-24T10:20:30, \"2022-05-24 10:20\" (Asia/Shanghai "
                       "unless Z or +hh:mm follows) or milliseconds since 1970",
                       name, value);
        return false;
    }
    return true;
}

int cli_choice(const cli_args *args, const char *name, const char *const *names) {
    const char *value = cli_value(args, name);
    if (value == NULL) {
        return 0;
    }
    char expected[160] = "";
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0) {
            return i;
        }
        size_t used = strlen(expected);
        (void)snprintf(expected + used, sizeof expected - used, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    (void)cli_fail(args, CLI_USAGE, "%s %s is none of: %s", name, value, expected);
    return -1;
}

bool cli_write(const cli_args *args, const char *text, size_t length) {
    if (fwrite(text, 1, length, stdout) != length || fflush(stdout) != 0) {
        (void)cli_fail(args, CLI_FAILED, "the output cannot be written: is the disk full, or the reader gone?");
        return false;
    }
    return true;
}

bool cli_is_interactive(void) {
    return isatty(STDERR_FILENO) == 1;
}
