// The canvas: Cytoscape with the places that the engine gave. It draws what it is given (model.ts: Shown) and reports clicks
// and drags; it decides nothing. Cost: one batch a change; 300 nodes and 700 edges within bench/console's limit.
import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import { money } from "@/app/format";
import { FONT } from "@/theme/theme";
import type { Palette } from "@/theme/tokens";
import { NODE_WIDTH, type Shown, type TraceNode, widthOf } from "./model";

/** Cytoscape puts a style element into the page where there is none of this id: the policy does not let it, app.css has it. */
const STYLE_ID = "__________cytoscape_stylesheet";

const READABLE = 0.6;

export interface Labels {
  short: (node: TraceNode) => string;
  money: (node: TraceNode) => string;
}

export interface CanvasEvents {
  select: (id: string | null, adds: boolean) => void;
  inspectEdge: (id: string | null) => void;
  open: (id: string) => void;
  moved: (id: string, x: number, y: number) => void;
  viewport: (zoom: number, panX: number, panY: number) => void;
}

function sheet(p: Palette, byAmount: boolean): StylesheetJson {
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
    { selector: ".stop", style: { "background-color": p.successGround, "border-color": p.success, "border-width": 2 } },
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
        "curve-style": "bezier",
        "source-endpoint": "90deg",
        "target-endpoint": "270deg",
        width: byAmount ? "data(width)" : 1.5,
        "line-color": p.control,
        "line-opacity": 0.55,
        "target-arrow-shape": "triangle",
        "target-arrow-color": p.control,
        "arrow-scale": 0.9,
        label: "data(label)",
        "font-family": FONT,
        "font-size": 15,
        color: p.soft,
        "text-background-color": p.surface,
        "text-background-opacity": 0.85,
        "text-background-padding": "2px",
        "min-zoomed-font-size": 8,
        "overlay-opacity": 0,
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
        "target-arrow-color": p.warning,
        "curve-style": "unbundled-bezier",
        "control-point-distances": 270,
        "control-point-weights": 0.5,
        "source-endpoint": "outside-to-node",
        "target-endpoint": "outside-to-node",
      },
    },
    { selector: ".faded", style: { opacity: 0.16 } },
    { selector: "edge.path", style: { "line-color": p.primary, "target-arrow-color": p.primary, "line-opacity": 0.9 } },
    { selector: "node:selected", style: { "border-color": p.primary, "border-width": 4, "border-style": "solid" } },
    { selector: "edge:selected", style: { "line-color": p.danger, "target-arrow-color": p.danger, "line-opacity": 1 } },
  ];
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
      wheelSensitivity: 0.35,
      selectionType: "single",
      boxSelectionEnabled: true,
      // While the picture moves it is one texture: panning costs the same for ten nodes and for three hundred.
      textureOnViewport: true,
      hideEdgesOnViewport: false,
      pixelRatio: Math.min(2, window.devicePixelRatio),
    });
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
    this.cy.style(sheet(palette, byAmount));
  }

  /** Brings the canvas to what is shown now; what stays is not made anew. */
  draw(shown: Shown, labels: Labels) {
    const { cy } = this;
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

  /** Selected nodes, and the path of money through them; everything else steps back. */
  mark(selected: readonly string[], edge: string | null, path: { nodes: Set<string>; edges: Set<string> } | null) {
    const { cy } = this;
    const chosen = new Set(selected);
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
    cy.fit(undefined, 28);
    if (cy.zoom() > 1) {
      cy.zoom(1);
      cy.center();
    } else if (readable && cy.zoom() < READABLE) {
      cy.zoom(READABLE);
      cy.center(cy.nodes(".start"));
      const start = cy.nodes(".start").renderedBoundingBox();
      cy.panBy({ x: 24 - start.x1, y: 0 });
    }
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
