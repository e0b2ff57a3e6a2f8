/* Strike packages (打击包): what a team takes along of an approved target: who, where, when, what to secure, and what
 * we know, with a SHA-256 of everything.
 *
 * As a PDF, or as a zip: target.json, case.json, lead.json, site.json, trace.json (the trace as of the sequence at
 * which the target was proposed), roles.json (the places in it that the trace suggests), package.pdf, evidence/… byte
 * for byte, and manifest.json with the SHA-256 of each, the query, the data's cut-off and who asked for it. The same
 * records at the same moment give the same bytes.
 *
 * It names people: a purpose is needed, each export is written into the audit by the caller, and each piece of evidence
 * in it gets a row of custody (`copied`). */
#ifndef DESK_STRIKE_PACKAGE_H
#define DESK_STRIKE_PACKAGE_H

#include "desk/kind.h"
#include "trace/role.h"

/* What is packed of evidence at most; what is beyond it is listed with its hash and not enclosed. */
#define PACKAGE_BYTES_MAX (64u << 20)

typedef struct strike_package {
    trace_role_rule rule; /* what the writer said before */
    const char *type, *suggested_role, *confirmed_role, *approved_by;
    sluice_text bytes;
    char sha256[65];
    int64_t *evidence; /* ids of what is enclosed */
    size_t evidence_count;
} strike_package;

/* The names of its codes and of who approved it, and the numbers that roles are suggested by. Writer, before the
 * others. */
SLUICE_MUST_USE sluice_result strike_package_begin(desk_command *c, const record *target, strike_package *package_out);
/* `target` was read with desk_get; strike_package_begin was run; the command's actor has a purpose (FORBIDDEN). STATE:
 * it is not approved. Any thread. */
SLUICE_MUST_USE sluice_result strike_package_pdf(desk_command *c, const record *target, strike_package *package_out);
SLUICE_MUST_USE sluice_result strike_package_zip(desk_command *c, const record *target, strike_package *package_out);

#endif
