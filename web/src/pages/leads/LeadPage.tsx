import { useParams } from "react-router";
import { ChildList } from "@/components/children";
import { FactCard } from "@/components/FactCard";
import { RecordFrame } from "@/components/RecordFrame";
import { NoPage } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { sources: "来源", rule: "线索不过夜：到当日零时未办理的自动上报。" },
  { sources: "Sources", rule: "No lead stays overnight: what is not handled by midnight goes up a level." },
);

const FACTS: readonly string[] = [
  "type",
  "subject",
  "score",
  "address",
  "institution",
  "source_count",
  "district",
  "level",
];
const PRIMARY: readonly string[] = ["accept", "finish"];

export default function LeadPage() {
  const { id = "" } = useParams();
  const t = useTexts(T);
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame
      kind="lead"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.title as string}
      lead={(row) => (
        <FactCard kind="lead" row={row} fields={FACTS}>
          <p className="faint">{t("rule")}</p>
        </FactCard>
      )}
      tabs={(row) => [
        {
          key: "sources",
          label: t("sources"),
          children: <ChildList kind="lead" id={row.id} name="sources" childKind="lead_source" adds={false} />,
        },
      ]}
    />
  );
}
