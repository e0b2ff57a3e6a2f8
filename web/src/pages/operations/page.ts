import { AimOutlined } from "@ant-design/icons";
import { OFFICERS } from "@/app/session";
import { definePages } from "../page";

const ROLES = [...OFFICERS, "auditor"] as const;

export default definePages(
  {
    path: "/operations",
    title: ["专项行动", "Operations"],
    roles: ROLES,
    menu: { group: "command", order: 10, icon: AimOutlined },
    load: () => import("./OperationsPage"),
  },
  {
    path: "/operations/:id",
    parent: "/operations",
    record: "operation",
    title: ["行动", "Operation"],
    roles: ROLES,
    load: () => import("./OperationPage"),
  },
  {
    path: "/targets/:id",
    parent: "/operations",
    record: "target",
    title: ["目标", "Target"],
    roles: ROLES,
    load: () => import("./TargetPage"),
  },
);
