// What is selected, in full: an account's part in this trace, or the transfers behind a flow.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { call } from "@/api/client";
import type { Schemas } from "@/api/schema";
import { count, duration, money, time } from "@/app/format";
import { KeyText, Tag } from "@/components/labels";
import { Failed, Loading } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer, Model, Shown, TraceEdge, TraceNode } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    nothing: "选中账户或连线，查看详情",
    nothingHint: "点击账户会突出显示经过它的资金链；按住 Ctrl 可多选。",
    many: "已选 {n} 户",
    profile: "账户画像",
    opening: "期初余额",
    inferred: "推算",
    balance: "账面余额",
    dwell: "停留",
    none: "未转出",
    period: "首末笔",
    from: "来自",
    to: "去向",
    members: "其中最大的 {n} 户",
    flow: "资金流向",
    taint: "涉案金额",
    amount: "交易总额",
    times: "笔数",
    rows: "逐笔交易",
    rowsSome: "账户流水较长，仅检索前 {n} 笔；全部流水见账户画像。",
    rowsFold: "连线代表 {n} 对账户，请先展开。",
    rank: "可止付次序",
  },
  {
    nothing: "Select an account or a flow",
    nothingHint: "An account lights up the path of the money through it. Ctrl adds to the selection.",
    many: "{n} accounts selected",
    profile: "Account profile",
    opening: "Opening",
    inferred: "inferred",
    balance: "Balance",
    dwell: "Dwell",
    none: "nothing left",
    period: "First and last",
    from: "From",
    to: "To",
    members: "The largest {n}",
    flow: "Flow",
    taint: "Tainted",
    amount: "Full amount",
    times: "Transfers",
    rows: "Transfers one by one",
    rowsSome: "A long ledger: the first {n} entries were searched. The profile has all of it.",
    rowsFold: "This line stands for {n} pairs: expand it first.",
    rank: "Rank to stop",
  },
);

interface InspectorProps {
  answer: Answer;
  model: Model;
  shown: Shown;
  selected: readonly string[];
  edge: string | null;
  onSelect: (id: string, adds: boolean) => void;
  onEdge: (id: string) => void;
}

export function Inspector(props: InspectorProps) {
  const { shown, model, selected, edge } = props;
  const t = useTexts(T);
  const flow = shown.edges.find((one) => one.id === edge) ?? model.edges.find((one) => one.id === edge);
  if (flow) return <Flow {...props} flow={flow} />;
  const nodes = selected.flatMap((id) => shown.nodes.find((one) => one.id === id) ?? model.nodes.get(id) ?? []);
  const one = nodes[0];
  if (!one) {
    return (
      <div className="inspect-none">
        <p>{t("nothing")}</p>
        <p className="faint">{t("nothingHint")}</p>
      </div>
    );
  }
  return nodes.length > 1 ? <Several nodes={nodes} /> : <One {...props} node={one} />;
}

function Facts({ rows }: { rows: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className="inspect-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Several({ nodes }: { nodes: readonly TraceNode[] }) {
  const t = useTexts(T);
  const words = useTraceWords();
  const sum = (of: (node: TraceNode) => number) => money(nodes.reduce((total, node) => total + of(node), 0));
  return (
    <>
      <h2>{t("many", { n: count(nodes.length) })}</h2>
      <Facts
        rows={[
          [words.t("in"), sum((node) => node.inFen)],
          [words.t("out"), sum((node) => node.outFen)],
          [words.t("held"), sum((node) => node.heldFen)],
        ]}
      />
    </>
  );
}

function Lines({ title, edges, side, model, onEdge }: LinesProps) {
  const words = useTraceWords();
  if (edges.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="inspect-lines">
        {[...edges]
          .sort((a, b) => b.taintFen - a.taintFen)
          .slice(0, 12)
          .map((edge) => {
            const node = model.nodes.get(edge[side]);
            return (
              <li key={edge.id}>
                <button type="button" className="line-button" onClick={() => onEdge(edge.id)}>
                  <span>{node ? words.short(node) : edge[side]}</span>
                  <span className="num">{money(edge.taintFen)}</span>
                </button>
              </li>
            );
          })}
      </ul>
    </section>
  );
}

interface LinesProps {
  title: string;
  edges: readonly TraceEdge[];
  side: "from" | "to";
  model: Model;
  onEdge: (id: string) => void;
}

function One({ answer, model, shown, node, onSelect, onEdge }: InspectorProps & { node: TraceNode }) {
  const t = useTexts(T);
  const words = useTraceWords();
  const { language } = useLanguage();
  const facts = node.type === "account" ? answer.accounts.find((account) => account.key === node.key) : undefined;
  const near = shown.plain.has(node.id) ? model.edges : shown.edges;
  return (
    <>
      <h2>
        <Tag tone={node.isStart ? "info" : "neutral"}>{words.layer(node.layer)}</Tag>{" "}
        {node.type === "account" ? <KeyText value={node.key} /> : words.name(node)}
      </h2>
      <Facts
        rows={[
          [words.t("in"), money(node.inFen)],
          ...(node.sink
            ? []
            : ([
                [words.t("out"), money(node.outFen)],
                [words.t("held"), money(node.heldFen)],
                [words.t("cut"), money(node.cutFen)],
              ] as const)),
          ...(node.rank
            ? ([
                [
                  t("rank"),
                  <Tag key="rank" tone="success">
                    #{node.rank}
                  </Tag>,
                ],
              ] as const)
            : []),
          ...(facts
            ? ([
                [t("opening"), `${money(facts.opening_fen)}${facts.opening_inferred ? `（${t("inferred")}）` : ""}`],
                [t("balance"), money(facts.balance_fen)],
                [t("dwell"), facts.dwell_ms === null ? t("none") : duration(facts.dwell_ms, language)],
                [t("period"), `${time(facts.first, "second")} – ${time(facts.last, "second").slice(5)}`],
              ] as const)
            : []),
        ]}
      />
      {node.type === "account" && <Link to={`/accounts/${encodeURIComponent(node.key)}`}>{t("profile")} →</Link>}
      {node.type === "fold" && (
        <section>
          <h3>{t("members", { n: Math.min(12, node.members.length) })}</h3>
          <ul className="inspect-lines">
            {node.members
              .flatMap((id) => model.nodes.get(id) ?? [])
              .sort((a, b) => b.inFen - a.inFen)
              .slice(0, 12)
              .map((member) => (
                <li key={member.id}>
                  <button type="button" className="line-button" onClick={() => onSelect(member.id, false)}>
                    <span>{words.short(member)}</span>
                    <span className="num">{money(member.inFen)}</span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      )}
      <Lines title={t("from")} edges={near.filter((e) => e.to === node.id)} side="from" model={model} onEdge={onEdge} />
      <Lines title={t("to")} edges={near.filter((e) => e.from === node.id)} side="to" model={model} onEdge={onEdge} />
    </>
  );
}

type Entry = Schemas["ledger_entry"];
const LEDGER_PAGES = 8;

/** The payer's ledger, searched for transfers to this payee within the flow's time. */
async function transfersOf(flow: TraceEdge, to: string | null, asOf: number): Promise<{ rows: Entry[]; all: boolean }> {
  const rows: Entry[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < LEDGER_PAGES; page++) {
    const answer: Schemas["ledger_page"] = await call("GET /v1/accounts/{key}/transfers", {
      path: { key: flow.from },
      query: { as_of: asOf, limit: 1000, cursor } as never,
    });
    for (const entry of answer.items) {
      const at = Date.parse(entry.time);
      if (entry.direction !== "out" || at < flow.first || at > flow.last) continue;
      if (to === null ? entry.kind === "withdrawal" : entry.counterparty === to) rows.push(entry);
    }
    const end = answer.items.at(-1);
    if (answer.next === null || (end && Date.parse(end.time) > flow.last)) return { rows, all: true };
    cursor = answer.next;
  }
  return { rows, all: false };
}

function Flow({ answer, model, flow }: InspectorProps & { flow: TraceEdge }) {
  const t = useTexts(T);
  const words = useTraceWords();
  const to = model.nodes.get(flow.to);
  const isPair = flow.pairs === 1 && model.nodes.has(flow.from) && to !== undefined;
  const payee = to?.sink === "withdrawal" ? null : (to?.key ?? "");
  const found = useQuery({
    queryKey: ["flow", flow.id, answer.as_of],
    queryFn: () => transfersOf(flow, payee, answer.as_of),
    enabled: isPair,
    retry: false,
  });
  const name = (id: string) => {
    const node = model.nodes.get(id);
    return node ? node.sink ? words.name(node) : <KeyText value={node.key} /> : id;
  };
  return (
    <>
      <h2>{t("flow")}</h2>
      <Facts
        rows={[
          [t("from"), name(flow.from)],
          [t("to"), name(flow.to)],
          [t("taint"), money(flow.taintFen)],
          [t("amount"), money(flow.amountFen)],
          [t("times"), count(flow.count)],
          [t("period"), `${time(flow.first, "second")} – ${time(flow.last, "second").slice(5)}`],
        ]}
      />
      {!isPair && <p className="faint">{t("rowsFold", { n: flow.pairs })}</p>}
      {isPair && found.error && <Failed error={found.error} retry={() => void found.refetch()} />}
      {isPair && found.isPending && <Loading lines={3} />}
      {found.data && (
        <section>
          <h3>{t("rows")}</h3>
          <ul className="inspect-lines">
            {found.data.rows.slice(0, 100).map((entry) => (
              <li key={entry.sequence} className="inspect-transfer num">
                <span>{time(entry.time, "second")}</span>
                <span>{money(entry.amount_fen)}</span>
              </li>
            ))}
          </ul>
          {!found.data.all && <p className="faint">{t("rowsSome", { n: count(LEDGER_PAGES * 1000) })}</p>}
        </section>
      )}
    </>
  );
}
