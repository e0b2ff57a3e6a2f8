/* Account profiles for callers: walks the account's ledger in the graph for src/feature, and adds what the graph knows
 * about the account itself: holder, status, logins. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/engine_private.h"
#include "feature/profile.h"

#define RECENT_DEFAULT_MS (30 * TIME_DAY_MS)
#define TOP_DEFAULT 20

static sluice_text key_of(const void *context, uint32_t counterparty) {
    const graph *g = context;
    return counterparty == KEY_NONE ? (sluice_text){"", 0} : keys_text(&g->keys, counterparty);
}

static bool add_ledger(const graph_view *view, uint32_t key, const ledger *l, sluice_profile *profile) {
    ledger_cursor cursor;
    ledger_entry entry;
    ledger_begin(l, &cursor);
    while (ledger_next(l, &cursor, &entry)) {
        const movement *m = graph_movement(view->graph, entry & ~LEDGER_DEBIT);
        int64_t signed_fen = graph_entry_signed(view->graph, entry);
        bool is_debit = (entry & LEDGER_DEBIT) != 0;
        profile_entry of_account = {.time_ms = movement_time_ms(m),
                                    .amount_fen = is_debit ? -signed_fen : signed_fen,
                                    .is_debit = is_debit,
                                    .is_withdrawal = (m->stamp & MOVEMENT_WITHDRAWAL) != 0,
                                    .counterparty = m->from == key ? m->to : m->from};
        if (!profile_add(profile, &of_account)) {
            return false;
        }
    }
    return true;
}

static bool is_company(const graph *g, uint32_t holder) {
    return text_equal(keys_kind_text(&g->keys, keys_kind(&g->keys, holder)), TEXT("company"));
}

/* The newest fact of each sort. */
static void add_owner(const graph_view *view, uint32_t key, sluice_profile_view *about) {
    const graph *g = view->graph;
    uint32_t holder = KEY_NONE;
    sluice_text name = {0};
    for (const graph_fact *fact = graph_fact_next(view, key, NULL); fact != NULL;
         fact = graph_fact_next(view, key, fact)) {
        if (fact->kind == FACT_HOLDER && holder == KEY_NONE) {
            holder = fact->other;
        } else if (fact->kind == FACT_NAME && name.length == 0) {
            name = graph_fact_text(g, fact);
        } else if (fact->kind == FACT_SEEN) {
            about->type = about->type.length == 0 ? graph_fact_text(g, fact) : about->type;
            about->opened_ms = fact->time_ms; /* the oldest is the last to come */
        }
    }
    for (const graph_fact *fact = holder == KEY_NONE ? NULL : graph_fact_next(view, holder, NULL);
         fact != NULL && name.length == 0; fact = graph_fact_next(view, holder, fact)) {
        name = fact->kind == FACT_NAME ? graph_fact_text(g, fact) : name;
    }
    if (holder != KEY_NONE) {
        about->holder = keys_text(&g->keys, holder);
    }
    if (holder != KEY_NONE && is_company(g, holder)) {
        size_t length = name.length < SLUICE_PROFILE_NAME_BYTES ? name.length : SLUICE_PROFILE_NAME_BYTES - 1;
        while (length > 0 && length < name.length && ((unsigned char)name.data[length] & 0xC0) == 0x80) {
            length--; /* never half a character */
        }
        memcpy(about->holder_name, name.data == NULL ? "" : name.data, length);
        about->holder_name[length] = '\0';
    } else {
        profile_mask_name(name, about->holder_name);
    }
    fact_kind status = graph_status(view, key);
    about->status = status == FACT_CLOSED ? "closed" : status == FACT_BLOCKED ? "blocked" : "open";
}

typedef struct login {
    uint32_t other;
    int64_t time_ms;
} login;

static int compare_logins(const void *left, const void *right) {
    const login *a = left, *b = right;
    if (a->other != b->other) {
        return a->other < b->other ? -1 : 1;
    }
    return a->time_ms < b->time_ms ? -1 : a->time_ms > b->time_ms;
}

/* The logins among a key's facts, sorted by the other side; the caller frees them. False: no memory. */
static bool collect_logins(const graph_view *view, uint32_t key, fact_kind kind, login **logins_out,
                           size_t *count_out) {
    size_t capacity = 0;
    *logins_out = NULL;
    *count_out = 0;
    for (const graph_fact *fact = graph_fact_next(view, key, NULL); fact != NULL;
         fact = graph_fact_next(view, key, fact)) {
        if (fact->kind != (uint8_t)kind) {
            continue;
        }
        if (!ARRAY_RESERVE(*logins_out, capacity, *count_out + 1)) {
            memory_free(*logins_out);
            *logins_out = NULL;
            return false;
        }
        (*logins_out)[(*count_out)++] = (login){fact->other, fact->time_ms};
    }
    if (*count_out > 0) {
        qsort(*logins_out, *count_out, sizeof **logins_out, compare_logins);
    }
    return true;
}

static int compare_devices(const void *left, const void *right) {
    const sluice_profile_device *a = left, *b = right;
    if (a->login_count != b->login_count) {
        return a->login_count > b->login_count ? -1 : 1;
    }
    return text_compare(a->key, b->key);
}

static bool count_accounts_of_device(const graph_view *view, sluice_profile_device *device) {
    login *logins = NULL;
    size_t count = 0;
    uint32_t key = keys_find(&view->graph->keys, device->key, hash64(device->key.data, device->key.length));
    if (!collect_logins(view, key, FACT_LOGIN_OF, &logins, &count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        device->account_count += i == 0 || logins[i].other != logins[i - 1].other;
    }
    memory_free(logins);
    return true;
}

/* Logins of the period, by device. */
static bool add_devices(const graph_view *view, uint32_t key, uint32_t top_count, sluice_profile *profile) {
    sluice_profile_view *about = &profile->view;
    login *logins = NULL;
    size_t count = 0, device_count = 0;
    if (!collect_logins(view, key, FACT_LOGIN, &logins, &count)) {
        return false;
    }
    profile->devices = memory_new_zero(count, sizeof *profile->devices);
    bool whole = profile->devices != NULL;
    for (size_t i = 0; whole && i < count; i++) {
        if ((profile->asked_from_ms != 0 && logins[i].time_ms < profile->asked_from_ms) ||
            (profile->asked_to_ms != 0 && logins[i].time_ms >= profile->asked_to_ms)) {
            continue;
        }
        sluice_text device = keys_text(&view->graph->keys, logins[i].other);
        if (device_count == 0 || !text_equal(profile->devices[device_count - 1].key, device)) {
            profile->devices[device_count++] = (sluice_profile_device){.key = device, .first_ms = logins[i].time_ms};
        }
        profile->devices[device_count - 1].login_count++;
        profile->devices[device_count - 1].last_ms = logins[i].time_ms;
        about->login_count++;
    }
    if (device_count > 0) {
        qsort(profile->devices, device_count, sizeof *profile->devices, compare_devices);
    }
    about->devices = profile->devices;
    about->device_count = device_count;
    about->device_listed = device_count < top_count ? device_count : top_count;
    for (size_t i = 0; whole && i < about->device_listed; i++) {
        whole = count_accounts_of_device(view, &profile->devices[i]);
    }
    memory_free(logins);
    return whole;
}

static sluice_result check_options(const sluice_profile_options *given, sluice_profile_options *options_out,
                                   sluice_error *error) {
    *options_out = (sluice_profile_options){0};
    if (given != NULL) {
        if (given->size != sizeof *given) {
            return error_set(error, SLUICE_E_INVALID, "sluice_profile_options.size is %zu: set it to sizeof (%zu)",
                             given->size, sizeof *given);
        }
        *options_out = *given;
    }
    if (options_out->to_ms != 0 && options_out->from_ms >= options_out->to_ms) {
        return error_set(error, SLUICE_E_INVALID, "the period ends before it begins: --from must be before --to");
    }
    if (options_out->recent_ms <= 0) {
        options_out->recent_ms = RECENT_DEFAULT_MS;
    }
    if (options_out->top_count == 0) {
        options_out->top_count = TOP_DEFAULT;
    }
    return SLUICE_OK;
}

static sluice_result build(const graph_view *view, uint32_t key, const sluice_profile_options *options,
                           sluice_profile **profile_out, sluice_error *error) {
    ledger l;
    ledger_cursor cursor;
    ledger_sums sums;
    graph_ledger(view, key, &l);
    ledger_begin(&l, &cursor);
    ledger_sum(&l, &cursor, &sums);
    bool inferred = false;
    int64_t opening_fen = graph_opening(view, key, &l, &sums, &inferred);
    sluice_profile *profile = profile_new(options, opening_fen);
    if (profile == NULL) {
        return error_no_memory(error, sizeof *profile);
    }
    sluice_profile_view *about = &profile->view;
    about->as_of = view->sequence;
    about->key = keys_text(&view->graph->keys, key);
    about->opening_inferred = inferred;
    add_owner(view, key, about);
    if (!add_ledger(view, key, &l, profile) || !profile_finish(profile, options->top_count, key_of, view->graph) ||
        !add_devices(view, key, options->top_count, profile)) {
        profile_free(&profile);
        return error_no_memory(error, sizeof *profile);
    }
    *profile_out = profile;
    return SLUICE_OK;
}

sluice_result sluice_profile_run(const sluice_engine *engine, sluice_text account, const sluice_profile_options *given,
                                 sluice_profile **profile_out, sluice_error *error) {
    *profile_out = NULL;
    sluice_profile_options options;
    sluice_result result = check_options(given, &options, error);
    if (result != SLUICE_OK) {
        return result;
    }
    graph_view view;
    graph_view_open(&engine->graph, options.as_of, &view);
    uint32_t key = engine_find_account(&view, account);
    if (key == KEY_NONE) {
        result = error_set(error, SLUICE_E_NOT_FOUND,
                           "no account '%.*s' is known: give the whole key, such as card:6228480402564890018",
                           account.length > 100 ? 100 : TEXT_ARGS(account));
    } else {
        result = build(&view, key, &options, profile_out, error);
    }
    graph_view_close(&view);
    return result;
}

void sluice_profile_free(sluice_profile **profile) {
    profile_free(profile);
}

void sluice_profile_view_get(const sluice_profile *profile, sluice_profile_view *view_out) {
    size_t size = view_out->size;
    size_t known = sizeof *view_out;
    sluice_profile_view view = profile->view;
    view.size = size < known ? size : known;
    memcpy(view_out, &view, view.size);
}

sluice_result sluice_profile_render(const sluice_profile *profile, sluice_profile_format format, char **text_out,
                                    size_t *length_out, sluice_error *error) {
    return profile_render(profile, format, text_out, length_out, error);
}
