/* Programs that a test talks to: started, listened to, ended. */
#ifndef SUPPORT_PEER_H
#define SUPPORT_PEER_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct peer {
    pid_t process;
    FILE *said; /* its standard output */
} peer;

/* Arguments end with NULL; the first one is looked for in PATH. Its standard error goes to /dev/null, unless
 * SLUICE_LOUD is set. */
void peer_start(peer *p, const char *const arguments[]);
/* One that ends by itself, with its output thrown away: its exit code. 127: there is no such program. */
int peer_run(const char *const arguments[]);
/* The port of the line "port N" that our own peers begin with. */
uint16_t peer_port(peer *p);
/* SIGTERM, and what it says at its end: the last line that begins with '{', owned by the caller; NULL: none. */
char *peer_end(peer *p);
/* A number of that line: "name": 12 */
long peer_number(const char *summary, const char *name);
/* Whether somebody listens there by now; waits for at most `wait_ms`. */
int peer_listens(uint16_t port, int wait_ms);
/* A port that nobody has, by TCP nor UDP, below those that the kernel gives to whoever asks for any: no connection of
 * another test takes it before somebody listens there. */
uint16_t peer_free_port(void);

#endif
