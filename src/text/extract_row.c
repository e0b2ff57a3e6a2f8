/* Rows of a pasted table, as banks and officers copy them from a sheet: 6228… 张一 10000 3月12日10:00. */
#include "text/extract_private.h"

static bool is_cell_end(uint32_t c) {
    return c == ' ' || c == '\t' || c == '|' || c == '\n' || c == 0;
}

/* A cell of a pasted table: blanks or bars around it, in a line with an account, behind what is known or looks like a
 * name. */
bool scan_is_in_row(const scan *s, size_t from, size_t end) {
    enum { ROW_MAX = 200 };
    size_t token_end = from, line = from, line_end = end;
    while (token_end > 0 && from - token_end < ROW_MAX && is_cell_end(s->c[token_end - 1]) &&
           s->c[token_end - 1] != '\n') {
        token_end--;
    }
    size_t token = token_end;
    while (token > 0 && from - token < ROW_MAX && !is_cell_end(s->c[token - 1])) {
        token--;
    }
    while (line > 0 && from - line < ROW_MAX && s->c[line - 1] != '\n') {
        line--;
    }
    while (line_end < s->count && line_end - end < ROW_MAX && s->c[line_end] != '\n') {
        line_end++;
    }
    bool has_account = false, is_known = token_end > token && s->taken[token_end - 1] != 0;
    for (size_t k = 0; k < s->item_count && !has_account; k++) {
        const extract_item *item = &s->items[k];
        has_account = (item->kind == EXTRACT_CARD || item->kind == EXTRACT_ACCOUNT) && item->from >= s->at[line] &&
                      item->to <= s->at[line_end];
    }
    bool is_name = token_end - token >= 2 && token_end - token <= 4 && scan_is_surname(s, token);
    return has_account && token_end < from && is_cell_end(s->c[end]) && (is_known || is_name);
}
