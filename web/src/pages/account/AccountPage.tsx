// 账户画像: what the account does, in figures, pictures and rows; what the desk knows of it; and the way into a trace.
import { BranchesOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Tabs } from "antd";
import { type ReactNode, useEffect, useMemo } from "react";
import { Link, useParams } from "react-router";
import { call } from "@/api/client";
import type { Schemas } from "@/api/schema";
import type { Row } from "@/api/workflow";
import { useWorkflows } from "@/api/workflow";
import { useCrumb } from "@/app/crumbs";
import { count, duration, grouped, keyParts, money, moneyShort, time } from "@/app/format";
import { Chart } from "@/components/Chart";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { KeyText, RecordLink, StateTag, Tag, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useTheme } from "@/theme/theme";
import { Hours } from "./Hours";
import { Ledger } from "./Ledger";
import { rememberAccount } from "./recent";
import "./account.css";

const T = texts(
  {
    trace: "从此账户穿透",
    missing: "数据中没有这个账户",
    missingHint: "请核对账号；尚未接入该银行数据时，可先由警情直接呈请止付。",
    open: "正常",
    blocked: "已管控",
    closed: "已销户",
    holder: "持有人",
    type: "类型",
    active: "活动期",
    asOf: "数据截至序号 {seq}",
    in: "收入",
    out: "支出",
    cash: "其中取现",
    balance: "余额",
    range: "最低 {low} · 最高 {high}",
    inferred: "期初推算",
    times: "{n} 笔",
    pass1: "1 小时内转出",
    pass24: "24 小时内转出",
    ofIn: "占收入",
    dwell: "停留中位数",
    dwellRange: "四分位 {a} – {b}",
    others: "对手方",
    newOld: "新出现 {new} · 共同 {common} · 消失 {gone}",
    line: "每日余额",
    lineLabel: "每日余额曲线，与“每日”表一致",
    days: "每日 {n}",
    day: "日期",
    closing: "日终余额",
    partners: "对手方 {n}",
    partner: "对手方",
    first: "首次",
    last: "末次",
    mark: "标记",
    new: "新出现",
    common: "共同往来",
    vanished: "消失",
    ledger: "流水",
    devices: "设备 {n}",
    device: "设备",
    logins: "登录次数",
    shares: "使用该设备的账户",
    noDevices: "没有登录数据",
    related: "相关记录",
    noRelated: "预警、止付、冻结、案件中没有此账户（限本人可见范围）。",
    noMoney: "该账户没有资金往来",
  },
  {
    trace: "Trace from here",
    missing: "The data does not have this account",
    missingHint: "Check the number. If that bank's data has not come yet, propose a stop from the report.",
    open: "open",
    blocked: "blocked",
    closed: "closed",
    holder: "Holder",
    type: "Type",
    active: "Active",
    asOf: "As of sequence {seq}",
    in: "In",
    out: "Out",
    cash: "of it cash",
    balance: "Balance",
    range: "low {low} · high {high}",
    inferred: "opening inferred",
    times: "{n} transfers",
    pass1: "Passed on within 1 h",
    pass24: "Passed on within 24 h",
    ofIn: "of what came in",
    dwell: "Median dwell",
    dwellRange: "quartiles {a} – {b}",
    others: "Counterparties",
    newOld: "{new} new · {common} common · {gone} vanished",
    line: "Balance by day",
    lineLabel: "Balance by day; the table of days says the same",
    days: "Days {n}",
    day: "Day",
    closing: "Closing balance",
    partners: "Counterparties {n}",
    partner: "Counterparty",
    first: "First",
    last: "Last",
    mark: "Marks",
    new: "new",
    common: "common",
    vanished: "vanished",
    ledger: "Ledger",
    devices: "Devices {n}",
    device: "Device",
    logins: "Logins",
    shares: "Accounts on it",
    noDevices: "No logins are known",
    related: "Records about it",
    noRelated: "No warning, stop, freeze or case that you may see has this account.",
    noMoney: "No money went through this account",
  },
);

type Profile = Schemas["published_account"];

export default function AccountPage() {
  const t = useTexts(T);
  const { key = "" } = useParams();
  useCrumb(grouped(keyParts(key).value));
  const found = useQuery({
    queryKey: ["account", key],
    queryFn: ({ signal }) => call("GET /v1/accounts/{key}", { path: { key }, query: { top: 500 } as never, signal }),
    retry: false,
  });
  useEffect(() => {
    if (found.data) rememberAccount(key);
  }, [found.data, key]);
  const missing = (found.error as { status?: number } | null)?.status === 404;
  if (missing) return <Empty title={t("missing")} hint={t("missingHint")} action={<Related account={key} />} />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading lines={12} />;
  return <ProfileView key={key} account={key} profile={found.data} />;
}

function Figure({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
      {note && <dd className="faint num figure-note">{note}</dd>}
    </div>
  );
}

function ProfileView({ account, profile: p }: { account: string; profile: Profile }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const share = (fen: number) =>
    p.pass_through.in_fen > 0 ? `${Math.round((fen / p.pass_through.in_fen) * 100)}%` : "—";
  const span = (ms: number | null) => (ms === null ? "—" : duration(ms, language));
  const from = new URLSearchParams({ account: p.account });
  if (p.last) from.set("at", p.last);
  return (
    <div className="account-page">
      <PageHead
        title={<KeyText value={p.account} />}
        note={
          <>
            <Tag tone={p.status === "open" ? "success" : "warning"}>{t(p.status as "open")}</Tag>{" "}
            <span className="faint">{t("asOf", { seq: count(p.as_of) })}</span>
          </>
        }
        actions={
          <Button type="primary" icon={<BranchesOutlined />} href={`/trace?${from}`}>
            {t("trace")}
          </Button>
        }
      />
      <dl className="figures">
        <Figure name={t("in")} value={money(p.in.amount_fen)} note={t("times", { n: count(p.in.count) })} />
        <Figure
          name={t("out")}
          value={money(p.out.amount_fen)}
          note={`${t("times", { n: count(p.out.count) })} · ${t("cash")} ${money(p.withdrawals.amount_fen)}`}
        />
        <Figure
          name={t("balance")}
          value={money(p.balance.end_fen)}
          note={`${t("range", { low: money(p.balance.low_fen), high: money(p.balance.high_fen) })}${p.balance.opening_inferred ? ` · ${t("inferred")}` : ""}`}
        />
        <Figure name={t("pass1")} value={share(p.pass_through.within_1h_fen)} note={t("ofIn")} />
        <Figure name={t("pass24")} value={share(p.pass_through.within_24h_fen)} note={t("ofIn")} />
        <Figure
          name={t("dwell")}
          value={span(p.dwell.p50_ms)}
          note={t("dwellRange", { a: span(p.dwell.p25_ms), b: span(p.dwell.p75_ms) })}
        />
        <Figure
          name={t("others")}
          value={count(p.counterparties.count)}
          note={t("newOld", {
            new: p.counterparties.new,
            common: p.counterparties.common,
            gone: p.counterparties.vanished,
          })}
        />
        <Figure
          name={t("active")}
          value={`${time(p.first, "day")} – ${time(p.last, "day").slice(5)}`}
          note={[p.type, p.holder_name_masked, p.holder && <KeyText key="holder" value={p.holder} />].filter(Boolean)}
        />
      </dl>
      <div className="account-pair">
        <BalanceLine profile={p} />
        <Related account={p.account} />
      </div>
      <Hours counts={p.hours.count} amounts={p.hours.amount_fen} />
      <AccountTables account={account} profile={p} />
    </div>
  );
}

function BalanceLine({ profile: p }: { profile: Profile }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const { palette } = useTheme();
  const option = useMemo(
    () => ({
      grid: { left: 70, right: 16, top: 16, bottom: 28 },
      tooltip: { trigger: "axis", valueFormatter: (fen: number) => money(fen) },
      xAxis: { type: "category", data: p.days.map((day) => day.day) },
      yAxis: { type: "value", axisLabel: { formatter: (fen: number) => moneyShort(fen, language) } },
      series: [
        {
          type: "line",
          step: "end",
          name: t("closing"),
          showSymbol: p.days.length < 40,
          data: p.days.map((day) => day.closing_fen),
          lineStyle: { color: palette.primary, width: 2 },
          areaStyle: { color: palette.primaryGround },
        },
      ],
    }),
    [p.days, language, palette, t],
  );
  return (
    <section className="card" aria-label={t("line")}>
      <h2>{t("line")}</h2>
      {p.days.length === 0 ? (
        <Empty title={t("noMoney")} hint="" />
      ) : (
        <Chart label={t("lineLabel")} option={option} height={200} />
      )}
    </section>
  );
}

/** Warnings, stops, freezes, cases that have this account, within what one may see. */
function Related({ account }: { account: string }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const found = useQuery({
    queryKey: ["search", keyParts(account).value],
    queryFn: () => call("GET /v1/search", { query: { q: keyParts(account).value } }),
    retry: false,
  });
  const hits = found.data?.items ?? [];
  return (
    <section className="card account-related" aria-label={t("related")}>
      <h2>{t("related")}</h2>
      {found.data && hits.length === 0 && <p className="faint">{t("noRelated")}</p>}
      <ul>
        {hits.slice(0, 12).map((hit) => {
          const row = hit.record as Row;
          return (
            <li key={`${hit.kind}${row.id}`}>
              <span className="faint">{nameOf(workflows?.byKind.get(hit.kind))}</span>
              <RecordLink kind={hit.kind} id={row.id} />
              <StateTag kind={hit.kind} state={row.state ?? null} />
              <span className="num faint">{time(row.created_at)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function AccountTables({ account, profile: p }: { account: string; profile: Profile }) {
  const t = useTexts(T);
  type Partner = Profile["counterparties"]["top"][number];
  type Day = Profile["days"][number];
  type Device = Profile["logins"]["devices"][number];
  const sum = <R,>(key: string, title: string, of: (row: R) => number): DataColumn<R> => ({
    key,
    title,
    width: "minmax(120px, 1fr)",
    right: true,
    by: of,
    render: (row) => <span className="num">{money(of(row))}</span>,
  });
  const number = <R,>(key: string, title: string, of: (row: R) => number): DataColumn<R> => ({
    key,
    title,
    width: "minmax(80px, 0.6fr)",
    right: true,
    by: of,
    render: (row) => <span className="num">{count(of(row))}</span>,
  });
  const at = <R,>(key: string, title: string, of: (row: R) => string): DataColumn<R> => ({
    key,
    title,
    width: "140px",
    by: of,
    render: (row) => <span className="num">{time(of(row))}</span>,
  });
  const partners: DataColumn<Partner>[] = [
    {
      key: "key",
      title: t("partner"),
      width: "minmax(240px, 2fr)",
      by: (row) => row.key ?? "",
      render: (row) =>
        row.key ? (
          <Link to={`/accounts/${encodeURIComponent(row.key)}`}>
            <KeyText value={row.key} />
          </Link>
        ) : (
          "—"
        ),
    },
    sum("in", t("in"), (row) => row.in.amount_fen),
    number("inN", t("times", { n: t("in") }), (row) => row.in.count),
    sum("out", t("out"), (row) => row.out.amount_fen),
    number("outN", t("times", { n: t("out") }), (row) => row.out.count),
    at("first", t("first"), (row) => row.first),
    at("last", t("last"), (row) => row.last),
    {
      key: "mark",
      title: t("mark"),
      width: "150px",
      render: (row) => (
        <>
          {row.new && <Tag tone="info">{t("new")}</Tag>}
          {row.common && <Tag tone="warning">{t("common")}</Tag>}
          {row.vanished && <Tag>{t("vanished")}</Tag>}
        </>
      ),
    },
  ];
  const days: DataColumn<Day>[] = [
    {
      key: "day",
      title: t("day"),
      width: "140px",
      by: (row) => row.day,
      render: (row) => <span className="num">{row.day}</span>,
    },
    sum("closing", t("closing"), (row) => row.closing_fen),
    sum("in", t("in"), (row) => row.in.amount_fen),
    sum("out", t("out"), (row) => row.out.amount_fen),
  ];
  const devices: DataColumn<Device>[] = [
    {
      key: "key",
      title: t("device"),
      width: "minmax(240px, 2fr)",
      by: (row) => row.key,
      render: (row) => <KeyText value={row.key} />,
    },
    number("logins", t("logins"), (row) => row.logins),
    number("accounts", t("shares"), (row) => row.accounts),
    at("first", t("first"), (row) => row.first),
    at("last", t("last"), (row) => row.last),
  ];
  return (
    <Tabs
      size="small"
      items={[
        { key: "ledger", label: t("ledger"), children: <Ledger account={account} /> },
        {
          key: "partners",
          label: t("partners", { n: count(p.counterparties.count) }),
          children: (
            <DataTable
              label={t("partner")}
              columns={partners}
              rows={p.counterparties.top}
              id={(row) => row.key ?? "cash"}
              height={360}
            />
          ),
        },
        {
          key: "days",
          label: t("days", { n: count(p.days.length) }),
          children: <DataTable label={t("day")} columns={days} rows={p.days} id={(row) => row.day} height={360} />,
        },
        {
          key: "devices",
          label: t("devices", { n: count(p.logins.device_count) }),
          children: (
            <DataTable
              label={t("device")}
              columns={devices}
              rows={p.logins.devices}
              id={(row) => row.key}
              empty={t("noDevices")}
              height={360}
            />
          ),
        },
      ]}
    />
  );
}
