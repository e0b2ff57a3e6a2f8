import { useChildren } from "@/api/queries";
import type { Schemas } from "@/api/schema";
import { actOf, type Row, useWorkflow } from "@/api/workflow";
import { useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { Code, Time, UnitName, UserName, useLaw, useNameOf } from "./labels";
import { useReveal } from "./reveal";
import { Empty, Failed, Loading } from "./states";

const T = texts({ law: "依据：{law}", clock: "系统定时" }, { law: "Rule: {law}", clock: "the clock" });

type Entry = Schemas["history_page"]["items"][number];

/** What happened to a record, the newest first. */
export function History({ kind, id }: { kind: string; id: number }) {
  const lawOf = useLaw();
  const t = useTexts(T);
  const nameOf = useNameOf();
  const said = useSaid(); // what the system noted itself is in both languages
  const workflow = useWorkflow(kind);
  const { purpose } = useReveal();
  const { data, error, refetch } = useChildren<Row & Entry>(kind, id, "history", purpose);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading lines={6} />;
  if (data.items.length === 0) return <Empty />;
  return (
    <ol className="timeline">
      {data.items.map((entry) => (
        <li key={entry.id}>
          <div className="timeline-head">
            <Time value={entry.at} second />
            <span className="strong">{nameOf(actOf(workflow, entry.act)) || entry.act}</span>
            {entry.to_state && entry.to_state !== entry.from_state && (
              <span className="faint">
                {entry.from_state && (
                  <>
                    <Code kind={kind} field="state" code={entry.from_state} /> →{" "}
                  </>
                )}
                <Code kind={kind} field="state" code={entry.to_state} />
              </span>
            )}
            <span className="timeline-who">
              {entry.user ? <UserName id={entry.user} /> : t("clock")}
              {entry.unit ? (
                <>
                  {" · "}
                  <UnitName id={entry.unit} />
                </>
              ) : null}
            </span>
          </div>
          {entry.note && (
            <p className="words">{actOf(workflow, entry.act)?.by_clock ? said(entry.note) : entry.note}</p>
          )}
          {entry.law && <p className="faint">{t("law", { law: lawOf(entry.law) })}</p>}
        </li>
      ))}
    </ol>
  );
}
