import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link } from "react-router";
import { useSession } from "@/app/session";
import { QueuePage, type QueueView } from "@/components/QueuePage";
import type { Column } from "@/components/QueueTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts({ take: "接警登记" }, { take: "Take a report" });

const VIEWS: readonly [QueueView, ...QueueView[]] = [
  { key: "open", label: ["待处置", "Open"], query: { state: "open", order: "-id" }, states: ["open"] },
  { key: "late", label: ["止付超时", "Late stops"], query: { is_late: "true", order: "-id" } },
  { key: "case", label: ["已并案", "In a case"], query: { state: "in_case", order: "-id" } },
  { key: "all", label: ["全部", "All"], query: { order: "-id" } },
];

const COLUMNS: readonly Column[] = [
  { field: "number", width: "112px" },
  { field: "state", width: "92px" },
  { field: "due", title: ["期限", "Due"], width: "132px" },
  { field: "victim_name", title: ["受害人", "Victim"], width: "92px" },
  { field: "victim_phone", title: ["电话", "Phone"], width: "124px" },
  { field: "fraud_type", title: ["诈骗类型", "Type"], width: "minmax(120px, 1fr)" },
  { field: "loss_fen", title: ["被骗金额", "Lost"], width: "124px", align: "right" },
  { field: "transfer_count", title: ["笔数", "Transfers"], width: "80px", align: "right" },
  { field: "channel", title: ["方式", "Channel"], width: "88px", wide: true },
  { field: "case", title: ["案件", "Case"], width: "112px" },
  { field: "assignee", title: ["承办人", "Assignee"], width: "92px" },
  { field: "called_at", title: ["报警时间", "Called at"], width: "140px", wide: true },
];

export default function ReportsPage() {
  const t = useTexts(T);
  const { has } = useSession();
  return (
    <QueuePage
      kind="report"
      title={["警情", "Reports"]}
      views={VIEWS}
      columns={COLUMNS}
      filters={["state", "fraud_type", "channel", "district", "assignee", "victim_phone"]}
      bulkActs={["assign"]}
      actions={
        has(["duty", "analyst", "investigator", "commander"]) && (
          <Link to="/intake">
            <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} tabIndex={-1}>
              {t("take")}
            </Button>
          </Link>
        )
      }
    />
  );
}
