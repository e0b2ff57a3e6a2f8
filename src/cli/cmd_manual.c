/* sluice manual [COMMAND]: manual pages out of the tables that parse the command lines. */
#include <stdio.h>
#include <string.h>

#include <sluice/result.h>

#include "base/text.h"
#include "cli/commands.h"

static const cli_option OPTIONS[] = {{0}};

/* Text for roff: a backslash is \e, a hyphen that is typed is \-, and no line begins with a control character. */
static void write_roff(text_writer *w, sluice_text text, bool typed) {
    bool line_begins = w->length == 0 || w->data[w->length - 1] == '\n';
    for (size_t i = 0; i < text.length; i++) {
        char at = text.data[i];
        if (line_begins && (at == '.' || at == '\'')) {
            text_write(w, TEXT("\\&"));
        }
        if (at == '\\') {
            text_write(w, TEXT("\\e"));
        } else if (at == '-' && typed) {
            text_write(w, TEXT("\\-"));
        } else {
            text_write_char(w, at);
        }
        line_begins = at == '\n';
    }
}

static void write_words(text_writer *w, const char *text) {
    write_roff(w, text_of(text), false);
}

static void write_typed(text_writer *w, const char *text) {
    write_roff(w, text_of(text), true);
}

/* Both languages of a summary: "English · 中文". */
static void split_summary(const char *summary, sluice_text *en_out, sluice_text *zh_out) {
    const char *mark = strstr(summary, " · ");
    *en_out = mark == NULL ? text_of(summary) : (sluice_text){summary, (size_t)(mark - summary)};
    *zh_out = mark == NULL ? (sluice_text){NULL, 0} : text_of(mark + strlen(" · "));
}

/* The title's last part and date are left to the reader's system: the same program makes the same page. */
static void write_head(text_writer *w, const char *name, sluice_text summary) {
    text_write(w, TEXT(".\\\" Made by `sluice manual`.\n.TH "));
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '-') {
            text_write_char(w, '\\');
        }
        text_write_char(w, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
    }
    text_printf(w, " 1 \"\" \"sluice %s\" \"Sluice\"\n.SH NAME\n", sluice_version());
    write_typed(w, name);
    text_write(w, TEXT(" \\- "));
    write_roff(w, summary, false);
    text_write(w, TEXT("\n"));
}

static void write_option(text_writer *w, const cli_option *option) {
    text_write(w, TEXT(".TP\n\\fB"));
    write_typed(w, option->name);
    text_write(w, TEXT("\\fR"));
    if (option->value != NULL) {
        text_write(w, TEXT(" \\fI"));
        write_typed(w, option->value);
        text_write(w, TEXT("\\fR"));
    }
    text_write(w, TEXT("\n"));
    write_words(w, option->help);
    text_write(w, option->required ? TEXT(" (needed)") : TEXT(""));
    text_write(w, option->repeats ? TEXT(" (may be repeated)\n") : TEXT("\n"));
}

static void write_block(text_writer *w, const char *text) {
    text_write(w, TEXT(".nf\n"));
    write_typed(w, text);
    text_write(w, TEXT("\n.fi\n"));
}

static const char EXITS[] =
    ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailed; the message names the cure\n.TP\n2\nwrong command line\n"
    ".TP\n3\nimported, but some lines were rejected\n.TP\n4\ninterrupted; the same command goes on from there\n";

static void write_command(text_writer *w, const cli_command *command) {
    char name[64];
    sluice_text en, zh;
    bool optional = false;
    (void)snprintf(name, sizeof name, "sluice-%s", command->name);
    split_summary(command->summary, &en, &zh);
    write_head(w, name, en);
    text_printf(w, ".SH SYNOPSIS\n\\fBsluice %s\\fR", command->name);
    for (const cli_option *option = command->options; option->name != NULL; option++) {
        if (option->required) {
            text_write(w, TEXT(" \\fB"));
            write_typed(w, option->name);
            text_write(w, TEXT("\\fR \\fI"));
            write_typed(w, option->value);
            text_write(w, TEXT("\\fR"));
        }
        optional |= !option->required;
    }
    text_write(w, optional ? TEXT(" [\\fIoptions\\fR]") : TEXT(""));
    if (command->arguments != NULL) {
        text_write(w, TEXT(" \\fI"));
        write_typed(w, command->arguments);
        text_write(w, TEXT("\\fR"));
    }
    text_write(w, TEXT("\n.SH DESCRIPTION\n"));
    write_roff(w, zh.length > 0 ? zh : en, false);
    text_write(w, TEXT("\n"));
    if (command->notes != NULL) {
        text_write(w, TEXT(".PP\n"));
        write_words(w, command->notes);
        text_write(w, TEXT("\n"));
    }
    text_write(w, TEXT(".SH OPTIONS\n"));
    for (const cli_option *option = command->options; option->name != NULL; option++) {
        write_option(w, option);
    }
    write_option(w, &(cli_option){"--help", NULL, "the same, in short", false, false});
    text_write(w, TEXT(".SH EXAMPLES\n"));
    write_block(w, command->examples);
    text_write(w, text_of(EXITS));
    text_write(w, TEXT(".SH SEE ALSO\n\\fBsluice\\fR(1)\n"));
}

static void write_all(text_writer *w) {
    write_head(w, "sluice", TEXT("follows, stops and returns stolen money"));
    text_write(
        w,
        TEXT(".SH SYNOPSIS\n\\fBsluice\\fR \\fICOMMAND\\fR [\\fIoptions\\fR]\n.SH DESCRIPTION\n断流：反诈中心业务系统。"
             "\n.PP\nThe system of an anti\\-fraud centre: it watches money, calls and messages as they happen, "
             "warns people before they pay, stops the money after they paid, and follows it through layers of "
             "mule accounts. Data goes to standard output, messages to standard error.\n.SH COMMANDS\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        text_printf(w, ".TP\n\\fBsluice\\-%s\\fR(1)\n", COMMANDS[i]->name);
        write_words(w, COMMANDS[i]->summary);
        text_write(w, TEXT("\n"));
    }
    text_write(w, text_of(EXITS));
    text_write(
        w, TEXT(".SH FILES\n.TP\n\\fI/etc/sluice/serve.env\\fR\nwhat the daemon of the Debian package is started with\n"
                ".TP\n\\fI/var/lib/sluice\\fR\nits database, snapshot and backups\n"
                ".TP\n\\fI/usr/share/sluice/rules\\fR\nthe rules that come with it\n"
                ".SH SEE ALSO\n\\fI/usr/share/doc/sluice\\fR\n"));
}

static int run(int argc, char **argv) {
    cli_args args;
    text_writer w = {0};
    const cli_command *command = NULL;
    int code = cli_parse(&CMD_MANUAL, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    for (size_t i = 0; args.positional_count > 0 && i < COMMAND_COUNT; i++) {
        command = strcmp(COMMANDS[i]->name, args.positional[0]) == 0 ? COMMANDS[i] : command;
    }
    if (args.positional_count > 0 && command == NULL) {
        return cli_fail(&args, CLI_USAGE, "'%s' is no command (see sluice --help)", args.positional[0]);
    }
    if (command == NULL) {
        write_all(&w);
    } else {
        write_command(&w, command);
    }
    code = w.failed                             ? cli_fail(&args, CLI_FAILED, "out of memory")
           : cli_write(&args, w.data, w.length) ? CLI_OK
                                                : CLI_FAILED;
    text_writer_fini(&w);
    return code;
}

const cli_command CMD_MANUAL = {
    "manual",
    "prints the manual page of a command, or of all · 手册页",
    "[COMMAND]",
    0,
    1,
    OPTIONS,
    "The pages come from the same tables as --help and completion. Packages have them installed: man sluice-trace.",
    "  sluice manual trace | man -l -",
    run,
};
