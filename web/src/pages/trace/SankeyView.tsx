// All of the trace as ribbons, by layer: accounts beyond the largest of a layer are one ribbon, said so.
import { useMemo } from "react";
import { money, moneyShort } from "@/app/format";
import { Chart } from "@/components/Chart";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useTheme } from "@/theme/theme";
import type { Shown, TraceNode } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    label: "资金流向桑基图：与下方“资金流向”表一致",
    left: "{n} 条回流或同级资金不在此图中（¥{fen}），见表格“回流/同级”。",
  },
  {
    label: "Sankey of the money; the table of flows below says the same",
    left: "{n} flows back or sideways (¥{fen}) are not in this picture: see the table, “back or sideways”.",
  },
);

export function SankeyView({ shown, onSelect }: { shown: Shown; onSelect: (id: string, adds: boolean) => void }) {
  const t = useTexts(T);
  const words = useTraceWords();
  const { language } = useLanguage();
  const { palette } = useTheme();
  // A Sankey knows no cycles: what goes back or sideways is counted below it.
  const forward = shown.edges.filter((edge) => edge.shape !== "return");
  const back = shown.edges.filter((edge) => edge.shape === "return");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const option = useMemo(() => {
    const colour = (node: TraceNode) =>
      node.isStart
        ? palette.primary
        : node.sink
          ? palette.danger
          : node.heldFen > 0
            ? palette.success
            : palette.control;
    const linked = new Set(forward.flatMap((edge) => [edge.from, edge.to]));
    const first = Math.min(...shown.nodes.map((node) => node.layer));
    const names = new Map(shown.nodes.map((node) => [node.id, words.short(node)]));
    return {
      tooltip: {
        formatter: (item: {
          dataType: string;
          value: number;
          data: { source?: string; target?: string };
          name: string;
        }) =>
          item.dataType === "edge"
            ? `${names.get(item.data.source ?? "")} → ${names.get(item.data.target ?? "")}\n${money(item.value)}`
            : `${names.get(item.name) ?? item.name}\n${money(item.value)}`,
      },
      series: [
        {
          type: "sankey",
          left: 8,
          right: 150,
          top: 12,
          bottom: 12,
          nodeWidth: 14,
          nodeGap: 6,
          draggable: false,
          layoutIterations: 24,
          emphasis: { focus: "adjacency" },
          lineStyle: { color: palette.control, opacity: 0.35, curveness: 0.5 },
          label: {
            color: palette.ink,
            fontSize: 12,
            formatter: (item: { name: string; value: number }) =>
              `${names.get(item.name) ?? ""} ${moneyShort(item.value, language)}`,
          },
          labelLayout: { hideOverlap: true },
          data: shown.nodes
            .filter((node) => linked.has(node.id))
            .map((node) => ({
              name: node.id,
              depth: node.layer - first,
              itemStyle: { color: colour(node), borderWidth: 0 },
            })),
          links: forward.map((edge) => ({ source: edge.from, target: edge.to, value: edge.taintFen })),
        },
      ],
    };
  }, [shown, palette, language]);
  const sum = back.reduce((total, edge) => total + edge.taintFen, 0);
  return (
    <>
      <Chart label={t("label")} option={option} height={460} onClick={({ name }) => onSelect(name, false)} />
      {back.length > 0 && <p className="faint trace-note">{t("left", { n: back.length, fen: money(sum).slice(1) })}</p>}
    </>
  );
}
