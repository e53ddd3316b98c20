// The lines that grow the same pictures.
import type { CodeFacts } from "../../../contract/facts.js";
import { seedIn } from "../../frame/whole.ts";
import { chosenIn, isMineIn, namedIn, SHIPPED, SIDES, STEPS } from "./state.ts";

export function codeOf(state: Readonly<Record<string, string>>): CodeFacts {
  const isMine = isMineIn(state);
  // Of a network of one's own only the names in the address are known here.
  const chosen = isMine
    ? SIDES.flatMap((side) => namedIn(state, side) ?? [])
    : SIDES.map((side) => chosenIn(state, side, SHIPPED));
  const list = chosen.map(({ layer, channel }) => `[${JSON.stringify(layer)}, ${channel}]`).join(", ");
  const typescript = [
    `import { ${isMine ? "loadModel" : "loadKeras"}, tensor } from "fovea";`,
    'import { saveImage } from "fovea/data";',
    ...(isMine ? [] : ['import { readBaseWeights } from "fovea/experiment";']),
    'import { visualizeFeatures } from "fovea/explain";',
    "",
    ...(isMine
      ? ['const { model } = await loadModel("my-network.keras");']
      : [
          "// The network for handwriting that is in the package.",
          'const { bytes } = await readBaseWeights("hanzi");',
          "const { model } = await loadKeras(bytes, { compile: false });",
        ]),
    `for (const [layer, channel] of [${list}]) {`,
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
