// Words of the trace page that several of its parts share.
import { createContext, useContext } from "react";
import { grouped, keyParts, layerName } from "@/app/format";
import { KINDS } from "@/i18n/codes";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer, TraceNode } from "./model";

const T = texts(
  {
    victim: "受害人",
    start: "起点",
    layerPlain: "{n} 级",
    others: "其余 {n} 户",
    beneath: "已折叠下游 {n} 户",
    withdrawal: "取现",
    in: "流入",
    out: "流出",
    held: "留存",
    cut: "未追",
    closed: "已销户",
    blocked: "已管控",
    fifo: "先进先出",
    lifo: "后进先出",
    prorata: "按余额比例",
    poison: "全额污染",
    bounds: "确定与可能",
    within: "超过单跳时限",
    depth: "到达层级上限",
    min_amount: "低于最小金额",
    entries_max: "到达读取上限",
    time_max: "到达时间上限",
    not_in_account: "当时账户内不足",
  },
  {
    victim: "Victim",
    start: "Start",
    layerPlain: "Layer {n}",
    others: "Others ({n})",
    beneath: "Downstream folded ({n})",
    withdrawal: "Cash",
    in: "In",
    out: "Out",
    held: "Held",
    cut: "Not followed",
    closed: "closed",
    blocked: "blocked",
    fifo: "First in, first out",
    lifo: "Last in, first out",
    prorata: "Pro rata",
    poison: "Poison",
    bounds: "Bounds",
    within: "later than the limit per hop",
    depth: "at the limit of layers",
    min_amount: "below the smallest amount",
    entries_max: "at the limit of reading",
    time_max: "at the limit of time",
    not_in_account: "not in the account then",
  },
);

/** Where the answer's money starts: layers are counted from there. */
export const TraceStart = createContext<Answer["start"] | null>(null);

/** Whether somebody paid: a start that is only an account says nothing of a victim. */
function hasVictim(start: Answer["start"] | null): boolean {
  if (start === null) return false;
  return ("victims" in start ? start.victims : [start]).some((one) => one.transfer !== null);
}

export function useTraceWords() {
  const t = useTexts(T);
  const pick = usePick();
  const { language } = useLanguage();
  const first = hasVictim(useContext(TraceStart)) ? t("victim") : t("start");
  const sink = (kind: string) => (kind === "withdrawal" ? t("withdrawal") : KINDS[kind] ? pick(KINDS[kind]) : kind);
  return {
    t,
    sink,
    layer: (n: number) => (n === 0 ? first : layerName(n, language)),
    name: (node: TraceNode) => {
      if (node.type === "fold") {
        return t(node.id.startsWith("beneath") ? "beneath" : "others", { n: node.members.length });
      }
      const { value } = keyParts(node.key);
      return node.sink ? `${sink(node.sink)} ${value}` : grouped(value);
    },
    /** For a box on the canvas: who knows an account knows its end. */
    short: (node: TraceNode) => {
      if (node.type === "fold") {
        return t(node.id.startsWith("beneath") ? "beneath" : "others", { n: node.members.length });
      }
      const { kind, value } = keyParts(node.key);
      const end = value.length > 14 ? `${value.slice(0, 4)}…${value.slice(-6)}` : value;
      // Nearly all of them are accounts: the word is for what is not.
      const word = node.sink ? sink(node.sink) : kind !== "account" && KINDS[kind] ? pick(KINDS[kind]) : "";
      return `${word} ${end}`.trim();
    },
  };
}
