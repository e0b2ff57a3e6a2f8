/* The shipped tables of messages with banks (desk/dated_bank.c), without a database. */
#ifndef SUPPORT_BANK_TABLES_H
#define SUPPORT_BANK_TABLES_H

#include "gateway/bank_table.h"

/* In the arena; false: a shipped row cannot be understood, or no memory. */
bool bank_tables_shipped(arena *a, bank_table *table_out);

#endif
