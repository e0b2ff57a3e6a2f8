"""ISO 20022 against the official schemas: camt.056 as it leaves, camt.029 and pacs.008 as they come."""

import os
import shutil
import subprocess
import sys

import schemas
from city import City, expect
from centre import run  # city.py knows where
from portal import BANK, signed

TRANSFER = """<CdtTrfTxInf><PmtId><EndToEndId>{id}</EndToEndId><TxId>{id}</TxId></PmtId>
<IntrBkSttlmAmt Ccy="{currency}">{amount}</IntrBkSttlmAmt><ChrgBr>SLEV</ChrgBr><Dbtr><Nm>张三</Nm></Dbtr>
<DbtrAcct><Id><Othr><Id>{payer}</Id></Othr></Id></DbtrAcct>
<DbtrAgt><FinInstnId><Othr><Id>102100000011</Id></Othr></FinInstnId></DbtrAgt>
<CdtrAgt><FinInstnId><Othr><Id>103100000012</Id></Othr></FinInstnId></CdtrAgt><Cdtr><Nm>李四</Nm></Cdtr>
<CdtrAcct><Id><Othr><Id>{payee}</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"""


def pacs008(transfers, version="10"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.{version}"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>2026-11-25T09:30:00+08:00</CreDtTm><NbOfTxs>{len(transfers)}</NbOfTxs>
<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>{"".join(transfers)}</FIToFICstmrCdtTrf></Document>""".encode()


def transfer(number, amount="1234.56", currency="CNY"):
    return TRANSFER.format(id=f"P{number}", amount=amount, currency=currency, payer=f"62284804000000{number:05d}",
                           payee="6228480499999999999")


def post(c, body, **more):
    headers = {"Authorization": "ApiKey " + c.tokens["bank"], "Content-Type": "application/xml", **more}
    return c.send("POST", "/v1/partner/messages", body, headers)


def payments_become_signals(c):
    answer = post(c, pacs008([transfer(i) for i in range(3)]))
    expect(answer.status == 200 and answer.json["accepted"] == 3, f"taken: {answer}")
    expect(post(c, pacs008([transfer(i) for i in range(4)], "08")).json | {"booked": 0} == {
        "booked": 0, "accepted": 1, "duplicates": 3, "refused": 0}, "the same ids are duplicates")
    ledger = c.get("analyst", "/v1/accounts/account:6228480499999999999/ledger", purpose="核查资金流向")
    expect(ledger.status in (200, 404), f"ledger: {ledger}")


def what_is_not_valid_is_refused(c):
    good = pacs008([transfer(1)])
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]>' + good[38:]
    outside = (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' +
               good[38:].replace("张三".encode(), b"&x;"))
    for body, words in ((b"", ""), (b"<a", "well-formed"), (bomb, "DTD"), (outside, "DTD"),
                        (b"<a/>", "namespace"), (good.replace(b"<ChrgBr>SLEV</ChrgBr>", b""), "Dbtr"),
                        (good.replace(b"SLEV", b"XXXX"), "ChrgBr"), (good.replace(b"CLRG", b"&amp;"), "SttlmMtd"),
                        (pacs008([transfer(1, amount="1.234")]), "two decimals"),
                        (good.replace(b"pacs.008.001.10", b"pacs.008.001.99"), ""),
                        (good.replace(b"pacs.008.001.10", b"../../../etc/passwd"), "namespace")):
        answer = post(c, body)
        expect(400 <= answer.status < 500 and words in answer.json["detail"], f"{words}: {body[:80]} {answer}")
        expect("root:" not in str(answer), "a file of ours was read")


def a_recall_and_its_resolution(c):
    partners = c.open_banks(1)
    stop = c.make("duty", "stops", {
        "account": "account:6228480400000000001", "institution": partners[0], "holder": "李四", "amount_fen": 1234567,
        "from": "account:6228480400000000002", "transfer": "T20261125-0001", "transfer_at": c.text(),
        "reason": "受害人报警称被骗 <&\"'> " + "长" * 200})
    c.act("approver", "stops", stop, "approve")
    c.wait_state("stops", stop, "stopped")
    c.act_refused(403, "duty", "stops", stop, "recall", {"note": "欺诈"})
    c.act("approver", "stops", stop, "recall", {"note": "欺诈交易"})
    c.wait("the recall", lambda: [r["tx"] for r in c.banks.ledger()] == ["100101", "camt.056"])
    row = c.banks.ledger()[1]
    path = os.path.join(c.folder, "recall.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(row["xml"])
    if shutil.which("xmllint"):
        check = subprocess.run(["xmllint", "--noout", "--nonet", "--schema",
                                os.path.join(schemas.folder(), "camt.056.001.12.xsd"), path], capture_output=True,
                               text=True)
        expect(check.returncode == 0, f"against the official schema: {check.stderr}")
    else:
        print("      xmllint is not installed: camt.056 was not validated by a program of others")
    expect("<Cd>FRAD</Cd>" in row["xml"] and 'Ccy="CNY">12345.67<' in row["xml"], f"content: {row['xml']}")
    c.wait("its answer", lambda: all(d["state"] == "done" for d in c.deliveries()))
    recall = c.deliveries(purpose="recall")[0]
    expect(recall["result_code"] == "CNCL", f"booked: {recall}")
    expect(c.state("stops", stop) == "stopped", "a recall stops nothing and ends nothing")
    again = c.call("approver", "POST", f"/v1/stops/{stop}/recall", {"note": "再次"}, version=c.version("stops", stop))
    expect(again.status == 200 and len(c.deliveries(purpose="recall")) == 1, f"once: {again}")


TESTS = [payments_become_signals, what_is_not_valid_is_refused, a_recall_and_its_resolution]

if __name__ == "__main__":
    if schemas.folder() is None:
        print("skip  iso: the official schemas cannot be had (no network?)")
        sys.exit(77)
    run(TESTS, City, extra=["--gateway-schemas", schemas.folder()])
