"""Event streams of consoles: who hears what, where a stream goes on, and when it ends."""

import json
import signal
import socket

from centre import HOUR_MS, PASSWORD, Check, expect, run


class Stream:
    """An EventSource: its events are read one by one; None when the stream has ended."""

    def __init__(self, centre, who=None, token=None, last=None):
        self.connection = socket.create_connection(("127.0.0.1", centre.port), timeout=60)
        lines = ["GET /v1/events HTTP/1.1", "Host: x", f"Authorization: Bearer {token or centre.token(who)}"]
        lines += [f"Last-Event-ID: {last}"] if last else []
        self.connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.connection.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass
        if self.status == 200:
            expect(self.block() == ["retry: 2000"], "a stream begins otherwise")

    def block(self):
        """Lines up to an empty one, out of the chunks that they come in."""
        lines = []
        while True:
            size = int(self.file.readline() or b"0", 16)
            if size == 0:
                return None
            for line in self.file.read(size).decode().split("\n"):
                lines.append(line)
            self.file.readline()
            if lines[-2:] == ["", ""] or lines[-1] == "":
                return [line for line in lines if line]

    def events(self, count):
        """So many, each (id, type, data)."""
        out = []
        while len(out) < count:
            lines = self.block()
            if lines is None:
                raise Check(f"the stream ended after {out}")
            at = {}
            for line in lines:
                if line.startswith(":"):
                    continue
                name, value = line.split(": ", 1)
                at[name] = value
                if name == "data" and at["event"] != "user":  # users are made when they are first asked for
                    out.append((at["id"], at["event"], json.loads(value)))
        return out

    def ends(self):
        while self.block() is not None:
            pass
        return True

    def close(self):
        self.file.close()
        self.connection.close()


def stop_of(c, who, account):
    return c.make(who, "stops", {"account": f"account:{account}", "reason": "x"})


def each_hears_what_is_his(c):
    city, a, b, bank = (Stream(c, who) for who in ["duty", "a.duty", "b.duty", "bank"])
    mine, theirs = stop_of(c, "a.duty", 1), stop_of(c, "b.duty", 2)
    heard = [(kind, data["id"]) for _, kind, data in city.events(2)]
    expect(heard == [("stop", mine), ("stop", theirs)], heard)
    expect([data["id"] for _, _, data in a.events(1)] == [mine], "its own district")
    expect([data["id"] for _, _, data in b.events(1)] == [theirs], "the other's")
    text = json.dumps(a.events(0))
    expect("account" not in text, "an event tells more than what and where")
    c.get("bank", "/v1/stops")
    bank.connection.settimeout(0.3)
    try:
        expect(bank.block() is None, "a bank hears what happens at the centre")
    except TimeoutError:
        pass
    expect(Stream(c, token="x").status == 401, "nobody listens")


def it_goes_on_where_it_broke_off(c):
    first = Stream(c, "duty")
    stops = [stop_of(c, "duty", i) for i in range(5)]
    heard = first.events(5)
    first.close()
    again = Stream(c, "duty", last=heard[1][0])
    expect([data["id"] for _, _, data in again.events(3)] == stops[2:], "some were lost, or came twice")
    other = Stream(c, "a.duty", last=heard[1][0])  # the same place, other rights: nothing of the city's
    mine = stop_of(c, "a.duty", 77)
    expect([data["id"] for _, _, data in other.events(1)] == [mine], "another's place told another's events")
    for wrong in ["x", "0-0", "00000000-1", heard[0][0].split("-")[0] + "-99999999999", "-", "a" * 500]:
        stream = Stream(c, "duty", last=wrong)
        expect(stream.events(1)[0][1:] == ("reset", {"reason": "missed"}), wrong)
        stream.close()
    c.restart(signal.SIGKILL)
    stream = Stream(c, "duty", last=heard[4][0])
    place, kind, _ = stream.events(1)[0]
    expect(kind == "reset", "after a restart it goes on as if nothing was missed")
    stop = stop_of(c, "duty", 99)
    expect(stream.events(1)[0][2]["id"] == stop and place != heard[4][0], "it does not go on")


def rights_that_are_gone_end_it(c):
    """Withdrawn while it is open: not one event more, whatever was the reason."""
    administrator = "administrator"

    def nothing_more(stream, who, after, path):
        answer = after()
        expect(answer.status < 300, answer)
        stop = stop_of(c, "a.duty", path)
        ended = []
        while True:
            lines = stream.block()
            if lines is None:
                break
            ended += lines
        expect(not any(f'"id":{stop},' in line for line in ended), f"{who} heard of {stop}: {ended}")

    stream = Stream(c, "a.approver")
    number = c.users["a.approver"]
    nothing_more(stream, "a.approver", lambda: c.call(
        administrator, "POST", f"/v1/users/{number}/edit", {"unit": c.units["b"]},
        version=c.version("users", number)), 1)
    stream = Stream(c, "a.approver")  # he has moved: the session lasts, what he hears is another district's
    theirs = stop_of(c, "b.duty", 2)
    expect(stream.events(1)[0][2]["id"] == theirs, "he does not hear of his new district")
    stream.close()

    stream = Stream(c, "a.investigator")
    number = c.users["a.investigator"]
    nothing_more(stream, "a.investigator", lambda: c.call(
        administrator, "POST", f"/v1/users/{number}/disable", {"note": "离职"}, version=c.version("users", number)), 3)
    expect(Stream(c, token=c.tokens["a.investigator"]).status == 401, "a disabled user listens again")

    token = c.send("POST", "/v1/session", {"login": "a.commander", "password": PASSWORD}).json["token"] \
        if c.users["a.commander"] else None
    stream = Stream(c, token=token)
    nothing_more(stream, "a.commander", lambda: c.send(
        "DELETE", "/v1/session", None, {"Authorization": "Bearer " + token}), 4)

    key = c.must(administrator, "POST", "/v1/keys", {"name": "own", "unit": c.units["a"], "roles": "duty",
                                                     "until": c.text(c.now_ms + 24 * HOUR_MS)}).json
    stream = Stream(c, token=key["secret"])
    nothing_more(stream, "key", lambda: c.call(administrator, "POST", f"/v1/keys/{key['id']}/revoke", {"note": "泄露"},
                                               version=1), 5)
    bystander = Stream(c, "a.duty")
    number = c.users["s.duty"]
    c.act(administrator, "users", number, "edit", {"name": "别人"})
    stop = stop_of(c, "a.duty", 6)
    while bystander.events(1)[0][2]["id"] != stop:
        pass  # what was told while it was opened; Check when another's change has ended his stream


def what_ends_by_itself_ends_to_the_second(c):
    """What is known of a session or key for some seconds is forgotten at its end, and its stream ends with it."""
    key = c.must("administrator", "POST", "/v1/keys", {"name": "brief", "unit": c.units["a"], "roles": "duty",
                                                       "until": c.text(c.now_ms + HOUR_MS)}).json["secret"]
    expect(c.users["a.duty"], "?")
    session = c.send("POST", "/v1/session", {"login": "a.duty", "password": PASSWORD}).json
    expect(session["expires_at"] == c.text(c.now_ms + 12 * HOUR_MS), session)

    def status(token):
        return c.send("GET", "/v1/me", None, {"Authorization": "Bearer " + token}).status

    def ends_at(token, ms):
        c.until(ms - 1000)
        expect(status(token) == 200, "it ends before its time")
        stream = Stream(c, token=token)
        c.until(ms)
        expect(status(token) == 401, "it is remembered beyond its end")
        expect(stream.ends(), "?")

    begin = c.now_ms
    for used in range(4):  # a session that nobody uses ends earlier, also in the memory of who somebody is
        c.until(begin + used * 14 * 60000)
        expect(status(session["token"]) == 200, "a session that is used ends")
    ends_at(key, begin + HOUR_MS)
    idle = c.send("POST", "/v1/session", {"login": "a.duty", "password": PASSWORD}).json["token"]
    at = c.now_ms
    expect(status(idle) == 200, "?")
    c.until(at + 30 * 60000 - 1000)
    expect(status(session["token"]) == 401, "31 minutes unused")
    expect(status(idle) == 200, "it ends before its time")  # … which is a use, and is written down
    c.later(30 * 60000 - 1000)
    expect(status(idle) == 200, "what was used lasts")
    c.later(30 * 60000)
    expect(status(idle) == 401, "unused for 30 minutes")
    fresh = c.send("POST", "/v1/session", {"login": "a.duty", "password": PASSWORD}).json["token"]
    begin = c.now_ms
    for used in range(1, 12 * 4):
        c.until(begin + used * 15 * 60000)
        expect(status(fresh) == 200, "a session that is used ends")
    ends_at(fresh, begin + 12 * HOUR_MS)


if __name__ == "__main__":
    run([each_hears_what_is_his, it_goes_on_where_it_broke_off, rights_that_are_gone_end_it,
         what_ends_by_itself_ends_to_the_second])
