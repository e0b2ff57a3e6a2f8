"""HTTP as an outsider tries it: what is malformed, too large, too slow, or meant for somebody else is refused with a
clear problem, and nothing changes."""

import json
import os
import re
import signal
import time
import unittest

from daemon import JSON, NDJSON, Daemon, read_answer, transfer


def is_problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json", answer.headers["Content-Type"]
    problem = answer.json
    assert problem["status"] == answer.status
    assert problem["type"].startswith("urn:sluice:problem:")
    assert problem["title"] and problem["title_zh"]
    assert problem["request"] == answer.headers["Sluice-Request-Id"]
    return problem


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon("--rate", "100000").start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def tearDown(self):
        self.assertEqual(self.daemon.request("GET", "/readyz").json["sequence"], 0, "something was taken in")

    def refused(self, status, method, path, body=None, headers=None):
        answer = self.daemon.request(method, path, body, headers)
        self.assertEqual(answer.status, status, answer.body)
        return is_problem(answer)

    def test_malformed_bodies(self):
        for body in ("{", "", "[]", "7", '{"id":1', '{"id":"T1"}x', "\0", '{"id":"\\ud800"}', b"\xff\xfe".decode("latin-1")):
            answer = self.daemon.request("POST", "/v1/decisions", body.encode("latin-1"), JSON)
            self.assertIn(answer.status, (400, 422), body)
            is_problem(answer)

    def test_wrong_members_are_all_named(self):
        problem = self.refused(422, "POST", "/v1/traces", {
            "starts": [{"transfer": "T1", "nonsense": 1}, {}], "method": "guess", "within": "soon", "depth": -1})
        pointers = [error["pointer"] for error in problem["errors"]]
        for pointer in ("/starts/0/nonsense", "/starts/1", "/method", "/within", "/depth"):
            self.assertIn(pointer, pointers)

    def test_wrong_decisions(self):
        for change, field in (({"time": "yesterday"}, "/time"), ({"amount_fen": -1}, "/amount_fen"),
                              ({"amount_fen": 1.5}, "/amount_fen"), ({"amount_fen": "x"}, "/amount_fen"),
                              ({"from": ""}, "/from"), ({"from": "6.2E+18"}, "/from"), ({"from": "a\x01b"}, "/from"),
                              ({"to": None}, "/to"), ({"id": ""}, "/id"), ({"id": "x" * 300}, "/id"),
                              ({"surprise": 1}, "/surprise"), ({"kind": "login"}, "/key"), ({"from": {}}, "/from"),
                              ({"currency": "KLINGON"}, "/currency"), ({"amount": 3}, "/amount_fen")):
            body = {key: value for key, value in transfer(1, **change).items()}
            answer = self.daemon.request("POST", "/v1/decisions", body)
            self.assertEqual(answer.status, 422, (change, answer.body))
            self.assertEqual(is_problem(answer)["errors"][0]["pointer"], field, answer.body)

    def test_a_member_given_twice(self):
        text = json.dumps(transfer(1))[:-1] + ', "amount_fen": 5}'
        self.refused(422, "POST", "/v1/decisions", text, JSON)

    def test_nested_too_deeply(self):
        self.refused(400, "POST", "/v1/traces", '{"starts":' + "[" * 40 + "]" * 40 + "}", JSON)
        self.refused(422, "POST", "/v1/traces", '{"starts":[[[1]]]}', JSON)

    def test_too_large(self):
        self.refused(413, "POST", "/v1/decisions", " " * 20000, JSON)
        self.refused(413, "POST", "/v1/findings", '{"quiet":"' + "x" * 70000 + '"}', JSON)
        self.refused(413, "GET", "/healthz", "a body", JSON)
        # One that would fill the memory is refused before it is sent.
        answer = self.daemon.raw(b"POST /v1/signals HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                                 b"Content-Length: 99999999999\r\n\r\n")[0]
        self.assertEqual(answer.status, 413)
        is_problem(answer)

    def test_long_addresses_and_headers(self):
        self.refused(414, "GET", "/v1/transfers/" + "x" * 5000)
        self.refused(431, "GET", "/healthz", headers={"X-Long": "x" * 9000})

    def test_what_is_refused_before_it_is_read(self):
        # libmicrohttpd refuses these by itself, in HTML; who asks gets a problem all the same (http_refuse.c).
        get, post = b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"POST /v1/traces HTTP/1.1\r\nHost: x\r\n"
        for status, data in ((414, b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
                             (431, get + b"X-A: " + b"b" * 20000 + b"\r\n\r\n"),
                             (431, get + b"".join(b"X-%d: y\r\n" % i for i in range(3000)) + b"\r\n"),
                             (400, b"GET /healthz HTTP/1.1\r\n\r\n"), (400, get + b"no colon\r\n\r\n"),
                             (400, b"GET /healthz\r\n\r\n"), (505, b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
                             (400, post + b"Content-Length: 4x\r\n\r\nabcd"),
                             (413, post + b"Content-Length: 99999999999999999999999999\r\n\r\n")):
            answer = self.daemon.raw(data)[0]
            self.assertEqual(answer.status, status, data[:60])
            self.assertTrue(is_problem(answer)["detail"])
            self.assertEqual(answer.headers["Connection"], "close")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        metrics = self.daemon.request("GET", "/metrics").body
        self.assertIn(b'sluice_http_requests_total{method="",route="none",class="4xx"}', metrics)
        self.assertIn(b'sluice_http_requests_total{method="",route="none",class="5xx"}', metrics)

    def test_wrong_method_and_unknown_route(self):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = self.daemon.request(method, "/healthz")
            self.assertEqual(answer.status, 405)
            self.assertEqual(answer.headers["Allow"], "OPTIONS, GET, HEAD")
            is_problem(answer)
        self.assertEqual(self.daemon.request("BREW", "/healthz").status, 405)
        for path in ("/v1", "/v1/", "/v1/nothing", "/v1/accounts", "/v1/accounts/", "/healthz/", "/v1//jobs"):
            self.refused(404, "GET", path)

    def test_the_page_or_that_there_is_none(self):
        answer = self.daemon.request("GET", "/", headers={"Accept": "text/html"})
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        if answer.status == 404:
            self.assertIn(b"SLUICE_CONSOLE", answer.body)
            return
        self.assertEqual(answer.status, 200)
        self.assertRegex(policy, "script-src 'self' 'nonce-[0-9a-f]{32}';")
        self.assertNotIn("unsafe", policy)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        nonce = re.search(r"'nonce-([0-9a-f]{32})'", policy).group(1)
        self.assertIn(f'nonce="{nonce}"'.encode(), answer.body)
        self.assertNotIn(b"NONCE", answer.body)
        again = self.daemon.request("GET", "/warnings/17", headers={"Accept": "text/html"})
        self.assertEqual(again.status, 200)
        self.assertNotIn(nonce.encode(), again.body)
        self.refused(404, "GET", "/warnings/17")  # a program gets a problem, not a page
        self.refused(404, "GET", "/v1/warnings/", headers={"Accept": "text/html"})
        self.refused(404, "GET", "/assets/none.js", headers={"Accept": "text/html"})
        self.refused(404, "POST", "/warnings/17", headers={"Accept": "text/html"})
        script = re.search(rb'src="(/assets/[^"]+)"', answer.body).group(1).decode()
        sizes = {}
        for encodings in ("", "gzip", "br, gzip"):
            file = self.daemon.request("GET", script, headers={"Accept-Encoding": encodings})
            self.assertEqual(file.status, 200)
            self.assertEqual(file.headers["Cache-Control"], "public, max-age=31536000, immutable")
            self.assertEqual(file.headers["Content-Type"], "text/javascript; charset=utf-8")
            sizes[file.headers["Content-Encoding"]] = len(file.body)
            same = self.daemon.request("GET", script, headers={"Accept-Encoding": encodings,
                                                              "If-None-Match": file.headers["ETag"]})
            self.assertEqual((same.status, same.body), (304, b""))
        self.assertLess(sizes["br"], sizes["gzip"])
        self.assertLess(sizes["gzip"], sizes[None])

    def test_head_and_options(self):
        answer = self.daemon.request("HEAD", "/healthz")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertGreater(int(answer.headers["Content-Length"]), 0)
        answer = self.daemon.request("OPTIONS", "/v1/traces")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["Allow"], "OPTIONS, GET, HEAD, POST")
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_types(self):
        self.refused(415, "POST", "/v1/decisions", json.dumps(transfer(1)), {"Content-Type": "text/plain"})
        self.refused(415, "POST", "/v1/decisions", json.dumps(transfer(1)))
        self.refused(415, "POST", "/v1/decisions", "x", {**JSON, "Content-Encoding": "gzip"})
        self.refused(406, "GET", "/healthz", headers={"Accept": "text/html"})
        self.refused(406, "GET", "/healthz", headers={"Accept": "application/json;q=0"})
        for accept in ("*/*", "application/*", "text/html, application/json;q=0.5", "application/json"):
            self.assertEqual(self.daemon.request("GET", "/healthz", headers={"Accept": accept}).status, 200)

    def test_length_is_required(self):
        answer = self.daemon.raw(b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                 b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")[0]
        self.assertEqual(answer.status, 411)
        is_problem(answer)

    def test_smuggling(self):
        # Two lengths, a blank before the colon, a length that is no number, both framings: never two requests out of one.
        for lines in (b"Content-Length: 4\r\nContent-Length: 5\r\n", b"Content-Length: 2\r\nContent-Length: 2\r\n",
                      b"Content-Length : 40\r\nContent-Length: 2\r\n", b"Content-Length: 4x\r\n", b"Content-Length: -1\r\n",
                      b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"):
            answers = self.daemon.raw(b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
                                      lines + b"\r\n{}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 2)
            self.assertGreaterEqual(answers[0].status, 400, lines)
            self.assertIsNone(answers[1], lines)  # what stands behind it is never read

    def test_queries(self):
        problem = self.refused(400, "GET", "/v1/traces?transfer=T1&methode=fifo&depth=x&depth=2&as_of=-4")
        self.assertEqual([e["parameter"] for e in problem["errors"]], ["methode", "depth", "depth", "as_of"])
        self.refused(400, "GET", "/v1/traces?transfer=%zz")
        self.refused(400, "GET", "/v1/traces?transfer=%ff")
        self.refused(422, "GET", "/v1/traces?account=account:1")

    def test_cursors(self):
        for cursor in ("x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%20", "a" * 900, "..", "eyJhIjoxfQ"):
            problem = self.refused(400, "GET", "/v1/accounts/account:1/transfers?cursor=" + cursor)
            self.assertEqual(problem["errors"][0]["parameter"], "cursor")

    def test_header_injection(self):
        for path in ("/v1/transfers/a%0d%0aSet-Cookie:%20x=1", "/v1/transfers/a%0aX:1", "/v1/transfers/%00",
                     "/v1/traces?transfer=a%0d%0aX-Evil:%201"):
            answer = self.daemon.request("GET", path)
            self.assertEqual(answer.status, 400, path)
            self.assertIsNone(answer.headers["Set-Cookie"])
            self.assertIsNone(answer.headers["X-Evil"])
        answer = self.daemon.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\n b\r\n\r\n")[0]
        self.assertIn(answer.status, (200, 400))

    def test_path_traversal(self):
        for path in ("/../../etc/passwd", "/v1/../healthz", "/v1/%2e%2e/healthz", "/v1/transfers/../../healthz",
                     "/..%2f..%2fetc/passwd", "/v1/jobs/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/v1/jobs/.."):
            answer = self.daemon.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())[0]
            self.assertEqual(answer.status, 404, path)
            is_problem(answer)

    def test_pipelining(self):
        one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        two = b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n"
        body = json.dumps({"starts": []}).encode()
        three = (b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                 str(len(body)).encode() + b"\r\n\r\n" + body)
        answers = self.daemon.raw(one + two + three + one, 4)
        self.assertEqual([answer.status for answer in answers], [200, 404, 422, 200])

    def test_not_http(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n\r\n", b"\r\n\r\n\r\n", b"A" * 40000):
            with self.daemon.connect() as connection:
                try:
                    connection.sendall(data)
                    connection.shutdown(1)
                    got = connection.recv(100)
                except OSError:
                    got = b""  # cut off at once
                self.assertFalse(got.startswith(b"HTTP/1.1 2"), (data, got))
        self.assertEqual(self.daemon.request("GET", "/healthz").status, 200)

    def test_every_answer_is_guarded(self):
        for path in ("/healthz", "/v1/nothing", "/openapi.json"):
            headers = self.daemon.request("GET", path).headers
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertIsNone(headers["Server"])

    def test_bad_lines_do_not_stop_a_batch_of_none(self):
        answer = self.daemon.request("POST", "/v1/signals", 'x\n{"id":"a"}\n[1]\n\n{"kind":"what","time":"2026-01-01"}\n',
                                     NDJSON)
        self.assertEqual(answer.status, 200)
        summary = answer.json
        self.assertEqual((summary["accepted"], summary["rejected"]), (0, 4))
        self.assertEqual([(e["line"], e["field"]) for e in summary["errors"]],
                         [(1, None), (2, "time"), (3, None), (5, "kind")])


class Gates(unittest.TestCase):
    def test_nobody_gets_in_without_signing_in(self):
        with Daemon("--rate", "100000", open_to_all=False) as daemon:
            document = daemon.request("GET", "/openapi.json").json
            public = set()
            for path, item in document["paths"].items():
                for method, operation in item.items():
                    path_now = path
                    for parameter in operation["parameters"]:
                        if parameter["in"] == "path":
                            path_now = path_now.replace("{" + parameter["name"] + "}", "1")
                    body = None
                    headers = {}
                    if "requestBody" in operation:
                        headers = {"Content-Type": next(iter(operation["requestBody"]["content"]))}
                        body = "{}"
                    for credentials in ({}, {"Authorization": "Bearer x"}, {"Cookie": "sluice_session=x"},
                                        {"Authorization": "ApiKey x"}):
                        answer = daemon.request(method.upper(), path_now, body, {**headers, **credentials})
                        if operation["security"]:
                            self.assertEqual(answer.status, 401, (method, path))
                            self.assertTrue(answer.headers["WWW-Authenticate"])
                            is_problem(answer)
                        else:
                            public.add(path)
            self.assertEqual(public, {"/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/session", "/v1/session/password",
                                      "/v1/session/openid/logout",
                                      "/v1/session/ways", "/v1/session/openid", "/v1/session/openid/callback",
                                      "/v1/notice"})

    def test_rates(self):
        with Daemon("--rate", "2") as daemon:
            # All in one piece: what is asked one by one may take so long on a slow machine that the next one is due.
            answers = daemon.raw(b"GET /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n" * 100, 100)
            self.assertEqual([a.status for a in answers[:4]], [200] * 4)
            refused = next(a for a in answers if a.status != 200)
            self.assertEqual(refused.status, 429)
            self.assertGreaterEqual(int(refused.headers["Retry-After"]), 1)
            self.assertEqual(refused.headers["RateLimit-Remaining"], "0")
            is_problem(refused)

    def test_origins(self):
        with Daemon("--allow-origin", "https://console.example") as daemon:
            mine = daemon.request("OPTIONS", "/v1/traces", headers={"Origin": "https://console.example"})
            self.assertEqual(mine.headers["Access-Control-Allow-Origin"], "https://console.example")
            self.assertIn("Sluice-CSRF", mine.headers["Access-Control-Allow-Headers"])
            other = daemon.request("OPTIONS", "/v1/traces", headers={"Origin": "https://evil.example"})
            self.assertIsNone(other.headers["Access-Control-Allow-Origin"])

    def test_too_many_connections(self):
        with Daemon("--connections-per-address", "4") as daemon:
            held = [daemon.connect() for _ in range(4)]
            for connection in held:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))
            with daemon.connect() as one_more:
                one_more.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                try:
                    self.assertEqual(one_more.recv(100), b"")
                except ConnectionResetError:
                    pass
            for connection in held:
                connection.close()


class SlowClients(unittest.TestCase):
    """Deadlines are by the machine's clock: the test gives drops until the daemon has had enough."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon("--header-timeout", "400ms").start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def drip(self, begin, drop):
        with self.daemon.connect() as connection:
            connection.settimeout(0.05)
            connection.sendall(begin)
            got = b""
            for _ in range(200):
                try:
                    more = connection.recv(4096)
                    if not more:
                        return got
                    got += more
                except TimeoutError:
                    try:
                        connection.sendall(drop)
                    except (BrokenPipeError, ConnectionResetError):
                        pass  # cut off since: what it was told is read next
                except ConnectionResetError:
                    return got
        self.fail("a slow client was not cut off")

    def test_slow_request_line(self):
        self.assertTrue(self.drip(b"G", b"E").startswith(b"HTTP/1.1 408"))

    def test_slow_headers(self):
        got = self.drip(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ", b"y")
        self.assertTrue(got.startswith(b"HTTP/1.1 408"))
        problem = json.loads(got.split(b"\r\n\r\n")[1])
        self.assertEqual(problem["status"], 408)
        self.assertTrue(problem["title_zh"] and problem["request"] and problem["detail"])

    def test_slow_body(self):
        got = self.drip(b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        b"Content-Length: 5000\r\n\r\n{", b" ")
        self.assertTrue(got.startswith(b"HTTP/1.1 408"))
        self.assertEqual(self.daemon.request("GET", "/readyz").json["sequence"], 0)


class StoppedDaemon(unittest.TestCase):
    def test_it_cuts_nobody_for_it(self):
        """Whose request lay in its socket, or was half there, while the machine stood still was not slow."""
        for seconds in (2, 4, 8, 16):
            if self.half_is_answered(seconds):
                return
        self.fail("whoever sent half of a request before the machine stood still was cut off")

    def half_is_answered(self, seconds):
        """False: the test itself was slower than that, so the daemon had a right to cut it off."""
        with Daemon("--header-timeout", f"{seconds}s") as daemon, daemon.connect() as half, daemon.connect() as whole:
            begun = time.monotonic()
            half.sendall(b"GET /healthz HTTP/1.1\r\n")
            self.assertEqual(daemon.request("GET", "/healthz").status, 200)  # it has seen both
            os.kill(daemon.process.pid, signal.SIGSTOP)
            stopped = time.monotonic()
            whole.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(2 * seconds)
            running = time.monotonic()
            os.kill(daemon.process.pid, signal.SIGCONT)
            answered = read_answer(whole)
            half.sendall(b"Host: x\r\n\r\n")
            late = read_answer(half)
            if stopped - begun + time.monotonic() - running > seconds / 2:
                return False
            self.assertEqual(answered.status, 200)
            self.assertEqual(late.status, 200)
            return True


if __name__ == "__main__":
    unittest.main()
