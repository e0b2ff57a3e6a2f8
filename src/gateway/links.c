/* The open links, read from the desk whenever one changed. */
#include <string.h>

#include "base/error.h"
#include "desk/partner_link.h"
#include "gateway/gateway_private.h"
#include "sys/clock.h"
#include "sys/secret_file.h"

enum { LINKS_MAX = 4096 };

void links_free(gateway *g) {
    for (size_t i = 0; i < g->link_count; i++) {
        memory_free(g->links[i].flights);
    }
    memory_free(g->links);
    g->links = NULL;
    g->link_count = 0;
    for (size_t i = 0; i < g->channel_count; i++) {
        memory_free(g->channels[i].links);
        g->channels[i].links = NULL;
        g->channels[i].link_count = 0;
    }
    arena_fini(&g->link_texts);
}

link_state *links_find(gateway *g, sluice_text channel, sluice_text partner) {
    for (size_t i = 0; i < g->link_count; i++) {
        link_state *link = &g->links[i];
        if (text_equal(link->link.channel, channel) && text_equal(link->link.partner, partner)) {
            return link;
        }
    }
    return NULL;
}

static bool copy(sluice_text *text, arena *a) {
    char *bytes = arena_alloc(a, text->length + 1);
    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, text->length == 0 ? "" : text->data, text->length);
    bytes[text->length] = '\0';
    text->data = bytes;
    return true;
}

static bool read_key(gateway *g, const record *r, arena *a, sluice_text *key_out) {
    char *buffer;
    sluice_error error;
    sluice_text name = value_text_or_empty(&r->values[LINK_KEY_FILE]);
    *key_out = (sluice_text){0};
    if (name.length == 0) {
        return true;
    }
    buffer = memory_new(SECRET_FILE_BYTES_MAX);
    if (buffer == NULL || !copy(&name, a)) {
        memory_free(buffer);
        return false;
    }
    size_t length = 0;
    sluice_result result = g->host.keys == NULL ? error_set(&error, SLUICE_E_INVALID,
                                                            "a link has a key file, and serve has no --gateway-keys")
                                                : secret_file_read(g->host.keys, name.data, buffer, &length, &error);
    if (result != SLUICE_OK) {
        g->links_ns = clock_machine_ns() + LINKS_RETRY_NS;
        gateway_log(g, "error", "link", "%.*s link %lld is out of service: %s", TEXT_ARGS(r->values[LINK_CHANNEL].text),
                    (long long)r->id, error.text);
    } else {
        while (length > 0 && (buffer[length - 1] == '\n' || buffer[length - 1] == '\r')) {
            length--;
        }
        *key_out = (sluice_text){buffer, length};
        result = copy(key_out, a) ? SLUICE_OK : SLUICE_E_NO_MEMORY;
    }
    memory_free(buffer);
    return result == SLUICE_OK;
}

/* False: it cannot be used; that was said. */
static bool take_link(gateway *g, const record *r, size_t channel, arena *a, link_state *link) {
    const record_value *v = r->values;
    sluice_text endpoint = v[LINK_ENDPOINT].text, settings = value_text_or_empty(&v[LINK_SETTINGS]);
    *link = (link_state){
        .link = {.id = r->id,
                 .channel = v[LINK_CHANNEL].text,
                 .partner = v[LINK_PARTNER].text,
                 .format = value_text_or_empty(&v[LINK_FORMAT]),
                 .timeout_ms = v[LINK_TIMEOUT].integer,
                 .per_second = v[LINK_PER_SECOND].integer,
                 .in_flight = v[LINK_IN_FLIGHT].integer},
        .channel = channel,
        .answer_ms = v[LINK_ANSWER_WITHIN].integer,
        .attempts_max = v[LINK_ATTEMPTS_MAX].integer,
        .backoff_ms = v[LINK_BACKOFF].integer,
        .backoff_max_ms = v[LINK_BACKOFF_MAX].integer,
        .repeats = text_equal(v[LINK_UNKNOWN].text, TEXT("repeat")),
        .tokens = (double)v[LINK_PER_SECOND].integer,
        .filled_ns = clock_machine_ns(),
    };
    gateway_link *l = &link->link;
    if (!copy(&endpoint, a) || !copy(&l->channel, a) || !copy(&l->partner, a) || !copy(&l->format, a) ||
        !read_key(g, r, a, &l->key)) {
        return false;
    }
    l->endpoint = endpoint.data;
    if (settings.length > 0) {
        /* Kept as long as the arena: yyjson reads it into a pool of ours. */
        size_t bytes = yyjson_read_max_memory_usage(settings.length, 0);
        void *pool = arena_alloc(a, bytes);
        yyjson_alc allocator;
        if (pool == NULL || !yyjson_alc_pool_init(&allocator, pool, bytes)) {
            return false;
        }
        yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)settings.data, settings.length, 0, &allocator, NULL);
        l->settings = yyjson_doc_get_root(doc);
    }
    return true;
}

/* What is under way stays under way when its link is replaced. */
static void keep_flights(gateway *g, link_state *fresh, size_t count) {
    for (size_t i = 0; i < count; i++) {
        link_state *old = links_find(g, fresh[i].link.channel, fresh[i].link.partner);
        if (old != NULL) {
            fresh[i].flights = old->flights;
            fresh[i].flight_count = old->flight_count;
            fresh[i].flight_capacity = old->flight_capacity;
            fresh[i].tokens =
                old->tokens < (double)fresh[i].link.per_second ? old->tokens : (double)fresh[i].link.per_second;
            old->flights = NULL;
        }
    }
}

static void tell_channels(gateway *g) {
    for (size_t i = 0; i < g->channel_count; i++) {
        channel_state *channel = &g->channels[i];
        channel->ops->set_links(channel->self, channel->links, channel->link_count);
    }
}

/* The links of each channel side by side; false: no memory. */
static bool sort_links(const link_state *links, size_t count, size_t channel, gateway_link **sorted_out,
                       size_t *count_out) {
    *count_out = 0;
    *sorted_out = memory_new((count + 1) * sizeof **sorted_out);
    for (size_t i = 0; *sorted_out != NULL && i < count; i++) {
        if (links[i].channel == channel) {
            (*sorted_out)[(*count_out)++] = links[i].link;
        }
    }
    return *sorted_out != NULL;
}

static sluice_result read_rows(gateway *g, arena *a, record **rows, size_t *count, sluice_error *error) {
    query_term open = {LINK_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0};
    record_query query = {.table = PARTNER_LINK_KIND.table, .terms = &open, .term_count = 1, .order = QUERY_ID};
    query.limit = LINKS_MAX;
    return store_select(desk_store(g->host.desk), &query, a, rows, count, error);
}

sluice_result links_load(gateway *g, sluice_error *error) {
    arena read = {0}, texts = {0};
    record *rows = NULL;
    size_t row_count = 0, count = 0;
    link_state *fresh = NULL;
    gateway_link *sorted[CHANNELS_MAX] = {NULL};
    size_t sorted_count[CHANNELS_MAX] = {0};
    sluice_result result = read_rows(g, &read, &rows, &row_count, error);
    fresh = result == SLUICE_OK ? memory_new_zero(row_count + 1, sizeof *fresh) : NULL;
    bool good = fresh != NULL;
    for (size_t i = 0; good && i < row_count; i++) {
        for (size_t k = 0; k < g->channel_count; k++) {
            bool is_of_it = text_equal(rows[i].values[LINK_CHANNEL].text, text_of(g->channels[k].ops->name));
            count += is_of_it && take_link(g, &rows[i], k, &texts, &fresh[count]) ? 1 : 0;
        }
    }
    for (size_t k = 0; good && k < g->channel_count; k++) {
        good = sort_links(fresh, count, k, &sorted[k], &sorted_count[k]);
    }
    arena_fini(&read);
    if (!good) {
        for (size_t k = 0; k < CHANNELS_MAX; k++) {
            memory_free(sorted[k]);
        }
        memory_free(fresh);
        arena_fini(&texts);
        return result == SLUICE_OK ? error_no_memory(error, row_count * sizeof *fresh) : result;
    }
    keep_flights(g, fresh, count);
    /* The channels hold the old array until they are told of the new one. */
    arena old_texts = g->link_texts;
    link_state *old = g->links;
    size_t old_count = g->link_count;
    gateway_link *old_sorted[CHANNELS_MAX];
    for (size_t k = 0; k < g->channel_count; k++) {
        old_sorted[k] = g->channels[k].links;
        g->channels[k].links = sorted[k];
        g->channels[k].link_count = sorted_count[k];
    }
    g->links = fresh;
    g->link_count = count;
    g->link_texts = texts;
    tell_channels(g);
    for (size_t i = 0; i < old_count; i++) {
        memory_free(old[i].flights);
    }
    memory_free(old);
    for (size_t k = 0; k < g->channel_count; k++) {
        memory_free(old_sorted[k]);
    }
    arena_fini(&old_texts);
    return SLUICE_OK;
}
