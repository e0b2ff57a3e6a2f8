/* What the commands share: one table a command, from which parsing and --help come; exit codes; errors. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include <sluice/result.h>
#include <sluice/signal.h>

/* Exit codes, documented in `sluice --help`. */
enum {
    CLI_OK = 0,
    CLI_FAILED = 1,      /* it could not be done; the message names the cure */
    CLI_USAGE = 2,       /* the command line is wrong */
    CLI_REJECTED = 3,    /* import: done, but some lines were rejected */
    CLI_INTERRUPTED = 4, /* stopped by the user; the same command goes on from there */
};

typedef struct cli_option {
    const char *name;  /* "--db"; one-letter: "-o" */
    const char *value; /* "FILE", or NULL for a flag */
    const char *help;
    bool required, repeats;
} cli_option;

typedef struct cli_command {
    const char *name;                 /* "trace" */
    const char *summary;              /* one line, English · 中文 */
    const char *arguments;            /* "PATH…", or NULL: takes none */
    int arguments_min, arguments_max; /* -1: any number */
    const cli_option *options;        /* ends with a NULL name */
    const char *notes;                /* shown after the options; may be NULL */
    const char *examples;             /* one a line */
    int (*run)(int argc, char **argv);
} cli_command;

#define CLI_VALUES_MAX 256

typedef struct cli_args {
    const cli_command *command;
    struct {
        const cli_option *option;
        const char *value;
    } values[CLI_VALUES_MAX]; /* in the order given */
    size_t value_count;
    const char *positional[CLI_VALUES_MAX];
    size_t positional_count;
} cli_args;

/* Parses argv[1…]. Returns -1 to go on; else the exit code to leave with (after --help, or a message). */
int cli_parse(const cli_command *command, int argc, char **argv, cli_args *args_out);

/* The last value of an option, or NULL; a flag that was given is "". */
const char *cli_value(const cli_args *args, const char *name);
bool cli_flag(const cli_args *args, const char *name);

/* For "did you mean": whether `known` is near what was given and nearer than *least, which is then its distance. */
bool cli_is_near(const char *given, size_t length, const char *known, size_t *least);

/* Prints "sluice COMMAND: text" to stderr and returns the code. */
int cli_fail(const cli_args *args, int code, const char *format, ...) SLUICE_PRINTF(3, 4);
/* The same for a library's error; INTERRUPTED becomes CLI_INTERRUPTED. */
int cli_fail_with(const cli_args *args, const sluice_error *error);

/* Typed values; on a wrong one they print what was expected and return false. Absent: *out is left alone. */
bool cli_money(const cli_args *args, const char *name, int64_t *fen_out);
bool cli_duration(const cli_args *args, const char *name, int64_t *ms_out);
bool cli_count(const cli_args *args, const char *name, uint64_t *count_out);
bool cli_time(const cli_args *args, const char *name, int64_t *time_ms_out);
/* -o: the place of the value in `names` (ends with NULL); the first when absent; -1 after a message. */
int cli_choice(const cli_args *args, const char *name, const char *const *names);

/* Writes a whole text to stdout; false (after a message) when that failed. */
bool cli_write(const cli_args *args, const char *text, size_t length);
/* True when progress should be shown: stderr is a terminal. */
bool cli_is_interactive(void);

#endif
