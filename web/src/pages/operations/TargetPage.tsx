// One target, and its strike package once two people agreed.
import { useParams } from "react-router";
import { useWorkflow, useWorkflows } from "@/api/workflow";
import { ChildList } from "@/components/children";
import { PurposeDownload } from "@/components/download";
import { useNameOf } from "@/components/labels";
import { RecordFrame } from "@/components/RecordFrame";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { pack: "打击包", hint: "含对象、地点、时间、需固定的证据及哈希；下载须说明用途，并记入审计。" },
  {
    pack: "Strike package",
    hint: "Who, where, when, what to secure, evidence with hashes. A purpose is asked for and goes into the audit.",
  },
);

const READY = new Set(["approved", "assigned", "struck", "missed"]);

export default function TargetPage() {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const id = Number(useParams().id);
  const workflow = useWorkflow("target");
  const workflows = useWorkflows();
  return (
    <RecordFrame
      kind="target"
      id={id}
      title={(row) => String(row.name ?? "")}
      lead={(row) =>
        READY.has(String(row.state)) && (
          <section className="card" aria-label={t("pack")}>
            <h2>{t("pack")}</h2>
            <p className="faint">{t("hint")}</p>
            <PurposeDownload path={`/v1/targets/${id}/package?format=pdf`} name={`M-${id}.pdf`} label="PDF" />
            <PurposeDownload path={`/v1/targets/${id}/package?format=zip`} name={`M-${id}.zip`} label="ZIP" />
          </section>
        )
      }
      tabs={() =>
        (workflow?.children ?? [])
          .filter((child) => child.name !== "comments")
          .map((child) => ({
            key: child.name,
            label: nameOf(workflows?.byKind.get(child.kind)) || child.name,
            children: <ChildList kind="target" id={id} name={child.name} childKind={child.kind} />,
          }))
      }
    />
  );
}
