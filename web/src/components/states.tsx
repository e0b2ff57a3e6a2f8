// What is shown when there is nothing to show: while it loads, when it is empty, when one may not, when it failed.
import { ApiOutlined, FileSearchOutlined, InboxOutlined, LockOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Skeleton, Spin } from "antd";
import { Component, type ErrorInfo, type ReactNode, useEffect, useRef } from "react";
import { isThere } from "@/api/client";
import { Problem } from "@/api/problem";
import { useWorkflow } from "@/api/workflow";
import { useLanguage, useTexts } from "@/i18n/language";
import { useSaid } from "@/i18n/said";
import { texts } from "@/i18n/texts";
import { useNameOf } from "./labels";

const T = texts(
  {
    loading: "正在加载",
    empty: "暂无记录",
    emptyHint: "符合条件的记录会出现在这里。",
    forbidden: "您的角色不能打开此页",
    forbiddenHint: "权限按角色和辖区划定。如工作需要，请联系管理员调整角色。",
    missing: "没有这条记录，或不在您的辖区",
    missingHint: "请核对编号；其他单位的记录需通过移交接收。",
    noPage: "没有这个页面",
    home: "返回首页",
    retry: "重试",
    offline: "连接不上服务",
    offlineHint: "正在等待网络或服务恢复，已填写的内容不会丢失。",
    failed: "出错了",
    crashed: "页面出错了",
    crashedHint: "数据没有丢失。请刷新页面；若再次出现，请把下面的内容告诉管理员。",
    reload: "刷新页面",
    faults: "有 {n} 处填写有误",
    request: "请求编号 {id}",
    stale: "该记录刚被他人修改，已载入最新内容，请核对后重试。",
  },
  {
    loading: "Loading",
    empty: "Nothing here yet",
    emptyHint: "Records that match appear here.",
    forbidden: "Your role does not open this page",
    forbiddenHint: "Rights follow role and jurisdiction. If your work needs it, ask the administrator.",
    missing: "There is no such record, or it is not yours to see",
    missingHint: "Check the number. Records of another unit are handed over.",
    noPage: "There is no such page",
    home: "Home",
    retry: "Try again",
    offline: "The service cannot be reached",
    offlineHint: "Waiting for the network or the service. What you have typed is kept.",
    failed: "Something went wrong",
    crashed: "This page failed",
    crashedHint: "No data is lost. Reload the page; if it happens again, tell the administrator what is written below.",
    reload: "Reload",
    faults: "Mistakes in what was filled in: {n}",
    request: "Request {id}",
    stale: "Somebody else has just changed this record. The newest version is shown: check it and try again.",
  },
);

export function Loading({ lines }: { lines?: number }) {
  const t = useTexts(T);
  if (lines) {
    return (
      <div className="state-lines" role="status" aria-label={t("loading")} data-state="loading">
        <Skeleton active title={false} paragraph={{ rows: lines }} />
      </div>
    );
  }
  return (
    <div className="state" role="status" aria-label={t("loading")} data-state="loading">
      <Spin />
    </div>
  );
}

interface StateProps {
  /** Which one, for tests and styles. */
  name: "empty" | "forbidden" | "missing" | "offline" | "error";
  icon: ReactNode;
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  role?: "alert";
}

function State({ name, icon, title, hint, action, role }: StateProps) {
  return (
    <div className="state" role={role} data-state={name}>
      <span className="state-icon" aria-hidden="true">
        {icon}
      </span>
      <p className="state-title">{title}</p>
      {hint && <p className="state-hint">{hint}</p>}
      {action}
    </div>
  );
}

export function Empty({ title, hint, action }: { title?: string; hint?: string; action?: ReactNode }) {
  const t = useTexts(T);
  return (
    <State
      name="empty"
      icon={<InboxOutlined />}
      title={title ?? t("empty")}
      hint={hint ?? t("emptyHint")}
      action={action}
    />
  );
}

export function Forbidden() {
  const t = useTexts(T);
  return (
    <State
      name="forbidden"
      icon={<LockOutlined />}
      title={t("forbidden")}
      hint={t("forbiddenHint")}
      action={<Button href="/">{t("home")}</Button>}
    />
  );
}

export function NoPage() {
  const t = useTexts(T);
  return (
    <State
      name="missing"
      icon={<FileSearchOutlined />}
      title={t("noPage")}
      action={<Button href="/">{t("home")}</Button>}
    />
  );
}

/** A problem in one line with what is wrong with each input, for forms and dialogs. */
export function useProblemText(): (error: unknown) => string {
  const { language } = useLanguage();
  const t = useTexts(T);
  const said = useSaid();
  return (error) => {
    if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
    if (error.isOffline)
      return `${t("offline")}。`.replace(language === "en" ? "。" : "", language === "en" ? "." : "");
    if (error.isStale) return t("stale");
    if (error.errors.length > 0) return t("faults", { n: error.errors.length });
    return said(error.detail, error.detailZh);
  };
}

/** What is wrong with each input, by its name in the body: what a form shows beside it. */
export function useFaults(): (error: unknown) => Record<string, string> {
  const said = useSaid();
  return (error) =>
    Object.fromEntries(
      (error instanceof Problem ? error.errors : []).map((fault) => [
        (fault.pointer ?? fault.parameter ?? "").replace(/^\//, ""),
        said(fault.detail, fault.detail_zh),
      ]),
    );
}

/** Names of inputs as the forms have them, for whoever knows which kind it is about. */
function useFieldName(kind: string | undefined): (name: string) => string {
  const nameOf = useNameOf();
  const workflow = useWorkflow(kind ?? "");
  return (name) => {
    const inputs = [...(workflow?.acts.flatMap((act) => act.inputs) ?? []), ...(workflow?.fields ?? [])];
    return nameOf(inputs.find((field) => field.name === name)) || name;
  };
}

export function ProblemNote({ error, kind }: { error: unknown; kind?: string }) {
  const t = useTexts(T);
  const text = useProblemText();
  const faultsOf = useFaults();
  const fieldName = useFieldName(kind);
  if (!error) return null;
  const problem = error instanceof Problem ? error : null;
  return (
    <div className="note note-danger" role="alert">
      <div>{text(error)}</div>
      {problem && problem.errors.length > 0 && (
        <ul>
          {Object.entries(faultsOf(problem)).map(([name, why]) => (
            <li key={name}>
              <span className="strong">{fieldName(name)}</span> {why}
            </li>
          ))}
        </ul>
      )}
      {problem?.request && <div className="faint">{t("request", { id: problem.request })}</div>}
    </div>
  );
}

const BACK_MS = 2000;

/** Tries again by itself as soon as the daemon answers. */
function useRetryWhenBack(isOffline: boolean, retry: (() => void) | undefined): void {
  const latest = useRef(retry);
  latest.current = retry;
  useEffect(() => {
    if (!isOffline) return;
    let isOver = false;
    const ask = async () => {
      if ((await isThere()) && !isOver) latest.current?.();
    };
    const now = () => void ask();
    const timer = window.setInterval(now, BACK_MS);
    window.addEventListener("online", now);
    return () => {
      isOver = true;
      window.clearInterval(timer);
      window.removeEventListener("online", now);
    };
  }, [isOffline]);
}

/** In place of what could not be read. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts(T);
  useRetryWhenBack(error instanceof Problem && error.isOffline && retry !== undefined, retry);
  const again = retry && <Button onClick={retry}>{t("retry")}</Button>;
  if (error instanceof Problem) {
    if (error.status === 403) return <Forbidden />;
    if (error.status === 404) {
      return (
        <State
          name="missing"
          icon={<FileSearchOutlined />}
          title={t("missing")}
          hint={t("missingHint")}
          action={again}
        />
      );
    }
    if (error.isOffline) {
      return (
        <State
          name="offline"
          role="alert"
          icon={<ApiOutlined />}
          title={t("offline")}
          hint={t("offlineHint")}
          action={again}
        />
      );
    }
  }
  return (
    <State
      name="error"
      role="alert"
      icon={<WarningOutlined />}
      title={t("failed")}
      hint={<ProblemNote error={error} />}
      action={again}
    />
  );
}

export function FatalProblem({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="fatal">
      <Failed error={error} retry={retry} />
    </main>
  );
}

function Crash({ error }: { error: Error }) {
  const t = useTexts(T);
  return (
    <State
      name="error"
      role="alert"
      icon={<WarningOutlined />}
      title={t("crashed")}
      hint={
        <>
          {t("crashedHint")}
          <code className="crash">{error.message}</code>
        </>
      }
      action={<Button onClick={() => window.location.reload()}>{t("reload")}</Button>}
    />
  );
}

/** One failed page leaves the rest of the console standing. `at` is the address: another page is a new chance. */
export class ErrorBoundary extends Component<{ at: string; children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.error) this.setState({ error: null });
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    return this.state.error ? <Crash error={this.state.error} /> : this.props.children;
  }
}
