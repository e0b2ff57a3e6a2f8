import { FileDoneOutlined } from "@ant-design/icons";
import { definePages } from "../page";

const ROLES = ["duty", "analyst", "investigator", "commander", "approver", "outreach", "auditor"] as const;

export default definePages(
  {
    path: "/bulletins",
    title: ["战果通报", "Bulletins"],
    roles: ROLES,
    menu: { group: "command", order: 60, icon: FileDoneOutlined },
    load: () => import("./BulletinsPage"),
  },
  {
    path: "/bulletins/:id",
    parent: "/bulletins",
    record: "bulletin",
    title: ["通报", "Bulletin"],
    roles: ROLES,
    load: () => import("./BulletinPage"),
  },
);
