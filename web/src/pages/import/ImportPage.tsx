// One import: how its file begins, which column is what, what it would become; the run with its progress; what came of it, the
// rejected lines, and its withdrawal, whose acts are those of the record.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Progress, Segmented } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useParams } from "react-router";
import { request } from "@/api/client";
import { useJob } from "@/api/jobs";
import { invalidate } from "@/api/queries";
import type { Schemas } from "@/api/schema";
import type { Row } from "@/api/workflow";
import { count } from "@/app/format";
import { useSession } from "@/app/session";
import { PurposeDownload } from "@/components/download";
import { Labeled } from "@/components/inputs";
import { JobBar } from "@/components/JobBar";
import { KeyText, Money, Time } from "@/components/labels";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, ProblemNote } from "@/components/states";
import { TextArea } from "@/components/TextArea";
import { inLanguage } from "@/i18n/bilingual";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { guess, type Mapping, mappingFile, missing, TARGETS } from "./mapping";
import { cellsOf, separatorOf } from "./source";
import "./import.css";
import { Select } from "@/components/Select";

const T = texts(
  {
    reading: "如何读取",
    looks: "识别为 {format} · {encoding}",
    by: "栏目对应方式",
    table: "逐栏对应",
    own: "文件自带标准栏目名",
    json: "对应文件（JSON）",
    jsonHint: "docs/importing.md 所述的全部写法：本方/对方/借贷、常量、取值对照、冲正等",
    badJson: "不是 JSON：{why}",
    field: "字段",
    column: "文件栏目",
    samples: "样例",
    leave: "（不导入）",
    kind: "这些记录是",
    transfer: "转账",
    withdrawal: "取现",
    needs: "请先对应：{names}",
    noId: "未对应流水号：换一个文件名重复导入会重复计入，建议对应。",
    preview: "预览：前几行的解析结果",
    check: "检查整个文件",
    checking: "正在检查整个文件",
    checked:
      "共 {rows} 行：转账 {transfers}、取现 {withdrawals}、其他 {others}；不合格 {rejected} 行，舍入 {rounded} 处。未写入任何数据。",
    take: "开始导入",
    goOn: "继续导入",
    taking: "正在导入",
    line: "行",
    result: "结果",
    what: "内容",
    good: "可导入",
    reason: "原因",
    original: "原始内容",
    rejects: "不合格明细",
    rejectsOf: "下载不合格明细（{n} 行）",
    withdrawing: "撤回已批准：正在等查询结束并从日志重建状态，期间图谱查询与实时研判暂停片刻。",
    withdrawn:
      "已撤回：此文件带来的信号不再计入，同一文件可重新导入。{kept} 笔因其他来源保留；{marked} 条预警、线索已标注依据撤回。",
    stopped: "导入中止：{why}。已导入部分有效；可继续导入，或提请撤回。",
    result0: "结果",
  },
  {
    reading: "How to read it",
    looks: "Looks like {format} · {encoding}",
    by: "Columns",
    table: "Chosen here",
    own: "Named as Sluice names them",
    json: "A mapping file (JSON)",
    jsonHint:
      "Everything of docs/importing.md: own side and other side, debit and credit, constants, values, reversals",
    badJson: "Not JSON: {why}",
    field: "Field",
    column: "Column of the file",
    samples: "Samples",
    leave: "(left out)",
    kind: "These rows are",
    transfer: "Transfers",
    withdrawal: "Withdrawals",
    needs: "Still needed: {names}",
    noId: "Without the transfer's id, the same rows under another file name count twice. Better give it.",
    preview: "Preview: the first rows as they are read",
    check: "Check the whole file",
    checking: "Checking the whole file",
    checked:
      "{rows} rows: {transfers} transfers, {withdrawals} withdrawals, {others} others; {rejected} rejected, {rounded} amounts rounded. Nothing was written.",
    take: "Import it",
    goOn: "Go on",
    taking: "Importing",
    line: "Line",
    result: "Result",
    what: "What",
    good: "good",
    reason: "Reason",
    original: "As it was",
    rejects: "Rejected lines",
    rejectsOf: "Download the rejected lines ({n})",
    withdrawing:
      "The withdrawal is approved: it waits for queries to end, then the state is built anew from the log. The graph and inline decisions pause for that moment.",
    withdrawn:
      "Withdrawn: what the file brought does not count any more, and the same file may be imported again. {kept} movements stay, which came another way as well; {marked} warnings and leads are marked.",
    stopped: "It stopped: {why}. What went in counts; go on, or propose to withdraw it.",
    result0: "Result",
  },
);

type Look = Schemas["import_preview"];
type Head = Schemas["import_head"];
type Reading = { format: string; encoding: string; mapping: unknown };

export default function ImportPage() {
  const { id = "" } = useParams();
  return (
    <RecordFrame
      kind="import"
      id={Number(id)}
      title={(row) => String(row.name ?? "")}
      primary={["approve_withdrawal"]}
      lead={(row) => <Lead row={row} />}
    />
  );
}

function Lead({ row }: { row: Row }) {
  const t = useTexts(T);
  const said = useSaid();
  const { has } = useSession();
  const client = useQueryClient();
  const run = useJob<Row>({ lasting: `import ${row.id}` });
  const open = (row.state === "uploaded" || row.state === "stopped") && has(["analyst"]);
  // What happens to it elsewhere (another tab, the writer) is looked at while it lasts.
  const moving = row.state === "running" || row.state === "withdrawing";
  useEffect(() => {
    if (!moving) return;
    const timer = window.setInterval(() => void invalidate(client, "import", row.id), 1500);
    return () => window.clearInterval(timer);
  }, [moving, client, row.id]);
  const { running } = run;
  const ran = useRef(false);
  useEffect(() => {
    if (ran.current && !running) void invalidate(client, "import", row.id);
    ran.current = running;
  }, [running, client, row.id]);
  const take = (reading: Reading) => void run.start(`/v1/imports/${row.id}/start`, reading);
  return (
    <>
      {row.state === "withdrawing" && (
        <p className="note" role="status">
          {t("withdrawing")}
        </p>
      )}
      {row.state === "withdrawn" && (
        <p className="note" data-import="withdrawn">
          {t("withdrawn", { kept: count(Number(row.kept ?? 0)), marked: count(Number(row.marked ?? 0)) })}
        </p>
      )}
      {row.state === "stopped" && (
        <p className="note note-warning">{t("stopped", { why: said(String(row.why ?? "")) })}</p>
      )}
      {run.running && <JobBar job={run.job} what={t("taking")} onCancel={run.cancel} lasting />}
      {!run.running && row.state === "running" && <Progress percent={100} status="active" showInfo={false} />}
      <ProblemNote error={run.error} />
      {Number(row.rejected ?? 0) > 0 && (
        <PurposeDownload
          path={`/v1/imports/${row.id}/rejects`}
          name={`DR-${row.id}-rejects.csv`}
          label={t("rejectsOf", { n: count(Number(row.rejected)) })}
        />
      )}
      {open && !run.running && <Choices row={row} onTake={take} />}
    </>
  );
}

type Way = "table" | "own" | "json";

function Choices({ row, onTake }: { row: Row; onTake: (reading: Reading) => void }) {
  const t = useTexts(T);
  const said = useSaid();
  const head = useQuery<Head>({
    queryKey: ["import-head", row.id],
    queryFn: ({ signal }) => request<Head>("GET", `/v1/imports/${row.id}/head`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (head.error) return <ProblemNote error={head.error} />;
  if (!head.data) return <Loading lines={6} />;
  if (head.data.refusal) return <p className="note note-warning">{said(head.data.refusal, head.data.refusal_zh)}</p>;
  return (
    <section className="card" aria-label={t("reading")}>
      <h2>{t("reading")}</h2>
      <p className="faint">
        {t("looks", { format: head.data.format.toUpperCase(), encoding: head.data.encoding.toUpperCase() })}
      </p>
      <Reader row={row} head={head.data} onTake={onTake} />
    </section>
  );
}

function Reader({ row, head, onTake }: { row: Row; head: Head; onTake: (reading: Reading) => void }) {
  const t = useTexts(T);
  const pick = usePick();
  const lines = head.lines as string[];
  const separator = separatorOf(lines[0] ?? "");
  const titles = useMemo(() => cellsOf(lines[0] ?? "", separator), [lines, separator]);
  const [mapping, setMapping] = useState<Mapping>(() => guess(titles));
  const [kind, setKind] = useState<"transfer" | "withdrawal">("transfer");
  const isCsv = head.format === "csv";
  const [way, setWay] = useState<Way>(() => (isCsv && missing(guess(titles)).length < 3 ? "table" : "own"));
  const [text, setText] = useState("");
  const wanting = way === "table" ? missing(mapping) : [];
  const parsed = useMemo(() => (way === "json" ? parse(text) : { value: null, why: "" }), [way, text]);
  const reading: Reading = {
    format: head.format,
    encoding: "auto",
    mapping: way === "table" ? mappingFile(titles, mapping, kind, separator) : way === "json" ? parsed.value : null,
  };
  const ready = wanting.length === 0 && (way !== "json" || parsed.value !== null);
  return (
    <>
      <div className="import-kind">
        <span className="faint">{t("by")}</span>
        <Segmented
          aria-label={t("by")}
          value={way}
          onChange={(to) => setWay(to as Way)}
          options={(isCsv ? (["table", "own", "json"] as const) : (["own", "json"] as const)).map((value) => ({
            value,
            label: t(value),
          }))}
        />
        {way === "table" && (
          <Segmented
            aria-label={t("kind")}
            value={kind}
            onChange={setKind}
            options={(["transfer", "withdrawal"] as const).map((value) => ({ value, label: t(value) }))}
          />
        )}
      </div>
      {way === "table" && (
        <MappingTable titles={titles} lines={lines} separator={separator} mapping={mapping} onChange={setMapping} />
      )}
      {way === "table" && mapping.id === undefined && <p className="note note-warning">{t("noId")}</p>}
      {way === "json" && (
        <div className="import-file-text">
          <Labeled label={t("json")} hint={t("jsonHint")} wide error={parsed.why && t("badJson", { why: parsed.why })}>
            {({ id }) => <TextArea id={id} rows={8} value={text} onChange={(event) => setText(event.target.value)} />}
          </Labeled>
        </div>
      )}
      {wanting.length > 0 && (
        <p className="note note-warning">{t("needs", { names: wanting.map((one) => pick(one.title)).join("、") })}</p>
      )}
      {ready && <Preview row={row} reading={reading} onTake={() => onTake(reading)} />}
    </>
  );
}

function parse(text: string): { value: unknown; why: string } {
  try {
    return { value: text.trim() === "" ? null : JSON.parse(text), why: "" };
  } catch (error) {
    return { value: null, why: error instanceof Error ? error.message : String(error) };
  }
}

interface MappingTableProps {
  titles: readonly string[];
  lines: readonly string[];
  separator: string;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

function MappingTable({ titles, lines, separator, mapping, onChange }: MappingTableProps) {
  const t = useTexts(T);
  const pick = usePick();
  const rows = useMemo(() => lines.slice(1, 5).map((line) => cellsOf(line, separator)), [lines, separator]);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("reading")}>
      <table className="plain import-mapping">
        <thead>
          <tr>
            <th>{t("field")}</th>
            <th>{t("column")}</th>
            <th>{t("samples")}</th>
          </tr>
        </thead>
        <tbody>
          {TARGETS.map((target) => {
            const at = mapping[target.name];
            return (
              <tr key={target.name}>
                <td>
                  {pick(target.title)}
                  {target.required && " *"}
                </td>
                <td>
                  <Select
                    allowClear
                    size="small"
                    aria-label={pick(target.title)}
                    placeholder={t("leave")}
                    value={at}
                    onChange={(column?: number) => onChange({ ...mapping, [target.name]: column })}
                    options={titles.map((title, column) => ({ value: column, label: title || `#${column + 1}` }))}
                  />
                </td>
                <td className="import-samples num">
                  {at === undefined ? "" : rows.map((cells) => cells[at] ?? "").join(" · ")}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The first rows as the daemon reads them, then the whole file as a job; and the button that takes it in. */
function Preview({ row, reading, onTake }: { row: Row; reading: Reading; onTake: () => void }) {
  const t = useTexts(T);
  const check = useJob<Look>();
  const key = JSON.stringify(reading);
  const look = useQuery<Look>({
    queryKey: ["import-preview", row.id, key],
    queryFn: ({ signal }) => request<Look>("POST", `/v1/imports/${row.id}/preview`, { body: reading, signal }),
    retry: false,
  });
  const [checkedAs, setCheckedAs] = useState("");
  const whole = checkedAs === key ? check.result : null;
  const shown = whole ?? look.data;
  return (
    <>
      <h3>{t("preview")}</h3>
      {look.error && <ProblemNote error={look.error} />}
      {!look.error && !look.data && <Loading lines={4} />}
      {shown && <Rows look={shown} />}
      {whole && (
        <p className="note" role="status" data-import="checked">
          {t("checked", {
            rows: count(whole.rows),
            transfers: count(whole.transfers),
            withdrawals: count(whole.withdrawals),
            others: count(whole.others),
            rejected: count(whole.rejected),
            rounded: count(whole.rounded),
          })}
        </p>
      )}
      {check.running && <JobBar job={check.job} what={t("checking")} onCancel={check.cancel} />}
      <ProblemNote error={check.error} />
      <div className="import-acts">
        <Button
          disabled={!look.data || check.running}
          data-check
          onClick={() => {
            setCheckedAs(key);
            void check.start(`/v1/imports/${row.id}/check`, reading);
          }}
        >
          {t("check")}
        </Button>
        <Button type="primary" disabled={!look.data || check.running} data-take onClick={onTake}>
          {row.state === "stopped" ? t("goOn") : t("take")}
        </Button>
      </div>
    </>
  );
}

interface Read {
  line: number;
  kind: string;
  time: string;
  id?: string;
  from?: string;
  to?: string;
  amount_fen?: number;
  key?: string;
  name?: string;
  device?: string;
}

function Rows({ look }: { look: Look }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const rows = look.signals as Read[];
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("preview")}>
      <table className="plain">
        <thead>
          <tr>
            <th>{t("line")}</th>
            <th>{t("result")}</th>
            <th>{t("what")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 20).map((one) => (
            <tr key={`${one.line}-${one.kind}-${one.key ?? one.id ?? ""}`}>
              <td className="num">{one.line}</td>
              <td>{t("good")}</td>
              <td className="words">
                <Time value={one.time} second /> {one.id} <KeyText value={one.from ?? one.key} />{" "}
                {one.to && (
                  <>
                    → <KeyText value={one.to} />
                  </>
                )}{" "}
                {one.amount_fen !== undefined && <Money fen={one.amount_fen} />} {one.name} {one.device}
              </td>
            </tr>
          ))}
          {look.rejects.slice(0, 50).map((one) => (
            <tr key={`bad-${one.line}-${one.field ?? ""}`}>
              <td className="num">{one.line}</td>
              <td className="cell-bad">
                {one.field && `${one.field}: `}
                <span title={one.reason}>{inLanguage(one.reason, language)}</span>
              </td>
              <td className="words faint">{one.content}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
