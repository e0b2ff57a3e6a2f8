#include "desk/finding.h"

#include "desk/desk_private.h"
#include "desk/lead.h"
#include "desk/warning.h"

enum { REASON_BYTES_MAX = 2000 };

/* The reasons of one language, heaviest first, until they are long enough. */
static bool join(const sluice_reason *reasons, size_t count, bool chinese, arena *a, sluice_text *text_out) {
    char *text = arena_alloc(a, REASON_BYTES_MAX);
    size_t used = 0;
    *text_out = (sluice_text){0};
    if (text == NULL) {
        return false;
    }
    sluice_text comma = chinese ? TEXT("；") : TEXT("; ");
    for (size_t i = 0; i < count; i++) {
        sluice_text reason = chinese ? reasons[i].zh : reasons[i].en;
        size_t between = used == 0 ? 0 : comma.length;
        if (reason.length == 0 || used + between + reason.length > REASON_BYTES_MAX) {
            continue;
        }
        memcpy(text + used, comma.data, between);
        memcpy(text + used + between, reason.data, reason.length);
        used += between + reason.length;
    }
    *text_out = (sluice_text){text, used};
    return true;
}

bool finding_of(const sluice_finding *f, arena *a, desk_finding *out) {
    *out = (desk_finding){
        .subject = f->subject,
        .subject_is_payer = f->subject_is_payer,
        .typology = f->typology,
        .fraud_type = f->fraud_type,
        .title_zh = f->title_zh,
        .title_en = f->title_en,
        .score = f->score,
        .time_ms = f->peak_ms,
        .amount_fen = f->amount_fen,
        .reference = f->evidence_listed == 0 ? (sluice_text){0} : f->evidence[0].id,
    };
    return join(f->reasons, f->reason_count, true, a, &out->reason_zh) &&
           join(f->reasons, f->reason_count, false, a, &out->reason_en);
}

bool finding_of_decision(const sluice_signal *signal, const sluice_decision *d, arena *a, desk_finding *out) {
    *out = (desk_finding){
        .subject = d->subject,
        .subject_is_payer = text_equal(d->subject, signal->from),
        .typology = d->typology,
        .score = d->score,
        .time_ms = signal->time_ms,
        .amount_fen = signal->amount_fen,
        .reference = signal->id,
    };
    size_t count = d->reason_count < SLUICE_DECISION_REASONS ? d->reason_count : SLUICE_DECISION_REASONS;
    return join(d->reasons, count, true, a, &out->reason_zh) && join(d->reasons, count, false, a, &out->reason_en);
}

sluice_result finding_take(desk_command *c, const desk_finding *finding, const desk_kind **kind, record *r) {
    *kind = finding->subject_is_payer ? &WARNING_KIND : &LEAD_KIND;
    return finding->subject_is_payer ? warning_from_finding(c, finding, r) : lead_from_finding(c, finding, r);
}

typedef struct sought {
    sluice_text zh, code;
} sought;

static bool is_named(void *context, const dated_row *row) {
    sought *s = context;
    if (text_equal(row->zh, s->zh)) {
        s->code = row->code;
        return false;
    }
    return true;
}

sluice_text finding_fraud_type(desk_command *c, sluice_text zh) {
    sought s = {.zh = zh};
    if (zh.length > 0) {
        dated_each(c->desk, "fraud_type", c->now_ms, is_named, &s);
    }
    return s.code;
}
