import { count } from "@/app/format";
import { PlainTable } from "@/components/PlainTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Reach } from "./reach";

const T = texts(
  {
    people: "覆盖人数",
    between: "{low} 至 {high} 人",
    persons: "短信、邮件（去重到人）",
    groups: "群机器人：{n} 个群，推送 {posts} 次",
    events: "活动：{n} 场，{points} 个宣传点",
    alliance: "联盟单位：{n} 次",
    how: "同一人可能出现在多个渠道，无法逐一识别，因此给出下限（最大的单项）与上限（各项之和）。",
    channel: "渠道",
    number: "人数",
  },
  {
    people: "People reached",
    between: "{low} to {high}",
    persons: "SMS and mail (distinct persons)",
    groups: "Group bots: {n} groups, {posts} posts",
    events: "Events: {n}, at {points} points",
    alliance: "Alliance partners: {n} actions",
    how: "Nobody can tell who is in several of these: at least the largest of them, at most their sum.",
    channel: "Channel",
    number: "People",
  },
);

export function ReachTable({ reach }: { reach: Reach }) {
  const t = useTexts(T);
  const heads = reach.events.parents + reach.events.students + reach.events.residents + reach.events.staff;
  const rows: [string, string][] = [
    [t("persons"), reach.persons.text],
    [t("groups", { n: reach.groups.count, posts: reach.groups.posts }), count(reach.groups.members)],
    [t("events", { n: reach.events.count, points: reach.events.points }), count(heads)],
    [t("alliance", { n: reach.alliance.actions }), count(reach.alliance.reach)],
  ];
  return (
    <section className="card" aria-label={t("people")}>
      <h2>
        {t("people")}{" "}
        <span className="num">{t("between", { low: count(reach.people.lower), high: count(reach.people.upper) })}</span>
      </h2>
      <PlainTable
        fit
        label={t("people")}
        rows={rows}
        id={([name]) => name}
        columns={[
          { key: "channel", title: t("channel"), head: true, cell: ([name]) => name },
          { key: "number", title: t("number"), right: true, cell: ([, value]) => value },
        ]}
      />
      <p className="faint">{t("how")}</p>
    </section>
  );
}
