// A bank's file becomes signals: choose it, say which column is what, look at the first rows, check all of it, take it in.
// Until the last step nothing of it is anywhere but here.
import { InboxOutlined } from "@ant-design/icons";
import { Button, Progress, Segmented, Select, Steps } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { count } from "@/app/format";
import { save } from "@/app/save";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { Labeled } from "@/components/inputs";
import { Tag } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { ProblemNote } from "@/components/states";
import { usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { guess, type Mapping, missing, signalOf, TARGETS } from "./mapping";
import { type Counts, faultsOf, NOTHING, type Plan, type Reject, rejectsCsv, runImport } from "./run";
import { cellsOf, encodingOf, formatOf, RowReader, type SourceRow, separatorOf } from "./source";
import "./import.css";

const T = texts(
  {
    title: "数据导入",
    choose: "选择文件",
    map: "对应栏目",
    check: "整体检查",
    take: "正式导入",
    drop: "把银行导出的文件拖到这里，或点击选择",
    dropHint:
      "CSV（逗号、制表符、分号或竖线分隔，UTF-8 或 GB 18030）或 NDJSON，大小不限：文件在本机分段读取，确认之前不会写入任何数据。",
    file: "{name} · {size} · {format} · {encoding}",
    again: "换一个文件",
    kind: "这些记录是",
    transfer: "转账",
    withdrawal: "取现",
    column: "（不导入）",
    needs: "请先对应：{names}",
    noId: "未对应流水号：重复导入同一文件会重复计入，建议对应。",
    preview: "前 {n} 行解析结果",
    line: "行",
    result: "结果",
    good: "可导入",
    goCheck: "检查整个文件",
    goTake: "导入 {n} 行",
    cancel: "停止",
    checking: "正在检查",
    taking: "正在导入",
    rows: "读取",
    accepted: "新增",
    wouldTake: "可导入",
    duplicates: "重复（已有）",
    rejected: "不合格",
    rounded: "舍入到分",
    alerts: "产生预警",
    rejects: "不合格明细（{n}）",
    field: "栏目",
    reason: "原因",
    original: "原始内容",
    download: "下载不合格明细",
    heads: "行号,栏目,原因,原始内容",
    checked: "检查完成：{good} 行可导入，{bad} 行不合格。尚未写入任何数据。",
    taken: "导入完成：新增 {good} 行，重复 {same} 行，不合格 {bad} 行；日志序号 {seq}。",
    stopped: "已停止。已导入的 {good} 行保留；再次导入同一文件会从头核对，已有的流水按流水号识别为重复。",
    stoppedCheck: "已停止检查，未写入任何数据。",
    honest: "导入不可回滚：日志只增不改，这是证据可复核的前提。请先完成整体检查；弃用文件只需离开本页，数据不会留下。",
    discard: "弃用此文件",
    trace: "去资金穿透",
    tooMany: "明细最多保留 100,000 行",
  },
  {
    title: "Import",
    choose: "File",
    map: "Columns",
    check: "Check",
    take: "Take in",
    drop: "Drop the bank's file here, or click to choose it",
    dropHint:
      "CSV (comma, tab, semicolon or bar; UTF-8 or GB 18030) or NDJSON, of any size: it is read piece by piece on this machine, and nothing is written before you confirm.",
    file: "{name} · {size} · {format} · {encoding}",
    again: "Another file",
    kind: "These rows are",
    transfer: "Transfers",
    withdrawal: "Withdrawals",
    column: "(left out)",
    needs: "Still needed: {names}",
    noId: "Without the transfer's id, a file imported twice counts twice. Better give it.",
    preview: "The first {n} rows as read",
    line: "Line",
    result: "Result",
    good: "good",
    goCheck: "Check the whole file",
    goTake: "Take in {n} rows",
    cancel: "Stop",
    checking: "Checking",
    taking: "Taking in",
    rows: "Read",
    accepted: "New",
    wouldTake: "Can be taken in",
    duplicates: "There already",
    rejected: "Rejected",
    rounded: "Rounded to fen",
    alerts: "Alerts",
    rejects: "Rejected rows ({n})",
    field: "Field",
    reason: "Reason",
    original: "As it was",
    download: "Download the rejected rows",
    heads: "line,field,reason,original",
    checked: "Checked: {good} rows can be taken in, {bad} are rejected. Nothing has been written.",
    taken: "Taken in: {good} new, {same} there already, {bad} rejected; sequence of the log {seq}.",
    stopped:
      "Stopped. The {good} rows taken in stay. The same file again begins anew; transfers that are there are known by their id.",
    stoppedCheck: "Stopped. Nothing has been written.",
    honest:
      "An import cannot be rolled back: the log only grows, or evidence could not be verified. So check all of it first; to discard a file, leave this page, and nothing of it stays.",
    discard: "Discard this file",
    trace: "To fund tracing",
    tooMany: "At most 100,000 rejected rows are kept",
  },
);

const PREVIEW = 12;

interface Staged {
  file: File;
  encoding: "utf-8" | "gb18030";
  format: "csv" | "ndjson";
  separator: string;
  head: string[];
  rows: SourceRow[];
}

async function stage(file: File): Promise<Staged> {
  const encoding = await encodingOf(file);
  const text = new TextDecoder(encoding).decode(await file.slice(0, 65536).arrayBuffer(), { stream: true });
  const format = formatOf(file.name, text);
  const separator = separatorOf(text.replace(/^\ufeff/, ""));
  const rows = new RowReader(format === "csv" ? separator : null).push(`${text.replace(/^\ufeff/, "")}\n`);
  const isCsv = format === "csv";
  return {
    file,
    encoding,
    format,
    separator,
    head: isCsv ? cellsOf(rows[0]?.text ?? "", separator) : [],
    rows: rows.slice(isCsv ? 1 : 0, (isCsv ? 1 : 0) + PREVIEW),
  };
}

function sizeText(bytes: number): string {
  return bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}

export default function ImportPage() {
  const t = useTexts(T);
  const [staged, setStaged] = useState<Staged | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [step, setStep] = useState(0);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      setStaged(await stage(file));
      setStep(1);
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <div className="import-page">
      <PageHead title={t("title")} />
      <Steps
        size="small"
        current={step}
        items={(["choose", "map", "check", "take"] as const).map((name) => ({ title: t(name) }))}
      />
      <p className="note">{t("honest")}</p>
      <ProblemNote error={error} />
      {staged ? (
        <Wizard
          key={`${staged.file.name}${staged.file.lastModified}`}
          staged={staged}
          onStep={setStep}
          onDiscard={() => {
            setStaged(null);
            setStep(0);
          }}
        />
      ) : (
        <label
          className="card drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            void take(event.dataTransfer.files[0]);
          }}
        >
          <InboxOutlined className="state-icon" aria-hidden="true" />
          <span className="drop-title">{t("drop")}</span>
          <span className="faint">{t("dropHint")}</span>
          <input
            className="sr-only"
            type="file"
            accept=".csv,.txt,.tsv,.ndjson,.jsonl,.json"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </label>
      )}
    </div>
  );
}

type Phase = "mapping" | "checking" | "checked" | "taking" | "taken";

function Wizard({
  staged,
  onStep,
  onDiscard,
}: {
  staged: Staged;
  onStep: (step: number) => void;
  onDiscard: () => void;
}) {
  const t = useTexts(T);
  const pick = usePick();
  const isCsv = staged.format === "csv";
  const [mapping, setMapping] = useState<Mapping>(() => guess(staged.head));
  const [kind, setKind] = useState<"transfer" | "withdrawal">("transfer");
  const [phase, setPhase] = useState<Phase>("mapping");
  const [counts, setCounts] = useState<Counts>(NOTHING);
  const [rejects, setRejects] = useState<Reject[]>([]);
  const [stopped, setStopped] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef(false);
  useEffect(
    () => () => {
      stop.current = true;
    },
    [],
  );
  const wanting = isCsv ? missing(mapping) : [];
  const plan: Plan = {
    file: staged.file,
    encoding: staged.encoding,
    separator: isCsv ? staged.separator : null,
    mapping: isCsv ? mapping : null,
    kind,
    hasHead: isCsv,
  };
  const run = async (check: boolean) => {
    stop.current = false;
    setPhase(check ? "checking" : "taking");
    onStep(check ? 2 : 3);
    setCounts(NOTHING);
    setRejects([]);
    setStopped(false);
    setError(null);
    try {
      const done = await runImport(plan, check, setCounts, () => stop.current);
      setCounts(done.counts);
      setRejects(done.rejects);
      setStopped(done.stopped);
      setPhase(check ? (done.stopped ? "mapping" : "checked") : "taken");
    } catch (problem) {
      setError(problem);
      setPhase(check ? "mapping" : "taken");
    }
  };
  const change = (to: Mapping) => {
    setMapping(to);
    setPhase("mapping");
    onStep(1);
  };
  const running = phase === "checking" || phase === "taking";
  return (
    <>
      <section className="card" aria-label={t("choose")}>
        <div className="import-file">
          <strong>
            {t("file", {
              name: staged.file.name,
              size: sizeText(staged.file.size),
              format: staged.format.toUpperCase(),
              encoding: staged.encoding.toUpperCase(),
            })}
          </strong>
          <Button size="small" disabled={running} onClick={onDiscard}>
            {phase === "taken" ? t("again") : t("discard")}
          </Button>
        </div>
        {isCsv && (
          <>
            <div className="fields">
              {TARGETS.map((target) => (
                <Labeled key={target.name} label={pick(target.title)} required={target.required}>
                  {({ id }) => (
                    <Select
                      id={id}
                      allowClear
                      disabled={running}
                      placeholder={t("column")}
                      value={mapping[target.name]}
                      onChange={(column?: number) => change({ ...mapping, [target.name]: column })}
                      options={staged.head.map((title, column) => ({
                        value: column,
                        label: title || `#${column + 1}`,
                      }))}
                    />
                  )}
                </Labeled>
              ))}
            </div>
            <div className="import-kind">
              <span className="faint">{t("kind")}</span>
              <Segmented
                aria-label={t("kind")}
                disabled={running}
                value={kind}
                onChange={setKind}
                options={(["transfer", "withdrawal"] as const).map((value) => ({ value, label: t(value) }))}
              />
            </div>
            {mapping.id === undefined && <p className="note note-warning">{t("noId")}</p>}
          </>
        )}
      </section>
      <Preview staged={staged} plan={plan} wanting={wanting.map((target) => pick(target.title)).join("、")} />
      <div className="import-acts">
        <Button
          type={phase === "mapping" ? "primary" : "default"}
          disabled={running || wanting.length > 0}
          onClick={() => void run(true)}
          data-check
        >
          {t("goCheck")}
        </Button>
        <Button
          type={phase === "checked" ? "primary" : "default"}
          disabled={phase !== "checked" || counts.good === 0}
          onClick={() => void run(false)}
          data-take
        >
          {t("goTake", { n: phase === "checked" ? count(counts.good) : "" })}
        </Button>
      </div>
      {running && (
        <div className="job-bar" role="status">
          <span>{t(phase)}</span>
          <Progress percent={Math.floor((counts.bytes / Math.max(1, staged.file.size)) * 100)} aria-label={t(phase)} />
          <Button
            size="small"
            onClick={() => {
              stop.current = true;
            }}
          >
            {t("cancel")}
          </Button>
        </div>
      )}
      <ProblemNote error={error} />
      {(counts.rows > 0 || stopped) && (
        <Result phase={phase} counts={counts} rejects={rejects} stopped={stopped} name={staged.file.name} />
      )}
    </>
  );
}

/** The first rows, as the daemon reads them with this mapping. */
function Preview({ staged, plan, wanting }: { staged: Staged; plan: Plan; wanting: string }) {
  const t = useTexts(T);
  const pick = usePick();
  const [faults, setFaults] = useState<Reject[] | null>(null);
  const lines = useMemo(
    () => staged.rows.map((row) => signalOf(row, plan.mapping, plan.kind)),
    [staged.rows, plan.mapping, plan.kind],
  );
  useEffect(() => {
    let live = true;
    setFaults(null);
    if (wanting === "" && lines.length > 0) {
      faultsOf(staged.rows, lines)
        .then((found) => live && setFaults(found.rejects))
        .catch(() => undefined);
    }
    return () => {
      live = false;
    };
  }, [lines, staged.rows, wanting]);
  const shown = plan.mapping === null ? [] : TARGETS.filter((target) => plan.mapping?.[target.name] !== undefined);
  return (
    <section className="card" aria-label={t("preview", { n: staged.rows.length })}>
      <h2>{t("preview", { n: staged.rows.length })}</h2>
      {wanting !== "" && <p className="note note-warning">{t("needs", { names: wanting })}</p>}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("preview", { n: staged.rows.length })}>
        <table className="plain num">
          <thead>
            <tr>
              <th>{t("line")}</th>
              {shown.map((target) => (
                <th key={target.name}>{pick(target.title)}</th>
              ))}
              {plan.mapping === null && <th>NDJSON</th>}
              <th>{t("result")}</th>
            </tr>
          </thead>
          <tbody>
            {staged.rows.map((row) => {
              const bad = faults?.filter((fault) => fault.line === row.line) ?? [];
              return (
                <tr key={row.line}>
                  <td>{row.line}</td>
                  {shown.map((target) => {
                    const wrong = bad.some((fault) => fault.field.startsWith(target.name));
                    return (
                      <td key={target.name} className={wrong ? "cell-bad" : undefined}>
                        {row.cells[plan.mapping?.[target.name] ?? -1] ?? ""}
                      </td>
                    );
                  })}
                  {plan.mapping === null && (
                    <td>
                      <code>{row.text.slice(0, 160)}</code>
                    </td>
                  )}
                  <td>
                    {bad.length > 0 ? (
                      <span className="field-error">
                        {bad.map((fault) => `${fault.field} ${fault.detail}`.trim()).join("; ")}
                      </span>
                    ) : faults ? (
                      <Tag tone="success">{t("good")}</Tag>
                    ) : null}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface ResultProps {
  phase: Phase;
  counts: Counts;
  rejects: readonly Reject[];
  stopped: boolean;
  name: string;
}

function Result({ phase, counts, rejects, stopped, name }: ResultProps) {
  const t = useTexts(T);
  const isTake = phase === "taking" || phase === "taken";
  const figures = [
    [t("rows"), counts.rows],
    [t(isTake ? "accepted" : "wouldTake"), counts.good],
    ...(isTake ? ([[t("duplicates"), counts.duplicates]] as const) : []),
    [t("rejected"), counts.rejected],
    [t("rounded"), counts.rounded],
    ...(isTake ? ([[t("alerts"), counts.alerts]] as const) : []),
  ] as const;
  const words = {
    good: count(counts.good),
    bad: count(counts.rejected),
    same: count(counts.duplicates),
    seq: count(counts.sequence),
  };
  const columns: DataColumn<Reject>[] = [
    {
      key: "line",
      title: t("line"),
      width: "90px",
      right: true,
      by: (row) => row.line,
      render: (row) => count(row.line),
    },
    { key: "field", title: t("field"), width: "140px", by: (row) => row.field, render: (row) => row.field || "—" },
    {
      key: "detail",
      title: t("reason"),
      width: "minmax(320px, 2fr)",
      by: (row) => row.detail,
      render: (row) => row.detail,
    },
    { key: "text", title: t("original"), width: "minmax(320px, 3fr)", render: (row) => <code>{row.text}</code> },
  ];
  return (
    <section className="card" data-import={phase} aria-label={t("result")}>
      {stopped ? (
        <p className="note note-warning" role="status">
          {isTake ? t("stopped", { good: words.good }) : t("stoppedCheck")}
        </p>
      ) : phase === "checked" ? (
        <p className="note" role="status">
          {t("checked", { good: words.good, bad: words.bad })}
        </p>
      ) : phase === "taken" ? (
        <p className="note note-success" role="status">
          {t("taken", words)} <Link to="/trace">{t("trace")}</Link>
        </p>
      ) : null}
      <dl className="import-figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{count(value)}</dd>
          </div>
        ))}
      </dl>
      {rejects.length > 0 && (
        <>
          <div className="import-file">
            <h2>{t("rejects", { n: count(counts.rejected) })}</h2>
            {counts.rejected > rejects.length && <span className="faint">{t("tooMany")}</span>}
            <Button
              size="small"
              onClick={() =>
                save(
                  new Blob([rejectsCsv(rejects, t("heads").split(","))], { type: "text/csv" }),
                  `${name.replace(/\.\w+$/, "")}.rejects.csv`,
                )
              }
              data-rejects
            >
              {t("download")}
            </Button>
          </div>
          <DataTable
            label={t("rejects", { n: "" })}
            columns={columns}
            rows={rejects}
            id={(row) => `${row.line}${row.field}`}
            height={240}
          />
        </>
      )}
    </section>
  );
}
