/* A small random world with rules of its own, for tests of detection through the engine. */
#ifndef TESTS_SUPPORT_DETECT_WORLD_H
#define TESTS_SUPPORT_DETECT_WORLD_H

#include <sluice/detect.h>

#include "sys/random.h"

enum { WORLD_ACCOUNTS = 12, WORLD_EVENTS = WORLD_ACCOUNTS, WORLD_TEXTS = 64 };

/* Writes a folder of rules into the test's temporary folder; the same path each time. */
const char *detect_world_rules(void);

/* The accounts as `seen`, all with the same time. Fails the running test on an error. */
void detect_world_open_accounts(sluice_engine *engine);

/* The transfer number `n` of the world `seed`: mostly in time order, some late, ties, withdrawals, self transfers.
 * Texts are static until the 64th call from here (WORLD_TEXTS). */
sluice_signal detect_world_transfer(uint64_t seed, uint64_t n);

/* A new database of this name with the world's accounts; ends the test when it cannot be made. */
sluice_engine *detect_world_fresh(const char *name);
/* sluice_detect_run with the world's rules. */
sluice_detection *detect_world_run(const sluice_engine *engine, sluice_order order, uint64_t as_of, int64_t from_ms);

#endif
