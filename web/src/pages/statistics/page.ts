import { BarChartOutlined } from "@ant-design/icons";
import { OFFICERS } from "@/app/session";
import { definePages } from "../page";

export default definePages({
  path: "/statistics",
  title: ["统计", "Statistics"],
  roles: OFFICERS,
  menu: { group: "command", order: 60, icon: BarChartOutlined },
  load: () => import("./StatisticsPage"),
});
