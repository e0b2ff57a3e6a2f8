#include "cli/commands.h"
#include "cli/copying.h"

static const cli_option OPTIONS[] = {
    {"--db", "LOCATION", "the database: a file, or postgres://user@host/database", true, false},
    {"--out", "FILE", "the backup, a new file", true, false},
    {NULL, NULL, NULL, false, false},
};

static int run(int argc, char **argv) {
    return cli_copy_run(&CMD_BACKUP, "--db", "--out", sluice_backup, argc, argv);
}

const cli_command CMD_BACKUP = {
    "backup",
    "copies a database into one file, verified · 备份数据库",
    NULL,
    0,
    0,
    OPTIONS,
    "The backup of either kind of database is an SQLite file that sluice opens like any other. Every checksum is\n"
    "verified on the way. A running daemon has the database to itself and makes its backups by its API.",
    "  sluice backup --db county.db --out /backup/county-2026-11-25.db",
    run,
};
