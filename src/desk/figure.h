/* Figures: what a centre reports, counted from its records and never typed in.
 *
 * A line of the table (figure_lines.c) says what is counted: which kind of record, which of them, by which time they
 * fall into the period, and what is taken of them: their number, a sum, or the number of different values. One function
 * computes every line from its row, in SQL; and the same row is given with the figure as its query, in the words of the
 * API (collection, terms, measure), so that an outsider can read the raw records and count again.
 *
 * A figure is of a scope: a period, a unit, an operation, a site. Stopped (止付), frozen (冻结) and returned (返还) are
 * three measures and are never added up or reconciled. */
#ifndef DESK_FIGURE_H
#define DESK_FIGURE_H

#include "base/json_write.h"
#include "desk/kind.h"

typedef enum figure_measure {
    FIGURE_COUNT,    /* records */
    FIGURE_SUM,      /* of `field` */
    FIGURE_DISTINCT, /* different values of `field` */
    FIGURE_PER_DAY,  /* the line `field` of the same section ÷ days, half up */
    FIGURE_DAYS,     /* days of the period, the last one although it is not over */
} figure_measure;

/* What a section is: its own period, and what its records must belong to. */
enum {
    SECTION_OPERATION = 1,
    SECTION_SITE = 2,
    SECTION_PERIOD = 4,
    SECTION_YEAR = 8,
    SECTION_OUTREACH = 16,
};
typedef struct figure_section {
    unsigned bit;
    const char *code, *en, *zh;
    bool is_year;     /* from 1 January of the year in which the period ends */
    const char *tied; /* the field that must name the scope's operation or site; NULL: none */
} figure_section;

/* `value`: a number, or with `words` a text ("a|b": any of them; ignored of QUERY_NULL and QUERY_NOT_NULL). */
typedef struct figure_term {
    const char *field;
    query_operator is;
    const char *words;
    int64_t number;
} figure_term;

#define FIGURE_TERMS_MAX 3
enum { FIGURE_MONEY = 1 /* in fen */ };
typedef struct figure_line {
    const char *code;
    unsigned sections; /* SECTION_…: where it stands */
    const char *en, *zh, *unit_en, *unit_zh;
    const char *kind;
    const char *at; /* the time that must be in the period; NULL: what stands now */
    figure_term terms[FIGURE_TERMS_MAX];
    figure_measure measure;
    const char *field;
    const char *by, *labels; /* grouped by this field, with names from this dated table; NULL: not grouped */
    unsigned flags;
    const char *means_en, *means_zh; /* what exactly is counted */
} figure_line;

extern const figure_line FIGURE_LINES[];
extern const size_t FIGURE_LINE_COUNT;
extern const figure_section FIGURE_SECTIONS[];
extern const size_t FIGURE_SECTION_COUNT;

typedef struct figure_scope {
    int64_t from_ms, to_ms;    /* [from, to) */
    int64_t operation, site;   /* 0: none */
    int64_t district, station; /* 0: all of the city, all of the district */
} figure_scope;

typedef struct figure_part {
    record_value by; /* null: records that have none */
    int64_t value;
} figure_part;

typedef struct figure {
    const figure_line *line;
    const figure_section *section;
    int64_t value;
    figure_part *parts; /* of a grouped line, in the order of their codes */
    size_t part_count;
} figure;

/* One line in one section. `by`: group by this field instead of the line's ("district"); NULL: as the line says. Reads
 * `s`, which may be a view. Errors: those of the store. Any thread. */
SLUICE_MUST_USE sluice_result figure_compute(store *s, const figure_scope *scope, const figure_section *section,
                                             const figure_line *line, const char *by, arena *a, figure *figure_out,
                                             sluice_error *error);
/* All lines of the sections (a mask); those that the scope has no operation or site for are left out. */
SLUICE_MUST_USE sluice_result figures_compute(store *s, const figure_scope *scope, unsigned sections, arena *a,
                                              figure **figures_out, size_t *count_out, sluice_error *error);

/* The period of a section: its own from, and the same end. */
int64_t figure_from(const figure_scope *scope, const figure_section *section);
int64_t figure_days(int64_t from_ms, int64_t to_ms);
const figure_section *figure_section_find(const char *code);

/* Adds sections with their figures, parts and queries: "sections": [{…}]. Names of parts are those that hold at
 * `scope->to_ms`. Texts that are made are in the arena. Writer, whose the dated tables are. */
void figures_render(const desk *d, json_document *json, yyjson_mut_val *object, const figure_scope *scope,
                    const figure *figures, size_t count, arena *a);

#endif
