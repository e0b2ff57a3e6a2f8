// What comes after a report is taken: the money first, then whom the stops wait for, then the victim.
import { AlertOutlined, BranchesOutlined, PlusOutlined, StopOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useRecord } from "@/api/queries";
import { actOf, type Row, useWorkflow } from "@/api/workflow";
import { grouped, keyParts, money } from "@/app/format";
import { useSession } from "@/app/session";
import { ActDialog } from "@/components/acts";
import { RecordLink } from "@/components/labels";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AlongResults } from "./AlongResults";
import { type Along, type PaidTransfer, traceOf } from "./along";

const T = texts(
  {
    taken: "已登记警情",
    next: "接下来",
    trace: "资金穿透：这笔钱到了哪里",
    traceOne: "资金穿透 {fen} → {to}",
    traceWhy: "看层级、余额，从图上继续呈请止付",
    stops: "止付令：{n} 笔待审批",
    stopsWhy: "须由另一人批准；批准后送银行，48 小时内有效",
    noStops: "止付令",
    noStopsWhy: "没有可呈请的止付；可在资金穿透里继续查找",
    warn: "劝阻受害人",
    warnWhy: "受害人可能还在转账：转为预警，立即联系",
    again: "登记下一起",
  },
  {
    taken: "Report taken:",
    next: "What comes next",
    trace: "Follow the money",
    traceOne: "Follow {fen} → {to}",
    traceWhy: "Layers and what is left; more stops from the picture",
    stops: "Stops: {n} wait for a decision",
    stopsWhy: "Somebody else approves them; then they go to the bank and hold for 48 hours",
    noStops: "Stops",
    noStopsWhy: "Nothing could be proposed; follow the money to look on",
    warn: "Warn the victim",
    warnWhy: "The victim may still be paying: make a warning of it and call",
    again: "Take the next one",
  },
);

/** So many payments have a button of their own. */
const TRACES_MAX = 3;

interface TakenProps {
  report: Row;
  paid: readonly PaidTransfer[];
  along: Along | null;
  onAgain: () => void;
}

export function Taken({ report, paid, along, onAgain }: TakenProps) {
  const t = useTexts(T);
  const navigate = useNavigate();
  const { has } = useSession();
  const workflow = useWorkflow("report");
  const [warning, setWarning] = useState(false);
  const now = useRecord("report", report.id).data ?? report;
  const warn = now.acts?.includes("warn") ? actOf(workflow, "warn") : undefined;
  const head = useRef<HTMLHeadingElement>(null);
  // The form was long, and this is short: it begins where one reads first.
  useEffect(() => {
    document.getElementById("main")?.scrollTo(0, 0);
    head.current?.focus({ preventScroll: true });
  }, []);
  const proposed = along?.rows.filter((row) => row.done).length ?? 0;
  const largest = [...(along && along.paid.length > 0 ? along.paid : paid)]
    .sort((a, b) => b.amount_fen - a.amount_fen)
    .slice(0, TRACES_MAX);
  return (
    <>
      <div className="note note-success" role="status" data-taken={report.id}>
        {t("taken")} <RecordLink kind="report" id={report.id} />
      </div>
      <section className="card next-steps" aria-labelledby="next-steps">
        <h2 id="next-steps" ref={head} tabIndex={-1}>
          {t("next")}
        </h2>
        <ul>
          {has(["duty", "analyst", "investigator", "commander"]) &&
            largest.map((one, index) => (
              <Next
                key={`${one.to} ${one.transfer ?? one.time ?? index}`}
                name="trace"
                main={index === 0}
                icon={<BranchesOutlined aria-hidden="true" />}
                label={
                  largest.length === 1
                    ? t("trace")
                    : t("traceOne", { fen: money(one.amount_fen), to: grouped(keyParts(one.to).value).slice(-9) })
                }
                why={t("traceWhy")}
                run={() => navigate(`/trace?${traceOf(one, report.id)}`)}
              />
            ))}
          <Next
            name="stops"
            icon={<StopOutlined aria-hidden="true" />}
            label={proposed > 0 ? t("stops", { n: proposed }) : t("noStops")}
            why={t(proposed > 0 ? "stopsWhy" : "noStopsWhy")}
            run={() => navigate(`/reports/${report.id}`)}
          />
          {warn && (
            <Next
              name="warn"
              icon={<AlertOutlined aria-hidden="true" />}
              label={t("warn")}
              why={t("warnWhy")}
              run={() => setWarning(true)}
            />
          )}
          <Next name="again" icon={<PlusOutlined aria-hidden="true" />} label={t("again")} run={onAgain} />
        </ul>
      </section>
      {along && <AlongResults along={along} />}
      {warning && warn && (
        <ActDialog
          kind="report"
          act={warn}
          row={now}
          onClose={(done) => {
            setWarning(false);
            if (done?.warning) navigate(`/warnings/${done.warning as number}`);
          }}
        />
      )}
    </>
  );
}

interface NextProps {
  name: string;
  icon: ReactNode;
  label: string;
  why?: string;
  main?: boolean;
  run: () => void;
}

function Next({ name, icon, label, why, main, run }: NextProps) {
  return (
    <li>
      <Button type={main ? "primary" : "default"} size="large" icon={icon} onClick={run} data-next={name}>
        {label}
      </Button>
      {why && <span className="faint">{why}</span>}
    </li>
  );
}
