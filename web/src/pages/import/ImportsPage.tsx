// What was imported, by whom and why; and the place to drop the next file. A file is only uploaded here: what becomes of it is
// decided on its own page, and until then nothing of it is in the log.
import { InboxOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Query } from "@/api/queries";
import { useSession } from "@/app/session";
import { FilterBar, useQueryState } from "@/components/filters";
import { PageHead } from "@/components/PageHead";
import { QueueTable } from "@/components/QueueTable";
import { PurposeDialog } from "@/components/reveal";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { uploadFile } from "./upload";
import "./import.css";

const T = texts(
  {
    title: "数据导入",
    note: "上传后先预览再导入；导入可撤回：一人提请、另一人批准，日志只追加撤回记录，此后一切如同该文件从未导入。",
    drop: "把银行导出的文件拖到这里，或点击选择",
    hint: "CSV、NDJSON 或 pacs.008，UTF-8 或 GB 18030，不超过 2 GiB。上传前须填写用途，全程留痕。",
    uploading: "正在上传 {name}",
    cancel: "取消",
    list: "导入记录",
  },
  {
    title: "Import",
    note: "A file is looked at before it is taken in. An import can be withdrawn: one person proposes it, another approves; the log gets a record of it, and from then on everything is as if the file had never come.",
    drop: "Drop the bank's file here, or click to choose it",
    hint: "CSV, NDJSON or pacs.008; UTF-8 or GB 18030; up to 2 GiB. You are asked what it is for, and all of it is audited.",
    uploading: "Uploading {name}",
    cancel: "Cancel",
    list: "Imports",
  },
);

const DEFAULTS: Query = { order: "-id" };

export default function ImportsPage() {
  const t = useTexts(T);
  const { has } = useSession();
  const [query, change, reset] = useQueryState(DEFAULTS);
  return (
    <div className="page-fill">
      <PageHead title={t("title")} note={t("note")} />
      {has(["analyst"]) && <Drop />}
      <FilterBar kind="import" fields={["state"]} query={query} onChange={change} onReset={reset} />
      <QueueTable
        kind="import"
        columns={[
          { field: "number", width: "120px" },
          { field: "state", width: "120px" },
          { field: "name" },
          { field: "uploaded_by", width: "120px" },
          { field: "uploaded_at", width: "150px" },
          { field: "transfers", title: ["交易", "Transfers"], width: "110px", align: "right" },
          { field: "duplicates", title: ["重复", "Duplicates"], width: "100px", align: "right" },
          { field: "rejected", title: ["拒收", "Rejected"], width: "90px", align: "right" },
          { field: "purpose" },
        ]}
        query={query}
        onOrder={(order) => change({ order })}
      />
    </div>
  );
}

function Drop() {
  const t = useTexts(T);
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const [abort, setAbort] = useState<AbortController | null>(null);
  const upload = useMutation({
    mutationFn: ({ chosen, purpose, controller }: { chosen: File; purpose: string; controller: AbortController }) =>
      uploadFile(chosen, purpose, controller.signal, setShare),
    onSuccess: (made) => made && navigate(`/import/${made.id}`),
    onSettled: () => {
      setAbort(null);
      setFile(null);
    },
  });
  const take = (chosen: File | undefined) => {
    if (chosen) setFile(chosen);
  };
  return (
    <>
      {abort ? (
        <div className="card job-bar" role="status">
          <span>{t("uploading", { name: file?.name ?? "" })}</span>
          <Progress percent={Math.floor(share * 100)} aria-label={t("uploading", { name: file?.name ?? "" })} />
          <Button size="small" onClick={() => abort.abort()}>
            {t("cancel")}
          </Button>
        </div>
      ) : (
        <label
          className="card drop drop-low"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files[0]);
          }}
        >
          <InboxOutlined className="state-icon" aria-hidden="true" />
          <span className="drop-title">{t("drop")}</span>
          <span className="faint">{t("hint")}</span>
          <input
            className="sr-only"
            type="file"
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </label>
      )}
      {upload.error && <ProblemNote error={upload.error} />}
      {file && !abort && !upload.isPending && (
        <PurposeDialog
          onClose={(purpose) => {
            const chosen = file;
            if (!purpose) return setFile(null);
            const controller = new AbortController();
            setAbort(controller);
            setShare(0);
            upload.mutate({ chosen, purpose, controller });
          }}
        />
      )}
    </>
  );
}
