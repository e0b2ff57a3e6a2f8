/* docs/workflows.md and docs/workflows.zh.md are what the tables say. With --write they are written anew. What acts and
 * dated terms rest on has its Chinese, remarks and all. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "desk/dated_defaults.h"
#include "desk/kind.h"
#include "desk/workflow.h"
#include "sys/file.h"
#include "text/law.h"

static int same(const char *path, bool chinese, bool write) {
    text_writer w = {0};
    sluice_error error = {0};
    workflow_write(&w, chinese);
    int failed = w.failed ? 1 : 0;
    FILE *file = write ? fopen(path, "wb") : NULL;
    if (write) {
        failed |= file == NULL || fwrite(w.data, 1, w.length, file) != w.length;
        failed |= file == NULL || fclose(file) != 0;
    }
    file_view view = {0};
    if (file_map(path, &view, &error) != SLUICE_OK || view.bytes != w.length ||
        memcmp(view.data, w.data, w.length) != 0) {
        (void)fprintf(stderr, "%s is not what the tables of acts say: run scripts/workflows.sh\n", path);
        failed = 1;
    }
    file_unmap(&view);
    text_writer_fini(&w);
    return failed;
}

/* A message of ISO 20022 is called so in Chinese too; two small letters in a row are English that was left. */
static int left_in_english(const char *law) {
    text_writer w = {0};
    law_write(&w, text_of(law), true);
    bool left = w.failed;
    for (size_t i = 0; !left && strstr(law, "camt.056") == NULL && i + 1 < w.length; i++) {
        left = islower((unsigned char)w.data[i]) && islower((unsigned char)w.data[i + 1]);
    }
    if (left) {
        (void)fprintf(stderr, "%s: English is left in \"%s\": src/text/law.c lacks a remark\n", law, w.data);
    }
    text_writer_fini(&w);
    return left ? 1 : 0;
}

static int laws(void) {
    size_t count = 0;
    int failed = 0;
    const desk_kind *const *kinds = desk_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < kinds[i]->act_count; k++) {
            failed |= kinds[i]->acts[k].law == NULL ? 0 : left_in_english(kinds[i]->acts[k].law);
        }
    }
    for (size_t i = 0; i < DATED_DEFAULT_COUNT; i++) {
        failed |= left_in_english(DATED_DEFAULTS[i].law);
    }
    return failed;
}

int main(int argc, char **argv) {
    bool write = argc > 1 && strcmp(argv[1], "--write") == 0;
    return same("docs/workflows.md", false, write) | same("docs/workflows.zh.md", true, write) | laws();
}
