/* Names: subject.feature or subject.feature_W. What does not parse is told what it could have been: the known name with
 * the fewest single-letter changes (Levenshtein), among all subjects and forms. */
#include "feature/feature_table.h"

#include <stdio.h>

#include "base/time.h"

#define HINT_BYTES_MAX 48u
#define NAME_BYTES_MAX 100u

#define FEATURE_ROW(id, who, text, form, kind, measure, english, chinese)                                              \
    [FEATURE_##id] = {.name = (text),                                                                                  \
                      .en = (english),                                                                                 \
                      .zh = (chinese),                                                                                 \
                      .of = OF_##who,                                                                                  \
                      .is_windowed = (form) == WINDOW,                                                                 \
                      .type = FEATURE_##kind,                                                                          \
                      .unit = FEATURE_UNIT_##measure},
const feature_row feature_table[FEATURE_IDS] = {FEATURE_TABLE(FEATURE_ROW)};

const char *const feature_subject_names[SUBJECTS] = {
    [SUBJECT_TRANSFER] = "transfer", [SUBJECT_PAYER] = "payer",   [SUBJECT_PAYEE] = "payee",
    [SUBJECT_PAIR] = "pair",         [SUBJECT_DEVICE] = "device", [SUBJECT_IP] = "ip",
};

bool feature_is_of(feature_id id, feature_subject subject) {
    switch (feature_table[id].of) {
    case OF_TRANSFER:
        return subject == SUBJECT_TRANSFER;
    case OF_ACCOUNT:
        return subject == SUBJECT_PAYER || subject == SUBJECT_PAYEE;
    case OF_PAYER:
        return subject == SUBJECT_PAYER;
    case OF_PAIR:
        return subject == SUBJECT_PAIR;
    case OF_PLACE:
        return subject == SUBJECT_DEVICE || subject == SUBJECT_IP;
    }
    return false;
}

/* "in_count_1h" → "in_count", "1h"; false when there is no window at its end. */
static bool split_window(sluice_text feature, sluice_text *base_out, sluice_text *window_out, int64_t *window_ms_out) {
    for (size_t i = feature.length; i-- > 0;) {
        if (feature.data[i] == '_') {
            *base_out = (sluice_text){feature.data, i};
            *window_out = (sluice_text){feature.data + i + 1, feature.length - i - 1};
            return time_duration_parse(*window_out, window_ms_out);
        }
    }
    return false;
}

static feature_id find(feature_subject subject, sluice_text feature, bool is_windowed) {
    for (feature_id id = 0; id < FEATURE_IDS; id++) {
        if (feature_is_of(id, subject) && feature_table[id].is_windowed == is_windowed &&
            text_equal(feature, text_of(feature_table[id].name))) {
            return id;
        }
    }
    return FEATURE_IDS;
}

/* A long name's place in a message. */
static int shown(sluice_text text) {
    return (int)(text.length > 60 ? 60 : text.length);
}

static void no_such(sluice_text name, char reason_out[FEATURE_REASON_BYTES]) {
    sluice_text subject, feature, base = {0}, window = {0};
    int64_t window_ms;
    (void)text_split(name, '.', &subject, &feature);
    bool has_window = split_window(feature, &base, &window, &window_ms);
    size_t best = SIZE_MAX;
    char hint[2 * HINT_BYTES_MAX + 32] = "";
    for (feature_subject s = 0; s < SUBJECTS; s++) {
        size_t apart = text_distance(subject, text_of(feature_subject_names[s]));
        for (feature_id id = 0; id < FEATURE_IDS; id++) {
            const feature_row *row = &feature_table[id];
            if (!feature_is_of(id, s)) {
                continue;
            }
            bool keeps_window = row->is_windowed && has_window;
            size_t d = text_distance(keeps_window ? base : feature, text_of(row->name));
            if (d == SIZE_MAX || apart == SIZE_MAX) {
                continue; /* too long to be near anything */
            }
            d += row->is_windowed && !has_window; /* a window is missing */
            if (d + apart < best) {
                best = d + apart;
                (void)snprintf(hint, sizeof hint, "%s.%s%s%.*s", feature_subject_names[s], row->name,
                               row->is_windowed ? "_" : "",
                               keeps_window       ? shown(window)
                               : row->is_windowed ? 2
                                                  : 0,
                               keeps_window ? window.data : "1h");
            }
        }
    }
    (void)snprintf(reason_out, FEATURE_REASON_BYTES,
                   "there is no feature \"%.*s\"%s%s%s; docs/features.md lists all of them", shown(name), name.data,
                   hint[0] != '\0' ? ": did you mean \"" : "", hint, hint[0] != '\0' ? "\"" : "");
}

bool feature_parse(sluice_text name, feature_meaning *meaning_out, char reason_out[FEATURE_REASON_BYTES]) {
    sluice_text subject_text, feature, base, window;
    int64_t window_ms = 0;
    if (name.length > NAME_BYTES_MAX) {
        name.length = NAME_BYTES_MAX; /* longer than any feature's: it is not one, and is cut in the message */
    }
    (void)text_split(name, '.', &subject_text, &feature);
    for (feature_subject s = 0; s < SUBJECTS; s++) {
        if (!text_equal(subject_text, text_of(feature_subject_names[s]))) {
            continue;
        }
        feature_id id = find(s, feature, false);
        if (id != FEATURE_IDS) {
            *meaning_out = (feature_meaning){s, id, 0};
            return true;
        }
        if (!split_window(feature, &base, &window, &window_ms)) {
            break;
        }
        id = find(s, base, true);
        if (id != FEATURE_IDS && name.length < NAME_BYTES_MAX && window_ms > 0 && window_ms <= FEATURE_WINDOW_MS_MAX) {
            *meaning_out = (feature_meaning){s, id, window_ms};
            return true;
        }
        if (id != FEATURE_IDS) {
            (void)snprintf(reason_out, FEATURE_REASON_BYTES,
                           "the window \"%.*s\" of \"%.*s\" is not between 1ms and 366d: write 10m, 1h, 36h or 30d",
                           shown(window), window.data, shown(name), name.data);
            return false;
        }
    }
    no_such(name, reason_out);
    return false;
}
