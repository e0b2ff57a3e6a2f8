/* Bulletins as text and PDF; xlsx is in bulletin_xlsx.c. All that is shown comes from the JSON. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/time.h"
#include "desk/bulletin_private.h"
#include "desk/desk_private.h"
#include "desk/document.h"

static const struct {
    const char *name, *media;
} FORMATS[BULLETIN_FORMATS] = {
    [BULLETIN_TEXT] = {"text", "text/plain; charset=utf-8"},
    [BULLETIN_PDF] = {"pdf", "application/pdf"},
    [BULLETIN_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [BULLETIN_JSON] = {"json", "application/json"},
};

const char *bulletin_format_name(bulletin_format format) {
    return FORMATS[format].name;
}

const char *bulletin_media_type(bulletin_format format) {
    return FORMATS[format].media;
}

bool bulletin_format_parse(sluice_text name, bulletin_format *format_out) {
    for (int i = 0; i < BULLETIN_FORMATS; i++) {
        if (text_equal(name, text_of(FORMATS[i].name))) {
            *format_out = (bulletin_format)i;
            return true;
        }
    }
    return false;
}

/* ---- pieces ---- */

const char *page_pick(const bulletin_page *p, const char *zh, const char *en) {
    return p->in_chinese ? zh : en;
}

const char *page_printed(bulletin_page *p, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *text = document_vprinted(p->arena, format, arguments);
    va_end(arguments);
    p->failed = p->failed || text == NULL;
    return text == NULL ? "" : text;
}

const char *page_text(bulletin_page *p, yyjson_val *object, const char *key) {
    const char *text = yyjson_get_str(yyjson_obj_get(object, key));
    (void)p;
    return text == NULL ? "" : text;
}

const char *page_named(bulletin_page *p, yyjson_val *object, const char *prefix) {
    char key[40];
    (void)snprintf(key, sizeof key, "%s%s", prefix, page_pick(p, "zh", "en"));
    return page_text(p, object, key);
}

/* Digits in groups of three. */
static const char *grouped(bulletin_page *p, int64_t value) {
    char digits[24], text[40];
    int length = snprintf(digits, sizeof digits, "%" PRId64, value), used = 0;
    for (int i = 0; i < length; i++) {
        text[used++] = digits[i];
        int left = length - 1 - i;
        if (left > 0 && left % 3 == 0 && digits[i] != '-') {
            text[used++] = ',';
        }
    }
    text[used] = '\0';
    return page_printed(p, "%s", text);
}

const char *page_value(bulletin_page *p, yyjson_val *figure, yyjson_val *holder) {
    int64_t value = yyjson_get_sint(yyjson_obj_get(holder, "value"));
    bool is_money = strcmp(page_text(p, figure, "type"), "money_fen") == 0;
    char money[MONEY_TEXT_BYTES];
    const char *number = is_money ? money_format(value, true, money) : grouped(p, value);
    return page_printed(p, "%s %s", number, page_named(p, figure, "unit_"));
}

const char *page_time(bulletin_page *p, yyjson_val *object, const char *key) {
    int64_t time_ms = 0;
    char text[TIME_TEXT_BYTES];
    if (!time_parse(text_of(page_text(p, object, key)), TIME_SHANGHAI_OFFSET_MS, &time_ms)) {
        return "—";
    }
    return page_printed(p, "%s", time_format_short(time_ms, text));
}

const char *page_title(bulletin_page *p) {
    const char *title = page_text(p, p->root, "title");
    return title[0] != '\0' ? title : page_pick(p, "战果通报", "Bulletin");
}

const char *page_period(bulletin_page *p, yyjson_val *object) {
    const char *to = page_pick(p, "至", "to");
    return page_printed(p, "%s %s %s", page_time(p, object, "from"), to, page_time(p, object, "to"));
}

const char *page_foot(bulletin_page *p) {
    const char *at = page_time(p, p->root, "cut_off"), *operator= page_text(p, p->root, "operator");
    uint64_t sequence = yyjson_get_uint(yyjson_obj_get(p->root, "log_sequence"));
    if (p->in_chinese) {
        return page_printed(p, "数据截至 %s（日志序号 %" PRIu64 "），由 %s 生成；止付、冻结、返还口径不同，不相加减。",
                            at, sequence, operator);
    }
    return page_printed(p,
                        "Records as of %s (log sequence %" PRIu64 "), computed by %s. Stopped, frozen and returned are "
                        "different measures and are not added up.",
                        at, sequence, operator);
}

const char *page_parts(bulletin_page *p, yyjson_val *figure) {
    yyjson_val *parts = yyjson_obj_get(figure, "parts"), *part;
    const char *text = NULL;
    size_t i, count;
    if (yyjson_arr_size(parts) == 0) {
        return NULL;
    }
    yyjson_arr_foreach(parts, i, count, part) {
        const char *one = page_printed(p, "%s %s", page_named(p, part, ""), page_value(p, figure, part));
        text = text == NULL ? one : page_printed(p, "%s%s%s", text, page_pick(p, "、", ", "), one);
    }
    return text;
}

const char *page_method(bulletin_page *p) {
    const char *method = page_text(p, yyjson_obj_get(p->root, "site"), "method");
    return method[0] == '\0' ? NULL : page_printed(p, "%s%s", page_pick(p, "作案手法：", "How it worked: "), method);
}

const char *page_about(bulletin_page *p) {
    yyjson_val *operation = yyjson_obj_get(p->root, "operation"), *site = yyjson_obj_get(p->root, "site");
    yyjson_val *replaces = yyjson_obj_get(p->root, "replaces");
    const char *text = page_named(p, yyjson_obj_get(p->root, "unit"), "");
    if (yyjson_is_obj(operation)) {
        text = page_printed(p, "%s · %s", text, page_text(p, operation, "name"));
    }
    if (yyjson_is_obj(site)) {
        text = page_printed(p, "%s · %s", text, page_text(p, site, "name"));
    }
    if (yyjson_is_int(replaces)) {
        text = page_printed(p, "%s · %s TB-%08lld", text, page_pick(p, "更正", "replaces"),
                            (long long)yyjson_get_sint(replaces));
    }
    return text;
}

/* ---- text ---- */

static void write_section(bulletin_page *p, yyjson_val *section, text_writer *w) {
    yyjson_val *figures = yyjson_obj_get(section, "figures"), *figure;
    size_t i, count;
    text_printf(w, "\n%s（%s）\n", page_named(p, section, ""), page_period(p, section));
    yyjson_arr_foreach(figures, i, count, figure) {
        const char *parts = page_parts(p, figure);
        text_printf(w, "  %s%s%s\n", page_named(p, figure, ""), page_pick(p, "：", ": "),
                    page_value(p, figure, figure));
        if (parts != NULL) {
            text_printf(w, "    %s\n", parts);
        }
    }
}

static sluice_result render_text(bulletin_page *p, sluice_text *bytes_out, sluice_error *error) {
    text_writer w = {0};
    yyjson_val *section, *sections = yyjson_obj_get(p->root, "sections");
    size_t i, count;
    const char *words = page_text(p, p->root, "words");
    const char *method = page_method(p);
    text_printf(&w, "%s\n%s\n%s\n", page_title(p), page_about(p), page_period(p, p->root));
    if (words[0] != '\0') {
        text_printf(&w, "\n%s\n", words);
    }
    if (method != NULL) {
        text_printf(&w, "\n%s\n", method);
    }
    yyjson_arr_foreach(sections, i, count, section) {
        write_section(p, section, &w);
    }
    text_printf(&w, "\n%s\n", page_foot(p));
    const char *copy = w.failed ? NULL : arena_copy(p->arena, w.data, w.length);
    *bytes_out = (sluice_text){copy, w.length};
    text_writer_fini(&w);
    return copy == NULL ? error_no_memory(error, 1000) : SLUICE_OK;
}

/* ---- PDF ---- */

static void draw_section(bulletin_page *p, yyjson_val *section, document *d) {
    static const double WIDTHS[] = {0.26, 0.34, 0.40};
    yyjson_val *figures = yyjson_obj_get(section, "figures"), *figure;
    size_t i, count, rows = yyjson_arr_size(figures) + 1, at = 0;
    const char **cells = arena_alloc(p->arena, rows * 3 * sizeof *cells);
    if (cells == NULL) {
        p->failed = true;
        return;
    }
    cells[at++] = page_pick(p, "项目", "figure");
    cells[at++] = page_pick(p, "数量", "value");
    cells[at++] = page_pick(p, "口径", "what is counted");
    yyjson_arr_foreach(figures, i, count, figure) {
        const char *parts = page_parts(p, figure), *value = page_value(p, figure, figure);
        cells[at++] = page_named(p, figure, "");
        cells[at++] = parts == NULL ? value : page_printed(p, "%s\n%s", value, parts);
        cells[at++] = page_named(p, figure, "means_");
    }
    document_space(d, 4);
    document_line(d, page_printed(p, "%s（%s）", page_named(p, section, ""), page_period(p, section)));
    document_table(d, WIDTHS, 3, cells, rows);
}

sluice_result bulletin_pdf(bulletin_page *p, sluice_text *bytes_out, sluice_error *error) {
    yyjson_val *section, *sections = yyjson_obj_get(p->root, "sections");
    size_t i, count;
    int64_t cut_off_ms = 0;
    const char *words = page_text(p, p->root, "words"), *method = page_method(p);
    (void)time_parse(text_of(page_text(p, p->root, "cut_off")), TIME_SHANGHAI_OFFSET_MS, &cut_off_ms);
    document *d = document_new(page_title(p), cut_off_ms);
    if (d == NULL) {
        return error_no_memory(error, 1000);
    }
    document_heading(d, page_title(p));
    document_line(d, page_about(p));
    document_line(d, page_period(p, p->root));
    if (words[0] != '\0') {
        document_paragraph(d, words);
    }
    if (method != NULL) {
        document_paragraph(d, method);
    }
    yyjson_arr_foreach(sections, i, count, section) {
        draw_section(p, section, d);
    }
    document_space(d, 4);
    document_paragraph(d, page_foot(p));
    sluice_result result = document_finish(d, p->arena, bytes_out, error);
    document_free(&d);
    return result;
}

/* ---- all of them ---- */

sluice_result bulletin_render(sluice_text json, bulletin_format format, bool in_chinese, arena *a,
                              sluice_text *bytes_out, sluice_error *error) {
    *bytes_out = json;
    yyjson_doc *doc = format == BULLETIN_JSON ? NULL : yyjson_read(json.data, json.length, 0);
    bulletin_page p = {.root = yyjson_doc_get_root(doc), .in_chinese = in_chinese, .arena = a};
    sluice_result result = SLUICE_OK;
    if (format == BULLETIN_JSON) {
        return SLUICE_OK;
    }
    if (!yyjson_is_arr(yyjson_obj_get(p.root, "sections"))) {
        yyjson_doc_free(doc);
        return error_set(error, SLUICE_E_DAMAGED, "the bulletin's figures are no JSON that this program wrote");
    }
    result = format == BULLETIN_TEXT  ? render_text(&p, bytes_out, error)
             : format == BULLETIN_PDF ? bulletin_pdf(&p, bytes_out, error)
                                      : bulletin_xlsx(&p, bytes_out, error);
    yyjson_doc_free(doc);
    return result == SLUICE_OK && p.failed ? error_no_memory(error, 1000) : result;
}
