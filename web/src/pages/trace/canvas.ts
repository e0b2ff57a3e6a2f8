// The canvas: Cytoscape with the places that the engine gave. It draws what it is given (model.ts: Shown) and reports clicks
// and drags; it decides nothing.
//
// Cost: one batch a change; bench/console draws 300 nodes and 700 edges. What made that slow, and is left out: texts at edges
// that nobody could read among hundreds (only what is chosen has them there), curves whose control points follow from every
// other edge of the pair, and asking Cytoscape for bounding boxes, which lays out every text; places are known without.
import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import { money } from "@/app/format";
import { FONT } from "@/theme/theme";
import type { Palette } from "@/theme/tokens";
import { NODE_WIDTH, type Shown, type TraceNode, widthOf } from "./model";

/** Cytoscape puts a style element into the page where there is none of this id: the policy does not let it, app.css has it. */
const STYLE_ID = "__________cytoscape_stylesheet";

const READABLE = 0.6;
const PADDING = 28;
/** From so many edges on they are plain lines, and only the chosen ones have a text. */
const DENSE = 250;

export interface Labels {
  short: (node: TraceNode) => string;
  money: (node: TraceNode) => string;
}

export interface CanvasEvents {
  /** Now it can be drawn on. */
  ready: () => void;
  select: (id: string | null, adds: boolean) => void;
  inspectEdge: (id: string | null) => void;
  open: (id: string) => void;
  moved: (id: string, x: number, y: number) => void;
  viewport: (zoom: number, panX: number, panY: number) => void;
}

const EDGE_TEXT = { label: "data(label)", "min-zoomed-font-size": 8 } as const;

function sheet(p: Palette, byAmount: boolean, isDense: boolean): StylesheetJson {
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: NODE_WIDTH,
        height: "data(height)",
        label: "data(label)",
        "text-wrap": "wrap",
        "text-valign": "center",
        "text-halign": "center",
        "font-family": FONT,
        "font-size": 17,
        "line-height": 1.25,
        color: p.ink,
        "background-color": p.surface,
        "border-width": 1,
        "border-color": p.control,
        "min-zoomed-font-size": 5,
        "overlay-opacity": 0,
      },
    },
    { selector: ".start", style: { "background-color": p.nav, color: p.navInk, "border-color": p.nav } },
    {
      selector: ".stop",
      style: { "background-color": p.successGround, color: p.ink, "border-color": p.success, "border-width": 2 },
    },
    { selector: ".cut", style: { "border-style": "dashed", "border-color": p.warning, "border-width": 2 } },
    {
      selector: ".sink",
      style: { shape: "round-hexagon", "background-color": p.dangerGround, "border-color": p.danger },
    },
    { selector: ".off", style: { "border-style": "double", "border-width": 4 } },
    { selector: ".fold", style: { "background-color": p.ground, "border-style": "dashed", color: p.soft } },
    {
      selector: "edge",
      style: {
        width: byAmount ? "data(width)" : 1.5,
        "line-color": p.control,
        "line-opacity": isDense ? 0.4 : 0.55,
        "overlay-opacity": 0,
        ...(isDense
          ? { "curve-style": "haystack", "haystack-radius": 0 }
          : {
              "curve-style": "bezier",
              "source-endpoint": "90deg",
              "target-endpoint": "270deg",
              "target-arrow-shape": "triangle",
              "target-arrow-color": p.control,
              "arrow-scale": 0.9,
              ...EDGE_TEXT,
              ...textOf(p),
            }),
      },
    },
    {
      selector: ".skip",
      style: { "line-style": "dashed", "line-color": p.primary, "target-arrow-color": p.primary },
    },
    {
      selector: ".return",
      style: {
        "line-style": "dashed",
        "line-color": p.warning,
        "target-arrow-shape": "triangle",
        "target-arrow-color": p.warning,
        "curve-style": "unbundled-bezier",
        "control-point-distances": 270,
        "control-point-weights": 0.5,
        "source-endpoint": "outside-to-node",
        "target-endpoint": "outside-to-node",
      },
    },
    { selector: ".faded", style: { opacity: 0.16 } },
    {
      selector: ".at",
      style: { "underlay-color": p.primary, "underlay-opacity": 0.3, "underlay-padding": 8, opacity: 1 },
    },
    {
      selector: "edge.path",
      style: {
        "line-color": p.primary,
        "target-arrow-color": p.primary,
        "line-opacity": 0.9,
        ...(isDense ? { ...EDGE_TEXT, ...textOf(p) } : {}),
      },
    },
    { selector: "node:selected", style: { "border-color": p.primary, "border-width": 4, "border-style": "solid" } },
    {
      selector: "edge:selected",
      style: {
        "line-color": p.danger,
        "target-arrow-color": p.danger,
        "line-opacity": 1,
        ...(isDense ? { ...EDGE_TEXT, ...textOf(p) } : {}),
      },
    },
  ];
}

function textOf(p: Palette) {
  return {
    "font-family": FONT,
    "font-size": 15,
    color: p.soft,
    "text-background-color": p.surface,
    "text-background-opacity": 1,
    "text-background-padding": "2px",
  };
}

function classOf(node: TraceNode): string {
  return [
    node.isStart && "start",
    node.type === "fold" && "fold",
    node.sink && "sink",
    node.rank !== null && "stop",
    node.cutFen > 0 && "cut",
    node.status && node.status !== "open" && "off",
  ]
    .filter(Boolean)
    .join(" ");
}

export class Canvas {
  readonly cy: Core;
  private readonly events: CanvasEvents;
  private shown: Shown | null = null;
  private marked = false;
  private look: { palette: Palette; byAmount: boolean; isDense: boolean } | null = null;

  constructor(box: HTMLElement, events: CanvasEvents) {
    this.events = events;
    if (!document.getElementById(STYLE_ID)) {
      const there = document.createElement("template");
      there.id = STYLE_ID;
      document.head.append(there);
    }
    this.cy = cytoscape({
      container: box,
      layout: { name: "preset" },
      minZoom: 0.05,
      maxZoom: 2.5,
      selectionType: "single",
      boxSelectionEnabled: true,
      // While the picture moves it is one texture: panning costs the same for ten nodes and for three hundred.
      textureOnViewport: true,
      hideEdgesOnViewport: false,
      pixelRatio: Math.min(2, window.devicePixelRatio),
    });
    // Its first picture Cytoscape draws whole, seen or not, into layers of the size of all of it; later ones only where they
    // are seen, with the layers made between frames. So the first one is of nothing.
    this.cy.one("render", () => events.ready());
    this.listen();
  }

  private listen() {
    const { cy, events } = this;
    cy.on("tap", (event) => {
      const original = event.originalEvent as MouseEvent | undefined;
      const adds = Boolean(original?.ctrlKey || original?.metaKey || original?.shiftKey);
      if (event.target === cy) {
        events.select(null, false);
        events.inspectEdge(null);
      } else if (event.target.isNode()) events.select(event.target.id(), adds);
      else events.inspectEdge(event.target.id());
    });
    cy.on("dbltap", "node", (event) => events.open(event.target.id()));
    cy.on("boxselect", "node", (event) => events.select(event.target.id(), true));
    cy.on("dragfree", "node", (event) => {
      const { x, y } = event.target.position();
      events.moved(event.target.id(), x, y);
    });
    cy.on("viewport resize", () => {
      const { x, y } = cy.pan();
      events.viewport(cy.zoom(), x, y);
    });
  }

  style(palette: Palette, byAmount: boolean) {
    const isDense = this.look?.isDense ?? false;
    this.look = { palette, byAmount, isDense };
    this.cy.style(sheet(palette, byAmount, isDense));
  }

  private setDense(isDense: boolean) {
    if (!this.look || this.look.isDense === isDense) return;
    this.look = { ...this.look, isDense };
    this.cy.style(sheet(this.look.palette, this.look.byAmount, isDense));
  }

  /** Brings the canvas to what is shown now; what stays is not made anew. */
  draw(shown: Shown, labels: Labels) {
    const { cy } = this;
    this.shown = shown;
    this.setDense(shown.edges.length > DENSE);
    const wanted = new Map<string, ElementDefinition>();
    for (const node of shown.nodes) {
      const rank = node.rank === null ? "" : `#${node.rank}  `;
      wanted.set(node.id, {
        group: "nodes",
        data: { id: node.id, label: `${rank}${labels.short(node)}\n${labels.money(node)}`, height: node.height },
        position: { x: node.x, y: node.y },
        classes: classOf(node),
      });
    }
    for (const edge of shown.edges) {
      const times = edge.count > 1 ? ` ×${edge.count}` : "";
      wanted.set(edge.id, {
        group: "edges",
        data: {
          id: edge.id,
          source: edge.from,
          target: edge.to,
          label: `${money(edge.taintFen)}${times}`,
          width: widthOf(edge.taintFen),
        },
        classes: edge.shape === "forward" ? "" : edge.shape,
      });
    }
    cy.batch(() => {
      cy.elements().forEach((element) => {
        const now = wanted.get(element.id());
        if (!now) {
          cy.remove(element);
          return;
        }
        wanted.delete(element.id());
        element.data(now.data);
        element.classes(now.classes as string);
        if (now.position && element.isNode()) element.position(now.position);
      });
      cy.add([...wanted.values()]);
    });
  }

  /** The node that the keys are at, where that is not what is selected. */
  point(id: string | null) {
    this.cy.batch(() => {
      this.cy.nodes(".at").removeClass("at");
      if (id !== null) this.cy.getElementById(id).addClass("at");
    });
  }

  /** About the middle of what is seen. */
  zoom(by: number) {
    const { cy } = this;
    cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  /** Selected nodes, and the path of money through them; everything else steps back. */
  mark(selected: readonly string[], edge: string | null, path: { nodes: Set<string>; edges: Set<string> } | null) {
    const { cy } = this;
    const chosen = new Set(selected);
    const marks = selected.length > 0 || edge !== null;
    if (!marks && !this.marked) return;
    this.marked = marks;
    cy.batch(() => {
      cy.nodes().forEach((node) => {
        const id = node.id();
        if (node.selected() !== chosen.has(id)) node[chosen.has(id) ? "select" : "unselect"]();
        node.toggleClass("faded", path !== null && !path.nodes.has(id));
      });
      cy.edges().forEach((one) => {
        const id = one.id();
        if (one.selected() !== (id === edge)) one[id === edge ? "select" : "unselect"]();
        one.toggleClass("faded", path !== null && !path.edges.has(id));
        one.toggleClass("path", path?.edges.has(id) ?? false);
      });
    });
  }

  /** All of it; `readable`: no smaller than can be read, the victims at the left. */
  fit(readable: boolean) {
    const { cy } = this;
    const box = boxOf(this.shown?.nodes ?? []);
    const [width, height] = [cy.width(), cy.height()];
    if (!box || width === 0 || height === 0) return;
    const whole = Math.min((width - 2 * PADDING) / (box.x2 - box.x1), (height - 2 * PADDING) / (box.y2 - box.y1));
    const zoom = Math.min(1, Math.max(whole, readable ? READABLE : cy.minZoom()));
    const start = zoom > whole ? boxOf(this.shown?.nodes.filter((node) => node.isStart) ?? []) : null;
    const middle = start ?? box;
    cy.viewport({
      zoom,
      pan: {
        x: start ? 24 - start.x1 * zoom : width / 2 - ((box.x1 + box.x2) / 2) * zoom,
        y: height / 2 - ((middle.y1 + middle.y2) / 2) * zoom,
      },
    });
  }

  /** Moves the picture so far that the node is seen. */
  reveal(id: string) {
    const node = this.cy.getElementById(id);
    if (node.empty()) return;
    const { x1, y1, x2, y2 } = node.renderedBoundingBox();
    const [width, height] = [this.cy.width(), this.cy.height()];
    const dx = x1 < 0 ? 24 - x1 : x2 > width ? width - 24 - x2 : 0;
    const dy = y1 < 30 ? 40 - y1 : y2 > height ? height - 24 - y2 : 0;
    if (dx !== 0 || dy !== 0) this.cy.panBy({ x: dx, y: dy });
  }

  picture(background: string): Promise<Blob> {
    return this.cy.png({
      output: "blob-promise",
      full: true,
      scale: 2,
      bg: background,
      maxWidth: 8000,
      maxHeight: 8000,
    });
  }

  close() {
    this.cy.destroy();
  }
}

interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

function boxOf(nodes: readonly TraceNode[]): Box | null {
  if (nodes.length === 0) return null;
  const box: Box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  for (const { x, y, height } of nodes) {
    box.x1 = Math.min(box.x1, x - NODE_WIDTH / 2);
    box.x2 = Math.max(box.x2, x + NODE_WIDTH / 2);
    box.y1 = Math.min(box.y1, y - height / 2);
    box.y2 = Math.max(box.y2, y + height / 2);
  }
  return box;
}
