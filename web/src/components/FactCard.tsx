// What matters most of a record, above its tabs: a few of its fields, those that have a value.
import type { ReactNode } from "react";
import { fieldOf, type Row, useWorkflow } from "@/api/workflow";
import { useNameOf, Value } from "./labels";

interface FactCardProps {
  kind: string;
  row: Row;
  fields: readonly string[];
  /** What follows from them: a note, links. */
  children?: ReactNode;
}

export function FactCard({ kind, row, fields, children }: FactCardProps) {
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  const shown = fields.filter((name) => row[name] !== null && row[name] !== undefined && row[name] !== "");
  return (
    <section className="card fact-card" aria-label={nameOf(workflow)}>
      <dl>
        {shown.map((name) => (
          <div key={name}>
            <dt>{nameOf(fieldOf(workflow, name))}</dt>
            <dd>
              <Value kind={kind} field={name} value={row[name]} />
            </dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
}
