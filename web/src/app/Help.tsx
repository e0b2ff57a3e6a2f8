import { Modal } from "antd";
import { usePick, useTexts } from "@/i18n/language";
import { type Both, texts } from "@/i18n/texts";
import { useAllKeys } from "./keys";

const T = texts(
  { title: "快捷键", everywhere: "当前可用", queues: "队列中", close: "关闭" },
  { title: "Keys", everywhere: "Now", queues: "In queues", close: "Close" },
);

const QUEUE_KEYS: readonly (readonly [string, Both])[] = [
  ["j / ↓", ["下一条", "Next"]],
  ["k / ↑", ["上一条", "Previous"]],
  ["Enter", ["打开", "Open"]],
  ["x", ["选择，用于批量办理", "Select, to act on many"]],
  ["Home / End", ["第一条 / 最后一条", "First / last"]],
];

export function Help({ onClose }: { onClose: () => void }) {
  const t = useTexts(T);
  const pick = usePick();
  const keys = useAllKeys();
  return (
    <Modal open title={t("title")} footer={null} onCancel={onClose} width={480}>
      <h3>{t("everywhere")}</h3>
      <dl className="key-list">
        {keys.map((key) => (
          <div key={key.key}>
            <dt>
              <kbd>{key.key}</kbd>
            </dt>
            <dd>{pick(key.does)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("queues")}</h3>
      <dl className="key-list">
        {QUEUE_KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{pick(does)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
