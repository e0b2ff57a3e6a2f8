import { RollbackOutlined } from "@ant-design/icons";
import { OFFICERS } from "@/app/session";
import { definePages } from "../page";

const ROLES = [...OFFICERS, "auditor"] as const;

export default definePages(
  {
    path: "/returns",
    title: ["资金返还", "Returns"],
    roles: ROLES,
    menu: {
      group: "measures",
      order: 40,
      icon: RollbackOutlined,
      badge: { kind: "return", states: ["submitted"] },
    },
    load: () => import("./ReturnsPage"),
  },
  {
    path: "/returns/:id",
    parent: "/returns",
    record: "return",
    title: ["返还", "Return"],
    roles: ROLES,
    load: () => import("./ReturnPage"),
  },
);
