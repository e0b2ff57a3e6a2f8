/* Logins: which devices and IPs, of which accounts; and which movements went through them.
 *
 * A login is an entry in the account's out series and in its device's in series of `logins`, and again, if its place is
 * an IP, of `ips`. A movement is put down to the device and the IP of the payer's newest login, if that is not older
 * than FEATURE_LOGIN_MS, as known when the movement arrives; a login that comes late changes nothing of the past. */
#include "feature/feature_private.h"

#include "base/hash.h"

static bool ip_number(feature_state *state, sluice_text place, uint32_t *number_out) {
    *number_out = KEY_NONE;
    const char *reason;
    if (place.length <= 3 || place.length > KEY_BYTES_MAX || !text_equal((sluice_text){place.data, 3}, TEXT("ip:")) ||
        !keys_is_valid(place, &reason)) {
        return true;
    }
    uint64_t hash = hash64(place.data, place.length);
    *number_out = keys_find(&state->ip_names, place, hash);
    return *number_out != KEY_NONE || keys_add(&state->ip_names, place, hash, number_out) == KEYS_ADDED;
}

static bool login_put(recent *r, const activity *a, uint32_t with) {
    recent_item item = {
        .time_ms = a->time_ms,
        .from = a->from,
        .to = with,
        .movement = UINT32_MAX,
        .is_out = true,
        .is_in = with != KEY_NONE,
        .is_pair = with != KEY_NONE,
    };
    return recent_put(r, &item);
}

bool login_step(feature_state *state, const activity *a) {
    uint32_t ip;
    if (!ip_number(state, a->place, &ip)) {
        return false;
    }
    if ((state->done & DONE_LOGIN) == 0 && !login_put(state->logins, a, a->to)) {
        return false;
    }
    state->done |= DONE_LOGIN;
    return ip == KEY_NONE || login_put(state->ips, a, ip);
}

uint32_t login_newest(const recent *logins, uint32_t account, int64_t time_ms) {
    recent_series s;
    if (time_ms - FEATURE_LOGIN_MS < recent_kept_from_ms(logins)) {
        return KEY_NONE;
    }
    recent_series_get(logins, account, RECENT_OUT, &s);
    for (uint32_t place = recent_after(&s, time_ms); place != s.first;) {
        const recent_entry *login = recent_at(&s, --place);
        if (login->time_ms <= time_ms - FEATURE_LOGIN_MS) {
            break;
        }
        if (login->other != KEY_NONE) {
            return login->other;
        }
    }
    return KEY_NONE;
}

bool through_step(feature_state *state, const activity *a) {
    uint32_t device = login_newest(state->logins, a->from, a->time_ms);
    uint32_t ip = login_newest(state->ips, a->from, a->time_ms);
    state->device.number = device;
    state->ip.number = ip;
    if (state->through == NULL || (device == KEY_NONE && ip == KEY_NONE)) {
        return true;
    }
    recent_item item = {
        .time_ms = a->time_ms,
        .out_fen = a->amount_fen,
        .in_fen = a->amount_fen,
        .from = device,
        .to = ip,
        .movement = a->movement,
        .is_out = device != KEY_NONE,
        .is_in = ip != KEY_NONE,
    };
    return recent_put(state->through, &item);
}
