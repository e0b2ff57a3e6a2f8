/* A county's file moves to a real PostgreSQL server and back, is backed up and restored, by the command: what is read
 * from it stays the same, byte for byte. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/postgres_server.h"
#include "support/tool.h"

static const char *binary;
static char folder[512], file[600], server[1024];

/* Runs the command with these arguments in the test's folder; its exit code. Output goes to "out", errors to "err". */
static int sluice(const char *format, ...) {
    char arguments[3000], command[4000];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    (void)snprintf(command, sizeof command, "cd '%s' && '%s' %s >out 2>err", folder, binary, arguments);
    int status = system(command); /* NOLINT(cert-env33-c): a test of the command line */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void show_errors(void) {
    char line[600], path[600];
    (void)snprintf(path, sizeof path, "%s/err", folder);
    FILE *said = fopen(path, "r");
    while (said != NULL && fgets(line, sizeof line, said) != NULL) {
        print_error("%s", line);
    }
    if (said != NULL) {
        (void)fclose(said);
    }
}

static void require(int code, int expected) {
    if (code != expected) {
        show_errors();
        fail_msg("exit code %d, expected %d", code, expected);
    }
}

static bool same(const char *one, const char *two) {
    char command[2000];
    (void)snprintf(command, sizeof command, "cd '%s' && cmp '%s' '%s'", folder, one, two);
    return system(command) == 0; /* NOLINT(cert-env33-c) */
}

static void keep_output(const char *name) {
    char command[2000];
    (void)snprintf(command, sizeof command, "cd '%s' && mv out '%s'", folder, name);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static bool has(const char *name, const char *text) {
    char command[2000];
    (void)snprintf(command, sizeof command, "cd '%s' && grep -q '%s' '%s'", folder, text, name);
    return system(command) == 0; /* NOLINT(cert-env33-c) */
}

static void assert_same_answers(const char *place, const char *name) {
    require(sluice("verify --db '%s'", place), 0);
    require(sluice("audit --db '%s'", place), 0);
    keep_output("audit.other");
    assert_true(same("audit.file", "audit.other"));
    require(sluice("detect --db '%s' -o ndjson", place), 0);
    keep_output(name);
    assert_true(same("found.file", name));
}

static void a_county_moves_there_and_back(void **state) {
    (void)state;
    require(sluice("simulate --people 300 --days 6 --seed 7 --out city"), 0);
    require(sluice("import --db '%s' --format csv city", file), 0);
    require(sluice("user --db '%s' --login chief --name 管理员 --roles administrator", file), 0);
    require(sluice("audit --db '%s'", file), 0);
    keep_output("audit.file");
    require(sluice("detect --db '%s' -o ndjson", file), 0);
    keep_output("found.file");

    postgres_server_database(server, sizeof server);
    require(sluice("verify --db '%s'", server), 1); /* nothing is there, and nothing is made */
    assert_true(has("err", "there is no sluice in"));
    require(sluice("migrate --from '%s' --to '%s'", file, server), 0);
    assert_true(has("out", "the audit trail holds"));
    assert_same_answers(server, "found.server");
    require(sluice("migrate --from '%s' --to '%s'", file, server), 1);
    assert_true(has("err", "is not empty"));
    require(sluice("user --db '%s' --login chief --name 同名 --roles administrator", server), 1); /* it came along */
    assert_true(has("err", "login"));

    require(sluice("migrate --from '%s' --to back.db", server), 0);
    require(sluice("verify --db back.db"), 0);
    require(sluice("detect --db back.db -o ndjson"), 0);
    keep_output("found.back");
    assert_true(same("found.file", "found.back"));
}

static void backups_are_files_of_one_kind(void **state) {
    (void)state;
    char other[1024];
    require(sluice("backup --db '%s' --out from-server.db", server), 0);
    require(sluice("backup --db '%s' --out from-file.db", file), 0);
    require(sluice("backup --db '%s' --out from-file.db", file), 1);
    assert_true(has("err", "is there already"));
    require(sluice("restore --from from-server.db --db restored.db"), 0);
    require(sluice("verify --db restored.db"), 0);
    require(sluice("detect --db restored.db -o ndjson"), 0);
    keep_output("found.restored");
    assert_true(same("found.file", "found.restored"));
    postgres_server_database(other, sizeof other);
    require(sluice("restore --from from-file.db --db '%s'", other), 0);
    assert_same_answers(other, "found.other");
    require(sluice("restore --from '%s' --db restored-2.db", other), 1);
    assert_true(has("err", "is no backup"));
}

int main(void) {
    binary = getenv("SLUICE_BIN");
    if (binary == NULL || !postgres_server_start()) {
        return 77;
    }
    (void)snprintf(folder, sizeof folder, "%s", tool_folder());
    (void)snprintf(file, sizeof file, "%s/county.db", folder);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_county_moves_there_and_back),
        cmocka_unit_test(backups_are_files_of_one_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
