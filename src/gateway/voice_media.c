#include "gateway/voice_media.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "sys/random.h"

enum { RTP_BYTES = 12, PACKET_BYTES_MAX = 2048, SILENCE = 0xD5, WAV_PCM = 1, WAV_ALAW = 6, RATE = 8000 };

/* ITU-T G.711, table 1: sign, segment, and four bits within it; even bits inverted. */
uint8_t voice_alaw(int16_t sample) {
    int magnitude = sample >= 0 ? sample >> 3 : (-1 - (int)sample) >> 3;
    int segment = 0;
    uint8_t mask = sample >= 0 ? 0xD5 : 0x55;
    while (segment < 7 && magnitude > (0x20 << segment) - 1) {
        segment++;
    }
    int within = segment < 2 ? magnitude >> 1 : magnitude >> segment;
    return (uint8_t)(((segment << 4) | (within & 0xF)) ^ mask);
}

static uint32_t little(const uint8_t *bytes, size_t count) {
    uint32_t value = 0;
    for (size_t i = count; i > 0; i--) {
        value = value << 8 | bytes[i - 1];
    }
    return value;
}

/* A chunk of the RIFF file; NULL: it is not there, or not whole. */
static const uint8_t *find_chunk(const uint8_t *file, size_t bytes, const char *name, size_t *count_out) {
    for (size_t at = 12; at + 8 <= bytes;) {
        size_t count = little(file + at + 4, 4);
        if (memcmp(file + at, name, 4) == 0) {
            *count_out = count < bytes - at - 8 ? count : bytes - at - 8;
            return file + at + 8;
        }
        if (count > bytes - at - 8) {
            return NULL;
        }
        at += 8 + count + (count & 1);
    }
    return NULL;
}

sluice_result voice_wav_read(const uint8_t *file, size_t bytes, uint8_t **alaw_out, size_t *count_out,
                             sluice_error *error) {
    size_t format_bytes = 0, count = 0;
    *alaw_out = NULL;
    bool is_wav = bytes > 12 && memcmp(file, "RIFF", 4) == 0 && memcmp(file + 8, "WAVE", 4) == 0;
    const uint8_t *format = is_wav ? find_chunk(file, bytes, "fmt ", &format_bytes) : NULL;
    const uint8_t *data = is_wav ? find_chunk(file, bytes, "data", &count) : NULL;
    if (format == NULL || format_bytes < 16 || data == NULL || count == 0) {
        return error_set(error, SLUICE_E_INPUT, "a WAV file with sound in it is expected");
    }
    uint32_t kind = little(format, 2), width = little(format + 14, 2);
    bool is_ours = little(format + 2, 2) == 1 && little(format + 4, 4) == RATE &&
                   ((kind == WAV_ALAW && width == 8) || (kind == WAV_PCM && width == 16));
    if (!is_ours) {
        return error_set(error, SLUICE_E_INPUT, "one channel at 8000 Hz, A-law or 16-bit PCM, is expected");
    }
    count = kind == WAV_ALAW ? count : count / 2;
    uint8_t *alaw = memory_new(count);
    if (alaw == NULL) {
        return error_no_memory(error, count);
    }
    for (size_t i = 0; i < count; i++) {
        alaw[i] = kind == WAV_ALAW ? data[i] : voice_alaw((int16_t)(uint16_t)little(data + i * 2, 2));
    }
    *alaw_out = alaw;
    *count_out = count;
    return SLUICE_OK;
}

/* ---- keys ---- */

static const char KEYS[] = "0123456789*#ABCD";

/* RFC 4733, 2.3: event, end bit and volume, duration. */
char voice_key_of_rtp(const uint8_t *packet, size_t bytes, uint8_t payload) {
    size_t head = bytes < RTP_BYTES ? SIZE_MAX : RTP_BYTES + 4 * (size_t)(packet[0] & 0x0F);
    if (bytes < RTP_BYTES || packet[0] >> 6 != 2 || (packet[1] & 0x7F) != payload || bytes < head + 4) {
        return 0;
    }
    bool is_end = (packet[head + 1] & 0x80) != 0;
    return is_end && packet[head] < sizeof KEYS - 1 ? KEYS[packet[head]] : 0;
}

char voice_key_of_info(sluice_text body) {
    sluice_text line, rest = body, name, value;
    for (bool more = true; more;) {
        more = text_split(rest, '\n', &line, &rest);
        line = text_trim(line);
        if (text_split(line, '=', &name, &value)) {
            value = text_equal(text_trim(name), TEXT("Signal")) ? text_trim(value) : (sluice_text){0};
        } else {
            value = line;
        }
        if (value.length == 1 && memchr(KEYS, value.data[0], sizeof KEYS - 1) != NULL) {
            return value.data[0];
        }
    }
    return 0;
}

/* ---- RTP ---- */

sluice_result voice_rtp_open(voice_rtp *rtp, const struct sockaddr_in *peer, struct sockaddr_in *local_out,
                             sluice_error *error) {
    socklen_t bytes = sizeof *local_out;
    int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    *rtp = (voice_rtp){.socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    bool opened = probe >= 0 && rtp->socket >= 0 && connect(probe, (const struct sockaddr *)peer, sizeof *peer) == 0 &&
                  getsockname(probe, (struct sockaddr *)local_out, &bytes) == 0;
    local_out->sin_port = 0;
    opened = opened && bind(rtp->socket, (struct sockaddr *)local_out, sizeof *local_out) == 0 &&
             getsockname(rtp->socket, (struct sockaddr *)local_out, &bytes) == 0 &&
             random_secret(&rtp->source, sizeof rtp->source) && random_secret(&rtp->sequence, sizeof rtp->sequence) &&
             random_secret(&rtp->time, sizeof rtp->time);
    sluice_result result =
        opened ? SLUICE_OK : error_set(error, SLUICE_E_IO, "no socket for a call: %s", strerror(errno));
    if (probe >= 0) {
        close(probe);
    }
    if (!opened) {
        voice_rtp_close(rtp);
    }
    return result;
}

void voice_rtp_close(voice_rtp *rtp) {
    if (rtp->socket >= 0) {
        close(rtp->socket);
    }
    rtp->socket = -1;
}

void voice_rtp_send(voice_rtp *rtp, const uint8_t *alaw, size_t count, bool is_first) {
    uint8_t packet[RTP_BYTES + VOICE_FRAME_BYTES] = {0x80, (uint8_t)(VOICE_ALAW_PAYLOAD | (is_first ? 0x80 : 0))};
    uint16_t sequence = htons(rtp->sequence++);
    uint32_t time = htonl(rtp->time), source = htonl(rtp->source);
    memcpy(packet + 2, &sequence, sizeof sequence);
    memcpy(packet + 4, &time, sizeof time);
    memcpy(packet + 8, &source, sizeof source);
    memset(packet + RTP_BYTES, SILENCE, VOICE_FRAME_BYTES);
    if (count > 0) {
        memcpy(packet + RTP_BYTES, alaw, count < VOICE_FRAME_BYTES ? count : VOICE_FRAME_BYTES);
    }
    rtp->time += VOICE_FRAME_BYTES;
    (void)sendto(rtp->socket, packet, sizeof packet, MSG_NOSIGNAL, (struct sockaddr *)&rtp->to, sizeof rtp->to);
}

char voice_rtp_key(const voice_rtp *rtp) {
    uint8_t packet[PACKET_BYTES_MAX];
    for (int i = 0; i < 100; i++) {
        ssize_t got = recv(rtp->socket, packet, sizeof packet, 0);
        if (got < 0) {
            return 0;
        }
        char key = voice_key_of_rtp(packet, (size_t)got, VOICE_KEY_PAYLOAD);
        if (key != 0) {
            return key;
        }
    }
    return 0;
}
