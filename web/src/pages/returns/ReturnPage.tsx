// One return: where it stands in the procedure, what each victim gets and why, objections, the five documents.
import { Steps } from "antd";
import { useParams } from "react-router";
import type { Row } from "@/api/workflow";
import { money } from "@/app/format";
import { ChildList } from "@/components/children";
import { PurposeDownload } from "@/components/download";
import { useCodeLabel } from "@/components/labels";
import { RecordFrame } from "@/components/RecordFrame";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    shares: "返还明细",
    objections: "异议",
    papers: "法律文书",
    sum: "冻结 {frozen} = 返还 {returned} + 继续冻结 {held}",
    hash: "所用流水 SHA-256",
    application: "返还申请表",
    flow: "资金流向表",
    report: "呈请返还资金报告书",
    decision: "返还决定书",
    notice: "协助返还通知书",
    procedure: "办理进度",
  },
  {
    shares: "Shares",
    objections: "Objections",
    papers: "Documents",
    sum: "Frozen {frozen} = returned {returned} + still held {held}",
    hash: "SHA-256 of the ledger",
    application: "Application",
    flow: "Flow of funds",
    report: "Report",
    decision: "Decision",
    notice: "Notice to the bank",
    procedure: "Procedure",
  },
);

const PAPERS = ["application", "flow", "report", "decision", "notice"] as const;
/** Whose money, and how much of it comes back; how it was computed is on the share's own page. */
const SHARES = ["party", "to_account", "loss_fen", "refunded_fen", "amount_fen", "article_case", "paid_at"];
const PATH = ["drafted", "noticed", "reviewing", "ready", "submitted", "approved", "notified", "executed"];

export default function ReturnPage() {
  const t = useTexts(T);
  const id = Number(useParams().id);
  return (
    <RecordFrame
      kind="return"
      id={id}
      lead={(row) => <Standing row={row} />}
      tabs={() => [
        {
          key: "shares",
          label: t("shares"),
          children: (
            <ChildList kind="return" id={id} name="shares" childKind="return_share" fields={SHARES} adds={false} />
          ),
        },
        {
          key: "objections",
          label: t("objections"),
          children: <ChildList kind="return" id={id} name="objections" childKind="objection" />,
        },
        {
          key: "papers",
          label: t("papers"),
          children: (
            <ul className="papers">
              {PAPERS.map((paper) => (
                <li key={paper}>
                  <PurposeDownload
                    path={`/v1/returns/${id}/documents/${paper}`}
                    name={`${t(paper)}-${id}.pdf`}
                    label={t(paper)}
                  />
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}

function Standing({ row }: { row: Row }) {
  const t = useTexts(T);
  const label = useCodeLabel();
  const at = PATH.indexOf(String(row.state));
  return (
    <section className="card" aria-label={t("procedure")}>
      {at >= 0 && (
        <Steps
          size="small"
          current={at}
          status={row.state === "executed" ? "finish" : "process"}
          items={PATH.map((state) => ({ title: label("return", "state", state) }))}
        />
      )}
      <p className="strong num">
        {t("sum", {
          frozen: money(row.frozen_fen as number | null),
          returned: money(row.returned_fen as number | null),
          held: money(row.held_fen as number | null),
        })}
      </p>
      {typeof row.ledger_sha256 === "string" && (
        <p className="faint">
          {t("hash")} <code>{row.ledger_sha256}</code>
        </p>
      )}
    </section>
  );
}
