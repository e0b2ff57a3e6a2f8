// All pages: each folder here with a page.ts is one. Nothing else lists them.
import { registerRecordPath } from "@/app/paths";
import type { Both } from "@/i18n/texts";
import type { MenuGroup, Page } from "./page";

const found = import.meta.glob<{ default: Page[] }>("./*/page.ts", { eager: true });

export const pages: readonly Page[] = Object.values(found).flatMap((module) => module.default);

for (const page of pages) {
  if (page.record) registerRecordPath(page.record, page.path);
}

export const groups: readonly { key: MenuGroup; title: Both }[] = [
  { key: "mine", title: ["工作台", "Desk"] },
  { key: "front", title: ["接警劝阻", "Front line"] },
  { key: "measures", title: ["止付冻结返还", "Measures"] },
  { key: "money", title: ["资金研判", "Money"] },
  { key: "work", title: ["案件线索", "Cases"] },
  { key: "command", title: ["指挥行动", "Command"] },
  { key: "system", title: ["系统", "System"] },
];
