import { Modal } from "antd";
import { useState } from "react";
import { usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useKeysNow } from "./keys";

const T = texts(
  { title: "快捷键", hint: "只列出本页当前可用的键；Tab 在控件间移动，Esc 关闭对话框。" },
  { title: "Keys", hint: "What works on this page now. Tab moves between controls, Esc closes a dialog." },
);

/** What is pressed, where that is not the letter itself. */
const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};

function nameOf(key: string): string {
  return NAMES[key] ?? (/^[A-Z]$/.test(key) ? `Shift+${key.toLowerCase()}` : key);
}

export function Help({ onClose }: { onClose: () => void }) {
  const t = useTexts(T);
  const pick = usePick();
  const now = useKeysNow();
  const [keys] = useState(now);
  return (
    <Modal open title={t("title")} footer={null} onCancel={onClose} width={860}>
      <p className="faint">{t("hint")}</p>
      <dl className="key-list">
        {keys.map((key) => (
          <div key={key.key}>
            <dt>
              <kbd>{nameOf(key.key)}</kbd>
            </dt>
            <dd>{pick(key.does)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
