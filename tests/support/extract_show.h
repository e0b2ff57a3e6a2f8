/* What an extraction found, on one line each: what tests of it compare. */
#ifndef SUPPORT_EXTRACT_SHOW_H
#define SUPPORT_EXTRACT_SHOW_H

#include "text/extract.h"

/* Items as "amount paid 5000.00", times as "2026-11-25 09:30:00" or "2026-11-25"; then transfers as
 * "> account name bank time amount", with - for what is not told. In the order of the text. */
void extract_show(text_writer *writer, const extract_result *result);

#endif
