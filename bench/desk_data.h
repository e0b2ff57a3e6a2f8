/* The desk of a large city: a million warnings with the words they are found by, and orders beside them.
 *
 * Nine warnings in ten are closed; districts, stations, officers, tiers and fraud types are as uneven as they are. */
#ifndef BENCH_DESK_DATA_H
#define BENCH_DESK_DATA_H

#include "fill.h"
#include "sys/random.h"

enum { DATA_DISTRICTS = 12, DATA_STATIONS = 150, DATA_OFFICERS = 400, DATA_PERSONS = 600000 };
#define DATA_NOW_MS INT64_C(1764000000000)
#define DATA_WARNING_MS(row) (DATA_NOW_MS - 1000000000 + (int64_t)(row)*10) /* when the warning came in */

/* A record's values; without those that must be unique. */
void data_warning(record *r, uint64_t row, random_stream *draw, arena *a);
void data_order(record *r, const desk_kind *kind, random_stream *draw, arena *a);

/* Values as they are spread over the warnings. */
record_value data_tier(random_stream *draw);
record_value data_fraud_type(random_stream *draw);
int64_t data_skewed(random_stream *draw, uint64_t bound); /* 1 … bound, small ones more often */
int64_t data_district_of(int64_t station);

#endif
