// My work: what is mine and due, what waits for somebody like me, what waits for a decision.
import { Button } from "antd";
import { Link, useNavigate } from "react-router";
import { countIn, type Query, useFirst, useWork } from "@/api/queries";
import { actOf, type Row, useWorkflow, useWorkflows } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { recordPath } from "@/app/paths";
import { type Role, useSession } from "@/app/session";
import { Countdown, FieldValue, StateTag, useActLabel, useNameOf } from "@/components/labels";
import { loadable } from "@/components/loadable";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading } from "@/components/states";
import { ROLES } from "@/i18n/codes";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type Approval, anchorOf } from "../approvals/approvals";
import { useApprovals } from "../approvals/useApprovals";
import { FirstMinutes } from "./FirstMinutes";
import { STARTS, TILES } from "./tiles";

const T = texts(
  {
    hello: "{name}，{unit}",
    mine: "我的待办",
    start: "常用",
    none: "没有待办",
    noneHint: "指派给您的预警、线索、案件会按期限排在这里。",
    waiting: "等待处理",
    approvals: "等待审批",
    all: "全部",
    overdue: "逾期 {n}",
  },
  {
    hello: "{name}, {unit}",
    mine: "My work",
    start: "Begin with",
    none: "Nothing is waiting for you",
    noneHint: "Warnings, leads and cases that are given to you appear here, the most urgent first.",
    waiting: "Waiting for somebody",
    approvals: "Waiting for a decision",
    all: "all",
    overdue: "{n} overdue",
  },
);

const MINE: readonly { kind: string; query: Query; telling: readonly string[] }[] = [
  {
    kind: "warning",
    query: { state: "new|signed|working|not_found|closing", order: "due" },
    telling: ["name", "fraud_type"],
  },
  { kind: "lead", query: { state: "assigned|accepted", order: "due" }, telling: ["title"] },
  { kind: "report", query: { state: "open" }, telling: ["victim_name", "fraud_type"] },
  { kind: "case", query: { state: "open|filing|filed", order: "-id" }, telling: ["title"] },
  { kind: "task", query: { state: "open", order: "due" }, telling: ["title"] },
];

const PartnerPage = loadable<object>(
  () => import("../partner/PartnerPage"),
  () => <Loading lines={8} />,
);

const AuditDay = loadable<object>(
  () => import("../audit/AuditDay"),
  () => <Loading lines={8} />,
);

/** A partner's desk is the portal. */
export default function HomePage() {
  const { has } = useSession();
  return has(["partner"]) ? <PartnerPage /> : <Desk />;
}

function Desk() {
  const t = useTexts(T);
  const pick = usePick();
  const { language } = useLanguage();
  const { me, roles, has } = useSession();
  const work = useWork().data;
  const unit = language === "zh" ? me.unit.name_zh : me.unit.name_en;
  const tiles = TILES.filter((tile) => has(tile.roles));
  const approvals = useApprovals();
  // Who watches or runs the system is given no records to work on.
  const isWatching = roles.every((role) => role === "auditor" || role === "administrator");
  const waiting = approvals.reduce((sum, one) => sum + countIn(work, one.kind, one.states), 0);
  return (
    <>
      <PageHead
        title={t("hello", { name: me.name ?? me.login, unit: unit ?? "" })}
        note={roles.map((role) => pick(ROLES[role] ?? [role, role])).join(language === "zh" ? "、" : ", ")}
        actions={<Starts />}
      />
      <FirstMinutes />
      {(tiles.length > 0 || approvals.length > 0) && (
        <section aria-label={t("waiting")}>
          <ul className="tiles">
            {approvals.length > 0 && (
              <li>
                <Link className={waiting > 0 ? "tile tile-hot" : "tile"} to="/approvals">
                  <span className="tile-n num">{waiting}</span>
                  <span className="tile-label">{t("approvals")}</span>
                </Link>
              </li>
            )}
            {tiles.map((tile) => {
              const n = countIn(work, tile.kind, tile.states);
              return (
                <li key={pick(tile.label)}>
                  <Link className="tile" to={tile.to}>
                    <span className="tile-n num">{n >= 1000 ? "999+" : n}</span>
                    <span className="tile-label">{pick(tile.label)}</span>
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {waiting > 0 && <Deciding approvals={approvals} />}
      {has(["auditor"]) && <AuditDay />}
      {isWatching ? null : (
        <section className="card" aria-labelledby="mine">
          <h2 id="mine">{t("mine")}</h2>
          <Mine user={me.user} isSecond={waiting > 0} />
        </section>
      )}
    </>
  );
}

function Starts() {
  const t = useTexts(T);
  const pick = usePick();
  const navigate = useNavigate();
  const { has } = useSession();
  const starts = STARTS.filter((one) => has(one.roles)).slice(0, 2);
  if (starts.length === 0) return null;
  return (
    <nav className="inline-acts" aria-label={t("start")}>
      {starts.map((one, at) => (
        <Button
          key={one.to}
          type={at === 0 ? "primary" : "default"}
          href={one.to}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            navigate(one.to);
          }}
        >
          {pick(one.label)}
        </Button>
      ))}
    </nav>
  );
}

/** What a second person is asked to decide, by kind. */
function Deciding({ approvals }: { approvals: readonly Approval[] }) {
  const t = useTexts(T);
  const work = useWork().data;
  const nameOf = useNameOf();
  const labelOf = useActLabel();
  const workflows = useWorkflows();
  return (
    <section className="card" aria-label={t("approvals")}>
      <h2>{t("approvals")}</h2>
      <ul className="work-list">
        {approvals.map((one) => {
          const workflow = workflows?.byKind.get(one.kind);
          const act = actOf(workflow, one.approve);
          const n = countIn(work, one.kind, one.states);
          if (!workflow || !act || n === 0) return null;
          return (
            <li key={`${one.kind}-${one.approve}`}>
              <Link to={`/approvals#${anchorOf(one)}`} className="work-row">
                <span className="hit-kind">{nameOf(workflow)}</span>
                <span className="strong">{labelOf(act)}</span>
                <span className="num strong">{n}</span>
                {workflow.due && <Soonest kind={one.kind} states={one.states} due={workflow.due} />}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** How long the most urgent of them still has. */
function Soonest({ kind, states, due }: { kind: string; states: readonly string[]; due: string }) {
  const [first] = useFirst(kind, { state: states.join("|"), order: due }, 1).data?.items ?? [];
  return first?.[due] ? <Countdown until={first[due] as string} /> : null;
}

function Mine({ user, isSecond }: { user: number; isSecond: boolean }) {
  const t = useTexts(T);
  const work = useWork();
  const { has } = useSession();
  const readers = useWorkflow("task")?.readers.split(",") as Role[] | undefined;
  const readable = new Set(work.data?.items.map((item) => item.kind));
  if (readers && has(readers)) readable.add("task"); // no desk counts them
  if (work.error && !work.data) return <Failed error={work.error} retry={() => void work.refetch()} />;
  if (work.isPending) return <Loading lines={5} />;
  return (
    <MineList
      lists={MINE.filter((one) => readable.has(one.kind))}
      user={user}
      empty={isSecond ? <p className="faint">{t("noneHint")}</p> : <Empty title={t("none")} hint={t("noneHint")} />}
    />
  );
}

function MineList({ lists, user, empty }: { lists: typeof MINE; user: number; empty: React.ReactNode }) {
  const warning = useMine(lists, "warning", user);
  const lead = useMine(lists, "lead", user);
  const report = useMine(lists, "report", user);
  const ofCase = useMine(lists, "case", user);
  const task = useMine(lists, "task", user);
  const all = [warning, lead, report, ofCase, task];
  if (all.some((one) => one.isLoading)) return <Loading lines={5} />;
  const rows = all
    .flatMap((one) => one.rows.map((row) => ({ kind: one.kind, row, telling: one.telling, due: one.dueOf(row) })))
    .sort((a, b) => a.due - b.due);
  if (rows.length === 0) return empty;
  return (
    <ul className="work-list">
      {rows.map(({ kind, row, telling }) => (
        <li key={`${kind}-${row.id}`}>
          <WorkRow kind={kind} row={row} telling={telling} />
        </li>
      ))}
    </ul>
  );
}

function useMine(lists: typeof MINE, kind: string, user: number) {
  const list = lists.find((one) => one.kind === kind);
  const workflow = useWorkflow(kind);
  const enabled = list !== undefined && workflow?.assignee !== null && user > 0;
  const found = useFirst(kind, { ...list?.query, [workflow?.assignee ?? "assignee"]: user }, 20, enabled);
  const due = workflow?.due ?? "";
  return {
    kind,
    telling: list?.telling ?? [],
    rows: found.data?.items ?? [],
    isLoading: enabled && found.isLoading,
    dueOf: (row: Row) => (row[due] ? Date.parse(row[due] as string) : Number.MAX_SAFE_INTEGER),
  };
}

function WorkRow({ kind, row, telling }: { kind: string; row: Row; telling: readonly string[] }) {
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  if (!workflow) return null;
  return (
    <Link to={recordPath(workflow, row.id) ?? "/"} className="work-row">
      <span className="hit-kind">{nameOf(workflow)}</span>
      <span className="num strong">{recordNumber(workflow.prefix, row.id)}</span>
      <StateTag kind={kind} state={row.state ?? null} />
      {row.tier ? <StateTag kind={kind} field="tier" state={row.tier as string} /> : <span />}
      <span className="hit-words">
        {telling.map((name) => (
          <span key={name}>
            <FieldValue
              kind={kind}
              field={workflow.fields.find((field) => field.name === name)}
              name={name}
              value={row[name]}
            />
          </span>
        ))}
      </span>
      {workflow.due ? <Countdown until={row[workflow.due] as string | null} /> : <span />}
    </Link>
  );
}
