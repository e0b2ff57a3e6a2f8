/* Counters and gauges of the channels, never with a name, an address or a partner. Gauges are looked up once a second.
 */
#include "gateway/gateway_private.h"
#include "sys/clock.h"

enum { COUNTED_MAX = 1000000 };

static int64_t count_state(gateway *g, const char *channel, const char *state) {
    query_term terms[2] = {{DELIVERY_CHANNEL, QUERY_EQUAL, value_text(text_of(channel)), NULL, 0},
                           {DELIVERY_STATE, QUERY_EQUAL, value_text(text_of(state)), NULL, 0}};
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 2};
    uint64_t count = 0;
    sluice_error unheard;
    return store_count(desk_store(g->host.desk), &query, COUNTED_MAX, &count, &unheard) == SLUICE_OK ? (int64_t)count
                                                                                                     : -1;
}

/* When the one that has been due for longest was due; 0: none is. */
static int64_t oldest(gateway *g, const char *channel) {
    query_term terms[2] = {{DELIVERY_CHANNEL, QUERY_EQUAL, value_text(text_of(channel)), NULL, 0},
                           {DELIVERY_STATE, QUERY_EQUAL, value_text(TEXT("queued")), NULL, 0}};
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 2, .order = DELIVERY_NEXT_AT};
    arena a = {0};
    record first;
    sluice_error unheard;
    sluice_result result = store_find(desk_store(g->host.desk), &query, &a, &first, &unheard);
    int64_t at = result == SLUICE_OK ? first.values[DELIVERY_NEXT_AT].integer : 0;
    arena_fini(&a);
    return at;
}

void metrics_gauge(gateway *g) {
    for (size_t i = 0; i < g->channel_count; i++) {
        channel_counts *counts = &g->channels[i].counts;
        const char *name = g->channels[i].ops->name;
        atomic_store(&counts->queued, count_state(g, name, "queued"));
        atomic_store(&counts->waiting, count_state(g, name, "waiting"));
        atomic_store(&counts->dead_now, count_state(g, name, "dead"));
        atomic_store(&counts->oldest_ms, oldest(g, name));
    }
}

static void head(text_writer *out, const char *name, const char *type, const char *help) {
    text_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void counters(gateway *g, text_writer *out) {
    static const char NAME[] = "sluice_gateway_messages_total";
    head(out, NAME, "counter", "Messages to partners, by channel and what became of them.");
    for (size_t i = 0; i < g->channel_count; i++) {
        channel_counts *n = &g->channels[i].counts;
        const struct {
            const char *what;
            atomic_uint_fast64_t *value;
        } rows[] = {{"sent", &n->sent},         {"asked", &n->asked},       {"accepted", &n->accepted},
                    {"answered", &n->answered}, {"repeated", &n->repeated}, {"no_effect", &n->no_effect},
                    {"again", &n->again},       {"unknown", &n->unknown},   {"refused", &n->refused},
                    {"dead", &n->dead},         {"stranger", &n->strangers}};
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            text_printf(out, "%s{channel=\"%s\",what=\"%s\"} %llu\n", NAME, g->channels[i].ops->name, rows[k].what,
                        (unsigned long long)atomic_load(rows[k].value));
        }
    }
}

void gateway_metrics(gateway *g, text_writer *out) {
    int64_t now = clock_now_ms();
    counters(g, out);
    head(out, "sluice_gateway_depth", "gauge", "Deliveries, by channel and state.");
    for (size_t i = 0; i < g->channel_count; i++) {
        channel_counts *n = &g->channels[i].counts;
        const char *name = g->channels[i].ops->name;
        text_printf(out,
                    "sluice_gateway_depth{channel=\"%s\",state=\"queued\"} %lld\n"
                    "sluice_gateway_depth{channel=\"%s\",state=\"waiting\"} %lld\n"
                    "sluice_gateway_depth{channel=\"%s\",state=\"dead\"} %lld\n",
                    name, (long long)atomic_load(&n->queued), name, (long long)atomic_load(&n->waiting), name,
                    (long long)atomic_load(&n->dead_now));
    }
    head(out, "sluice_gateway_oldest_seconds", "gauge", "For how long the oldest delivery has been due.");
    for (size_t i = 0; i < g->channel_count; i++) {
        int64_t at = atomic_load(&g->channels[i].counts.oldest_ms);
        text_printf(out, "sluice_gateway_oldest_seconds{channel=\"%s\"} %.3f\n", g->channels[i].ops->name,
                    at == 0 || at > now ? 0 : (double)(now - at) / 1000);
    }
}
