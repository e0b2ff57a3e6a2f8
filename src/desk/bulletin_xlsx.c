/* Bulletins as a workbook: one sheet with the figures, one with the query behind each. An amount is shown in yuan and
 * stands beside it in fen, which is exact. The same JSON gives the same bytes: the workbook's time is the cut-off. */
#include <string.h>
#include <xlsxwriter.h>

#include "base/money.h"
#include "base/time.h"
#include "desk/bulletin_private.h"
#include "sys/memory_file.h"

typedef struct sheets {
    bulletin_page *page;
    lxw_worksheet *figures, *queries;
    lxw_format *head, *count, *yuan, *wrapped;
    uint32_t row, query_row;
    bool failed;
} sheets;

static void put_text(sheets *s, lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text,
                     lxw_format *format) {
    s->failed = s->failed || worksheet_write_string(sheet, row, column, text, format) != LXW_NO_ERROR;
}

/* Integers up to 2^53 are exact in a workbook, and no centre has more fen. */
static void put_number(sheets *s, uint32_t row, uint16_t column, double value, lxw_format *format) {
    s->failed = s->failed || worksheet_write_number(s->figures, row, column, value, format) != LXW_NO_ERROR;
}

static void put_row(sheets *s, yyjson_val *section, yyjson_val *figure, yyjson_val *part) {
    bulletin_page *p = s->page;
    bool is_money = strcmp(page_text(p, figure, "type"), "money_fen") == 0;
    int64_t value = yyjson_get_sint(yyjson_obj_get(part == NULL ? figure : part, "value"));
    put_text(s, s->figures, s->row, 0, page_named(p, section, ""), NULL);
    put_text(s, s->figures, s->row, 1, page_named(p, figure, ""), NULL);
    put_text(s, s->figures, s->row, 2, part == NULL ? "" : page_named(p, part, ""), NULL);
    put_number(s, s->row, 3, is_money ? (double)value / 100.0 : (double)value, is_money ? s->yuan : s->count);
    put_text(s, s->figures, s->row, 4, page_named(p, figure, "unit_"), NULL);
    if (is_money) {
        put_number(s, s->row, 5, (double)value, s->count);
    }
    put_text(s, s->figures, s->row, 6, page_named(p, figure, "means_"), s->wrapped);
    s->row++;
}

static void put_query(sheets *s, yyjson_val *section, yyjson_val *figure) {
    size_t length = 0;
    char *json = yyjson_val_write(yyjson_obj_get(figure, "query"), 0, &length);
    put_text(s, s->queries, s->query_row, 0, page_text(s->page, section, "code"), NULL);
    put_text(s, s->queries, s->query_row, 1, page_text(s->page, figure, "code"), NULL);
    put_text(s, s->queries, s->query_row, 2, page_named(s->page, figure, ""), NULL);
    put_text(s, s->queries, s->query_row, 3, json == NULL ? "" : json, s->wrapped);
    s->failed = s->failed || json == NULL;
    free(json);
    s->query_row++;
}

static void put_heads(sheets *s) {
    static const char *const ZH[] = {"部分", "项目", "分类", "数量", "单位", "金额（分）", "口径"};
    static const char *const EN[] = {"section", "figure", "of them", "value", "unit", "fen", "what is counted"};
    static const char *const QUERY_ZH[] = {"部分", "代码", "项目", "查询"};
    static const char *const QUERY_EN[] = {"section", "code", "figure", "query"};
    static const double WIDTHS[] = {16, 26, 20, 20, 10, 20, 70};
    for (uint16_t i = 0; i < 7; i++) {
        put_text(s, s->figures, s->row, i, page_pick(s->page, ZH[i], EN[i]), s->head);
        (void)worksheet_set_column(s->figures, i, i, WIDTHS[i], NULL);
    }
    for (uint16_t i = 0; i < 4; i++) {
        put_text(s, s->queries, 0, i, page_pick(s->page, QUERY_ZH[i], QUERY_EN[i]), s->head);
        (void)worksheet_set_column(s->queries, i, i, i == 3 ? 120 : 24, NULL);
    }
    s->row++;
    s->query_row = 1;
}

static void fill(sheets *s) {
    bulletin_page *p = s->page;
    yyjson_val *sections = yyjson_obj_get(p->root, "sections"), *section, *figure, *part;
    size_t i, k, m, count, figure_count, part_count;
    put_text(s, s->figures, 0, 0, page_title(p), s->head);
    const char *const lines[] = {page_about(p), page_period(p, p->root), page_text(p, p->root, "words"), page_method(p),
                                 page_foot(p)};
    s->row = 1;
    for (i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i] != NULL && lines[i][0] != '\0') {
            put_text(s, s->figures, s->row++, 0, lines[i], NULL);
        }
    }
    s->row++;
    put_heads(s);
    yyjson_arr_foreach(sections, i, count, section) {
        yyjson_val *figures = yyjson_obj_get(section, "figures");
        yyjson_arr_foreach(figures, k, figure_count, figure) {
            yyjson_val *parts = yyjson_obj_get(figure, "parts");
            put_row(s, section, figure, NULL);
            put_query(s, section, figure);
            yyjson_arr_foreach(parts, m, part_count, part) {
                put_row(s, section, figure, part);
            }
        }
    }
}

static void begin(sheets *s, lxw_workbook *book) {
    int64_t cut_off_ms = 0;
    char title[200], creator[] = "Sluice";
    (void)snprintf(title, sizeof title, "%.190s", page_title(s->page));
    (void)time_parse(text_of(page_text(s->page, s->page->root, "cut_off")), TIME_SHANGHAI_OFFSET_MS, &cut_off_ms);
    lxw_doc_properties properties = {.title = title, .author = creator, .created = (time_t)(cut_off_ms / 1000)};
    (void)workbook_set_properties(book, &properties);
    s->figures = workbook_add_worksheet(book, page_pick(s->page, "通报数据", "figures"));
    s->queries = workbook_add_worksheet(book, page_pick(s->page, "查询口径", "queries"));
    s->head = workbook_add_format(book);
    s->count = workbook_add_format(book);
    s->yuan = workbook_add_format(book);
    s->wrapped = workbook_add_format(book);
    format_set_bold(s->head);
    format_set_num_format(s->count, "#,##0");
    format_set_num_format(s->yuan, "#,##0.00");
    format_set_text_wrap(s->wrapped);
}

sluice_result bulletin_xlsx(bulletin_page *p, sluice_text *bytes_out, sluice_error *error) {
    memory_file file;
    sluice_result result = memory_file_open(&file, error);
    if (result != SLUICE_OK) {
        return result;
    }
    lxw_workbook *book = workbook_new(file.path);
    sheets s = {.page = p};
    if (book == NULL) {
        result = error_no_memory(error, 1000);
        goto out;
    }
    begin(&s, book);
    if (s.figures != NULL && s.queries != NULL) {
        fill(&s);
    }
    lxw_error closed = workbook_close(book); /* writes and frees it */
    if (closed != LXW_NO_ERROR || s.failed) {
        result = error_set(error, SLUICE_E_IO, "the workbook could not be written: %s", lxw_strerror(closed));
        goto out;
    }
    result = memory_file_read(&file, p->arena, bytes_out, error);
out:
    memory_file_close(&file);
    return result;
}
