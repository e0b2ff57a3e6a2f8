/* Value-preserving fund tracing (资金穿透).
 *
 * Taint starts with one or several victims' transfers, or with an amount in an account at a time, and follows the money
 * in time order (ties by sequence) until it is spent, leaves for a sink, or meets a limit. What an account holds is
 * what its ledger says: opening balance + credits − debits. The opening balance comes from `balance_after` where the
 * data has it; else it is the smallest with which the balance never goes negative as of the sequence asked for, and is
 * marked inferred. Everything in the account before the taint arrives is clean. A transfer to the account itself moves
 * nothing.
 *
 * Methods. FIFO is Clayton's Case (Devaynes v Noble, 1816); LIFO its mirror; PRORATA the rolling pari passu of Barlow
 * Clowes v Vaughan (1992), "haircut" in the blockchain literature (Möser, Böhme & Breuker 2014), where POISON comes
 * from too; BOUNDS is the certain and the possible part (the traceability test of 银监发〔2016〕41号 Art. 8).
 *
 * Currencies: a ledger counts each amount at its face value in its own currency; taint keeps its value in the start's
 * currency and moves with its share of the debit.
 *
 * Every trace is checked to add up before it is returned: FIFO, LIFO, PRORATA: Σ held + Σ sinks + Σ cut = start, to the
 * fen, for each victim; BOUNDS: Σ certain <= start <= Σ possible; and each account: in = out + held + cut. A trace that
 * does not is never returned (UNBALANCED: a bug, please report it). */
#ifndef SLUICE_TRACE_H
#define SLUICE_TRACE_H

#include <sluice/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sluice_method {
    SLUICE_METHOD_FIFO,
    SLUICE_METHOD_LIFO,
    SLUICE_METHOD_PRORATA,
    SLUICE_METHOD_POISON,
    SLUICE_METHOD_BOUNDS,
    SLUICE_METHOD_COUNT
} sluice_method;

/* "fifo", …; NULL for no method. */
SLUICE_API const char *sluice_method_name(sluice_method method);
/* Returns false if the name is none of the five. */
SLUICE_API bool sluice_method_parse(sluice_text name, sluice_method *method_out);

/* Where one victim's money starts: a transfer, or an amount in an account at a time. */
typedef struct sluice_trace_start {
    sluice_text victim;      /* what to call this victim in the answer; empty: the paying account's key */
    sluice_text transfer_id; /* this transfer … */
    sluice_text account;     /* … or this account, when transfer_id is empty, … */
    int64_t time_ms;         /* … at this time: after the credits of that instant, before its first debit */
    int64_t amount_fen;      /* 0: the whole transfer; required with an account */
} sluice_trace_start;

typedef struct sluice_trace_options {
    size_t size; /* sizeof(sluice_trace_options) */
    sluice_method method;
    uint64_t as_of;     /* sequence; 0: the newest */
    int64_t within_ms;  /* per hop: a debit later than this after taint last arrived is not followed; 0: no limit */
    uint32_t depth_max; /* money that leaves an account this many hops from the victim is not followed; 0: no limit */
    int64_t amount_min_fen;        /* a smaller tainted part is not followed; 0: no limit */
    uint64_t entries_max;          /* ledger entries read in all; 0: the default, 4,000,000 */
    int64_t time_max_ms;           /* wall time; 0: no limit. The only limit whose answer depends on the machine */
    const char *const *sink_kinds; /* account kinds that are sinks; NULL: "atm", "pos" */
    size_t sink_kind_count;
    int64_t until_ms; /* debits after it are not followed: `held` is where the money was then (balances and what can be
                         stopped are still as of the sequence). Starts must not be later. 0: no limit */
    uint32_t account_layer; /* the layer of the accounts that starts name, from which the others are counted. 0: whose
                               money it is; 1: a victim paid into them (一级卡) */
    /* Called now and then while the walk lasts, on its thread, with the ledger entries read. False: it ends, and
     * INTERRUPTED is the answer. NULL: nobody. */
    bool (*progress)(void *context, uint64_t entries_read);
    void *progress_context;
} sluice_trace_options;

typedef struct sluice_trace sluice_trace;

/* Traces. starts may be many: each victim keeps its own provenance. options may be NULL (FIFO, no limits). *trace_out
 * is the caller's, freed by sluice_trace_free. Any thread. Errors: NOT_FOUND, INVALID (amount larger than the transfer,
 * starts of several currencies), NO_MEMORY, INTERRUPTED, UNBALANCED. Cost: about 0.2 µs a ledger entry visited,
 * whatever the size of the graph. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_trace_run(const sluice_engine *engine, const sluice_trace_start *starts,
                                                          size_t start_count, const sluice_trace_options *options,
                                                          sluice_trace **trace_out, sluice_error *error);
/* Before the engine is closed. Nulls the pointer. */
SLUICE_API void sluice_trace_free(sluice_trace **trace);

/* An amount of taint. For BOUNDS `fen` is the possible part and `certain_fen` the certain one; else both are equal.
 * by_victim has one pair for each start, in their order; NULL when there is one start. */
typedef struct sluice_trace_amount {
    int64_t fen, certain_fen;
    const int64_t *by_victim_fen;         /* [victim_count] */
    const int64_t *by_victim_certain_fen; /* [victim_count] */
} sluice_trace_amount;

typedef struct sluice_trace_account {
    sluice_text key;
    uint32_t layer; /* hops from the victim, the fewest: 一级卡 is 1; of starts by account, account_layer */
    bool opening_inferred;
    bool is_start;
    const char *status;                /* "open", "blocked", "closed" as of the sequence */
    int64_t opening_fen, balance_fen;  /* face value, as of the sequence */
    sluice_trace_amount in, out, held; /* out: onward and to sinks; what was cut is in neither */
    int64_t cut_fen;
    int64_t first_ms, last_ms; /* first and last tainted movement */
    int64_t dwell_ms;          /* first tainted credit to last tainted debit; -1: nothing left */
} sluice_trace_account;

typedef struct sluice_trace_edge {
    uint32_t from, to;  /* indexes into accounts; `to` is UINT32_MAX for an edge to a sink, then `sink` is set */
    uint32_t sink;      /* index into sinks, or UINT32_MAX */
    uint64_t count;     /* tainted transfers */
    int64_t amount_fen; /* their full amounts */
    sluice_trace_amount taint;
    int64_t first_ms, last_ms;
} sluice_trace_edge;

typedef struct sluice_trace_sink {
    sluice_text kind; /* "withdrawal", or the sink account's kind: "atm", "pos" */
    sluice_text key;  /* where the money went, else the account it was drawn from */
    sluice_trace_amount taint;
} sluice_trace_sink;

typedef struct sluice_trace_cut {
    const char *reason; /* "within", "depth", "min_amount", "entries_max", "time_max", "not_in_account",
                         * "already_tainted" (a start's transfer that carried another victim's money) */
    sluice_text key;    /* the account it was in */
    sluice_trace_amount taint;
} sluice_trace_cut;

/* What can still be saved, best first: taint still in accounts that are open. */
typedef struct sluice_trace_stop {
    uint32_t account;   /* index into accounts */
    int64_t amount_fen; /* savable: held taint, at most the balance */
    int64_t balance_fen;
} sluice_trace_stop;

/* Where to draw an account or sink: columns are layers, order within by barycentre (Sugiyama, Tagawa & Toda 1981). */
typedef struct sluice_trace_position {
    uint32_t account, sink; /* index; the other is UINT32_MAX */
    uint32_t column, row;
    double x, y, height; /* pixels */
} sluice_trace_position;

/* Borrowed views into the trace; all arrays are sorted (accounts: layer, first, key; edges: first, from, to; sinks:
 * amount, key; cut: amount, reason, key) and live until it is freed. */
typedef struct sluice_trace_view {
    size_t size; /* set by the caller: sizeof(sluice_trace_view) */
    sluice_method method;
    uint64_t as_of;
    sluice_currency currency;
    int64_t total_fen;
    size_t victim_count;
    const sluice_trace_start *starts; /* as resolved: account, time and amount are filled in, victim is named */
    const int64_t *victim_total_fen;
    const sluice_trace_account *accounts;
    size_t account_count;
    const sluice_trace_edge *edges;
    size_t edge_count;
    const sluice_trace_sink *sinks;
    size_t sink_count;
    const sluice_trace_cut *cuts;
    size_t cut_count;
    const sluice_trace_stop *stops;
    size_t stop_count;
    uint64_t entries_read;       /* ledger entries visited */
    uint64_t transfers_followed; /* tainted transfers */
    bool mixed_currency;         /* amounts of several currencies met in one ledger, at face value */
    uint32_t account_layer;      /* as it was asked for */
} sluice_trace_view;

SLUICE_API void sluice_trace_view_get(const sluice_trace *trace, sluice_trace_view *view_out);

/* The SHA-256, in lower-case hex, of the ledger entries that the trace read: for each account (in the order of
 * `accounts`) its key, opening balance and each entry from the taint's arrival on: sequence, time, direction, amount.
 * docs/trace.md gives the bytes. Computed on the first call. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_trace_ledger_sha256(sluice_trace *trace, char hex_out[65],
                                                                    sluice_error *error);

/* Layered positions of all accounts and sinks. *positions_out is owned by the trace. Computed on the first call. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_trace_layout(sluice_trace *trace,
                                                             const sluice_trace_position **positions_out,
                                                             size_t *count_out, sluice_error *error);

typedef enum sluice_trace_format {
    SLUICE_TRACE_TABLE,
    SLUICE_TRACE_JSON, /* docs/schema/trace.schema.json, closed */
    SLUICE_TRACE_CSV,
    SLUICE_TRACE_DOT,
    SLUICE_TRACE_SVG,
} sluice_trace_format;

/* Renders into a NUL-terminated UTF-8 text, the caller's, freed by sluice_text_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_trace_render(sluice_trace *trace, sluice_trace_format format,
                                                             char **text_out, size_t *length_out, sluice_error *error);
SLUICE_API void sluice_text_free(char **text);

#ifdef __cplusplus
}
#endif
#endif
