/* Comparing scores with labels. */
#ifndef DETECT_MODEL_REPORT_PRIVATE_H
#define DETECT_MODEL_REPORT_PRIVATE_H

#include <yyjson.h>

#include "detect/model_private.h"

struct sluice_model_report {
    sluice_model_kind kind;
    sluice_model_figures figures;
    sluice_class_figures *classes;
    uint64_t *confusion;
    sluice_reliability_bin bins[SLUICE_RELIABILITY_BINS];
    arena texts;
    char model_sha256[SHA256_HEX_BYTES];
};

/* evaluate, with the source already open. margins: of each of the table's rows, instead of the model's (two classes);
 * NULL: the model's. */
SLUICE_MUST_USE sluice_result report_make(const sluice_model *m, const rows_source *source, sluice_part part,
                                          const float *margins, sluice_model_report **report_out, sluice_error *error);
/* The figures as a JSON object. False: no memory. */
yyjson_mut_val *report_json(yyjson_mut_doc *doc, const sluice_model_report *report);
/* Numbers with a null where there is none. */
yyjson_mut_val *report_number(yyjson_mut_doc *doc, double value);

#endif
