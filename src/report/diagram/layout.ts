// Places of the boxes, frames and arrows of a diagram: layers from top to bottom (or left to right), by dagre.
import { layout as dagreLayout, Graph } from "@dagrejs/dagre";
import { widestText } from "../charts/text-width.js";
import type { DiagramNode, OpenedDiagram } from "./diagram.js";

/** The part of dagre that is used, whose own declarations TypeScript cannot follow. */
interface LayoutGraph {
  setGraph(label: object): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, label: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string): void;
  node(id: string): Box;
  graph(): { readonly width: number; readonly height: number };
  edges(): readonly object[];
  edge(edge: object): { readonly points: readonly { readonly x: number; readonly y: number }[] };
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Corner and size of each node's box. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly frames: ReadonlyMap<string, Box>;
  readonly arrows: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

export const NAME_SIZE = 12.5;
export const TEXT_SIZE = 11;
export const LINE_HEIGHT = 15;
export const PADDING = 9;
/** Fonts differ, and bold letters are wider. */
const ROOM = 1.1;
const BOLD = 1.2;

/** The lines below a box's name: class, settings, then the shape. */
export const textLines = ({ type, details, shape }: DiagramNode): string[] => [type, ...details, shape];

function sizeOf(node: DiagramNode): { width: number; height: number } {
  const lines = textLines(node);
  const width = Math.max(widestText([node.name], NAME_SIZE * BOLD), widestText(lines, TEXT_SIZE) * ROOM);
  return {
    width: Math.ceil(Math.max(96, width) + 2 * PADDING + 8),
    height: LINE_HEIGHT * (lines.length + 1) + 2 * PADDING,
  };
}

/** Lays a diagram out. `direction` is where the output lies. */
export function layoutOf({ nodes, edges, frames }: OpenedDiagram, direction: "down" | "right"): Layout {
  const graph: LayoutGraph = new Graph({ compound: true });
  graph.setGraph({ rankdir: direction === "down" ? "TB" : "LR", nodesep: 28, ranksep: 30, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of frames.keys()) graph.setNode(frame, {});
  for (const { node, within } of nodes) {
    graph.setNode(node.id, sizeOf(node));
    const parent = within.at(-1);
    if (parent !== undefined) graph.setParent(node.id, parent);
  }
  for (const frame of frames.keys()) {
    const around = frame.includes("/") ? frame.slice(0, frame.lastIndexOf("/")) : undefined;
    if (around !== undefined && frames.has(around)) graph.setParent(frame, around);
  }
  for (const [from, to] of edges) graph.setEdge(from, to);
  dagreLayout(graph);
  const boxOf = (id: string): Box => {
    const { x, y, width, height } = graph.node(id);
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const { width, height } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: new Map(nodes.map(({ node }) => [node.id, boxOf(node.id)])),
    frames: new Map([...frames.keys()].map((id) => [id, boxOf(id)])),
    arrows: graph.edges().map((edge) => graph.edge(edge).points),
  };
}
