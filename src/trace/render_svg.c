/* SVG: a sheet that can be pinned on a wall and read by whoever stands before it.
 *
 *     title, method, as of, total                    what became of it: held · left · not followed · can be saved
 *     ┌ column heading: layer, accounts, sum in ┐
 *     │ boxes: key, in and out, held            │ ─── ribbons: width by amount; amount and time at the arriving end
 *     └─────────────────────────────────────────┘
 *     legend, limits that cut something, hash of the ledger
 *
 * Texts never overlap by construction: the layout leaves a line of height for each label at the box it arrives at, and
 * the gap between columns is wider than a label. Hover texts (<title>) have what does not fit. Standalone SVG 1.1: no
 * scripts, no links, no fonts inside; every text from the data is escaped. */
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "base/money.h"
#include "base/time.h"
#include "trace/render_svg_private.h"

#define MARGIN 40.0
#define HEADER_HEIGHT 128.0 /* with one line of starts */
#define START_LINE_HEIGHT 17.0
#define LABEL_ROOM 190.0 /* left of the first column, when money comes back to it */
#define BEND 110.0       /* pixels within which a ribbon finds its height: the rest of the gap is for the label */
#define HEADING_HEIGHT 46.0
#define WIDTH_MIN 1180.0
#define CUT_LINES_MAX 8
#define STARTS_SHOWN_MAX 4
#define TEXT_BYTES 200
#define KEY_SIZE_MIN 6.0
#define KEY_END_COLUMNS 24 /* shown at either end of a key that is too long */

typedef struct sheet {
    text_writer *writer;
    const sluice_trace_view *view;
    const char *ledger_sha256;
    drawing drawing;
    double width, left, headings_y, body_y, body_height, footer_y;
    char currency[4];
} sheet;

static void write_escaped(text_writer *writer, sluice_text text) {
    const char *end = columns_end(text);
    for (const char *at = text.data; at < end;) {
        const char *from = at;
        uint32_t c = columns_next_character(&at, end);
        if (c == '&') {
            text_write(writer, TEXT("&amp;"));
        } else if (c == '<') {
            text_write(writer, TEXT("&lt;"));
        } else if (c == '>') {
            text_write(writer, TEXT("&gt;"));
        } else if (c == '"') {
            text_write(writer, TEXT("&quot;"));
        } else if (c < 0x20 || c == 0xFFFD || c == 0xFFFE || c == 0xFFFF) {
            text_write(writer, TEXT("\xEF\xBF\xBD"));
        } else {
            text_write(writer, (sluice_text){from, (size_t)(at - from)});
        }
    }
}

/* Opens a text element; what is written until text_end is its content. */
static void text_begin(sheet *s, double x, double y, const char *class, double size) {
    text_printf(s->writer, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" font-size=\"%.1f\">", x, y, class, size);
}

static void text_end(sheet *s) {
    text_write(s->writer, TEXT("</text>\n"));
}

static void text_put(sheet *s, double x, double y, const char *class, double size, const char *text) {
    text_begin(s, x, y, class, size);
    write_escaped(s->writer, text_of(text));
    text_end(s);
}

/* The size at which `columns` columns of text fit into `width`, at most `size`. A digit takes 0.58 of the size. */
static double size_fitting(size_t columns, double width, double size) {
    double needed = 0.58 * (double)(columns == 0 ? 1 : columns);
    return fmin(size, width / needed);
}

/* A key as large as fits; one too long even for small print loses its middle, and the hover text has it whole. */
static void key_put(sheet *s, double x, double y, const char *class, double size, double width, sluice_text key) {
    size_t columns = columns_width(key), column = 0;
    double fitting = size_fitting(columns, width, size);
    bool elided = false;
    text_begin(s, x, y, class, fmax(fitting, KEY_SIZE_MIN));
    for (const char *at = key.data, *end = columns_end(key); at < end;) {
        const char *from = at;
        (void)columns_next_character(&at, end);
        sluice_text character = {from, (size_t)(at - from)};
        if (fitting >= KEY_SIZE_MIN || column < KEY_END_COLUMNS || column + KEY_END_COLUMNS >= columns) {
            write_escaped(s->writer, character);
        } else if (!elided) {
            text_write(s->writer, TEXT("…"));
            elided = true;
        }
        column += columns_width(character);
    }
    text_end(s);
}

static const char *money_text(int64_t fen, char buffer[MONEY_TEXT_BYTES]) {
    return money_format(fen, true, buffer);
}

/* The heading: what was asked, and what became of the money. */

static void put_start_lines(sheet *s) {
    const sluice_trace_view *view = s->view;
    char line[TEXT_BYTES], money[MONEY_TEXT_BYTES], time[TIME_TEXT_BYTES];
    double y = MARGIN + 66;
    for (size_t i = 0; i < view->victim_count && i < STARTS_SHOWN_MAX; i++) {
        const sluice_trace_start *start = &view->starts[i];
        text_begin(s, MARGIN, y, "t", 13);
        write_escaped(s->writer, TEXT("受害人 victim "));
        write_escaped(s->writer, start->victim);
        (void)snprintf(line, sizeof line, "  %s %s  %s  ", money_text(start->amount_fen, money), s->currency,
                       time_format_short(start->time_ms, time));
        write_escaped(s->writer, text_of(line));
        write_escaped(s->writer, start->transfer_id.length > 0 ? TEXT("转账 transfer ") : TEXT("账户 account "));
        write_escaped(s->writer, start->transfer_id.length > 0 ? start->transfer_id : start->account);
        text_end(s);
        y += START_LINE_HEIGHT;
    }
    if (view->victim_count > STARTS_SHOWN_MAX) {
        (void)snprintf(line, sizeof line, "另有 %zu 名 and %zu more; together 合计 %s %s",
                       view->victim_count - STARTS_SHOWN_MAX, view->victim_count - STARTS_SHOWN_MAX,
                       money_text(view->total_fen, money), s->currency);
        text_put(s, MARGIN, y, "t", 13, line);
    }
}

static void put_tile(sheet *s, double x, const char *class, const char *label, int64_t fen) {
    char money[MONEY_TEXT_BYTES];
    text_printf(s->writer, "<rect x=\"%.1f\" y=\"%.1f\" width=\"138\" height=\"50\" rx=\"6\" class=\"%s\"/>\n", x,
                MARGIN - 14, class);
    text_put(s, x + 10, MARGIN + 4, "t", 11, label);
    money_text(fen, money);
    text_put(s, x + 10, MARGIN + 26, "t b", size_fitting(strlen(money), 120, 16), money);
}

static void put_header(sheet *s) {
    const sluice_trace_view *view = s->view;
    render_sums sums = render_sums_of(view);
    render_words words = render_method_words(view->method);
    char line[TEXT_BYTES];
    text_put(s, MARGIN, MARGIN + 14, "t b", 26, "资金穿透图 Fund trace");
    (void)snprintf(line, sizeof line, "方法 method: %s %s (%s)    截至 as of: 序号 sequence %llu",
                   sluice_method_name(view->method), words.chinese, words.english, (unsigned long long)view->as_of);
    text_put(s, MARGIN, MARGIN + 42, "t", 14, line);
    put_start_lines(s);
    double x = s->width - MARGIN - 5 * 148 + 10;
    put_tile(s, x, "tile", "总额 total", view->total_fen);
    put_tile(s, x + 148, "tile held", "结余 held", sums.held_fen);
    put_tile(s, x + 296, "tile sink", "流出 cash and sinks", sums.sunk_fen);
    put_tile(s, x + 444, "tile cut", "未追 not followed", sums.cut_fen);
    put_tile(s, x + 592, "tile stop", "可止付 can be saved", sums.stoppable_fen);
}

/* Column headings: layer, how many accounts, what came in. */
static void put_headings(sheet *s) {
    const drawing *d = &s->drawing;
    for (uint32_t column = 0; column < d->column_count; column++) {
        uint64_t accounts = 0, sinks = 0;
        int64_t in_fen = 0;
        for (size_t i = 0; i < d->node_count; i++) {
            const drawn_node *node = &d->nodes[i];
            bool sink = node->kind == DRAWN_SINK || node->kind == DRAWN_OTHER_SINKS;
            if (d->places[i].column == column) {
                accounts += sink ? 0 : node->count;
                sinks += sink ? node->count : 0;
                render_add(&in_fen, node->in_fen);
            }
        }
        double x = s->left + layout_column_x(column);
        char line[TEXT_BYTES], label[RENDER_LAYER_BYTES], money[MONEY_TEXT_BYTES];
        text_printf(s->writer,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\" class=\"heading\"/>\n", x,
                    s->headings_y, LAYOUT_NODE_WIDTH, HEADING_HEIGHT - 8);
        bool deeper = column == DRAWING_COLUMN_LAST;
        (void)snprintf(line, sizeof line, "%s%s",
                       accounts > 0 ? render_layer_label(s->view, s->view->accounts[0].layer + column, label)
                                    : "流出 exits",
                       deeper ? " 及以上 and deeper" : "");
        text_put(s, x + 10, s->headings_y + 16, "t b", 13, line);
        int length = 0;
        if (accounts > 0) {
            length =
                snprintf(line, sizeof line, "%llu 户%s · ", (unsigned long long)accounts, sinks > 0 ? "" : " accounts");
        }
        if (sinks > 0) {
            length +=
                snprintf(line + length, sizeof line - (size_t)length, "%llu 流出 exits · ", (unsigned long long)sinks);
        }
        (void)snprintf(line + length, sizeof line - (size_t)length, "收 %s", money_text(in_fen, money));
        text_put(s, x + 10, s->headings_y + 31, "t",
                 size_fitting(columns_width(text_of(line)), LAYOUT_NODE_WIDTH - 20, 10), line);
    }
}

/* Ribbons */

static void put_ribbon(sheet *s, const drawn_edge *edge) {
    const drawing *d = &s->drawing;
    double x1 = s->left + layout_column_x(d->places[edge->from].column) + LAYOUT_NODE_WIDTH;
    double x2 = s->left + layout_column_x(d->places[edge->to].column);
    double y1 = s->body_y + edge->from_y, y2 = s->body_y + edge->to_y;
    /* Forward: all of the bend directly after the box it leaves. Back: a loop round both boxes. */
    double reach = edge->is_forward ? BEND * 0.55 : BEND;
    double end = edge->is_forward ? x1 + BEND : x2 - BEND * 0.3;
    bool sink = d->nodes[edge->to].kind == DRAWN_SINK || d->nodes[edge->to].kind == DRAWN_OTHER_SINKS;
    char taint[MONEY_TEXT_BYTES], amount[MONEY_TEXT_BYTES], first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];
    text_printf(
        s->writer,
        "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fH%.1f\" stroke-width=\"%.1f\" class=\"ribbon %s\"><title>"
        "%s of %s, %llu 笔 transfers, %s – %s</title></path>\n",
        x1, y1, x1 + reach, y1, end - reach, y2, end, y2, x2, edge->width,
        !edge->is_forward ? "back"
        : sink            ? "out"
                          : "on",
        money_text(edge->taint_fen, taint), money_text(edge->amount_fen, amount), (unsigned long long)edge->count,
        time_format_short(edge->first_ms, first), time_format_short(edge->last_ms, last));
}

static void put_label(sheet *s, const drawn_edge *edge) {
    char line[TEXT_BYTES], money[MONEY_TEXT_BYTES], time[TIME_TEXT_BYTES], count[32] = "";
    if (!edge->is_labelled) {
        return;
    }
    if (edge->count > 1) {
        (void)snprintf(count, sizeof count, " ×%llu", (unsigned long long)edge->count);
    }
    (void)snprintf(line, sizeof line, "%s%s  %s", money_text(edge->taint_fen, money), count,
                   time_format_short(edge->first_ms, time));
    double x = s->left + layout_column_x(s->drawing.places[edge->to].column) - 9;
    double above = edge->width < LAYOUT_LABEL_HEIGHT ? -edge->width / 2 - 2 : 3.4;
    text_put(s, x, s->body_y + edge->to_y + above, edge->is_forward ? "t l" : "t l back-text",
             size_fitting(strlen(line), LAYOUT_COLUMN_GAP - 30, 10), line);
}

/* Boxes */

static const char *account_class(const sheet *s, const drawn_node *node) {
    if (node->kind == DRAWN_OTHER_ACCOUNTS || node->kind == DRAWN_OTHER_SINKS) {
        return "box others";
    }
    if (node->kind == DRAWN_SINK) {
        return "box exit";
    }
    const sluice_trace_account *account = &s->view->accounts[node->index];
    return account->is_start ? "box start" : strcmp(account->status, "open") != 0 ? "box shut" : "box";
}

static void put_hover(sheet *s, const drawn_node *node) {
    char time[TIME_TEXT_BYTES], in[MONEY_TEXT_BYTES], out[MONEY_TEXT_BYTES], held[MONEY_TEXT_BYTES];
    text_write(s->writer, TEXT("<title>"));
    if (node->kind == DRAWN_ACCOUNT) {
        const sluice_trace_account *account = &s->view->accounts[node->index];
        write_escaped(s->writer, account->key);
        text_printf(s->writer, "\n%s\n", account->status);
        text_printf(s->writer, "首次 first %s\n", time_format_short(account->first_ms, time));
        text_printf(s->writer, "末次 last %s\n", time_format_short(account->last_ms, time));
        text_printf(s->writer, "余额 balance %s\n", money_text(account->balance_fen, in));
    } else if (node->kind == DRAWN_SINK) {
        write_escaped(s->writer, s->view->sinks[node->index].key);
        text_write_char(s->writer, '\n');
    } else {
        text_printf(s->writer, "%llu, between them 内部 %llu\n", (unsigned long long)node->count,
                    (unsigned long long)node->internal);
    }
    text_printf(s->writer, "收 in %s 出 out %s 存 held %s</title>", money_text(node->in_fen, in),
                money_text(node->out_fen, out), money_text(node->held_fen, held));
}

static void put_account_lines(sheet *s, const drawn_node *node, double x, double y, double width) {
    char line[TEXT_BYTES], a[MONEY_TEXT_BYTES], b[MONEY_TEXT_BYTES], dwell[TIME_TEXT_BYTES];
    (void)snprintf(line, sizeof line, "收 %s  出 %s", money_text(node->in_fen, a), money_text(node->out_fen, b));
    text_put(s, x, y + 14, "t", size_fitting(columns_width(text_of(line)), width, 10.5), line);
    int64_t dwell_ms = node->kind == DRAWN_ACCOUNT ? s->view->accounts[node->index].dwell_ms : -1;
    int length = 0;
    if (node->held_fen > 0) {
        length = snprintf(line, sizeof line, "存 %s ", money_text(node->held_fen, a));
    }
    if (node->cut_fen > 0) {
        length += snprintf(line + length, sizeof line - (size_t)length, "未追 %s ", money_text(node->cut_fen, b));
    }
    if (dwell_ms >= 0) {
        length +=
            snprintf(line + length, sizeof line - (size_t)length, "停留 %s", time_duration_format(dwell_ms, dwell));
    }
    if (length > 0) {
        const char *class = node->held_fen > 0 ? "t held-text" : node->cut_fen > 0 ? "t cut-text" : "t faint";
        text_put(s, x, y + 28, class, size_fitting(columns_width(text_of(line)), width, 10.5), line);
    }
}

static void put_box_texts(sheet *s, const drawn_node *node, double x, double y, double width) {
    char line[TEXT_BYTES], money[MONEY_TEXT_BYTES];
    switch (node->kind) {
    case DRAWN_ACCOUNT:
        key_put(s, x, y, "t b", 11.5, width - (node->stop_rank > 0 ? 16 : 0), s->view->accounts[node->index].key);
        put_account_lines(s, node, x, y, width);
        break;
    case DRAWN_SINK: {
        const sluice_trace_sink *sink = &s->view->sinks[node->index];
        render_words words = render_sink_words(sink->kind);
        (void)snprintf(line, sizeof line, "%s %s", words.chinese, words.english);
        text_put(s, x, y, "t b", 11.5, line);
        key_put(s, x, y + 14, "t", 10.5, width, sink->key);
        text_put(s, x, y + 28, "t exit-text", 11, money_text(node->in_fen, money));
        break;
    }
    case DRAWN_OTHER_ACCOUNTS:
        (void)snprintf(line, sizeof line, "其他账户 others (%llu)", (unsigned long long)node->count);
        text_put(s, x, y, "t b", 11.5, line);
        put_account_lines(s, node, x, y, width);
        break;
    case DRAWN_OTHER_SINKS:
        (void)snprintf(line, sizeof line, "其他流出 other exits (%llu)", (unsigned long long)node->count);
        text_put(s, x, y, "t b", 11.5, line);
        text_put(s, x, y + 14, "t exit-text", 11, money_text(node->in_fen, money));
        break;
    }
}

static void put_box(sheet *s, size_t i) {
    const drawn_node *node = &s->drawing.nodes[i];
    const layout_node *place = &s->drawing.places[i];
    double x = s->left + layout_column_x(place->column), y = s->body_y + place->y;
    bool exit = node->kind == DRAWN_SINK || node->kind == DRAWN_OTHER_SINKS;
    text_printf(s->writer, "<g><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" class=\"%s\"/>", x,
                y, LAYOUT_NODE_WIDTH, place->height, exit ? 16 : 5, account_class(s, node));
    if (node->held_fen > 0 && node->in_fen > 0) {
        /* The share that is still here, as a bar along the foot of the box. */
        double share = fmin((double)node->held_fen / (double)node->in_fen, 1);
        text_printf(s->writer, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"5\" class=\"bar\"/>", x + 1,
                    y + place->height - 6, (LAYOUT_NODE_WIDTH - 2) * share);
    }
    put_hover(s, node);
    text_write_char(s->writer, '\n');
    put_box_texts(s, node, x + 10, y + place->height / 2 - 12, LAYOUT_NODE_WIDTH - 20);
    if (node->stop_rank > 0) {
        char rank[16];
        (void)snprintf(rank, sizeof rank, "%u", node->stop_rank);
        text_printf(s->writer, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"10\" class=\"badge\"/>", x + LAYOUT_NODE_WIDTH - 3,
                    y + 3);
        text_put(s, x + LAYOUT_NODE_WIDTH - 3, y + 6.6, "t badge-text", node->stop_rank < 100 ? 10.5 : 7.5, rank);
    }
    text_write(s->writer, TEXT("</g>\n"));
}

/* The foot: what the signs mean, what was not followed, what the picture was made from. */

static void put_legend(sheet *s) {
    static const struct {
        const char *class, *text;
        double width;
    } ITEMS[] = {
        {"box start", "受害人/起点 start", 150},
        {"box", "账户 account", 125},
        {"box exit", "流出 exit", 110},
        {"box shut", "已管控/销户 blocked, closed", 210},
        {"bar", "结余占比 share still held", 190},
    };
    double x = MARGIN, y = s->footer_y;
    for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS; i++) {
        text_printf(s->writer, "<rect x=\"%.1f\" y=\"%.1f\" width=\"20\" height=\"%d\" rx=\"3\" class=\"%s\"/>\n", x,
                    y - (i == 4 ? 5 : 11), i == 4 ? 5 : 14, ITEMS[i].class);
        text_put(s, x + 27, y, "t", 11, ITEMS[i].text);
        x += ITEMS[i].width;
    }
    text_printf(s->writer, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\" class=\"badge\"/>\n", x + 8, y - 4);
    text_put(s, x + 8, y - 0.4, "t badge-text", 10, "1");
    text_put(s, x + 24, y, "t", 11, "止付顺序 rank on the stop list");
    text_printf(s->writer, "<path d=\"M%.1f %.1fh24\" stroke-width=\"2\" class=\"ribbon back\"/>\n", x + 210, y - 4);
    text_put(s, x + 242, y, "t", 11, "回流 back or sideways");
    text_put(
        s, MARGIN, y + 20, "t", 11,
        "收 in · 出 out · 存 held · 未追 not followed · 停留 dwell time · ×n 笔数 transfers. "
        "线宽与金额成正比，箭头处为涉案金额与首笔时间 width by tainted amount; amount and first time where it arrives");
}

static double put_notes(sheet *s, double y) {
    char line[TEXT_BYTES + 100], money[MONEY_TEXT_BYTES];
    const sluice_trace_view *view = s->view;
    for (size_t i = 0; i < view->cut_count; i++) {
        if (i == CUT_LINES_MAX && view->cut_count > CUT_LINES_MAX) {
            (void)snprintf(line, sizeof line, "另有 %zu 处未追 and %zu more not followed", view->cut_count - i,
                           view->cut_count - i);
            text_put(s, MARGIN, y, "t cut-text", 11, line);
            y += 16;
            break;
        }
        const sluice_trace_cut *cut = &view->cuts[i];
        render_words words = render_cut_words(cut->reason);
        text_begin(s, MARGIN, y, "t cut-text", 11);
        write_escaped(s->writer, TEXT("未追 not followed: "));
        write_escaped(s->writer, cut->key);
        (void)snprintf(line, sizeof line, "  %s  %s %s", money_text(cut->taint.fen, money), words.chinese,
                       words.english);
        write_escaped(s->writer, text_of(line));
        text_end(s);
        y += 16;
    }
    if (s->drawing.folded_count > 0) {
        (void)snprintf(
            line, sizeof line,
            "图中共 %zu 个节点，另有 %zu 个小额节点按层合并 %zu nodes drawn, %zu smaller ones folded by layer; "
            "all of them: -o json",
            s->drawing.node_count, s->drawing.folded_count, s->drawing.node_count, s->drawing.folded_count);
        text_put(s, MARGIN, y, "t b", 11, line);
        y += 16;
    }
    return y;
}

static void put_footer(sheet *s) {
    put_legend(s);
    double y = put_notes(s, s->footer_y + 40);
    text_begin(s, MARGIN, y, "t faint", 11);
    write_escaped(s->writer, TEXT("账目哈希 ledger SHA-256 "));
    write_escaped(s->writer, text_of(s->ledger_sha256));
    if (s->view->mixed_currency) {
        write_escaped(s->writer, TEXT(" · 含多币种，按面值计 several currencies, at face value"));
    }
    text_end(s);
}

static const char STYLE[] =
    "<style>"
    "text{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro "
    "Hei',Arial,sans-serif;white-space:pre}"
    ".t{fill:#1e293b}.b{font-weight:700}.faint{fill:#64748b}"
    ".l{text-anchor:end;fill:#0f172a;stroke:#fcfcfb;stroke-width:2.5px;stroke-opacity:.8;paint-order:stroke}"
    ".held-text{fill:#15803d;font-weight:700}.exit-text{fill:#b91c1c;font-weight:700}.cut-text{fill:#92400e}"
    ".back-text{fill:#b45309}"
    ".ribbon{fill:none}.on{stroke:#60a5fa;stroke-opacity:.42}.out{stroke:#f87171;stroke-opacity:.42}"
    ".back{stroke:#d97706;stroke-opacity:.85;stroke-dasharray:7 4}"
    ".box{fill:#fff;stroke:#64748b;stroke-width:1.2}.start{fill:#dbeafe;stroke:#1d4ed8;stroke-width:2.4}"
    ".exit{fill:#fee2e2;stroke:#b91c1c}.shut{fill:#e2e8f0;stroke:#475569;stroke-dasharray:4 2}"
    ".others{fill:#f1f5f9;stroke:#64748b;stroke-dasharray:2 2}.bar{fill:#22c55e}"
    ".badge{fill:#b91c1c}.badge-text{fill:#fff;font-weight:700;text-anchor:middle}"
    ".heading{fill:#e2e8f0}.tile{fill:#f1f5f9}.held{fill:#dcfce7}.sink{fill:#fee2e2}.cut{fill:#fef3c7}"
    ".stop{fill:#fff;stroke:#b91c1c;stroke-width:2}"
    "</style>\n";

static void sheet_measure(sheet *s) {
    const drawing *d = &s->drawing;
    for (size_t i = 0; i < d->node_count; i++) {
        s->body_height = fmax(s->body_height, d->places[i].y + d->places[i].height);
    }
    s->left = MARGIN;
    for (size_t i = 0; i < d->edge_count; i++) {
        s->left = d->places[d->edges[i].to].column == 0 ? MARGIN + LABEL_ROOM : s->left;
    }
    double columns_width = d->column_count == 0 ? 0 : layout_column_x(d->column_count - 1) + LAYOUT_NODE_WIDTH;
    s->width = fmax(WIDTH_MIN, s->left + columns_width + MARGIN);
    size_t starts = s->view->victim_count > STARTS_SHOWN_MAX ? STARTS_SHOWN_MAX + 1 : s->view->victim_count;
    s->headings_y = HEADER_HEIGHT + START_LINE_HEIGHT * (double)(starts > 0 ? starts - 1 : 0);
    s->body_y = s->headings_y + HEADING_HEIGHT + 14;
    s->footer_y = s->body_y + s->body_height + 46;
}

sluice_result render_svg(const render_input *input, text_writer *writer, sluice_error *error) {
    sheet s = {.writer = writer, .view = input->view, .ledger_sha256 = input->ledger_sha256};
    sluice_result result = drawing_init(&s.drawing, input->view, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    sluice_currency_letters(input->view->currency, s.currency);
    sheet_measure(&s);
    size_t cut_lines = input->view->cut_count < CUT_LINES_MAX + 1 ? input->view->cut_count : CUT_LINES_MAX + 1;
    double height = s.footer_y + 70 + 16 * (double)(cut_lines + (s.drawing.folded_count > 0));
    text_printf(
        writer,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
        "width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" lang=\"zh-CN\">\n<title>Sluice 断流: 资金穿透图 fund "
        "trace</title>\n",
        s.width, height, s.width, height);
    text_write(writer, (sluice_text){STYLE, sizeof STYLE - 1});
    text_printf(writer, "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fcfcfb\"/>\n", s.width, height);
    put_header(&s);
    put_headings(&s);
    for (size_t i = 0; i < s.drawing.edge_count; i++) {
        put_ribbon(&s, &s.drawing.edges[i]);
    }
    for (size_t i = 0; i < s.drawing.node_count; i++) {
        put_box(&s, i);
    }
    for (size_t i = 0; i < s.drawing.edge_count; i++) {
        put_label(&s, &s.drawing.edges[i]);
    }
    put_footer(&s);
    text_write(writer, TEXT("</svg>\n"));
    result = writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
out:
    drawing_fini(&s.drawing);
    return result;
}
