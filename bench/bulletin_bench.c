/* How long the season's bulletin takes: all figures, then the JSON and the PDF, over a desk with a million warnings and
 * 50,000 orders, on either database.
 *
 * The tables are the desk's own. A season is 144 days (domain.md §1). Three warnings of four had an attempt, two of
 * five were closed as dissuaded; victims come again as they do. Prints a JSON line for each step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "desk/bulletin.h"
#include "desk/order.h"
#include "desk/warning.h"
#include "figures.h"
#include "fill.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { DISTRICTS = 12 };
static const int64_t FROM_MS = 1640966400000; /* 2022-01-01 +08:00 */
static const int64_t SEASON_MS = 144 * TIME_DAY_MS;

static store *s;
static random_stream draw;

static void require(sluice_result result, const sluice_error *error) {
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "bulletin_bench: %s\n", error->text);
        exit(1);
    }
}

static int64_t in_season(void) {
    return FROM_MS + (int64_t)random_below(&draw, (uint64_t)SEASON_MS);
}

static record_value key(arena *a, const char *kind, uint64_t number) {
    char text[64];
    int length = snprintf(text, sizeof text, "%s%011llu", kind, (unsigned long long)number);
    return value_text((sluice_text){arena_copy(a, text, (size_t)length), (size_t)length});
}

/* What must not be null and is no figure's. */
static void fill_required(record *r, arena *a) {
    for (size_t i = 0; i < r->table->field_count; i++) {
        const record_field *field = &r->table->fields[i];
        if ((field->flags & FIELD_REQUIRED) != 0 && r->values[i].is_null) {
            r->values[i] = fill_value(field, i, a);
        }
    }
}

static void make_warning(record *r, arena *a) {
    record_value *v = r->values;
    uint64_t fate = random_below(&draw, 100);
    v[WARNING_VICTIM] = key(a, "phone:+86", random_below(&draw, 760000));
    v[WARNING_PHONE] = key(a, "1", random_below(&draw, 760000));
    v[WARNING_REASON] = value_text(TEXT("向涉诈账户转账，金额与其平日用度不符，收款人为近期多名受害人所付"));
    v[WARNING_FRAUD_TYPE] = value_text(TEXT("task_rebate"));
    v[WARNING_DISTRICT] = value_integer(2 + (int64_t)random_below(&draw, DISTRICTS));
    v[WARNING_ATTEMPTS] = value_integer(fate < 75 ? 1 + (int64_t)random_below(&draw, 5) : 0);
    v[WARNING_IS_REACHED] = value_integer(fate < 60);
    if (fate < 40) {
        v[WARNING_STATE] = value_text(TEXT("closed"));
        v[WARNING_CLOSING] = value_text(TEXT("dissuaded"));
        v[WARNING_CLOSED_AT] = value_integer(in_season());
        v[WARNING_AVERTED] = value_integer(1 + (int64_t)random_below(&draw, 2000000));
    }
}

static void make_stop(record *r, arena *a) {
    record_value *v = r->values;
    v[STOP_ACCOUNT] = key(a, "account:62", random_below(&draw, 40000));
    v[STOP_STATE] = value_text(TEXT("lapsed"));
    v[STOP_DISTRICT] = value_integer(2 + (int64_t)random_below(&draw, DISTRICTS));
    v[STOP_EFFECTIVE_AT] = value_integer(in_season());
    v[STOP_BALANCE] = value_integer((int64_t)random_below(&draw, 30000000));
}

static void make_freeze(record *r, arena *a) {
    record_value *v = r->values;
    v[FREEZE_ACCOUNT] = key(a, "account:62", random_below(&draw, 40000));
    v[FREEZE_STATE] = value_text(TEXT("frozen"));
    v[FREEZE_DISTRICT] = value_integer(2 + (int64_t)random_below(&draw, DISTRICTS));
    v[FREEZE_EFFECTIVE_AT] = value_integer(in_season());
    v[FREEZE_EXECUTED] = value_integer((int64_t)random_below(&draw, 20000000));
}

static void fill(filler *f, const desk_kind *kind, uint64_t rows, void (*make)(record *r, arena *a)) {
    arena a = {0};
    for (uint64_t row = 0; row < rows; row++) {
        record r;
        arena_reset(&a);
        if (!record_init(&r, kind->table, &a)) {
            exit(1);
        }
        make(&r, &a);
        fill_required(&r, &a);
        r.created_ms = r.updated_ms = in_season();
        fill_add(f, &r);
    }
    arena_fini(&a);
}

static void fill_all(const char *location, uint64_t warnings, uint64_t orders) {
    const record_table *tables[] = {WARNING_KIND.table, STOP_KIND.table, FREEZE_KIND.table};
    filler *f = fill_begin(location, tables, sizeof tables / sizeof *tables);
    fill(f, &WARNING_KIND, warnings, make_warning);
    fill(f, &STOP_KIND, orders * 4 / 5, make_stop);
    fill(f, &FREEZE_KIND, orders / 5, make_freeze);
    fill_end(&f);
}

/* ---- measuring ---- */

static void print_step(const char *name, int64_t *taken_ns, uint64_t repeats) {
    figures f = figures_of(taken_ns, repeats);
    printf("{\"step\": \"%s\", \"p50_ms\": %.2f, \"max_ms\": %.2f}\n", name, (double)f.p50 / 1e6, (double)f.max / 1e6);
}

static int64_t value_of(const bulletin_figures *f, const char *code) {
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->figures[i].line->code, code) == 0) {
            return f->figures[i].value;
        }
    }
    return -1;
}

/* One figure after the other: which ones take the time. */
static void print_slowest(const bulletin_figures *f, arena *a, sluice_error *error) {
    enum { SHOWN = 3 };
    struct {
        const char *code;
        int64_t ns;
    } slowest[SHOWN] = {{"", 0}, {"", 0}, {"", 0}};
    for (size_t i = 0; i < f->count; i++) {
        figure one;
        if (f->figures[i].line->measure > FIGURE_DISTINCT) {
            continue;
        }
        int64_t begun_ns = clock_monotonic_ns();
        require(figure_compute(s, &f->scope, f->figures[i].section, f->figures[i].line, NULL, a, &one, error), error);
        int64_t ns = clock_monotonic_ns() - begun_ns;
        for (size_t k = 0; k < SHOWN; k++) {
            if (ns > slowest[k].ns) {
                memmove(&slowest[k + 1], &slowest[k], (SHOWN - 1 - k) * sizeof *slowest);
                slowest[k].code = f->figures[i].line->code;
                slowest[k].ns = ns;
                break;
            }
        }
    }
    printf("{\"people_warned\": %lld, \"stopped_fen\": %lld, \"slowest\": [", (long long)value_of(f, "people_warned"),
           (long long)value_of(f, "stopped"));
    for (size_t k = 0; k < SHOWN; k++) {
        printf("%s\"%s %.0f ms\"", k == 0 ? "" : ", ", slowest[k].code, (double)slowest[k].ns / 1e6);
    }
    printf("]}\n");
}

int main(int argc, char **argv) {
    const char *location = NULL, *is_full = "no";
    uint64_t warnings = 1000000, orders = 50000, repeats = 7;
    const bench_option options[] = {{"--db", BENCH_OPTION_TEXT, &location},
                                    {"--warnings", BENCH_OPTION_U64, &warnings},
                                    {"--orders", BENCH_OPTION_U64, &orders},
                                    {"--filled", BENCH_OPTION_TEXT, &is_full}, /* "yes": by an earlier run */
                                    {"--repeats", BENCH_OPTION_U64, &repeats}};
    sluice_error error = {0};
    if (!arguments_read(argc, argv, options, 5) || location == NULL || repeats == 0 || repeats > 1000) {
        return 2;
    }
    desk *d = NULL;
    desk_options desk_given = {0};
    random_seed(&draw, 1);
    if (strcmp(is_full, "yes") != 0) {
        fill_all(location, warnings, orders);
    }
    require(store_open(location, true, &s, &error), &error);
    desk_given.store = s;
    require(desk_open(&desk_given, FROM_MS + SEASON_MS, &d, &error), &error);
    int64_t figures_ns[1000], drawn_ns[1000], all_ns[1000], month_ns[1000];
    arena a = {0};
    bulletin_figures f;
    figure_scope scope;
    for (uint64_t i = 0; i < repeats; i++) {
        arena_reset(&a);
        desk_command c = {
            .desk = d, .actor = &DESK_SYSTEM, .now_ms = FROM_MS + SEASON_MS, .arena = &a, .error = &error};
        bulletin_head head = {.title = TEXT("战果通报"), .unit = 1, .operator= TEXT("bench")};
        sluice_text json = {0}, pdf = {0};
        int64_t begun_ns = clock_monotonic_ns();
        require(bulletin_scope(&c, FROM_MS + SEASON_MS - 30 * TIME_DAY_MS, FROM_MS + SEASON_MS, 1, 0, 0, &scope),
                &error);
        require(bulletin_compute(&c, &scope, &f), &error);
        month_ns[i] = clock_monotonic_ns() - begun_ns;
        begun_ns = clock_monotonic_ns();
        require(bulletin_scope(&c, FROM_MS, FROM_MS + SEASON_MS, 1, 0, 0, &scope), &error);
        require(bulletin_compute(&c, &scope, &f), &error);
        figures_ns[i] = clock_monotonic_ns() - begun_ns;
        require(bulletin_json(&c, &head, &f, &json), &error);
        require(bulletin_render(json, BULLETIN_PDF, true, &a, &pdf, &error), &error);
        all_ns[i] = clock_monotonic_ns() - begun_ns;
        drawn_ns[i] = all_ns[i] - figures_ns[i];
    }
    print_step("its figures", figures_ns, repeats);
    print_step("those of a month and of the year to date", month_ns, repeats);
    print_step("JSON and PDF", drawn_ns, repeats);
    print_step("the bulletin", all_ns, repeats);
    print_slowest(&f, &a, &error);
    arena_fini(&a);
    desk_close(&d);
    store_close(&s);
    return 0;
}
