// The evidence package: made by the daemon as a job, with a manifest, and written into the audit with the purpose. It goes on when
// the page is left, and is saved when somebody is here again; cancelled, it leaves nothing.
import { App } from "antd";
import { useEffect } from "react";
import { send } from "@/api/client";
import { type JobRun, useJob } from "@/api/jobs";
import { save } from "@/app/save";
import { JobBar } from "@/components/JobBar";
import { ProblemNote } from "@/components/states";
import { PurposeTextDialog } from "@/components/TextDialog";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Question } from "./question";

const T = texts(
  {
    title: "导出证据包",
    intro: "证据包含 JSON、CSV、SVG 与清单：查询条件、数据截止序号、账目哈希、操作人、各文件 SHA-256。导出记入审计。",
    hint: "例如：“W-00000017 号警情立案材料”",
    ok: "导出",
    done: "已导出 {name}",
    making: "正在生成证据包 {name}",
    cancelled: "已取消导出证据包，未留下任何文件。",
  },
  {
    title: "Evidence package",
    intro:
      "It holds JSON, CSV, SVG and a manifest: the question, the sequence that the data ends at, the hash of the ledgers, the operator, the SHA-256 of each file. The export is written into the audit trail.",
    hint: "For example: “for the file of report W-00000017”",
    ok: "Export",
    done: "{name} was saved",
    making: "Making the evidence package {name}",
    cancelled: "The evidence package was cancelled; no file is left.",
  },
);

export type Packing = JobRun<Blob>;

const zipAt = async (path: string) => (await send("GET", path, { accept: "application/zip" })).blob();

export function usePacking(): Packing {
  const t = useTexts(T);
  const { message } = App.useApp();
  const run = useJob<Blob>({ lasting: "evidence package", read: zipAt });
  const { result, about, forget } = run;
  useEffect(() => {
    if (!result) return;
    save(result, about);
    message.success(t("done", { name: about }));
    forget();
  }, [result, about, forget, message, t]);
  return run;
}

/** How far it is; that it was cancelled, or why it failed. */
export function PackingNote({ run }: { run: Packing }) {
  const t = useTexts(T);
  if (run.running)
    return <JobBar job={run.job} what={t("making", { name: run.about })} onCancel={run.cancel} lasting />;
  if (run.job?.state === "cancelled")
    return (
      <p className="note" role="status" data-cancelled>
        {t("cancelled")}
      </p>
    );
  return <ProblemNote error={run.error} />;
}

/** The question as a body has it. */
function bodyOf(q: Question, asOf: number): Record<string, unknown> {
  const start = q.transfer ? { transfer: q.transfer } : { account: q.account, at: q.at };
  const some = { within: q.within, depth: q.depth, min_fen: q.least, told: q.told && !q.transfer };
  return {
    starts: [q.amount === null ? start : { ...start, amount_fen: q.amount }],
    method: q.method,
    as_of: asOf,
    ...Object.fromEntries(Object.entries(some).filter(([, value]) => value)),
  };
}

interface PackageDialogProps {
  run: Packing;
  question: Question;
  asOf: number;
  /** Of the file, without its ending. */
  name: string;
  onClose: () => void;
}

export function PackageDialog({ run, question, asOf, name, onClose }: PackageDialogProps) {
  const t = useTexts(T);
  return (
    <PurposeTextDialog
      title={t("title")}
      intro={t("intro")}
      hint={t("hint")}
      ok={t("ok")}
      onSubmit={(purpose) => {
        void run.start("/v1/trace-packages", bodyOf(question, asOf), { about: `${name}.zip`, purpose });
        onClose();
      }}
      onCancel={onClose}
    />
  );
}
