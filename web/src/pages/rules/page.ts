import { ControlOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages({
  path: "/rules",
  title: ["规则", "Rules"],
  roles: ["analyst", "commander", "approver", "auditor", "administrator"],
  menu: { group: "money", order: 40, icon: ControlOutlined },
  load: () => import("./RulesPage"),
});
