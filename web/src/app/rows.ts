// j and k through the rows of whatever small table or list a page has: the focus goes to the row's first link or button, and Tab to
// its others. A queue (QueueTable, DataTable) has keys of its own, which come first.
import type { Key } from "./keys";

const ROWS = "main tbody tr, main .work-list > li, main .hits > li";
const CONTROLS = "a[href], button:not(:disabled), input:not(:disabled)";

function stops(): HTMLElement[] {
  return [...document.querySelectorAll(ROWS)].flatMap((row) => row.querySelector<HTMLElement>(CONTROLS) ?? []);
}

/** The focus goes from the one that has it (or holds it) to the next; without one, to the first or the last. */
export function walk(elements: readonly HTMLElement[], step: 1 | -1): boolean {
  const here = document.activeElement;
  const at = elements.findIndex((one) => one === here || one.closest("tr, li")?.contains(here));
  const to = at < 0 ? (step > 0 ? 0 : elements.length - 1) : at + step;
  const next = elements[Math.max(0, Math.min(elements.length - 1, to))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

const hasRows = () => document.querySelector(ROWS)?.querySelector(CONTROLS) != null;

export const ROW_KEYS: readonly Key[] = [
  {
    key: "j",
    does: ["下一行（Tab 到行内按钮，Enter 打开）", "Next row (Tab to its buttons, Enter opens)"],
    run: () => walk(stops(), 1),
    when: hasRows,
  },
  { key: "k", does: ["上一行", "Row before"], run: () => walk(stops(), -1), when: hasRows },
];
