import { Layer, Money, RecordLink, Tag } from "@/components/labels";
import { useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import type { Along } from "./along";

const T = texts(
  {
    title: "沿资金链止付结果",
    summary: "已呈请 {n} 笔，共 {all} 笔可止付",
    layer: "层级",
    amount: "可止付金额",
    result: "结果",
    order: "止付令",
    proposed: "已呈请",
    refused: "未呈请",
    unknown: "未能追踪的转账：{why}",
    none: "资金链上暂无可止付余额",
  },
  {
    title: "Stops along the trace",
    summary: "{n} proposed of {all} that can be reached",
    layer: "Layer",
    amount: "Reachable",
    result: "Result",
    order: "Stop order",
    proposed: "Proposed",
    refused: "Not proposed",
    unknown: "A transfer could not be followed: {why}",
    none: "Nothing can be reached along the trace now",
  },
);

export function AlongResults({ along }: { along: Along }) {
  const t = useTexts(T);
  const said = useSaid();
  const done = along.rows.filter((row) => row.done).length;
  return (
    <section className="card" aria-label={t("title")} data-along={done}>
      <h2>{t("title")}</h2>
      <p role="status">{along.rows.length === 0 ? t("none") : t("summary", { n: done, all: along.rows.length })}</p>
      {along.rows.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t("title")}>
          <table className="plain">
            <thead>
              <tr>
                <th>{t("layer")}</th>
                <th className="right">{t("amount")}</th>
                <th>{t("result")}</th>
                <th>{t("order")}</th>
              </tr>
            </thead>
            <tbody>
              {along.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and are never moved
                <tr key={index}>
                  <td>
                    <Layer n={row.layer} />
                  </td>
                  <td className="right">
                    <Money fen={row.amount_fen} />
                  </td>
                  <td>
                    <Tag tone={row.done ? "success" : "warning"}>{t(row.done ? "proposed" : "refused")}</Tag>
                  </td>
                  <td>
                    {row.stop ? (
                      <RecordLink kind="stop" id={row.stop} />
                    ) : (
                      <span className="faint">{said(row.why, row.why_zh)}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {along.unknown.map((why) => (
        <p key={why.detail} className="note note-warning">
          {t("unknown", { why: said(why.detail, why.detailZh) })}
        </p>
      ))}
    </section>
  );
}
