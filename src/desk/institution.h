/* Which bank an account is of: by what the centre wrote into the dated tables, for no reporter knows a bank's code.
 *
 *   institution      code → the bank's name in both languages
 *   account_prefix   first characters of account numbers (a card's issuer number) → institution's code */
#ifndef DESK_INSTITUTION_H
#define DESK_INSTITUTION_H

#include "desk/desk.h"

/* Fills or corrects *institution: a bank's name becomes its code, and what is null becomes the institution whose prefix
 * begins the account's number, the longest of them. Unknown names stay, and so does null. Writer. */
void institution_complete(desk_command *c, sluice_text account, record_value *institution);

#endif
