/* The ceiling: libmicrohttpd answering 200 with two bytes, as we run it (epoll, one thread), and nothing else.
 *
 *   http_floor                 answers at once
 *   http_floor FILE WORK_NS    answers what one write and fdatasync of FILE made durable, all that waited together,
 * after WORK_NS of the processor for each: what any daemon meets here that answers so many a second
 */
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROW_BYTES 512
#define FILE_BYTES (4 << 20) /* written over and over, as a log is */
#define WAITING_MAX 4096

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct MHD_Connection *waiting[WAITING_MAX];
    int count, file;
    long work_ns;
} commit = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .file = -1};

static long now_ns(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void *commit_main(void *context) {
    static char rows[ROW_BYTES * WAITING_MAX];
    struct MHD_Connection *taken[WAITING_MAX];
    off_t at = 0;
    for (;;) {
        (void)pthread_mutex_lock(&commit.lock);
        while (commit.count == 0) {
            (void)pthread_cond_wait(&commit.changed, &commit.lock);
        }
        int count = commit.count;
        memcpy(taken, commit.waiting, sizeof *taken * (size_t)count);
        commit.count = 0;
        (void)pthread_mutex_unlock(&commit.lock);
        for (long until = now_ns() + commit.work_ns * count; now_ns() < until;) {
        }
        size_t bytes = (size_t)count * ROW_BYTES;
        at = at + (off_t)bytes > FILE_BYTES ? 0 : at;
        if (pwrite(commit.file, rows, bytes, at) != (ssize_t)bytes || fdatasync(commit.file) != 0) {
            perror("http_floor: write");
            exit(1);
        }
        at += (off_t)bytes;
        for (int i = 0; i < count; i++) {
            MHD_resume_connection(taken[i]);
        }
    }
    return context;
}

/* One static letter each: what a request has been through. It waits from the second time on that it is asked for an
 * answer, as ours do: libmicrohttpd then has less to do (server/http.c). */
static char begun, due, waited;

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *length, void **state) {
    (void)url;
    (void)method;
    (void)version;
    (void)data;
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    if (*length > 0) {
        *length = 0;
        return MHD_YES;
    }
    if (commit.file < 0 || *state == &waited) {
        return MHD_queue_response(connection, MHD_HTTP_OK, context);
    }
    if (*state == &begun) {
        *state = &due;
        return MHD_YES;
    }
    *state = &waited;
    MHD_suspend_connection(connection);
    (void)pthread_mutex_lock(&commit.lock);
    commit.waiting[commit.count++] = connection;
    (void)pthread_cond_signal(&commit.changed);
    (void)pthread_mutex_unlock(&commit.lock);
    return MHD_YES;
}

static int open_file(const char *path) {
    static char zeros[FILE_BYTES];
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, zeros, sizeof zeros) != (ssize_t)sizeof zeros || fsync(file) != 0) {
        perror(path);
        exit(1);
    }
    return file;
}

int main(int argc, char **argv) {
    static char body[] = "ok";
    pthread_t thread;
    if (argc == 3) {
        commit.file = open_file(argv[1]);
        commit.work_ns = strtol(argv[2], NULL, 10);
        if (pthread_create(&thread, NULL, commit_main, NULL) != 0) {
            return 1;
        }
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, response,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)WAITING_MAX, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = daemon == NULL ? NULL : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (info == NULL) {
        return 1;
    }
    printf("%u\n", (unsigned)info->port);
    (void)fflush(stdout);
    char byte;
    (void)!read(STDIN_FILENO, &byte, 1); /* until whoever started us is gone */
    _exit(0);                            /* connections may wait for a commit */
}
