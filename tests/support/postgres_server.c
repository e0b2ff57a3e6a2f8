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
    require(found != NULL, "no user for the server");
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

bool postgres_server_start(void) {
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
                    "fsync=on",
                    "-c",
                    "max_connections=60",
                    "-c",
                    "shared_buffers=64MB",
                    "-c",
                    "restart_after_crash=on",
                    NULL};
    server = run(argv);
    location_of("postgres", location, sizeof location);
    PGPing answer = PQPING_NO_RESPONSE;
    for (int i = 0; i < 3000 && (answer = PQping(location)) != PQPING_OK; i++) {
        require(waitpid(server, NULL, WNOHANG) == 0, "the server ended");
        (void)poll(NULL, 0, 10);
    }
    require(answer == PQPING_OK, "the server does not answer");
    return true;
}

void postgres_server_kill(void) {
    require(kill(-server, SIGKILL) == 0 && waitpid(server, NULL, 0) == server, "kill");
    /* Its backends are nobody's children now; the socket's lock says when the last one let go. */
    while (kill(-server, 0) == 0) {
        (void)poll(NULL, 0, 5);
    }
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
