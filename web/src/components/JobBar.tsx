import { Button, Progress } from "antd";
import type { Job } from "@/api/jobs";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    cancel: "取消",
    progress: "进度",
    queued: "排队中：前面还有其他任务",
    leaving: "可离开本页，任务继续进行",
  },
  {
    cancel: "Cancel",
    progress: "Progress",
    queued: "Waiting for other jobs",
    leaving: "You may leave this page: it goes on",
  },
);

interface JobBarProps {
  job: Job | null;
  what: string;
  onCancel: () => void;
  /** It goes on when the page is left, which is worth knowing. */
  lasting?: boolean;
}

/** How far a job is, and the way to stop it. */
export function JobBar({ job, what, onCancel, lasting = false }: JobBarProps) {
  const t = useTexts(T);
  const total = job?.total ?? 0;
  const percent = total > 0 ? Math.min(100, Math.floor(((job?.done ?? 0) / total) * 100)) : 0;
  return (
    <div className="job-bar" role="status">
      <span>
        {what}
        {job?.state === "queued" && ` · ${t("queued")}`}
        {lasting && <span className="faint"> · {t("leaving")}</span>}
      </span>
      <Progress percent={percent} aria-label={`${what} ${t("progress")}`} />
      <Button size="small" onClick={onCancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}
