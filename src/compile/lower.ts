// From fused graph to kernels: one lowering per op, total over the registry; elementwise ops share theirs. lowerer.ts
// makes buffers and gathers expressions.
import type { Graph } from "../core/graph/graph.js";
import type { Node, Value } from "../core/graph/node.js";
import { type ElementwiseName, isElementwiseOp, isOp, type NodeOf, type OpName } from "../core/ops/index.js";
import { sameShape, sizeOf, stridesOf } from "../core/shape.js";
import { identityEpilogue, readLeaf, resolve } from "./expression.js";
import {
  adjoint,
  convGeometry,
  depthwiseGeometry,
  gradientShares,
  imagesPerChunk,
  padLoops,
  pointPitch,
  poolWindow,
  tilePoints,
  withinReach,
} from "./geometry.js";
import { type Buffer, type ConvGeometry, type Expression, sparseFilterPitch } from "./kernels.js";
import { type LoweredGraph, Lowerer } from "./lowerer.js";
import type { Target } from "./target.js";

type Lowering<K extends OpName> = (node: NodeOf<K>, lowerer: Lowerer) => void;

/** A part of the expressions that read it. */
const expression = (node: Node, lowerer: Lowerer): void => lowerer.group(node.outputs[0]!);
const reduction = (node: NodeOf<"sum"> | NodeOf<"max">, lowerer: Lowerer): void => lowerer.reduce(node);

/** Fields of a kernel that works along the last axis of its only operand. */
function alongRows(node: Node, lowerer: Lowerer): { rows: number; depth: number; x: Buffer; output: Buffer } {
  const [x] = node.inputs as [Value];
  const depth = x.type.shape.at(-1)!;
  const rows = sizeOf(x.type.shape) / depth;
  return { rows, depth, x: lowerer.buffer(x), output: lowerer.buffer(node.outputs[0]!) };
}

/** Emits the gradient of a convolution's images by `emit`, as the middle of larger images where padding is wider than filters reach. */
function emitInputGrad(
  lowerer: Lowerer,
  result: Value,
  geometry: ConvGeometry,
  emit: (fields: { geometry: ConvGeometry; epilogue: Expression; output: Buffer }) => void,
): void {
  const { geometry: within, top, left } = withinReach(geometry);
  const { batch, input, inputChannels } = within;
  if (sameShape(input, geometry.input)) {
    emit({ geometry: adjoint(geometry), ...lowerer.epilogue(result, inputChannels) });
    return;
  }
  const shape = [batch, ...input, inputChannels];
  const larger = lowerer.temporary(sizeOf(shape));
  const epilogue = identityEpilogue([sizeOf(shape) / inputChannels, inputChannels]);
  emit({ geometry: adjoint(within), epilogue, output: larger });
  const strides = stridesOf(shape);
  const leaf = { buffer: larger, strides, offset: top * strides[1]! + left * strides[2]! };
  lowerer.copy(result.type.shape, leaf, lowerer.buffer(result));
}

/** One lowering for each op that is not elementwise; those are lowered alike, by what their records say. */
const LOWERINGS: { [K in Exclude<OpName, ElementwiseName>]: Lowering<K> } = {
  constant: expression,
  broadcastTo: expression,
  cast: (node, lowerer) =>
    node.attrs.dtype === "float32"
      ? lowerer.group(node.outputs[0]!)
      : lowerer.emit("elementwise", {
          expression: readLeaf(node.outputs[0]!.type.shape, lowerer.leaf(node.inputs[0]!)),
          outputs: [lowerer.buffer(node.outputs[0]!)],
          dtype: node.attrs.dtype,
        }),
  sum: reduction,
  max: reduction,
  reshape: () => {},
  transpose: (node, lowerer) => {
    const { permutation } = node.attrs;
    const strides = stridesOf(node.inputs[0]!.type.shape);
    lowerer.copy(
      node.outputs[0]!.type.shape,
      {
        buffer: lowerer.buffer(node.inputs[0]!),
        strides: permutation.map((axis) => strides[axis]!),
        offset: 0,
      },
      lowerer.buffer(node.outputs[0]!),
    );
  },
  slice: (node, lowerer) => {
    const { begin, strides } = node.attrs;
    const inputStrides = stridesOf(node.inputs[0]!.type.shape);
    lowerer.copy(
      node.outputs[0]!.type.shape,
      {
        buffer: lowerer.buffer(node.inputs[0]!),
        strides: inputStrides.map((stride, axis) => stride * strides[axis]!),
        offset: inputStrides.reduce((sum, stride, axis) => sum + stride * begin[axis]!, 0),
      },
      lowerer.buffer(node.outputs[0]!),
    );
  },
  pad: (node, lowerer) => {
    const x = node.inputs[0]!;
    lowerer.emit("pad", {
      ...padLoops(x.type.shape, node.outputs[0]!.type.shape, node.attrs),
      value: node.attrs.value,
      x: lowerer.buffer(x),
      output: lowerer.buffer(node.outputs[0]!),
    });
  },
  concatenate: (node, lowerer) => {
    const { axis } = node.attrs;
    lowerer.emit("concatenate", {
      rows: sizeOf(node.outputs[0]!.type.shape.slice(0, axis)),
      widths: node.inputs.map(({ type }) => sizeOf(type.shape.slice(axis))),
      inputs: node.inputs.map((operand) => lowerer.buffer(operand)),
      output: lowerer.buffer(node.outputs[0]!),
    });
  },
  iota: (node, lowerer) => lowerer.emit("iota", { size: node.attrs.size, output: lowerer.buffer(node.outputs[0]!) }),
  gather: (node, lowerer) => {
    const [x, indices] = node.inputs as [Value, Value];
    const [images, rows, channels] = x.type.shape as [number, number, number];
    const fields = { images, rows, channels, picks: indices.type.shape[1]!, x: lowerer.buffer(x) };
    lowerer.emit("gather", { ...fields, indices: lowerer.buffer(indices), output: lowerer.buffer(node.outputs[0]!) });
  },
  scatterAdd: (node, lowerer) => {
    const [x, indices] = node.inputs as [Value, Value];
    const [images, picks, channels] = x.type.shape as [number, number, number];
    const fields = { images, rows: node.attrs.rows, channels, picks, x: lowerer.buffer(x) };
    lowerer.emit("scatterAdd", {
      ...fields,
      indices: lowerer.buffer(indices),
      output: lowerer.buffer(node.outputs[0]!),
    });
  },
  argMax: (node, lowerer) => lowerer.emit("argMax", alongRows(node, lowerer)),
  argSort: (node, lowerer) => lowerer.emit("argSort", alongRows(node, lowerer)),
  cumsum: (node, lowerer) => lowerer.emit("cumsum", { ...alongRows(node, lowerer), reverse: node.attrs.reverse }),
  oneHot: (node, lowerer) =>
    lowerer.emit("oneHot", {
      rows: sizeOf(node.inputs[0]!.type.shape),
      depth: node.attrs.depth,
      x: lowerer.buffer(node.inputs[0]!),
      output: lowerer.buffer(node.outputs[0]!),
    }),
  randomUniform: (node, lowerer) =>
    lowerer.emit("randomUniform", {
      size: sizeOf(node.attrs.shape),
      stream: node.attrs.stream,
      state: lowerer.buffer(node.inputs[0]!),
      output: lowerer.buffer(node.outputs[0]!),
    }),
  matmul: (node, lowerer) => {
    const [a, b] = node.inputs as [Value, Value];
    const { transposeA, transposeB } = node.attrs;
    const { shape } = node.outputs[0]!.type;
    const [m, n] = shape.slice(-2) as [number, number];
    const [count, k] = [sizeOf(shape.slice(0, -2)), a.type.shape.at(transposeA ? -2 : -1)!];
    const { epilogue, output } = lowerer.epilogue(node.outputs[0]!, n);
    const operands = { a: lowerer.buffer(a), b: lowerer.buffer(b), count, m, n, k, transposeA, transposeB };
    lowerer.emit("matmul", { ...operands, epilogue, output });
  },
  softmaxCrossentropy: (node, lowerer) => {
    const [x, targets] = node.inputs as [Value, Value];
    const [rows, depth] = x.type.shape as [number, number];
    const outputs = node.outputs.map((output) => lowerer.buffer(output));
    const operands = { x: lowerer.buffer(x), targets: lowerer.buffer(targets) };
    lowerer.emit("softmaxCrossentropy", { rows, depth, ...operands, outputs });
  },
  conv2d: (node, lowerer) => {
    const [x, filter] = node.inputs as [Value, Value];
    const geometry = convGeometry(x.type.shape, filter.type.shape, node.outputs[0]!.type.shape, node.attrs);
    const pool = lowerer.fusion.poolOf.get(node);
    const result = (pool ?? node).outputs[0]!;
    const { epilogue, output } = lowerer.epilogue(result, geometry.outputChannels);
    const wanted = pool !== undefined && lowerer.fusion.uses(pool.outputs[1]!).length > 0;
    lowerer.convolution(lowerer.buffer(filter), {
      geometry,
      prologue: lowerer.prologue(x),
      pool: pool && poolWindow(pool.attrs.size, result.type.shape),
      epilogue,
      output,
      winner: wanted ? lowerer.buffer(pool.outputs[1]!) : undefined,
    });
  },
  conv2dInputGrad: (node, lowerer) => {
    const [dy, filter] = node.inputs as [Value, Value];
    const result = node.outputs[0]!;
    const [kh, kw, cin, cout] = filter.type.shape as [number, number, number, number];
    const source = lowerer.buffer(filter);
    const geometry = convGeometry(result.type.shape, filter.type.shape, dy.type.shape, node.attrs);
    const sparse = isOp(dy.node, "maxPool2dGrad") && lowerer.fusion.isVirtual(dy) ? dy.node : undefined;
    if (sparse !== undefined) {
      const [pooled, winner] = sparse.inputs as [Value, Value];
      const byChannel = lowerer.copy([cout, kh, kw, cin], {
        buffer: source,
        strides: [1, kw * cin * cout, cin * cout, cout],
        offset: 0,
      });
      lowerer.emit("sparseInputGrad", {
        geometry,
        pool: poolWindow(sparse.attrs.size, pooled.type.shape),
        dy: lowerer.buffer(pooled),
        winner: lowerer.buffer(winner),
        filter: byChannel,
        ...lowerer.epilogue(result, cin, true),
      });
      return;
    }
    // The adjoint of a convolution is a convolution of the spread-out gradients with the mirrored filters.
    const mirrored = lowerer.copy([kh, kw, cout, cin], {
      buffer: source,
      strides: [-kw * cin * cout, -cin * cout, 1, cout],
      offset: (kh * kw - 1) * cin * cout,
    });
    const prologue = lowerer.prologue(dy);
    emitInputGrad(lowerer, result, geometry, (fields) =>
      lowerer.convolution(mirrored, { ...fields, prologue, pool: undefined, winner: undefined }),
    );
  },
  conv2dFilterGrad: (node, lowerer) => {
    const [x, dy] = node.inputs as [Value, Value];
    const result = node.outputs[0]!;
    const geometry = convGeometry(x.type.shape, result.type.shape, dy.type.shape, node.attrs);
    const { batch, filter, inputChannels: cin, outputChannels: cout } = geometry;
    const run = filter[1] * cin;
    const sparse = isOp(dy.node, "maxPool2dGrad") && lowerer.fusion.isVirtual(dy) ? dy.node : undefined;
    const pitch = sparse ? sparseFilterPitch(geometry) : run;
    const prologue = lowerer.prologue(x);
    const tiling = sparse === undefined ? lowerer.tiling(geometry, undefined) : undefined;
    if (tiling !== undefined) {
      const { chunk, columns } = gradientShares(geometry, lowerer.target, lowerer.numerics);
      const chunks = Math.ceil(batch / chunk);
      const size = tilePoints(tiling) * pointPitch(cin * cout);
      const [partials, sums] = [lowerer.temporary(chunks * size), lowerer.temporary(size)];
      lowerer.emit("winogradFilterGrad", {
        ...{ geometry, prologue, tiling, chunk, columns },
        dy: lowerer.buffer(dy),
        output: partials,
      });
      lowerer.sumChunks([chunks, size], partials, [size, 1], sums);
      lowerer.emit("winogradFilterSums", { sums, size: cin * cout, tiling, output: lowerer.buffer(result) });
      return;
    }
    const chunk = imagesPerChunk(geometry, lowerer.target);
    const chunks = Math.ceil(batch / chunk);
    const partial = lowerer.temporary(chunks * cout * filter[0] * pitch);
    if (sparse) {
      const [pooled, winner] = sparse.inputs as [Value, Value];
      lowerer.emit("sparseFilterGrad", {
        geometry,
        prologue,
        pool: poolWindow(sparse.attrs.size, pooled.type.shape),
        dy: lowerer.buffer(pooled),
        winner: lowerer.buffer(winner),
        chunk,
        output: partial,
      });
    } else lowerer.emit("filterGrad", { geometry, prologue, dy: lowerer.buffer(dy), chunk, output: partial });
    const strides = sparse
      ? [cout * filter[0] * pitch, pitch, 1, filter[0] * pitch]
      : [cout * filter[0] * pitch, pitch * cout, cout, 1];
    lowerer.sumChunks([chunks, filter[0], run, cout], partial, strides, lowerer.buffer(result));
  },
  depthwiseConv2d: (node, lowerer) => {
    const [x, filter] = node.inputs as [Value, Value];
    const result = node.outputs[0]!;
    const geometry = depthwiseGeometry(x.type.shape, filter.type.shape, result.type.shape, node.attrs);
    const { epilogue, output } = lowerer.epilogue(result, geometry.outputChannels);
    const fields = { geometry, prologue: lowerer.prologue(x), filter: lowerer.buffer(filter) };
    lowerer.emit("depthwiseConv2d", { ...fields, epilogue, output });
  },
  depthwiseConv2dInputGrad: (node, lowerer) => {
    const [dy, filter] = node.inputs as [Value, Value];
    const result = node.outputs[0]!;
    const [kh, kw, channels] = filter.type.shape as [number, number, number];
    const geometry = depthwiseGeometry(result.type.shape, filter.type.shape, dy.type.shape, node.attrs);
    const mirrored = lowerer.copy([kh, kw, channels], {
      buffer: lowerer.buffer(filter),
      strides: [-kw * channels, -channels, 1],
      offset: (kh * kw - 1) * channels,
    });
    const prologue = lowerer.prologue(dy);
    emitInputGrad(lowerer, result, geometry, (fields) =>
      lowerer.emit("depthwiseConv2d", { ...fields, prologue, filter: mirrored }),
    );
  },
  depthwiseConv2dFilterGrad: (node, lowerer) => {
    const [x, dy] = node.inputs as [Value, Value];
    const result = node.outputs[0]!;
    const geometry = depthwiseGeometry(x.type.shape, result.type.shape, dy.type.shape, node.attrs);
    const chunk = imagesPerChunk(geometry, lowerer.target);
    const chunks = Math.ceil(geometry.batch / chunk);
    const size = sizeOf(result.type.shape);
    const partial = lowerer.temporary(chunks * size);
    const fields = { geometry, prologue: lowerer.prologue(x), dy: lowerer.buffer(dy) };
    lowerer.emit("depthwiseFilterGrad", { ...fields, chunk, output: partial });
    lowerer.sumChunks([chunks, size], partial, [size, 1], lowerer.buffer(result));
  },
  maxPool2d: (node, lowerer) => {
    const source = node.inputs[0]!;
    if (lowerer.fusion.isVirtual(resolve(source)) && isOp(source.node, "conv2d")) return;
    lowerer.emit("maxPool2d", {
      images: source.type.shape,
      attrs: node.attrs,
      x: lowerer.buffer(source),
      output: lowerer.buffer(node.outputs[0]!),
      winner: lowerer.buffer(node.outputs[1]!),
    });
  },
  maxPool2dGrad: (node, lowerer) => {
    if (lowerer.fusion.isVirtual(node.outputs[0]!)) return;
    lowerer.emit("maxPool2dGrad", {
      images: node.outputs[0]!.type.shape,
      attrs: node.attrs,
      dy: lowerer.buffer(node.inputs[0]!),
      winner: lowerer.buffer(node.inputs[1]!),
      output: lowerer.buffer(node.outputs[0]!),
    });
  },
  averagePool2d: (node, lowerer) =>
    lowerer.emit("averagePool2d", {
      images: node.inputs[0]!.type.shape,
      attrs: node.attrs,
      x: lowerer.buffer(node.inputs[0]!),
      output: lowerer.buffer(node.outputs[0]!),
    }),
  averagePool2dGrad: (node, lowerer) =>
    lowerer.emit("averagePool2dGrad", {
      images: node.outputs[0]!.type.shape,
      attrs: node.attrs,
      dy: lowerer.buffer(node.inputs[0]!),
      output: lowerer.buffer(node.outputs[0]!),
    }),
};

/** Lowers a verified graph for a target. */
export function lower(graph: Graph, target: Target): LoweredGraph {
  const lowerer = new Lowerer(graph, target);
  for (const node of lowerer.fusion.order)
    if (isElementwiseOp(node)) expression(node, lowerer);
    else if (node.kind === "op") {
      const name = node.record.name as keyof typeof LOWERINGS;
      (LOWERINGS[name] as (node: Node, lowerer: Lowerer) => void)(node, lowerer);
    }
  return lowerer.finish(graph);
}
