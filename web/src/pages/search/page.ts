import { SearchOutlined } from "@ant-design/icons";
import { STAFF } from "@/app/session";
import { definePages } from "../page";

export default definePages({
  path: "/search",
  title: ["搜索", "Search"],
  roles: STAFF,
  menu: { group: "mine", order: 20, icon: SearchOutlined },
  load: () => import("./SearchPage"),
});
