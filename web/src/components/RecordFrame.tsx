// The frame of a record's page: what it is, in which state, until when; who else is here; what can be done now; what is known;
// what happened. Pages put their own parts into it.
import { Tabs } from "antd";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useRecord } from "@/api/queries";
import { type Field, fourEyesBlocks, isTelling, type Row, useWorkflow, useWorkflows } from "@/api/workflow";
import { useCrumb } from "@/app/crumbs";
import { recordNumber } from "@/app/format";
import { type Key, useKeys } from "@/app/keys";
import { type Role, useSession } from "@/app/session";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ActBar } from "./acts";
import { ChildList } from "./children";
import { Comments } from "./comments";
import { History } from "./history";
import { Countdown, FieldValue, StateTag, UserName, useNameOf } from "./labels";
import { Presence } from "./presence";
import { RevealButton, RevealNote, RevealProvider, useReveal } from "./reveal";
import { Failed, Loading } from "./states";

const T = texts(
  {
    facts: "基本信息",
    history: "办理经过",
    comments: "备注交流",
    due: "期限",
    assignee: "承办人",
    nobody: "未指派",
  },
  {
    facts: "Facts",
    history: "History",
    comments: "Comments",
    due: "Due",
    assignee: "Assigned to",
    nobody: "nobody",
  },
);

export interface RecordTab {
  key: string;
  label: string;
  children: ReactNode;
}

interface RecordFrameProps<T extends Row> {
  kind: string;
  id: number;
  /** Beside the number. */
  title?: (row: T) => ReactNode;
  /** Acts that the page offers in its own way. */
  except?: readonly string[];
  /** Acts that move it on, the most wanted first: the main button. */
  primary?: readonly string[];
  /** Above the tabs: what matters most. */
  lead?: (row: T) => ReactNode;
  /** `parts`: a tab for each kind of what belongs to it, as the workflow tables have them; they are all if not given. */
  tabs?: (row: T, parts: RecordTab[]) => RecordTab[];
  /** A column at the right. */
  side?: (row: T) => ReactNode;
  /** Fields of the first tab, in groups; not given: all that have a value. */
  facts?: readonly string[];
}

export function RecordFrame<T extends Row = Row>(props: RecordFrameProps<T>) {
  return (
    <RevealProvider key={`${props.kind}-${props.id}`}>
      <Inner {...props} />
    </RevealProvider>
  );
}

function Inner<T extends Row>({
  kind,
  id,
  title,
  except = NONE,
  primary = NONE,
  lead,
  tabs,
  side,
  facts,
}: RecordFrameProps<T>) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  const parts = useParts(kind, id);
  const { purpose } = useReveal();
  const { me } = useSession();
  const { data: row, error, refetch } = useRecord<T>(kind, id, purpose);
  const number = recordNumber(workflow?.prefix, id);
  useCrumb(number);
  if (error && !row) return <Failed error={error} retry={() => void refetch()} />;
  if (!row || !workflow) return <Loading lines={12} />;
  const hasComments = workflow.children.some((child) => child.name === "comments");
  const decision = workflow.acts.find(
    (act) => DECISIONS.test(act.name) && row.acts?.includes(act.name) && !fourEyesBlocks(act, row, me.user),
  );
  const items: RecordTab[] = [
    ...(tabs ? tabs(row, parts) : parts),
    { key: "facts", label: t("facts"), children: <Facts kind={kind} row={row} fields={facts} /> },
    { key: "history", label: t("history"), children: <History kind={kind} id={id} /> },
    ...(hasComments ? [{ key: "comments", label: t("comments"), children: <Comments kind={kind} id={id} /> }] : []),
  ];
  return (
    <article className="record" data-record={`${kind}/${id}`} data-state={row.state} data-version={row.version}>
      <header className="record-head">
        <div className="record-title">
          <h1 tabIndex={-1}>
            {(language === "zh" || !workflow.prefix) && <span className="record-kind">{nameOf(workflow)}</span>}{" "}
            <span className="num">{number}</span>
            {title && <span className="record-name">{title(row)}</span>}
          </h1>
          {"tier" in row && <StateTag kind={kind} field="tier" state={row.tier as string} />}
          {"urgency" in row && <StateTag kind={kind} field="urgency" state={row.urgency as string} />}
          <StateTag kind={kind} state={row.state ?? null} />
          {workflow.due && row[workflow.due] ? (
            <span className="record-due">
              {t("due")} <Countdown until={row[workflow.due] as string} />
            </span>
          ) : null}
          {workflow.assignee && (
            <span className="faint">
              {t("assignee")}{" "}
              {row[workflow.assignee] ? <UserName id={row[workflow.assignee] as number} /> : t("nobody")}
            </span>
          )}
          <Presence kind={kind} id={id} />
        </div>
        <div className="record-acts">
          <ActBar kind={kind} row={row} except={except} primary={primary} keyed />
          <RevealButton deciding={decision && `${nameOf(workflow)} ${number}`} />
        </div>
        <RevealNote />
      </header>
      <div className={side ? "record-columns" : undefined}>
        <div className="record-main">
          {lead?.(row)}
          <KeyedTabs items={items} />
        </div>
        {side && <aside className="record-side">{side(row)}</aside>}
      </div>
    </article>
  );
}

/** Tabs that t and T go through. */
function KeyedTabs({ items }: { items: RecordTab[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const active = items.find((item) => item.key === chosen) ?? items[0];
  const hand = useRef({ items, active });
  hand.current = { items, active };
  useKeys(
    useMemo<Key[]>(() => {
      const turn = (by: 1 | -1) => () => {
        const { items: all, active: now } = hand.current;
        const at = all.findIndex((item) => item.key === now?.key);
        setChosen(all[(at + by + all.length) % all.length]?.key ?? null);
      };
      return [
        { key: "t", does: ["下一个标签页", "Next tab"], run: turn(1) },
        { key: "T", does: ["上一个标签页", "Tab before"], run: turn(-1) },
        {
          key: "R",
          does: ["显示完整信息 / 恢复脱敏", "Show in full, or mask again"],
          run: () => document.querySelector<HTMLElement>(REVEAL)?.click(),
          when: () => document.querySelector(REVEAL) !== null,
        },
        {
          key: "B",
          does: ["返回列表", "Back to the list"],
          run: () => document.querySelector<HTMLElement>(LIST)?.click(),
          when: () => document.querySelector(LIST) !== null,
        },
      ];
    }, []),
  );
  return <Tabs items={items} size="small" destroyOnHidden activeKey={active?.key ?? ""} onChange={setChosen} />;
}

const REVEAL = ".record-acts [data-reveal]";
const LIST = ".crumbs li:nth-last-child(2) a";

/** Comments have a tab of their own kind; what one may not read has none. */
function useParts(kind: string, id: number): RecordTab[] {
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const { has } = useSession();
  const readers = (of: string) => workflows?.byKind.get(of)?.readers.split(",") as Role[] | undefined;
  return (workflows?.byKind.get(kind)?.children ?? [])
    .filter((child) => child.name !== "comments" && has(readers(child.kind) ?? "all"))
    .map((child) => ({
      key: child.name,
      label: nameOf(workflows?.byKind.get(child.kind)) || child.name,
      children: <ChildList kind={kind} id={id} name={child.name} childKind={child.kind} />,
    }));
}

/** What somebody else asked for is decided by these. */
const DECISIONS = /(^|_)(approve|uphold)(_|$)/;
const NONE: readonly string[] = [];
const IN_HEAD = new Set(["state", "tier", "urgency"]);

/** Fields with their values, those that are empty left out. */
export function Facts({ kind, row, fields }: { kind: string; row: Row; fields?: readonly string[] | undefined }) {
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  const shown = useMemo(() => {
    const all = workflow?.fields ?? [];
    const chosen = fields
      ? fields.flatMap((name) => all.find((field) => field.name === name) ?? [])
      : all.filter((field) => !IN_HEAD.has(field.name) && isTelling(kind, field));
    return chosen.filter(
      (field) => row[field.name] !== null && row[field.name] !== undefined && row[field.name] !== "",
    );
  }, [kind, workflow, fields, row]);
  return (
    <dl className="facts">
      {shown.map((field) => (
        <Fact key={field.name} field={field} name={nameOf(field)}>
          <FieldValue kind={kind} field={field} name={field.name} value={row[field.name]} />
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ field, name, children }: { field: Field; name: string; children: ReactNode }) {
  const wide = field.type === "json" || field.name === "words" || field.name === "reason" || field.name === "summary";
  return (
    <div className={wide ? "fact fact-wide" : "fact"}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
