import { BellOutlined } from "@ant-design/icons";
import type { Role } from "@/app/session";
import { definePages } from "../page";

const roles: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "outreach", "auditor"];

export default definePages(
  {
    path: "/warnings",
    title: ["预警劝阻", "Warnings"],
    roles,
    menu: { group: "front", order: 10, icon: BellOutlined, badge: { kind: "warning", states: ["new"] } },
    load: () => import("./WarningsPage"),
  },
  {
    path: "/warnings/:id",
    parent: "/warnings",
    record: "warning",
    title: ["劝阻", "Dissuasion"],
    roles,
    load: () => import("./WarningPage"),
  },
);
