/* Kinds: what the desk keeps and what may be done with it.
 *
 * A kind is a record_table, and the acts that lead a record from state to state. Each act is one row: who may do it, in
 * which states, whether a second person is needed, what must be given, and the article of law it rests on. One
 * function, desk_act, runs every act of every kind; the same rows draw docs/workflows.md, make the routes of the API
 * and are walked by the tests. Nothing else changes a record's state. */
#ifndef DESK_KIND_H
#define DESK_KIND_H

#include <yyjson.h>

#include "base/assert.h"
#include "desk/desk.h"

enum {
    ACT_BY_CLOCK = 1,      /* only the system does it, through a timer or another act */
    ACT_CITY = 2,          /* only at city level */
    ACT_DISTRICT = 4,      /* at district or city level */
    ACT_REASON = 8,        /* an input `note` is required: why */
    ACT_ASSIGNEE = 16,     /* only the one to whom the record is assigned, or a commander */
    ACT_ANY_UNIT = 32,     /* jurisdiction is the act's own business (a transfer's receiver) */
    ACT_NO_VERSION = 64,   /* needs no If-Match: it adds and does not overwrite (an attempt, a comment) */
    ACT_PARTNER_OWN = 128, /* a partner only where the record's institution is its own */
    ACT_QUIET = 256,       /* a machine's step, thousands an hour: the row tells it; no history, audit, search, event */
    ACT_OWN_ROUTE = 512,   /* done by a route of its own, which reads or computes before: never by its inputs alone */
};

#define NO_FIELD RECORD_END

/* A field of a row's table, or none: what a row leaves out is none. */
typedef struct maybe_field {
    uint8_t one_more; /* than the field's number */
} maybe_field;
#define SOME(field)                                                                                                    \
    { (field) + 1 }
static inline bool has_field(maybe_field field) {
    return field.one_more != 0;
}
/* NO_FIELD if there is none. */
static inline uint8_t field_of(maybe_field field) {
    return (uint8_t)(field.one_more - 1);
}

/* The values of an act's inputs, in the order of its rows; null where nothing was given. */
typedef struct desk_input {
    const record_field *fields;
    record_value *values;
    size_t count;
} desk_input;

struct desk_kind;

typedef struct desk_act {
    const char *name;
    const char *from; /* states, "new|assigned"; NULL: it makes the record; "*": any */
    const char *to;   /* the state after it; NULL: `run` decides, or it stays */
    unsigned roles;
    unsigned flags;
    maybe_field other_than; /* four eyes: the user in this field must be somebody else */
    maybe_field by, at;     /* fields that get the actor's user and the moment */
    /* What must or may be given. An input that has a field's name is put into that field. `note` goes to history. */
    const record_field *inputs;
    size_t input_count;
    /* Checks what the row cannot say, and fills in the record, which is saved after it. May be NULL. For an act that
     * makes a record it may find one that is there already (a duplicate): it puts that into r, which is then not
     * inserted. */
    sluice_result (*run)(desk_command *c, record *r, const desk_input *in);
    /* What follows, once the record is saved: rows of other kinds, timers. May be NULL. */
    sluice_result (*then)(desk_command *c, record *r, const desk_input *in);
    const char *law; /* "反电信网络诈骗法 Art. 32"; NULL: none needed */
    const char *en, *zh;
} desk_act_row;

/* A row is {name, from, to, roles, flags, …}, and then what it has of these; what it leaves out is none. */
#define OTHER_THAN(field) .other_than = SOME(field)
#define BY(field) .by = SOME(field)
#define AT(field) .at = SOME(field)
#define INPUTS(array) .inputs = (array), .input_count = sizeof(array) / sizeof *(array)
#define RUN(function) .run = (function)
#define THEN(function) .then = (function)
#define RESTS_ON(article) .law = (article)
#define SAYS(english, chinese) .en = (english), .zh = (chinese)

/* Records that belong to one of another kind: the attempts of a warning. */
typedef struct desk_child {
    const char *name; /* in the API's path */
    const struct desk_kind *kind;
    uint8_t field; /* of the child: the reference to its parent */
} desk_child;

typedef struct desk_kind {
    const record_table *table;
    const char *name;       /* "warning" */
    const char *collection; /* "warnings", in the API's path; NULL: reached through its parent or not at all */
    unsigned readers;       /* roles that may see it */
    const char *prefix;     /* of its number for people: "W" makes W-00000123 of the id; NULL: none */
    maybe_field state, due, assignee, district, station, institution;
    const struct desk_kind *parent; /* seen by whoever may see the parent … */
    uint8_t parent_field;           /* … that this field names */
    /* Also seen by the units that rows of another kind name: an operation by those who take part in it. `share_of`
     * refers to the record; a row counts while `share_live` is not null. NULL: it is not shared. */
    const struct desk_kind *shared_by;
    uint8_t share_of, share_live;
    maybe_field came_from; /* the district that it came from, which sees it too and what becomes of it */
    const desk_act_row *acts;
    size_t act_count;
    const desk_child *children;
    size_t child_count;
    /* Texts that searches find it by; NO_FIELD ends the row. */
    const uint8_t *search;
} desk_kind;

/* All kinds that have routes, in the order of the API. */
const desk_kind *const *desk_kinds(size_t *count_out);
const desk_kind *desk_kind_find(const char *name);
const desk_act_row *desk_act_find(const desk_kind *kind, const char *name);

/* Runs an act from outside: checks who, where, which version, which state, four eyes and the inputs, then as
 * desk_act_inside. id is 0 for an act that makes a record; version is that of If-Match, 0: none was sent (INVALID where
 * one is needed). `body` may be NULL. Errors: NOT_FOUND (none, or not in the actor's jurisdiction: he does not learn
 * which), FORBIDDEN (role, level, four eyes), STALE, STATE (the text names the state and what may be done in it), INPUT
 * (c->faults), and the act's own. Writer, inside desk_run. */
SLUICE_MUST_USE sluice_result desk_act(desk_command *c, const desk_kind *kind, const char *act, int64_t id,
                                       int64_t version, yyjson_val *body, record *record_out);

/* The first half of desk_act, for an act that does not make a record: the record, if the actor may do this with it.
 * desk_act_inside is the other half. For routes of acts with ACT_OWN_ROUTE. */
SLUICE_MUST_USE sluice_result desk_check_act(desk_command *c, const desk_kind *kind, const char *act, int64_t id,
                                             int64_t version, record *record_out);

/* From inside, as a consequence of another act or by the clock: no check of person and version; state and law hold. The
 * record is changed in place. Inputs that are not named are null. */
typedef struct desk_given {
    const char *name;
    record_value value;
} desk_given;
SLUICE_MUST_USE sluice_result desk_act_inside(desk_command *c, const desk_kind *kind, const char *act, record *r,
                                              const desk_given *given, size_t given_count);

/* Reads one record, if the actor may see it. Does not write the audit: desk/view.h does. NOT_FOUND as above. */
SLUICE_MUST_USE sluice_result desk_get(desk_command *c, const desk_kind *kind, int64_t id, record *record_out);
/* Would he? */
bool desk_sees(const desk_actor *actor, const desk_kind *kind, const record *r);
/* The same for a child too, whose parent decides. */
bool desk_sees_in(desk_command *c, const desk_kind *kind, const record *r);
/* The terms that keep a select within what the actor may see; returns how many (at most 3 are written). Of a kind with
 * a parent, or one that is shared, they do not suffice: ask desk_sees_in for each row. */
size_t desk_scope_terms(const desk_actor *actor, const desk_kind *kind, query_term terms_out[3]);
/* Is `word` one of "a|b|c", or is `words` "*"? */
bool desk_is_among(const char *words, sluice_text word);
/* May he do this act in principle (role and level)? */
bool desk_may(const desk_actor *actor, const desk_act_row *act);

/* Values of a record and of inputs, by name: for `run`. */
const record_value *desk_value(const record *r, const char *field);
const record_value *desk_given_value(const desk_input *in, const char *name);

/* A field's number; NO_FIELD if there is none. */
uint8_t record_field_find(const record_table *table, sluice_text name);

/* A record went to another unit: search and consoles follow it. */
SLUICE_MUST_USE sluice_result desk_moved(desk_command *c, const desk_kind *kind, const record *r);

/* The first record of a table that has these values; NOT_FOUND: none. Whoever may see it: of no actor. */
SLUICE_MUST_USE sluice_result desk_find(desk_command *c, const record_table *table, const query_term *terms,
                                        size_t term_count, record *record_out);
/* For modules that write records with no state machine of their own. */
SLUICE_MUST_USE sluice_result desk_insert(desk_command *c, record *r);
SLUICE_MUST_USE sluice_result desk_update(desk_command *c, record *r);

/* What a kind does. */
#define ACTS_OF(array) .acts = (array), .act_count = sizeof(array) / sizeof *(array)

#endif
