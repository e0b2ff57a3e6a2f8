import { useParams } from "react-router";
import { useWorkflow, useWorkflows } from "@/api/workflow";
import { ChildList } from "@/components/children";
import { useNameOf } from "@/components/labels";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, NoPage } from "@/components/states";

export default function RecordPage() {
  const { collection = "", id = "" } = useParams();
  const workflows = useWorkflows();
  const workflow = workflows?.byCollection.get(collection);
  if (workflows && (!workflow || !/^\d+$/.test(id))) return <NoPage />;
  if (!workflow) return <Loading lines={10} />;
  return <AnyRecord kind={workflow.kind} id={Number(id)} />;
}

function AnyRecord({ kind, id }: { kind: string; id: number }) {
  const workflows = useWorkflows();
  const workflow = useWorkflow(kind);
  const nameOf = useNameOf();
  return (
    <RecordFrame
      kind={kind}
      id={id}
      tabs={() =>
        (workflow?.children ?? [])
          .filter((child) => child.name !== "comments")
          .map((child) => ({
            key: child.name,
            label: nameOf(workflows?.byKind.get(child.kind)) || child.name,
            children: <ChildList kind={kind} id={id} name={child.name} childKind={child.kind} />,
          }))
      }
    />
  );
}
