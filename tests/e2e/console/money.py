"""The scene of the money pages' tests, on the real daemon: a victim's money through four layers with a skip, a return, cash and
hundreds of small accounts; a second victim whose money mixes with it. As scene.py: `python3 money.py COMMAND…`, or `--keep`."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "desk")]

import stage  # noqa: E402
from centre import Centre  # noqa: E402

BANK = "102100000011"
VICTIM, SECOND = "account:6217001830001234567", "account:6217001830007654321"


def account(number):
    return f"account:62284804025648{number:05d}"


def when(second):
    return f"2026-11-25T09:{20 + second // 60:02d}:{second % 60:02d}+08:00"


def signals():
    """Two victims; the first one's money spreads over 400 accounts in the third layer."""
    rows = [("M1", VICTIM, account(1), 500000, 0), ("M2", SECOND, account(2), 88000, 20),
            ("M3", account(1), account(2), 120000, 40), ("M4", account(1), account(3), 200000, 45),
            ("M5", account(1), account(4), 160000, 50), ("M6", account(2), account(5), 150000, 80),
            ("M7", account(3), account(5), 60000, 90), ("M8", account(5), account(1), 9000, 130),
            ("M9", account(2), account(6), 30000, 150), ("M10", account(1), account(6), 15000, 160),
            ("M11", account(6), account(7), 42000, 200)]
    rows += [(f"S{i}", account(3 if i % 2 else 4), account(1000 + i), 300 + (i * 37) % 500, 210 + i) for i in range(400)]
    lines = [{"kind": "transfer", "id": i, "time": when(at), "from": a, "to": b, "amount_fen": yuan * 100}
             for i, a, b, yuan, at in rows]
    for line in lines:
        if line["from"] in (VICTIM, SECOND):  # back-tests need something that is known
            line["label"] = "customer_service"
    lines += [{"kind": "withdrawal", "id": "C1", "time": when(300), "from": account(5), "to": "atm:450103001", "amount_fen": 5000000},
              {"kind": "withdrawal", "id": "C2", "time": when(330), "from": account(7), "amount_fen": 2000000},
              {"kind": "login", "time": when(30), "account": account(1), "device": "device:A1B2C3D4"},
              {"kind": "login", "time": when(31), "account": account(2), "device": "device:A1B2C3D4"}]
    return "\n".join(json.dumps(line) for line in lines).encode()


def make(rules=None):
    c = Centre(rules=rules)
    c.must("analyst", "POST", "/v1/signals", signals(), headers={"Content-Type": "application/x-ndjson"})
    ids = {"transfer": "M1", "victim": VICTIM, "mule": account(1), "hub": account(3)}
    ids["report"] = c.make("duty", "reports", {
        "channel": "phone", "victim_name": "王小明", "victim_phone": "13977110040", "victim_address": "青秀区民族大道",
        "victim_division": "450103", "victim_account": VICTIM, "fraud_type": "customer_service",
        "words": "自称客服，要求转账到安全账户。", "called_at": c.text(c.now_ms - 9 * 60000),
        "transfers": [{"to": account(1), "bank": BANK, "name": "李四", "amount_fen": 50000000, "time": when(0), "id": "M1"}]})
    for login in ("duty", "analyst", "commander", "auditor", "outreach"):
        c.users[login]
    return c, ids


if __name__ == "__main__":
    sys.exit(stage.run(lambda: make(os.path.realpath(os.path.join(HERE, "..", "..", "..", "rules")))))
