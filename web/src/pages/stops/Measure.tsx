// What a stop and a freeze have in common on the screen: the course of a measure with its moments, what it holds, and the words
// that everybody it touches is owed: reason, remedy, appeal (反电信网络诈骗法第三十二条).

import type { Row } from "@/api/workflow";
import { Course, type Step } from "@/components/Course";
import { BankResult, Countdown, KeyText, Layer, Money, RecordLink, Standing } from "@/components/labels";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import "./stops.css";

const T = texts(
  {
    course: "办理进程",
    proposed: "提请",
    approved: "批准",
    executed: "银行执行",
    expires: "到期",
    ended: "结束",
    account: "账户",
    asked: "请求金额",
    held: "执行金额",
    balance: "账户余额",
    reachable: "可止付",
    turn: "第 {n} 次止付（同一账户最多两次）",
    prior: "在先冻结机关",
    result: "银行反馈",
    rights: "告知与救济",
    reason: "理由",
    remedy: "救济途径",
    appeal: "申诉",
    from: "来源",
    left: "距到期",
  },
  {
    course: "Course",
    proposed: "Proposed",
    approved: "Approved",
    executed: "At the bank",
    expires: "Expires",
    ended: "Ended",
    account: "Account",
    asked: "Asked for",
    held: "Held",
    balance: "Balance",
    reachable: "Reachable",
    turn: "Stop no. {n} of this account (two at most)",
    prior: "Frozen before by",
    result: "The bank's answer",
    rights: "Reason and remedy",
    reason: "Reason",
    remedy: "Remedy",
    appeal: "Appeal",
    from: "From",
    left: "Time left",
  },
);

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
const fen = (value: unknown) => (typeof value === "number" ? value : null);

export function Measure({ row, executedAt, soonMs }: { row: Row; executedAt: string; soonMs: number }) {
  const t = useTexts(T);
  const inForce =
    row.state === "stopped" || row.state === "frozen" || row.state === "releasing" || row.state === "renewing";
  const steps: Step[] = [
    { label: t("proposed"), at: row.created_at, by: row.proposed_by as number | null },
    { label: t("approved"), at: text(row.approved_at), by: row.approved_by as number | null },
    { label: t("executed"), at: text(row[executedAt]) },
    {
      label: row.ended_at ? t("ended") : t("expires"),
      at: text(row.ended_at) ?? text(row.expires_at),
      coming: !row.ended_at,
    },
  ];
  return (
    <section className="card measure" aria-label={t("course")}>
      <Course steps={steps} />
      <dl className="measure-figures">
        {inForce && (
          <Figure label={t("left")}>
            <Countdown until={text(row.expires_at)} soonMs={soonMs} />
          </Figure>
        )}
        <Figure label={t("account")}>
          <KeyText value={text(row.account)} />
        </Figure>
        <Figure label={t("asked")}>
          <Money fen={fen(row.amount_fen)} />
        </Figure>
        {fen(row.reachable_fen) !== null && (
          <Figure label={t("reachable")}>
            <Money fen={fen(row.reachable_fen)} />
          </Figure>
        )}
        {fen(row.executed_fen) !== null && (
          <Figure label={t("held")}>
            <Money fen={fen(row.executed_fen)} />
          </Figure>
        )}
        {fen(row.balance_fen) !== null && (
          <Figure label={t("balance")}>
            <Money fen={fen(row.balance_fen)} />
          </Figure>
        )}
        {Boolean(row.report || row.case || row.warning) && (
          <Figure label={t("from")}>
            {row.report ? <RecordLink kind="report" id={row.report as number} /> : null}{" "}
            {row.case ? <RecordLink kind="case" id={row.case as number} /> : null}{" "}
            {row.warning ? <RecordLink kind="warning" id={row.warning as number} /> : null}
          </Figure>
        )}
      </dl>
      <p className="measure-notes faint">
        {fen(row.layer) !== null && <Layer n={row.layer as number} />}
        {fen(row.turn) !== null && <span>{t("turn", { n: row.turn as number })}</span>}
        {text(row.prior_authority) && (
          <span>
            {t("prior")}：{text(row.prior_authority)}
          </span>
        )}
        {text(row.result_code) && (
          <span>
            {t("result")} <BankResult code={text(row.result_code)} /> {text(row.result)}
          </span>
        )}
      </p>
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

export function Rights({ row }: { row: Row }) {
  const t = useTexts(T);
  const lines = [
    [t("reason"), text(row.reason)],
    [t("remedy"), text(row.remedy)],
    [t("appeal"), text(row.appeal)],
  ] as const;
  return (
    <section className="card" aria-labelledby="rights">
      <h2 id="rights">{t("rights")}</h2>
      <dl className="rights">
        {lines.map(([label, value]) =>
          value ? (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="words">
                <Standing text={value} />
              </dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}
