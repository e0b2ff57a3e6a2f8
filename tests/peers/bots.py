#!/usr/bin/env python3
"""Simulated group-bot platforms: the webhooks of WeCom, DingTalk and Feishu on one HTTP server.

    bots.py [--port N] [--script FILE|JSON] [--verbose] [--tls-cert FILE --tls-key FILE]

Addresses (the token is "token", the secret of DingTalk and Feishu "SECsecret"):
    /cgi-bin/webhook/send?key=token                              WeCom
    /robot/send?access_token=token&timestamp=…&sign=…            DingTalk
    /open-apis/bot/v2/hook/token                                 Feishu

Signatures, fields and limits are checked here by the platforms' own descriptions, with Python's hmac and no code of
Sluice's. Each answers with its own error codes. Prints "port N" at the start, a line of JSON for each message that was
posted (--verbose), and a summary at its end (SIGTERM).

Script, all optional:
    "limit": 20                messages a minute to one bot (0: none); what is more is refused with the platform's code
    "answers": [{"platform": "wecom", "from": 1, "to": 3, "every": 1,      of the n-th request to it
                 "code": -1, "status": 500, "delay_ms": 100, "silent": true, "drop": true, "post": true}]
"""

import argparse
import base64
import hashlib
import hmac
import json
import signal
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN, SECRET = "token", "SECsecret"
HOUR_S = 3600


def sign(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class Refused(Exception):
    def __init__(self, code, words):
        super().__init__(words)
        self.code, self.words = code, words


def need(condition, code, words):
    if not condition:
        raise Refused(code, words)


def check_wecom(query, body, _now):
    need(query.get("key") == [TOKEN], 93000, "invalid webhook url")
    kind = body.get("msgtype")
    need(kind in ("text", "markdown"), 40008, "invalid message type")
    content = body.get(kind, {}).get("content")
    need(isinstance(content, str), 40058, "invalid Request Parameter")
    need(content, 44004, "empty content")
    need(len(content.encode()) <= (2048 if kind == "text" else 4096), 45002, "content too long")
    if kind == "text":
        called = body["text"].get("mentioned_mobile_list", [])
        need(isinstance(called, list) and all(isinstance(x, str) for x in called), 40058, "mentioned_mobile_list")
    return {"kind": kind, "text": content, "all": "@all" in body[kind].get("mentioned_mobile_list", [])}


def check_dingtalk(query, body, now):
    need(query.get("access_token") == [TOKEN], 300001, "token is not exist")
    stamp, given = query.get("timestamp", [""])[0], query.get("sign", [""])[0]
    need(stamp.isdigit() and abs(now * 1000 - int(stamp)) <= HOUR_S * 1000, 310000, "invalid timestamp")
    need(hmac.compare_digest(given, sign(SECRET, stamp + "\n" + SECRET)), 310000, "sign not match")
    kind = body.get("msgtype")
    need(kind in ("text", "markdown"), 400105, "unsupported msgtype")
    if kind == "markdown":
        need(body["markdown"].get("title"), 40035, "missing title")
    text = body.get(kind, {}).get("content" if kind == "text" else "text")
    need(text, 40035, "missing text")
    at = body.get("at", {})
    need(isinstance(at.get("atMobiles", []), list) and isinstance(at.get("isAtAll", False), bool), 40035, "at")
    return {"kind": kind, "text": text, "all": at.get("isAtAll", False)}


def check_feishu(path, body, now):
    need(path.rsplit("/", 1)[1] == TOKEN, 19001, "param invalid: incoming webhook access token invalid")
    stamp, given = str(body.get("timestamp", "")), body.get("sign", "")
    need(stamp.isdigit() and abs(now - int(stamp)) <= HOUR_S, 19021, "timestamp is not within one hour from now")
    need(hmac.compare_digest(given, sign(stamp + "\n" + SECRET, "")), 19021, "sign match fail")
    kind = body.get("msg_type")
    need(kind in ("text", "post", "interactive"), 19002, "msg_type")
    try:
        if kind == "text":
            text = body["content"]["text"]
        elif kind == "post":
            rows = body["content"]["post"]["zh_cn"]["content"]
            text = "\n".join("".join(part.get("text", "") for part in row if part["tag"] == "text") for row in rows)
        else:
            text = body["card"]["elements"][0]["content"]
            need(body["card"]["header"]["title"]["tag"] == "plain_text", 9499, "card header")
    except (KeyError, IndexError, TypeError) as error:
        raise Refused(9499, "Bad Request") from error
    return {"kind": kind, "text": text, "all": "user_id=\"all\"" in json.dumps(body).replace("\\", "")}


class Platforms:
    def __init__(self, script, verbose):
        self.script, self.verbose = script, verbose
        self.lock = threading.Lock()
        self.requests = {}
        self.posted = {}
        self.refused = {}
        self.recent = {}
        self.bodies = {}
        self.repeats = 0

    def rule(self, platform):
        with self.lock:
            n = self.requests[platform] = self.requests.get(platform, 0) + 1
        for rule in self.script.get("answers", []):
            if rule.get("platform", platform) == platform and rule.get("from", 1) <= n <= rule.get("to", 1 << 60) \
                    and n % rule.get("every", 1) == 0:
                return rule
        return {}

    def check_limit(self, platform, now):
        limit = self.script.get("limit", {"wecom": 20, "dingtalk": 20, "feishu": 100}[platform])
        with self.lock:
            recent = self.recent.setdefault(platform, [])
            recent[:] = [at for at in recent if at > now - 60]
            need(not limit or len(recent) < limit, {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}[platform],
                 "api freq out of limit")
            recent.append(now)

    def post(self, platform, message):
        with self.lock:
            self.posted[platform] = self.posted.get(platform, 0) + 1
            if self.verbose:
                print(json.dumps({"platform": platform, **message}, ensure_ascii=False), flush=True)

    def refuse(self, platform, code):
        with self.lock:
            counts = self.refused.setdefault(platform, {})
            counts[str(code)] = counts.get(str(code), 0) + 1

    def summary(self):
        return {"requests": sum(self.requests.values()), "posted": sum(self.posted.values()),
                "by_platform": self.posted, "refused": self.refused}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platforms = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        p = self.platforms
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        platform = {"/cgi-bin/webhook/send": "wecom", "/robot/send": "dingtalk"}.get(url.path)
        if platform is None and url.path.startswith("/open-apis/bot/v2/hook/"):
            platform = "feishu"
        if platform is None:
            self.answer(404, {"error": "no such address"})
            return
        rule = p.rule(platform)
        if rule.get("delay_ms"):
            time.sleep(rule["delay_ms"] / 1000)
        if rule.get("drop"):
            self.close_connection = True
            self.connection.close()
            return
        code, words = self.judge(platform, url, body, rule)
        if rule.get("silent"):
            time.sleep(30)
            return
        name = {"wecom": ("errcode", "errmsg"), "dingtalk": ("errcode", "errmsg"), "feishu": ("code", "msg")}[platform]
        self.answer(rule.get("status", 200), {name[0]: code, name[1]: words})

    def judge(self, platform, url, body, rule):
        p, now = self.platforms, time.time()
        try:
            if rule.get("code") or (rule.get("status", 200) != 200 and not rule.get("post")):
                raise Refused(rule.get("code", -1), "by script")
            try:
                need(self.headers.get("Content-Type", "").startswith("application/json"), 43004, "Content-Type")
                fields = json.loads(body)
            except ValueError as error:
                raise Refused(40035, "no JSON") from error
            query = parse_qs(url.query)
            if platform == "wecom":
                message = check_wecom(query, fields, now)
            elif platform == "dingtalk":
                message = check_dingtalk(query, fields, now)
            else:
                message = check_feishu(url.path, fields, now)
            p.check_limit(platform, now)
            p.post(platform, message)
            return 0, "ok"
        except Refused as why:
            p.refuse(platform, why.code)
            return why.code, why.words

    def answer(self, status, fields):
        data = json.dumps(fields).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    script = json.loads(args.script) if args.script.lstrip().startswith("{") else json.load(open(args.script))
    Handler.platforms = Platforms(script, args.verbose)
    server = ThreadingHTTPServer(("127.0.0.1", args.port), Handler)
    server.daemon_threads = True
    if args.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.tls_cert, args.tls_key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print("port %d" % server.server_address[1], flush=True)
    server.serve_forever()
    print(json.dumps(Handler.platforms.summary()), flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
