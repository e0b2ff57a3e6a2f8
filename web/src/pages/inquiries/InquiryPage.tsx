// A bank is asked for an account's transactions: for which case, what for and by which law; who decided; what came back, as
// evidence under its hash; and what of it is in the log.

import { useParams } from "react-router";
import type { Row } from "@/api/workflow";
import { count } from "@/app/format";
import { Course } from "@/components/Course";
import { BankResult, Institution, KeyText, RecordLink, Time } from "@/components/labels";
import { PlainTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { NoPage } from "@/components/states";
import { inLanguage } from "@/i18n/bilingual";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { rejectedRows } from "./rejects";
import "./inquiries.css";

const T = texts(
  {
    course: "办理进程",
    proposed: "呈请",
    approved: "审批",
    answered: "银行反馈",
    imported: "明细入库",
    account: "账户",
    bank: "开户机构",
    period: "查询期间",
    case: "案件",
    why: "目的与依据",
    purpose: "查询目的",
    basis: "法律依据",
    answer: "银行反馈",
    waiting: "尚未批准，银行未收到查询。",
    asked: "已发往银行，等待反馈；反馈原件会自动存为案件证据，明细自动入库。",
    refused: "未批准，未发往银行。",
    code: "反馈代码",
    words: "反馈说明",
    evidence: "反馈原件（证据）",
    sha256: "SHA-256",
    hashHint: "原件逐字节保存在案件证据中；下载后计算 SHA-256，应与此一致。",
    accepted: "新增",
    duplicates: "重复",
    rejected: "拒收",
    sequence: "日志序号",
    rejects: "拒收明细",
    row: "第几笔",
    reason: "原因",
  },
  {
    course: "Course",
    proposed: "Proposed",
    approved: "Decided",
    answered: "The bank answered",
    imported: "In the log",
    account: "Account",
    bank: "Bank",
    period: "Period",
    case: "Case",
    why: "What for, and by which law",
    purpose: "Purpose",
    basis: "Legal basis",
    answer: "The bank's answer",
    waiting: "Nobody has approved it yet: the bank was not asked.",
    asked: "The bank was asked. What it sends is kept as evidence of the case, and its rows go into the log.",
    refused: "It was not approved, and the bank was not asked.",
    code: "Code",
    words: "Words",
    evidence: "As it came (evidence)",
    sha256: "SHA-256",
    hashHint: "The bytes are kept as the bank sent them; a download has this SHA-256.",
    accepted: "New",
    duplicates: "There already",
    rejected: "Not taken",
    sequence: "Sequence of the log",
    rejects: "Rows that were not taken",
    row: "Row",
    reason: "Why",
  },
);

interface Inquiry extends Row {
  account: string;
  institution: string;
  holder: string | null;
  from_at: string;
  to_at: string;
  case: number;
  purpose: string;
  basis: string;
  proposed_by: number | null;
  approved_by: number | null;
  approved_at: string | null;
  answered_at: string | null;
  imported_at: string | null;
  result_code: string | null;
  result: string | null;
  evidence: number | null;
  sha256: string | null;
  accepted: number | null;
  duplicates: number | null;
  rejected: number | null;
  rejects: string | null;
  sequence: number | null;
}

const PRIMARY: readonly string[] = ["approve"];

export default function InquiryPage() {
  const { id = "" } = useParams();
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame<Inquiry>
      kind="inquiry"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.holder}
      lead={(row) => (
        <>
          <Asked row={row} />
          <Answer row={row} />
        </>
      )}
      side={(row) => <Why row={row} />}
    />
  );
}

function Asked({ row }: { row: Inquiry }) {
  const t = useTexts(T);
  return (
    <section className="card" aria-label={t("course")}>
      <Course
        steps={[
          { label: t("proposed"), at: row.created_at, by: row.proposed_by },
          { label: t("approved"), at: row.approved_at, by: row.approved_by },
          { label: t("answered"), at: row.answered_at },
          { label: t("imported"), at: row.imported_at },
        ]}
      />
      <dl className="inquiry-figures">
        <Figure label={t("account")}>
          <KeyText value={row.account} />
        </Figure>
        <Figure label={t("bank")}>
          <Institution code={row.institution} />
        </Figure>
        <Figure label={t("period")}>
          <Time value={row.from_at} /> – <Time value={row.to_at} />
        </Figure>
        <Figure label={t("case")}>
          <RecordLink kind="case" id={row.case} />
        </Figure>
      </dl>
    </section>
  );
}

const NOT_ANSWERED = { proposed: "waiting", approved: "asked", refused: "refused" } as const;

function Answer({ row }: { row: Inquiry }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const waits = NOT_ANSWERED[row.state as keyof typeof NOT_ANSWERED];
  const rejects = rejectedRows(row.rejects);
  return (
    <section className="card" aria-label={t("answer")} data-answer={row.state}>
      <h2>{t("answer")}</h2>
      {waits && <p className="faint">{t(waits)}</p>}
      {!waits && (
        <dl className="inquiry-figures">
          {row.result_code && (
            <Figure label={t("code")}>
              <BankResult code={row.result_code} />
            </Figure>
          )}
          {row.result && <Figure label={t("words")}>{row.result}</Figure>}
          {row.evidence && (
            <Figure label={t("evidence")}>
              <RecordLink kind="evidence" id={row.evidence} />
            </Figure>
          )}
          {row.imported_at &&
            (["accepted", "duplicates", "rejected", "sequence"] as const).map((name) => (
              <Figure key={name} label={t(name)}>
                <span className="num">{count(row[name] ?? 0)}</span>
              </Figure>
            ))}
        </dl>
      )}
      {row.sha256 && (
        <div className="inquiry-hash">
          <span className="faint">{t("sha256")}</span>
          <code data-sha256={row.sha256}>{row.sha256}</code>
          <span className="faint">{t("hashHint")}</span>
        </div>
      )}
      {rejects.length > 0 && (
        <>
          <h3>{t("rejects")}</h3>
          <PlainTable
            label={t("rejects")}
            rows={rejects}
            id={(one) => `${one.row}-${one.why}`}
            columns={[
              { key: "row", title: t("row"), cell: (one) => <span className="num">{one.row}</span> },
              {
                key: "reason",
                title: t("reason"),
                words: true,
                cell: (one) => <span title={one.why}>{inLanguage(one.why, language)}</span>,
              },
            ]}
          />
        </>
      )}
    </section>
  );
}

function Why({ row }: { row: Inquiry }) {
  const t = useTexts(T);
  return (
    <section className="card" aria-labelledby="inquiry-why">
      <h2 id="inquiry-why">{t("why")}</h2>
      <dl className="inquiry-why">
        <dt>{t("purpose")}</dt>
        <dd className="words">{row.purpose}</dd>
        <dt>{t("basis")}</dt>
        <dd className="words">{row.basis}</dd>
      </dl>
    </section>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
