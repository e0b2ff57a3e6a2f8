import { FileSearchOutlined } from "@ant-design/icons";
import { definePages } from "../page";

const roles = ["duty", "analyst", "investigator", "commander", "approver", "auditor"] as const;

export default definePages(
  {
    path: "/inquiries",
    title: ["交易明细查询", "Bank inquiries"],
    roles,
    menu: {
      group: "measures",
      order: 25,
      icon: FileSearchOutlined,
      badge: { kind: "inquiry", states: ["proposed"] },
    },
    load: () => import("./InquiriesPage"),
  },
  {
    path: "/inquiries/:id",
    parent: "/inquiries",
    record: "inquiry",
    title: ["交易明细查询", "Bank inquiry"],
    roles,
    load: () => import("./InquiryPage"),
  },
);
