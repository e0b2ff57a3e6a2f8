import { FolderOpenOutlined } from "@ant-design/icons";
import type { Role } from "@/app/session";
import { definePages } from "../page";

const roles: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "auditor"];

export default definePages(
  {
    path: "/cases",
    title: ["案件", "Cases"],
    roles,
    menu: {
      group: "work",
      order: 20,
      icon: FolderOpenOutlined,
      badge: { kind: "case", states: ["filing", "closing"] },
    },
    load: () => import("./CasesPage"),
  },
  {
    path: "/cases/:id",
    parent: "/cases",
    record: "case",
    title: ["案件", "Case"],
    roles,
    load: () => import("./CasePage"),
  },
);
