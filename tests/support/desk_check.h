/* What tests of the desk ask again and again. */
#ifndef SUPPORT_DESK_CHECK_H
#define SUPPORT_DESK_CHECK_H

#include "support/desk_world.h"

/* Runs the suite on each implementation of the store that is here; the sum of the failures. */
int desk_check_on_each_store(int (*run)(const char *name));
/* A fresh place for a world's database, of the store under test. */
const char *desk_check_place(void);

/* printf into a buffer that stays valid for the next 15 calls. */
const char *desk_check_json(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The act must be refused with `code`, and the record (id 0: none) must be as it was. */
void desk_check_refused(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json,
                        sluice_result code);
/* The same, because this field is wrong. */
void desk_check_fault(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json,
                      const char *field);

void desk_check_state(desk_world *w, const desk_kind *kind, int64_t id, const char *state);
void desk_check_text(desk_world *w, const desk_kind *kind, int64_t id, const char *field, const char *text);
void desk_check_number(desk_world *w, const desk_kind *kind, int64_t id, const char *field, int64_t number);
void desk_check_null(desk_world *w, const desk_kind *kind, int64_t id, const char *field);

/* One millisecond before `at_ms` nothing has happened to the record; at it, it has changed. */
void desk_check_at(desk_world *w, const desk_kind *kind, int64_t id, int64_t at_ms);
/* How many rows of a table name this record in a reference field. */
size_t desk_check_children(desk_world *w, const desk_kind *child, uint8_t field, int64_t id);

#endif
