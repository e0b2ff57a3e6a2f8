import { Button, Progress } from "antd";
import type { Job } from "@/api/jobs";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { cancel: "取消", progress: "进度", queued: "排队中：前面还有其他任务" },
  { cancel: "Cancel", progress: "Progress", queued: "Waiting for other jobs" },
);

/** How far a job is, and the way to stop it. */
export function JobBar({ job, what, onCancel }: { job: Job | null; what: string; onCancel: () => void }) {
  const t = useTexts(T);
  const total = job?.total ?? 0;
  const percent = total > 0 ? Math.min(100, Math.floor(((job?.done ?? 0) / total) * 100)) : 0;
  return (
    <div className="job-bar" role="status">
      <span>
        {what}
        {job?.state === "queued" && ` · ${t("queued")}`}
      </span>
      <Progress percent={percent} aria-label={`${what} ${t("progress")}`} />
      <Button size="small" onClick={onCancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}
