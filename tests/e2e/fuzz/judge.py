"""What an answer must be, whatever was asked; and that a refusal changed nothing."""

import time

from wire import Broken, Request

try:
    from jsonschema import Draft202012Validator, RefResolver
except ImportError:
    Draft202012Validator = None

BY_THEMSELVES = {"audit", "imports"}  # a refusal is written down; a file is read on after its answer
GUARDS = {"cache-control", "content-security-policy", "referrer-policy", "x-content-type-options", "sluice-request-id"}
ANYWHERE = {400, 404, 405, 406, 408, 411, 413, 414, 415, 429, 431, 505}  # before any operation is looked at


class Judge:
    def __init__(self, document):
        self.findings, self.looked_at, self.statuses, self.unanswered = {}, {}, {}, []
        self.resolver = RefResolver.from_schema(document) if Draft202012Validator else None

    def find(self, what, operation, request, detail):
        key = (what, operation.name if operation else None)
        if key not in self.findings:
            self.findings[key] = f"{what}: {operation.name if operation else '-'}: {detail}\n    asked: {request[:700]!r}"
            print("FOUND", self.findings[key], flush=True)

    def judge(self, operation, data, answer, exact):
        """exact: it was well-formed HTTP for this operation, so its statuses must be documented."""
        status = answer.status
        self.statuses[status] = self.statuses.get(status, 0) + 1
        missing = GUARDS - set(answer.headers)
        if missing:
            self.find("an answer without its guards", operation, data, missing)
        if status >= 500 and status != 505 and not (status == 503 and b"problem:busy" in (answer.body or b"")):
            self.find(f"{status}", operation, data, (answer.body or b"")[:500])
        if status >= 400 and answer.body:
            self.problem(operation, data, answer)
        elif answer.body and "json" in answer.media:
            try:
                _ = answer.json
            except ValueError as fault:
                self.find("an answer that is no JSON", operation, data, f"{fault}: {answer.body[:300]}")
        if exact and operation:
            self.documented(operation, data, answer)

    def problem(self, operation, data, answer):
        if answer.media == "text/plain" and b"built without the console" in answer.body:
            return  # a page for people who look for one
        try:
            problem = answer.json
            good = (answer.media == "application/problem+json" and problem["status"] == answer.status and
                    problem["title"] and problem["title_zh"] and problem["type"].startswith("urn:sluice:problem:") and
                    problem["request"] == answer.headers.get("sluice-request-id"))
        except (ValueError, KeyError, TypeError):
            good = False
        if not good:
            self.find("a refusal that is no problem", operation, data, f"{answer.status} {answer.body[:500]}")

    def documented(self, operation, data, answer):
        status = str(answer.status)
        if status in operation.responses:
            content = operation.responses[status].get("content", {})
            if answer.body and content and answer.media not in content:
                self.find("a media type that is not documented", operation, data, f"{status} {answer.media}")
            schema = content.get(answer.media, {}).get("schema")
            seen = self.looked_at[(operation.name, status)] = self.looked_at.get((operation.name, status), 0) + 1
            if schema and answer.body and self.resolver and "json" in answer.media and (seen <= 5 or seen % 50 == 0):
                for error in Draft202012Validator(schema, resolver=self.resolver).iter_errors(answer.json):
                    self.find("an answer beside its schema", operation, data,
                              f"{status} {list(error.path)}: {error.message[:300]}")
        elif answer.status not in ANYWHERE | {304}:
            self.find(f"{status} is not documented", operation, data, (answer.body or b"")[:300])


class Standing:
    """What stands in the desk and the log: the last change of every collection, as the API tells it."""

    def __init__(self, centre, line, operations, people):
        self.centre, self.line, self.reads = centre, line, []
        for operation in operations:
            ordered = any(parameter["name"] == "order" for parameter in operation.parameters)
            if operation.method == "GET" and ordered and "{" not in operation.path and operation.tag not in BY_THEMSELVES:
                reader = next((who for who in people if people[who].role in operation.roles), None)
                if reader:
                    self.reads.append((operation.path, reader))
        self.people = people

    def look(self):
        """{collection: its newest rows}. The clock went on before each change, so the newest comes first."""
        line, asked = self.line(), [(path + "?order=-updated&limit=3", self.people[who]) for path, who in self.reads]
        asked.append(("/readyz", None))
        requests = [Request("GET", target, person.headers() if person else [], b"") for target, person in asked]
        line.send(b"".join(request.encode() for request in requests))
        standing = {}
        for request in requests:
            answer = line.answer("GET")
            if answer is None or answer.status not in (200, 400):
                raise Broken(f"{request.target}: {answer and (answer.status, answer.body)}")
            if answer.status == 200:
                standing[request.target] = answer.body if "items" in answer.json else answer.json["sequence"]
        line.close()
        return standing

    def settled(self):
        """When what was accepted before has had its consequences."""
        before = self.look()
        for _ in range(100):
            time.sleep(0.05)
            now = self.look()
            if now == before:
                return now
            before = now
        raise Broken("it does not come to rest")
