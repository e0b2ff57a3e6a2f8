// The versions of one file of rules: who wrote and decided them, what may be done with them, and what differs between any two.

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { call } from "@/api/client";
import { useFirst } from "@/api/queries";
import type { Row } from "@/api/workflow";
import { ActBar } from "@/components/acts";
import { RecordLink, StateTag, Time, UserName } from "@/components/labels";
import { PlainTable } from "@/components/PlainTable";
import { Select } from "@/components/Select";
import { Empty, ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { diffOf, hunksOf } from "./diff";

const T = texts(
  {
    title: "版本与变更",
    none: "该文件尚无变更",
    noneHint: "修改内容后保存为草稿，提交并经另一人批准后生效。",
    number: "编号",
    version: "版本",
    state: "状态",
    why: "变更说明",
    written: "起草",
    decided: "审批",
    from: "生效时间",
    acts: "办理",
    compare: "与改前对比",
    test: "回测",
    before: "对比：旧",
    after: "对比：新",
    base: "{number} 所依据的文本",
    inForce: "生效文本",
    mine: "正在编辑的文本",
    diff: "差异：{before} → {after}",
    same: "两者内容一致",
    purpose: "名单含账户，须先说明用途",
    left: "（略去相同的行）",
    out: "删除",
    in: "新增",
  },
  {
    title: "Versions and changes",
    none: "This file has no changes",
    noneHint: "Edit the text and save it as a draft; submitted and approved by another person it comes into force.",
    number: "No.",
    version: "Version",
    state: "State",
    why: "What and why",
    written: "Written",
    decided: "Decided",
    from: "In force from",
    acts: "Do",
    compare: "Compare with before",
    test: "Back-test",
    before: "Compare: old",
    after: "Compare: new",
    base: "What {number} was written on",
    inForce: "In force",
    mine: "The text being edited",
    diff: "Differences: {before} → {after}",
    same: "They are the same",
    purpose: "A list names accounts: say first what it is read for",
    left: "(lines that are the same)",
    out: "removed",
    in: "added",
  },
);

export interface ChangeRow extends Row {
  number: string;
  path: string;
  why: string;
  file_version: number | null;
  effective_from: string | null;
  in_force_at: string | null;
  written_by: number | null;
  decided_by: number | null;
}

export function useChanges(path: string) {
  return useFirst<ChangeRow>("rule_change", { path, order: "-id" }, 100, path !== "");
}

/** "now", "mine", "c7": the text of a change; "b7": what it was written on. */
function useText(which: string, given: Readonly<Record<string, string | undefined>>, purpose: string) {
  const id = /^[bc]/.test(which) ? Number(which.slice(1)) : 0;
  const found = useQuery({
    queryKey: ["record", "rule_change", id, "text", purpose],
    queryFn: () => call("GET /v1/rule_changes/{id}/text", { path: { id }, purpose }),
    enabled: id > 0,
    retry: false,
  });
  if (id === 0) return { text: given[which], error: null };
  return {
    text: found.data && ((which[0] === "b" ? found.data.base_text : found.data.text) ?? ""),
    error: found.error,
  };
}

interface ChangesProps {
  path: string;
  inForce: string | undefined;
  mine: string | undefined;
  purpose: string;
  onTest: ((row: ChangeRow) => void) | null;
}

export function Changes({ path, inForce, mine, purpose, onTest }: ChangesProps) {
  const t = useTexts(T);
  const found = useChanges(path);
  const rows = useMemo(() => found.data?.items ?? [], [found.data]);
  const [pair, setPair] = useState<[string, string] | null>(null);
  const options = [
    ...(mine === undefined ? [] : [{ value: "mine", label: t("mine") }]),
    ...(inForce === undefined ? [] : [{ value: "now", label: t("inForce") }]),
    ...rows.flatMap((row) => [
      { value: `c${row.id}`, label: row.file_version ? `${row.number} · v${row.file_version}` : row.number },
      { value: `b${row.id}`, label: t("base", { number: row.number }) },
    ]),
  ];
  const shown = pair ?? (mine === undefined ? null : (["now", "mine"] as [string, string]));
  const labelOf = (value: string) => options.find((one) => one.value === value)?.label ?? value;
  return (
    <section aria-label={t("title")} data-rule-changes={path}>
      <h2>{t("title")}</h2>
      <ProblemNote error={found.error} />
      {rows.length === 0 && found.data && <Empty title={t("none")} hint={t("noneHint")} />}
      {rows.length > 0 && (
        <PlainTable
          label={t("title")}
          rows={rows}
          id={(row) => row.id}
          rowProps={(row) => ({ "data-rule-change": row.id })}
          columns={[
            { key: "number", title: t("number"), cell: (row) => <RecordLink kind="rule_change" id={row.id} /> },
            {
              key: "state",
              title: t("state"),
              cell: (row) => <StateTag kind="rule_change" state={row.state ?? null} />,
            },
            { key: "version", title: t("version"), right: true, cell: (row) => row.file_version ?? "—" },
            { key: "why", title: t("why"), words: true, cell: (row) => row.why },
            { key: "written", title: t("written"), cell: (row) => row.written_by && <UserName id={row.written_by} /> },
            { key: "decided", title: t("decided"), cell: (row) => row.decided_by && <UserName id={row.decided_by} /> },
            { key: "from", title: t("from"), cell: (row) => <Time value={row.in_force_at ?? row.effective_from} /> },
            {
              key: "acts",
              title: t("acts"),
              cell: (row) => (
                <div className="act-bar rules-acts">
                  <Button data-compare={row.id} onClick={() => setPair([`b${row.id}`, `c${row.id}`])}>
                    {t("compare")}
                  </Button>
                  {onTest && (
                    <Button data-test-change={row.id} onClick={() => onTest(row)}>
                      {t("test")}
                    </Button>
                  )}
                  <ActBar kind="rule_change" row={row} except={["edit"]} />
                </div>
              ),
            },
          ]}
        />
      )}
      {options.length > 1 && (
        <div className="rules-bar rules-pair">
          {([0, 1] as const).map((side) => (
            <Select
              key={side}
              className="rules-version"
              aria-label={t(side === 0 ? "before" : "after")}
              placeholder={t(side === 0 ? "before" : "after")}
              value={shown?.[side] ?? null}
              options={options}
              onChange={(value) => {
                const other = shown?.[1 - side] ?? "now";
                setPair(side === 0 ? [value, other] : [other, value]);
              }}
            />
          ))}
        </div>
      )}
      {shown && (
        <Diff
          pair={shown}
          title={t("diff", { before: labelOf(shown[0]), after: labelOf(shown[1]) })}
          given={{ now: inForce ?? "", mine }}
          purpose={purpose}
        />
      )}
    </section>
  );
}

interface DiffProps {
  pair: readonly [string, string];
  title: string;
  given: Readonly<Record<string, string | undefined>>;
  purpose: string;
}

function Diff({ pair, title, given, purpose }: DiffProps) {
  const t = useTexts(T);
  const before = useText(pair[0], given, purpose);
  const after = useText(pair[1], given, purpose);
  const lines = useMemo(
    () => (before.text === undefined || after.text === undefined ? null : hunksOf(diffOf(before.text, after.text))),
    [before.text, after.text],
  );
  const error = before.error ?? after.error;
  if (error) return <ProblemNote error={error} />;
  if (!lines) return null;
  const differs = lines.some((line) => line !== null && line.op !== "same");
  return (
    <>
      <h3>{title}</h3>
      {!differs && <p className="faint">{t("same")}</p>}
      {differs && (
        <div className="table-scroll rules-diff" tabIndex={0} role="region" aria-label={title} data-rules-diff>
          <table>
            <tbody>
              {lines.map((line, at) =>
                line === null ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
                  <tr key={at} className="faint">
                    <td colSpan={4}>{t("left")}</td>
                  </tr>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
                  <tr key={at} className={`diff-${line.op}`} data-diff={line.op}>
                    <td className="num">{line.before}</td>
                    <td className="num">{line.after}</td>
                    <td>
                      {line.op !== "same" && <span className="sr-only">{t(line.op)}</span>}
                      <span aria-hidden>{line.op === "in" ? "+" : line.op === "out" ? "−" : ""}</span>
                    </td>
                    <td className="diff-text">{line.text || " "}</td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
