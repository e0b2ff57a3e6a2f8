/* The channels there are. */
#include "gateway/channels.h"

#include <stddef.h>

const channel_ops *const CHANNELS[] = {&SMS_CHANNEL, &BOT_CHANNEL, &MAIL_CHANNEL, NULL};
