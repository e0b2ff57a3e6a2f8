// A page of the console: a folder below src/pages with a page.ts whose default is one of these, or a list of them.
import type { ComponentType } from "react";
import type { Role } from "@/app/session";
import type { Both } from "@/i18n/texts";

export type MenuGroup = "mine" | "front" | "measures" | "money" | "work" | "command" | "system";

export interface Page {
  /** As react-router has it: "/warnings/:id". */
  path: string;
  title: Both;
  /** Who may open it; the daemon decides what they see in it. */
  roles: readonly Role[] | "all";
  load: () => Promise<{ default: ComponentType }>;
  /** Its place in the menu; none: it is reached from others. */
  menu?: { group: MenuGroup; order: number; icon: ComponentType; badge?: { kind: string; states: readonly string[] } };
  /** The path of the page above it, for the crumbs. */
  parent?: string;
  /** It shows records of this kind: links to them come here. Its path has `:id`. */
  record?: string;
  /** Without menu and header: a screen on a wall. */
  bare?: boolean;
}

export function definePages(...pages: Page[]): Page[] {
  return pages;
}
