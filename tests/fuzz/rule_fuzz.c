/* Folders of rules: the input is, apart by NULs, a .rule file, a .typology file, actions.table, a list and snooze.list;
 * for what is missing there are good ones. What loads also judges and gives its reasons. */
#include <stdint.h>

#include "base/assert.h"
#include "support/cel_walk.h"
#include "support/rule_support.h"
#include "support/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { PARTS = 5, VALUES = 3, TEXT_BYTES = 1 << 16 };

static const char *const NAMES[PARTS] = {"a.rule", "m.typology", "actions.table", "mules.list", "snooze.list"};
static const char RULE[] = "rule a {\n version 1\n valid ..\n typology mule\n when t.i1 > 1\n score 30\n source \"s\"\n"
                           " reason zh \"{t.i1}\"\n reason en \"{t.s1}\"\n}\n";
static const char TYPOLOGY[] =
    "typology mule {\n title zh \"z\"\n title en \"e\"\n subject payee\n combine noisy-or\n}\n";
static const char ACTIONS[] = "* 30 delay .. by \"a\" because \"b\"\n";
static const char *const GOOD[PARTS] = {RULE, TYPOLOGY, ACTIONS, "card:1\n", ""};

static void judge(rule_support *s) {
    cel_walk w;
    cel_walk_init(&w, s->cel.mistake_count);
    for (int i = 0; i < VALUES; i++) {
        cel_walk_values(&w, s->values);
        rule_result r;
        rule_set_step(s->set, s->values, i * 86400000LL, TEXT("card:1"), TEXT("card:2"), &r);
        for (size_t a = 0; a < r.assessment_count; a++) {
            SLUICE_ASSERT(r.assessments[a].score >= 0 && r.assessments[a].score <= 100);
            SLUICE_ASSERT(r.assessments[a].fired_first + r.assessments[a].fired_count <= r.fired_count);
        }
    }
    for (uint32_t rule = 0; rule < rule_count(s->set); rule++) {
        text_writer out = {0};
        rule_reason(s->set, rule, "zh", s->values, &out);
        rule_reason(s->set, rule, "en", s->values, &out);
        text_writer_fini(&out);
    }
    cel_walk_fini(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static char text[TEXT_BYTES];
    rule_support s;
    tool_prefer_memory();
    rule_support_init(&s);
    size_t from = 0;
    for (size_t part = 0; part < PARTS; part++) {
        size_t end = from;
        while (end < bytes && data[end] != '\0' && end - from < sizeof text - 1) {
            end++;
        }
        if (end > from) {
            memcpy(text, data + from, end - from);
            text[end - from] = '\0';
        }
        rule_support_file(&s, NAMES[part], end > from ? text : GOOD[part]);
        from = end < bytes ? end + 1 : end;
    }
    sluice_result result = rule_support_try(&s);
    SLUICE_ASSERT((result == SLUICE_OK) == (s.set != NULL));
    SLUICE_ASSERT(result == SLUICE_OK || s.error.text[0] != '\0');
    SLUICE_ASSERT(result != SLUICE_E_INPUT ||
                  (s.problem_count > 0 && s.problems[0].line > 0 && s.problems[0].column > 0));
    if (result == SLUICE_OK) {
        judge(&s);
    }
    rule_support_fini(&s);
    return 0;
}
