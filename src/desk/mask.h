/* Masking: personal data is shown in full only to a command with a purpose (个人信息保护法 Arts. 6, 28). */
#ifndef DESK_MASK_H
#define DESK_MASK_H

#include "desk/desk.h"

/* "138****5678" of a phone, "张**" of a name … in the arena; no data: no memory. Empty stays empty. Texts that are too
 * short to be masked by their kind become "***". */
sluice_text mask_text(field_secrecy secrecy, sluice_text text, arena *a);

#endif
