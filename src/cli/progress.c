#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"

static volatile sig_atomic_t interrupted;
static const char *doing = "";
static bool shown;

static void on_interrupt(int number) {
    (void)number;
    interrupted = 1;
}

void cli_progress_begin(const char *what) {
    struct sigaction action = {0};
    action.sa_handler = on_interrupt;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    doing = what;
    shown = false;
}

bool cli_progress(void *context, uint64_t done, uint64_t total) {
    (void)context;
    if (cli_is_interactive()) {
        (void)fprintf(stderr, "\r\033[K%5.1f %%  %s: %llu of %llu signals",
                      total == 0 ? 100.0 : 100.0 * (double)done / (double)total, doing, (unsigned long long)done,
                      (unsigned long long)total);
        shown = true;
    }
    return interrupted == 0;
}

bool cli_progress_of(const char *what, uint64_t done, uint64_t total) {
    if (cli_is_interactive()) {
        (void)fprintf(stderr, "\r\033[K%s: %llu of %llu", what, (unsigned long long)done, (unsigned long long)total);
        shown = true;
    }
    return interrupted == 0;
}

void cli_progress_end(void) {
    if (shown) {
        (void)fputs("\r\033[K", stderr);
        shown = false;
    }
}
