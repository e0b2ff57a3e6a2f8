/* What people write back to the centre's short messages. */
#ifndef DESK_REPLY_H
#define DESK_REPLY_H

#include "desk/kind.h"

/* A message of a phone. One that says nothing but T, TD, N or 退订 means no more messages of campaigns (个人信息保护法
 * Art. 24); warnings go on, because they are about danger to life and money and no advertising. Whatever it says, it is
 * written down as a comment at the open warning of that phone, if there is one. *taken_out false: it is about nothing
 * here, and nothing of it is kept. Writer. */
SLUICE_MUST_USE sluice_result reply_take(desk_command *c, sluice_text phone, sluice_text words, bool *taken_out);

#endif
