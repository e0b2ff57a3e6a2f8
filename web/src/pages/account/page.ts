import { IdcardOutlined } from "@ant-design/icons";
import { OFFICERS, type Role } from "@/app/session";
import { definePages } from "../page";

const READERS: readonly Role[] = [...OFFICERS, "outreach", "auditor"];

export default definePages(
  {
    path: "/accounts",
    title: ["账户画像", "Account profile"],
    roles: READERS,
    menu: { group: "money", order: 20, icon: IdcardOutlined },
    load: () => import("./AccountsPage"),
  },
  {
    path: "/accounts/:key",
    title: ["账户画像", "Account profile"],
    parent: "/accounts",
    roles: READERS,
    load: () => import("./AccountPage"),
  },
);
