// What was done in a period: by day, by unit, by kind. Each chart has its table; figures are counted from the records that one
// may see, and say so when there were too many to count.
import { useQueries } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { useWorkflows } from "@/api/workflow";
import { count, money, yuan } from "@/app/format";
import { save } from "@/app/save";
import { Chart } from "@/components/Chart";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { serverAhead, UnitName, useCodeLabel, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { byDay, type Gathered, type Group, gather, grouped, MEASURES, type Measure } from "./figures";
import "./statistics.css";

const T = texts(
  {
    title: "统计",
    period: "统计期间",
    d7: "近 7 天",
    d30: "近 30 天",
    d90: "近 90 天",
    note: "按记录建立时间统计，限本人可见范围",
    partial: "记录过多，只统计了其中最近 20,000 条",
    byDay: "{name}：每日件数",
    byCode: "{name}：按{by}",
    byUnit: "{name}：按单位",
    day: "日期",
    count: "件数",
    amount: "金额",
    unit: "单位",
    none: "本期没有{name}",
    csv: "导出 CSV",
    chart: "{name}每日件数柱状图，与旁边的表一致",
    what: "统计内容",
    kind: "类别",
    without: "未填",
  },
  {
    title: "Statistics",
    period: "Period",
    d7: "7 days",
    d30: "30 days",
    d90: "90 days",
    note: "By when the record was made, within what you may see",
    partial: "Too many records: only the newest 20,000 were counted",
    byDay: "{name}: by day",
    byCode: "{name}: by {by}",
    byUnit: "{name}: by unit",
    day: "Day",
    count: "Number",
    amount: "Amount",
    unit: "Unit",
    none: "{name}: none in this period",
    csv: "CSV",
    chart: "{name} by day; the table beside it says the same",
    what: "Counted",
    kind: "Kind",
    without: "not given",
  },
);

const DAY_MS = 86_400_000;
const PERIODS = { d7: 7, d30: 30, d90: 90 } as const;

export default function StatisticsPage() {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const [search, setSearch] = useSearchParams();
  const period = (search.get("period") ?? "d30") as keyof typeof PERIODS;
  const kind = (search.get("kind") ?? "report") as Measure["kind"];
  const measure = MEASURES.find((one) => one.kind === kind) ?? (MEASURES[0] as Measure);
  const days = PERIODS[period] ?? 30;
  const to = useMemo(() => Date.now() + serverAhead.ms, []);
  const from = to - (days - 1) * DAY_MS;
  const found = useQueries({
    queries: MEASURES.map((one) => ({
      queryKey: ["list", one.kind, { figures: days }],
      queryFn: ({ signal }: { signal: AbortSignal }) => gather(one, startOfDay(from), signal),
      retry: false,
      staleTime: 60_000,
    })),
  });
  const at = MEASURES.indexOf(measure);
  const current = found[at];
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        after.set(name, value);
        return after;
      },
      { replace: true },
    );
  return (
    <div className="statistics">
      <PageHead
        title={t("title")}
        note={t("note")}
        actions={
          <Segmented
            aria-label={t("period")}
            value={period}
            onChange={(value) => set("period", value)}
            options={(Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map((value) => ({ value, label: t(value) }))}
          />
        }
      />
      <div className="tiles" role="group" aria-label={t("what")}>
        {MEASURES.map((one, index) => {
          const rows = found[index]?.data?.rows ?? [];
          const sum = rows.reduce(
            (total, row) => total + (typeof row[one.money ?? ""] === "number" ? (row[one.money ?? ""] as number) : 0),
            0,
          );
          return (
            <button
              key={one.kind}
              type="button"
              className={one === measure ? "tile stat-tile is-at" : "tile stat-tile"}
              aria-pressed={one === measure}
              onClick={() => set("kind", one.kind)}
            >
              <span className="tile-n num">{found[index]?.data ? count(rows.length) : "…"}</span>
              <span className="tile-label">{nameOf(workflows?.byKind.get(one.kind))}</span>
              {one.money && <span className="faint num">{money(sum)}</span>}
            </button>
          );
        })}
      </div>
      {current?.error ? (
        <Failed error={current.error} retry={() => void current.refetch()} />
      ) : current?.data ? (
        <Figures key={measure.kind} measure={measure} gathered={current.data} from={from} to={to} />
      ) : (
        <Loading lines={8} />
      )}
    </div>
  );
}

/** Midnight of the centre's day. */
function startOfDay(ms: number): number {
  const offset = 8 * 3_600_000;
  return Math.floor((ms + offset) / DAY_MS) * DAY_MS - offset;
}

interface FiguresProps {
  measure: Measure;
  gathered: Gathered;
  from: number;
  to: number;
}

function Figures({ measure, gathered, from, to }: FiguresProps) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const label = useCodeLabel();
  const workflow = useWorkflows()?.byKind.get(measure.kind);
  const name = nameOf(workflow);
  const days = useMemo(() => byDay(gathered.rows, from, to, measure.money), [gathered, from, to, measure]);
  const codes = useMemo(
    () =>
      grouped(gathered.rows, (row) => String(row[measure.by] ?? ""), measure.money).sort((a, b) => b.count - a.count),
    [gathered, measure],
  );
  const units = useMemo(
    () =>
      grouped(gathered.rows, (row) => String(row.district ?? row.unit ?? row.city ?? ""), measure.money).sort(
        (a, b) => b.count - a.count,
      ),
    [gathered, measure],
  );
  const by = nameOf(workflow?.fields.find((field) => field.name === measure.by));
  const option = useMemo(
    () => ({
      grid: { left: 48, right: 16, top: 20, bottom: 28 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: days.map((day) => day.key.slice(5)) },
      yAxis: { type: "value", minInterval: 1 },
      series: [{ type: "bar", name, data: days.map((day) => day.count), barMaxWidth: 28 }],
    }),
    [days, name],
  );
  if (gathered.rows.length === 0) return <Empty title={t("none", { name })} hint="" />;
  const codeOf = (key: string) => (key === "" ? t("without") : label(measure.kind, measure.by, key));
  return (
    <>
      {gathered.partial && <p className="note note-warning">{t("partial")}</p>}
      <section className="card" aria-label={t("byDay", { name })}>
        <h2>{t("byDay", { name })}</h2>
        <div className="stat-pair">
          <Chart label={t("chart", { name })} option={option} height={280} />
          <GroupTable
            title={t("day")}
            label={t("byDay", { name })}
            groups={days}
            measure={measure}
            show={(key) => key}
            newestFirst
          />
        </div>
      </section>
      <div className="stat-pair">
        <section className="card" aria-label={t("byCode", { name, by })}>
          <h2>{t("byCode", { name, by })}</h2>
          <Bars groups={codes} show={codeOf} />
          <GroupTable title={by} label={t("byCode", { name, by })} groups={codes} measure={measure} show={codeOf} />
        </section>
        <section className="card" aria-label={t("byUnit", { name })}>
          <h2>{t("byUnit", { name })}</h2>
          <GroupTable
            title={t("unit")}
            label={t("byUnit", { name })}
            groups={units}
            measure={measure}
            show={(key) => (key === "" ? t("without") : <UnitName id={Number(key)} />)}
          />
        </section>
      </div>
    </>
  );
}

/** Shares as bars of CSS: a chart would say no more. */
function Bars({ groups, show }: { groups: readonly Group[]; show: (key: string) => string }) {
  const top = Math.max(1, ...groups.map((group) => group.count));
  return (
    <ul className="stat-bars" aria-hidden="true">
      {groups.slice(0, 10).map((group) => (
        <li key={group.key}>
          <span>{show(group.key)}</span>
          <span className="stat-bar" style={{ width: `${(group.count / top) * 100}%` }} />
        </li>
      ))}
    </ul>
  );
}

interface GroupTableProps {
  title: string;
  label: string;
  groups: readonly Group[];
  measure: Measure;
  show: (key: string) => React.ReactNode;
  newestFirst?: boolean;
}

function GroupTable({ title, label, groups, measure, show, newestFirst }: GroupTableProps) {
  const t = useTexts(T);
  const columns: DataColumn<Group>[] = [
    { key: "key", title, width: "minmax(120px, 2fr)", by: (group) => group.key, render: (group) => show(group.key) },
    {
      key: "count",
      title: t("count"),
      width: "90px",
      right: true,
      by: (group) => group.count,
      render: (group) => count(group.count),
    },
    ...(measure.money
      ? [
          {
            key: "fen",
            title: t("amount"),
            width: "minmax(120px, 1fr)",
            right: true,
            by: (group: Group) => group.fen,
            render: (group: Group) => money(group.fen),
          },
        ]
      : []),
  ];
  const rows = useMemo(() => (newestFirst ? [...groups].reverse() : groups), [groups, newestFirst]);
  const csv = () => {
    const lines = groups.map((group) => [group.key, group.count, yuan(group.fen).replace(/,/g, "")].join(","));
    save(
      new Blob([`\ufeff${[title, t("count"), t("amount")].join(",")}\r\n${lines.join("\r\n")}\r\n`], {
        type: "text/csv",
      }),
      `${measure.kind}.csv`,
    );
  };
  return (
    <div>
      <DataTable label={label} columns={columns} rows={rows} id={(group) => group.key} height={250} />
      <Button size="small" type="link" onClick={csv}>
        {t("csv")}
      </Button>
    </div>
  );
}
