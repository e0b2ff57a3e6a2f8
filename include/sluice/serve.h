/* The daemon: the engine, inline decisions and the desk behind an HTTP API. docs/api.md is for its users,
 * docs/daemon.md for whoever runs it. */
#ifndef SLUICE_SERVE_H
#define SLUICE_SERVE_H

#include <sluice/detect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any number may be 0 and any text NULL: the default. */
typedef struct sluice_serve_options {
    size_t size;                /* sizeof(sluice_serve_options) */
    const char *database;       /* needed */
    const char *listen;         /* "ADDRESS:PORT", "[::1]:8443"; default 127.0.0.1:8080; port 0: any */
    sluice_detect_options with; /* rules, patterns and model of inline decisions; none: signals are taken in, and
                                   nothing is decided */
    const char *tls_certificate, *tls_key; /* PEM files, both or none; without TLS only loopback addresses */
    bool allow_plain;                      /* … unless this says that somebody else does TLS */
    const char *audit_witness;             /* a file that gets the audit trail's head after each commit */
    const char *backups; /* a folder for backups that administrators ask for (POST /v1/backups); NULL: none are made */
    const char *openid;  /* a file that says which identity provider signs people in (docs/daemon.md); NULL: none */
    const char *clock;   /* a simulated clock, for tests (docs/daemon.md) */
    bool insecure_open;  /* the engine's routes without sign-in, the desk's closed: for development, on loopback
                            addresses and databases without users only */
    const char *allow_origin;             /* a web origin that may call the API from a browser; NULL: none */
    uint32_t workers;                     /* 8 */
    uint32_t connections_max;             /* 4,096 */
    uint32_t connections_per_address_max; /* 512 */
    uint32_t consoles_max;                /* 1,000: open event streams */
    uint32_t requests_per_second;         /* of one user or API key: 200, twice that at once */
    uint32_t sign_ins_per_minute;         /* from one address: 10; more where many sit behind one */
    uint32_t header_timeout_ms; /* 10,000: from the first byte to the end of the headers; a body has it and 1 s for each
                                   64 KiB more */
    bool log_all;               /* a line for successful decisions and ingests too */
    bool no_gateways;           /* the outbox is filled and nothing is sent */
    const char *gateway_keys;   /* folder of the key files that links to partners name; NULL: none */
    const char *gateway_schemas; /* folder of ISO 20022 schemas (XSD); NULL: messages are not validated */
    const char *gateway_die_at;  /* for tests, with a simulated clock: "STEP:N" ends the program with SIGKILL at the
                                    Nth time of a step of the gateway */
    const char *notice;          /* a JSON file that is told before sign-in (docs/daemon.md); NULL: none */
    bool rules_folder_only;      /* where the folder of rules and the approved changes do not load together: go on with
                                    the folder alone, and say so everywhere, in the place of not starting */
    uint32_t send_timeout_ms;    /* 60,000: to take an answer, and 1 s more for each 16 KiB of it; a stream that takes
                                    nothing for so long ends, and so does a connection whose peer has vanished */
} sluice_serve_options;

typedef struct sluice_server sluice_server;

/* Opens the database, builds the state and listens; nothing is answered yet but waits. *server_out is the caller's,
 * freed by sluice_server_close. Errors: those of sluice_engine_open and sluice_detector_open; INVALID, INPUT (address,
 * certificate), IO (the address is in use). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_server_open(const sluice_serve_options *options,
                                                            sluice_server **server_out, sluice_error *error);
/* The port that it listens on. */
SLUICE_API uint16_t sluice_server_port(const sluice_server *server);
/* Serves until sluice_server_stop or, with_signals, SIGTERM or SIGINT (SIGHUP reloads certificate and rules); then
 * finishes what is under way, commits and writes a snapshot. A second SIGTERM ends the process at once. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_server_run(sluice_server *server, bool with_signals,
                                                           sluice_error *error);
/* Any thread. */
SLUICE_API void sluice_server_stop(sluice_server *server);
/* After sluice_server_run has returned, or was never called. Nulls the pointer. NULL is fine. */
SLUICE_API void sluice_server_close(sluice_server **server);

/* The API's description (OpenAPI 3.1) as JSON, without a server. Freed by sluice_text_free (trace.h). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_server_openapi(char **text_out, size_t *length_out,
                                                               sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
