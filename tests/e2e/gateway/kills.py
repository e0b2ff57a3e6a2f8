"""Everything is killed: the daemon at each step of the outbox, the banks, the network between them. Each order has
exactly one effect in the end."""

import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

from city import PEER, Banks, City, expect
from centre import in_own_network, run  # city.py knows where

FAULTS = {"silent": 0.05, "deaf": 0.05, "drop_before": 0.05, "drop_after": 0.05, "duplicate": 0.05, "reorder": 0.05,
          "error": 0.05, "mismatch": 0.05, "refuse": 0.05}


def settled(c):
    return all(state != "approved" for state in c.states().values())


def revive(c):
    """Starts the daemon again where it has ended by itself; without the step at which it ended."""
    if c.process.poll() is not None:
        c.drop_connection()
        c.extra = [word for i, word in enumerate(c.extra)
                   if word != "--gateway-die-at" and (i == 0 or c.extra[i - 1] != "--gateway-die-at")]
        c.start()
        return True
    return False


def the_daemon_dies_at(step, number):
    def test(c):
        partners = c.open_banks(2, **{"async": 0.3})
        ids = c.propose(12, partners)
        c.stop()
        c.extra += ["--gateway-die-at", f"{step}:{number}"]
        c.start()
        deadline = time.monotonic() + 60
        try:
            for one in ids:  # one by one: what comes together is sent and booked together, as one step
                c.approve([one])
                time.sleep(0.05)
            while c.process.poll() is None and time.monotonic() < deadline:
                if settled(c):  # on a slow machine they came together all the same: one more, alone
                    ids += c.order(1, partners, first=len(ids))
                time.sleep(0.05)
        except (OSError, http.client.HTTPException):
            c.process.wait(60)  # it is dying
        expect(c.process.returncode == -signal.SIGKILL, f"it did not come to {step} for the {number}th time")
        revive(c)
        waiting = [n for n, state in c.states().items() if state == "proposed"]
        for one in waiting:
            c.act("approver", "stops", one, "approve")
        c.wait("answers", lambda: settled(c))
        c.check_effects(ids)
    test.__name__ = f"the_daemon_dies_at_{step}_{number}"
    return test


def the_daemon_dies_at_random_times(c):
    dice = random.Random(20261129)
    partners = c.open_banks(2, faults=FAULTS, **{"async": 0.3})
    ids = []
    for turn in range(6):
        ids += c.order(20, partners, first=turn * 20)
        time.sleep(dice.random() * 0.15)
        c.stop(signal.SIGKILL)
        c.start()
    c.wait("answers", lambda: settled(c))
    c.wait("the outbox", lambda: all(d["state"] == "done" for d in c.deliveries()))
    c.check_effects(ids)
    audit = c.must("auditor", "POST", "/v1/audit/verify")
    expect(audit.status == 202, f"audit: {audit}")


def the_banks_die_at_random_times(c):
    dice = random.Random(20261130)
    partners = c.open_banks(2, faults=FAULTS, **{"async": 0.3})
    ids = []
    for turn in range(6):
        ids += c.order(20, partners, first=turn * 20)
        time.sleep(dice.random() * 0.15)
        c.banks.kill()
        time.sleep(dice.random() * 0.3)
        c.banks.start()
    c.wait("answers", lambda: settled(c))
    c.check_effects(ids)


def can_make_namespaces():
    name = f"sluice-probe{os.getpid()}"  # another database's walk asks at the same time
    return in_own_network() and shutil.which("ip") is not None and subprocess.run(
        ["ip", "netns", "add", name], capture_output=True).returncode == 0 and subprocess.run(
        ["ip", "netns", "del", name], capture_output=True).returncode == 0


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def the_network_dies(c):
    """The banks live in a network namespace, and the link to it goes down and up while orders are under way."""
    if not can_make_namespaces():
        print("skip  the_network_dies: needs root and ip netns")
        return
    name, near, far, net = f"sluice{os.getpid()}", "sluicea", "sluiceb", "10.200.0"
    ip("netns", "add", name)
    try:
        ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        ip("addr", "add", f"{net}.1/24", "dev", near)
        ip("link", "set", near, "up")
        ip("netns", "exec", name, "ip", "addr", "add", f"{net}.2/24", "dev", far)
        ip("netns", "exec", name, "ip", "link", "set", far, "up")
        partner = "102100000011"
        c.write_key(partner + ".key", "secret of " + partner)
        c.banks = NamespaceBanks(c, name, [{"partner": partner, "key": "secret of " + partner,
                                            "api_key": c.tokens["bank"]}], host=f"{net}.2")
        c.link(partner, f"http://{net}.2:{c.banks.ports[0]}/police", settings={"plain": True})
        ids, stop = [], threading.Event()

        def flap():
            dice = random.Random(7)
            while not stop.wait(dice.random() * 0.4):
                ip("link", "set", near, "down")
                time.sleep(dice.random() * 0.4)
                ip("link", "set", near, "up")

        flapping = threading.Thread(target=flap)
        flapping.start()
        try:
            for turn in range(5):
                ids += c.order(20, [partner], first=turn * 20)
                time.sleep(0.3)
        finally:
            stop.set()
            flapping.join()
        c.wait("answers", lambda: settled(c))
        c.check_effects(ids)
        unsure = c.metrics().get('sluice_gateway_messages_total{channel="bank",what="unknown"}', 0)
        again = c.metrics().get('sluice_gateway_messages_total{channel="bank",what="again"}', 0)
        print(f"      the network broke {unsure:.0f} requests under way and {again:.0f} before they left")
    finally:
        if c.banks:
            c.banks.kill()
            c.banks = None
        subprocess.run(["ip", "netns", "del", name], capture_output=True)


class NamespaceBanks(Banks):
    def __init__(self, city, name, banks, **script):
        self.name = name
        super().__init__(city, banks, **script)

    def words(self):
        return ["ip", "netns", "exec", self.name, sys.executable, PEER, self.path]


TESTS = [the_daemon_dies_at(step, number) for step in ("claimed", "submitted", "reported", "booked")
         for number in (1, 3)]
TESTS += [the_daemon_dies_at_random_times, the_banks_die_at_random_times, the_network_dies]

if __name__ == "__main__":
    in_own_network()
    run(TESTS, City, is_durable=True)
