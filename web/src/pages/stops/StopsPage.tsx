import { Countdown } from "@/components/labels";
import { MakeButtons } from "@/components/make";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";

const SOON_MS = 6 * 3600_000;

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  {
    key: "force",
    label: ["生效中", "In force"],
    query: { state: "stopped|releasing", order: "expires_at" },
    states: ["stopped", "releasing"],
  },
  {
    key: "proposed",
    label: ["待审批", "To decide"],
    query: { state: "proposed", order: "-reachable_fen" },
    states: ["proposed"],
  },
  {
    key: "bank",
    label: ["待银行执行", "With the bank"],
    query: { state: "approved", order: "due" },
    states: ["approved"],
  },
  {
    key: "failed",
    label: ["未执行", "Not executed"],
    query: { state: "mismatched|failed", order: "-id" },
    states: ["mismatched", "failed"],
  },
  { key: "ended", label: ["已结束", "Ended"], query: { state: "lapsed|released|refused", order: "-id" } },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "112px" },
  { field: "urgency", title: ["紧急", "Urgency"], width: "76px" },
  { field: "state", width: "92px" },
  {
    field: "expires_at",
    title: ["剩余时间", "Time left"],
    width: "128px",
    render: (row) =>
      row.state === "stopped" || row.state === "releasing" ? (
        <Countdown until={row.expires_at as string | null} soonMs={SOON_MS} />
      ) : (
        <Countdown until={row.due as string | null} />
      ),
  },
  { field: "account", width: "minmax(168px, 1fr)" },
  { field: "holder", title: ["户名", "Holder"], width: "68px" },
  { field: "institution", title: ["开户行", "Bank"], width: "88px" },
  { field: "layer", title: ["层级", "Layer"], width: "56px", align: "right" },
  { field: "amount_fen", title: ["涉案金额", "Amount"], width: "116px", align: "right" },
  { field: "reachable_fen", title: ["可止付", "Reachable"], width: "116px", align: "right" },
  { field: "turn", title: ["次数", "Turn"], width: "64px", align: "right" },
  { field: "report", width: "112px", wide: true },
];

export default function StopsPage() {
  return (
    <QueuePage
      kind="stop"
      title={["紧急止付", "Stop orders"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["state", "institution", "account", "layer", "district", "report"]}
      bulkActs={[
        "approve",
        "refuse",
        "confirm",
        "mismatch",
        "fail",
        "extend",
        "release_propose",
        "release_approve",
        "release_refuse",
      ]}
      actions={<MakeButtons kind="stop" only={["propose"]} />}
    />
  );
}
