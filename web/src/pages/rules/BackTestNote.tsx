// A back-test under the text that it is of: how far it is, that it was cancelled, what it found.
import { Button } from "antd";
import { JobBar } from "@/components/JobBar";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { BackTests } from "./BackTests";
import type { BackTesting } from "./backTest";

const T = texts(
  {
    live: "正在回测 {what}：一、在用规则",
    draft: "正在回测 {what}：二、草稿",
    cancelled: "已取消 {what} 的回测，未留下任何结果，可随时重新回测。",
    elsewhere: "{what} 的回测已完成。",
    open: "查看",
  },
  {
    live: "Testing {what}: 1, the rules in use",
    draft: "Testing {what}: 2, the draft",
    cancelled: "The back-test of {what} was cancelled; nothing of it is left, and it can be started again.",
    elsewhere: "The back-test of {what} is done.",
    open: "Show",
  },
);

interface BackTestNoteProps {
  testing: BackTesting;
  /** Of the file that is open. */
  path: string;
  onOpen: (path: string) => void;
}

export function BackTestNote({ testing, path, onOpen }: BackTestNoteProps) {
  const t = useTexts(T);
  const { tested, found } = testing;
  if (!tested) return null;
  const what = tested.number ? `${tested.number} ${tested.path}` : tested.path;
  if (testing.running)
    return (
      <JobBar
        job={testing.job}
        what={t(testing.isDraft ? "draft" : "live", { what })}
        onCancel={testing.cancel}
        lasting
      />
    );
  if (testing.cancelled)
    return (
      <p className="note" role="status" data-cancelled>
        {t("cancelled", { what })}
      </p>
    );
  if (!found) return <ProblemNote error={testing.error} />;
  if (tested.path === path) return <BackTests live={found.live} draft={found.draft} />;
  return (
    <p className="note" role="status">
      {t("elsewhere", { what })}{" "}
      <Button size="small" onClick={() => onOpen(tested.path)}>
        {t("open")}
      </Button>
    </p>
  );
}
