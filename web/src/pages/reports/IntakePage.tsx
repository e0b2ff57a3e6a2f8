// A call in three minutes: paste what the victim sent, correct it, and in one step the report is taken, the first layer's stops are
// proposed, the money is followed and a stop is proposed wherever some can still be reached.
import { DeleteOutlined, PlusOutlined, ThunderboltOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { newKey, request } from "@/api/client";
import { useDated } from "@/api/directory";
import { invalidate } from "@/api/queries";
import type { Row } from "@/api/workflow";
import { money, parseYuan } from "@/app/format";
import { Labeled, MoneyInput, TimeInput } from "@/components/inputs";
import { useCodeLabel } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { BankPicker } from "@/components/RecordPicker";
import { useSending } from "@/components/sending";
import { ProblemNote } from "@/components/states";
import { TextArea } from "@/components/TextArea";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type Along, type PaidTransfer, stopAlong } from "./along";
import {
  bodyOf,
  emptyDraft,
  emptyTransfer,
  fillIn,
  type IntakeDraft,
  type IntakeFault,
  isEmpty,
  type Parsed,
  type TransferDraft,
} from "./intake";
import { Taken } from "./Taken";
import "./reports.css";
import { Select } from "@/components/Select";

const T = texts(
  {
    title: "接警登记",
    timer: "用时 {time}",
    paste: "粘贴受害人提供的内容",
    pasteHint: "聊天记录、转账短信、报警原话均可；姓名、电话、账号、金额、时间会自动识别并填入下方，请逐项核对。",
    parse: "识别并填入",
    found: "识别到 {items} 项、{transfers} 笔转账，请核对",
    nothing: "没有识别到账号、金额或电话",
    victim: "受害人",
    name: "姓名",
    phone: "联系电话",
    identity: "证件号码",
    address: "住址",
    account: "转出账户",
    channel: "报警方式",
    type: "诈骗类型",
    words: "报警内容",
    transfers: "被骗转账",
    to: "收款账号",
    payee: "收款人",
    bank: "收款银行",
    amount: "金额（元）",
    time: "转账时间",
    id: "流水号",
    add: "加一笔",
    remove: "删除第 {n} 笔",
    total: "合计 {sum}",
    follow: "同时沿资金链追踪，对可止付余额呈请止付",
    submit: "登记并止付",
    needName: "请填写受害人姓名",
    badPhone: "电话有误",
    badTransfer: "请填写收款账号和金额",
    reason: "受害人报警，沿资金链止付",
    row: "第 {n} 笔",
  },
  {
    title: "Take a report",
    timer: "Time {time}",
    paste: "Paste what the victim sent",
    pasteHint:
      "Chats, bank messages, the caller's own words. Name, phone, accounts, amounts and times are found and filled in below: please check each.",
    parse: "Read and fill in",
    found: "Found: {items} items, transfers: {transfers}. Please check them below",
    nothing: "No account, amount or phone found",
    victim: "Victim",
    name: "Name",
    phone: "Phone",
    identity: "Identity number",
    address: "Address",
    account: "Paid from",
    channel: "How it came",
    type: "Type of fraud",
    words: "What the victim says",
    transfers: "What was paid",
    to: "To account",
    payee: "Payee",
    bank: "Bank",
    amount: "Amount (yuan)",
    time: "When",
    id: "Transfer no.",
    add: "Another one",
    remove: "Remove no. {n}",
    total: "Total {sum}",
    follow: "Also follow the money and propose stops wherever some can still be reached",
    submit: "Take it and stop the money",
    needName: "Please give the victim's name",
    badPhone: "This is no phone number",
    badTransfer: "Please give account and amount",
    reason: "reported by the victim: stop along the trace",
    row: "No. {n}",
  },
);

interface Outcome {
  report: Row;
  paid: readonly PaidTransfer[];
  along: Along | null;
}

export default function IntakePage() {
  const t = useTexts(T);
  const [round, setRound] = useState(0);
  return (
    <div className="intake">
      <PageHead title={t("title")} note={<Timer key={round} />} />
      <Intake
        key={round}
        onAgain={() => {
          taken = null;
          setRound(round + 1);
        }}
      />
    </div>
  );
}

/** How long this one has taken: the aim is three minutes. */
function Timer() {
  const t = useTexts(T);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds((n) => n + 1), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return <span className={seconds > 180 ? "num countdown-warning" : "num"}>{t("timer", { time })}</span>;
}

/** What was typed, or what came of it, while one looks at another page; in memory alone, since it is about people. */
let kept: IntakeDraft | null = null;
let taken: Outcome | null = null;

function useKeptDraft() {
  const [draft, setDraft] = useState<IntakeDraft>(() => kept ?? emptyDraft());
  useEffect(() => {
    kept = isEmpty(draft) ? null : draft;
  }, [draft]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (kept) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  return [draft, setDraft] as const;
}

function Intake({ onAgain }: { onAgain: () => void }) {
  const t = useTexts(T);
  const types = useDated("fraud_type");
  const client = useQueryClient();
  const [draft, setDraft] = useKeptDraft();
  const [follow, setFollow] = useState(true);
  const [faults, setFaults] = useState<{ names: IntakeFault[]; bad: number[] }>({ names: [], bad: [] });
  const once = useRef(newKey());
  const sending = useSending();
  const submit = useMutation<Outcome, Error, Record<string, unknown>>({
    mutationFn: async (body) => {
      const report = await request<Row>("POST", "/v1/reports", { body, once: once.current });
      const told = body.transfers as { to: string; id?: string; time?: string; amount_fen: number }[];
      const paid = told.map((one) => ({ ...one, transfer: one.id ?? null }));
      const along = follow && paid.length > 0 ? await stopAlong(paid, report.id, t("reason")) : null;
      return { report, paid, along };
    },
    onSuccess: (outcome) => {
      const { report } = outcome;
      kept = null;
      taken = outcome;
      invalidate(client, "report", report.id);
      void client.invalidateQueries({ queryKey: ["list", "stop"] });
    },
    onError: sending.again,
  });
  const change = (to: Partial<IntakeDraft>) => setDraft({ ...draft, ...to });
  const run = () => {
    const made = bodyOf(draft);
    setFaults({ names: made.faults, bad: made.bad });
    if (made.faults.length === 0 && sending.begin()) submit.mutate(made.body);
  };
  const outcome = submit.data ?? taken;
  if (outcome) {
    return <Taken {...outcome} onAgain={onAgain} />;
  }
  const has = (name: IntakeFault) => faults.names.includes(name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <Paste onParsed={(parsed, text) => setDraft((before) => fillIn(before, parsed, text, types))} />
      <Victim
        draft={draft}
        onChange={change}
        nameError={has("name") ? t("needName") : undefined}
        phoneError={has("phone") ? t("badPhone") : undefined}
      />
      <Transfers
        rows={draft.transfers}
        bad={faults.bad}
        error={has("transfers") ? t("badTransfer") : undefined}
        onChange={(transfers) => change({ transfers })}
      />
      <ProblemNote error={submit.error} />
      <div className="intake-submit">
        <Checkbox checked={follow} onChange={(event) => setFollow(event.target.checked)}>
          {t("follow")}
        </Checkbox>
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          icon={<ThunderboltOutlined aria-hidden="true" />}
          loading={submit.isPending}
        >
          {t("submit")}
        </Button>
      </div>
    </form>
  );
}

function Paste({ onParsed }: { onParsed: (parsed: Parsed, text: string) => void }) {
  const t = useTexts(T);
  const [text, setText] = useState("");
  const parse = useMutation<Parsed, Error, string>({
    mutationFn: (said) => request<Parsed>("POST", "/v1/intake/parse", { body: { text: said } }),
    onSuccess: onParsed,
  });
  const { data } = parse;
  // The demonstration's call is brought along.
  const words = (useLocation().state as { words?: string } | null)?.words;
  const brought = useRef(false);
  const { mutate } = parse;
  useEffect(() => {
    if (!words || brought.current) return;
    brought.current = true;
    setText(words);
    mutate(words);
  }, [words, mutate]);
  return (
    <section className="card" aria-labelledby="paste">
      <h2 id="paste">{t("paste")}</h2>
      <div className="paste">
        <TextArea
          aria-labelledby="paste"
          aria-describedby="paste-hint"
          rows={3}
          maxLength={60000}
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            // What is pasted into the empty box is read at once.
            const pasted = event.clipboardData.getData("text");
            if (text === "" && pasted.trim() !== "") parse.mutate(pasted);
          }}
        />
        <Button
          onClick={() => parse.mutate(text)}
          disabled={text.trim() === ""}
          loading={parse.isPending}
          data-parse="run"
        >
          {t("parse")}
        </Button>
      </div>
      <p id="paste-hint" className="field-hint">
        {t("pasteHint")}
      </p>
      {data && (
        <p role="status" className={data.items.length > 0 ? "note note-success" : "note note-warning"}>
          {data.items.length > 0
            ? t("found", { items: data.items.length, transfers: data.transfers.length })
            : t("nothing")}
        </p>
      )}
      <ProblemNote error={parse.error} />
    </section>
  );
}

const CHANNELS = ["phone", "counter", "online", "bank", "other"];

interface VictimProps {
  draft: IntakeDraft;
  onChange: (to: Partial<IntakeDraft>) => void;
  nameError: string | undefined;
  phoneError: string | undefined;
}

function Victim({ draft, onChange, nameError, phoneError }: VictimProps) {
  const t = useTexts(T);
  const label = useCodeLabel();
  const { language } = useLanguage();
  const types = useDated("fraud_type");
  const input = (name: "name" | "phone" | "identity" | "address" | "account", title: string, error?: string) => (
    <Labeled label={title} required={name === "name"} error={error}>
      {({ id, describedBy, invalid }) => (
        <Input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          {...(invalid ? { status: "error" as const } : {})}
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Labeled>
  );
  return (
    <section className="card" aria-labelledby="victim">
      <h2 id="victim">{t("victim")}</h2>
      <div className="fields">
        {input("name", t("name"), nameError)}
        {input("phone", t("phone"), phoneError)}
        {input("identity", t("identity"))}
        {input("account", t("account"))}
        {input("address", t("address"))}
        <Labeled label={t("channel")}>
          {({ id }) => (
            <Select
              id={id}
              value={draft.channel}
              onChange={(channel) => onChange({ channel })}
              options={CHANNELS.map((code) => ({ value: code, label: label("report", "channel", code) }))}
            />
          )}
        </Labeled>
        <Labeled label={t("type")}>
          {({ id }) => (
            <Select
              id={id}
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              value={draft.fraudType ?? null}
              onChange={(fraudType: string | null) => onChange({ fraudType: fraudType ?? undefined })}
              options={types.map((row) => ({ value: row.code, label: row[language] }))}
            />
          )}
        </Labeled>
        <Labeled label={t("words")} wide>
          {({ id }) => (
            <TextArea
              id={id}
              rows={2}
              value={draft.words}
              onChange={(event) => onChange({ words: event.target.value })}
            />
          )}
        </Labeled>
      </div>
    </section>
  );
}

interface TransfersProps {
  rows: TransferDraft[];
  bad: readonly number[];
  error: string | undefined;
  onChange: (rows: TransferDraft[]) => void;
}

function Transfers({ rows, bad, error, onChange }: TransfersProps) {
  const t = useTexts(T);
  const change = (key: number, to: Partial<TransferDraft>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...to } : row)));
  const sum = rows.reduce((all, row) => all + (parseYuan(row.amount) ?? 0), 0);
  return (
    <section className="card" aria-labelledby="paid">
      <h2 id="paid">
        {t("transfers")} <span className="faint num">{t("total", { sum: money(sum) })}</span>
      </h2>
      <ul className="transfers">
        {rows.map((row, index) => {
          const invalid = bad.includes(row.key);
          const text = (name: "to" | "name" | "id", title: string) => (
            <Labeled label={title} required={name === "to"}>
              {({ id }) => (
                <Input
                  id={id}
                  autoComplete="off"
                  className={name === "name" ? undefined : "num"}
                  {...(invalid && name === "to" ? { status: "error" as const } : {})}
                  value={row[name]}
                  onChange={(event) => change(row.key, { [name]: event.target.value })}
                />
              )}
            </Labeled>
          );
          return (
            <li key={row.key}>
              <fieldset className="transfer" data-transfer={index}>
                <legend className="sr-only">{t("row", { n: index + 1 })}</legend>
                {text("to", t("to"))}
                {text("name", t("payee"))}
                <Labeled label={t("amount")} required error={invalid ? error : undefined}>
                  {(ids) => (
                    <MoneyInput
                      {...ids}
                      value={row.amount}
                      onChange={(value) => change(row.key, { amount: String(value) })}
                    />
                  )}
                </Labeled>
                <Labeled label={t("time")}>
                  {(ids) => (
                    <TimeInput
                      {...ids}
                      value={row.time}
                      onChange={(value) => change(row.key, { time: value as string | undefined })}
                    />
                  )}
                </Labeled>
                <Labeled label={t("bank")}>
                  {(ids) => <BankPicker {...ids} value={row.bank} onChange={(bank) => change(row.key, { bank })} />}
                </Labeled>
                {text("id", t("id"))}
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t("remove", { n: index + 1 })}
                  disabled={rows.length === 1}
                  onClick={() => onChange(rows.filter((one) => one.key !== row.key))}
                />
              </fieldset>
            </li>
          );
        })}
      </ul>
      <Button
        size="small"
        icon={<PlusOutlined aria-hidden="true" />}
        onClick={() => onChange([...rows, emptyTransfer()])}
      >
        {t("add")}
      </Button>
    </section>
  );
}
