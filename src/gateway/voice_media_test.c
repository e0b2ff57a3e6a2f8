#include "gateway/voice_media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"

/* ITU-T G.191's values for the ends and around zero. */
static void test_alaw(void **state) {
    (void)state;
    static const struct {
        int16_t sample;
        uint8_t alaw;
    } KNOWN[] = {{0, 0xD5},   {8, 0xD5},     {16, 0xD4},     {-1, 0x55},   {-8, 0x55},
                 {-17, 0x54}, {32767, 0xAA}, {-32768, 0x2A}, {1000, 0xFA}, {-1000, 0x7A}};
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        assert_int_equal(voice_alaw(KNOWN[i].sample), KNOWN[i].alaw);
    }
}

static size_t make_wav(uint8_t *out, uint8_t kind, uint8_t channels, uint16_t rate, uint8_t width, size_t data) {
    const uint8_t head[] = {'R',
                            'I',
                            'F',
                            'F',
                            0,
                            0,
                            0,
                            0,
                            'W',
                            'A',
                            'V',
                            'E',
                            'f',
                            'm',
                            't',
                            ' ',
                            16,
                            0,
                            0,
                            0,
                            kind,
                            0,
                            channels,
                            0,
                            (uint8_t)rate,
                            (uint8_t)(rate >> 8),
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            2,
                            0,
                            width,
                            0,
                            'd',
                            'a',
                            't',
                            'a',
                            (uint8_t)data,
                            (uint8_t)(data >> 8),
                            0,
                            0};
    memcpy(out, head, sizeof head);
    memset(out + sizeof head, 0, data);
    return sizeof head + data;
}

static void test_wav(void **state) {
    (void)state;
    uint8_t file[2048], *alaw;
    size_t count, bytes = make_wav(file, 1, 1, 8000, 16, 320);
    sluice_error error;
    assert_int_equal(voice_wav_read(file, bytes, &alaw, &count, &error), SLUICE_OK);
    assert_int_equal(count, 160);
    assert_int_equal(alaw[0], 0xD5);
    memory_free(alaw);
    bytes = make_wav(file, 6, 1, 8000, 8, 160);
    assert_int_equal(voice_wav_read(file, bytes, &alaw, &count, &error), SLUICE_OK);
    assert_int_equal(count, 160);
    memory_free(alaw);
    for (size_t cut = 0; cut < 44; cut++) {
        assert_int_equal(voice_wav_read(file, cut, &alaw, &count, &error), SLUICE_E_INPUT);
    }
    bytes = make_wav(file, 1, 2, 8000, 16, 320);
    assert_int_equal(voice_wav_read(file, bytes, &alaw, &count, &error), SLUICE_E_INPUT);
    bytes = make_wav(file, 1, 1, 44100, 16, 320);
    assert_int_equal(voice_wav_read(file, bytes, &alaw, &count, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "8000 Hz"));
}

static void test_keys(void **state) {
    (void)state;
    uint8_t packet[16] = {0x80, 101, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0x8A, 0x03, 0x20};
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 101), '1');
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 96), 0);
    for (size_t cut = 0; cut < sizeof packet; cut++) {
        assert_int_equal(voice_key_of_rtp(packet, cut, 101), 0);
    }
    packet[13] = 0x0A; /* it goes on */
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 101), 0);
    packet[13] = 0x80;
    packet[12] = 16; /* flash */
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 101), 0);
    packet[12] = 11;
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 101), '#');
    packet[0] = 0x8F; /* fifteen sources that are not there */
    assert_int_equal(voice_key_of_rtp(packet, sizeof packet, 101), 0);
    assert_int_equal(voice_key_of_info(TEXT("Signal=1\r\nDuration=160\r\n")), '1');
    assert_int_equal(voice_key_of_info(TEXT("Duration=160\r\nSignal= *\r\n")), '*');
    assert_int_equal(voice_key_of_info(TEXT("5")), '5');
    assert_int_equal(voice_key_of_info(TEXT("Signal=12")), 0);
    assert_int_equal(voice_key_of_info(TEXT("")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alaw),
        cmocka_unit_test(test_wav),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
