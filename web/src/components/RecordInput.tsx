// A record that another one refers to: chosen from the newest of its kind, or by its number as it is printed everywhere.
import { AutoComplete } from "antd";
import { useState } from "react";
import { useFirst } from "@/api/queries";
import { type Row, useWorkflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { useSession } from "@/app/session";
import { numberOf } from "./recordInput";

interface RecordInputProps {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  kind: string;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

const NAMES = ["title", "name", "victim_name", "file_name", "subject"];

const nameOf = (row: Row) => String(NAMES.map((name) => row[name]).find((name) => name) ?? "");

export function RecordInput({ id, describedBy, invalid, kind, value, onChange }: RecordInputProps) {
  const workflow = useWorkflow(kind);
  const { has } = useSession();
  const [open, setOpen] = useState(false);
  const print = (n: number) => recordNumber(workflow?.prefix, n);
  const [typed, setTyped] = useState(value === undefined ? "" : print(value));
  const listed = workflow?.collection !== null && workflow?.collection !== undefined && !has(["partner"]);
  const { data } = useFirst(kind, {}, 50, open && listed);
  const wanted = typed.trim().toLowerCase();
  const options = (data?.items ?? [])
    .map((row) => ({ value: print(row.id), label: `${print(row.id)} ${nameOf(row)}`.trim() }))
    .filter(({ label }) => numberOf(wanted) !== undefined || label.toLowerCase().includes(wanted));
  return (
    <AutoComplete
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      className="full"
      placeholder={workflow?.prefix ? `${workflow.prefix}-` : undefined}
      options={options}
      value={typed}
      onOpenChange={setOpen}
      onChange={(text: string) => {
        setTyped(text);
        onChange(numberOf(text));
      }}
    />
  );
}
