#include <sluice/import.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json_write.h"
#include "base/text.h"
#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database; created if it is not there", true, false},
    {"--format", "NAME", "finbench, amlsim, amlworld, csv, ndjson or pacs008; needed to import", false, false},
    {"--map", "FILE", "csv, ndjson: which column is what (docs/importing.md)", false, false},
    {"--encoding", "NAME", "auto (default), utf-8 or gb18030", false, false},
    {"--schemas", "DIR", "pacs008: check each message against DIR/<message>.xsd", false, false},
    {"--rejects", "FILE", "where rejected lines go (default: <db>.rejects.csv)", false, false},
    {"--batch", "N", "signals a commit (default 65536)", false, false},
    {"--list", NULL, "show what was imported, with its number, and what was withdrawn", false, false},
    {"--withdraw", "NUMBER", "from here on what this import brought does not count; the file may be imported again",
     false, false},
    {"-o", "FORMAT", "table (default) or json", false, false},
    {NULL, NULL, NULL, false, false},
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number) {
    (void)number;
    interrupted = 1;
}

typedef struct meter {
    bool shown;
    double begun_s;
} meter;

static double seconds_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool on_progress(void *context, const sluice_import_progress *progress) {
    meter *m = context;
    if (cli_is_interactive()) {
        double elapsed = seconds_now() - m->begun_s;
        double share = progress->total_bytes == 0
                           ? 100.0
                           : 100.0 * (double)progress->total_bytes_done / (double)progress->total_bytes;
        (void)fprintf(stderr, "\r\033[K%5.1f %%  %llu rows  %.0f rows/s  %llu rejected  %s", share,
                      (unsigned long long)progress->rows, elapsed > 0 ? (double)progress->rows / elapsed : 0.0,
                      (unsigned long long)progress->rejected, progress->path);
        m->shown = true;
    }
    return interrupted == 0;
}

static bool print_summary(const cli_args *args, const sluice_import_summary *s, bool json) {
    const struct {
        const char *name;
        uint64_t value;
        const char *text;
    } rows[] = {
        {"transfers", s->transfers, "transfers 转账"},
        {"withdrawals", s->withdrawals, "withdrawals 取现"},
        {"accounts", s->accounts, "accounts not known before 新账户"},
        {"holders", s->holders, "holders 持有人"},
        {"devices", s->devices, "devices 设备"},
        {"logins", s->logins, "logins 登录"},
        {"events", s->events, "blocks and closures 冻结、销户"},
        {"duplicates", s->duplicates, "there already 重复"},
        {"rejected", s->rejected, "lines rejected 拒收行"},
        {"rounded", s->rounded, "amounts rounded to fen 舍入到分"},
        {"labels", s->labels, "ground-truth labels, kept apart 标签"},
        {"files", s->files, "files read 文件"},
        {"files_skipped", s->files_skipped, "files skipped: imported before, or no signal of Sluice 跳过"},
        {"import", s->import, "number of the last file's import, for --withdraw 导入编号"},
        {"resumed_row", s->resumed_row, "taken up again after this row 续传自"},
    };
    text_writer w = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (json) {
            text_printf(&w, "%s\"%s\": %llu,", i == 0 ? "{" : " ", rows[i].name, (unsigned long long)rows[i].value);
        } else if (rows[i].value > 0 || i < 3) {
            text_printf(&w, "%14llu  %s\n", (unsigned long long)rows[i].value, rows[i].text);
        }
    }
    text_printf(&w, json ? " \"seconds\": %.6f}\n" : "%14.2f  seconds 秒\n", s->seconds);
    bool written = w.failed ? cli_fail(args, CLI_FAILED, "out of memory") < 0 : cli_write(args, w.data, w.length);
    text_writer_fini(&w);
    return written;
}

/* Imports, saves the state so that the next command starts at once, and says what happened. */
static int import_into(const cli_args *args, sluice_engine *engine, sluice_import_options *options, bool json) {
    sluice_import_summary summary;
    sluice_error error = {0};
    meter m = {false, seconds_now()};
    options->progress = on_progress;
    options->progress_context = &m;
    sluice_result result = sluice_import(engine, options, args->positional, args->positional_count, &summary, &error);
    if (m.shown) {
        (void)fputs("\r\033[K", stderr);
    }
    sluice_error snapshot_error = {0};
    if (summary.transfers + summary.withdrawals + summary.accounts + summary.events + summary.logins > 0 &&
        sluice_engine_snapshot(engine, &snapshot_error) != SLUICE_OK) {
        (void)fprintf(stderr,
                      "sluice import: no snapshot was written (%s); the data is safe, the next start is slower\n",
                      snapshot_error.text);
    }
    const uint64_t seen = summary.transfers + summary.withdrawals + summary.accounts + summary.events + summary.logins +
                          summary.duplicates + summary.rejected;
    bool printed = (result != SLUICE_OK && seen == 0) || print_summary(args, &summary, json);
    if (result != SLUICE_OK) {
        return cli_fail_with(args, &error);
    }
    if (summary.rejected > 0) {
        (void)fprintf(stderr, "sluice import: %llu lines were rejected; %s says which and why\n",
                      (unsigned long long)summary.rejected, options->rejects_path);
        return CLI_REJECTED;
    }
    return printed ? CLI_OK : CLI_FAILED;
}

/* ---- what was imported ---- */

typedef struct listing {
    text_writer out;
    bool json, is_first;
} listing;

static bool list_entry(void *context, const sluice_import_entry *e) {
    listing *l = context;
    if (l->json) {
        json_document d;
        sluice_error error = {0};
        yyjson_mut_val *root = json_begin(&d);
        json_add_uint(&d, root, "import", e->number);
        json_add_text(&d, root, "path", e->path);
        json_add_text(&d, root, "sha256", e->content_sha256);
        json_add(&d, root, "complete", yyjson_mut_bool(d.doc, e->complete));
        json_add_uint(&d, root, "transfers", e->transfers);
        json_add_uint(&d, root, "withdrawals", e->withdrawals);
        json_add_uint(&d, root, "duplicates", e->duplicates);
        json_add_uint(&d, root, "rejected", e->rejected);
        json_add_uint(&d, root, "sequence_first", e->sequence_first);
        json_add_uint(&d, root, "sequence_last", e->sequence_last);
        json_add_uint(&d, root, "withdrawn_at", e->withdrawn);
        return json_end_line(&d, &l->out, &error) == SLUICE_OK;
    }
    if (l->is_first) {
        text_write(&l->out, TEXT("  no.      rows   already  rejected  state                sha-256           file\n"));
        l->is_first = false;
    }
    unsigned long long rows = e->transfers + e->withdrawals;
    text_printf(&l->out, "%5llu %9llu %9llu %9llu  %-19s  %.16s  %.*s\n", (unsigned long long)e->number, rows,
                (unsigned long long)e->duplicates, (unsigned long long)e->rejected,
                e->withdrawn > 0 ? "withdrawn 已撤回"
                : e->complete    ? "complete 完成"
                                 : "begun 未完成",
                e->content_sha256.data, TEXT_ARGS(e->path));
    return !l->out.failed;
}

static int list_imports(const cli_args *args, sluice_engine *engine, bool json) {
    listing l = {.json = json, .is_first = true};
    sluice_error error = {0};
    sluice_result result = sluice_import_list(engine, list_entry, &l, &error);
    int code = result != SLUICE_OK ? cli_fail_with(args, &error)
               : l.out.failed      ? cli_fail(args, CLI_FAILED, "out of memory")
               : cli_write(args, l.out.data == NULL ? "" : l.out.data, l.out.length) ? CLI_OK
                                                                                     : CLI_FAILED;
    text_writer_fini(&l.out);
    return code;
}

static int withdraw(const cli_args *args, sluice_engine *engine, uint64_t number, bool json) {
    sluice_withdraw_options options = {.size = sizeof options, .now_ms = (int64_t)time(NULL) * 1000};
    sluice_withdraw_summary summary = {.size = sizeof summary};
    sluice_error error = {0}, unheard = {0};
    text_writer out = {0};
    if (sluice_import_withdraw(engine, number, &options, &summary, &error) != SLUICE_OK) {
        return cli_fail_with(args, &error);
    }
    if (sluice_engine_snapshot(engine, &unheard) != SLUICE_OK) {
        (void)fprintf(stderr, "sluice import: no snapshot was written (%s); the next start is slower\n", unheard.text);
    }
    text_printf(&out,
                json ? "{\"import\": %llu, \"withdrawn_at\": %llu, \"signals\": %llu, \"kept\": %llu}\n"
                     : "import %llu was withdrawn, by the record at sequence %llu of the log 已撤回\n"
                       "%14llu  signals do not count any more 信号作废\n"
                       "%14llu  movements stay, which came another way as well 因其他来源保留\n",
                (unsigned long long)number, (unsigned long long)summary.sequence, (unsigned long long)summary.signals,
                (unsigned long long)summary.kept);
    bool written = !out.failed && cli_write(args, out.data, out.length);
    text_writer_fini(&out);
    return written ? CLI_OK : CLI_FAILED;
}

/* Of --list, --withdraw and files to import just one, and what that needs. */
static int check_usage(const cli_args *args, uint64_t number) {
    bool list = cli_flag(args, "--list"), undo = cli_flag(args, "--withdraw");
    bool import = !list && !undo;
    if (list && undo) {
        return cli_fail(args, CLI_USAGE, "give either --list or --withdraw");
    }
    if (!import && args->positional_count > 0) {
        return cli_fail(args, CLI_USAGE, "--list and --withdraw take no files");
    }
    if (undo && number == 0) {
        return cli_fail(args, CLI_USAGE, "--withdraw needs the import's number: sluice import --list shows it");
    }
    if (import && (args->positional_count == 0 || cli_value(args, "--format") == NULL)) {
        return cli_fail(args, CLI_USAGE,
                        args->positional_count == 0 ? "name the files to import"
                                                    : "--format is needed: finbench, amlsim, amlworld, csv, "
                                                      "ndjson or pacs008");
    }
    static const char *const FORMATS[] = {"finbench", "amlsim", "amlworld", "csv", "ndjson", "pacs008"};
    bool is_known = !import;
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS && !is_known; i++) {
        is_known = strcmp(FORMATS[i], cli_value(args, "--format")) == 0;
    }
    if (!is_known) {
        return cli_fail(args, CLI_USAGE, "--format %s is none of: finbench, amlsim, amlworld, csv, ndjson, pacs008",
                        cli_value(args, "--format"));
    }
    return -1;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", NULL};
    cli_args args;
    uint64_t batch = 0, number = 0;
    int code = cli_parse(&CMD_IMPORT, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    int format = cli_choice(&args, "-o", FORMATS);
    if (format < 0 || !cli_count(&args, "--batch", &batch) || !cli_count(&args, "--withdraw", &number)) {
        return CLI_USAGE;
    }
    code = check_usage(&args, number);
    if (code >= 0) {
        return code;
    }
    bool import = !cli_flag(&args, "--list") && !cli_flag(&args, "--withdraw");
    const char *db = cli_value(&args, "--db");
    text_writer rejects = {0};
    /* A server's name is no path. */
    text_printf(&rejects, "%s.rejects.csv", strstr(db, "://") == NULL ? db : "sluice-import");
    sluice_error error = {0};
    sluice_engine *engine = NULL;
    sluice_open_options open = {.size = sizeof open, .must_exist = !import};
    if (rejects.failed || sluice_engine_open(db, &open, &engine, &error) != SLUICE_OK) {
        text_writer_fini(&rejects);
        return cli_fail_with(&args, &error);
    }
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    sluice_import_options options = {
        .size = sizeof options,
        .format = cli_value(&args, "--format"),
        .mapping_path = cli_value(&args, "--map"),
        .rejects_path = cli_flag(&args, "--rejects") ? cli_value(&args, "--rejects") : rejects.data,
        .encoding = cli_value(&args, "--encoding"),
        .batch_signals = batch > 65536 ? 65536 : (uint32_t)batch,
        .schemas_path = cli_value(&args, "--schemas"),
    };
    code = import                          ? import_into(&args, engine, &options, format == 1)
           : cli_flag(&args, "--withdraw") ? withdraw(&args, engine, number, format == 1)
                                           : list_imports(&args, engine, format == 1);
    sluice_engine_close(&engine);
    text_writer_fini(&rejects);
    return code;
}

const cli_command CMD_IMPORT = {
    "import",
    "files of banks and of published data sets into a database · 导入银行流水和公开数据",
    "[PATH…]",
    0,
    -1,
    OPTIONS,
    "The same file twice adds nothing. A killed import goes on where it was: run it again. Bad lines go to the "
    "rejects\n"
    "file with line, field and reason; the good rest goes in, and the exit code is 3. A withdrawal is a record of the\n"
    "log: nothing is erased, and from then on everything is as if the file had never come.",
    "  sluice import --db county.db --format csv --map icbc.json 流水.csv\n"
    "  sluice import --db fin.db --format finbench ../shared/data/finbench_example\n"
    "  sluice import --db aml.db --format amlworld HI-Small_Trans.csv -o json\n"
    "  sluice import --db county.db --list\n"
    "  sluice import --db county.db --withdraw 3",
    run,
};
