// Figures with the queries behind them: sections of lines, as GET /v1/figures, tallies and bulletins have them. A line opens
// to what was counted, so that whoever doubts it can count again from the records.
import { useState } from "react";
import { count, money, time } from "@/app/format";
import { useLanguage, useTexts } from "@/i18n/language";
import { type Language, texts } from "@/i18n/texts";
import { useNameOf } from "./labels";

const T = texts(
  {
    figure: "指标",
    value: "数值",
    query: "口径",
    show: "查看口径",
    hide: "收起",
    measure: "统计方式",
    kind: "记录",
    when: "时间字段",
    of: "统计字段",
    days: "天数",
  },
  {
    figure: "Figure",
    value: "Value",
    query: "Query",
    show: "how it is counted",
    hide: "less",
    measure: "Measure",
    kind: "Records",
    when: "Time",
    of: "Of",
    days: "Days",
  },
);

interface Term {
  field: string;
  is: string;
  value?: unknown;
  values?: unknown[];
}

export interface FigureQuery {
  measure: string;
  of?: string | null;
  days?: number;
  field?: string | null;
  by?: string | null;
  kind?: string;
  collection?: string | null;
  at?: string | null;
  terms?: Term[];
}

export interface FigureLine {
  code: string;
  zh: string;
  en: string;
  type: "money_fen" | "number";
  unit_zh: string;
  unit_en: string;
  value: number;
  means_zh?: string;
  means_en?: string;
  parts?: { code: string | null; zh: string; en: string; value: number }[];
  query?: FigureQuery;
}

export interface FigureSection {
  code: string;
  zh: string;
  en: string;
  from: string;
  to: string;
  figures: FigureLine[];
}

function shown(line: FigureLine, value: number, language: Language): string {
  if (line.type === "money_fen") return money(value);
  const unit = language === "zh" ? line.unit_zh : value === 1 ? line.unit_en.replace(/s$/, "") : line.unit_en;
  return `${count(value)} ${unit}`;
}

export function Figures({ sections }: { sections: readonly FigureSection[] }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  return (
    <div className="figure-sections">
      {sections.map((section) => {
        const name = language === "zh" ? section.zh : section.en;
        return (
          <section key={section.code} className="card" aria-label={name}>
            <h2>
              {name}{" "}
              <span className="faint num">
                {time(section.from)} – {time(section.to)}
              </span>
            </h2>
            <div className="table-scroll fit" tabIndex={0} role="region" aria-label={name}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t("figure")}</th>
                    <th className="right">{t("value")}</th>
                    <th>{t("query")}</th>
                  </tr>
                </thead>
                <tbody>
                  {section.figures.map((line) => (
                    <Line key={line.code} line={line} />
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Line({ line }: { line: FigureLine }) {
  const nameOf = useNameOf();
  const t = useTexts(T);
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const pick = (zh: string | undefined, en: string | undefined) => (language === "zh" ? zh : en) ?? "";
  return (
    <>
      <tr>
        <th scope="row">{nameOf(line)}</th>
        <td className="right num strong">{shown(line, line.value, language)}</td>
        <td>
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t("hide") : t("show")}
          </button>
          {open && (
            <div className="figure-query">
              {(line.means_zh || line.means_en) && <p>{pick(line.means_zh, line.means_en)}</p>}
              {line.query && <Query query={line.query} />}
            </div>
          )}
        </td>
      </tr>
      {line.parts?.map((part) => (
        <tr key={part.code ?? ""} className="figure-part">
          <td className="faint">　{pick(part.zh, part.en)}</td>
          <td className="right num">{shown(line, part.value, language)}</td>
          <td />
        </tr>
      ))}
    </>
  );
}

function Query({ query }: { query: FigureQuery }) {
  const t = useTexts(T);
  const rows: [string, string][] = [[t("measure"), query.measure]];
  if (query.collection ?? query.kind) rows.push([t("kind"), `/v1/${query.collection ?? query.kind}`]);
  if (query.field ?? query.of) rows.push([t("of"), String(query.field ?? query.of)]);
  if (query.at) rows.push([t("when"), query.at]);
  if (query.days !== undefined) rows.push([t("days"), String(query.days)]);
  for (const term of query.terms ?? []) {
    rows.push([term.field, `${term.is} ${(term.values ?? [term.value]).map(String).join(" | ")}`]);
  }
  return (
    <dl className="figure-terms">
      {rows.map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt>{name}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
