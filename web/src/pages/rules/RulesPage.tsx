// The rules in use, and drafts of them: read, checked, tried over the whole log and compared with what is in use. Nothing
// here changes what decides: that is the files', and whoever runs the daemon puts them there.
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { call } from "@/api/client";
import { useJob } from "@/api/jobs";
import type { Schemas } from "@/api/schema";
import { count } from "@/app/format";
import { save } from "@/app/save";
import { useSession } from "@/app/session";
import { JobBar } from "@/components/JobBar";
import { Tag } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading, ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { type BackTest, BackTests } from "./BackTests";
import { outlineOf, placeOf } from "./outline";
import "./rules.css";

const T = texts(
  {
    title: "规则",
    inUse: "在用：{rules} 条规则 · {patterns} 个模式 · {features} 个特征",
    hash: "规则 SHA-256 {sha}…",
    model: "模型 {sha}…",
    deciding: "实时研判中",
    notDeciding: "未实时研判",
    files: "规则文件",
    draft: "草稿",
    edited: "已改",
    new: "新文件",
    newPath: "新文件路径，如 mule/my_rule.rule",
    text: "{path} 的内容",
    check: "检查",
    test: "回测并与在用规则对比",
    revert: "恢复为在用内容",
    download: "下载草稿",
    readOnly: "只读：研判员、指挥员和管理员可以编辑草稿",
    how: "草稿只保存在本浏览器，检查和回测不影响在用规则。启用方式：下载草稿，由系统运行人员放入规则目录并重新载入。",
    ok: "检查通过：{rules} 条规则（其中草稿 {drafts} 条），{features} 个特征",
    bad: "发现 {n} 处问题",
    at: "第 {line} 行第 {column} 列",
    live: "正在回测在用规则",
    drafted: "正在回测草稿",
    none: "本系统未配置规则",
    noneHint: "启动时以 --rules 指定规则目录后，这里会列出全部规则。",
    version: "版本 {n}",
    add: "新建",
  },
  {
    title: "Rules",
    inUse: "In use: {rules} rules · {patterns} patterns · {features} features",
    hash: "SHA-256 of the rules {sha}…",
    model: "model {sha}…",
    deciding: "deciding inline",
    notDeciding: "not deciding inline",
    files: "Files of rules",
    draft: "draft",
    edited: "edited",
    new: "new file",
    newPath: "Path of a new file, such as mule/my_rule.rule",
    text: "Text of {path}",
    check: "Check",
    test: "Back-test and compare",
    revert: "Back to what is in use",
    download: "Download the draft",
    readOnly: "To be read only: analysts, commanders and administrators edit drafts",
    how: "A draft stays in this browser; checks and back-tests leave the rules in use alone. To put it to use: download it, and whoever runs the system puts it into the folder of rules and reloads.",
    ok: "Nothing is wrong: {rules} rules ({drafts} of them drafts), {features} features",
    bad: "{n} problems",
    at: "line {line}, column {column}",
    live: "Testing the rules in use",
    drafted: "Testing the draft",
    none: "This system runs without rules",
    noneHint: "Started with --rules, it lists them here.",
    version: "version {n}",
    add: "New",
  },
);

type Checked = Schemas["rules_checked"];

const KEPT = "sluice.rules.";

export default function RulesPage() {
  const t = useTexts(T);
  const rules = useQuery({ queryKey: ["rules"], queryFn: () => call("GET /v1/rules") });
  const files = useQuery({ queryKey: ["rules", "files"], queryFn: () => call("GET /v1/rules/files"), retry: false });
  if (files.error) return <Failed error={files.error} retry={() => void files.refetch()} />;
  if (!files.data || !rules.data) return <Loading lines={12} />;
  const r = rules.data;
  return (
    <>
      <PageHead
        title={t("title")}
        note={
          <>
            {t("inUse", { rules: count(r.rules), patterns: count(r.patterns), features: count(r.features) })}
            {r.rules_sha256 && <span title={r.rules_sha256}> · {t("hash", { sha: r.rules_sha256.slice(0, 12) })}</span>}
            {r.model_sha256 && (
              <span title={r.model_sha256}> · {t("model", { sha: r.model_sha256.slice(0, 12) })}</span>
            )}{" "}
            <Tag tone={r.deciding ? "success" : "neutral"}>{t(r.deciding ? "deciding" : "notDeciding")}</Tag>
          </>
        }
      />
      {files.data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <Editor files={files.data.items} />
      )}
    </>
  );
}

function useDrafts() {
  const { me } = useSession();
  const key = `${KEPT}${me.user}`;
  const [drafts, setDrafts] = useState<Record<string, string>>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, string>;
    } catch {
      return {};
    }
  });
  useEffect(() => localStorage.setItem(key, JSON.stringify(drafts)), [key, drafts]);
  const set = (path: string, text: string | null) =>
    setDrafts((before) => {
      const { [path]: _, ...rest } = before;
      return text === null ? rest : { ...rest, [path]: text };
    });
  return [drafts, set] as const;
}

function Editor({ files }: { files: readonly Schemas["rule_file"][] }) {
  const t = useTexts(T);
  const { has } = useSession();
  const mayEdit = has(["analyst", "commander", "administrator"]);
  const mayTest = has(["analyst", "investigator", "commander", "administrator"]);
  const [drafts, setDraft] = useDrafts();
  const inUse = useMemo(
    () => new Map(files.flatMap((file) => (file.text === null ? [] : [[file.path, file.text] as const]))),
    [files],
  );
  const paths = [...new Set([...inUse.keys(), ...Object.keys(drafts)])].sort();
  const [path, setPath] = useState(() => paths.find((one) => one.endsWith(".rule")) ?? paths[0] ?? "");
  const [newPath, setNewPath] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [tests, setTests] = useState<{ live: BackTest; draft: BackTest } | null>(null);
  const [testing, setTesting] = useState<"live" | "drafted" | null>(null);
  const job = useJob<BackTest>();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = drafts[path] ?? inUse.get(path) ?? "";
  const body = drafts[path] === undefined ? {} : { draft: path, draft_text: text };

  const open = (to: string) => {
    setPath(to);
    setChecked(null);
    setTests(null);
    setError(null);
  };
  const goTo = (line: number, column: number) => {
    const place = placeOf(text, line, column);
    area.current?.focus();
    area.current?.setSelectionRange(place, place);
    if (area.current) area.current.scrollTop = Math.max(0, (line - 6) * 19);
  };
  const check = async () => {
    setBusy(true);
    setError(null);
    try {
      setChecked(await call("POST /v1/rules/check", { body }));
    } catch (problem) {
      setChecked(null);
      setError(problem);
    }
    setBusy(false);
  };
  const test = async () => {
    setTests(null);
    setTesting("live");
    const live = await job.start("/v1/back-tests", {});
    if (live) {
      setTesting("drafted");
      const draft = await job.start("/v1/back-tests", body);
      if (draft) setTests({ live, draft });
    }
    setTesting(null);
  };
  return (
    <div className="rules-page">
      <nav className="card rules-files" aria-label={t("files")}>
        <ul>
          {paths.map((one) => (
            <li key={one}>
              <button
                type="button"
                className={one === path ? "rules-file is-at" : "rules-file"}
                aria-current={one === path}
                onClick={() => open(one)}
              >
                <span className="num">{one}</span>
                {drafts[one] !== undefined && <Tag tone="warning">{t(inUse.has(one) ? "edited" : "new")}</Tag>}
              </button>
              {one === path && (
                <ul className="rules-outline">
                  {outlineOf(text).map((head) => (
                    <li key={`${head.name}${head.line}`}>
                      <button type="button" className="line-button" onClick={() => goTo(head.line, 1)}>
                        <span>{head.name}</span>
                        <span className="faint">
                          {head.version && t("version", { n: head.version })}{" "}
                          {head.isDraft && <Tag tone="info">{t("draft")}</Tag>}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
        {mayEdit && (
          <form
            className="rules-new"
            onSubmit={(event) => {
              event.preventDefault();
              const made = newPath.trim();
              if (!/^[\w/-]+\.(rule|typology)$/.test(made) || paths.includes(made)) return;
              setDraft(made, "");
              setNewPath("");
              open(made);
            }}
          >
            <Input
              size="small"
              aria-label={t("newPath")}
              placeholder={t("newPath")}
              value={newPath}
              onChange={(event) => setNewPath(event.target.value)}
            />
            <Button size="small" htmlType="submit">
              {t("add")}
            </Button>
          </form>
        )}
      </nav>
      <section className="rules-main" aria-label={path}>
        <div className="rules-bar">
          {mayEdit ? (
            <>
              <Button type="primary" loading={busy} onClick={() => void check()} data-check-rules>
                {t("check")}
              </Button>
              {mayTest && (
                <Button
                  disabled={job.running || drafts[path] === undefined}
                  onClick={() => void test()}
                  data-test-rules
                >
                  {t("test")}
                </Button>
              )}
              <Button
                disabled={drafts[path] === undefined}
                onClick={() => {
                  setDraft(path, null);
                  if (!inUse.has(path)) open(paths.find((one) => inUse.has(one)) ?? "");
                }}
              >
                {t("revert")}
              </Button>
              <Button
                disabled={drafts[path] === undefined}
                onClick={() => save(new Blob([text], { type: "text/plain" }), path.split("/").at(-1) ?? "draft.rule")}
              >
                {t("download")}
              </Button>
            </>
          ) : (
            <span className="faint">{t("readOnly")}</span>
          )}
        </div>
        <textarea
          ref={area}
          className="rules-text"
          aria-label={t("text", { path })}
          spellCheck={false}
          wrap="off"
          readOnly={!mayEdit}
          value={text}
          onChange={(event) => {
            const typed = event.target.value;
            setDraft(path, typed === inUse.get(path) ? null : typed);
            setChecked(null);
          }}
        />
        <p className="faint">{t("how")}</p>
        <ProblemNote error={error ?? job.error} />
        {checked && (
          <div
            className={checked.ok ? "note note-success" : "note note-danger"}
            role="status"
            data-checked={checked.ok}
          >
            {checked.ok
              ? t("ok", {
                  rules: count(checked.rules),
                  drafts: count(checked.drafts),
                  features: count(checked.features),
                })
              : t("bad", { n: checked.problems.length })}
            <ul className="rules-problems">
              {checked.problems.map((problem) => (
                <li key={`${problem.file}${problem.line}:${problem.column}${problem.detail}`}>
                  <button
                    type="button"
                    className="line-button"
                    onClick={() => {
                      if (problem.file && problem.file !== path) setPath(problem.file);
                      else goTo(problem.line, problem.column);
                    }}
                  >
                    <span className="num">
                      {problem.file} {t("at", { line: problem.line, column: problem.column })}
                    </span>
                  </button>
                  <div className="words">{problem.detail}</div>
                </li>
              ))}
            </ul>
          </div>
        )}
        {testing && <JobBar job={job.job} what={t(testing)} onCancel={job.cancel} />}
        {tests && <BackTests live={tests.live} draft={tests.draft} />}
      </section>
    </div>
  );
}
