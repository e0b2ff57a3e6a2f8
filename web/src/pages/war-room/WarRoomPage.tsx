// The screen on the wall: the city's districts, today's figures, operations under way, what happens. No personal data: figures,
// numbers of records and names of districts only. It says when what it shows is old.
import { FullscreenOutlined, LeftOutlined } from "@ant-design/icons";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useUnits } from "@/api/directory";
import { useLive } from "@/api/live";
import { count, moneyShort, time } from "@/app/format";
import { useSession } from "@/app/session";
import { Code, serverAhead, useNameOf } from "@/components/labels";
import { loadable } from "@/components/loadable";
import { Failed, Loading } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { type Language, texts } from "@/i18n/texts";
import type { DistrictMapProps } from "./DistrictMap";
import { Feed } from "./Feed";
import { type Figure, type Tally, useCommandView } from "./view";
import "./war-room.css";

const DistrictMap = loadable<DistrictMapProps>(
  () => import("./DistrictMap"),
  () => <div className="war-map" />,
);

const T = texts(
  {
    title: "统一指挥",
    back: "返回工作台",
    full: "全屏",
    today: "今日",
    asOf: "数据截至 {time}",
    stale: "数据已 {n} 秒未更新",
    lost: "连接中断，正在重连",
    live: "实时",
    byDistrict: "各县（市、区）：{figure}",
    district: "县（市、区）",
    schematic: "示意图",
    operations: "正在开展的行动",
    noOperation: "当前没有正在开展的行动",
    targets: "目标 {done}/{all}",
    sites: "点位 {done}/{all}",
    steps: "任务 {done}/{all}",
    overdue: "逾期 {n}",
    choose: "在地图上显示",
  },
  {
    title: "One command",
    back: "Back to the console",
    full: "Full screen",
    today: "Today",
    asOf: "As of {time}",
    stale: "Not renewed for {n} s",
    lost: "Connection lost, trying again",
    live: "Live",
    byDistrict: "By district: {figure}",
    district: "District",
    schematic: "Schematic",
    operations: "Operations under way",
    noOperation: "No operation is under way",
    targets: "Targets {done}/{all}",
    sites: "Sites {done}/{all}",
    steps: "Steps {done}/{all}",
    overdue: "{n} overdue",
    choose: "Show it on the map",
  },
);

const STALE_S = 60;

function shown(figure: Figure, value: number, language: Language): string {
  return figure.type === "money_fen" ? moneyShort(value, language) : count(value);
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now() + serverAhead.ms);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now() + serverAhead.ms), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

export default function WarRoomPage() {
  const nameOf = useNameOf();
  const t = useTexts(T);
  const { language } = useLanguage();
  const { me } = useSession();
  const view = useCommandView();
  const [code, setCode] = useState("people_warned");
  useEffect(() => {
    document.title = t("title");
  }, [t]);
  const figures = view.data?.today.figures ?? [];
  const chosen = figures.find((one) => one.code === code) ?? figures[0];
  return (
    <main className="bare war" id="main">
      <header className="war-head">
        <Link to="/" className="war-back" aria-label={t("back")}>
          <LeftOutlined />
        </Link>
        <h1>
          {(language === "zh" ? me.unit.name_zh : me.unit.name_en) ?? ""} · {t("title")}
        </h1>
        <Freshness asOf={view.data?.as_of} />
        <button type="button" className="war-full" onClick={() => void document.documentElement.requestFullscreen?.()}>
          <FullscreenOutlined /> {t("full")}
        </button>
      </header>
      {view.error && !view.data && <Failed error={view.error} retry={() => void view.refetch()} />}
      {view.isPending && <Loading />}
      <div className="war-grid" hidden={!view.data}>
        <section className="war-counters" aria-label={t("today")}>
          {figures.map((figure) => (
            <button
              type="button"
              key={figure.code}
              className="war-counter"
              aria-pressed={figure === chosen}
              title={t("choose")}
              onClick={() => setCode(figure.code)}
            >
              <span className="war-label">{nameOf(figure)}</span>
              <span className="war-number num">{shown(figure, figure.value, language)}</span>
            </button>
          ))}
        </section>
        {chosen && <Districts figure={chosen} />}
        <div className="war-side">
          <Operations tallies={view.data?.operations ?? []} />
          <Feed />
        </div>
      </div>
    </main>
  );
}

function Freshness({ asOf }: { asOf: string | undefined }) {
  const t = useTexts(T);
  const { state } = useLive();
  const now = useNow();
  const age = asOf ? Math.max(0, Math.round((now - Date.parse(asOf)) / 1000)) : 0;
  const isStale = age > STALE_S;
  const tone = isStale ? "danger" : state === "lost" ? "warning" : "success";
  return (
    <div className="war-fresh" role="status">
      <span className={`war-badge war-${tone}`}>
        {isStale ? t("stale", { n: age }) : state === "lost" ? t("lost") : t("live")}
      </span>
      {asOf && <span className="num">{t("asOf", { time: time(asOf, "second") })}</span>}
      <time className="war-clock num" aria-hidden="true">
        {time(now, "second").slice(-8)}
      </time>
    </div>
  );
}

function Districts({ figure }: { figure: Figure }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const units = useUnits() ?? [];
  const parts = new Map((figure.districts ?? []).map((part) => [part.district, part.value]));
  const rows = units
    .filter((unit) => unit.level === "district")
    .map((unit) => ({
      division: unit.division ?? "",
      name: (language === "zh" ? unit.name_zh : unit.name_en) ?? "",
      value: parts.get(unit.id) ?? 0,
      shown: shown(figure, parts.get(unit.id) ?? 0, language),
    }));
  const label = t("byDistrict", { figure: language === "zh" ? figure.zh : figure.en });
  const ranked = [...rows].sort((a, b) => b.value - a.value || a.division.localeCompare(b.division));
  return (
    <section className="war-card war-districts" aria-label={label}>
      <h2>
        {label} <span className="faint war-schematic">{t("schematic")}</span>
      </h2>
      <DistrictMap values={rows} label={label} />
      <table className="war-table">
        <caption className="sr-only">{label}</caption>
        <thead className="sr-only">
          <tr>
            <th>{t("district")}</th>
            <th>{language === "zh" ? figure.zh : figure.en}</th>
          </tr>
        </thead>
        <tbody>
          {ranked.map((row) => (
            <tr key={row.division || row.name}>
              <th scope="row">{row.name}</th>
              <td className="num right">{row.shown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const sum = (states: Record<string, number>) => Object.values(states).reduce((all, n) => all + n, 0);

function Operations({ tallies }: { tallies: Tally[] }) {
  const t = useTexts(T);
  return (
    <section className="war-card war-operations" aria-label={t("operations")}>
      <h2>{t("operations")}</h2>
      {tallies.length === 0 && (
        <p className="faint" data-state="empty">
          {t("noOperation")}
        </p>
      )}
      <ul>
        {tallies.map((tally) => (
          <li key={tally.operation}>
            <div className="war-operation">
              <span className="strong">{tally.name}</span>
              <span className="faint">
                <Code kind="operation" field="phase" code={tally.phase} />
              </span>
            </div>
            <div className="war-progress num">
              <span>{t("targets", { done: tally.targets.struck ?? 0, all: sum(tally.targets) })}</span>
              <span>
                {t("sites", { done: tally.sites.filter((s) => s.state === "secured").length, all: tally.sites.length })}
              </span>
              <span>{t("steps", { done: tally.steps.done ?? 0, all: sum(tally.steps) })}</span>
              {tally.steps_overdue > 0 && <span className="war-late">{t("overdue", { n: tally.steps_overdue })}</span>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
