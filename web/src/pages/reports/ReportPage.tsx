import { AimOutlined, BranchesOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useNavigate, useParams } from "react-router";
import { call } from "@/api/client";
import { useChildren, useFirst } from "@/api/queries";
import { type Row, useWorkflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { useSession } from "@/app/session";
import { ChildList } from "@/components/children";
import { FactCard } from "@/components/FactCard";
import { Countdown, Layer, Money } from "@/components/labels";
import { OrderTable } from "@/components/PlainTable";
import { RecordFrame } from "@/components/RecordFrame";
import { useReveal } from "@/components/reveal";
import { Empty, Loading, NoPage, ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AlongResults } from "./AlongResults";
import { type PaidTransfer, stopAlong, traceOf } from "./along";
import "./reports.css";

const T = texts(
  {
    transfers: "转账明细",
    stops: "止付令",
    along: "沿资金链止付",
    trace: "资金穿透",
    following: "追踪{number}号警情被骗资金去向",
    reason: "沿资金链止付",
    none: "没有止付令",
    noneHint: "登记转账后会提请一级卡止付；也可沿资金链继续止付。",
    number: "编号",
    state: "状态",
    account: "账户",
    layer: "层级",
    amount: "可止付",
    left: "期限",
  },
  {
    transfers: "Transfers",
    stops: "Stop orders",
    along: "Stop along the trace",
    trace: "Follow the money",
    following: "follow the money of report {number}",
    reason: "stop along the trace",
    none: "No stop orders",
    noneHint: "The first layer is proposed with the transfers; follow the money to stop more.",
    number: "No.",
    state: "State",
    account: "Account",
    layer: "Layer",
    amount: "Reachable",
    left: "Time",
  },
);

const FACTS: readonly string[] = [
  "loss_fen",
  "transfer_count",
  "fraud_type",
  "victim_phone",
  "called_at",
  "channel",
  "case",
  "warning",
];
const PRIMARY: readonly string[] = ["to_case"];

export default function ReportPage() {
  const { id = "" } = useParams();
  const t = useTexts(T);
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame
      kind="report"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.victim_name as string | null}
      lead={(row) => <FactCard kind="report" row={row} fields={FACTS} />}
      tabs={(row) => [
        { key: "stops", label: t("stops"), children: <Stops report={row.id} /> },
        {
          key: "transfers",
          label: t("transfers"),
          children: <ChildList kind="report" id={row.id} name="transfers" childKind="report_transfer" adds={false} />,
        },
      ]}
    />
  );
}

type Transfer = Row & PaidTransfer;

function Stops({ report }: { report: number }) {
  const t = useTexts(T);
  const client = useQueryClient();
  const { has } = useSession();
  const navigate = useNavigate();
  const { state } = useReveal();
  const workflow = useWorkflow("report");
  const stops = useFirst("stop", { report, order: "layer" }, 200);
  const transfers = useChildren<Transfer>("report", report, "transfers");
  // Accounts are masked here; to follow money they are needed in full, and that is the purpose that is written down.
  const paidInFull = async (): Promise<PaidTransfer[]> => {
    const purpose = t("following", { number: recordNumber(workflow?.prefix, report) });
    const page = await call("GET /v1/reports/{id}/transfers", { path: { id: report }, query: { limit: 200 }, purpose });
    state(purpose);
    return page.items as unknown as Transfer[];
  };
  const along = useMutation({
    mutationFn: async () => stopAlong(await paidInFull(), report, t("reason")),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["list", "stop"] }),
  });
  const follow = useMutation({
    mutationFn: async () => {
      const [largest] = (await paidInFull()).sort((a, b) => b.amount_fen - a.amount_fen);
      if (largest) navigate(`/trace?${traceOf(largest, report)}`);
    },
  });
  const isPaid = (transfers.data?.items.length ?? 0) > 0;
  if (!stops.data) return <Loading lines={5} />;
  return (
    <>
      {has(["duty", "analyst", "investigator", "commander"]) && isPaid && (
        <div className="report-money">
          <Button
            size="small"
            type="primary"
            icon={<BranchesOutlined aria-hidden="true" />}
            loading={follow.isPending}
            data-follow
            onClick={() => follow.mutate()}
          >
            {t("trace")}
          </Button>
          <Button
            size="small"
            icon={<AimOutlined aria-hidden="true" />}
            loading={along.isPending}
            data-along-trace
            onClick={() => along.mutate()}
          >
            {t("along")}
          </Button>
        </div>
      )}
      <ProblemNote error={along.error ?? follow.error} />
      {along.data && <AlongResults along={along.data} />}
      {stops.data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <OrderTable
          label={t("stops")}
          orders={stops.data.items.map((row) => ({ kind: "stop", row }))}
          columns={[
            {
              key: "layer",
              title: t("layer"),
              cell: ({ row }) => (row.layer ? <Layer n={row.layer as number} /> : "—"),
            },
            {
              key: "amount",
              title: t("amount"),
              right: true,
              cell: ({ row }) => <Money fen={row.reachable_fen as number | null} />,
            },
            {
              key: "left",
              title: t("left"),
              right: true,
              cell: ({ row }) => <Countdown until={(row.expires_at ?? row.due) as string | null} />,
            },
          ]}
        />
      )}
    </>
  );
}
