"""The scene of governance and outreach: outlets of all sizes with openings and problem cards, a notice; an audience, a campaign
that ran, an event."""

from outreach import audience, campaign, link

BANKS = {"bank": "102100000011", "other_bank": "103100000012"}


def outlets(c, ids):
    made, rows = {}, []
    sizes = [(12, 2), (18, 0), (25, 1), (30, 6), (44, 0), (60, 2), (75, 1), (90, 11), (110, 2), (130, 1), (160, 4), (200, 3),
             (240, 14), (300, 5), (380, 6), (450, 4), (520, 9), (640, 31)]
    for i, (opened, problem) in enumerate(sizes):
        bank = BANKS["bank" if i % 2 else "other_bank"]
        key = f"outlet:4501{i:03d}"
        made[key] = c.make("analyst", "outlets", {"key": key, "name": f"{'工行' if i % 2 else '农行'}第{i + 1}支行", "category": "bank",
                                                  "institution": bank, "division": "450103" if i % 3 else "450105"})
        rows += [{"key": f"card:62{i:03d}{k:05d}", "category": "debit", "opened_at": "2026-10-15T10:00:00+08:00",
                  "outlet_key": key, "staff": f"S{k % 3}"} for k in range(problem)]
    months = [{"outlet": number, "month": "2026-10", "opened": opened}
              for number, (opened, _) in zip(made.values(), sizes)]
    done = c.must("analyst", "POST", "/v1/outlets/import", {"months": months, "cards": rows}).json
    assert done["refused"] == 0, done
    for bank, institution in BANKS.items():
        for card in c.must(bank, "GET", f"/v1/cards?limit=500&institution={institution}").json["items"]:
            c.act(bank, "cards", card["id"], "mark", {"problem_reference": "100404/演示"})
    ids["outlet"] = list(made.values())[-1]


def add(c, ids):
    outlets(c, ids)
    link(c, "bot", "group_bot")
    ids["audience"] = audience(c)
    ids["campaign"] = campaign(c, ids["audience"], "event", c.now_ms + 60000)
