import { MakeButtons } from "@/components/make";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";

const OPEN = ["open", "filing", "filed", "suspended", "closing"];

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  { key: "open", label: ["在办", "Open"], query: { state: OPEN.join("|"), order: "-id" }, states: OPEN },
  { key: "filing", label: ["呈请立案", "To file"], query: { state: "filing", order: "id" }, states: ["filing"] },
  { key: "filed", label: ["已立案", "Filed"], query: { state: "filed", order: "-id" }, states: ["filed"] },
  { key: "closing", label: ["呈请结案", "To close"], query: { state: "closing", order: "id" }, states: ["closing"] },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "104px" },
  { field: "state", width: "92px" },
  { field: "title", width: "minmax(196px, 2fr)" },
  { field: "fraud_type", title: ["诈骗类型", "Type"], width: "minmax(156px, 1fr)" },
  { field: "loss_fen", title: ["被骗金额", "Loss"], width: "112px", align: "right" },
  { field: "report_count", title: ["警情数", "Reports"], width: "68px", align: "right" },
  { field: "filing_number", title: ["立案文号", "Filing no."], width: "176px" },
  { field: "district", width: "80px" },
  { field: "assignee", title: ["主办人", "Officer"], width: "92px" },
  { field: "created_at", width: "132px", wide: true },
];

export default function CasesPage() {
  return (
    <QueuePage
      kind="case"
      title={["案件", "Cases"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["state", "fraud_type", "district", "assignee"]}
      bulkActs={["assign", "approve_filing", "refuse_filing", "approve_closing", "refuse_closing"]}
      actions={<MakeButtons kind="case" only={["open"]} />}
    />
  );
}
