// The canvas with its layer headings and keys.
import { type KeyboardEvent, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import { money } from "@/app/format";
import { type Key, useKeys } from "@/app/keys";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useTheme } from "@/theme/theme";
import { Canvas } from "./canvas";
import { NODE_WIDTH, pathOf, type Shown } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    graph:
      "资金穿透图：方向键在账户间移动，x 选择多个，回车查看，e 展开或折叠，h 隐藏，u 撤销，s 呈请止付；按问号列出全部按键。下方表格内容相同。",
    at: "{layer} {name}，流入 {in}，留存 {held}",
    chosen: "，已选 {n} 个",
  },
  {
    graph:
      "Fund trace: arrows move between accounts, x chooses several, Enter inspects, e expands or folds, h hides, u undoes, s proposes stops; a question mark lists all keys. The table below says the same.",
    at: "{layer} {name}, in {in}, held {held}",
    chosen: ", {n} chosen",
  },
);

const CANVAS_KEYS: readonly Key[] = [
  { key: "← → ↑ ↓", does: ["图中：沿资金流向、在同一层内移动", "In the graph: along the money, and within a layer"] },
  {
    key: "Space",
    does: ["图中：选择多个（移动后再按；也可用 x）", "In the graph: choose several (move, press again; also x)"],
  },
  { key: "Escape", does: ["图中：结束多选、取消选择", "In the graph: end choosing, select nothing"] },
  { key: "Enter", does: ["图中：查看所选；表格中：打开", "In the graph: inspect; in a table: open"] },
];

export interface GraphHandle {
  focus: () => void;
  zoom: (by: number) => void;
  fit: () => void;
  picture: () => Promise<Blob>;
}

export interface GraphProps {
  shown: Shown;
  selected: readonly string[];
  edge: string | null;
  byAmount: boolean;
  onSelect: (id: string | null, adds: boolean) => void;
  onEdge: (id: string | null) => void;
  onOpen: (id: string) => void;
  onInspect: () => void;
  onMoved: (id: string, x: number, y: number) => void;
  /** The picture is complete: what can wait for it may come. */
  onDrawn: () => void;
  handle: React.Ref<GraphHandle>;
}

export default function Graph(props: GraphProps) {
  const { shown, selected, edge, byAmount, handle } = props;
  const t = useTexts(T);
  const words = useTraceWords();
  const { language } = useLanguage();
  const { palette } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);
  const canvas = useRef<Canvas | null>(null);
  const [isReady, setIsReady] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const layers = useMemo(() => {
    const found = new Map<number, number>();
    for (const node of shown.nodes) if (node.type !== "fold" && !node.sink) found.set(node.layer, node.x);
    return [...found].sort((a, b) => a[0] - b[0]);
  }, [shown]);

  useLayoutEffect(() => {
    if (!box.current) return;
    const made = new Canvas(box.current, {
      ready: () => setIsReady(true),
      select: (id, adds) => latest.current.onSelect(id, adds),
      inspectEdge: (id) => latest.current.onEdge(id),
      open: (id) => latest.current.onOpen(id),
      moved: (id, x, y) => latest.current.onMoved(id, x, y),
      viewport: (zoom, panX) => placeHeads(heads.current, zoom, panX),
    });
    canvas.current = made;
    return () => {
      canvas.current = null;
      made.close();
    };
  }, []);
  useLayoutEffect(() => canvas.current?.style(palette, byAmount), [palette, byAmount]);
  // Where the arrows are. It is what is selected, until x chooses several: then it moves alone.
  const [cursor, setCursor] = useState<string | null>(null);
  const [picking, setPicking] = useState(false);
  const last = selected.at(-1) ?? null;
  const here = picking ? (cursor ?? last) : last;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn anew has lost its mark
  useEffect(() => {
    if (isReady) canvas.current?.point(picking ? here : null);
  }, [picking, here, isReady, shown]);
  const fitted = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the labels change with the language alone
  useLayoutEffect(() => {
    const drawn = canvas.current;
    if (!drawn || !isReady) return;
    drawn.draw(shown, {
      short: words.short,
      money: (node) =>
        node.heldFen > 0 && !node.isStart ? `${words.t("held")} ${money(node.heldFen)}` : money(node.inFen),
    });
    if (!fitted.current) {
      fitted.current = true;
      drawn.fit(true);
    }
    placeHeads(heads.current, drawn.cy.zoom(), drawn.cy.pan().x);
    drawn.cy.one("render", () => {
      performance.mark("trace-drawn");
      latest.current.onDrawn();
    });
  }, [shown, language, isReady]);
  useEffect(() => {
    if (!isReady) return;
    const one = selected.length === 1 ? selected[0] : undefined;
    canvas.current?.mark(selected, edge, one ? pathOf(shown.edges, one) : null);
    if (one) canvas.current?.reveal(one);
  }, [selected, edge, shown, isReady]);
  useImperativeHandle(handle, () => ({
    focus: () => box.current?.focus(),
    zoom: (by) => canvas.current?.zoom(by),
    fit: () => canvas.current?.fit(false),
    picture: () => canvas.current?.picture(palette.surface) ?? Promise.reject(new Error("no canvas")),
  }));

  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = neighbour(shown, here ?? undefined, event.key);
    if (step) {
      setCursor(step);
      if (picking) canvas.current?.reveal(step);
      else props.onSelect(step, false);
    } else if ((event.key === "x" || event.key === " ") && here) {
      if (picking || !selected.includes(here)) props.onSelect(here, true);
      setCursor(here);
      setPicking(true);
    } else if (event.key === "Enter" && selected.length > 0) props.onInspect();
    else if (event.key === "Escape" && picking) setPicking(false);
    else if (event.key === "Escape") props.onSelect(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = shown.nodes.find((node) => node.id === here);
  useKeys(CANVAS_KEYS);
  return (
    <div className="trace-graph">
      <div className="trace-heads" ref={heads} aria-hidden="true">
        {layers.map(([layer, x]) => (
          <span key={layer} data-x={x}>
            {words.layer(layer)}
          </span>
        ))}
      </div>
      <div
        ref={box}
        className="trace-canvas __________cytoscape_container"
        role="application"
        tabIndex={0}
        aria-label={t("graph")}
        onKeyDown={pressed}
        data-nodes={isReady ? shown.nodes.length : undefined}
        data-edges={shown.edges.length}
      />
      <div className="sr-only" aria-live="polite">
        {at &&
          t("at", {
            layer: words.layer(at.layer),
            name: words.name(at),
            in: money(at.inFen),
            held: money(at.heldFen),
          })}
        {at && selected.includes(at.id) && selected.length > 1 && t("chosen", { n: selected.length })}
      </div>
    </div>
  );
}

/** Headings stand over their columns however the picture is moved. */
function placeHeads(heads: HTMLElement | null, zoom: number, panX: number) {
  for (const head of heads?.children ?? []) {
    const element = head as HTMLElement;
    const width = Math.max(56, NODE_WIDTH * zoom);
    element.hidden = zoom < 0.13;
    element.style.width = `${width}px`;
    element.style.transform = `translateX(${Number(element.dataset.x) * zoom + panX - width / 2}px)`;
  }
}

/** Where an arrow key leads: along an edge to the left or right, else up and down within the layer. */
function neighbour(shown: Shown, from: string | undefined, key: string): string | null {
  const keys = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
  if (!keys.has(key)) return null;
  const at = shown.nodes.find((node) => node.id === from) ?? null;
  if (!at) return shown.nodes.find((node) => node.isStart)?.id ?? shown.nodes[0]?.id ?? null;
  const vertical = key === "ArrowUp" || key === "ArrowDown";
  if (vertical) {
    const column = shown.nodes.filter((node) => node.layer === at.layer).sort((a, b) => a.y - b.y || a.x - b.x);
    const next = column[column.indexOf(at) + (key === "ArrowDown" ? 1 : -1)];
    return next?.id ?? at.id;
  }
  const right = key === "ArrowRight";
  const linked = shown.edges
    .filter((edge) => (right ? edge.from === at.id : edge.to === at.id))
    .map((edge) => ({ id: right ? edge.to : edge.from, fen: edge.taintFen }));
  const ahead = linked
    .flatMap(({ id, fen }) => {
      const node = shown.nodes.find((one) => one.id === id);
      return node && (right ? node.x > at.x : node.x < at.x) ? [{ id, fen }] : [];
    })
    .sort((a, b) => b.fen - a.fen);
  return ahead[0]?.id ?? at.id;
}
