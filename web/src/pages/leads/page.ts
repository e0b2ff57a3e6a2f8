import { BulbOutlined } from "@ant-design/icons";
import type { Role } from "@/app/session";
import { definePages } from "../page";

const roles: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "auditor"];

export default definePages(
  {
    path: "/leads",
    title: ["线索", "Leads"],
    roles,
    menu: { group: "work", order: 10, icon: BulbOutlined, badge: { kind: "lead", states: ["new"] } },
    load: () => import("./LeadsPage"),
  },
  {
    path: "/leads/:id",
    parent: "/leads",
    record: "lead",
    title: ["线索", "Lead"],
    roles,
    load: () => import("./LeadPage"),
  },
);
