#include "cli/commands.h"
#include "cli/copying.h"

static const cli_option OPTIONS[] = {
    {"--from", "LOCATION", "the database: a file, or postgres://user@host/database", true, false},
    {"--to", "LOCATION", "where it goes: a new file, or an empty database of a server", true, false},
    {NULL, NULL, NULL, false, false},
};

static int run(int argc, char **argv) {
    return cli_copy_run(&CMD_MIGRATE, "--from", "--to", sluice_migrate, argc, argv);
}

const cli_command CMD_MIGRATE = {
    "migrate",
    "moves a database from a file to a PostgreSQL server, or back · 迁移数据库",
    NULL,
    0,
    0,
    OPTIONS,
    "Every checksum is verified on the way, then counts and checksums of all tables are compared and the audit trail "
    "is\n"
    "verified in the copy. Stopped, it goes on when it is run again; until it is complete nothing else opens the "
    "copy.\n"
    "The database it came from stays as it is: put it away, so that nobody goes on with it.",
    "  sluice migrate --from county.db --to postgres://sluice@db.county/sluice\n"
    "  sluice migrate --from postgres://sluice@db.county/sluice --to county.db",
    run,
};
