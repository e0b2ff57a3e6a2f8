// New records, by the acts that make one: a button for each, a form made from its inputs.
import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { newKey } from "@/api/client";
import { Problem } from "@/api/problem";
import { invalidate, make } from "@/api/queries";
import { type Act, makers, type Row, useWorkflow } from "@/api/workflow";
import { recordPath } from "@/app/paths";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { focusDialog } from "./dialogFocus";
import { type Draft, Fields, useBodyOf } from "./inputs";
import { useHintOf, useLaw, useNameOf } from "./labels";
import { useSending } from "./sending";
import { ProblemNote, useFaults } from "./states";

const T = texts({ cancel: "取消", law: "依据：{law}" }, { cancel: "Cancel", law: "Rule: {law}" });

/** Above the inputs: what fills several of them in at once. */
type Shortcuts = (change: (to: Draft) => void) => ReactNode;

interface MakeDialogProps {
  kind: string;
  act: Act;
  initial?: Draft;
  shortcuts?: Shortcuts | undefined;
  onClose: (made: Row | null) => void;
}

export function MakeDialog({ kind, act, initial, shortcuts, onClose }: MakeDialogProps) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const nameOf = useNameOf();
  const hintOf = useHintOf();
  const bodyOf = useBodyOf();
  const faultsOf = useFaults();
  const client = useQueryClient();
  const workflow = useWorkflow(kind);
  const [draft, setDraft] = useState<Draft>(initial ?? {});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const once = useRef(newKey());
  const sending = useSending();
  const creation = useMutation<Row, Error, Record<string, unknown>>({
    mutationFn: (body) => {
      const first = workflow?.acts.find((one) => one.from.length === 0 && !one.by_clock);
      return make(workflow?.collection ?? "", act, first?.name === act.name, body, once.current);
    },
    onSuccess: (made) => {
      invalidate(client, kind, made.id);
      onClose(made);
    },
    onError: (problem) => {
      if (!(problem instanceof Problem && problem.isOffline)) once.current = newKey();
      sending.again();
      setErrors(faultsOf(problem));
    },
  });
  const submit = () => {
    const parsed = bodyOf(act.inputs, draft);
    setErrors(parsed.errors);
    if (Object.keys(parsed.errors).length === 0 && sending.begin()) creation.mutate(parsed.body);
  };
  return (
    <Modal
      open
      width={act.inputs.some((field) => field.name === "losses") ? 1080 : 720}
      title={nameOf(act)}
      okText={nameOf(act)}
      cancelText={t("cancel")}
      okButtonProps={{ loading: creation.isPending }}
      onOk={submit}
      onCancel={() => onClose(null)}
      afterOpenChange={focusDialog}
    >
      {hintOf(act) && <p className="soft">{hintOf(act)}</p>}
      {act.law && <p className="faint">{t("law", { law: lawOf(act.law) })}</p>}
      {shortcuts?.((to) => setDraft({ ...draft, ...to }))}
      <Fields kind={kind} fields={act.inputs} draft={draft} errors={errors} onChange={setDraft} />
      <ProblemNote error={creation.error} kind={kind} />
    </Modal>
  );
}

/** `only`: the acts of these names. Goes to what was made, unless the page wants it. */
export function MakeButtons({
  kind,
  only,
  initial,
  shortcuts,
  onMade,
}: {
  kind: string;
  only?: readonly string[];
  initial?: Draft;
  shortcuts?: Shortcuts;
  onMade?: (row: Row) => void;
}) {
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const { roles } = useSession();
  const workflow = useWorkflow(kind);
  const [chosen, setChosen] = useState<Act | null>(null);
  if (!workflow) return null;
  const acts = makers(workflow, roles).filter((act) => !only || only.includes(act.name));
  return (
    <>
      {acts.map((act, index) => (
        <Button
          key={act.name}
          type={index === 0 ? "primary" : "default"}
          icon={<PlusOutlined aria-hidden="true" />}
          data-make={act.name}
          onClick={() => setChosen(act)}
        >
          {nameOf(act)}
        </Button>
      ))}
      {chosen && (
        <MakeDialog
          kind={kind}
          act={chosen}
          {...(initial ? { initial } : {})}
          shortcuts={shortcuts}
          onClose={(made) => {
            setChosen(null);
            if (!made) return;
            if (onMade) return onMade(made);
            const path = recordPath(workflow, made.id);
            if (path) navigate(path);
          }}
        />
      )}
    </>
  );
}
