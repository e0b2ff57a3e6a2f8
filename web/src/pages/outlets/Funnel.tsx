// The funnel plot: share of problem cards over cards opened (logarithmic), with the limits within which chance alone leaves an
// outlet of that size. A picture of vectors: it prints well, and each outlet is a link.
import { Link } from "react-router";
import { count } from "@/app/format";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type Interval, percent, type Ranking } from "./ranking";
import { linearMarks, logMarks } from "./scale";

const T = texts(
  {
    x: "开户（卡）数，对数刻度",
    y: "问题卡占比",
    overall: "总体 {rate}",
    label: "漏斗图：{n} 个网点的问题卡占比与控制限",
    legend: "虚线 95 %，实线 99.8 % 控制限",
  },
  {
    x: "Cards opened, logarithmic",
    y: "Share of problem cards",
    overall: "Overall {rate}",
    label: "Funnel plot: share of problem cards of {n} outlets, with control limits",
    legend: "Dashed 95 %, solid 99.8 % limits",
  },
);

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [920, 390, 64, 44, 26, 20];

export function Funnel({ ranking }: { ranking: Ranking }) {
  const t = useTexts(T);
  const rows = ranking.items.filter((row) => row.opened > 0);
  const low = Math.max(1, Math.min(...rows.map((row) => row.opened)) * 0.8);
  const high = Math.max(...rows.map((row) => row.opened)) * 1.2;
  const top = Math.max(ranking.rate * 2, ...rows.map((row) => row.rate)) * 1.08 || 0.01;
  const x = (n: number) => LEFT + (Math.log(n / low) / Math.log(high / low)) * (WIDTH - LEFT - RIGHT);
  const y = (rate: number) => TOP + (1 - Math.min(rate, top) / top) * (HEIGHT - TOP - BOTTOM);
  const points = ranking.funnel.filter((point) => point.opened >= low && point.opened <= high);
  const line = (of: (point: (typeof points)[number]) => number) =>
    points.map((point, i) => `${i === 0 ? "M" : "L"}${x(point.opened).toFixed(1)} ${y(of(point)).toFixed(1)}`).join("");
  const limits = (name: string, of: (point: (typeof points)[number]) => Interval) => (
    <>
      <path className={name} d={line((point) => of(point).low)} />
      <path className={name} d={line((point) => of(point).high)} />
    </>
  );
  return (
    <figure className="funnel">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-label={t("label", { n: rows.length })} role="group">
        {linearMarks(top).map((mark) => (
          <g key={mark}>
            <line className="funnel-grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(mark)} y2={y(mark)} />
            <text x={LEFT - 8} y={y(mark) + 4} textAnchor="end">
              {percent(mark, top >= 0.05 ? 0 : 1)}
            </text>
          </g>
        ))}
        {logMarks(low, high).map((mark) => (
          <text key={mark} x={x(mark)} y={HEIGHT - BOTTOM + 18} textAnchor="middle">
            {count(mark)}
          </text>
        ))}
        <text x={WIDTH - RIGHT} y={HEIGHT - 6} textAnchor="end">
          {t("x")}
        </text>
        <text x={LEFT} y={12}>
          {t("y")}
        </text>
        <line className="funnel-overall" x1={LEFT} x2={WIDTH - RIGHT} y1={y(ranking.rate)} y2={y(ranking.rate)} />
        <text className="funnel-note" x={WIDTH - RIGHT} y={y(ranking.rate) - 5} textAnchor="end">
          {t("overall", { rate: percent(ranking.rate) })}
        </text>
        {limits("funnel-95", (point) => point.limits_95)}
        {limits("funnel-998", (point) => point.limits_998)}
        {rows.map((row) => (
          <Link key={row.outlet} to={`/outlets/${row.outlet}`} aria-label={`${row.name} ${percent(row.rate)}`}>
            <circle className={`funnel-dot funnel-${row.band}`} cx={x(row.opened)} cy={y(row.rate)} r="5">
              <title>{`${row.name} · ${row.problem}/${row.opened} · ${percent(row.rate)}`}</title>
            </circle>
            {row.band === "above_998" && (
              <text
                className="funnel-name"
                x={x(row.opened) + (x(row.opened) > WIDTH - 160 ? -9 : 9)}
                y={y(row.rate) + 4}
                textAnchor={x(row.opened) > WIDTH - 160 ? "end" : "start"}
              >
                {row.name}
              </text>
            )}
          </Link>
        ))}
      </svg>
      <figcaption className="faint">{t("legend")}</figcaption>
    </figure>
  );
}
