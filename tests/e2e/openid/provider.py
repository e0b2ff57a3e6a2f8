"""Sign-in through a real provider (provider.mjs): each algorithm, new keys, replays, mixed-up browsers, people who are
not ours, and what the log does not say."""

import os
import re
import subprocess
import urllib.parse
import urllib.request

import centre
from centre import expect

from browser import AFTER, REDIRECT, SECRET, SITE, Browser, configuration, now

PROVIDER = subprocess.Popen(["node", os.path.join(os.path.dirname(__file__), "provider.mjs"), REDIRECT, AFTER, SECRET],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
ISSUER = "http://127.0.0.1:" + PROVIDER.stdout.readline().strip()


def give_subject(c, who, subject):
    number = c.users[who]
    c.act("administrator", "users", number, "edit", {"subject": subject})
    return number


def rotate(alg, c=None):
    """New keys; with c: it is told of logouts."""
    told = f"&logout=http://127.0.0.1:{c.port}/v1/session/openid/logout" if c else ""
    urllib.request.urlopen(f"{ISSUER}/test/rotate?alg={alg}{told}").read()


def sign_in(c, subject, browser=None):
    browser = browser or Browser(c)
    now(c)
    back = browser.consent(browser.begin(), subject)
    now(c)
    return browser, back, browser.open(back)


def each_algorithm_signs_in_whom_we_know(c):
    give_subject(c, "duty", "idp-4711")
    ways = c.send("GET", "/v1/session/ways").json
    expect(ways["openid"] == {"start": "/v1/session/openid", "name_zh": "市局统一认证", "name_en": "Single sign-on"}, ways)
    for alg in ["RS256", "ES256", "EdDSA", "PS256"]:
        rotate(alg)  # new keys each time: the daemon asks again, but not at once after it has asked
        c.restart()
        browser, back, page = sign_in(c, "idp-4711")
        expect(page.status == 303 and page.location == "/console/", f"{alg}: {page}")
        session = next(cookie for cookie in page.cookies if cookie.startswith("sluice_session="))
        for word in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/;"]:
            expect(word in session, f"{word} of {session}")
        me = browser.open(SITE + "/v1/me")
        expect(me.status == 200 and '"login":"duty"' in me.body, f"{alg}: {me}")
        # The same answer again, by the same browser and by another.
        expect(browser.open(back).status == 401, "an answer is taken twice")
        expect(Browser(c).open(back).status == 401, "an answer is taken of another browser")
    acts = [(row["act"], row["detail"], row["login"])
            for row in c.must("auditor", "GET", "/v1/audit?limit=1000").json["items"]]
    expect(acts.count(("sign_in", "openid", "duty")) == 4, f"{acts}")


def keys_may_change_at_any_time(c):
    rotate("RS256")
    give_subject(c, "duty", "idp-4711")
    expect(sign_in(c, "idp-4711")[2].status == 303, "before the change")
    rotate("RS256")
    c.stop()  # the daemon's clock stands still, the test's does not: it knows the old keys for an hour
    c.start()
    expect(sign_in(c, "idp-4711")[2].status == 303, "with new keys after a restart")
    rotate("ES256")
    browser = Browser(c)
    now(c)
    back = browser.consent(browser.begin(), "idp-4711")
    c.later(11000)
    expect(browser.open(back).status == 303, "a key that the daemon had not seen")


def nobody_is_made_by_signing_in(c):
    rotate("RS256")
    before = c.must("administrator", "GET", "/v1/users?limit=1000").json["items"]
    _, _, page = sign_in(c, "a stranger")
    expect(page.status == 401 and not any("sluice_session=" in cookie for cookie in page.cookies), f"{page}")
    after = c.must("administrator", "GET", "/v1/users?limit=1000").json["items"]
    expect(len(before) == len(after), "a user was made")
    # Whoever was invited needs no password of ours; whoever was disabled does not get in.
    number = c.must("administrator", "POST", "/v1/users", {"login": "new", "name": "新人", "unit": 1, "roles": "duty",
                                                           "subject": "idp-new"}).json["id"]
    browser, _, page = sign_in(c, "idp-new")
    expect(page.status == 303 and '"roles":"duty"' in browser.open(SITE + "/v1/me").body, f"{page}")
    c.act("administrator", "users", number, "disable", {"note": "调离"})
    expect(browser.open(SITE + "/v1/me").status == 401, "a disabled user's session goes on")
    _, _, page = sign_in(c, "idp-new")
    expect(page.status == 401, f"a disabled user: {page}")
    failed = [row for row in c.must("auditor", "GET", "/v1/audit?act=sign_in_failed").json["items"]]
    expect(len(failed) == 2 and failed[0]["detail"] == "openid", f"{failed}")


def browsers_are_not_mixed_up(c):
    rotate("RS256")
    give_subject(c, "duty", "idp-1")
    give_subject(c, "analyst", "idp-2")
    now(c)
    one, other = Browser(c), Browser(c)
    back_one = one.consent(one.begin(), "idp-1")
    back_other = other.consent(other.begin(), "idp-2")
    now(c)
    # Somebody is made to open another's answer (login CSRF): refused, and that answer is used up.
    expect(one.open(back_other).status == 401, "another's answer")
    expect(other.open(back_other).status == 401, "an answer that was tried elsewhere")
    expect(one.open(back_one).status in (303, 401), "one's own")
    # A code of one under the state of another.
    first, second = Browser(c), Browser(c)
    back_first = first.consent(first.begin(), "idp-1")
    back_second = second.consent(second.begin(), "idp-2")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back_first).query))
    query["code"] = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back_second).query))["code"]
    mixed = REDIRECT + "?" + urllib.parse.urlencode(query)
    now(c)
    expect(first.open(mixed).status == 401, "a code of another sign-in")
    # Too late.
    late = Browser(c)
    now(c)
    back = late.consent(late.begin(), "idp-1")
    c.later(11 * 60 * 1000)
    expect(late.open(back).status == 401, "eleven minutes later")


def it_ends_at_the_provider_too(c):
    rotate("RS256")
    give_subject(c, "duty", "idp-1")
    browser, _, _ = sign_in(c, "idp-1")
    forged = browser.open(SITE + "/v1/session/openid/end", "POST")
    expect(forged.status == 403, f"without the header: {forged}")
    page = browser.open(SITE + "/v1/session/openid/end", "POST", headers={"Sluice-CSRF": "1", "Origin": "http://127.0.0.1",
                                                                          "Host": "127.0.0.1"})
    expect(page.status == 200 and ISSUER in page.body, f"{page}")
    address = __import__("json").loads(page.body)["url"]
    there = browser.open(address)
    expect(there.status == 200 and "form" in there.body, f"the provider's own page: {there}")
    expect(browser.open(SITE + "/v1/me").status == 401, "the session goes on")


def end_at_the_provider(browser):
    """Signs out on the provider's own page."""
    page = browser.open(ISSUER + "/session/end")
    action = re.search(r'<form[^>]*action="([^"]+)"', page.body).group(1)
    secret = re.search(r'name="xsrf" value="([^"]+)"', page.body).group(1)
    browser.open(urllib.parse.urljoin(ISSUER, action), "POST", {"xsrf": secret, "logout": "yes"})


def who_signs_out_there_is_signed_out_here(c):
    for alg in ["RS256", "ES256", "EdDSA"]:
        c.restart()
        rotate(alg, c)
        give_subject(c, "duty", "idp-1")
        give_subject(c, "analyst", "idp-2")
        (one, _, first), (two, _, second), (other, _, third) = [sign_in(c, who) for who in ("idp-1", "idp-1", "idp-2")]
        expect(all(page.status == 303 for page in (first, second, third)), f"{alg}: {first} {second} {third}")
        c.tokens.pop("duty", None)
        password = c.send("POST", "/v1/session", {"login": "duty", "password": centre.PASSWORD}).json["token"]
        now(c)
        end_at_the_provider(one)
        me = [browser.open(SITE + "/v1/me").status for browser in (one, two, other)]
        expect(me == [401, 200, 200], f"{alg}: {me} {c.log_end()}")
        still = c.send("GET", "/v1/me", headers={"Authorization": "Bearer " + password})
        expect(still.status == 200, f"a session by password, which the provider knows nothing of: {still}")
        told = c.must("auditor", "GET", "/v1/audit?act=sign_out&limit=1").json["items"][0]
        expect(told["kind"] == "user" and told["record"] == c.users["duty"] and "provider" in told["detail"], f"{told}")
    log = open(c.log.name, encoding="utf-8").read()
    expect("eyJ" not in log and "idp-1" not in log, "a token or a subject is in the log")


def nothing_secret_is_written(c):
    rotate("RS256")
    give_subject(c, "duty", "idp-4711")
    _, back, page = sign_in(c, "idp-4711")
    expect(page.status == 303, f"{page}")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    log = open(c.log.name, encoding="utf-8").read()
    for word in [query["code"], query["state"], SECRET, "idp-4711", "eyJ"]:
        expect(word not in log, f"{word} is in the log")
    c.stop()
    for name in os.listdir(c.folder):
        content = open(os.path.join(c.folder, name), "rb").read()
        expect(query["code"].encode() not in content and b"eyJhbGciOi" not in content, f"in {name}")
    c.start()


try:
    centre.run([each_algorithm_signs_in_whom_we_know, keys_may_change_at_any_time, nobody_is_made_by_signing_in,
                browsers_are_not_mixed_up, it_ends_at_the_provider_too, who_signs_out_there_is_signed_out_here,
                nothing_secret_is_written],
               extra=["--openid", configuration(ISSUER)])
finally:
    PROVIDER.kill()
