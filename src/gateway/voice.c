/* SIP through sofia-sip's user agent (nua), which runs inside voice_step; its media half is off, because the offer is
 * one line and the answer's address and port are all that we want of it. */
#include "gateway/voice.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>

#define NUA_MAGIC_T voice
#define NUA_HMAGIC_T voice_call
typedef struct voice_call voice_call;

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_wait.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/voice_media.h"
#include "sys/clock.h"

static const int64_t MS_NS = 1000000;
enum { CALLS_MAX = 200, CLOSE_STEPS = 200 };

typedef enum call_state {
    CALL_DIALLED,
    CALL_TRYING,
    CALL_CANCELLED,
    CALL_SPEAKING,
    CALL_LEAVING,
    CALL_OVER
} call_state;

struct voice_call {
    voice *voice;
    voice_call *next;
    uint64_t id;
    nua_handle_t *handle;
    call_state state;
    voice_rtp rtp;
    int64_t deadline_ns, frame_ns;
    uint8_t *alaw;
    size_t bytes, at;
    uint32_t said; /* whole times */
    int64_t frames;
    bool was_challenged;
    char key;
};

struct voice {
    voice_settings settings;
    arena texts;
    su_root_t *root;
    nua_t *nua;
    struct sockaddr_in peer;
    voice_call *calls;
    uint32_t count;
    bool is_down;
    voice_result *results;
    size_t result_first, result_count, result_capacity;
};

voice_settings voice_settings_defaults(void) {
    return (voice_settings){.user = "",
                            .password = "",
                            .caller = "96110",
                            .confirm_key = '1',
                            .repeats = 2,
                            .ring_ms = 45000,
                            .listen_ms = 5000,
                            .setup_ms = 15000,
                            .calls_max = 8};
}

/* ---- results ---- */

static void push(voice *v, voice_result result) {
    if (v->result_first > 0 && v->result_first == v->result_count) {
        v->result_first = v->result_count = 0;
    }
    if (ARRAY_RESERVE(v->results, v->result_capacity, v->result_count + 1)) {
        v->results[v->result_count++] = result;
    }
}

bool voice_next(voice *v, voice_result *result_out) {
    if (v->result_first == v->result_count) {
        return false;
    }
    *result_out = v->results[v->result_first++];
    return true;
}

static void end_call(voice_call *call, voice_outcome outcome, int status, bool may_retry, const char *reason) {
    if (call->state != CALL_OVER) {
        push(call->voice, (voice_result){.id = call->id,
                                         .outcome = outcome,
                                         .may_retry = may_retry,
                                         .status = status,
                                         .spoken_ms = call->frames * VOICE_FRAME_MS,
                                         .key = call->key,
                                         .reason = reason});
    }
    call->state = CALL_OVER;
}

/* It was answered: what came of that. */
static void end_answered(voice_call *call) {
    bool is_confirmed = call->key != 0 && call->key == call->voice->settings.confirm_key;
    end_call(call, is_confirmed ? VOICE_CONFIRMED : VOICE_ANSWERED, 200, false,
             is_confirmed ? "confirmed" : "answered");
}

/* RFC 3261, 21.4 to 21.6 */
static void end_refused(voice_call *call, int status, bool is_from_peer) {
    switch (status) {
    case 486:
    case 600:
        end_call(call, VOICE_BUSY, status, false, "busy");
        return;
    case 480:
    case 487:
        end_call(call, VOICE_NO_ANSWER, status, false, "no answer");
        return;
    case 603:
    case 607:
        end_call(call, VOICE_DECLINED, status, false, "declined");
        return;
    case 404:
    case 410:
    case 484:
    case 604:
        end_call(call, VOICE_WRONG_NUMBER, status, false, "there is no such number");
        return;
    case 401:
    case 403:
    case 407:
        end_call(call, VOICE_FAILED, status, true, "the carrier does not let us call");
        return;
    case 408:
        if (call->state == CALL_CANCELLED || is_from_peer) {
            end_call(call, VOICE_NO_ANSWER, status, false, "no answer");
            return;
        }
        break;
    default:
        break;
    }
    end_call(call, VOICE_FAILED, status, !is_from_peer || status >= 500,
             is_from_peer ? "the carrier could not connect the call" : "the carrier does not answer");
}

/* ---- SIP ---- */

static void take_media(voice_call *call, const sip_t *sip) {
    su_home_t home[1] = {SU_HOME_INIT(home)};
    sdp_parser_t *parser = sip == NULL || sip->sip_payload == NULL
                               ? NULL
                               : sdp_parse(home, sip->sip_payload->pl_data, (issize_t)sip->sip_payload->pl_len, 0);
    sdp_session_t *session = parser == NULL ? NULL : sdp_session(parser);
    sdp_media_t *media = session == NULL ? NULL : session->sdp_media;
    while (media != NULL && media->m_type != sdp_media_audio) {
        media = media->m_next;
    }
    sdp_connection_t *connection = media == NULL                  ? NULL
                                   : media->m_connections != NULL ? media->m_connections
                                                                  : session->sdp_connection;
    call->rtp.to = (struct sockaddr_in){.sin_family = AF_INET};
    if (connection != NULL && media->m_port > 0 &&
        inet_pton(AF_INET, connection->c_address, &call->rtp.to.sin_addr) == 1) {
        call->rtp.to.sin_port = htons((uint16_t)media->m_port);
    }
    if (parser != NULL) {
        sdp_parser_free(parser);
    }
    su_home_deinit(home);
}

static void answered(voice_call *call, const sip_t *sip) {
    if (call->state == CALL_CANCELLED) { /* our CANCEL and his hand crossed: he hears why we called */
        call->state = CALL_TRYING;
    }
    take_media(call, sip);
    call->state = CALL_SPEAKING;
    call->frame_ns = clock_machine_ns();
    call->deadline_ns = INT64_MAX;
    if (call->rtp.to.sin_port == 0) {
        call->state = CALL_LEAVING; /* nothing can be said */
        call->deadline_ns = call->frame_ns;
    }
}

static void authenticate(voice_call *call, const sip_t *sip, int status) {
    char text[400];
    const voice_settings *s = &call->voice->settings;
    const msg_auth_t *challenge = sip == NULL     ? NULL
                                  : status == 401 ? sip->sip_www_authenticate
                                                  : sip->sip_proxy_authenticate;
    const char *realm = challenge == NULL ? NULL : msg_params_find(challenge->au_params, "realm=");
    if (call->was_challenged || realm == NULL || s->user[0] == 0) {
        end_refused(call, status, true);
        return;
    }
    call->was_challenged = true;
    snprintf(text, sizeof text, "%s:%s:%s:%s", challenge->au_scheme, realm, s->user, s->password);
    nua_authenticate(call->handle, NUTAG_AUTH(text), TAG_END());
    explicit_bzero(text, sizeof text);
}

static void take_invite_answer(voice_call *call, int status, const sip_t *sip) {
    int64_t now_ns = clock_machine_ns();
    if (status == 401 || status == 407) {
        authenticate(call, sip, status);
    } else if (status >= 300) {
        end_refused(call, status, sip != NULL);
    } else if (status >= 200) {
        answered(call, sip);
    } else if (status >= 100 && call->state == CALL_DIALLED) {
        call->state = CALL_TRYING;
        call->deadline_ns = now_ns + call->voice->settings.ring_ms * MS_NS;
        push(call->voice,
             (voice_result){.id = call->id, .outcome = VOICE_TRYING, .status = status, .reason = "ringing"});
    }
}

static void take_key(voice_call *call, char key) {
    if (key != 0 && call->key == 0 && (call->state == CALL_SPEAKING || call->state == CALL_LEAVING)) {
        call->key = key;
        call->state = CALL_LEAVING; /* he has heard enough */
        call->deadline_ns = clock_machine_ns();
    }
}

static void on_event(nua_event_t event, int status, char const *phrase, nua_t *nua, nua_magic_t *magic,
                     nua_handle_t *handle, nua_hmagic_t *hmagic, sip_t const *sip, tagi_t tags[]) {
    voice *v = magic;
    voice_call *call = hmagic;
    (void)phrase;
    (void)nua;
    (void)tags;
    if (event == nua_r_shutdown && status >= 200) {
        v->is_down = true;
    }
    if (call == NULL || call->state == CALL_OVER) {
        if (call == NULL && handle != NULL && event == nua_i_invite) {
            nua_respond(handle, SIP_603_DECLINE, TAG_END()); /* nobody is here to talk to */
            nua_handle_destroy(handle);
        }
        return;
    }
    switch (event) {
    case nua_r_invite:
        take_invite_answer(call, status, sip);
        return;
    case nua_i_bye:
    case nua_r_bye:
        if (call->state == CALL_SPEAKING || call->state == CALL_LEAVING) {
            end_answered(call);
        }
        return;
    case nua_i_info:
        if (sip != NULL && sip->sip_payload != NULL) {
            take_key(call, voice_key_of_info((sluice_text){sip->sip_payload->pl_data, sip->sip_payload->pl_len}));
        }
        return;
    default:
        return;
    }
}

/* ---- opening ---- */

/* Where the peer is, for the choice of our own address. */
static sluice_result find_peer(voice *v, sluice_error *error) {
    char host[256], port[8] = "5060";
    const char *at = v->settings.endpoint;
    bool is_sip = strncmp(at, "sip:", 4) == 0;
    size_t bytes = is_sip ? strcspn(at + 4, ":;") : 0;
    if (bytes == 0 || bytes >= sizeof host) {
        return error_set(error, SLUICE_E_INVALID, "voice: endpoint: one like sip:host:port is expected");
    }
    snprintf(host, sizeof host, "%.*s", (int)bytes, at + 4);
    if (at[4 + bytes] == ':') {
        size_t digits = strspn(at + 5 + bytes, "0123456789");
        snprintf(port, sizeof port, "%.*s", (int)(digits < 5 ? digits : 5), at + 5 + bytes);
    }
    struct addrinfo *found = NULL, hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed != 0) {
        return error_set(error, SLUICE_E_IO, "voice: %s could not be found: %s", host, gai_strerror(failed));
    }
    memcpy(&v->peer, found->ai_addr, sizeof v->peer);
    freeaddrinfo(found);
    return SLUICE_OK;
}

static bool keep(voice *v, const char **text) {
    *text = *text == NULL ? NULL : arena_copy(&v->texts, *text, strlen(*text) + 1);
    return *text != NULL;
}

static void no_log(void *stream, char const *format, va_list arguments) {
    (void)stream;
    (void)format;
    (void)arguments; /* it would show numbers and passwords */
}

static sluice_result start_agent(voice *v, sluice_error *error) {
    voice_rtp probe;
    struct sockaddr_in local;
    char url[64], address[INET_ADDRSTRLEN];
    sluice_result result = voice_rtp_open(&probe, &v->peer, &local, error);
    if (result != SLUICE_OK) {
        return result;
    }
    voice_rtp_close(&probe);
    (void)inet_ntop(AF_INET, &local.sin_addr, address, sizeof address);
    snprintf(url, sizeof url, "sip:%s:*", address);
    if (su_init() != 0) {
        return error_set(error, SLUICE_E_IO, "voice: sofia-sip cannot be used");
    }
    su_log_redirect(NULL, no_log, NULL);
    v->root = su_root_create(NULL);
    if (v->root == NULL) {
        return error_no_memory(error, 4096);
    }
    su_root_threading(v->root, 0); /* inside our thread */
    v->nua = nua_create(v->root, on_event, v, NUTAG_URL(url), NUTAG_MEDIA_ENABLE(0), NUTAG_AUTOACK(1),
                        NUTAG_ALLOW("INVITE, ACK, BYE, CANCEL, OPTIONS, INFO"),
                        NUTAG_OUTBOUND("no-options-keepalive no-validate"), TAG_END());
    return v->nua != NULL ? SLUICE_OK : error_set(error, SLUICE_E_IO, "voice: no address of ours can be used for SIP");
}

sluice_result voice_open(const voice_settings *settings, voice **voice_out, sluice_error *error) {
    voice *v = memory_new_zero(1, sizeof *v);
    *voice_out = v;
    if (v == NULL) {
        return error_no_memory(error, sizeof *v);
    }
    v->settings = *settings;
    voice_settings *s = &v->settings;
    const char *wrong = s->endpoint == NULL                                             ? "endpoint"
                        : s->caller == NULL || strpbrk(s->caller, " @<>\"\r\n") != NULL ? "caller"
                        : s->calls_max == 0 || s->calls_max > CALLS_MAX                 ? "calls_max: 1 to 200"
                        : s->repeats == 0 || s->repeats > 20                            ? "repeats: 1 to 20"
                        : s->ring_ms <= 0 || s->listen_ms < 0 || s->setup_ms <= 0       ? "times"
                                                                                        : NULL;
    sluice_result result = wrong != NULL ? error_set(error, SLUICE_E_INVALID, "voice: %s: not as expected", wrong)
                           : keep(v, &s->endpoint) && keep(v, &s->user) && keep(v, &s->password) && keep(v, &s->caller)
                               ? find_peer(v, error)
                               : error_no_memory(error, 256);
    result = result == SLUICE_OK ? start_agent(v, error) : result;
    if (result != SLUICE_OK) {
        voice_close(voice_out);
    }
    return result;
}

static void free_call(voice *v, voice_call *call) {
    nua_handle_bind(call->handle, NULL);
    nua_handle_destroy(call->handle); /* a call that still is gets its CANCEL or BYE */
    voice_rtp_close(&call->rtp);
    memory_free(call->alaw);
    memory_free(call);
    v->count--;
}

void voice_close(voice **vp) {
    voice *v = *vp;
    if (v == NULL) {
        return;
    }
    while (v->calls != NULL) {
        voice_call *next = v->calls->next;
        free_call(v, v->calls);
        v->calls = next;
    }
    if (v->nua != NULL) {
        nua_shutdown(v->nua);
        for (int i = 0; i < CLOSE_STEPS && !v->is_down; i++) {
            (void)su_root_step(v->root, 5);
        }
        if (v->is_down) {
            nua_destroy(v->nua);
        }
    }
    if (v->root != NULL && (v->nua == NULL || v->is_down)) {
        su_root_destroy(v->root); /* else a peer owes answers, and freeing would be too early */
    }
    memory_free(v->results);
    arena_fini(&v->texts);
    memory_free(v);
    *vp = NULL;
}

/* ---- calls ---- */

static bool is_number(sluice_text number) {
    for (size_t i = 0; i < number.length; i++) {
        bool is_digit = number.data[i] >= '0' && number.data[i] <= '9';
        if (!is_digit && (i > 0 || number.data[i] != '+')) {
            return false;
        }
    }
    return number.length >= 3 && number.length <= 20;
}

static void write_urls(const voice *v, sluice_text number, char to[400], char from[400]) {
    const char *host = v->settings.endpoint + 4;
    snprintf(to, 400, "sip:%.*s@%s", TEXT_ARGS(number), host);
    snprintf(from, 400, "sip:%s@%.*s", v->settings.caller, (int)strcspn(host, ";"), host);
}

static void invite(voice *v, voice_call *call, sluice_text number, const struct sockaddr_in *local) {
    char to[400], from[400], sdp[512], address[INET_ADDRSTRLEN];
    (void)inet_ntop(AF_INET, &local->sin_addr, address, sizeof address);
    write_urls(v, number, to, from);
    snprintf(sdp, sizeof sdp,
             "v=0\r\no=sluice %" PRIu64 " 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %u RTP/AVP 8 101\r\n"
             "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
             "a=sendrecv\r\n",
             call->id, address, address, ntohs(local->sin_port));
    call->handle = nua_handle(v->nua, call, SIPTAG_TO_STR(to), SIPTAG_FROM_STR(from), TAG_END());
    if (call->handle != NULL) {
        nua_invite(call->handle, NUTAG_URL(to), SIPTAG_CONTENT_TYPE_STR("application/sdp"), SIPTAG_PAYLOAD_STR(sdp),
                   TAG_END());
    }
}

sluice_result voice_dial(voice *v, uint64_t id, sluice_text number, const uint8_t *alaw, size_t bytes,
                         sluice_error *error) {
    struct sockaddr_in local;
    if (!is_number(number) || bytes == 0) {
        return error_set(error, SLUICE_E_INPUT, "a phone number of 3 to 20 digits and something to say are expected");
    }
    if (v->count >= v->settings.calls_max) {
        return error_set(error, SLUICE_E_TOO_MANY, "%u calls are under way", v->count);
    }
    voice_call *call = memory_new_zero(1, sizeof *call);
    uint8_t *copy = memory_new(bytes);
    if (call == NULL || copy == NULL) {
        memory_free(call);
        memory_free(copy);
        return error_no_memory(error, sizeof *call + bytes);
    }
    memcpy(copy, alaw, bytes);
    *call = (voice_call){.voice = v, .id = id, .alaw = copy, .bytes = bytes, .rtp = {.socket = -1}};
    sluice_result result = voice_rtp_open(&call->rtp, &v->peer, &local, error);
    if (result == SLUICE_OK) {
        call->deadline_ns = clock_machine_ns() + v->settings.setup_ms * MS_NS;
        invite(v, call, number, &local);
        result = call->handle == NULL ? error_no_memory(error, 1024) : SLUICE_OK;
    }
    if (result != SLUICE_OK) {
        voice_rtp_close(&call->rtp);
        memory_free(copy);
        memory_free(call);
        return result;
    }
    call->next = v->calls;
    v->calls = call;
    v->count++;
    return SLUICE_OK;
}

/* ---- time ---- */

/* Frames that are due; what is said ends in a wait for a key. */
static void speak(voice_call *call, int64_t now_ns) {
    const voice_settings *s = &call->voice->settings;
    take_key(call, voice_rtp_key(&call->rtp));
    while (call->state == CALL_SPEAKING && call->frame_ns <= now_ns) {
        size_t left = call->bytes - call->at;
        voice_rtp_send(&call->rtp, call->alaw + call->at, left, call->frames == 0);
        call->frames++;
        call->frame_ns += VOICE_FRAME_MS * MS_NS;
        call->at += left < VOICE_FRAME_BYTES ? left : VOICE_FRAME_BYTES;
        if (call->at == call->bytes) {
            call->at = 0;
            call->said++;
        }
        if (call->said == s->repeats) {
            call->state = CALL_LEAVING;
            call->deadline_ns = now_ns + s->listen_ms * MS_NS;
        }
    }
}

static void tick(voice_call *call, int64_t now_ns) {
    if (call->state == CALL_SPEAKING || call->state == CALL_LEAVING) {
        speak(call, now_ns);
    }
    if (now_ns < call->deadline_ns) {
        return;
    }
    switch (call->state) {
    case CALL_DIALLED:
        end_call(call, VOICE_FAILED, 0, true, "the carrier does not answer");
        return;
    case CALL_TRYING:
        call->state = CALL_CANCELLED;
        call->deadline_ns = now_ns + call->voice->settings.setup_ms * MS_NS;
        nua_cancel(call->handle, TAG_END());
        return;
    case CALL_CANCELLED:
        end_call(call, VOICE_NO_ANSWER, 0, false, "no answer");
        return;
    case CALL_LEAVING:
        nua_bye(call->handle, TAG_END());
        end_answered(call);
        return;
    case CALL_SPEAKING:
    case CALL_OVER:
        return;
    }
}

void voice_step(voice *v) {
    (void)su_root_step(v->root, 0);
    int64_t now_ns = clock_machine_ns();
    for (voice_call **at = &v->calls; *at != NULL;) {
        voice_call *call = *at;
        tick(call, now_ns);
        if (call->state == CALL_OVER) {
            *at = call->next;
            free_call(v, call);
        } else {
            at = &call->next;
        }
    }
    (void)su_root_step(v->root, 0);
}

uint32_t voice_calls(const voice *v) {
    return v->count;
}
