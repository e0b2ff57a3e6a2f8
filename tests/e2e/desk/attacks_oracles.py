"""What an insider asks who may see a list but not the persons in it: filters, orders, searches, counts, ETags and keys as oracles;
names that look like another's; and what a gateway's address may be made to fetch."""

import json
import urllib.parse

from centre import PASSWORD, expect, run

ACCOUNT = "account:6228480402564890018"
BANK = "102100000011"


def report(c, who="a.duty", phone="13977110001", name="王小明"):
    return c.make(who, "reports", {"channel": "phone", "victim_name": name, "victim_phone": phone, "victim_division": "450103",
                                   "victim_identity": "450103199003071234", "words": "被骗", "fraud_type": "other"})


def masked_fields_are_no_order_and_no_filter_by_parts(c):
    """A field that is masked gives no order; a filter answers to the whole value alone, never to a beginning, a range or a pattern."""
    report(c)
    c.make("a.duty", "stops", {"account": ACCOUNT, "institution": BANK, "holder": "张三丰", "reason": "x"})
    tried = 0
    for kind in c.must("commander", "GET", "/v1/workflows").json["items"]:
        if not kind["collection"] or "commander" not in kind["readers"]:
            continue
        for field in kind["fields"]:
            if not field["masked"]:
                continue
            for order in [field["name"], "-" + field["name"]]:
                c.refused(400, "commander", "GET", f"/v1/{kind['collection']}?order={order}")
                tried += 1
            if not field["filter"]:
                c.refused(400, "commander", "GET", f"/v1/{kind['collection']}?{field['name']}=x")
                tried += 1
    for part in ["account:6228", "account:622848040256489001", "account:6228*", "account:6228%25", "account:6228____________018",
                 "6228..6229", "%3E6228", "account:6228480402564890018%00", "account:6228480402564890018'||'"]:
        answer = c.get("a.duty", f"/v1/stops?account={part}")
        expect(answer.status == 400 or answer.json["items"] == [], f"{part} finds by a part: {answer}")
    expect(len(c.must("a.duty", "GET", f"/v1/stops?account={ACCOUNT}").json["items"]) == 1, "the whole one does not find it")
    print(f"      {tried} orders and filters of masked fields")


def searches_and_counts_stay_in_the_district(c):
    """Neither a hit, nor a number, nor an order of magnitude of another district's."""
    report(c)
    stop = c.make("a.duty", "stops", {"account": ACCOUNT, "institution": BANK, "holder": "张三丰", "reason": "x"})
    for word in ["13977110001", "王小明", "450103199003071234", "6228480402564890018", f"Z-{stop:08d}"]:
        answer = c.must("b.commander", "GET", "/v1/search?q=" + urllib.parse.quote(word)).json
        expect(answer["items"] == [] and answer == c.must(
            "b.commander", "GET", "/v1/search?q=" + urllib.parse.quote("没有这样的词")).json, f"{word}: {answer}")

    def numbers(value):
        if isinstance(value, dict):
            for inner in value.values():
                yield from numbers(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from numbers(inner)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield value

    for path in ["/v1/work", "/v1/command"]:
        before = c.must("b.commander", "GET", path).json
        for n in range(3):
            report(c, phone=f"1397711001{n}")
            c.make("a.duty", "stops", {"account": f"account:{n}", "reason": "x"})
        after = c.must("b.commander", "GET", path).json
        expect(list(numbers(before)) == list(numbers(after)), f"{path} of another district counts them: {before} {after}")


def etags_and_cursors_tell_nothing(c):
    """A version, an If-None-Match or a cursor of a record that is another district's gives what one that is not there gives."""
    stop = c.make("a.duty", "stops", {"account": ACCOUNT, "reason": "x"})
    there = c.must("a.duty", "GET", f"/v1/stops/{stop}")
    answers = []
    for number in [stop, stop + 1000]:
        for headers in [{}, {"If-None-Match": there.etag or '"1"'}, {"If-None-Match": "*"}]:
            answer = c.refused(404, "b.commander", "GET", f"/v1/stops/{number}", headers=headers)
            answers.append((answer.status, answer.etag, answer.json["detail"].replace(str(number), "N")))
        for version in [1, 2, 999]:
            answer = c.refused(404, "b.commander", "POST", f"/v1/stops/{number}/approve", {}, version=version)
            answers.append((answer.status, answer.etag, answer.json["detail"].replace(str(number), "N")))
    expect(len(set(answers)) == 1, f"they can be told apart: {set(answers)}")
    for _ in range(7):
        c.make("a.duty", "leads", {"type": "run_point", "subject": f"account:{_}", "title": "t", "source": "tip"})
    page = c.must("a.duty", "GET", "/v1/leads?limit=3").json
    stolen = c.get("b.duty", f"/v1/leads?limit=3&cursor={urllib.parse.quote(page['next'])}")
    expect(stolen.status == 400 or stolen.json["items"] == [], f"another's cursor shows another's list: {stolen}")
    stolen = c.get("a.duty", f"/v1/stops?limit=3&cursor={urllib.parse.quote(page['next'])}")
    expect(stolen.status == 400, f"a cursor of another list is taken: {stolen}")


def an_idempotency_key_is_ones_own(c):
    """The key of another's request neither gives his answer nor says that it was used."""
    body = {"account": ACCOUNT, "reason": "x"}
    mine = c.must("a.duty", "POST", "/v1/stops", body, key="same")
    his = c.must("b.duty", "POST", "/v1/stops", {"account": "account:9", "reason": "y"}, key="same")
    expect(his.status == 201 and his.json["id"] != mine.json["id"] and "idempotency-replayed" not in his.headers, his)
    for key in ["mine", "his"]:
        answer = c.get("b.duty", "/v1/stops", key=key)
        expect(answer.status == 200, answer)


def names_that_look_alike(c):
    """A sign-in name is of plain letters, so nobody is `аdministrator` with a Cyrillic letter, a blank or another case."""
    for login in ["аdministrator", "administrator ", " administrator", "Administrator", "ADMINISTRATOR", "administrator\u200b",
                  "ａdministrator", "adminıstrator", "administrator\u0000", "admin\u202eistrator", "administrator\n", "commander\ufeff"]:
        answer = c.call("administrator", "POST", "/v1/users", {"login": login, "name": "x", "unit": 1, "roles": "duty"})
        expect(answer.status in (400, 409, 422), f"{login!r} can be made: {answer}")
        answer = c.send("POST", "/v1/session", {"login": login, "password": PASSWORD})
        expect(answer.status in (400, 401, 422), f"{login!r} signs in: {answer}")


def a_gateways_address_fetches_nothing_from_here(c):
    """An administrator names where a partner is; the address is one of the partner's kind, and another person approves it."""
    link = {"channel": "bank", "partner": BANK, "name": "银行"}
    for endpoint in ["file:///etc/passwd", "gopher://127.0.0.1:25/x", "dict://127.0.0.1:11211/", "ftp://127.0.0.1/", "/etc/passwd",
                     "javascript:alert(1)", "http://", "https://user:secret@bank.example/x", "http://bank.example/\r\nX: y", "ldap://x"]:
        answer = c.call("administrator", "POST", "/v1/partner-links", {**link, "endpoint": endpoint})
        expect(answer.status in (400, 422), f"{endpoint!r} is taken: {answer}")
    for key_file in ["../../etc/passwd", "/etc/shadow", "a/../../b", "..", "bank.key/../../x"]:
        answer = c.call("administrator", "POST", "/v1/partner-links",
                        {**link, "endpoint": "https://bank.example/x", "key_file": key_file})
        expect(answer.status in (400, 422), f"{key_file!r} is taken: {answer}")
    number = c.make("administrator", "partner-links", {**link, "endpoint": "https://bank.example/x"})
    c.act_refused(403, "administrator", "partner-links", number, "approve")


def what_an_act_does_not_name_is_not_taken(c):
    """Mass assignment over every act that makes something: each field of the record that is no input of the act is refused."""
    tried = 0
    for kind in c.must("commander", "GET", "/v1/workflows").json["items"]:
        for act in kind["acts"] if kind["collection"] else []:
            if act["from"] or act["by_clock"]:
                continue
            role = act["roles"].split(",")[0]
            who = {"partner": "bank"}.get(role, role)
            inputs = {field["name"] for field in act["inputs"]}
            for name in {field["name"] for field in kind["fields"]} - inputs | {"id", "version", "created_at", "updated_at", "number"}:
                answer = c.call(who, "POST", f"/v1/{kind['collection']}", {name: 1})
                expect(answer.status in (400, 403, 404, 405, 413, 415, 422), f"{kind['kind']}.{act['name']} with {name}: {answer}")
                if answer.status == 422:
                    said = json.dumps(answer.json)
                    expect(f'"/{name}"' in said or act is not kind["acts"][0], f"{kind['kind']}: {name} is not named: {said}")
                    tried += 1
            break
    expect(tried > 300, f"only {tried}")
    print(f"      {tried} fields that are not for the asker")


def rights_that_are_gone_are_gone_in_mid_session(c):
    """The same token, the next request: a role taken away, another unit, a disabled user; for records, downloads and jobs alike."""
    def edit(who, **fields):
        c.act("administrator", "users", c.users[who], "edit", fields)

    def asked(token, method, path, body=None, **headers):
        return c.send(method, path, body, {"Authorization": "Bearer " + token, **headers})

    number = report(c)
    case = c.make("a.investigator", "cases", {"title": "t", "fraud_type": "other"})
    piece = c.must("a.investigator", "POST", f"/v1/cases/{case}/evidence", {"name": "x", "media": "image/png", "bytes": "YWJj"}).json["id"]
    officer, detective, auditor = c.token("a.duty"), c.token("a.investigator"), c.token("auditor")
    purpose = {"Sluice-Purpose": "%E6%A0%B8%E5%AF%B9%E8%AF%81%E6%8D%AE"}
    expect(asked(officer, "GET", f"/v1/reports/{number}").status == 200, "his own")
    expect(asked(detective, "GET", f"/v1/evidence/{piece}/content", **purpose).raw == b"abc", "his own piece")
    new = {"channel": "phone", "victim_name": "x", "words": "x", "fraud_type": "other"}
    edit("a.duty", roles="outreach")
    expect(asked(officer, "POST", "/v1/reports", new).status == 403, "a role that was taken away still makes reports")
    expect(asked(officer, "GET", f"/v1/reports/{number}").status == 403, "a role that was taken away still reads them")
    edit("a.investigator", unit=c.units["b"])
    expect(asked(detective, "GET", f"/v1/cases/{case}").status == 404, "who was moved still reads the case")
    expect(asked(detective, "GET", f"/v1/evidence/{piece}/content", **purpose).status == 404, "who was moved still downloads")
    expect(asked(detective, "GET", "/v1/cases").json["items"] == [], "who was moved still lists them")
    job = asked(auditor, "POST", "/v1/audit/verify")
    where = job.headers["location"]
    expect(asked(auditor, "GET", where).status == 200, "his own job")
    for who in ["commander", "administrator", "b.duty"]:
        c.refused(404, who, "GET", where)
        c.refused(404, who, "GET", where + "/result")
    c.act("administrator", "users", c.users["auditor"], "disable", {"note": "离职"})
    for path in [where, where + "/result", "/v1/audit"]:
        expect(asked(auditor, "GET", path).status == 401, f"{path} to who is disabled")
    key = c.must("administrator", "POST", "/v1/keys", {"name": "own", "unit": c.units["b"], "roles": "duty",
                                                       "until": c.text(c.now_ms + 3600000)}).json
    expect(asked(key["secret"], "GET", "/v1/stops").status == 200, "a key that holds")
    c.act("administrator", "keys", key["id"], "revoke", {"note": "泄露"})
    expect(asked(key["secret"], "GET", "/v1/stops").status == 401, "a key that was withdrawn")


if __name__ == "__main__":
    run([rights_that_are_gone_are_gone_in_mid_session, masked_fields_are_no_order_and_no_filter_by_parts,
         searches_and_counts_stay_in_the_district, etags_and_cursors_tell_nothing,
         an_idempotency_key_is_ones_own, names_that_look_alike, a_gateways_address_fetches_nothing_from_here,
         what_an_act_does_not_name_is_not_taken])
