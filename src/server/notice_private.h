/* The notice before sign-in: a file of whoever runs the daemon. */
#ifndef SERVER_NOTICE_PRIVATE_H
#define SERVER_NOTICE_PRIVATE_H

#include "server/server.h"

/* Reads options.notice, once, when opening. Errors: IO, INPUT (not JSON, not as /openapi.json describes a notice). */
SLUICE_MUST_USE sluice_result notice_read(server *s, sluice_error *error);

#endif
