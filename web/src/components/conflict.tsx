// Somebody else changed the record while a form about it was open. What was typed stays; what they changed is shown beside it,
// and whoever has the form chooses.
import { Button } from "antd";
import { useMemo } from "react";
import { useChildren } from "@/api/queries";
import type { Schemas } from "@/api/schema";
import { actOf, type Field, type Row, useWorkflow, type Workflow } from "@/api/workflow";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Draft } from "./inputs";
import { FieldValue, Time, UserName, useNameOf } from "./labels";
import { useReveal } from "./reveal";

const T = texts(
  {
    title: "您填写期间，该记录已被他人修改。您填写的内容都还在。",
    did: "办理了“{act}”",
    field: "项目",
    before: "原来",
    now: "现在",
    yours: "您填写的",
    nothing: "显示的项目没有变化。",
    mine: "用我填写的，继续",
    theirs: "保留对方的",
    goOn: "知道了，继续办理",
  },
  {
    title: "Somebody else changed this record meanwhile. Everything you typed is still here.",
    did: "did “{act}”",
    field: "What",
    before: "Before",
    now: "Now",
    yours: "Yours",
    nothing: "Nothing that is shown has changed.",
    mine: "Go on with mine",
    theirs: "Keep theirs",
    goOn: "Understood, go on",
  },
);

const BOOKKEEPING = new Set(["id", "version", "created_at", "updated_at", "number"]);

/** Fields that are not what they were. */
export function changedFields(workflow: Workflow | undefined, before: Row, now: Row): Field[] {
  return (workflow?.fields ?? []).filter(
    ({ name }) => !BOOKKEEPING.has(name) && JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null),
  );
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

interface ConflictNoteProps {
  kind: string;
  /** As it was when the form was opened. */
  before: Row;
  now: Row;
  draft: Draft;
  /** With what is typed as it is then. */
  onChoose: (draft: Draft) => void;
}

export function ConflictNote({ kind, before, now, draft, onChoose }: ConflictNoteProps) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  const fields = useMemo(() => changedFields(workflow, before, now), [workflow, before, now]);
  const contested = fields.filter((field) => isGiven(draft[field.name]));
  const value = (field: Field, of: unknown) => <FieldValue kind={kind} field={field} name={field.name} value={of} />;
  return (
    <div className="note note-warning conflict" role="alert" data-conflict={now.version}>
      <p className="strong">{t("title")}</p>
      <Deeds kind={kind} id={now.id} most={now.version - before.version} />
      {fields.length === 0 ? (
        <p>{t("nothing")}</p>
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t("field")}>
          <table className="plain">
            <thead>
              <tr>
                <th>{t("field")}</th>
                <th>{t("before")}</th>
                <th>{t("now")}</th>
                {contested.length > 0 && <th>{t("yours")}</th>}
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field.name}>
                  <td>{nameOf(field)}</td>
                  <td>{value(field, before[field.name])}</td>
                  <td className="strong">{value(field, now[field.name])}</td>
                  {contested.length > 0 && <td>{contested.includes(field) ? value(field, draft[field.name]) : ""}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="conflict-choice">
        <Button type="primary" size="small" data-conflict-choice="mine" onClick={() => onChoose(draft)}>
          {t(contested.length > 0 ? "mine" : "goOn")}
        </Button>
        {contested.length > 0 && (
          <Button
            size="small"
            data-conflict-choice="theirs"
            onClick={() =>
              onChoose(
                Object.fromEntries(
                  Object.entries(draft).filter(([name]) => !contested.some((field) => field.name === name)),
                ),
              )
            }
          >
            {t("theirs")}
          </Button>
        )}
      </div>
    </div>
  );
}

const DEEDS_MAX = 3;

type Entry = Row & Schemas["history_page"]["items"][number];

/** Who did what since: each act is a version and an entry of the history, the newest first. */
function Deeds({ kind, id, most }: { kind: string; id: number; most: number }) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind);
  const { purpose } = useReveal();
  const { data } = useChildren<Entry>(kind, id, "history", purpose);
  const deeds = (data?.items ?? []).slice(0, Math.min(most, DEEDS_MAX));
  if (deeds.length === 0) return null;
  return (
    <ul>
      {deeds.map((entry) => (
        <li key={entry.id}>
          {entry.user ? <UserName id={entry.user} /> : null} <Time value={entry.at} second />{" "}
          {t("did", { act: nameOf(actOf(workflow, entry.act)) || entry.act })}
        </li>
      ))}
    </ul>
  );
}
