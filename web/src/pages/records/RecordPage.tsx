import { useParams } from "react-router";
import { type Row, useWorkflows } from "@/api/workflow";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, NoPage } from "@/components/states";
import { useLanguage } from "@/i18n/language";

/** What people call a record: the first of these that it has. */
const NAMES = {
  zh: ["title", "name_zh", "name", "zh", "login"],
  en: ["title", "name_en", "name", "en", "login"],
} as const;

export default function RecordPage() {
  const { collection = "", id = "" } = useParams();
  const { language } = useLanguage();
  const workflows = useWorkflows();
  const workflow = workflows?.byCollection.get(collection);
  if (workflows && (!workflow || !/^\d+$/.test(id))) return <NoPage />;
  const nameOf = (row: Row) => {
    const names = NAMES[language].map((field) => row[field]);
    return names.find((name): name is string => typeof name === "string" && name !== "");
  };
  return workflow ? <RecordFrame kind={workflow.kind} id={Number(id)} title={nameOf} /> : <Loading lines={10} />;
}
