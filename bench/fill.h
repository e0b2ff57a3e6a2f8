/* Filling a database of the desk with many records in a short time.
 *
 * Rows go into the tables without their indexes, ten thousand a transaction; the indexes are made at the end, which is
 * what a program that finds new ones described does anyway (store_ensure_tables). What comes of it is the same as if
 * the records had been inserted one by one. A mistake ends the program with its reason. */
#ifndef BENCH_FILL_H
#define BENCH_FILL_H

#include "desk/kind.h"

typedef struct filler filler;

/* Opens the database, new or without any of these tables, for records of them. */
filler *fill_begin(const char *location, const record_table *const *tables, size_t count);
/* Adds a record with its table's next id, which it sets; its times are the caller's. The record is copied. */
void fill_add(filler *f, record *r);
/* The words by which the record is found (desk/search.h), whose table must be among the tables. */
void fill_add_words(filler *f, const desk_kind *kind, const record *r);
/* Writes the rest, makes all that the desk has, indexes too, and closes. */
void fill_end(filler **f);

/* What a field's type allows, for fields that no figure and no list depends on; texts are borrowed or in the arena. */
record_value fill_value(const record_field *field, uint64_t number, arena *a);
/* "phone:+8600000000017" */
record_value fill_numbered(arena *a, const char *before, uint64_t number);

#endif
