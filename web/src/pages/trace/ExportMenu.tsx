// Takes the trace away: as a picture, as rows, as the engine's own answer, or as an evidence package.
import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { send } from "@/api/client";
import { save } from "@/app/save";
import { useProblemText } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Answer } from "./model";
import { PackageDialog, type Packing } from "./Package";
import { type Question, searchOf } from "./question";

const T = texts(
  {
    export: "导出",
    png: "当前画面 PNG",
    svg: "资金链图 SVG（引擎绘制）",
    csv: "资金流向 CSV",
    json: "完整结果 JSON",
    zip: "证据包 ZIP（含清单与哈希）",
    done: "已导出 {name}",
  },
  {
    export: "Export",
    png: "What is on the canvas, PNG",
    svg: "Picture by the engine, SVG",
    csv: "Flows, CSV",
    json: "The whole answer, JSON",
    zip: "Evidence package, ZIP with manifest",
    done: "{name} was saved",
  },
);

const TYPES = { svg: "image/svg+xml", csv: "text/csv", json: "application/json" } as const;

interface ExportMenuProps {
  question: Question;
  answer: Answer;
  picture: () => Promise<Blob>;
  packing: Packing;
}

export function ExportMenu({ question, answer, picture, packing }: ExportMenuProps) {
  const t = useTexts(T);
  const { message } = App.useApp();
  const problemText = useProblemText();
  const [asking, setAsking] = useState(false);
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
          items: (["png", "svg", "csv", "json", "zip"] as const).map((key) => ({
            key,
            label: t(key),
            disabled: key === "zip" && packing.running, // one at a time
          })),
          onClick: ({ key, domEvent }) => {
            domEvent.preventDefault(); // else Enter goes on to the dialog that it opens, and closes it
            if (key === "zip") setAsking(true);
            else void give(key);
          },
        }}
      >
        <Button icon={<DownloadOutlined />} data-export>
          {t("export")}
        </Button>
      </Dropdown>
      {asking && (
        <PackageDialog
          run={packing}
          question={question}
          asOf={answer.as_of}
          name={name}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
