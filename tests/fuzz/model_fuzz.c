/* Model files, and what a model that loads does with rows: the input is a model file. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <sluice/trace.h>

#include "base/assert.h"
#include "base/memory.h"
#include "detect/model_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    sluice_error error = {0};
    sluice_model *model = NULL;
    char *text = memory_new(bytes + 1);
    SLUICE_ASSERT(text != NULL);
    memcpy(text, bytes == 0 ? (const uint8_t *)"" : data, bytes);
    text[bytes] = '\0';
    sluice_result result = model_parse(text, bytes, &model, &error);
    SLUICE_ASSERT((result == SLUICE_OK) == (model != NULL));
    SLUICE_ASSERT(result == SLUICE_OK || error.text[0] != '\0');
    if (model == NULL) {
        memory_free(text);
        return 0;
    }
    static const float VALUES[] = {0, -1, 3.5f, NAN, 1e38f, -1e38f};
    size_t count = model_feature_count(model);
    float *row = memory_new(count * sizeof *row), *contributions = memory_new(count * sizeof *contributions), base = 0;
    SLUICE_ASSERT(row != NULL && contributions != NULL);
    for (size_t k = 0; k < sizeof VALUES / sizeof *VALUES; k++) {
        for (size_t i = 0; i < count; i++) {
            row[i] = VALUES[(i + k) % (sizeof VALUES / sizeof *VALUES)];
        }
        sluice_model_score score;
        sluice_model_score_row(model, row, &score);
        SLUICE_ASSERT(isnan(score.probability) || (score.probability >= 0 && score.probability <= 1));
        SLUICE_ASSERT(model_reasons(model, row, contributions, &base));
    }
    char *card = NULL;
    size_t length = 0;
    SLUICE_ASSERT(sluice_model_card(model, &card, &length, &error) == SLUICE_OK);
    sluice_text_free(&card);
    memory_free(row);
    memory_free(contributions);
    sluice_model_free(&model);
    return 0;
}
