import { AuditOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages({
  path: "/approvals",
  title: ["审批", "Approvals"],
  roles: ["commander", "approver"],
  menu: { group: "mine", order: 30, icon: AuditOutlined },
  load: () => import("./ApprovalsPage"),
});
