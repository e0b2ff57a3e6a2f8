/* The channel of calls by machine: one SIP client (voice.h) for each link. Endpoint sip:host:port; the key file is the
 * password. Settings, all optional but the first:
 *
 *   announcements  folder of WAV files (8,000 Hz, one channel, A-law or 16-bit PCM): CODE.wav for the script's code,
 * else default.wav user           to sign in with;  caller "96110", shown to him who is called prefix         put
 * before each number confirm_key    "1"; repeats 2; ring_ms 45000; listen_ms 5000 calls_max      lines at once; the
 * link's in_flight
 *
 * A call is ACCEPTED when the carrier begins with it, and its end is the answer: CONFIRMED (the key was pressed),
 * ANSWERED, BUSY, NO_ANSWER, DECLINED, WRONG_NUMBER, FAILED. A call that the program's end cut off has no answer:
 * NO_RESULT, when the link's answer_within is over. Who finds all lines taken is told when one should be free. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/channels.h"
#include "gateway/voice.h"
#include "gateway/voice_media.h"
#include "sys/clock.h"

enum { WAV_BYTES_MAX = 8 << 20, CALL_MS = 30000, BUSY_STEP_MS = 10, IDLE_STEP_MS = 250 };

typedef struct voice_link {
    int64_t id;
    char partner[65], prefix[8], folder[512];
    voice *voice; /* NULL: out of service */
    uint32_t calls_max;
    int64_t free_ns; /* when a line should be free for the next one who is told to wait */
} voice_link;

typedef struct voice_channel {
    gateway *gateway;
    voice_link *links;
    size_t count;
} voice_channel;

static sluice_result channel_open(gateway *g, void **self_out, sluice_error *error) {
    voice_channel *channel = memory_new_zero(1, sizeof *channel);
    *self_out = channel;
    if (channel == NULL) {
        return error_no_memory(error, sizeof *channel);
    }
    channel->gateway = g;
    return SLUICE_OK;
}

static void channel_close(void **self) {
    voice_channel *channel = *self;
    for (size_t i = 0; channel != NULL && i < channel->count; i++) {
        voice_close(&channel->links[i].voice);
    }
    if (channel != NULL) {
        memory_free(channel->links);
        memory_free(channel);
    }
    *self = NULL;
}

/* ---- links ---- */

static const char *text_setting(const gateway_link *link, const char *name, const char *usual) {
    const char *text = yyjson_get_str(yyjson_obj_get(link->settings, name));
    return text == NULL ? usual : text;
}

static int64_t number_setting(const gateway_link *link, const char *name, int64_t usual) {
    yyjson_val *value = yyjson_obj_get(link->settings, name);
    return yyjson_is_int(value) ? yyjson_get_sint(value) : usual;
}

static void take_link(voice_channel *channel, voice_link *to, const gateway_link *link) {
    voice_settings s = voice_settings_defaults();
    sluice_error error = {0};
    int64_t lines = number_setting(link, "calls_max", link->in_flight), repeats = number_setting(link, "repeats", 2);
    s.endpoint = link->endpoint;
    s.user = text_setting(link, "user", "");
    s.password = link->key.length == 0 ? "" : link->key.data;
    s.caller = text_setting(link, "caller", "96110");
    s.confirm_key = text_setting(link, "confirm_key", "1")[0];
    s.repeats = repeats < 0 || repeats > 20 ? 0 : (uint32_t)repeats;
    s.ring_ms = number_setting(link, "ring_ms", s.ring_ms);
    s.listen_ms = number_setting(link, "listen_ms", s.listen_ms);
    s.setup_ms = link->timeout_ms * 2; /* before the gateway takes it for lost, after three */
    s.calls_max = lines < 0 || lines > UINT16_MAX ? 0 : (uint32_t)lines;
    *to = (voice_link){.id = link->id, .calls_max = s.calls_max};
    snprintf(to->partner, sizeof to->partner, "%.*s", TEXT_ARGS(link->partner));
    snprintf(to->prefix, sizeof to->prefix, "%s", text_setting(link, "prefix", ""));
    snprintf(to->folder, sizeof to->folder, "%s", text_setting(link, "announcements", ""));
    if (voice_open(&s, &to->voice, &error) != SLUICE_OK) {
        gateway_log(channel->gateway, "error", "link", "voice link %" PRId64 " is out of service: %s", link->id,
                    error.text);
    }
}

static voice_link *find_link(const voice_channel *channel, int64_t id) {
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->links[i].id == id) {
            return &channel->links[i];
        }
    }
    return NULL;
}

static void channel_set_links(void *self, const gateway_link *links, size_t count) {
    voice_channel *channel = self;
    voice_link *fresh = memory_new_zero(count + 1, sizeof *fresh);
    if (fresh == NULL) {
        gateway_log(channel->gateway, "error", "link", "no memory for the links of calls");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        voice_link *old = find_link(channel, links[i].id);
        if (old == NULL) {
            take_link(channel, &fresh[i], &links[i]);
        } else {
            fresh[i] = *old;
            old->voice = NULL;
        }
    }
    for (size_t i = 0; i < channel->count; i++) {
        voice_close(&channel->links[i].voice);
    }
    memory_free(channel->links);
    channel->links = fresh;
    channel->count = count;
}

/* ---- announcements ---- */

static bool is_code(const char *code) {
    return code != NULL && code[0] != 0 && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(code);
}

static int open_wav(const voice_link *link, const char *code) {
    char path[700];
    int file = -1;
    if (is_code(code)) {
        snprintf(path, sizeof path, "%s/%s.wav", link->folder, code);
        file = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (file < 0) {
        snprintf(path, sizeof path, "%s/default.wav", link->folder);
        file = open(path, O_RDONLY | O_CLOEXEC);
    }
    return file;
}

static sluice_result read_announcement(const voice_link *link, const char *code, uint8_t **alaw_out, size_t *count_out,
                                       sluice_error *error) {
    struct stat facts;
    int file = open_wav(link, code);
    if (file < 0) {
        return error_set(error, SLUICE_E_INPUT, "there is neither an announcement for this script nor default.wav");
    }
    size_t bytes = fstat(file, &facts) == 0 && facts.st_size <= WAV_BYTES_MAX ? (size_t)facts.st_size : 0;
    uint8_t *wav = memory_new(bytes);
    ssize_t got = wav == NULL ? -1 : read(file, wav, bytes);
    close(file);
    sluice_result result = wav == NULL ? error_no_memory(error, bytes)
                           : got < 0   ? error_set(error, SLUICE_E_IO, "an announcement cannot be read")
                                       : voice_wav_read(wav, (size_t)got, alaw_out, count_out, error);
    memory_free(wav);
    return result;
}

/* ---- calls ---- */

static void say(voice_channel *channel, int64_t delivery, sluice_text partner, outcome_kind kind, int64_t wait_ms,
                const char *why) {
    gateway_outcome o = {.kind = kind,
                         .delivery = delivery,
                         .channel = "voice",
                         .partner = partner,
                         .text = text_of(why),
                         .wait_ms = wait_ms};
    gateway_report(channel->gateway, &o);
}

/* A call takes half a minute on average; those who wait are spread over the lines. */
static int64_t wait_for_line(voice_link *link) {
    int64_t now_ns = clock_machine_ns();
    link->free_ns = link->free_ns < now_ns ? now_ns : link->free_ns;
    link->free_ns += INT64_C(1000000) * CALL_MS / link->calls_max;
    return (link->free_ns - now_ns) / 1000000;
}

static sluice_result dial(voice_link *to, const gateway_delivery *d, sluice_error *error) {
    uint8_t *alaw = NULL;
    size_t count = 0;
    char number[64];
    yyjson_doc *doc = yyjson_read(d->payload.data, d->payload.length, 0);
    const char *code = yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(doc), "script"));
    sluice_result result = read_announcement(to, code, &alaw, &count, error);
    yyjson_doc_free(doc);
    int length = snprintf(number, sizeof number, "%s%.*s", to->prefix, TEXT_ARGS(d->address));
    if (result == SLUICE_OK) {
        result = length < (int)sizeof number
                     ? voice_dial(to->voice, (uint64_t)d->id, text_of(number), alaw, count, error)
                     : error_set(error, SLUICE_E_INPUT, "a phone number is expected");
    }
    memory_free(alaw);
    return result;
}

static void channel_submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    voice_channel *channel = self;
    voice_link *to = find_link(channel, link->id);
    sluice_error error = {0};
    if (to == NULL || to->voice == NULL) {
        say(channel, d->id, link->partner, OUTCOME_AGAIN, 0, "the link is out of service: see the log");
        return;
    }
    if (voice_calls(to->voice) >= to->calls_max) {
        say(channel, d->id, link->partner, OUTCOME_AGAIN, wait_for_line(to), "all lines are taken");
        return;
    }
    sluice_result result = dial(to, d, &error);
    if (result != SLUICE_OK) {
        say(channel, d->id, link->partner, result == SLUICE_E_INPUT ? OUTCOME_REFUSED : OUTCOME_AGAIN, 0, error.text);
    }
}

static void take(voice_channel *channel, const voice_link *link, const voice_result *r) {
    static const char *const CODES[] = {
        [VOICE_TRYING] = "",
        [VOICE_CONFIRMED] = "CONFIRMED",
        [VOICE_ANSWERED] = "ANSWERED",
        [VOICE_BUSY] = "BUSY",
        [VOICE_NO_ANSWER] = "NO_ANSWER",
        [VOICE_DECLINED] = "DECLINED",
        [VOICE_WRONG_NUMBER] = "WRONG_NUMBER",
        [VOICE_FAILED] = "FAILED",
    };
    char body[128];
    if (r->outcome == VOICE_TRYING || (r->outcome == VOICE_FAILED && r->may_retry)) {
        say(channel, (int64_t)r->id, text_of(link->partner),
            r->outcome == VOICE_TRYING ? OUTCOME_ACCEPTED : OUTCOME_AGAIN, 0, r->reason);
        return;
    }
    snprintf(body, sizeof body, "{\"status\":%d,\"spoken_ms\":%" PRId64 ",\"key\":\"%.1s\"}", r->status, r->spoken_ms,
             r->key == 0 ? "" : &r->key);
    bool is_heard = r->outcome == VOICE_CONFIRMED || r->outcome == VOICE_ANSWERED;
    gateway_outcome o = {.kind = OUTCOME_ANSWERED,
                         .delivery = (int64_t)r->id,
                         .channel = "voice",
                         .partner = text_of(link->partner),
                         .answer = {.verdict = is_heard ? VERDICT_DONE : VERDICT_FAILED,
                                    .code = text_of(CODES[r->outcome]),
                                    .body = text_of(body),
                                    .at_ms = -1,
                                    .balance_fen = -1,
                                    .executed_fen = -1,
                                    .available_fen = -1}};
    gateway_report(channel->gateway, &o);
}

static void channel_work(void *self) {
    voice_channel *channel = self;
    voice_result r;
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->links[i].voice != NULL) {
            voice_step(channel->links[i].voice);
            while (voice_next(channel->links[i].voice, &r)) {
                take(channel, &channel->links[i], &r);
            }
        }
    }
}

/* sofia-sip does not show the descriptor that it waits with. */
static int channel_descriptor(void *self) {
    (void)self;
    return -1;
}

static int64_t channel_due_ns(void *self) {
    const voice_channel *channel = self;
    int64_t step_ms = 0;
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->links[i].voice != NULL) {
            bool is_busy = voice_calls(channel->links[i].voice) > 0;
            step_ms = is_busy ? BUSY_STEP_MS : step_ms == 0 ? IDLE_STEP_MS : step_ms;
        }
    }
    return step_ms == 0 ? INT64_MAX : clock_machine_ns() + step_ms * 1000000;
}

const channel_ops VOICE_CHANNEL = {
    .name = "voice",
    .open = channel_open,
    .set_links = channel_set_links,
    .submit = channel_submit,
    .work = channel_work,
    .descriptor = channel_descriptor,
    .due_ns = channel_due_ns,
    .close = channel_close,
    .silence = "NO_RESULT",
};
