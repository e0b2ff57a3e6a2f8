import { HomeOutlined } from "@ant-design/icons";
import { definePages } from "../page";

export default definePages(
  {
    path: "/",
    title: ["工作台", "Desk"],
    roles: "all",
    menu: { group: "mine", order: 10, icon: HomeOutlined },
    load: () => import("./HomePage"),
  },
  {
    path: "/password",
    title: ["修改口令", "Change password"],
    roles: "all",
    load: () => import("./PasswordPage"),
  },
);
