#include "support/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void peer_start(peer *p, const char *const arguments[]) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    p->process = fork();
    assert_true(p->process >= 0);
    if (p->process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)dup2(ends[1], STDOUT_FILENO);
        if (getenv("SLUICE_LOUD") == NULL) {
            int nowhere = open("/dev/null", O_WRONLY);
            (void)dup2(nowhere, STDERR_FILENO);
        }
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(ends[1]);
    p->said = fdopen(ends[0], "r");
    assert_non_null(p->said);
}

int peer_run(const char *const arguments[]) {
    int status = 0;
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    assert_int_equal(waitpid(process, &status, 0), process);
    return WEXITSTATUS(status);
}

uint16_t peer_port(peer *p) {
    char line[256] = "";
    assert_non_null(fgets(line, sizeof line, p->said));
    assert_int_equal(strncmp(line, "port ", 5), 0);
    return (uint16_t)strtoul(line + 5, NULL, 10);
}

char *peer_end(peer *p) {
    char *line = NULL, *last = NULL;
    size_t room = 0;
    kill(p->process, SIGTERM);
    while (getline(&line, &room, p->said) > 0) {
        if (line[0] == '{') {
            free(last);
            last = strdup(line);
        }
    }
    free(line);
    fclose(p->said);
    (void)waitpid(p->process, NULL, 0);
    p->process = 0;
    return last;
}

long peer_number(const char *summary, const char *name) {
    char key[64];
    assert_non_null(summary);
    snprintf(key, sizeof key, "\"%s\": ", name);
    const char *at = strstr(summary, key);
    assert_non_null(at);
    return strtol(at + strlen(key), NULL, 10);
}

static int connects(uint16_t port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int connected = connect(s, (struct sockaddr *)&to, sizeof to) == 0;
    close(s);
    return connected;
}

int peer_listens(uint16_t port, int wait_ms) {
    for (int waited = 0; waited < wait_ms; waited += 10) {
        if (connects(port)) {
            return 1;
        }
        (void)poll(NULL, 0, 10);
    }
    return 0;
}

static bool is_free(uint16_t port, int type) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int s = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    bool bound = bind(s, (struct sockaddr *)&at, sizeof at) == 0;
    close(s);
    return bound;
}

uint16_t peer_free_port(void) {
    uint16_t drawn;
    do {
        assert_int_equal(getrandom(&drawn, sizeof drawn, 0), sizeof drawn);
        drawn = (uint16_t)(10000 + drawn % 22000);
    } while (!is_free(drawn, SOCK_STREAM) || !is_free(drawn, SOCK_DGRAM));
    return drawn;
}
