// One target, and its strike package once two people agreed.
import { useParams } from "react-router";
import { PurposeDownload } from "@/components/download";
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
  const id = Number(useParams().id);
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
            <PurposeDownload path={`/v1/targets/${id}/package?format=pdf`} name={`M-${id}.pdf`} label="PDF" />{" "}
            <PurposeDownload path={`/v1/targets/${id}/package?format=zip`} name={`M-${id}.zip`} label="ZIP" />
          </section>
        )
      }
    />
  );
}
