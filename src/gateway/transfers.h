/* Transfers by libcurl, many at once, without waiting: one multi handle behind one descriptor. For channels whose
 * protocol libcurl speaks (HTTP, SMTP). Gateway thread. */
#ifndef GATEWAY_TRANSFERS_H
#define GATEWAY_TRANSFERS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include <sluice/result.h>

#include "base/text.h"

typedef struct transfers transfers;

SLUICE_MUST_USE sluice_result transfers_new(transfers **t_out, sluice_error *error);
/* What is under way is dropped: its callback is called with CURLE_ABORTED_BY_CALLBACK. */
void transfers_free(transfers **t);

/* What came of one. `easy` may be asked for anything (curl_easy_getinfo) and is freed after the call. */
typedef void (*transfer_done)(void *context, CURL *easy, CURLcode code);

/* Starts it; `easy` is owned from here on, also on an error (then `done` is not called). */
SLUICE_MUST_USE sluice_result transfers_start(transfers *t, CURL *easy, transfer_done done, void *context,
                                              sluice_error *error);
/* For channel_ops. */
int transfers_descriptor(const transfers *t);
int64_t transfers_due_ns(const transfers *t);
void transfers_work(transfers *t);

/* Was the peer certainly not given the request? (No name, no connection, no TLS.) */
bool transfer_was_not_sent(CURLcode code, CURL *easy);
/* A CURLOPT_WRITEFUNCTION into a text_writer (CURLOPT_WRITEDATA) of at most TRANSFER_BYTES_MAX. */
#define TRANSFER_BYTES_MAX ((size_t)1 << 20)
size_t transfer_collect(char *data, size_t size, size_t count, void *writer);
/* What all have in common: time-outs, no redirects, no signals, only these protocols ("http,https"), and of a
 * connection to a name the certificate checked. False: no memory. */
bool transfer_prepare(CURL *easy, const char *protocols, int64_t timeout_ms);

#endif
