// Personal data is masked until somebody says why it is needed. The purpose goes with the request into the audit; it holds
// for one record while it is on the screen, and is offered again for the next.
import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { Button, Input, Modal } from "antd";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { Labeled } from "./inputs";

const T = texts(
  {
    reveal: "显示完整信息",
    hide: "恢复脱敏",
    title: "查看个人信息的用途",
    why: "用途",
    hint: "将连同您的姓名、时间写入审计记录，例如：“核实 W-00000017 受害人身份并电话劝阻”。",
    short: "请写明具体用途（至少 4 个字）",
    show: "显示",
    cancel: "取消",
    shown: "正在显示完整个人信息 · 用途：{purpose}",
  },
  {
    reveal: "Show in full",
    hide: "Mask again",
    title: "Why is personal data needed?",
    why: "Purpose",
    hint: "It is written into the audit trail with your name and the time, for example: “verify the victim of W-00000017 and call”.",
    short: "Please say what for (at least 6 characters)",
    show: "Show",
    cancel: "Cancel",
    shown: "Personal data is shown in full · purpose: {purpose}",
  },
);

const KEPT = "sluice.purpose";

interface Reveal {
  purpose: string;
  ask: () => void;
  hide: () => void;
}

const RevealContext = createContext<Reveal>({ purpose: "", ask: () => undefined, hide: () => undefined });

export function PurposeDialog({
  onClose,
  suggested = "",
}: {
  onClose: (purpose: string | null) => void;
  suggested?: string;
}) {
  const t = useTexts(T);
  const [purpose, setPurpose] = useState(() => sessionStorage.getItem(KEPT) ?? suggested);
  const [tried, setTried] = useState(false);
  const good = new TextEncoder().encode(purpose.trim()).length >= 6;
  const submit = () => {
    setTried(true);
    if (!good) return;
    sessionStorage.setItem(KEPT, purpose.trim());
    onClose(purpose.trim());
  };
  return (
    <Modal
      open
      title={t("title")}
      okText={t("show")}
      cancelText={t("cancel")}
      onOk={submit}
      onCancel={() => onClose(null)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Labeled label={t("why")} required hint={t("hint")} error={tried && !good ? t("short") : undefined} wide>
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              autoFocus
              aria-describedby={describedBy}
              aria-invalid={invalid}
              maxLength={160}
              value={purpose}
              onChange={(event) => setPurpose(event.target.value)}
            />
          )}
        </Labeled>
      </form>
    </Modal>
  );
}

/** Below it, `useReveal().purpose` is what was stated for this record; it starts empty for each. `suggested` can be kept. */
export function RevealProvider({ children, suggested = "" }: { children: ReactNode; suggested?: string }) {
  const [purpose, setPurpose] = useState("");
  const [asking, setAsking] = useState(false);
  const value = useMemo<Reveal>(() => ({ purpose, ask: () => setAsking(true), hide: () => setPurpose("") }), [purpose]);
  return (
    <RevealContext.Provider value={value}>
      {children}
      {asking && (
        <PurposeDialog
          suggested={suggested}
          onClose={(stated) => {
            setAsking(false);
            if (stated) setPurpose(stated);
          }}
        />
      )}
    </RevealContext.Provider>
  );
}

export function useReveal(): Reveal {
  return useContext(RevealContext);
}

/** Whoever watches or runs the system has no purpose that needs other people's data. */
export function RevealButton() {
  const t = useTexts(T);
  const { has } = useSession();
  const { purpose, ask, hide } = useReveal();
  if (!has(["duty", "analyst", "investigator", "commander", "approver", "outreach", "partner"])) return null;
  return purpose ? (
    <Button icon={<EyeInvisibleOutlined />} onClick={hide}>
      {t("hide")}
    </Button>
  ) : (
    <Button icon={<EyeOutlined />} onClick={ask}>
      {t("reveal")}
    </Button>
  );
}

export function RevealNote() {
  const t = useTexts(T);
  const { purpose } = useReveal();
  return purpose ? (
    <div className="note note-warning" role="status">
      {t("shown", { purpose })}
    </div>
  ) : null;
}
