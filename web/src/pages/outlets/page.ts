import { BankOutlined } from "@ant-design/icons";
import { definePages } from "../page";

const ROLES = ["duty", "analyst", "investigator", "commander", "approver", "auditor"] as const;

export default definePages(
  {
    path: "/outlets",
    title: ["网点治理", "Outlets"],
    roles: ROLES,
    menu: { group: "command", order: 40, icon: BankOutlined },
    load: () => import("./OutletsPage"),
  },
  {
    path: "/outlets/:id",
    parent: "/outlets",
    record: "outlet",
    title: ["网点", "Outlet"],
    roles: ROLES,
    load: () => import("./OutletPage"),
  },
);
