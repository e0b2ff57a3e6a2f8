#include "gateway/mail_message.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

enum {
    ADDRESS_BYTES_MAX = 254,
    WORD_BYTES_MAX = 42, /* of text in one encoded word: 56 of base64 and 12 around them, below 75 */
    LINE_BYTES_MAX = 70,
};

bool mail_address_is_valid(sluice_text address) {
    size_t at_signs = 0;
    for (size_t i = 0; i < address.length; i++) {
        unsigned char c = (unsigned char)address.data[i];
        if (c <= ' ' || c >= 0x7F || strchr("<>()[]\\,;:\"", c) != NULL) {
            return false;
        }
        at_signs += c == '@';
    }
    return at_signs == 1 && address.length <= ADDRESS_BYTES_MAX && address.data[0] != '@' &&
           address.data[address.length - 1] != '@';
}

static bool is_plain(sluice_text value) {
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (c < ' ' || c >= 0x7F || (c == '=' && i + 1 < value.length && value.data[i + 1] == '?')) {
            return false;
        }
    }
    return value.length <= LINE_BYTES_MAX;
}

/* As many bytes as fit into one word, and whole characters. */
static size_t word_bytes(sluice_text rest) {
    size_t bytes = rest.length < WORD_BYTES_MAX ? rest.length : WORD_BYTES_MAX;
    while (bytes > 1 && bytes < rest.length && ((unsigned char)rest.data[bytes] & 0xC0) == 0x80) {
        bytes--;
    }
    return bytes;
}

static void write_words(text_writer *out, sluice_text value, const char *between) {
    unsigned char coded[64];
    for (size_t at = 0; at < value.length;) {
        size_t bytes = word_bytes((sluice_text){value.data + at, value.length - at});
        (void)EVP_EncodeBlock(coded, (const unsigned char *)value.data + at, (int)bytes);
        text_printf(out, "%s=?UTF-8?B?%s?=", at == 0 ? "" : between, (const char *)coded);
        at += bytes;
    }
}

void mail_write_header(text_writer *out, const char *name, sluice_text value) {
    text_printf(out, "%s: ", name);
    if (is_plain(value)) {
        text_write(out, value);
    } else {
        write_words(out, value, "\r\n ");
    }
}

void mail_write_date(text_writer *out, int64_t now_ms) {
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / 1000 + 8 * 3600);
    struct tm t = {0};
    (void)gmtime_r(&seconds, &t);
    text_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0800", DAYS[t.tm_wday], t.tm_mday, MONTHS[t.tm_mon],
                t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static sluice_text without_folders(sluice_text name) {
    for (size_t i = name.length; i > 0; i--) {
        if (name.data[i - 1] == '/' || name.data[i - 1] == '\\') {
            return (sluice_text){name.data + i, name.length - i};
        }
    }
    return name;
}

void mail_write_disposition(text_writer *out, sluice_text name) {
    name = without_folders(name);
    name = name.length == 0 ? TEXT("attachment") : name;
    text_write(out, TEXT("Content-Disposition: attachment;\r\n filename=\""));
    if (is_plain(name) && memchr(name.data, '"', name.length) == NULL) {
        text_write(out, name);
        text_write_char(out, '"');
        return;
    }
    write_words(out, name, " ");
    text_write(out, TEXT("\";\r\n filename*=UTF-8''"));
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool is_kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                       c == '-' || c == '_';
        if (is_kept) {
            text_write_char(out, (char)c);
        } else {
            text_printf(out, "%%%02X", c);
        }
    }
}
