// Makes test/formats/fixtures/graph-models.json: hand-made graph models with every operator that Fovea reads, and what
// TensorFlow.js gives for them.
//
//   node dist/tools/graph-model-fixtures.js PKGS
//
// PKGS is a folder with @tensorflow/tfjs-core, tfjs-converter and tfjs-backend-cpu (see compare-graph-models.ts).
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

type Attribute = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, Attribute>>;

const i = (value: number): Attribute => ({ i: String(value) });
const b = (value: boolean): Attribute => ({ b: value });
const f = (value: number): Attribute => ({ f: value });
const s = (value: string): Attribute => ({ s: btoa(value) });
const ints = (...values: number[]): Attribute => ({ list: { i: values.map(String) } });
const texts = (...values: string[]): Attribute => ({ list: { s: values.map(btoa) } });
const FLOAT: Attributes = { T: { type: "DT_FLOAT" } };

/** Numbers from -1 to 1 by a fixed rule. */
let state = 7;
function drawn(count: number): number[] {
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * 100) / 100;
  });
}

class Graph {
  readonly nodes: object[] = [];
  readonly weights: { name: string; shape: number[]; dtype: string }[] = [];
  readonly values: Buffer[] = [];
  #count = 0;

  constructor(readonly shape: readonly number[]) {
    const dim = shape.map((size) => ({ size: String(size) }));
    this.nodes.push({ name: "x", op: "Placeholder", attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim } } } });
  }
  node(op: string, inputs: readonly string[], attr: Attributes = {}, name = `${op}_${this.#count++}`): string {
    this.nodes.push({ name, op, input: inputs, attr: { ...FLOAT, ...attr } });
    return name;
  }
  #constant(data: Float32Array | Int32Array, shape: readonly number[], dtype: "float32" | "int32"): string {
    const name = `const_${this.#count++}`;
    this.weights.push({ name, shape: [...shape], dtype });
    this.values.push(Buffer.from(data.buffer));
    const type = dtype === "float32" ? "DT_FLOAT" : "DT_INT32";
    this.nodes.push({
      name,
      op: "Const",
      attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: {} } } },
    });
    return name;
  }
  floats = (shape: readonly number[], values = drawn(shape.reduce((a, n) => a * n, 1))): string =>
    this.#constant(Float32Array.from(values), shape, "float32");
  whole = (values: readonly number[], shape: readonly number[] = [values.length]): string =>
    this.#constant(Int32Array.from(values), shape, "int32");
}

type Make = (graph: Graph) => readonly string[];
const IMAGE = [1, 4, 5, 4];
const OPEN = [-1, 4, 5, 4];
const window = (padding: string, strides = 1, dilations = 1): Attributes => ({
  strides: ints(1, strides, strides, 1),
  dilations: ints(1, dilations, dilations, 1),
  padding: s(padding),
  data_format: s("NHWC"),
});
const fused = (...ops: string[]): Attributes => ({
  fused_ops: texts(...ops),
  num_args: i(ops.includes("Prelu") ? 2 : 1),
});
const pool = (padding: string): Attributes => ({ ...window(padding, 2), ksize: ints(1, 3, 3, 1) });
const resize = (corners: boolean, half: boolean): Attributes => ({
  align_corners: b(corners),
  half_pixel_centers: b(half),
});

const UNARY = [
  ...["Abs", "Ceil", "Cos", "Elu", "Exp", "Floor", "Identity", "LogSoftmax", "Neg", "Relu", "Relu6", "Round", "Selu"],
  ...["Sigmoid", "Sign", "Sin", "Snapshot", "Softmax", "Softplus", "Square", "StopGradient", "Tanh"],
];

const GRAPHS: Readonly<Record<string, readonly [shape: readonly number[], make: Make]>> = {
  unary: [OPEN, (g) => UNARY.map((op) => g.node(op, ["x"]))],
  positive: [
    OPEN,
    (g) => {
      const y = g.node("Exp", ["x"]);
      return ["Log", "Sqrt", "Rsqrt", "Reciprocal"].map((op) => g.node(op, [y]));
    },
  ],
  binary: [
    OPEN,
    (g) => {
      const y = g.node("Exp", ["x"]);
      const c = g.floats([4], [0.5, 2, 1.5, -1]);
      const pairs = ["Add", "AddV2", "Sub", "Mul", "Div", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
      return [
        ...pairs.map((op) => g.node(op, ["x", y])),
        ...["Add", "Sub", "Mul", "RealDiv", "SquaredDifference"].map((op) => g.node(op, ["x", c])),
        g.node("Sub", [c, "x"]),
        g.node("AddN", ["x", y, "x"], { N: i(3) }),
        g.node("BiasAdd", ["x", c]),
        g.node("Pow", [y, g.floats([], [1.5])]),
        g.node("Prelu", ["x", g.floats([1, 1, 4])]),
        g.node("LeakyRelu", ["x"], { alpha: f(0.3) }),
        g.node("Maximum", ["x", g.floats([], [0.1])]),
      ];
    },
  ],
  windows: [
    IMAGE,
    (g) => [
      g.node("Conv2D", ["x", g.floats([3, 3, 4, 2])], window("SAME", 2)),
      g.node("Conv2D", ["x", g.floats([2, 3, 4, 2])], window("VALID", 1, 2)),
      g.node("Conv2D", ["x", g.floats([3, 3, 4, 2])], {
        ...window("EXPLICIT"),
        explicit_paddings: ints(0, 0, 1, 2, 0, 1, 0, 0),
      }),
      g.node("DepthwiseConv2dNative", ["x", g.floats([3, 3, 4, 2])], window("SAME")),
      g.node("_FusedConv2D", ["x", g.floats([1, 1, 4, 3]), g.floats([3])], {
        ...window("VALID"),
        ...fused("BiasAdd", "Relu6"),
      }),
      g.node("_FusedConv2D", ["x", g.floats([1, 1, 4, 3]), g.floats([3]), g.floats([1, 1, 3])], {
        ...window("VALID"),
        ...fused("BiasAdd", "Prelu"),
      }),
      g.node("FusedDepthwiseConv2dNative", ["x", g.floats([3, 3, 4, 1]), g.floats([4])], {
        ...window("SAME", 2),
        ...fused("BiasAdd", "Relu"),
      }),
      g.node("MaxPool", ["x"], pool("SAME")),
      g.node("MaxPool", ["x"], pool("VALID")),
      g.node("AvgPool", ["x"], pool("SAME")),
      g.node("AvgPool", ["x"], pool("VALID")),
      ...["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"].map((op) =>
        g.node(op, ["x", g.floats([4]), g.floats([4]), g.floats([4]), g.floats([4], [1, 2, 0.5, 3])], {
          epsilon: f(0.01),
          is_training: b(false),
        }),
      ),
    ],
  ],
  sizes: [
    IMAGE,
    (g) => [
      g.node("Conv2DBackpropInput", [g.whole([1, 7, 10, 2]), g.floats([3, 3, 2, 4]), "x"], window("SAME", 2)),
      g.node("Conv2DBackpropInput", [g.whole([1, 8, 10, 2]), g.floats([2, 2, 2, 4]), "x"], window("VALID", 2)),
      g.node("ResizeBilinear", ["x", g.whole([7, 6])], resize(false, false)),
      g.node("ResizeBilinear", ["x", g.whole([7, 6])], resize(true, false)),
      g.node("ResizeBilinear", ["x", g.whole([7, 6])], resize(false, true)),
      g.node("ResizeNearestNeighbor", ["x", g.whole([7, 6])], resize(false, false)),
      g.node("ResizeNearestNeighbor", ["x", g.whole([7, 6])], resize(false, true)),
      g.node("DepthToSpace", ["x"], { block_size: i(2), data_format: s("NHWC") }),
      g.node("Pad", ["x", g.whole([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])]),
      g.node("PadV2", ["x", g.whole([0, 0, 0, 0, 0, 0, 1, 3], [4, 2]), g.floats([], [0])]),
    ],
  ],
  folds: [
    OPEN,
    (g) => [
      ...["Max", "Mean", "Min", "Sum"].map((op) => g.node(op, ["x", g.whole([1, 2])], { keep_dims: b(false) })),
      g.node("Mean", ["x", g.whole([-1])], { keep_dims: b(true) }),
      ...["ArgMax", "ArgMin"].map((op) => g.node(op, ["x", g.whole([3], [])])),
    ],
  ],
  products: [
    [-1, 6],
    (g) => [
      g.node("MatMul", ["x", g.floats([6, 3])], { transpose_a: b(false), transpose_b: b(false) }),
      g.node("MatMul", ["x", g.floats([3, 6])], { transpose_a: b(false), transpose_b: b(true) }),
      g.node("_FusedMatMul", ["x", g.floats([6, 3]), g.floats([3])], {
        ...fused("BiasAdd", "Relu"),
        transpose_a: b(false),
        transpose_b: b(false),
      }),
    ],
  ],
  batched: [
    [-1, 3, 4],
    (g) =>
      ["BatchMatMul", "BatchMatMulV2"].map((op) =>
        g.node(op, ["x", g.floats([4, 2])], { adj_x: b(false), adj_y: b(false) }),
      ),
  ],
  parts: [
    OPEN,
    (g) => {
      const axis = g.whole([3], []);
      const split = g.node("Split", [axis, "x"], { num_split: i(2) });
      const sizes = g.node("SplitV", ["x", g.whole([1, 3]), axis], { num_split: i(2) });
      const unpacked = g.node("Unpack", ["x"], { num: i(4), axis: i(3) });
      const masks = { ellipsis_mask: i(0), new_axis_mask: i(0) };
      return [
        split,
        `${split}:1`,
        `${sizes}:1`,
        `${unpacked}:2`,
        g.node("Pack", [unpacked, `${unpacked}:3`], { N: i(2), axis: i(1) }),
        g.node("ConcatV2", ["x", split, axis], { N: i(2) }),
        g.node("ExpandDims", [unpacked, g.whole([1], [])]),
        g.node("Squeeze", [g.node("ExpandDims", [unpacked, g.whole([3], [])])], { squeeze_dims: ints(3) }),
        g.node("GatherV2", ["x", g.whole([2, 0]), axis], { batch_dims: i(0) }),
        g.node("Slice", ["x", g.whole([0, 1, 2, 0]), g.whole([-1, 2, -1, 3])]),
        // One with steps and one that takes away an axis: TensorFlow.js does both at once otherwise than TensorFlow.
        g.node("StridedSlice", ["x", g.whole([0, 1, 0, 1]), g.whole([0, 4, 0, 3]), g.whole([1, 2, 1, 1])], {
          ...masks,
          begin_mask: i(5),
          end_mask: i(5),
          shrink_axis_mask: i(0),
        }),
        g.node("StridedSlice", ["x", g.whole([0, 1, 0, 1]), g.whole([0, 3, 0, 2]), g.whole([1, 1, 1, 1])], {
          ...masks,
          begin_mask: i(5),
          end_mask: i(5),
          shrink_axis_mask: i(8),
        }),
        g.node("Transpose", ["x", g.whole([0, 2, 1, 3])]),
        g.node("Cast", ["x"], { SrcT: { type: "DT_FLOAT" }, DstT: { type: "DT_FLOAT" } }),
      ];
    },
  ],
  shapes: [
    OPEN,
    (g) => {
      const shape = g.node("Shape", ["x"]);
      const masks = {
        begin_mask: i(0),
        end_mask: i(0),
        ellipsis_mask: i(0),
        new_axis_mask: i(0),
        shrink_axis_mask: i(1),
      };
      const at = (from: number, to: number, attributes: Attributes = masks): string =>
        g.node("StridedSlice", [shape, g.whole([from]), g.whole([to]), g.whole([1])], attributes);
      const rest = g.node("Prod", [at(1, 4, { ...masks, shrink_axis_mask: i(0) }), g.whole([0])], {
        keep_dims: b(false),
      });
      const flat = g.node("Reshape", ["x", g.node("Pack", [at(0, 1), rest], { N: i(2), axis: i(0) })]);
      return [flat, g.node("AddV2", ["x", g.node("Fill", [g.whole([4]), g.floats([], [0.5])])])];
    },
  ],
};

const [packages = ""] = process.argv.slice(2);
const from = createRequire(pathToFileURL(join(resolve(packages), "x.js")));
const tf = from("@tensorflow/tfjs-core");
from("@tensorflow/tfjs-backend-cpu");
const { loadGraphModel } = from("@tensorflow/tfjs-converter");
await tf.setBackend("cpu");

const fixtures: object[] = [];
for (const [name, [shape, make]] of Object.entries(GRAPHS)) {
  const graph = new Graph(shape);
  const outputs = make(graph);
  const modelTopology = { node: graph.nodes, versions: { producer: 1 } };
  const bytes = Buffer.concat(graph.values);
  const weightData = new Uint8Array(bytes).buffer;
  const model = await loadGraphModel({ load: async () => ({ modelTopology, weightSpecs: graph.weights, weightData }) });
  const sample = shape.slice(1);
  const batch = shape[0] === -1 ? 2 : 1;
  const x = drawn([batch, ...sample].reduce((a, n) => a * n, 1));
  const found = [model.execute({ x: tf.tensor(x, [batch, ...sample]) }, outputs)].flat();
  const expected = [];
  for (const output of found)
    expected.push(Array.from(await output.data(), (value) => Number(Number(value).toPrecision(6))));
  const signature = { outputs: Object.fromEntries(outputs.map((output) => [output, { name: output }])) };
  const weightsManifest = [{ paths: ["w.bin"], weights: graph.weights }];
  fixtures.push({
    name,
    modelTopology,
    signature,
    weightsManifest,
    weights: bytes.toString("base64"),
    x,
    batch,
    outputs,
    expected,
  });
}
const file = new URL("../../test/formats/fixtures/graph-models.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(fixtures)}\n`);
console.log(`${fixtures.length} graphs`);
