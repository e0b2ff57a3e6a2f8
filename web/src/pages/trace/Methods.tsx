// The five methods over the same accounts, side by side: where they agree it does not matter which a court takes.
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { call } from "@/api/client";
import { count, money } from "@/app/format";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { KeyText, Tag } from "@/components/labels";
import { Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer } from "./model";
import { METHODS, type Method, type Question, searchOf } from "./question";
import { useTraceWords } from "./words";

const T = texts(
  {
    title: "方法对比",
    intro:
      "同一资金、同一截止序号，五种方法各算一遍；每格为流入该账户的涉案金额。结论因方法而异时，应先定方法、后看结果。",
    account: "账户",
    layer: "层级",
    same: "一致",
    differs: "不一致",
    verdict: "前三种方法",
    sums: "账户 {n} · 留存 {held} · 取现 {sinks}",
    certain: "确定 {fen}",
    multiplies: "全额污染会重复计算金额，只用于排查，不用于返还。",
  },
  {
    title: "Methods side by side",
    intro:
      "The same money, as of the same sequence, by all five methods: each figure is the tainted money that came into the account. Where the methods differ, choose one before looking.",
    account: "Account",
    layer: "Layer",
    same: "agree",
    differs: "differ",
    verdict: "First three",
    sums: "{n} accounts · held {held} · cash {sinks}",
    certain: "certain {fen}",
    multiplies: "Poison counts money more than once: for looking, not for returns.",
  },
);

interface Row {
  key: string;
  layer: number;
  by: Partial<Record<Method, { fen: number; certain: number | null }>>;
}

function rowsOf(answers: readonly Answer[]): Row[] {
  const rows = new Map<string, Row>();
  for (const answer of answers) {
    for (const account of answer.accounts) {
      const row = rows.get(account.key) ?? { key: account.key, layer: account.layer, by: {} };
      row.layer = Math.min(row.layer, account.layer);
      row.by[answer.method] = { fen: account.in_fen, certain: account.in_certain_fen ?? null };
      rows.set(account.key, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.layer - b.layer || fenOf(b, "fifo") - fenOf(a, "fifo"));
}

const fenOf = (row: Row, method: Method) => row.by[method]?.fen ?? 0;

function agree(row: Row): boolean {
  return fenOf(row, "fifo") === fenOf(row, "lifo") && fenOf(row, "fifo") === fenOf(row, "prorata");
}

/** Outside the component, so that it runs when an answer comes and not whenever something is drawn. */
function combined(found: UseQueryResult<Answer>[]) {
  const answers = found.flatMap((one) => one.data ?? []);
  return { answers, rows: rowsOf(answers), failed: found.find((one) => one.error) };
}

interface MethodsProps {
  question: Question;
  answer: Answer;
  selected: readonly string[];
  onSelect: (id: string, adds: boolean) => void;
}

export function Methods({ question, answer, selected, onSelect }: MethodsProps) {
  const t = useTexts(T);
  const words = useTraceWords();
  const { answers, rows, failed } = useQueries({
    combine: combined,
    queries: METHODS.map((method) => ({
      queryKey: ["trace", { ...question, method, asOf: answer.as_of }],
      queryFn: () =>
        call("GET /v1/traces", { query: { ...searchOf({ ...question, asOf: answer.as_of }), method } as never }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  if (failed) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (answers.length < METHODS.length) return <Loading lines={6} />;
  const columns: DataColumn<Row>[] = [
    { key: "layer", title: t("layer"), width: "76px", by: (row) => row.layer, render: (row) => words.layer(row.layer) },
    {
      key: "key",
      title: t("account"),
      width: "minmax(260px, 2fr)",
      by: (row) => row.key,
      render: (row) => <KeyText value={row.key} />,
    },
    ...METHODS.map(
      (method): DataColumn<Row> => ({
        key: method,
        title: words.t(method),
        width: "minmax(118px, 1fr)",
        right: true,
        by: (row) => fenOf(row, method),
        render: (row) => {
          const cell = row.by[method];
          if (!cell) return <span className="faint">—</span>;
          return (
            <span
              className="num"
              title={cell.certain === null ? undefined : t("certain", { fen: money(cell.certain) })}
            >
              {money(cell.fen)}
            </span>
          );
        },
      }),
    ),
    {
      key: "agree",
      title: t("verdict"),
      width: "96px",
      by: (row) => (agree(row) ? 1 : 0),
      render: (row) => (agree(row) ? <Tag tone="success">{t("same")}</Tag> : <Tag tone="warning">{t("differs")}</Tag>),
    },
  ];
  return (
    <section className="methods" aria-label={t("title")}>
      <p className="faint">
        {t("intro")} {t("multiplies")}
      </p>
      <dl className="methods-sums">
        {answers.map((one) => (
          <div key={one.method} className={one.method === answer.method ? "is-used" : undefined}>
            <dt>{words.t(one.method)}</dt>
            <dd className="num">
              {t("sums", {
                n: count(one.accounts.length),
                held: money(one.accounts.reduce((sum, account) => sum + account.held_fen, 0)),
                sinks: money(one.sinks.reduce((sum, sink) => sum + sink.amount_fen, 0)),
              })}
            </dd>
          </div>
        ))}
      </dl>
      <DataTable
        label={t("title")}
        columns={columns}
        rows={rows}
        id={(row) => row.key}
        selected={new Set(selected)}
        onSelect={onSelect}
        height={420}
      />
    </section>
  );
}
