// What may be done with a record now, as buttons: the API says which acts (record.acts), the workflow tables what they need.
// An act without inputs asks for a yes; one that somebody else has to do is shown, and says so.

import { MoreOutlined, TeamOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Modal, Tooltip } from "antd";
import { useMemo, useRef, useState } from "react";
import { newKey } from "@/api/client";
import { useAct, useRecord } from "@/api/queries";
import { type Act, actOf, fourEyesBlocks, type Row, useWorkflow, type Workflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { type Key, useKeys } from "@/app/keys";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ConflictNote } from "./conflict";
import { focusDialog } from "./dialogFocus";
import { useEditing } from "./editing";
import { type Draft, Fields, useBodyOf } from "./inputs";
import { Code, useActLabel, useHintOf, useLaw, useNameOf } from "./labels";
import { useReveal } from "./reveal";
import { useSending } from "./sending";
import { ProblemNote, useFaults } from "./states";

const T = texts(
  {
    cancel: "取消",
    semicolon: "；",
    law: "依据",
    fourEyes: "双人复核：须由另一人办理",
    fourEyesYou: "本环节须由他人复核，不能由您办理",
    becomes: "办理后状态",
    more: "更多操作",
    done: "{act}：已办理 {number}",
    doing: "正在办理",
    acts: "可办操作",
    gone: "该记录刚被他人办理，本操作已不能进行；已填写的内容可复制后再关闭。",
  },
  {
    cancel: "Cancel",
    semicolon: "; ",
    law: "Rule",
    fourEyes: "Four eyes: another person has to do this",
    fourEyesYou: "Somebody else has to do this step, not you",
    becomes: "State after it",
    more: "More",
    done: "{act}: done, {number}",
    doing: "Working",
    acts: "What you can do",
    gone: "Somebody else has just acted on this record: this cannot be done any more. Copy what you typed before you close this.",
  },
);

/** Acts that take something away are red; what comes first in the table of acts is the main one. */
const DANGEROUS = /refuse|revoke|disable|close$|cancel|remove|withdraw|reject|mismatch|fail|unlink/;
const SHOWN = 4;

interface ActDialogProps {
  kind: string;
  act: Act;
  row: Row;
  initial?: Draft;
  onClose: (done: Row | null) => void;
}

/** What an act does, where its button says less than the whole; null: it does not. */
function useSentenceOf(): (act: Act) => string | null {
  const t = useTexts(T);
  const labelOf = useActLabel();
  const nameOf = useNameOf();
  const hintOf = useHintOf();
  return (act) => {
    const hint = hintOf(act);
    if (nameOf(act) === labelOf(act)) return hint || null;
    return hint ? `${nameOf(act)}${t("semicolon")}${hint}` : nameOf(act);
  };
}

/** A list of losses is corrected, not typed anew. */
function keptOf(act: Act, row: Row): Draft {
  const has = act.inputs.some((field) => field.name === "losses");
  return has ? { losses: Array.isArray(row.losses) ? row.losses : [] } : {};
}

/** Asks for an act's inputs and does it. What was typed stays when it is refused. */
export function ActDialog({ kind, act, row, initial, onClose }: ActDialogProps) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const labelOf = useActLabel();
  const sentenceOf = useSentenceOf();
  const bodyOf = useBodyOf();
  const faultsOf = useFaults();
  const workflow = useWorkflow(kind);
  const { message } = App.useApp();
  const [draft, setDraft] = useState<Draft>(initial ?? keptOf(act, row));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const once = useRef(newKey());
  const sending = useSending();
  const mutation = useAct(kind);
  const name = labelOf(act);
  const sentence = sentenceOf(act);
  useEditing(kind, row.id, act.inputs.length > 0);
  // The record may change under the open dialog. What is sent is about the version that was seen: a newer one has to be looked
  // at first.
  const { purpose } = useReveal();
  const [seen, setSeen] = useState(row);
  const read = useRecord(kind, mutation.error?.isStale ? row.id : 0, purpose).data;
  const now = read && read.version > row.version ? read : row;
  const settled = !mutation.isPending && !mutation.isSuccess;
  const gone = settled && now.acts !== undefined && !now.acts.includes(act.name);
  const moved = settled && !gone && act.needs_version && now.version !== seen.version;
  const submit = () => {
    const parsed = bodyOf(act.inputs, draft);
    setErrors(parsed.errors);
    if (moved || gone || Object.keys(parsed.errors).length > 0 || !sending.begin()) return;
    mutation.mutate(
      { act, row: seen, body: parsed.body, once: once.current },
      {
        onSuccess: (done) => {
          message.success(t("done", { act: name, number: recordNumber(workflow?.prefix, row.id) }));
          onClose(done);
        },
        onError: (problem) => {
          if (!problem.isOffline) once.current = newKey(); // a refused request is over, one without an answer is not
          sending.again();
          setErrors(faultsOf(problem));
        },
      },
    );
  };
  return (
    <Modal
      open
      title={name}
      onCancel={() => onClose(null)}
      onOk={submit}
      okText={name}
      cancelText={t("cancel")}
      okButtonProps={{ loading: mutation.isPending, disabled: gone || moved, danger: DANGEROUS.test(act.name) }}
      width={"losses" in draft ? 1080 : act.inputs.length > 4 ? 720 : 520}
      destroyOnHidden
      afterOpenChange={focusDialog}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {sentence && <p className="soft">{sentence}</p>}
        <dl className="act-facts">
          {act.to && act.to !== row.state && (
            <>
              <dt>{t("becomes")}</dt>
              <dd>
                <Code kind={kind} field="state" code={act.to} />
              </dd>
            </>
          )}
          {act.law && (
            <>
              <dt>{t("law")}</dt>
              <dd>{lawOf(act.law)}</dd>
            </>
          )}
        </dl>
        <Fields kind={kind} fields={act.inputs} draft={draft} errors={errors} onChange={setDraft} row={now} />
        {!moved && <ProblemNote error={mutation.error} kind={kind} />}
        {moved && (
          <ConflictNote
            kind={kind}
            before={seen}
            now={now}
            draft={draft}
            onChoose={(chosen) => {
              setDraft(chosen);
              setSeen(now);
              mutation.reset();
            }}
          />
        )}
        {gone && (
          <p className="note note-warning" role="status">
            {t("gone")}
          </p>
        )}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  );
}

function actsOf(workflow: Workflow | undefined, row: Row, except: readonly string[]): Act[] {
  return (row.acts ?? []).flatMap((name) => {
    const act = except.includes(name) ? undefined : actOf(workflow, name);
    return act ? [act] : [];
  });
}

interface ActBarProps {
  kind: string;
  row: Row;
  /** Acts that the page itself offers in its own way. */
  except?: readonly string[];
  /** The first of these that can be done now comes first, as the main button. */
  primary?: readonly string[];
  onDone?: (row: Row, act: Act) => void;
  /** 1, 2, … do them: where the page is about this record. */
  keyed?: boolean;
}

const NONE: readonly string[] = [];

export function ActBar({ kind, row, except = NONE, primary = NONE, onDone, keyed }: ActBarProps) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const labelOf = useActLabel();
  const sentenceOf = useSentenceOf();
  const { me } = useSession();
  const workflow = useWorkflow(kind);
  const [chosen, setChosen] = useState<Act | null>(null);
  const main = primary.find((name) => row.acts?.includes(name));
  const acts = useMemo(() => {
    const all = actsOf(workflow, row, except);
    const rank = (act: Act) => (act.name === main ? 0 : act.name === "edit" ? 2 : 1);
    return [...all].sort((a, b) => rank(a) - rank(b));
  }, [workflow, row, except, main]);
  const allowed = useMemo(() => acts.filter((act) => !fourEyesBlocks(act, row, me.user)), [acts, row, me.user]);
  useKeys(
    useMemo<Key[]>(
      () =>
        keyed
          ? allowed.slice(0, 9).map((act, index) => ({
              key: String(index + 1),
              does: [act.zh, act.en],
              run: () => setChosen(act),
            }))
          : [],
      [keyed, allowed],
    ),
  );
  const blocked = acts.filter((act) => fourEyesBlocks(act, row, me.user));
  const shown = allowed.slice(0, SHOWN);
  const rest = allowed.slice(SHOWN);
  return (
    <fieldset className="act-bar">
      <legend className="sr-only">{t("acts")}</legend>
      {shown.map((act) => (
        <Tooltip key={act.name} title={[sentenceOf(act), act.law && lawOf(act.law)].filter(Boolean).join(" · ")}>
          <Button
            type={act.name === main && !DANGEROUS.test(act.name) ? "primary" : "default"}
            danger={DANGEROUS.test(act.name)}
            data-act={act.name}
            icon={act.four_eyes ? <TeamOutlined aria-label={t("fourEyes")} /> : undefined}
            onClick={() => setChosen(act)}
          >
            {labelOf(act)}
          </Button>
        </Tooltip>
      ))}
      {rest.length > 0 && (
        <Dropdown
          autoFocus
          trigger={["click"]}
          menu={{
            items: rest.map((act) => ({ key: act.name, label: labelOf(act), danger: DANGEROUS.test(act.name) })),
            onClick: ({ key, domEvent }) => {
              domEvent.preventDefault(); // else Enter goes on to the dialog that it opens, and closes it
              setChosen(actOf(workflow, key) ?? null);
            },
          }}
        >
          <Button icon={<MoreOutlined />} aria-label={t("more")} />
        </Dropdown>
      )}
      {blocked.map((act) => (
        <Tooltip key={act.name} title={t("fourEyesYou")}>
          <span className="act-blocked" data-blocked-act={act.name}>
            <TeamOutlined aria-hidden="true" /> {labelOf(act)}
            <span className="sr-only">{t("fourEyesYou")}</span>
          </span>
        </Tooltip>
      ))}
      {chosen && (
        <ActDialog
          key={chosen.name}
          kind={kind}
          act={chosen}
          row={row}
          onClose={(done) => {
            setChosen(null);
            if (done) onDone?.(done, chosen);
          }}
        />
      )}
    </fieldset>
  );
}
