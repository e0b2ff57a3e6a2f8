import { ImportOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages({
  path: "/import",
  title: ["数据导入", "Import"],
  roles: ["analyst"],
  menu: { group: "money", order: 30, icon: ImportOutlined },
  load: () => import("./ImportPage"),
});
