// The lines that grow the same pictures.
import type { CodeFacts } from "../../../contract/facts.js";
import { seedIn } from "../parts/whole.ts";
import { chosenIn, STEPS } from "./state.ts";

export function codeOf(state: Readonly<Record<string, string>>): CodeFacts {
  const pairs = (["early", "deep"] as const)
    .map((side) => chosenIn(state, side))
    .map(({ layer, channel }) => `["${layer}", ${channel}]`);
  const typescript = [
    'import { loadKeras, tensor } from "fovea";',
    'import { saveImage } from "fovea/data";',
    'import { readBaseWeights } from "fovea/experiment";',
    'import { visualizeFeatures } from "fovea/explain";',
    "",
    "// The network for handwriting that is in the package.",
    'const { bytes } = await readBaseWeights("hanzi");',
    "const { model } = await loadKeras(bytes, { compile: false });",
    `for (const [layer, channel] of [${pairs.join(", ")}]) {`,
    `  const options = { layer, targets: [channel], steps: ${STEPS}, seed: ${seedIn(state)} };`,
    "  const { pictures, before, after } = await visualizeFeatures(model, options);",
    "  console.log(layer, channel, before[0], after[0]);",
    "  const [{ height, width, data }] = pictures;",
    '  const picture = tensor(data, [height, width], "uint8");',
    '  await saveImage(picture, [layer, channel].join("-") + ".png");',
    "}",
    "await model.close();",
    "",
  ].join("\n");
  return { typescript, commands: "" };
}
