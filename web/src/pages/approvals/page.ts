import { AuditOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages({
  path: "/approvals",
  title: ["审批", "Approvals"],
  roles: ["commander", "approver", "analyst", "administrator"], // whoever some act of a second person is given to
  menu: { group: "mine", order: 30, icon: AuditOutlined },
  load: () => import("./ApprovalsPage"),
});
