/* What a new database begins with: domain.md's numbers, each with its source. A centre changes them by acts, not here.
 */
#ifndef DESK_DATED_DEFAULTS_H
#define DESK_DATED_DEFAULTS_H

#include <stddef.h>

typedef struct dated_default {
    const char *name, *code, *value, *from, *law, *en, *zh;
} dated_default;

extern const dated_default DATED_DEFAULTS[];
extern const size_t DATED_DEFAULT_COUNT;
extern const dated_default DATED_BANK[]; /* dated_bank.c */
extern const size_t DATED_BANK_COUNT;

#endif
