import { PauseCircleOutlined, StopOutlined } from "@ant-design/icons";
import type { Role } from "@/app/session";
import { definePages } from "../page";

const roles: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "auditor"];

export default definePages(
  {
    path: "/stops",
    title: ["紧急止付", "Stop orders"],
    roles,
    menu: {
      group: "measures",
      order: 10,
      icon: PauseCircleOutlined,
      badge: { kind: "stop", states: ["proposed", "releasing"] },
    },
    load: () => import("./StopsPage"),
  },
  {
    path: "/stops/:id",
    parent: "/stops",
    record: "stop",
    title: ["止付", "Stop order"],
    roles,
    load: () => import("./StopPage"),
  },
  {
    path: "/freezes",
    title: ["冻结", "Freezes"],
    roles,
    menu: {
      group: "measures",
      order: 20,
      icon: StopOutlined,
      badge: { kind: "freeze", states: ["proposed", "renewing", "releasing", "unrelated"] },
    },
    load: () => import("./FreezesPage"),
  },
  {
    path: "/freezes/:id",
    parent: "/freezes",
    record: "freeze",
    title: ["冻结", "Freeze"],
    roles,
    load: () => import("./FreezePage"),
  },
);
