#include "base/error.h"
#include "detect/model_private.h"

sluice_result sluice_model_card(const sluice_model *model, char **text_out, size_t *length_out, sluice_error *error) {
    text_writer w = {0};
    text_printf(&w, "# %s\n", model->date);
    *text_out = w.data;
    *length_out = w.length;
    return w.failed ? error_no_memory(error, 0) : SLUICE_OK;
}
