// One campaign: whom it reached, and whether fewer people of its area were deceived afterwards than elsewhere.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { request } from "@/api/client";
import { count, time } from "@/app/format";
import { PlainTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { Empty, Loading, ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ReachTable } from "./ReachTable";
import type { Effect, Reach } from "./reach";

const T = texts(
  {
    none: "尚未覆盖群众",
    noneHint: "推送短信、群消息或登记活动后，这里按渠道统计人数。",
    reach: "覆盖",
    effect: "前后对比",
    area: "地区",
    people: "人口",
    before: "之前（{from} 起）",
    after: "之后（至 {to}）",
    reports: "报警数",
    rate: "每万人",
    here: "活动地区",
    there: "对照地区",
    difference: "双重差分：每万人 {d}（95 % 区间 {low} 至 {high}）",
    ratio: "变化比之比 {r}（精确区间 {low} 至 {high}）",
    hidden: "报警数少于 {least} 的不显示，也不给出由它算出的结果。",
    caution: "这是对两个地区的观察：前提是没有活动时两地变化相同。",
  },
  {
    none: "Nobody reached yet",
    noneHint: "People are counted by channel once messages go out or events are registered.",
    reach: "Reach",
    effect: "Before and after",
    area: "Area",
    people: "People",
    before: "Before (from {from})",
    after: "After (until {to})",
    reports: "reports",
    rate: "per 10,000",
    here: "Its area",
    there: "Comparison",
    difference: "Difference in differences: {d} per 10,000 (95 % interval {low} to {high})",
    ratio: "Ratio of ratios {r} (exact interval {low} to {high})",
    hidden: "Fewer than {least} reports are not shown, nor what follows from them.",
    caution: "An observation of two areas: it assumes that without the campaign both would have changed alike.",
  },
);

export default function CampaignPage() {
  const t = useTexts(T);
  const id = Number(useParams().id);
  return (
    <RecordFrame
      kind="campaign"
      id={id}
      title={(row) => String(row.title ?? "")}
      tabs={(_row, parts) => [
        { key: "reach", label: t("reach"), children: <CampaignReach id={id} /> },
        { key: "effect", label: t("effect"), children: <CampaignEffect id={id} /> },
        ...parts,
      ]}
    />
  );
}

function CampaignReach({ id }: { id: number }) {
  const t = useTexts(T);
  const found = useQuery<Reach>({
    queryKey: ["reach", id],
    queryFn: ({ signal }) => request<Reach>("GET", `/v1/campaigns/${id}/reach`, { signal }),
  });
  if (found.error) return <ProblemNote error={found.error} />;
  if (!found.data) return <Loading lines={4} />;
  const isNobody = found.data.people.upper === 0 && !found.data.persons.is_hidden;
  return isNobody ? <Empty title={t("none")} hint={t("noneHint")} /> : <ReachTable reach={found.data} />;
}

function CampaignEffect({ id }: { id: number }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const found = useQuery<Effect>({
    queryKey: ["effect", id],
    queryFn: ({ signal }) => request<Effect>("GET", `/v1/campaigns/${id}/effect`, { signal }),
    retry: false,
  });
  if (found.error) return <ProblemNote error={found.error} />;
  if (!found.data) return <Loading lines={4} />;
  const effect = found.data;
  const two = (value: number) => value.toFixed(2);
  const said = (reports?: number, rate?: number) =>
    reports === undefined || rate === undefined ? "—" : `${reports} ${t("reports")} · ${two(rate)} ${t("rate")}`;
  const did = effect.difference_in_differences;
  const ratio = effect.ratio_of_ratios;
  return (
    <section className="card" aria-label={t("effect")}>
      <PlainTable
        label={t("effect")}
        rows={[
          { area: effect.area, words: t("here") },
          { area: effect.comparison, words: t("there") },
        ]}
        id={({ area }) => area.unit}
        columns={[
          {
            key: "area",
            title: t("area"),
            head: true,
            cell: ({ area, words }) => (
              <>
                {language === "zh" ? area.name_zh : area.name_en} <span className="faint">{words}</span>
              </>
            ),
          },
          { key: "people", title: t("people"), right: true, cell: ({ area }) => count(area.people) },
          {
            key: "before",
            title: t("before", { from: time(effect.before_from, "day") }),
            right: true,
            cell: ({ area }) => said(area.reports_before, area.per_10000_before),
          },
          {
            key: "after",
            title: t("after", { to: time(effect.after_until, "day") }),
            right: true,
            cell: ({ area }) => said(area.reports_after, area.per_10000_after),
          },
        ]}
      />
      {did && (
        <p className="strong">
          {t("difference", { d: two(did.per_10000), low: two(did.interval_95.low), high: two(did.interval_95.high) })}
        </p>
      )}
      {ratio && (
        <p>
          {t("ratio", {
            r: two(ratio.ratio),
            low: two(ratio.exact_interval_95.low),
            high: two(ratio.exact_interval_95.high),
          })}
        </p>
      )}
      {effect.is_hidden && <p>{t("hidden", { least: effect.least })}</p>}
      <p className="faint">{t("caution")}</p>
    </section>
  );
}
