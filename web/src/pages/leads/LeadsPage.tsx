import { MakeButtons } from "@/components/make";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";

const OPEN = ["new", "assigned", "accepted"];

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  { key: "open", label: ["在办", "Open"], query: { state: OPEN.join("|"), order: "due" }, states: OPEN },
  { key: "new", label: ["待分派", "To assign"], query: { state: "new", order: "due" }, states: ["new"] },
  { key: "done", label: ["已办结", "Finished"], query: { state: "finished|became_case", order: "-id" } },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "104px" },
  { field: "tier", width: "70px" },
  { field: "state", width: "92px" },
  { field: "due", title: ["期限", "Due"], width: "106px" },
  { field: "type", title: ["类型", "Type"], width: "minmax(124px, 0.8fr)" },
  { field: "title", width: "minmax(132px, 1.4fr)" },
  { field: "subject", title: ["对象", "Subject"], width: "minmax(170px, 1fr)" },
  { field: "source", title: ["来源", "Source"], width: "72px" },
  { field: "source_count", title: ["来源数", "Sources"], width: "64px", align: "right" },
  { field: "assignee", title: ["承办人", "Assignee"], width: "92px" },
  { field: "level", title: ["督办", "Level"], width: "64px" },
];

export default function LeadsPage() {
  return (
    <QueuePage
      kind="lead"
      title={["线索", "Leads"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["type", "tier", "source", "state", "district", "assignee"]}
      bulkActs={["assign", "dispatch", "accept"]}
      actions={<MakeButtons kind="lead" only={["create"]} />}
    />
  );
}
