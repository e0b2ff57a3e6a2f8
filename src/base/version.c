#include <sluice/result.h>

/* SLUICE_VERSION comes from the build. */
const char *sluice_version(void) {
    return SLUICE_VERSION;
}
