// Proposes stop orders for chosen accounts, one result a row. Somebody else approves them: this only asks.
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Progress } from "antd";
import { useRef, useState } from "react";
import { newKey, request } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Row } from "@/api/workflow";
import { money } from "@/app/format";
import { focusDialog } from "@/components/dialogFocus";
import { Labeled } from "@/components/inputs";
import { KeyText, RecordLink, Tag } from "@/components/labels";
import { RecordPicker } from "@/components/RecordPicker";
import { Select } from "@/components/Select";
import { useFaults, useProblemText } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    title: "呈请止付：{n} 户，合计 {fen}",
    intro: "按可止付清单次序逐户提出，须由他人审批后送达银行。金额为该账户内仍可止付的涉案资金。",
    left: "所选账户中 {n} 户没有可止付资金，不提出。",
    none: "所选账户中没有可止付的资金。",
    reason: "止付原因",
    usual: "受害人被骗资金沿资金链流入该账户，请立即止付。",
    reasonNeeded: "请填写止付原因",
    urgency: "紧急程度",
    urgent: "紧急",
    normal: "普通",
    report: "关联警情",
    case: "关联案件",
    cancel: "取消",
    go: "提出 {n} 条止付",
    stop: "停止",
    close: "关闭",
    done: "已提出",
    refused: "未提出",
    result: "已提出 {done} 条，未提出 {refused} 条",
    stopped: "已停止，其余 {n} 户未提出",
    results: "逐户结果",
  },
  {
    title: "Propose stops: {n} accounts, {fen}",
    intro:
      "In the order of what can be saved. Somebody else approves each before it goes to the bank. The amount is what can still be stopped there.",
    left: "{n} of the selected accounts hold nothing that can be stopped: left out.",
    none: "Nothing can be stopped in the selected accounts.",
    reason: "Reason",
    usual: "Money of a fraud's victim came into this account along the trace: stop it at once.",
    reasonNeeded: "Please give the reason",
    urgency: "Urgency",
    urgent: "Urgent",
    normal: "Normal",
    report: "For report number",
    case: "For case number",
    cancel: "Cancel",
    go: "Propose {n} stops",
    stop: "Stop",
    close: "Close",
    done: "Proposed",
    refused: "Refused",
    result: "{done} proposed, {refused} refused",
    stopped: "Stopped; {n} accounts were left alone",
    results: "Results",
  },
);

interface Result {
  key: string;
  stop: number | null;
  why: string;
}

interface StopDialogProps {
  answer: Answer;
  selected: readonly string[];
  report: number | null;
  of: number | null;
  onClose: () => void;
}

export function StopDialog({ answer, selected, report: givenReport, of: givenCase, onClose }: StopDialogProps) {
  const t = useTexts(T);
  const words = useTraceWords();
  const problemText = useProblemText();
  const faultsOf = useFaults();
  const client = useQueryClient();
  const chosen = answer.stop_list.filter((row) => selected.includes(row.key));
  const left = selected.filter((id) => !answer.stop_list.some((row) => row.key === id)).length;
  const [reason, setReason] = useState(t("usual"));
  const [urgency, setUrgency] = useState<"urgent" | "normal">("urgent");
  const [report, setReport] = useState(givenReport);
  const [of, setOf] = useState(givenCase);
  const [tried, setTried] = useState(false);
  const [results, setResults] = useState<Result[]>([]);
  const [state, setState] = useState<"asking" | "running" | "over">("asking");
  const halted = useRef(false);
  // One key for each account: trying again after a lost connection asks for the same order, not for a second.
  const keys = useRef(new Map(chosen.map((row) => [row.key, newKey()])));
  const total = chosen.reduce((sum, row) => sum + row.amount_fen, 0);
  const transfer = "victims" in answer.start ? null : answer.start.transfer;

  const propose = async (row: Answer["stop_list"][number]): Promise<Result> => {
    const account = answer.accounts.find((one) => one.key === row.key);
    const body = {
      account: row.key,
      amount_fen: row.amount_fen,
      layer: row.layer,
      reason: reason.trim(),
      urgency,
      ...(account ? { transfer_at: account.first } : {}),
      ...(transfer ? { transfer } : {}),
      ...(report ? { report } : {}),
      ...(of ? { case: of } : {}),
    };
    try {
      const made = await request<Row>("POST", "/v1/stops", { body, once: keys.current.get(row.key) ?? newKey() });
      return { key: row.key, stop: made.id, why: "" };
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const faults = Object.values(faultsOf(problem)).join("；");
      return { key: row.key, stop: null, why: faults || problemText(problem) };
    }
  };
  const run = async () => {
    setTried(true);
    if (reason.trim() === "") return;
    setState("running");
    halted.current = false;
    const all: Result[] = [];
    for (const row of chosen) {
      if (halted.current) break;
      all.push(await propose(row));
      setResults([...all]);
    }
    setState("over");
    void client.invalidateQueries({ queryKey: ["list", "stop"] });
    void client.invalidateQueries({ queryKey: ["work"] });
  };
  const done = results.filter((row) => row.stop !== null).length;
  const close = () => {
    halted.current = true;
    onClose();
  };
  const footer = {
    asking: (
      <>
        <Button onClick={close}>{t("cancel")}</Button>
        <Button type="primary" disabled={chosen.length === 0} onClick={() => void run()} data-propose>
          {t("go", { n: chosen.length })}
        </Button>
      </>
    ),
    running: (
      <Button
        onClick={() => {
          halted.current = true;
        }}
      >
        {t("stop")}
      </Button>
    ),
    over: (
      <Button type="primary" onClick={close}>
        {t("close")}
      </Button>
    ),
  }[state];
  return (
    <Modal
      open
      width={680}
      title={t("title", { n: chosen.length, fen: money(total) })}
      onCancel={close}
      footer={footer}
      afterOpenChange={focusDialog}
    >
      {chosen.length === 0 && <p role="status">{t("none")}</p>}
      {state === "asking" && chosen.length > 0 && (
        <>
          <p className="faint">{t("intro")}</p>
          {left > 0 && <p className="faint">{t("left", { n: left })}</p>}
          <div className="fields">
            <Labeled
              label={t("reason")}
              required
              wide
              error={tried && reason.trim() === "" ? t("reasonNeeded") : undefined}
            >
              {({ id, describedBy, invalid }) => (
                <Input.TextArea
                  id={id}
                  aria-describedby={describedBy}
                  aria-invalid={invalid}
                  rows={3}
                  maxLength={1000}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Labeled>
            <Labeled label={t("urgency")}>
              {({ id }) => (
                <Select
                  id={id}
                  value={urgency}
                  onChange={setUrgency}
                  options={(["urgent", "normal"] as const).map((value) => ({ value, label: t(value) }))}
                />
              )}
            </Labeled>
            <Labeled label={t("report")}>
              {({ id }) => (
                <RecordPicker
                  id={id}
                  kind="report"
                  value={report ?? undefined}
                  onChange={(chosen) => setReport(chosen ?? null)}
                />
              )}
            </Labeled>
            <Labeled label={t("case")}>
              {({ id }) => (
                <RecordPicker
                  id={id}
                  kind="case"
                  value={of ?? undefined}
                  onChange={(chosen) => setOf(chosen ?? null)}
                />
              )}
            </Labeled>
          </div>
        </>
      )}
      {state === "running" && (
        <Progress percent={Math.round((results.length / chosen.length) * 100)} aria-label={t("results")} />
      )}
      {state === "over" && (
        <p role="status">
          {t("result", { done, refused: results.length - done })}
          {results.length < chosen.length && ` · ${t("stopped", { n: chosen.length - results.length })}`}
        </p>
      )}
      <ul className="bulk-results" tabIndex={0} aria-label={t("results")}>
        {chosen.map((row) => {
          const result = results.find((one) => one.key === row.key);
          return (
            <li key={row.key}>
              <span className="num">#{row.rank}</span>
              <span>{words.layer(row.layer)}</span>
              <KeyText value={row.key} />
              <span className="num">{money(row.amount_fen)}</span>
              {result && (
                <Tag tone={result.stop !== null ? "success" : "danger"}>
                  {t(result.stop !== null ? "done" : "refused")}
                </Tag>
              )}
              {result?.stop && <RecordLink kind="stop" id={result.stop} />}
              {result?.why && <span className="faint">{result.why}</span>}
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
