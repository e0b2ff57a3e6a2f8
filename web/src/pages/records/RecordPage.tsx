import { useParams } from "react-router";
import { useWorkflows } from "@/api/workflow";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, NoPage } from "@/components/states";

export default function RecordPage() {
  const { collection = "", id = "" } = useParams();
  const workflows = useWorkflows();
  const workflow = workflows?.byCollection.get(collection);
  if (workflows && (!workflow || !/^\d+$/.test(id))) return <NoPage />;
  return workflow ? <RecordFrame kind={workflow.kind} id={Number(id)} /> : <Loading lines={10} />;
}
