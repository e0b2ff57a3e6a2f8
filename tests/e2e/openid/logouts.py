"""Logouts that a provider tells of (Back-Channel Logout 1.0): each forgery differs from a good one in one thing and ends
nothing; a good one ends what began in that session of the provider's, or all that began there, once."""

import os
import time
import urllib.parse

import centre
from centre import expect

from browser import SITE, Browser, configuration, now
from hostile import CURVE, LIAR, STRANGER, attempt, claims, encode, give_subject, hmac_with, GOOD, token

EVENT = {"http://schemas.openid.net/event/backchannel-logout": {}}


def logout(**changes):
    nonce = changes.pop("nonce", None)
    return claims(nonce, **{"events": EVENT, "jti": encode(os.urandom(9)), "sid": "s-1", **changes})


def tell(c, made):
    now(c)
    body = urllib.parse.urlencode({"logout_token": made}).encode()
    return c.send("POST", "/v1/session/openid/logout", body, {"Content-Type": "application/x-www-form-urlencoded"})


def signed_in(c, subject, session):
    """A browser that signed in in this session of the provider's; None: the provider names none."""
    kept = []
    begin = Browser.begin
    Browser.begin = lambda self: (kept.append(self), begin(self))[1]
    try:
        page = attempt(c, lambda n: token(claims(n, sub=subject, sid=session)))
    finally:
        Browser.begin = begin
    expect(page.status == 303, f"{page} {c.log_end()}")
    return kept[0]


def is_in(browser):
    return browser.open(SITE + "/v1/me").status == 200


FORGERIES = {
    "another issuer": lambda: token(logout(iss="http://127.0.0.1:1")), "no issuer": lambda: token(logout(iss=None)),
    "another audience": lambda: token(logout(aud="other")), "no audience": lambda: token(logout(aud=None)),
    "made long ago": lambda: token(logout(iat=int(time.time()) - 3600)),
    "made tomorrow": lambda: token(logout(iat=int(time.time()) + 86400)), "made at no time": lambda: token(logout(iat=None)),
    "expired": lambda: token(logout(exp=int(time.time()) - 120)), "no end": lambda: token(logout(exp=None)),
    "no events": lambda: token(logout(events=None)), "other events": lambda: token(logout(events={"x": {}})),
    "an event that is no object": lambda: token(logout(events={list(EVENT)[0]: True})),
    "events in a list": lambda: token(logout(events=list(EVENT))), "a nonce": lambda: token(logout(nonce="n")),
    "a nonce of null": lambda: token({**logout(), "nonce": None}), "no name": lambda: token(logout(jti=None)),
    "a name that is a number": lambda: token(logout(jti=7)), "neither who nor which": lambda: token(logout(sub=None, sid=None)),
    "who is a number": lambda: token(logout(sub=1, sid=None)),
    "alg none": lambda: encode({"alg": "none"}) + "." + encode(logout()) + ".",
    "HS256 under the public key": lambda: token(logout(), header={"alg": "HS256"}, signature=hmac_with(GOOD.public)),
    "another's signature": lambda: token(logout(), signature=STRANGER.sign), "another's key": lambda: token(logout(), key=STRANGER),
    "another's key, brought along": lambda: token(logout(), key=STRANGER, header={"jwk": STRANGER.jwk}),
    "a critical extension": lambda: token(logout(), header={"crit": ["x"], "x": 1}),
    "an ID token": lambda: token(claims("n", sid="s-1")), "no token": lambda: "", "two parts": lambda: "a.b",
}


def no_forgery_signs_anybody_out(c):
    give_subject(c)
    browser = signed_in(c, "idp-1", "s-1")
    for name, make in FORGERIES.items():
        answer = tell(c, make())
        expect(answer.status == 400 and "logout_token" in answer.json["detail"], f"{name}: {answer}")
        expect(is_in(browser), f"{name} signed somebody out")
    for body, kind in [(b"", "application/x-www-form-urlencoded"), (b"logout_token", "application/x-www-form-urlencoded"),
                       (b"logout_token=%zz", "application/x-www-form-urlencoded"), (b"{}", "application/json")]:
        answer = c.send("POST", "/v1/session/openid/logout", body, {"Content-Type": kind})
        expect(answer.status == (415 if kind.endswith("json") else 400), f"{body}: {answer}")
    expect(c.send("GET", "/v1/session/openid/logout").status in (404, 405), "by GET")
    expect(tell(c, token(logout())).status == 200 and not is_in(browser), "a good one")
    expect("eyJ" not in open(c.log.name, encoding="utf-8").read(), "a token is in the log")


def a_logout_signs_nobody_in(c):
    give_subject(c)
    page = attempt(c, lambda n: token(logout(sub="idp-1")))
    expect(page.status == 401, f"{page}")
    page = attempt(c, lambda n: token(logout(sub="idp-1", nonce=n, events=None)))
    expect(page.status == 303, f"the same with a nonce is an ID token: {page}")


def it_ends_what_it_names_and_once(c):
    give_subject(c)
    one, two, none, other = [signed_in(c, *each) for each in
                             (("idp-1", "s-1"), ("idp-1", "s-2"), ("idp-1", None), ("idp-2", "s-3"))]
    made = token(logout(sub="idp-2", sid="s-1"))
    expect(tell(c, made).status == 200 and all(map(is_in, (one, two, none, other))), "another's session")
    made = token(logout(sub=None, sid="s-1"))
    expect(tell(c, made).status == 200 and not is_in(one) and all(map(is_in, (two, none, other))), "by its session alone")
    again = signed_in(c, "idp-1", "s-1")
    answer = tell(c, made)
    expect(answer.status == 400 and "jti" in answer.json["detail"] and is_in(again), f"said again: {answer}")
    c.restart()
    expect(tell(c, made).status == 400 and is_in(again), "said again after a restart")
    expect(tell(c, token(logout(sid=None), key=CURVE)).status == 200, "by its subject alone")
    expect(not any(map(is_in, (again, two, none))) and is_in(other), "all that began there, and nobody else's")
    expect(tell(c, token(logout(sub="a stranger", sid=None))).status == 200, "nobody's: there is nothing to end")
    expect(tell(c, token(logout(sid="", sub="idp-2"))).status == 200 and not is_in(other), "an empty session is none")


def it_stands_without_keys_too(c):
    """The provider cannot be asked for its keys: said so, nothing ended; later it is taken."""
    give_subject(c)
    browser = signed_in(c, "idp-1", "s-1")
    c.restart()
    LIAR.instead = {"/keys": ({}, 500)}
    made = token(logout())
    expect(tell(c, made).status == 503 and is_in(browser), "without keys")
    LIAR.instead = {}
    expect(tell(c, made).status == 200 and not is_in(browser), "the same, later")


centre.run([no_forgery_signs_anybody_out, a_logout_signs_nobody_in, it_ends_what_it_names_and_once, it_stands_without_keys_too],
           extra=["--openid", configuration(LIAR.issuer)])
