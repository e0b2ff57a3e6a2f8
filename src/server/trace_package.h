/* The evidence package of a trace: a zip with the answer as JSON, CSV and SVG, and a manifest that says who took it,
 * when, for what, with which question, how far the data went, and the SHA-256 of each file. The audit has the SHA-256
 * of the zip. */
#ifndef SERVER_TRACE_PACKAGE_H
#define SERVER_TRACE_PACKAGE_H

#include <sluice/trace.h>

#include "server/request.h"

/* A job of so many steps; the trace itself is before the first. */
enum { TRACE_PACKAGE_STEPS = 100 };

/* Before the work. FORBIDDEN: no purpose was stated (Sluice-Purpose), or whoever asks has no part in the work. */
SLUICE_MUST_USE sluice_result trace_package_check(request *rq, sluice_error *error);
/* Worker, or a job. Written into the audit before a byte of it leaves. INTERRUPTED: the job was cancelled, and nothing
 * was written. */
SLUICE_MUST_USE sluice_result trace_package_answer(request *rq, response *rs, sluice_trace *trace, sluice_error *error);

#endif
