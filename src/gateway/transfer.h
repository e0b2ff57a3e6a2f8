/* libcurl's transfers of one channel (HTTP, SMTP), on one descriptor that can be waited on. One thread. */
#ifndef GATEWAY_TRANSFER_H
#define GATEWAY_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include <sluice/result.h>

typedef struct transfers transfers;

/* It ended. `easy` and what belongs to it is the function's to free. Not called for transfers that transfers_close ends:
 * they are told with CURLE_ABORTED_BY_CALLBACK, so that they free what they hold. */
typedef void (*transfer_done)(void *context, CURL *easy, CURLcode code);

SLUICE_MUST_USE sluice_result transfers_open(transfers **transfers_out, sluice_error *error);
void transfers_close(transfers **t);
/* Begins one; false: no memory, and `done` is not called. `easy` must not have CURLOPT_PRIVATE of its own. */
bool transfers_add(transfers *t, CURL *easy, transfer_done done, void *context);
/* Goes on with what is ready. */
void transfers_work(transfers *t);
int transfers_descriptor(const transfers *t);
/* When transfers_work is needed at the latest (clock_machine_ns); INT64_MAX: no need. */
int64_t transfers_due_ns(const transfers *t);

#endif
