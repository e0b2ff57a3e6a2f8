/* Results and errors.
 *
 * Every function that can fail returns a sluice_result that the compiler will not let you ignore, and takes, as its
 * last argument, an optional sluice_error of the caller's. The error belongs to the call and not to the engine's
 * handle, because readers on many threads share one handle.
 *
 * Input, bytes on disk, peers and memory exhaustion are errors. A broken invariant of our own is not: it aborts with
 * file and line (see base/assert.h), in release builds too. */
#ifndef SLUICE_RESULT_H
#define SLUICE_RESULT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(SLUICE_SHARED_BUILD) || defined(__GNUC__)
#define SLUICE_API __attribute__((visibility("default")))
#define SLUICE_MUST_USE __attribute__((warn_unused_result))
#define SLUICE_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define SLUICE_API
#define SLUICE_MUST_USE
#define SLUICE_PRINTF(format_index, first_index)
#endif

/* One row: name, text for people. The order is the numeric value and never changes; new rows go to the end. */
#define SLUICE_RESULTS(X)                                                                                              \
    X(OK, "ok")                                                                                                        \
    X(NO_MEMORY, "out of memory")                                                                                      \
    X(INVALID, "the call's arguments are not valid")                                                                   \
    X(NOT_FOUND, "not found")                                                                                          \
    X(INPUT, "the input is not as expected")                                                                           \
    X(IO, "reading or writing a file failed")                                                                          \
    X(FULL, "the disk is full")                                                                                        \
    X(DAMAGED, "stored data is damaged")                                                                               \
    X(BUSY, "the database is in use by another process")                                                               \
    X(NEWER, "the file was written by a newer version")                                                                \
    X(NOT_SLUICE, "the file is not a Sluice database")                                                                 \
    X(LIMIT, "a limit of the engine is reached")                                                                       \
    X(CONFLICT, "the identifier is already used by a different record")                                                \
    X(INTERRUPTED, "interrupted")                                                                                      \
    X(UNBALANCED, "the result does not add up")                                                                        \
    X(STALE, "the record was changed by somebody else meanwhile")                                                      \
    X(FORBIDDEN, "this user may not do this")                                                                          \
    X(STATE, "the record's state does not allow this")                                                                 \
    X(UNAUTHENTICATED, "nobody is signed in")                                                                          \
    X(TOO_MANY, "too many requests")

typedef enum sluice_result {
#define SLUICE_RESULT_ENUM(name, text) SLUICE_E_##name,
    SLUICE_RESULTS(SLUICE_RESULT_ENUM)
#undef SLUICE_RESULT_ENUM
        SLUICE_RESULT_COUNT
} sluice_result;

#define SLUICE_OK SLUICE_E_OK

/* What went wrong, in words that name the cure. Owned by the caller; `text` is always terminated UTF-8. */
typedef struct sluice_error {
    sluice_result code;
    char text[500];
} sluice_error;

/* The table's text of a result; never NULL. Any thread. */
SLUICE_API const char *sluice_result_text(sluice_result result);

/* The library's version, "major.minor.patch". Any thread. */
SLUICE_API const char *sluice_version(void);

#ifdef __cplusplus
}
#endif
#endif
