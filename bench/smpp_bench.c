/* Short messages over one bind: from smpp_submit to the last result. Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arguments.h"
#include "figures.h"
#include "gateway/smpp.h"
#include "sys/clock.h"

typedef struct course {
    smpp_link *link;
    uint64_t messages, submitted, sent, last, delivered, incoming;
    bool is_pair;
    int64_t *from_ns, *took_ns;
} course;

static void submit(course *c) {
    smpp_counts counts;
    sluice_error error;
    smpp_count(c->link, &counts);
    uint32_t held = counts.queued + counts.unanswered;
    while (c->submitted < c->messages && held++ < 2000) {
        if (smpp_submit(c->link, c->submitted + 1, TEXT("13800138000"),
                        TEXT("国家反诈中心提醒：您可能正在被骗转账，请先停止付款。"), &error) != SLUICE_OK) {
            fprintf(stderr, "smpp_bench: %s\n", error.text);
            exit(1);
        }
        c->from_ns[c->submitted++] = clock_machine_ns();
    }
}

static void take(course *c) {
    smpp_result r;
    while (smpp_next(c->link, &r)) {
        c->sent += r.outcome == SMPP_SENT;
        c->delivered += r.outcome == SMPP_DELIVERED;
        c->incoming += r.outcome == SMPP_INCOMING;
        if (r.is_last && r.id > 0) {
            c->took_ns[c->last++] = clock_machine_ns() - c->from_ns[r.id - 1];
        }
        smpp_result_fini(&r);
    }
    smpp_booked(c->link);
}

int main(int argc, char **argv) {
    course c = {.messages = 20000};
    uint32_t port = 2775, window = 200, pair = 0;
    const bench_option options[] = {{"--port", BENCH_OPTION_U32, &port},
                                    {"--messages", BENCH_OPTION_U64, &c.messages},
                                    {"--window", BENCH_OPTION_U32, &window},
                                    {"--pair", BENCH_OPTION_U32, &pair}};
    smpp_settings settings = smpp_settings_defaults();
    sluice_error error;
    if (!arguments_read(argc, argv, options, 4) || c.messages == 0) {
        return 2;
    }
    settings.endpoint.host = "127.0.0.1";
    settings.endpoint.port = (uint16_t)port;
    settings.system_id = "sluice";
    settings.password = "secret";
    settings.source = "12381";
    settings.window = window;
    settings.is_pair = pair != 0;
    c.from_ns = calloc(c.messages, sizeof *c.from_ns);
    c.took_ns = calloc(c.messages, sizeof *c.took_ns);
    if (c.from_ns == NULL || c.took_ns == NULL || smpp_open(&settings, &c.link, &error) != SLUICE_OK) {
        free(c.from_ns);
        free(c.took_ns);
        return 1;
    }
    while (!smpp_is_bound(c.link)) {
        smpp_step(c.link, 100);
    }
    int64_t start_ns = clock_machine_ns();
    clock_t start_cpu = clock();
    while (c.last < c.messages) {
        submit(&c);
        smpp_step(c.link, 100);
        take(&c);
    }
    double seconds = (double)(clock_machine_ns() - start_ns) / 1e9,
           cpu = (double)(clock() - start_cpu) / CLOCKS_PER_SEC;
    figures f = figures_of(c.took_ns, c.last);
    printf("{\"messages\": %llu, \"sent\": %llu, \"delivered\": %llu, \"incoming\": %llu, \"seconds\": %.3f, "
           "\"cpu_seconds\": %.3f, \"p50_ms\": %.2f, \"p99_ms\": %.2f}\n",
           (unsigned long long)c.messages, (unsigned long long)c.sent, (unsigned long long)c.delivered,
           (unsigned long long)c.incoming, seconds, cpu, (double)f.p50 / 1e6, (double)f.p99 / 1e6);
    smpp_close(&c.link);
    free(c.from_ns);
    free(c.took_ns);
    return 0;
}
