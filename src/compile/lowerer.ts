// The state of one lowering: the buffers made so far, the kernels emitted so far, and the gathering of expressions for
// elementwise kernels, prologues and epilogues. lower.ts chooses the kernel of an op.
import type { Graph, Numerics } from "../core/graph/graph.js";
import type { OpNode, Value, Variable } from "../core/graph/node.js";
import type { NodeOf } from "../core/ops/index.js";
import { type Shape, sizeOf, stridesOf } from "../core/shape.js";
import { CompilerMistake } from "./compiler-mistake.js";
import { asMatrix, buildExpression, identityEpilogue, readLeaf, resolve } from "./expression.js";
import { type Fusion, fuse } from "./fuse.js";
import { pointPitch, tilePoints } from "./geometry.js";
import {
  type Buffer,
  type ConvGeometry,
  type Expression,
  type Kernel,
  type KernelName,
  type KernelTable,
  kernel,
  type Leaf,
  type PoolWindow,
  type Tiling,
} from "./kernels.js";
import type { Target } from "./target.js";

export interface LoweredGraph {
  /** In no particular order: the schedule follows what they read and write. */
  readonly kernels: readonly Kernel[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly variables: ReadonlyMap<Variable, Buffer>;
  /** New contents of each updated variable: the buffer that holds it after all kernels have run. */
  readonly updates: readonly (readonly [Variable, Buffer])[];
}

/** The state of one lowering: buffers made so far, kernels emitted so far. */
export class Lowerer {
  readonly fusion: Fusion;
  readonly numerics: Numerics;
  readonly #kernels: Kernel[] = [];
  readonly #buffers = new Map<Value, Buffer>();
  readonly #variables = new Map<Variable, Buffer>();
  readonly #inputs: Buffer[];
  /** Groups that became the epilogue of a heavy kernel. */
  readonly #absorbed = new Set<Value>();

  constructor(
    graph: Graph,
    readonly target: Target,
  ) {
    this.fusion = fuse(graph, target);
    this.numerics = graph.numerics ?? 1;
    this.#inputs = graph.inputs.map((value) => {
      const made: Buffer = { dtype: value.type.dtype, size: sizeOf(value.type.shape), role: "input" };
      this.#buffers.set(value, made);
      return made;
    });
    for (const [variable] of graph.updates) this.#variable(variable);
  }

  emit<K extends KernelName>(kind: K, fields: KernelTable[K]): void {
    this.#kernels.push(kernel(kind, fields));
  }

  temporary(size: number): Buffer {
    return { dtype: "float32", size, role: "temporary" };
  }

  /** The buffer of a value that lies in memory. */
  buffer(value: Value): Buffer {
    const owner = resolve(value);
    if (owner.node.kind === "variable") return this.#variable(owner.node.variable);
    let found = this.#buffers.get(owner);
    if (found === undefined) {
      found = { dtype: owner.type.dtype, size: sizeOf(owner.type.shape), role: "temporary" };
      this.#buffers.set(owner, found);
    }
    return found;
  }

  leaf(value: Value): Leaf {
    return { buffer: this.buffer(value), strides: stridesOf(value.type.shape), offset: 0 };
  }

  /** Copies `from`, walked over `shape`, into a contiguous buffer. */
  copy(shape: Shape, from: Leaf, output: Buffer = this.temporary(sizeOf(shape))): Buffer {
    this.emit("elementwise", { expression: readLeaf(shape, from), outputs: [output], dtype: output.dtype });
    return output;
  }

  /** Tiles by which Winograd's algorithm computes a convolution, or its gradients, faster than plain loops. */
  tiling(geometry: ConvGeometry, pool: PoolWindow | undefined): Tiling | undefined {
    return this.target.winograd?.(geometry, pool, this.numerics);
  }

  /** A convolution by whichever algorithm is faster for its shapes. */
  convolution(filter: Buffer, fields: Omit<KernelTable["conv2d"], "filter">): void {
    const { geometry, pool } = fields;
    const tiling = this.tiling(geometry, pool);
    if (tiling === undefined) {
      this.emit("conv2d", { ...fields, filter });
      return;
    }
    const size = geometry.inputChannels * geometry.outputChannels;
    const transformed = this.temporary(tilePoints(tiling) * pointPitch(size));
    this.emit("winogradFilter", { filter, size, tiling, output: transformed });
    this.emit("winogradConv2d", { ...fields, tiling, filter: transformed });
  }

  /** The kernel of the group that `value` heads, unless it is computed elsewhere or comes later with its group. */
  group(value: Value): void {
    if (this.fusion.isVirtual(value)) return;
    const members = this.fusion.groupOf.get(value);
    if (members === undefined)
      throw new CompilerMistake(`the fusion left a value of ${(value.node as OpNode).record.name} without a kernel`);
    if (members[0] !== value || this.#absorbed.has(value)) return;
    this.emit("elementwise", {
      expression: this.#expression(members, value.type.shape),
      outputs: members.map((member) => this.buffer(member)),
      dtype: "float32",
    });
  }

  /**
   * The part of a heavy kernel that computes on its results and stores them. With `flat`, operands other than scalars
   * must have the results' own layout.
   */
  epilogue(value: Value, columns: number, flat = false): { epilogue: Expression; output: Buffer } {
    const shape = [sizeOf(value.type.shape) / columns, columns];
    const head = this.fusion.epilogueOf.get(value);
    if (head !== undefined) {
      const context = { bufferOf: this.#bufferOf, accumulator: value };
      const epilogue = asMatrix(buildExpression([head], head.type.shape, context), columns);
      const fits = epilogue?.leaves.every(
        ({ strides: [row, column] }) => !flat || (row === columns ? column === 1 : row === 0 && column === 0),
      );
      if (epilogue !== undefined && fits) {
        this.#absorbed.add(head);
        return { epilogue, output: this.buffer(head) };
      }
    }
    return { epilogue: identityEpilogue(shape), output: this.buffer(value) };
  }

  /** The expression by which a convolution reads its images: flat, and computed on the way when that is cheap. */
  prologue(images: Value): Expression {
    const size = sizeOf(images.type.shape);
    if (!this.fusion.isVirtual(resolve(images)))
      return readLeaf([size], { buffer: this.buffer(images), strides: [1], offset: 0 });
    const expression = this.#expression([resolve(images)], images.type.shape);
    const leaves = expression.leaves.map((leaf) => ({
      ...leaf,
      strides: [leaf.strides.some((stride) => stride !== 0) ? 1 : 0],
    }));
    return { ...expression, shape: [size], leaves };
  }

  reduce(node: NodeOf<"sum"> | NodeOf<"max">): void {
    const x = node.inputs[0]!;
    const { axes } = node.attrs;
    const operator = node.record.name;
    const output = this.buffer(node.outputs[0]!);
    const owner = resolve(x);
    const expression = this.fusion.isVirtual(owner)
      ? this.#expression([owner], x.type.shape)
      : readLeaf(x.type.shape, this.leaf(x));
    const kept = output.size;
    const first = x.type.shape[axes[0]!]!;
    const size = sizeOf(x.type.shape);
    const { longReduction, mostChunks } = this.target;
    const long = size >= longReduction.elements && size / kept >= longReduction.perResult;
    const chunks = long && axes[0] === 0 ? Math.min(mostChunks, first) : 1;
    if (chunks === 1) {
      this.emit("reduce", { operator, expression, axes, chunks, output });
      return;
    }
    const partial = this.temporary(chunks * kept);
    this.emit("reduce", { operator, expression, axes, chunks, output: partial });
    this.emit("reduce", {
      operator,
      expression: readLeaf([chunks, kept], { buffer: partial, strides: [kept, 1], offset: 0 }),
      axes: [0],
      chunks: 1,
      output,
    });
  }

  /** Adds up the partial results of chunks, which are the first axis of `shape`, in their order. */
  sumChunks(shape: Shape, buffer: Buffer, strides: readonly number[], output: Buffer): void {
    const expression = readLeaf(shape, { buffer, strides, offset: 0 });
    this.emit("reduce", { operator: "sum", expression, axes: [0], chunks: 1, output });
  }

  finish(graph: Graph): LoweredGraph {
    const taken = new Set<Buffer>();
    // An output must be a buffer of its own: not an input, a variable, or another output.
    const outputs = graph.outputs.map((value) => {
      const buffer = this.buffer(value);
      const result =
        buffer.role === "temporary" && !taken.has(buffer)
          ? buffer
          : this.copy([buffer.size], { buffer, strides: [1], offset: 0 }, { ...buffer, role: "temporary" });
      taken.add(result);
      return result;
    });
    return {
      kernels: this.#kernels,
      inputs: this.#inputs,
      outputs,
      variables: this.#variables,
      updates: graph.updates.map(([variable, value]) => [variable, this.buffer(value)] as const),
    };
  }

  readonly #bufferOf = (value: Value): Buffer | undefined =>
    this.fusion.isVirtual(value) ? undefined : this.buffer(value);

  #expression(values: readonly Value[], shape: Shape): Expression {
    return buildExpression(values, shape, { bufferOf: this.#bufferOf });
  }

  #variable(variable: Variable): Buffer {
    let found = this.#variables.get(variable);
    if (found === undefined) {
      found = { dtype: variable.type.dtype, size: sizeOf(variable.type.shape), role: variable };
      this.#variables.set(variable, found);
    }
    return found;
  }
}
