// Records that belong to another one, in a small table: attempts, transfers, tasks, shares.

import { MoreOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useRef, useState } from "react";
import { newKey, request } from "@/api/client";
import { Problem } from "@/api/problem";
import { useChildren } from "@/api/queries";
import { type Act, actOf, isTelling, makers, type Row, useWorkflow, type Workflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ActDialog } from "./acts";
import { type Draft, Fields, useBodyOf } from "./inputs";
import { FieldValue, StateTag, useActLabel, useNameOf } from "./labels";
import { PlainTable } from "./PlainTable";
import { useReveal } from "./reveal";
import { useSending } from "./sending";
import { Empty, Failed, Loading, ProblemNote } from "./states";
import { useIsWide } from "./wide";

const T = texts({ acts: "操作", state: "状态", more: "更多操作" }, { acts: "Acts", state: "State", more: "More" });

interface ChildListProps {
  kind: string;
  id: number;
  name: string;
  childKind: string;
  /** Fields as columns; not given: the first that any row has, as many as there is room for. */
  fields?: readonly string[];
  /** Whoever may make one finds a form above the list. */
  adds?: boolean;
}

export function ChildList({ kind, id, name, childKind, fields, adds = true }: ChildListProps) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const child = useWorkflow(childKind);
  const { roles } = useSession();
  const { purpose } = useReveal();
  const isWide = useIsWide();
  const [act, setAct] = useState<{ act: Act; row: Row } | null>(null);
  const client = useQueryClient();
  const { data, error, refetch } = useChildren(kind, id, name, purpose);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data || !child) return <Loading lines={4} />;
  const parentField = child.fields.find((field) => field.type === "reference" && field.target === kind)?.name;
  const shown = child.fields
    .filter((field) =>
      fields
        ? fields.includes(field.name)
        : field.name !== parentField && field.name !== "state" && field.type !== "blob" && isTelling(childKind, field),
    )
    .filter((field) => data.items.some((row) => row[field.name] !== null && row[field.name] !== undefined))
    .slice(0, isWide ? 8 : 6);
  const maker = adds ? makers(child, roles)[0] : undefined;
  const hasActs = data.items.some((row) => (row.acts?.length ?? 0) > 0);
  return (
    <div className="child-list">
      {maker && (
        <AddChild kind={kind} id={id} name={name} childKind={childKind} act={maker} parentField={parentField ?? ""} />
      )}
      {data.items.length === 0 ? (
        <Empty />
      ) : (
        <PlainTable
          label={nameOf(child)}
          rows={data.items}
          id={(row) => row.id}
          columns={[
            ...(child.states
              ? [
                  {
                    key: "",
                    title: t("state"),
                    cell: (row: Row) => <StateTag kind={childKind} state={row.state ?? null} />,
                  },
                ]
              : []),
            ...shown.map((field) => ({
              key: field.name,
              title: nameOf(field),
              right: ["money", "integer", "duration"].includes(field.type),
              cell: (row: Row) => (
                <FieldValue kind={childKind} field={field} name={field.name} value={row[field.name]} />
              ),
            })),
            ...(hasActs
              ? [
                  {
                    key: " ",
                    title: t("acts"),
                    cell: (row: Row) => (
                      <span className="row-acts">
                        <RowActs child={child} row={row} onChoose={(one) => setAct({ act: one, row })} />
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {act && (
        <ActDialog
          kind={childKind}
          act={act.act}
          row={act.row}
          onClose={(done) => {
            setAct(null);
            if (done) void client.invalidateQueries({ queryKey: ["child", kind, id] });
          }}
        />
      )}
    </div>
  );
}

/** The first act as a button; from three on the others are in a menu, so that the row keeps its width. */
function RowActs({ child, row, onChoose }: { child: Workflow; row: Row; onChoose: (act: Act) => void }) {
  const t = useTexts(T);
  const labelOf = useActLabel();
  const acts = child.collection ? (row.acts ?? []).flatMap((name) => actOf(child, name) ?? []) : [];
  const shown = acts.length > 2 ? acts.slice(0, 1) : acts;
  const rest = acts.slice(shown.length);
  return (
    <>
      {shown.map((one) => (
        <Button key={one.name} size="small" type="link" data-row-act={one.name} onClick={() => onChoose(one)}>
          {labelOf(one)}
        </Button>
      ))}
      {rest.length > 0 && (
        <Dropdown
          autoFocus
          trigger={["click"]}
          menu={{
            items: rest.map((one) => ({ key: one.name, label: labelOf(one) })),
            onClick: ({ key, domEvent }) => {
              domEvent.preventDefault(); // else Enter goes on to the dialog that it opens, and closes it
              const one = actOf(child, key);
              if (one) onChoose(one);
            },
          }}
        >
          <Button className="row-more" size="small" type="text" icon={<MoreOutlined />} aria-label={t("more")} />
        </Dropdown>
      )}
    </>
  );
}

interface AddChildProps {
  kind: string;
  id: number;
  name: string;
  childKind: string;
  act: Act;
  parentField: string;
}

function AddChild({ kind, id, name, childKind, act, parentField }: AddChildProps) {
  const nameOf = useNameOf();
  const bodyOf = useBodyOf();
  const client = useQueryClient();
  const workflow = useWorkflow(kind);
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<Draft>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const once = useRef(newKey());
  const sending = useSending();
  const inputs = act.inputs.filter((field) => field.name !== parentField);
  const submit = async () => {
    const parsed = bodyOf(inputs, draft);
    setErrors(parsed.errors);
    if (Object.keys(parsed.errors).length > 0 || !sending.begin()) return;
    try {
      await request("POST", `/v1/${workflow?.collection}/${id}/${name}`, { body: parsed.body, once: once.current });
      once.current = newKey();
      setDraft({});
      setError(null);
      setOpen(false);
      void client.invalidateQueries({ queryKey: ["child", kind, id] });
      void client.invalidateQueries({ queryKey: ["record", kind, id] });
    } catch (problem) {
      if (!(problem instanceof Problem && problem.isOffline)) once.current = newKey();
      setError(problem);
    }
    sending.again();
  };
  if (!open) {
    return (
      <Button size="small" className="add-child" data-add={name} onClick={() => setOpen(true)}>
        + {nameOf(act)}
      </Button>
    );
  }
  return (
    <form
      className="add-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Fields kind={childKind} fields={inputs} draft={draft} errors={errors} onChange={setDraft} />
      <ProblemNote error={error} kind={childKind} />
      <Button type="primary" htmlType="submit" data-add-submit={name}>
        {nameOf(act)}
      </Button>
    </form>
  );
}
