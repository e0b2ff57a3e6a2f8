/* Which database a location is of. */
#include <string.h>

#include "store/store_private.h"

bool store_is_postgres(const char *location) {
    return strncmp(location, "postgres://", 11) == 0 || strncmp(location, "postgresql://", 13) == 0;
}

sluice_result store_open(const char *location, bool must_exist, store **store_out, sluice_error *error) {
    return store_is_postgres(location) ? postgres_open(location, must_exist, false, store_out, error)
                                       : sqlite_open(location, must_exist, false, store_out, error);
}

sluice_result store_open_copy(const char *location, store **store_out, sluice_error *error) {
    return store_is_postgres(location) ? postgres_open(location, false, true, store_out, error)
                                       : sqlite_open(location, false, true, store_out, error);
}

sluice_result store_open_sqlite(const char *path, bool must_exist, store **store_out, sluice_error *error) {
    return sqlite_open(path, must_exist, false, store_out, error);
}

sluice_result store_open_postgres(const char *url, bool must_exist, store **store_out, sluice_error *error) {
    return postgres_open(url, must_exist, false, store_out, error);
}
