/* Thompson's construction, simulated (Pike's machine without its captures): all states at once, one code point at a
 * time.
 *
 *   pattern ──parse──▶ tree (in an array, at most NODES_MAX) ──emit──▶ states
 *
 *   SET   a code point of one of some ranges      SPLIT  two ways on
 *   JUMP  one way on                              AT     only at a place (^ $ \b \B)
 *   FOUND
 *
 * Every position of the text looks at each state at most once, so a search is O(text × states); states are at most
 * CEL_REGEX_STATES_MAX, however repeats multiply.
 * 12 bytes a state, 8 a range. */
#include "detect/cel_regex.h"

#include "base/memory.h"

#define GROUPS_MAX 32
#define NODES_MAX 1024
#define RANGES_MAX 2048
#define CODE_POINT_MAX 0x10FFFFu
#define NO_NODE UINT16_MAX
#define ENDLESS UINT16_MAX

typedef enum state_kind { STATE_SET, STATE_SPLIT, STATE_JUMP, STATE_AT, STATE_FOUND } state_kind;
typedef enum place { PLACE_BEGIN, PLACE_END, PLACE_WORD_EDGE, PLACE_NO_WORD_EDGE } place;

typedef struct state {
    uint8_t kind, place;
    uint16_t first, second;         /* the ways on of SPLIT and JUMP */
    uint16_t range_at, range_count; /* of SET */
} state;

typedef struct range {
    uint32_t low, high;
} range;

struct cel_regex {
    state *states;
    range *ranges;
    uint16_t state_count, range_count;
};

typedef enum node_kind { NODE_EMPTY, NODE_SET, NODE_AT, NODE_JOIN, NODE_EITHER, NODE_REPEAT } node_kind;

typedef struct node {
    uint8_t kind, place;
    uint16_t left, right; /* JOIN, EITHER; REPEAT: left */
    uint16_t least, most; /* REPEAT; ENDLESS */
    uint16_t range_at, range_count;
} node;

typedef struct parser {
    sluice_text pattern;
    size_t at;
    unsigned depth;
    bool ignores_case, dot_is_all;
    node nodes[NODES_MAX];
    range ranges[RANGES_MAX];
    uint16_t node_count, range_count;
    state *states; /* CEL_REGEX_STATES_MAX */
    state ignored; /* what is written to when there is no room */
    uint16_t state_count;
    const char *reason; /* the first mistake */
    size_t reason_at;
} parser;

static uint16_t parse_either(parser *p);

static uint16_t fail(parser *p, size_t at, const char *reason) {
    if (p->reason == NULL) {
        p->reason = reason;
        p->reason_at = at;
    }
    return NO_NODE;
}

/* The code point at a place and its length; what is not UTF-8 counts as U+FFFD, byte by byte. */
static uint32_t decode(sluice_text text, size_t at, size_t *length_out) {
    const unsigned char *s = (const unsigned char *)text.data + at;
    size_t left = text.length - at;
    *length_out = 1;
    if (s[0] < 0x80) {
        return s[0];
    }
    size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || left < length) {
        return 0xFFFD;
    }
    uint32_t c = s[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0xFFFD;
        }
        c = c << 6 | (s[i] & 0x3Fu);
    }
    *length_out = length;
    return c;
}

/* ---- parsing ---- */

static bool at_end(const parser *p) {
    return p->at >= p->pattern.length;
}

static bool at_char(const parser *p, char c) {
    return !at_end(p) && p->pattern.data[p->at] == c;
}

static bool take(parser *p, char c) {
    bool found = at_char(p, c);
    p->at += found ? 1 : 0;
    return found;
}

static uint16_t node_new(parser *p, node made) {
    if (p->reason != NULL || p->node_count == NODES_MAX) {
        return fail(p, p->at, "it is too long: split it");
    }
    p->nodes[p->node_count] = made;
    return p->node_count++;
}

static void add_plain_range(parser *p, uint32_t low, uint32_t high) {
    if (p->range_count == RANGES_MAX) {
        (void)fail(p, p->at, "too many characters in sets");
        return;
    }
    p->ranges[p->range_count++] = (range){low, high};
}

/* With (?i), the other case of the ASCII letters in it too. */
static void add_range(parser *p, uint32_t low, uint32_t high) {
    add_plain_range(p, low, high);
    if (!p->ignores_case) {
        return;
    }
    for (unsigned lower = 0; lower < 2; lower++) {
        uint32_t a = lower ? 'a' : 'A';
        uint32_t from = low > a ? low : a;
        uint32_t to = high < a + 25 ? high : a + 25;
        if (from <= to) {
            add_plain_range(p, lower ? from - 32 : from + 32, lower ? to - 32 : to + 32);
        }
    }
}

/* The complement of the ranges from `from` on, in their place. */
static void complement(parser *p, uint16_t from) {
    for (uint16_t i = (uint16_t)(from + 1); i < p->range_count; i++) { /* sorted by insertion: few */
        range moved = p->ranges[i];
        uint16_t j = i;
        for (; j > from && p->ranges[j - 1].low > moved.low; j--) {
            p->ranges[j] = p->ranges[j - 1];
        }
        p->ranges[j] = moved;
    }
    uint16_t end = p->range_count;
    uint16_t out = from;
    uint32_t next = 0; /* the first that is not covered yet */
    for (uint16_t i = from; i < end; i++) {
        range covered = p->ranges[i];
        if (covered.low > next) {
            p->ranges[out++] = (range){next, covered.low - 1}; /* out <= i: what it overwrites was read */
        }
        next = covered.high + 1 > next ? covered.high + 1 : next;
    }
    p->range_count = out;
    if (next <= CODE_POINT_MAX) {
        add_plain_range(p, next, CODE_POINT_MAX);
    }
}

static uint16_t set_node(parser *p, uint16_t from) {
    return node_new(p, (node){.kind = NODE_SET, .range_at = from, .range_count = (uint16_t)(p->range_count - from)});
}

/* \d \w \s and their opposites; false: not one of them. */
static bool add_named_set(parser *p, char c) {
    uint16_t from = p->range_count;
    switch (c | 0x20) {
    case 'd':
        add_plain_range(p, '0', '9');
        break;
    case 'w':
        add_plain_range(p, '0', '9');
        add_plain_range(p, 'A', 'Z');
        add_plain_range(p, '_', '_');
        add_plain_range(p, 'a', 'z');
        break;
    case 's':
        add_plain_range(p, '\t', '\n');
        add_plain_range(p, '\f', '\r');
        add_plain_range(p, ' ', ' ');
        break;
    default:
        return false;
    }
    if (c < 'a') {
        complement(p, from);
    }
    return true;
}

static int hex_digit(const parser *p, size_t at) {
    if (at >= p->pattern.length) {
        return -1;
    }
    char c = p->pattern.data[at];
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* \xHH and \x{H…}; `at` is after the x. */
static uint32_t parse_hex(parser *p, size_t start) {
    uint32_t value = 0;
    bool is_long = take(p, '{');
    size_t digits = 0;
    for (; hex_digit(p, p->at) >= 0 && digits < (is_long ? 8u : 2u); digits++, p->at++) {
        value = value << 4 | (uint32_t)hex_digit(p, p->at);
    }
    if (is_long ? digits == 0 || !take(p, '}') : digits != 2) {
        (void)fail(p, start, "`\\x` needs two hexadecimal digits, or some in braces");
    } else if (value > CODE_POINT_MAX) {
        (void)fail(p, start, "beyond the last code point, 10FFFF");
    }
    return value;
}

/* After a backslash: one character. */
static uint32_t parse_escape(parser *p) {
    static const char FROM[] = "nrtfv";
    static const char TO[] = "\n\r\t\f\v";
    size_t start = p->at - 1;
    if (at_end(p)) {
        (void)fail(p, start, "a backslash at the end: `\\\\` is a backslash");
        return 0;
    }
    char c = p->pattern.data[p->at++];
    const char *found = c == '\0' ? NULL : strchr(FROM, c);
    if (found != NULL) {
        return (uint32_t)TO[found - FROM];
    }
    if (c == 'x') {
        return parse_hex(p, start);
    }
    if (c >= '1' && c <= '9') {
        (void)fail(p, start, "back references are left out: they cannot be searched in linear time");
    } else if (c == 'p' || c == 'P') {
        (void)fail(p, start, "`\\p` is left out: write the ranges, as in [\\x{4E00}-\\x{9FFF}]");
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '0' || (unsigned char)c >= 0x80) {
        (void)fail(p, start, "unknown escape");
    }
    return (uint32_t)(unsigned char)c;
}

static uint32_t next_code_point(parser *p) {
    size_t length = 1;
    uint32_t c = decode(p->pattern, p->at, &length);
    p->at += length;
    return c;
}

/* One element of a set, or one end of a range. False: it was a \d and stands for itself. */
static bool set_element(parser *p, uint32_t *c_out) {
    if (!take(p, '\\')) {
        *c_out = next_code_point(p);
        return true;
    }
    if (!at_end(p) && add_named_set(p, p->pattern.data[p->at])) {
        p->at++;
        return false;
    }
    *c_out = parse_escape(p);
    return true;
}

static uint16_t parse_set(parser *p) {
    size_t start = p->at - 1;
    uint16_t from = p->range_count;
    bool is_complement = take(p, '^');
    bool is_first = true;
    while (p->reason == NULL && (is_first || !at_char(p, ']'))) {
        if (at_end(p)) {
            return fail(p, start, "`[` has no `]`");
        }
        is_first = false;
        if (at_char(p, '[') && p->at + 1 < p->pattern.length && p->pattern.data[p->at + 1] == ':') {
            return fail(p, p->at, "[:names:] are left out: write the range");
        }
        uint32_t low = 0;
        if (!set_element(p, &low)) {
            continue;
        }
        uint32_t high = low;
        if (at_char(p, '-') && p->at + 1 < p->pattern.length && p->pattern.data[p->at + 1] != ']') {
            size_t dash = p->at++;
            if (!set_element(p, &high)) {
                return fail(p, dash, "a range from a character to a set");
            }
            if (high < low) {
                return fail(p, dash, "a range that ends before it begins");
            }
        }
        add_range(p, low, high);
    }
    p->at++;
    if (is_complement && p->reason == NULL) {
        complement(p, from);
    }
    return p->reason == NULL ? set_node(p, from) : NO_NODE;
}

static uint16_t parse_group(parser *p) {
    size_t start = p->at - 1;
    if (++p->depth > GROUPS_MAX) {
        return fail(p, start, "groups are nested too deep");
    }
    if (take(p, '?') && !take(p, ':')) {
        return fail(p, start, "of the groups with `?` only (?: ) is there, and (?i), (?s) at the very beginning");
    }
    uint16_t inner = parse_either(p);
    p->depth--;
    if (p->reason == NULL && !take(p, ')')) {
        return fail(p, start, "`(` has no `)`");
    }
    return inner;
}

static uint16_t parse_escaped_atom(parser *p) {
    uint16_t from = p->range_count;
    char c = at_end(p) ? '\0' : p->pattern.data[p->at];
    if (c == 'b' || c == 'B') {
        p->at++;
        return node_new(p, (node){.kind = NODE_AT, .place = c == 'b' ? PLACE_WORD_EDGE : PLACE_NO_WORD_EDGE});
    }
    if (add_named_set(p, c)) {
        p->at++;
    } else {
        uint32_t code_point = parse_escape(p);
        add_range(p, code_point, code_point);
    }
    return p->reason == NULL ? set_node(p, from) : NO_NODE;
}

static uint16_t parse_atom(parser *p) {
    uint16_t from = p->range_count;
    char c = p->pattern.data[p->at];
    if (c == '*' || c == '+' || c == '?' || c == '{') {
        return fail(p, p->at, "nothing to repeat: `\\*`, `\\+`, `\\?` and `\\{` are the characters");
    }
    uint32_t code_point = next_code_point(p);
    switch (code_point) {
    case '(':
        return parse_group(p);
    case '[':
        return parse_set(p);
    case '\\':
        return parse_escaped_atom(p);
    case '^':
    case '$':
        return node_new(p, (node){.kind = NODE_AT, .place = code_point == '^' ? PLACE_BEGIN : PLACE_END});
    case '.':
        add_plain_range(p, 0, p->dot_is_all ? CODE_POINT_MAX : '\n' - 1);
        if (!p->dot_is_all) {
            add_plain_range(p, '\n' + 1, CODE_POINT_MAX);
        }
        return set_node(p, from);
    default:
        add_range(p, code_point, code_point);
        return p->reason == NULL ? set_node(p, from) : NO_NODE;
    }
}

/* A number up to CEL_REGEX_REPEATS_MAX; false: none. */
static bool parse_count(parser *p, uint16_t *count_out) {
    size_t start = p->at;
    uint32_t count = 0;
    for (; !at_end(p) && p->pattern.data[p->at] >= '0' && p->pattern.data[p->at] <= '9'; p->at++) {
        count = count * 10 + (uint32_t)(p->pattern.data[p->at] - '0');
        count = count > CEL_REGEX_REPEATS_MAX ? CEL_REGEX_REPEATS_MAX + 1 : count;
    }
    if (count > CEL_REGEX_REPEATS_MAX) {
        (void)fail(p, start, "more than 100 repeats");
    }
    *count_out = (uint16_t)count;
    return p->at > start && p->reason == NULL;
}

static bool parse_repeat_counts(parser *p, uint16_t *least_out, uint16_t *most_out) {
    size_t start = p->at - 1;
    if (!parse_count(p, least_out)) {
        (void)fail(p, start, "`{` begins a count such as {2,5}: `\\{` is the character");
        return false;
    }
    *most_out = *least_out;
    if (take(p, ',')) {
        if (at_char(p, '}')) {
            *most_out = ENDLESS;
        } else if (!parse_count(p, most_out) || *most_out < *least_out) {
            (void)fail(p, start, "a count such as {2,5}, the smaller one first");
            return false;
        }
    }
    if (!take(p, '}')) {
        (void)fail(p, start, "`{` has no `}`");
        return false;
    }
    return true;
}

static uint16_t parse_repeat(parser *p) {
    uint16_t inner = parse_atom(p);
    bool is_repeated = false;
    while (inner != NO_NODE && !at_end(p)) {
        node made = {.kind = NODE_REPEAT, .left = inner, .most = ENDLESS};
        size_t start = p->at;
        if (take(p, '+')) {
            made.least = 1;
        } else if (take(p, '?')) {
            made.most = 1;
        } else if (take(p, '{')) {
            if (!parse_repeat_counts(p, &made.least, &made.most)) {
                return NO_NODE;
            }
        } else if (!take(p, '*')) {
            break;
        }
        if (is_repeated) {
            return fail(p, start, "a repeat of a repeat: put the inner one into (?: )");
        }
        is_repeated = true;
        (void)take(p, '?'); /* lazy: the same for a search that only says whether */
        inner = node_new(p, made);
    }
    return inner;
}

static uint16_t parse_join(parser *p) {
    uint16_t left = NO_NODE;
    while (p->reason == NULL && !at_end(p) && !at_char(p, '|') && !at_char(p, ')')) {
        uint16_t right = parse_repeat(p);
        left = left == NO_NODE ? right : node_new(p, (node){.kind = NODE_JOIN, .left = left, .right = right});
    }
    return left == NO_NODE && p->reason == NULL ? node_new(p, (node){.kind = NODE_EMPTY}) : left;
}

static uint16_t parse_either(parser *p) {
    uint16_t left = parse_join(p);
    while (p->reason == NULL && take(p, '|')) {
        uint16_t right = parse_join(p);
        left = node_new(p, (node){.kind = NODE_EITHER, .left = left, .right = right});
    }
    return left;
}

/* ---- tree → states ---- */

static state *add_state(parser *p, state_kind kind) {
    if (p->state_count == CEL_REGEX_STATES_MAX) {
        (void)fail(p, 0, "it needs more than 1,024 states: shorten it or its repeats");
        return &p->ignored;
    }
    state *made = &p->states[p->state_count++];
    *made = (state){.kind = (uint8_t)kind};
    made->first = p->state_count; /* goes on with the next one */
    return made;
}

static void emit(parser *p, uint16_t at);

static void emit_repeat(parser *p, const node *n) {
    for (uint16_t i = 0; i < n->least && p->reason == NULL; i++) {
        uint16_t before = p->state_count;
        emit(p, n->left);
        if (p->state_count == before) {
            break; /* nothing, a hundred times, in a hundred groups: it stays nothing */
        }
    }
    if (n->most == ENDLESS) {
        uint16_t split = p->state_count;
        (void)add_state(p, STATE_SPLIT);
        emit(p, n->left);
        add_state(p, STATE_JUMP)->first = split;
        if (p->reason == NULL) {
            p->states[split].second = p->state_count;
        }
        return;
    }
    uint16_t splits[CEL_REGEX_REPEATS_MAX];
    uint16_t split_count = 0;
    for (uint16_t i = n->least; i < n->most && p->reason == NULL; i++) {
        splits[split_count++] = p->state_count;
        (void)add_state(p, STATE_SPLIT);
        emit(p, n->left);
    }
    for (uint16_t i = 0; i < split_count && p->reason == NULL; i++) {
        p->states[splits[i]].second = p->state_count;
    }
}

static void emit_either(parser *p, const node *n) {
    uint16_t split = p->state_count;
    (void)add_state(p, STATE_SPLIT);
    emit(p, n->left);
    uint16_t jump = p->state_count;
    (void)add_state(p, STATE_JUMP);
    if (p->reason == NULL) {
        p->states[split].second = p->state_count;
        emit(p, n->right);
        p->states[jump].first = p->state_count;
    }
}

/* The recursion is at most as deep as the pattern is long. */
static void emit(parser *p, uint16_t at) {
    const node *n = &p->nodes[at];
    if (p->reason != NULL) {
        return;
    }
    state *made = NULL;
    switch ((node_kind)n->kind) {
    case NODE_EMPTY:
        break;
    case NODE_SET:
        made = add_state(p, STATE_SET);
        made->range_at = n->range_at;
        made->range_count = n->range_count;
        break;
    case NODE_AT:
        add_state(p, STATE_AT)->place = n->place;
        break;
    case NODE_JOIN:
        emit(p, n->left);
        emit(p, n->right);
        break;
    case NODE_EITHER:
        emit_either(p, n);
        break;
    case NODE_REPEAT:
        emit_repeat(p, n);
        break;
    }
}

static void parse_flags(parser *p) {
    if (p->pattern.length < 4 || p->pattern.data[0] != '(' || p->pattern.data[1] != '?') {
        return;
    }
    size_t at = 2;
    bool ignores_case = false;
    bool dot_is_all = false;
    for (; at < p->pattern.length && (p->pattern.data[at] == 'i' || p->pattern.data[at] == 's'); at++) {
        ignores_case = ignores_case || p->pattern.data[at] == 'i';
        dot_is_all = dot_is_all || p->pattern.data[at] == 's';
    }
    if (at > 2 && at < p->pattern.length && p->pattern.data[at] == ')') {
        p->at = at + 1;
        p->ignores_case = ignores_case;
        p->dot_is_all = dot_is_all;
    }
}

static void compile(parser *p) {
    if (p->pattern.length > CEL_REGEX_BYTES_MAX) {
        (void)fail(p, CEL_REGEX_BYTES_MAX, "it is longer than 512 bytes");
        return;
    }
    parse_flags(p);
    uint16_t root = parse_either(p);
    if (p->reason == NULL && !at_end(p)) {
        (void)fail(p, p->at, "`)` without `(`: `\\)` is the character");
    }
    if (p->reason == NULL) {
        emit(p, root);
        (void)add_state(p, STATE_FOUND);
    }
}

sluice_result cel_regex_compile(sluice_text pattern, cel_regex **regex_out, const char **reason_out,
                                size_t *offset_out) {
    *regex_out = NULL;
    parser *p = memory_new_zero(1, sizeof *p);
    cel_regex *made = memory_new_zero(1, sizeof *made);
    sluice_result result = SLUICE_E_NO_MEMORY;
    if (p != NULL && made != NULL) {
        p->pattern = pattern;
        p->states = memory_new(CEL_REGEX_STATES_MAX * sizeof *p->states);
    }
    if (p == NULL || made == NULL || p->states == NULL) {
        goto out;
    }
    compile(p);
    if (p->reason != NULL) {
        *reason_out = p->reason;
        *offset_out = p->reason_at;
        result = SLUICE_E_INPUT;
        goto out;
    }
    made->state_count = p->state_count;
    made->range_count = p->range_count;
    made->states = memory_new(p->state_count * sizeof *made->states);
    made->ranges = memory_new(p->range_count * sizeof *made->ranges);
    if (made->states != NULL && made->ranges != NULL) {
        memcpy(made->states, p->states, p->state_count * sizeof *made->states);
        memcpy(made->ranges, p->ranges, p->range_count * sizeof *made->ranges);
        *regex_out = made;
        made = NULL;
        result = SLUICE_OK;
    }
out:
    if (p != NULL) {
        memory_free(p->states);
    }
    memory_free(p);
    cel_regex_free(&made);
    return result;
}

void cel_regex_free(cel_regex **regex) {
    if (*regex != NULL) {
        memory_free((*regex)->states);
        memory_free((*regex)->ranges);
        memory_free(*regex);
        *regex = NULL;
    }
}

size_t cel_regex_state_count(const cel_regex *regex) {
    return regex->state_count;
}

/* ---- searching ---- */

typedef struct position {
    bool is_begin, is_end, is_word_edge;
} position;

static bool has_state(const cel_regex_set *set, uint16_t at) {
    uint16_t place = set->sparse[at];
    return place < set->count && set->dense[place] == at;
}

static bool holds(place where, const position *here) {
    switch (where) {
    case PLACE_BEGIN:
        return here->is_begin;
    case PLACE_END:
        return here->is_end;
    case PLACE_WORD_EDGE:
        return here->is_word_edge;
    default:
        return !here->is_word_edge;
    }
}

/* Adds a state and all that can be reached from it without reading. True: FOUND is among them. */
static bool add(const cel_regex *regex, cel_regex_work *work, cel_regex_set *set, uint16_t start, const position *here,
                int64_t *steps) {
    size_t depth = 0;
    work->stack[depth++] = start;
    while (depth > 0) {
        uint16_t at = work->stack[--depth];
        if (has_state(set, at)) {
            continue;
        }
        const state *s = &regex->states[at];
        set->sparse[at] = set->count;
        set->dense[set->count++] = at;
        (*steps)--;
        if (s->kind == STATE_FOUND) {
            return true;
        }
        if (s->kind == STATE_SET || (s->kind == STATE_AT && !holds((place)s->place, here))) {
            continue;
        }
        /* Each state pushes at most two, once, and takes one off; FOUND pushes none: at most state_count are held. */
        if (s->kind == STATE_SPLIT && !has_state(set, s->second)) {
            work->stack[depth++] = s->second;
        }
        if (!has_state(set, s->first)) {
            work->stack[depth++] = s->first;
        }
    }
    return false;
}

static bool reads(const cel_regex *regex, const state *s, uint32_t c) {
    for (uint16_t i = 0; i < s->range_count; i++) {
        const range *r = &regex->ranges[s->range_at + i];
        if (c >= r->low && c <= r->high) {
            return true;
        }
    }
    return false;
}

static bool is_word(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
}

cel_regex_found cel_regex_search(const cel_regex *regex, sluice_text text, cel_regex_work *work, int64_t *steps) {
    cel_regex_set *now = &work->now;
    cel_regex_set *next = &work->next;
    now->count = 0;
    uint32_t before = 0;
    for (size_t at = 0;;) {
        size_t length = 0;
        uint32_t c = at < text.length ? decode(text, at, &length) : 0;
        position here = {at == 0, at >= text.length, is_word(before) != is_word(c)};
        /* States of `now` were reached by reading; what follows from them without reading depends on where we are. */
        next->count = 0;
        for (uint16_t i = 0; i < now->count; i++) {
            if (add(regex, work, next, now->dense[i], &here, steps)) {
                return CEL_REGEX_YES;
            }
        }
        if (add(regex, work, next, 0, &here, steps)) {
            return CEL_REGEX_YES;
        }
        if (at >= text.length) {
            return CEL_REGEX_NO;
        }
        if (*steps <= 0) {
            return CEL_REGEX_STOPPED;
        }
        now->count = 0;
        for (uint16_t i = 0; i < next->count; i++) {
            const state *s = &regex->states[next->dense[i]];
            if (s->kind == STATE_SET && reads(regex, s, c)) {
                uint16_t reached = (uint16_t)(next->dense[i] + 1);
                if (!has_state(now, reached)) {
                    now->sparse[reached] = now->count;
                    now->dense[now->count++] = reached;
                }
            }
        }
        before = c;
        at += length;
    }
}
