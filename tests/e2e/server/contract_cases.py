"""/openapi.json against the daemon: every operation of the engine is called, and every answer keeps to the document."""
import json
import subprocess
import tempfile
import unittest

from daemon import BIN, NDJSON, Daemon, transfer

try:
    from jsonschema import Draft202012Validator, RefResolver
except ImportError as missing:
    raise unittest.SkipTest("python3-jsonschema is not installed") from missing

TRACE = {"starts": [{"transfer": "T1"}, {"account": "account:622848040003", "at": "2026-01-05T10:20:30+08:00",
                                        "amount_fen": 5, "victim": "王某"}], "method": "prorata", "within": "24h"}
# What to send for an operation: path variables, query, body.
CALLS = {
    "decide": {"body": transfer(1000)},
    "ingest": {"text": json.dumps(transfer(1001)) + "\nnonsense\n", "headers": NDJSON},
    "getAccount": {"path": {"key": "account:622848040003"}, "query": "top=3&recent=7d"},
    "listTransfersOfAccount": {"path": {"key": "account:622848040003"}, "query": "limit=2"},
    "getTransfer": {"path": {"id": "T1"}},
    "trace": {"query": "transfer=T1&method=bounds&depth=3"},
    "traceMany": {"body": TRACE},
    "packTrace": {"body": TRACE},
    "findFindings": {"body": {"order": "log"}},
    "backTest": {"body": {}},
    "countPatterns": {"body": {"patterns": "pattern ring { kind cycle window 6h }"}},
}
# Streams, and what needs something made first, have cases of their own.
ELSEWHERE = {"streamEvents", "getJob", "getJobResult", "cancelJob"}
TAGS = {"signals", "engine", "daemon", "jobs", "events"}


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon("--rate", "100000").start()
        lines = "\n".join(json.dumps(transfer(n)) for n in range(300))
        cls.daemon.request("POST", "/v1/signals", lines, NDJSON)
        cls.document = cls.daemon.request("GET", "/openapi.json").json
        cls.resolver = RefResolver.from_schema(cls.document)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def validate(self, schema, value):
        Draft202012Validator(schema, resolver=self.resolver).validate(value)

    def check(self, operation, answer):
        response = operation["responses"].get(str(answer.status))
        self.assertIsNotNone(response, f"{operation['operationId']} answers {answer.status}, which is not documented: "
                                       f"{answer.body[:300]}")
        content = response.get("content", {})
        media = (answer.headers["Content-Type"] or "").split(";")[0]
        if not answer.body:
            return
        self.assertIn(media, content, operation["operationId"])
        schema = content[media].get("schema")
        if schema and media.endswith("json"):
            self.validate(schema, answer.json)

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method, operation

    def test_the_document_is_well_formed(self):
        self.assertEqual(self.document["openapi"], "3.1.0")
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)), "two operations have one name")
        for name, schema in self.document["components"]["schemas"].items():
            Draft202012Validator.check_schema(schema)
            self.check_references(schema, name)
        for path, method, operation in self.operations():
            self.assertTrue(operation["summary"] and operation["tags"], (path, method))
            inside = {part[1:-1] for part in path.split("/") if part.startswith("{")}
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            self.assertEqual(inside, declared, path)
            self.check_references(operation, path)

    def check_references(self, value, where):
        if isinstance(value, dict):
            if "$ref" in value:
                with self.resolver.resolving(value["$ref"]) as found:
                    self.assertIsNotNone(found, where)
            for each in value.values():
                self.check_references(each, where)
        elif isinstance(value, list):
            for each in value:
                self.check_references(each, where)

    def test_the_same_without_a_daemon(self):
        printed = subprocess.run([BIN, "serve", "--print-openapi"], capture_output=True, check=True).stdout
        self.assertEqual(json.loads(printed)["paths"], self.document["paths"])

    def test_every_operation(self):
        seen = set()
        for path, method, operation in self.operations():
            name = operation["operationId"]
            if not TAGS & set(operation["tags"]) or name in ELSEWHERE:
                continue
            call = CALLS.get(name, {})
            for key, value in call.get("path", {}).items():
                path = path.replace("{" + key + "}", value)
            self.assertNotIn("{", path, f"{name}: say in CALLS what to call it with")
            query = "?" + call["query"] if "query" in call else ""
            body = call.get("body", call.get("text"))
            answer = self.daemon.request(method.upper(), path + query, body, call.get("headers"))
            self.assertIn(answer.status, (200, 202), (name, answer.body))
            self.check(operation, answer)
            seen.add(name)
            if answer.status == 202:
                self.follow(name, operation, answer)
            # The same with something nobody knows is refused, by the document.
            self.check(operation, self.daemon.request(method.upper(), path + "?nobody-knows=1", body,
                                                      call.get("headers")))
        self.assertEqual(set(CALLS) - seen, set(), "an operation is gone")

    def follow(self, name, operation, answer):
        state = self.daemon.job(answer)
        self.validate({"$ref": "#/components/schemas/job"}, state)
        why = {"backTest": "label", "packTrace": "sign in"}.get(name)  # there are no labels here, and nobody who signs
        if why:
            self.assertEqual(state["state"], "failed")
            self.assertIn(why, state["detail"])
            missing = self.daemon.request("GET", answer.headers["Location"] + "/result")
            self.assertEqual(missing.status, 409)
            return
        self.assertEqual(state["state"], "done", state)
        result = self.daemon.request("GET", state["result"])
        self.assertEqual(result.status, 200)
        schema = operation["x-sluice-result"]
        for line in result.body.splitlines() if b"ndjson" in result.headers["Content-Type"].encode() else [result.body]:
            self.validate(schema, json.loads(line))

    def test_jobs(self):
        answer = self.daemon.request("POST", "/v1/findings", {})
        self.assertEqual(answer.status, 202)
        where = answer.headers["Location"]
        self.daemon.job(answer)
        self.assertEqual(self.daemon.request("DELETE", where).json["state"], "done")  # over: nothing to stop
        for path in ("/v1/jobs/0000000000000000", "/v1/jobs/x", "/v1/jobs/0000000000000000/result"):
            self.assertEqual(self.daemon.request("GET", path).status, 404)

    def test_forms_of_a_trace(self):
        for accept, begin in (("text/csv", b""), ("image/svg+xml", b"<svg"), ("text/vnd.graphviz", b"digraph")):
            answer = self.daemon.request("GET", "/v1/traces?transfer=T1", headers={"Accept": accept})
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, accept))
            self.assertIn(begin, answer.body[:400])

    def test_pages(self):
        seen, path = [], "/v1/accounts/account:622848040003/transfers?limit=2"
        first = self.daemon.request("GET", path)
        while True:
            page = self.daemon.request("GET", path)
            self.assertEqual(page.json["as_of"], first.json["as_of"])
            seen += [item["sequence"] for item in page.json["items"]]
            if page.json["next"] is None:
                self.assertIsNone(page.headers["Link"])
                break
            target, relation = page.headers["Link"].split("; ")
            self.assertEqual(relation, 'rel="next"')
            path = target[1:-1]
            # A signal that comes meanwhile does not move the pages.
            self.daemon.request("POST", "/v1/decisions", transfer(5000 + len(seen), **{"from": "account:622848040003"}))
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(len(seen), 6)
        other = "/v1/accounts/account:622848040004/transfers?cursor="
        self.assertEqual(self.daemon.request("GET", other + "x" + first.json["next"]).status, 400)

    def test_the_test_can_fail(self):
        with self.assertRaises(Exception):
            self.validate({"$ref": "#/components/schemas/decision"}, {"transfer": "T1", "duplicate": 7})


if __name__ == "__main__":
    unittest.main()
