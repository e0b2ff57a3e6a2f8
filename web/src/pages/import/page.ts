import { ImportOutlined } from "@ant-design/icons";
import { definePages } from "../page";

const ROLES = ["analyst", "commander", "approver", "auditor"] as const;

export default definePages(
  {
    path: "/import",
    title: ["数据导入", "Import"],
    roles: ROLES,
    menu: { group: "money", order: 30, icon: ImportOutlined, badge: { kind: "import", states: ["proposed"] } },
    load: () => import("./ImportsPage"),
  },
  {
    path: "/import/:id",
    parent: "/import",
    record: "import",
    title: ["导入", "Import"],
    roles: ROLES,
    load: () => import("./ImportPage"),
  },
);
