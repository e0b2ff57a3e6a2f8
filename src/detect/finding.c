/* Gathers judgements into findings.
 *
 * An open-addressing table leads from (subject, typology, side, draft) to the newest finding of it: 4 bytes a slot, at
 * most 2/3 full; an entry is replaced when its finding has ended. What drafts alone say has findings of its own: live
 * ones are the same with and without drafts. Texts and lists live in one arena until the book is freed.
 * Cost: O(1) a judgement without matches; reasons are put into words only when a finding's score rises. */
#include "detect/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

#define SLOTS_FIRST 1024u

struct finding_book {
    detector *detector;
    uint32_t evidence_max;
    int64_t quiet_ms;
    arena texts;
    finding *findings;
    size_t count, capacity;
    uint32_t *slots; /* finding + 1; 0: empty */
    size_t slot_count, slots_used;
    finding_alert *alerts;
    size_t alert_count, alert_capacity;
    uint32_t *scratch; /* evidence_max movements */
};

finding_book *finding_book_new(detector *d, uint32_t evidence_max, int64_t quiet_ms) {
    finding_book *book = memory_new_zero(1, sizeof *book);
    if (book == NULL) {
        return NULL;
    }
    *book = (finding_book){.detector = d, .evidence_max = evidence_max, .quiet_ms = quiet_ms};
    book->slots = memory_new_zero(SLOTS_FIRST, sizeof *book->slots);
    book->scratch = memory_new_zero(evidence_max + 1U, sizeof *book->scratch);
    book->slot_count = SLOTS_FIRST;
    if (book->slots == NULL || book->scratch == NULL) {
        finding_book_free(&book);
    }
    return book;
}

void finding_book_free(finding_book **handle) {
    finding_book *book = *handle;
    if (book == NULL) {
        return;
    }
    for (size_t i = 0; i < book->count; i++) {
        memory_free(book->findings[i].triggers);
    }
    arena_fini(&book->texts);
    memory_free(book->findings);
    memory_free(book->slots);
    memory_free(book->alerts);
    memory_free(book->scratch);
    memory_free(book);
    *handle = NULL;
}

/* ---- the table of the newest finding of each subject and typology ---- */

static uint64_t hash_of(uint32_t subject, uint32_t typology, bool is_payer, bool is_draft) {
    return hash_u64(((uint64_t)subject << 32) | ((uint64_t)typology << 2) | (is_draft ? 2U : 0) | is_payer);
}

static uint32_t *slot_of(finding_book *book, uint32_t subject, uint32_t typology, bool is_payer, bool is_draft) {
    size_t mask = book->slot_count - 1, at = hash_of(subject, typology, is_payer, is_draft) & mask;
    for (;; at = (at + 1) & mask) {
        uint32_t place = book->slots[at];
        if (place == 0) {
            return &book->slots[at];
        }
        const finding *f = &book->findings[place - 1];
        if (f->subject == subject && f->typology == typology && f->subject_is_payer == is_payer &&
            f->is_draft == is_draft) {
            return &book->slots[at];
        }
    }
}

static bool slots_grow(finding_book *book) {
    if (book->slots_used * 3 < book->slot_count * 2) {
        return true;
    }
    size_t old_count = book->slot_count;
    uint32_t *old = book->slots, *new = memory_new_zero(old_count * 2, sizeof *new);
    if (new == NULL) {
        return false;
    }
    book->slots = new;
    book->slot_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i] != 0) {
            const finding *f = &book->findings[old[i] - 1];
            *slot_of(book, f->subject, f->typology, f->subject_is_payer, f->is_draft) = old[i];
        }
    }
    memory_free(old);
    return true;
}

/* ---- what a finding rests on ---- */

static bool keep_words(finding_book *book, uint32_t rule, const char *language, const feature_value *values,
                       sluice_text *text_out) {
    text_writer words = {0};
    rule_reason(detector_rules(book->detector), rule, language, values, &words);
    char *copy = words.failed ? NULL : arena_copy(&book->texts, words.length == 0 ? "" : words.data, words.length);
    *text_out = (sluice_text){copy, words.length};
    text_writer_fini(&words);
    return copy != NULL;
}

static bool keep_reasons(finding_book *book, finding *f, const assessment *made, const judgement *j) {
    uint32_t count = made->fired_count < FINDING_REASONS_MAX ? made->fired_count : FINDING_REASONS_MAX;
    if (f->reasons == NULL) {
        f->reasons = arena_alloc(&book->texts, FINDING_REASONS_MAX * sizeof *f->reasons);
        if (f->reasons == NULL) {
            return false;
        }
    }
    f->reason_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const rule_fired *fired = &j->rules.fired[made->fired_first + i];
        rule_view rule;
        rule_get(detector_rules(book->detector), fired->rule, &rule);
        f->reasons[i] = (finding_reason){.rule = fired->rule, .version = rule.version, .weight = fired->weight};
        if (!keep_words(book, fired->rule, "en", j->values, &f->reasons[i].en) ||
            !keep_words(book, fired->rule, "zh", j->values, &f->reasons[i].zh)) {
            return false;
        }
    }
    return true;
}

/* True when one of the rules that fired asks for the pattern. */
static bool is_asked_for(const finding_book *book, const assessment *made, const judgement *j, uint32_t pattern) {
    uint32_t count_slot = 0, size_slot = 0;
    detector_pattern_slots(book->detector, pattern, &count_slot, &size_slot);
    for (uint32_t i = 0; i < made->fired_count; i++) {
        uint32_t rule = j->rules.fired[made->fired_first + i].rule;
        if (rule_reads(detector_rules(book->detector), rule, count_slot) ||
            rule_reads(detector_rules(book->detector), rule, size_slot)) {
            return true;
        }
    }
    return false;
}

static bool has_member(const finding *f, uint32_t movement) {
    for (size_t i = 0; i < f->member_count; i++) {
        if (f->members[i].movement == movement) {
            return true;
        }
    }
    return false;
}

static bool keep_members(finding_book *book, finding *f, const activity *a, const assessment *made,
                         const judgement *j) {
    const pattern_set *patterns = detector_patterns(book->detector);
    uint32_t pattern_total = patterns == NULL ? 0 : pattern_count(patterns);
    f->member_count = 0;
    f->member_total = 0;
    for (uint32_t p = 0; p < pattern_total; p++) {
        size_t count = 0;
        if (j->hits[p].count == 0 || !is_asked_for(book, made, j, p)) {
            continue;
        }
        if (!detector_members(book->detector, a, p, book->scratch, book->evidence_max, &count)) {
            return false;
        }
        f->member_total += count;
        if (f->members == NULL) {
            f->members = arena_alloc(&book->texts, book->evidence_max * sizeof *f->members);
            if (f->members == NULL) {
                return false;
            }
        }
        size_t listed = count < book->evidence_max ? count : book->evidence_max;
        for (size_t i = 0; i < listed && f->member_count < book->evidence_max; i++) {
            if (!has_member(f, book->scratch[i])) {
                f->members[f->member_count++] = (finding_evidence){book->scratch[i], false};
            }
        }
    }
    return true;
}

static bool keep_peak(finding_book *book, finding *f, const activity *a, const assessment *made, const judgement *j) {
    f->score = made->score;
    f->peak_sequence = a->sequence;
    f->peak_ms = a->time_ms;
    f->probability = j->probability;
    f->feature_count = detector_reasons(book->detector, f->features, f->contributions, FINDING_FEATURES_MAX);
    return made->typology == FINDING_MODEL_TYPOLOGY ||
           (keep_reasons(book, f, made, j) && keep_members(book, f, a, made, j));
}

/* ---- taking judgements ---- */

static finding *finding_new(finding_book *book, uint32_t *slot, const activity *a, const assessment *made) {
    if (book->count == UINT32_MAX - 1 || !ARRAY_RESERVE(book->findings, book->capacity, book->count + 1)) {
        return NULL;
    }
    finding *f = &book->findings[book->count++];
    *f = (finding){.subject = made->subject == RULE_PAYER ? a->from : a->to,
                   .typology = made->typology,
                   .subject_is_payer = made->subject == RULE_PAYER,
                   .is_draft = made->is_draft,
                   .is_snoozed = made->is_snoozed,
                   .score = -1,
                   .raised_sequence = a->sequence,
                   .raised_ms = a->time_ms};
    book->slots_used += *slot == 0;
    *slot = (uint32_t)book->count;
    return f;
}

static bool take_assessment(finding_book *book, const activity *a, const assessment *made, const judgement *j) {
    bool is_payer = made->subject == RULE_PAYER;
    uint32_t subject = is_payer ? a->from : a->to;
    if (subject == KEY_NONE || !slots_grow(book)) {
        return subject == KEY_NONE;
    }
    uint32_t *slot = slot_of(book, subject, made->typology, is_payer, made->is_draft);
    finding *f = *slot == 0 ? NULL : &book->findings[*slot - 1];
    bool has_ended = f != NULL && a->time_ms - f->last_ms > book->quiet_ms;
    if (f == NULL || has_ended) {
        if (made->would == RULE_ALLOW && !made->is_snoozed) {
            return true; /* something matched, too little to say so */
        }
        f = finding_new(book, slot, a, made);
        if (f == NULL) {
            return false;
        }
    }
    f->last_sequence = a->sequence;
    f->last_ms = a->time_ms > f->last_ms ? a->time_ms : f->last_ms;
    f->hits++;
    f->amount_fen += a->amount_fen;
    f->action = made->action > f->action ? made->action : f->action;
    f->is_snoozed = f->is_snoozed && made->is_snoozed;
    if (f->trigger_count < book->evidence_max) {
        if (!ARRAY_RESERVE(f->triggers, f->trigger_capacity, f->trigger_count + 1)) {
            return false;
        }
        f->triggers[f->trigger_count++] = (finding_evidence){a->movement, true};
    }
    return made->score <= f->score || keep_peak(book, f, a, made, j);
}

static bool take_alert(finding_book *book, const activity *a, const judgement *j) {
    if (j->action == RULE_ALLOW) {
        return true;
    }
    if (!ARRAY_RESERVE(book->alerts, book->alert_capacity, book->alert_count + 1)) {
        return false;
    }
    finding_alert alert = {a->movement, FINDING_MODEL_TYPOLOGY, (uint8_t)j->action};
    double highest = -1;
    for (size_t i = 0; i < j->rules.assessment_count; i++) {
        const assessment *made = &j->rules.assessments[i];
        if (made->action == j->action && !made->is_draft && !made->is_snoozed && made->score > highest) {
            highest = made->score;
            alert.typology = made->typology;
        }
    }
    book->alerts[book->alert_count++] = alert;
    return true;
}

bool finding_book_take(finding_book *book, const activity *a, const judgement *j) {
    for (size_t i = 0; i < j->rules.assessment_count; i++) {
        if (!take_assessment(book, a, &j->rules.assessments[i], j)) {
            return false;
        }
    }
    if (detector_rules(book->detector) == NULL && j->action != RULE_ALLOW) {
        assessment alone = {.typology = FINDING_MODEL_TYPOLOGY,
                            .would = j->action,
                            .subject = RULE_PAYEE,
                            .score = j->probability * 100,
                            .action = j->action};
        if (!take_assessment(book, a, &alone, j)) {
            return false;
        }
    }
    return take_alert(book, a, j);
}

static int compare(const void *left, const void *right) {
    const finding *a = left, *b = right;
    if (a->raised_ms != b->raised_ms) {
        return a->raised_ms < b->raised_ms ? -1 : 1;
    }
    if (a->raised_sequence != b->raised_sequence) {
        return a->raised_sequence < b->raised_sequence ? -1 : 1;
    }
    if (a->typology != b->typology) {
        return a->typology < b->typology ? -1 : 1;
    }
    return a->subject < b->subject ? -1 : a->subject > b->subject;
}

void finding_book_close(finding_book *book) {
    if (book->count > 0) {
        qsort(book->findings, book->count, sizeof *book->findings, compare);
    }
}

size_t finding_book_count(const finding_book *book) {
    return book->count;
}

const finding *finding_book_get(const finding_book *book, size_t index) {
    return &book->findings[index];
}

const finding_alert *finding_book_alerts(const finding_book *book, size_t *count_out) {
    *count_out = book->alert_count;
    return book->alerts;
}
