#include "support/rule_support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "support/tool.h"

void rule_support_init(rule_support *s) {
    static const struct {
        const char *name;
        feature_type type;
        feature_unit unit;
    } MORE[] = {{"u.fen", FEATURE_INT, FEATURE_UNIT_FEN},
                {"u.ms", FEATURE_INT, FEATURE_UNIT_MS},
                {"u.share", FEATURE_DOUBLE, FEATURE_UNIT_SHARE},
                {"u.count", FEATURE_INT, FEATURE_UNIT_COUNT}};
    static unsigned number;
    memset(s, 0, sizeof *s);
    cel_support_init(&s->cel);
    for (uint32_t i = 0; i < sizeof MORE / sizeof MORE[0]; i++) {
        uint32_t slot = 0;
        bool added = feature_plan_add_external(s->cel.plan, text_of(MORE[i].name), MORE[i].type, MORE[i].unit, &slot);
        SLUICE_ASSERT(added && slot == CEL_SUPPORT_SLOTS + i);
    }
    s->values = s->cel.values;
    char name[40];
    (void)snprintf(name, sizeof name, "rules%u", number++);
    char *folder = strdup(tool_path(name));
    s->problems = calloc(RULE_SUPPORT_PROBLEMS, sizeof *s->problems);
    SLUICE_ASSERT(folder != NULL && s->problems != NULL && mkdir(folder, 0700) == 0);
    s->folder = folder;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void rule_support_fini(rule_support *s) {
    (void)nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    rule_set_free(&s->set);
    cel_support_fini(&s->cel);
    free(s->problems);
    char *folder = NULL;
    memcpy(&folder, &s->folder, sizeof folder);
    free(folder);
}

void rule_support_file(rule_support *s, const char *path, const char *text) {
    char whole[1000];
    (void)snprintf(whole, sizeof whole, "%s/%s", s->folder, path);
    for (char *slash = strchr(whole + strlen(s->folder) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(whole, 0700);
        *slash = '/';
    }
    FILE *file = fopen(whole, "wb");
    SLUICE_ASSERT(file != NULL && fwrite(text, 1, strlen(text), file) == strlen(text) && fclose(file) == 0);
}

sluice_result rule_support_try(rule_support *s) {
    rule_set_free(&s->set);
    return rule_set_load(s->folder, NULL, 0, s->cel.plan, &s->set, s->problems, RULE_SUPPORT_PROBLEMS,
                         &s->problem_count, &s->error);
}

void rule_support_load(rule_support *s) {
    if (rule_support_try(s) != SLUICE_OK) {
        (void)fprintf(stderr, "%s\n", s->error.text);
        abort();
    }
}
