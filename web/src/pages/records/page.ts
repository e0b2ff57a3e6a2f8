// Any kind of record that has no page of its own: its list and its record, made from the workflow tables alone.
import { definePages } from "../page";

export default definePages(
  {
    path: "/records/:collection",
    title: ["记录", "Records"],
    roles: "all",
    load: () => import("./RecordsPage"),
  },
  {
    path: "/records/:collection/:id",
    parent: "/records/:collection",
    title: ["记录", "Record"],
    roles: "all",
    load: () => import("./RecordPage"),
  },
);
