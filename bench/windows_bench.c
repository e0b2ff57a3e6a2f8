/* Exact count and sum of an account's debits of the last hour, event by event: ours, and Redis over a Unix socket on
 * the same events, answer by answer; and what a transfer costs with more and with all features. One JSON object.
 *
 *   --mode redis      --socket PATH --events N --accounts N
 *   --mode features   --events N --accounts N --plans BITS   (1: count and sum, 2: common ones, 4: everything) */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "amlworld.h"
#include "arguments.h"
#include "base/memory.h"
#include "feature/feature.h"
#include "feature/feature_table.h"
#include "figures.h"

#define AHEAD 24
#define RUNS 3
#define PIPELINE 1000

typedef struct answer {
    int64_t count, sum_fen;
} answer;

/* Beside Redis, what passes on the wall; alone, the processor time of the one thread there is. */
static clockid_t clock_used = CLOCK_MONOTONIC;

static int64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(clock_used, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static _Noreturn void fail(const char *what) {
    (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* Transfers as in an AMLworld file; times in order where `is_ordered`, seconds within the minute. */
static activity *events_make(uint64_t count, uint32_t accounts, uint32_t days, bool is_ordered) {
    amlworld_options options = {
        .row_count = count, .account_count = accounts, .days = days, .disorder_minutes = is_ordered ? 0 : 3, .seed = 1};
    amlworld world;
    amlworld_row row;
    amlworld_begin(&world, &options);
    activity *events = calloc(count, sizeof *events);
    if (events == NULL) {
        fail("events");
    }
    for (uint64_t i = 0; i < count && amlworld_next(&world, &row); i++) {
        events[i] = (activity){.sequence = i + 1,
                               .kind = SLUICE_SIGNAL_TRANSFER,
                               .time_ms = row.minute * 60000,
                               .movement = (uint32_t)i,
                               .from = row.from,
                               .to = row.to,
                               .amount_fen = amlworld_fen(row.paid_micro),
                               .received_fen = amlworld_fen(row.received_micro)};
    }
    return events;
}

static void plan_add(feature_plan *plan, const char *name) {
    uint32_t slot;
    const char *reason;
    if (!feature_plan_add(plan, text_of(name), &slot, &reason)) {
        (void)fprintf(stderr, "%s\n", reason);
        exit(1);
    }
}

/* Steps through all events, `ahead` of which the memory is told of; returns ns an event, the best of RUNS. */
static double steps(const feature_plan *plan, const activity *events, uint64_t count, uint32_t ahead, answer *answers,
                    uint64_t *bytes_out) {
    feature_value *values = calloc(feature_plan_count(plan) + 1, sizeof *values);
    int64_t best_ns = INT64_MAX;
    for (int run = 0; run < RUNS; run++) {
        feature_state *state = feature_state_new(plan, NULL, 0);
        if (state == NULL || values == NULL) {
            fail("state");
        }
        int64_t start_ns = now_ns();
        for (uint64_t i = 0; i < count; i++) {
            for (uint32_t step = 0; ahead > 0 && step < 3; step++) {
                uint64_t at = i + ahead - step * (ahead / 3);
                if (at < count) {
                    feature_prefetch(state, &events[at], (int)step);
                }
            }
            if (!feature_step(state, &events[i], values)) {
                fail("step");
            }
            if (answers != NULL) {
                answers[i] = (answer){values[0].i, values[1].i};
            }
        }
        int64_t ns = now_ns() - start_ns;
        best_ns = ns < best_ns ? ns : best_ns;
        *bytes_out = feature_memory_bytes(state);
        feature_state_free(&state);
    }
    free(values);
    return (double)best_ns / (double)count;
}

/* Redis. A reply is an array of two integers, ":n" each. */

typedef struct client {
    int socket;
    char out[1 << 18], in[1 << 18];
    size_t out_length, in_first, in_length;
} client;

static client redis;

static void redis_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    redis.socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (redis.socket < 0 || connect(redis.socket, (const struct sockaddr *)&address, sizeof address) != 0) {
        fail(path);
    }
}

static void redis_flush(void) {
    for (size_t sent = 0; sent < redis.out_length;) {
        ssize_t n = write(redis.socket, redis.out + sent, redis.out_length - sent);
        if (n <= 0) {
            fail("write");
        }
        sent += (size_t)n;
    }
    redis.out_length = 0;
}

/* The next line of the reply, without its end. Valid until the next call. */
static char *redis_line(void) {
    for (;;) {
        char *first = redis.in + redis.in_first;
        char *end = memchr(first, '\n', redis.in_length - redis.in_first);
        if (end != NULL) {
            end[-1] = '\0';
            redis.in_first = (size_t)(end + 1 - redis.in);
            return first;
        }
        memmove(redis.in, first, redis.in_length - redis.in_first);
        redis.in_length -= redis.in_first;
        redis.in_first = 0;
        ssize_t n = read(redis.socket, redis.in + redis.in_length, sizeof redis.in - redis.in_length);
        if (n <= 0) {
            fail("read");
        }
        redis.in_length += (size_t)n;
    }
}

static void redis_put(const char *argument) {
    size_t room = sizeof redis.out - redis.out_length;
    redis.out_length +=
        (size_t)snprintf(redis.out + redis.out_length, room, "$%zu\r\n%s\r\n", strlen(argument), argument);
}

static int64_t redis_int(void) {
    const char *line = redis_line();
    if (line[0] != ':') {
        (void)fprintf(stderr, "Redis says %s\n", line);
        exit(1);
    }
    return strtoll(line + 1, NULL, 10);
}

static void redis_ask(const char *sha, const activity *a) {
    char key[32], time[32], amount[32];
    (void)snprintf(key, sizeof key, "a%u", a->from);
    (void)snprintf(time, sizeof time, "%lld", (long long)a->time_ms);
    (void)snprintf(amount, sizeof amount, "%lld", (long long)a->amount_fen);
    redis.out_length += (size_t)snprintf(redis.out + redis.out_length, sizeof redis.out - redis.out_length, "*6\r\n");
    redis_put("EVALSHA");
    redis_put(sha);
    redis_put("1");
    redis_put(key);
    redis_put(time);
    redis_put(amount);
}

static void redis_load(const char *script, char sha_out[64]) {
    redis.out_length = (size_t)snprintf(redis.out, sizeof redis.out, "*1\r\n$8\r\nFLUSHALL\r\n*3\r\n");
    redis_put("SCRIPT");
    redis_put("LOAD");
    redis_put(script);
    redis_flush();
    (void)redis_line();
    (void)redis_line();
    (void)snprintf(sha_out, 64, "%s", redis_line());
}

/* Asks for every event, `depth` of them at a time; ns an event. False in *equal_out: another answer than ours. */
static double redis_run(const char *script, const activity *events, uint64_t count, uint64_t depth,
                        const answer *answers, bool *equal_out) {
    char sha[64];
    redis_load(script, sha);
    *equal_out = true;
    int64_t start_ns = now_ns();
    for (uint64_t i = 0; i < count; i += depth) {
        uint64_t end = i + depth < count ? i + depth : count;
        for (uint64_t k = i; k < end; k++) {
            redis_ask(sha, &events[k]);
        }
        redis_flush();
        for (uint64_t k = i; k < end; k++) {
            (void)redis_line(); /* *2 */
            int64_t window_count = redis_int(), sum_fen = redis_int();
            *equal_out &= window_count == answers[k].count && sum_fen == answers[k].sum_fen;
        }
    }
    return (double)(now_ns() - start_ns) / (double)count;
}

/* One call an event: take it in, drop what is older than an hour, answer with count and sum. */
static const struct {
    const char *name, *script;
} ways[] = {
    {"list and a running sum", "local t=tonumber(ARGV[1]) local s=KEYS[1]..'s'\n"
                               "redis.call('RPUSH',KEYS[1],ARGV[1]..':'..ARGV[2])\n"
                               "local sum=redis.call('INCRBY',s,ARGV[2])\n"
                               "while true do\n"
                               "  local e=redis.call('LINDEX',KEYS[1],0)\n"
                               "  local c=string.find(e,':',1,true)\n"
                               "  if tonumber(string.sub(e,1,c-1))>t-3600000 then break end\n"
                               "  redis.call('LPOP',KEYS[1])\n"
                               "  sum=redis.call('DECRBY',s,string.sub(e,c+1))\n"
                               "end\n"
                               "return {redis.call('LLEN',KEYS[1]),sum}"},
    {"sorted set and a running sum",
     "local t=tonumber(ARGV[1]) local s=KEYS[1]..'s'\n"
     "local n=redis.call('INCR',KEYS[1]..'n')\n"
     "redis.call('ZADD',KEYS[1],ARGV[1],n..':'..ARGV[2])\n"
     "local sum=redis.call('INCRBY',s,ARGV[2])\n"
     "local old=redis.call('ZRANGEBYSCORE',KEYS[1],'-inf',t-3600000)\n"
     "if #old>0 then\n"
     "  for i=1,#old do sum=redis.call('DECRBY',s,string.sub(old[i],string.find(old[i],':',1,true)+1)) end\n"
     "  redis.call('ZREMRANGEBYSCORE',KEYS[1],'-inf',t-3600000)\n"
     "end\n"
     "return {redis.call('ZCARD',KEYS[1]),sum}"},
};

static int mode_redis(const char *path, uint64_t count, uint32_t accounts) {
    activity *events = events_make(count, accounts, 2, true);
    answer *answers = calloc(count, sizeof *answers);
    if (answers == NULL) {
        fail("answers");
    }
    for (uint64_t i = 0; i < count; i++) { /* one account an event, as Redis is asked */
        events[i].kind = SLUICE_SIGNAL_WITHDRAWAL;
        events[i].to = KEY_NONE;
    }
    feature_plan *plan = feature_plan_new();
    plan_add(plan, "payer.out_count_1h");
    plan_add(plan, "payer.out_sum_1h");
    uint64_t bytes;
    double single_ns = steps(plan, events, count, 0, answers, &bytes);
    double ahead_ns = steps(plan, events, count, AHEAD, answers, &bytes);
    redis_connect(path);
    (void)printf("{\"single_ns\": %.1f, \"ahead_ns\": %.1f, \"bytes\": %llu, \"redis\": [", single_ns, ahead_ns,
                 (unsigned long long)bytes);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        bool equal, equal_pipelined;
        double ns = redis_run(ways[w].script, events, count, 1, answers, &equal);
        double pipelined_ns = redis_run(ways[w].script, events, count, PIPELINE, answers, &equal_pipelined);
        (void)printf("%s{\"way\": \"%s\", \"ns\": %.1f, \"pipelined_ns\": %.1f, \"equal\": %s}", w > 0 ? ", " : "",
                     ways[w].name, ns, pipelined_ns, equal && equal_pipelined ? "true" : "false");
    }
    (void)printf("]}\n");
    (void)close(redis.socket);
    feature_plan_free(&plan);
    free(answers);
    free(events);
    return 0;
}

static void plan_windows(feature_plan *plan, const char *const *names, size_t count) {
    static const char *const windows[] = {"10m", "1h", "24h", "7d", "30d"};
    for (size_t i = 0; i < count; i++) {
        for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
            char name[64];
            (void)snprintf(name, sizeof name, "%s_%s", names[i], windows[w]);
            plan_add(plan, name);
        }
    }
}

static void plan_everything(feature_plan *plan) {
    for (feature_subject subject = 0; subject < SUBJECTS; subject++) {
        for (feature_id id = 0; id < FEATURE_IDS; id++) {
            char name[64];
            (void)snprintf(name, sizeof name, "%s.%s", feature_subject_names[subject], feature_table[id].name);
            const char *names[] = {name};
            if (!feature_is_of(id, subject)) {
                continue;
            }
            if (feature_table[id].is_windowed) {
                plan_windows(plan, names, 1);
            } else {
                plan_add(plan, name);
            }
        }
    }
}

static const char *const common[] = {
    "payer.in_count", "payer.in_sum", "payer.out_count", "payer.out_sum", "payer.out_distinct",
    "payee.in_count", "payee.in_sum", "payee.out_count", "payee.out_sum", "payee.in_distinct",
};

static int mode_features(uint64_t count, uint32_t accounts, uint32_t plans) {
    activity *events = events_make(count, accounts, 10, false);
    clock_used = CLOCK_THREAD_CPUTIME_ID;
    (void)printf("{\"plans\": [");
    const char *separator = "";
    for (uint32_t which = 0; which < 3; which++) {
        if ((plans >> which & 1) == 0) {
            continue;
        }
        feature_plan *plan = feature_plan_new();
        if (which == 0) {
            plan_add(plan, "payer.out_count_1h");
            plan_add(plan, "payer.out_sum_1h");
            plan_add(plan, "payee.in_count_1h");
            plan_add(plan, "payee.in_sum_1h");
        } else if (which == 1) {
            plan_windows(plan, common, sizeof common / sizeof *common);
        } else {
            plan_everything(plan);
        }
        uint64_t bytes;
        double ahead_ns = steps(plan, events, count, AHEAD, NULL, &bytes);
        double single_ns = steps(plan, events, count, 0, NULL, &bytes);
        (void)printf("%s{\"features\": %u, \"single_ns\": %.1f, \"ahead_ns\": %.1f, \"bytes\": %llu}", separator,
                     feature_plan_count(plan), single_ns, ahead_ns, (unsigned long long)bytes);
        separator = ", ";
        feature_plan_free(&plan);
    }
    (void)printf("]}\n");
    free(events);
    return 0;
}

int main(int argc, char **argv) {
    const char *mode = "features", *path = "";
    uint64_t events = 1000000;
    uint32_t accounts = 100000, plans = 7;
    const bench_option options[] = {{"--mode", BENCH_OPTION_TEXT, &mode},
                                    {"--socket", BENCH_OPTION_TEXT, &path},
                                    {"--events", BENCH_OPTION_U64, &events},
                                    {"--accounts", BENCH_OPTION_U32, &accounts},
                                    {"--plans", BENCH_OPTION_U32, &plans}};
    if (!arguments_read(argc, argv, options, sizeof options / sizeof *options)) {
        return 2;
    }
    return strcmp(mode, "redis") == 0 ? mode_redis(path, events, accounts) : mode_features(events, accounts, plans);
}
