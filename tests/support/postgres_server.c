#include "support/postgres_server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES 400

static char programs[PATH_BYTES];            /* the folder of initdb and postgres */
static char folder[PATH_BYTES], sockets[64]; /* the data's, and the socket's, which must be short */
static pid_t server;
static struct passwd user; /* whose the server is: PostgreSQL does not run as root */
static int database_count;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static void stop_and_remove(void) {
    if (server > 0) {
        (void)kill(server, SIGQUIT);
        (void)waitpid(server, NULL, 0);
        server = 0;
    }
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    (void)nftw(sockets, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The newest that is installed. */
static bool find_programs(void) {
    glob_t found;
    bool there = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0 && found.gl_pathc > 0;
    if (there) {
        (void)snprintf(programs, sizeof programs, "%s", found.gl_pathv[found.gl_pathc - 1]);
        *strrchr(programs, '/') = '\0';
        globfree(&found);
    } else {
        printf("skipped: PostgreSQL is not installed (Debian package postgresql)\n");
    }
    return there;
}

static void require(bool good, const char *what) {
    if (!good) {
        fail_msg("%s: %s (see %s/log)", what, strerror(errno), folder);
    }
}

static void become_user(void) {
    if (getuid() == 0 && (setgid(user.pw_gid) != 0 || setuid(user.pw_uid) != 0)) {
        _exit(126);
    }
}

/* A folder that the user can reach: below build/, or else in /tmp. */
static void make_folders(void) {
    const struct passwd *found = getuid() != 0 ? getpwuid(getuid()) : getpwnam("postgres");
    found = found == NULL ? getpwnam("nobody") : found;
    if (found == NULL) {
        fail_msg("no user for the server");
        return;
    }
    user = *found;
    char here[PATH_BYTES / 2];
    require(getcwd(here, sizeof here) != NULL, "getcwd");
    (void)snprintf(sockets, sizeof sockets, "/tmp/sluice-pg-XXXXXX");
    require(mkdtemp(sockets) != NULL && chown(sockets, user.pw_uid, user.pw_gid) == 0, "mkdtemp");
    (void)mkdir("build", 0777);
    (void)snprintf(folder, sizeof folder, "%s/build/postgres-XXXXXX", here);
    require(mkdtemp(folder) != NULL && chown(folder, user.pw_uid, user.pw_gid) == 0, "mkdtemp");
    pid_t child = fork();
    if (child == 0) {
        become_user();
        _exit(access(folder, R_OK | W_OK | X_OK) == 0 ? 0 : 1);
    }
    int status = 1;
    require(waitpid(child, &status, 0) == child, "waitpid");
    if (status != 0) {
        (void)rmdir(folder);
        (void)snprintf(folder, sizeof folder, "/tmp/sluice-pg-data-XXXXXX");
        require(mkdtemp(folder) != NULL && chown(folder, user.pw_uid, user.pw_gid) == 0, "mkdtemp");
    }
    (void)atexit(stop_and_remove);
}

static pid_t run(char *const argv[]) {
    pid_t parent = getpid(), child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        char log[PATH_BYTES + 8];
        become_user();
        (void)setpgid(0, 0);
        (void)prctl(PR_SET_PDEATHSIG, SIGQUIT); /* after setuid, which forgets it */
        (void)snprintf(log, sizeof log, "%s/log", folder);
        int to = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (getppid() != parent || to < 0 || dup2(to, 1) < 0 || dup2(to, 2) < 0 || chdir(folder) != 0) {
            _exit(126);
        }
        (void)execv(argv[0], argv);
        _exit(127);
    }
    return child;
}

static void init(void) {
    char program[PATH_BYTES + 8], data[PATH_BYTES + 8];
    int status = 1;
    (void)snprintf(program, sizeof program, "%s/initdb", programs);
    (void)snprintf(data, sizeof data, "%s/data", folder);
    char *argv[] = {program,     "-D", data, "-U", "sluice", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                    "--no-sync", /* of the making; the server itself syncs */
                    NULL};
    pid_t child = run(argv);
    require(waitpid(child, &status, 0) == child && status == 0, "initdb");
}

static void location_of(const char *database, char *out, size_t bytes) {
    (void)snprintf(out, bytes, "postgres://sluice@/%s?host=%s", database, sockets);
}

/* True: it answers. False: it ended, because processes of the one before hold its memory still. */
static bool start_once(bool is_durable) {
    char program[PATH_BYTES + 12], data[PATH_BYTES + 8], socket_option[128], location[256];
    (void)snprintf(program, sizeof program, "%s/postgres", programs);
    (void)snprintf(data, sizeof data, "%s/data", folder);
    (void)snprintf(socket_option, sizeof socket_option, "unix_socket_directories=%s", sockets);
    char *argv[] = {program,
                    "-D",
                    data,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    socket_option,
                    "-c",
                    is_durable ? "fsync=on" : "fsync=off",
                    "-c",
                    "max_connections=60",
                    "-c",
                    "shared_buffers=64MB",
                    NULL};
    server = run(argv);
    location_of("postgres", location, sizeof location);
    for (int i = 0; i < 6000; i++) {
        if (PQping(location) == PQPING_OK) {
            return true;
        }
        if (waitpid(server, NULL, WNOHANG) != 0) {
            server = 0;
            return false;
        }
        (void)poll(NULL, 0, 10);
    }
    require(false, "the server does not answer");
    return false;
}

static bool start(bool is_durable) {
    if (server > 0) {
        return true;
    }
    if (folder[0] == '\0') {
        if (!find_programs()) {
            return false;
        }
        make_folders();
        init();
    }
    bool started = start_once(is_durable);
    for (int i = 0; i < 1200 && !started; i++) { /* a minute */
        (void)poll(NULL, 0, 50);
        started = start_once(is_durable);
    }
    require(started, "the server does not start");
    return true;
}

bool postgres_server_start(void) {
    return start(false);
}

bool postgres_server_start_durable(void) {
    return start(true);
}

/* Its processes have groups of their own, so each is looked up. */
static size_t find_children(pid_t *children, size_t max) {
    size_t count = 0;
    glob_t found;
    if (glob("/proc/[0-9]*/stat", 0, NULL, &found) != 0) {
        return 0;
    }
    for (size_t i = 0; i < found.gl_pathc && count < max; i++) {
        FILE *file = fopen(found.gl_pathv[i], "r");
        char line[512] = "";
        if (file != NULL && fgets(line, sizeof line, file) != NULL) {
            const char *after_name = strrchr(line, ')');
            /* ") S 1234 …": the state, then the parent */
            if (after_name != NULL && strlen(after_name) > 4 && strtol(after_name + 4, NULL, 10) == server) {
                children[count++] = (pid_t)strtol(line, NULL, 10);
            }
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    globfree(&found);
    return count;
}

void postgres_server_kill(void) {
    pid_t children[100];
    size_t count = find_children(children, sizeof children / sizeof *children);
    require(kill(server, SIGKILL) == 0, "kill");
    for (size_t i = 0; i < count; i++) {
        (void)kill(children[i], SIGKILL);
    }
    require(waitpid(server, NULL, 0) == server, "waitpid");
    server = 0;
}

void postgres_server_run(const char *location, const char *sql) {
    PGconn *session = PQconnectdb(location);
    if (PQstatus(session) != CONNECTION_OK) {
        fail_msg("%s", PQerrorMessage(session));
    }
    PQclear(PQexec(session, "SET search_path TO sluice"));
    PGresult *answer = PQexec(session, sql);
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(session));
    }
    PQclear(answer);
    PQfinish(session);
}

void postgres_server_database(char *location_out, size_t bytes) {
    char name[32], sql[128], administration[256];
    (void)snprintf(name, sizeof name, "test%d", database_count++);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
    location_of("postgres", administration, sizeof administration);
    postgres_server_run(administration, sql);
    location_of(name, location_out, bytes);
}

void postgres_server_cut(const char *location) {
    postgres_server_run(location, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                  " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}
