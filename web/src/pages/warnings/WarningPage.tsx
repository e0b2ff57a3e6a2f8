// The dissuasion desk: whom to reach and how, what to say, each attempt in two clicks, what was tried before, and the next one.
import { PhoneOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox } from "antd";
import { useMemo, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { newKey, request } from "@/api/client";
import { Problem } from "@/api/problem";
import { invalidate, useChildren, useFirst } from "@/api/queries";
import type { Row } from "@/api/workflow";
import { type Key, useKeys } from "@/app/keys";
import { Code, Money, RecordLink, StateTag, Tag, Time, UserName, useCodeLabel } from "@/components/labels";
import { RecordFrame } from "@/components/RecordFrame";
import { useReveal } from "@/components/reveal";
import { useSending } from "@/components/sending";
import { Empty, Loading, NoPage, ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import "./warnings.css";
import { TextArea } from "@/components/TextArea";

const T = texts(
  {
    person: "受害人",
    phone: "电话",
    address: "住址",
    why: "预警理由",
    next: "下一步",
    sofar: "已尝试 {n} 次",
    reached: "已联系上",
    confirmed: "已确认",
    script: "话术",
    attempt: "登记劝阻",
    channel: "方式",
    result: "结果",
    face: "当面",
    identity: "已核验身份",
    words: "谈话要点（可不填）",
    save: "登记",
    saved: "已登记",
    attempts: "劝阻记录",
    none: "还没有劝阻记录",
    noneHint: "签收后即可登记电话、上门等劝阻情况。",
    others: "同一受害人的其他预警",
    moved: "已转出",
    stop: "止付",
    nextOne: "下一条待办（n）",
    noNext: "没有其他在办预警",
    closeRule: "高、紧急预警须当面或确认联系上后方可办结，并由他人审核。",
  },
  {
    person: "Victim",
    phone: "Phone",
    address: "Address",
    why: "Why",
    next: "Next",
    sofar: "{n} attempts",
    reached: "Reached",
    confirmed: "Confirmed",
    script: "What to say",
    attempt: "Record an attempt",
    channel: "How",
    result: "Result",
    face: "Face to face",
    identity: "Identity checked",
    words: "What was said (may be left empty)",
    save: "Record",
    saved: "Recorded",
    attempts: "Attempts",
    none: "No attempts yet",
    noneHint: "Once it is signed for, calls and visits are recorded here.",
    others: "Other warnings of this victim",
    moved: "Gone already",
    stop: "Stop order",
    nextOne: "Next open one (n)",
    noNext: "No other open warning",
    closeRule:
      "High and urgent ones close only after a face-to-face or confirmed contact, signed off by somebody else.",
  },
);

interface Warning extends Row {
  name: string | null;
  phone: string | null;
  address: string | null;
  reason: string | null;
  tier: string;
  victim: string;
  next_channel: string | null;
  attempts: number;
  is_reached: boolean;
  is_confirmed: boolean;
  moved_fen: number | null;
  stop: number | null;
}

const PRIMARY: readonly string[] = ["sign", "approve_closing", "propose_closing", "call_back"];

export default function WarningPage() {
  const { id = "" } = useParams();
  if (!/^\d+$/.test(id)) return <NoPage />;
  return <Desk key={id} id={Number(id)} />;
}

function Desk({ id }: { id: number }) {
  const t = useTexts(T);
  const navigate = useNavigate();
  const { message } = App.useApp();
  const open = useFirst("warning", { state: "new|signed|working", order: "due" }, 20);
  const next = open.data?.items.find((row) => row.id !== id);
  const goNext = useMemo(
    () => () => (next ? navigate(`/warnings/${next.id}`) : message.info(t("noNext"))),
    [next, navigate, message, t],
  );
  useKeys(
    useMemo<Key[]>(
      () => [
        { key: "n", does: ["下一条待办预警", "Next open warning"], run: goNext },
        {
          key: "d",
          does: ["登记劝阻：到方式与结果", "Record an attempt: to how and what came of it"],
          run: () => document.querySelector<HTMLElement>(ATTEMPT_FIRST)?.focus(),
          when: () => document.querySelector(ATTEMPT_FIRST) !== null,
        },
      ],
      [goNext],
    ),
  );
  return (
    <RecordFrame<Warning>
      kind="warning"
      primary={PRIMARY}
      id={id}
      except={ATTEMPT}
      title={(row) => row.name}
      lead={(row) => <Person row={row} />}
      tabs={(row) => [{ key: "attempts", label: t("attempts"), children: <Attempts row={row} /> }]}
      side={(row) => (
        <>
          <Script id={row.id} />
          <Others row={row} />
          <Button block onClick={goNext}>
            {t("nextOne")}
          </Button>
        </>
      )}
    />
  );
}

const ATTEMPT = ["attempt"];
const ATTEMPT_FIRST = "form.attempt button[data-choice]";

function Person({ row }: { row: Warning }) {
  const t = useTexts(T);
  return (
    <section className="card person" aria-label={t("person")}>
      <dl className="person-facts">
        <div>
          <dt>{t("phone")}</dt>
          <dd className="person-phone num">
            <PhoneOutlined aria-hidden="true" /> {row.phone ?? "—"}
          </dd>
        </div>
        <div>
          <dt>{t("next")}</dt>
          <dd>
            <Code kind="warning" field="next_channel" code={row.next_channel} />{" "}
            <span className="faint">{t("sofar", { n: row.attempts })}</span>
          </dd>
        </div>
        <div>
          <dt>{t("address")}</dt>
          <dd>{row.address ?? "—"}</dd>
        </div>
        <div>
          <dt>{t("why")}</dt>
          <dd className="words">{row.reason ?? "—"}</dd>
        </div>
        {row.moved_fen ? (
          <div>
            <dt>{t("moved")}</dt>
            <dd>
              <Money fen={row.moved_fen} />
            </dd>
          </div>
        ) : null}
        {row.stop ? (
          <div>
            <dt>{t("stop")}</dt>
            <dd>
              <RecordLink kind="stop" id={row.stop} />
            </dd>
          </div>
        ) : null}
      </dl>
      <p className="person-flags">
        {row.is_reached && <Tag tone="success">{t("reached")}</Tag>}
        {row.is_confirmed && <Tag tone="success">{t("confirmed")}</Tag>}
        {(row.tier === "high" || row.tier === "urgent") && <span className="faint">{t("closeRule")}</span>}
      </p>
      {row.acts?.includes("attempt") && <AttemptForm row={row} />}
    </section>
  );
}

const CHANNELS = ["phone", "three_way", "visit", "sms"];
const RESULTS: Record<string, readonly string[]> = {
  sms: ["sent"],
  phone: ["no_answer", "wrong_number", "refused", "reached", "dissuaded"],
  three_way: ["no_answer", "refused", "reached", "dissuaded"],
  visit: ["not_there", "refused", "reached", "dissuaded"],
};
const MET = new Set(["refused", "reached", "dissuaded"]);

/** What happens fifty times a day is two clicks: how, and with what result. */
function AttemptForm({ row }: { row: Warning }) {
  const t = useTexts(T);
  const label = useCodeLabel();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [channel, setChannel] = useState(row.next_channel ?? "phone");
  const [result, setResult] = useState<string | null>(null);
  const [face, setFace] = useState(false);
  const [identity, setIdentity] = useState(false);
  const [words, setWords] = useState("");
  const once = useRef(newKey());
  const sending = useSending();
  const met = result !== null && MET.has(result);
  const save = useMutation({
    mutationFn: () =>
      request("POST", `/v1/warnings/${row.id}/attempt`, {
        body: {
          channel,
          result,
          is_face_to_face: met && channel === "visit" && face,
          is_identity_checked: met && identity,
          ...(words.trim() ? { words: words.trim() } : {}),
        },
        once: once.current,
      }),
    onSuccess: () => {
      message.success(t("saved"));
      setResult(null);
      setWords("");
      invalidate(client, "warning", row.id);
    },
    onSettled: (_data, problem) => {
      if (!(problem instanceof Problem && problem.isOffline)) once.current = newKey();
      sending.again();
    },
  });
  return (
    <form
      className="attempt"
      onSubmit={(event) => {
        event.preventDefault();
        if (result && sending.begin()) save.mutate();
      }}
    >
      <h2>{t("attempt")}</h2>
      <Choice
        label={t("channel")}
        codes={CHANNELS}
        value={channel}
        text={(code) => label("attempt", "channel", code)}
        onChange={(code) => {
          setChannel(code);
          setResult(null);
          setFace(code === "visit");
        }}
      />
      <Choice
        label={t("result")}
        codes={RESULTS[channel] ?? []}
        value={result}
        text={(code) => label("attempt", "result", code)}
        onChange={setResult}
      />
      {met && (
        <div className="attempt-checks">
          {channel === "visit" && (
            <Checkbox checked={face} onChange={(event) => setFace(event.target.checked)}>
              {t("face")}
            </Checkbox>
          )}
          <Checkbox checked={identity} onChange={(event) => setIdentity(event.target.checked)}>
            {t("identity")}
          </Checkbox>
        </div>
      )}
      <div className="attempt-line">
        <TextArea
          aria-label={t("words")}
          placeholder={t("words")}
          rows={1}
          maxLength={1000}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button
          type="primary"
          htmlType="submit"
          disabled={result === null}
          loading={save.isPending}
          data-attempt="save"
        >
          {t("save")}
        </Button>
      </div>
      <ProblemNote error={save.error} />
    </form>
  );
}

interface ChoiceProps {
  label: string;
  codes: readonly string[];
  value: string | null;
  text: (code: string) => string;
  onChange: (code: string) => void;
}

function Choice({ label, codes, value, text, onChange }: ChoiceProps) {
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      {codes.map((code) => (
        <Button
          key={code}
          size="small"
          type={code === value ? "primary" : "default"}
          aria-pressed={code === value}
          data-choice={code}
          onClick={() => onChange(code)}
        >
          {text(code)}
        </Button>
      ))}
    </fieldset>
  );
}

interface Attempt extends Row {
  channel: string;
  result: string;
  is_face_to_face: boolean | null;
  is_identity_checked: boolean | null;
  words: string | null;
  by: number | null;
  at: string;
}

function Attempts({ row }: { row: Warning }) {
  const t = useTexts(T);
  const { purpose } = useReveal();
  const { data } = useChildren<Attempt>("warning", row.id, "attempts", purpose);
  if (!data) return <Loading lines={4} />;
  if (data.items.length === 0) return <Empty title={t("none")} hint={t("noneHint")} />;
  return (
    <ol className="timeline">
      {data.items.map((one) => (
        <li key={one.id}>
          <div className="timeline-head">
            <Time value={one.at} second />
            <span className="strong">
              <Code kind="attempt" field="channel" code={one.channel} /> ·{" "}
              <Code kind="attempt" field="result" code={one.result} />
            </span>
            {one.is_face_to_face && <Tag tone="success">{t("face")}</Tag>}
            {one.is_identity_checked && <Tag tone="success">{t("identity")}</Tag>}
            <span className="timeline-who">
              <UserName id={one.by} />
            </span>
          </div>
          {one.words && <p className="words">{one.words}</p>}
        </li>
      ))}
    </ol>
  );
}

interface ScriptText {
  zh: string;
  en: string;
  title_zh: string;
}

function Script({ id }: { id: number }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ["child", "warning", id, "script"],
    queryFn: () => request<ScriptText>("GET", `/v1/warnings/${id}/script`),
    retry: false,
  });
  if (!data) return null;
  return (
    <section className="card" aria-labelledby="script">
      <h2 id="script">{t("script")}</h2>
      <p className="script">{data[language]}</p>
    </section>
  );
}

function Others({ row }: { row: Warning }) {
  const t = useTexts(T);
  // The key is masked in the record, so that others are found by the thread that the daemon keeps.
  const thread = (row.thread as number | null) ?? row.id;
  const { data } = useFirst("warning", { thread }, 10);
  const others = (data?.items ?? []).filter((one) => one.id !== row.id);
  if (others.length === 0) return null;
  return (
    <section className="card" aria-label={t("others")}>
      <h2>{t("others")}</h2>
      <ul>
        {others.map((one) => (
          <li key={one.id}>
            <RecordLink kind="warning" id={one.id} /> <StateTag kind="warning" state={one.state ?? null} />
          </li>
        ))}
      </ul>
    </section>
  );
}
