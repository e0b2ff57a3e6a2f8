"""A provider that lies. It is ours, so that it can: each forgery differs from a good answer in one thing, and the good
answer itself is taken before and after them. Signatures are made by the openssl command."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse

import centre
from centre import expect

from browser import REDIRECT, SECRET, SITE, Browser, configuration, now

FOLDER = tempfile.mkdtemp(prefix="sluice-liar-")


def encode(data):
    data = json.dumps(data).encode() if isinstance(data, dict) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True, capture_output=True).stdout


class Key:
    def __init__(self, kid, alg, bits=2048):
        self.kid, self.alg, self.path = kid, alg, os.path.join(FOLDER, kid + ".pem")
        if alg == "RS256":
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", "-out", self.path)
            modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().split("=")[1]
            self.jwk = {"kty": "RSA", "n": encode(bytes.fromhex(modulus)), "e": "AQAB"}
        else:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.path)
            point = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
            self.jwk = {"kty": "EC", "crv": "P-256", "x": encode(point[:32]), "y": encode(point[32:])}
        self.jwk.update(kid=kid, use="sig", alg=alg)
        self.public = openssl("pkey", "-in", self.path, "-pubout")

    def sign(self, content):
        signature = openssl("dgst", "-sha256", "-sign", self.path, data=content.encode())
        if self.alg == "RS256":
            return signature
        at, parts = 2, []  # DER: two integers
        for _ in range(2):
            length = signature[at + 1]
            parts.append(signature[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0"))
            at += 2 + length
        return b"".join(parts)


GOOD, CURVE, STRANGER, WEAK = Key("good", "RS256"), Key("curve", "ES256"), Key("stranger", "RS256"), Key("weak", "RS256", 1024)


class Liar:
    """What it says is in its members; `asked` counts."""

    def __init__(self):
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self, body, status=200, headers=()):
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                liar.asked[self.path] = liar.asked.get(self.path, 0) + 1
                special = liar.instead.get(self.path)
                if special is not None:
                    self.answer(*special)
                elif self.path == "/.well-known/openid-configuration":
                    self.answer(liar.discovery)
                elif self.path == "/keys":
                    self.answer({"keys": liar.keys})
                else:
                    self.answer({}, 404)

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                basic = base64.b64decode(self.headers.get("Authorization", "Basic ").split(" ")[1]).decode()
                challenge = encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
                code = liar.codes.pop(form.get("code"), None)
                good = (code is not None and code["challenge"] == challenge and form["redirect_uri"] == REDIRECT and
                        basic == "sluice:" + urllib.parse.quote(SECRET, safe=""))
                if self.path in liar.instead:
                    self.answer(*liar.instead[self.path])
                elif good:
                    self.answer({"access_token": "x", "token_type": "Bearer", "id_token": code["token"]})
                else:
                    self.answer({"error": "invalid_grant"}, 400)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.reset()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        self.keys, self.codes, self.instead, self.asked = [GOOD.jwk, CURVE.jwk], {}, {}, {}
        self.discovery = {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/auth",
                          "token_endpoint": self.issuer + "/token", "jwks_uri": self.issuer + "/keys"}

    def code(self, challenge, token):
        name = encode(os.urandom(12))
        self.codes[name] = {"challenge": challenge, "token": token}
        return name


LIAR = Liar()


def claims(nonce, **changes):
    at = int(time.time())
    said = {"iss": LIAR.issuer, "aud": "sluice", "sub": "idp-1", "nonce": nonce, "iat": at, "exp": at + 300, **changes}
    return {name: value for name, value in said.items() if value is not None}


def token(said, key=GOOD, header=None, signature=None):
    content = encode({"alg": key.alg, "kid": key.kid, **(header or {})}) + "." + encode(said)
    return content + "." + encode(key.sign(content) if signature is None else signature(content))


def hmac_with(secret):
    return lambda content: hmac.new(secret, content.encode(), hashlib.sha256).digest()


def attempt(c, make, more=None, clock=now):
    """One sign-in whose token is what make(nonce) gives; the daemon's answer."""
    browser = Browser(c)
    clock(c)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))
    code = LIAR.code(query["code_challenge"], make(query["nonce"]))
    back = {"state": query["state"], "code": code, **(more or {})}
    return browser.open(REDIRECT + "?" + urllib.parse.urlencode(back))


FORGERIES = {
    "another issuer": lambda n: token(claims(n, iss="http://127.0.0.1:1")),
    "an issuer with a slash": lambda n: token(claims(n, iss=LIAR.issuer + "/")),
    "no issuer": lambda n: token(claims(n, iss=None)),
    "another audience": lambda n: token(claims(n, aud="other")),
    "no audience": lambda n: token(claims(n, aud=None)),
    "an audience among others, for another party": lambda n: token(claims(n, aud=["sluice", "other"], azp="other")),
    "an audience among others, for nobody": lambda n: token(claims(n, aud=["sluice", "other"])),
    "for another party": lambda n: token(claims(n, azp="other")),
    "another nonce": lambda n: token(claims("x" * len(n))),
    "no nonce": lambda n: token(claims(None)),
    "an empty nonce": lambda n: token(claims("")),
    "expired": lambda n: token(claims(n, exp=int(time.time()) - 120)),
    "no end": lambda n: token(claims(n, exp=None)),
    "an end that is a word": lambda n: token(claims(n, exp="never")),
    "an end beyond all numbers": lambda n: token(claims(n, exp=1e300)),
    "made long ago": lambda n: token(claims(n, iat=int(time.time()) - 3600)),
    "made tomorrow": lambda n: token(claims(n, iat=int(time.time()) + 86400)),
    "made at no time": lambda n: token(claims(n, iat=None)),
    "not yet": lambda n: token(claims(n, nbf=int(time.time()) + 600)),
    "no subject": lambda n: token(claims(n, sub=None)),
    "an empty subject": lambda n: token(claims(n, sub="")),
    "a subject that is a number": lambda n: token(claims(n, sub=1)),
    "a subject that is too long": lambda n: token(claims(n, sub="1" * 256)),
    "alg none": lambda n: encode({"alg": "none"}) + "." + encode(claims(n)) + ".",
    "alg none with a signature": lambda n: token(claims(n), header={"alg": "none"}),
    "alg None": lambda n: token(claims(n), header={"alg": "None"}),
    "no alg": lambda n: token(claims(n), header={"alg": None}),
    "HS256 under the public key": lambda n: token(claims(n), header={"alg": "HS256"}, signature=hmac_with(GOOD.public)),
    "HS256 under the modulus": lambda n: token(claims(n), header={"alg": "HS256"},
                                               signature=hmac_with(GOOD.jwk["n"].encode())),
    "HS256 under the client's secret": lambda n: token(claims(n), header={"alg": "HS256"},
                                                       signature=hmac_with(SECRET.encode())),
    "RS256 said of an EC key": lambda n: token(claims(n), key=CURVE, header={"alg": "RS256"}),
    "ES256 said of an RSA key": lambda n: token(claims(n), header={"alg": "ES256"}),
    "ES256 of zeros": lambda n: token(claims(n), key=CURVE, signature=lambda _: bytes(64)),
    "ES256 in DER": lambda n: token(claims(n), key=CURVE, signature=lambda t: openssl(
        "dgst", "-sha256", "-sign", CURVE.path, data=t.encode())),
    "another's signature": lambda n: token(claims(n), signature=lambda t: STRANGER.sign(t)),
    "another's key, named": lambda n: token(claims(n), key=STRANGER),
    "another's key, brought along": lambda n: token(claims(n), key=STRANGER, header={"jwk": STRANGER.jwk}),
    "another's key, at an address": lambda n: token(claims(n), key=STRANGER, header={"jku": LIAR.issuer + "/other"}),
    "a critical extension": lambda n: token(claims(n), header={"crit": ["b64"], "b64": False}),
    "a changed claim": lambda n: (lambda t: ".".join([t[0], encode(claims(n, sub="idp-2")), t[2]]))(token(claims(n)).split(".")),
    "no signature": lambda n: token(claims(n), signature=lambda _: b""),
    "two parts": lambda n: ".".join(token(claims(n)).split(".")[:2]),
    "four parts": lambda n: token(claims(n)) + ".x",
    "padding": lambda n: token(claims(n)) + "=",
    "no token": lambda n: "",
    "a list": lambda n: encode({"alg": "RS256"}) + "." + encode(b"[]") + "." + encode(b"x"),
    "a token of 40 KB": lambda n: token(claims(n, more="x" * 30000)),
}


def give_subject(c):
    c.act("administrator", "users", c.users["duty"], "edit", {"subject": "idp-1"})
    c.act("administrator", "users", c.users["analyst"], "edit", {"subject": "idp-2"})
    LIAR.reset()
    c.restart()  # it has forgotten what another test's provider said


def no_forgery_signs_in(c):
    give_subject(c)
    good = [lambda n: token(claims(n)), lambda n: token(claims(n), key=CURVE),
            lambda n: token(claims(n, aud=["sluice"])), lambda n: token(claims(n, aud=["sluice", "other"], azp="sluice")),
            lambda n: token(claims(n, exp=int(time.time()) - 30)),  # within the clocks' difference
            lambda n: token(claims(n, iat=int(time.time()) + 30))]
    for make in good:
        page = attempt(c, make)
        expect(page.status == 303, f"a good token: {page} {c.log_end()}")
    for name, make in FORGERIES.items():
        page = attempt(c, make)
        expect(page.status == 401 and not any("sluice_session=" in cookie for cookie in page.cookies), f"{name}: {page}")
        expect("ID token" not in page.body and "nonce" not in page.body, f"{name} tells why: {page}")
    expect(attempt(c, good[0]).status == 303, "a good token after them")
    log = open(c.log.name, encoding="utf-8").read()
    expect("eyJ" not in log and SECRET not in log, "a token or secret is in the log")


def a_weak_or_unfit_key_is_no_key(c):
    give_subject(c)
    for name, keys, key in [("1,024 bits", [WEAK.jwk], WEAK), ("for encryption", [{**GOOD.jwk, "use": "enc"}], GOOD),
                            ("of another algorithm", [{**GOOD.jwk, "alg": "PS256"}], GOOD),
                            ("off the curve", [{**CURVE.jwk, "y": CURVE.jwk["x"]}], CURVE),
                            ("no numbers", [{**GOOD.jwk, "n": "!!", "e": ""}], GOOD), ("none", [], GOOD)]:
        LIAR.keys = keys
        c.restart()
        page = attempt(c, lambda n: token(claims(n), key=key))
        expect(page.status == 401, f"a key that is {name}: {page}")


def nothing_works_twice_or_elsewhere(c):
    give_subject(c)
    browser = Browser(c)
    now(c)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))
    expect(query["code_challenge_method"] == "S256" and query["response_type"] == "code" and query["scope"] == "openid"
           and len(query["state"]) == 43 and len(query["nonce"]) == 43, f"{query}")
    keep = LIAR.code(query["code_challenge"], token(claims(query["nonce"])))
    expect(attempt(c, lambda n: token(claims(n)), {"iss": "http://127.0.0.1:1"}).status == 401, "another issuer (RFC 9207)")
    expect(attempt(c, lambda n: token(claims(n)), {"iss": LIAR.issuer, "session_state": "x"}).status == 303,
           "what Keycloak adds")
    expect(attempt(c, lambda n: token(claims(n)), {"code": "made up"}).status == 401, "a code of nobody")
    expect(attempt(c, lambda n: token(claims(n)), {"code": "", "error": "access_denied"}).status == 401, "refused")
    expect(attempt(c, lambda n: token(claims(n)), {"state": "x" * 43}).status == 401, "a state of nobody")
    expect(attempt(c, lambda n: token(claims(n)), {"state": ""}).status == 401, "no state")
    back = REDIRECT + "?" + urllib.parse.urlencode({"state": query["state"], "code": keep})
    bare = Browser(c)
    expect(bare.open(back).status == 401, "a browser without the cookie")
    expect(browser.open(back).status == 401, "a state that was tried without its cookie")
    # A verifier of its own: a code that was asked for with another challenge gets nothing.
    page = attempt(c, lambda n: token(claims(n)))
    expect(page.status == 303, f"{page}")
    LIAR.code = lambda challenge, made: Liar.code(LIAR, "another", made)
    expect(attempt(c, lambda n: token(claims(n))).status == 401, "another's challenge")
    del LIAR.code
    # The table of those under way is bounded: the oldest makes room, the newest works.
    first = Browser(c)
    now(c)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(first.begin()).query))
    c.later(1)
    for _ in range(1024):
        Browser(c).begin()
    code = LIAR.code(query["code_challenge"], token(claims(query["nonce"])))
    expect(first.open(REDIRECT + "?" + urllib.parse.urlencode({"state": query["state"], "code": code})).status == 401,
           "the oldest of 1,025")
    expect(attempt(c, lambda n: token(claims(n))).status == 303, "the newest")


def a_provider_in_trouble_is_told_apart(c):
    give_subject(c)
    path = "/.well-known/openid-configuration"
    for name, instead in [("another issuer", ({**LIAR.discovery, "issuer": "http://127.0.0.1:1"},)),
                          ("an endpoint without TLS", ({**LIAR.discovery, "token_endpoint": "http://example.org/token"},)),
                          ("an endpoint that is a file", ({**LIAR.discovery, "jwks_uri": "file:///etc/passwd"},)),
                          ("no endpoint", ({"issuer": LIAR.issuer},)), ("no JSON", (b"<html>",)), ("an error", ({}, 500)),
                          ("a redirect", (b"", 302, [("Location", LIAR.issuer + "/elsewhere")])),
                          ("too large", (b"{" + b" " * 300000 + b"}",))]:
        LIAR.instead = {path: instead}
        page = Browser(c).open(SITE + "/v1/session/openid")
        expect(page.status == 503 and "127.0.0.1" not in page.body, f"{name}: {page}")
    LIAR.instead = {"/keys": (b"{" + b" " * 300000 + b"}",)}
    page = attempt(c, lambda n: token(claims(n)))
    expect(page.status == 503, f"keys that are too large: {page}")
    LIAR.instead = {"/token": (b"", 302, [("Location", LIAR.issuer + "/elsewhere")])}
    expect(attempt(c, lambda n: token(claims(n))).status == 401, "a redirect of the token endpoint")
    expect("/elsewhere" not in LIAR.asked, "a redirect was followed")
    LIAR.instead = {}
    expect(attempt(c, lambda n: token(claims(n))).status == 303, "a provider that is well again")
    # Passwords work whatever becomes of the provider.
    LIAR.instead = {path: ({}, 500)}
    c.restart()
    expect(Browser(c).open(SITE + "/v1/session/openid").status == 503, "a provider that is down")
    c.tokens.pop("duty", None)
    c.must("duty", "GET", "/v1/me")


def it_is_not_asked_again_and_again(c):
    give_subject(c)
    now(c)
    for _ in range(5):  # however long they take, the daemon's clock stands
        attempt(c, lambda n: token(claims(n), key=STRANGER), clock=lambda _: None)
    expect(LIAR.asked["/keys"] == 1, f"keys were asked for {LIAR.asked['/keys']} times within ten seconds")
    LIAR.keys = [STRANGER.jwk]
    browser = Browser(c)
    now(c)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))
    code = LIAR.code(query["code_challenge"], token(claims(query["nonce"]), key=STRANGER))
    c.later(11000)
    page = browser.open(REDIRECT + "?" + urllib.parse.urlencode({"state": query["state"], "code": code}))
    expect(page.status == 303 and LIAR.asked["/keys"] == 2, f"new keys after ten seconds: {page} {LIAR.asked}")


def a_wrong_file_is_refused(c):
    c.stop()
    good = json.load(open(c.extra[1], encoding="utf-8"))
    for name, change, expected in [("a member that is not known", {"client_secret": "x"}, "client_secret"),
                                   ("no issuer", {"issuer": None}, "issuer"), ("an issuer without TLS",
                                                                               {"issuer": "http://idp.example"}, "issuer"),
                                   ("http not allowed", {"allow_http": False}, "issuer"),
                                   ("a redirect elsewhere", {"redirect_uri": "https://sluice.test/x"}, "redirect_uri"),
                                   ("clocks an hour apart", {"clock_skew_s": 3600}, "clock_skew_s"),
                                   ("a secret that is not there", {"client_secret_file": "/nowhere"}, "/nowhere")]:
        path = os.path.join(FOLDER, "wrong.json")
        body = {key: value for key, value in {**good, **change}.items() if value is not None}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(body, file)
        done = subprocess.run([centre.BIN, "serve", "--db", c.database, "--listen", "127.0.0.1:0", "--no-decisions",
                               "--openid", path], capture_output=True, text=True, timeout=60)
        expect(done.returncode != 0 and expected in done.stderr and SECRET not in done.stderr, f"{name}: {done}")
    c.extra = []
    c.start()
    expect(Browser(c).open(SITE + "/v1/session/openid").status == 404, "without a provider")
    expect(c.send("GET", "/v1/session/ways").json == {"has_cookie": False, "password": True, "openid": None}, "ways without a provider")


if __name__ == "__main__":
    centre.run([no_forgery_signs_in, a_weak_or_unfit_key_is_no_key, nothing_works_twice_or_elsewhere,
                a_provider_in_trouble_is_told_apart, it_is_not_asked_again_and_again, a_wrong_file_is_refused],
               extra=["--openid", configuration(LIAR.issuer)])
