// Decides what lies in memory and what is computed on the way: elementwise chains become groups, groups become the
// prologue or epilogue of a heavy kernel, convolutions swallow their pooling, and pooling gradients stay virtual.
import type { Graph } from "../core/graph/graph.js";
import { rootsOf, topologicalOrder } from "../core/graph/graph.js";
import type { Node, OpNode, Value } from "../core/graph/node.js";
import { isElementwiseOp, isOp, type NodeOf } from "../core/ops/index.js";
import { sameShape, sizeOf } from "../core/shape.js";
import { resolve } from "./expression.js";
import type { Target } from "./target.js";

interface Use {
  readonly node: OpNode;
  readonly operand: number;
  /** The operand as the user sees it: maybe a reshape of the value in question. */
  readonly seen: Value;
}

export interface Fusion {
  readonly order: readonly Node[];
  /** Values that must lie in memory because they leave the graph. */
  readonly roots: ReadonlySet<Value>;
  readonly uses: (value: Value) => readonly Use[];
  /** True for values that are computed inside other kernels and never stored. */
  readonly isVirtual: (value: Value) => boolean;
  /** The values that one elementwise kernel stores, keyed by each of them; the first is the one computed last. */
  readonly groupOf: ReadonlyMap<Value, readonly Value[]>;
  /** For a value computed by a heavy kernel: the group that the kernel computes as its epilogue. */
  readonly epilogueOf: ReadonlyMap<Value, Value>;
  /** The pooling that a convolution computes in place. */
  readonly poolOf: ReadonlyMap<OpNode, NodeOf<"maxPool2d">>;
}

/** Heavy kernels that can compute an epilogue over [rows, last axis]. */
const ANCHORS: ReadonlySet<string> = new Set([
  "matmul",
  "conv2d",
  "conv2dInputGrad",
  "depthwiseConv2d",
  "depthwiseConv2dInputGrad",
]);
/** Kernels that compute a cheap chain while they read their images. */
const IMAGE_READERS: ReadonlySet<string> = new Set([
  "conv2d",
  "conv2dFilterGrad",
  "depthwiseConv2d",
  "depthwiseConv2dFilterGrad",
]);
/** Elementwise in the sense of fusion: float32, same position in and out. */
function isElementwise(node: Node): node is OpNode {
  if (node.kind !== "op") return false;
  return isElementwiseOp(node) || isOp(node, "cast") ? node.outputs[0]!.type.dtype === "float32" : isFree(node);
}

/** Views and constants: never worth a buffer inside an expression. */
const isFree = (node: Node): boolean => isOp(node, "constant") || isOp(node, "broadcastTo");

/** Windows that tile the image without overlap or padding. */
export const tiles = ({ size, strides, padding }: NodeOf<"maxPool2d">["attrs"]): boolean =>
  size[0] === strides[0] && size[1] === strides[1] && padding.every((cells) => cells === 0);

export function fuse(graph: Graph, target: Target): Fusion {
  const rootValues = rootsOf(graph).map(resolve);
  const roots = new Set(rootValues);
  const order = topologicalOrder(rootsOf(graph));
  const useMap = new Map<Value, Use[]>();
  for (const node of order) {
    if (node.kind !== "op" || isOp(node, "reshape")) continue;
    node.inputs.forEach((seen, operand) => {
      const owner = resolve(seen);
      const list = useMap.get(owner) ?? [];
      list.push({ node, operand, seen });
      useMap.set(owner, list);
    });
  }
  const uses = (value: Value): readonly Use[] => useMap.get(value) ?? [];
  const virtual = new Set<Value>();
  const poolOf = new Map<OpNode, NodeOf<"maxPool2d">>();

  for (const node of order) {
    if (isOp(node, "conv2d")) {
      const pool = onlyPooling(node, uses, roots);
      if (pool !== undefined) {
        poolOf.set(node, pool);
        virtual.add(node.outputs[0]!);
      }
    }
    if (target.sparsePooling && isOp(node, "maxPool2dGrad") && tiles(node.attrs) && sizeOf(node.attrs.size) >= 4) {
      const value = node.outputs[0]!;
      const sparse = uses(value).every(
        ({ node: user, operand, seen }) =>
          seen === value &&
          ((isOp(user, "conv2dFilterGrad") && operand === 1) || (isOp(user, "conv2dInputGrad") && operand === 0)) &&
          user.attrs.dilation === undefined,
      );
      if (sparse && !roots.has(value)) virtual.add(value);
    }
  }

  // Consumers first: an elementwise value used by one group only, position by position, is computed inside it.
  const groupHead = new Map<Node, Node>();
  for (const node of [...order].reverse()) {
    if (isOp(node, "sum") || isOp(node, "max")) groupHead.set(node, node);
    if (!isElementwise(node)) continue;
    const value = node.outputs[0]!;
    const users = uses(value);
    if (roots.has(value) || !users.every((use) => fusesWith(use, value))) {
      groupHead.set(node, node);
      if (isPrologue(value, uses, roots, target.prologueSteps)) virtual.add(value);
      continue;
    }
    const heads = new Set(users.map(({ node: user }) => groupHead.get(user)!));
    if (isFree(node) || heads.size === 1) {
      virtual.add(value);
      groupHead.set(node, heads.size === 1 ? [...heads][0]! : node);
    } else groupHead.set(node, node);
  }

  const groupOf = formGroups(order, groupHead, virtual, uses);
  return {
    order,
    roots,
    uses,
    isVirtual: (value) => virtual.has(value),
    groupOf,
    epilogueOf: findEpilogues(order, groupOf, groupHead, virtual, roots, uses, poolOf),
    poolOf,
  };
}

/** A use that reads the value at the very position where it is computed. */
function fusesWith({ node, seen }: Use, value: Value): boolean {
  if (isOp(node, "broadcastTo")) return isOp(value.node, "constant");
  const positional = isElementwise(node) || isOp(node, "sum") || isOp(node, "max");
  return positional && (seen === value || sameShape(seen.type.shape, value.type.shape));
}

/** The pooling that alone uses a convolution's output, if the convolution can compute it in place. */
function onlyPooling(node: OpNode, uses: Fusion["uses"], roots: ReadonlySet<Value>): NodeOf<"maxPool2d"> | undefined {
  const value = node.outputs[0]!;
  const users = uses(value);
  const user = users[0]?.node;
  if (users.length !== 1 || user === undefined || roots.has(value)) return undefined;
  return isOp(user, "maxPool2d") && tiles(user.attrs) ? user : undefined;
}

/** Cheap, for every convolution that reads it computes it again; flat in one operand, and read as images only. */
function isPrologue(value: Value, uses: Fusion["uses"], roots: ReadonlySet<Value>, mostSteps: number): boolean {
  if (roots.has(value)) return false;
  const convolutions = uses(value).every(
    ({ node, operand, seen }) =>
      operand === 0 && seen === value && node.kind === "op" && IMAGE_READERS.has(node.record.name),
  );
  if (!convolutions) return false;
  let steps = 0;
  let sources = 0;
  const visit = (v: Value): boolean => {
    const { node } = v;
    if (isOp(node, "constant")) return true;
    if (isOp(node, "broadcastTo")) return sizeOf(node.inputs[0]!.type.shape) === 1;
    if (node.kind !== "op" || !isElementwise(node)) {
      sources++;
      return true;
    }
    steps++;
    return uses(v).length === 1 || v === value ? node.inputs.every((operand) => visit(resolve(operand))) : false;
  };
  return visit(value) && steps <= mostSteps && sources === 1;
}

/** Elementwise groups, then merged where a group feeds another of its shape and nothing else lies between. */
function formGroups(
  order: readonly Node[],
  groupHead: Map<Node, Node>,
  virtual: ReadonlySet<Value>,
  uses: Fusion["uses"],
): Map<Value, readonly Value[]> {
  const groups = new Map<Value, readonly Value[]>();
  for (const node of [...order].reverse()) {
    if (!isElementwise(node)) continue;
    const value = node.outputs[0]!;
    if (virtual.has(value) || groupHead.get(node) !== node) continue;
    const target = uses(value)
      .filter((use) => fusesWith(use, value) && isElementwise(use.node) && !isFree(use.node))
      .map(({ node: user }) => groups.get(groupHead.get(user)!.outputs[0]!))
      .find((group) => group !== undefined && !isFree(node) && !reachesAround(value, group, groups, groupHead, uses));
    const members = [...(target ?? []), value];
    for (const member of members) groups.set(member, members);
  }
  return groups;
}

/**
 * Tells whether a path from `value` leaves `group` and comes back into it: then they cannot be one kernel. All results
 * of another group wait for the operands of each of its members.
 */
function reachesAround(
  value: Value,
  group: readonly Value[],
  groups: ReadonlyMap<Value, readonly Value[]>,
  groupHead: ReadonlyMap<Node, Node>,
  uses: Fusion["uses"],
): boolean {
  const heads = new Set<Node>(group.map((member) => member.node));
  const inside = (node: Node): boolean => heads.has(groupHead.get(node) ?? node);
  const outside = uses(value)
    .map(({ node }) => node)
    .filter((node) => !inside(node));
  const seen = new Set<Node>(outside);
  while (outside.length > 0) {
    const next = outside.pop()!;
    const together = groups.get((groupHead.get(next) ?? next).outputs[0]!) ?? [];
    for (const output of [...next.outputs, ...together])
      for (const { node } of uses(output)) {
        if (inside(node)) return true;
        if (seen.has(node)) continue;
        seen.add(node);
        outside.push(node);
      }
  }
  return false;
}

/** Groups that a heavy kernel can compute while its results are still in registers. Later kernels choose first. */
function findEpilogues(
  order: readonly Node[],
  groupOf: ReadonlyMap<Value, readonly Value[]>,
  groupHead: ReadonlyMap<Node, Node>,
  virtual: ReadonlySet<Value>,
  roots: ReadonlySet<Value>,
  uses: Fusion["uses"],
  poolOf: ReadonlyMap<OpNode, NodeOf<"maxPool2d">>,
): Map<Value, Value> {
  const epilogues = new Map<Value, Value>();
  const taken = new Set<Value>();
  for (const node of [...order].reverse()) {
    if (node.kind !== "op" || !ANCHORS.has(node.record.name)) continue;
    const value = (poolOf.get(node) ?? node).outputs[0]!;
    const users = uses(value);
    if (
      roots.has(value) ||
      users.length === 0 ||
      !users.every(({ node: user }) => isElementwise(user) && !isFree(user))
    )
      continue;
    const heads = new Set(users.map(({ node: user }) => groupHead.get(user)!));
    if (heads.size !== 1) continue;
    const group = groupOf.get([...heads][0]!.outputs[0]!);
    if (group?.length !== 1 || taken.has(group[0]!) || virtual.has(group[0]!)) continue;
    epilogues.set(value, group[0]!);
    taken.add(group[0]!);
  }
  return epilogues;
}
