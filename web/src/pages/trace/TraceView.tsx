// A trace that is there: what it says in a line, the pictures, the time, the tables, and everything that can be done with it.
import {
  AimOutlined,
  CompressOutlined,
  EyeInvisibleOutlined,
  EyeOutlined,
  LinkOutlined,
  RollbackOutlined,
  SettingOutlined,
  StopOutlined,
} from "@ant-design/icons";
import { App, Button, Dropdown, Modal, Segmented, Switch, Tooltip } from "antd";
import { type ReactNode, useCallback, useMemo, useReducer, useRef, useState } from "react";
import { count, grouped, keyParts, money, time } from "@/app/format";
import { type Key, useKeys } from "@/app/keys";
import { useSession } from "@/app/session";
import { loadable } from "@/components/loadable";
import { PageHead } from "@/components/PageHead";
import { Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ExportMenu } from "./ExportMenu";
import type { GraphHandle, GraphProps } from "./Graph";
import { Inspector } from "./Inspector";
import { Methods } from "./Methods";
import {
  type Answer,
  commanded,
  commands,
  EMPTY_STACK,
  expandable,
  modelOf,
  NODES_MAX,
  type Shown,
  shownOf,
  type View,
  viewOf,
  viewText,
} from "./model";
import { PackingNote, usePacking } from "./Package";
import { METHODS, type Question, searchOf } from "./question";
import { SankeyView } from "./SankeyView";
import { StopDialog } from "./StopDialog";
import { Tables } from "./Tables";
import { TimeBrush } from "./TimeBrush";
import { useTraceWords } from "./words";

/** The canvas and its library. */
export const Graph = loadable<GraphProps>(
  () => import("./Graph"),
  () => <Loading />,
);

const T = texts(
  {
    title: "资金穿透",
    question: "条件",
    total: "追踪金额",
    held: "仍在账户",
    sinks: "取现等流出",
    cut: "未继续追踪",
    size: "{accounts} 户 · {layers} 层 · {transfers} 笔",
    proof: "数据截至序号 {seq} · 账目 SHA-256 {sha}…",
    proofTitle: "账目 SHA-256：{sha}",
    mixed: "账目含多种币种，按面值计算",
    graph: "层级图",
    sankey: "桑基图",
    methods: "方法对比",
    view: "显示方式",
    undo: "撤销",
    redo: "重做",
    hide: "隐藏",
    hideOthers: "只看所选",
    unhide: "全部显示",
    fold: "并入其余",
    expand: "展开 / 折叠下游",
    fit: "适应窗口",
    byAmount: "线宽按金额",
    hidden: "已隐藏 {n} 个（流入 {fen}）",
    outside: "时间范围外 {n} 个",
    folded: "已折叠 {n} 个",
    full: "画布最多 {n} 个节点，请先隐藏或缩小时间范围",
    stop: "呈请止付",
    stopSome: "呈请止付（{n}）",
    link: "复制链接",
    views: "视图",
    linked: "链接已复制：含查询条件、数据截止序号和当前视图",
    inspect: "查看详情",
    next: "移动到相邻账户",
    method: "方法",
  },
  {
    title: "Fund tracing",
    question: "Question",
    total: "Followed",
    held: "Still in accounts",
    sinks: "Left as cash or to sinks",
    cut: "Not followed further",
    size: "{accounts} accounts · {layers} layers · {transfers} transfers",
    proof: "As of sequence {seq} · ledgers SHA-256 {sha}…",
    proofTitle: "SHA-256 of the ledgers: {sha}",
    mixed: "Several currencies, counted at face value",
    graph: "Layers",
    sankey: "Sankey",
    methods: "Methods",
    view: "Shown as",
    undo: "Undo",
    redo: "Redo",
    hide: "Hide",
    hideOthers: "Only these",
    unhide: "Show all",
    fold: "Put into “others”",
    expand: "Expand or fold downstream",
    fit: "Fit",
    byAmount: "Width by amount",
    hidden: "{n} hidden (in {fen})",
    outside: "{n} outside the time",
    folded: "{n} folded",
    full: "The canvas holds {n} nodes: hide some, or choose less time",
    stop: "Propose stops",
    stopSome: "Propose stops ({n})",
    link: "Copy link",
    views: "Views",
    linked: "Copied: the question, the sequence of the data, and this view",
    inspect: "Inspect",
    next: "To the next account",
    method: "Method",
  },
);

interface TraceViewProps {
  answer: Answer;
  question: Question;
  hash: string;
  report: number | null;
  of: number | null;
  form: ReactNode;
  onAsk: (question: Question) => void;
  isStale: boolean;
}

const PICTURES = ["graph", "sankey", "methods"] as const;
const TABS = ".trace-page .ant-tabs-tab-active [role=tab]";
const BRUSH = ".brush input[type=range]";
const PLAY = ".brush > button";

function focus(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function press(selector: string) {
  const button = document.querySelector<HTMLElement>(selector);
  button?.focus();
  button?.click();
}

/** The flows of an account one after the other, the largest first. */
function nextFlow(shown: Shown, id: string | undefined, now: string | null): string | null {
  const flows = shown.edges
    .filter((edge) => edge.from === id || edge.to === id)
    .sort((a, b) => b.taintFen - a.taintFen || (a.id < b.id ? -1 : 1));
  return flows[(flows.findIndex((edge) => edge.id === now) + 1) % Math.max(1, flows.length)]?.id ?? null;
}

function viewIn(hash: string): View | null {
  return hash.startsWith("#view=") ? viewOf(decodeURIComponent(hash.slice(6))) : null;
}

export function TraceView({ answer, question, hash, report, of, form, onAsk, isStale }: TraceViewProps) {
  const t = useTexts(T);
  const words = useTraceWords();
  const { message } = App.useApp();
  const { has } = useSession();
  const model = useMemo(() => modelOf(answer), [answer]);
  const [stack, run] = useReducer(commanded, EMPTY_STACK, (empty) => ({ ...empty, now: viewIn(hash) ?? empty.now }));
  const [preview, setPreview] = useState<View["range"] | undefined>(undefined);
  const view = useMemo(
    () => (preview === undefined ? stack.now : { ...stack.now, range: preview }),
    [stack.now, preview],
  );
  const shown = useMemo(() => shownOf(model, view), [model, view]);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [edge, setEdge] = useState<string | null>(null);
  const [as, setAs] = useState<(typeof PICTURES)[number]>("graph");
  const [byAmount, setByAmount] = useState(true);
  const [asking, setAsking] = useState(false);
  const [stopping, setStopping] = useState<readonly string[] | null>(null);
  const packing = usePacking();
  const graph = useRef<GraphHandle>(null);
  // The picture comes first; what is below it fills in after the browser has shown it.
  const [isDrawn, setIsDrawn] = useState(false);
  const drawn = useCallback(() => afterNextFrame(() => setIsDrawn(true)), []);

  const select = useCallback((id: string | null, adds: boolean) => {
    setEdge(null);
    setSelected((before) => {
      if (id === null) return [];
      if (!adds) return [id];
      return before.includes(id) ? before.filter((one) => one !== id) : [...before, id];
    });
  }, []);
  const selectEdge = useCallback((id: string | null) => {
    setEdge(id);
    if (id) setSelected([]);
  }, []);
  const open = useCallback(
    (id: string) => {
      const node = shown.nodes.find((one) => one.id === id);
      if (!node) return select(id, false);
      if (node.type !== "fold") {
        const collapsed = view.collapsed.includes(id);
        return run(collapsed ? commands.open([id]) : commands.collapse(id));
      }
      if (node.id.startsWith("beneath")) return run(commands.open(view.collapsed));
      const ids = expandable(model, shown, node);
      if (ids.length === 0) message.warning(t("full", { n: NODES_MAX }));
      else run(commands.unfold(ids));
    },
    [shown, model, view.collapsed, select, message, t],
  );
  const hide = useCallback(
    (others: boolean) => {
      if (selected.length === 0) return;
      const members = (ids: readonly string[]) =>
        ids.flatMap((id) => {
          const node = shown.nodes.find((one) => one.id === id);
          return node?.type === "fold" ? node.members : [id];
        });
      const ids = others
        ? members(shown.nodes.map((node) => node.id).filter((id) => !selected.includes(id)))
        : members(selected);
      run(commands.hide(ids));
      if (!others) setSelected([]);
    },
    [selected, shown],
  );
  const inspect = useCallback(() => focus(".inspector"), []);
  const keys = useMemo<Key[]>(
    () => [
      {
        key: "e",
        does: ["展开 / 折叠下游", "Expand or fold downstream"],
        run: () => selected.at(-1) && open(selected.at(-1) as string),
      },
      { key: "h", does: ["隐藏所选", "Hide the selected"], run: () => hide(false) },
      { key: "H", does: ["只看所选（Shift+h）", "Hide the others (Shift+h)"], run: () => hide(true) },
      {
        key: "o",
        does: ["所选并入“其余”", "Put the selected into “others”"],
        run: () => selected.length > 0 && run(commands.fold(selected)),
      },
      { key: "a", does: ["全部显示", "Show all that was hidden"], run: () => run(commands.unhide()) },
      { key: "u", does: ["撤销", "Undo"], run: () => run("undo") },
      { key: "y", does: ["重做", "Redo"], run: () => run("redo") },
      { key: "f", does: ["适应窗口", "Fit"], run: () => graph.current?.fit() },
      { key: "+", does: ["放大", "Zoom in"], run: () => graph.current?.zoom(1.25) },
      { key: "-", does: ["缩小", "Zoom out"], run: () => graph.current?.zoom(0.8) },
      { key: "w", does: ["线宽按金额 / 等宽", "Width by amount, or all alike"], run: () => setByAmount((is) => !is) },
      {
        key: ".",
        does: ["所选账户的下一条资金流向", "The next flow of the selected account"],
        run: () => setEdge((now) => nextFlow(shown, selected.at(-1), now)),
      },
      { key: "i", does: ["到详情", "To the details"], run: inspect },
      { key: "g", does: ["到图", "To the graph"], run: () => graph.current?.focus() },
      { key: "t", does: ["到下方表格的标签", "To the tabs of the tables below"], run: () => focus(TABS) },
      { key: "b", does: ["到时间筛选（←→ 调整）", "To the time (← → move it)"], run: () => focus(BRUSH) },
      { key: "p", does: ["播放 / 暂停时间", "Play or pause the time"], run: () => press(PLAY) },
      {
        key: "v",
        does: ["切换层级图、桑基图、方法对比", "Layers, Sankey, methods"],
        run: () => setAs((now) => PICTURES[(PICTURES.indexOf(now) + 1) % PICTURES.length] ?? "graph"),
      },
      {
        key: "m",
        does: ["换一种追踪方法", "The next method"],
        run: () => {
          const at = METHODS.indexOf(answer.method);
          onAsk({ ...question, method: METHODS[(at + 1) % METHODS.length] ?? "fifo" });
        },
      },
      {
        key: "s",
        does: ["呈请止付：所选，或全部可止付", "Propose stops: the selected, or all that can be stopped"],
        run: () => press("[data-stop-orders]"),
        when: () => document.querySelector("[data-stop-orders]:not(:disabled)") !== null,
      },
      { key: "E", does: ["导出", "Export"], run: () => press("[data-export]") },
      { key: "c", does: ["修改条件", "Change the question"], run: () => setAsking(true) },
      { key: "l", does: ["复制链接", "Copy the link"], run: () => press("[data-copy-link]") },
    ],
    [selected, open, hide, inspect, shown, answer.method, question, onAsk],
  );
  useKeys(keys);

  const copyLink = async () => {
    const pinned = new URLSearchParams(searchOf({ ...question, asOf: answer.as_of }));
    const address = `${location.origin}/trace?${pinned}#view=${encodeURIComponent(viewText(stack.now))}`;
    history.replaceState(history.state, "", address);
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      // Without the right to the clipboard the address bar has it.
    }
    message.success(t("linked"));
  };
  const heldFen = answer.accounts.reduce((sum, account) => sum + account.held_fen, 0);
  const sinkFen = answer.sinks.reduce((sum, sink) => sum + sink.amount_fen, 0);
  const cutFen = answer.cut.reduce((sum, row) => sum + row.amount_fen, 0);
  const start = "victims" in answer.start ? null : answer.start;
  const foldedCount = shown.nodes.reduce((sum, node) => sum + node.members.length, 0);
  const below = isDrawn || as !== "graph";
  const canStop = has(["duty", "analyst", "investigator", "commander"]);
  return (
    <div className="trace-page" data-trace-ready>
      <PageHead
        title={t("title")}
        note={
          start && (
            <span className="num">
              {start.transfer ? `${start.transfer} · ` : ""}
              {grouped(keyParts(start.account).value)} · {time(start.time, "second")}
            </span>
          )
        }
        actions={
          <>
            <Button icon={<SettingOutlined />} onClick={() => setAsking(true)}>
              {t("question")}
            </Button>
            <Dropdown
              trigger={["click"]}
              menu={{
                items: METHODS.map((method) => ({ key: method, label: words.t(method) })),
                selectedKeys: [answer.method],
                onClick: ({ key }) => onAsk({ ...question, method: key as Question["method"] }),
              }}
            >
              <Button loading={isStale}>
                {t("method")}：{words.t(answer.method)}
              </Button>
            </Dropdown>
            <Button icon={<LinkOutlined />} data-copy-link onClick={() => void copyLink()}>
              {t("link")}
            </Button>
            <ExportMenu
              question={question}
              answer={answer}
              picture={() => graph.current?.picture() ?? Promise.reject(new Error(t("graph")))}
              packing={packing}
            />
            {canStop && (
              <Button
                type="primary"
                icon={<StopOutlined />}
                disabled={answer.stop_list.length === 0}
                onClick={() => setStopping(selected.length > 0 ? selected : answer.stop_list.map((row) => row.key))}
                data-stop-orders
              >
                {selected.length > 0 ? t("stopSome", { n: selected.length }) : t("stop")}
              </Button>
            )}
          </>
        }
      />
      <PackingNote run={packing} />
      <dl className="trace-sums">
        <div>
          <dt>{t("total")}</dt>
          <dd className="num">{money(answer.total_fen)}</dd>
        </div>
        <div className="is-held">
          <dt>{t("held")}</dt>
          <dd className="num">{money(heldFen)}</dd>
        </div>
        <div className="is-gone">
          <dt>{t("sinks")}</dt>
          <dd className="num">{money(sinkFen)}</dd>
        </div>
        <div>
          <dt>{t("cut")}</dt>
          <dd className="num">{money(cutFen)}</dd>
        </div>
        <div className="trace-proof">
          <dt>
            {t("size", {
              accounts: count(answer.accounts.length),
              layers: model.columns - 1,
              transfers: count(answer.transfers_followed),
            })}
          </dt>
          <dd
            className="num faint"
            title={t("proofTitle", { sha: answer.ledger_sha256 })}
            data-sha256={answer.ledger_sha256}
          >
            {t("proof", { seq: count(answer.as_of), sha: answer.ledger_sha256.slice(0, 12) })}
            {answer.mixed_currency && ` · ${t("mixed")}`}
          </dd>
        </div>
      </dl>
      <div className="trace-bar">
        <Segmented
          aria-label={t("view")}
          size="small"
          value={as}
          onChange={setAs}
          options={PICTURES.map((value) => ({ value, label: t(value) }))}
        />
        {as === "graph" && (
          <>
            <Tool
              name={t("undo")}
              k="u"
              icon={<RollbackOutlined />}
              off={stack.past.length === 0}
              run={() => run("undo")}
            />
            <Tool
              name={t("redo")}
              k="y"
              icon={<RollbackOutlined className="mirrored" />}
              off={stack.future.length === 0}
              run={() => run("redo")}
            />
            <Tool
              name={t("expand")}
              k="e"
              icon={<CompressOutlined />}
              off={selected.length !== 1}
              run={() => open(selected[0] as string)}
            />
            <Tool
              name={t("hide")}
              k="h"
              icon={<EyeInvisibleOutlined />}
              off={selected.length === 0}
              run={() => hide(false)}
            />
            <Button size="small" disabled={selected.length === 0} onClick={() => hide(true)}>
              {t("hideOthers")}
            </Button>
            <Button size="small" disabled={selected.length === 0} onClick={() => run(commands.fold(selected))}>
              {t("fold")}
            </Button>
            <Tool name={t("fit")} k="f" icon={<AimOutlined />} run={() => graph.current?.fit()} />
            <span className="trace-switch">
              <Switch size="small" aria-label={t("byAmount")} checked={byAmount} onChange={setByAmount} />{" "}
              {t("byAmount")}
            </span>
          </>
        )}
        <span className="trace-left faint" role="status">
          {shown.hidden.length > 0 && (
            <>
              {t("hidden", {
                n: shown.hidden.length,
                fen: money(shown.hidden.reduce((sum, node) => sum + node.inFen, 0)),
              })}
              <Button size="small" type="link" icon={<EyeOutlined />} onClick={() => run(commands.unhide())}>
                {t("unhide")}
              </Button>
            </>
          )}
          {foldedCount > 0 && <span>{t("folded", { n: count(foldedCount) })}</span>}
          {shown.outside > 0 && <span>{t("outside", { n: count(shown.outside) })}</span>}
        </span>
      </div>
      {as === "methods" ? (
        <Methods question={question} answer={answer} selected={selected} onSelect={select} />
      ) : (
        <>
          <div className="trace-main">
            <div className="trace-picture">
              {as === "sankey" ? (
                <SankeyView shown={shown} onSelect={select} />
              ) : (
                <Graph
                  handle={graph}
                  shown={shown}
                  selected={selected}
                  edge={edge}
                  byAmount={byAmount}
                  onSelect={select}
                  onEdge={selectEdge}
                  onOpen={open}
                  onInspect={inspect}
                  onMoved={(id, x, y) => run(commands.move(id, x, y))}
                  onDrawn={drawn}
                />
              )}
            </div>
            <aside className="inspector" tabIndex={-1} aria-label={t("inspect")}>
              {below && (
                <Inspector
                  answer={answer}
                  model={model}
                  shown={shown}
                  selected={selected}
                  edge={edge}
                  onSelect={select}
                  onEdge={selectEdge}
                />
              )}
            </aside>
          </div>
          {below && model.edges.length > 0 && (
            <TimeBrush
              model={model}
              range={view.range}
              onPreview={setPreview}
              onRange={(range) => {
                setPreview(undefined);
                run(commands.range(range));
              }}
            />
          )}
          {below ? (
            <Tables
              answer={answer}
              model={model}
              shown={shown}
              view={view}
              selected={selected}
              edge={edge}
              onSelect={select}
              onEdge={selectEdge}
              onInspect={(id) => {
                select(id, false);
                inspect();
              }}
            />
          ) : (
            <Loading lines={6} />
          )}
        </>
      )}
      <Modal
        open={asking}
        title={t("question")}
        footer={null}
        width={760}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        {form}
      </Modal>
      {stopping && (
        <StopDialog answer={answer} selected={stopping} report={report} of={of} onClose={() => setStopping(null)} />
      )}
    </div>
  );
}

function afterNextFrame(then: () => void) {
  requestAnimationFrame(() => setTimeout(then, 0));
}

interface ToolProps {
  name: string;
  k: string;
  icon: ReactNode;
  off?: boolean;
  run: () => void;
}

function Tool({ name, k, icon, off, run }: ToolProps) {
  return (
    <Tooltip title={`${name} (${k})`}>
      <Button size="small" icon={icon} aria-label={name} disabled={off} onClick={run} />
    </Tooltip>
  );
}
