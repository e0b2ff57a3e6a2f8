/* Fills a new database with the desk of a large city (desk_data.h), for bench/desk_store. Prints a JSON line with the
 * rows and the time they took. */
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "desk/kinds.h"
#include "desk/search.h"
#include "desk_data.h"
#include "sys/clock.h"

static random_stream draw;

static void init(record *r, const record_table *table, arena *a) {
    arena_reset(a);
    if (!record_init(r, table, a)) {
        exit(1);
    }
}

int main(int argc, char **argv) {
    const char *location = NULL;
    uint64_t warnings = 1000000, orders = 10000;
    const bench_option options[] = {{"--db", BENCH_OPTION_TEXT, &location},
                                    {"--warnings", BENCH_OPTION_U64, &warnings},
                                    {"--orders", BENCH_OPTION_U64, &orders}};
    if (!arguments_read(argc, argv, options, 3) || location == NULL) {
        return 2;
    }
    const desk_kind *kinds[] = {desk_kind_find("warning"), desk_kind_find("stop"), desk_kind_find("freeze")};
    const record_table *tables[] = {kinds[0]->table, kinds[1]->table, kinds[2]->table, &SEARCH_TABLE};
    int64_t begun_ns = clock_monotonic_ns();
    arena a = {0};
    random_seed(&draw, 1);
    filler *f = fill_begin(location, tables, sizeof tables / sizeof *tables);
    for (size_t k = 0; k < 3; k++) {
        uint64_t rows = k == 0 ? warnings : orders / 2;
        for (uint64_t row = 0; row < rows; row++) {
            record r;
            init(&r, kinds[k]->table, &a);
            if (k == 0) {
                data_warning(&r, row, &draw, &a);
            } else {
                data_order(&r, kinds[k], &draw, &a);
            }
            fill_add(f, &r);
            fill_add_words(f, kinds[k], &r);
        }
    }
    int64_t written_ns = clock_monotonic_ns();
    fill_end(&f);
    arena_fini(&a);
    printf("{\"warnings\": %llu, \"orders\": %llu, \"rows_s\": %.1f, \"indexes_s\": %.1f}\n",
           (unsigned long long)warnings, (unsigned long long)orders, (double)(written_ns - begun_ns) / 1e9,
           (double)(clock_monotonic_ns() - written_ns) / 1e9);
    return 0;
}
