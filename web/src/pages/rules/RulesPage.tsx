// The rules in force, and changes of them: written with a check while one types, compared, tried over the whole log, saved as a
// draft, submitted, decided by a second person, taken back. What is typed stays in this browser until it is saved.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { call } from "@/api/client";
import { useLiveEvents } from "@/api/live";
import type { Schemas } from "@/api/schema";
import { count } from "@/app/format";
import { save } from "@/app/save";
import { useSession } from "@/app/session";
import { Tag } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { PurposeDialog } from "@/components/reveal";
import { Empty, Failed, Loading, ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { BackTestNote } from "./BackTestNote";
import { useBackTest } from "./backTest";
import { type ChangeRow, Changes, useChanges } from "./Changes";
import { outlineOf, placeOf } from "./outline";
import { SaveDraft } from "./SaveDraft";
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
    how: "未保存的内容只在本浏览器。保存为草稿后提交，经另一人批准，到生效时间即用于研判，无需重启。检查和回测不影响在用规则。",
    changed: "版本 {n}",
    list: "名单",
    listHint: "名单含账户：说明用途后显示，查看记入审计。",
    listShow: "说明用途并显示",
    fixed: "模式随安装提供，不能在此变更。",
    problem: "在用规则与规则文件不一致：{why}",
    ok: "检查通过：{rules} 条规则（其中草稿 {drafts} 条），{features} 个特征",
    bad: "发现 {n} 处问题",
    at: "第 {line} 行第 {column} 列",
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
    how: "What is not saved stays in this browser. Saved as a draft, submitted, and approved by another person it decides from its moment on, without a restart. Checks and back-tests leave the rules in use alone.",
    changed: "version {n}",
    list: "list",
    listHint: "A list names accounts: it is shown to who says what for, and that is in the audit.",
    listShow: "Say what for, and show",
    fixed: "Patterns are the installation's; they are not changed here.",
    problem: "The rules in use are not those of the files: {why}",
    ok: "Nothing is wrong: {rules} rules ({drafts} of them drafts), {features} features",
    bad: "{n} problems",
    at: "line {line}, column {column}",
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
  const client = useQueryClient();
  useLiveEvents(
    "rule_change",
    useCallback(() => void client.invalidateQueries({ queryKey: ["rules"] }), [client]),
  );
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
      {r.problem && <p className="note note-danger">{t("problem", { why: r.problem })}</p>}
      {files.data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <Editor files={files.data.items} />
      )}
    </>
  );
}

/** What is typed and not saved, with what it began with. */
interface Typed {
  text: string;
  base: string | undefined;
}

function useDrafts() {
  const { me } = useSession();
  const key = `${KEPT}${me.user}`;
  const [drafts, setDrafts] = useState<Record<string, Typed>>(() => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, Typed>;
      return Object.fromEntries(Object.entries(kept).filter(([, one]) => typeof one?.text === "string"));
    } catch {
      return {};
    }
  });
  useEffect(() => {
    const kept = Object.entries(drafts).filter(([path]) => !path.endsWith(".list")); // they name accounts
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
  }, [key, drafts]);
  const set = (path: string, text: string | null, base: string | undefined) =>
    setDrafts((before) => {
      const { [path]: was, ...rest } = before;
      return text === null ? rest : { ...rest, [path]: { text, base: was ? was.base : base } };
    });
  return [drafts, set] as const;
}

function Editor({ files }: { files: readonly Schemas["rule_file"][] }) {
  const t = useTexts(T);
  const said = useSaid();
  const { has, me } = useSession();
  const mayWrite = has(["analyst", "commander", "administrator"]);
  const mayTest = has(["analyst", "investigator", "commander", "administrator"]);
  const [drafts, setDraft] = useDrafts();
  const [lists, setLists] = useState<Record<string, string>>({});
  const [purpose, setPurpose] = useState("");
  const [asking, setAsking] = useState(false);
  const inUse = useMemo(() => {
    const texts = files.map((file) => [file.path, file.text ?? lists[file.path]] as const);
    return new Map(texts.filter((one): one is readonly [string, string] => one[1] !== undefined));
  }, [files, lists]);
  const fileOf = useMemo(() => new Map(files.map((file) => [file.path, file])), [files]);
  const paths = [...new Set([...fileOf.keys(), ...Object.keys(drafts)])].sort();
  const [path, setPath] = useState(() => paths.find((one) => one.endsWith(".rule")) ?? paths[0] ?? "");
  const [newPath, setNewPath] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const testing = useBackTest();
  const area = useRef<HTMLTextAreaElement>(null);
  const file = fileOf.get(path);
  const isHidden = file?.is_list === true && !inUse.has(path);
  const mayEdit = mayWrite && file?.may_change !== false && !isHidden;
  const typed = drafts[path];
  const text = typed?.text ?? inUse.get(path) ?? "";
  const body = typed === undefined ? {} : { draft: path, draft_text: text };
  const changes = useChanges(path);
  const own = changes.data?.items.find((row) => row.state === "draft" && row.written_by === me.user);
  const showList = async (why: string | null) => {
    setAsking(false);
    if (!why) return;
    setPurpose(why);
    try {
      const shown = await call("GET /v1/rules/text", { query: { path }, purpose: why });
      setLists((before) => ({ ...before, [path]: shown.text }));
    } catch (problem) {
      setError(problem);
    }
  };

  const open = (to: string) => {
    setPath(to);
    setChecked(null);
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
  // While one types: a moment after the last key.
  useEffect(() => {
    if (!mayEdit || typed === undefined) return;
    const timer = window.setTimeout(() => {
      call("POST /v1/rules/check", { body: { draft: path, draft_text: typed.text } }).then(setChecked, () => undefined);
    }, 700);
    return () => window.clearTimeout(timer);
  }, [mayEdit, typed, path]);
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
                <span>
                  {fileOf.get(one)?.is_list && <Tag tone="neutral">{t("list")}</Tag>}
                  {(fileOf.get(one)?.file_version ?? 0) > 0 && (
                    <Tag tone="success">{t("changed", { n: fileOf.get(one)?.file_version ?? 0 })}</Tag>
                  )}
                  {drafts[one] !== undefined && <Tag tone="warning">{t(fileOf.has(one) ? "edited" : "new")}</Tag>}
                </span>
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
        {mayWrite && (
          <form
            className="rules-new"
            onSubmit={(event) => {
              event.preventDefault();
              const made = newPath.trim();
              if (!/^[\w/-]+\.(rule|typology|list)$/.test(made) || paths.includes(made)) return;
              setDraft(made, "", undefined);
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
              <Button loading={busy} onClick={() => void check()} data-check-rules>
                {t("check")}
              </Button>
              {typed !== undefined && (
                <SaveDraft
                  path={path}
                  text={text}
                  base={typed.base}
                  draft={own}
                  onSaved={() => setDraft(path, null, undefined)}
                />
              )}
              {mayTest && (
                <Button
                  disabled={testing.running || drafts[path] === undefined}
                  onClick={() => testing.start({ path, number: "" }, body)}
                  data-test-rules
                >
                  {t("test")}
                </Button>
              )}
              <Button
                disabled={drafts[path] === undefined}
                onClick={() => {
                  setDraft(path, null, undefined);
                  if (!fileOf.has(path)) open(paths.find((one) => inUse.has(one)) ?? "");
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
            <span className="faint">{t(!mayWrite ? "readOnly" : isHidden ? "listHint" : "fixed")}</span>
          )}
          {isHidden && has(["analyst", "commander", "approver"]) && (
            <Button onClick={() => setAsking(true)} data-show-list>
              {t("listShow")}
            </Button>
          )}
          {asking && <PurposeDialog onClose={(why) => void showList(why)} />}
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
            const now = event.target.value;
            setDraft(path, now === inUse.get(path) ? null : now, inUse.get(path));
            setChecked(null);
          }}
        />
        <p className="faint">{t("how")}</p>
        <ProblemNote error={error} />
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
                  <div className="words">{said(problem.detail, problem.detail_zh)}</div>
                </li>
              ))}
            </ul>
          </div>
        )}
        <BackTestNote testing={testing} path={path} onOpen={open} />
        <Changes
          key={path}
          path={path}
          inForce={inUse.get(path)}
          mine={typed?.text}
          purpose={purpose}
          onTest={
            mayTest && !testing.running
              ? (row: ChangeRow) => testing.start({ path, number: row.number }, { change: row.id })
              : null
          }
        />
      </section>
    </div>
  );
}
