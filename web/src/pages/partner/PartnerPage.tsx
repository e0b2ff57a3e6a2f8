// The portal of a partner: what the centre asked of this bank and waits for an answer, the most urgent first, under a clock;
// answered one by one or many together. And what was answered before.
import { CheckOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Tabs } from "antd";
import { useCallback, useMemo, useState } from "react";
import { call } from "@/api/client";
import { useFirst } from "@/api/queries";
import { type Row, useWorkflows } from "@/api/workflow";
import { count, recordNumber } from "@/app/format";
import { useSession } from "@/app/session";
import { type DataColumn, DataTable } from "@/components/DataTable";
import { Countdown, Institution, KeyText, Money, StateTag, Time, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { RevealButton, RevealNote, RevealProvider, useReveal } from "@/components/reveal";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AnswerDialog } from "./AnswerDialog";
import { ANSWERED, amountOf, type Kind, type Order, orderOf } from "./orders";
import { Tips } from "./Tips";

const T = texts(
  {
    title: "协查指令",
    institution: "机构",
    note: "只显示发给本机构的指令，查看与反馈均记入审计",
    purpose: "执行公安机关止付冻结指令",
    open: "待反馈",
    late: "已超时",
    waiting: "待反馈（{n}）",
    answered: "已反馈",
    tips: "报送的线索",
    none: "没有待反馈的指令",
    noneHint: "公安机关批准的止付、冻结会立即出现在这里，无需刷新。",
    noneAnswered: "还没有反馈过的指令",
    number: "指令编号",
    what: "类别",
    urgency: "紧急程度",
    left: "剩余时间",
    account: "账号",
    holder: "户名",
    amount: "金额",
    decided: "批准时间",
    due: "期限",
    answer: "反馈",
    answerMany: "反馈所选 {n} 条",
    mixed: "请只选同一类别的指令一并反馈",
    hint: "j/k 移动 · x 选择 · Enter 反馈",
  },
  {
    title: "Orders to answer",
    institution: "Institution",
    note: "only what was sent to it is shown; looks and answers are audited",
    purpose: "carry out orders of the police",
    open: "Waiting for an answer",
    late: "Late",
    waiting: "Waiting ({n})",
    answered: "Answered",
    tips: "Tips reported",
    none: "Nothing waits for an answer",
    noneHint: "Stops and freezes appear here as soon as the police approve them; there is no need to reload.",
    noneAnswered: "Nothing was answered yet",
    number: "Order",
    what: "What",
    urgency: "Urgency",
    left: "Time left",
    account: "Account",
    holder: "Holder",
    amount: "Amount",
    decided: "Approved",
    due: "Deadline",
    answer: "Answer",
    answerMany: "Answer the {n} selected",
    mixed: "Choose orders of one kind to answer them together",
    hint: "j/k move · x selects · Enter answers",
  },
);

/** A bank hears no events (they tell of everybody's work), so the page asks. */
const EVERY_MS = 5000;

export default function PartnerPage() {
  const t = useTexts(T);
  return (
    <RevealProvider suggested={t("purpose")}>
      <Portal />
    </RevealProvider>
  );
}

function Portal() {
  const t = useTexts(T);
  const { me } = useSession();
  const { purpose } = useReveal();
  const found = useQuery({
    queryKey: ["partner-requests", purpose],
    queryFn: ({ signal }) => call("GET /v1/partner/requests", { purpose, signal }),
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
    gcTime: purpose ? 0 : 300_000,
  });
  const orders = useMemo(() => found.data?.items.map(orderOf) ?? [], [found.data]);
  const [answering, setAnswering] = useState<Order[] | null>(null);
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const open = found.data?.open ?? 0;
  const late = found.data?.late ?? 0;
  return (
    <>
      <PageHead
        title={t("title")}
        note={
          <>
            {t("institution")} <Institution code={me.institution} /> · {t("note")}
          </>
        }
        actions={<RevealButton />}
      />
      <RevealNote />
      <ul className="tiles" aria-live="polite">
        <li className="tile">
          <span className="tile-n num">{count(open)}</span>
          <span className="tile-label">{t("open")}</span>
        </li>
        <li className={late > 0 ? "tile tile-hot" : "tile"}>
          <span className="tile-n num">{count(late)}</span>
          <span className="tile-label">{t("late")}</span>
        </li>
      </ul>
      <Tabs
        size="small"
        items={[
          {
            key: "open",
            label: t("waiting", { n: count(open) }),
            children: found.data ? <Open orders={orders} onAnswer={setAnswering} /> : <Loading lines={8} />,
          },
          { key: "answered", label: t("answered"), children: <Answered /> },
          { key: "tips", label: t("tips"), children: <Tips /> },
        ]}
      />
      {answering && (
        <AnswerDialog
          orders={answering}
          onClose={() => {
            setAnswering(null);
            void found.refetch();
          }}
        />
      )}
    </>
  );
}

function useOrderColumns(): (rest: DataColumn<Order>[]) => DataColumn<Order>[] {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  return (rest) => [
    {
      key: "number",
      title: t("number"),
      width: "130px",
      by: (o) => `${o.kind}${String(o.row.id).padStart(12, "0")}`,
      render: (o) => (
        <span className="num strong">{recordNumber(workflows?.byKind.get(o.kind)?.prefix ?? null, o.row.id)}</span>
      ),
    },
    {
      key: "kind",
      title: t("what"),
      width: "124px",
      by: (o) => o.kind,
      render: (o) => nameOf(workflows?.byKind.get(o.kind)),
    },
    {
      key: "account",
      title: t("account"),
      width: "minmax(240px, 2fr)",
      render: (o) => <KeyText value={o.row.account as string} />,
    },
    {
      key: "holder",
      title: t("holder"),
      width: "minmax(90px, 1fr)",
      render: (o) => String(o.row.holder ?? "—"),
    },
    {
      key: "amount",
      title: t("amount"),
      width: "140px",
      right: true,
      by: (o) => amountOf(o) ?? 0,
      render: (o) => <Money fen={amountOf(o)} />,
    },
    ...rest,
  ];
}

function Open({ orders, onAnswer }: { orders: Order[]; onAnswer: (orders: Order[]) => void }) {
  const t = useTexts(T);
  const columns = useOrderColumns();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const selected = orders.filter((order) => chosen.has(order.id));
  const select = useCallback((id: string, adds: boolean) => {
    setChosen((before) => {
      const after = new Set(adds ? before : []);
      if (!adds || !after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  if (orders.length === 0) return <Empty title={t("none")} hint={t("noneHint")} />;
  const mixed = new Set(selected.map((order) => `${order.kind} ${order.row.state}`)).size > 1;
  return (
    <>
      <div className="partner-bar">
        <Button
          type="primary"
          icon={<CheckOutlined aria-hidden="true" />}
          disabled={selected.length === 0 || mixed}
          data-answer
          onClick={() => onAnswer(selected)}
        >
          {selected.length > 1 ? t("answerMany", { n: selected.length }) : t("answer")}
        </Button>
        <span className="faint">{mixed ? t("mixed") : t("hint")}</span>
      </div>
      <DataTable
        label={t("open")}
        height={460}
        columns={columns([
          {
            key: "urgency",
            title: t("urgency"),
            width: "84px",
            render: (o) =>
              o.row.urgency === "urgent" ? <StateTag kind={o.kind} field="urgency" state="urgent" /> : null,
          },
          {
            key: "left",
            title: t("left"),
            width: "150px",
            by: (o) => Date.parse(String(o.row.due ?? "")) || Number.MAX_SAFE_INTEGER,
            render: (o) => <Countdown until={o.row.due as string | null} />,
          },
          {
            key: "decided",
            title: t("decided"),
            width: "140px",
            by: (o) => String(o.row.approved_at ?? ""),
            render: (o) => <Time value={o.row.approved_at as string} />,
          },
        ])}
        rows={orders}
        id={(order) => order.id}
        selected={chosen}
        onSelect={select}
        onOpen={(order) => onAnswer([order])}
      />
    </>
  );
}

function Answered() {
  const t = useTexts(T);
  const columns = useOrderColumns();
  const stops = useFirst("stop", { state: ANSWERED.stop, order: "-id" }, 100);
  const freezes = useFirst("freeze", { state: ANSWERED.freeze, order: "-id" }, 100);
  if (stops.isPending || freezes.isPending) return <Loading lines={8} />;
  const of = (kind: Kind, rows: Row[] | undefined) =>
    (rows ?? []).map((row) => ({ kind, row, id: `${kind} ${row.id}` }));
  const rows = [...of("stop", stops.data?.items), ...of("freeze", freezes.data?.items)].sort((a, b) =>
    b.row.updated_at.localeCompare(a.row.updated_at),
  );
  return (
    <DataTable
      label={t("answered")}
      height={500}
      columns={columns([
        {
          key: "state",
          title: "",
          width: "110px",
          render: (o) => <StateTag kind={o.kind} state={o.row.state ?? null} />,
        },
        {
          key: "due",
          title: t("due"),
          width: "140px",
          render: (o) => <Time value={o.row.expires_at as string} />,
        },
      ])}
      rows={rows}
      id={(order) => order.id}
      empty={t("noneAnswered")}
    />
  );
}
