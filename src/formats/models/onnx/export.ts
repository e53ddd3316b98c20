// Models as ONNX files: every model that can be predicted, for it is the prediction graph of primitive ops that is
// written, not the layers. Images are [batch, channels, height, width] outside; preprocessing that the model or its
// facts state is inside. tools/check-onnx.js compares with ONNX Runtime.
import { type ByKind, byKind } from "../../../core/by-kind.js";
import { oneOf } from "../../../core/errors.js";
import { topologicalOrder } from "../../../core/graph/graph.js";
import type { Value, Variable } from "../../../core/graph/node.js";
import { checkOptions } from "../../../core/options.js";
import { type Tensor, zeros } from "../../../core/tensor.js";
import { VERSION } from "../../../core/version.js";
import { BOX_MAPS } from "../../../nn/losses/index.js";
import type { Model } from "../../../nn/model/model.js";
import type { TaskFacts } from "../../run/task.js";
import type { FoveaFacts } from "../fovea-facts.js";
import { onPixels } from "../pixels.js";
import { fromHalf, isHalf, WEIGHT_DTYPES, type WeightDType, weightsIn } from "../precision.js";
import { type Constant, OnnxBuilder, type Operand, type Stored } from "./builder.js";
import { addFoundBoxes } from "./found-boxes.js";
import { type OnnxValue, writeOnnx } from "./proto.js";
import { withHalves, withInt8 } from "./smaller.js";
import { type OpenGraph, type OpenShape, openGraph } from "./symbolic.js";
import { translate } from "./translate.js";

/** The operator set that is written; ONNX Runtime has read it since 1.11. */
export const OPSET = 17;

/** Options of `saveOnnx`. */
export interface SaveOnnxOptions {
  /** Class names, preprocessing and the rest, kept in the file's metadata. Default: none. */
  readonly facts?: FoveaFacts | undefined;
  /**
   * Type of the weights in the file: `float32`, `float16`, `bfloat16`, or `int8` with one scale per channel for the kernels of
   * convolutions and products. Computed with as float32 all the same. Default `"float32"`.
   */
  readonly dtype?: WeightDType;
}

/**
 * The model as an ONNX file. Its input is float32 `[batch, channels, height, width]`; when the facts say how pixels are
 * scaled, it takes pixels from 0 to 255. Metadata: `class_names` and `preprocessing` as JSON, `fovea` with everything. A detector
 * has its boxes as outputs besides its maps (`boxes`, `scores`, `labels`), and the score from which they count as `score`.
 * @param model A built model.
 * @throws FoveaError for the few ops that only training has, or that ONNX cannot express.
 * @example const bytes = await saveOnnx(model, { dtype: "float16" });
 */
export async function saveOnnx(model: Model, options: SaveOnnxOptions = {}): Promise<Uint8Array> {
  checkOptions("saveOnnx", options, ["facts", "dtype"]);
  const { facts, dtype = "float32" } = options;
  oneOf("dtype", dtype, WEIGHT_DTYPES);
  const whole = onPixels(model, facts);
  const contents = await contentsOf(whole, dtype);
  const graph = openGraph(whole);
  const builder = new OnnxBuilder();
  const operands = new Map<Value, Operand>();
  const readers = readersOf(graph);
  const operand = (value: Value): Operand => operands.get(value)!;
  const inputs = graph.inputs.map((value, index): OnnxValue => {
    const shape = graph.shapeOf(value);
    const channelsFirst = shape.length === 4;
    const name = builder.fresh(whole.inputs[index]!.call.layer.name);
    operands.set(value, { kind: "stored", name, shape, channelsFirst });
    return { name, shape: named(shape, channelsFirst) };
  });
  for (const node of graph.nodes) {
    if (node.kind === "variable") operands.set(node.outputs[0]!, constantOf(node.variable, contents));
    if (node.kind !== "op") continue;
    const to = { graph, builder, operand, readers: (value: Value) => readers.get(value) ?? 0 };
    operands.set(node.outputs[0]!, translate(node, to));
  }
  const ends: Stored[] = [];
  const outputs = graph.outputs.map((value, index): OnnxValue => {
    const shape = graph.shapeOf(value);
    const full = builder.whole(operand(value), shape);
    const found = shape.length === 4 ? builder.channelsFirst(full) : builder.plain(full);
    ends.push(found);
    const name = builder.fresh(graph.outputs.length === 1 ? "output" : `output_${index}`);
    builder.nodes.push({ op: "Identity", inputs: [found.name], outputs: [name], attributes: {} });
    return { name, shape: named(shape, shape.length === 4) };
  });
  const decoded = decodedOf(whole, facts, outputs.length === 1 ? ends[0]! : undefined, builder);
  const needed = builder.needed([...outputs, ...decoded].map(({ name }) => name));
  const { nodes, constants } = isHalf(dtype) ? withHalves(needed, dtype) : dtype === "int8" ? withInt8(needed) : needed;
  return writeOnnx(
    {
      ...{ opset: OPSET, name: whole.name, nodes, initializers: constants, inputs },
      outputs: [...outputs, ...decoded],
      metadata: metadataOf(facts, decoded),
    },
    { name: "Fovea", version: VERSION },
  );
}

/** Facts of a detector that other programs need; undefined of other tasks. */
type Boxed = { readonly classNames: readonly string[]; readonly score?: number | undefined } | undefined;
const BOXED: ByKind<TaskFacts, Boxed> = {
  classification: () => undefined,
  multiLabel: () => undefined,
  regression: () => undefined,
  segmentation: () => undefined,
  verification: () => undefined,
  detection: (task) => task,
};
const boxedOf = (facts: FoveaFacts | undefined): Boxed => facts?.task && byKind(BOXED, facts.task);

/** Outputs with the boxes of a detector; none of other models. */
function decodedOf(
  model: Model,
  facts: FoveaFacts | undefined,
  maps: Stored | undefined,
  builder: OnnxBuilder,
): OnnxValue[] {
  if (boxedOf(facts) === undefined || maps?.shape.length !== 4 || maps.shape[3]! <= BOX_MAPS) return [];
  return addFoundBoxes(builder, { maps, imageSize: model.inputShape.slice(0, 2) as unknown as [number, number] });
}

/** Metadata of a file, with the names of outputs that only repeat in another form what others say. */
function metadataOf(facts: FoveaFacts | undefined, decoded: readonly OnnxValue[]): Map<string, string> {
  const metadata = new Map<string, string>();
  if (facts === undefined) return metadata;
  const { rescale: _, ...preprocessing } = facts.preprocessing ?? {};
  const inside = facts.preprocessing === undefined ? facts : { ...facts, preprocessing };
  metadata.set("fovea", JSON.stringify(inside));
  const boxed = boxedOf(facts);
  const { task, classNames = task && "classNames" in task ? task.classNames : undefined } = facts;
  if (decoded.length > 0) metadata.set("decoded", JSON.stringify(decoded.map(({ name }) => name)));
  if (boxed?.score !== undefined) metadata.set("score", String(boxed.score));
  if (classNames !== undefined) metadata.set("class_names", JSON.stringify(classNames));
  if (facts.preprocessing !== undefined)
    metadata.set("preprocessing", JSON.stringify({ ...preprocessing, layout: "NCHW", pixels: "0 to 255" }));
  return metadata;
}

const named = (shape: OpenShape, channelsFirst: boolean): (number | string)[] => {
  const order = channelsFirst ? [0, 3, 1, 2] : shape.map((_, axis) => axis);
  return order.map((axis) => {
    const extent = shape[axis]!;
    return extent >= 0 ? extent : extent === -1 ? "batch" : `${-extent} batch`;
  });
};

/** Values of the weights; rounded already where the file is to hold fewer bits. */
async function contentsOf(model: Model, dtype: WeightDType): Promise<Map<Variable, Tensor<"float32">>> {
  const values = await weightsIn(model, dtype === "int8" ? "float32" : dtype);
  return new Map(
    model.weights.map(({ variable }, index) => {
      const value = values[index]!;
      return [variable, value.dtype === "float32" ? value : fromHalf(value)];
    }),
  );
}

/** A weight's values, or those of a constant that a layer keeps without calling it a weight. */
function constantOf(variable: Variable, contents: ReadonlyMap<Variable, Tensor<"float32">>): Constant {
  const { data, shape } = contents.get(variable) ?? variable.initial ?? zeros(variable.type.shape, "float32");
  return { kind: "constant", shape, data: Float64Array.from(data) };
}

/** Number of nodes and outputs that read each value. */
function readersOf({ outputs }: OpenGraph): Map<Value, number> {
  const counts = new Map<Value, number>();
  const read = (value: Value): Map<Value, number> => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const node of topologicalOrder(outputs)) node.inputs.forEach(read);
  outputs.forEach(read);
  return counts;
}
