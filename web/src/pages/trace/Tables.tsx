// The same as the canvas, in tables: accounts, flows, what can be stopped, where money left or was not followed. All of it,
// however little the canvas has room for; the selection is one, both ways.
import { Tabs } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { count, duration, money, time } from "@/app/format";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { KeyText, Tag } from "@/components/labels";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type Answer, inRange, type Model, type Shown, type TraceEdge, type TraceNode, type View } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    accounts: "账户 {n}",
    flows: "资金流向 {n}",
    stops: "可止付清单 {n}",
    ends: "取现与未追 {n}",
    tables: "表格",
    layer: "层级",
    account: "账户",
    dwell: "停留",
    first: "首笔",
    last: "末笔",
    state: "状态",
    from: "付款方",
    to: "收款方",
    times: "笔数",
    taint: "涉案金额",
    amount: "交易总额",
    kind: "方向",
    forward: "下级",
    skip: "跨级",
    return: "回流/同级",
    rank: "次序",
    reachable: "可止付",
    balance: "余额",
    why: "说明",
    onCanvas: "图中",
    folded: "已并入“其余”",
    hidden: "已隐藏",
    open: "正常",
    noStops: "没有可止付的资金：已取现、已转出或账户已管控。",
    noEnds: "全部资金都已追到账户。",
    shown: "显示",
    where: "账户或去处",
  },
  {
    accounts: "Accounts {n}",
    flows: "Flows {n}",
    stops: "Can be stopped {n}",
    ends: "Cash and not followed {n}",
    tables: "Tables",
    layer: "Layer",
    account: "Account",
    dwell: "Dwell",
    first: "First",
    last: "Last",
    state: "State",
    from: "From",
    to: "To",
    times: "Transfers",
    taint: "Tainted",
    amount: "Full amount",
    kind: "Direction",
    forward: "onward",
    skip: "skips",
    return: "back or sideways",
    rank: "Rank",
    reachable: "Can be stopped",
    balance: "Balance",
    why: "Why",
    onCanvas: "drawn",
    folded: "in “others”",
    hidden: "hidden",
    open: "open",
    noStops: "No money can be stopped any more: drawn, gone, or blocked already.",
    noEnds: "All money was followed to an account.",
    shown: "Shown",
    where: "Account or place",
  },
);

interface TablesProps {
  answer: Answer;
  model: Model;
  shown: Shown;
  view: View;
  selected: readonly string[];
  edge: string | null;
  onSelect: (id: string, adds: boolean) => void;
  onEdge: (id: string) => void;
  onInspect: (id: string) => void;
}

export function Tables(props: TablesProps) {
  const { answer, model, shown, view, selected, edge, onSelect, onEdge, onInspect } = props;
  const t = useTexts(T);
  const words = useTraceWords();
  const { language } = useLanguage();
  const chosen = useMemo(() => new Set(selected), [selected]);
  const edges = useMemo(() => model.edges.filter((one) => inRange(one, view.range)), [model, view.range]);
  const accounts = useMemo(() => {
    const touched = new Set([...model.starts, ...edges.flatMap((one) => [one.from, one.to])]);
    const facts = new Map(answer.accounts.map((account) => [account.key, account]));
    return [...model.nodes.values()]
      .filter((node) => touched.has(node.id))
      .map((node) => ({ node, facts: facts.get(node.key) }));
  }, [answer, model, edges]);
  type Row = (typeof accounts)[number];
  const hidden = useMemo(() => new Set(view.hidden), [view.hidden]);
  const where = (node: TraceNode) =>
    hidden.has(node.id) ? t("hidden") : shown.plain.has(node.id) ? t("onCanvas") : t("folded");
  const nameOf = (id: string) => {
    const node = model.nodes.get(id);
    return node?.sink ? words.name(node) : <KeyText value={node?.key} />;
  };
  const sum = (key: string, title: string, of: (row: Row) => number): DataColumn<Row> => ({
    key,
    title,
    width: "minmax(98px, 1fr)",
    right: true,
    by: of,
    render: (row) => <span className="num">{money(of(row))}</span>,
  });
  const accountColumns: DataColumn<Row>[] = [
    {
      key: "layer",
      title: t("layer"),
      width: "76px",
      by: (r) => r.node.layer,
      render: (r) => words.layer(r.node.layer),
    },
    {
      key: "account",
      title: t("account"),
      width: "minmax(188px, 2fr)",
      by: (r) => r.node.key,
      render: (r) => nameOf(r.node.id),
    },
    sum("in", words.t("in"), (r) => r.node.inFen),
    sum("out", words.t("out"), (r) => r.node.outFen),
    sum("held", words.t("held"), (r) => r.node.heldFen),
    sum("cut", words.t("cut"), (r) => r.node.cutFen),
    {
      key: "dwell",
      title: t("dwell"),
      width: "90px",
      right: true,
      by: (r) => r.facts?.dwell_ms ?? Number.MAX_SAFE_INTEGER,
      render: (r) => (r.facts?.dwell_ms == null ? "—" : duration(r.facts.dwell_ms, language)),
    },
    {
      key: "first",
      title: t("first"),
      width: "156px",
      by: (r) => r.facts?.first ?? "",
      render: (r) => <span className="num">{time(r.facts?.first, "second")}</span>,
    },
    {
      key: "state",
      title: t("state"),
      width: "76px",
      render: (r) =>
        r.node.status && r.node.status !== "open" ? (
          <Tag tone="warning">{words.t(r.node.status)}</Tag>
        ) : r.node.rank ? (
          <Tag tone="success">#{r.node.rank}</Tag>
        ) : null,
    },
    { key: "shown", title: t("shown"), width: "80px", render: (r) => <span className="faint">{where(r.node)}</span> },
  ];
  const edgeColumns: DataColumn<TraceEdge>[] = [
    {
      key: "first",
      title: t("first"),
      width: "148px",
      by: (e) => e.first,
      render: (e) => <span className="num">{time(e.first, "second")}</span>,
    },
    {
      key: "last",
      title: t("last"),
      width: "148px",
      by: (e) => e.last,
      render: (e) => <span className="num">{time(e.last, "second")}</span>,
    },
    { key: "from", title: t("from"), width: "minmax(220px, 2fr)", by: (e) => e.from, render: (e) => nameOf(e.from) },
    { key: "to", title: t("to"), width: "minmax(220px, 2fr)", by: (e) => e.to, render: (e) => nameOf(e.to) },
    { key: "count", title: t("times"), width: "72px", right: true, by: (e) => e.count, render: (e) => count(e.count) },
    {
      key: "taint",
      title: t("taint"),
      width: "minmax(110px, 1fr)",
      right: true,
      by: (e) => e.taintFen,
      render: (e) => money(e.taintFen),
    },
    {
      key: "amount",
      title: t("amount"),
      width: "minmax(110px, 1fr)",
      right: true,
      by: (e) => e.amountFen,
      render: (e) => money(e.amountFen),
    },
    {
      key: "kind",
      title: t("kind"),
      width: "96px",
      by: (e) => e.shape,
      render: (e) => (
        <Tag tone={e.shape === "return" ? "warning" : e.shape === "skip" ? "info" : "neutral"}>{t(e.shape)}</Tag>
      ),
    },
  ];
  type Stop = Answer["stop_list"][number];
  const stopColumns: DataColumn<Stop>[] = [
    { key: "rank", title: t("rank"), width: "64px", by: (s) => s.rank, render: (s) => `#${s.rank}` },
    { key: "layer", title: t("layer"), width: "90px", by: (s) => s.layer, render: (s) => words.layer(s.layer) },
    {
      key: "key",
      title: t("account"),
      width: "minmax(240px, 2fr)",
      by: (s) => s.key,
      render: (s) => <KeyText value={s.key} />,
    },
    {
      key: "amount",
      title: t("reachable"),
      width: "minmax(120px, 1fr)",
      right: true,
      by: (s) => s.amount_fen,
      render: (s) => <strong>{money(s.amount_fen)}</strong>,
    },
    {
      key: "balance",
      title: t("balance"),
      width: "minmax(120px, 1fr)",
      right: true,
      by: (s) => s.balance_fen,
      render: (s) => money(s.balance_fen),
    },
    {
      key: "last",
      title: t("last"),
      width: "150px",
      by: (s) => s.last,
      render: (s) => <span className="num">{time(s.last, "second")}</span>,
    },
    {
      key: "go",
      title: t("account"),
      width: "90px",
      render: (s) => <Link to={`/accounts/${encodeURIComponent(s.key)}`}>→</Link>,
    },
  ];
  const ends = useMemo(
    () => [
      ...answer.sinks.map((sink) => ({
        id: `sink ${sink.kind} ${sink.key}`,
        key: sink.key,
        kind: sink.kind,
        reason: "",
        fen: sink.amount_fen,
      })),
      ...answer.cut.map((cut, i) => ({
        id: `cut ${i}`,
        key: cut.key,
        kind: "",
        reason: cut.reason as string,
        fen: cut.amount_fen,
      })),
    ],
    [answer],
  );
  type End = (typeof ends)[number];
  const endColumns: DataColumn<End>[] = [
    {
      key: "why",
      title: t("why"),
      width: "minmax(180px, 1fr)",
      by: (e) => e.kind || e.reason,
      render: (e) =>
        e.kind ? (
          <Tag tone="danger">{words.sink(e.kind)}</Tag>
        ) : (
          <Tag tone="warning">{words.t(e.reason as "depth")}</Tag>
        ),
    },
    {
      key: "key",
      title: t("where"),
      width: "minmax(260px, 2fr)",
      by: (e) => e.key,
      render: (e) => <KeyText value={e.key} />,
    },
    {
      key: "fen",
      title: t("taint"),
      width: "minmax(140px, 1fr)",
      right: true,
      by: (e) => e.fen,
      render: (e) => money(e.fen),
    },
  ];
  const height = 300;
  const stopIds = useMemo(() => new Set(selected), [selected]);
  return (
    <Tabs
      size="small"
      aria-label={t("tables")}
      items={[
        {
          key: "accounts",
          label: t("accounts", { n: count(accounts.length) }),
          children: (
            <DataTable
              label={t("account")}
              height={height}
              columns={accountColumns}
              rows={accounts}
              id={(row) => row.node.id}
              selected={chosen}
              onSelect={onSelect}
              onOpen={(row) => onInspect(row.node.id)}
            />
          ),
        },
        {
          key: "flows",
          label: t("flows", { n: count(edges.length) }),
          children: (
            <DataTable
              label={t("flows", { n: "" }).trim()}
              height={height}
              columns={edgeColumns}
              rows={edges}
              id={(row) => row.id}
              selected={new Set(edge ? [edge] : [])}
              onSelect={(id) => onEdge(id)}
            />
          ),
        },
        {
          key: "stops",
          label: t("stops", { n: count(answer.stop_list.length) }),
          children: (
            <DataTable
              label={t("reachable")}
              height={height}
              columns={stopColumns}
              rows={answer.stop_list}
              id={(row) => row.key}
              selected={stopIds}
              onSelect={onSelect}
              onOpen={(row) => onInspect(row.key)}
              empty={t("noStops")}
            />
          ),
        },
        {
          key: "ends",
          label: t("ends", { n: count(ends.length) }),
          children: (
            <DataTable
              label={t("why")}
              height={height}
              columns={endColumns}
              rows={ends}
              id={(row) => row.id}
              empty={t("noEnds")}
            />
          ),
        },
      ]}
    />
  );
}
