/* sluice completion bash|zsh: what a shell offers after `sluice …<TAB>`, out of the tables that parse the command
 * lines.
 *
 * Words come from the tables, too: an argument "train|evaluate|card" offers these three, an option whose value is named
 * FILE, DIR or PATH offers files. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"

static const cli_option OPTIONS[] = {{0}};

typedef enum offered { OFFER_NOTHING, OFFER_FILES, OFFER_WORDS } offered;

static bool has_word(const char *text, const char *word) {
    const char *at = strstr(text, word);
    size_t length = strlen(word);
    return at != NULL && (at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[length]);
}

/* What is offered for a value or argument of this name. */
static offered offers(const char *value) {
    static const char *const FILES[] = {"FILE", "DIR", "PATH", "LOCATION", "csv", "json", "CLOCK"};
    if (value == NULL) {
        return OFFER_NOTHING;
    }
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        if (has_word(value, FILES[i])) {
            return OFFER_FILES;
        }
    }
    return strchr(value, '|') != NULL ? OFFER_WORDS : OFFER_NOTHING;
}

/* "train|evaluate|card" with blanks between. */
static void write_words(text_writer *w, const char *value) {
    for (const char *at = value; *at != '\0'; at++) {
        text_write_char(w, *at == '|' ? ' ' : *at);
    }
}

static bool command_offers(const cli_command *command, offered what) {
    return offers(command->arguments) == what;
}

/* ---- bash ---- */

static void write_bash_values(text_writer *w, const cli_command *command, offered what) {
    bool first = true;
    for (const cli_option *option = command->options; option->name != NULL; option++) {
        if (option->value != NULL && offers(option->value) == what && what != OFFER_WORDS) {
            text_printf(w, "%s%s", first ? "        " : "|", option->name);
            first = false;
        }
    }
    if (!first) {
        text_write(w, what == OFFER_FILES ? TEXT(")\n            compopt -o default; return ;;\n")
                                          : TEXT(")\n            return ;;\n"));
    }
    for (const cli_option *option = command->options; what == OFFER_WORDS && option->name != NULL; option++) {
        if (option->value != NULL && offers(option->value) == OFFER_WORDS) {
            text_printf(w, "        %s)\n            COMPREPLY=($(compgen -W \"", option->name);
            write_words(w, option->value);
            text_write(w, TEXT("\" -- \"$word\")); return ;;\n"));
        }
    }
}

static void write_bash_command(text_writer *w, const cli_command *command) {
    text_printf(w, "    %s)\n        case $before in\n", command->name);
    write_bash_values(w, command, OFFER_WORDS);
    write_bash_values(w, command, OFFER_FILES);
    write_bash_values(w, command, OFFER_NOTHING);
    text_write(w, TEXT("        esac\n        options=\""));
    for (const cli_option *option = command->options; option->name != NULL; option++) {
        text_printf(w, "%s ", option->name);
    }
    text_write(w, TEXT("--help\"\n"));
    if (command_offers(command, OFFER_WORDS)) {
        text_write(w, TEXT("        words=\""));
        write_words(w, command->arguments);
        text_write(w, TEXT("\"\n"));
    } else if (command_offers(command, OFFER_FILES)) {
        text_write(w, TEXT("        files=yes\n"));
    } else if (command == &CMD_MANUAL) {
        text_write(w, TEXT("        words=$commands\n"));
    }
    text_write(w, TEXT("        ;;\n"));
}

static void write_bash(text_writer *w) {
    text_write(
        w,
        TEXT(
            "# bash completion of sluice. Made by `sluice completion bash`.\n_sluice() {\n"
            "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options='' words='' files=no\n"
            "    local commands=\""));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        text_printf(w, "%s%s", i == 0 ? "" : " ", COMMANDS[i]->name);
    }
    text_write(
        w,
        TEXT("\"\n    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
             "        COMPREPLY=($(compgen -W \"$commands --help --version\" -- \"$word\"))\n        return\n    fi\n"
             "    case ${COMP_WORDS[1]} in\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        write_bash_command(w, COMMANDS[i]);
    }
    text_write(w, TEXT("    esac\n    if [[ $word == -* ]]; then\n"
                       "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                       "    elif [ \"$files\" = yes ]; then\n        compopt -o default\n"
                       "    else\n        COMPREPLY=($(compgen -W \"$words $options\" -- \"$word\"))\n    fi\n}\n"
                       "complete -F _sluice sluice\n"));
}

/* ---- zsh ---- */

/* Within single quotes, and brackets and colons of _arguments. */
static void write_zsh_words(text_writer *w, const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'') {
            text_write(w, TEXT("'\\''"));
        } else if (*at == '[' || *at == ']' || *at == ':' || *at == '\\') {
            text_write_char(w, '\\');
            text_write_char(w, *at);
        } else {
            text_write_char(w, *at == '\n' ? ' ' : *at);
        }
    }
}

static void write_zsh_value(text_writer *w, const char *value) {
    offered what = offers(value);
    text_write_char(w, ':');
    write_zsh_words(w, value);
    text_write_char(w, ':');
    if (what == OFFER_FILES) {
        text_write(w, TEXT("_files"));
    } else if (what == OFFER_WORDS) {
        text_write_char(w, '(');
        write_words(w, value);
        text_write_char(w, ')');
    } else {
        text_write_char(w, ' ');
    }
}

static void write_zsh_command(text_writer *w, const cli_command *command) {
    text_printf(w, "    %s)\n        _arguments \\\n", command->name);
    for (const cli_option *option = command->options; option->name != NULL; option++) {
        text_printf(w, "            '%s%s[", option->repeats ? "*" : "", option->name);
        write_zsh_words(w, option->help);
        text_write_char(w, ']');
        if (option->value != NULL) {
            write_zsh_value(w, option->value);
        }
        text_write(w, TEXT("' \\\n"));
    }
    if (command->arguments != NULL) {
        text_write(w, TEXT("            '*"));
        write_zsh_value(w, command->arguments);
        text_write(w, TEXT("' \\\n"));
    }
    text_write(w, TEXT("            '--help[this text]'\n        ;;\n"));
}

static void write_zsh(text_writer *w) {
    text_write(w, TEXT("#compdef sluice\n# zsh completion of sluice. Made by `sluice completion zsh`.\n"
                       "local -a commands\ncommands=(\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        text_printf(w, "    '%s:", COMMANDS[i]->name);
        write_zsh_words(w, COMMANDS[i]->summary);
        text_write(w, TEXT("'\n"));
    }
    text_write(w, TEXT(")\nif (( CURRENT == 2 )); then\n    _describe command commands\n    return\nfi\n"
                       "local name=${words[2]}\nshift words\n(( CURRENT-- ))\ncase $name in\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        write_zsh_command(w, COMMANDS[i]);
    }
    text_write(w, TEXT("esac\n"));
}

static int run(int argc, char **argv) {
    cli_args args;
    text_writer w = {0};
    int code = cli_parse(&CMD_COMPLETION, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    bool bash = strcmp(args.positional[0], "bash") == 0;
    if (!bash && strcmp(args.positional[0], "zsh") != 0) {
        return cli_fail(&args, CLI_USAGE, "'%s' is neither bash nor zsh", args.positional[0]);
    }
    if (bash) {
        write_bash(&w);
    } else {
        write_zsh(&w);
    }
    code = w.failed                             ? cli_fail(&args, CLI_FAILED, "out of memory")
           : cli_write(&args, w.data, w.length) ? CLI_OK
                                                : CLI_FAILED;
    text_writer_fini(&w);
    return code;
}

const cli_command CMD_COMPLETION = {
    "completion",
    "prints what a shell completes after sluice · 命令补全",
    "bash|zsh",
    1,
    1,
    OPTIONS,
    "Packages have it installed. By hand: a line of ~/.bashrc, or a file _sluice in a folder of zsh's fpath.",
    "  source <(sluice completion bash)\n"
    "  sluice completion zsh > ~/.zfunc/_sluice",
    run,
};
