/* A body that is written to a file as it comes, instead of being held in memory (ROUTE_UPLOAD).
 *
 * The http thread writes pieces of a few kilobytes into the system's cache; what takes long, making the file durable,
 * is the handler's, on a worker. A request that ends early leaves nothing behind. */
#ifndef SERVER_UPLOAD_H
#define SERVER_UPLOAD_H

#include "server/request.h"

typedef struct upload upload;

/* Http thread. */
SLUICE_MUST_USE sluice_result upload_begin(const request *rq, upload **upload_out, sluice_error *error);
void upload_take(upload *u, const void *data, size_t bytes);
void upload_abandon(upload **u);

/* The handler's: makes the file durable under a name of its own in the folder of uploads; a failed write shows here.
 * *path_out is in the request's arena. INPUT: the body was empty. */
SLUICE_MUST_USE sluice_result upload_keep(request *rq, const char **path_out, uint64_t *bytes_out, sluice_error *error);

/* Where uploads lie: `<database>-imports`, or for a server's database `sluice-<uuid>-imports` in $SLUICE_STATE or the
 * current folder. In the arena; NULL: no memory. */
const char *upload_folder(const request *rq, arena *a);

#endif
