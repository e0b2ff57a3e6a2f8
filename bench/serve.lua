-- One transfer a request and second, each with an id of its own, between two accounts of a city of SLUICE_BENCH_ACCOUNTS
-- drawn at random. SLUICE_BENCH_BASE: how many there were before, so that ids, times and draws of several runs go on.
local accounts = tonumber(os.getenv("SLUICE_BENCH_ACCOUNTS") or "200000")
local base = tonumber(os.getenv("SLUICE_BENCH_BASE") or "0")
local FIRST_SECOND = 1772323200 -- 2026-03-01
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    n = base
    math.randomseed(base * 16 + number)
    prefix = string.format("B%d-", number)
    head = "POST /v1/decisions HTTP/1.1\r\nHost: sluice\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    n = n + 1
    local from = math.random(accounts)
    local to = (from + math.random(accounts - 1)) % accounts + 1
    local body = string.format(
        '{"id":"%s%d","time":"%s","from":"account:62284804%08d","to":"account:62284804%08d","amount_fen":%d}',
        prefix, n, os.date("!%Y-%m-%dT%H:%M:%S+08:00", FIRST_SECOND + n), from, to, math.random(100, 5000000))
    return head .. #body .. "\r\n\r\n" .. body
end

local wrong = 0
function response(status)
    if status ~= 200 then
        wrong = wrong + 1
    end
end

function done(summary, latency)
    io.write(string.format("JSON {\"requests\": %d, \"seconds\": %f, \"p50_ms\": %f, \"p90_ms\": %f, \"p99_ms\": %f, \"max_ms\": %f, \"errors\": %d}\n",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
end
