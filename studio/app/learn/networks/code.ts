// The lines that make the same network, print its shapes and parameters, and compute a layer's output for the picture.
import type { CodeFacts } from "../../../contract/facts.js";
import { seedIn } from "../../frame/whole.ts";
import type { State } from "../parts/among.ts";
import { SHIPPED_SIZE } from "../parts/shipped-size.ts";
import { pictureCode } from "../picture/picture-code.ts";
import type { NetworkName } from "./facts.ts";
import { BLOCK_CHANNELS, BLOCK_SIDE } from "./residual-shape.ts";
import { SHAPES } from "./shapes.ts";
import { blocksOf, FIRST_LAYERS, hasShortcut, nameIn, shownOf } from "./state.ts";

export function codeOf(state: State): CodeFacts {
  const shown = shownOf(state);
  if (shown === "residual") return { typescript: residualCode(state), commands: "" };
  const commands = shown === "hanzi" ? "" : `fovea summary ${shown}\nfovea plot ${shown} --out ${shown}.svg\n`;
  return { typescript: networkCode(shown, state), commands };
}

function networkCode(network: NetworkName, state: State): string {
  const layer = state.layer ?? FIRST_LAYERS[network];
  const { imageSize, channels } = network === "hanzi" ? { imageSize: SHIPPED_SIZE, channels: 1 } : SHAPES[network];
  const color = channels === 1 ? "grayscale" : "rgb";
  const { imports, lines } = pictureCode({ name: nameIn(state), color, size: imageSize });
  const [height, width] = imageSize;
  const model =
    network === "hanzi"
      ? [
          'const { bytes } = await readBaseWeights("hanzi");',
          "const { model } = await loadKeras(bytes, { compile: false });",
        ]
      : [
          `const shape = { imageSize: [${height}, ${width}], channels: ${channels}, classes: ${SHAPES[network].classes} };`,
          `const model = application("${network}", shape, { seed: ${seedIn(state)} });`,
        ];
  return [
    `import { ${network === "hanzi" ? "loadKeras, " : ""}tensor } from "fovea";`,
    ...(network === "hanzi" ? [] : ['import { application } from "fovea/applications";']),
    ...imports,
    ...(network === "hanzi" ? ['import { readBaseWeights } from "fovea/experiment";'] : []),
    'import { activations } from "fovea/explain";',
    "",
    ...model,
    "console.log(model.summary());",
    "console.log(model.countParams());",
    `const layer = model.getLayer(${JSON.stringify(layer)});`,
    "console.log(layer.outputShape, layer.countParams());",
    "// The layer's output for the picture.",
    ...lines,
    `const images = tensor(image.data, [1, ${height}, ${width}, ${channels}], "uint8");`,
    "const maps = (await activations(model, images, [layer.name])).get(layer.name);",
    "console.log(maps.shape);",
    "await model.close();",
    "",
  ].join("\n");
}

function residualCode(state: State): string {
  const [blocks, shortcut] = [blocksOf(state), hasShortcut(state)];
  const size = [BLOCK_SIDE, BLOCK_SIDE] as const;
  const { imports, lines } = pictureCode({ name: nameIn(state), color: "grayscale", size });
  const sum = shortcut ? "add().apply([x, made])" : "made";
  return [
    'import { model, tensor } from "fovea";',
    ...imports,
    'import { activations } from "fovea/explain";',
    `import { activation, ${shortcut ? "add, " : ""}conv2d, input, rescaling } from "fovea/layers";`,
    "",
    ...lines,
    `const pixels = input([${BLOCK_SIDE}, ${BLOCK_SIDE}, 1]);`,
    `const filters = (options) => conv2d(${BLOCK_CHANNELS}, 3, { padding: "same", ...options });`,
    'let x = filters({ activation: "relu", name: "stem" }).apply(rescaling(1 / 255).apply(pixels));',
    `for (let block = 1; block <= ${blocks}; block++) {`,
    '  const made = filters().apply(filters({ activation: "relu" }).apply(x));',
    `  x = activation("relu", { name: \`block\${block}\` }).apply(${sum});`,
    "}",
    `const net = model({ inputs: pixels, outputs: x, seed: ${seedIn(state)} });`,
    `const images = tensor(image.data, [1, ${BLOCK_SIDE}, ${BLOCK_SIDE}, 1], "uint8");`,
    `const maps = await activations(net, images, ["stem", "block${blocks}"]);`,
    "const spread = ({ data }) => {",
    "  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;",
    "  return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);",
    "};",
    `console.log(spread(maps.get("block${blocks}")) / spread(maps.get("stem")));`,
    "await net.close();",
    "",
  ].join("\n");
}
