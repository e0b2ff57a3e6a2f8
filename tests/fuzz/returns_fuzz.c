/* Ledgers and losses from anywhere: whatever the bytes, an answer that adds up or an error with words, and no harm.
 * The input is the ledger, a line "---", the losses. */
#include <sluice/returns.h>
#include <sluice/trace.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory; its path is written to `path`. */
static int file_of(const uint8_t *data, size_t size, char path[64]) {
    int file = memfd_create("returns", 0);
    if (file < 0 || write(file, data, size) != (ssize_t)size) {
        abort();
    }
    (void)snprintf(path, 64, "/proc/self/fd/%d", file);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *mark = size < 5 ? NULL : memmem(data, size, "\n---\n", 5);
    size_t ledger_bytes = mark == NULL ? size : (size_t)(mark - data) + 1;
    size_t losses_from = mark == NULL ? size : ledger_bytes + 4;
    char ledger_path[64], losses_path[64];
    int ledger = file_of(data, ledger_bytes, ledger_path);
    int losses = file_of(data + losses_from, size - losses_from, losses_path);
    sluice_return *returns = NULL;
    sluice_error error = {0};
    if (sluice_return_read(ledger_path, losses_path, &returns, &error) == SLUICE_OK) {
        sluice_return_view view = {.size = sizeof view};
        sluice_return_view_get(returns, &view);
        if (view.returned_fen + view.held_fen != view.frozen_fen) {
            abort();
        }
        for (int format = SLUICE_RETURN_TABLE; format <= SLUICE_RETURN_JSON; format++) {
            char *text = NULL;
            if (sluice_return_render(returns, (sluice_return_format)format, &text, NULL, &error) == SLUICE_OK) {
                sluice_text_free(&text);
            }
        }
        sluice_return_free(&returns);
    } else if (returns != NULL || error.text[0] == '\0' || error.code == SLUICE_E_UNBALANCED) {
        abort();
    }
    (void)close(ledger);
    (void)close(losses);
    return 0;
}
