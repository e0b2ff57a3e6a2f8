#include <sluice/serve.h>
#include <sluice/trace.h>

#include <string.h>

#include "cli/commands.h"
#include "cli/detect_options.h"

static const cli_option OPTIONS[] = {
    {"--db", "LOCATION", "the database: a file, made when it is not there, or postgres://user@host/database", false,
     false},
    {"--listen", "ADDR:PORT", "where to listen (default 127.0.0.1:8080)", false, false},
    {"--rules", "DIR", "folder of rules (default: the ones that come with sluice)", false, false},
    {"--patterns", "PATH", "patterns (default: the folder `patterns` in the rules)", false, false},
    {"--model", "FILE", "a model of `sluice model train`", false, false},
    {"--no-decisions", NULL, "take signals in, decide nothing", false, false},
    {"--tls-cert", "FILE", "certificate with its chain, in PEM", false, false},
    {"--tls-key", "FILE", "its key, in PEM", false, false},
    {"--plain", NULL, "listen without TLS on an address that others reach: a proxy does TLS", false, false},
    {"--allow-origin", "ORIGIN", "a web origin that may call the API from a browser", false, false},
    {"--workers", "N", "threads for requests of the desk (default 8)", false, false},
    {"--connections", "N", "open connections at most (default 4096)", false, false},
    {"--connections-per-address", "N", "… of one address (default 512)", false, false},
    {"--consoles", "N", "open event streams at most (default 1000)", false, false},
    {"--rate", "N", "requests a second of one user or key (default 200)", false, false},
    {"--sign-ins", "N", "sign-ins a minute from one address (default 10)", false, false},
    {"--header-timeout", "TIME", "time to send a request's head (default 10s)", false, false},
    {"--send-timeout", "TIME", "time to take an answer, or what a stream sends (default 60s)", false, false},
    {"--log-all", NULL, "log successful decisions and ingests too", false, false},
    {"--audit-witness", "FILE", "gets the audit trail's head after each commit; keep it elsewhere", false, false},
    {"--backups", "DIR", "where backups are put that an administrator asks for (POST /v1/backups)", false, false},
    {"--openid", "FILE", "sign-in through the identity provider that this file describes (docs/daemon.md)", false,
     false},
    {"--gateway-keys", "DIR", "folder of the key files that links to partners name", false, false},
    {"--gateway-schemas", "DIR", "folder of ISO 20022 schemas (XSD) that messages are validated against", false, false},
    {"--rules-folder-only", NULL, "go on without approved changes that do not load with the rules (docs/rules.md)",
     false, false},
    {"--no-gateways", NULL, "send nothing to partners: messages wait in the outbox", false, false},
    {"--gateway-die-at", "STEP:N", "with --clock, for tests: SIGKILL at the Nth reported, booked, claimed or submitted",
     false, false},
    {"--notice", "FILE", "JSON that the sign-in page shows (docs/daemon.md)", false, false},
    {"--clock", "FILE", "a simulated clock, for tests", false, false},
    {"--insecure-open", NULL,
     "the engine without sign-in, the desk closed: for development, on a database without users", false, false},
    {"--print-openapi", NULL, "write the API's description (OpenAPI 3.1) and end", false, false},
    {0}};

static bool count_of(const cli_args *args, const char *name, uint32_t *count_out) {
    uint64_t count = 0;
    if (!cli_count(args, name, &count)) {
        return false;
    }
    if (cli_value(args, name) != NULL && (count == 0 || count > 1000000)) {
        (void)cli_fail(args, CLI_USAGE, "%s must be from 1 to 1,000,000", name);
        return false;
    }
    *count_out = (uint32_t)count;
    return true;
}

static bool options_of(const cli_args *args, char rules[CLI_DETECT_PATH_BYTES], sluice_serve_options *o) {
    int64_t timeout_ms = 0, send_ms = 0;
    *o = (sluice_serve_options){.size = sizeof *o,
                                .database = cli_value(args, "--db"),
                                .listen = cli_value(args, "--listen"),
                                .tls_certificate = cli_value(args, "--tls-cert"),
                                .tls_key = cli_value(args, "--tls-key"),
                                .allow_plain = cli_flag(args, "--plain"),
                                .audit_witness = cli_value(args, "--audit-witness"),
                                .backups = cli_value(args, "--backups"),
                                .openid = cli_value(args, "--openid"),
                                .notice = cli_value(args, "--notice"),
                                .clock = cli_value(args, "--clock"),
                                .rules_folder_only = cli_flag(args, "--rules-folder-only"),
                                .no_gateways = cli_flag(args, "--no-gateways"),
                                .gateway_keys = cli_value(args, "--gateway-keys"),
                                .gateway_schemas = cli_value(args, "--gateway-schemas"),
                                .gateway_die_at = cli_value(args, "--gateway-die-at"),
                                .insecure_open = cli_flag(args, "--insecure-open"),
                                .allow_origin = cli_value(args, "--allow-origin"),
                                .log_all = cli_flag(args, "--log-all")};
    if (!count_of(args, "--workers", &o->workers) || !count_of(args, "--connections", &o->connections_max) ||
        !count_of(args, "--connections-per-address", &o->connections_per_address_max) ||
        !count_of(args, "--consoles", &o->consoles_max) || !count_of(args, "--rate", &o->requests_per_second) ||
        !count_of(args, "--sign-ins", &o->sign_ins_per_minute) ||
        !cli_duration(args, "--header-timeout", &timeout_ms) || !cli_duration(args, "--send-timeout", &send_ms)) {
        return false;
    }
    o->send_timeout_ms = send_ms > 3600000 ? 3600000 : (uint32_t)send_ms;
    o->header_timeout_ms = timeout_ms > 3600000 ? 3600000 : (uint32_t)timeout_ms;
    return cli_flag(args, "--no-decisions") || cli_detect_options(args, rules, &o->with);
}

static int print_openapi(const cli_args *args) {
    char *text = NULL;
    size_t length = 0;
    sluice_error error = {0};
    if (sluice_server_openapi(&text, &length, &error) != SLUICE_OK) {
        return cli_fail_with(args, &error);
    }
    int code = cli_write(args, text, length) ? CLI_OK : CLI_FAILED;
    sluice_text_free(&text);
    return code;
}

static int run(int argc, char **argv) {
    char rules[CLI_DETECT_PATH_BYTES];
    cli_args args;
    sluice_serve_options options;
    sluice_server *server = NULL;
    sluice_error error = {0};
    int code = cli_parse(&CMD_SERVE, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    if (cli_flag(&args, "--print-openapi")) {
        return print_openapi(&args);
    }
    if (cli_value(&args, "--db") == NULL) {
        return cli_fail(&args, CLI_USAGE, "missing: --db (see sluice serve --help)");
    }
    if (!options_of(&args, rules, &options)) {
        return CLI_USAGE;
    }
    sluice_result result = sluice_server_open(&options, &server, &error);
    if (result == SLUICE_OK) {
        result = sluice_server_run(server, true, &error);
    }
    sluice_server_close(&server);
    return result == SLUICE_OK ? CLI_OK : cli_fail_with(&args, &error);
}

const cli_command CMD_SERVE = {
    "serve",
    "the daemon: inline decisions, ingest and the desk over HTTP · 服务进程与接口",
    NULL,
    0,
    0,
    OPTIONS,
    "Logs are JSON lines on standard error. SIGTERM finishes what is under way and ends; SIGHUP reads certificate and\n"
    "rules again. docs/api.md is for those who call it, docs/daemon.md for those who run it.",
    "  sluice serve --db county.db --insecure-open\n"
    "  sluice serve --db postgres://sluice@db.city/sluice --rules rules\n"
    "  sluice serve --db county.db --listen 0.0.0.0:8443 --tls-cert chain.pem --tls-key key.pem\n"
    "  curl -s http://127.0.0.1:8080/healthz",
    run,
};
