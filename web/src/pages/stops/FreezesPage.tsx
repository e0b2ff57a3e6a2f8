import { Countdown } from "@/components/labels";
import { MakeButtons } from "@/components/make";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";

const SOON_MS = 15 * 24 * 3600_000;
const FORCE = ["frozen", "renewing", "unrelated", "releasing"];

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  {
    key: "force",
    label: ["生效中", "In force"],
    query: { state: FORCE.join("|"), order: "expires_at" },
    states: FORCE,
  },
  {
    key: "proposed",
    label: ["待审批", "To decide"],
    query: { state: "proposed|renewing|releasing", order: "id" },
    states: ["proposed", "renewing", "releasing"],
  },
  {
    key: "bank",
    label: ["待银行执行", "With the bank"],
    query: { state: "approved|queued", order: "due" },
    states: ["approved", "queued"],
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
  { field: "state", width: "92px" },
  {
    field: "expires_at",
    title: ["剩余时间", "Time left"],
    width: "150px",
    render: (row) => <Countdown until={(row.expires_at ?? row.due) as string | null} soonMs={SOON_MS} />,
  },
  { field: "account", width: "minmax(180px, 1fr)" },
  { field: "holder", title: ["户名", "Holder"], width: "84px" },
  { field: "institution", title: ["开户行", "Bank"], width: "88px" },
  { field: "scope", title: ["方式", "Scope"], width: "88px", wide: true },
  { field: "amount_fen", title: ["申请金额", "Amount"], width: "128px", align: "right" },
  { field: "executed_fen", title: ["执行金额", "Held"], width: "128px", align: "right" },
  { field: "returned_fen", title: ["已返还", "Returned"], width: "112px", align: "right", wide: true },
  { field: "case", title: ["案件", "Case"], width: "112px" },
];

export default function FreezesPage() {
  return (
    <QueuePage
      kind="freeze"
      title={["冻结", "Freezes"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["state", "institution", "account", "case", "district"]}
      bulkActs={[
        "approve",
        "refuse",
        "confirm",
        "mismatch",
        "fail",
        "renew_propose",
        "renew_approve",
        "release_propose",
        "release_approve",
      ]}
      actions={<MakeButtons kind="freeze" only={["propose"]} />}
    />
  );
}
