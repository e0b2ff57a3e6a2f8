// One outlet, and the trace back (倒查): which problem cards it opened, when, by whom.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { request } from "@/api/client";
import { type Row, useWorkflow } from "@/api/workflow";
import { FieldValue, Time, useNameOf } from "@/components/labels";
import { PlainTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { useReveal } from "@/components/reveal";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    back: "问题卡倒查",
    basis: "依据",
    stop: "止付账户",
    freeze: "冻结账户",
    case: "涉案对象",
    partner: "合作单位上报",
    since: "发现时间",
    none: "没有由该网点开出的问题卡",
  },
  {
    back: "Trace back",
    basis: "Basis",
    stop: "stopped",
    freeze: "frozen",
    case: "part of a case",
    partner: "a partner's report",
    since: "Known since",
    none: "It opened no card that became a problem",
  },
);

export default function OutletPage() {
  const t = useTexts(T);
  const id = Number(useParams().id);
  return (
    <RecordFrame
      kind="outlet"
      id={id}
      title={(row) => String(row.name ?? "")}
      tabs={(_row, parts) => [{ key: "cards", label: t("back"), children: <ProblemCards outlet={id} /> }, ...parts]}
    />
  );
}

const BASES = new Set(["stop", "freeze", "case", "partner"]);
const SHOWN = ["key", "holder", "opened_at", "staff", "problem_at"];

interface ProblemCard {
  basis: string;
  known_since: string;
  card: Row;
}

function ProblemCards({ outlet }: { outlet: number }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const { purpose } = useReveal();
  const card = useWorkflow("card");
  const found = useQuery<{ items: ProblemCard[] }>({
    queryKey: ["problem-cards", outlet, purpose],
    queryFn: ({ signal }) => request("GET", `/v1/outlets/${outlet}/problem-cards`, { purpose, signal }),
    gcTime: purpose ? 0 : 300_000,
  });
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data || !card) return <Loading lines={4} />;
  if (found.data.items.length === 0) return <Empty title={t("none")} />;
  const fields = card.fields.filter((field) => SHOWN.includes(field.name));
  return (
    <PlainTable
      label={t("back")}
      rows={found.data.items}
      id={(item) => item.card.id}
      columns={[
        ...fields.map((field) => ({
          key: field.name,
          title: nameOf(field),
          cell: (item: ProblemCard) => (
            <FieldValue kind="card" field={field} name={field.name} value={item.card[field.name]} />
          ),
        })),
        {
          key: "basis",
          title: t("basis"),
          cell: (item) => (BASES.has(item.basis) ? t(item.basis as "stop") : item.basis),
        },
        { key: "since", title: t("since"), cell: (item) => <Time value={item.known_since} /> },
      ]}
    />
  );
}
