"""Everything that leaves as a file: with a purpose where it names people, in the audit before it goes, nothing that a
spreadsheet would compute, no name that a client made up; and every look at the ledger in the audit as well."""

import base64
import csv
import hashlib
import io
import json
import re
import urllib.parse
import zipfile

from centre import expect, run
from imports import HEAD, job_of, start, upload

WHY = "核对涉案资金流向"
FORMULAS = ["=1+1", "=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", "＋1", "－1", "＠x", "\"=1+1"]
NDJSON = {"Content-Type": "application/x-ndjson"}


def audited(c, act, kind):
    """The rows of this act, newest first: (detail, purpose)."""
    rows = c.must("auditor", "GET", f"/v1/audit?act={act}&kind={kind}&limit=50").json["items"]
    return [(row["detail"], row["purpose"], row["login"]) for row in rows]


def transfers(c):
    lines = [{"id": f"X{n}", "time": f"2026-11-25T09:0{n}:00+08:00", "from": f"account:622200000000000{n}",
              "to": f"account:622200000000000{n + 1}", "amount_fen": 1000000 - n} for n in range(4)]
    lines += [{"id": text, "time": "2026-11-25T09:09:00+08:00", "from": "account:6222000000000004", "to": f"wechat:{text.strip()}",
               "amount_fen": 100 + n} for n, text in enumerate(FORMULAS) if "\t" not in text]
    answer = c.must("analyst", "POST", "/v1/signals", "\n".join(map(json.dumps, lines)).encode(), headers=NDJSON)
    expect(answer.json["rejected"] == 0, f"{answer}")


def no_cell_is_computed(text, where):
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        for cell in row:
            expect(not re.match(r"[=+@\t\r\n＝＋－＠]|-(?![0-9.]+$)", cell), f"{where}: a cell that is computed: {cell!r}")


def every_look_at_the_ledger_is_in_the_audit(c):
    transfers(c)
    account = "account:6222000000000001"
    for path, act, kind, detail in [
            (f"/v1/accounts/{account}", "view", "account", account), (f"/v1/accounts/{account}/transfers", "list", "account", account),
            ("/v1/transfers/X1", "view", "transfer", "X1"), ("/v1/traces?transfer=X0", "view", "trace", "X0")]:
        c.must("analyst", "GET", path, purpose=WHY)
        expect(audited(c, act, kind)[0] == (detail, WHY, "analyst"), f"{path}: {audited(c, act, kind)[:2]}")
        c.must("investigator", "GET", path)
        expect(audited(c, act, kind)[0] == (detail, None, "investigator"), f"{path}: {audited(c, act, kind)[:2]}")
    c.must("analyst", "POST", "/v1/traces", {"starts": [{"transfer": "X0"}, {"transfer": "X1"}]}, purpose=WHY)
    expect(audited(c, "view", "trace")[0] == ("X0 + 1", WHY, "analyst"), f"{audited(c, 'view', 'trace')[:2]}")
    # What is not there, or not allowed, is no look.
    before = len(audited(c, "view", "account"))
    c.refused(404, "analyst", "GET", "/v1/accounts/account:1")
    c.refused(403, "bank", "GET", f"/v1/accounts/{account}")
    expect(len(audited(c, "view", "account")) == before, "a look at nothing")


def traces_as_files(c):
    transfers(c)
    for media, word in [("text/csv", "csv"), ("image/svg+xml", "svg"), ("text/vnd.graphviz", "dot")]:
        answer = c.must("analyst", "GET", "/v1/traces?transfer=X0", headers={"Accept": media}, purpose=WHY)
        expect(answer.headers["content-type"].startswith(media), f"{answer.headers}")
        expect(audited(c, "export", "trace")[0] == (word + " X0", WHY, "analyst"), f"{audited(c, 'export', 'trace')[:2]}")
        if word == "csv":
            no_cell_is_computed(answer.raw.decode(), "a trace")
    c.refused(403, "analyst", "GET", "/v1/traces?transfer=X0", headers={"Accept": "application/zip"})
    package = c.must("analyst", "GET", "/v1/traces?transfer=X0", headers={"Accept": "application/zip"}, purpose=WHY)
    expect(re.fullmatch(r'attachment; filename="trace-[0-9a-f]{12}\.zip"', package.headers["content-disposition"]),
           f"{package.headers}")
    with zipfile.ZipFile(io.BytesIO(package.raw)) as files:
        expect(all(re.fullmatch(r"[a-z]+\.[a-z]+", name) for name in files.namelist()), f"{files.namelist()}")
        no_cell_is_computed(files.read("flows.csv").decode(), "a package")
    expect(audited(c, "export", "trace")[0][0].startswith("zip "), "the package")


def a_wide_fan(c):
    fan = [{"id": f"P{n}", "time": f"2026-11-25T09:{n // 1000:02d}:{n // 20 % 50:02d}+08:00", "amount_fen": 20_000_000 if n == 0 else 2500,
            "from": "account:621700000000000000" if n == 0 else "account:622848000000000000", "to": f"account:{622848000000000000 + n}"}
           for n in range(20_000)]
    expect(c.must("analyst", "POST", "/v1/signals", "\n".join(map(json.dumps, fan)).encode(), headers=NDJSON).json["rejected"] == 0, "fan")


def cancelled(c, path, body):
    """A job that was cancelled while it ran, and what the audit had of exports before it."""
    for _ in range(20):  # a quick machine has done it before it hears that nobody wants it
        before = audited(c, "export", "trace")
        made = c.must("analyst", "POST", path, body, purpose=WHY)
        while c.get("analyst", f"/v1/jobs/{made.json['id']}").json["state"] == "queued":
            pass
        c.must("analyst", "DELETE", f"/v1/jobs/{made.json['id']}")
        job = job_of(c, made)
        if job["state"] == "cancelled":
            break
    return job, before


def packages_as_jobs(c):
    """The same package as a job: no purpose, none; cancelled, no file and no export in the audit."""
    a_wide_fan(c)
    body = {"starts": [{"transfer": "P0"}], "method": "poison"}
    bare = job_of(c, c.must("analyst", "POST", "/v1/trace-packages", body))
    expect(bare["state"] == "failed" and "Sluice-Purpose" in bare["detail"] and "用途" in bare["detail_zh"], f"{bare}")
    for login in ("auditor", "outreach"):  # the one watches and has no use for it; the other has one
        job = job_of(c, c.must(login, "POST", "/v1/trace-packages", {"starts": [{"transfer": "P1"}]}, purpose=WHY), login)
        expect(job["state"] == ("failed" if login == "auditor" else "done"), f"{login}: {job}")
    c.refused(422, "analyst", "POST", "/v1/trace-packages", {"starts": []}, purpose=WHY)
    c.refused(403, "bank", "POST", "/v1/trace-packages", body, purpose=WHY)
    job, before = cancelled(c, "/v1/trace-packages", body)
    expect(job["state"] == "cancelled" and job["done"] < job["total"] and job["detail_zh"], f"{job}")
    c.refused(409, "analyst", "GET", f"/v1/jobs/{job['id']}/result")
    expect(audited(c, "export", "trace") == before, "an export of nothing is in the audit")
    job = job_of(c, c.must("analyst", "POST", "/v1/trace-packages", body, purpose=WHY))
    expect(job["state"] == "done" and job["done"] == job["total"], f"{job}")
    c.refused(404, "commander", "GET", job["result"])
    raw = c.must("analyst", "GET", job["result"]).raw
    expect(audited(c, "export", "trace")[0] == ("zip " + hashlib.sha256(raw).hexdigest(), WHY, "analyst"), "the package in the audit")
    with zipfile.ZipFile(io.BytesIO(raw)) as files:
        manifest = json.loads(files.read("manifest.json"))
        expect(manifest["purpose"] == WHY and manifest["operator"] == "analyst" and manifest["question"] == body, f"{manifest}")
        for one in manifest["files"]:
            expect(hashlib.sha256(files.read(one["name"])).hexdigest() == one["sha256"], f"{one}")


def traces_and_patterns_as_jobs(c):
    """A trace that is preferred as a job gives what it would have given at once; patterns tell how far they are, and stop."""
    a_wide_fan(c)
    at_once = c.must("analyst", "GET", "/v1/traces?transfer=P0", headers={"Accept": "text/csv"}, purpose=WHY)
    later = {"Accept": "text/csv", "Prefer": "wait=1, Respond-Async"}
    made = c.must("analyst", "GET", "/v1/traces?transfer=P0", headers=later, purpose=WHY)
    expect(made.status == 202 and made.headers["preference-applied"] == "respond-async", f"{made.status} {made.headers}")
    expect(made.headers["location"] == f"/v1/jobs/{made.json['id']}", f"{made.headers}")
    before = len(audited(c, "export", "trace"))
    job = job_of(c, made)
    expect(job["state"] == "done" and job["operation"] == "trace", f"{job}")
    result = c.must("analyst", "GET", job["result"])
    expect(result.raw == at_once.raw and result.headers["content-type"].startswith("text/csv"), f"{result.headers}")
    expect(len(audited(c, "export", "trace")) == before + 1, "the trace of a job is in the audit")
    made = c.must("analyst", "POST", "/v1/traces", {"starts": [{"transfer": "P1"}]}, headers={"Prefer": "respond-async"})
    expect(made.status == 202 and job_of(c, made)["state"] == "done", f"{made.json}")
    expect(c.must("analyst", "GET", "/v1/traces?transfer=P0", headers={"Prefer": "wait=5"}).status == 200, "no job was asked for")
    c.refused(403, "bank", "GET", "/v1/traces?transfer=P0", headers={"Prefer": "respond-async"})
    c.refused(422, "analyst", "POST", "/v1/traces", {"starts": []}, headers={"Prefer": "respond-async"})
    fans = {"patterns": "pattern fan { kind fan-out window 6h min 2 limit 0 }"}
    job, _ = cancelled(c, "/v1/patterns", fans)
    expect(job["state"] == "cancelled" and 0 < job["done"] < job["total"] and job["detail_zh"], f"{job}")
    job = job_of(c, c.must("analyst", "POST", "/v1/patterns", fans))
    count = c.must("analyst", "GET", job["result"]).json["patterns"][0]
    expect(job["state"] == "done" and job["done"] == job["total"] >= 20_000 and count["transfers"] > 19_000, f"{job} {count}")


def layers_count_from_where_the_money_starts(c):
    """By transfer the payer is the victim, layer 0; what a victim tells of is an account that he paid, layer 1."""
    transfers(c)
    ask = "/v1/traces?account=account:6222000000000001&at=2026-11-25T09:00:00%2B08:00&amount_fen=1000000"
    for path, first in [("/v1/traces?transfer=X0", 0), (ask, 0), (ask + "&told=true", 1)]:
        answer = c.must("analyst", "GET", path, purpose=WHY).json
        start = next(row for row in answer["accounts"] if row["is_start"])
        expect(answer["start"]["layer"] == start["layer"] == first and answer["start"]["account"] == start["key"], f"{path}: {answer['start']}")
        expect(min(row["column"] for row in answer["layout"]) == 0, f"{path}: an empty column")


def rejected_lines(c):
    cells = ["\"" + cell.replace('"', '""') + "\"" for cell in FORMULAS]
    text = HEAD + "".join(f"{cell},yesterday,{cell},account:2,{cell}\n" for cell in cells)
    evil = "/v1/imports?name=" + urllib.parse.quote("a\r\nX: 1.csv")
    c.refused(400, "analyst", "POST", evil, text.encode(), headers={"Content-Type": "text/csv"}, purpose=WHY)
    made = upload(c, text, name="a\"; filename=\"evil.html")
    start(c, made["id"])
    path = f"/v1/imports/{made['id']}/rejects"
    c.refused(403, "analyst", "GET", path)
    answer = c.must("analyst", "GET", path, purpose=WHY)
    expect(answer.headers["content-disposition"] == f'attachment; filename="DR-{made["id"]:08d}-rejects.csv"' and
           "x" not in answer.headers, f"{answer.headers}")
    no_cell_is_computed(answer.raw.decode(), "rejected lines")
    expect(audited(c, "export", "import")[0][1:] == (WHY, "analyst"), f"{audited(c, 'export', 'import')[:2]}")


def bulletins_as_workbooks(c):
    for title in FORMULAS:
        number = c.make("analyst", "bulletins", {"title": title, "from": "2026-11-25T00:00:00+08:00",
                                                 "to": "2026-11-25T10:00:00+08:00"})
        c.act("analyst", "bulletins", number, "compute")
        answer = c.must("analyst", "GET", f"/v1/bulletins/{number}/document?format=xlsx")
        expect(re.fullmatch(r'attachment; filename="TB-[0-9]{8}-zh\.xlsx"', answer.headers["content-disposition"]), f"{answer.headers}")
        with zipfile.ZipFile(io.BytesIO(answer.raw)) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
            expect(not any("<f>" in sheet or "<f " in sheet or "hyperlink" in sheet for sheet in sheets), f"{title!r} is computed")
            cells = re.findall(r'<c r="[A-Z]+[0-9]+"[^>]*?(?: t="(\w+)")?[^>]*?>', "".join(sheets))
            expect(set(cells) <= {"s", "", "n", "str"}, f"types of cells: {set(cells)}")
        rows = audited(c, "export", "bulletin")
        expect(rows[0][0] == "xlsx" and rows[0][2] == "analyst", f"{rows[:2]}")
    for language in ["zh\r\nX: 1", "../../etc", "zh\"; filename=\"x", "en;x"]:
        c.refused(400, "analyst", "GET", f"/v1/bulletins/1/document?language={urllib.parse.quote(language)}")
    c.refused(400, "analyst", "GET", "/v1/bulletins/1/document?format=html")


def pieces_of_evidence(c):
    case = c.make("investigator", "cases", {"title": "t", "fraud_type": "other"})
    page = b"<script>alert(1)</script>"
    body = {"name": "x\"; filename=\"evil.html", "media": "text/html", "bytes": base64.b64encode(page).decode(),
            "sha256": hashlib.sha256(page).hexdigest(), "from": "李四"}
    answer = c.must("investigator", "POST", f"/v1/cases/{case}/evidence", body)
    path = f"/v1/evidence/{answer.json['id']}/content"
    c.refused(403, "investigator", "GET", path)
    file = c.must("investigator", "GET", path, purpose=WHY)
    expect(file.raw == page and "html" not in file.headers["content-type"], f"{file.headers}")
    expect(re.fullmatch(r'attachment; filename="E-[0-9]{8}"', file.headers["content-disposition"]), f"{file.headers}")
    expect(file.headers["x-content-type-options"] == "nosniff" and "default-src 'none'" in file.headers["content-security-policy"],
           f"{file.headers}")


def figures_of_the_audit(c):
    """Who did what how often, for what: the sums of the rows, of the time that is asked for and of no other."""
    c.make("investigator", "cases", {"title": "t", "fraud_type": "other"})
    for _ in range(3):
        c.must("investigator", "GET", "/v1/cases", purpose=WHY)
    c.refused(403, "investigator", "GET", "/v1/audit/figures")
    c.refused(400, "auditor", "GET", "/v1/audit/figures?from=2026-11-26T00:00:00%2B08:00&to=2026-11-25T00:00:00%2B08:00")
    rows = c.must("auditor", "GET", "/v1/audit?limit=1000").json["items"]
    found = c.must("auditor", "GET", "/v1/audit/figures").json
    for one in found["acts"]:
        rows_of = [row for row in rows if (row["act"], row["user"]) == (one["act"], one["user"])]
        # reading the rows is an act as well
        expect(one["count"] - len(rows_of) in ((0, 1) if one["act"] == "list" else (0,)), f"{one}: {len(rows_of)}")
    expect(sum(one["count"] for one in found["acts"]) - len(rows) in (0, 1, 2), f"{len(rows)} rows: {found}")
    purposes = {(one["purpose"], one["user"]): one["count"] for one in found["purposes"]}
    for (purpose, user), count in purposes.items():
        expect(count == len([row for row in rows if (row["purpose"], row["user"]) == (purpose, user)]), f"{purpose}: {count}")
    expect(len(purposes) == found["purposes_in_all"] > 0 and any(purpose == WHY for purpose, _ in purposes), f"{purposes}")
    none = c.must("auditor", "GET", "/v1/audit/figures?to=2026-11-20T00:00:00%2B08:00").json
    expect(none["acts"] == none["purposes"] == [] and none["purposes_in_all"] == 0, f"{none}")


if __name__ == "__main__":
    run([every_look_at_the_ledger_is_in_the_audit, traces_as_files, packages_as_jobs, traces_and_patterns_as_jobs, layers_count_from_where_the_money_starts, rejected_lines, bulletins_as_workbooks, pieces_of_evidence, figures_of_the_audit])
