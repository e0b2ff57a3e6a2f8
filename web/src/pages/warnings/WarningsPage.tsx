import { MakeButtons } from "@/components/make";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";

const OPEN = ["new", "signed", "working", "not_found"];

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  { key: "open", label: ["在办", "Open"], query: { state: OPEN.join("|"), order: "due" }, states: OPEN },
  { key: "new", label: ["待签收", "To sign for"], query: { state: "new", order: "due" }, states: ["new"] },
  { key: "closing", label: ["待审办结", "To close"], query: { state: "closing", order: "due" }, states: ["closing"] },
  { key: "call_back", label: ["待回访", "To call back"], query: { call_back: "due|overdue", order: "call_back_at" } },
  { key: "review", label: ["待倒查", "To review"], query: { review: "due|overdue", order: "id" } },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "112px" },
  { field: "tier", width: "78px" },
  { field: "state", width: "92px" },
  { field: "due", title: ["期限", "Due"], width: "112px" },
  { field: "name", width: "76px" },
  { field: "phone", width: "116px" },
  { field: "fraud_type", title: ["诈骗类型", "Type"], width: "minmax(158px, 1.4fr)" },
  { field: "next_channel", title: ["下一步", "Next"], width: "70px" },
  { field: "attempts", title: ["次数", "Tries"], width: "60px", align: "right" },
  { field: "address", width: "minmax(112px, 1.2fr)" },
  { field: "assignee", title: ["承办人", "Assignee"], width: "86px" },
  { field: "created_at", width: "140px", wide: true },
];

export default function WarningsPage() {
  return (
    <QueuePage
      kind="warning"
      title={["预警劝阻", "Warnings"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["tier", "state", "fraud_type", "district", "assignee", "phone"]}
      bulkActs={["sign", "dispatch", "assign", "approve_closing", "refuse_closing"]}
      actions={<MakeButtons kind="warning" only={["create"]} />}
    />
  );
}
