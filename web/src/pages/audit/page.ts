import { AuditOutlined, SettingOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages(
  {
    path: "/audit",
    title: ["审计", "Audit"],
    roles: ["auditor"],
    menu: { group: "system", order: 40, icon: AuditOutlined },
    load: () => import("./AuditPage"),
  },
  {
    path: "/administration",
    title: ["系统管理", "Administration"],
    roles: ["administrator", "commander"],
    menu: { group: "system", order: 50, icon: SettingOutlined },
    load: () => import("./AdministrationPage"),
  },
);
