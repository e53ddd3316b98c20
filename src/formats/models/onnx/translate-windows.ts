// Convolutions and pooling as ONNX operators. Filters are stored in ONNX's order, so they must be known.
import { FoveaError } from "../../../core/errors.js";
import type { Value } from "../../../core/graph/node.js";
import type { NodeOf } from "../../../core/ops/index.js";
import { dilatedExtent, type WindowAttrs } from "../../../core/ops/window.js";
import { type Constant, type Operand, type Stored, transposed } from "./builder.js";
import { stored, type Translation } from "./translation.js";

const window = ({ strides, padding: [top, bottom, left, right], dilation }: WindowAttrs) => ({
  strides,
  pads: [top, left, bottom, right],
  ...(dilation && { dilations: dilation }),
});

/** Filters must be known: they are stored in another order. */
function filters(value: Value, { operand }: Translation): Constant {
  const found = operand(value);
  if (found.kind === "constant") return found;
  throw new FoveaError(
    "not-exportable",
    "onnx: the model computes its filters from its input, which cannot be exported",
  );
}

function images(value: Value, to: Translation): Stored {
  return to.builder.channelsFirst(to.builder.whole(to.operand(value), to.graph.shapeOf(value)));
}

export function conv2d(node: NodeOf<"conv2d">, to: Translation): Operand {
  const filter = filters(node.inputs[1]!, to);
  const weight = to.builder.floats(transposed(filter, [3, 2, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: filter.shape.slice(0, 2) };
  const name = to.builder.node("Conv", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

export function depthwiseConv2d(node: NodeOf<"depthwiseConv2d">, to: Translation): Operand {
  const { shape, data } = filters(node.inputs[1]!, to);
  const weight = to.builder.floats(transposed({ shape: [...shape, 1], data }, [2, 3, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: shape.slice(0, 2), group: shape[2]! };
  const name = to.builder.node("Conv", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

export function conv2dInputGrad(node: NodeOf<"conv2dInputGrad">, to: Translation): Operand {
  const filter = filters(node.inputs[1]!, to);
  const { inputSize, strides, padding, dilation = [1, 1] } = node.attrs;
  const missing = [0, 1].map((axis) => {
    const cells = dilatedExtent(filter.shape[axis]!, dilation[axis]!);
    const made = (node.inputs[0]!.type.shape[axis + 1]! - 1) * strides[axis]! + cells;
    return inputSize[axis]! - (made - padding[2 * axis]! - padding[2 * axis + 1]!);
  });
  const weight = to.builder.floats(transposed(filter, [3, 2, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: filter.shape.slice(0, 2), output_padding: missing };
  const name = to.builder.node("ConvTranspose", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

export const pool =
  (op: string) =>
  (node: NodeOf<"maxPool2d"> | NodeOf<"averagePool2d">, to: Translation): Operand => {
    const attributes = { ...window(node.attrs), kernel_shape: node.attrs.size };
    const name = to.builder.node(op, [images(node.inputs[0]!, to).name], attributes);
    return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
  };
