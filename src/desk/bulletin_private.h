/* Reading a bulletin's JSON, shared by what draws it. */
#ifndef DESK_BULLETIN_PRIVATE_H
#define DESK_BULLETIN_PRIVATE_H

#include "desk/bulletin.h"

/* What is drawn: the document, in one language, into texts of the arena. */
typedef struct bulletin_page {
    yyjson_val *root;
    bool in_chinese;
    arena *arena;
    bool failed; /* no memory */
} bulletin_page;

/* A text of an object, by the language: "zh" or "en" (prefix "means_": "means_zh"); "" when it is null. */
const char *page_text(bulletin_page *p, yyjson_val *object, const char *key);
const char *page_named(bulletin_page *p, yyjson_val *object, const char *prefix);
const char *page_printed(bulletin_page *p, const char *format, ...) SLUICE_PRINTF(2, 3);
/* One of two, by the language. */
const char *page_pick(const bulletin_page *p, const char *zh, const char *en);
/* "347 人", "591,000,000.00 元": a value of a figure. */
const char *page_value(bulletin_page *p, yyjson_val *figure, yyjson_val *holder);
/* "2022-05-24 12:00:00" */
const char *page_time(bulletin_page *p, yyjson_val *object, const char *key);
/* The title, and the lines under it. */
const char *page_title(bulletin_page *p);
/* Unit, operation, site, and what it corrects. */
const char *page_about(bulletin_page *p);
/* How the den at its site worked; NULL: no site, or nothing is said. */
const char *page_method(bulletin_page *p);
const char *page_period(bulletin_page *p, yyjson_val *object);
const char *page_foot(bulletin_page *p);
/* "主管 4 人、骨干（组长） 7 人"; NULL: the figure is not grouped or has none. */
const char *page_parts(bulletin_page *p, yyjson_val *figure);

SLUICE_MUST_USE sluice_result bulletin_pdf(bulletin_page *p, sluice_text *bytes_out, sluice_error *error);
SLUICE_MUST_USE sluice_result bulletin_xlsx(bulletin_page *p, sluice_text *bytes_out, sluice_error *error);

#endif
