/* Findings: judgements of single transfers, gathered by subject and typology.
 *
 * A finding is raised at the first transfer whose assessment reaches an action, takes in what follows on the same
 * subject under the same typology, and ends when that was quiet for a while; what comes later raises a new one.
 * Reasons, the model's part and the pattern's transfers are those of its peak, the first transfer with the highest
 * score. One thread. */
#ifndef DETECT_FINDING_H
#define DETECT_FINDING_H

#include "detect/detector.h"

#define FINDING_MODEL_TYPOLOGY UINT32_MAX /* of a model that runs without rules */
#define FINDING_REASONS_MAX 16u
#define FINDING_FEATURES_MAX 5u

typedef struct finding_reason {
    uint32_t rule, version;
    double weight;
    sluice_text en, zh;
} finding_reason;

/* One transfer that a finding rests on. */
typedef struct finding_evidence {
    uint32_t movement;
    bool is_trigger;
} finding_evidence;

typedef struct finding {
    uint32_t subject; /* key */
    uint32_t typology;
    bool subject_is_payer, is_draft, is_snoozed;
    rule_action action;
    double score;
    uint64_t raised_sequence, peak_sequence, last_sequence;
    int64_t raised_ms, peak_ms, last_ms;
    uint64_t hits;
    int64_t amount_fen;
    uint32_t reason_count;
    finding_reason *reasons;
    double probability;
    uint32_t feature_count; /* of the model, ranked */
    uint32_t features[FINDING_FEATURES_MAX];
    float contributions[FINDING_FEATURES_MAX];
    finding_evidence *triggers; /* the first ones */
    size_t trigger_count, trigger_capacity;
    finding_evidence *members; /* of the patterns that the peak completed */
    size_t member_count, member_total;
} finding;

/* A transfer that was not simply allowed. */
typedef struct finding_alert {
    uint32_t movement;
    uint32_t typology; /* of the strongest assessment */
    uint8_t action;
} finding_alert;

typedef struct finding_book finding_book;

/* `evidence_max` transfers are kept of a finding's triggers, and as many of its patterns. NULL: no memory. */
finding_book *finding_book_new(detector *d, uint32_t evidence_max, int64_t quiet_ms);
void finding_book_free(finding_book **book);

/* After detector_step of the same activity, in the order of the stream. False: no memory. */
SLUICE_MUST_USE bool finding_book_take(finding_book *book, const activity *a, const judgement *j);

/* No more will come: sorts by the moment of raising, then typology, then subject. */
void finding_book_close(finding_book *book);
size_t finding_book_count(const finding_book *book);
const finding *finding_book_get(const finding_book *book, size_t index);
const finding_alert *finding_book_alerts(const finding_book *book, size_t *count_out);

#endif
