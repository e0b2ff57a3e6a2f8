// A draft beside what is in use, over the same log: what each finds, how much of it is right, and what it costs a day.
import { useMemo } from "react";
import { count, duration, money } from "@/app/format";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { Empty } from "@/components/states";
import { useIsWide } from "@/components/wide";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    title: "回测对比：在用 → 草稿",
    name: "类型或规则",
    known: "已知",
    found: "找到",
    recall: "召回率",
    findings: "发现",
    precision: "精确率",
    alerts: "每日告警",
    lead: "提前量中位数",
    reachable: "可及金额",
    none: "回测没有结果",
    noneHint: "回测需要随数据导入的标注（label）。没有标注时仍可看到发现数。",
    same: "草稿与在用规则的结果完全一致。",
  },
  {
    title: "Back-test: in use → draft",
    name: "Typology or rule",
    known: "Known",
    found: "Found",
    recall: "Recall",
    findings: "Findings",
    precision: "Precision",
    alerts: "Alerts a day",
    lead: "Median lead",
    reachable: "Reachable",
    none: "The back-test gave nothing",
    noneHint: "It needs labels that were imported with the data.",
    same: "The draft gives exactly what the rules in use give.",
  },
);

export interface BackTestRow {
  group: string;
  name: string;
  known: number;
  found: number;
  recall: number | null;
  findings: number;
  right: number;
  precision: number | null;
  alerts_a_day: number;
  lead_median_ms: number | null;
  lost_fen: number;
  reachable_fen: number;
}

export interface BackTest {
  rows: BackTestRow[];
}

interface Pair {
  id: string;
  group: string;
  name: string;
  live: BackTestRow | undefined;
  draft: BackTestRow | undefined;
}

export function pairsOf(live: BackTest, draft: BackTest): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [side, rows] of [
    ["live", live.rows],
    ["draft", draft.rows],
  ] as const) {
    for (const row of rows) {
      const id = `${row.group}/${row.name}`;
      const pair = pairs.get(id) ?? { id, group: row.group, name: row.name, live: undefined, draft: undefined };
      pair[side] = row;
      pairs.set(id, pair);
    }
  }
  return [...pairs.values()];
}

const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? "—" : `${(share * 100).toFixed(1)}%`;

/** Columns that a laptop has no room for beside the list of files. */
const WITH_ROOM = new Set(["known", "lead", "reachable"]);

export function BackTests({ live, draft }: { live: BackTest; draft: BackTest }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const isWide = useIsWide();
  const pairs = useMemo(() => pairsOf(live, draft), [live, draft]);
  if (pairs.length === 0) return <Empty title={t("none")} hint={t("noneHint")} />;
  const both = (
    key: string,
    title: string,
    of: (row: BackTestRow) => string,
    by: (row: BackTestRow) => number,
    room = "minmax(124px, 1fr)",
  ): DataColumn<Pair> => ({
    key,
    title,
    width: room,
    right: true,
    by: (pair) => (pair.draft ? by(pair.draft) : -1),
    render: ({ live: a, draft: b }) => {
      const [before, after] = [a ? of(a) : "—", b ? of(b) : "—"];
      return (
        <span className={before === after ? "num" : "num strong"}>
          {before === after ? before : `${before} → ${after}`}
        </span>
      );
    },
  });
  const all: DataColumn<Pair>[] = [
    {
      key: "name",
      title: t("name"),
      width: "minmax(170px, 1.4fr)",
      by: (pair) => pair.id,
      render: (pair) => (
        <>
          <span className="faint">{pair.group}</span> {pair.name}
        </>
      ),
    },
    both(
      "known",
      t("known"),
      (row) => count(row.known),
      (row) => row.known,
    ),
    both(
      "found",
      t("found"),
      (row) => count(row.found),
      (row) => row.found,
      "minmax(92px, 1fr)",
    ),
    both(
      "recall",
      t("recall"),
      (row) => percent(row.recall),
      (row) => row.recall ?? -1,
    ),
    both(
      "findings",
      t("findings"),
      (row) => count(row.findings),
      (row) => row.findings,
      "minmax(104px, 1fr)",
    ),
    both(
      "precision",
      t("precision"),
      (row) => percent(row.precision),
      (row) => row.precision ?? -1,
    ),
    both(
      "alerts",
      t("alerts"),
      (row) => row.alerts_a_day.toFixed(2),
      (row) => row.alerts_a_day,
    ),
    both(
      "lead",
      t("lead"),
      (row) => (row.lead_median_ms === null ? "—" : duration(row.lead_median_ms, language)),
      (row) => row.lead_median_ms ?? -1,
    ),
    both(
      "reachable",
      t("reachable"),
      (row) => money(row.reachable_fen),
      (row) => row.reachable_fen,
      "minmax(190px, 1fr)",
    ),
  ];
  const columns = isWide ? all : all.filter((column) => !WITH_ROOM.has(column.key));
  return (
    <section aria-label={t("title")} data-back-tests>
      <h2>{t("title")}</h2>
      {JSON.stringify(live.rows) === JSON.stringify(draft.rows) && <p className="faint">{t("same")}</p>}
      <DataTable label={t("title")} columns={columns} rows={pairs} id={(pair) => pair.id} height={360} />
    </section>
  );
}
