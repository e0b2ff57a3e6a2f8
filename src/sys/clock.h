/* Time of the machine. The only clock in Sluice: event time rules everywhere else. A simulated clock can stand in. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/* Nanoseconds of a clock that never goes back; for durations. */
int64_t clock_monotonic_ns(void);
/* Milliseconds since 1970 UTC. */
int64_t clock_now_ms(void);

/* The machine's own clock, whatever is simulated: for waiting on sockets and peers. Never goes back. */
int64_t clock_machine_ns(void);

/* From now on both functions above, but not clock_machine_ns, return what `simulated` does (nanoseconds since 1970);
 * NULL: the machine's clock again. */
void clock_simulate(int64_t (*simulated)(void *context), void *context);

#endif
