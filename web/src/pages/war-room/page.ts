import { FundProjectionScreenOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages({
  path: "/war-room",
  title: ["指挥大屏", "War room"],
  roles: ["duty", "analyst", "investigator", "commander", "approver", "auditor"],
  menu: { group: "command", order: 5, icon: FundProjectionScreenOutlined },
  load: () => import("./WarRoomPage"),
  bare: true,
});
