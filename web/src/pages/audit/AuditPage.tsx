// The audit trail: who looked at what and why, who did what, what was refused; and the check of its chain.

import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useSearchParams } from "react-router";
import { newKey, request, requestFull } from "@/api/client";
import type { Query } from "@/api/queries";
import { fieldOf, useWorkflows } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { Time, UserName, useCodeLabel, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { PlainTable } from "@/components/PlainTable";
import { Empty, Failed, Loading, ProblemNote } from "@/components/states";
import { usePick, useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { type Both, texts } from "@/i18n/texts";
import { ACTS, ENGINE_KINDS, useAuditAct } from "./words";

const T = texts(
  {
    day: "审计概况",
    seen: "{n} 条（编号 {first} 至 {last}）",
    comma: "、",
    title: "审计",
    note: "每次查看、导出、操作与被拒绝的尝试；逐条哈希相连，任何改动都会被发现。",
    verify: "校验全部记录",
    verifying: "校验中 {done}/{total}",
    good: "审计链完整",
    bad: "校验未通过：{why}",
    at: "时间",
    who: "人员",
    act: "行为",
    record: "对象",
    purpose: "用途、说明",
    address: "地址",
    filterAct: "行为",
    filterLogin: "登录名",
    filterKind: "对象类型",
    all: "全部",
    more: "继续显示",
    apply: "查询",
  },
  {
    day: "The day's figures",
    seen: "{n} rows, {first} to {last}",
    comma: ", ",
    title: "Audit",
    note: "Every look, export, act and refusal, each chained to the one before by its hash, so that no change goes unseen.",
    verify: "Verify the whole trail",
    verifying: "Verifying {done}/{total}",
    good: "The trail is whole",
    bad: "It is not whole: {why}",
    at: "When",
    who: "Who",
    act: "Act",
    record: "Record",
    purpose: "Purpose, detail",
    address: "Address",
    filterAct: "Act",
    filterLogin: "Login",
    filterKind: "Kind of record",
    all: "All",
    more: "More",
    apply: "Search",
  },
);

interface AuditRow {
  id: number;
  at: string;
  user: number | null;
  login: string;
  act: string;
  kind: string | null;
  record: number | null;
  purpose: string | null;
  detail: string | null;
  address: string | null;
}

interface Job {
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  done?: number;
  total?: number;
  detail?: string;
  detail_zh?: string;
}

/** "12: 40 … 29": how many rows of a list were seen, the first and the last. */
const SEEN = /^(\d+): (\d+) … (\d+)$/;

/** What was asked for or seen, in words: "state=open|filing" as its field and its codes are called. */
function useDetailOf(): (row: AuditRow) => string | null {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const label = useCodeLabel();
  const workflows = useWorkflows();
  const actName = useAuditAct();
  /** "act=audit_verified", or the page of a day: what of the trail was looked for. */
  const actOfTrail = (text: string) =>
    text === "figures" ? t("day") : text.replace(/^act=(\S+)$/, (_, act) => `${t("act")} ${actName(act, true)}`);
  return ({ kind, detail }) => {
    const text = plain(detail);
    const seen = SEEN.exec(text ?? "");
    if (seen) return t("seen", { n: seen[1] ?? "", first: seen[2] ?? "", last: seen[3] ?? "" });
    if (kind === "audit" && text) return actOfTrail(text);
    const workflow = workflows?.byKind.get(kind ?? "");
    if (!text || !workflow || !/^\w+=/.test(text)) return text;
    const said = text.split("&").map((part) => {
      const [name = "", value = ""] = part.split("=");
      const field = fieldOf(workflow, name);
      if (!field) return name === "order" ? null : part;
      const values = field.type === "code" ? value.split("|").map((code) => label(workflow.kind, name, code)) : [value];
      return `${nameOf(field)} ${values.join(t("comma"))}`;
    });
    return said.filter(Boolean).join("; ");
  };
}

/** A query as it was sent, without its escapes. */
function plain(detail: string | null): string | null {
  if (!detail?.includes("%")) return detail;
  try {
    return decodeURIComponent(detail);
  } catch {
    return detail;
  }
}

const PAGE = 100;
const POLL_MS = 400;
const FILTERS = ["act", "login", "kind"] as const;

export default function AuditPage() {
  const t = useTexts(T);
  // In the address, so that the figures of a day lead here.
  const [search, setSearch] = useSearchParams();
  const query: Query = Object.fromEntries([...FILTERS, "user"].map((name) => [name, search.get(name) ?? undefined]));
  const found = useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam, signal }) =>
      request<{ items: AuditRow[]; next: string | null }>("GET", "/v1/audit", {
        query: { ...query, order: "-id", limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title={t("title")} note={t("note")} actions={<Verify />} />
      <form
        key={search.toString()}
        className="inline-filters"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const asked = FILTERS.map((name) => [name, String(form.get(name) ?? "").trim()]);
          setSearch(Object.fromEntries(asked.filter(([, value]) => value)));
        }}
      >
        <ActSelect label={t("filterAct")} value={query.act} />
        <label>
          {t("filterLogin")} <input className="plain-input" name="login" defaultValue={String(query.login ?? "")} />
        </label>
        <KindSelect label={t("filterKind")} value={query.kind} />
        <Button htmlType="submit">{t("apply")}</Button>
        {query.user && (
          <span>
            {t("who")} <UserName id={Number(query.user)} />
          </span>
        )}
      </form>
      {found.error && <Failed error={found.error} retry={() => void found.refetch()} />}
      {!found.data && !found.error && <Loading lines={10} />}
      {found.data && rows.length === 0 && <Empty />}
      {rows.length > 0 && <Rows rows={rows} />}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

interface SelectProps {
  name: string;
  label: string;
  value: Query[string];
  children: React.ReactNode;
}

function Select({ name, label, value, children }: SelectProps) {
  const t = useTexts(T);
  return (
    <label>
      {label}{" "}
      <select className="plain-input" name={name} defaultValue={String(value ?? "")}>
        <option value="">{t("all")}</option>
        {children}
      </select>
    </label>
  );
}

function Options({ of }: { of: Readonly<Record<string, Both>> }) {
  const pick = usePick();
  return Object.entries(of).map(([code, words]) => (
    <option key={code} value={code}>
      {pick(words)}
    </option>
  ));
}

/** Looks and what happens around records first, then each kind's own acts. */
function ActSelect({ label, value }: Pick<SelectProps, "label" | "value">) {
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  return (
    <Select name="act" label={label} value={value}>
      <Options of={ACTS} />
      {[...(workflows?.byKind.values() ?? [])].map((workflow) => (
        <optgroup key={workflow.kind} label={nameOf(workflow)}>
          {workflow.acts.map((act) => (
            <option key={act.name} value={`${workflow.kind}.${act.name}`}>
              {nameOf(act)}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

function KindSelect({ label, value }: Pick<SelectProps, "label" | "value">) {
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  return (
    <Select name="kind" label={label} value={value}>
      <Options of={ENGINE_KINDS} />
      {[...(workflows?.byKind.values() ?? [])].map((workflow) => (
        <option key={workflow.kind} value={workflow.kind}>
          {nameOf(workflow)}
        </option>
      ))}
    </Select>
  );
}

function Rows({ rows }: { rows: AuditRow[] }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const pick = usePick();
  const workflows = useWorkflows();
  const actName = useAuditAct();
  const kindName = (kind: string | null) => {
    const words = ENGINE_KINDS[kind ?? ""];
    return words ? pick(words) : nameOf(workflows?.byKind.get(kind ?? "")) || kind;
  };
  const numberOf = (kind: string | null, id: number) => recordNumber(workflows?.byKind.get(kind ?? "")?.prefix, id);
  const detailOf = useDetailOf();
  return (
    <PlainTable
      label={t("title")}
      rows={rows}
      id={(row) => row.id}
      rowProps={(row) => ({ className: row.act === "refused" ? "row-refused" : undefined })}
      columns={[
        { key: "at", title: t("at"), cell: (row) => <Time value={row.at} second /> },
        {
          key: "who",
          title: t("who"),
          cell: (row) => (row.user || row.login === "system" ? <UserName id={row.user ?? 0} /> : row.login),
        },
        { key: "act", title: t("act"), cell: (row) => <span title={row.act}>{actName(row.act)}</span> },
        {
          key: "record",
          title: t("record"),
          cell: (row) => (
            <span className="num">
              {kindName(row.kind)} {row.record ? numberOf(row.kind, row.record) : ""}
            </span>
          ),
        },
        {
          key: "purpose",
          title: t("purpose"),
          words: true,
          cell: (row) => [row.purpose, detailOf(row)].filter(Boolean).join(" · "),
        },
        { key: "address", title: t("address"), cell: (row) => <span className="num faint">{row.address}</span> },
      ]}
    />
  );
}

/** The check is a job of the daemon; it is asked for until it is done. */
export function Verify() {
  const t = useTexts(T);
  const said = useSaid();
  const start = useMutation({
    mutationFn: async () =>
      (await requestFull("POST", "/v1/audit/verify", { body: undefined, once: newKey() })).location ?? "",
  });
  const job = useQuery<Job>({
    queryKey: ["job", start.data],
    queryFn: ({ signal }) => request<Job>("GET", start.data ?? "", { signal }),
    enabled: Boolean(start.data),
    refetchInterval: (query) =>
      query.state.data && !["queued", "running"].includes(query.state.data.state) ? false : POLL_MS,
  });
  const state = job.data?.state;
  return (
    <span role="status" className="audit-verify">
      {start.error && <ProblemNote error={start.error} />}
      {state === "done" && <span className="note note-success">{t("good")}</span>}
      {state === "failed" && (
        <span className="note note-danger">{t("bad", { why: said(job.data?.detail, job.data?.detail_zh) })}</span>
      )}
      {(state === "queued" || state === "running") && (
        <span className="num">{t("verifying", { done: job.data?.done ?? 0, total: job.data?.total ?? 0 })}</span>
      )}
      <Button loading={start.isPending} onClick={() => start.mutate()}>
        {t("verify")}
      </Button>
    </span>
  );
}
