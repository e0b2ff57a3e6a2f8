// A case: what was lost and what is held of it, tasks, entities, evidence, reports, measures; and the thresholds of criminal law
// beside what was counted, which are shown and never decide.
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { request, send } from "@/api/client";
import { useChildren, useFirst } from "@/api/queries";
import type { Row } from "@/api/workflow";
import { count, money } from "@/app/format";
import { save } from "@/app/save";
import { ChildList } from "@/components/children";
import { Countdown, Money, RecordLink, Time, UserName, useLaw } from "@/components/labels";
import { OrderTable, PlainTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { useReveal } from "@/components/reveal";
import { Empty, Loading, NoPage, ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AddEvidence } from "./AddEvidence";
import { Inquiries } from "./Inquiries";
import "./cases.css";

const T = texts(
  {
    loss: "被骗金额",
    stopped: "止付",
    frozen: "冻结",
    reports: "警情",
    tasks: "任务",
    entities: "涉案对象",
    evidence: "证据",
    measures: "止付冻结",
    inquiries: "交易明细查询",
    thresholds: "定罪量刑标准对照",
    shown: "仅供对照，不作认定。",
    reached: "已达到",
    none: "没有证据",
    noneHint: "上传截图、录音、银行回函；每份按 SHA-256 固定，查看需写明用途。",
    name: "名称",
    size: "大小",
    hash: "SHA-256",
    by: "提交人",
    at: "时间",
    open: "下载",
    noMeasures: "还没有止付或冻结",
    noMeasuresHint: "止付来自警情；立案后可提请冻结。",
    number: "编号",
    amount: "金额",
    expires: "到期",
    purpose: "下载证据前，请点“显示完整信息”写明用途。",
  },
  {
    loss: "Lost",
    stopped: "Stopped",
    frozen: "Frozen",
    reports: "Reports",
    tasks: "Tasks",
    entities: "Entities",
    evidence: "Evidence",
    measures: "Measures",
    inquiries: "Bank inquiries",
    thresholds: "Thresholds of criminal law",
    shown: "To compare with; nothing is decided by them.",
    reached: "reached",
    none: "No evidence",
    noneHint: "Screenshots, recordings, letters of banks. Each is fixed by its SHA-256; a look needs a purpose.",
    name: "Name",
    size: "Size",
    hash: "SHA-256",
    by: "By",
    at: "When",
    open: "Download",
    noMeasures: "No stops or freezes yet",
    noMeasuresHint: "Stops come from reports; a freeze can be proposed once the case is filed.",
    number: "No.",
    amount: "Amount",
    expires: "Expires",
    purpose: "Before evidence is downloaded, choose “Show in full” and say what for.",
  },
);

interface Case extends Row {
  title: string;
  loss_fen: number | null;
  report_count: number | null;
}

const PRIMARY: readonly string[] = ["approve_filing", "request_filing", "approve_closing", "request_closing"];

export default function CasePage() {
  const { id = "" } = useParams();
  const t = useTexts(T);
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame<Case>
      kind="case"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.title}
      lead={(row) => <Sums row={row} />}
      tabs={(row) => [
        {
          key: "tasks",
          label: t("tasks"),
          children: <ChildList kind="case" id={row.id} name="tasks" childKind="task" fields={TASK_FIELDS} />,
        },
        { key: "measures", label: t("measures"), children: <Measures id={row.id} /> },
        {
          key: "entities",
          label: t("entities"),
          children: <ChildList kind="case" id={row.id} name="entities" childKind="entity" />,
        },
        { key: "inquiries", label: t("inquiries"), children: <Inquiries id={row.id} /> },
        { key: "evidence", label: t("evidence"), children: <Evidence row={row} /> },
        {
          key: "reports",
          label: t("reports"),
          children: (
            <ChildList kind="case" id={row.id} name="reports" childKind="report" fields={REPORT_FIELDS} adds={false} />
          ),
        },
      ]}
      side={(row) => <Thresholds id={row.id} />}
    />
  );
}

const TASK_FIELDS = ["title", "assignee", "due", "words", "result"];
const REPORT_FIELDS = ["victim_name", "fraud_type", "loss_fen", "called_at"];

function useMeasures(id: number) {
  // A stop comes from a report, before there is a case: those of the case's reports are its own.
  const reports = useChildren("case", id, "reports").data?.items.map((row) => row.id) ?? [];
  const stops = useFirst("stop", { report: reports.slice(0, 40).join("|"), order: "-id" }, 200, reports.length > 0);
  const freezes = useFirst("freeze", { case: id, order: "-id" }, 200);
  return { stops: stops.data?.items ?? (reports.length === 0 ? [] : undefined), freezes: freezes.data?.items };
}

const sumOf = (rows: Row[] | undefined, states: readonly string[], field: string) =>
  (rows ?? [])
    .filter((row) => states.includes(row.state ?? ""))
    .reduce((sum, row) => sum + ((row[field] as number | null) ?? 0), 0);

/** Stopped, frozen and lost are different measures, shown side by side and never added up. */
function Sums({ row }: { row: Case }) {
  const t = useTexts(T);
  const { stops, freezes } = useMeasures(row.id);
  const sums = [
    { label: t("loss"), fen: row.loss_fen ?? 0 },
    { label: t("stopped"), fen: sumOf(stops, ["stopped", "releasing"], "reachable_fen") },
    { label: t("frozen"), fen: sumOf(freezes, ["frozen", "renewing", "releasing", "unrelated"], "executed_fen") },
  ];
  return (
    <dl className="sums">
      {sums.map((sum) => (
        <div key={sum.label}>
          <dt>{sum.label}</dt>
          <dd>
            <Money fen={sum.fen} />
          </dd>
        </div>
      ))}
      <div>
        <dt>{t("reports")}</dt>
        <dd className="num">{row.report_count ?? 0}</dd>
      </div>
    </dl>
  );
}

/** What a measure holds; before it takes hold, what it is for. */
const heldOf = (kind: string, row: Row) =>
  (row[kind === "freeze" ? "executed_fen" : "reachable_fen"] ?? row.amount_fen) as number | null;

function Measures({ id }: { id: number }) {
  const t = useTexts(T);
  const { stops, freezes } = useMeasures(id);
  if (!stops || !freezes) return <Loading lines={4} />;
  const rows = [...freezes.map((row) => ({ kind: "freeze", row })), ...stops.map((row) => ({ kind: "stop", row }))];
  if (rows.length === 0) return <Empty title={t("noMeasures")} hint={t("noMeasuresHint")} />;
  return (
    <OrderTable
      label={t("measures")}
      orders={rows}
      columns={[
        {
          key: "amount",
          title: t("amount"),
          right: true,
          cell: ({ kind, row }) => <Money fen={heldOf(kind, row)} />,
        },
        {
          key: "expires",
          title: t("expires"),
          right: true,
          cell: ({ row }) => <Countdown until={row.expires_at as string | null} />,
        },
      ]}
    />
  );
}

interface EvidenceRow extends Row {
  name: string;
  size: number;
  sha256: string;
  by: number | null;
  at: string;
}

function Evidence({ row }: { row: Case }) {
  const t = useTexts(T);
  const { purpose, ask } = useReveal();
  const [error, setError] = useState<unknown>(null);
  const { data } = useChildren<EvidenceRow>("case", row.id, "evidence");
  if (!data) return <Loading lines={4} />;
  const download = async (one: EvidenceRow) => {
    if (!purpose) return ask();
    try {
      const response = await send("GET", `/v1/evidence/${one.id}/content`, { purpose, accept: "*/*" });
      save(await response.blob(), one.name);
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <>
      <AddEvidence caseId={row.id} />
      {data.items.length > 0 && !purpose && <p className="faint">{t("purpose")}</p>}
      <ProblemNote error={error} />
      {data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <PlainTable
          label={t("evidence")}
          rows={data.items}
          id={(one) => one.id}
          columns={[
            { key: "number", title: t("number"), cell: (one) => <RecordLink kind="evidence" id={one.id} /> },
            { key: "name", title: t("name"), cell: (one) => one.name },
            { key: "size", title: t("size"), right: true, cell: (one) => `${count(one.size)} B` },
            {
              key: "hash",
              title: t("hash"),
              cell: (one) => <code title={one.sha256}>{one.sha256.slice(0, 12)}…</code>,
            },
            { key: "by", title: t("by"), cell: (one) => <UserName id={one.by} /> },
            { key: "at", title: t("at"), cell: (one) => <Time value={one.at} /> },
            {
              key: "open",
              title: t("open"),
              cell: (one) => (
                <Button
                  size="small"
                  type="text"
                  icon={<DownloadOutlined />}
                  aria-label={`${t("open")} ${one.name}`}
                  onClick={() => void download(one)}
                />
              ),
            },
          ]}
        />
      )}
    </>
  );
}

interface Threshold {
  code: string;
  threshold: number;
  count?: number;
  is_reached?: boolean;
  law: string;
  en: string;
  zh: string;
}

const IN_FEN = /^(loss|settlement|gains)/;

function Thresholds({ id }: { id: number }) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ["child", "case", id, "thresholds"],
    queryFn: () => request<{ items: Threshold[] }>("GET", `/v1/cases/${id}/thresholds`),
    retry: false,
  });
  const counted = (data?.items ?? []).filter((one) => one.count !== undefined);
  if (counted.length === 0) return null;
  const show = (code: string, n: number) => (IN_FEN.test(code) ? money(n) : count(n));
  return (
    <section className="card" aria-labelledby="thresholds">
      <h2 id="thresholds">{t("thresholds")}</h2>
      <p className="faint">{t("shown")}</p>
      <ul className="thresholds">
        {counted.map((one) => (
          <li key={one.code}>
            <span>{one[language].replace(/, in fen$/, "")}</span>
            <Progress
              percent={Math.min(100, Math.round(((one.count ?? 0) / one.threshold) * 100))}
              size="small"
              showInfo={false}
              status={one.is_reached ? "exception" : "normal"}
              aria-label={one[language]}
            />
            <span className="num">
              {show(one.code, one.count ?? 0)} / {show(one.code, one.threshold)} {one.is_reached && t("reached")}
            </span>
            <span className="faint">{lawOf(String(one.law ?? ""))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
