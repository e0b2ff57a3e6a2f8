// A page that is one queue: its views as tabs (each a query, in the address), filters, the table, what can be made.
import { Tabs } from "antd";
import { type ReactNode, useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { countIn, type Query, useWork } from "@/api/queries";
import { type Key, useKeys } from "@/app/keys";
import { usePick } from "@/i18n/language";
import type { Both } from "@/i18n/texts";
import { FilterBar, useQueryState } from "./filters";
import { PageHead } from "./PageHead";
import { type Column, QueueTable } from "./QueueTable";

export interface QueueView {
  key: string;
  label: Both;
  query: Query;
  /** Counted in its tab. */
  states?: readonly string[];
}

interface QueuePageProps {
  kind: string;
  title: Both;
  views: readonly [QueueView, ...QueueView[]];
  columns: readonly Column[];
  filters: readonly string[];
  bulkActs?: readonly string[];
  actions?: ReactNode;
  empty?: ReactNode;
}

export function QueuePage({ kind, title, views, columns, filters, bulkActs, actions, empty }: QueuePageProps) {
  const pick = usePick();
  const work = useWork().data;
  const [search, setSearch] = useSearchParams();
  // The tab whose query is that of the address; none when somebody filtered.
  const view = views.find((one) => one.key === search.get("view")) ?? (search.size === 0 ? views[0] : undefined);
  const [query, change, reset] = useQueryState(view?.query ?? PLAIN);
  const order = useCallback((by: string | undefined) => change({ order: by ?? view?.query.order }), [change, view]);
  const show = useCallback((key: string) => setSearch(key === views[0].key ? {} : { view: key }), [setSearch, views]);
  useKeys(
    useMemo<Key[]>(
      () => [
        ...views.map((one, index) => ({ key: String(index + 1), does: one.label, run: () => show(one.key) })),
        {
          key: "F",
          does: ["到筛选条件", "To the filters"],
          run: () => focusFirst(".filter-bar input, .filter-bar button"),
        },
        {
          key: "c",
          does: ["新建", "Make a new one"],
          run: () => document.querySelector<HTMLElement>(MAKES)?.click(),
          when: () => document.querySelector(MAKES) !== null,
        },
      ],
      [views, show],
    ),
  );
  return (
    <div className="page-fill">
      <PageHead title={pick(title)} actions={actions} />
      <Tabs
        size="small"
        className="queue-views"
        activeKey={view?.key ?? ""}
        onChange={show}
        items={views.map((one) => {
          const n = one.states ? countIn(work, kind, one.states) : 0;
          return {
            key: one.key,
            label: (
              <span>
                {pick(one.label)}
                {n > 0 && <span className="tab-count num">{n >= 1000 ? "999+" : n}</span>}
              </span>
            ),
          };
        })}
      />
      <FilterBar kind={kind} fields={filters} query={query} onChange={change} onReset={reset} />
      <QueueTable
        key={view?.key ?? ""}
        kind={kind}
        columns={columns}
        query={withoutView(query)}
        onOrder={order}
        {...(bulkActs ? { bulkActs } : {})}
        empty={empty}
      />
    </div>
  );
}

const MAKES = ".page-actions [data-make], .page-actions a";

function focusFirst(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}

const PLAIN: Query = { order: "-id" };

function withoutView(query: Query): Query {
  const { view: _, ...rest } = query;
  return rest;
}
