/* Flipped bytes in every page of the database and all over the snapshot: never a crash, and never other data given out
 * as the truth: the same answers, or DAMAGED (NOT_SLUICE, NEWER where the head itself is hit), or a replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/engine_model.h"
#include "support/tool.h"
#include "sys/random.h"

enum {
    BATCHES = 40,
    PAGE_BYTES = 4096,
    HEAD_FLIPS = 24,
    BODY_FLIPS = 24,
    SNAPSHOT_FLIPS = 400,
    WAL_BATCHES = 6,
    WAL_FLIPS = 400
};

static uint64_t seed, share;
static char place[512], snapshot_place[540];

typedef struct content {
    unsigned char *bytes;
    size_t length;
} content;

static content database, snapshot; /* undamaged */

static content read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    content c = {NULL, (size_t)ftell(file)};
    rewind(file);
    c.bytes = malloc(c.length);
    assert_non_null(c.bytes);
    assert_int_equal(fread(c.bytes, 1, c.length, file), c.length);
    (void)fclose(file);
    return c;
}

static void write_all(const char *path, const content *c, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(c->bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void restore(void) {
    char wal[540];
    (void)snprintf(wal, sizeof wal, "%s-wal", place);
    (void)unlink(wal);
    write_all(place, &database, database.length);
    write_all(snapshot_place, &snapshot, snapshot.length);
}

static int make_files(void **state) {
    (void)state;
    sluice_engine *engine = NULL;
    (void)snprintf(place, sizeof place, "%s", tool_path("damage.sluice"));
    (void)snprintf(snapshot_place, sizeof snapshot_place, "%s-snapshot", place);
    assert_int_equal(sluice_engine_open(place, NULL, &engine, NULL), SLUICE_OK);
    for (uint64_t batch = 0; batch < BATCHES; batch++) {
        assert_int_equal(engine_model_commit(engine, batch, NULL), SLUICE_OK);
        if (batch == BATCHES / 2) {
            assert_int_equal(sluice_engine_snapshot(engine, NULL), SLUICE_OK);
        }
    }
    sluice_engine_close(&engine);
    database = read_all(place);
    snapshot = read_all(snapshot_place);
    return 0;
}

static int free_files(void **state) {
    (void)state;
    free(database.bytes);
    free(snapshot.bytes);
    return 0;
}

typedef struct outcome {
    uint64_t same, refused;
} outcome;

/* Opens what lies there, with and without the snapshot. */
static void judge(outcome *o, size_t at) {
    for (int without_snapshot = 0; without_snapshot < 2; without_snapshot++) {
        sluice_open_options options = {.size = sizeof options, .ignore_snapshot = without_snapshot == 1};
        sluice_engine *engine = NULL;
        sluice_error error = {0};
        uint64_t batches = 0;
        sluice_result result = sluice_engine_open(place, &options, &engine, &error);
        if (result != SLUICE_OK) {
            if (result != SLUICE_E_DAMAGED && result != SLUICE_E_NOT_SLUICE && result != SLUICE_E_NEWER) {
                fail_msg("byte %zu: %d, %s", at, result, error.text);
            }
            o->refused++;
            continue;
        }
        model_answer answer = engine_model_compare(engine, &batches);
        if (answer == MODEL_DIFFERENT || batches != BATCHES) {
            fail_msg("byte %zu gave other data: %llu batches", at, (unsigned long long)batches);
        }
        o->refused += answer == MODEL_REFUSED;
        o->same += answer == MODEL_EQUAL;
        result =
            sluice_engine_verify(engine, &error); /* flips where nothing lies are found by SQLite's check, or not */
        assert_true(result == SLUICE_OK || result == SLUICE_E_DAMAGED);
        sluice_engine_close(&engine);
    }
}

static void flip_and_judge(content *c, const char *path, size_t at, random_stream *random, outcome *o) {
    unsigned char before = c->bytes[at];
    c->bytes[at] ^= (unsigned char)(random_below(random, 255) + 1);
    restore();
    write_all(path, c, c->length);
    judge(o, at);
    c->bytes[at] = before;
}

static void flipped_bytes_in_every_page(void **state) {
    (void)state;
    random_stream random;
    outcome o = {0};
    random_seed(&random, seed);
    for (size_t page = 0; page < database.length / PAGE_BYTES; page++) {
        for (uint64_t i = 0; i < HEAD_FLIPS / share; i++) {
            flip_and_judge(&database, place, page * PAGE_BYTES + (size_t)random_below(&random, 100), &random, &o);
        }
        for (uint64_t i = 0; i < BODY_FLIPS / share; i++) {
            flip_and_judge(&database, place, page * PAGE_BYTES + (size_t)random_below(&random, PAGE_BYTES), &random,
                           &o);
        }
    }
    assert_true(o.refused > 10 && o.same > 10);
}

/* Every byte of the first page's head and schema is hit once. */
static void flipped_bytes_in_the_head(void **state) {
    (void)state;
    random_stream random;
    outcome o = {0};
    random_seed(&random, seed + 1);
    for (size_t at = 0; at < 120; at += share) {
        flip_and_judge(&database, place, at, &random, &o);
    }
    assert_true(o.refused > 10 / share);
}

static void flipped_bytes_in_the_snapshot(void **state) {
    (void)state;
    random_stream random;
    outcome o = {0};
    random_seed(&random, seed + 2);
    for (uint64_t i = 0; i < SNAPSHOT_FLIPS / share; i++) {
        size_t at = i < 96 ? (size_t)i : (size_t)random_below(&random, snapshot.length);
        flip_and_judge(&snapshot, snapshot_place, at, &random, &o);
    }
    assert_int_equal(o.refused, 0); /* a snapshot is a cache: the log is replayed */
    assert_int_equal(o.same, 2 * (SNAPSHOT_FLIPS / share));
}

static void files_cut_short(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 3);
    for (size_t part = 1; part < 40; part += share) {
        outcome o = {0};
        restore();
        write_all(place, &database, database.length * part / 40);
        judge(&o, database.length * part / 40);
        assert_int_equal(o.same, 0);
        o = (outcome){0};
        restore();
        write_all(snapshot_place, &snapshot, snapshot.length * part / 40);
        judge(&o, snapshot.length * part / 40);
        assert_int_equal(o.same, 2);
    }
}

/* A page written to another page's place, as a disk that mixes up its blocks does. */
static void exchanged_pages(void **state) {
    (void)state;
    size_t pages = database.length / PAGE_BYTES;
    for (size_t page = 1; page < pages; page += share) {
        outcome o = {0};
        unsigned char kept[PAGE_BYTES];
        size_t other = page % (pages - 1) + 1;
        memcpy(kept, database.bytes + page * PAGE_BYTES, PAGE_BYTES);
        memcpy(database.bytes + page * PAGE_BYTES, database.bytes + other * PAGE_BYTES, PAGE_BYTES);
        restore();
        memcpy(database.bytes + page * PAGE_BYTES, kept, PAGE_BYTES);
        judge(&o, page * PAGE_BYTES);
    }
}

/* In a child that dies without closing, so that everything is still in the WAL; tells where the last commit begins. */
static void leave_wal(int to_parent, const char *path, const char *wal_path) {
    sluice_engine *engine = NULL;
    struct stat status = {0};
    if (sluice_engine_open(path, NULL, &engine, NULL) != SLUICE_OK) {
        _exit(1);
    }
    for (uint64_t batch = 0; batch < WAL_BATCHES; batch++) {
        if (stat(wal_path, &status) != 0 || engine_model_commit(engine, batch, NULL) != SLUICE_OK) {
            _exit(1);
        }
    }
    _exit(write(to_parent, &status.st_size, sizeof status.st_size) == sizeof status.st_size ? 0 : 1);
}

/* Commits that are only in the WAL: a flip before the last one is found; one in the last looks like a commit that was
 * under way, and takes nothing but that. */
static void flipped_bytes_in_the_wal(void **state) {
    (void)state;
    char wal_place[540];
    int ends[2], status = 0;
    off_t last_commit = 0;
    random_stream random;
    uint64_t refused = 0, same = 0;
    random_seed(&random, seed + 4);
    (void)snprintf(place, sizeof place, "%s", tool_path("wal.sluice"));
    (void)snprintf(wal_place, sizeof wal_place, "%s-wal", place);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        leave_wal(ends[1], place, wal_place);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(read(ends[0], &last_commit, sizeof last_commit), sizeof last_commit);
    content main_file = read_all(place), wal = read_all(wal_place);
    for (uint64_t i = 0; i < WAL_FLIPS / share; i++) {
        size_t frame = 24 + PAGE_BYTES, frames = (wal.length - 32) / frame;
        size_t at = (size_t)random_below(&random, wal.length);
        if (i % 4 == 0) {
            at = (size_t)random_below(&random, 32); /* the head */
        } else if (i % 4 == 1) {
            at = 32 + (size_t)random_below(&random, frames) * frame + (size_t)random_below(&random, 24);
        } else if (i % 4 == 2) {
            at = (size_t)last_commit + (size_t)random_below(&random, wal.length - (size_t)last_commit);
        }
        unsigned char change = (unsigned char)(random_below(&random, 255) + 1);
        if (i == 0) { /* the bit that says in which order the words of all checksums are */
            at = 3;
            change = 1;
        }
        sluice_engine *engine = NULL;
        sluice_error error = {0};
        uint64_t batches = 0;
        write_all(place, &main_file, main_file.length);
        wal.bytes[at] ^= change;
        write_all(wal_place, &wal, wal.length);
        wal.bytes[at] ^= change;
        sluice_result result = sluice_engine_open(place, NULL, &engine, &error);
        if (result != SLUICE_OK) {
            assert_int_equal(result, SLUICE_E_DAMAGED);
            refused++;
            continue;
        }
        assert_int_equal(engine_model_compare(engine, &batches), MODEL_EQUAL);
        if (batches != WAL_BATCHES && ((off_t)at < last_commit || batches != WAL_BATCHES - 1)) {
            fail_msg("byte %zu of the WAL: %llu batches left", at, (unsigned long long)batches);
        }
        same++;
        sluice_engine_close(&engine);
    }
    assert_true(refused > 0 && same > 0);
    free(main_file.bytes);
    free(wal.bytes);
}

int main(int argc, char **argv) {
    tool_prefer_memory();
    seed = tool_seed(argc, argv);
    share = tool_count(argc, argv, 10) < 10 ? 6 : 1; /* fewer under a sanitizer */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_bytes_in_every_page),
        cmocka_unit_test(flipped_bytes_in_the_head),
        cmocka_unit_test(flipped_bytes_in_the_snapshot),
        cmocka_unit_test(files_cut_short),
        cmocka_unit_test(exchanged_pages),
        cmocka_unit_test(flipped_bytes_in_the_wal),
    };
    return cmocka_run_group_tests(tests, make_files, free_files);
}
