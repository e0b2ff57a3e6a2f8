/* So many messages a minute to one bot, in any sixty seconds; who comes too early is given a moment of his own. */
#ifndef GATEWAY_BOT_RATE_H
#define GATEWAY_BOT_RATE_H

#include <stdbool.h>
#include <stdint.h>

enum { BOT_SLOTS_MAX = 1024 };

typedef struct bot_slot {
    int64_t at_ms, delivery; /* 0: it was sent */
} bot_slot;

typedef struct bot_rate {
    uint32_t per_minute;
    uint32_t count;
    bot_slot slots[BOT_SLOTS_MAX]; /* by time: those of the last minute, and those that are to come */
} bot_rate;

/* 0: send it now. Else so many ms (more than 0) are to be waited; the moment then is kept for this delivery. */
int64_t bot_rate_take(bot_rate *rate, int64_t delivery, int64_t now_ms);

#endif
