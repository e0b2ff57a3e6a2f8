/* Jobs: what takes longer than a request may. One thread, one after the other. */
#ifndef SERVER_JOBS_PRIVATE_H
#define SERVER_JOBS_PRIVATE_H

#include "server/server.h"

typedef struct job job;

/* Job thread. False: it is to stop. */
bool job_progress(struct job *j, uint64_t done, uint64_t total);
bool job_goes_on(struct job *j);

#endif
