/* Damage in the WAL that SQLite takes for its end.
 *
 * After a crash SQLite replays the WAL up to the first frame whose checksum is wrong: that is how the tail of an
 * unfinished commit looks. A flipped bit in the middle looks the same to it, and all commits behind it would silently
 * be gone, though they were acknowledged. Here the difference is found:
 *
 *   head     32 bytes: magic · version · page size · sequence · salt × 2 · checksum × 2
 *   frame    24 bytes: page · size of the database after this commit, else 0 · salt × 2 · checksum × 2, then the page
 *
 * A frame's checksum continues the one of the frame before it. Commit n is synced before the first frame of n + 1 is
 * written. So when, behind the first bad frame, a frame continues the checksum of a frame that ends a commit, and is of
 * this WAL's salt, that commit was durable: the bad frame is damage. (Frames that a failed commit left behind never
 * continue a commit: the next one overwrites them from their beginning.) The head is synced before any frame, so a bad
 * head before frames that continue each other is damage too. Damage in the last commit of all cannot be told from a
 * commit that was under way.
 *
 * Cost: one read of the WAL, which is at most a checkpoint's worth, and only after a crash: closing removes it. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"
#include "sys/file.h"

#define HEAD_BYTES 32u
#define FRAME_HEAD_BYTES 24u
#define WAL_MAGIC UINT32_C(0x377f0682) /* the lowest bit: checksums over big-endian words */

typedef struct checksum {
    uint32_t a, b;
} checksum;

static uint32_t big_endian(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little_endian(const unsigned char *at) {
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* SQLite's file format, section 4.2. `bytes` is a multiple of 8. */
static checksum checksum_add(checksum sum, const unsigned char *data, size_t bytes, bool big) {
    for (size_t i = 0; i < bytes; i += 8) {
        sum.a += (big ? big_endian(data + i) : little_endian(data + i)) + sum.b;
        sum.b += (big ? big_endian(data + i + 4) : little_endian(data + i + 4)) + sum.a;
    }
    return sum;
}

static bool checksum_equal(checksum x, checksum y) {
    return x.a == y.a && x.b == y.b;
}

static checksum checksum_at(const unsigned char *at) {
    return (checksum){big_endian(at), big_endian(at + 4)};
}

typedef struct walk {
    bool big, head_good, broken; /* broken: a bad frame was met */
    unsigned char salts[8];
    checksum stored, computed; /* of the frame before: as written in it, and as its bytes have it */
    bool commit;               /* the frame before ends a commit */
    uint64_t frames;
} walk;

static void walk_begin(walk *w, const unsigned char head[HEAD_BYTES], size_t page_bytes) {
    memset(w, 0, sizeof *w);
    uint32_t magic = big_endian(head);
    w->big = magic == (WAL_MAGIC | 1);
    w->computed = checksum_add((checksum){0, 0}, head, HEAD_BYTES - 8, w->big);
    w->stored = checksum_at(head + 24);
    w->head_good = (magic | 1) == (WAL_MAGIC | 1) && checksum_equal(w->computed, w->stored) &&
                   big_endian(head + 8) == (page_bytes & UINT32_MAX);
    w->broken = !w->head_good;
    memcpy(w->salts, head + 16, sizeof w->salts);
}

static checksum continue_from(checksum before, const unsigned char *frame, size_t page_bytes, bool big) {
    checksum sum = checksum_add(before, frame, 8, big);
    return checksum_add(sum, frame + FRAME_HEAD_BYTES, page_bytes, big);
}

/* Takes the next frame; true when it proves damage. */
static bool walk_frame(walk *w, const unsigned char *frame, size_t page_bytes) {
    checksum stored = checksum_at(frame + 16), computed = continue_from(w->stored, frame, page_bytes, w->big);
    bool salted = memcmp(frame + 8, w->salts, sizeof w->salts) == 0;
    bool continues = checksum_equal(computed, stored);
    if (!w->head_good) { /* the order of its words is what may be damaged: the other one is as good */
        continues = continues || checksum_equal(continue_from(w->stored, frame, page_bytes, !w->big), stored);
    }
    bool damage = false;
    if (w->broken) {
        bool continues_computed = checksum_equal(continue_from(w->computed, frame, page_bytes, w->big), stored);
        bool boundary = w->head_good ? w->commit && salted : w->frames > 0;
        damage = boundary && (continues || continues_computed) && big_endian(frame) != 0;
    }
    w->broken = w->broken || !continues || !salted;
    w->stored = stored;
    w->computed = computed;
    w->commit = big_endian(frame + 4) != 0;
    w->frames++;
    return damage;
}

sluice_result sqlite_wal_check(sqlite_store *s, size_t page_bytes, sluice_error *error) {
    const char *path = sqlite3_filename_wal(sqlite3_db_filename(s->writer.database, "main"));
    size_t frame_bytes = FRAME_HEAD_BYTES + page_bytes;
    unsigned char head[HEAD_BYTES] = {0}, *frame = NULL;
    file_reader *reader = NULL;
    uint64_t bytes = 0;
    walk w;
    if (file_kind_of(path) != FILE_REGULAR) {
        return SLUICE_OK; /* it was closed in order */
    }
    sluice_result result = file_read_begin(path, &reader, &bytes, error);
    if (result != SLUICE_OK || bytes < HEAD_BYTES) {
        goto out;
    }
    frame = memory_new(frame_bytes);
    if (frame == NULL) {
        result = error_no_memory(error, frame_bytes);
        goto out;
    }
    result = file_read(reader, head, sizeof head, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    walk_begin(&w, head, page_bytes);
    for (bytes -= HEAD_BYTES; result == SLUICE_OK && bytes >= frame_bytes; bytes -= frame_bytes) {
        result = file_read(reader, frame, frame_bytes, error);
        if (result == SLUICE_OK && walk_frame(&w, frame, page_bytes)) {
            result = store_damaged(&s->base, "its -wal file has a bad part before good ones", error);
        }
    }
out:
    memory_free(frame);
    file_read_end(&reader);
    return result;
}
