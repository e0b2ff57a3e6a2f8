import { CustomerServiceOutlined, PhoneOutlined } from "@ant-design/icons";
import type { Role } from "@/app/session";
import { definePages } from "../page";

const readers: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "auditor"];

export default definePages(
  {
    path: "/intake",
    title: ["接警登记", "Take a report"],
    roles: ["duty", "analyst", "investigator", "commander"],
    menu: { group: "front", order: 20, icon: PhoneOutlined },
    load: () => import("./IntakePage"),
  },
  {
    path: "/reports",
    title: ["警情", "Reports"],
    roles: readers,
    menu: { group: "front", order: 30, icon: CustomerServiceOutlined, badge: { kind: "report", states: ["open"] } },
    load: () => import("./ReportsPage"),
  },
  {
    path: "/reports/:id",
    parent: "/reports",
    record: "report",
    title: ["警情", "Report"],
    roles: readers,
    load: () => import("./ReportPage"),
  },
);
