import { useMemo } from "react";
import { useParams } from "react-router";
import type { Query } from "@/api/queries";
import { useWorkflows, type Workflow } from "@/api/workflow";
import { FilterBar, useQueryState } from "@/components/filters";
import { useNameOf } from "@/components/labels";
import { MakeButtons } from "@/components/make";
import { PageHead } from "@/components/PageHead";
import { type Column, QueueTable } from "@/components/QueueTable";
import { Loading, NoPage } from "@/components/states";

const DEFAULTS: Query = { order: "-id" };
const LONG = new Set(["json", "blob"]);

/** The first fields that fit into a line: what it is called, its state, when. */
function columnsOf(workflow: Workflow): Column[] {
  const shown = workflow.fields.filter((field) => field.required && !LONG.has(field.type) && field.name !== "state");
  return [
    { field: "number", width: "120px" },
    ...(workflow.states ? [{ field: "state", width: "110px" }] : []),
    ...shown.slice(0, 6).map((field) => ({ field: field.name })),
    ...(workflow.due ? [{ field: workflow.due, width: "130px" }] : []),
    { field: "created_at", width: "140px" },
  ];
}

export default function RecordsPage() {
  const { collection = "" } = useParams();
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const workflow = workflows?.byCollection.get(collection);
  const [query, change, reset] = useQueryState(DEFAULTS);
  const columns = useMemo(() => (workflow ? columnsOf(workflow) : []), [workflow]);
  if (workflows && !workflow) return <NoPage />;
  if (!workflow) return <Loading lines={10} />;
  return (
    <div className="page-fill">
      <PageHead title={nameOf(workflow)} actions={<MakeButtons kind={workflow.kind} />} />
      <FilterBar
        kind={workflow.kind}
        fields={workflow.fields
          .filter((field) => field.filter)
          .map((field) => field.name)
          .slice(0, 6)}
        query={query}
        onChange={change}
        onReset={reset}
      />
      <QueueTable
        key={collection}
        kind={workflow.kind}
        columns={columns}
        query={query}
        onOrder={(order) => change({ order })}
        bulkActs={workflow.acts.filter((act) => act.from.length > 0 && !act.by_clock).map((act) => act.name)}
      />
    </div>
  );
}
