// A short table that is here whole: evidence, results, figures. QueueTable reads records page by page, DataTable sorts and selects.
import type { ReactNode } from "react";
import type { Row } from "@/api/workflow";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { KeyText, RecordLink, StateTag } from "./labels";

export interface PlainColumn<R> {
  key: string;
  title: string;
  cell: (row: R) => ReactNode;
  /** A figure: its digits line up on the right. */
  right?: boolean;
  /** It names the row. */
  head?: boolean;
  /** Words of any length, which break. */
  words?: boolean;
}

interface PlainTableProps<R> {
  label: string;
  columns: readonly PlainColumn<R>[];
  rows: readonly R[];
  id: (row: R) => string | number;
  /** A few short columns: no wider than they need. */
  fit?: boolean;
  className?: string;
  rowProps?: (row: R) => Record<string, string | number | undefined>;
}

const classOf = (column: { right?: boolean; words?: boolean }) =>
  column.right ? "right num" : column.words ? "words" : undefined;

export function PlainTable<R>({ label, columns, rows, id, fit, className, rowProps }: PlainTableProps<R>) {
  return (
    <div
      className={["table-scroll", fit && "fit", className].filter(Boolean).join(" ")}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="plain">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} className={column.right ? "right" : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} {...rowProps?.(row)}>
              {columns.map((column) =>
                column.head ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const T = texts(
  { number: "编号", state: "状态", account: "账户" },
  { number: "No.", state: "State", account: "Account" },
);

/** A stop, a freeze, an inquiry: what is asked of a bank about an account. */
export interface Order {
  kind: string;
  row: Row;
}

/** Orders, each with its number, state and account; what else is told of them is the page's. */
export function OrderTable({
  label,
  orders,
  columns,
}: {
  label: string;
  orders: readonly Order[];
  columns: readonly PlainColumn<Order>[];
}) {
  const t = useTexts(T);
  return (
    <PlainTable<Order>
      label={label}
      rows={orders}
      id={({ kind, row }) => `${kind}-${row.id}`}
      columns={[
        { key: "number", title: t("number"), cell: ({ kind, row }) => <RecordLink kind={kind} id={row.id} /> },
        {
          key: "state",
          title: t("state"),
          cell: ({ kind, row }) => <StateTag kind={kind} state={row.state ?? null} />,
        },
        { key: "account", title: t("account"), cell: ({ row }) => <KeyText value={row.account as string} /> },
        ...columns,
      ]}
    />
  );
}
