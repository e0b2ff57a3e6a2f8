/* docs/workflows.md and docs/workflows.zh.md are what the tables say. With --write they are written anew. */
#include <stdio.h>
#include <string.h>

#include "desk/workflow.h"
#include "sys/file.h"

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

int main(int argc, char **argv) {
    bool write = argc > 1 && strcmp(argv[1], "--write") == 0;
    return same("docs/workflows.md", false, write) | same("docs/workflows.zh.md", true, write);
}
