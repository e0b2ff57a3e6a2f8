// What happens, as it happens: kind, number and act. Nothing of a person is in it, because events carry nothing of a person.
import { useState } from "react";
import { type LiveEvent, useLiveEvents } from "@/api/live";
import { actOf, useWorkflows } from "@/api/workflow";
import { recordNumber, time } from "@/app/format";
import { useNameOf } from "@/components/labels";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { title: "实时动态", none: "等待新的动态", hint: "接警、预警、止付、抓获等会即时出现在这里。" },
  {
    title: "As it happens",
    none: "Waiting for something to happen",
    hint: "Reports, warnings, stops and arrests appear here at once.",
  },
);

const KEPT = 30;

interface Line extends LiveEvent {
  at: number;
  key: number;
}

export function Feed() {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const [lines, setLines] = useState<Line[]>([]);
  useLiveEvents("*", (event) => {
    if (event.act === "presence" || !workflows?.byKind.has(event.kind)) return;
    setLines((before) => [{ ...event, at: Date.now(), key: (before[0]?.key ?? 0) + 1 }, ...before].slice(0, KEPT));
  });
  return (
    <section className="war-card war-feed" aria-label={t("title")}>
      <h2>{t("title")}</h2>
      {lines.length === 0 && (
        <p className="faint">
          {t("none")}
          <br />
          {t("hint")}
        </p>
      )}
      <ol>
        {lines.map((line) => {
          const workflow = workflows?.byKind.get(line.kind);
          return (
            <li key={line.key}>
              <time className="num faint">{time(line.at, "second").slice(-8)}</time>
              <span className="strong">{nameOf(workflow)}</span>
              <span className="num">{recordNumber(workflow?.prefix, line.id)}</span>
              <span>{nameOf(actOf(workflow, line.act))}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
