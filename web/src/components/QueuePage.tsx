// A page that is one queue: its views as tabs (each a query, in the address), filters, the table, what can be made.
import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { countIn, type Query, useWork } from "@/api/queries";
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
  return (
    <div className="page-fill">
      <PageHead title={pick(title)} actions={actions} />
      <Tabs
        size="small"
        className="queue-views"
        activeKey={view?.key ?? ""}
        onChange={(key) => setSearch(key === views[0].key ? {} : { view: key })}
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
        onOrder={(order) => change({ order })}
        {...(bulkActs ? { bulkActs } : {})}
        empty={empty}
      />
    </div>
  );
}

const PLAIN: Query = { order: "-id" };

function withoutView(query: Query): Query {
  const { view: _, ...rest } = query;
  return rest;
}
