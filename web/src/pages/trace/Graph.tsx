// The canvas with its layer headings and keys.
import { type KeyboardEvent, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import { money } from "@/app/format";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useTheme } from "@/theme/theme";
import { Canvas } from "./canvas";
import { NODE_WIDTH, pathOf, type Shown } from "./model";
import { useTraceWords } from "./words";

const T = texts(
  {
    graph:
      "资金穿透图：方向键在账户间移动，回车查看，e 展开或折叠，h 隐藏，Shift+h 隐藏其他，u 撤销，f 适应窗口。下方表格内容相同。",
    at: "{layer} {name}，流入 {in}，留存 {held}",
  },
  {
    graph:
      "Fund trace: arrows move between accounts, Enter inspects, e expands or folds, h hides, Shift+h hides the others, u undoes, f fits. The table below says the same.",
    at: "{layer} {name}, in {in}, held {held}",
  },
);

export interface GraphHandle {
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
    fit: () => canvas.current?.fit(false),
    picture: () => canvas.current?.picture(palette.surface) ?? Promise.reject(new Error("no canvas")),
  }));

  const pressed = (event: KeyboardEvent) => {
    const step = neighbour(shown, selected.at(-1), event.key);
    if (step) props.onSelect(step, false);
    else if (event.key === "Enter" && selected.length > 0) props.onInspect();
    else if (event.key === "Escape") props.onSelect(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = shown.nodes.find((node) => node.id === selected.at(-1));
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
