/* The language of patterns (docs/patterns.md): one pass from text to struct pattern.
 *
 *   file    = { "pattern" NAME "{" { line } "}" }
 *   line    = "kind" KIND | parameter | step | "distinct" NODE { "," NODE }
 *   step    = "step" NAME ":" NODE "->" ( NODE | "cash" ) { amount | share | after }
 *   amount  = "amount" ( ">=" MONEY | "<=" MONEY | MONEY ".." MONEY )
 *   share   = "amount" PERCENT ".." PERCENT "of" STEP
 *   after   = "after" STEP [ "within" DURATION ]
 *
 * Line ends mean nothing; "#" begins a comment. The first error ends the reading. Every error says where, what was
 * expected, what is there, and often a cure. Sizes are bounded before anything is stored: 256 KiB of text, 64 patterns,
 * 12 steps. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "feature/pattern_private.h"

typedef enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN } token_kind;

typedef struct token {
    token_kind kind;
    sluice_text text;
    uint32_t line, column;
} token;

typedef struct parser {
    const char *source;
    sluice_text text;
    size_t at;
    uint32_t line;
    size_t line_start;
    token token; /* the one to be read next */
    pattern_set *set;
    sluice_error *error;
    sluice_result result;
} parser;

/* ------------------------------------------------------------------------------------------------ errors */

enum { SHOWN_BYTES = 40 };

static bool fail_at(parser *p, uint32_t line, uint32_t column, const char *expected, const char *found,
                    const char *hint) {
    if (p->result == SLUICE_OK) {
        p->result = error_set(p->error, SLUICE_E_INPUT, "%s:%u:%u: expected %s%s%s%s%s", p->source, line, column,
                              expected, found[0] == '\0' ? "" : ", found ", found, hint[0] == '\0' ? "" : "; ", hint);
    }
    return false;
}

static bool fail(parser *p, const char *expected, const char *hint) {
    char found[SHOWN_BYTES + 8] = "the end of the text";
    if (p->token.kind != TOKEN_END) {
        size_t length = p->token.text.length < SHOWN_BYTES ? p->token.text.length : SHOWN_BYTES;
        while (length > 1 && !text_is_utf8((sluice_text){p->token.text.data, length})) {
            length--;
        }
        (void)snprintf(found, sizeof found, "\"%.*s\"", (int)length, p->token.text.data);
    }
    return fail_at(p, p->token.line, p->token.column, expected, found, hint);
}

/* ------------------------------------------------------------------------------------------------ tokens */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

static char look(const parser *p, size_t ahead) {
    return p->at + ahead < p->text.length ? p->text.data[p->at + ahead] : '\0';
}

static void skip_space(parser *p) {
    for (; p->at < p->text.length; p->at++) {
        const char c = look(p, 0);
        if (c == '#') {
            while (p->at + 1 < p->text.length && look(p, 1) != '\n') {
                p->at++;
            }
        } else if (c == '\n') {
            p->line++;
            p->line_start = p->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

/* A '-' belongs to a word only between two of its letters: a->b are three tokens, min-payers is one. A number may have
 * letters after it ("30m", "1h30m") and '.' and ',' between digits ("1,234.50"), but not "..". */
static size_t word_length(const parser *p) {
    size_t length = 0;
    while (is_word(look(p, length)) || (length > 0 && look(p, length) == '-' && is_word(look(p, length + 1)))) {
        length++;
    }
    return length;
}

static size_t number_length(const parser *p) {
    size_t length = 0;
    for (;; length++) {
        const char c = look(p, length);
        const bool joins = (c == '.' || c == ',') && is_digit(look(p, length + 1)) && is_digit(look(p, length - 1));
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_digit(c) && !joins && !is_letter) {
            return length;
        }
    }
}

static void next(parser *p) {
    skip_space(p);
    token *t = &p->token;
    *t = (token){.kind = TOKEN_END, .line = p->line, .column = (uint32_t)(p->at - p->line_start) + 1};
    if (p->at >= p->text.length) {
        return;
    }
    size_t length = 1;
    const char c = look(p, 0);
    t->kind = TOKEN_SIGN;
    if (is_digit(c)) {
        t->kind = TOKEN_NUMBER;
        length = number_length(p);
    } else if (is_word(c)) {
        t->kind = TOKEN_WORD;
        length = word_length(p);
    } else if ((c == '-' && look(p, 1) == '>') || (c == '.' && look(p, 1) == '.') ||
               ((c == '>' || c == '<') && look(p, 1) == '=')) {
        length = 2;
    }
    t->text = (sluice_text){p->text.data + p->at, length};
    p->at += length;
}

static bool is(const parser *p, const char *text) {
    return p->token.kind != TOKEN_END && text_equal(p->token.text, text_of(text));
}

static bool accept(parser *p, const char *text) {
    if (!is(p, text)) {
        return false;
    }
    next(p);
    return true;
}

static bool expect(parser *p, const char *text, const char *hint) {
    char quoted[32];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", text);
    return accept(p, text) || fail(p, quoted, hint);
}

/* ------------------------------------------------------------------------------------------------ values */

#define NAME_HINT "a name has the letters a-z, digits and '_', begins with a letter, and is at most 48 long"

static bool parse_name(parser *p, const char *expected, char name_out[PATTERN_NAME_BYTES]) {
    const sluice_text text = p->token.text;
    bool is_good = p->token.kind == TOKEN_WORD && text.length < PATTERN_NAME_BYTES && !is_digit(text.data[0]);
    for (size_t i = 0; is_good && i < text.length; i++) {
        is_good = (text.data[i] >= 'a' && text.data[i] <= 'z') || is_digit(text.data[i]) || text.data[i] == '_';
    }
    if (!is_good || text.data[0] == '_') {
        return fail(p, expected, NAME_HINT);
    }
    memcpy(name_out, text.data, text.length);
    name_out[text.length] = '\0';
    next(p);
    return true;
}

static bool parse_count(parser *p, uint64_t low, uint64_t high, uint64_t *value_out) {
    char expected[64];
    (void)snprintf(expected, sizeof expected, "a whole number from %llu to %llu", (unsigned long long)low,
                   (unsigned long long)high);
    if (p->token.kind != TOKEN_NUMBER || !text_to_u64(p->token.text, value_out) || *value_out < low ||
        *value_out > high) {
        return fail(p, expected, "");
    }
    next(p);
    return true;
}

static bool parse_duration(parser *p, int64_t *value_out) {
    if (p->token.kind != TOKEN_NUMBER || !time_duration_parse(p->token.text, value_out) || *value_out <= 0 ||
        *value_out > 366 * TIME_DAY_MS) {
        return fail(p, "a duration of at most 366d", "such as 30m, 6h, 1h30m, 7d");
    }
    next(p);
    return true;
}

#define MONEY_MAX_FEN INT64_C(100000000000000000)
#define MONEY_HINT "such as 10000 yuan or 0.50 yuan"

static bool parse_money(parser *p, int64_t *fen_out) {
    bool is_rounded = false;
    if (p->token.kind != TOKEN_NUMBER || !money_parse(p->token.text, fen_out, &is_rounded) || is_rounded ||
        *fen_out > MONEY_MAX_FEN) {
        return fail(p, "an amount in yuan", MONEY_HINT);
    }
    next(p);
    return accept(p, "元") || expect(p, "yuan", MONEY_HINT);
}

/* "80%" or "99.5%" in parts of PATTERN_SHARE_ONE. */
static bool parse_percent(parser *p, uint32_t *share_out) {
    int64_t hundredths = 0;
    bool is_rounded = false;
    if (p->token.kind != TOKEN_NUMBER || !money_parse(p->token.text, &hundredths, &is_rounded) || is_rounded ||
        hundredths > INT64_C(100) * PATTERN_SHARE_ONE) {
        return fail(p, "a percentage", "such as 80%..100%");
    }
    *share_out = (uint32_t)hundredths;
    next(p);
    return expect(p, "%", "such as 80%..100%");
}

static bool parse_share(parser *p, uint32_t *min_out, uint32_t *max_out) {
    const token start = p->token;
    if (!parse_percent(p, min_out) || !expect(p, "..", "a share is a range, such as 80%..100%") ||
        !parse_percent(p, max_out)) {
        return false;
    }
    return *min_out <= *max_out ||
           fail_at(p, start.line, start.column, "the smaller share first", "", "write 80%..100%");
}

/* After the word amount. */
static bool parse_amount(parser *p, int64_t *min_out, int64_t *max_out) {
    const token start = p->token;
    if (accept(p, ">=")) {
        return parse_money(p, min_out);
    }
    if (accept(p, "<=")) {
        return parse_money(p, max_out);
    }
    if (p->token.kind != TOKEN_NUMBER) {
        return fail(p, "\">=\", \"<=\" or a range of amounts", "such as amount >= 10000 yuan");
    }
    /* "100..200 yuan" has its unit once. */
    bool is_rounded = false;
    if (!money_parse(p->token.text, min_out, &is_rounded) || is_rounded || *min_out > MONEY_MAX_FEN) {
        return fail(p, "an amount in yuan", MONEY_HINT);
    }
    next(p);
    if (!accept(p, "yuan")) {
        (void)accept(p, "元");
    }
    if (!expect(p, "..", "such as amount 100..500 yuan, or amount >= 100 yuan") || !parse_money(p, max_out)) {
        return false;
    }
    return *min_out <= *max_out ||
           fail_at(p, start.line, start.column, "the smaller amount first", "", "write 100..500 yuan");
}

/* ------------------------------------------------------------------------------------------------ parameters */

typedef enum parameter {
    PARAMETER_WINDOW = 1 << 0,
    PARAMETER_LIMIT = 1 << 1,
    PARAMETER_AMOUNT = 1 << 2,
    PARAMETER_MIN = 1 << 3,
    PARAMETER_MIN_PAYERS = 1 << 4,
    PARAMETER_MIN_MIDDLE = 1 << 5,
    PARAMETER_MIN_PAYEES = 1 << 6,
    PARAMETER_MIN_LENGTH = 1 << 7,
    PARAMETER_MAX_LENGTH = 1 << 8,
    PARAMETER_GAP = 1 << 9,
    PARAMETER_SHARE = 1 << 10,
} parameter;

static const struct {
    const char *name;
    unsigned bit;
} PARAMETERS[] = {
    {"window", PARAMETER_WINDOW},         {"limit", PARAMETER_LIMIT},
    {"amount", PARAMETER_AMOUNT},         {"min", PARAMETER_MIN},
    {"min-payers", PARAMETER_MIN_PAYERS}, {"min-middle", PARAMETER_MIN_MIDDLE},
    {"min-payees", PARAMETER_MIN_PAYEES}, {"min-length", PARAMETER_MIN_LENGTH},
    {"max-length", PARAMETER_MAX_LENGTH}, {"gap", PARAMETER_GAP},
    {"share", PARAMETER_SHARE},
};
enum { PARAMETER_COUNT = sizeof PARAMETERS / sizeof *PARAMETERS };

#define EVERY_KIND (PARAMETER_WINDOW | PARAMETER_LIMIT | PARAMETER_AMOUNT)

static const struct {
    const char *name;
    pattern_kind kind;
    unsigned allowed, required;
    const char *allowed_text;
} KINDS[] = {
    {"fan-in", PATTERN_FAN_IN, EVERY_KIND | PARAMETER_MIN, PARAMETER_MIN, "window, min, amount, limit"},
    {"fan-out", PATTERN_FAN_OUT, EVERY_KIND | PARAMETER_MIN, PARAMETER_MIN, "window, min, amount, limit"},
    {"gather-scatter", PATTERN_GATHER_SCATTER, EVERY_KIND | PARAMETER_MIN_PAYERS | PARAMETER_MIN_PAYEES,
     PARAMETER_MIN_PAYERS | PARAMETER_MIN_PAYEES, "window, min-payers, min-payees, amount, limit"},
    {"scatter-gather", PATTERN_SCATTER_GATHER, EVERY_KIND | PARAMETER_MIN, PARAMETER_MIN, "window, min, amount, limit"},
    {"bipartite", PATTERN_BIPARTITE, EVERY_KIND | PARAMETER_MIN_PAYERS | PARAMETER_MIN_PAYEES,
     PARAMETER_MIN_PAYERS | PARAMETER_MIN_PAYEES, "window, min-payers, min-payees, amount, limit"},
    {"stack", PATTERN_STACK, EVERY_KIND | PARAMETER_MIN_PAYERS | PARAMETER_MIN_MIDDLE | PARAMETER_MIN_PAYEES,
     PARAMETER_MIN_PAYERS | PARAMETER_MIN_MIDDLE | PARAMETER_MIN_PAYEES,
     "window, min-payers, min-middle, min-payees, amount, limit"},
    {"cycle", PATTERN_CYCLE, EVERY_KIND | PARAMETER_MIN_LENGTH | PARAMETER_MAX_LENGTH, 0,
     "window, min-length, max-length, amount, limit"},
    {"pass-through", PATTERN_PASS_THROUGH,
     EVERY_KIND | PARAMETER_MIN_LENGTH | PARAMETER_MAX_LENGTH | PARAMETER_GAP | PARAMETER_SHARE,
     PARAMETER_GAP | PARAMETER_SHARE, "window, gap, share, min-length, max-length, amount, limit"},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

/* What a pattern's text said so far. */
typedef struct draft {
    pattern *p;
    unsigned given;
    token kind; /* TOKEN_END: none */
    size_t kind_row;
    token first[PARAMETER_COUNT]; /* where each parameter is */
} draft;

static bool parse_u32(parser *p, uint64_t low, uint64_t high, uint32_t *value_out) {
    uint64_t value = 0;
    if (!parse_count(p, low, high, &value)) {
        return false;
    }
    *value_out = (uint32_t)value;
    return true;
}

static bool parse_value(parser *p, unsigned bit, pattern *made) {
    enum { MIN_MAX = 1000000 };
    switch (bit) {
    case PARAMETER_WINDOW:
        return parse_duration(p, &made->window_ms);
    case PARAMETER_GAP:
        return parse_duration(p, &made->gap_ms);
    case PARAMETER_LIMIT:
        return parse_count(p, 0, UINT32_MAX, &made->limit);
    case PARAMETER_AMOUNT:
        return parse_amount(p, &made->amount_min_fen, &made->amount_max_fen);
    case PARAMETER_SHARE:
        return parse_share(p, &made->share_min, &made->share_max);
    case PARAMETER_MIN:
        return parse_u32(p, 1, MIN_MAX, &made->min);
    case PARAMETER_MIN_PAYERS:
        return parse_u32(p, 1, MIN_MAX, &made->min_payers);
    case PARAMETER_MIN_MIDDLE:
        return parse_u32(p, 1, MIN_MAX, &made->min_middle);
    case PARAMETER_MIN_PAYEES:
        return parse_u32(p, 1, MIN_MAX, &made->min_payees);
    case PARAMETER_MIN_LENGTH:
        return parse_u32(p, 2, PATTERN_LENGTH_MAX, &made->min_length);
    default:
        return parse_u32(p, 2, PATTERN_LENGTH_MAX, &made->max_length);
    }
}

static bool parse_kind(parser *p, draft *d) {
    if (d->kind.kind != TOKEN_END) {
        return fail(p, "one kind", "it was given before");
    }
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (is(p, KINDS[i].name)) {
            d->kind = p->token;
            d->kind_row = i;
            d->p->kind = KINDS[i].kind;
            next(p);
            return true;
        }
    }
    return fail(p, "a kind",
                "the kinds are fan-in, fan-out, gather-scatter, scatter-gather, bipartite, stack, cycle, pass-through; "
                "a pattern of steps has no kind");
}

/* ------------------------------------------------------------------------------------------------ steps */

static bool parse_node(parser *p, pattern_own *own, bool must_be_known, uint8_t *node_out) {
    char name[PATTERN_NAME_BYTES];
    const token start = p->token;
    if (!parse_name(p, "the name of an account", name)) {
        return false;
    }
    for (uint8_t i = 0; i < own->node_count; i++) {
        if (strcmp(own->nodes[i], name) == 0) {
            *node_out = i;
            return true;
        }
    }
    if (must_be_known || own->node_count == PATTERN_NODES_MAX) {
        return fail_at(p, start.line, start.column,
                       must_be_known ? "an account of a step above" : "at most 13 different accounts", name,
                       must_be_known ? "write distinct after the steps" : "");
    }
    memcpy(own->nodes[own->node_count], name, sizeof name);
    *node_out = own->node_count++;
    return true;
}

static bool parse_step_name(parser *p, const pattern_own *own, uint8_t *step_out) {
    char name[PATTERN_NAME_BYTES];
    const token start = p->token;
    if (!parse_name(p, "the name of a step", name)) {
        return false;
    }
    for (uint8_t i = 0; i < own->step_count; i++) {
        if (strcmp(own->steps[i].name, name) == 0) {
            *step_out = i;
            return true;
        }
    }
    return fail_at(p, start.line, start.column, "the name of a step above", name,
                   "a step can refer only to steps that are written before it");
}

static bool parse_after(parser *p, const pattern_own *own, pattern_step_rule *step) {
    pattern_order order = {.within_ms = PATTERN_ALWAYS};
    const token start = p->token;
    if (!parse_step_name(p, own, &order.step) || (accept(p, "within") && !parse_duration(p, &order.within_ms))) {
        return false;
    }
    for (uint8_t i = 0; i < step->order_count; i++) {
        if (step->orders[i].step == order.step) {
            return fail_at(p, start.line, start.column, "each step once after \"after\"", "", "");
        }
    }
    step->orders[step->order_count++] = order;
    return true;
}

/* After the word amount: an amount, or a share of a step above. */
static bool parse_step_amount(parser *p, const pattern_own *own, pattern_step_rule *step) {
    if (p->token.kind == TOKEN_NUMBER && look(p, 0) == '%') {
        if (step->has_share) {
            return fail(p, "one share in a step", "");
        }
        step->has_share = true;
        return parse_share(p, &step->share_min, &step->share_max) &&
               expect(p, "of", "such as amount 80%..100% of in") && parse_step_name(p, own, &step->share_of);
    }
    return parse_amount(p, &step->amount_min_fen, &step->amount_max_fen);
}

static bool parse_step(parser *p, pattern_own *own) {
    if (own->step_count == PATTERN_STEPS_MAX) {
        return fail(p, "at most 12 steps", "");
    }
    pattern_step_rule *step = &own->steps[own->step_count];
    *step = (pattern_step_rule){.line = p->token.line, .column = p->token.column, .amount_max_fen = PATTERN_ALWAYS};
    const token start = p->token;
    if (!parse_name(p, "the name of a step", step->name)) {
        return false;
    }
    for (uint8_t i = 0; i < own->step_count; i++) {
        if (strcmp(own->steps[i].name, step->name) == 0) {
            return fail_at(p, start.line, start.column, "a new name", step->name, "a step above has it already");
        }
    }
    if (!expect(p, ":", "a step is written  step in: a -> b") || !parse_node(p, own, false, &step->from) ||
        !expect(p, "->", "a step is written  step in: a -> b")) {
        return false;
    }
    if (accept(p, "cash")) {
        step->to = PATTERN_NODE_CASH;
    } else {
        const token to = p->token;
        if (!parse_node(p, own, false, &step->to)) {
            return false;
        }
        if (step->to == step->from) {
            return fail_at(p, to.line, to.column, "another account than the payer", own->nodes[step->to],
                           "transfers to oneself are in no pattern");
        }
    }
    for (;;) {
        if (accept(p, "amount")) {
            if (!parse_step_amount(p, own, step)) {
                return false;
            }
        } else if (accept(p, "after")) {
            if (!parse_after(p, own, step)) {
                return false;
            }
        } else {
            own->step_count++;
            return true;
        }
    }
}

static bool parse_distinct(parser *p, pattern_own *own) {
    uint16_t set = 0;
    do {
        uint8_t node;
        if (!parse_node(p, own, true, &node)) {
            return false;
        }
        set |= (uint16_t)(UINT32_C(1) << node);
    } while (accept(p, ","));
    for (uint8_t i = 0; i < own->node_count; i++) {
        if ((set >> i & 1) != 0) {
            own->differs[i] |= set;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------ patterns */

static bool own_of(parser *p, draft *d) {
    if (d->p->own == NULL) {
        d->p->own = memory_new_zero(1, sizeof *d->p->own);
    }
    if (d->p->own == NULL) {
        p->result = error_no_memory(p->error, sizeof *d->p->own);
    }
    return d->p->own != NULL;
}

#define LINE_HINT                                                                                                      \
    "a line begins with kind, window, step, distinct, limit or a parameter of the kind; \"}\" ends the pattern"

static bool parse_line(parser *p, draft *d) {
    if (accept(p, "kind")) {
        return parse_kind(p, d);
    }
    if (accept(p, "step")) {
        return own_of(p, d) && parse_step(p, d->p->own);
    }
    if (is(p, "distinct")) {
        if (d->p->own == NULL) {
            return fail(p, "steps before \"distinct\"", "");
        }
        next(p);
        return parse_distinct(p, d->p->own);
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (is(p, PARAMETERS[i].name)) {
            if ((d->given & PARAMETERS[i].bit) != 0 && PARAMETERS[i].bit != PARAMETER_AMOUNT) {
                return fail(p, "each parameter once", "");
            }
            d->given |= PARAMETERS[i].bit;
            d->first[i] = p->token;
            next(p);
            return parse_value(p, PARAMETERS[i].bit, d->p);
        }
    }
    return fail(p, "a line of the pattern", LINE_HINT);
}

static bool check_parameters(parser *p, const draft *d, unsigned allowed, unsigned required, const char *allowed_text) {
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const unsigned bit = PARAMETERS[i].bit;
        if ((d->given & bit) != 0 && (allowed & bit) == 0) {
            char hint[160];
            (void)snprintf(hint, sizeof hint, "this pattern can have %s", allowed_text);
            return fail_at(p, d->first[i].line, d->first[i].column, "a parameter of its kind", PARAMETERS[i].name,
                           hint);
        }
        if ((d->given & bit) == 0 && (required & bit) != 0) {
            char expected[64];
            (void)snprintf(expected, sizeof expected, "\"%s\" in pattern %s", PARAMETERS[i].name, d->p->name);
            return fail_at(p, d->p->line, d->p->column, expected, "",
                           bit == PARAMETER_WINDOW ? "such as window 6h" : "it has no default");
        }
    }
    return true;
}

static bool check_steps(parser *p, const draft *d) {
    pattern_own *own = d->p->own;
    uint8_t step = 0;
    if (own->step_count == 0) {
        return fail_at(p, d->p->line, d->p->column, "at least one step", "", "");
    }
    if (!pattern_plan_make(own, &step)) {
        return fail_at(p, own->steps[step].line, own->steps[step].column,
                       "a step that shares an account with the other steps", own->steps[step].name,
                       "steps are found through the accounts they share");
    }
    return true;
}

static bool check_pattern(parser *p, const draft *d) {
    pattern *made = d->p;
    if (d->kind.kind == TOKEN_END) {
        if (made->own == NULL) {
            return fail_at(p, made->line, made->column, "a kind or steps in the pattern", "",
                           "such as kind cycle, or step in: a -> b");
        }
        made->kind = PATTERN_OWN;
        return check_parameters(p, d, PARAMETER_WINDOW | PARAMETER_LIMIT, PARAMETER_WINDOW,
                                "window, limit, step, distinct") &&
               check_steps(p, d);
    }
    if (made->own != NULL) {
        return fail_at(p, d->kind.line, d->kind.column, "either a kind or steps", "", "this pattern has both");
    }
    if (!check_parameters(p, d, KINDS[d->kind_row].allowed, KINDS[d->kind_row].required | PARAMETER_WINDOW,
                          KINDS[d->kind_row].allowed_text)) {
        return false;
    }
    if (made->min_length > made->max_length) {
        return fail_at(p, made->line, made->column, "min-length to be at most max-length", "", "");
    }
    return true;
}

static bool parse_pattern(parser *p) {
    if (!expect(p, "pattern", "a file is a list of  pattern NAME { … }")) {
        return false;
    }
    if (p->set->count == PATTERN_COUNT_MAX) {
        return fail(p, "at most 64 patterns", "");
    }
    pattern *made = &p->set->patterns[p->set->count];
    *made = (pattern){.line = p->token.line,
                      .column = p->token.column,
                      .amount_max_fen = PATTERN_ALWAYS,
                      .limit = PATTERN_LIMIT_DEFAULT,
                      .min_length = 2,
                      .max_length = PATTERN_LENGTH_MAX};
    draft d = {.p = made};
    const token name = p->token;
    if (!parse_name(p, "the name of the pattern", made->name)) {
        return false;
    }
    for (uint32_t i = 0; i < p->set->count; i++) {
        if (strcmp(p->set->patterns[i].name, made->name) == 0) {
            return fail_at(p, name.line, name.column, "a new name", made->name, "a pattern above has it already");
        }
    }
    if (!expect(p, "{", "a pattern is written  pattern NAME { … }")) {
        return false;
    }
    p->set->count++; /* from here on the set owns what the pattern has */
    while (!accept(p, "}")) {
        if (!parse_line(p, &d)) {
            return false;
        }
    }
    return check_pattern(p, &d);
}

sluice_result pattern_parse(const char *source, sluice_text text, pattern_set *set, sluice_error *error) {
    parser p = {.source = source, .text = text, .line = 1, .set = set, .error = error, .result = SLUICE_OK};
    if (text.length > PATTERN_TEXT_BYTES_MAX) {
        return error_set(error, SLUICE_E_INPUT, "%s: expected at most 256 KiB of patterns", source);
    }
    if (!text_is_utf8(text)) {
        return error_set(error, SLUICE_E_INPUT, "%s: expected text in UTF-8; save the file in that encoding", source);
    }
    next(&p);
    while (p.result == SLUICE_OK && p.token.kind != TOKEN_END) {
        if (!parse_pattern(&p)) {
            break;
        }
    }
    return p.result;
}
