/* The physical limit of a money graph on this machine: the least that any import into memory and any trace must do.
 *
 *   limit [--transfers N] [--accounts M] [--uniform 1] [--seed N]
 *
 * Import, for each transfer: hash two 64-bit account ids, find the two accounts in an open-addressing table, add to
 * their balances, append an entry to each one's adjacency block (contiguous, doubled when full). No text, no log, no
 * id, no order by time. Trace: follow a chain in which each step needs the address that the step before has read, over
 * an array as large as the transfers (24 bytes each). Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "amlworld.h"
#include "arguments.h"
#include "base/assert.h"
#include "base/hash.h"
#include "sys/clock.h"

typedef struct pair {
    uint64_t from, to; /* ids, never 0 */
    int64_t amount_fen;
} pair;

typedef struct account {
    uint64_t id; /* 0: empty slot */
    int64_t balance_fen;
    uint32_t *entries;
    uint32_t count, capacity;
} account;

typedef struct pool {
    unsigned char *base;
    size_t used, bytes;
} pool;

/* Memory from the system in huge pages where it has them, touched so that the measured loop takes no page faults. */
static void *memory_of(size_t bytes) {
    size_t whole = (bytes + (2U << 20)) & ~(size_t)((2U << 20) - 1);
    void *memory = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "limit: no %zu bytes of memory; ask for fewer --transfers\n", whole);
        exit(1);
    }
    (void)madvise(memory, whole, MADV_HUGEPAGE);
    for (size_t at = 0; at < whole; at += 4096) {
        ((volatile unsigned char *)memory)[at] = 0;
    }
    return memory;
}

static account *find(account *table, uint64_t mask, uint64_t id) {
    uint64_t slot = hash_u64(id) & mask;
    while (table[slot].id != id && table[slot].id != 0) {
        slot = (slot + 1) & mask;
    }
    return &table[slot];
}

static void append(pool *blocks, account *owner, uint32_t entry) {
    if (owner->count == owner->capacity) {
        uint32_t capacity = owner->capacity == 0 ? 4 : owner->capacity * 2;
        uint32_t *entries = (uint32_t *)(void *)(blocks->base + blocks->used);
        blocks->used += capacity * sizeof *entries;
        SLUICE_ASSERT(blocks->used <= blocks->bytes);
        for (uint32_t i = 0; i < owner->count; i++) {
            entries[i] = owner->entries[i];
        }
        owner->entries = entries;
        owner->capacity = capacity;
    }
    owner->entries[owner->count++] = entry;
}

static double import_seconds(const pair *pairs, uint64_t count, account *table, uint64_t mask, pool *blocks) {
    int64_t start_ns = clock_monotonic_ns();
    for (uint64_t i = 0; i < count; i++) {
        account *from = find(table, mask, pairs[i].from);
        from->id = pairs[i].from;
        from->balance_fen -= pairs[i].amount_fen;
        append(blocks, from, (uint32_t)i | UINT32_C(0x80000000));
        account *to = find(table, mask, pairs[i].to);
        to->id = pairs[i].to;
        to->balance_fen += pairs[i].amount_fen;
        append(blocks, to, (uint32_t)i);
    }
    return (double)(clock_monotonic_ns() - start_ns) / 1e9;
}

typedef struct element {
    uint64_t next, amount, rest;
} element;

/* One cycle through all elements (Sattolo 1986), so that no step can be foreseen. */
static void shuffle(element *elements, uint64_t count, random_stream *random) {
    for (uint64_t i = 0; i < count; i++) {
        elements[i].next = i;
        elements[i].amount = i;
    }
    for (uint64_t i = count - 1; i > 0; i--) {
        uint64_t other = random_below(random, i);
        uint64_t next = elements[i].next;
        elements[i].next = elements[other].next;
        elements[other].next = next;
    }
}

enum { STEPS = 4000000 };

static double chain_ns(const element *elements, uint64_t count) {
    uint64_t at = 0;
    int64_t start_ns = clock_monotonic_ns();
    for (int i = 0; i < STEPS; i++) {
        at = elements[at].next;
    }
    double ns = (double)(clock_monotonic_ns() - start_ns) / STEPS;
    SLUICE_ASSERT(at < count);
    return ns;
}

static double list_ns(const element *elements, uint64_t count) {
    uint64_t *list = memory_of(STEPS * sizeof *list);
    uint64_t sum = 0, at = 0;
    for (uint64_t i = 0; i < STEPS; i++) {
        at = elements[at].next;
        list[i] = at;
    }
    int64_t start_ns = clock_monotonic_ns();
    for (uint64_t i = 0; i < STEPS; i++) {
        sum += elements[list[i]].amount;
    }
    double ns = (double)(clock_monotonic_ns() - start_ns) / STEPS;
    SLUICE_ASSERT(sum / count < STEPS);
    return ns;
}

int main(int argc, char **argv) {
    amlworld_options options = {.row_count = 50000000, .account_count = 8000000, .days = 10, .seed = 1};
    uint32_t uniform = 0;
    bench_option arguments[] = {
        {"--transfers", BENCH_OPTION_U64, &options.row_count},
        {"--accounts", BENCH_OPTION_U32, &options.account_count},
        {"--uniform", BENCH_OPTION_U32, &uniform},
        {"--seed", BENCH_OPTION_U64, &options.seed},
    };
    if (!arguments_read(argc, argv, arguments, sizeof arguments / sizeof *arguments)) {
        return 2;
    }
    uint64_t slots = 1;
    while (slots < 2 * (uint64_t)options.account_count) {
        slots *= 2;
    }
    pair *pairs = memory_of(options.row_count * sizeof *pairs);
    account *table = memory_of(slots * sizeof *table);
    /* A block is at most half empty, and what it grew out of takes as much again. */
    pool blocks = {.bytes = options.row_count * 2 * sizeof(uint32_t) * 4 + options.account_count * 16UL};
    blocks.base = memory_of(blocks.bytes);
    amlworld world;
    amlworld_row row;
    amlworld_begin(&world, &options);
    random_stream random;
    random_seed(&random, options.seed);
    for (uint64_t i = 0; amlworld_next(&world, &row); i++) {
        uint64_t from = uniform != 0 ? random_below(&random, options.account_count) : row.from;
        uint64_t to = uniform != 0 ? random_below(&random, options.account_count) : row.to;
        pairs[i] = (pair){hash_u64(from + 1) | 1, hash_u64(to + 1) | 1, amlworld_fen(row.paid_micro)};
    }
    double seconds = import_seconds(pairs, options.row_count, table, slots - 1, &blocks);
    element *elements = (element *)(void *)pairs; /* the pairs are used up */
    shuffle(elements, options.row_count, &random);
    double list = list_ns(elements, options.row_count), chain = chain_ns(elements, options.row_count);
    printf("{\"transfers\": %llu, \"accounts\": %u, \"seconds\": %.6f, \"transfers_per_second\": %.0f, "
           "\"list_ns\": %.2f, \"chain_ns\": %.2f}\n",
           (unsigned long long)options.row_count, options.account_count, seconds, (double)options.row_count / seconds,
           list, chain);
    return 0;
}
