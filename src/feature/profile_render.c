/* Rendering of profiles: chooses the format and hands the text over. */
#include "feature/profile_render.h"

#include "base/error.h"

sluice_result profile_render(const sluice_profile *profile, sluice_profile_format format, char **text_out,
                             size_t *length_out, sluice_error *error) {
    *text_out = NULL;
    text_writer writer = {0};
    sluice_result result = SLUICE_OK;
    switch (format) {
    case SLUICE_PROFILE_TABLE:
        profile_write_table(&profile->view, &writer);
        break;
    case SLUICE_PROFILE_JSON:
        result = profile_write_json(&profile->view, &writer, error);
        break;
    default:
        result = error_set(error, SLUICE_E_INVALID, "a profile is rendered as table or json");
        break;
    }
    if (result == SLUICE_OK && writer.failed) {
        result = error_no_memory(error, writer.capacity * 2);
    }
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    *text_out = writer.data; /* sluice_text_free gives it back */
    if (length_out != NULL) {
        *length_out = writer.length;
    }
    return SLUICE_OK;
}
