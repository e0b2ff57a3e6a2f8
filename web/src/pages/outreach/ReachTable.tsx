import { count } from "@/app/format";
import { Empty } from "@/components/states";
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
    none: "尚未覆盖群众",
    noneHint: "推送短信、群消息或登记活动后，这里按渠道统计人数。",
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
    none: "Nobody reached yet",
    noneHint: "People are counted by channel once messages go out or events are registered.",
  },
);

export function ReachTable({ reach }: { reach: Reach }) {
  const t = useTexts(T);
  const heads = reach.events.parents + reach.events.students + reach.events.residents + reach.events.staff;
  if (reach.people.upper === 0 && !reach.persons.is_hidden) return <Empty title={t("none")} hint={t("noneHint")} />;
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
      <table className="plain fit">
        <thead>
          <tr>
            <th>{t("channel")}</th>
            <th className="right">{t("number")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="right num">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint">{t("how")}</p>
    </section>
  );
}
