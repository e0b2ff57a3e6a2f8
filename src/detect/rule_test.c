/* Folders of rules: what they decide, and every mistake with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/time.h"
#include "detect/rule_private.h"
#include "support/rule_support.h"

static int64_t day(const char *text) {
    int64_t time_ms = 0;
    assert_true(time_parse(text_of(text), TIME_SHANGHAI_OFFSET_MS, &time_ms));
    return time_ms;
}

#define TYPOLOGY_MULE                                                                                                  \
    "typology mule {\n title zh \"涉诈账户\"\n title en \"Mule\"\n subject payee\n combine sum\n cap 95\n}\n"
#define TYPOLOGY_VICTIM                                                                                                \
    "typology victim {\n title zh \"受害\"\n title en \"Victim\"\n subject payer\n combine noisy-or\n"               \
    " fraud_type \"刷单返利\"\n}\n"
#define ACTIONS                                                                                                        \
    "* 40 verify .. by \"a\" because \"b\"\n"                                                                          \
    "mule 30 verify 2026-01-01 .. by \"a\" because \"b\"\n"                                                            \
    "mule 60 delay 2026-01-01 .. by \"a\" because \"b\"\n"                                                             \
    "mule 85 stop 2026-01-01 .. 2027-01-01 by \"a\" because \"b\"\n"
#define RULE(name, more)                                                                                               \
    "rule " name " {\n version 1\n valid ..\n reason zh \"z\"\n reason en \"e\"\n source \"s\"\n" more "\n}\n"
#define MULE(name, more) RULE(name, " typology mule\n " more)

static void base(rule_support *s, const char *rules) {
    rule_support_init(s);
    rule_support_file(s, "m.typology", TYPOLOGY_MULE TYPOLOGY_VICTIM);
    rule_support_file(s, "actions.table", ACTIONS);
    rule_support_file(s, "all.rule", rules);
}

static void step(rule_support *s, const char *time, rule_result *result_out) {
    rule_set_step(s->set, s->values, day(time), TEXT("card:payer"), TEXT("card:payee"), result_out);
}

/* ---- deciding ---- */

static void test_sum_and_bands(void **state) {
    (void)state;
    rule_support s;
    base(&s, MULE("a", "when t.i1 >= 10\n score 35") MULE("b", "when t.i1 >= 20\n score 30.5")
                 MULE("c", "when t.i1 >= 30\n score 40") MULE("good", "when t.b1\n score -20"));
    rule_support_load(&s);
    rule_result r;
    cel_support_int(&s.cel, 0, 9);
    step(&s, "2026-06-01", &r);
    assert_int_equal(r.assessment_count, 0);
    s.values[0].i = 10;
    step(&s, "2026-06-01", &r);
    assert_int_equal(r.assessment_count, 1);
    assert_true(r.assessments[0].score == 35 && r.assessments[0].action == RULE_VERIFY);
    assert_int_equal(r.assessments[0].subject, RULE_PAYEE);
    s.values[0].i = 30;
    step(&s, "2026-06-01", &r);
    assert_true(r.assessments[0].score == 95 && r.assessments[0].action == RULE_STOP);
    assert_int_equal(r.assessments[0].fired_count, 3);
    assert_int_equal(r.fired[0].rule, 2);
    assert_int_equal(r.fired[1].rule, 0);
    assert_int_equal(r.fired[2].rule, 1);
    step(&s, "2027-01-01", &r); /* the row for stop has ended */
    assert_int_equal(r.assessments[0].action, RULE_DELAY);
    step(&s, "2025-06-01", &r); /* mule's own rows have not begun: those of * */
    assert_int_equal(r.assessments[0].action, RULE_VERIFY);
    cel_support_bool(&s.cel, 8, true);
    s.values[0].i = 20;
    step(&s, "2026-06-01", &r);
    assert_true(r.assessments[0].score == 45.5);
    assert_true(r.fired[2].weight == -20 && r.fired[2].rule == 3);
    s.values[0].i = 0; /* only what speaks for the subject: nothing to say */
    step(&s, "2026-06-01", &r);
    assert_int_equal(r.assessment_count, 0);
    rule_support_fini(&s);
}

static void test_noisy_or_and_subjects(void **state) {
    (void)state;
    rule_support s;
    base(&s, RULE("a", " typology victim\n when t.i1 > 0\n score 50")
                 RULE("b", " typology victim\n when t.i1 > 0\n score 50")
                     RULE("c", " typology victim\n subject payee\n when t.i1 > 0\n score 10"));
    rule_support_load(&s);
    rule_result r;
    cel_support_int(&s.cel, 0, 1);
    step(&s, "2026-06-01", &r);
    assert_int_equal(r.assessment_count, 2);
    assert_true(r.assessments[0].subject == RULE_PAYER && r.assessments[0].score == 75);
    assert_true(r.fired[0].weight == 50 && r.fired[1].weight == 25);
    assert_true(r.assessments[1].subject == RULE_PAYEE && r.assessments[1].score == 10);
    assert_int_equal(r.assessments[1].fired_first, 2);
    assert_int_equal(r.fired_count, 3);
    rule_support_fini(&s);
}

static void test_block_and_override(void **state) {
    (void)state;
    rule_support s;
    base(&s, MULE("a", "when t.i1 > 0\n score 90") MULE("police", "when t.s1 in list(\"police\")\n effect block")
                 MULE("water", "when t.b1\n effect override"));
    rule_support_file(&s, "lists/police.list", "card:bad until 2026-07-01 because \"told by phone\"\n# empty\n\n");
    rule_support_load(&s);
    rule_result r;
    cel_support_bool(&s.cel, 8, true);
    step(&s, "2026-06-01", &r);
    assert_int_equal(r.assessment_count, 0); /* an override alone is no finding */
    cel_support_int(&s.cel, 0, 1);
    step(&s, "2026-06-01", &r);
    assert_true(r.assessments[0].is_override && r.assessments[0].action == RULE_ALLOW && r.assessments[0].score == 90);
    assert_int_equal(r.fired[1].rule, 2);
    cel_support_text(&s.cel, 12, "card:bad");
    s.values[0].i = 0;
    step(&s, "2026-06-30", &r);
    assert_int_equal(r.assessment_count, 1);
    assert_true(r.assessments[0].is_block && !r.assessments[0].is_override);
    assert_true(r.assessments[0].action == RULE_STOP && r.assessments[0].score == 100);
    assert_true(r.fired[0].rule == 1 && r.fired[0].weight == 100);
    step(&s, "2026-07-01", &r); /* the entry has expired */
    assert_int_equal(r.assessment_count, 0);
    rule_support_fini(&s);
}

static void test_drafts(void **state) {
    (void)state;
    rule_support s;
    base(&s, MULE("live", "when t.i1 > 1\n score 35") MULE("draft", "when t.i1 > 0\n score 90\n status draft")
                 MULE("stops", "when t.i1 > 2\n effect block\n status draft"));
    rule_support_load(&s);
    rule_result r;
    cel_support_int(&s.cel, 0, 1);
    step(&s, "2026-06-01", &r);
    assert_true(r.assessments[0].is_draft && r.assessments[0].score == 90 && r.assessments[0].action == RULE_ALLOW);
    assert_true(r.assessments[0].would != RULE_ALLOW);
    s.values[0].i = 2;
    step(&s, "2026-06-01", &r);
    assert_true(!r.assessments[0].is_draft && r.assessments[0].score == 35);
    assert_int_equal(r.assessments[0].action, RULE_VERIFY);
    assert_true(r.fired_count == 2 && r.fired[1].rule == 1 && r.fired[1].weight == 0);
    s.values[0].i = 3;
    step(&s, "2026-06-01", &r);
    assert_true(!r.assessments[0].is_block && r.assessments[0].action == RULE_VERIFY && r.fired_count == 3);
    rule_support_fini(&s);
}

static void test_snooze(void **state) {
    (void)state;
    rule_support s;
    base(&s, MULE("a", "when t.i1 > 0\n score 90") RULE("b", " typology victim\n when t.i1 > 0\n score 50")
                 MULE("c", "when t.i1 > 1\n effect block"));
    rule_support_file(&s, "snooze.list",
                      "card:payee mule from 2026-02-01 until 2026-07-01 because \"a bakery\"\n"
                      "card:payer * until 2026-03-01 because \"visited\"\n");
    rule_support_load(&s);
    rule_result r;
    cel_support_int(&s.cel, 0, 1);
    step(&s, "2026-02-15", &r);
    assert_true(r.assessments[0].is_snoozed && r.assessments[0].action == RULE_ALLOW && r.assessments[0].score == 90);
    assert_true(r.assessments[1].is_snoozed && r.assessments[1].action == RULE_ALLOW);
    step(&s, "2026-03-01", &r);
    assert_true(r.assessments[0].is_snoozed && !r.assessments[1].is_snoozed);
    assert_int_equal(r.assessments[1].action, RULE_VERIFY);
    step(&s, "2026-01-31", &r);
    assert_true(!r.assessments[0].is_snoozed && r.assessments[0].action == RULE_STOP);
    s.values[0].i = 2;
    step(&s, "2026-02-15", &r);
    assert_true(!r.assessments[0].is_snoozed && r.assessments[0].is_block && r.assessments[0].action == RULE_STOP);
    rule_support_fini(&s);
}

static void test_versions(void **state) {
    (void)state;
    rule_support s;
    base(&s, "rule a {\n version 1\n valid .. 2026-01-01\n typology mule\n when true\n score 10\n reason zh \"z\"\n"
             " reason en \"old\"\n source \"s\"\n}\n"
             "rule a {\n version 2\n valid 2026-01-01 ..\n typology mule\n when true\n score 20\n reason zh \"z\"\n"
             " reason en \"new\"\n source \"s\"\n}\n"
             "rule a {\n version 3\n status draft\n valid 2026-01-01..2026-02-01\n typology mule\n when true\n"
             " score 30\n reason zh \"z\"\n reason en \"next\"\n source \"s\"\n}\n");
    rule_support_load(&s);
    rule_result r;
    step(&s, "2025-12-31 23:59:59.999", &r);
    assert_true(r.assessments[0].score == 10 && r.fired_count == 1);
    step(&s, "2026-01-01", &r);
    assert_true(r.assessments[0].score == 20 && r.fired_count == 2);
    step(&s, "2026-02-01", &r);
    assert_true(r.assessments[0].score == 20 && r.fired_count == 1);
    rule_view v;
    rule_get(s.set, 1, &v);
    assert_true(v.version == 2 && v.line == 11 && v.valid_from_ms == day("2026-01-01") && v.valid_to_ms == INT64_MAX);
    assert_true(text_equal(v.file, TEXT("all.rule")) && text_equal(v.typology, TEXT("mule")));
    typology_view t;
    typology_get(s.set, 1, &t);
    assert_true(text_equal(t.fraud_type, TEXT("刷单返利")) && t.subject == RULE_PAYER);
    rule_support_fini(&s);
}

static void check_reason(rule_support *s, const char *language, const char *expected) {
    text_writer out = {0};
    rule_reason(s->set, 0, language, s->values, &out);
    assert_false(out.failed);
    assert_string_equal(out.data, expected);
    text_writer_fini(&out);
}

static void test_reasons(void **state) {
    (void)state;
    rule_support s;
    rule_support_init(&s);
    rule_support_file(&s, "m.typology", TYPOLOGY_MULE);
    rule_support_file(&s, "actions.table", ACTIONS);
    rule_support_file(&s, "all.rule",
                      "rule a {\n version 1\n valid ..\n typology mule\n when true\n score 1\n source \"s\"\n"
                      " reason zh \"{u.fen}，{u.ms}，\"\n  \"{u.share}，{t.b1}，{t.s1}，{t.i1}\"\n"
                      " reason en \"{u.fen}; {u.ms}; {u.share}; {u.count}; {t.d1}; {{{t.b1}}}; {t.s1}; {t.i1}\"\n}\n");
    rule_support_load(&s);
    s.values[RULE_SUPPORT_FEN] = (feature_value){.i = 123450};
    s.values[RULE_SUPPORT_MS] = (feature_value){.i = 12000000};
    s.values[RULE_SUPPORT_SHARE] = (feature_value){.d = 0.953};
    s.values[RULE_SUPPORT_COUNT] = (feature_value){.i = 12345};
    cel_support_double(&s.cel, 4, 0.5);
    cel_support_bool(&s.cel, 8, true);
    cel_support_text(&s.cel, 12, "card:1");
    check_reason(&s, "zh", "¥1,234.50，3小时20分，95.3 %，是，card:1，未知");
    check_reason(&s, "en", "¥1,234.50; 3 h 20 min; 95.3 %; 12,345; 0.5; {yes}; card:1; unknown");
    s.values[RULE_SUPPORT_FEN].i = -5;
    s.values[RULE_SUPPORT_MS].i = 86400000;
    s.values[RULE_SUPPORT_SHARE].d = 1;
    s.values[RULE_SUPPORT_COUNT].i = -1234567;
    cel_support_double(&s.cel, 4, 0.001234);
    check_reason(&s, "en", "-¥0.05; 1 d; 100 %; -1,234,567; 0.0012; {yes}; card:1; unknown");
    rule_support_fini(&s);
}

static void test_sha256(void **state) {
    (void)state;
    char hashes[3][SHA256_HEX_BYTES];
    for (int i = 0; i < 3; i++) {
        rule_support s;
        rule_support_init(&s);
        rule_support_file(&s, "sub/m.typology", TYPOLOGY_MULE);
        rule_support_file(&s, i == 1 ? "z.rule" : "a.rule", MULE("a", "when true\n score 1"));
        rule_support_file(&s, "actions.table", "* 1 verify .. by \"a\" because \"b\"\n");
        rule_support_file(&s, "README.md", i == 2 ? "other" : "not read");
        rule_support_load(&s);
        memcpy(hashes[i], rule_set_sha256(s.set), SHA256_HEX_BYTES);
        rule_support_fini(&s);
    }
    assert_string_not_equal(hashes[0], hashes[1]);
    assert_string_equal(hashes[0], hashes[2]);
}

/* The n-th fenced block of a page; "" if there is none. */
static void read_block(const char *page, unsigned n, char *out, size_t bytes) {
    FILE *file = fopen(page, "rb");
    assert_non_null(file);
    char line[2000];
    unsigned fences = 0;
    out[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "```", 3) == 0) {
            fences++;
        } else if (fences == 2 * n + 1) {
            (void)snprintf(out + strlen(out), bytes - strlen(out), "%s", line);
        }
    }
    (void)fclose(file);
}

static void expect_problem(rule_support *s, const char *file, const char *at, const char *part);

/* The pages' examples load, and their mistakes are those that are shown. */
static void test_pages(void **state) {
    (void)state;
    static const char *const PAGES[] = {"docs/rules.md", "docs/rules.zh.md"};
    static const char *const NAMES[] = {"pass_through_1h.rule", "mule_account.typology", "actions.table",
                                        "known_mules.list", "snooze.list"};
    for (size_t p = 0; p < 2; p++) {
        rule_support s;
        char text[4000];
        rule_support_init(&s);
        for (unsigned i = 0; i < 5; i++) {
            read_block(PAGES[p], i, text, sizeof text);
            assert_true(text[0] != '\0');
            rule_support_file(&s, NAMES[i], text);
        }
        rule_support_file(&s, "utilities.list", "account:water\n");
        rule_support_load(&s);
        read_block(PAGES[p], 0, text, sizeof text);
        char *name = strstr(text, "in_sum_1h >=");
        assert_non_null(name);
        memmove(name + strlen("in_sum_1hour"), name + strlen("in_sum_1h"), strlen(name + strlen("in_sum_1h")) + 1);
        memcpy(name, "in_sum_1hour", strlen("in_sum_1hour"));
        rule_support_file(&s, NAMES[0], text);
        assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
        expect_problem(&s, NAMES[0], "7:15", "did you mean");
        rule_support_fini(&s);
    }
}

/* ---- mistakes ---- */

static const struct {
    const char *file, *text;
    const char *at; /* line:column */
    const char *part;
} MISTAKES[] = {
    {"a.rule", "rule a\n{\n", "1:7", "expected `{` at the end of the line, but the line ends here"},
    {"a.rule", "rule A {\n}\n", "1:6", "a name of small letters"},
    {"a.rule", "rules a {\n}\n", "1:1", "expected `rule NAME {`"},
    {"a.rule", "typology a {\n}\n", "1:1", "expected `rule NAME {`"},
    {"a.rule", "rule a {\n version 1\n", "1:1", "rule `a` has no `}`"},
    {"a.rule", "rule a {\n version 1\nrule b {\n}\n", "3:1", "rule `a` has no `}` before this"},
    {"a.rule", "rule a {\n versoin 1\n}\n", "2:2", "unknown property `versoin`: did you mean `version`?"},
    {"a.rule", "rule a {\n version 0\n}\n", "2:10", "a whole number from 1"},
    {"a.rule", "rule a {\n version 1 2\n}\n", "2:12", "expected the end of the line, found `2`"},
    {"a.rule", "rule a {\n version 1\n version 1\n}\n", "3:2", "`version` is there twice"},
    {"a.rule", "rule a {\n valid 2026-02-30 ..\n}\n", "2:8", "a time such as"},
    {"a.rule", "rule a {\n valid 2026-01-01\n}\n", "2:8", "a time such as"},
    {"a.rule", "rule a {\n valid 2026-01-02 .. 2026-01-02\n}\n", "2:8", "it ends before it begins"},
    {"a.rule", "rule a {\n status on\n}\n", "2:9", "`live` or `draft`"},
    {"a.rule", "rule a {\n typology mul\n}\n", "2:11", "unknown typology `mul`: did you mean `mule`?"},
    {"a.rule", "rule a {\n subject both\n}\n", "2:10", "`payer` or `payee`"},
    {"a.rule", "rule a {\n when t.i1 >\n   'a'\n}\n", "2:12", "compares int with string"},
    {"a.rule", "rule a {\n when true &&\n   (t.i1 > 1\n     || t.i99 > 2)\n}\n", "4:9", "did you mean `t.i1`?"},
    {"a.rule", "rule a {\n when payee.in_cuont_1h > 1\n}\n", "2:7", "did you mean \"payee.in_count_1h\""},
    {"a.rule", "rule a {\n when payee.in_count_0m > 1\n}\n", "2:7", "is not between 1ms and 366d"},
    {"a.rule", "rule a {\n when 反\n}\n", "2:7", "is not known in a condition"},
    {"a.rule", "rule a {\n when\n}\n", "2:6", "expected a condition"},
    {"a.rule", "rule a {\n when t.s1 in list(\"polise\")\n}\n", "2:20", "did you mean `police`?"},
    {"a.rule", "rule a {\n score 0\n}\n", "2:8", "above 0"},
    {"a.rule", "rule a {\n score 101\n}\n", "2:8", "above 0"},
    {"a.rule", "rule a {\n score 3x\n}\n", "2:8", "a number such as 35, found `3x`"},
    {"a.rule", "rule a {\n score 1\n effect block\n}\n", "1:1", "both `score` and `effect`"},
    {"a.rule", "rule a {\n}\n", "1:1", "rule `a` has no `version`"},
    {"a.rule", "rule a {\n}\n", "1:1", "neither `score` nor `effect`"},
    {"a.rule", "rule a {\n reason fr \"x\"\n}\n", "2:9", "`zh` or `en`"},
    {"a.rule", "rule a {\n reason en x\n}\n", "2:12", "the text in"},
    {"a.rule", "rule a {\n reason en \"x\n}\n", "2:12", "the text has no end"},
    {"a.rule", "rule a {\n reason en \"x\\t\"\n}\n", "2:14", "not an escape"},
    {"a.rule", "rule a {\n reason en \"a {t.i77} b\"\n}\n", "2:16", "in a reason: there is no feature"},
    {"a.rule", "rule a {\n reason en \"a {t.i1 b\"\n}\n", "2:15", "`{` has no `}`"},
    {"a.rule", "rule a {\n reason en \"a } b\"\n}\n", "2:15", "`}` without `{`"},
    {"a.rule", "rule a {\n reason en \"\xFF\"\n}\n", "2:12", "not UTF-8"},
    {"v.rule", RULE("v", " typology victim\n when true\n score -5"), "9:8", "`combine sum`"},
    {"v.rule", MULE("v", "when true\n score 1") MULE("v", "when true\n score 1"), "11:1", "is there already: v.rule:1"},
    {"v.rule",
     MULE("v", "when true\n score 1") "rule v {\n version 2\n valid 2026-01-01 ..\n typology mule\n when true\n"
                                      " score 1\n reason zh \"z\"\n reason en \"e\"\n source \"s\"\n}\n",
     "13:8", "version 2 is valid at the same time as version 1 (v.rule:1)"},
    {"n.typology", "typology mule {\n}\n", "1:1", "is there already: m.typology:1"},
    {"n.typology", "typology n {\n combine or\n}\n", "2:10", "`sum`, `max` or `noisy-or`"},
    {"n.typology", "typology n {\n cap 200\n}\n", "2:6", "at most 100"},
    {"n.typology", "typology n {\n fraud_type \"x\"\n}\n", "2:13", "unknown fraud type"},
    {"n.typology", "typology n {\n}\n", "1:1", "no `title zh`"},
    {"x/actions.table", "", "1:1", "a second actions.table"},
    {"x.list", "card:1 until tomorrow\n", "1:14", "a day such as 2026-12-31, found `tomorrow`"},
    {"x.list", "card:1\ncard:1 from 2026-01-01\n", "2:1", "is in line 1 already"},
    {"x.list", "card:1 forever\n", "1:8", "`from`, `until`, `because` or the end of the line"},
    {"X.list", "card:1\n", "1:1", "called by its name"},
    {"x/police.list", "", "1:1", "another list `police`"},
    {"snooze.list", "card:1 mule until 2026-01-01\n", "1:1", "because"},
    {"snooze.list", "card:1 mul until 2026-01-01 because \"x\"\n", "1:8", "did you mean `mule`?"},
    {"a.rul", "", "1:1", "not a file of rules"},
};

/* In place of the good one. */
static const struct {
    const char *text, *at, *part;
} ACTION_MISTAKES[] = {
    {"mule 30 verify .. by \"a\" because \"b\"\nmule 30 delay .. by \"a\" because \"b\"\n", "2:1",
     "line 1 has the same score at the same time"},
    {"* 30 stop .. by \"a\" because \"b\"\n* 40 delay 2026-01-01 .. by \"a\" because \"b\"\n", "2:1",
     "a higher score leads to a milder action"},
    {"* 30 warn .. by \"a\" because \"b\"\n", "1:6", "expected `allow`, `verify`, `delay` or `stop`, found `warn`"},
    {"* 30 stop .. because \"b\"\n", "1:14", "expected `by"},
    {"mul 30 stop .. by \"a\" because \"b\"\n", "1:1", "did you mean `mule`?"},
    {"* 300 stop .. by \"a\" because \"b\"\n", "1:3", "between 0 and 100"},
};

static void expect_problem(rule_support *s, const char *file, const char *at, const char *part) {
    char place[400];
    (void)snprintf(place, sizeof place, "/%s:%s: ", file, at);
    text_writer all = {0};
    for (size_t i = 0; i < s->problem_count && i < RULE_SUPPORT_PROBLEMS; i++) {
        const rule_problem *p = &s->problems[i];
        text_printf(&all, "%s:%u:%u: %s\n", p->file, p->line, p->column, p->text);
    }
    bool found = false;
    for (const char *line = all.data; line != NULL && !found; line = strchr(line, '\n'), line += line != NULL) {
        const char *end = strchr(line, '\n');
        const char *begin = strstr(line, place);
        const char *text = strstr(line, part);
        found = end != NULL && begin != NULL && text != NULL && begin < end && text < end;
    }
    if (!found) {
        fail_msg("expected %s%s among\n%s", place, part, all.data == NULL ? "none" : all.data);
    }
    text_writer_fini(&all);
}

static void test_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++) {
        rule_support s;
        base(&s, "");
        rule_support_file(&s, "police.list", "card:9\n");
        rule_support_file(&s, MISTAKES[i].file, MISTAKES[i].text);
        assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
        assert_null(s.set);
        expect_problem(&s, MISTAKES[i].file, MISTAKES[i].at, MISTAKES[i].part);
        rule_support_fini(&s);
    }
    for (size_t i = 0; i < sizeof ACTION_MISTAKES / sizeof ACTION_MISTAKES[0]; i++) {
        rule_support s;
        base(&s, "");
        rule_support_file(&s, "actions.table", ACTION_MISTAKES[i].text);
        assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
        expect_problem(&s, "actions.table", ACTION_MISTAKES[i].at, ACTION_MISTAKES[i].part);
        rule_support_fini(&s);
    }
}

/* All at once, in the order of files and lines. */
static void test_order_of_mistakes(void **state) {
    (void)state;
    rule_support s;
    base(&s,
         MULE("a", "when x\n score 1") MULE("b", "when y && z > 1\n score 1") RULE("c", " typology non\n when 1\n"));
    rule_support_file(&s, "b.list", "v until x\nw until y\n");
    assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
    assert_int_equal(s.problem_count, 8);
    for (size_t i = 1; i < s.problem_count; i++) {
        const rule_problem *p = &s.problems[i - 1];
        const rule_problem *q = &s.problems[i];
        int order = strcmp(p->file, q->file);
        assert_true(order < 0 || (order == 0 && (p->line < q->line || (p->line == q->line && p->column <= q->column))));
    }
    assert_true(strstr(s.error.text, "all.rule:8:7") != NULL);
    rule_support_fini(&s);

    base(&s, MULE("a", "when true\n score 1"));
    rule_support_file(&s, "actions.table", "");
    assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
    expect_problem(&s, "m.typology", "1:1", "no row of actions.table is for typology `mule`");
    rule_support_fini(&s);
    rule_support_init(&s);
    feature_plan *plan = feature_plan_new();
    rule_set *set = NULL;
    size_t count = 0;
    assert_int_equal(rule_set_load("/nonexistent/rules", NULL, 0, plan, &set, NULL, 0, &count, &s.error),
                     SLUICE_E_NOT_FOUND);
    feature_plan_free(&plan);
    rule_support_fini(&s);
}

static void test_hostile(void **state) {
    (void)state;
    static const char *const ENDLESS[] = {"#\n",      " \"\"\n", "rule a {\n", "}\n",
                                          "card:1\n", "{",       "  when (\n", "\n  x"};
    for (size_t i = 0; i < sizeof ENDLESS / sizeof ENDLESS[0]; i++) {
        rule_support s;
        base(&s, "");
        text_writer text = {0};
        text_printf(&text, "rule h {\n reason en \"x\"\n");
        while (text.length < 1000000) {
            text_write(&text, text_of(ENDLESS[i]));
        }
        text_printf(&text, "  \"y\"\n}\n");
        rule_support_file(&s, "h.rule", text.data);
        rule_support_file(&s, "h.list", text.data);
        rule_support_file(&s, "h.typology", text.data);
        assert_int_equal(rule_support_try(&s), SLUICE_E_INPUT);
        text_writer_fini(&text);
        rule_support_fini(&s);
    }
    rule_support s;
    base(&s, "");
    text_writer text = {0};
    while (text.length <= RULE_FILE_BYTES_MAX) {
        text_write(&text, TEXT("# too long\n"));
    }
    rule_support_file(&s, "h.rule", text.data);
    assert_int_equal(rule_support_try(&s), SLUICE_E_LIMIT);
    text_writer_fini(&text);
    rule_support_fini(&s);
}

/* Texts in the place of files: instead of one, beside the others, and none where there is one. */
static void test_files(void **state) {
    (void)state;
    rule_support s;
    char shipped[65], changed[65];
    base(&s, MULE("a", "when true\n score 1"));
    rule_support_file(&s, "x/b.rule", MULE("b", "when true\n score 1"));
    assert_int_equal(rule_support_try(&s), SLUICE_OK);
    memcpy(shipped, rule_set_sha256(s.set), sizeof shipped);
    const sluice_rule_file files[] = {{"x/b.rule", TEXT("rule c {")},
                                      {"x/b.rule", TEXT(MULE("d", "when true\n score 1"))},
                                      {"y/new.rule", TEXT(MULE("e", "when true\n score 1"))}};
    for (size_t count = 0; count < 4; count++) {
        rule_set *set = NULL;
        size_t problems = 0;
        sluice_result result =
            rule_set_load(s.folder, files, count, s.cel.plan, &set, s.problems, 1, &problems, &s.error);
        assert_int_equal(result, count == 1 ? SLUICE_E_INPUT : SLUICE_OK); /* of two the later one counts */
        assert_true(result != SLUICE_OK || rule_count(set) == (count == 3 ? 3 : 2));
        assert_true(result != SLUICE_OK || (strcmp(rule_set_sha256(set), shipped) == 0) == (count == 0));
        if (count == 2) {
            memcpy(changed, rule_set_sha256(set), sizeof changed);
        }
        rule_set_free(&set);
    }
    const sluice_rule_file gone[] = {{"x/b.rule", {0}}, {"nowhere.rule", {0}}};
    rule_set *set = NULL;
    size_t problems = 0;
    assert_int_equal(rule_set_load(s.folder, gone, 2, s.cel.plan, &set, s.problems, 1, &problems, &s.error), SLUICE_OK);
    assert_int_equal(rule_count(set), 1);
    rule_set_free(&set);
    rule_support_file(&s, "x/b.rule", MULE("d", "when true\n score 1")); /* the same texts are the same version */
    assert_int_equal(rule_support_try(&s), SLUICE_OK);
    assert_string_equal(rule_set_sha256(s.set), changed);
    rule_support_fini(&s);
}

static void test_paths(void **state) {
    (void)state;
    static const char *const GOOD[] = {"a.rule",     "mule/run_point.rule", "actions.table",         "x/snooze.list",
                                       "A-1.b.list", "m.typology",          "a/b/c/d/e/f/g/h/i.rule"};
    static const char *const BAD[] = {"",
                                      "/a.rule",
                                      "a/.rule",
                                      "../a.rule",
                                      "a/../b.rule",
                                      "a//b.rule",
                                      "a.rule/",
                                      ".a.rule",
                                      "a.md",
                                      "p/city.pattern",
                                      "other.table",
                                      "a b.rule",
                                      "a\\b.rule",
                                      "..",
                                      "rule",
                                      "a.Rule",
                                      "a/b/c/d/e/f/g/h/i/j.rule",
                                      "\xE8\xA7\x84.rule",
                                      "a\n.rule"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        bool is_list = false;
        assert_true(rule_path_is_valid(text_of(GOOD[i]), &is_list));
        assert_int_equal(is_list, strstr(GOOD[i], ".list") != NULL);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (rule_path_is_valid(text_of(BAD[i]), NULL)) {
            fail_msg("\"%s\" was taken", BAD[i]);
        }
    }
    assert_false(rule_path_is_valid((sluice_text){"a\0.rule", 7}, NULL));
    char long_path[300];
    memset(long_path, 'a', sizeof long_path);
    memcpy(long_path + sizeof long_path - 6, ".rule", 6);
    assert_false(rule_path_is_valid(text_of(long_path), NULL));
}

static void test_no_memory(void **state) {
    (void)state;
    rule_support s;
    base(&s, MULE("a", "when t.i1 in [1, 2] || t.s1.matches(\"a+\")\n score 1")
                 MULE("b", "when t.s1 in list(\"police\") && t.d1 + 1.0 > 2\n effect block"));
    rule_support_file(&s, "x/police.list", "card:9\n");
    rule_support_file(&s, "snooze.list", "card:9 * until 2026-01-01 because \"x\"\n");
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t n = 0; result == SLUICE_E_NO_MEMORY; n++) {
        memory_fail_after(n);
        result = rule_support_try(&s);
        memory_fail_after(-1);
        assert_true((result == SLUICE_OK) == (s.set != NULL));
        assert_true(n < 2000);
    }
    assert_int_equal(result, SLUICE_OK);
    rule_support_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sum_and_bands),
                                       cmocka_unit_test(test_noisy_or_and_subjects),
                                       cmocka_unit_test(test_block_and_override),
                                       cmocka_unit_test(test_drafts),
                                       cmocka_unit_test(test_snooze),
                                       cmocka_unit_test(test_versions),
                                       cmocka_unit_test(test_reasons),
                                       cmocka_unit_test(test_sha256),
                                       cmocka_unit_test(test_pages),
                                       cmocka_unit_test(test_mistakes),
                                       cmocka_unit_test(test_order_of_mistakes),
                                       cmocka_unit_test(test_hostile),
                                       cmocka_unit_test(test_files),
                                       cmocka_unit_test(test_paths),
                                       cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
