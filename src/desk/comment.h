/* Comments on a record: added, never changed. One kind for each kind of record that has them. */
#ifndef DESK_COMMENT_H
#define DESK_COMMENT_H

#include "desk/kind.h"

extern const desk_kind LEAD_COMMENT_KIND, REPORT_COMMENT_KIND, CASE_COMMENT_KIND, WARNING_COMMENT_KIND;

enum { COMMENT_OF, COMMENT_WORDS, COMMENT_BY, COMMENT_AT, COMMENT_FIELDS };

#endif
