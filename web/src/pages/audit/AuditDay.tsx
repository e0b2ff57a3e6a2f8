// An auditor's morning: is the trail whole, who looked at personal data and for what, who approved what, who was refused, who
// changed the rules of the house. The figures of the last day; each leads to its rows.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { call, request } from "@/api/client";
import { useFirst } from "@/api/queries";
import type { Schemas } from "@/api/schema";
import { actOf, useWorkflows } from "@/api/workflow";
import { count } from "@/app/format";
import { Tag, Time, UserName } from "@/components/labels";
import { PlainTable } from "@/components/PlainTable";
import { Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { Verify } from "./AuditPage";
import { type Looks, looksOf, sumOf } from "./day";
import { useAuditAct } from "./words";

const T = texts(
  {
    chain: "审计链",
    verified: "最近一次校验",
    never: "尚未校验过",
    day: "近 24 小时",
    shown: "查看完整个人信息",
    exports: "导出",
    refused: "被拒绝的尝试",
    failed: "登录失败",
    eyes: "双人复核操作",
    power: "权限、规则与参数变更",
    looks: "谁看了个人信息",
    looksHint: "完整查看、检索与导出次数；明显高于当日他人（中位数 3 倍以上，且不少于 {least} 次）的标出。",
    purposes: "查看用途",
    purposesMore: "共 {n} 种用途，列出次数最多的 {shown} 种。",
    gone: "停用账号的最后操作",
    who: "人员",
    act: "操作",
    purpose: "用途",
    times: "次数",
    last: "最后操作",
    at: "时间",
    high: "偏高",
    none: "没有",
    nobody: "未知账号",
  },
  {
    chain: "The trail",
    verified: "Last verified",
    never: "Never verified so far",
    day: "The last 24 hours",
    shown: "Personal data seen in full",
    exports: "Exports",
    refused: "Refused attempts",
    failed: "Failed sign-ins",
    eyes: "Acts of a second person",
    power: "Changes of rights, rules and terms",
    looks: "Who saw personal data",
    looksHint:
      "Looks in full, searches and exports. Marked: far more than others that day (3 times the median, and at least {least}).",
    purposes: "For what purposes",
    purposesMore: "{n} purposes in all; the {shown} stated most often.",
    gone: "Last acts of disabled users",
    who: "Who",
    act: "Act",
    purpose: "Purpose",
    times: "Times",
    last: "Last act",
    at: "When",
    high: "high",
    none: "None",
    nobody: "unknown name",
  },
);

/** Kinds whose acts change who may do what, or by which rules. */
const POWER = new Set(["user", "unit", "area", "institution", "partner_link", "key", "dated", "rule_change"]);
const LEAST = 30;
const PURPOSES = 12;

type Figure = Schemas["audit_figure"];

export default function AuditDay() {
  const t = useTexts(T);
  const workflows = useWorkflows();
  const found = useQuery({
    queryKey: ["audit", "figures"],
    queryFn: () => call("GET /v1/audit/figures"),
    staleTime: 60_000,
  });
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data || !workflows) return <Loading lines={10} />;
  const { acts, purposes, purposes_in_all: inAll } = found.data;
  const actFor = ({ act }: Figure) => {
    const [kind, name] = act.split(".");
    return actOf(workflows.byKind.get(kind ?? ""), name ?? "");
  };
  const eyes = acts.filter((one) => actFor(one)?.four_eyes);
  const power = acts.filter((one) => POWER.has(one.act.split(".")[0] ?? "") && actFor(one));
  const tiles = [
    { key: "shown", n: sumOf(acts, (act) => act.endsWith("_shown")), to: "/audit?act=view_shown" },
    { key: "exports", n: sumOf(acts, (act) => act === "export"), to: "/audit?act=export" },
    { key: "refused", n: sumOf(acts, (act) => act === "refused"), to: "/audit?act=refused" },
    { key: "failed", n: sumOf(acts, (act) => act === "sign_in_failed"), to: "/audit?act=sign_in_failed" },
    { key: "eyes", n: sumOf(eyes), to: "#eyes" },
    { key: "power", n: sumOf(power), to: "#power" },
  ] as const;
  return (
    <>
      <Chain />
      <section aria-label={t("day")}>
        <ul className="tiles">
          {tiles.map((tile) => (
            <li key={tile.key}>
              <Link className="tile" to={tile.to}>
                <span className="tile-n num">{count(tile.n)}</span>
                <span className="tile-label">{t(tile.key)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <div className="audit-day">
        <LooksTable rows={looksOf(acts, LEAST)} />
        <section className="card" aria-label={t("purposes")}>
          <h2>{t("purposes")}</h2>
          {inAll > PURPOSES && <p className="faint">{t("purposesMore", { n: inAll, shown: PURPOSES })}</p>}
          <Some label={t("purposes")} n={purposes.length}>
            <PlainTable
              label={t("purposes")}
              rows={purposes.slice(0, PURPOSES)}
              id={(row) => `${row.user} ${row.purpose}`}
              columns={[
                { key: "purpose", title: t("purpose"), words: true, cell: (row) => row.purpose },
                { key: "who", title: t("who"), cell: (row) => <Who user={row.user} /> },
                { key: "times", title: t("times"), right: true, cell: (row) => count(row.count) },
              ]}
            />
          </Some>
        </section>
        <ActsTable id="eyes" title={t("eyes")} rows={eyes} />
        <ActsTable id="power" title={t("power")} rows={power} />
        <Gone />
      </div>
    </>
  );
}

function Chain() {
  const t = useTexts(T);
  const last = useQuery({
    queryKey: ["audit", "verified"],
    queryFn: () =>
      request<{ items: { at: string; user: number }[] }>("GET", "/v1/audit", {
        query: { act: "audit_verified", order: "-at", limit: 1 },
      }),
  });
  const row = last.data?.items[0];
  return (
    <section className="card audit-chain" aria-label={t("chain")}>
      <h2>{t("chain")}</h2>
      {last.data && !row && <span className="faint">{t("never")}</span>}
      {row && (
        <span>
          {t("verified")} <Time value={row.at} /> <Who user={row.user} />
        </span>
      )}
      <Verify />
    </section>
  );
}

function Who({ user }: { user: number | null }) {
  const t = useTexts(T);
  if (user === null) return <span className="faint">{t("nobody")}</span>;
  return (
    <Link to={`/audit?user=${user}`}>
      <UserName id={user} />
    </Link>
  );
}

function Some({ label, n, children }: { label: string; n: number; children: ReactNode }) {
  const t = useTexts(T);
  return n > 0 ? (
    children
  ) : (
    <p className="faint" aria-label={label} data-state="empty">
      {t("none")}
    </p>
  );
}

function LooksTable({ rows }: { rows: readonly Looks[] }) {
  const t = useTexts(T);
  return (
    <section className="card" aria-label={t("looks")}>
      <h2>{t("looks")}</h2>
      <p className="faint">{t("looksHint", { least: LEAST })}</p>
      <Some label={t("looks")} n={rows.length}>
        <PlainTable
          label={t("looks")}
          rows={rows}
          id={(row) => String(row.user)}
          columns={[
            {
              key: "who",
              title: t("who"),
              cell: (row) => (
                <>
                  <Who user={row.user} /> {row.isHigh && <Tag tone="warning">{t("high")}</Tag>}
                </>
              ),
            },
            { key: "shown", title: t("shown"), right: true, cell: (row) => count(row.shown) },
            { key: "exports", title: t("exports"), right: true, cell: (row) => count(row.exports) },
          ]}
        />
      </Some>
    </section>
  );
}

function ActsTable({ id, title, rows }: { id: string; title: string; rows: readonly Figure[] }) {
  const t = useTexts(T);
  const nameOf = useAuditAct();
  return (
    <section className="card" id={id} aria-label={title}>
      <h2>{title}</h2>
      <Some label={title} n={rows.length}>
        <PlainTable
          label={title}
          rows={[...rows].sort((a, b) => b.count - a.count)}
          id={(row) => `${row.act} ${row.user}`}
          columns={[
            {
              key: "act",
              title: t("act"),
              words: true,
              cell: (row) => <Link to={`/audit?act=${row.act}`}>{nameOf(row.act, true)}</Link>,
            },
            { key: "who", title: t("who"), cell: (row) => <Who user={row.user} /> },
            { key: "times", title: t("times"), right: true, cell: (row) => count(row.count) },
          ]}
        />
      </Some>
    </section>
  );
}

/** Whoever was let go did something last: within the day of the disabling it is worth a look. */
function Gone() {
  const t = useTexts(T);
  const nameOf = useAuditAct();
  const disabled = useFirst("user", { state: "disabled", order: "-id" }, 5);
  const ids = (disabled.data?.items ?? []).map((row) => row.id);
  const last = useQuery({
    queryKey: ["audit", "gone", ids],
    queryFn: () =>
      Promise.all(
        ids.map(async (user) => {
          const page = await request<{ items: { at: string; act: string }[] }>("GET", "/v1/audit", {
            query: { user, order: "-at", limit: 1 },
          });
          return { user, at: page.items[0]?.at ?? null, act: page.items[0]?.act ?? null };
        }),
      ),
    enabled: ids.length > 0,
  });
  return (
    <section className="card" aria-label={t("gone")}>
      <h2>{t("gone")}</h2>
      <Some label={t("gone")} n={last.data?.length ?? 0}>
        <PlainTable
          label={t("gone")}
          rows={last.data ?? []}
          id={(row) => row.user}
          columns={[
            { key: "who", title: t("who"), cell: (row) => <Who user={row.user} /> },
            { key: "last", title: t("last"), words: true, cell: (row) => (row.act ? nameOf(row.act, true) : "—") },
            { key: "at", title: t("at"), cell: (row) => (row.at ? <Time value={row.at} /> : "—") },
          ]}
        />
      </Some>
    </section>
  );
}
