/* A victim's money split over thousands of mule transfers, inside whatever ledger is there: what a trace must follow
 * when every transfer that it visits is tainted. */
#ifndef BENCH_MULES_H
#define BENCH_MULES_H

#include <stdint.h>

#include <sluice/engine.h>

/* Appends both shapes (below) to the database; what is there already is not added again. */
SLUICE_MUST_USE sluice_result mules_append(sluice_engine *engine, sluice_error *error);

/* Traces each shape by each method `repeat` times and prints a JSON array. */
SLUICE_MUST_USE sluice_result mules_measure(const sluice_engine *engine, uint32_t repeat, sluice_error *error);

#endif
