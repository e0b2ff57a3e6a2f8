-- One transfer a request, each with an id of its own, between accounts of a city of SLUICE_BENCH_ACCOUNTS.
local accounts = tonumber(os.getenv("SLUICE_BENCH_ACCOUNTS") or "200000")
local base = tonumber(os.getenv("SLUICE_BENCH_BASE") or "0")
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    n = 0
    seed = 12345 + number * 7919
    prefix = string.format("B%d-%d-", base, number)
    head = "POST /v1/decisions HTTP/1.1\r\nHost: sluice\r\nContent-Type: application/json\r\nContent-Length: "
end

local function draw(bound)
    seed = (seed * 1103515245 + 12345) % 2147483648
    return math.floor(seed / 7) % bound
end

function request()
    n = n + 1
    local second = n % 60
    local minute = math.floor(n / 60) % 60
    local hour = math.floor(n / 3600) % 24
    local from = draw(accounts)
    local body = string.format(
        '{"id":"%s%d","time":"2026-03-%02dT%02d:%02d:%02d+08:00","from":"account:62284804%08d","to":"account:62284804%08d","amount_fen":%d}',
        prefix, n, 1 + math.floor(n / 86400) % 28, hour, minute, second, from, (from + 1 + draw(accounts - 1)) % accounts,
        100 + draw(5000000))
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
