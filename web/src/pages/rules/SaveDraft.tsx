// A text becomes a draft on the server: what it changes and why, and from when on it is to hold.
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal } from "antd";
import { useRef, useState } from "react";
import { call, newKey } from "@/api/client";
import { Labeled, TimeInput } from "@/components/inputs";
import { ProblemNote } from "@/components/states";
import { TextArea } from "@/components/TextArea";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { ChangeRow } from "./Changes";

const T = texts(
  {
    save: "保存为草稿",
    again: "保存到 {number}",
    title: "保存规则变更草稿：{path}",
    why: "变更说明",
    whyHint: "改了什么、为什么改；审批人会看到。",
    from: "生效时间",
    fromHint: "不填则批准后立即生效。",
    cancel: "取消",
    saved: "已保存，可提交审批",
  },
  {
    save: "Save as a draft",
    again: "Save to {number}",
    title: "Save a change of the rules: {path}",
    why: "What it changes, and why",
    whyHint: "Whoever approves it reads this.",
    from: "In force from",
    fromHint: "Left empty: once it is approved.",
    cancel: "Cancel",
    saved: "Saved; it can be submitted now",
  },
);

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface SaveDraftProps {
  path: string;
  text: string;
  /** What the writing began with; undefined: there was no such file. */
  base: string | undefined;
  /** One's own draft of the file, to be written on. */
  draft: ChangeRow | undefined;
  onSaved: () => void;
}

export function SaveDraft({ path, text, base, draft, onSaved }: SaveDraftProps) {
  const t = useTexts(T);
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [from, setFrom] = useState<unknown>(undefined);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const once = useRef(newKey());
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = {
        text,
        why,
        ...(typeof from === "string" && from ? { effective_from: from } : {}),
        ...(base === undefined ? {} : { seen_sha256: await digest(base) }),
      };
      if (draft)
        await call("POST /v1/rule_changes/{id}/edit", { path: { id: draft.id }, version: draft.version, body });
      else await call("POST /v1/rule_changes", { body: { ...body, path }, once: once.current });
      message.success(t("saved"));
      setOpen(false);
      onSaved();
    } catch (problem) {
      once.current = newKey();
      setError(problem);
    }
    setBusy(false);
    void client.invalidateQueries({ queryKey: ["list", "rule_change"] });
  };
  return (
    <>
      <Button
        type="primary"
        data-save-rules
        onClick={() => {
          setWhy(draft?.why ?? "");
          setFrom(draft?.effective_from ?? undefined);
          setError(null);
          setOpen(true);
        }}
      >
        {draft ? t("again", { number: draft.number }) : t("save")}
      </Button>
      {open && (
        <Modal
          open
          title={t("title", { path })}
          okText={t("save")}
          cancelText={t("cancel")}
          okButtonProps={{ loading: busy, disabled: why.trim() === "" }}
          onOk={() => void save()}
          onCancel={() => setOpen(false)}
        >
          <Labeled label={t("why")} required hint={t("whyHint")} wide>
            {({ id, describedBy }) => (
              <TextArea
                id={id}
                aria-describedby={describedBy}
                value={why}
                onChange={(event) => setWhy(event.target.value)}
              />
            )}
          </Labeled>
          <Labeled label={t("from")} hint={t("fromHint")} wide>
            {(control) => <TimeInput {...control} value={from} onChange={setFrom} />}
          </Labeled>
          <ProblemNote error={error} />
        </Modal>
      )}
    </>
  );
}
