// One operation: the live tally above, and what it is made of: targets, sites, teams, steps, arrests, seizures, places.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import { request } from "@/api/client";
import { useLiveEvents } from "@/api/live";
import { count, money } from "@/app/format";
import { type FigureSection, Figures } from "@/components/figures";
import { useNameOf } from "@/components/labels";
import { PlainTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { tally: "实时战果", district: "县（市、区）", all: "合计", figures: "战果口径", empty: "尚无战果" },
  { tally: "Live tally", district: "District", all: "All", figures: "Figures", empty: "Nothing yet" },
);

interface Tally {
  sections: FigureSection[];
  districts: { district: number; zh: string; en: string; values: Record<string, number> }[];
}

const PARTS = new Set(["operation", "target", "site", "team", "arrest", "seizure", "participation"]);
const EVERY_MS = 30_000;

function useTally(id: number) {
  const client = useQueryClient();
  useLiveEvents("*", (event) => {
    if (PARTS.has(event.kind)) void client.invalidateQueries({ queryKey: ["tally", id] });
  });
  return useQuery<Tally>({
    queryKey: ["tally", id],
    queryFn: ({ signal }) => request<Tally>("GET", `/v1/operations/${id}/tally`, { signal }),
    refetchInterval: EVERY_MS,
  });
}

export default function OperationPage() {
  const t = useTexts(T);
  const id = Number(useParams().id);
  const tally = useTally(id);
  return (
    <RecordFrame
      kind="operation"
      id={id}
      title={(row) => String(row.name ?? "")}
      lead={() => (
        <section className="card" aria-label={t("tally")}>
          <h2>{t("tally")}</h2>
          {tally.error && <ProblemNote error={tally.error} />}
          {tally.data ? <TallyTable tally={tally.data} /> : !tally.error && <Loading lines={3} />}
        </section>
      )}
      tabs={(_row, parts) => [
        ...parts,
        { key: "figures", label: t("figures"), children: <Figures sections={tally.data?.sections ?? []} /> },
      ]}
    />
  );
}

/** Districts in rows, figures in columns; only figures that anybody has. */
function TallyTable({ tally }: { tally: Tally }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const { language } = useLanguage();
  const lines = tally.sections.flatMap((section) => section.figures).filter((line) => line.value !== 0 && !line.parts);
  if (lines.length === 0) return <p className="faint">{t("empty")}</p>;
  const show = (type: string, value: number) => (type === "money_fen" ? money(value) : count(value));
  const rows = [
    { key: 0, name: t("all"), values: Object.fromEntries(lines.map((line) => [line.code, line.value])) },
    ...tally.districts.map((one) => ({
      key: one.district,
      name: language === "zh" ? one.zh : one.en,
      values: one.values,
    })),
  ];
  return (
    <PlainTable
      label={t("tally")}
      rows={rows}
      id={(row) => row.key}
      rowProps={(row) => ({ className: row.key === 0 ? "row-total" : undefined })}
      columns={[
        { key: "district", title: t("district"), head: true, cell: (row) => row.name },
        ...lines.map((line) => ({
          key: line.code,
          title: nameOf(line),
          right: true,
          cell: (row: (typeof rows)[number]) => show(line.type, row.values[line.code] ?? 0),
        })),
      ]}
    />
  );
}
