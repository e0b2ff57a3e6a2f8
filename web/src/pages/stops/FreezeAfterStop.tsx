// What follows a stop in force: the freeze of the same account, with what the stop already says. The account is shown in full for
// it, so the daemon is told what for.
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useNavigate } from "react-router";
import { request } from "@/api/client";
import { makers, type Row, useWorkflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { recordPath } from "@/app/paths";
import { useSession } from "@/app/session";
import type { Draft } from "@/components/inputs";
import { MakeDialog } from "@/components/make";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { next: "止付到期前转为冻结", why: "止付 {number} 已生效，到期前呈请冻结", purpose: "由止付 {number} 呈请冻结" },
  {
    next: "Freeze it before the stop ends",
    why: "Stop {number} is in force; to be frozen before it ends",
    purpose: "to propose the freeze after stop {number}",
  },
);

export function FreezeAfterStop({ row }: { row: Row }) {
  const t = useTexts(T);
  const navigate = useNavigate();
  const { roles } = useSession();
  const freeze = useWorkflow("freeze");
  const stop = useWorkflow("stop");
  const number = recordNumber(stop?.prefix, row.id);
  const known = useMutation<Draft, Error>({
    mutationFn: async () => {
      const full = await request<Row>("GET", `/v1/stops/${row.id}`, { purpose: t("purpose", { number }) });
      return {
        account: full.account,
        institution: full.institution,
        holder: full.holder,
        scope: "amount",
        amount_fen: full.executed_fen ?? full.reachable_fen ?? full.amount_fen,
        case: full.case ?? (full.report ? (await request<Row>("GET", `/v1/reports/${full.report}`)).case : null),
        reason: t("why", { number }),
      };
    },
  });
  const act = freeze && makers(freeze, roles).find((one) => one.name === "propose");
  if (!freeze || !act) return null;
  return (
    <div className="after-lead">
      <Button type="primary" data-next="freeze" loading={known.isPending} onClick={() => known.mutate()}>
        {t("next")}
      </Button>
      <ProblemNote error={known.error} />
      {known.data && (
        <MakeDialog
          kind="freeze"
          act={act}
          initial={known.data}
          onClose={(made) => {
            known.reset();
            const path = made && recordPath(freeze, made.id);
            if (path) navigate(path);
          }}
        />
      )}
    </div>
  );
}
