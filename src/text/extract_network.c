/* URLs, mail and wallets: runs of ASCII, told by their form and, for wallets, by the hash that they carry. */
#include <string.h>

#include "base/hash.h"
#include "text/extract_private.h"

/* ---- URLs and mail ---- */

/* Of the domains that are bare, without a scheme, only those with an ending that is one. */
static const char ENDINGS[] =
    "com|cn|net|org|gov|edu|top|xyz|cc|vip|club|site|online|shop|info|io|app|me|co|tv|pro|live|work|fun|ltd|icu|link|"
    "wang|store|tech|hk|tw|biz|asia|mobi|win|bid|loan|space|website|world|group|life|today|ink|red|kim|run|city|fit|ws|"
    "la|sh|im|us|uk|jp|kr|sg|my|ph|vn|th|ru|de|in|to|gg|ai|dev|cloud";

static bool is_host(uint32_t c) {
    return scan_is_digit(c) || scan_is_letter(c) || c == '-' || c == '.';
}

static bool is_path(uint32_t c) {
    return c > 0x20 && c < 0x7F && strchr("\"<>\\^`{|}", (int)c) == NULL;
}

/* Where the host that begins at i ends; i: it is none. */
static size_t host_end(const scan *s, size_t i) {
    size_t end = i, dot = i, dots = 0;
    while (is_host(s->c[end])) {
        if (s->c[end] == '.') {
            dot = end;
            dots++;
        }
        end++;
    }
    while (end > i && (s->c[end - 1] == '.' || s->c[end - 1] == '-')) {
        end--;
    }
    return dots > 0 && dot < end && dot > i ? end : i;
}

static bool has_known_ending(const scan *s, size_t from, size_t end) {
    size_t dot = end;
    while (dot > from && s->c[dot - 1] != '.') {
        dot--;
    }
    return dot > from && end > dot && scan_word(s, dot, ENDINGS) == end - dot;
}

/* Path and query, without the punctuation that ends the sentence around it. */
static size_t path_end(const scan *s, size_t end) {
    size_t at = end;
    if (s->c[at] == ':' && scan_is_digit(s->c[at + 1])) {
        for (at++; scan_is_digit(s->c[at]); at++) {
        }
    }
    if (s->c[at] != '/' && s->c[at] != '?' && s->c[at] != '#') {
        return at;
    }
    while (is_path(s->c[at])) {
        at++;
    }
    while (at > end && strchr(".,;:!?)'", (int)s->c[at - 1]) != NULL) {
        at--;
    }
    return at;
}

static size_t take_url(scan *s, size_t i) {
    size_t scheme = scan_word(s, i, "https://|http://");
    size_t host = i + scheme, end = host_end(s, host);
    if (end == host || (scheme == 0 && !has_known_ending(s, host, end))) {
        return i;
    }
    end = path_end(s, end);
    (void)scan_add(s, EXTRACT_URL, i, end, scheme > 0 ? 95 : 80, scan_copy(s, i, end, false));
    return end;
}

static size_t take_mail(scan *s, size_t i) {
    size_t at = i;
    while (is_host(s->c[at]) || s->c[at] == '_' || s->c[at] == '+') {
        at++;
    }
    if (at == i || s->c[at] != '@') {
        return i;
    }
    size_t end = host_end(s, at + 1);
    if (end == at + 1) {
        return i;
    }
    (void)scan_add(s, EXTRACT_EMAIL, i, end, 90, scan_copy(s, i, end, false));
    return end;
}

/* ---- wallets ---- */

static const char BASE58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* The 25 bytes of a Base58Check address; false: it is no such number. */
static bool base58_decode(const scan *s, size_t from, size_t to, unsigned char bytes[25]) {
    memset(bytes, 0, 25);
    for (size_t i = from; i < to; i++) {
        const char *digit = s->c[i] < 0x80 ? strchr(BASE58, (int)s->c[i]) : NULL;
        if (digit == NULL || *digit == '\0') {
            return false;
        }
        unsigned carry = (unsigned)(digit - BASE58);
        for (size_t k = 25; k > 0; k--) {
            carry += 58u * bytes[k - 1];
            bytes[k - 1] = (unsigned char)carry;
            carry >>= 8;
        }
        if (carry != 0) {
            return false;
        }
    }
    return true;
}

static unsigned hex_value(char c) {
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static bool sha256_bytes(const unsigned char *data, size_t length, unsigned char out[32]) {
    char hex[SHA256_HEX_BYTES];
    sluice_error ignored;
    if (sha256_of(data, length, hex, &ignored) != SLUICE_OK) {
        return false;
    }
    for (size_t i = 0; i < 32; i++) {
        out[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    }
    return true;
}

/* The last four bytes are the beginning of SHA-256(SHA-256(the rest)). */
static bool base58_checks(const scan *s, size_t from, size_t to) {
    unsigned char bytes[25], once[32], twice[32];
    return base58_decode(s, from, to, bytes) && sha256_bytes(bytes, 21, once) && sha256_bytes(once, 32, twice) &&
           memcmp(bytes + 21, twice, 4) == 0;
}

static bool is_hex(uint32_t c) {
    return scan_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool all_hex(const scan *s, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        if (!is_hex(s->c[i])) {
            return false;
        }
    }
    return true;
}

static size_t take_wallet(scan *s, size_t i) {
    size_t end = i;
    while (scan_is_digit(s->c[end]) || scan_is_letter(s->c[end])) {
        end++;
    }
    size_t length = end - i;
    bool announced = scan_after_label(s, i, "地址|钱包|钱包地址|TRC20|ERC20|USDT|wallet|address");
    int confidence = 0;
    bool checks = false;
    if (length == 42 && scan_word(s, i, "0x") == 2 && all_hex(s, i + 2, end)) {
        confidence = 90;
    } else if (length >= 26 && length <= 35 && (s->c[i] == 'T' || s->c[i] == '1' || s->c[i] == '3')) {
        checks = base58_checks(s, i, end);
        bool is_tron = s->c[i] == 'T' && length == 34;
        confidence = checks ? 97 : is_tron && announced ? 60 : is_tron ? 45 : 0;
    } else if (length >= 42 && length <= 62 && scan_word(s, i, "bc1") == 3) {
        confidence = 85;
    }
    if (confidence == 0) {
        return i;
    }
    extract_item *item = scan_add(s, EXTRACT_WALLET, i, end, confidence, scan_copy(s, i, end, false));
    if (item != NULL) {
        item->is_checked = checks;
    }
    return end;
}

void scan_networks(scan *s) {
    bool inside = false; /* of a run that was looked at from its beginning */
    for (size_t i = 0; i < s->count;) {
        bool is_run = is_host(s->c[i]) || s->c[i] == '_' || s->c[i] == '+';
        if (!is_run || inside) {
            inside = is_run;
            i++;
            continue;
        }
        size_t end = take_mail(s, i);
        end = end == i ? take_url(s, i) : end;
        end = end == i ? take_wallet(s, i) : end;
        inside = end == i;
        i = end == i ? i + 1 : end;
    }
}
