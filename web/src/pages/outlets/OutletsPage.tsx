// Which outlets opened the cards that became problems: compared fairly, with the interval shown, and from here to the notice.
import { Link, useSearchParams } from "react-router";
import { time } from "@/app/format";
import { TimeInput } from "@/components/inputs";
import { Institution, UnitName } from "@/components/labels";
import { MakeButtons } from "@/components/make";
import { PageHead } from "@/components/PageHead";
import { PlainTable } from "@/components/PlainTable";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { Funnel } from "./Funnel";
import { type OutletRow, percent, useRanking } from "./ranking";
import "./outlets.css";
import { Select } from "@/components/Select";

const T = texts(
  {
    title: "网点治理",
    note: "{from} 至 {to} 开出的卡，截至 {as_of}",
    kind: "类别",
    both: "银行与通信",
    bank: "银行",
    telecom: "通信",
    from: "起始月份",
    to: "截止月份",
    none: "所选月份没有开户数据",
    noneHint: "开户数由银行、通信企业报送，或随账户流水导入。",
    rank: "名次",
    outlet: "网点",
    institution: "机构",
    district: "县（市、区）",
    problem: "问题卡/开卡",
    rate: "占比",
    fair: "公平占比（95 % 区间）",
    above: "高于总体的概率",
    trend: "趋势",
    band: "判定",
    up: "上升",
    down: "下降",
    flat: "平稳",
    method: "占比按开卡月份计；控制限为精确二项分布；公平占比为贝塔-二项经验贝叶斯后验均值，小网点向总体收缩。",
    table: "网点排名",
    funnel: "漏斗图",
    above_998: "显著偏高",
    above_95: "偏高",
    within: "正常范围",
    below_95: "偏低",
    below_998: "显著偏低",
    notices: "整改通报",
  },
  {
    title: "Outlets",
    note: "Cards opened {from} to {to}, as of {as_of}",
    kind: "Kind",
    both: "Banks and carriers",
    bank: "Banks",
    telecom: "Carriers",
    from: "From month",
    to: "To month",
    none: "No openings in these months",
    noneHint: "Banks and carriers report openings, or they come with imported accounts.",
    rank: "Rank",
    outlet: "Outlet",
    institution: "Institution",
    district: "District",
    problem: "Problem / opened",
    rate: "Share",
    fair: "Fair share (95 % interval)",
    above: "Chance it is above all",
    trend: "Trend",
    band: "Verdict",
    up: "up",
    down: "down",
    flat: "steady",
    method:
      "Shares by month of opening; limits are exact binomial; the fair share is the posterior mean of a beta-binomial (empirical Bayes), which draws small outlets towards the whole.",
    table: "Ranking of outlets",
    funnel: "Funnel plot",
    above_998: "Far above",
    above_95: "Above",
    within: "As expected",
    below_95: "Below",
    below_998: "Far below",
    notices: "Notices",
  },
);

type T = ReturnType<typeof useTexts<(typeof T)["zh"] extends Record<infer K, string> ? K & string : never>>;

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export default function OutletsPage() {
  const t = useTexts(T);
  const [search, setSearch] = useSearchParams();
  const kind = search.get("kind") ?? "";
  const valid = (name: string) => (MONTH.test(search.get(name) ?? "") ? (search.get(name) as string) : undefined);
  const ranking = useRanking({ kind: kind || undefined, from: valid("from"), to: valid("to") });
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const found = ranking.data;
  return (
    <>
      <PageHead
        title={t("title")}
        note={found && t("note", { from: found.from, to: found.to, as_of: time(found.as_of) })}
        actions={
          <>
            <Link to="/records/outlet-notices">{t("notices")}</Link>
            <MakeButtons kind="outlet" />
          </>
        }
      />
      <div className="outlet-filters">
        <Select
          aria-label={t("kind")}
          value={kind}
          onChange={(value) => set("kind", value)}
          options={[
            { value: "", label: t("both") },
            { value: "bank", label: t("bank") },
            { value: "telecom", label: t("telecom") },
          ]}
        />
        {(["from", "to"] as const).map((name) => (
          <span key={name} className="labelled">
            {t(name)}
            <TimeInput months label={t(name)} value={search.get(name)} onChange={(month) => set(name, month ?? "")} />
          </span>
        ))}
      </div>
      {ranking.error && <Failed error={ranking.error} retry={() => void ranking.refetch()} />}
      {!found && !ranking.error && <Loading lines={10} />}
      {found && found.items.length === 0 && <Empty title={t("none")} hint={t("noneHint")} />}
      {found && found.items.length > 0 && (
        <>
          <section className="card" aria-label={t("funnel")}>
            <h2>{t("funnel")}</h2>
            <Funnel ranking={found} />
          </section>
          <section className="card" aria-label={t("table")}>
            <h2>{t("table")}</h2>
            <p className="faint">{t("method")}</p>
            <Table rows={found.items} t={t} />
          </section>
        </>
      )}
    </>
  );
}

function trendOf(row: OutletRow): "up" | "down" | "flat" {
  if (row.trend.p >= 0.05) return "flat";
  return row.trend.z > 0 ? "up" : "down";
}

const BANDS = new Set(["above_998", "above_95", "within", "below_95", "below_998"]);

function Table({ rows, t }: { rows: OutletRow[]; t: T }) {
  return (
    <PlainTable
      label={t("table")}
      rows={rows}
      id={(row) => row.outlet}
      columns={[
        { key: "rank", title: t("rank"), right: true, cell: (row) => row.rank },
        { key: "outlet", title: t("outlet"), cell: (row) => <Link to={`/outlets/${row.outlet}`}>{row.name}</Link> },
        { key: "institution", title: t("institution"), cell: (row) => <Institution code={row.institution} /> },
        {
          key: "district",
          title: t("district"),
          cell: (row) => (row.district === null ? "" : <UnitName id={row.district} />),
        },
        { key: "problem", title: t("problem"), right: true, cell: (row) => `${row.problem} / ${row.opened}` },
        { key: "rate", title: t("rate"), right: true, cell: (row) => percent(row.rate) },
        {
          key: "fair",
          title: t("fair"),
          right: true,
          cell: (row) => (
            <>
              {percent(row.shrunken_rate)}{" "}
              <span className="faint">
                {percent(row.credible_95.low)} – {percent(row.credible_95.high)}
              </span>
            </>
          ),
        },
        { key: "above", title: t("above"), right: true, cell: (row) => percent(row.probability_above) },
        { key: "trend", title: t("trend"), cell: (row) => t(trendOf(row)) },
        {
          key: "band",
          title: t("band"),
          cell: (row) => (
            <span className={`outlet-band outlet-${row.band}`}>
              {BANDS.has(row.band) ? t(row.band as "within") : row.band}
            </span>
          ),
        },
      ]}
    />
  );
}
