"""What to ask, drawn from /openapi.json: operations, and for each a request that keeps to the document, or nearly."""

import json
import string
import time
import urllib.parse

HOSTILE_TEXTS = [
    "", " ", "\0", "a\0b", "\r\nSet-Cookie: x=1", "' OR 1=1 --", "\"; DROP TABLE audit; --", "$1", "%", "_", "../../etc/passwd",
    "{{7*7}}", "<script>alert(1)</script>", "=cmd|'/c calc'!A1", "\ufeff", "\u202e王某", "\U0001f600" * 20, "é" * 100, "x" * 5000,
    "9" * 40, "-1", "1e309", "NaN", "0x10", "true", "null", "2026-02-30T25:61:61+99:99", "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59+08:00", "2026-11-25T10:00:00", "card:", ":", "card:" + "1" * 300, "phone:+86", "url:http://[::1", "P1M",
    "24h", "-24h", "99999999999d",
]
HOSTILE_VALUES = [None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**63 - 1, 2**63, -2**63, 2**64, 1e308, [], {}, [[]], {"": ""},
                  [None] * 50, {"a": {"b": {"c": {"d": {}}}}}]
KEYS = ["card:62284800000000000%02d" % n for n in range(12)] + ["wallet:w1", "phone:+8613977110001", "6228480402564890018"]
WORDS = ["task_rebate", "fake_investment", "impersonation", "450103", "450105", "102100000011", "duty", "partner", "王某", "南湖派出所",
         "13977110001", "13977220002", "110101199003070011", "核实", "phone", "city", "sha256", "tier", "duration"]


class Operation:
    def __init__(self, method, path, body):
        self.method, self.path = method.upper(), path
        self.name = body["operationId"]
        self.roles = body.get("x-sluice-roles", [])
        self.parameters = body["parameters"]
        self.content = body.get("requestBody", {}).get("content", {})
        self.responses = body["responses"]
        self.tag = body["tags"][0]
        parts = path.split("/")
        self.collection = parts[2] if len(parts) > 2 else ""

    @property
    def is_change(self):
        return self.method != "GET"


def operations_of(document):
    return [Operation(method, path, body) for path, item in document["paths"].items() for method, body in item.items()]


class Values:
    """Values of schemas. What the daemon answered is remembered: ids, versions, cursors."""

    def __init__(self, document, random, now_ms):
        self.schemas, self.random, self.now_ms = document["components"]["schemas"], random, now_ms
        self.versions, self.cursors = {}, []

    def remember(self, operation, answer):
        """From a good answer of JSON."""
        value = answer.json
        for row in ([value] + value.get("items", []) if isinstance(value, dict) else []):
            if isinstance(row, dict) and isinstance(row.get("id"), int) and isinstance(row.get("version"), int):
                self.versions[(operation.collection, row["id"])] = row["version"]
        if isinstance(value, dict) and isinstance(value.get("next"), str) and len(self.cursors) < 200:
            self.cursors.append(value["next"])

    def time(self):
        ms = self.now_ms + self.random.choice([-86400000 * 3, -3600000, -60000, 0, 0, 60000, 86400000, 86400000 * 30])
        return time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(ms / 1000 + 8 * 3600))

    def number(self, collection=None):
        known = [number for name, number in self.versions if name == collection] if collection else []
        return self.random.choice(known) if known and self.random.random() < 0.8 else self.random.randint(1, 12)

    def text(self, name, schema):
        limit = schema.get("maxLength", 200)
        if schema.get("format") == "date-time":
            return self.time()
        if "pattern" in schema or name in ("account", "from", "to", "key", "victim_account"):
            return self.random.choice(KEYS)
        word = self.random.choice(WORDS)
        if "phone" in name:
            word = "139771100%02d" % self.random.randint(0, 99)
        elif "fraud_type" in name or "type" in name:
            word = "task_rebate"
        elif name in ("text", "note", "reason", "why", "words", "detail"):
            word = self.random.choice(["转账5万元到6228480402564890018，电话13977110001", "核实后处理", "已见面劝阻"])
        return word[:limit]

    def of(self, schema, name="", depth=0):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = kind[0]
        if kind == "string":
            return self.text(name, schema)
        if kind == "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 10**7)
            if name == "version":
                return 1
            return min(max(self.random.choice([1, 2, 3, self.random.randint(1, 12), 100, 5000000]), low), high)
        if kind == "number":
            return self.random.choice([0, 0.5, 1, 45.5])
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "array":
            count = self.random.choice([0, 1, 1, 2, 3])
            return [self.of(schema.get("items", {}), name, depth + 1) for _ in range(count)]
        if kind == "object" or "properties" in schema:
            needed = schema.get("required", [])
            return {key: self.of(each, key, depth + 1) for key, each in schema.get("properties", {}).items()
                    if key in needed or (depth < 4 and self.random.random() < 0.35)}
        if name == "transfers":
            return [{"to": self.random.choice(KEYS), "amount_fen": self.random.randint(1, 10**7), "time": self.time()}]
        return self.random.choice([1, "1", "100.00", self.random.choice(KEYS), [], {}])

    def signal(self):
        n = self.random.randint(1, 10**9)
        value = {"id": f"F{n}", "time": self.time(), "from": self.random.choice(KEYS), "to": self.random.choice(KEYS),
                 "amount_fen": self.random.randint(1, 10**8)}
        if self.random.random() < 0.3:
            value = self.of({"$ref": "#/components/schemas/signal"})
        return value

    # ---- spoiling ----

    def spoiled(self, value):
        """The same with one to three places of it changed."""
        box = {"": value}
        for _ in range(self.random.randint(1, 3)):
            holder, key = box, ""
            while isinstance(holder[key], (dict, list)) and holder[key] and self.random.random() < 0.8:
                holder = holder[key]
                key = self.random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
            self.spoil(holder, key)
        return box[""]

    def spoil(self, holder, key):
        way = self.random.randrange(6)
        if way == 0:
            holder[key] = self.random.choice(HOSTILE_TEXTS)
        elif way == 1:
            holder[key] = json.loads(json.dumps(self.random.choice(HOSTILE_VALUES)))
        elif way == 2 and isinstance(holder, dict) and key != "":
            holder[self.random.choice(["state", "id", "version", "district", "proposed_by", "__proto__", "", "x" * 300])] = \
                holder.pop(key)
        elif way == 3 and isinstance(holder[key], dict):
            holder[key][self.random.choice(["nonsense", "state", "decided_by", "turn"])] = 1
        elif way == 4:
            holder[key] = [holder[key]]
        else:
            holder[key] = self.random.choice(WORDS + KEYS)

    def bytes_spoiled(self, data):
        data = bytearray(data)
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(data) + 1)
            way = self.random.randrange(5)
            if way == 0 and at < len(data):
                data[at] = self.random.randrange(256)
            elif way == 1:
                data[at:at] = bytes(self.random.randrange(256) for _ in range(self.random.randint(1, 8)))
            elif way == 2:
                del data[at:at + self.random.randint(1, 20)]
            elif way == 3:
                data[at:at] = data[max(0, at - 30):at] * self.random.randint(1, 3)
            else:
                data[at:at] = self.random.choice([b"\xed\xa0\x80", b"\xff\xfe", b"\\ud800", b"\xc0\x80", b'"', b"{", b"[" * 200,
                                                  b"\\", b"\r\n\r\n", b"0" * 400, b"1e999", b",", b"//", b"\xef\xbb\xbf"])
        return bytes(data)

    # ---- requests ----

    def path_of(self, operation):
        path = operation.path
        for parameter in operation.parameters:
            if parameter["in"] == "path":
                if parameter["schema"].get("type") == "integer":
                    self.last_number = self.number(operation.collection)
                    value = str(self.last_number)
                else:
                    value = self.random.choice(KEYS + ["T1", "1", "abc"])
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(value, safe=":"))
        return path

    def query_of(self, operation, hostile):
        pairs = []
        for parameter in operation.parameters:
            if parameter["in"] != "query" or not (parameter.get("required") or self.random.random() < 0.15):
                continue
            value = self.of(parameter["schema"], parameter["name"])
            if parameter["name"] == "cursor" and self.cursors:
                value = self.random.choice(self.cursors)
            elif parameter["name"] == "order":
                value = self.random.choice(["id", "-id", "created", "-updated", "due"])
            if hostile and self.random.random() < 0.4:
                value = self.random.choice(HOSTILE_TEXTS)
            pairs.append((parameter["name"], str(value).lower() if isinstance(value, bool) else str(value)))
        text = urllib.parse.urlencode(pairs, errors="surrogatepass")
        if hostile and self.random.random() < 0.2:
            text += self.random.choice(["&", "?", "&&=", "&%zz=1", "&a=%ff", "& a", "&limit=1&limit=2", "&x", "=%00", "&" + "a" * 3000 + "=1",
                                        "&nonsense=1", "%0d%0aX:1"])
        return "?" + text if text else ""

    def body_of(self, operation, hostile):
        """(media type, bytes) or (None, b"")."""
        if not operation.content:
            return None, b""
        media = self.random.choice(list(operation.content))
        if media == "application/x-ndjson":
            lines = [json.dumps(self.spoiled(self.signal()) if hostile and self.random.random() < 0.5 else self.signal())
                     for _ in range(self.random.choice([0, 1, 2, 5, 40]))]
            data = "\n".join(lines).encode()
        elif media == "application/json":
            schema = operation.content[media].get("schema", {})
            value = self.signal() if operation.name == "decide" else self.of(schema)
            data = json.dumps(self.spoiled(value) if hostile else value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        else:
            data = self.random.choice([b"a,b,c\n1,2,3\n", b"<Document/>", b"\x89PNG\r\n", b"", b"id,time,from,to,amount\n",
                                       bytes(self.random.randrange(256) for _ in range(200))])
        if hostile and self.random.random() < 0.3:
            data = self.bytes_spoiled(data)
        return media, data


def random_word(random, length):
    return "".join(random.choice(string.ascii_letters + string.digits) for _ in range(length))
