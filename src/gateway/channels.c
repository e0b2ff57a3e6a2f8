/* The channels there are. */
#include "gateway/channels.h"

#include <stddef.h>

#include "gateway/bank_private.h"

const channel_ops *const CHANNELS[] = {&CHANNEL_BANK, &SMS_CHANNEL, &VOICE_CHANNEL, &BOT_CHANNEL, &MAIL_CHANNEL, NULL};
