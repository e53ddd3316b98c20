// A model as a diagram: its layers with shapes and settings, what leads where, nested models with their own layers.
import type { Layer, Model } from "../../nn/index.js";
import { Functional } from "../../nn/model/functional.js";
import type { Diagram, DiagramNode, NodeKind } from "../../report/diagram/diagram.js";

const KINDS: readonly (readonly [RegExp, NodeKind])[] = [
  [/^InputLayer$/, "input"],
  [/Conv2D/, "convolution"],
  [/Pooling2D$/, "pooling"],
  [/^(Dense|RadialBasis)$/, "dense"],
  [/^(Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|BatchNormalization|LayerNormalization)$|Dropout|Noise/, "pointwise"],
  [/^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate)$/, "merge"],
  [/^(Sequential|Functional)$/, "model"],
];

const kindOf = (className: string): NodeKind => KINDS.find(([pattern]) => pattern.test(className))?.[1] ?? "other";

const shapeText = (shape: readonly number[]): string => shape.join(" × ");

/** `3 × 3, stride 2, same, relu`. */
function settings(layer: Layer): string[] {
  const { config } = layer.toKerasObject();
  const pair = (value: unknown): number[] | undefined => (Array.isArray(value) ? (value as number[]) : undefined);
  const window = pair(config.kernel_size) ?? pair(config.pool_size);
  const strides = pair(config.strides);
  const parts = [
    window?.join(" × "),
    strides?.some((stride) => stride !== 1) && strides.join() !== pair(config.pool_size)?.join()
      ? `stride ${strides[0] === strides[1] ? strides[0] : strides.join(" × ")}`
      : undefined,
    config.padding === "same" ? "same" : undefined,
    typeof config.rate === "number" ? String(config.rate) : undefined,
    typeof config.activation === "string" && config.activation !== "linear" ? config.activation : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [parts.join(", ")];
}

function nodeOf(layer: Layer, expand: boolean): DiagramNode {
  return {
    id: layer.name,
    name: layer.name,
    type: layer.className,
    shape: layer.built ? layer.outputShapes.map(shapeText).join(", ") : "",
    details: settings(layer),
    kind: kindOf(layer.className),
    ...(expand && layer.layers.length > 0 ? { inside: diagramOfLayers(layer, expand) } : {}),
  };
}

function diagramOfLayers(model: Layer, expand: boolean): Diagram {
  const nodes = model.layers.map((layer) => nodeOf(layer, expand));
  if (model instanceof Functional) {
    const edges = model.network.calls.flatMap(({ layer, inputs }) =>
      inputs.map((symbol): [string, string] => [symbol.call.layer.name, layer.name]),
    );
    const distinct = new Map(edges.map((edge) => [edge.join("\n"), edge]));
    return { name: model.name, nodes, edges: [...distinct.values()] };
  }
  const edges = nodes.slice(1).map((node, i): [string, string] => [nodes[i]!.id, node.id]);
  return { name: model.name, nodes, edges };
}

/**
 * The diagram of a model; a stack of layers gets a node for its input.
 * @param model the model, built
 * @param options.expand opens nested models. Default false
 */
export function modelDiagram(model: Model, { expand = false } = {}): Diagram {
  const diagram = diagramOfLayers(model, expand);
  if (model instanceof Functional || !model.built) return diagram;
  const id = diagram.nodes.some((node) => node.id === "input") ? "the input" : "input";
  const input: DiagramNode = {
    id,
    name: "input",
    type: "InputLayer",
    shape: shapeText(model.inputShape),
    details: [],
    kind: "input",
  };
  const [first] = diagram.nodes;
  return {
    name: diagram.name,
    nodes: [input, ...diagram.nodes],
    edges: first === undefined ? [] : [[id, first.id], ...diagram.edges],
  };
}
