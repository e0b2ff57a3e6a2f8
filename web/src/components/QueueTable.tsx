// A queue: a list of any length, of which only the rows on the screen exist. Pages come by cursor as one scrolls; j and k move,
// Enter opens, x selects, and what was selected can be acted on together. Filters and order are in the address.
import { ReloadOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Button } from "antd";
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useLiveEvents } from "@/api/live";
import { Problem } from "@/api/problem";
import { type Query, useList } from "@/api/queries";
import { fieldOf, type Row, useWorkflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { type Key, useKeys } from "@/app/keys";
import { recordPath } from "@/app/paths";
import { usePick, useTexts } from "@/i18n/language";
import { type Both, texts } from "@/i18n/texts";
import { BulkBar } from "./bulk";
import { Countdown, FieldValue, useNameOf } from "./labels";
import { Empty, Failed, Loading } from "./states";
import { useIsWide } from "./wide";

const T = texts(
  {
    loaded: "已载入 {n} 条",
    more: "已载入 {n} 条，向下滚动继续",
    news: "{n} 条新变化，点此刷新",
    select: "选择 {number}",
    number: "编号",
    created: "创建时间",
    updated: "更新时间",
    queue: "队列",
    keys: "j/k 移动 · Enter 打开",
    keysSelect: "j/k 移动 · Enter 打开 · x 选择",
    ascending: "升序",
    descending: "降序",
    sort: "按{name}排序",
  },
  {
    loaded: "{n} loaded",
    more: "{n} loaded, scroll for more",
    news: "{n} changes, refresh",
    select: "Select {number}",
    number: "No.",
    created: "Made",
    updated: "Changed",
    queue: "Queue",
    keys: "j/k move · Enter opens",
    keysSelect: "j/k move · Enter opens · x selects",
    ascending: "ascending",
    descending: "descending",
    sort: "Sort by {name}",
  },
);

export interface Column {
  /** A field of the kind; "number" is what people call the record. */
  field: string;
  /** CSS width, as in grid-template-columns; the rest shares what is left. */
  width?: string;
  /** Instead of the field's name, where that is too long for a column. */
  title?: Both;
  align?: "right";
  /** Only where there is room: the screen is wider than a laptop's. */
  wide?: boolean;
  render?: (row: Row) => ReactNode;
}

export interface QueueTableProps {
  kind: string;
  columns: readonly Column[];
  query: Query;
  /** "due" or "-created": the list's order. */
  /** undefined: the list's own again. */
  onOrder?: (order: string | undefined) => void;
  /** Acts that can be done with many at once; none: rows cannot be selected. */
  bulkActs?: readonly string[];
  empty?: ReactNode;
  /** Instead of going to the record. */
  onOpen?: (row: Row) => void;
  /** The row that is open beside the list. */
  openId?: number | undefined;
  rowHeight?: number;
}

function Cell({ kind, column, row, prefix }: { kind: string; column: Column; row: Row; prefix: string | null }) {
  const workflow = useWorkflow(kind);
  if (column.render) return column.render(row);
  if (column.field === "number") return <span className="num strong">{recordNumber(prefix, row.id)}</span>;
  if (column.field === workflow?.due) return <Countdown until={row[column.field] as string | null} />;
  if (column.field === "created_at" || column.field === "updated_at") {
    return <FieldValue kind={kind} field={{ type: "time" } as never} name={column.field} value={row[column.field]} />;
  }
  return (
    <FieldValue kind={kind} field={fieldOf(workflow, column.field)} name={column.field} value={row[column.field]} />
  );
}

export function QueueTable(props: QueueTableProps) {
  const { kind, columns: all, query, onOrder, bulkActs = [], empty, onOpen, openId, rowHeight = 36 } = props;
  const t = useTexts(T);
  const nameOf = useNameOf();
  const pick = usePick();
  const navigate = useNavigate();
  const client = useQueryClient();
  const workflow = useWorkflow(kind);
  const isWide = useIsWide();
  const columns = useMemo(() => all.filter((column) => isWide || !column.wide), [all, isWide]);
  const list = useList(kind, query);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [at, setAt] = useState(0);
  const [selected, setSelected] = useState<ReadonlyMap<number, Row>>(new Map());
  const [news, setNews] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const selects = bulkActs.length > 0;
  const pages = list.data?.pages.length ?? 0;

  // A list of one page is read again by itself (live.ts); a long one would jump under the reader, so it says that it is old.
  useLiveEvents(kind, (event) => {
    if (pages > 1 && event.act !== "presence") setNews((n) => n + 1);
  });
  const refresh = () => {
    setNews(0);
    void client.resetQueries({ queryKey: ["list", kind, query] });
  };

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    useFlushSync: false, // drawn with the next frame, once for all that was scrolled
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 40) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);

  const open = useCallback(
    (row: Row) => {
      if (onOpen) return onOpen(row);
      const path = workflow && recordPath(workflow, row.id);
      if (path) navigate(path);
    },
    [navigate, onOpen, workflow],
  );
  const toggle = (row: Row) =>
    setSelected((before) => {
      const after = new Map(before);
      if (!after.delete(row.id)) after.set(row.id, row);
      return after;
    });
  const latest = useRef({ open, toggle });
  latest.current = { open, toggle };
  // Rows keep one pair of hands, whatever is drawn anew: a row that stays is not made again.
  const hands = useMemo<Hands>(
    () => ({
      open: (row, index) => {
        setAt(index);
        latest.current.open(row);
      },
      toggle: (row) => latest.current.toggle(row),
    }),
    [],
  );
  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setAt(index);
    virtual.scrollToIndex(index);
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[at];
    const steps: Record<string, number> = {
      j: at + 1,
      ArrowDown: at + 1,
      k: at - 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter" && row) open(row);
    else if ((event.key === "x" || event.key === " ") && row && selects) toggle(row);
    else return;
    event.preventDefault();
  };

  const hand = useRef({ move, at, rows, refresh, news });
  hand.current = { move, at, rows, refresh, news };
  useKeys(
    useMemo<Key[]>(() => {
      const step = (by: 1 | -1) => () => {
        const isIn = scroller.current?.contains(document.activeElement);
        scroller.current?.focus();
        if (isIn) hand.current.move(hand.current.at + by);
      };
      const when = () => hand.current.rows.length > 0;
      return [
        { key: "j", does: ["到队列；下一条（也可用 ↓）", "To the queue; next row (also ↓)"], run: step(1), when },
        { key: "k", does: ["上一条（也可用 ↑）", "Row before (also ↑)"], run: step(-1), when },
        { key: "Enter", does: ["打开当前条", "Open this row"], when },
        ...(selects
          ? [
              { key: "x", does: ["选择当前条，用于批量办理", "Select it, to act on many"], when } as const,
              {
                key: "b",
                does: ["到批量操作", "To what can be done with the selected"],
                run: () => document.querySelector<HTMLElement>(".bulk-bar button")?.focus(),
                when: () => document.querySelector(".bulk-bar button") !== null,
              } as const,
            ]
          : []),
        { key: "PageDown / PageUp", does: ["翻页", "A page on or back"], when },
        { key: "Home / End", does: ["第一条 / 最后一条", "First / last"], when },
        {
          key: "r",
          does: ["载入新变化", "Read what has changed"],
          run: () => hand.current.refresh(),
          when: () => hand.current.news > 0,
        },
      ];
    }, [selects]),
  );

  // With other filters there are too many for the order that was chosen.
  const isNoOrder =
    list.error instanceof Problem && list.error.status === 400 && list.error.detail.startsWith("order:");
  useEffect(() => {
    if (isNoOrder) onOrder?.(undefined);
  }, [isNoOrder, onOrder]);

  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!workflow || list.isPending) return <Loading lines={10} />;
  const template = [selects ? "34px" : "", ...columns.map((column) => column.width ?? "minmax(80px, 1fr)")].join(" ");
  const order = String(query.order ?? "");
  const orders = new Set(list.data?.pages[0]?.orders);

  return (
    <div className="queue">
      {selected.size > 0 && (
        <BulkBar kind={kind} acts={bulkActs} rows={[...selected.values()]} onClear={() => setSelected(new Map())} />
      )}
      {rows.length === 0 ? (
        (empty ?? <Empty />)
      ) : (
        <div
          ref={scroller}
          className="queue-scroll"
          role="grid"
          aria-label={`${nameOf(workflow)} · ${t("queue")}`}
          aria-rowcount={hasNextPage ? -1 : rows.length + 1}
          aria-activedescendant={rows[at] ? rowId(kind, rows[at]) : undefined}
          aria-multiselectable={selects || undefined}
          tabIndex={0}
          onKeyDown={onKey}
          data-queue={kind}
        >
          <div className="queue-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            {selects && (
              <div role="columnheader">
                <span className="sr-only">{t("select", { number: "" })}</span>
              </div>
            )}
            {columns.map((column) => (
              <Head
                key={column.field}
                column={column}
                name={column.title ? pick(column.title) : headName(column, nameOf(fieldOf(workflow, column.field)), t)}
                order={order}
                onOrder={orders.has(orderOf(column)) ? onOrder : undefined}
              />
            ))}
          </div>
          <div className="queue-body" role="presentation" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              const isAt = item.index === at;
              return (
                <QueueRow
                  key={row.id}
                  kind={kind}
                  columns={columns}
                  row={row}
                  prefix={workflow.prefix}
                  index={item.index}
                  start={item.start}
                  height={item.size}
                  template={template}
                  selects={selects}
                  isSelected={selects ? selected.has(row.id) : isAt}
                  isAt={isAt}
                  isOpen={openId === row.id}
                  hands={hands}
                />
              );
            })}
          </div>
        </div>
      )}
      <div className="queue-foot">
        <span role="status">
          {t(hasNextPage ? "more" : "loaded", { n: rows.length })}
          {isFetchingNextPage && " …"}
        </span>
        {news > 0 && (
          <Button size="small" type="link" icon={<ReloadOutlined />} onClick={refresh}>
            {t("news", { n: news })}
          </Button>
        )}
        <span className="queue-keys">{rows.length > 0 && t(selects ? "keysSelect" : "keys")}</span>
      </div>
    </div>
  );
}

interface Hands {
  open: (row: Row, index: number) => void;
  toggle: (row: Row) => void;
}

interface QueueRowProps {
  kind: string;
  columns: readonly Column[];
  row: Row;
  prefix: string | null;
  index: number;
  start: number;
  height: number;
  template: string;
  selects: boolean;
  isSelected: boolean;
  isAt: boolean;
  isOpen: boolean;
  hands: Hands;
}

const rowId = (kind: string, row: Row) => `queue-${kind}-${row.id}`;

const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { kind, columns, row, prefix, index, start, height, template, selects, isSelected, isAt, isOpen, hands } =
    props;
  const t = useTexts(T);
  return (
    <div
      id={rowId(kind, row)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={`queue-row${isAt ? " is-at" : ""}${isOpen ? " is-open" : ""}`}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${start}px)` }}
      onClick={() => hands.open(row, index)}
    >
      {selects && (
        <div role="gridcell" onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            className="row-check"
            checked={isSelected}
            onChange={() => hands.toggle(row)}
            tabIndex={-1}
            aria-label={t("select", { number: recordNumber(prefix, row.id) })}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.field} role="gridcell" className={column.align === "right" ? "cell right" : "cell"}>
          <Cell kind={kind} column={column} row={row} prefix={prefix} />
        </div>
      ))}
    </div>
  );
});

const OF_EACH = { number: "number", created_at: "created", updated_at: "updated" } as const;

/** Every record has a number and its times; the other fields' names are the daemon's. */
function headName(column: Column, name: string, t: (key: "number" | "created" | "updated") => string): string {
  const own = OF_EACH[column.field as keyof typeof OF_EACH];
  return own ? t(own) : name || column.field;
}

interface HeadProps {
  column: Column;
  name: string;
  order: string;
  /** None: the list cannot be ordered by it. */
  onOrder: ((order: string) => void) | undefined;
}

/** What the list's `order` calls the column's field. */
function orderOf(column: Column): string {
  return column.field.replace(/^(created|updated)_at$/, "$1");
}

function Head({ column, name, order, onOrder }: HeadProps) {
  const t = useTexts(T);
  const field = orderOf(column);
  const way = order === field ? "ascending" : order === `-${field}` ? "descending" : undefined;
  const right = column.align === "right" ? "right" : undefined;
  if (!onOrder) {
    return (
      <div role="columnheader" className={right} title={name}>
        {name}
      </div>
    );
  }
  return (
    <div role="columnheader" aria-sort={way ?? "none"} className={right}>
      <button
        type="button"
        className="head-sort"
        title={t("sort", { name })}
        onClick={() => onOrder(way === "ascending" ? `-${field}` : field)}
      >
        <span className="head-name">{name}</span>
        {way && <span aria-hidden="true">{way === "ascending" ? "↑" : "↓"}</span>}
      </button>
    </div>
  );
}
