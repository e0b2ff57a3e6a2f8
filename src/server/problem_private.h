/* Problems: what an error looks like over HTTP (RFC 9457). */
#ifndef SERVER_PROBLEM_PRIVATE_H
#define SERVER_PROBLEM_PRIVATE_H

#include <sluice/result.h>

/* The status of a result; OK: 200. */
int problem_status(sluice_result code);
/* "stale", "not-found": the last part of a problem's type. */
const char *problem_word(int status, sluice_result code);
const char *problem_title_en(int status);
const char *problem_title_zh(int status);

#endif
