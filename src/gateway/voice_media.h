/* What is said and heard in a call: WAV files, G.711, RTP (RFC 3550, 3551) and keys (RFC 4733). One thread. */
#ifndef GATEWAY_VOICE_MEDIA_H
#define GATEWAY_VOICE_MEDIA_H

#include <netinet/in.h>

#include "base/text.h"

enum { VOICE_FRAME_BYTES = 160, VOICE_FRAME_MS = 20, VOICE_KEY_PAYLOAD = 101, VOICE_ALAW_PAYLOAD = 8 };

/* A WAV file of one channel at 8,000 Hz, A-law or 16-bit PCM, as A-law. `*alaw_out` is memory_free's. Errors: INPUT
 * with what was expected; NO_MEMORY. */
SLUICE_MUST_USE sluice_result voice_wav_read(const uint8_t *file, size_t bytes, uint8_t **alaw_out, size_t *count_out,
                                             sluice_error *error);
/* G.711 */
uint8_t voice_alaw(int16_t sample);

/* The key of an RTP packet of telephone events, at the end of the event; 0: none. */
char voice_key_of_rtp(const uint8_t *packet, size_t bytes, uint8_t payload);
/* The key of an INFO body, application/dtmf-relay ("Signal=1") or application/dtmf ("1"); 0: none. */
char voice_key_of_info(sluice_text body);

typedef struct voice_rtp {
    int socket; /* -1: none */
    struct sockaddr_in to;
    uint16_t sequence;
    uint32_t time, source;
} voice_rtp;

/* A socket at the local address that leads to `peer`; the port is in local_out. */
SLUICE_MUST_USE sluice_result voice_rtp_open(voice_rtp *rtp, const struct sockaddr_in *peer,
                                             struct sockaddr_in *local_out, sluice_error *error);
void voice_rtp_close(voice_rtp *rtp);
/* One frame of 20 ms; shorter ones are filled with silence. */
void voice_rtp_send(voice_rtp *rtp, const uint8_t *alaw, size_t count, bool is_first);
/* The next key that came; 0: none waits. */
char voice_rtp_key(const voice_rtp *rtp);

#endif
