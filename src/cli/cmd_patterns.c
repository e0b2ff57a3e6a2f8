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
    {"--db", "FILE", "the database", true, false},
    {"--pattern", "KIND", "fan-in, fan-out, scatter-gather, gather-scatter, bipartite, stack, cycle, pass-through",
     false, false},
    {"--window", "TIME", "all of it within this time, such as 6h (default 24h)", false, false},
    {"--max-length", "N", "cycles and chains: not longer (default 64)", false, false},
    {"--min", "N", "fans and the like: at least so many (default 3)", false, false},
    {"--file", "FILE", "patterns of your own instead (docs/patterns.md)", false, false},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {"-o", "FORMAT", "table (default) or json", false, false},
    {0}};

static bool read_file(const cli_args *args, const char *path, text_writer *text) {
    char buffer[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)cli_fail(args, CLI_FAILED, "%s cannot be read: is it there?", path);
        return false;
    }
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0 && !text->failed;) {
        text_write(text, (sluice_text){buffer, got});
    }
    bool whole = ferror(file) == 0 && !text->failed;
    (void)fclose(file);
    return whole || cli_fail(args, CLI_FAILED, "%s cannot be read whole", path) < 0;
}

/* What each kind calls the figures of --min and --max-length (docs/patterns.md). */
static const struct {
    const char *kind, *least[3], *length;
} KINDS[] = {{"fan-in", {"min"}, NULL},
             {"fan-out", {"min"}, NULL},
             {"scatter-gather", {"min"}, NULL},
             {"gather-scatter", {"min-payers", "min-payees"}, NULL},
             {"bipartite", {"min-payers", "min-payees"}, NULL},
             {"stack", {"min-payers", "min-middle", "min-payees"}, NULL},
             {"cycle", {NULL}, "max-length"},
             {"pass-through", {NULL}, "max-length"}};

/* What --pattern and its options say, in the language of pattern files. False: after a message. */
static bool write_text(const cli_args *args, text_writer *text) {
    uint64_t length = SLUICE_PATTERN_LENGTHS - 1, least = 3;
    const char *kind = cli_value(args, "--pattern"), *window = cli_value(args, "--window");
    int64_t window_ms = 0;
    size_t k = 0;
    while (k < sizeof KINDS / sizeof *KINDS && strcmp(KINDS[k].kind, kind) != 0) {
        k++;
    }
    if (k == sizeof KINDS / sizeof *KINDS) {
        (void)cli_fail(args, CLI_USAGE,
                       "--pattern %s is none of: fan-in, fan-out, scatter-gather, gather-scatter, "
                       "bipartite, stack, cycle, pass-through",
                       kind);
        return false;
    }
    if (!cli_count(args, "--max-length", &length) || !cli_count(args, "--min", &least) ||
        !cli_duration(args, "--window", &window_ms)) {
        return false;
    }
    for (const char *at = kind; *at != '\0'; at++) {
        text_write_char(text, *at == '-' ? '_' : *at);
    }
    text_writer name = *text;
    *text = (text_writer){0};
    text_printf(text, "pattern %s { kind %s window %s limit 0", name.failed ? "" : name.data, kind,
                window == NULL ? "24h" : window);
    text_writer_fini(&name);
    for (size_t i = 0; i < sizeof KINDS[k].least / sizeof *KINDS[k].least && KINDS[k].least[i] != NULL; i++) {
        text_printf(text, " %s %llu", KINDS[k].least[i], (unsigned long long)least);
    }
    if (KINDS[k].length != NULL) {
        text_printf(text, " %s %llu", KINDS[k].length, (unsigned long long)length);
    }
    if (strcmp(kind, "pass-through") == 0) {
        text_printf(text, " gap %s share 80%%..100%%", window == NULL ? "24h" : window);
    }
    text_printf(text, " }\n");
    return !text->failed || cli_fail(args, CLI_FAILED, "out of memory") < 0;
}

/* One object for --pattern; for --file an array of them. */
static void print_json(const sluice_pattern_count *counts, size_t count, bool is_list, text_writer *w) {
    text_printf(w, "%s", is_list ? "{\"patterns\": [\n" : "");
    for (size_t i = 0; i < count; i++) {
        const sluice_pattern_count *c = &counts[i];
        text_printf(w,
                    "{\"pattern\": \"%s\", \"transfers\": %llu, \"occurrences\": %llu, \"bounded\": %llu, "
                    "\"histogram\": {",
                    c->name, (unsigned long long)c->transfers, (unsigned long long)c->occurrences,
                    (unsigned long long)c->bounded);
        const char *comma = "";
        for (size_t k = 0; k < SLUICE_PATTERN_LENGTHS; k++) {
            if (c->histogram[k] > 0) {
                text_printf(w, "%s\"%zu\": %llu", comma, k, (unsigned long long)c->histogram[k]);
                comma = ", ";
            }
        }
        text_printf(w, "}}%s\n", i + 1 < count ? "," : "");
    }
    text_printf(w, "%s", is_list ? "]}\n" : "");
}

static void print_table(const sluice_pattern_count *counts, size_t count, text_writer *w) {
    for (size_t i = 0; i < count; i++) {
        const sluice_pattern_count *c = &counts[i];
        text_printf(w, "%s: %llu occurrences 次, completed by %llu transfers 笔\n", c->name,
                    (unsigned long long)c->occurrences, (unsigned long long)c->transfers);
        if (c->bounded > 0) {
            text_printf(w, "  at %llu transfers the limit of work was met: these counts are lower bounds 下限\n",
                        (unsigned long long)c->bounded);
        }
        for (size_t k = 0; k < SLUICE_PATTERN_LENGTHS; k++) {
            if (c->histogram[k] > 0) {
                text_printf(w, "  %s %2zu  %12llu\n", k == SLUICE_PATTERN_LENGTHS - 1 ? "size 规模 ≥" : "size 规模  ",
                            k, (unsigned long long)c->histogram[k]);
            }
        }
    }
}

static int count_patterns(const cli_args *args, sluice_patterns_options *o, bool json) {
    sluice_engine *engine = cli_open(args);
    sluice_pattern_count *counts = NULL;
    size_t count = 0;
    sluice_error error = {0};
    if (engine == NULL) {
        return CLI_FAILED;
    }
    int code = CLI_OK;
    o->progress = cli_progress;
    cli_progress_begin("counting");
    sluice_result result = sluice_patterns_run(engine, o, &counts, &count, &error);
    cli_progress_end();
    if (result != SLUICE_OK) {
        code = cli_fail_with(args, &error);
    } else {
        text_writer w = {0};
        if (json) {
            print_json(counts, count, cli_value(args, "--file") != NULL, &w);
        } else {
            print_table(counts, count, &w);
        }
        if (w.failed) {
            code = cli_fail(args, CLI_FAILED, "out of memory");
        } else if (!cli_write(args, w.data == NULL ? "" : w.data, w.length)) {
            code = CLI_FAILED;
        }
        text_writer_fini(&w);
    }
    sluice_patterns_free(&counts);
    sluice_engine_close(&engine);
    return code;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", NULL};
    cli_args args;
    int code = cli_parse(&CMD_PATTERNS, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    sluice_patterns_options o = {.size = sizeof o};
    int format = cli_choice(&args, "-o", FORMATS);
    const char *file = cli_value(&args, "--file");
    if (format < 0 || !cli_count(&args, "--as-of", &o.as_of)) {
        return CLI_USAGE;
    }
    if ((file == NULL) == (cli_value(&args, "--pattern") == NULL)) {
        return cli_fail(&args, CLI_USAGE, "give one of --pattern and --file");
    }
    text_writer text = {0};
    code = CLI_USAGE;
    if (file != NULL ? read_file(&args, file, &text) : write_text(&args, &text)) {
        o.source = file != NULL ? file : "--pattern";
        o.text = (sluice_text){text.data, text.length};
        code = count_patterns(&args, &o, format == 1);
    }
    text_writer_fini(&text);
    return code;
}

const cli_command CMD_PATTERNS = {
    "patterns",
    "counts temporal patterns over the whole log: cycles, fans, scatter-gather … · 资金模式统计",
    NULL,
    0,
    0,
    OPTIONS,
    "A histogram by length or size. docs/patterns.md defines each pattern and the language for your own.",
    "  sluice patterns --db city.db --pattern cycle --window 6h --max-length 10 -o json\n"
    "  sluice patterns --db city.db --pattern scatter-gather --window 24h --min 3\n"
    "  sluice patterns --db city.db --file rules/patterns/city.pattern",
    run,
};
