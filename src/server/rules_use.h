/* Which rules are in use: the folder that the daemon was started with, and the texts of approved changes that stand for
 * its files (desk/rule_change.h). The writer changes them; everybody else takes a copy. */
#ifndef SERVER_RULES_USE_H
#define SERVER_RULES_USE_H

#include <stdatomic.h>

#include <sluice/detect.h>

#include "base/memory.h"
#include "sys/thread.h"

struct sluice_server;

typedef struct rules_use {
    mutex lock;        /* of server.options.with.files, for others than the writer */
    arena texts;       /* they point into */
    atomic_bool alone; /* the folder decides alone: the approved changes do not load with it, and an operator said so */
} rules_use;

void rules_use_init(struct sluice_server *s);
void rules_use_fini(struct sluice_server *s);
/* Any thread: the options, with room for `more` files after those in force; all in the arena. */
SLUICE_MUST_USE sluice_result rules_use_copy(struct sluice_server *s, arena *a, size_t more,
                                             sluice_detect_options *with_out, sluice_rule_file **files_out,
                                             sluice_error *error);
/* Writer, or before there is one: the desk's changes in force are what is in use from now on. After an error it is what
 * it was. */
SLUICE_MUST_USE sluice_result rules_use_take(struct sluice_server *s, sluice_error *error);

/* Writer, or before there is one: none of the changes is in use. */
void rules_use_folder_only(struct sluice_server *s);

#endif
