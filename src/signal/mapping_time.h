/* Times of a bank's own making. */
#ifndef SIGNAL_MAPPING_TIME_H
#define SIGNAL_MAPPING_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

/* %Y %m %d %H %M %S %y (20yy) %f (fraction of a second) %% and plain characters; a blank is any number of blanks. */
bool mapping_time_format_is_valid(sluice_text format);
bool mapping_time_parse(sluice_text format, sluice_text text, int64_t offset_ms, int64_t *time_ms_out);

/* A date and a clock time from columns of their own. Beside what time_parse takes, the clock may be bare digits that
 * lost their leading zeros in a spreadsheet: "90503" is 09:05:03. */
bool mapping_time_join(sluice_text date, sluice_text clock, int64_t offset_ms, int64_t *time_ms_out);

#endif
