import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";
import { AskBank, Period } from "./AskBank";

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  {
    key: "proposed",
    label: ["待审批", "To decide"],
    query: { state: "proposed", order: "id" },
    states: ["proposed"],
  },
  {
    key: "bank",
    label: ["待银行反馈", "With the bank"],
    query: { state: "approved", order: "id" },
    states: ["approved"],
  },
  {
    key: "answered",
    label: ["已反馈", "Answered"],
    query: { state: "answered|imported", order: "-id" },
  },
  {
    key: "failed",
    label: ["未能查询", "Not answered"],
    query: { state: "failed|refused", order: "-id" },
  },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "116px" },
  { field: "state", width: "96px" },
  { field: "account", width: "minmax(176px, 1fr)" },
  { field: "institution", title: ["开户行", "Bank"], width: "124px" },
  {
    field: "from_at",
    title: ["查询期间", "Period"],
    width: "176px",
    render: (row) => <Period from={row.from_at as string} to={row.to_at as string} />,
  },
  { field: "case", width: "116px" },
  { field: "answered_at", title: ["反馈时间", "Answered"], width: "136px" },
  { field: "accepted", title: ["新增", "New"], width: "60px", align: "right" },
];

export default function InquiriesPage() {
  return (
    <QueuePage
      kind="inquiry"
      title={["交易明细查询", "Bank inquiries"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["state", "institution", "account", "case", "district"]}
      bulkActs={["approve", "refuse"]}
      actions={<AskBank />}
    />
  );
}
