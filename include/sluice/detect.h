/* Detection: what the engine thinks of each transfer, why, and what it would have said on any day in the past.
 *
 * A detector is rules, temporal patterns and a model over exact features (docs/detection.md). It runs in two ways over
 * the same code: inline, where each transfer gets its decision as it arrives, and as a back-test over the log.
 *
 * Findings propose, people decide (反电信网络诈骗法 Arts. 18, 20, 32): an action here is a proposal with its reasons
 * and its evidence; stop and freeze are ordered at the desk, by people with the right to.
 *
 * The same log, rules and model give the same findings, byte for byte, at any batch size. Ground truth is never an
 * input: only sluice_backtest_run reads it. */
#ifndef SLUICE_DETECT_H
#define SLUICE_DETECT_H

#include <sluice/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a finding proposes; the table of actions in the rules' folder says from which score on. The order is that of
 * severity. */
typedef enum sluice_action {
    SLUICE_ACTION_ALLOW,
    SLUICE_ACTION_VERIFY, /* ask the customer, or call the victim */
    SLUICE_ACTION_DELAY,  /* hold it until somebody looked */
    SLUICE_ACTION_STOP,   /* do not let it go, propose a stop payment */
} sluice_action;
/* "allow", "verify", "delay", "stop". */
SLUICE_API const char *sluice_action_name(sluice_action action);

/* A text that stands for a file of rules, whether there is such a file or not: a draft that is checked or back-tested,
 * a change that is in force (docs/rules.md). Nothing is written. */
typedef struct sluice_rule_file {
    const char *path; /* below the folder: "mule/run_point.rule"; patterns are read from the folder alone */
    sluice_text text; /* data NULL: as if there were no such file */
} sluice_rule_file;

typedef struct sluice_detect_options {
    size_t size;          /* sizeof(sluice_detect_options) */
    const char *rules;    /* folder of rules; NULL: none, the model alone */
    const char *patterns; /* a .pattern file or a folder of them; NULL: the folder `patterns` in `rules`, if there */
    const char *model;    /* file of `sluice model train`; NULL: none */
    const sluice_rule_file *files; /* in the place of files of `rules`; of two for one path the later one counts.
                                      Borrowed until the function that was given the options returns */
    size_t file_count;
} sluice_detect_options;

/* Loads rules, patterns and model as a detector would, and says what is wrong with them: `visit` gets each problem as
 * "file:line:column: what is wrong, what was expected, a hint". OK: nothing is. Errors: as sluice_detector_open. */
typedef struct sluice_rules_summary {
    size_t size; /* set by the caller */
    uint32_t rules, drafts, typologies, patterns, features;
    char sha256[65];
} sluice_rules_summary;
SLUICE_API SLUICE_MUST_USE sluice_result sluice_rules_check(const sluice_detect_options *options,
                                                            void (*visit)(void *context, const char *problem),
                                                            void *context, sluice_rules_summary *summary_out,
                                                            sluice_error *error);

/* ---- inline decisions ---- */

typedef struct sluice_detector sluice_detector;

/* Opens a detector over an engine and brings it up to date from the log. Writer thread; one at a time for an engine.
 * While it is open, signals are given to sluice_decide and not to sluice_engine_append, or it would not see them.
 * Errors: NOT_FOUND; INPUT (rules, patterns or model are wrong: the text lists each with file, line and column);
 * NO_MEMORY; those of reading the log. Cost: about 2 µs a signal of the log. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_detector_open(sluice_engine *engine,
                                                              const sluice_detect_options *options,
                                                              sluice_detector **detector_out, sluice_error *error);
/* Nulls the pointer. Decisions that were not committed are dropped with the batch under way. */
SLUICE_API void sluice_detector_close(sluice_detector **detector);

/* A rule that matched. Texts are borrowed until the next call on the detector. */
typedef struct sluice_reason {
    sluice_text rule;
    uint32_t version;
    double weight; /* what it added to the score */
    sluice_text en, zh;
} sluice_reason;

#define SLUICE_DECISION_REASONS 8

typedef struct sluice_decision {
    bool is_movement;  /* the signal was a transfer or withdrawal, and was judged */
    bool is_duplicate; /* the transfer was there already: nothing changed, and the fields below are of no meaning */
    sluice_action action;
    double score;          /* 0 … 100: the highest of all typologies */
    double probability;    /* the model's, calibrated; -1: no model */
    sluice_text typology;  /* of the highest score; empty: none matched */
    sluice_text subject;   /* whom it speaks of: the key of the payer or payee; empty: none */
    uint32_t reason_count; /* ranked, the heaviest first; more may have matched */
    sluice_reason reasons[SLUICE_DECISION_REASONS];
} sluice_decision;

/* Takes one signal in and decides on it. Its state change and what was decided are durable when sluice_decide_commit
 * returns: a caller answers its clients after that (group commit: many decisions, one commit). A batch that fills
 * (65,536 signals) is committed on the way. Errors: those of sluice_engine_append (the signal is not taken; go on with
 * the next) and of sluice_engine_flush (the batch under way is lost, and the detector must be opened again).
 * Writer thread. Cost: 1 to 5 µs with everything on. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide(sluice_detector *detector, const sluice_signal *signal,
                                                       sluice_decision *decision_out, sluice_error *error);
/* sluice_decide for many signals in their order, faster: what they need of memory is fetched side by side. `decided`
 * gets each decision, by its place in `signals`, before the next is made; its texts are borrowed for the call. A signal
 * that is not taken stops the call: *index_out is its place, those before it are decided, and the caller may go on
 * after it. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_many(sluice_detector *detector,
                                                            const sluice_signal *const *signals, size_t count,
                                                            void (*decided)(void *context, size_t index,
                                                                            const sluice_decision *decision),
                                                            void *context, size_t *index_out, sluice_error *error);
/* sluice_decide_many for bulk: returns when the signals are taken in, and a thread of the detector's own judges them in
 * their order while the caller takes the next. `decided` is called on that thread. Signals, their texts and `context`
 * must stay until sluice_decide_settle, any other decision or sluice_decide_commit has returned, or the
 * sluice_decide_commit_end of the batch that they are in. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_ahead(sluice_detector *detector,
                                                             const sluice_signal *const *signals, size_t count,
                                                             void (*decided)(void *context, size_t index,
                                                                             const sluice_decision *decision),
                                                             void *context, size_t *index_out, sluice_error *error);
/* Returns when all of them are judged. Errors: NO_MEMORY (the batch under way is lost, and the detector with it). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_settle(sluice_detector *detector, sluice_error *error);
/* Makes all decisions since the last commit durable. *sequence_out (may be NULL) is the last durable sequence. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_commit(sluice_detector *detector, uint64_t *sequence_out,
                                                              sluice_error *error);
/* The same in two halves, as sluice_engine_flush_begin and _end: decisions may be made in between. When _end fails,
 * those are lost too, and the detector must be opened again. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_commit_begin(sluice_detector *detector,
                                                                    void (*finished)(void *context), void *context,
                                                                    sluice_error *error);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_decide_commit_end(sluice_detector *detector, uint64_t *sequence_out,
                                                                  sluice_error *error);

typedef struct sluice_detector_stats {
    size_t size; /* set by the caller */
    uint64_t signals, movements;
    uint64_t memory_bytes; /* of features and patterns */
    uint32_t rules, patterns, features;
    char rules_sha256[65], model_sha256[65]; /* empty: none */
} sluice_detector_stats;
SLUICE_API void sluice_detector_stats_get(const sluice_detector *detector, sluice_detector_stats *stats_out);

/* ---- over the log ---- */

typedef enum sluice_order {
    SLUICE_ORDER_TIME, /* as if each signal had arrived when it happened: for history that was imported file by file */
    SLUICE_ORDER_LOG,  /* as they arrived */
} sluice_order;

typedef struct sluice_detect_run_options {
    size_t size; /* sizeof(sluice_detect_run_options) */
    sluice_detect_options with;
    sluice_order order;
    uint64_t as_of;         /* sequence; 0: the newest. What came later is not seen */
    int64_t from_ms, to_ms; /* findings of transfers in [from, to); 0: open. What was before is seen, not judged */
    uint32_t evidence_max;  /* transfers listed for a finding; 0: 20. The count is always complete */
    int64_t quiet_ms;       /* a finding ends when its subject was quiet for so long; 0: 7 days */
    /* Called now and then; returns false to stop (INTERRUPTED). May be NULL. */
    bool (*progress)(void *context, uint64_t done_signals, uint64_t total_signals);
    void *progress_context;
} sluice_detect_run_options;

typedef struct sluice_evidence {
    sluice_text id;
    uint64_t sequence;
    int64_t time_ms;
    sluice_text from, to;
    int64_t amount_fen;
    bool is_trigger; /* a rule matched at it; else it belongs to a pattern that one completed */
} sluice_evidence;

typedef struct sluice_finding_model {
    double probability;   /* at the peak; -1: no model */
    uint32_t count;       /* of the features that moved it most */
    sluice_text names[5]; /* … ranked by size */
    float contributions[5];
} sluice_finding_model;

/* All that was said of one subject under one typology, from the first transfer that reached an action until it was
 * quiet. Borrowed from the detection. */
typedef struct sluice_finding {
    sluice_text subject, typology, title_en, title_zh, fraud_type;
    bool subject_is_payer;
    double score; /* at the peak, 0 … 100 */
    sluice_action action;
    bool is_draft, is_snoozed;
    uint64_t raised_sequence, peak_sequence, last_sequence; /* the transfers; "as of raised_sequence" repeats it */
    int64_t raised_ms, peak_ms, last_ms;
    uint64_t hits;         /* transfers at which a rule of the typology matched */
    int64_t amount_fen;    /* of these transfers */
    uint32_t reason_count; /* at the peak, ranked */
    const sluice_reason *reasons;
    sluice_finding_model model;
    uint64_t evidence_count; /* of all */
    uint32_t evidence_listed;
    const sluice_evidence *evidence; /* in time order */
} sluice_finding;

typedef struct sluice_detection sluice_detection;

/* Runs a detector over the log. *detection_out is the caller's. Any thread. Errors: as sluice_detector_open, and
 * INTERRUPTED. Cost: 2 to 3 µs a signal; the transfers' times are sorted first when the log is not in that order. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_detect_run(const sluice_engine *engine,
                                                           const sluice_detect_run_options *options,
                                                           sluice_detection **detection_out, sluice_error *error);
/* Before the engine is closed. Nulls the pointer. */
SLUICE_API void sluice_detection_free(sluice_detection **detection);

/* Findings in the order in which they were raised (ties: typology, then subject). */
SLUICE_API size_t sluice_detection_count(const sluice_detection *detection);
SLUICE_API const sluice_finding *sluice_detection_finding(const sluice_detection *detection, size_t index);

typedef enum sluice_detection_format {
    SLUICE_DETECTION_NDJSON, /* docs/schema/finding.schema.json, closed; one a line */
    SLUICE_DETECTION_TABLE,
    SLUICE_DETECTION_CSV,
} sluice_detection_format;
/* Renders into a NUL-terminated UTF-8 text, the caller's, freed by sluice_text_free (trace.h). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_detection_render(const sluice_detection *detection,
                                                                 sluice_detection_format format, char **text_out,
                                                                 size_t *length_out, sluice_error *error);

/* ---- back-test: findings against what is known ---- */

typedef struct sluice_backtest_options {
    size_t size;
    const char *truth; /* the `truth` folder of a simulation, or a CSV of labels (docs/detection.md); NULL: the labels
                          that were imported with the data */
} sluice_backtest_options;

/* One row: "all"; a "fraud type" (its victims, and findings that name it); "accounts" (labelled ones: mules); or a
 * "typology" (its findings alone). Shares are -1 where there is nothing to divide by. Only live findings count. */
typedef struct sluice_backtest_row {
    sluice_text group, name;
    uint64_t findings, right; /* actions from verify on; right: a payer is a victim (in a row of a fraud type: of this
                                 type), a payee is a labelled account */
    uint64_t known, found;    /* victims, and those of whom a payment was alerted; accounts with a finding; where
                                 there are neither, labelled transfers that were alerted */
    double precision, recall, alerts_a_day;
    int64_t lead_median_ms; /* from the first alerted payment to the victim's last payment; -1: none */
    int64_t lost_fen;       /* what these victims paid in all */
    int64_t reachable_fen;  /* of it, what could still be reached at the moment of the first alert: not yet paid,
                               the alerted payment, and what a FIFO trace of the earlier ones still holds */
} sluice_backtest_row;

typedef struct sluice_backtest sluice_backtest;
/* Scores a detection. Errors: NOT_FOUND, INPUT (no labels: the text says where they may come from), NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_backtest_run(const sluice_engine *engine,
                                                             const sluice_detection *detection,
                                                             const sluice_backtest_options *options,
                                                             sluice_backtest **backtest_out, sluice_error *error);
/* Before the detection is freed. */
SLUICE_API void sluice_backtest_free(sluice_backtest **backtest);
SLUICE_API size_t sluice_backtest_count(const sluice_backtest *backtest);
SLUICE_API const sluice_backtest_row *sluice_backtest_get(const sluice_backtest *backtest, size_t index);
/* As a table or JSON; with `against` (may be NULL) both side by side. Freed by sluice_text_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_backtest_render(const sluice_backtest *backtest,
                                                                const sluice_backtest *against, bool as_json,
                                                                char **text_out, size_t *length_out,
                                                                sluice_error *error);

/* ---- features and patterns over the log ---- */

typedef enum sluice_feature_rows { SLUICE_ROWS_TRANSFER, SLUICE_ROWS_ACCOUNT } sluice_feature_rows;

typedef struct sluice_features_options {
    size_t size;
    const char *const *names; /* features, see `sluice features --list`; */
    size_t name_count;
    const char *patterns; /* as above; NULL: none */
    sluice_feature_rows rows;
    sluice_order order;
    uint64_t as_of;
    bool with_labels; /* a column `label`: of the transfer, else of the account; for training only */
    /* Gets the table piece by piece as CSV; returns false to stop (INTERRUPTED). */
    bool (*write)(void *context, const char *text, size_t length);
    void *write_context;
} sluice_features_options;

/* The table of features as they were at each transfer (id, sequence, time, from, to, features …), or of each account
 * (over its transfers as payer and payee: last, max and mean of each). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_features_run(const sluice_engine *engine,
                                                             const sluice_features_options *options,
                                                             sluice_error *error);
/* The catalogue, as Markdown. Freed by sluice_text_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_features_list(char **text_out, size_t *length_out, sluice_error *error);

#define SLUICE_PATTERN_LENGTHS 65
typedef struct sluice_pattern_count {
    char name[64];
    uint64_t transfers;                         /* at which it was completed */
    uint64_t occurrences;                       /* in all */
    uint64_t bounded;                           /* transfers at which the limit of work was met */
    uint64_t histogram[SLUICE_PATTERN_LENGTHS]; /* cycles by length; of others the transfers by size; the last: more */
} sluice_pattern_count;

typedef struct sluice_patterns_options {
    size_t size;
    sluice_text text;   /* in the language of docs/patterns.md */
    const char *source; /* its name, for errors */
    uint64_t as_of;     /* a sequence; 0: now */
    /* Now and then; returns false to stop (INTERRUPTED). NULL: none. */
    bool (*progress)(void *context, uint64_t done_signals, uint64_t total_signals);
    void *progress_context;
} sluice_patterns_options;

/* Counts patterns over the whole log, in time order. *counts_out is the caller's, freed by sluice_patterns_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_patterns_run(const sluice_engine *engine,
                                                             const sluice_patterns_options *options,
                                                             sluice_pattern_count **counts_out, size_t *count_out,
                                                             sluice_error *error);
SLUICE_API void sluice_patterns_free(sluice_pattern_count **counts);

#ifdef __cplusplus
}
#endif
#endif
