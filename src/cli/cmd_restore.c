#include "cli/commands.h"
#include "cli/copying.h"

static const cli_option OPTIONS[] = {
    {"--from", "FILE", "the backup", true, false},
    {"--db", "LOCATION", "where it goes: a new file, or an empty database of a server", true, false},
    {NULL, NULL, NULL, false, false},
};

static int run(int argc, char **argv) {
    return cli_copy_run(&CMD_RESTORE, "--from", "--db", sluice_restore, argc, argv);
}

const cli_command CMD_RESTORE = {
    "restore",
    "copies a backup to a new place, verified · 恢复数据库",
    NULL,
    0,
    0,
    OPTIONS,
    "Nothing is overwritten: move the damaged database away first, with its -wal and -snapshot.",
    "  sluice restore --from /backup/county-2026-11-25.db --db county.db\n"
    "  sluice restore --from /backup/county-2026-11-25.db --db postgres://sluice@db.county/sluice",
    run,
};
