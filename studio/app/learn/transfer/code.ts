// The lines that freeze the same layers, train the same steps and say which weights have changed.
import type { CodeFacts } from "../../../contract/facts.js";
import { GROUP_FACTS } from "./groups.ts";
import { JUDGED_ON, TRAINED_ON, wishIn } from "./state.ts";

export function codeOf(state: Readonly<Record<string, string>>): CodeFacts {
  const { trained, rate, steps, pair, seed } = wishIn(state);
  const names = trained.flatMap((group) => GROUP_FACTS[group].layers);
  const isHeadTrained = trained.includes("head");
  const typescript = [
    'import { layerOutputs, loadKeras, model, tensor } from "fovea";',
    'import { convertColor, hanziImage, resizeImage } from "fovea/data";',
    'import { readBaseWeights } from "fovea/experiment";',
    'import { dense, input } from "fovea/layers";',
    'import { sparseCategoricalCrossentropy } from "fovea/losses";',
    'import { adam } from "fovea/optimizers";',
    "",
    "// Written images of two characters in turns.",
    "function written(part, each) {",
    "  const data = new Uint8Array(2 * each * 80 * 60);",
    "  for (let i = 0; i < 2 * each; i++) {",
    `    const image = hanziImage(part, "${pair}"[i % 2], 1 + Math.floor(i / 2));`,
    '    const grey = convertColor({ ...image, data: image.pixels }, "grayscale");',
    '    data.set(resizeImage(grey, 80, 60, "lanczos").data, i * 80 * 60);',
    "  }",
    "  const labels = Int32Array.from({ length: 2 * each }, (_, i) => i % 2);",
    '  return { x: tensor(data, [2 * each, 80, 60, 1], "uint8"), y: tensor(labels, [2 * each], "int32") };',
    "}",
    `const [train, test] = [written("Train", ${TRAINED_ON}), written("Test", ${JUDGED_ON})];`,
    "",
    "// The network for handwriting that is in the package, up to its features, and a new head.",
    'const { bytes } = await readBaseWeights("hanzi");',
    "const { model: shipped } = await loadKeras(bytes, { compile: false });",
    'const base = layerOutputs(shipped, "features");',
    'const head = dense(2, { name: "head" });',
    "const image = input([80, 60, 1]);",
    "const outputs = head.apply(base.apply(image, { training: false }));",
    `const whole = model({ inputs: image, outputs, seed: ${seed} });`,
    "",
    names.length === 0 ? "// All of the base is frozen." : "// Frozen but for these layers.",
    `const trained = ${JSON.stringify(names)};`,
    "for (const layer of base.layers) layer.trainable = trained.includes(layer.name);",
    ...(isHeadTrained ? [] : ["head.trainable = false;"]),
    "whole.compile({",
    `  optimizer: adam({ learningRate: ${rate} }),`,
    "  loss: sparseCategoricalCrossentropy({ fromLogits: true }),",
    '  metrics: ["accuracy"],',
    "});",
    "const count = (weights) => weights.reduce((sum, { size }) => sum + size, 0);",
    "console.log(count(whole.weights), count(whole.trainableWeights));",
    "",
    "const first = await whole.getWeights();",
    "console.log(await whole.evaluate(test));",
    ...(trained.length === 0 ? [] : [`for (let step = 0; step < ${steps}; step++) await whole.trainOnBatch(train);`]),
    "console.log(await whole.evaluate(test));",
    "const last = await whole.getWeights();",
    "whole.weights.forEach(({ path }, i) => {",
    "  const changed = last[i].data.filter((value, at) => value !== first[i].data[at]).length;",
    "  console.log(path, changed);",
    "});",
    "await whole.close();",
    "",
  ].join("\n");
  return { typescript, commands: "" };
}
