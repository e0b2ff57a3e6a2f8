/* Checking rules without a database. */
#include <string.h>

#include "base/error.h"
#include "detect/detector.h"
#include "engine/detection_private.h"

sluice_result sluice_rules_check(const sluice_detect_options *options,
                                 void (*visit)(void *context, const char *problem), void *context,
                                 sluice_rules_summary *summary_out, sluice_error *error) {
    sluice_detect_options o = {0};
    detector *d = NULL;
    epoch readers;
    keys names;
    sluice_result result = detection_check_size(options->size, sizeof o, "sluice_detect_options", error);
    if (result != SLUICE_OK) {
        return result;
    }
    memcpy(&o, options, options->size);
    epoch_init(&readers);
    if (!keys_init(&names, &readers)) {
        return error_no_memory(error, sizeof names);
    }
    detector_report report = {visit, context};
    result = detector_new(&o, &names, NULL, 0, NULL, visit == NULL ? NULL : &report, &d, error);
    if (result == SLUICE_OK && summary_out != NULL) {
        const rule_set *rules = detector_rules(d);
        sluice_rules_summary summary = {.size = summary_out->size};
        for (uint32_t i = 0; rules != NULL && i < rule_count(rules); i++) {
            rule_view rule;
            rule_get(rules, i, &rule);
            summary.drafts += rule.status == RULE_DRAFT;
        }
        summary.rules = rules == NULL ? 0 : rule_count(rules);
        summary.typologies = rules == NULL ? 0 : typology_count(rules);
        summary.patterns = detector_patterns(d) == NULL ? 0 : pattern_count(detector_patterns(d));
        summary.features = feature_plan_count(detector_plan(d));
        if (rules != NULL) {
            memcpy(summary.sha256, rule_set_sha256(rules), sizeof summary.sha256);
        }
        size_t size = summary_out->size < sizeof summary ? summary_out->size : sizeof summary;
        memcpy(summary_out, &summary, size);
    }
    detector_free(&d);
    keys_fini(&names);
    return result;
}
