/* Folders. Paths are UTF-8. Every error's text names the path and what to do. */
#ifndef SYS_FOLDER_H
#define SYS_FOLDER_H

#include <sluice/result.h>

/* Makes the folder and those above it that are not there. One that is there is fine. */
SLUICE_MUST_USE sluice_result folder_make(const char *path, sluice_error *error);

#endif
