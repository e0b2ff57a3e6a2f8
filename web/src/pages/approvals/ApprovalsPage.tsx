// Everything that waits for a second person, in one place: each kind of decision with what has to be known for it.
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { countIn, useFirst, useWork } from "@/api/queries";
import { type Act, actOf, fourEyesBlocks, type Row, useWorkflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { ActDialog } from "@/components/acts";
import { FieldValue, RecordLink, StateTag, Time, UserName, useActLabel, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { RevealButton, RevealNote, RevealProvider, useReveal } from "@/components/reveal";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type Approval, anchorOf } from "./approvals";
import { useApprovals } from "./useApprovals";

const T = texts(
  {
    title: "审批",
    none: "没有待审批事项",
    noneHint: "止付、冻结、解除、立案、办结、返还的呈请会集中到这里。",
    yours: "由您提出，须他人审批",
    number: "编号",
    state: "状态",
    by: "呈请人",
    since: "提出时间",
    decide: "决定",
    first: "显示前 {n} 条",
    pending: "待办事项",
  },
  {
    title: "Approvals",
    none: "Nothing waits for a decision",
    noneHint: "Stops, freezes, releases, filings, closings and returns that were asked for come here.",
    yours: "You asked for it: somebody else decides",
    number: "No.",
    state: "State",
    by: "Asked by",
    since: "Asked for",
    decide: "Decide",
    first: "The first {n}",
    pending: "what waits",
  },
);

const SHOWN = 50;

export default function ApprovalsPage() {
  const t = useTexts(T);
  const work = useWork();
  const mine = useApprovals();
  if (work.error) return <Failed error={work.error} retry={() => void work.refetch()} />;
  if (!work.data) return <Loading lines={8} />;
  const waiting = mine.filter((one) => countIn(work.data, one.kind, one.states) > 0);
  return (
    <RevealProvider>
      <PageHead title={t("title")} actions={waiting.length > 0 && <RevealButton deciding={t("pending")} />} />
      <RevealNote />
      {waiting.length === 0 && <Empty title={t("none")} hint={t("noneHint")} />}
      {waiting.map((one) => (
        <Decisions key={`${one.kind}-${one.approve}`} approval={one} />
      ))}
    </RevealProvider>
  );
}

/** The part that the home page led to, once its rows are there. */
function useAnchor(anchor: string, isThere: boolean) {
  const { hash } = useLocation();
  useEffect(() => {
    if (isThere && hash === `#${anchor}`) document.getElementById(anchor)?.scrollIntoView({ block: "start" });
  }, [hash, anchor, isThere]);
}

function Decisions({ approval }: { approval: Approval }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const labelOf = useActLabel();
  const client = useQueryClient();
  const { me } = useSession();
  const { purpose } = useReveal();
  const workflow = useWorkflow(approval.kind);
  const found = useFirst(approval.kind, { state: approval.states.join("|"), order: "id" }, SHOWN, true, purpose);
  const [chosen, setChosen] = useState<{ act: Act; row: Row } | null>(null);
  const act = actOf(workflow, approval.approve);
  useAnchor(anchorOf(approval), found.data !== undefined);
  if (!workflow || !act) return null;
  const rows = found.data?.items ?? [];
  const telling = approval.telling.flatMap((name) => workflow.fields.find((field) => field.name === name) ?? []);
  const title = `${nameOf(workflow)} · ${labelOf(act)}`;
  return (
    <section
      className="card"
      id={anchorOf(approval)}
      aria-label={title}
      data-approvals={`${approval.kind}.${approval.approve}`}
    >
      <h2>
        {title} <span className="faint num">{rows.length}</span>
      </h2>
      {found.data?.next && <p className="faint">{t("first", { n: SHOWN })}</p>}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={title}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t("number")}</th>
              {approval.states.length > 1 && <th>{t("state")}</th>}
              {approval.askedBy && <th>{t("by")}</th>}
              {telling.map((field) => (
                <th key={field.name} className={field.type === "money" ? "right" : undefined}>
                  {nameOf(field)}
                </th>
              ))}
              <th>{t("since")}</th>
              <th>{t("decide")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <RecordLink kind={approval.kind} id={row.id} />
                </td>
                {approval.states.length > 1 && (
                  <td>
                    <StateTag kind={approval.kind} state={row.state ?? null} />
                  </td>
                )}
                {approval.askedBy && (
                  <td>
                    <UserName id={row[approval.askedBy] as number | null} />
                  </td>
                )}
                {telling.map((field) => (
                  <td key={field.name} className={field.type === "money" ? "right" : undefined}>
                    <FieldValue kind={approval.kind} field={field} name={field.name} value={row[field.name]} />
                  </td>
                ))}
                <td>
                  <Time value={row.updated_at} />
                </td>
                <td className="row-acts">
                  {fourEyesBlocks(act, row, me.user) && <span className="faint">{t("yours")}</span>}
                  {[approval.approve, ...approval.refuse].map((name) => {
                    const one = actOf(workflow, name);
                    return one && row.acts?.includes(name) && !fourEyesBlocks(one, row, me.user) ? (
                      <Button
                        key={name}
                        size="small"
                        type="link"
                        danger={name !== approval.approve}
                        data-decide={`${name}-${row.id}`}
                        title={nameOf(one)}
                        onClick={() => setChosen({ act: one, row })}
                      >
                        {labelOf(one)}
                      </Button>
                    ) : null;
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen && (
        <ActDialog
          kind={approval.kind}
          act={chosen.act}
          row={chosen.row}
          onClose={(done) => {
            setChosen(null);
            if (done) void client.invalidateQueries({ queryKey: ["work"] });
          }}
        />
      )}
    </section>
  );
}
