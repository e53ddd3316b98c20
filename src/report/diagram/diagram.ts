// The content of a layer diagram, as pure data, and its two simplifications: layers drawn inside the layer before them, and
// nested models opened up. Where things go is layout.ts's business.

/** Told apart by colour. */
export type NodeKind = "input" | "convolution" | "pooling" | "dense" | "pointwise" | "merge" | "model" | "other";

/** A layer as a box. */
export interface DiagramNode {
  /** Unique within its diagram. */
  readonly id: string;
  /** The layer's name. */
  readonly name: string;
  /** The layer's class. */
  readonly type: string;
  /** Shape of its output: `80 × 60 × 16`. */
  readonly shape: string;
  /** Settings, and layers drawn inside this one: a line each. */
  readonly details: readonly string[];
  /** The kind of layer, which gives the colour. */
  readonly kind: NodeKind;
  /** The layers of a nested model. */
  readonly inside?: Diagram;
}

/** Boxes and arrows of a model. */
export interface Diagram {
  /** The model's name. */
  readonly name: string;
  /** The boxes, in order. */
  readonly nodes: readonly DiagramNode[];
  /** From one node's id to another's. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/**
 * Normalizations, activations and the like move into the layer that alone feeds them, as a line of its box.
 * @example
 * const node = (id, type, kind) => ({ id, name: id, type, kind, shape: "10 × 10 × 4", details: [] });
 * const nodes = [node("conv", "Conv2D", "convolution"), node("norm", "BatchNormalization", "pointwise")];
 * compacted({ name: "net", nodes, edges: [["conv", "norm"]] }).nodes; // one box, with a line BatchNormalization
 */
export function compacted({ name, nodes, edges }: Diagram): Diagram {
  const into = new Map<string, string>();
  const home = (id: string): string => into.get(id) ?? id;
  const known = new Map(nodes.map((node) => [node.id, node]));
  const boxes = new Map<string, DiagramNode>();
  for (const node of nodes) {
    const before = edges.filter(([, to]) => to === node.id).map(([from]) => from);
    const feeder = before.length === 1 ? known.get(before[0]!) : undefined;
    const alone = feeder !== undefined && edges.filter(([from]) => from === feeder.id).length === 1;
    const box = feeder && boxes.get(home(feeder.id));
    if (node.kind === "pointwise" && alone && box !== undefined && box.kind !== "input" && box.kind !== "model") {
      into.set(node.id, box.id);
      const line = [node.type, ...node.details].join(" ");
      boxes.set(box.id, { ...box, shape: node.shape, details: [...box.details, line] });
    } else boxes.set(node.id, node.inside === undefined ? node : { ...node, inside: compacted(node.inside) });
  }
  const kept = edges
    .map(([from, to]) => [home(from), home(to)] as const)
    .filter(([from, to]) => from !== to && boxes.has(to));
  return { name, nodes: [...boxes.values()], edges: kept };
}

/** A node that is drawn, and the nested models it lies in, outermost first. */
export interface PlacedNode {
  readonly node: DiagramNode;
  readonly within: readonly string[];
}

export interface OpenedDiagram {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Names of the frames around nested models, by their ids. */
  readonly frames: ReadonlyMap<string, string>;
}

/** Opens nested models: what led to one leads to its inputs, what left it leaves its outputs. */
export function opened(diagram: Diagram, within: readonly string[] = []): OpenedDiagram {
  const prefix = within.at(-1) === undefined ? "" : `${within.at(-1)}/`;
  const nodes: PlacedNode[] = [];
  const edges: (readonly [string, string])[] = [];
  const frames = new Map<string, string>();
  const entries = new Map<string, readonly string[]>();
  const exits = new Map<string, readonly string[]>();
  for (const node of diagram.nodes) {
    const id = prefix + node.id;
    if (node.inside === undefined) {
      nodes.push({ node: { ...node, id }, within });
      continue;
    }
    frames.set(id, `${node.name} (${node.type})`);
    const inner = opened(node.inside, [...within, id]);
    nodes.push(...inner.nodes);
    edges.push(...inner.edges);
    for (const [frame, title] of inner.frames) frames.set(frame, title);
    const ids = inner.nodes.map((drawn) => drawn.node.id);
    entries.set(
      id,
      ids.filter((nodeId) => !inner.edges.some(([, to]) => to === nodeId)),
    );
    exits.set(
      id,
      ids.filter((nodeId) => !inner.edges.some(([from]) => from === nodeId)),
    );
  }
  for (const [from, to] of diagram.edges)
    for (const start of exits.get(prefix + from) ?? [prefix + from])
      for (const end of entries.get(prefix + to) ?? [prefix + to]) edges.push([start, end]);
  return { nodes, edges, frames };
}
