/* Memory is touched before it is needed, by a thread of its own, so that nobody who decides waits for the system to
 * find and clear a page. While it runs, new pages are small: 2 µs each, where a huge one takes 0.1 ms, and on a
 * virtual machine whose host took the memory back 1 to 5 ms in which the core does nothing else, whoever asked.
 *
 * Off until it is started: who measures one thread has one thread. Costs: the memory that regions have committed is in
 * use (at most a quarter more than without, and at most 16 MiB a region), a thread that mostly sleeps. */
#ifndef SYS_REGION_AHEAD_H
#define SYS_REGION_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

/* Each start needs a stop; the thread is one for all. False: the system has no more threads; regions work as without.
 */
bool region_ahead_start(void);
/* The last one ends the thread; what was asked for and not touched yet is left. Without a start before: nothing. */
void region_ahead_stop(void);

/* ---- for region.c; any thread ---- */

/* How much more than is asked for a region of so many bytes should have; 0 while it is off. */
size_t region_ahead_margin(size_t committed);
/* From … to may be written and will be needed soon. Advice: with very many asked for it is not taken. */
void region_ahead_ask(unsigned char *from, unsigned char *to);
/* Returns when nothing in from … to is touched any more. */
void region_ahead_forget(const unsigned char *from, const unsigned char *to);

#endif
