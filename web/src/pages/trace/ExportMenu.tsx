// Takes the trace away: as a picture, as rows, as the engine's own answer, or as an evidence package that the daemon makes,
// with a manifest, and writes into the audit with the purpose.
import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { send } from "@/api/client";
import { save } from "@/app/save";
import { useProblemText } from "@/components/states";
import { PurposeTextDialog } from "@/components/TextDialog";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer } from "./model";
import { type Question, searchOf } from "./question";

const T = texts(
  {
    export: "导出",
    png: "当前画面 PNG",
    svg: "资金链图 SVG（引擎绘制）",
    csv: "资金流向 CSV",
    json: "完整结果 JSON",
    zip: "证据包 ZIP（含清单与哈希）",
    title: "导出证据包",
    intro: "证据包含 JSON、CSV、SVG 与清单：查询条件、数据截止序号、账目哈希、操作人、各文件 SHA-256。导出记入审计。",
    hint: "例如：“W-00000017 号警情立案材料”",
    done: "已导出 {name}",
  },
  {
    export: "Export",
    png: "What is on the canvas, PNG",
    svg: "Picture by the engine, SVG",
    csv: "Flows, CSV",
    json: "The whole answer, JSON",
    zip: "Evidence package, ZIP with manifest",
    title: "Evidence package",
    intro:
      "It holds JSON, CSV, SVG and a manifest: the question, the sequence that the data ends at, the hash of the ledgers, the operator, the SHA-256 of each file. The export is written into the audit trail.",
    hint: "For example: “for the file of report W-00000017”",
    done: "{name} was saved",
  },
);

const TYPES = { svg: "image/svg+xml", csv: "text/csv", json: "application/json" } as const;

interface ExportMenuProps {
  question: Question;
  answer: Answer;
  picture: () => Promise<Blob>;
}

export function ExportMenu({ question, answer, picture }: ExportMenuProps) {
  const t = useTexts(T);
  const { message } = App.useApp();
  const problemText = useProblemText();
  const [packing, setPacking] = useState(false);
  const query = searchOf({ ...question, asOf: answer.as_of });
  const name = `trace-${(question.transfer || question.account).replace(/[^\w.-]+/g, "_")}-${answer.as_of}`;
  const give = async (key: string) => {
    try {
      const blob =
        key === "png"
          ? await picture()
          : await (await send("GET", "/v1/traces", { query, accept: TYPES[key as keyof typeof TYPES] })).blob();
      save(blob, `${name}.${key}`);
      message.success(t("done", { name: `${name}.${key}` }));
    } catch (problem) {
      message.error(problemText(problem));
    }
  };
  return (
    <>
      <Dropdown
        autoFocus
        trigger={["click"]}
        menu={{
          items: (["png", "svg", "csv", "json", "zip"] as const).map((key) => ({ key, label: t(key) })),
          onClick: ({ key, domEvent }) => {
            domEvent.preventDefault(); // else Enter goes on to the dialog that it opens, and closes it
            if (key === "zip") setPacking(true);
            else void give(key);
          },
        }}
      >
        <Button icon={<DownloadOutlined />} data-export>
          {t("export")}
        </Button>
      </Dropdown>
      {packing && (
        <PackageDialog
          onClose={() => setPacking(false)}
          fetchPackage={async (purpose, signal) => {
            const response = await send("GET", "/v1/traces", { query, accept: "application/zip", purpose, signal });
            save(await response.blob(), `${name}.zip`);
            message.success(t("done", { name: `${name}.zip` }));
          }}
        />
      )}
    </>
  );
}

interface PackageDialogProps {
  onClose: () => void;
  fetchPackage: (purpose: string, signal: AbortSignal) => Promise<void>;
}

function PackageDialog({ onClose, fetchPackage }: PackageDialogProps) {
  const t = useTexts(T);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [stop] = useState(() => new AbortController());
  const submit = async (purpose: string) => {
    setBusy(true);
    try {
      await fetchPackage(purpose, stop.signal);
      onClose();
    } catch (problem) {
      if (stop.signal.aborted) return;
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <PurposeTextDialog
      title={t("title")}
      intro={t("intro")}
      hint={t("hint")}
      ok={t("export")}
      busy={busy}
      error={error}
      onSubmit={(purpose) => void submit(purpose)}
      onCancel={() => {
        stop.abort();
        onClose();
      }}
    />
  );
}
