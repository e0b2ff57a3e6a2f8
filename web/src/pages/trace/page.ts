import { BranchesOutlined } from "@ant-design/icons";
import { OFFICERS, type Role } from "@/app/session";
import { definePages } from "../page";

const READERS: readonly Role[] = [...OFFICERS, "outreach", "auditor"];

export default definePages({
  path: "/trace",
  title: ["资金穿透", "Fund tracing"],
  roles: READERS,
  menu: { group: "money", order: 10, icon: BranchesOutlined },
  load: () => import("./TracePage"),
});
