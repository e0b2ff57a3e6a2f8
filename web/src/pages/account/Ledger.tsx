// The account's ledger, page by page, all as of one sequence. Money that came in can be traced from its row.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { call } from "@/api/client";
import type { Schemas } from "@/api/schema";
import { count, money, time } from "@/app/format";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { KeyText, Tag } from "@/components/labels";
import { Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    title: "流水",
    asOf: "已载入 {n} 笔 · 数据截至序号 {seq}",
    time: "时间",
    way: "收支",
    in: "收入",
    out: "支出",
    cash: "取现",
    other: "对方",
    amount: "金额",
    balance: "余额",
    trace: "穿透",
    more: "继续载入",
    none: "没有流水",
  },
  {
    title: "Ledger",
    asOf: "{n} entries loaded · as of sequence {seq}",
    time: "Time",
    way: "Way",
    in: "In",
    out: "Out",
    cash: "Cash",
    other: "Other side",
    amount: "Amount",
    balance: "Balance",
    trace: "Trace",
    more: "Load more",
    none: "No entries",
  },
);

type Entry = Schemas["ledger_entry"];

export function Ledger({ account }: { account: string }) {
  const t = useTexts(T);
  const found = useInfiniteQuery({
    queryKey: ["ledger", account],
    queryFn: ({ pageParam, signal }) =>
      call("GET /v1/accounts/{key}/transfers", {
        path: { key: account },
        query: { limit: 500, cursor: pageParam } as never,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    retry: false,
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading lines={5} />;
  const columns: DataColumn<Entry>[] = [
    {
      key: "time",
      title: t("time"),
      width: "160px",
      by: (row) => row.time,
      render: (row) => <span className="num">{time(row.time, "second")}</span>,
    },
    {
      key: "way",
      title: t("way"),
      width: "80px",
      by: (row) => row.direction,
      render: (row) => (
        <Tag tone={row.direction === "in" ? "success" : row.kind === "withdrawal" ? "danger" : "neutral"}>
          {t(row.kind === "withdrawal" ? "cash" : row.direction)}
        </Tag>
      ),
    },
    {
      key: "other",
      title: t("other"),
      width: "minmax(240px, 2fr)",
      by: (row) => row.counterparty ?? "",
      render: (row) =>
        row.counterparty ? (
          <Link to={`/accounts/${encodeURIComponent(row.counterparty)}`}>
            <KeyText value={row.counterparty} />
          </Link>
        ) : (
          "—"
        ),
    },
    {
      key: "amount",
      title: t("amount"),
      width: "minmax(120px, 1fr)",
      right: true,
      by: (row) => row.amount_fen,
      render: (row) => (
        <span className="num">
          {row.direction === "in" ? "+" : "−"}
          {money(row.amount_fen)}
        </span>
      ),
    },
    {
      key: "balance",
      title: t("balance"),
      width: "minmax(120px, 1fr)",
      right: true,
      by: (row) => row.balance_fen,
      render: (row) => <span className="num">{money(row.balance_fen)}</span>,
    },
    {
      key: "trace",
      title: t("trace"),
      width: "80px",
      render: (row) =>
        row.direction === "in" ? (
          <Link
            to={`/trace?${new URLSearchParams({ account, at: row.time, amount_fen: String(row.amount_fen) })}`}
            aria-label={`${t("trace")} ${money(row.amount_fen)}`}
          >
            {t("trace")}
          </Link>
        ) : null,
    },
  ];
  return (
    <>
      <DataTable
        label={t("title")}
        columns={columns}
        rows={rows}
        id={(row) => `${row.sequence}${row.direction}`}
        height={360}
        empty={t("none")}
      />
      <p className="faint ledger-foot">
        {t("asOf", { n: count(rows.length), seq: count(found.data.pages[0]?.as_of ?? 0) })}
        {found.hasNextPage && (
          <Button size="small" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </p>
    </>
  );
}
