/* Detection through the engine, on random worlds: the same log gives the same findings whatever the size of its batches
 * and however often it is asked; inline decisions are those of a run over the log; a run as of
 * a finding's sequence gives that finding again; what a period leaves out is still seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/trace.h>

#include "base/text.h"
#include "engine/detection_private.h"
#include "support/detect_world.h"
#include "support/tool.h"

enum { TRANSFERS = 160 };

static uint64_t seed, rounds;

static void fill(sluice_engine *engine, uint64_t world, uint64_t batch) {
    for (uint64_t n = 0; n < TRANSFERS; n++) {
        sluice_signal signal = detect_world_transfer(world, n);
        assert_int_equal(sluice_engine_append(engine, &signal, 1, NULL, NULL, NULL), SLUICE_OK);
        if ((n + 1) % batch == 0) {
            assert_int_equal(sluice_engine_flush(engine, NULL, NULL), SLUICE_OK);
        }
    }
    assert_int_equal(sluice_engine_flush(engine, NULL, NULL), SLUICE_OK);
}

static char *rendered(const sluice_detection *found) {
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(sluice_detection_render(found, SLUICE_DETECTION_NDJSON, &text, &length, NULL), SLUICE_OK);
    assert_int_equal(strlen(text), length);
    return text;
}

static void the_size_of_batches_does_not_matter(void **state) {
    (void)state;
    static const uint64_t BATCHES[] = {1, 7, 64, TRANSFERS};
    uint64_t findings = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        char *expected[2] = {NULL, NULL};
        for (size_t b = 0; b < sizeof BATCHES / sizeof *BATCHES; b++) {
            sluice_engine *engine = detect_world_fresh("batches.db");
            fill(engine, seed + round, BATCHES[b]);
            for (int order = 0; order < 2; order++) {
                sluice_detection *found = detect_world_run(engine, (sluice_order)order, 0, 0);
                char *text = rendered(found);
                findings += sluice_detection_count(found);
                if (expected[order] == NULL) {
                    expected[order] = text;
                } else {
                    assert_string_equal(text, expected[order]);
                    sluice_text_free(&text);
                }
                sluice_detection_free(&found);
            }
            sluice_engine_close(&engine);
        }
        sluice_text_free(&expected[0]);
        sluice_text_free(&expected[1]);
    }
    assert_true(findings > 8 * rounds); /* there was something to compare */
}

typedef struct inline_alert {
    uint64_t transfer;
    sluice_action action;
} inline_alert;

static size_t decide_all(sluice_engine *engine, uint64_t world, uint64_t group, inline_alert *alerts) {
    sluice_detector *detector = NULL;
    sluice_error error = {0};
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    if (sluice_detector_open(engine, &with, &detector, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    size_t count = 0;
    for (uint64_t n = 0; n < TRANSFERS; n++) {
        sluice_decision made, again;
        sluice_signal signal = detect_world_transfer(world, n);
        assert_int_equal(sluice_decide(detector, &signal, &made, &error), SLUICE_OK);
        assert_true(made.is_movement && !made.is_duplicate);
        assert_int_equal(sluice_decide(detector, &signal, &again, &error), SLUICE_OK);
        assert_true(again.is_duplicate); /* a repeated request changes nothing */
        if (made.action != SLUICE_ACTION_ALLOW) {
            assert_true(made.reason_count > 0 && made.reasons[0].zh.length > 0 && made.reasons[0].en.length > 0);
            assert_true(made.typology.length > 0 && made.subject.length > 0);
            alerts[count++] = (inline_alert){n, made.action};
        }
        if ((n + 1) % group == 0) {
            assert_int_equal(sluice_decide_commit(detector, NULL, &error), SLUICE_OK);
        }
        if (n == TRANSFERS / 2) { /* a restart in the middle: state comes back from the log */
            assert_int_equal(sluice_decide_commit(detector, NULL, &error), SLUICE_OK);
            sluice_detector_close(&detector);
            assert_int_equal(sluice_detector_open(engine, &with, &detector, &error), SLUICE_OK);
        }
    }
    assert_int_equal(sluice_decide_commit(detector, NULL, &error), SLUICE_OK);
    sluice_detector_close(&detector);
    return count;
}

static void inline_decisions_are_those_of_a_run_over_the_log(void **state) {
    (void)state;
    static inline_alert alerts[TRANSFERS];
    uint64_t compared = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_engine *engine = detect_world_fresh("inline.db");
        size_t count = decide_all(engine, seed + round, 1 + round % 9, alerts), there = 0;
        sluice_detection *found = detect_world_run(engine, SLUICE_ORDER_LOG, 0, 0);
        const finding_alert *logged = finding_book_alerts(found->book, &there);
        assert_int_equal(there, count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(logged[i].movement, alerts[i].transfer); /* every signal but the accounts is a movement */
            assert_int_equal(logged[i].action, alerts[i].action);
        }
        compared += count;
        sluice_detection_free(&found);
        sluice_engine_close(&engine);
    }
    assert_true(compared > 5 * rounds);
}

static void as_of_a_finding_it_is_found_again(void **state) {
    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_engine *engine = detect_world_fresh("as_of.db");
        fill(engine, seed + round, 16);
        sluice_detection *found = detect_world_run(engine, SLUICE_ORDER_LOG, 0, 0);
        for (size_t i = 0; i < sluice_detection_count(found); i += 1 + sluice_detection_count(found) / 4) {
            const sluice_finding *f = sluice_detection_finding(found, i);
            sluice_detection *then = detect_world_run(engine, SLUICE_ORDER_LOG, f->raised_sequence, 0);
            size_t same = 0;
            for (size_t k = 0; k < sluice_detection_count(then); k++) {
                const sluice_finding *g = sluice_detection_finding(then, k);
                assert_true(g->raised_sequence <= f->raised_sequence && g->last_sequence <= f->raised_sequence);
                same += g->raised_sequence == f->raised_sequence && text_equal(g->typology, f->typology) &&
                        text_equal(g->subject, f->subject);
            }
            assert_int_equal(same, 1);
            sluice_detection_free(&then);
        }
        sluice_detection_free(&found);
        sluice_engine_close(&engine);
    }
}

static void what_a_period_leaves_out_is_still_seen(void **state) {
    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_engine *engine = detect_world_fresh("period.db");
        fill(engine, seed + round, 16);
        int64_t from_ms = detect_world_transfer(seed + round, TRANSFERS / 2).time_ms;
        sluice_detection *all = detect_world_run(engine, SLUICE_ORDER_TIME, 0, 0),
                         *late = detect_world_run(engine, SLUICE_ORDER_TIME, 0, from_ms);
        size_t all_count = 0, late_count = 0;
        const finding_alert *of_all = finding_book_alerts(all->book, &all_count);
        const finding_alert *of_late = finding_book_alerts(late->book, &late_count);
        assert_true(late_count <= all_count);
        for (size_t i = 0; i < late_count; i++) { /* the same transfers, judged the same */
            const finding_alert *same = &of_all[all_count - late_count + i];
            assert_int_equal(of_late[i].movement, same->movement);
            assert_int_equal(of_late[i].action, same->action);
        }
        sluice_detection_free(&all);
        sluice_detection_free(&late);
        sluice_engine_close(&engine);
    }
}

static void evidence_is_named_and_in_order(void **state) {
    (void)state;
    sluice_engine *engine = detect_world_fresh("evidence.db");
    fill(engine, seed, 16);
    sluice_detection *found = detect_world_run(engine, SLUICE_ORDER_TIME, 0, 0);
    uint64_t patterns = 0;
    for (size_t i = 0; i < sluice_detection_count(found); i++) {
        const sluice_finding *f = sluice_detection_finding(found, i);
        assert_true(f->evidence_listed > 0);
        for (uint32_t k = 0; k < f->evidence_listed; k++) {
            const sluice_evidence *e = &f->evidence[k];
            sluice_transfer transfer;
            assert_int_equal(sluice_transfer_find(engine, e->id, &transfer, NULL), SLUICE_OK);
            assert_int_equal(transfer.sequence, e->sequence);
            assert_int_equal(transfer.amount_fen, e->amount_fen);
            assert_true(k == 0 || f->evidence[k - 1].time_ms <= e->time_ms);
            assert_true(!e->is_trigger || text_equal(f->subject_is_payer ? e->from : e->to, f->subject));
            patterns += !e->is_trigger;
        }
    }
    assert_true(patterns > 0); /* cycles have members that no rule matched at */
    sluice_detection_free(&found);
    sluice_engine_close(&engine);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 20);
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_size_of_batches_does_not_matter),
        cmocka_unit_test(inline_decisions_are_those_of_a_run_over_the_log),
        cmocka_unit_test(as_of_a_finding_it_is_found_again),
        cmocka_unit_test(what_a_period_leaves_out_is_still_seen),
        cmocka_unit_test(evidence_is_named_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
