#include "desk/institution.h"

#include <string.h>

#include "desk/dated.h"

typedef struct search {
    sluice_text wanted, found; /* a name, and its code; a number, and its institution */
    size_t length;             /* of the prefix that was found */
} search;

static bool contains(sluice_text text, sluice_text part) {
    for (size_t i = 0; part.length > 0 && i + part.length <= text.length; i++) {
        if (memcmp(text.data + i, part.data, part.length) == 0) {
            return true;
        }
    }
    return false;
}

/* 中国工商银行 is 工商银行: people write the name longer or shorter than the table has it. */
static bool has_name(void *context, const dated_row *row) {
    search *s = context;
    if (contains(s->wanted, row->zh) || contains(row->zh, s->wanted) || text_equal(s->wanted, row->en)) {
        s->found = row->code;
    }
    return s->found.length == 0;
}

static bool has_prefix(void *context, const dated_row *row) {
    search *s = context;
    if (row->code.length > s->length && s->wanted.length >= row->code.length &&
        memcmp(s->wanted.data, row->code.data, row->code.length) == 0) {
        s->length = row->code.length;
        s->found = row->value;
    }
    return true;
}

void institution_complete(desk_command *c, sluice_text account, record_value *institution) {
    search s = {0};
    if (!institution->is_null) {
        s.wanted = institution->text;
        if (dated_find(c->desk, "institution", s.wanted, c->now_ms) == NULL) {
            dated_each(c->desk, "institution", c->now_ms, has_name, &s);
        }
    } else {
        sluice_text kind;
        if (text_split(account, ':', &kind, &s.wanted)) {
            dated_each(c->desk, "account_prefix", c->now_ms, has_prefix, &s);
        }
    }
    if (s.found.length > 0) {
        char *copy = arena_copy(c->arena, s.found.data, s.found.length);
        *institution = copy == NULL ? *institution : value_text((sluice_text){copy, s.found.length});
    }
}
