// A table of rows that are here already (QueueTable reads records page by page): sorted by a click on a heading, drawn only
// where it is seen, selected with the mouse or the keys. It says the same as the picture beside it.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { type Key, useKeys } from "@/app/keys";
import { useTexts } from "@/i18n/language";
import { type Both, texts } from "@/i18n/texts";

const T = texts({ none: "没有数据", sort: "按{name}排序" }, { none: "Nothing here", sort: "Sort by {name}" });

export interface DataColumn<R> {
  key: string;
  title: string;
  width: string;
  render: (row: R) => ReactNode;
  /** What it is sorted by; none: it cannot be. */
  by?: (row: R) => number | string;
  right?: boolean;
}

interface DataTableProps<R> {
  label: string;
  columns: readonly DataColumn<R>[];
  rows: readonly R[];
  id: (row: R) => string;
  selected?: ReadonlySet<string>;
  /** `adds`: Ctrl or Shift was held, or x was pressed: the others stay selected. */
  onSelect?: (id: string, adds: boolean) => void;
  onOpen?: (row: R) => void;
  height?: number;
  empty?: string;
}

const ROW_PX = 30;
const PICKS: Both = ["选择多行：移动后再按 x；Esc 结束", "Choose several: move and press x again; Esc ends it"];

export function DataTable<R>(props: DataTableProps<R>) {
  const { label, columns, rows, id, selected, onSelect, onOpen, height = 280, empty } = props;
  const t = useTexts(T);
  const [order, setOrder] = useState<{ key: string; down: boolean } | null>(null);
  const [at, setAt] = useState(0);
  // After x several are being chosen: moving leaves them as they are, until Escape or a click.
  const [picking, setPicking] = useState(false);
  const base = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.key === order?.key)?.by;
    if (!by || !order) return rows;
    const sign = order.down ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [x, y] = [by(a), by(b)];
      return x < y ? -sign : x > y ? sign : 0;
    });
  }, [rows, columns, order]);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const template = columns.map((column) => column.width).join(" ");
  const moveTo = (to: number) => {
    const index = Math.max(0, Math.min(sorted.length - 1, to));
    setAt(index);
    virtual.scrollToIndex(index);
    const row = sorted[index];
    if (row && onSelect && !picking) onSelect(id(row), false);
  };
  const pick = (row: R) => {
    if (picking || !selected?.has(id(row))) onSelect?.(id(row), true);
    setPicking(true);
  };
  const hand = useRef({ moveTo, at, sorted });
  hand.current = { moveTo, at, sorted };
  const [selects, opens] = [onSelect !== undefined, onOpen !== undefined];
  useKeys(
    useMemo<Key[]>(() => {
      const when = () => hand.current.sorted.length > 0 && scroller.current?.offsetParent != null;
      const step = (by: 1 | -1) => () => {
        const isIn = scroller.current?.contains(document.activeElement);
        scroller.current?.focus();
        if (isIn) hand.current.moveTo(hand.current.at + by);
      };
      return [
        { key: "j", does: ["到表格；下一行（也可用 ↓）", "To the table; next row (also ↓)"], run: step(1), when },
        { key: "k", does: ["上一行（也可用 ↑）", "Row before (also ↑)"], run: step(-1), when },
        ...(selects ? [{ key: "x", does: PICKS, when } as const] : []),
        ...(opens ? [{ key: "Enter", does: ["打开当前行", "Open this row"], when } as const] : []),
        { key: "PageDown / PageUp", does: ["翻页", "A page on or back"], when },
        { key: "Home / End", does: ["第一行 / 最后一行", "First / last row"], when },
      ];
    }, [selects, opens]),
  );
  const pressed = (event: KeyboardEvent) => {
    const row = sorted[at];
    const page = Math.max(1, Math.floor(height / ROW_PX) - 2);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      Home: 0,
      End: sorted.length - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    const to = steps[event.key];
    if (to !== undefined) moveTo(to);
    else if (event.key === "Enter" && row && onOpen) onOpen(row);
    else if ((event.key === "x" || event.key === " ") && row && onSelect) pick(row);
    else if (event.key === "Escape" && picking) setPicking(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="data-table">
      <div
        ref={scroller}
        className="queue-scroll data-scroll"
        style={{ maxHeight: height }}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        aria-multiselectable={onSelect ? true : undefined}
        aria-activedescendant={items.some((item) => item.index === at) ? `${base}-${at}` : undefined}
        onKeyDown={pressed}
      >
        <div className="queue-head data-head" role="row" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => {
            const is = order?.key === column.key;
            return (
              <div
                key={column.key}
                role="columnheader"
                className={column.right ? "right" : undefined}
                aria-sort={is ? (order.down ? "descending" : "ascending") : undefined}
              >
                {column.by ? (
                  <button
                    type="button"
                    className="head-sort"
                    title={t("sort", { name: column.title })}
                    onClick={() => setOrder({ key: column.key, down: is ? !order.down : Boolean(column.right) })}
                  >
                    {column.title}
                    {is && <span aria-hidden="true">{order.down ? " ↓" : " ↑"}</span>}
                  </button>
                ) : (
                  column.title
                )}
              </div>
            );
          })}
        </div>
        {sorted.length === 0 && (
          <div role="row" className="data-none">
            <div role="gridcell" className="faint">
              {empty ?? t("none")}
            </div>
          </div>
        )}
        <div className="queue-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = sorted[item.index] as R;
            const is = selected?.has(id(row)) ?? false;
            return (
              <div
                key={id(row)}
                id={`${base}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={onSelect ? is : undefined}
                className={`queue-row data-row${is ? " is-selected" : ""}${item.index === at ? " is-at" : ""}`}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)`, height: ROW_PX }}
                onClick={(event) => {
                  setAt(item.index);
                  setPicking(false);
                  onSelect?.(id(row), event.ctrlKey || event.metaKey || event.shiftKey);
                }}
                onDoubleClick={() => onOpen?.(row)}
              >
                {columns.map((column) => (
                  <div key={column.key} role="gridcell" className={column.right ? "cell right" : "cell"}>
                    {column.render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
