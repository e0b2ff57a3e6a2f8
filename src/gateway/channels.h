/* The channels of other files, for channels.c. */
#ifndef GATEWAY_CHANNELS_H
#define GATEWAY_CHANNELS_H

#include "gateway/gateway.h"

extern const channel_ops SMS_CHANNEL, VOICE_CHANNEL, BOT_CHANNEL, MAIL_CHANNEL;

#endif
