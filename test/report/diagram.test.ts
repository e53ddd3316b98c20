// Layer diagrams: what is connected to what, layers drawn inside others, nested models opened, SVG and Graphviz text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelDiagram } from "../../src/experiment/index.js";
import { application, model, sequential } from "../../src/index.js";
import {
  add,
  batchNormalization,
  conv2d,
  dense,
  flatten,
  globalAveragePooling2d,
  input,
  reLU,
} from "../../src/nn/layers/index.js";
import { compacted } from "../../src/report/diagram/diagram.js";
import { diagramDot, diagramSvg } from "../../src/report/diagram/render.js";

function residual() {
  const image = input([8, 6, 3], { name: "image" });
  const x = conv2d(4, 3, { padding: "same", strides: 2, name: "a" }).apply(image);
  const y = reLU({ name: "act" }).apply(batchNormalization({ name: "norm" }).apply(x));
  const z = conv2d(4, 3, { padding: "same", activation: "relu", name: "b" }).apply(y);
  return model({ inputs: image, outputs: add({ name: "sum" }).apply([y, z]), name: "trunk" });
}

function nested() {
  const image = input([8, 6, 3], { name: "photo" });
  const features = globalAveragePooling2d({ name: "mean" }).apply(residual().apply(image));
  return model({ inputs: image, outputs: dense(2, { name: "head" }).apply(features), name: "whole" });
}

test("a diagram has every layer with its shape and settings, and every connection", () => {
  const { nodes, edges } = modelDiagram(residual());
  assert.deepEqual(
    nodes.map(({ name, shape, details }) => [name, shape, ...details]),
    [
      ["image", "8 × 6 × 3"],
      ["a", "4 × 3 × 4", "3 × 3, stride 2, same"],
      ["norm", "4 × 3 × 4"],
      ["act", "4 × 3 × 4"],
      ["b", "4 × 3 × 4", "3 × 3, same, relu"],
      ["sum", "4 × 3 × 4"],
    ],
  );
  assert.deepEqual(
    new Set(edges.map((edge) => edge.join(">"))),
    new Set(["image>a", "a>norm", "norm>act", "act>b", "act>sum", "b>sum"]),
  );
});

test("compact diagrams draw normalizations and activations inside the layer before them", () => {
  const { nodes, edges } = compacted(modelDiagram(residual()));
  assert.deepEqual(
    nodes.map(({ name, details }) => [name, ...details]),
    [["image"], ["a", "3 × 3, stride 2, same", "BatchNormalization", "ReLU"], ["b", "3 × 3, same, relu"], ["sum"]],
  );
  assert.deepEqual(
    edges.map((edge) => edge.join(">")),
    ["image>a", "a>b", "a>sum", "b>sum"],
  );
});

test("a stack of layers gets a node for its input", () => {
  const { nodes, edges } = modelDiagram(sequential([input([4, 4, 1]), flatten(), dense(2)]));
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ["input", "flatten", "dense"],
  );
  assert.deepEqual(edges, [
    ["input", "flatten"],
    ["flatten", "dense"],
  ]);
});

test("nested models open up, and connections lead to their ends", () => {
  const dot = diagramDot(compacted(modelDiagram(nested(), { expand: true })));
  assert.equal(
    dot,
    `digraph "whole" {
  rankdir=TB;
  node [shape=box];
  "photo" [label="photo\\nInputLayer\\n8 × 6 × 3"];
  "mean" [label="mean\\nGlobalAveragePooling2D\\n4"];
  "head" [label="head\\nDense\\n2"];
  subgraph "cluster_trunk" {
    label="trunk (Functional)";
    "trunk/image" [label="image\\nInputLayer\\n8 × 6 × 3"];
    "trunk/a" [label="a\\nConv2D\\n3 × 3, stride 2, same\\nBatchNormalization\\nReLU\\n4 × 3 × 4"];
    "trunk/b" [label="b\\nConv2D\\n3 × 3, same, relu\\n4 × 3 × 4"];
    "trunk/sum" [label="sum\\nAdd\\n4 × 3 × 4"];
  }
  "trunk/image" -> "trunk/a";
  "trunk/a" -> "trunk/b";
  "trunk/a" -> "trunk/sum";
  "trunk/b" -> "trunk/sum";
  "photo" -> "trunk/image";
  "trunk/sum" -> "mean";
  "mean" -> "head";
}
`,
  );
});

test("the drawing has a box for each layer, none over another, and is the same each time", () => {
  const network = application("resnet20", { imageSize: [32, 32], channels: 3, classes: 10 });
  const diagram = modelDiagram(network);
  const svg = diagramSvg(diagram);
  assert.equal(svg, diagramSvg(diagram));
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="5"/g)].map(
    (match) => match.slice(1).map(Number) as [number, number, number, number],
  );
  assert.equal(boxes.length, diagram.nodes.length);
  for (const [i, [x, y, width, height]] of boxes.entries())
    for (const [left, top, w, h] of boxes.slice(i + 1))
      assert.ok(left >= x + width || x >= left + w || top >= y + height || y >= top + h, "two boxes overlap");
  assert.equal([...svg.matchAll(/marker-end/g)].length, diagram.edges.length);
});

test("names are escaped", () => {
  const named = sequential([input([2]), dense(1, { name: 'a<b>&"c"' })]);
  assert.match(diagramSvg(modelDiagram(named)), /a&lt;b&gt;&amp;&quot;c&quot;/);
  assert.match(diagramDot(modelDiagram(named)), /"a<b>&\\"c\\""/);
});
