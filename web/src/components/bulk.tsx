// One act on many records, each with its result: what was done, and why not where it was not.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Progress } from "antd";
import { useRef, useState } from "react";
import { newKey } from "@/api/client";
import { type BulkResult, bulk } from "@/api/queries";
import { type Act, actOf, fourEyesBlocks, type Row, useWorkflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { focusDialog } from "./dialogFocus";
import { type Draft, Fields, useBodyOf } from "./inputs";
import { Tag, useActLabel, useLaw } from "./labels";
import { ProblemNote } from "./states";

const T = texts(
  {
    selected: "已选 {n} 条",
    clear: "取消选择",
    title: "批量{act}（{n} 条）",
    none: "所选记录没有可批量办理的操作",
    result: "批量{act}：{done} 条完成，{refused} 条未办理",
    done: "完成",
    refused: "未办理",
    close: "关闭",
    stop: "停止",
    cancel: "取消",
    stopped: "已停止，其余未办理",
    progress: "{n} / {all}",
  },
  {
    selected: "{n} selected",
    clear: "Clear",
    title: "{act}: {n} records",
    none: "Nothing can be done with all of these",
    result: "{act}: {done} done, {refused} refused",
    done: "Done",
    refused: "Refused",
    close: "Close",
    stop: "Stop",
    cancel: "Cancel",
    stopped: "stopped; the rest was left alone",
    progress: "{n} of {all}",
  },
);

/** So many in one request: each is answered within a moment, and stopping stops the rest. */
const PART = 50;

interface BulkBarProps {
  kind: string;
  acts: readonly string[];
  rows: Row[];
  onClear: () => void;
}

export function BulkBar({ kind, acts, rows, onClear }: BulkBarProps) {
  const t = useTexts(T);
  const labelOf = useActLabel();
  const { me } = useSession();
  const workflow = useWorkflow(kind);
  const [act, setAct] = useState<Act | null>(null);
  const possible = acts.flatMap((name) => {
    const one = actOf(workflow, name);
    return one && rows.some((row) => row.acts?.includes(name) && !fourEyesBlocks(one, row, me.user)) ? [one] : [];
  });
  return (
    <section className="bulk-bar" aria-label={t("selected", { n: rows.length })}>
      <span className="strong">{t("selected", { n: rows.length })}</span>
      {possible.length === 0 && <span className="faint">{t("none")}</span>}
      {possible.map((one) => (
        <Button key={one.name} size="small" data-bulk-act={one.name} onClick={() => setAct(one)}>
          {labelOf(one)}
        </Button>
      ))}
      <Button size="small" type="link" onClick={onClear}>
        {t("clear")}
      </Button>
      {act && (
        <BulkDialog
          kind={kind}
          act={act}
          rows={rows}
          onClose={(finished) => {
            setAct(null);
            if (finished) onClear();
          }}
        />
      )}
    </section>
  );
}

interface BulkDialogProps {
  kind: string;
  act: Act;
  rows: Row[];
  onClose: (finished: boolean) => void;
}

function BulkDialog({ kind, act, rows, onClose }: BulkDialogProps) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const labelOf = useActLabel();
  const bodyOf = useBodyOf();
  const said = useSaid();
  const client = useQueryClient();
  const workflow = useWorkflow(kind);
  const [draft, setDraft] = useState<Draft>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [results, setResults] = useState<BulkResult[] | null>(null);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef(false);
  const name = labelOf(act);
  const run = async () => {
    const parsed = bodyOf(act.inputs, draft);
    setErrors(parsed.errors);
    if (Object.keys(parsed.errors).length > 0 || !workflow?.collection) return;
    setRunning(true);
    setError(null);
    stop.current = false;
    const all: BulkResult[] = [];
    try {
      for (let from = 0; from < rows.length && !stop.current; from += PART) {
        const answer = await bulk(workflow.collection, act.name, rows.slice(from, from + PART), parsed.body, newKey());
        all.push(...answer.results);
        setResults([...all]);
      }
    } catch (problem) {
      setError(problem);
    }
    setRunning(false);
    void client.invalidateQueries({ queryKey: ["list", kind] });
    void client.invalidateQueries({ queryKey: ["record", kind] });
    void client.invalidateQueries({ queryKey: ["work"] });
  };
  const finished = results !== null && !running;
  const done = results?.filter((result) => result.done).length ?? 0;
  return (
    <Modal
      open
      afterOpenChange={focusDialog}
      width={620}
      title={t("title", { act: name, n: rows.length })}
      onCancel={() => {
        stop.current = true;
        onClose(finished);
      }}
      footer={
        finished ? (
          <Button type="primary" onClick={() => onClose(true)}>
            {t("close")}
          </Button>
        ) : running ? (
          <Button
            onClick={() => {
              stop.current = true;
            }}
          >
            {t("stop")}
          </Button>
        ) : (
          <>
            <Button onClick={() => onClose(false)}>{t("cancel")}</Button>
            <Button type="primary" onClick={() => void run()} data-bulk-run={act.name}>
              {name}
            </Button>
          </>
        )
      }
    >
      {act.law && <p className="faint">{lawOf(act.law)}</p>}
      {results === null && <Fields kind={kind} fields={act.inputs} draft={draft} errors={errors} onChange={setDraft} />}
      {running && (
        <Progress
          percent={Math.round(((results?.length ?? 0) / rows.length) * 100)}
          aria-label={t("progress", { n: results?.length ?? 0, all: rows.length })}
        />
      )}
      {finished && (
        <p role="status">
          {t("result", { act: name, done, refused: results.length - done })}
          {results.length < rows.length && `（${t("stopped")}）`}
        </p>
      )}
      {results !== null && (
        <ul className="bulk-results" tabIndex={0}>
          {results.map((result) => (
            <li key={result.id}>
              <span className="num">{recordNumber(workflow?.prefix, result.id)}</span>
              <Tag tone={result.done ? "success" : "danger"}>{t(result.done ? "done" : "refused")}</Tag>
              <span className="faint">{said(result.why, result.why_zh)}</span>
            </li>
          ))}
        </ul>
      )}
      <ProblemNote error={error} kind={kind} />
    </Modal>
  );
}
