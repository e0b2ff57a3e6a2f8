#include "desk/mask.h"

#include "base/columns.h"

/* The first `head` and the last `tail` characters stay; "***" when less than two would be hidden. */
static sluice_text keep(sluice_text text, size_t head, size_t tail, const char *stars, arena *a) {
    size_t count = 0;
    for (const char *at = text.data, *end = columns_end(text); at < end; count++) {
        (void)columns_next_character(&at, end);
    }
    if (count < head + tail + 2) {
        head = 0;
        tail = 0;
        stars = "***";
    }
    size_t from = 0, to = text.length, index = 0;
    for (const char *at = text.data, *end = columns_end(text); at < end; index++) {
        from = index == head ? (size_t)(at - text.data) : from;
        to = index == count - tail ? (size_t)(at - text.data) : to;
        (void)columns_next_character(&at, end);
    }
    to = tail == 0 ? text.length : to;
    size_t star_bytes = strlen(stars), length = from + star_bytes + text.length - to;
    char *copy = arena_alloc(a, length + 1);
    if (copy == NULL) {
        return (sluice_text){0};
    }
    memcpy(copy, text.data, from);
    memcpy(copy + from, stars, star_bytes);
    memcpy(copy + from + star_bytes, text.data + to, text.length - to);
    return (sluice_text){copy, length};
}

static bool is_kind(sluice_text kind, const char *name) {
    return text_equal(kind, text_of(name));
}

static sluice_text mask_key(sluice_text key, arena *a) {
    sluice_text kind, value;
    if (!text_split(key, ':', &kind, &value)) {
        return mask_text(SECRECY_WORDS, key, a);
    }
    bool open = is_kind(kind, "outlet") || is_kind(kind, "unit") || is_kind(kind, "atm") || is_kind(kind, "pos") ||
                is_kind(kind, "case");
    if (open) {
        return key;
    }
    sluice_text masked =
        is_kind(kind, "phone") ? keep(value, value.data[0] == '+' ? 6 : 3, 4, "****", a) : keep(value, 4, 4, "****", a);
    char *copy = masked.data == NULL ? NULL : arena_alloc(a, kind.length + 1 + masked.length);
    if (copy == NULL) {
        return (sluice_text){0};
    }
    memcpy(copy, kind.data, kind.length);
    copy[kind.length] = ':';
    memcpy(copy + kind.length + 1, masked.data, masked.length);
    return (sluice_text){copy, kind.length + 1 + masked.length};
}

sluice_text mask_text(field_secrecy secrecy, sluice_text text, arena *a) {
    if (text.length == 0) {
        return text;
    }
    switch (secrecy) {
    case SECRECY_NONE:
        return text;
    case SECRECY_NAME: {
        const char *at = text.data;
        (void)columns_next_character(&at, columns_end(text));
        size_t first = (size_t)(at - text.data);
        char *copy = arena_alloc(a, first + 2);
        if (copy == NULL) {
            return (sluice_text){0};
        }
        memcpy(copy, text.data, first);
        memcpy(copy + first, "**", 2);
        return (sluice_text){copy, first + 2};
    }
    case SECRECY_PHONE:
        return keep(text, text.data[0] == '+' ? 6 : 3, 4, "****", a);
    case SECRECY_ACCOUNT:
        return keep(text, 4, 4, "********", a);
    case SECRECY_IDENTITY:
        return keep(text, 0, 4, "**************", a);
    case SECRECY_ADDRESS:
        return keep(text, 6, 0, "***", a);
    case SECRECY_KEY:
        return mask_key(text, a);
    case SECRECY_WORDS:
    case SECRECY_SECRET:
        break;
    }
    static const char HIDDEN[] = "***";
    return (sluice_text){HIDDEN, 3};
}
