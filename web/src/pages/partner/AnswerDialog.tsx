// One answer to one order or to many alike: what is asked, the answers there are, their inputs; then what became of each.
import { App, Button, Modal, Radio } from "antd";
import { useMemo, useRef, useState } from "react";
import { call, newKey } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Schemas } from "@/api/schema";
import { actOf, useWorkflow } from "@/api/workflow";
import { recordNumber, rfc3339 } from "@/app/format";
import { type Draft, Fields, useBodyOf } from "@/components/inputs";
import { Countdown, serverAhead, Tag, useNameOf } from "@/components/labels";
import { Facts } from "@/components/RecordFrame";
import { useSending } from "@/components/sending";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { answersOf, initialOf, type Order } from "./orders";

const T = texts(
  {
    one: "反馈 {number}",
    many: "反馈 {n} 条指令",
    what: "反馈结果",
    send: "提交反馈",
    cancel: "取消",
    close: "关闭",
    done: "{n} 条已反馈",
    taken: "已接收",
    refused: "未接收",
    left: "期限",
    nothing: "这条指令已不能反馈，可能已被撤回或他人已反馈。",
  },
  {
    one: "Answer {number}",
    many: "Answer {n} orders",
    what: "Answer",
    send: "Send the answer",
    cancel: "Cancel",
    close: "Close",
    done: "{n} answered",
    taken: "taken",
    refused: "refused",
    left: "Due",
    nothing: "This order cannot be answered any more: it was taken back, or somebody else answered it.",
  },
);

const SHOWN = ["account", "holder", "amount_fen", "scope", "urgency", "from", "transfer_at", "reason", "approved_at"];

export function AnswerDialog({ orders, onClose }: { orders: Order[]; onClose: () => void }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const bodyOf = useBodyOf();
  const said = useSaid();
  const { message } = App.useApp();
  const first = orders[0] as Order;
  const workflow = useWorkflow(first.kind);
  const answers = useMemo(() => answersOf(first), [first]);
  const now = useRef(rfc3339(Date.now() + serverAhead.ms));
  const [act, setAct] = useState(answers[0] ?? "");
  const [draft, setDraft] = useState<Draft>(() => initialOf(first, answers[0] ?? "", now.current));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const [results, setResults] = useState<Schemas["partner_result"][] | null>(null);
  const once = useRef(newKey());
  const hands = useSending();
  const row = actOf(workflow, act);
  const numberOf = (id: number) => recordNumber(workflow?.prefix ?? null, id);
  const submit = async () => {
    if (!row) return;
    const parsed = bodyOf(row.inputs, draft);
    setErrors(parsed.errors);
    if (Object.keys(parsed.errors).length > 0 || !hands.begin()) return;
    setSending(true);
    setProblem(null);
    try {
      const items = orders.map((order) => ({
        kind: order.kind,
        id: order.row.id,
        act,
        version: order.row.version,
        input: parsed.body,
      }));
      const answer = await call("POST /v1/partner/answers", { body: { items }, once: once.current });
      if (answer.refused === 0) {
        message.success(t("done", { n: answer.done }));
        onClose();
      } else setResults(answer.results);
    } catch (error) {
      if (!(error instanceof Problem && error.isOffline)) once.current = newKey();
      hands.again();
      setProblem(error);
    }
    setSending(false);
  };
  return (
    <Modal
      open
      width={720}
      title={orders.length === 1 ? t("one", { number: numberOf(first.row.id) }) : t("many", { n: orders.length })}
      onCancel={onClose}
      footer={
        results ? (
          <Button type="primary" onClick={onClose}>
            {t("close")}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" loading={sending} disabled={!row} data-send onClick={() => void submit()}>
              {t("send")}
            </Button>
          </>
        )
      }
    >
      {orders.length === 1 ? (
        <>
          <p>
            {t("left")} <Countdown until={first.row.due as string | null} />
          </p>
          <Facts kind={first.kind} row={first.row} fields={SHOWN} />
        </>
      ) : (
        !results && <p className="num">{orders.map((order) => numberOf(order.row.id)).join("、")}</p>
      )}
      {results ? (
        <ul className="bulk-results" tabIndex={0}>
          {results.map((result) => (
            <li key={result.id}>
              <span className="num">{numberOf(result.id)}</span>
              <Tag tone={result.done ? "success" : "danger"}>{t(result.done ? "taken" : "refused")}</Tag>
              <span className="faint">{said(result.why, result.why_zh)}</span>
            </li>
          ))}
        </ul>
      ) : answers.length === 0 ? (
        <p className="note note-warning">{t("nothing")}</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Radio.Group
            aria-label={t("what")}
            className="partner-answers"
            value={act}
            onChange={(event) => {
              setAct(event.target.value as string);
              setDraft(initialOf(first, event.target.value as string, now.current));
              setErrors({});
            }}
            options={answers.map((name) => ({ value: name, label: nameOf(actOf(workflow, name)) }))}
          />
          {row && <Fields kind={first.kind} fields={row.inputs} draft={draft} errors={errors} onChange={setDraft} />}
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        </form>
      )}
      <ProblemNote error={problem} kind={first.kind} />
    </Modal>
  );
}
