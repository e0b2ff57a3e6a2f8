/* The two renderings of a profile. */
#ifndef FEATURE_PROFILE_RENDER_H
#define FEATURE_PROFILE_RENDER_H

#include "base/text.h"
#include "feature/profile.h"

void profile_write_table(const sluice_profile_view *view, text_writer *writer);
/* NO_MEMORY when the document could not be built. */
SLUICE_MUST_USE sluice_result profile_write_json(const sluice_profile_view *view, text_writer *writer,
                                                 sluice_error *error);

#endif
