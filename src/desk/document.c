/* A cursor that goes down an A4 page and turns it; pango lays out each piece of text, cairo writes the PDF into memory.
 * Points: 72 to the inch. */
#include "desk/document.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/time.h"

#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.89
#define MARGIN 62.0
#define CELL_PADDING 4.0
#define MILLIMETRE (72.0 / 25.4)

struct document {
    cairo_surface_t *surface;
    cairo_t *cairo;
    unsigned char *bytes;
    size_t length, capacity;
    double y;
    int page;
    bool failed;
};

static cairo_status_t write_bytes(void *context, const unsigned char *data, unsigned length) {
    document *d = context;
    if (!ARRAY_RESERVE(d->bytes, d->capacity, d->length + length)) {
        return CAIRO_STATUS_NO_MEMORY;
    }
    memcpy(d->bytes + d->length, data, length);
    d->length += length;
    return CAIRO_STATUS_SUCCESS;
}

document *document_new(const char *title, int64_t made_ms) {
    char time[TIME_TEXT_BYTES], date[TIME_TEXT_BYTES];
    document *d = memory_new_zero(1, sizeof *d);
    if (d == NULL) {
        return NULL;
    }
    d->surface = cairo_pdf_surface_create_for_stream(write_bytes, d, PAGE_WIDTH, PAGE_HEIGHT);
    (void)time_format(made_ms, time);
    (void)snprintf(date, sizeof date, "%.19s%.6s", time, time + 23); /* without milliseconds */
    cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_CREATOR, "Sluice");
    d->cairo = cairo_create(d->surface);
    d->y = MARGIN;
    d->page = 1;
    return d;
}

void document_free(document **d) {
    if (*d != NULL) {
        cairo_destroy((*d)->cairo);
        cairo_surface_destroy((*d)->surface);
        memory_free((*d)->bytes);
        memory_free(*d);
        *d = NULL;
    }
}

/* ---- text on the page ---- */

/* Without what turns the direction of the text around it (U+202A … 202E, U+2066 … 2069): a name that was typed to read
 * otherwise must not change how evidence reads. Freed by g_free. */
static char *without_turns(const char *text) {
    size_t length = strlen(text), used = 0;
    char *plain = g_malloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        const unsigned char *at = (const unsigned char *)text + i;
        bool is_turn = at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
                                         (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9));
        if (is_turn) {
            i += 2;
        } else {
            plain[used++] = text[i];
        }
    }
    plain[used] = '\0';
    return plain;
}

static PangoLayout *layout_of(document *d, const char *text, const char *font, double width, PangoAlignment align) {
    PangoLayout *layout = pango_cairo_create_layout(d->cairo);
    PangoFontDescription *description = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    char *plain = without_turns(text);
    pango_layout_set_text(layout, plain, -1);
    g_free(plain);
    return layout;
}

static double height_of(PangoLayout *layout) {
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

static void page_number(document *d) {
    char text[32];
    (void)snprintf(text, sizeof text, "— %d —", d->page);
    PangoLayout *layout = layout_of(d, text, "Noto Serif CJK SC 9", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_CENTER);
    cairo_move_to(d->cairo, MARGIN, PAGE_HEIGHT - MARGIN + 18);
    pango_cairo_show_layout(d->cairo, layout);
    g_object_unref(layout);
}

static void turn(document *d) {
    page_number(d);
    cairo_show_page(d->cairo);
    d->page++;
    d->y = MARGIN;
}

/* Puts a layout at the cursor, line by line where it passes the end of the page. */
static void put(document *d, PangoLayout *layout, double x, double after) {
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(at);
        pango_layout_iter_get_line_extents(at, NULL, &logical);
        double height = (double)logical.height / PANGO_SCALE;
        if (d->y + height > PAGE_HEIGHT - MARGIN) {
            turn(d);
        }
        int baseline = pango_layout_iter_get_baseline(at) - logical.y;
        cairo_move_to(d->cairo, x + (double)logical.x / PANGO_SCALE, d->y + (double)baseline / PANGO_SCALE);
        pango_cairo_show_layout_line(d->cairo, line);
        d->y += height;
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    g_object_unref(layout);
    d->y += after;
}

void document_heading(document *d, const char *text) {
    put(d, layout_of(d, text, "Noto Serif CJK SC Bold 18", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_CENTER), MARGIN, 10);
}

void document_line(document *d, const char *text) {
    put(d, layout_of(d, text, "Noto Serif CJK SC 11", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_CENTER), MARGIN, 6);
}

void document_paragraph(document *d, const char *text) {
    PangoLayout *layout = layout_of(d, text, "Noto Serif CJK SC 11", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_LEFT);
    pango_layout_set_indent(layout, 22 * PANGO_SCALE);
    pango_layout_set_line_spacing(layout, 1.35F);
    put(d, layout, MARGIN, 6);
}

void document_field(document *d, const char *name, const char *text) {
    const double widths[2] = {0.26, 0.74};
    const char *cells[2] = {name, text};
    document_table(d, widths, 2, cells, 1);
}

void document_space(document *d, double millimetres) {
    d->y += millimetres * MILLIMETRE;
}

void document_signature(document *d, const char *who, const char *date) {
    document_space(d, 12);
    put(d, layout_of(d, who, "Noto Serif CJK SC 11", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_RIGHT), MARGIN, 4);
    put(d, layout_of(d, date, "Noto Serif CJK SC 11", PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_RIGHT), MARGIN, 4);
}

/* ---- tables ---- */

enum { COLUMNS_MAX = 12 };

static void put_row(document *d, const double *widths, size_t columns, const char *const *cells, bool is_head) {
    PangoLayout *layouts[COLUMNS_MAX];
    double full = PAGE_WIDTH - 2 * MARGIN, height = 0;
    for (size_t i = 0; i < columns; i++) {
        layouts[i] = layout_of(d, cells[i], is_head ? "Noto Serif CJK SC Bold 9.5" : "Noto Serif CJK SC 9.5",
                               widths[i] * full - 2 * CELL_PADDING, PANGO_ALIGN_LEFT);
        double own = height_of(layouts[i]);
        height = own > height ? own : height;
    }
    height += 2 * CELL_PADDING;
    if (d->y + height > PAGE_HEIGHT - MARGIN && d->y > MARGIN) {
        turn(d);
    }
    double x = MARGIN;
    cairo_set_line_width(d->cairo, 0.5);
    for (size_t i = 0; i < columns; i++) {
        cairo_rectangle(d->cairo, x, d->y, widths[i] * full, height);
        cairo_stroke(d->cairo);
        cairo_move_to(d->cairo, x + CELL_PADDING, d->y + CELL_PADDING);
        pango_cairo_show_layout(d->cairo, layouts[i]);
        g_object_unref(layouts[i]);
        x += widths[i] * full;
    }
    d->y += height;
}

void document_table(document *d, const double *widths, size_t columns, const char *const *cells, size_t rows) {
    SLUICE_ASSERT(columns > 0 && columns <= COLUMNS_MAX);
    for (size_t i = 0; i < rows; i++) {
        int page = d->page;
        put_row(d, widths, columns, cells + i * columns, i == 0 && rows > 1);
        if (d->page != page && i + 1 < rows && i > 0) {
            put_row(d, widths, columns, cells, true);
        }
    }
}

/* ---- the end ---- */

sluice_result document_finish(document *d, arena *a, sluice_text *pdf_out, sluice_error *error) {
    page_number(d);
    cairo_show_page(d->cairo);
    cairo_surface_finish(d->surface);
    cairo_status_t status = cairo_surface_status(d->surface);
    if (status == CAIRO_STATUS_NO_MEMORY) {
        return error_no_memory(error, d->length);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        return error_set(error, SLUICE_E_IO, "the document could not be written: %s", cairo_status_to_string(status));
    }
    char *copy = arena_copy(a, d->bytes, d->length);
    *pdf_out = (sluice_text){copy, d->length};
    return copy == NULL ? error_no_memory(error, d->length) : SLUICE_OK;
}

const char *document_money(int64_t fen, arena *a) {
    char text[MONEY_TEXT_BYTES];
    enum { ROOM = MONEY_TEXT_BYTES + 8 };
    char *copy = arena_alloc(a, ROOM);
    if (copy == NULL) {
        return "";
    }
    (void)snprintf(copy, ROOM, "%s 元", money_format(fen, true, text));
    return copy;
}

const char *document_date(int64_t time_ms, arena *a) {
    int64_t year, local = time_ms + TIME_SHANGHAI_OFFSET_MS;
    unsigned month, day;
    enum { ROOM = 48 };
    char *copy = arena_alloc(a, ROOM);
    if (copy == NULL) {
        return "";
    }
    time_civil_from_days(local / TIME_DAY_MS, &year, &month, &day);
    (void)snprintf(copy, ROOM, "%lld年%u月%u日", (long long)year, month, day);
    return copy;
}

const char *document_vprinted(arena *a, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : arena_alloc(a, (size_t)length + 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

const char *document_printed(arena *a, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *text = document_vprinted(a, format, arguments);
    va_end(arguments);
    return text == NULL ? "" : text;
}
