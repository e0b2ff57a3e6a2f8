#include "server/cursor_private.h"

#include <sodium.h>
#include <string.h>

#define SEAL_BYTES 16

static void seal_of(const unsigned char key[32], const char *route, const char *place, size_t length,
                    unsigned char seal_out[SEAL_BYTES]) {
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, key, 32, SEAL_BYTES);
    (void)crypto_generichash_update(&state, (const unsigned char *)route, strlen(route) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)place, length);
    (void)crypto_generichash_final(&state, seal_out, SEAL_BYTES);
}

sluice_text cursor_seal(const unsigned char key[32], const char *route, sluice_text place, arena *a) {
    unsigned char bytes[CURSOR_PLACE_BYTES_MAX + SEAL_BYTES];
    sluice_text none = {NULL, 0};
    if (place.length > CURSOR_PLACE_BYTES_MAX) {
        return none;
    }
    if (place.length > 0) {
        memcpy(bytes, place.data, place.length);
    }
    seal_of(key, route, place.data, place.length, bytes + place.length);
    size_t room = sodium_base64_encoded_len(place.length + SEAL_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(a, room);
    if (text == NULL) {
        return none;
    }
    (void)sodium_bin2base64(text, room, bytes, place.length + SEAL_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (sluice_text){text, strlen(text)};
}

bool cursor_open(const unsigned char key[32], const char *route, sluice_text cursor, arena *a, sluice_text *place_out) {
    unsigned char bytes[CURSOR_PLACE_BYTES_MAX + SEAL_BYTES], seal[SEAL_BYTES];
    size_t length = 0;
    if (sodium_base642bin(bytes, sizeof bytes, cursor.data, cursor.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length < SEAL_BYTES) {
        return false;
    }
    length -= SEAL_BYTES;
    seal_of(key, route, (const char *)bytes, length, seal);
    if (sodium_memcmp(seal, bytes + length, SEAL_BYTES) != 0) {
        return false;
    }
    const char *copy = arena_copy(a, bytes, length);
    *place_out = (sluice_text){copy, length};
    return copy != NULL;
}
