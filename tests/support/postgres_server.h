/* A real PostgreSQL server of the test program's own: initdb below build/, a unix socket and no port. It ends with the
 * program, whatever way that ends. */
#ifndef TESTS_SUPPORT_POSTGRES_SERVER_H
#define TESTS_SUPPORT_POSTGRES_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts it if it is not running. False: PostgreSQL is not installed, which it says. It does not sync: each new
 * database makes a checkpoint, which would write some thousand files. */
bool postgres_server_start(void);
/* The same, and what is committed reaches the disk: for tests that kill something. */
bool postgres_server_start_durable(void);
/* SIGKILL to all of its processes; the data stays, and postgres_server_start starts on it again. */
void postgres_server_kill(void);
/* Makes a database; its location. */
void postgres_server_database(char *location_out, size_t bytes);
/* Runs SQL in it, with the tables of the schema sluice in reach. Fails the test. */
void postgres_server_run(const char *location, const char *sql);
/* Ends all sessions of the database but its own, as a cut cable would. */
void postgres_server_cut(const char *location);

#endif
