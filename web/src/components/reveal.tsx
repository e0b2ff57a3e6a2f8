// Personal data is masked until somebody says why it is needed. The purpose goes with the request into the audit; it holds
// for one record while it is on the screen, and is offered again for the next.
import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { PurposeTextDialog } from "./TextDialog";

const T = texts(
  {
    reveal: "显示完整信息",
    hide: "恢复脱敏",
    title: "查看个人信息的用途",
    hint: "将连同您的姓名、时间写入审计记录，例如：“核实 W-00000017 受害人身份并电话劝阻”。",
    show: "显示",
    shown: "正在显示完整个人信息 · 用途：{purpose}",
    decide: "显示完整信息（用途：审批）",
    deciding: "审批{what}",
  },
  {
    reveal: "Show in full",
    hide: "Mask again",
    title: "Why is personal data needed?",
    hint: "It is written into the audit trail with your name and the time, for example: “verify the victim of W-00000017 and call”.",
    show: "Show",
    shown: "Personal data is shown in full · purpose: {purpose}",
    decide: "Show in full (purpose: to decide)",
    deciding: "to decide: {what}",
  },
);

const KEPT = "sluice.purpose";

interface Reveal {
  purpose: string;
  ask: () => void;
  state: (purpose: string) => void;
  hide: () => void;
}

const RevealContext = createContext<Reveal>({
  purpose: "",
  ask: () => undefined,
  state: () => undefined,
  hide: () => undefined,
});

export function PurposeDialog({
  onClose,
  suggested = "",
}: {
  onClose: (purpose: string | null) => void;
  suggested?: string;
}) {
  const t = useTexts(T);
  return (
    <PurposeTextDialog
      title={t("title")}
      hint={t("hint")}
      ok={t("show")}
      initial={sessionStorage.getItem(KEPT) ?? suggested}
      onSubmit={(purpose) => {
        sessionStorage.setItem(KEPT, purpose);
        onClose(purpose);
      }}
      onCancel={() => onClose(null)}
    />
  );
}

/** Below it, `useReveal().purpose` is what was stated for this record; it starts empty for each. `suggested` can be kept. */
export function RevealProvider({ children, suggested = "" }: { children: ReactNode; suggested?: string }) {
  const [purpose, setPurpose] = useState("");
  const [asking, setAsking] = useState(false);
  const value = useMemo<Reveal>(
    () => ({ purpose, ask: () => setAsking(true), state: setPurpose, hide: () => setPurpose("") }),
    [purpose],
  );
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

/** Whoever watches or runs the system has no purpose that needs other people's data. `deciding`: what is to be approved; its
 *  reason is needed for that, so the purpose is known and one click states it. */
export function RevealButton({ deciding }: { deciding?: string | undefined }) {
  const t = useTexts(T);
  const { has } = useSession();
  const { purpose, ask, state, hide } = useReveal();
  if (!has(["duty", "analyst", "investigator", "commander", "approver", "outreach", "partner"])) return null;
  return purpose ? (
    <Button icon={<EyeInvisibleOutlined />} data-reveal="hide" onClick={hide}>
      {t("hide")}
    </Button>
  ) : (
    <Button
      icon={<EyeOutlined />}
      data-reveal={deciding ? "decide" : "ask"}
      onClick={deciding ? () => state(t("deciding", { what: deciding })) : ask}
    >
      {t(deciding ? "decide" : "reveal")}
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
