/* Documents on paper: A4 as PDF, Chinese and Latin, with headings, paragraphs and tables that break over pages.
 *
 * The same calls give the same bytes: the PDF carries the time that it is told and no other. */
#ifndef DESK_DOCUMENT_H
#define DESK_DOCUMENT_H

#include <stdarg.h>

#include "desk/desk.h"

typedef struct document document;

/* NULL: no memory. `made_ms` is written into the PDF as its date. */
document *document_new(const char *title, int64_t made_ms);
void document_free(document **d);

void document_heading(document *d, const char *text); /* centred, large */
void document_line(document *d, const char *text);    /* centred, small: a number, a unit */
void document_paragraph(document *d, const char *text);
/* Two columns: what it is and what it says. */
void document_field(document *d, const char *name, const char *text);
/* A table; `widths` add up to 1. Cells row by row, the first row is the head and comes again on each page. */
void document_table(document *d, const double *widths, size_t columns, const char *const *cells, size_t rows);
void document_space(document *d, double millimetres);
/* At the right: who signs, and the date. */
void document_signature(document *d, const char *who, const char *date);

/* Ends it; the bytes are in the arena. Errors: NO_MEMORY, IO (the font library failed: the text says what). */
SLUICE_MUST_USE sluice_result document_finish(document *d, arena *a, sluice_text *pdf_out, sluice_error *error);

/* A text as printf makes it, whole, in the arena. NULL: no memory. */
const char *document_vprinted(arena *a, const char *format, va_list arguments) SLUICE_PRINTF(2, 0);
/* The same; "" when there is no memory, which the next call that needs some will say. */
const char *document_printed(arena *a, const char *format, ...) SLUICE_PRINTF(2, 3);
/* "12,500.00 元" */
const char *document_money(int64_t fen, arena *a);
/* "2026年11月25日" */
const char *document_date(int64_t time_ms, arena *a);

#endif
