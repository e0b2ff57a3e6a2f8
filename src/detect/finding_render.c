/* Findings as NDJSON (docs/schema/finding.schema.json, closed), as a table for people, as CSV. Amounts are fen in JSON
 * and yuan elsewhere; times are RFC 3339 with +08:00; a value that does not exist is null and never left out. */
#include "detect/finding_render.h"

#include "base/columns.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/money.h"
#include "base/time.h"

#define REASONS_SHOWN 3u

static const char *status_of(const sluice_finding *f) {
    return f->is_draft ? "draft" : f->is_snoozed ? "snoozed" : "live";
}

/* ---- NDJSON ---- */

static void add_moment(json_document *d, yyjson_mut_val *object, const char *key, uint64_t sequence, int64_t time_ms) {
    yyjson_mut_val *moment = json_add_object(d, object, key);
    json_add_uint(d, moment, "sequence", sequence);
    json_add_time(d, moment, "time", time_ms);
}

static void add_reasons(json_document *d, yyjson_mut_val *root, const sluice_finding *f) {
    yyjson_mut_val *reasons = json_add_array(d, root, "reasons");
    for (uint32_t i = 0; i < f->reason_count; i++) {
        yyjson_mut_val *reason = json_append_object(d, reasons);
        json_add_text(d, reason, "rule", f->reasons[i].rule);
        json_add_uint(d, reason, "version", f->reasons[i].version);
        json_add_double(d, reason, "weight", f->reasons[i].weight);
        json_add_text(d, reason, "en", f->reasons[i].en);
        json_add_text(d, reason, "zh", f->reasons[i].zh);
    }
}

static void add_model(json_document *d, yyjson_mut_val *root, const sluice_finding *f) {
    if (f->model.probability < 0) {
        json_add(d, root, "model", yyjson_mut_null(d->doc));
        return;
    }
    yyjson_mut_val *model = json_add_object(d, root, "model");
    json_add_double(d, model, "probability", f->model.probability);
    yyjson_mut_val *features = json_add_array(d, model, "reasons");
    for (uint32_t i = 0; i < f->model.count; i++) {
        yyjson_mut_val *feature = json_append_object(d, features);
        json_add_text(d, feature, "feature", f->model.names[i]);
        json_add_double(d, feature, "contribution", (double)f->model.contributions[i]);
    }
}

static void add_evidence(json_document *d, yyjson_mut_val *root, const sluice_finding *f) {
    json_add_uint(d, root, "evidence_count", f->evidence_count);
    yyjson_mut_val *list = json_add_array(d, root, "evidence");
    for (uint32_t i = 0; i < f->evidence_listed; i++) {
        const sluice_evidence *e = &f->evidence[i];
        yyjson_mut_val *row = json_append_object(d, list);
        json_add_text(d, row, "id", e->id);
        json_add_uint(d, row, "sequence", e->sequence);
        json_add_time(d, row, "time", e->time_ms);
        json_add_text(d, row, "from", e->from);
        json_add_text_or_null(d, row, "to", e->to);
        json_add_int(d, row, "amount_fen", e->amount_fen);
        json_add(d, row, "role", yyjson_mut_str(d->doc, e->is_trigger ? "trigger" : "pattern"));
    }
}

static sluice_result write_line(const sluice_finding *f, const finding_origin *origin, text_writer *writer,
                                sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "subject", f->subject);
    json_add(&d, root, "side", yyjson_mut_str(d.doc, f->subject_is_payer ? "payer" : "payee"));
    json_add_text(&d, root, "typology", f->typology);
    json_add_text(&d, root, "title_en", f->title_en);
    json_add_text(&d, root, "title_zh", f->title_zh);
    json_add_text_or_null(&d, root, "fraud_type", f->fraud_type);
    json_add_double(&d, root, "score", f->score);
    json_add(&d, root, "action", yyjson_mut_str(d.doc, sluice_action_name(f->action)));
    json_add(&d, root, "status", yyjson_mut_str(d.doc, status_of(f)));
    add_moment(&d, root, "raised", f->raised_sequence, f->raised_ms);
    add_moment(&d, root, "peak", f->peak_sequence, f->peak_ms);
    add_moment(&d, root, "last", f->last_sequence, f->last_ms);
    json_add_uint(&d, root, "hits", f->hits);
    json_add_int(&d, root, "amount_fen", f->amount_fen);
    add_reasons(&d, root, f);
    add_model(&d, root, f);
    add_evidence(&d, root, f);
    json_add_uint(&d, root, "as_of", origin->sequence);
    json_add_text_or_null(&d, root, "rules_sha256", text_of(origin->rules_sha256));
    json_add_text_or_null(&d, root, "model_sha256", text_of(origin->model_sha256));
    return json_end_line(&d, writer, error);
}

/* ---- table ---- */

static const char *action_zh(sluice_action action) {
    static const char *const NAMES[] = {"放行", "核实", "延迟", "止付"};
    return NAMES[action];
}

static void write_block(const sluice_finding *f, text_writer *writer) {
    char raised[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES], amount[MONEY_TEXT_BYTES];
    text_printf(writer, "%5.1f  %-6s %s  ", f->score, sluice_action_name(f->action), action_zh(f->action));
    columns_pad_right(writer, f->subject, 34);
    text_printf(writer, " %.*s · %.*s%s\n", TEXT_ARGS(f->title_en), TEXT_ARGS(f->title_zh),
                f->is_draft     ? "  [draft 草稿]"
                : f->is_snoozed ? "  [snoozed 暂缓]"
                                : "");
    text_printf(writer, "       raised 发现 %s  last 末次 %s  transfers 笔数 %llu  ¥%s\n",
                time_format_short(f->raised_ms, raised), time_format_short(f->last_ms, last),
                (unsigned long long)f->hits, money_format(f->amount_fen, true, amount));
    for (uint32_t i = 0; i < f->reason_count && i < REASONS_SHOWN; i++) {
        text_printf(writer, "       +%-5.1f %.*s\n              %.*s\n", f->reasons[i].weight,
                    TEXT_ARGS(f->reasons[i].zh), TEXT_ARGS(f->reasons[i].en));
    }
    if (f->reason_count > REASONS_SHOWN) {
        text_printf(writer, "       … %u more reasons 另有 %u 条理由; all of them: -o ndjson\n",
                    f->reason_count - REASONS_SHOWN, f->reason_count - REASONS_SHOWN);
    }
    for (uint32_t i = 0; i < f->model.count && i < REASONS_SHOWN; i++) {
        text_printf(writer, "       model 模型 %.1f %%: %.*s %+.2f\n", f->model.probability * 100,
                    TEXT_ARGS(f->model.names[i]), (double)f->model.contributions[i]);
    }
}

/* ---- CSV ---- */

static void write_row(const sluice_finding *f, text_writer *writer) {
    char buffer[TIME_TEXT_BYTES], amount[MONEY_TEXT_BYTES];
    text_write_cell(writer, f->subject);
    text_printf(writer, ",%s,", f->subject_is_payer ? "payer" : "payee");
    text_write_cell(writer, f->typology);
    text_write_char(writer, ',');
    text_write_cell(writer, f->fraud_type);
    text_printf(writer, ",%.1f,%s,%s,%s", f->score, sluice_action_name(f->action), status_of(f),
                time_format(f->raised_ms, buffer));
    text_printf(writer, ",%s,%llu,%s,", time_format(f->last_ms, buffer), (unsigned long long)f->hits,
                money_format(f->amount_fen, false, amount));
    text_write_cell(writer, f->reason_count > 0 ? f->reasons[0].zh : (sluice_text){"", 0});
    text_write_char(writer, ',');
    text_write_cell(writer, f->reason_count > 0 ? f->reasons[0].en : (sluice_text){"", 0});
    text_write(writer, TEXT("\r\n"));
}

sluice_result finding_render(const sluice_finding *findings, size_t count, const finding_origin *origin,
                             sluice_detection_format format, text_writer *writer, sluice_error *error) {
    if (format == SLUICE_DETECTION_CSV) {
        text_write(writer, TEXT("subject,side,typology,fraud_type,score,action,status,raised,last,transfers,amount,"
                                "reason_zh,reason_en\r\n"));
    }
    for (size_t i = 0; i < count; i++) {
        sluice_result result = SLUICE_OK;
        switch (format) {
        case SLUICE_DETECTION_NDJSON:
            result = write_line(&findings[i], origin, writer, error);
            break;
        case SLUICE_DETECTION_CSV:
            write_row(&findings[i], writer);
            break;
        case SLUICE_DETECTION_TABLE:
        default:
            write_block(&findings[i], writer);
            break;
        }
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (format == SLUICE_DETECTION_TABLE) {
        text_printf(writer, "%zu findings 条线索, as of 截至 sequence 序号 %llu\n", count,
                    (unsigned long long)origin->sequence);
    }
    return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
}
