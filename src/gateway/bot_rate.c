/* A slot is a message that was sent, or a moment that is kept for one. A newcomer gets the moment a minute after the
 * slot that is `per_minute` before the last; who comes late with his moment moves it, and whoever then has no room any
 * more is given another one. */
#include "gateway/bot_rate.h"

#include <string.h>

enum { MINUTE_MS = 60000 };

static void drop(bot_rate *rate, uint32_t place) {
    rate->count--;
    memmove(&rate->slots[place], &rate->slots[place + 1], (rate->count - place) * sizeof *rate->slots);
}

static void keep(bot_rate *rate, int64_t at_ms, int64_t delivery) {
    uint32_t place = rate->count++;
    for (; place > 0 && rate->slots[place - 1].at_ms > at_ms; place--) {
        rate->slots[place] = rate->slots[place - 1];
    }
    rate->slots[place] = (bot_slot){at_ms, delivery};
}

static void forget(bot_rate *rate, int64_t now_ms) {
    while (rate->count > 0 && rate->slots[0].at_ms <= now_ms - MINUTE_MS) {
        drop(rate, 0);
    }
}

static uint32_t sent_count(const bot_rate *rate) {
    uint32_t sent = 0;
    for (uint32_t i = 0; i < rate->count; i++) {
        sent += rate->slots[i].delivery == 0;
    }
    return sent;
}

int64_t bot_rate_take(bot_rate *rate, int64_t delivery, int64_t now_ms) {
    forget(rate, now_ms);
    bool has_moment = false;
    for (uint32_t i = 0; i < rate->count && !has_moment; i++) {
        if (rate->slots[i].delivery == delivery) {
            int64_t wait_ms = rate->slots[i].at_ms - now_ms;
            if (wait_ms > 0) {
                return wait_ms;
            }
            drop(rate, i);
            has_moment = true;
        }
    }
    bool has_room = has_moment ? sent_count(rate) < rate->per_minute : rate->count < rate->per_minute;
    if (rate->count == BOT_SLOTS_MAX) {
        return rate->slots[rate->count - 1].at_ms + MINUTE_MS - now_ms;
    }
    if (has_room) {
        keep(rate, now_ms, 0);
        return 0;
    }
    int64_t at_ms = rate->slots[rate->count - rate->per_minute].at_ms + MINUTE_MS;
    keep(rate, at_ms, delivery);
    return at_ms - now_ms;
}
