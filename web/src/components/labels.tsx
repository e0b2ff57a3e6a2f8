// Words for what a record holds: states, codes, people, units, money, times, keys.
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Link } from "react-router";
import { useDirectory, useUnits, useUsers } from "@/api/directory";
import { type Act, type Field, fieldOf, useWorkflow, useWorkflows } from "@/api/workflow";
import { count, duration, grouped, keyParts, layerName, money, recordNumber, time } from "@/app/format";
import { recordPath } from "@/app/paths";
import { useSession } from "@/app/session";
import { actWords } from "@/i18n/actWords";
import { codeLabel, KINDS, type Tone, toneOf } from "@/i18n/codes";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { STANDING } from "@/i18n/standing";
import { type Both, texts } from "@/i18n/texts";

const T = texts(
  { yes: "是", no: "否", left: "剩 {time}", over: "逾期 {time}", system: "系统" },
  { yes: "Yes", no: "No", left: "{time} left", over: "{time} over", system: "System" },
);

export function Tag({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}

/** Labels begin with a capital letter; the desk's tables are written as parts of sentences. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Codes of dated tables bring their words; a tier's row says more than its name, so it is not asked. */
const OWN_WORDS = new Set(["tier", "state"]);

export function useCodeLabel(): (kind: string, field: string, code: string) => string {
  const pick = usePick();
  const { language } = useLanguage();
  const { workflows, wordOf } = useDirectory();
  return useCallback(
    (kind: string, field: string, code: string) => {
      const table = fieldOf(workflows?.byKind.get(kind), field)?.target ?? field;
      const row = OWN_WORDS.has(table) ? undefined : wordOf(table, code);
      return row ? capital(row[language]) : pick(codeLabel(kind, field, code));
    },
    [workflows, wordOf, language, pick],
  );
}

export function Code({ kind, field, code }: { kind: string; field: string; code: string | null | undefined }) {
  const label = useCodeLabel();
  return code ? label(kind, field, code) : "—";
}

export function StateTag({ kind, state, field = "state" }: { kind: string; state?: string | null; field?: string }) {
  const label = useCodeLabel();
  return state ? <Tag tone={toneOf(state)}>{label(kind, field, state)}</Tag> : null;
}

interface Named {
  zh: string;
  en: string;
}

/** The name of a field, an act, a kind in the reader's language. */
export function useNameOf(): (named: Named | undefined) => string {
  const { language } = useLanguage();
  return (named) => capital(EXPLAINED.exec(named?.[language] ?? "")?.[1] ?? "");
}

/** What its name goes on to explain, for a hint; "": nothing. */
export function useHintOf(): (named: Named | undefined) => string {
  const { language } = useLanguage();
  return (named) => capital(EXPLAINED.exec(named?.[language] ?? "")?.[2] ?? "");
}

/** "Warn; what comes of the same victim joins the open thread" is named "Warn"; the rest explains. */
const EXPLAINED = /^([^:：;；]*)(?:[:：;；]\s*(.*))?$/s;

/**
 * An act on a button. Its English name in the tables is a sentence that says what happens ("It is not wanted, and nothing of it
 * was taken in"): too long to press; so its code in words ("Discard"). The sentence is the button's tooltip and the dialog's title.
 */
export function useActLabel(): (act: Act) => string {
  const { language } = useLanguage();
  const nameOf = useNameOf();
  return (act) => (language === "zh" ? (nameOf(act).split("（")[0] ?? "") : actWords(act.name));
}

/** What an act rests on, in the reader's language; what people wrote themselves stays as it is. */
export function useLaw(): (law: string) => string {
  const { language } = useLanguage();
  const workflows = useWorkflows();
  return (law) => workflows?.laws.get(law)?.[language] ?? law;
}

export function UserName({ id }: { id: number | null | undefined }) {
  const t = useTexts(T);
  const { me, has } = useSession();
  const users = useUsers(!has(["partner"]));
  if (id === null || id === undefined) return "—";
  if (id === 0) return t("system");
  if (id === me.user) return me.name ?? me.login;
  return users?.find((user) => user.id === id)?.name ?? `#${id}`;
}

export function UnitName({ id }: { id: number | null | undefined }) {
  const { language } = useLanguage();
  const { has } = useSession();
  const units = useUnits(!has(["partner"]));
  if (id === null || id === undefined) return "—";
  const unit = units?.find((one) => one.id === id);
  return unit ? (language === "zh" ? unit.name_zh : unit.name_en) : `#${id}`;
}

export function Money({ fen }: { fen: number | null | undefined }) {
  return <span className="num">{money(fen)}</span>;
}

/** An account's distance from the victim. */
export function Layer({ n }: { n: number }) {
  const { language } = useLanguage();
  return <span>{layerName(n, language)}</span>;
}

export function Time({ value, second }: { value: string | null | undefined; second?: boolean }) {
  if (!value) return "—";
  return (
    <time className="num" dateTime={value}>
      {time(value, second ? "second" : "minute")}
    </time>
  );
}

/** kind:value, the value in groups as on a card. */
export function KeyText({ value }: { value: string | null | undefined }) {
  const pick = usePick();
  if (!value) return "—";
  const parts = keyParts(value);
  const kind = KINDS[parts.kind];
  return (
    <span className="key">
      {kind && <span className="key-kind">{pick(kind)}</span>}
      <span className="num">{grouped(parts.value)}</span>
    </span>
  );
}

// One clock for all countdowns of the page.
const ticking = new Set<(now: number) => void>();
let clock: number | undefined;

function useNow(): number {
  const [now, setNow] = useState(() => Date.now() + serverAhead.ms);
  useEffect(() => {
    ticking.add(setNow);
    clock ??= window.setInterval(() => {
      for (const tick of ticking) tick(Date.now() + serverAhead.ms);
    }, 1000);
    return () => {
      ticking.delete(setNow);
      if (ticking.size === 0) {
        window.clearInterval(clock);
        clock = undefined;
      }
    };
  }, []);
  return now;
}

/** How far the daemon's clock is ahead of this machine's: deadlines are the daemon's (app/clock.ts sets it). */
export const serverAhead = { ms: 0 };

/** Time left until a deadline, by the daemon's clock; red when it is over, amber in the last part. */
export function Countdown({ until, soonMs = 15 * 60_000 }: { until: string | null | undefined; soonMs?: number }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const now = useNow();
  if (!until) return "—";
  const left = Date.parse(until) - now;
  const tone: Tone = left < 0 ? "danger" : left < soonMs ? "warning" : "neutral";
  const text = duration(left, language);
  return (
    <time className={`countdown countdown-${tone} num`} dateTime={until} title={time(until, "second")}>
      {left < 0 ? t("over", { time: text }) : t("left", { time: text })}
    </time>
  );
}

export function RecordLink({ kind, id }: { kind: string; id: number }) {
  const workflow = useWorkflow(kind);
  const text = recordNumber(workflow?.prefix, id);
  const to = workflow ? recordPath(workflow, id) : null;
  return to ? (
    <Link to={to} className="num">
      {text}
    </Link>
  ) : (
    <span className="num">{text}</span>
  );
}

interface ValueProps {
  kind: string;
  field: string;
  value: unknown;
}

/** A field's value, as its type asks. */
export function Value({ kind, field: name, value }: ValueProps) {
  const field = fieldOf(useWorkflow(kind), name);
  return <FieldValue kind={kind} field={field} name={name} value={value} />;
}

export function FieldValue({ kind, field, name, value }: FieldValueProps) {
  const t = useTexts(T);
  const workflows = useWorkflows();
  if (value === null || value === undefined || value === "") return "—";
  switch (field?.type) {
    case "money":
      return <Money fen={value as number} />;
    case "time":
      return <Time value={value as string} />;
    case "boolean":
      return value ? t("yes") : t("no");
    case "key":
      return <KeyText value={value as string} />;
    case "code":
      return name === "state" || name === "tier" || name === "urgency" ? (
        <StateTag kind={kind} field={name} state={value as string} />
      ) : (
        <Code kind={kind} field={name} code={value as string} />
      );
    case "duration":
      return <DurationText ms={value as number} />;
    case "text":
      if (name === "institution" || name === "bank") return <Institution code={String(value)} />;
      if (name === "law") return <Law law={String(value)} />;
      if (name === "result_code") return <BankResult code={String(value)} />;
      return (
        <span className="words">
          {SAID.has(`${kind}.${name}`) ? <Said text={String(value)} /> : <Standing text={String(value)} />}
        </span>
      );
    case "reference":
      if (field.target === "user") return <UserName id={value as number} />;
      if (field.target === "unit") return <UnitName id={value as number} />;
      return workflows?.byKind.has(field.target ?? "") ? (
        <RecordLink kind={field.target ?? ""} id={value as number} />
      ) : (
        <span className="num">#{String(value)}</span>
      );
    case "integer":
      return <span className="num">{count(value as number)}</span>;
    case "json":
      return <JsonValue value={value} />;
    default:
      return <span className="words">{String(value)}</span>;
  }
}

const MEMBERS: Readonly<Record<string, Both>> = {
  party: ["受害人", "Victim"],
  loss_fen: ["损失金额", "Loss"],
  refunded_fen: ["已获返还", "Received already"],
  to_account: ["返还账号", "Pay back to"],
  accounts: ["转出账号", "Paid from"],
  time: ["时间", "Time"],
  direction: ["方向", "Direction"],
  amount_fen: ["金额", "Amount"],
  group: ["分组", "Group"],
};

function member(name: string, value: unknown): ReactNode {
  if (value === null || value === undefined) return "—";
  if (name.endsWith("_fen") && typeof value === "number") return <Money fen={value} />;
  if (Array.isArray(value)) return value.map((one) => grouped(keyParts(String(one)).value)).join("，");
  if (name === "to_account") return <KeyText value={String(value)} />;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A list of things is a table; what is anything else, is shown as it is. */
function JsonValue({ value }: { value: unknown }) {
  const pick = usePick();
  const rows = Array.isArray(value)
    ? (value as unknown[]).filter((row) => typeof row === "object" && row !== null)
    : [];
  if (rows.length === 0) return <code className="json">{JSON.stringify(value)}</code>;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row as object)))];
  return (
    <table className="plain">
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} className={name.endsWith("_fen") ? "right" : undefined}>
              {pick(MEMBERS[name] ?? [name, name])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <tr key={at}>
            {names.map((name) => (
              <td key={name} className={name.endsWith("_fen") ? "right" : undefined}>
                {member(name, (row as Record<string, unknown>)[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface FieldValueProps {
  kind: string;
  field: Field | undefined;
  name: string;
  value: unknown;
}

/** Fields in which the daemon wrote a sentence. */
const SAID = new Set(["import.why", "rule_change.failure", "delivery.last_error", "inquiry.rejects"]);

function Law({ law }: { law: string }) {
  return <span className="words">{useLaw()(law)}</span>;
}

function Said({ text }: { text: string }) {
  const said = useSaid();
  return text
    .split("\n")
    .map((line) => said(line))
    .join("\n");
}

/** A sentence that the daemon always writes alike, else what a person wrote. */
export function Standing({ text }: { text: string }) {
  const { language } = useLanguage();
  const english = language === "en" ? STANDING[text] : undefined;
  return english ? <span title={text}>{english}</span> : text;
}

/** What a dated table has for a code, in words; else the code. */
function DatedWord({ table, code }: { table: string; code: string | null | undefined }) {
  const { language } = useLanguage();
  const { wordOf } = useDirectory();
  if (!code) return "—";
  const row = wordOf(table, code);
  return row ? <span title={code}>{row[language]}</span> : <span className="num">{code}</span>;
}

export const Institution = ({ code }: { code: string | null | undefined }) => (
  <DatedWord table="institution" code={code} />
);

export const BankResult = ({ code }: { code: string | null | undefined }) => (
  <DatedWord table="bank_result" code={code} />
);

function DurationText({ ms }: { ms: number }) {
  const { language } = useLanguage();
  return <span className="num">{duration(ms, language)}</span>;
}
