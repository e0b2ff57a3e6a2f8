"""Carriers, group bots and mail through the real daemon: what the desk decides goes out once, what comes back is booked
once. The carrier and the bots are tests/peers; the mail server is aiosmtpd (Debian: python3-aiosmtpd)."""

import email
import email.policy
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e", "desk"))
from centre import Centre, expect, free_port, run  # noqa: E402

MINUTE_MS = 60 * 1000


class Peer:
    """One of tests/peers: its port, the lines it wrote, its summary."""

    all = []

    def __init__(self, name, script=None, *more):
        self.process = subprocess.Popen(
            ["python3", os.path.join(ROOT, "tests/peers", name), "--verbose", "--script", json.dumps(script or {}),
             *more], stdout=subprocess.PIPE, text=True)
        Peer.all.append(self)
        self.port = int(self.process.stdout.readline().split()[1])

    def end(self):
        self.process.terminate()
        lines = [json.loads(line) for line in self.process.communicate(timeout=60)[0].splitlines()]
        return lines[-1], lines[:-1]


def keys_of(c):
    folder = os.path.join(c.folder, "keys")
    os.makedirs(folder, exist_ok=True)
    return folder


def centre_with_keys(c, **keys):
    """The daemon again, now with a folder of keys."""
    folder = keys_of(c)
    for name, content in keys.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content + "\n")
        os.chmod(path, 0o600)
    os.chmod(folder, 0o700)
    c.extra += ["--gateway-keys", folder]
    c.restart()


def link(c, channel, endpoint, **more):
    body = {"channel": channel, "partner": more.pop("partner", channel), "name": channel, "endpoint": endpoint,
            "timeout": "2s", "backoff": "100ms", "backoff_max": "200ms", **more}
    number = c.make("administrator", "partner-links", body)
    c.act("commander", "partner-links", number, "approve")
    return number


def wait_for(what, look, moves=None):
    deadline = time.monotonic() + 60  # a loaded machine; nothing waits for so long
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Exception(f"{what} did not come")
        if moves:
            moves()
        time.sleep(0.05)


def attempts(c, number):
    return c.must("commander", "GET", f"/v1/warnings/{number}/attempts").json["items"]


def deliveries(c, **where):
    found = c.must("administrator", "GET", "/v1/deliveries").json["items"]
    return [d for d in found if all(d[name] == value for name, value in where.items())]


def delivery_ended(c, **where):
    return wait_for("the end of a delivery", lambda: next(
        (d for d in deliveries(c, **where) if d["state"] in ("done", "failed", "dead")), None), lambda: c.later(50))


def sms_link(c, carrier, **more):
    settings = {"system_id": "sluice", "source": "12381", "signature": "【反诈中心】", **more.pop("settings", {})}
    return link(c, "sms", f"smpp://127.0.0.1:{carrier.port}", key_file="sms", settings=settings, **more)


def warn(c, tier="low", phone="13977110001"):
    body = {"phone": phone, "tier": tier, "reason": "向涉诈账户转账", "source": "tip", "fraud_type": "task_rebate"}
    return c.must("duty", "POST", "/v1/warnings", body).json["id"]


def a_warning_goes_out_as_sms_and_comes_back_as_an_attempt(c):
    carrier = Peer("carrier.py", {"receipt": {"delay_ms": 50, "twice": True}})
    centre_with_keys(c, sms="secret")
    sms_link(c, carrier)
    number = warn(c)
    found = wait_for("the attempt", lambda: attempts(c, number))
    expect([(a["channel"], a["result"], a["script"], a["by"]) for a in found] ==
           [("sms", "delivered", "task_rebate", None)], found)
    record = c.read("commander", "warnings", number)
    expect(record["attempts"] == 1 and record["state"] == "new" and not record["is_reached"], record)
    again = warn(c)  # the same victim: one thread, no second SMS
    expect(again == number, "another thread")
    c.users["a.duty"]
    wait_for("the end of the delivery", lambda: deliveries(c, state="done"))
    c.act("a.duty", "warnings", number, "sign")
    c.later(5 * MINUTE_MS)
    wait_for("the next channel", lambda: c.read("commander", "warnings", number)["next_channel"] == "phone")
    summary, messages = carrier.end()
    expect(len(messages) == 1, messages)
    expect(messages[0]["to"] == "8613977110001" and messages[0]["text"].startswith("【反诈中心】您参与的"), messages)
    expect(not summary["bad"], summary)
    expect(len(attempts(c, number)) == 1, "not one attempt for one message")


def a_failed_sms_is_an_attempt_that_failed(c):
    carrier = Peer("carrier.py", {"receipt": {"stats": ["UNDELIV", "DELIVRD"]},
                                  "submit": [{"number": "8613977110002", "status": 11}]})
    centre_with_keys(c, sms="secret")
    sms_link(c, carrier)
    number = warn(c)
    expect(wait_for("the attempt", lambda: attempts(c, number))[0]["result"] == "failed", attempts(c, number))
    number = warn(c, phone="13977110002")
    expect(wait_for("the attempt", lambda: attempts(c, number))[0]["result"] == "wrong_number", attempts(c, number))
    carrier.end()


def without_a_link_people_do_it(c):
    number = warn(c)
    expect(not deliveries(c) and not attempts(c, number), "a message without a link")


def a_receipt_after_a_restart_is_booked(c):
    carrier = Peer("carrier.py", {"receipt": {"delay_ms": 8000}})
    centre_with_keys(c, sms="secret")
    sms_link(c, carrier)
    number = warn(c)
    wait_for("the carrier's yes", lambda: deliveries(c, state="waiting"))
    c.restart(signal.SIGKILL)
    expect(wait_for("the attempt", lambda: attempts(c, number))[0]["result"] == "delivered", attempts(c, number))
    summary, messages = carrier.end()
    expect(len(messages) == 1 and summary["receipt_answers"] == 1, summary)


def no_receipt_is_an_end_too(c):
    carrier = Peer("carrier.py", {"receipt": {"none": True}})
    centre_with_keys(c, sms="secret")
    sms_link(c, carrier, answer_within="1m")
    number = warn(c)
    wait_for("the carrier's yes", lambda: deliveries(c, state="waiting"))
    c.later(MINUTE_MS)
    expect(wait_for("the attempt", lambda: attempts(c, number))[0]["result"] == "sent", attempts(c, number))
    expect(deliveries(c)[0]["result_code"] == "NO_RECEIPT", deliveries(c))
    carrier.end()


def a_reply_reaches_its_warning(c):
    carrier = Peer("carrier.py", {"incoming": [{"from": "8613977110001", "text": "我已停止转账"},
                                               {"from": "8613900000000", "text": "你是谁"}]})
    centre_with_keys(c, sms="secret")
    number = warn(c)
    sms_link(c, carrier)
    words = wait_for("the reply", lambda: [x["words"] for x in c.must(
        "duty", "GET", f"/v1/warnings/{number}/comments", purpose="查看回复").json["items"]])
    expect(words == ["短信回复：我已停止转账"], words)
    wait_for("the answer to the carrier", lambda: True)
    c.stop()
    summary, _ = carrier.end()
    expect(summary["receipt_answers"] == 2, summary)
    with open(c.log.name, encoding="utf-8") as file:
        log = file.read()
    expect("13977110001" not in log and "停止转账" not in log and "secret" not in log.replace("secret_", ""),
           "personal data or a secret in the log")
    c.start()


def a_carrier_that_drops_leaves_it_to_people_or_repeats(c):
    carrier = Peer("carrier.py", {"submit": [{"to": 1, "drop_after": True}], "receipt": {"delay_ms": 20}})
    centre_with_keys(c, sms="secret")
    sms_link(c, carrier)
    warn(c)
    expect(delivery_ended(c)["state"] == "dead", deliveries(c))  # when_unknown: hold
    _, messages = carrier.end()
    expect(len(messages) == 1, messages)


def bots_are_posted_to(c):
    bots = Peer("bots.py", {"answers": [{"platform": "wecom", "to": 1, "code": -1}]})
    centre_with_keys(c, wecom="token", ding="token\nSECsecret", feishu="token\nSECsecret", wrong="token\nother")
    base = f"http://127.0.0.1:{bots.port}"
    c.set_clock(int(time.time() * 1000))  # signatures are about an hour around now
    paths = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send", "feishu": "/open-apis/bot/v2/hook"}
    files = {"wecom": "wecom", "dingtalk": "ding", "feishu": "feishu"}
    for kind, path in paths.items():
        number = link(c, "bot", base + path, partner=kind, format=kind, key_file=files[kind])
        c.act("administrator", "partner-links", number, "try", {"text": "每周反诈提醒：不共享屏幕"})
        expect(delivery_ended(c, partner=kind)["state"] == "done", deliveries(c))
    number = link(c, "bot", base + paths["feishu"], partner="wrong", format="feishu", key_file="wrong")
    c.act("administrator", "partner-links", number, "try", {"text": "a"})
    ended = delivery_ended(c, partner="wrong")
    expect(ended["state"] == "failed" and ended["result_code"] == "19021", ended)
    summary, posted = bots.end()
    expect([p["platform"] for p in posted] == ["wecom", "dingtalk", "feishu"], posted)
    expect(all(p["text"] == "每周反诈提醒：不共享屏幕" for p in posted), posted)
    expect(summary["refused"] == {"wecom": {"-1": 1}, "feishu": {"19021": 1}}, summary)


def silence(path, seconds):
    with wave.open(path, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000 * seconds))


def sipp(scenario, port):
    """sipp (Debian: sip-tester) as the phone that is called; None: it is not installed."""
    if not shutil.which("sipp"):
        print("      no sipp: calls were not tested against a real peer")
        return None
    return subprocess.Popen(["sipp", "-sf", os.path.join(ROOT, "tests/e2e/gateway/sipp", scenario + ".xml"), "-i",
                             "127.0.0.1", "-p", str(port), "-mp", str(free_port() & ~1), "-m", "1", "-nostdin", "-timeout", "120"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def a_warning_is_called_and_the_key_confirms(c):
    port = free_port()
    phone = sipp("key_info", port)
    if phone is None:
        return
    sounds = os.path.join(c.folder, "sounds")
    os.mkdir(sounds)
    silence(os.path.join(sounds, "task_rebate.wav"), 3)
    centre_with_keys(c, sip="secret")
    link(c, "voice", f"sip:127.0.0.1:{port}", key_file="sip", settings={"announcements": sounds, "user": "sluice"})
    number = warn(c, tier="medium")
    found = wait_for("the attempt", lambda: attempts(c, number))
    expect([(a["channel"], a["result"]) for a in found] == [("phone", "confirmed")], found)
    record = c.read("commander", "warnings", number)
    expect(not record["is_reached"] and not record["is_confirmed"], "a machine's call counts as a contact")
    expect(phone.wait(timeout=120) == 0, "sipp did not see what it wanted")
    c.users["a.duty"]
    c.act("a.duty", "warnings", number, "sign")
    expect(len(attempts(c, number)) == 1, "called twice")


def certificate(folder):
    key, cert = os.path.join(folder, "tls.key"), os.path.join(folder, "tls.crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                    cert], check=True, capture_output=True)
    return key, cert


def mail_server():
    """Debian's aiosmtpd with the system's Python; None: it is not installed."""
    return subprocess.run(["/usr/bin/python3", "-c", "import aiosmtpd"], capture_output=True).returncode == 0


def mail_goes_out_with_attachments(c):
    if not mail_server():
        print("      no python3-aiosmtpd: mail was not tested against a real server")
        return
    port, box = free_port(), os.path.join(c.folder, "mail")
    key, cert = certificate(c.folder)
    server = subprocess.Popen(["/usr/bin/python3", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "--tlscert", cert,
                               "--tlskey", key, "-c", "aiosmtpd.handlers.Mailbox", box],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        centre_with_keys(c)
        number = link(c, "mail", f"smtp://localhost:{port}",
                      settings={"from": "fanzha@nanning.example", "ca_file": cert}, attempts_max=20)
        c.act("administrator", "partner-links", number, "try",
              {"address": "liaison@bank.example", "title": "关于二〇二六年十一月打击治理电信网络诈骗犯罪工作情况的通报",
               "text": "详见附件。\n此致"})
        expect(delivery_ended(c)["state"] == "done", deliveries(c))
        files = glob.glob(os.path.join(box, "new", "*"))
        expect(len(files) == 1, files)
        with open(files[0], "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        expect(mail["subject"] == "关于二〇二六年十一月打击治理电信网络诈骗犯罪工作情况的通报", mail["subject"])
        expect(mail["to"] == "liaison@bank.example" and mail["x-rcptto"] == "liaison@bank.example", mail.items())
        expect(mail["message-id"].endswith("@nanning.example>"), mail["message-id"])
        text = mail.get_body().get_content().replace("\r\n", "\n")
        expect(text.strip() == "详见附件。\n此致", repr(text))
        files = [(a.get_filename(), a.get_content_type(), a.get_payload(decode=True).decode())
                 for a in mail.iter_attachments()]
        expect(files == [("测试附件.txt", "text/plain", "测试")], files)
        c.act("administrator", "partner-links", number, "try", {"address": "nobody", "text": "a"})
        expect(wait_for("a refusal", lambda: deliveries(c, state="failed")), deliveries(c))
    finally:
        server.terminate()
        server.wait()


TESTS = [
    a_warning_goes_out_as_sms_and_comes_back_as_an_attempt, a_failed_sms_is_an_attempt_that_failed,
    without_a_link_people_do_it, a_receipt_after_a_restart_is_booked, no_receipt_is_an_end_too,
    a_reply_reaches_its_warning, a_warning_is_called_and_the_key_confirms, a_carrier_that_drops_leaves_it_to_people_or_repeats, bots_are_posted_to,
    mail_goes_out_with_attachments,
]

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] not in ("sqlite", "postgres"):
        TESTS = [t for t in TESTS if sys.argv[1] in t.__name__]
    try:
        run(TESTS)
    finally:
        for peer in Peer.all:
            peer.process.kill()  # what a failed test left
