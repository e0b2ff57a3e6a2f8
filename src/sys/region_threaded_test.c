/* What is written into regions stays while their memory is touched ahead, by whoever and however they come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/region.h"
#include "sys/region_ahead.h"
#include "sys/thread.h"

enum { WRITERS = 3, ROUNDS = 12, STEP = 5000 };

#define BYTES_MAX ((size_t)24 << 20)

typedef struct writer {
    thread thread;
    uint32_t seed;
    bool failed;
} writer;

static unsigned char expected(uint32_t seed, size_t at) {
    return (unsigned char)(seed + at / STEP * 7 + 1);
}

/* Grows step by step, writes each step at once, and reads everything at the end. */
static bool grows_whole(uint32_t seed, size_t bytes) {
    region r;
    bool right = region_init(&r, BYTES_MAX);
    for (size_t at = 0; right && at < bytes; at += STEP) {
        right = region_commit(&r, at + STEP) && r.base[at] == 0 && r.base[at + STEP - 1] == 0;
        for (size_t i = at; right && i < at + STEP; i += 97) {
            r.base[i] = expected(seed, i);
        }
    }
    for (size_t at = 0; right && at < bytes; at += STEP) {
        for (size_t i = at; right && i < at + STEP; i += 97) {
            right = r.base[i] == expected(seed, i);
        }
    }
    region_fini(&r);
    return right;
}

static void *write_all(void *context) {
    writer *w = context;
    for (uint32_t round = 0; round < ROUNDS && !w->failed; round++) {
        w->failed = !grows_whole(w->seed + round, BYTES_MAX / (round % 4 + 1) / STEP * STEP - STEP);
    }
    return NULL;
}

static void what_is_written_stays(void **state) {
    (void)state;
    writer writers[WRITERS] = {{.seed = 11}, {.seed = 90}, {.seed = 170}};
    assert_true(region_ahead_start());
    for (size_t i = 0; i < WRITERS; i++) {
        assert_true(thread_start(&writers[i].thread, write_all, &writers[i]));
    }
    for (size_t i = 0; i < WRITERS; i++) {
        thread_join(&writers[i].thread);
        assert_false(writers[i].failed);
    }
    region_ahead_stop();
}

static void a_region_outlives_the_thread(void **state) {
    (void)state;
    region r;
    assert_true(region_init(&r, BYTES_MAX));
    assert_true(region_ahead_start());
    assert_true(region_commit(&r, BYTES_MAX / 2));
    assert_true(region_ahead_margin(r.committed) > 0);
    assert_true(region_ahead_start());
    region_ahead_stop();
    assert_true(region_ahead_margin(r.committed) > 0); /* for whoever else started it */
    region_ahead_stop();
    region_ahead_stop();
    assert_int_equal(region_ahead_margin(r.committed), 0);
    assert_true(region_commit(&r, BYTES_MAX));
    assert_false(region_commit(&r, BYTES_MAX + 1));
    r.base[BYTES_MAX - 1] = 1;
    region_fini(&r);
}

static void all_of_a_region_can_be_used(void **state) {
    (void)state;
    region r;
    assert_true(region_ahead_start());
    assert_true(region_init(&r, (size_t)1 << 20));
    for (size_t bytes = 1; bytes <= (size_t)1 << 20; bytes += 4095) {
        assert_true(region_commit(&r, bytes));
        assert_true(r.committed >= bytes && r.committed <= r.reserved);
    }
    assert_true(region_commit(&r, (size_t)1 << 20));
    assert_false(region_commit(&r, ((size_t)1 << 20) + 1));
    region_fini(&r);
    region_ahead_stop();
}

static bool is_there(const region *r) {
    unsigned char pages[64];
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < r->committed; at += sizeof pages * page) {
        size_t bytes = r->committed - at < sizeof pages * page ? r->committed - at : sizeof pages * page;
        assert_int_equal(mincore(r->base + at, bytes, pages), 0);
        for (size_t i = 0; i < (bytes + page - 1) / page; i++) {
            if ((pages[i] & 1) == 0) {
                return false;
            }
        }
    }
    return true;
}

/* Not that it is soon: only that it comes without anybody's writing there. */
static void memory_comes_by_itself(void **state) {
    (void)state;
    region r;
    assert_true(region_ahead_start());
    assert_true(region_init(&r, (size_t)1 << 20));
    assert_true(region_commit(&r, (size_t)1 << 19));
    for (int i = 0; !is_there(&r) && i < 60000; i++) {
        (void)usleep(1000);
    }
    assert_true(is_there(&r));
    region_fini(&r);
    region_ahead_stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_stays),
        cmocka_unit_test(a_region_outlives_the_thread),
        cmocka_unit_test(all_of_a_region_can_be_used),
        cmocka_unit_test(memory_comes_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
